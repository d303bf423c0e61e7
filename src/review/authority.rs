//! Who may decide: somebody with a name, an account that counts, and a role that allows it.

use super::{Decision, Desk, Refusal};
use crate::account::Permission;
use crate::thread::{Actor, Event, Thread};

/// Whether somebody stands behind a decision: a name, and not the machine's.
fn named(actor: &Actor) -> Result<(), Refusal> {
    let name = actor.name.trim();
    if name.is_empty() || name == "bot" || name.chars().count() > 100 || name.contains(char::is_control) {
        return Err(Refusal::NoName);
    }
    Ok(())
}

impl Decision {
    /// What it asks for.
    #[must_use]
    pub fn permission(&self) -> Permission {
        match self {
            Self::Sign => Permission::Sign,
            _ => Permission::Decide,
        }
    }
}

impl Desk {
    /// Whether the desk knows who this is: while there is no account any name is taken, afterwards only
    /// those that count today.
    pub(super) fn known(&self, actor: &Actor) -> Result<(), Refusal> {
        self.may(actor, None)
    }

    /// Refuses whoever the desk does not know, or whose roles do not give this permission, if one is asked for.
    ///
    /// # Errors
    /// [`Refusal`] with the reason.
    pub fn may(&self, actor: &Actor, permission: impl Into<Option<Permission>>) -> Result<(), Refusal> {
        named(actor)?;
        let people = self.journal.people()?;
        if people.is_empty() {
            return Ok(());
        }
        let (name, today) = (actor.name.clone(), self.today());
        let Some(person) = people.into_iter().find(|person| person.name == name && person.is_active(today))
        else {
            return Err(Refusal::NotEnabled { name });
        };
        match permission.into() {
            Some(permission) if !person.may(permission, today) => {
                Err(Refusal::NotYourRole { name, permission })
            }
            _ => Ok(()),
        }
    }

    /// Refuses the approval of a text by somebody who wrote in it, if the config wants two people.
    pub(super) fn not_own_text(&self, thread: &Thread, reviewer: &Actor) -> Result<(), Refusal> {
        if self.config.desk.author_may_approve || !thread.edited {
            return Ok(());
        }
        for recorded in self.journal.events(thread)?.into_iter().rev() {
            match recorded.event {
                Event::DraftEdited { .. } | Event::DraftPrepared { edited: true, .. }
                    if recorded.actor.name == reviewer.name =>
                {
                    return Err(Refusal::OwnText);
                }
                // What was written before was replaced by approved texts.
                Event::DraftPrepared { edited: false, .. } | Event::Reclassified { .. } => break,
                _ => {}
            }
        }
        Ok(())
    }
}

//! Care of the store, for the doors: they never open the journal themselves.

use super::{Desk, Refusal, sound};
use crate::journal::{Export, Fault, Lost, Verified};
use crate::thread::{Actor, State, ThreadId};
use jiff::Timestamp;
use std::path::Path;

/// How the desk stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Threads in each state.
    pub states: Vec<(State, usize)>,
    /// Events in the journal.
    pub events: u64,
    /// When the last complete reading of the mailbox began.
    pub last_reading: Option<Timestamp>,
    /// Set while the mailbox is out of reach; nothing leaves then.
    pub mailbox_lost: Option<Lost>,
    /// Threads of whose letters Sent lacks a copy.
    pub copies_owed: usize,
}

impl Desk {
    /// How the desk stands.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn standing(&self) -> Result<Standing, Fault> {
        Ok(Standing {
            states: self.journal.counts()?,
            events: self.journal.last(),
            last_reading: self.journal.last_reading()?,
            mailbox_lost: self.journal.mailbox_lost()?,
            copies_owed: self.journal.owed_copies()?.len(),
        })
    }

    /// Walks the chain: [`crate::journal::Journal::verify`].
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn verify(&self) -> Result<Verified, Fault> {
        self.journal.verify()
    }

    /// Makes views and indexes again: [`crate::journal::Journal::rebuild`].
    ///
    /// # Errors
    /// If the store cannot be read or written.
    pub fn rebuild(&self) -> Result<usize, Fault> {
        self.journal.rebuild()
    }

    /// Destroys the content of a thread for good: [`crate::journal::Journal::purge`].
    ///
    /// # Errors
    /// A refusal without a name or such a thread, or while a letter of it may be under way; or if the
    /// store cannot be written.
    pub fn purge(&self, id: ThreadId, rule: &str, authority: &str, actor: Actor) -> Result<(), Refusal> {
        self.known(&actor)?;
        let (rule, authority) = (sound(rule.to_owned())?, sound(authority.to_owned())?);
        self.journal.thread(id)?.filter(|thread| !thread.purged).ok_or(Refusal::NoThread { id })?;
        Ok(self.journal.purge(id, actor, &rule, &authority)?)
    }

    /// Writes a backup: [`crate::journal::Journal::backup`].
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn backup(&self, to: &Path) -> Result<Export, Fault> {
        self.journal.backup(to)
    }

    /// Writes an export: [`crate::journal::Journal::export`].
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn export(&self, to: &Path) -> Result<Export, Fault> {
        self.journal.export(to)
    }
}

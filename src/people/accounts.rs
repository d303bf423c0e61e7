//! Keeping the accounts: who may be at the desk, as what, until when.

use super::{People, Unchanged};
use crate::account::{Absence, Identity, Permission, Person, Role, Settings};
use crate::journal::Fault;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What becomes of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Other roles, and another last day.
    Roles {
        /// What they are now.
        roles: BTreeSet<Role>,
        /// The last day of the account; `None`: it has none.
        until: Option<Date>,
    },
    /// Disabled: claims go back, approvals that have not left are void, the name stays.
    Disable,
    /// Enabled again.
    Enable,
    /// Away, for these days.
    Absent(Absence),
    /// Joined to whoever comes next by the identity provider under this name.
    Join,
}

impl Change {
    /// Its name in the access log and in keys of texts.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Roles { .. } => "roles",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Absent(_) => "absent",
            Self::Join => "join",
        }
    }
}

/// On whose word an account changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The operator's, on the machine itself: nobody can be locked out of that.
    Operator,
    /// An administrator's: one must be left.
    Administrator,
}

impl People {
    /// Adds an account, or enables one again and gives it these roles.
    ///
    /// # Errors
    /// Without a name, for a reader without a last day, or if the store cannot be written.
    pub fn add(
        &self,
        name: &str,
        roles: BTreeSet<Role>,
        until: Option<Date>,
        by: By,
    ) -> Result<Person, Unchanged> {
        let name = name.trim();
        let person = match self.journal.person(name)? {
            Some(known) => Person { disabled: None, ..known },
            None => Person::new(name, self.journal.clock().now()),
        };
        self.keep(Person { roles, until, ..person }, by)
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn list(&self) -> Result<Vec<Person>, Fault> {
        self.journal.people()
    }

    /// One account.
    ///
    /// # Errors
    /// If there is none of this name, or the store cannot be read.
    pub fn known(&self, name: &str) -> Result<Person, Unchanged> {
        self.journal.person(name.trim())?.ok_or_else(|| Unchanged::NoPerson(name.trim().to_owned()))
    }

    /// Changes an account, and does what follows from it.
    ///
    /// # Errors
    /// [`Unchanged`]; everything is as it was then.
    pub fn change(&self, name: &str, change: Change, by: By) -> Result<Person, Unchanged> {
        let mut person = self.known(name)?;
        match change {
            Change::Roles { roles, until } => (person.roles, person.until) = (roles, until),
            Change::Disable => {
                person.disabled = person.disabled.or_else(|| Some(self.journal.clock().now()));
            }
            Change::Enable => person.disabled = None,
            Change::Join => person.identity = Some(Identity::Awaited),
            Change::Absent(absence) => {
                if absence.to < absence.from {
                    return Err(Unchanged::Backwards);
                }
                if let Some(delegate) = &absence.delegate {
                    self.known(delegate)?;
                }
                person.absences.push(absence);
            }
        }
        let person = self.keep(person, by)?;
        if !person.is_active(self.today()) {
            self.end_sessions(&person.name, None)?;
        }
        self.tend()?;
        Ok(person)
    }

    /// Keeps what somebody set for themselves.
    ///
    /// # Errors
    /// If there is no such account, or the store cannot be written.
    pub fn set(&self, name: &str, settings: Settings) -> Result<(), Unchanged> {
        let person = Person { settings, ..self.known(name)? };
        Ok(self.journal.put_person(&person)?)
    }

    /// Keeps an account as it is now, if it can stand so.
    pub(super) fn keep(&self, person: Person, by: By) -> Result<Person, Unchanged> {
        let name = &person.name;
        let bad = name.is_empty() || name == "bot" || name.chars().count() > 100;
        if bad || name.contains(char::is_control) {
            return Err(Unchanged::NoName);
        }
        // An account of the identity provider ends with its groups.
        let ends = person.until.is_some() || matches!(person.identity, Some(Identity::Known { .. }));
        if person.roles.contains(&Role::Reader) && !ends {
            return Err(Unchanged::NoEnd);
        }
        if by == By::Administrator && self.is_the_last_administrator_without(&person)? {
            return Err(Unchanged::LastAdministrator);
        }
        self.journal.put_person(&person)?;
        Ok(person)
    }

    /// Whether nobody could keep the accounts any more if this one became so.
    fn is_the_last_administrator_without(&self, person: &Person) -> Result<bool, Fault> {
        let keeps = |person: &Person| person.may(Permission::KeepAccounts, self.today());
        let others = self.journal.people()?.into_iter().filter(|other| other.name != person.name);
        Ok(!keeps(person) && !others.into_iter().any(|other| keeps(&other)))
    }
}

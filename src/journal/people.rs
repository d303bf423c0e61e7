//! The accounts: neither events nor views. They have their own tree, and their place in the backup.

use super::{Fault, Journal};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// The file of the accounts in a backup.
const PEOPLE: &str = "people.json";
/// The file of the hashes of their passwords.
const PASSWORDS: &str = "passwords.json";

/// What somebody may do; roles combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Decides on threads.
    Reviewer,
    /// Gives the second signature.
    Signer,
    /// Approves proposed versions of the texts.
    ContentOwner,
    /// Reads the figures and all threads.
    Supervisor,
    /// Sees and searches, and decides nothing: an access officer or an auditor.
    Reader,
    /// Keeps the accounts.
    Administrator,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 6] = [
        Self::Reviewer,
        Self::Signer,
        Self::ContentOwner,
        Self::Supervisor,
        Self::Reader,
        Self::Administrator,
    ];

    /// Its name in JSON and on the command line.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Reviewer => "reviewer",
            Self::Signer => "signer",
            Self::ContentOwner => "content-owner",
            Self::Supervisor => "supervisor",
            Self::Reader => "reader",
            Self::Administrator => "administrator",
        }
    }
}

/// Days on which somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Who is proposed for what they had in hand.
    pub delegate: Option<String>,
}

/// Somebody of the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name under which decisions are recorded.
    pub name: String,
    /// What they may do.
    pub roles: BTreeSet<Role>,
    /// Since when the account exists.
    pub since: Timestamp,
    /// Since when it is disabled; the name stays in the history.
    pub disabled: Option<Timestamp>,
    /// When they are away.
    pub absences: Vec<Absence>,
}

impl Person {
    /// Whether they are away on this day, and who is proposed in their place.
    #[must_use]
    pub fn absence(&self, day: Date) -> Option<&Absence> {
        self.absences.iter().find(|absence| (absence.from..=absence.to).contains(&day))
    }
}

impl Journal {
    /// An account.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn person(&self, name: &str) -> Result<Option<Person>, Fault> {
        let bytes = self.trees.people.get(name.as_bytes())?;
        bytes.map(|bytes| Ok(serde_json::from_slice(&bytes)?)).transpose()
    }

    /// All accounts, by name; the disabled ones, too.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn people(&self) -> Result<Vec<Person>, Fault> {
        self.trees.people.iter().values().map(|bytes| Ok(serde_json::from_slice(&bytes?)?)).collect()
    }

    /// Keeps an account. On disk when this returns.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn put_person(&self, person: &Person) -> Result<(), Fault> {
        self.trees.people.insert(person.name.as_bytes(), serde_json::to_vec(person)?)?;
        self.sync()
    }

    /// Writes the accounts into a backup.
    pub(super) fn write_accounts(&self, folder: &Path) -> Result<(), Fault> {
        let people = serde_json::to_vec_pretty(&self.people()?)?;
        fs::write(folder.join(PEOPLE), people).map_err(Fault::io("backup"))?;
        let passwords = serde_json::to_vec_pretty(&self.passwords()?)?;
        fs::write(folder.join(PASSWORDS), passwords).map_err(Fault::io("backup"))
    }

    /// Takes the accounts of a backup over; one of an earlier version may have none.
    pub(super) fn take_accounts(&self, folder: &Path) -> Result<(), Fault> {
        let read = |name: &str| match fs::read(folder.join(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            bytes => bytes.map(Some).map_err(Fault::io("backup")),
        };
        if let Some(bytes) = read(PEOPLE)? {
            let people: Vec<Person> = serde_json::from_slice(&bytes)?;
            people.iter().try_for_each(|person| self.put_person(person))?;
        }
        if let Some(bytes) = read(PASSWORDS)? {
            let passwords: BTreeMap<String, String> = serde_json::from_slice(&bytes)?;
            passwords.iter().try_for_each(|(name, hash)| self.put_password(name, hash))?;
        }
        Ok(())
    }
}

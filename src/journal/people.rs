//! The accounts: neither events nor views. They have their own tree, and their place in the backup.

use super::{Fault, Journal};
use crate::account::{Person, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// The file of the accounts in a backup.
const PEOPLE: &str = "people.json";
/// The file of the hashes of their passwords.
const PASSWORDS: &str = "passwords.json";

/// The form in which accounts are written. The first carried no number, and had no role for signing.
const FORM: u8 = 2;

/// An account as it lies in the store and in a backup.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(default)]
    form: u8,
    #[serde(flatten)]
    person: Person,
}

impl Stored {
    fn of(person: &Person) -> Self {
        Self { form: FORM, person: person.clone() }
    }

    /// The account as it counts now. Whoever could sign before signing was a role of its own, still can.
    fn read(self) -> Person {
        let mut person = self.person;
        let signed = person.roles.contains(&Role::Reviewer) || person.roles.contains(&Role::Supervisor);
        if self.form < FORM && signed {
            person.roles.insert(Role::Signer);
        }
        person
    }
}

impl Journal {
    /// An account.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn person(&self, name: &str) -> Result<Option<Person>, Fault> {
        let bytes = self.trees.people.get(name.as_bytes())?;
        bytes.map(|bytes| Ok(serde_json::from_slice::<Stored>(&bytes)?.read())).transpose()
    }

    /// All accounts, by name; the disabled ones, too.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn people(&self) -> Result<Vec<Person>, Fault> {
        let stored = self.trees.people.iter().values();
        stored.map(|bytes| Ok(serde_json::from_slice::<Stored>(&bytes?)?.read())).collect()
    }

    /// Keeps an account. On disk when this returns.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn put_person(&self, person: &Person) -> Result<(), Fault> {
        self.trees.people.insert(person.name.as_bytes(), serde_json::to_vec(&Stored::of(person))?)?;
        self.sync()
    }

    /// Writes the accounts into a backup.
    pub(super) fn write_accounts(&self, folder: &Path) -> Result<(), Fault> {
        let people: Vec<Stored> = self.people()?.iter().map(Stored::of).collect();
        let people = serde_json::to_vec_pretty(&people)?;
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
            let people: Vec<Stored> = serde_json::from_slice(&bytes)?;
            people.into_iter().try_for_each(|stored| self.put_person(&stored.read()))?;
        }
        if let Some(bytes) = read(PASSWORDS)? {
            let passwords: BTreeMap<String, String> = serde_json::from_slice(&bytes)?;
            passwords.iter().try_for_each(|(name, hash)| self.put_password(name, hash))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use std::collections::BTreeSet;
    use std::time::Duration;

    fn old(name: &str, roles: &str) -> String {
        format!(
            r#"{{"name":"{name}","roles":[{roles}],"since":"2026-01-05T14:00:00Z","disabled":null,"absences":[]}}"#
        )
    }

    #[test]
    fn an_account_of_before_signs_as_it_did_until_somebody_takes_that_away() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(dir.path(), Clock::system(), Duration::ZERO).unwrap();
        for (name, roles, may) in [
            ("Réviseure", r#""reviewer""#, true),
            ("Superviseur", r#""supervisor""#, true),
            ("Administratrice", r#""administrator""#, false),
            ("Sans rôle", "", false),
        ] {
            journal.trees.people.insert(name, old(name, roles).into_bytes()).unwrap();
            let person = journal.person(name).unwrap().unwrap();
            assert_eq!(person.roles.contains(&Role::Signer), may, "{name}");
        }
        let mut person = journal.person("Réviseure").unwrap().unwrap();
        person.roles = BTreeSet::from([Role::Reviewer]);
        journal.put_person(&person).unwrap();
        assert_eq!(journal.person("Réviseure").unwrap().unwrap(), person);
        assert_eq!(journal.people().unwrap().len(), 4);
    }

    #[test]
    fn a_backup_of_before_is_read_in_the_same_way() {
        let (dir, backup) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let journal = Journal::open(dir.path(), Clock::system(), Duration::ZERO).unwrap();
        fs::write(backup.path().join(PEOPLE), format!("[{}]", old("Anne", r#""supervisor""#))).unwrap();
        journal.take_accounts(backup.path()).unwrap();
        let kept = journal.person("Anne").unwrap().unwrap();
        assert_eq!(kept.roles, BTreeSet::from([Role::Supervisor, Role::Signer]));
        // Written again, it is of the present form: nothing is added to it any more.
        journal.put_person(&Person { roles: BTreeSet::from([Role::Supervisor]), ..kept }).unwrap();
        let again = tempfile::tempdir().unwrap();
        journal.write_accounts(again.path()).unwrap();
        journal.take_accounts(again.path()).unwrap();
        let roles = journal.person("Anne").unwrap().unwrap().roles;
        assert_eq!(roles, BTreeSet::from([Role::Supervisor]));
    }
}

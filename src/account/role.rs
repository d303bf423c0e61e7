//! What each role may do: the one table that the desk, the console and the command line ask.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What somebody is at the desk; roles combine.
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

/// What a route, a command or a decision asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// See threads and texts, and download what came with them.
    Read,
    /// Decide on threads, and begin them.
    Decide,
    /// Give the second signature.
    Sign,
    /// Suspend and resume texts, and tend what was learned.
    TendTexts,
    /// Approve proposed versions of the texts.
    ApproveTexts,
    /// Read response times and the register of deposits.
    ReadFigures,
    /// Read who opened, searched, downloaded and exported what.
    ReadAccessLog,
    /// Keep the accounts.
    KeepAccounts,
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

    /// Those of whoever tries the demo out: all but the reader's, whose account ends.
    pub const DEMO: [Self; 5] =
        [Self::Reviewer, Self::Signer, Self::ContentOwner, Self::Supervisor, Self::Administrator];

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

    /// The role of this name.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }

    /// What it may do.
    #[must_use]
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            Self::Reviewer => &[Permission::Read, Permission::Decide, Permission::TendTexts],
            Self::Signer => &[Permission::Read, Permission::Sign],
            Self::ContentOwner => &[Permission::Read, Permission::TendTexts, Permission::ApproveTexts],
            Self::Supervisor => &[Permission::Read, Permission::ReadFigures],
            Self::Reader => &[Permission::Read, Permission::ReadAccessLog],
            // Whoever keeps the accounts need not read the mail.
            Self::Administrator => &[Permission::ReadAccessLog, Permission::KeepAccounts],
        }
    }
}

impl Permission {
    /// All permissions.
    pub const ALL: [Self; 8] = [
        Self::Read,
        Self::Decide,
        Self::Sign,
        Self::TendTexts,
        Self::ApproveTexts,
        Self::ReadFigures,
        Self::ReadAccessLog,
        Self::KeepAccounts,
    ];

    /// Whether one of these roles gives it.
    #[must_use]
    pub fn is_given_by(self, roles: &BTreeSet<Role>) -> bool {
        roles.iter().any(|role| role.permissions().contains(&self))
    }

    /// The roles that give it.
    pub fn roles(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| role.permissions().contains(&self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Read, decide, sign, tend texts, approve texts, figures, access log, accounts.
    const TABLE: [(Role, [bool; 8]); 6] = [
        (Role::Reviewer, [true, true, false, true, false, false, false, false]),
        (Role::Signer, [true, false, true, false, false, false, false, false]),
        (Role::ContentOwner, [true, false, false, true, true, false, false, false]),
        (Role::Supervisor, [true, false, false, false, false, true, false, false]),
        (Role::Reader, [true, false, false, false, false, false, true, false]),
        (Role::Administrator, [false, false, false, false, false, false, true, true]),
    ];

    #[test]
    fn each_role_may_do_this_and_no_more() {
        for (role, may) in TABLE {
            let given = Permission::ALL.map(|permission| permission.is_given_by(&[role].into()));
            assert_eq!(given, may, "{role:?}");
            assert_eq!(Role::of_key(role.key()), Some(role));
        }
        assert_eq!(TABLE.map(|(role, _)| role), Role::ALL);
    }

    #[test]
    fn roles_combine_and_none_is_none() {
        for (first, one) in TABLE {
            for (second, other) in TABLE {
                let given = Permission::ALL.map(|permission| permission.is_given_by(&[first, second].into()));
                let both: Vec<bool> = one.iter().zip(other).map(|(one, other)| *one || other).collect();
                assert_eq!(given.to_vec(), both, "{first:?} and {second:?}");
            }
        }
        assert!(Permission::ALL.into_iter().all(|permission| !permission.is_given_by(&BTreeSet::new())));
        assert!(Permission::ALL.into_iter().all(|permission| permission.roles().next().is_some()));
    }
}

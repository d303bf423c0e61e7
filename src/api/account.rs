//! The accounts of the desk, and what came of the threads of a group.

use super::{Answer, Local};
use crate::people::{Role, Unchanged};
use crate::review::{Refusal, Summary};
use crate::thread::ThreadId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is asked of the accounts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Account {
    /// All of them.
    List,
    /// Add one, or enable it again.
    Add {
        /// The name under which decisions are recorded.
        name: String,
        /// What they may do.
        roles: BTreeSet<Role>,
    },
    /// Disable one.
    Disable {
        /// Whose.
        name: String,
    },
    /// Record an absence.
    Absent {
        /// Whose.
        name: String,
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
        /// Who is proposed in their place.
        delegate: Option<String>,
    },
}

/// What came of one thread of a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupOutcome {
    /// The thread.
    pub id: ThreadId,
    /// As it stands after the approval.
    pub decided: Option<Summary>,
    /// Why it was refused, in one line for people.
    pub refused: Option<String>,
}

impl Local {
    pub(super) fn account(&self, account: Account) -> Result<Answer, Unchanged> {
        Ok(Answer::Accounts(match account {
            Account::List => self.people.list()?,
            Account::Add { name, roles } => vec![self.people.add(&name, roles)?],
            Account::Disable { name } => vec![self.people.disable(&name)?],
            Account::Absent { name, from, to, delegate } => {
                vec![self.people.absent(&name, from, to, delegate)?]
            }
        }))
    }

    /// Why an account stays as it is, in one line for people.
    pub(super) fn unchanged(&self, unchanged: Unchanged) -> Result<Answer, Refusal> {
        let line = match unchanged {
            Unchanged::NoPerson(name) => self.wording.with("user-unknown", &[("name", &name)]),
            Unchanged::Backwards => self.wording.text("user-backwards"),
            Unchanged::NoName => self.wording.text("refusal-no-name"),
            Unchanged::Store(fault) => return Err(fault.into()),
        };
        Ok(Answer::Refused { line, wrong_use: true })
    }
}

//! The accounts of the desk, and what came of the threads of a group.

use super::{Answer, Local};
use crate::people::{By, Change, Role, Unchanged};
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
        /// What they are.
        roles: BTreeSet<Role>,
        /// The last day of the account.
        until: Option<Date>,
    },
    /// Change one.
    Change {
        /// Whose.
        name: String,
        /// What becomes of it.
        change: Change,
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
            Account::Add { name, roles, until } => {
                vec![self.people.add(&name, roles, until, By::Operator)?]
            }
            Account::Change { name, change } => vec![self.people.change(&name, change, By::Operator)?],
        }))
    }

    pub(super) fn end_sessions(&self, name: &str) -> Result<Answer, Unchanged> {
        let person = self.people.known(name)?;
        self.people.end_sessions(&person.name, None)?;
        Ok(Answer::Sessions(self.people.sessions(Some(&person.name))?))
    }

    /// Why an account stays as it is, in one line for people.
    pub(super) fn unchanged(&self, unchanged: Unchanged) -> Result<Answer, Refusal> {
        match unchanged {
            Unchanged::Store(fault) => Err(fault.into()),
            other => {
                let line = other.line(&self.wording, &self.config.data_dir);
                Ok(Answer::Refused { line, wrong_use: true })
            }
        }
    }
}

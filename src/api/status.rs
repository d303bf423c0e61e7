//! How it goes, in one answer.

use super::Local;
use crate::review::{Lost, Refusal};
use crate::thread::State;
use serde::{Deserialize, Serialize};

/// How it goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The version of the program.
    pub version: String,
    /// Whether a daemon answers.
    pub daemon: bool,
    /// Threads in each state.
    pub states: Vec<(State, usize)>,
    /// Events in the journal.
    pub events: u64,
    /// When the last complete reading of the mailbox began.
    pub last_reading: Option<jiff::Timestamp>,
    /// Set while the mailbox is out of reach; nothing leaves then.
    pub mailbox_lost: Option<Lost>,
}

impl Local {
    pub(super) fn status(&self) -> Result<Status, Refusal> {
        let standing = self.desk.standing()?;
        Ok(Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            daemon: self.daemon,
            states: standing.states,
            events: standing.events,
            last_reading: standing.last_reading,
            mailbox_lost: standing.mailbox_lost,
        })
    }
}

//! An event as the journal keeps it: with its place, its moments and whoever did it.

use super::{Event, ThreadId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// `bot`, or the reviewer's name.
    pub name: String,
    /// The Unix user at the other end of the socket, or the process's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
}

impl Actor {
    /// The daemon itself.
    #[must_use]
    pub fn bot() -> Self {
        Self { name: "bot".to_owned(), uid: None }
    }

    /// A named person.
    #[must_use]
    pub fn reviewer(name: &str, uid: Option<u32>) -> Self {
        Self { name: name.to_owned(), uid }
    }
}

/// An event with its place in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its number in the journal, from 1.
    pub seq: u64,
    /// The thread.
    pub thread: ThreadId,
    /// When the journal took it, by our clock.
    pub recorded: Timestamp,
    /// When it happened; never later than `recorded`.
    pub occurred: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub event: Event,
}

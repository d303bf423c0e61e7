//! What the chat must know after a kill: it decides no sending of mail, so it is no event.

use super::channel::Say;
use crate::journal::{Fault, Journal};
use crate::thread::ThreadId;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// A message of ours in a room, whose words may change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Posted {
    /// The service's number of it; `None` before it was said.
    pub message: Option<String>,
    /// The [`mark`] of what it says now: the words would outlive a purge.
    pub said: Option<String>,
    /// What is being said: said again after a kill, it is said once.
    pub under_way: Option<UnderWay>,
    /// How many transactions it had.
    pub count: u32,
    /// Whether it has no card of its own, because one of many counts it.
    pub counted: bool,
}

/// A transaction whose outcome is not known yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UnderWay {
    /// Its number.
    pub txn: String,
    /// The [`mark`] of the words with which it began.
    pub mark: String,
}

/// The new cards of a room in the last minutes, and the one that counts them where they are many.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recent {
    /// The threads that have cards of their own, and since when.
    pub own: BTreeMap<ThreadId, Timestamp>,
    /// Those that are counted only.
    pub counted: Option<Counted>,
}

/// Threads that have one card together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counted {
    /// Since when.
    pub since: Timestamp,
    /// Which.
    pub threads: BTreeSet<ThreadId>,
}

/// The late questions of a room: each by its thread and the event that brought it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Late {
    /// Those that were told; only as long as they are late.
    pub told: BTreeSet<(ThreadId, u64)>,
    /// Those that are being told.
    pub under_way: BTreeSet<(ThreadId, u64)>,
    /// How many times some were told.
    pub count: u32,
}

/// A service's own drawer in the store.
#[derive(Clone, Copy)]
pub(super) struct Drawer<'a> {
    pub journal: &'a Journal,
    /// The service.
    pub name: &'static str,
}

impl Drawer<'_> {
    pub fn get<T: for<'de> Deserialize<'de>>(self, key: &str) -> Result<Option<T>, Fault> {
        self.journal.cursor(self.name, key)
    }

    pub fn set(self, key: &str, value: &impl Serialize) -> Result<(), Fault> {
        self.journal.set_cursor(self.name, key, value)
    }

    /// As [`Drawer::set`], and on disk when it returns: before a request that must not be made anew after a kill.
    pub fn set_synced(self, key: &str, value: &impl Serialize) -> Result<(), Fault> {
        self.set(key, value)?;
        self.journal.sync()
    }

    /// Whether it was noted that this happened.
    pub fn is_noted(self, key: &str) -> Result<bool, Fault> {
        Ok(self.get::<bool>(key)?.unwrap_or_default())
    }
}

/// By what words are known again, without keeping them: SHA-256 with the key of their place, in hex.
pub(super) fn mark(key: &str, say: &Say) -> String {
    let words = serde_json::to_vec(say).unwrap_or_default();
    let sum = Sha256::new().chain_update(key).chain_update([0]).chain_update(words);
    HEXLOWER.encode(&sum.finalize())
}

/// The key of a thread's card in a room.
pub(super) fn card(room: &str, thread: ThreadId) -> String {
    format!("card {room} {thread}")
}

/// The key under which the thread of a card's message is found.
pub(super) fn thread_of(message: &str) -> String {
    format!("thread {message}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use std::time::Duration;

    #[test]
    fn each_service_has_its_own_drawer_and_what_was_given_up_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path(), Clock::system(), Duration::ZERO).unwrap();
        let [one, other] = ["one", "other"].map(|name| Drawer { journal: &journal, name });
        one.set("since", &Some("s1")).unwrap();
        assert_eq!(one.get::<Option<String>>("since").unwrap().flatten().as_deref(), Some("s1"));
        assert_eq!(other.get::<Option<String>>("since").unwrap(), None);
        one.set("since", &None::<String>).unwrap();
        assert_eq!(one.get::<Option<String>>("since").unwrap().flatten(), None);
        other.set("a", &true).unwrap();
        assert!(other.is_noted("a").unwrap() && !one.is_noted("a").unwrap());
        other.set_synced("a", &false).unwrap();
        assert!(!other.is_noted("a").unwrap());
    }

    #[test]
    fn a_mark_tells_words_and_places_apart() {
        let say = |text: &str| Say::lines(&[text.to_owned()]);
        assert_eq!(mark("a", &say("x")), mark("a", &say("x")));
        assert_ne!(mark("a", &say("x")), mark("a", &say("y")));
        assert_ne!(mark("a", &say("x")), mark("b", &say("x")));
    }
}

//! Entries that nobody may send for now: what the desk's own record says.

use super::{Event, Recorded, ThreadId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The number under which the journal keeps what belongs to the desk and to no thread. Threads count from 1.
pub const DESK: ThreadId = 0;

/// One entry, suspended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// The entry's slug: all its languages and wordings.
    pub entry: String,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub by: String,
    /// Since when.
    pub at: Timestamp,
}

/// The entries that are suspended, by slug.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suspensions(BTreeMap<String, Suspension>);

impl Suspensions {
    /// What stands after the events of the desk's own record, oldest first.
    pub fn after<'a>(events: impl IntoIterator<Item = &'a Recorded>) -> Self {
        let mut standing = BTreeMap::new();
        for recorded in events {
            match &recorded.event {
                Event::EntrySuspended { entry, reason } => {
                    let suspension = Suspension {
                        entry: entry.clone(),
                        reason: reason.clone(),
                        by: recorded.actor.name.clone(),
                        at: recorded.recorded,
                    };
                    standing.insert(entry.clone(), suspension);
                }
                Event::EntryResumed { entry } => drop(standing.remove(entry)),
                _ => {}
            }
        }
        Self(standing)
    }

    /// What stands against an entry, named `slug` or `slug.variant`.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&Suspension> {
        self.0.get(name.split_once('.').map_or(name, |(slug, _)| slug))
    }

    /// All of them, by slug.
    pub fn iter(&self) -> impl Iterator<Item = &Suspension> {
        self.0.values()
    }

    /// Those of `names` that may be sent, in their order.
    #[must_use]
    pub fn allowed(&self, names: &[String]) -> Vec<String> {
        names.iter().filter(|name| self.of(name).is_none()).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thread::Actor;

    #[test]
    fn the_last_word_on_an_entry_counts_for_all_its_wordings() {
        let events = [
            Event::EntrySuspended { entry: "contact".into(), reason: "adresse".into() },
            Event::EntrySuspended { entry: "exceptions".into(), reason: "avis".into() },
            Event::EntryResumed { entry: "contact".into() },
        ];
        let recorded: Vec<Recorded> = (1..)
            .zip(events)
            .map(|(seq, event)| Recorded {
                seq,
                thread: DESK,
                recorded: Timestamp::UNIX_EPOCH,
                occurred: Timestamp::UNIX_EPOCH,
                actor: Actor::reviewer("Marie", None),
                event,
            })
            .collect();
        let standing = Suspensions::after(&recorded);
        assert_eq!(standing.of("contact"), None);
        assert_eq!(standing.of("exceptions.courriel").map(|found| found.reason.as_str()), Some("avis"));
        let names = ["exceptions".to_owned(), "contact".to_owned(), "exceptions.bref".to_owned()];
        assert_eq!(standing.allowed(&names), ["contact"]);
        assert_eq!(Suspensions::after(&recorded[..2]).iter().count(), 2);
    }
}

//! Wordings that somebody proposed, and what became of them: what the desk's own record says.

use super::{BlobKey, Event, Recorded};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What became of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is the text now, or was.
    Approved {
        /// As this version.
        version: u32,
    },
    /// It was not taken.
    Declined {
        /// Why.
        reason: String,
    },
}

/// One proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// The number of the event that made it.
    pub id: u64,
    /// Which text it would become: `fr/contact`.
    pub entry: String,
    /// Where it is kept, whole.
    pub blob: BlobKey,
    /// Who proposed it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What became of it, who said so, and when; `None` while it waits.
    pub settled: Option<(Fate, String, Timestamp)>,
}

/// All proposals after the events of the desk's own record, oldest first.
pub fn proposals<'a>(events: impl IntoIterator<Item = &'a Recorded>) -> Vec<Proposed> {
    let mut proposed: BTreeMap<u64, Proposed> = BTreeMap::new();
    for Recorded { seq, actor, recorded, event, .. } in events {
        let (id, fate) = match event {
            Event::TextProposed { entry, blob } => {
                let (entry, blob, by) = (entry.clone(), blob.clone(), actor.name.clone());
                let new = Proposed { id: *seq, entry, blob, by, at: *recorded, settled: None };
                proposed.insert(*seq, new);
                continue;
            }
            Event::TextApproved { proposal, version } => (proposal, Fate::Approved { version: *version }),
            Event::TextDeclined { proposal, reason } => (proposal, Fate::Declined { reason: reason.clone() }),
            _ => continue,
        };
        if let Some(proposal) = proposed.get_mut(id).filter(|proposal| proposal.settled.is_none()) {
            proposal.settled = Some((fate, actor.name.clone(), *recorded));
        }
    }
    proposed.into_values().collect()
}

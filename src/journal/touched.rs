//! What has happened since: for whoever keeps something beside the journal and must catch up with it.

use super::{Fault, Journal, chain};
use crate::thread::{DESK, Recorded, Thread, ThreadId};
use std::collections::BTreeSet;

/// The threads that a stretch of events changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// Under their own numbers, those taken over included.
    pub threads: BTreeSet<ThreadId>,
    /// Whether the content of one of them was destroyed.
    pub purged: bool,
    /// Whether an entry was suspended, or may be sent again.
    pub suspensions: bool,
    /// The number of the last event that was looked at.
    pub last: u64,
}

/// One event, and what it made of its thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The event.
    pub recorded: Recorded,
    /// The thread before it; `None` if it began with it.
    pub before: Option<Thread>,
    /// The thread after it.
    pub after: Thread,
}

impl Journal {
    /// The numbers of the events after `seq` that have one of these names, among the first `most` of them;
    /// and the number of the last one that was looked at.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn named(&self, seq: u64, most: usize, names: &[&str]) -> Result<(Vec<u64>, u64), Fault> {
        let (mut found, mut last) = (Vec::new(), seq);
        let range = seq.saturating_add(1).to_be_bytes()..=self.last().to_be_bytes();
        if range.is_empty() {
            return Ok((found, last));
        }
        for item in self.trees.events.range(range).take(most) {
            let (_, stored) = item?;
            let record: chain::Record = serde_json::from_slice(chain::split(&stored)?.1)?;
            last = record.seq;
            if names.contains(&record.kind.as_str()) {
                found.push(last);
            }
        }
        Ok((found, last))
    }

    /// What an event made of its thread; `None` if its content was destroyed.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn turn(&self, seq: u64) -> Result<Option<Turn>, Fault> {
        let Some(recorded) = self.event(seq)? else { return Ok(None) };
        let mut before: Option<Thread> = None;
        for earlier in self.events_of(recorded.thread)?.into_iter().filter(|of| of.seq < seq) {
            match &mut before {
                Some(thread) => thread.apply(&earlier)?,
                None => before = Some(Thread::begin(&earlier)?),
            }
        }
        let after = match before.clone() {
            Some(mut thread) => {
                thread.apply(&recorded)?;
                thread
            }
            None => Thread::begin(&recorded)?,
        };
        Ok(Some(Turn { recorded, before, after }))
    }

    /// The threads that the events after `seq` changed, the first `most` events of them.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn touched(&self, seq: u64, most: usize) -> Result<Touched, Fault> {
        let mut touched = Touched { threads: BTreeSet::new(), purged: false, suspensions: false, last: seq };
        // Only what is known to be whole: the head moves once everything of a commit is there.
        let range = seq.saturating_add(1).to_be_bytes()..=self.last().to_be_bytes();
        if range.is_empty() {
            return Ok(touched);
        }
        for item in self.trees.events.range(range).take(most) {
            let (_, stored) = item?;
            let record: chain::Record = serde_json::from_slice(chain::split(&stored)?.1)?;
            touched.last = record.seq;
            touched.purged |= record.kind == "Purged";
            touched.suspensions |= matches!(record.kind.as_str(), "EntrySuspended" | "EntryResumed");
            if record.thread != DESK {
                touched.threads.insert(record.thread);
            }
        }
        Ok(touched)
    }

    /// The link of the chain at an event, in hex; `None` if there is no such event. It covers all events
    /// before it, so the same link at the same number means the same journal up to there.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn link(&self, seq: u64) -> Result<Option<String>, Fault> {
        if seq == 0 {
            return Ok(Some(chain::hex(&[0; 32])));
        }
        let stored = self.trees.events.get(seq.to_be_bytes())?;
        stored.map(|stored| chain::split(&stored).map(|(link, _)| chain::hex(&link))).transpose()
    }
}

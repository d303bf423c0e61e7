//! What became of the approved texts: an index over the letters that left.

use super::{Fault, Journal, Writer, chain};
use crate::draft::EntryUse;
use crate::thread::{Event, Fate, Outcome, Recorded, Settlement, ThreadId, outcomes};
use serde::{Deserialize, Serialize};

/// What is kept of one letter; nothing of it is personal.
#[derive(Serialize, Deserialize)]
struct Kept {
    thread: ThreadId,
    fate: Fate,
}

impl Journal {
    /// What became of a text, as it stands now, in the last `most` letters for which it was offered at
    /// level *sure*; oldest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn fates(&self, slug: &str, digest: &str, most: usize) -> Result<Vec<Fate>, Fault> {
        let kept = self.trees.outcomes.scan_prefix(prefix(slug, digest)).values().rev().take(most);
        let mut fates: Vec<Fate> = kept
            .map(|bytes| Ok(serde_json::from_slice::<Kept>(&bytes?)?.fate))
            .collect::<Result<_, Fault>>()?;
        fates.reverse();
        Ok(fates)
    }

    /// Takes the letters of a thread out of the index.
    pub(super) fn forget_outcomes(&self, number: ThreadId) -> Result<(), Fault> {
        for item in &self.trees.outcomes {
            let (key, value) = item?;
            if serde_json::from_slice::<Kept>(&value)?.thread == number {
                self.trees.outcomes.remove(key)?;
            }
        }
        Ok(())
    }

    /// What a letter that left says of the texts; `letter` may be of an append that is not committed.
    fn outcomes_of(&self, letter: &Recorded) -> Result<Vec<Outcome>, Fault> {
        let mut events = self.events_of(letter.thread)?;
        events.retain(|recorded| recorded.seq < letter.seq);
        events.push(letter.clone());
        let found = outcomes(&events).into_iter().find(|(seq, _)| *seq == letter.seq);
        Ok(found.map(|(_, found)| found).unwrap_or_default())
    }
}

impl Writer<'_> {
    /// What an event says of the texts; the same at a rebuild.
    pub(super) fn index_outcome(&mut self, recorded: &Recorded) -> Result<(), Fault> {
        let left = matches!(
            recorded.event,
            Event::Sent { .. } | Event::UncertainSettled { outcome: Settlement::Sent }
        );
        if left {
            for Outcome { entry: EntryUse { slug, digest, .. }, fate } in
                self.journal.outcomes_of(recorded)?
            {
                let mut key = prefix(&slug, &digest);
                key.extend(recorded.seq.to_be_bytes());
                let kept = Kept { thread: recorded.thread, fate };
                self.outcomes.insert(key, serde_json::to_vec(&kept)?);
            }
        }
        Ok(())
    }
}

fn prefix(slug: &str, digest: &str) -> Vec<u8> {
    let mut key = chain::path_key(&[slug, digest]);
    key.push(0);
    key
}

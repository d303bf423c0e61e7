//! What became of the approved texts: an index over the letters that left.

use super::{Fault, Journal, Writer, chain};
use crate::draft::EntryUse;
use crate::thread::{Event, Fate, Outcome, Recorded, Settlement, Thread, ThreadId, outcomes};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is kept of one letter; nothing of it is personal.
#[derive(Serialize, Deserialize)]
struct Kept {
    thread: ThreadId,
    fate: Fate,
    /// Words changed, in percent.
    #[serde(default)]
    changed: u8,
}

/// What became of one text in one letter that left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterOutcome {
    /// The number of the event that says that the letter left.
    pub seq: u64,
    /// The text's entry.
    pub slug: String,
    /// What became of it.
    pub fate: Fate,
    /// How many of its words were changed, in percent; 0 unless it was edited.
    pub changed: u8,
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

    /// The letters of which the index says something else than the events of these threads do, by the numbers
    /// of the events that say that they left.
    pub(super) fn wrong_outcomes(&self, threads: &[Thread]) -> Result<BTreeSet<u64>, Fault> {
        let mut told = BTreeMap::new();
        for thread in threads.iter().filter(|thread| !thread.sent.is_empty()) {
            for (seq, of_letter) in outcomes(&self.events_of(thread.id)?) {
                for Outcome { entry, fate, changed } in of_letter {
                    let kept = Kept { thread: thread.id, fate, changed };
                    told.insert(key(&entry.slug, &entry.digest, seq), serde_json::to_vec(&kept)?);
                }
            }
        }
        let mut wrong = BTreeSet::new();
        for item in &self.trees.outcomes {
            let (key, value) = item?;
            if told.remove(&*key).as_deref() != Some(&*value) {
                wrong.insert(letter_of(&key)?);
            }
        }
        for key in told.keys() {
            wrong.insert(letter_of(key)?);
        }
        Ok(wrong)
    }

    /// What became of every text that was offered at level *sure*, by the thread that its letter left from.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn letter_outcomes(&self) -> Result<BTreeMap<ThreadId, Vec<LetterOutcome>>, Fault> {
        let mut found: BTreeMap<ThreadId, Vec<LetterOutcome>> = BTreeMap::new();
        for item in &self.trees.outcomes {
            let (key, value) = item?;
            let Kept { thread, fate, changed } = serde_json::from_slice(&value)?;
            let slug = key.split(|byte| *byte == 0).next().unwrap_or_default();
            let slug = String::from_utf8_lossy(slug).into_owned();
            let outcome = LetterOutcome { seq: letter_of(&key)?, slug, fate, changed };
            found.entry(thread).or_default().push(outcome);
        }
        Ok(found)
    }

    /// The same for one thread and those it took over, from their events.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn letter_outcomes_of(&self, thread: &Thread) -> Result<Vec<LetterOutcome>, Fault> {
        let mut found = Vec::new();
        for number in thread.numbers() {
            for (seq, of_letter) in outcomes(&self.events_of(number)?) {
                found.extend(of_letter.into_iter().map(|Outcome { entry, fate, changed }| LetterOutcome {
                    seq,
                    slug: entry.slug,
                    fate,
                    changed,
                }));
            }
        }
        Ok(found)
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
            for Outcome { entry: EntryUse { slug, digest, .. }, fate, changed } in
                self.journal.outcomes_of(recorded)?
            {
                let kept = Kept { thread: recorded.thread, fate, changed };
                self.outcomes.insert(key(&slug, &digest, recorded.seq), serde_json::to_vec(&kept)?);
            }
        }
        Ok(())
    }
}

fn key(slug: &str, digest: &str, seq: u64) -> Vec<u8> {
    let mut key = prefix(slug, digest);
    key.extend(seq.to_be_bytes());
    key
}

/// The number in a key.
fn letter_of(key: &[u8]) -> Result<u64, Fault> {
    let end = key.get(key.len().saturating_sub(8)..);
    let seq = end.and_then(|seq| <[u8; 8]>::try_from(seq).ok()).map(u64::from_be_bytes);
    seq.ok_or_else(|| Fault::Damaged("outcomes".to_owned()))
}

fn prefix(slug: &str, digest: &str) -> Vec<u8> {
    let mut key = chain::path_key(&[slug, digest]);
    key.push(0);
    key
}

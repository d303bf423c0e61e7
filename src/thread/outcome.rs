//! What became of the texts that were offered ready to send.

use super::{Event, Recorded, Settlement, Thread};
use crate::classify::Level;
use crate::draft::{self, Draft, EntryUse};
use serde::{Deserialize, Serialize};

/// How many of an entry's last letters are looked at.
pub const LOOKED_AT: usize = 20;
/// Fewer letters than this say nothing.
const FEWEST: usize = 5;
/// From this share of letters edited or rejected on, an entry's drafts are no matter of course.
const OFTEN: f64 = 0.4;

/// More than this share of the words changed is another text; less is a greeting or a comma.
const EDITED: f64 = 0.05;

/// What became of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It was sent as it was offered.
    AsIs,
    /// It was sent with other words.
    Edited,
    /// Another text was sent.
    Rejected,
}

/// One text that was offered, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The text.
    pub entry: EntryUse,
    /// What became of it.
    pub fate: Fate,
    /// How many of its words were changed, in percent; 0 unless it was edited.
    pub changed: u8,
}

/// Why an entry is not believed at level *sure*, with its figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// The entry's slug.
    pub entry: String,
    /// Of its last letters, those sent as offered.
    pub as_is: usize,
    /// Those sent with other words.
    pub edited: usize,
    /// Those for which another text was sent.
    pub rejected: usize,
}

impl Doubt {
    /// What the last letters say against an entry, if they do. The count begins anew with every
    /// change of its text, of its version or of its approval.
    #[must_use]
    pub fn of(entry: &str, fates: &[Fate]) -> Option<Self> {
        let fates = fates.get(fates.len().saturating_sub(LOOKED_AT)..).unwrap_or_default();
        let count = |fate: Fate| fates.iter().filter(|of| **of == fate).count();
        let (edited, rejected) = (count(Fate::Edited), count(Fate::Rejected));
        #[allow(clippy::cast_precision_loss)]
        let often = (edited + rejected) as f64 >= OFTEN * fates.len() as f64;
        (fates.len() >= FEWEST && often).then(|| Self {
            entry: entry.to_owned(),
            as_is: count(Fate::AsIs),
            edited,
            rejected,
        })
    }
}

/// For every letter that left, by the number of the event that says so: the texts that had been
/// offered at level *sure*, and what became of each. `events` are those of one thread, in order.
#[must_use]
pub fn outcomes(events: &[Recorded]) -> Vec<(u64, Vec<Outcome>)> {
    let mut thread: Option<Thread> = None;
    let (mut offered, mut present): (Option<Draft>, Option<Draft>) = (None, None);
    let mut outcomes = Vec::new();
    for recorded in events {
        match &mut thread {
            None => thread = Thread::begin(recorded).ok(),
            // The journal took it, so it can follow.
            Some(thread) => drop(thread.apply(recorded)),
        }
        match &recorded.event {
            Event::DraftPrepared { draft, edited } => {
                let sure = thread.as_ref().is_some_and(|thread| thread.level == Some(Level::Sure));
                offered = (sure && !edited).then(|| draft.clone());
                present = Some(draft.clone());
            }
            Event::DraftAdjusted { draft, .. } => {
                // What was filled in, where the text asks for it, is no edit of the text.
                offered = offered.map(|offered| offered.adjusted_as(draft));
                present = Some(draft.clone());
            }
            Event::DraftEdited { draft } | Event::Reclassified { draft, .. } => present = Some(draft.clone()),
            Event::Sent { .. } | Event::UncertainSettled { outcome: Settlement::Sent } => {
                if let (Some(offered), Some(sent)) = (offered.take(), &present) {
                    outcomes.push((recorded.seq, compare(&offered, sent)));
                }
            }
            _ => {}
        }
    }
    outcomes
}

fn compare(offered: &Draft, sent: &Draft) -> Vec<Outcome> {
    let same =
        |used: &EntryUse, other: &EntryUse| (&used.slug, &used.variant) == (&other.slug, &other.variant);
    let share = draft::changed(&offered.body, &sent.body);
    let edited = share > EDITED;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let percent = (share.clamp(0.0, 1.0) * 100.0).round() as u8;
    offered
        .entries
        .iter()
        .map(|entry| {
            let fate = match sent.entries.iter().any(|used| same(entry, used)) {
                false => Fate::Rejected,
                // Where other texts were added, their words are no edit of this one.
                true if edited && offered.entries.len() == sent.entries.len() => Fate::Edited,
                true => Fate::AsIs,
            };
            let changed = if fate == Fate::Edited { percent } else { 0 };
            Outcome { entry: entry.clone(), fate, changed }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_doubted_when_its_last_letters_were_often_changed() {
        let (good, edited, rejected) = (Fate::AsIs, Fate::Edited, Fate::Rejected);
        assert_eq!(Doubt::of("a", &[edited, rejected, edited, rejected]), None, "four say nothing");
        assert_eq!(Doubt::of("a", &[good, good, good, good, edited]), None);
        let doubt = Doubt { entry: "a".to_owned(), as_is: 3, edited: 1, rejected: 1 };
        assert_eq!(Doubt::of("a", &[good, edited, good, rejected, good]), Some(doubt));
        // What lies further back is forgotten.
        let mut fates = vec![rejected; 30];
        fates.extend([good; LOOKED_AT]);
        assert_eq!(Doubt::of("a", &fates), None);
    }
}

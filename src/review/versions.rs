//! The letter as it was: every version of a thread's draft, and what changed from one to the next.

use super::view::{HistoryLine, history_line};
use super::{Desk, Refusal};
use crate::draft::{self, Change, ChangedLine, Draft};
use crate::thread::{State, ThreadId};

/// Answered threads that are looked at for earlier letters: older ones say little of today's.
const LOOKED_AT: usize = 200;
/// Earlier letters shown of an entry.
const MOST: usize = 3;

/// One version of a draft.
#[derive(Debug, Clone)]
pub struct Version {
    /// Who made it, when, and by what.
    pub line: HistoryLine,
    /// Its lines beside those of the version before; empty if none changed.
    pub changes: Vec<ChangedLine>,
}

/// A letter that answered somebody before.
#[derive(Debug, Clone)]
pub struct Precedent {
    /// The thread.
    pub thread: ThreadId,
    /// Who asked.
    pub organisation: String,
    /// When it left.
    pub at: jiff::Timestamp,
    /// The entries of the present draft that it was made from.
    pub entries: Vec<String>,
    /// Whether a person changed the approved text.
    pub edited: bool,
    /// The letter.
    pub draft: Draft,
}

impl Desk {
    /// The versions of the letter in hand, newest first; those of letters that left before are not among
    /// them.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn versions(&self, id: ThreadId) -> Result<Vec<Version>, Refusal> {
        let thread = self.journal.thread(id)?.ok_or(Refusal::NoThread { id })?;
        let mut versions = Vec::new();
        let mut before: Option<Draft> = None;
        for recorded in self.journal.events(&thread)? {
            let line = history_line(recorded.clone());
            let Some(now) = recorded.event.into_draft() else { continue };
            let changes = before.as_ref().map(|before| draft::diff(&before.body, &now.body));
            let mut changes = changes.unwrap_or_default();
            if changes.iter().all(|line| line.change == Change::Kept) {
                changes.clear();
            }
            versions.push(Version { line, changes });
            before = Some(now);
        }
        versions.reverse();
        Ok(versions)
    }

    /// The last answers made from the entries of a thread's draft, newest first, three an entry at most.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn precedents(&self, id: ThreadId) -> Result<Vec<Precedent>, Refusal> {
        let thread = self.journal.thread(id)?.ok_or(Refusal::NoThread { id })?;
        let Some(present) = self.journal.draft_of(&thread)? else { return Ok(Vec::new()) };
        let mut wanted: Vec<(&str, usize)> =
            present.entries.iter().map(|used| (used.slug.as_str(), MOST)).collect();
        let mut found = Vec::new();
        for other in self.journal.in_state(State::Answered).rev().take(LOOKED_AT) {
            if wanted.iter().all(|(_, left)| *left == 0) {
                break;
            }
            let Some(other) = self.journal.thread(other?)?.filter(|other| other.id != thread.id) else {
                continue;
            };
            let Some(at) = other.sent.last().map(|letter| letter.at) else { continue };
            let used = |slug: &str| other.questions.iter().any(|of| of.entries.iter().any(|of| of == slug));
            if !wanted.iter().any(|(slug, left)| *left > 0 && used(slug)) {
                // Its letters need not be read.
                continue;
            }
            let Some(draft) = self.journal.draft_of(&other)? else { continue };
            let mut entries = Vec::new();
            for (slug, left) in &mut wanted {
                if *left > 0 && draft.entries.iter().any(|used| used.slug == *slug) {
                    *left -= 1;
                    entries.push((*slug).to_owned());
                }
            }
            if !entries.is_empty() {
                let (organisation, edited) = (other.counterpart.name.clone(), other.edited);
                found.push(Precedent { thread: other.id, organisation, at, entries, edited, draft });
            }
        }
        Ok(found)
    }
}

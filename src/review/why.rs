//! Why the draft is what it is: the classifier's reasons, and what a reviewer changed.

use super::{Desk, Refusal};
use crate::classify::{Classification, Mail};
use crate::draft::{self, ChangedLine, Draft, LetterKind};
use crate::journal::Fault;
use crate::thread::{Event, Thread, ThreadId};

/// What stands beside a draft.
#[derive(Debug, Clone)]
pub struct Why {
    /// What the classifier reads in the last question today, and the words that decided. What reviewers
    /// taught since may have changed it.
    pub classification: Option<Classification>,
    /// The event that brought that question.
    pub question: Option<u64>,
    /// The draft's lines beside those of the approved texts that it came from; empty if nobody changed any.
    pub changes: Vec<ChangedLine>,
}

impl Desk {
    /// The reasons for the draft of a thread.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn why(&self, id: ThreadId) -> Result<Why, Fault> {
        let none = Why { classification: None, question: None, changes: Vec::new() };
        let Some(thread) = self.journal.thread(id)? else { return Ok(none) };
        let draft = self.journal.draft_of(&thread)?;
        let changes = match &draft {
            Some(draft) if thread.edited && draft.kind == LetterKind::Answer => {
                self.changes(&thread, draft)?
            }
            _ => Vec::new(),
        };
        let (question, classification) = self.explained(&thread)?.unzip();
        Ok(Why { classification, question, changes })
    }

    /// The last question that waits, or else the last mail of a person; and what is read in it.
    fn explained(&self, thread: &Thread) -> Result<Option<(u64, Classification)>, Fault> {
        let asked = thread.open_questions().last().map(|question| question.seq);
        let Some(seq) = asked.or_else(|| thread.last_human().map(|line| line.seq)) else { return Ok(None) };
        let event = self.journal.event(seq)?.map(|recorded| recorded.event);
        let Some(arrival) = event.as_ref().and_then(Event::arrival) else { return Ok(None) };
        let (ids, taught) = self.taught()?;
        let model = self.library.learned(&self.library.current(), ids, taught);
        Ok(Some((seq, model.classify(&Mail::of(&arrival.message)))))
    }

    /// What is not approved wording: the draft beside one made of the same entries today.
    pub(super) fn changes(&self, thread: &Thread, draft: &Draft) -> Result<Vec<ChangedLine>, Fault> {
        let entries: Vec<String> = draft.entries.iter().map(draft::EntryUse::name).collect();
        match self.draft_from(thread, &entries, Some(draft.language)) {
            Ok(approved) => Ok(draft::diff(&approved.body, &draft.body)),
            Err(Refusal::Store(fault)) => Err(fault),
            // An entry that is gone has no text to compare with.
            Err(_) => Ok(draft::diff("", &draft.body)),
        }
    }
}

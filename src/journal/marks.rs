//! Messages in the mailbox that are to be marked as answered: like a cursor neither truth nor view, and not in
//! a backup. A lost one costs a flag in a mail program.

use super::{Fault, Journal};
use crate::draft::LetterKind;
use crate::thread::{Event, Place, Settlement, ThreadId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

const ANSWERED: &str = "answered";

/// How many events are looked at in one go, and from how many on the place is kept though none was a letter.
const BATCH: u64 = 1_000;
const KEPT: u64 = 100;

/// A message to be marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedMark {
    /// Its thread.
    pub thread: ThreadId,
    /// Where it lay when it was read.
    pub place: Place,
    /// Tries that failed.
    pub tries: u32,
    /// Not before this moment.
    pub after: Timestamp,
}

/// What is owed, and up to which event that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedMarks {
    upto: u64,
    /// The messages, in the order of the letters.
    pub owed: Vec<OwedMark>,
}

impl Journal {
    /// What is owed up to now. The first call begins with what leaves after it: turning the option on marks
    /// nothing that was answered before.
    ///
    /// # Errors
    /// If the store cannot be read or written.
    pub fn owed_marks(&self) -> Result<OwedMarks, Fault> {
        let known: Option<OwedMarks> = self.cursor("", ANSWERED)?.flatten();
        let is_new = known.is_none();
        let mut marks = known.unwrap_or_else(|| OwedMarks { upto: self.last(), owed: Vec::new() });
        let to = self.last().min(marks.upto + BATCH);
        let before = marks.upto;
        for seq in before + 1..=to {
            marks.owed.extend(self.marks_of(seq)?);
        }
        marks.upto = to;
        // The journal's bell rings for every write; a few events without a letter are looked at again instead.
        if is_new || (!marks.owed.is_empty() && to > before) || to - before >= KEPT {
            self.set_owed_marks(Some(&marks))?;
        }
        Ok(marks)
    }

    /// Keeps what is still owed; `None`: nothing is marked any more.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn set_owed_marks(&self, marks: Option<&OwedMarks>) -> Result<(), Fault> {
        if marks.is_none() && self.cursor::<Option<OwedMarks>>("", ANSWERED)?.flatten().is_none() {
            return Ok(());
        }
        self.set_cursor("", ANSWERED, &marks)
    }

    /// The messages that the letter answers of whose departure the event `seq` tells, if it does and if the
    /// letter is an answer.
    fn marks_of(&self, seq: u64) -> Result<Vec<OwedMark>, Fault> {
        let Some(recorded) = self.event(seq)? else { return Ok(Vec::new()) };
        let left = matches!(
            recorded.event,
            Event::Sent { .. } | Event::UncertainSettled { outcome: Settlement::Sent }
        );
        let Some(thread) = self.thread(recorded.thread)?.filter(|_| left) else { return Ok(Vec::new()) };
        let letter = thread
            .messages
            .iter()
            .find(|line| line.seq == seq)
            .and_then(|line| thread.sent.iter().find(|letter| letter.message_id == line.message_id));
        let Some(letter) = letter.filter(|letter| letter.kind == LetterKind::Answer) else {
            return Ok(Vec::new());
        };
        let mut marks = Vec::new();
        for question in &thread.questions {
            let by = question.answer.as_ref().and_then(|answer| answer.message_id.as_ref());
            if by != Some(&letter.message_id) {
                continue;
            }
            if let Some(Event::Received(arrival)) = self.event(question.seq)?.map(|of| of.event)
                // What was told on the telephone lies in no folder.
                && !arrival.place.mark.is_empty()
            {
                let (thread, place, after) = (thread.id, arrival.place, recorded.recorded);
                marks.push(OwedMark { thread, place, tries: 0, after });
            }
        }
        Ok(marks)
    }
}

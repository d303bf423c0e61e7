//! What the desk teaches: a reviewer's choice is a labelled example from the next mail on.

use super::{Desk, Refusal};
use crate::classify::Label;
use crate::draft::Draft;
use crate::journal::{Fault, Learned, Writer};
use crate::thread::{Actor, Event, Thread};

/// Characters of a question that are learned: nobody asks after so many.
const LONGEST: usize = 2_000;

impl Desk {
    /// Learns what the last open question asks, if the reviewer chose one entry for it. An earlier
    /// choice for the same thread was another opinion, and is withdrawn.
    pub(super) fn learn(
        &self,
        writer: &mut Writer<'_>,
        thread: &Thread,
        draft: &Draft,
        reviewer: &Actor,
    ) -> Result<(), Fault> {
        let ([entry], true) = (draft.entries.as_slice(), self.config.learn) else { return Ok(()) };
        let Some(seq) = thread.open_questions().last().map(|question| question.seq) else { return Ok(()) };
        let Some(message) = writer.received_message(seq)? else { return Ok(()) };
        for earlier in self.journal.learned()?.iter().filter(|learned| learned.thread == thread.id) {
            let event = Event::ExampleWithdrawn { example: earlier.id };
            writer.append(thread.id, reviewer.clone(), writer.now(), event)?;
        }
        let text: String =
            format!("{}. {}", message.subject, message.newest.text).chars().take(LONGEST).collect();
        let event = Event::ExampleAdded {
            label: Label::Entry(entry.slug.to_string()),
            language: message.language,
            text,
        };
        writer.append(thread.id, reviewer.clone(), writer.now(), event)?;
        Ok(())
    }

    /// What was taught and not withdrawn, oldest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn learned(&self) -> Result<Vec<Learned>, Fault> {
        self.journal.learned()
    }

    /// Withdraws an example; the classifier forgets it with the next mail.
    ///
    /// # Errors
    /// A refusal without a name or such an example; or if the store cannot be written.
    pub fn withdraw_example(&self, id: u64, actor: &Actor) -> Result<(), Refusal> {
        if actor.name.trim().is_empty() {
            return Err(Refusal::NoName);
        }
        let learned = self.journal.learned_by_id(id)?.ok_or(Refusal::NoExample { id })?;
        self.journal.write_synced(|writer| -> Result<(), Refusal> {
            let event = Event::ExampleWithdrawn { example: id };
            writer.append(learned.thread, actor.clone(), writer.now(), event)?;
            Ok(())
        })
    }
}

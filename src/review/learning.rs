//! What the desk teaches: a reviewer's choice is a labelled example from the next mail on.

use super::{Desk, Refusal, named};
use crate::classify::Label;
use crate::draft::Draft;
use crate::journal::{Fault, Learned, Writer};
use crate::thread::{Actor, Event, Thread};

/// Characters of a question that are learned: nobody asks after so many.
const LONGEST: usize = 2_000;

impl Desk {
    /// Learns what the one open question asks, if the reviewer chose one entry for it. An earlier choice
    /// for the same question was another opinion, and is withdrawn.
    pub(super) fn learn(
        &self,
        writer: &mut Writer<'_>,
        thread: &Thread,
        draft: &Draft,
        reviewer: &Actor,
    ) -> Result<(), Fault> {
        let open: Vec<u64> = thread.open_questions().map(|question| question.seq).collect();
        for earlier in self.journal.learned()?.iter().filter(|learned| open.contains(&learned.question)) {
            let event = Event::ExampleWithdrawn { example: earlier.id };
            // Where it was added: the index is made again thread by thread.
            writer.append(earlier.thread, reviewer.clone(), writer.now(), event)?;
        }
        let ([entry], [question], true) = (draft.entries.as_slice(), open.as_slice(), self.config.learn)
        else {
            return Ok(());
        };
        let Some(message) = writer.received_message(*question)? else { return Ok(()) };
        let text: String =
            format!("{}. {}", message.subject, message.newest.text).chars().take(LONGEST).collect();
        let label = Label::Entry(entry.slug.to_string());
        let event = Event::ExampleAdded { label, language: message.language, text, question: *question };
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
        named(actor)?;
        self.journal.write_synced(|writer| -> Result<(), Refusal> {
            let learned = self.journal.learned_by_id(id)?.ok_or(Refusal::NoExample { id })?;
            let event = Event::ExampleWithdrawn { example: id };
            writer.append(learned.thread, actor.clone(), writer.now(), event)?;
            Ok(())
        })
    }
}

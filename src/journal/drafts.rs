//! What a letter is made from: the present draft of a thread, and what people wrote there.

use super::{Fault, Journal};
use crate::draft::Draft;
use crate::message::Message;
use crate::thread::{Direction, Event, Thread};

impl Journal {
    /// The draft as it stands.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn draft_of(&self, thread: &Thread) -> Result<Option<Draft>, Fault> {
        let Some(seq) = thread.draft else { return Ok(None) };
        Ok(self.event(seq)?.and_then(|recorded| recorded.event.into_draft()))
    }

    /// The messages that people wrote to us in a thread, oldest first, by the number of the event.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn received(&self, thread: &Thread) -> Result<Vec<(u64, Message)>, Fault> {
        let mut messages = Vec::new();
        for line in thread.messages.iter().filter(|line| line.human && line.direction == Direction::Incoming)
        {
            if let Some(Event::Received(arrival)) = self.event(line.seq)?.map(|recorded| recorded.event) {
                messages.push((line.seq, arrival.message));
            }
        }
        Ok(messages)
    }
}

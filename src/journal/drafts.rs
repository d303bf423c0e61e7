//! What a letter is made from: the present draft of a thread, and what people wrote there.

use super::{Fault, Journal};
use crate::draft::Draft;
use crate::message::Message;
use crate::thread::{BlobKey, Direction, Event, Thread};

/// Bytes before an enclosed file: two threads with the same file share no blob, so that the purge of one
/// leaves the other its own.
const SALT: usize = 16;

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

    /// Keeps a file that goes with a letter; on disk when it returns.
    ///
    /// # Errors
    /// If the disk refuses, or there are no random numbers.
    pub fn enclose(&self, file: &[u8]) -> Result<BlobKey, Fault> {
        let mut salted = vec![0; SALT];
        getrandom::fill(&mut salted).map_err(|_| Fault::Damaged("no random numbers".to_owned()))?;
        salted.extend(file);
        self.blobs.put(&salted)
    }

    /// A file that was enclosed.
    ///
    /// # Errors
    /// As [`Blobs::get`](super::Blobs::get).
    pub fn enclosed(&self, blob: &str) -> Result<Vec<u8>, Fault> {
        let mut salted = self.blobs.get(blob)?;
        Ok(salted.split_off(SALT.min(salted.len())))
    }
}

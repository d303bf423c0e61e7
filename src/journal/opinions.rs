//! Which mail of colleagues lies within reach of a thread.

use super::{Fault, Journal};
use crate::message::MessageId;
use crate::thread::Thread;

impl Journal {
    /// The Message-IDs of colleagues' mail that whoever writes in this thread may have cited: those of the
    /// thread itself, and those of the threads that its headers point to.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn opinions(&self, thread: &Thread) -> Result<Vec<MessageId>, Fault> {
        let mut ids = thread.opinion_ids();
        for other in thread.links.iter().chain(&thread.refused_links) {
            ids.extend(self.thread(*other)?.iter().flat_map(Thread::opinion_ids));
        }
        Ok(ids)
    }
}

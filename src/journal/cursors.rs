//! Where readings stand: neither truth nor view. No event depends on a cursor, and none decides alone that a
//! letter is sent; a lost one costs a second reading, whose messages are known by their digests (or a second
//! internal notice on the day of a restore).

use super::{Fault, Journal, chain};
use crate::thread::ThreadId;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Cursors that belong to no mailbox: the last complete reading, and the copies that Sent lacks.
const READING: &str = "reading";
pub(super) const COPIES: &str = "copies";
const MAILBOX_LOST: &str = "mailbox-lost";

/// The mailbox is out of reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// Since when.
    pub since: jiff::Timestamp,
    /// When it was last tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<jiff::Timestamp>,
    /// The class of the fault, as in the log; `greffier check` says more.
    pub class: String,
}

impl Journal {
    /// Where the reading of a folder stands.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn cursor<T: DeserializeOwned>(&self, mailbox: &str, folder: &str) -> Result<Option<T>, Fault> {
        let found = self.trees.cursors.get(chain::path_key(&[mailbox, folder]))?;
        found.map(|bytes| Ok(serde_json::from_slice(&bytes)?)).transpose()
    }

    /// Keeps where the reading of a folder stands, apart from any message.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn set_cursor(&self, mailbox: &str, folder: &str, cursor: &impl Serialize) -> Result<(), Fault> {
        self.write(|writer| writer.set_cursor(mailbox, folder, cursor))
    }

    /// When the last complete reading of inbox and Sent began: whatever had arrived by then is here.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn last_reading(&self) -> Result<Option<jiff::Timestamp>, Fault> {
        self.cursor("", READING)
    }

    /// Keeps when a complete reading began.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn set_reading(&self, began: jiff::Timestamp) -> Result<(), Fault> {
        self.set_cursor("", READING, &began)
    }

    /// Since when the mailbox is out of reach, and why; while it is, nothing leaves.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn mailbox_lost(&self) -> Result<Option<Lost>, Fault> {
        Ok(self.cursor("", MAILBOX_LOST)?.flatten())
    }

    /// Keeps that the mailbox is out of reach, or with `None` that it is not.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn set_mailbox_lost(&self, lost: Option<Lost>) -> Result<(), Fault> {
        self.set_cursor("", MAILBOX_LOST, &lost)
    }

    /// The threads of whose letters Sent may lack a copy.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn owed_copies(&self) -> Result<Vec<ThreadId>, Fault> {
        Ok(self.cursor("", COPIES)?.unwrap_or_default())
    }

    /// Whether a Maildir message was taken before.
    #[must_use]
    pub fn is_marked(&self, mailbox: &str, folder: &str, name: &str) -> bool {
        self.trees.marks.contains_key(chain::path_key(&[mailbox, folder, name])).unwrap_or(false)
    }
}

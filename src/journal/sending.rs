//! The sending journal: a plain file, one JSON line for each attempt and each outcome.
//!
//! It is never restored backwards and needs no database to be read, so that a
//! damaged or restored store can never cause a second sending: what stands here as
//! attempted is not attempted again without a person.

use super::Fault;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// SHA-256 of the letter's bytes.
    pub seal: String,
    /// The thread's number when it was sent.
    pub thread: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What the sending journal says of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// An attempt begins.
    Attempted,
    /// It certainly did not leave.
    NotSent,
    /// The server took it.
    Sent,
    /// Nobody knows.
    Unknown,
    /// A person found that it did not leave, and ordered another attempt.
    Resend,
}

/// The file, and what it says of each letter last.
#[derive(Debug)]
pub struct SendingLog {
    file: File,
    last: BTreeMap<String, Attempt>,
    /// Whether the file may end in a part of a line, which must not swallow the next one.
    torn: bool,
}

impl SendingLog {
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        let mut last = BTreeMap::new();
        let mut torn = false;
        match std::fs::read(path) {
            Ok(bytes) => {
                torn = bytes.last().is_some_and(|byte| *byte != b'\n');
                for line in bytes.split(|byte| *byte == b'\n') {
                    // The last line may be torn by a power cut: what it announced did not begin.
                    if let Ok(attempt) = serde_json::from_slice::<Attempt>(line) {
                        last.insert(attempt.seal.clone(), attempt);
                    }
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Fault::io("sending.log")(error)),
        }
        let file = File::options().create(true).append(true).open(path).map_err(Fault::io("sending.log"))?;
        Ok(Self { file, last, torn })
    }

    /// Adds a line; on disk when it returns.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn add(&mut self, attempt: Attempt) -> Result<(), Fault> {
        let mut line = if self.torn { vec![b'\n'] } else { Vec::new() };
        serde_json::to_writer(&mut line, &attempt)?;
        line.push(b'\n');
        self.torn = true;
        self.file.write_all(&line).map_err(Fault::io("sending.log"))?;
        self.torn = false;
        self.file.sync_data().map_err(Fault::io("sending.log"))?;
        self.last.insert(attempt.seal.clone(), attempt);
        Ok(())
    }

    /// What the file says last of a letter.
    #[must_use]
    pub fn last(&self, seal: &str) -> Option<&Attempt> {
        self.last.get(seal)
    }

    /// The last line of every letter.
    pub fn letters(&self) -> impl Iterator<Item = &Attempt> {
        self.last.values()
    }
}

//! Who looked at what: neither events nor views. The access log has a tree and a retention of its own, and
//! its place in the backup.
//!
//! What is noted is in the memory of the process first: sled writes it out within half a second, and with
//! everything that is synced before. So a page never waits for the disk, a kill loses that half second at
//! most, and a power cut what was noted since the last sync.

use super::{Fault, Journal};
use crate::thread::ThreadId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{BufRead as _, BufReader, BufWriter, ErrorKind, Write as _};
use std::path::Path;

/// The file of the access log in a backup: a JSON line an access, oldest first.
const ACCESSES: &str = "accesses.jsonl";

/// One line of the access log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// When.
    pub at: Timestamp,
    /// Who; empty at the command line, where the Unix user says it.
    pub name: String,
    /// The Unix user at the other end of the socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
    /// What they did.
    #[serde(flatten)]
    pub what: Accessed,
}

/// What is logged. Nothing of a mail's content, so that a purge leaves no trace of it here; the words of a
/// search are kept, and go with the rest of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Accessed {
    /// A thread was opened.
    Thread {
        /// Which.
        thread: ThreadId,
    },
    /// The history was searched.
    Search {
        /// For these words, as they were typed.
        query: String,
    },
    /// Something that came with a message was downloaded.
    File {
        /// Of which thread.
        thread: ThreadId,
        /// The number of the message's event.
        message: u64,
        /// The place of the file among those of the message.
        place: usize,
    },
    /// Much was taken out at once.
    Export {
        /// What.
        export: Exported,
    },
    /// An account was changed.
    Account {
        /// Whose.
        account: String,
        /// What of it: the name of the form or command.
        change: String,
    },
    /// The chat asked for something, and was refused.
    Refused {
        /// The command.
        verb: String,
        /// On which thread.
        thread: Option<ThreadId>,
    },
}

/// What can be taken out at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exported {
    /// The response times.
    ResponseTimes,
    /// The register of deposits.
    Deposits,
    /// Who received which version of a text.
    Told,
    /// All of the store, as mail and lines.
    Store,
    /// A backup.
    Backup,
    /// The access log itself.
    AccessLog,
}

impl Accessed {
    /// The thread that it concerns.
    #[must_use]
    pub fn thread(&self) -> Option<ThreadId> {
        match self {
            Self::Thread { thread } | Self::File { thread, .. } => Some(*thread),
            Self::Refused { thread, .. } => *thread,
            _ => None,
        }
    }

    /// Its name in JSON and in keys of texts.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Thread { .. } => "thread",
            Self::Search { .. } => "search",
            Self::File { .. } => "file",
            Self::Export { .. } => "export",
            Self::Account { .. } => "account",
            Self::Refused { .. } => "refused",
        }
    }
}

/// Microseconds since 1970, big-endian: sled's order is that of time.
fn beginning(at: Timestamp) -> [u8; 8] {
    u64::try_from(at.as_microsecond()).unwrap_or_default().to_be_bytes()
}

impl Journal {
    /// Notes an access; in memory when this returns.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn note_access(&self, access: &Access) -> Result<(), Fault> {
        // Two in one microsecond are told apart by a number that is never given twice.
        let key = [beginning(access.at), self.db.generate_id()?.to_be_bytes()].concat();
        self.trees.accesses.insert(key, serde_json::to_vec(access)?)?;
        Ok(())
    }

    /// The access log, newest first.
    pub fn accesses(&self) -> impl DoubleEndedIterator<Item = Result<Access, Fault>> + use<> {
        self.trees.accesses.iter().values().rev().map(|bytes| Ok(serde_json::from_slice(&bytes?)?))
    }

    /// Forgets what was noted before `since`; how much that was.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn forget_accesses(&self, since: Timestamp) -> Result<usize, Fault> {
        let mut count = 0;
        for key in self.trees.accesses.range(..beginning(since).to_vec()).keys() {
            self.trees.accesses.remove(key?)?;
            count += 1;
        }
        Ok(count)
    }

    /// Writes the access log into a backup.
    pub(super) fn write_accesses(&self, folder: &Path) -> Result<(), Fault> {
        let file = fs::File::create(folder.join(ACCESSES)).map_err(Fault::io("backup"))?;
        let mut lines = BufWriter::new(file);
        for bytes in self.trees.accesses.iter().values() {
            lines.write_all(&bytes?).and_then(|()| lines.write_all(b"\n")).map_err(Fault::io("backup"))?;
        }
        lines.flush().map_err(Fault::io("backup"))
    }

    /// Takes the access log of a backup over; one of an earlier version has none.
    pub(super) fn take_accesses(&self, folder: &Path) -> Result<(), Fault> {
        let file = match fs::File::open(folder.join(ACCESSES)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            file => file.map_err(Fault::io("backup"))?,
        };
        for line in BufReader::new(file).lines() {
            let line = line.map_err(Fault::io("backup"))?;
            self.note_access(&serde_json::from_str(&line)?)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use std::time::Duration;

    fn access(at: &str, thread: ThreadId) -> Access {
        let at = at.parse().unwrap();
        Access { at, name: "Camille Roy".to_owned(), uid: None, what: Accessed::Thread { thread } }
    }

    fn threads(journal: &Journal) -> Vec<ThreadId> {
        journal.accesses().map(|access| access.unwrap().what.thread().unwrap()).collect()
    }

    #[test]
    fn it_is_read_newest_first_trimmed_by_age_and_kept_in_a_backup() {
        let (dir, backup) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let journal = Journal::open(dir.path(), Clock::system(), Duration::ZERO).unwrap();
        let moment = "2026-03-25T14:00:00Z";
        for (at, thread) in [("2026-01-01T10:00:00Z", 1), (moment, 2), (moment, 3)] {
            journal.note_access(&access(at, thread)).unwrap();
        }
        assert_eq!(threads(&journal), [3, 2, 1], "two of one moment are two");
        assert_eq!(journal.forget_accesses("2026-02-01T00:00:00Z".parse().unwrap()).unwrap(), 1);
        assert_eq!(threads(&journal), [3, 2]);
        journal.write_accesses(backup.path()).unwrap();
        let other = tempfile::tempdir().unwrap();
        let restored = Journal::open(other.path(), Clock::system(), Duration::ZERO).unwrap();
        restored.take_accesses(backup.path()).unwrap();
        assert_eq!(threads(&restored), [3, 2]);
    }
}

//! The words that both back ends share: folders, marks, cursors, what is handed over.
//!
//! Used by the back ends beside this file and, through [`crate::mailbox`], by whoever
//! reads a mailbox.

use crate::clock::Clock;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// What a folder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Where questions arrive (the inbox and every further folder of the config).
    Inbox,
    /// Where the copies of what we sent lie.
    Sent,
}

/// A folder that is read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Folder {
    /// Its name, decoded (`Éléments envoyés`).
    pub name: String,
    /// What it is for.
    pub role: Role,
}

/// How far an IMAP folder has been read (RFC 9051, 2.3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UidCursor {
    /// UIDVALIDITY when it was read.
    pub uid_validity: u32,
    /// The lowest UID not read yet.
    pub next_uid: u32,
}

/// Where a message lies in its folder.
///
/// After a [`Reset`] a server may give a UID a second time to another message, so a mark
/// finds a message but does not identify one: its digest does.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// IMAP: UIDVALIDITY and UID.
    Uid {
        /// UIDVALIDITY of the folder.
        uid_validity: u32,
        /// UID of the message.
        uid: u32,
    },
    /// Maildir: the unique name, without its flags (`:2,S`).
    Name(String),
}

/// The bytes of a message, as far as they were fetched.
pub enum Content {
    /// The whole message.
    Whole(Vec<u8>),
    /// The whole message, in a file that the receiver owns and removes.
    File(PathBuf),
    /// Header and at most the first 64 KiB: the message is over the limit, or the server
    /// holds it but does not give it (then possibly nothing at all).
    Head(Vec<u8>),
}

impl fmt::Debug for Content {
    /// Not the bytes: what is printed with `{:?}` lands in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(bytes) => write!(f, "Whole({} bytes)", bytes.len()),
            Self::File(path) => write!(f, "File({})", path.display()),
            Self::Head(bytes) => write!(f, "Head({} bytes)", bytes.len()),
        }
    }
}

/// A message as the back end hands it over.
#[derive(Debug)]
pub struct Fetched {
    /// Where it lies.
    pub mark: Mark,
    /// INTERNALDATE, or a file's time of arrival. What the server claims: it may lie in
    /// the future.
    pub received: Timestamp,
    /// Bytes of the whole message, as the server says (Exchange only estimates).
    pub size: u64,
    /// Its bytes.
    pub content: Content,
}

/// After what to read on.
#[derive(Clone, Copy)]
pub struct After<'a> {
    /// IMAP: where the folder was left; `None` reads it from its start.
    pub cursor: Option<UidCursor>,
    /// Maildir: whether the message of this unique name was taken already.
    pub known: &'a (dyn Fn(&str) -> bool + Send + Sync),
}

impl fmt::Debug for After<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("After").field("cursor", &self.cursor).finish_non_exhaustive()
    }
}

/// How much to hand over at once.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// At most so many messages.
    pub messages: usize,
    /// At most so many bytes of messages, except that one message always fits.
    pub bytes: u64,
}

impl Default for Limit {
    /// 200 messages, 8 MB.
    fn default() -> Self {
        Self { messages: 200, bytes: 8_000_000 }
    }
}

/// What became of a message that was to be marked as answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marked {
    /// It is marked.
    Done,
    /// It is no longer where it was read.
    Gone,
    /// The server keeps no such flags for us.
    NotKept,
}

/// What a reading gave.
#[derive(Debug, Default)]
pub struct Batch {
    /// The messages, oldest first (IMAP: by UID; Maildir: by time of arrival).
    pub messages: Vec<Fetched>,
    /// How many messages there are still to read at once, as far as the back end knows; 0 only
    /// at the end of the folder.
    pub left: usize,
    /// IMAP: how far the folder has now been read, also when there was nothing. To be
    /// stored together with the messages. `None` (leave the stored one as it is) for a
    /// Maildir, and during a [`Reset`] until its last batch.
    pub cursor: Option<UidCursor>,
    /// Set on every batch of a second reading.
    pub reset: Option<Reset>,
}

/// The server numbered its messages anew, so the folder is read a second time: messages
/// already known come again, and the receiver drops them by their digest. Nothing may be
/// sent because of such a reading.
///
/// If the session ends in between, the next one begins this reading again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reset {
    /// What happened.
    pub why: ResetWhy,
    /// What the server received before this is left out.
    pub since: Timestamp,
}

/// Why a folder is read a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResetWhy {
    /// UIDVALIDITY is another: the folder was made anew.
    UidValidity,
    /// UIDNEXT went back: the server was restored from a backup.
    UidNext,
}

/// What a session needs beside the config.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// The present moment.
    pub clock: Clock,
    /// Where messages over 1 MB are put before the receiver takes them; `None`: the
    /// system's folder for temporary files.
    pub spool: Option<PathBuf>,
    /// How long to wait for a server.
    pub times: Times,
}

impl Setup {
    /// The folder for large messages.
    pub(super) fn spool_folder(&self) -> PathBuf {
        self.spool.clone().unwrap_or_else(std::env::temp_dir)
    }
}

/// How long to wait for a server. Tests shorten them.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// For the connection and for the TLS handshake, each.
    pub connect: Duration,
    /// For the answer to a command.
    pub command: Duration,
    /// For each body of a message, and for taking a letter.
    pub body: Duration,
    /// For one IDLE, before it is issued again.
    pub idle: Duration,
    /// For the end of an IDLE.
    pub idle_done: Duration,
}

impl Default for Times {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            connect: seconds(30),
            command: seconds(60),
            body: seconds(240),
            // RFC 2177 allows 29 minutes; Exchange goes quiet much earlier.
            idle: seconds(300),
            idle_done: seconds(15),
        }
    }
}

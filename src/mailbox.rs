//! The mailbox: fetch after a cursor, wait for news, file a copy.
//!
//! Two back ends behind one enum. They hand over bytes and never decide anything:
//! what a message means is intake's business, and where the reading stands is the
//! journal's.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

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
#[derive(Debug)]
pub enum Content {
    /// The whole message.
    Whole(Vec<u8>),
    /// The whole message, in a file that the receiver owns and removes.
    File(PathBuf),
    /// Header and at most the first 64 KiB: the message is over the limit.
    Head(Vec<u8>),
}

/// A message as the back end hands it over.
#[derive(Debug)]
pub struct Fetched {
    /// Where it lies.
    pub mark: Mark,
    /// INTERNALDATE, or a file's time of arrival.
    pub received: Timestamp,
    /// Bytes of the whole message, as the server says.
    pub size: u64,
    /// Its bytes.
    pub content: Content,
}

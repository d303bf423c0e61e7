//! What can go wrong with the store, cut by what to do.

use super::FORMAT;
use crate::thread::WrongTurn;
use crate::wording::Wording;
use std::path::Path;

/// What can go wrong with the store, cut by what to do.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Another process has it open.
    #[error("the store is in use by another process")]
    Busy,
    /// A newer greffier wrote it.
    #[error("the store has format {0}, newer than this program knows")]
    Newer(u32),
    /// The disk is full.
    #[error("no space left for the store")]
    Full,
    /// It cannot be read or written.
    #[error("{what}: {error}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        error: std::io::Error,
    },
    /// It does not say what it should.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// An event cannot happen now.
    #[error(transparent)]
    WrongTurn(#[from] WrongTurn),
    /// The folder to restore into holds a store already.
    #[error("the folder already holds a store")]
    NotEmpty,
}

impl Fault {
    /// One line for people: what happened and what to do.
    #[must_use]
    pub fn line(&self, wording: &Wording, dir: &Path) -> String {
        let dir = dir.display();
        match self {
            Self::Busy => wording.with("store-busy", &[("dir", &dir)]),
            Self::Newer(found) => {
                wording.with("store-newer", &[("dir", &dir), ("found", found), ("known", &FORMAT)])
            }
            Self::Full => wording.with("store-full", &[("dir", &dir)]),
            Self::Io { what, error } => {
                wording.with("store-io", &[("dir", &dir), ("what", what), ("error", error)])
            }
            Self::Damaged(what) => wording.with("store-damaged", &[("dir", &dir), ("what", what)]),
            Self::WrongTurn(turn) => wording.with("store-wrong-turn", &[("turn", turn)]),
            Self::NotEmpty => wording.with("store-not-empty", &[("dir", &dir)]),
        }
    }

    pub(super) fn io(what: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |error| match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io { what, error },
        }
    }
}

impl From<sled::Error> for Fault {
    fn from(error: sled::Error) -> Self {
        match error {
            sled::Error::Io(error) => Self::io("store")(error),
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

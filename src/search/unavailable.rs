//! Why nothing can be searched now.

use crate::journal::Fault;
use crate::wording::Wording;
use std::io::{self, ErrorKind};
use std::path::Path;
use tantivy::TantivyError;
use tantivy::directory::error::OpenWriteError;

/// Why nothing can be searched now. All of it passes by itself, or with what its line says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// The index is being made.
    #[error("the index is being made: {done} of {of} events")]
    Behind {
        /// Events that are in it.
        done: u64,
        /// Events of the journal.
        of: u64,
    },
    /// What is free on the disk is kept for the journal.
    #[error("no space left for the index")]
    Full,
    /// The index, or the store, cannot be read or written.
    #[error("{0}")]
    Broken(String),
}

impl Unavailable {
    /// One line for people: what happened and what to do.
    #[must_use]
    pub fn line(&self, wording: &Wording, dir: &Path) -> String {
        match self {
            Self::Behind { done, of } => {
                let percent = done.saturating_mul(100).checked_div(*of).unwrap_or_default();
                wording.with("search-behind", &[("percent", &percent)])
            }
            Self::Full => wording.with("search-full", &[("dir", &dir.display())]),
            Self::Broken(why) => wording.with("search-broken", &[("why", why)]),
        }
    }
}

impl From<io::Error> for Unavailable {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Broken(error.to_string()),
        }
    }
}

impl From<Fault> for Unavailable {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Full => Self::Full,
            other => Self::Broken(other.to_string()),
        }
    }
}

impl From<TantivyError> for Unavailable {
    fn from(error: TantivyError) -> Self {
        let kind = match &error {
            TantivyError::IoError(error) => Some(error.kind()),
            TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. }) => Some(io_error.kind()),
            _ => None,
        };
        match kind {
            Some(kind) => io::Error::new(kind, error.to_string()).into(),
            None => Self::Broken(error.to_string()),
        }
    }
}

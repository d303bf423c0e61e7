//! What a reviewer can decide.

use crate::thread::{Settlement, ThreadId};
use serde::{Deserialize, Serialize};

/// One decision on one thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "kebab-case")]
pub enum Decision {
    /// Take the thread in hand.
    Claim,
    /// Let it go.
    Release,
    /// Write another text, in Markdown.
    Edit {
        /// The whole text.
        body: String,
    },
    /// Choose other entries.
    Reclassify {
        /// Each `slug` or `slug.variant`, in the order of the letter.
        entries: Vec<String>,
    },
    /// Approve the letter as it was shown.
    Approve {
        /// Unusual recipients that are meant.
        confirmed: Vec<String>,
        /// Superseded entries that are meant.
        despite_superseded: Vec<String>,
    },
    /// Take an approval back during its hold.
    Withdraw,
    /// End the thread without a reply.
    Close {
        /// Why.
        reason: String,
    },
    /// Say what became of an uncertain letter.
    Settle {
        /// What.
        outcome: Settlement,
    },
    /// Leave a note to colleagues; it never becomes mail.
    Note {
        /// The note.
        text: String,
    },
    /// Confirm that another thread belongs here.
    ConfirmLink {
        /// That thread.
        other: ThreadId,
    },
    /// Say that another thread does not belong here.
    RefuseLink {
        /// That thread.
        other: ThreadId,
    },
    /// Open an ended thread again.
    Reopen,
}

impl Decision {
    /// Whether somebody else's claim stands against it.
    pub(super) fn needs_hand(&self) -> bool {
        !matches!(self, Self::Note { .. } | Self::Release | Self::Withdraw)
    }
}

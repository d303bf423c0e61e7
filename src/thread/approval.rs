//! What a reviewer approved, as the event keeps it.

use super::BlobKey;
use crate::draft::{Draft, LetterKind};
use crate::letter::Seal;
use crate::replies::Replies;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An approval: the words of the person, fixed with the seal of the bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// What the approval fixed.
    pub seal: Seal,
    /// The blob that holds the sealed bytes.
    pub blob: BlobKey,
    /// Not before this moment.
    pub due: Timestamp,
    /// The version that the reviewer saw.
    pub seen: u64,
    /// Recipients that were unusual and confirmed by name.
    pub confirmed: Vec<String>,
    /// Superseded entries that are meant all the same.
    pub despite_superseded: Vec<String>,
    /// The entries of the letter.
    pub entries: Vec<String>,
    /// Texts that the letter was made from and that the library held otherwise by then: words of a
    /// reviewer's, approved with the change in view.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<ChangedText>,
    /// What the letter is for.
    #[serde(default, skip_serializing_if = "LetterKind::is_answer")]
    pub kind: LetterKind,
    /// Whether a second person must sign before it may leave.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_sign: bool,
}

/// A text that changed between the draft and its approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedText {
    /// `slug` or `slug.variant`.
    pub entry: String,
    /// Its digest when the letter was approved; `None`: it was gone.
    pub digest: Option<String>,
}

impl ChangedText {
    /// The texts of a draft that the library does not hold as they were used.
    #[must_use]
    pub fn of(draft: &Draft, replies: &Replies) -> Vec<Self> {
        let changed = draft.entries.iter().filter(|used| !used.is_current(replies));
        changed
            .map(|used| Self {
                entry: used.name(),
                digest: used.in_library(replies, draft.language).map(|entry| entry.digest().to_owned()),
            })
            .collect()
    }
}

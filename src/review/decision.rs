//! What a reviewer can decide.

use super::Adjusting;
use crate::draft::LetterKind;
use crate::thread::{Medium, Settlement, ThreadId};
use crate::wording::Language;
use jiff::Timestamp;
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
    /// Change the letter beside its text: copies, files, open fields.
    Adjust {
        /// What.
        #[serde(flatten)]
        adjust: Adjusting,
    },
    /// Choose other entries.
    Reclassify {
        /// Each `slug` or `slug.variant`, in the order of the letter.
        entries: Vec<String>,
        /// The language of the letter; that of the present draft, if `None`.
        #[serde(default)]
        language: Option<Language>,
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
    /// Prepare another letter than the answer, or the answer again.
    Prepare {
        /// What it is for.
        kind: LetterKind,
        /// The office that a transfer goes to; the flag's, if `None`.
        office: Option<String>,
    },
    /// Give up a draft that is no answer.
    Discard,
    /// Give the second signature to the letter as it was approved.
    Sign,
    /// Let the clock stand still: the asker owes us something.
    Wait {
        /// What.
        reason: String,
    },
    /// Go on without it.
    Resume,
    /// Record that somebody was asked for an opinion.
    AskOpinion {
        /// Whose address.
        to: String,
    },
    /// Record an answer by telephone or in a meeting.
    AnswerOtherwise {
        /// How.
        medium: Medium,
        /// When; now, if `None`.
        at: Option<Timestamp>,
        /// What was said.
        summary: String,
    },
    /// Say whether the last message of ours in Sent answers the question.
    JudgeOutside {
        /// Whether it does.
        answers: bool,
    },
    /// Say when a question was received in truth.
    CorrectReceipt {
        /// The question's number in the thread.
        question: u32,
        /// When it was.
        received: Timestamp,
        /// Why.
        reason: String,
    },
}

impl Decision {
    /// Whether somebody else's claim stands against it.
    pub(super) fn needs_hand(&self) -> bool {
        !matches!(
            self,
            Self::Note { .. } | Self::Release | Self::Withdraw | Self::AskOpinion { .. } | Self::Sign
        )
    }
}

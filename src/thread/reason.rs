//! Why a message or an approval was put out of the way, as wording keys.

use serde::{Deserialize, Serialize};

/// Why a message was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetAsideReason {
    /// A bounce that names no letter of ours, or a delay.
    Bounce,
    /// An answer made by a machine.
    AutoReply,
    /// Made by a machine.
    Generated,
    /// From a list or in bulk.
    List,
    /// A calendar invitation or answer.
    Calendar,
    /// A receipt.
    Receipt,
    /// It claims to come from our own address.
    OwnAddress,
    /// It could not be read.
    Unparsable,
    /// It is over the size limit.
    TooLarge,
    /// The server could not hand it over.
    NotConverted,
    /// Its sender writes so fast that it may be a program.
    TooMany,
}

impl SetAsideReason {
    /// Its name in JSON and in wording keys.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Bounce => "bounce",
            Self::AutoReply => "auto-reply",
            Self::Generated => "generated",
            Self::List => "list",
            Self::Calendar => "calendar",
            Self::Receipt => "receipt",
            Self::OwnAddress => "own-address",
            Self::Unparsable => "unparsable",
            Self::TooLarge => "too-large",
            Self::NotConverted => "not-converted",
            Self::TooMany => "too-many",
        }
    }
}

/// Why a message waits as information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteReason {
    /// We are only in Cc.
    OnlyCc,
    /// It asks nothing.
    NoQuestion,
    /// It asks for documents under the law on access: another office answers, and no draft is made.
    AccessRequest,
    /// It asks nothing and brings something that the organisation owed us.
    Deposit,
}

impl NoteReason {
    /// Its name in JSON and in wording keys.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::OnlyCc => "only-cc",
            Self::NoQuestion => "no-question",
            Self::AccessRequest => "access-request",
            Self::Deposit => "deposit",
        }
    }
}

/// Why an approval no longer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VoidReason {
    /// A person wrote in the thread.
    NewerMail,
    /// Somebody answered from outside the tool.
    AnsweredOutside,
    /// The thread was joined with another.
    Merged,
    /// An entry of the draft has changed.
    RepliesChanged,
    /// The sealed bytes are gone or changed.
    BrokenSeal,
    /// Whoever approved or signed it works here no more.
    ReviewerDisabled,
    /// An entry of the letter was suspended.
    EntrySuspended,
    /// The day came from which an entry of the letter no longer holds.
    EntrySuperseded,
}

impl VoidReason {
    /// Its name in JSON and in wording keys.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::NewerMail => "newer-mail",
            Self::AnsweredOutside => "answered-outside",
            Self::Merged => "merged",
            Self::RepliesChanged => "replies-changed",
            Self::BrokenSeal => "broken-seal",
            Self::ReviewerDisabled => "reviewer-disabled",
            Self::EntrySuspended => "entry-suspended",
            Self::EntrySuperseded => "entry-superseded",
        }
    }
}

/// Why a clock goes on after it stood still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResumeReason {
    /// The asker wrote.
    AskerWrote,
    /// A reviewer goes on without.
    Reviewer,
}

impl ResumeReason {
    /// Its name in JSON and in wording keys.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::AskerWrote => "asker-wrote",
            Self::Reviewer => "reviewer",
        }
    }
}

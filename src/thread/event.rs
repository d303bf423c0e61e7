//! What can happen to a thread. Append-only: a variant is never changed, only added to.

use super::{BlobKey, Doubt, NoteReason, SetAsideReason, ThreadId, VoidReason};
use crate::classify::{Flag, Label, Level};
use crate::draft::Draft;
use crate::letter::Seal;
use crate::message::{Message, MessageId};
use crate::organisation::Counterpart;
use crate::wording::Language;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// `bot`, or the reviewer's name.
    pub name: String,
    /// The Unix user at the other end of the socket, or the process's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
}

impl Actor {
    /// The daemon itself.
    #[must_use]
    pub fn bot() -> Self {
        Self { name: "bot".to_owned(), uid: None }
    }

    /// A named person.
    #[must_use]
    pub fn reviewer(name: &str, uid: Option<u32>) -> Self {
        Self { name: name.to_owned(), uid }
    }
}

/// From them or from us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Received.
    Incoming,
    /// Found in Sent, or sent by us.
    Outgoing,
}

/// Where a message lay when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The mailbox: our address.
    pub mailbox: String,
    /// The folder.
    pub folder: String,
    /// `UIDVALIDITY:UID`, or the unique name of a Maildir.
    pub mark: String,
}

/// A message that came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Its raw bytes.
    pub blob: BlobKey,
    /// Bytes of the whole message, as the server says.
    pub size: u64,
    /// Where it lay.
    pub place: Place,
    /// Who writes.
    pub counterpart: Counterpart,
    /// What was read, without the whole text and what was cut (both are in the blob).
    pub message: Message,
    /// Older than the day from which mail gets drafts.
    pub history: bool,
}

impl Arrival {
    /// Whether a person wrote it and it could be read.
    #[must_use]
    pub fn is_human(&self) -> bool {
        self.message.automatic.is_none()
    }
}

/// A message found in Sent that we did not make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Its raw bytes.
    pub blob: BlobKey,
    /// Bytes of the whole message.
    pub size: u64,
    /// Where it lay.
    pub place: Place,
    /// The side that it went to.
    pub counterpart: Counterpart,
    /// What was read, without the whole text and what was cut.
    pub message: Message,
}

/// Why a thread was closed without a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseReason {
    /// In the reviewer's words.
    pub text: String,
}

/// How an uncertain letter was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Settlement {
    /// It went.
    Sent,
    /// It did not; send the same letter again.
    Resend,
}

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
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
#[allow(clippy::large_enum_variant)]
pub enum Event {
    /// A message came in.
    Received(Arrival),
    /// A message is automatic or unreadable.
    SetAside {
        /// Which.
        blob: BlobKey,
        /// Why.
        reason: SetAsideReason,
    },
    /// A message asks us nothing.
    Noted {
        /// Which.
        blob: BlobKey,
        /// Why.
        reason: NoteReason,
    },
    /// The classifier has read the open questions.
    Classified {
        /// The message that it read.
        blob: BlobKey,
        /// How sure it is.
        level: Level,
        /// The entries for the draft, in order.
        suggestions: Vec<String>,
        /// The entry that ranks first, even where the level is too low to suggest it: for whoever looks back.
        first: Option<String>,
        /// What it asks for that takes a decision.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        flags: Vec<Flag>,
        /// Why it is not believed to be sure, though the classifier is.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        doubts: Vec<Doubt>,
    },
    /// A draft is ready for review.
    DraftPrepared {
        /// The draft.
        draft: Draft,
        /// Whether it keeps the text that a reviewer wrote.
        edited: bool,
    },
    /// A reviewer took it in hand.
    Claimed,
    /// A reviewer let it go.
    Released,
    /// A reviewer changed the text.
    DraftEdited {
        /// The draft as it stands now.
        draft: Draft,
    },
    /// A reviewer chose other entries.
    Reclassified {
        /// The entries chosen.
        entries: Vec<String>,
        /// The draft made from them.
        draft: Draft,
    },
    /// A reviewer left a note.
    NoteAdded {
        /// The note.
        text: String,
    },
    /// A reviewer approved the letter.
    Approved(Approval),
    /// The approval no longer holds.
    ApprovalVoided {
        /// Why.
        reason: VoidReason,
    },
    /// A reviewer took the approval back.
    Withdrawn,
    /// A reviewer closed it without a reply.
    ClosedWithoutReply(CloseReason),
    /// An attempt begins.
    SendAttempted {
        /// Which attempt at this letter, from 1.
        attempt: u32,
        /// The letter's seal.
        seal: String,
    },
    /// The mail server took the letter.
    Sent {
        /// Its words.
        reply: String,
    },
    /// The mail server asks to come back later.
    SendDeferred {
        /// When.
        until: Timestamp,
        /// Why: a wording key.
        cause: String,
        /// Its words; may be empty.
        reply: String,
    },
    /// The mail server refused for good.
    SendFailed {
        /// Why: a wording key.
        cause: String,
        /// Its words; may be empty.
        reply: String,
    },
    /// Nobody knows whether the letter left.
    SendUncertain {
        /// Why: a wording key.
        cause: String,
        /// The technical side of it; may be empty.
        reply: String,
    },
    /// Somebody found out.
    UncertainSettled {
        /// What.
        outcome: Settlement,
    },
    /// Our letter was seen in Sent, or filed there.
    CopyFiled {
        /// The letter's digest.
        digest: String,
    },
    /// Staff answered the asker from their own mail program.
    AnsweredOutside(Outgoing),
    /// Staff wrote something here that answers nobody who asked.
    SentSeen(Outgoing),
    /// An outgoing message known before its question turned out to answer it.
    AnswerFound {
        /// The outgoing message.
        blob: BlobKey,
    },
    /// A letter came back.
    Bounced {
        /// The bounce.
        blob: BlobKey,
        /// The letter.
        letter: MessageId,
    },
    /// A link by headers to a thread of another organisation.
    LinkProposed {
        /// That thread.
        other: ThreadId,
    },
    /// A reviewer confirmed the link.
    LinkConfirmed {
        /// That thread.
        other: ThreadId,
    },
    /// A reviewer refused the link.
    LinkRefused {
        /// That thread.
        other: ThreadId,
    },
    /// This thread took another one over.
    Merged {
        /// The one that ends.
        from: ThreadId,
        /// As it stood.
        taken: Box<super::Thread>,
    },
    /// Another thread took this one over.
    MergedInto {
        /// The one that goes on.
        into: ThreadId,
    },
    /// A reviewer's correction says what a question asks: the classifier learns it.
    ExampleAdded {
        /// What it asks.
        label: Label,
        /// Its language.
        language: Language,
        /// Subject and newest text of the question.
        text: String,
        /// The event that brought the question.
        question: u64,
    },
    /// It is not to be learned any more.
    ExampleWithdrawn {
        /// The number of the event that added it.
        example: u64,
    },
    /// It went, without what names anybody, into the files of the library.
    ExampleAdopted {
        /// The number of the event that added it.
        example: u64,
    },
    /// A reviewer opened it again.
    Reopened,
    /// The content was destroyed, lawfully.
    Purged {
        /// The rule of the retention schedule.
        rule: String,
        /// Who ordered it.
        authority: String,
    },
}

impl Event {
    /// The name under which the chain knows it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Received(_) => "Received",
            Self::SetAside { .. } => "SetAside",
            Self::Noted { .. } => "Noted",
            Self::Classified { .. } => "Classified",
            Self::DraftPrepared { .. } => "DraftPrepared",
            Self::Claimed => "Claimed",
            Self::Released => "Released",
            Self::DraftEdited { .. } => "DraftEdited",
            Self::Reclassified { .. } => "Reclassified",
            Self::NoteAdded { .. } => "NoteAdded",
            Self::Approved(_) => "Approved",
            Self::ApprovalVoided { .. } => "ApprovalVoided",
            Self::Withdrawn => "Withdrawn",
            Self::ClosedWithoutReply(_) => "ClosedWithoutReply",
            Self::SendAttempted { .. } => "SendAttempted",
            Self::Sent { .. } => "Sent",
            Self::SendDeferred { .. } => "SendDeferred",
            Self::SendFailed { .. } => "SendFailed",
            Self::SendUncertain { .. } => "SendUncertain",
            Self::UncertainSettled { .. } => "UncertainSettled",
            Self::CopyFiled { .. } => "CopyFiled",
            Self::AnsweredOutside(_) => "AnsweredOutside",
            Self::SentSeen(_) => "SentSeen",
            Self::AnswerFound { .. } => "AnswerFound",
            Self::Bounced { .. } => "Bounced",
            Self::LinkProposed { .. } => "LinkProposed",
            Self::LinkConfirmed { .. } => "LinkConfirmed",
            Self::LinkRefused { .. } => "LinkRefused",
            Self::Merged { .. } => "Merged",
            Self::MergedInto { .. } => "MergedInto",
            Self::ExampleAdded { .. } => "ExampleAdded",
            Self::ExampleWithdrawn { .. } => "ExampleWithdrawn",
            Self::ExampleAdopted { .. } => "ExampleAdopted",
            Self::Reopened => "Reopened",
            Self::Purged { .. } => "Purged",
        }
    }

    /// The draft that it brought.
    #[must_use]
    pub fn into_draft(self) -> Option<Draft> {
        match self {
            Self::DraftPrepared { draft, .. }
            | Self::DraftEdited { draft }
            | Self::Reclassified { draft, .. } => Some(draft),
            _ => None,
        }
    }

    /// Whether it changes the letter or who may decide.
    #[must_use]
    pub fn raises_version(&self) -> bool {
        !matches!(
            self,
            Self::Claimed
                | Self::Released
                | Self::NoteAdded { .. }
                | Self::CopyFiled { .. }
                | Self::SendAttempted { .. }
                | Self::LinkProposed { .. }
                | Self::ExampleAdded { .. }
                | Self::ExampleWithdrawn { .. }
                | Self::ExampleAdopted { .. }
        )
    }
}

/// An event with its place in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its number in the journal, from 1.
    pub seq: u64,
    /// The thread.
    pub thread: ThreadId,
    /// When the journal took it, by our clock.
    pub recorded: Timestamp,
    /// When it happened; never later than `recorded`.
    pub occurred: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub event: Event,
}

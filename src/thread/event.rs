//! What can happen to a thread. Append-only: a variant is never changed, only added to.

use super::{
    Approval, Arrival, BlobKey, Doubt, Medium, NoteReason, Outgoing, ResumeReason, SetAsideReason, ThreadId,
    VoidReason,
};
use crate::classify::{Flag, Label, Level};
use crate::draft::{Adjustment, Draft};
use crate::message::{Address, MessageId};
use crate::organisation::Counterpart;
use crate::wording::Language;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
    /// A reviewer decided something beside the text: a copy, a file, an open field.
    DraftAdjusted {
        /// The draft as it stands now.
        draft: Draft,
        /// What was decided.
        what: Adjustment,
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
    /// A second person signed the very letter that was approved.
    SignedOff {
        /// The letter's seal.
        seal: String,
        /// Not before this moment.
        due: Timestamp,
    },
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
    /// Staff wrote to the asker that the answer will come.
    HoldingSent(Outgoing),
    /// A reviewer says whether a message of ours in Sent answers the question.
    OutsideJudged {
        /// The message.
        blob: BlobKey,
        /// Whether it does.
        answers: bool,
    },
    /// Somebody else was asked for an opinion; nothing changes for the asker.
    OpinionAsked {
        /// Who.
        to: Vec<Address>,
        /// The message in Sent, if it was asked by mail.
        message: Option<Outgoing>,
    },
    /// A colleague wrote in the thread: shown, never a question, never in a letter.
    OpinionReceived(Arrival),
    /// The asker owes us something; the clock stands still.
    AwaitingAsker {
        /// What, in the reviewer's words.
        reason: String,
    },
    /// The clock goes on.
    Resumed {
        /// Why.
        reason: ResumeReason,
    },
    /// Answered by telephone or in a meeting.
    AnsweredOtherwise {
        /// How.
        medium: Medium,
        /// What was said, in the reviewer's words.
        summary: String,
        /// The questions that it answers, by the events that brought them; none is named where it answers
        /// all that are open.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        questions: Vec<u64>,
    },
    /// A mail lay with somebody else first: the clock began earlier.
    ReceivedCorrected {
        /// The event that brought it.
        question: u64,
        /// When it was received in truth.
        received: Timestamp,
        /// Why, in the reviewer's words.
        reason: String,
    },
    /// A notice, or documents, that the organisation owed us; nothing is asked.
    Deposited {
        /// The message that brought it.
        blob: BlobKey,
        /// What it is about: the subject.
        project: String,
        /// The names of the documents.
        documents: Vec<String>,
    },
    /// The desk writes first: a thread without a question.
    Opened {
        /// To whom.
        counterpart: Counterpart,
        /// About what.
        subject: String,
    },
    /// A reviewer gave a draft up that is no answer.
    DraftDiscarded,
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
    /// Nobody may send this entry for now. Of the desk, not of a thread.
    EntrySuspended {
        /// The entry, in all its languages and wordings.
        entry: String,
        /// Why.
        reason: String,
    },
    /// It may be sent again. Of the desk, not of a thread.
    EntryResumed {
        /// The entry.
        entry: String,
    },
    /// Somebody proposed a new wording of an entry. Of the desk, not of a thread.
    TextProposed {
        /// Which text it would become: `fr/contact`.
        entry: String,
        /// Where it is kept, whole.
        blob: BlobKey,
    },
    /// A content owner made it the text. Of the desk, not of a thread.
    TextApproved {
        /// The number of the event that proposed it.
        proposal: u64,
        /// The version that it is.
        version: u32,
    },
    /// A content owner did not take it. Of the desk, not of a thread.
    TextDeclined {
        /// The number of the event that proposed it.
        proposal: u64,
        /// Why.
        reason: String,
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
            Self::DraftAdjusted { .. } => "DraftAdjusted",
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
            Self::SignedOff { .. } => "SignedOff",
            Self::HoldingSent(_) => "HoldingSent",
            Self::OutsideJudged { .. } => "OutsideJudged",
            Self::OpinionAsked { .. } => "OpinionAsked",
            Self::OpinionReceived(_) => "OpinionReceived",
            Self::AwaitingAsker { .. } => "AwaitingAsker",
            Self::Resumed { .. } => "Resumed",
            Self::AnsweredOtherwise { .. } => "AnsweredOtherwise",
            Self::ReceivedCorrected { .. } => "ReceivedCorrected",
            Self::Deposited { .. } => "Deposited",
            Self::Opened { .. } => "Opened",
            Self::DraftDiscarded => "DraftDiscarded",
            Self::Bounced { .. } => "Bounced",
            Self::LinkProposed { .. } => "LinkProposed",
            Self::LinkConfirmed { .. } => "LinkConfirmed",
            Self::LinkRefused { .. } => "LinkRefused",
            Self::Merged { .. } => "Merged",
            Self::MergedInto { .. } => "MergedInto",
            Self::ExampleAdded { .. } => "ExampleAdded",
            Self::ExampleWithdrawn { .. } => "ExampleWithdrawn",
            Self::ExampleAdopted { .. } => "ExampleAdopted",
            Self::EntrySuspended { .. } => "EntrySuspended",
            Self::EntryResumed { .. } => "EntryResumed",
            Self::TextProposed { .. } => "TextProposed",
            Self::TextApproved { .. } => "TextApproved",
            Self::TextDeclined { .. } => "TextDeclined",
            Self::Reopened => "Reopened",
            Self::Purged { .. } => "Purged",
        }
    }

    /// The message that it brought in.
    #[must_use]
    pub fn arrival(&self) -> Option<&Arrival> {
        match self {
            Self::Received(arrival) | Self::OpinionReceived(arrival) => Some(arrival),
            _ => None,
        }
    }

    /// The message of ours that it found in Sent.
    #[must_use]
    pub fn outgoing(&self) -> Option<&Outgoing> {
        match self {
            Self::AnsweredOutside(outgoing) | Self::SentSeen(outgoing) | Self::HoldingSent(outgoing) => {
                Some(outgoing)
            }
            Self::OpinionAsked { message, .. } => message.as_ref(),
            _ => None,
        }
    }

    /// The draft that it brought.
    #[must_use]
    pub fn into_draft(self) -> Option<Draft> {
        match self {
            Self::DraftPrepared { draft, .. }
            | Self::DraftEdited { draft }
            | Self::DraftAdjusted { draft, .. }
            | Self::Reclassified { draft, .. } => Some(draft),
            _ => None,
        }
    }

    /// Whether it belongs to the desk and to no thread.
    #[must_use]
    pub fn is_of_the_desk(&self) -> bool {
        matches!(
            self,
            Self::EntrySuspended { .. }
                | Self::EntryResumed { .. }
                | Self::TextProposed { .. }
                | Self::TextApproved { .. }
                | Self::TextDeclined { .. }
        )
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
                | Self::OpinionAsked { .. }
                | Self::OpinionReceived(_)
                | Self::SendAttempted { .. }
                | Self::LinkProposed { .. }
                | Self::ExampleAdded { .. }
                | Self::ExampleWithdrawn { .. }
                | Self::ExampleAdopted { .. }
        )
    }
}

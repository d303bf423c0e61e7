//! The life of one thread: [`State`], [`Event`], and [`Thread::apply`], which refuses wrong turns.
//!
//! Pure: the journal stores events and calls `apply`; the report folds the same events
//! again. A [`Thread`] holds nothing that its events do not say.

mod approval;
mod arrival;
mod event;
mod hindrance;
mod letters;
mod life;
mod mail;
mod outcome;
mod proposal;
mod question;
mod reason;
mod recorded;
mod suspension;
mod turns;

pub use approval::{Approval, ChangedText};
pub use arrival::{Arrival, Direction, Medium, Outgoing, Place};
pub use event::{CloseReason, Event, Settlement};
pub use hindrance::hindrance;
pub use outcome::{Doubt, Fate, LOOKED_AT, Outcome, outcomes};
pub use proposal::{Fate as ProposalFate, Proposed, proposals};
pub use question::{Answer, Channel, Pause, Question};
pub use reason::{NoteReason, ResumeReason, SetAsideReason, VoidReason};
pub use recorded::{Actor, Recorded};
pub use suspension::{DESK, Suspension, Suspensions};
pub use turns::WrongTurn;

use crate::classify::Level;
use crate::draft::LetterKind;
use crate::message::MessageId;
use crate::organisation::Counterpart;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A thread's number: given at first receipt, never reused, typed by people.
pub type ThreadId = u64;

/// SHA-256 of a message's raw bytes, in hex: the name of its blob.
pub type BlobKey = String;

/// Where a thread stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Mail has come and waits for triage.
    New,
    /// A person is asked to decide.
    ToReview,
    /// A second person is asked to sign.
    ToSign,
    /// A sealed letter waits for the end of its hold, or for its next attempt.
    Approved,
    /// An attempt has begun and its outcome is not known yet.
    Sending,
    /// Every question has its answer.
    Answered,
    /// Automatic or unreadable mail only.
    SetAside,
    /// Mail that asks us nothing.
    ForInformation,
    /// The asker owes us something.
    AwaitingAsker,
    /// A letter may or may not have left; a person settles it.
    Uncertain,
    /// The mail server refused the letter for good.
    Failed,
    /// Handed to another office.
    Transferred,
    /// Ended without a reply, or history.
    Closed,
}

impl State {
    /// All states, in the order of a thread's life.
    pub const ALL: [Self; 13] = [
        Self::New,
        Self::ToReview,
        Self::ToSign,
        Self::Approved,
        Self::Sending,
        Self::Answered,
        Self::SetAside,
        Self::ForInformation,
        Self::AwaitingAsker,
        Self::Uncertain,
        Self::Failed,
        Self::Transferred,
        Self::Closed,
    ];

    /// Where somebody has something to decide.
    pub const WAITING: [Self; 4] = [Self::ToReview, Self::ToSign, Self::Uncertain, Self::Failed];

    /// The name in JSON, config and wording keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::ToReview => "to-review",
            Self::ToSign => "to-sign",
            Self::Approved => "approved",
            Self::Sending => "sending",
            Self::Answered => "answered",
            Self::SetAside => "set-aside",
            Self::ForInformation => "for-information",
            Self::AwaitingAsker => "awaiting-asker",
            Self::Uncertain => "uncertain",
            Self::Failed => "failed",
            Self::Transferred => "transferred",
            Self::Closed => "closed",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for State {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.name() == name).ok_or(())
    }
}

/// Who has a thread in hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The reviewer.
    pub by: String,
    /// Since when.
    pub at: Timestamp,
}

/// A message of the thread, in the order in which the journal learnt of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its raw bytes.
    pub blob: BlobKey,
    /// From them or from us.
    pub direction: Direction,
    /// The number of the event that brought it.
    pub seq: u64,
    /// When the server received it, or when it was sent.
    pub occurred: Timestamp,
    /// Its Message-ID.
    pub message_id: MessageId,
    /// The ids that a message of ours cites, the last 20.
    pub cites: Vec<MessageId>,
    /// Whether a person wrote it to or for the asker; an opinion is not.
    pub human: bool,
    /// Whether a colleague wrote it: no letter quotes, cites or answers it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub opinion: bool,
}

/// What an organisation owed us and brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deposit {
    /// The event that brought it.
    pub seq: u64,
    /// When it came.
    pub at: Timestamp,
    /// What it is about: the subject.
    pub project: String,
    /// The names of the documents.
    pub documents: Vec<String>,
    /// When its acknowledgement left.
    pub acknowledged: Option<Timestamp>,
}

/// A sealed letter on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnItsWay {
    /// The number of the approval's event.
    pub seq: u64,
    /// Who approved.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Not before this moment.
    pub due: Timestamp,
    /// Digest of what was shown.
    pub digest: String,
    /// Seal of the bytes.
    pub seal: String,
    /// The blob that holds them.
    pub blob: BlobKey,
    /// The letter's Message-ID.
    pub message_id: MessageId,
    /// Whether a copy was seen in Sent before the outcome was known.
    pub copy_seen: bool,
    /// Attempts made.
    pub attempts: u32,
    /// The questions that it answers, by the events that brought them.
    pub questions: Vec<u64>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "LetterKind::is_answer")]
    pub kind: LetterKind,
    /// Who gave the second signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
}

/// A letter that left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentLetter {
    /// Its Message-ID, as we signed it.
    pub message_id: MessageId,
    /// Digest of what the reviewer saw: the value of `X-Greffier-Letter`.
    pub digest: String,
    /// The blob that holds its bytes.
    pub blob: BlobKey,
    /// When the server took it.
    pub at: Timestamp,
    /// Whether a copy was seen in Sent, or filed there.
    pub copy_filed: bool,
    /// What it was for.
    #[serde(default, skip_serializing_if = "LetterKind::is_answer")]
    pub kind: LetterKind,
    /// Whether a later letter put it right.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rectified: bool,
}

/// A thread as its events have left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// Its number.
    pub id: ThreadId,
    /// Rises with whatever changes the letter or who may decide.
    pub version: u64,
    /// Where it stands.
    pub state: State,
    /// Who writes to us here.
    pub counterpart: Counterpart,
    /// The subject of the first message.
    pub subject: String,
    /// When the first message came.
    pub received: Timestamp,
    /// How sure the last classification was.
    pub level: Option<Level>,
    /// The entries for the draft, in order.
    pub suggestions: Vec<String>,
    /// Whether a person has chosen the entries or written the text.
    pub chosen: bool,
    /// Its messages.
    pub messages: Vec<Line>,
    /// Its questions, oldest first.
    pub questions: Vec<Question>,
    /// The number of the event that holds the present draft.
    pub draft: Option<u64>,
    /// What the present draft is for.
    #[serde(default, skip_serializing_if = "LetterKind::is_answer")]
    pub draft_kind: LetterKind,
    /// Whether a person changed the draft's text.
    pub edited: bool,
    /// The approved letter that has not left yet.
    pub letter: Option<OnItsWay>,
    /// Letters that left, oldest first.
    pub sent: Vec<SentLetter>,
    /// What it brought that the organisation owed us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit: Option<Deposit>,
    /// When it was handed to another office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transferred: Option<Timestamp>,
    /// Who has it in hand.
    pub claim: Option<Claim>,
    /// Who had it in hand until the desk took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_by: Option<String>,
    /// Threads that may belong here; a person must say.
    pub links: Vec<ThreadId>,
    /// Threads that a person said do not belong here.
    pub refused_links: Vec<ThreadId>,
    /// The thread that took this one over.
    pub merged_into: Option<ThreadId>,
    /// Threads that this one took over.
    pub merged: Vec<ThreadId>,
    /// Why it was set aside, noted, failed or reopened: the last reason, as a wording key.
    pub reason: Option<String>,
    /// The mail server's words on the last attempt.
    pub server_said: Option<String>,
    /// Whether the content was destroyed by a recorded purge.
    pub purged: bool,
}

/// What a person must do before a draft may be approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacking {
    /// Choose among the entries.
    Choice,
    /// Choose an entry that nobody suggests, or write: the FAQ does not answer.
    Text,
}

impl Lacking {
    /// What a draft lacks; `None` if it may go as it is. Only an answer that is sure goes as it was prepared.
    #[must_use]
    pub fn of(kind: &LetterKind, level: Option<Level>, chosen: bool) -> Option<Self> {
        match level {
            _ if chosen || !kind.is_answer() => None,
            Some(Level::Sure) => None,
            Some(Level::Unsure) => Some(Self::Choice),
            Some(Level::None) | None => Some(Self::Text),
        }
    }

    /// The key of what to tell in a chat.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Choice => "chat-choose",
            Self::Text => "chat-off-faq",
        }
    }
}

impl Thread {
    /// The questions without an answer.
    pub fn open_questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(|question| question.is_open())
    }

    /// The message that a draft answers: the last one that a person wrote to us.
    #[must_use]
    pub fn last_human(&self) -> Option<&Line> {
        self.messages.iter().rev().find(|line| line.direction == Direction::Incoming && line.human)
    }

    /// The Message-IDs of colleagues' mail: no letter cites them.
    #[must_use]
    pub fn opinion_ids(&self) -> Vec<MessageId> {
        self.messages.iter().filter(|line| line.opinion).map(|line| line.message_id.clone()).collect()
    }

    /// Whether only mail that we sent is known of it.
    #[must_use]
    pub fn is_outgoing_only(&self) -> bool {
        self.messages.iter().all(|line| line.direction == Direction::Outgoing)
    }

    /// This thread's number and those it took over: where its events lie.
    pub fn numbers(&self) -> impl Iterator<Item = ThreadId> {
        std::iter::once(self.id).chain(self.merged.iter().copied())
    }
}

#[cfg(test)]
mod tests;

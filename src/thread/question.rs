//! A question and its clock: when it came, what was done, when it was answered.

use super::{BlobKey, Direction, Doubt, Line, Medium, Thread};
use crate::classify::{Flag, Level};
use crate::message::MessageId;
use crate::wording::Language;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where an answer was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// By a letter of ours.
    Inside,
    /// From the staff's own mail program.
    Outside,
    /// By telephone.
    Telephone,
    /// In a meeting.
    Meeting,
    /// In some other way.
    Other,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Inside, Self::Outside, Self::Telephone, Self::Meeting, Self::Other];

    /// The channel of an answer that did not come from here.
    #[must_use]
    pub fn of(medium: Medium) -> Self {
        match medium {
            Medium::Mail => Self::Outside,
            Medium::Telephone => Self::Telephone,
            Medium::Meeting => Self::Meeting,
            Medium::Other => Self::Other,
        }
    }
}

/// A time in which the asker owed us something: it counts for nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// From when.
    pub from: Timestamp,
    /// Until when; `None` while it lasts.
    pub to: Option<Timestamp>,
    /// What was owed, in the reviewer's words.
    pub reason: String,
}

/// What stopped a question's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// When the mail server took it.
    pub at: Timestamp,
    /// Where it was given.
    pub channel: Channel,
    /// The letter or the message that answered, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// Who approved it, for letters of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// One message of a person, as long as it is not known to ask nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its number in the thread, from 1.
    pub number: u32,
    /// The message.
    pub blob: BlobKey,
    /// The number of the event that brought it.
    pub seq: u64,
    /// When the server received it, or what a person has put right since: the clock starts.
    pub received: Timestamp,
    /// When the server received it, where a person has put that right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_here: Option<Timestamp>,
    /// The times in which its clock stood still, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// When it was handed to another office; it leaves the response times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transferred: Option<Timestamp>,
    /// Older than the day from which mail gets drafts.
    pub history: bool,
    /// Whether it asks us something, as far as is known.
    pub counts: bool,
    /// The entries that answer it: as suggested, then as approved.
    pub entries: Vec<String>,
    /// The language in which it is asked.
    #[serde(default)]
    pub language: Language,
    /// How sure the suggestion is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// What it asks for that takes a decision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// Why the suggestion is not believed to be sure, though the classifier is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
    /// Whether a person opened it again: it asks us something, whatever the classifier says.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asked_again: bool,
    /// When a draft was ready.
    pub drafted: Option<Timestamp>,
    /// When a reviewer took the thread in hand.
    pub claimed: Option<Timestamp>,
    /// When somebody else was first asked for an opinion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion_asked: Option<Timestamp>,
    /// When the last opinion came before the approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion_received: Option<Timestamp>,
    /// When the letter was approved.
    pub approved: Option<Timestamp>,
    /// When the second person signed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Timestamp>,
    /// How often its answer, its closing or its transfer was undone: opened again by a person, or the letter
    /// came back.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reopened: u32,
    /// What stopped the clock.
    pub answer: Option<Answer>,
    /// When it was closed without a reply.
    pub closed: Option<Timestamp>,
}

impl Question {
    pub(super) fn new(seq: u64, blob: BlobKey, received: Timestamp, history: bool) -> Self {
        Self {
            number: 0,
            blob,
            seq,
            received,
            received_here: None,
            pauses: Vec::new(),
            transferred: None,
            history,
            counts: true,
            entries: Vec::new(),
            language: Language::default(),
            level: None,
            flags: Vec::new(),
            doubts: Vec::new(),
            asked_again: false,
            drafted: None,
            claimed: None,
            opinion_asked: None,
            opinion_received: None,
            approved: None,
            signed: None,
            reopened: 0,
            answer: None,
            closed: None,
        }
    }

    /// Whether it still waits for us.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.history && self.is_unanswered()
    }

    /// Whether an answer may still stop its clock; history has a clock, too.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.counts && !self.is_over()
    }

    /// Somebody else is asked for an opinion.
    pub(super) fn ask_opinion(&mut self, at: Timestamp) {
        self.opinion_asked.get_or_insert(at);
    }

    /// An opinion came; what comes after the approval helped nobody to write the letter.
    pub(super) fn receive_opinion(&mut self, at: Timestamp) {
        if self.opinion_asked.is_some() && self.approved.is_none() {
            self.opinion_received = Some(at);
        }
    }

    /// The approval no longer holds.
    pub(super) fn unapprove(&mut self) {
        self.approved = None;
        self.signed = None;
    }

    /// Whether nobody waits for us any more: it was answered, closed, or handed to another office.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.answer.is_some() || self.closed.is_some() || self.transferred.is_some()
    }

    /// Its answer, its closing or its transfer no longer holds.
    pub(super) fn undo(&mut self) {
        if self.is_over() {
            self.reopened += 1;
        }
        self.answer = None;
        self.closed = None;
        self.transferred = None;
        self.unapprove();
    }

    /// The clock goes on, if it stands still.
    pub(super) fn resume(&mut self, at: Timestamp) {
        if let Some(pause) = self.pauses.last_mut() {
            pause.to.get_or_insert(at.max(pause.from));
        }
    }

    /// A person knows better when it came.
    pub(super) fn correct_receipt(&mut self, received: Timestamp) {
        self.received_here.get_or_insert(self.received);
        self.received = received;
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// A follow-up of fewer words than this says little by itself.
const SHORT: usize = 8;

impl Thread {
    /// Whether the message of the event `seq` follows something that we wrote, in a few words: « D’accord,
    /// mais pour nous ? ». It is read beside what was said before, and is never sure.
    #[must_use]
    pub fn is_short_follow_up(&self, seq: u64, text: &str) -> bool {
        let ours = |line: &Line| line.seq < seq && line.human && line.direction == Direction::Outgoing;
        text.split_whitespace().count() < SHORT && self.messages.iter().any(ours)
    }

    /// What its unanswered mail asks for that takes a decision, with the question that does.
    pub fn flags(&self) -> impl Iterator<Item = (&Question, &Flag)> {
        let waits = |question: &&Question| question.answer.is_none() && question.closed.is_none();
        self.questions
            .iter()
            .filter(waits)
            .flat_map(|question| question.flags.iter().map(move |flag| (question, flag)))
    }

    /// Since when, and for what, a clock stands still because whoever wrote owes us something.
    #[must_use]
    pub fn waiting_for(&self) -> Option<&Pause> {
        let mut last = self.open_questions().filter_map(|question| question.pauses.last());
        last.find(|pause| pause.to.is_none())
    }

    /// Whether something is open, and the asker owes us something for all that is.
    pub(super) fn all_stand_still(&self) -> bool {
        let stands_still =
            |question: &Question| question.pauses.last().is_some_and(|pause| pause.to.is_none());
        self.open_questions().next().is_some() && self.open_questions().all(stands_still)
    }

    /// Why its open questions are left to a person, though the classifier is sure; each entry once.
    #[must_use]
    pub fn doubts(&self) -> Vec<Doubt> {
        let mut doubts: Vec<Doubt> = Vec::new();
        for doubt in self.open_questions().flat_map(|question| &question.doubts) {
            if !doubts.iter().any(|known| known.entry == doubt.entry) {
                doubts.push(doubt.clone());
            }
        }
        doubts
    }

    /// One level and one list for all open questions: the least sure, each entry once. Where none is
    /// open (history, or answered meanwhile), those of the one that was just read.
    pub(super) fn sum_up(&mut self, level: Level, suggestions: &[String]) {
        let read: Vec<(Level, Vec<String>)> = self
            .open_questions()
            .filter_map(|question| Some((question.level?, question.entries.clone())))
            .collect();
        let read = if read.is_empty() { vec![(level, suggestions.to_vec())] } else { read };
        let all = |level| read.iter().all(|(of, _)| *of == level);
        // While a decision is asked for, no answer of this thread is a matter of course.
        let flagged = self.flags().next().is_some();
        self.level = Some(if all(Level::Sure) && !flagged {
            Level::Sure
        } else if all(Level::None) {
            Level::None
        } else {
            Level::Unsure
        });
        self.suggestions.clear();
        for entry in read.into_iter().flat_map(|(_, entries)| entries) {
            if !self.suggestions.contains(&entry) {
                self.suggestions.push(entry);
            }
        }
    }
}

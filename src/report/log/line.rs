//! One line of the log: numbers, names of entries and kinds. Nothing that names or quotes anybody.

use crate::calendar::Calendar;
use crate::config::Target;
use crate::journal::Turn;
use crate::organisation::Kind;
use crate::report::question::ResponseTime;
use crate::report::stage::StageTime;
use crate::thread::{Channel, Question};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// It was answered.
    Answered,
    /// It was closed without a reply.
    Closed,
    /// Its answer or its closing was undone.
    Reopened,
}

/// One line: `{"seq":…,"at":…,"what":"answered","thread":…,"question":…}` and the figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// The number of the event in the journal.
    pub seq: u64,
    /// When the journal took it.
    pub at: Timestamp,
    /// What became of the question.
    pub what: What,
    /// The thread.
    pub thread: u64,
    /// The number of the event that brought the question.
    pub received_seq: u64,
    /// The question's number in the thread, from 1.
    pub question: u32,
    /// The first entry.
    pub entry: Option<String>,
    /// What kind of organisation asked.
    pub kind: Option<Kind>,
    /// When the server received it.
    pub received: Timestamp,
    /// Where it was answered.
    pub answered: Option<Channel>,
    /// Seconds of wall time up to the answer, pauses left out.
    pub wall_seconds: Option<u64>,
    /// Seconds of them within business hours.
    pub business_seconds: Option<u64>,
    /// Seconds of pauses.
    pub paused_seconds: u64,
    /// Where they went.
    pub stages: Vec<StageTime>,
    /// Business days after the day of receipt.
    pub business_days: Option<u32>,
    /// Within how many it should be answered.
    pub target_days: u16,
    /// How often its answer or its closing was undone so far.
    pub reopened: u32,
}

impl LogLine {
    /// What an event says of its thread's questions. Past mail that was taken in says nothing: it was
    /// answered before the desk had its log.
    pub(super) fn of(turn: &Turn, calendar: &Calendar, target: &Target) -> Vec<Self> {
        let Some(before) = &turn.before else { return Vec::new() };
        let mut lines = Vec::new();
        for question in turn.after.questions.iter().filter(|question| question.counts && !question.history) {
            let earlier = before.questions.iter().find(|earlier| earlier.seq == question.seq);
            let Some(what) = earlier.and_then(|earlier| what(earlier, question)) else { continue };
            let Ok(line) = ResponseTime::of(&turn.after, question, &[], calendar, target) else { continue };
            lines.push(Self {
                seq: turn.recorded.seq,
                at: turn.recorded.recorded,
                what,
                thread: line.thread,
                received_seq: question.seq,
                question: line.question,
                entry: line.entry,
                kind: line.kind,
                received: line.received,
                answered: line.answered,
                wall_seconds: line.wall_seconds,
                business_seconds: line.business_seconds,
                paused_seconds: line.paused_seconds,
                stages: line.stages,
                business_days: line.business_days,
                target_days: line.target_days,
                reopened: line.reopened,
            });
        }
        lines.sort_by_key(|line| line.received_seq);
        lines
    }
}

fn what(before: &Question, after: &Question) -> Option<What> {
    let over = |question: &Question| question.answer.is_some() || question.closed.is_some();
    if before.answer.is_none() && after.answer.is_some() {
        Some(What::Answered)
    } else if before.closed.is_none() && after.closed.is_some() {
        Some(What::Closed)
    } else {
        (over(before) && !over(after)).then_some(What::Reopened)
    }
}

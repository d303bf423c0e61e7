//! One line of the log: numbers, names of entries and kinds. Nothing that names or quotes anybody.

use crate::calendar::{BeyondCalendar, Calendar};
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
    /// Its answer, its closing or its transfer to another office was undone.
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
    /// Seconds of wall time up to the answer, pauses left out. No figure of a line is known, and the seconds
    /// of pauses are 0, where the calendar does not list the years of the question.
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
            let line = Self::without_figures(turn, question, what, target);
            lines.push(match ResponseTime::of(&turn.after, question, &[], calendar, target) {
                Ok(figures) => Self {
                    wall_seconds: figures.wall_seconds,
                    business_seconds: figures.business_seconds,
                    paused_seconds: figures.paused_seconds,
                    stages: figures.stages,
                    business_days: figures.business_days,
                    ..line
                },
                // The calendar does not list its years; that it was answered must not be lost.
                Err(BeyondCalendar { .. }) => line,
            });
        }
        lines.sort_by_key(|line| line.received_seq);
        lines
    }

    fn without_figures(turn: &Turn, question: &Question, what: What, target: &Target) -> Self {
        let (entry, kind) = (question.entries.first().cloned(), turn.after.counterpart.kind);
        Self {
            seq: turn.recorded.seq,
            at: turn.recorded.recorded,
            what,
            thread: turn.after.id,
            received_seq: question.seq,
            question: question.number,
            target_days: target.days_for(entry.as_deref(), kind),
            entry,
            kind,
            received: question.received,
            answered: question.answer.as_ref().map(|answer| answer.channel),
            wall_seconds: None,
            business_seconds: None,
            paused_seconds: 0,
            stages: Vec::new(),
            business_days: None,
            reopened: question.reopened,
        }
    }
}

fn what(before: &Question, after: &Question) -> Option<What> {
    if before.answer.is_none() && after.answer.is_some() {
        Some(What::Answered)
    } else if before.closed.is_none() && after.closed.is_some() {
        Some(What::Closed)
    } else {
        (before.is_over() && !after.is_over()).then_some(What::Reopened)
    }
}

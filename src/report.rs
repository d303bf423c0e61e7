//! Response times, read from the events alone.
//!
//! A question's clock starts when the server received it and stops when the mail
//! server accepted an approved letter, or when a reply made outside was sent. Wall
//! and business time stand side by side; nothing here is kept, all of it can be
//! computed again.

mod csv;
mod deposits;
mod gaps;
mod replay;
mod told;

pub use csv::csv;
pub use deposits::DepositLine;
pub use gaps::MissingEntry;
pub use replay::{Changed, Reading, Replayed, Verdict};
pub use told::ToldLine;

use crate::calendar::{self, BeyondCalendar, Calendar};
use crate::journal::{Fault, Journal};
use crate::thread::{Channel, Question, Thread};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which questions: received from the first to the last day, both included, in the calendar's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Period {
    /// The first day; from the beginning, if `None`.
    pub from: Option<Date>,
    /// The last day; to the end, if `None`.
    pub to: Option<Date>,
}

impl Period {
    fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| day >= from) && self.to.is_none_or(|to| day <= to)
    }
}

/// One question: `greffier report response-times --format json` writes one a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseTime {
    /// The thread.
    pub thread: u64,
    /// The question's number in the thread, from 1.
    pub question: u32,
    /// Who asked.
    pub organisation: String,
    /// The first entry.
    pub entry: Option<String>,
    /// All entries, in the order of the letter.
    pub entries: Vec<String>,
    /// When the server received it.
    pub received: Timestamp,
    /// When a draft was ready.
    pub drafted: Option<Timestamp>,
    /// When a reviewer took it in hand.
    pub claimed: Option<Timestamp>,
    /// When the letter was approved.
    pub approved: Option<Timestamp>,
    /// When the mail server took the answer.
    pub handed_over: Option<Timestamp>,
    /// Where it was answered; `None` while it is open or closed without a reply.
    pub answered: Option<Channel>,
    /// Seconds of wall time in which the asker owed us something; no part of the two figures below.
    #[serde(default)]
    pub paused_seconds: u64,
    /// Seconds from receipt to answer.
    pub wall_seconds: Option<u64>,
    /// Seconds of them within business hours.
    pub business_seconds: Option<u64>,
    /// Who approved, if the config lets reports say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewer: Option<String>,
}

/// How figures are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// By the first entry.
    Entry,
    /// By who asked.
    Organisation,
    /// By the day of receipt.
    Day,
}

/// The figures of one group of answered questions. Quantiles by nearest rank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// What the group has in common.
    pub group: String,
    /// Answered questions.
    pub count: usize,
    /// Median of the seconds of wall time.
    pub wall_median: u64,
    /// Median of the seconds of business time.
    pub business_median: u64,
    /// 90th percentile of the seconds of business time.
    pub business_p90: u64,
    /// Longest, in seconds of business time.
    pub business_max: u64,
}

/// Reads the figures.
#[derive(Debug, Clone)]
pub struct Report {
    /// The journal.
    pub journal: Arc<Journal>,
    /// Business time.
    pub calendar: Arc<Calendar>,
    /// Whether lines name reviewers.
    pub by_person: bool,
}

/// What keeps a report from being made.
#[derive(Debug, thiserror::Error)]
pub enum Unreported {
    /// The store.
    #[error(transparent)]
    Store(#[from] Fault),
    /// A question lies beyond the years of the calendar.
    #[error(transparent)]
    Beyond(#[from] BeyondCalendar),
}

impl Report {
    /// A line for every question of the period, in the order of receipt.
    ///
    /// # Errors
    /// If the store cannot be read, or a question lies beyond the calendar.
    pub fn response_times(&self, period: &Period) -> Result<Vec<ResponseTime>, Unreported> {
        let mut lines = Vec::new();
        for thread in self.journal.folded()? {
            if thread.merged_into.is_none() {
                self.lines_of(&thread, period, &mut lines)?;
            }
        }
        lines.sort_by_key(|line| (line.received, line.thread, line.question));
        Ok(lines)
    }

    fn lines_of(
        &self,
        thread: &Thread,
        period: &Period,
        lines: &mut Vec<ResponseTime>,
    ) -> Result<(), Unreported> {
        for question in &thread.questions {
            let day = self.calendar.date_of(question.received);
            let silent_history = question.history && question.answer.is_none();
            let elsewhere = question.transferred.is_some();
            if !question.counts || elsewhere || silent_history || !period.holds(day) {
                continue;
            }
            let answer = question.answer.as_ref();
            let taken = match answer {
                Some(answer) => Some(self.taken(question, answer.at)?),
                None => None,
            };
            lines.push(ResponseTime {
                thread: thread.id,
                question: question.number,
                organisation: thread.counterpart.name.clone(),
                entry: question.entries.first().cloned(),
                entries: question.entries.clone(),
                received: question.received,
                drafted: question.drafted,
                claimed: question.claimed,
                approved: question.approved,
                handed_over: answer.map(|answer| answer.at),
                answered: answer.map(|answer| answer.channel),
                wall_seconds: taken.map(|(wall, _)| wall),
                business_seconds: taken.map(|(_, business)| business),
                paused_seconds: pauses(question, answer.map(|answer| answer.at))
                    .map(|(from, to)| calendar::wall(from, to).as_secs())
                    .sum(),
                reviewer: answer.and_then(|answer| answer.by.clone()).filter(|_| self.by_person),
            });
        }
        Ok(())
    }

    /// Seconds of wall and of business time up to the answer, without those in which the clock stood still.
    fn taken(&self, question: &Question, answered: Timestamp) -> Result<(u64, u64), BeyondCalendar> {
        let mut wall = calendar::wall(question.received, answered).as_secs();
        let mut business = self.calendar.business_between(question.received, answered)?.as_secs();
        for (from, to) in pauses(question, Some(answered)) {
            wall = wall.saturating_sub(calendar::wall(from, to).as_secs());
            business = business.saturating_sub(self.calendar.business_between(from, to)?.as_secs());
        }
        Ok((wall, business))
    }

    /// The figures of answered questions, put together by `by`.
    #[must_use]
    pub fn figures(&self, lines: &[ResponseTime], by: By) -> Vec<Figures> {
        let mut groups: BTreeMap<String, Vec<(u64, u64)>> = BTreeMap::new();
        for line in lines {
            let (Some(wall), Some(business)) = (line.wall_seconds, line.business_seconds) else { continue };
            let group = match by {
                By::Entry => line.entry.clone().unwrap_or_default(),
                By::Organisation => line.organisation.clone(),
                By::Day => self.calendar.date_of(line.received).to_string(),
            };
            groups.entry(group).or_default().push((wall, business));
        }
        let figures = |(group, times): (String, Vec<(u64, u64)>)| {
            let (mut wall, mut business): (Vec<u64>, Vec<u64>) = times.into_iter().unzip();
            wall.sort_unstable();
            business.sort_unstable();
            Figures {
                group,
                count: wall.len(),
                wall_median: rank(&wall, 50),
                business_median: rank(&business, 50),
                business_p90: rank(&business, 90),
                business_max: rank(&business, 100),
            }
        };
        groups.into_iter().map(figures).collect()
    }
}

/// The times in which the clock stood still, up to the answer.
fn pauses(question: &Question, answered: Option<Timestamp>) -> impl Iterator<Item = (Timestamp, Timestamp)> {
    question.pauses.iter().filter_map(move |pause| Some((pause.from, pause.to.or(answered)?)))
}

/// The nearest-rank percentile of sorted values; 0 for none.
fn rank(sorted: &[u64], percent: usize) -> u64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::rank;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        assert_eq!(rank(&[1, 2, 3, 4], 50), 2);
        assert_eq!(rank(&[1, 2, 3, 4, 5], 50), 3);
        assert_eq!(rank(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90), 9);
        assert_eq!(rank(&[7], 90), 7);
        assert_eq!(rank(&[], 50), 0);
    }
}

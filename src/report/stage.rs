//! Where the time of one question went: the stages from receipt to answer, without the pauses.
//!
//! Every stage ends with something that happened. The time up to it is read off one watch that stands
//! still in pauses, and a stage is the difference of two readings: so the stages add up to the whole,
//! to the second, by the clock on the wall and by business hours alike.

use crate::calendar::{self, BeyondCalendar, Calendar};
use crate::thread::{Channel, Pause, Question};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use std::time::Duration;

/// One part of the way from a question to its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Received → draft ready: the machine.
    Draft,
    /// Draft ready → taken in hand by a person. Whoever asks for an opinion or approves without a claim takes it
    /// in hand by that.
    Claim,
    /// Taken in hand → approved, without the time for which an opinion was awaited.
    Writing,
    /// Opinion asked → opinion received.
    Opinion,
    /// Approved → signed by a second person.
    Signature,
    /// Approved, or signed → taken by the mail server: the hold and the server.
    Delivery,
    /// Up to an answer that was given elsewhere, from the last stage that is known.
    Elsewhere,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Claim,
        Self::Writing,
        Self::Opinion,
        Self::Signature,
        Self::Delivery,
        Self::Elsewhere,
    ];

    /// The name in JSON and in wording keys.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Claim => "claim",
            Self::Writing => "writing",
            Self::Opinion => "opinion",
            Self::Signature => "signature",
            Self::Delivery => "delivery",
            Self::Elsewhere => "elsewhere",
        }
    }
}

impl FromStr for Stage {
    type Err = ();

    fn from_str(key: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|stage| stage.key() == key).ok_or(())
    }
}

/// How long a stretch took. Seconds, pauses left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Taken {
    /// By the clock on the wall.
    pub wall_seconds: u64,
    /// Within business hours.
    pub business_seconds: u64,
}

/// How long one stage took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageTime {
    /// Which.
    pub stage: Stage,
    /// How long.
    #[serde(flatten)]
    pub taken: Taken,
}

/// The clock of one question.
pub(super) struct Watch<'a> {
    pub calendar: &'a Calendar,
    /// When it was started.
    pub received: Timestamp,
    /// When it stood still.
    pub pauses: &'a [Pause],
}

impl Watch<'_> {
    /// What it shows at a moment.
    pub fn at(&self, moment: Timestamp) -> Result<Taken, BeyondCalendar> {
        let start = self.received;
        let mut wall = calendar::wall(start, moment);
        let mut business = self.calendar.business_between(start, moment)?;
        for (from, to) in self.pauses(moment) {
            wall = wall.saturating_sub(calendar::wall(from, to));
            business = business.saturating_sub(self.calendar.business_between(from, to)?);
        }
        Ok(Taken { wall_seconds: wall.as_secs(), business_seconds: business.as_secs() })
    }

    /// For how long it has stood still by then.
    pub fn paused(&self, moment: Timestamp) -> Duration {
        self.pauses(moment).map(|(from, to)| calendar::wall(from, to)).sum()
    }

    /// The business days after the day of receipt, up to and with the day of `moment`; one on which the clock
    /// stood still during all of its hours does not count.
    pub fn business_days(&self, moment: Timestamp) -> Result<u32, BeyondCalendar> {
        self.days(moment, moment)
    }

    /// The same of a question that is open: while its clock stands still, the present day is not half over but
    /// not begun, or the question would be late by day and in time again in the evening.
    pub fn business_days_so_far(&self, now: Timestamp) -> Result<u32, BeyondCalendar> {
        let today = self.calendar.day(self.calendar.date_of(now));
        self.days(now, today.map_or(now, |(_, ends)| ends))
    }

    /// The business days up to `moment`, where a pause that lasts reaches to `lasting`.
    fn days(&self, moment: Timestamp, lasting: Timestamp) -> Result<u32, BeyondCalendar> {
        let (start, last) = (self.received, self.calendar.date_of(moment));
        let mut days = self.calendar.business_days(self.calendar.date_of(start), last)?;
        for (from, to) in self.stretches(moment, lasting) {
            let mut day = self.calendar.date_of(from);
            while day <= self.calendar.date_of(to) {
                let Some((begins, ends)) = self.calendar.day(day) else { break };
                let open = self.calendar.business_between(begins, ends)?;
                let still = self.calendar.business_between(from.max(begins), to.min(ends))?;
                if day > self.calendar.date_of(start) && !open.is_zero() && still == open {
                    days = days.saturating_sub(1);
                }
                day = day.tomorrow().unwrap_or(jiff::civil::Date::MAX);
            }
        }
        Ok(days)
    }

    /// The stages up to the answer, in order, each once; nothing before there is one.
    pub fn stages(&self, question: &Question) -> Result<Vec<StageTime>, BeyondCalendar> {
        let mut stages: Vec<StageTime> = Vec::new();
        let mut before = Taken::default();
        for (stage, moment) in milestones(question) {
            let now = self.at(moment)?;
            // A milestone that came out of order ends a stage that took no time.
            let now = Taken {
                wall_seconds: now.wall_seconds.max(before.wall_seconds),
                business_seconds: now.business_seconds.max(before.business_seconds),
            };
            let taken = Taken {
                wall_seconds: now.wall_seconds - before.wall_seconds,
                business_seconds: now.business_seconds - before.business_seconds,
            };
            match stages.iter_mut().find(|of| of.stage == stage) {
                Some(of) => {
                    of.taken.wall_seconds += taken.wall_seconds;
                    of.taken.business_seconds += taken.business_seconds;
                }
                None => stages.push(StageTime { stage, taken }),
            }
            before = now;
        }
        Ok(stages)
    }

    /// The times in which it stood still by `moment`, none before receipt.
    fn pauses(&self, moment: Timestamp) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        self.stretches(moment, moment)
    }

    /// The same, where a pause that lasts reaches to `lasting`.
    fn stretches(
        &self,
        moment: Timestamp,
        lasting: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let start = self.received;
        self.pauses.iter().filter_map(move |pause| {
            let (from, to) = (pause.from.max(start), pause.to.map_or(lasting, |to| to.min(moment)));
            (from < to).then_some((from, to))
        })
    }
}

/// What ended each stage, the answer last.
fn milestones(question: &Question) -> Vec<(Stage, Timestamp)> {
    let Some(answer) = &question.answer else { return Vec::new() };
    let inside = answer.channel == Channel::Inside;
    // What a letter of ours left behind says nothing of an answer that was given elsewhere.
    let approved = question.approved.filter(|_| inside);
    let in_hand = [question.claimed, question.opinion_asked, approved].into_iter().flatten().min();
    let opinion = question.opinion_received.and(question.opinion_asked);
    let found = [
        (Stage::Draft, question.drafted),
        (Stage::Claim, in_hand),
        (Stage::Writing, opinion),
        (Stage::Opinion, question.opinion_received),
        (Stage::Writing, approved),
        (Stage::Signature, question.signed.filter(|_| inside)),
    ];
    let mut milestones: Vec<(Stage, Timestamp)> = found
        .into_iter()
        .filter_map(|(stage, at)| Some((stage, at.filter(|at| *at <= answer.at)?)))
        .collect();
    milestones.push((if inside { Stage::Delivery } else { Stage::Elsewhere }, answer.at));
    milestones
}

#[cfg(test)]
mod tests;

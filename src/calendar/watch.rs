//! The clock of one question: it starts at receipt and stands still while the asker owes us something.
//! Whatever tells how old a question is, or whether it is late, reads it here.

use super::{BeyondCalendar, Calendar};
use crate::thread::{Pause, Question, Thread};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a stretch took. Seconds, pauses left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Taken {
    /// By the clock on the wall.
    pub wall_seconds: u64,
    /// Within business hours.
    pub business_seconds: u64,
}

/// The clock of one question, or of a thread that asks nothing.
#[derive(Debug, Clone, Copy)]
pub struct Watch<'a> {
    /// Business time.
    pub calendar: &'a Calendar,
    /// When it was started.
    pub received: Timestamp,
    /// When it stood still.
    pub pauses: &'a [Pause],
}

impl<'a> Watch<'a> {
    /// A question's.
    #[must_use]
    pub fn of(question: &'a Question, calendar: &'a Calendar) -> Self {
        Self { calendar, received: question.received, pauses: &question.pauses }
    }

    /// That of a thread: its oldest open question's, or else one that was started when the thread came.
    #[must_use]
    pub fn of_thread(thread: &'a Thread, calendar: &'a Calendar) -> Self {
        let oldest = thread.open_questions().min_by_key(|question| question.received);
        let whole = Self { calendar, received: thread.received, pauses: &[] };
        oldest.map_or(whole, |question| Self::of(question, calendar))
    }

    /// What it shows at a moment.
    ///
    /// # Errors
    /// If the calendar does not reach that far.
    pub fn at(&self, moment: Timestamp) -> Result<Taken, BeyondCalendar> {
        let start = self.received;
        let mut wall = super::wall(start, moment);
        let mut business = self.calendar.business_between(start, moment)?;
        for (from, to) in self.pauses(moment) {
            wall = wall.saturating_sub(super::wall(from, to));
            business = business.saturating_sub(self.calendar.business_between(from, to)?);
        }
        Ok(Taken { wall_seconds: wall.as_secs(), business_seconds: business.as_secs() })
    }

    /// For how long it has stood still by then.
    #[must_use]
    pub fn paused(&self, moment: Timestamp) -> Duration {
        self.pauses(moment).map(|(from, to)| super::wall(from, to)).sum()
    }

    /// The business days after the day of receipt, up to and with the day of `moment`; one on which the clock
    /// stood still during all of its hours does not count.
    ///
    /// # Errors
    /// If the calendar does not reach that far.
    pub fn business_days(&self, moment: Timestamp) -> Result<u32, BeyondCalendar> {
        self.days(moment, moment)
    }

    /// The same of a question that is open: while its clock stands still, the present day is not half over but
    /// not begun, or the question would be late by day and in time again in the evening.
    ///
    /// # Errors
    /// If the calendar does not reach that far.
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
            // Up to the last day and no further: the next one may lie in a year that is not listed.
            while day <= last.min(self.calendar.date_of(to)) {
                let open = self.calendar.business_on(day, Timestamp::MIN, Timestamp::MAX)?;
                let still = self.calendar.business_on(day, from, to)?;
                if day > self.calendar.date_of(start) && !open.is_zero() && still == open {
                    days = days.saturating_sub(1);
                }
                let Ok(next) = day.tomorrow() else { break };
                day = next;
            }
        }
        Ok(days)
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

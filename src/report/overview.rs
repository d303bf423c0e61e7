//! All that a page or a file shows at once.

use super::figures::{self, Band, By, Figures, StageFigures};
use super::question::ResponseTime;
use super::scope::{Period, Scope};
use crate::calendar::Calendar;
use crate::config::Target;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many of the oldest open questions are shown.
pub const OLDEST: usize = 20;

/// A trend is shown by day up to this many days, then by week, then by month.
const DAILY: i32 = 31;
const WEEKLY: i32 = 190;

/// What a report of a period comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Which questions.
    pub scope: Scope,
    /// As they stood at this moment.
    pub as_of: Timestamp,
    /// What is aimed at.
    pub target: Wanted,
    /// All of them together.
    pub headline: Figures,
    /// How the trend is cut.
    pub trend_by: By,
    /// The figures over time.
    pub trend: Vec<Figures>,
    /// How many answers took how many business days.
    pub distribution: Vec<Band>,
    /// Where the time went.
    pub stages: Vec<StageFigures>,
    /// How the table is put together.
    pub by: By,
    /// The table.
    pub groups: Vec<Figures>,
    /// The open questions that wait longest by business time, [`OLDEST`] of them.
    pub oldest: Vec<ResponseTime>,
    /// The first year whose holidays nobody has confirmed and on which figures rest: they are provisional.
    pub unconfirmed: Option<i16>,
}

/// What is aimed at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// Business days after the day of receipt, where nothing else is said.
    pub business_days: u16,
    /// Whether entries or kinds of organisation have days of their own.
    pub varies: bool,
    /// The share that should be answered within them.
    pub share: f64,
}

impl Overview {
    pub(super) fn of(
        scope: &Scope,
        by: By,
        lines: &[&ResponseTime],
        now: Timestamp,
        calendar: &Calendar,
        target: &Target,
    ) -> Self {
        let trend_by = trend_by(scope.period, lines, calendar);
        let groups = |by| figures::groups(lines.iter().copied(), by, calendar);
        let mut open: Vec<&&ResponseTime> = lines.iter().filter(|line| line.is_open()).collect();
        open.sort_by_key(|line| {
            std::cmp::Reverse(line.age.map(|age| (age.taken.business_seconds, age.taken.wall_seconds)))
        });
        Self {
            scope: scope.clone(),
            as_of: now,
            target: Wanted {
                business_days: target.business_days,
                varies: !target.entries.is_empty() || !target.kinds.is_empty(),
                share: target.share,
            },
            headline: Figures::of(String::new(), lines),
            trend_by,
            trend: groups(trend_by),
            distribution: figures::distribution(lines),
            stages: figures::stages(lines),
            by,
            groups: groups(by),
            oldest: open.into_iter().take(OLDEST).map(|line| (*line).clone()).collect(),
            unconfirmed: lines.iter().find_map(|line| line.unconfirmed(calendar, now)),
        }
    }
}

fn trend_by(period: Period, lines: &[&ResponseTime], calendar: &Calendar) -> By {
    let day = |line: &&ResponseTime| calendar.date_of(line.received);
    let first = period.from.or_else(|| lines.first().map(day));
    let last = period.to.or_else(|| lines.last().map(day));
    let days = first.zip(last).and_then(|(first, last)| Some(first.until(last).ok()?.get_days()));
    match days.unwrap_or_default() {
        ..=DAILY => By::Day,
        days if days <= WEEKLY => By::Week,
        _ => By::Month,
    }
}

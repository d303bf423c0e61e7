//! Hours and holidays: how much of a stretch of time was business time.
//!
//! Reports call it for every question. The same table and the same two moments give the
//! same figure on every machine: the zone's data are those compiled into the program. A
//! year that the table does not list is an error, never a guess.

mod holidays;
#[cfg(test)]
mod tests;
mod watch;

pub use holidays::{Holiday, proposed};
pub use watch::{Taken, Watch};

use crate::tables::{Form, ProblemKind, Reader, Table};
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan as _};
use std::collections::BTreeMap;
use std::time::Duration;

pub use crate::tables::Problem;

/// The calendar shipped with the program, used where the operator has none.
pub const DEFAULT: &str = include_str!("../config/calendar.toml");

/// How many days before the end of the confirmed years the operator is told.
const WARNING_DAYS: i32 = 90;

const DAYS: &[(&str, Weekday)] = &[
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// The calendar does not reach this year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the calendar does not reach the year {year}")]
pub struct BeyondCalendar {
    /// The first year of the stretch that is not in the calendar.
    pub year: i16,
}

/// The confirmed years end, or have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// On this day.
    Soon {
        /// The last confirmed day.
        day: Date,
    },
    /// Nobody has confirmed this year, which is the present one.
    Unconfirmed {
        /// The year.
        year: i16,
    },
}

/// Hours, holidays and the zone in which they hold.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    /// From this date on → the spans of a week, in order.
    weeks: BTreeMap<Date, Vec<Span>>,
    years: BTreeMap<i16, Year>,
    /// Day → what the days up to its end come to, all listed years in a row.
    up_to: BTreeMap<Date, Sum>,
}

/// What the days up to one come to.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    time: Duration,
    /// Days with business hours.
    days: u32,
}

/// Opening hours of one weekday.
#[derive(Debug, Clone, Copy)]
struct Span {
    day: Weekday,
    start: Time,
    end: Time,
}

#[derive(Debug, Clone)]
struct Year {
    confirmed: bool,
    holidays: BTreeMap<Date, String>,
}

impl Calendar {
    /// Reads the table.
    ///
    /// # Errors
    /// Every problem of the text, in the order of the lines.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let (mut reader, mut root) = Reader::open(text)?;
        let zone = reader.string(&mut root, "zone").and_then(|(line, name)| {
            let zone = TimeZoneDatabase::bundled().get(&name).ok();
            if zone.is_none() {
                reader.problem(line, ProblemKind::Wrong("zone".to_owned(), Form::Zone));
            }
            zone
        });
        let mut calendar = Self {
            zone: zone.unwrap_or(TimeZone::UTC),
            weeks: BTreeMap::new(),
            years: BTreeMap::new(),
            up_to: BTreeMap::new(),
        };
        for hours in reader.tables(&mut root, "hours") {
            calendar.add_hours(&mut reader, hours);
        }
        let years = reader.tables(&mut root, "year");
        if years.is_empty() {
            reader.problem(None, ProblemKind::NoYears);
        }
        for year in years {
            calendar.add_year(&mut reader, year);
        }
        reader.close(root);
        calendar.sum_up();
        reader.finish(calendar)
    }

    fn add_hours<'a>(&mut self, reader: &mut Reader<'a>, mut hours: Table<'a>) {
        let from = reader.date(&mut hours, "from");
        let days = reader.some_of(&mut hours, "days", DAYS);
        let start = reader.time(&mut hours, "start");
        let end = reader.time(&mut hours, "end");
        let line = hours.line;
        reader.close(hours);
        let (Some((_, from)), Some(start), Some(end)) = (from, start, end) else { return };
        let week = self.weeks.entry(from).or_default();
        for day in days {
            let clash = week.iter().any(|span| span.day == day && start < span.end && span.start < end);
            if start >= end || clash {
                reader.problem(line, ProblemKind::HoursClash);
                return;
            }
            week.push(Span { day, start, end });
        }
        week.sort_by_key(|span| (span.day.to_monday_zero_offset(), span.start));
    }

    fn add_year<'a>(&mut self, reader: &mut Reader<'a>, mut from: Table<'a>) {
        let year = reader.year(&mut from, "year");
        let confirmed = reader.flag(&mut from, "confirmed");
        let of_rule = !from.has("holidays");
        let mut holidays: BTreeMap<Date, String> = match year {
            Some((_, year)) if of_rule => {
                proposed(year).into_iter().map(|holiday| (holiday.date, holiday.name.to_owned())).collect()
            }
            _ => BTreeMap::new(),
        };
        for mut removed in reader.tables(&mut from, "remove") {
            let date = reader.date(&mut removed, "date");
            reader.close(removed);
            if let Some((line, date)) = date
                && holidays.remove(&date).is_none()
            {
                reader.problem(line, ProblemKind::NoHoliday(date));
            }
        }
        let listed = reader.tables(&mut from, "holidays");
        for mut holiday in listed.into_iter().chain(reader.tables(&mut from, "add")) {
            let date = reader.date(&mut holiday, "date");
            let name = reader.string(&mut holiday, "name");
            reader.close(holiday);
            let (Some((line, date)), Some((_, name))) = (date, name) else { continue };
            if year.is_some_and(|(_, year)| year != date.year()) {
                reader.problem(line, ProblemKind::OtherYear(date));
            }
            if holidays.insert(date, name).is_some() {
                reader.problem(line, ProblemKind::Twice(date.to_string()));
            }
        }
        reader.close(from);
        let Some((line, year)) = year else { return };
        let confirmed = confirmed.unwrap_or_default();
        if self.weeks.keys().next().is_none_or(|from| *from > Date::constant(year, 1, 1)) {
            reader.problem(line, ProblemKind::NoHours(year));
        }
        if self.years.insert(year, Year { confirmed, holidays }).is_some() {
            reader.problem(line, ProblemKind::Twice(year.to_string()));
        }
    }

    /// The zone in which days begin and end.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The day on which `moment` lies, here.
    #[must_use]
    pub fn date_of(&self, moment: Timestamp) -> Date {
        self.zone.to_datetime(moment).date()
    }

    /// Whether the calendar knows the year of `date`.
    #[must_use]
    pub fn covers(&self, date: Date) -> bool {
        self.years.contains_key(&date.year())
    }

    /// Whether the calendar knows this year.
    #[must_use]
    pub fn lists(&self, year: i16) -> bool {
        self.years.contains_key(&year)
    }

    /// The years that the calendar knows, and whether somebody compared them with the
    /// published calendar.
    pub fn years(&self) -> impl Iterator<Item = (i16, bool)> {
        self.years.iter().map(|(year, of)| (*year, of.confirmed))
    }

    /// The first year from `start` to `end` that nobody has confirmed, listed or not.
    #[must_use]
    pub fn unconfirmed(&self, start: Timestamp, end: Timestamp) -> Option<i16> {
        let years = self.date_of(start).year()..=self.date_of(end.max(start)).year();
        years.into_iter().find(|year| self.years.get(year).is_none_or(|of| !of.confirmed))
    }

    /// What the operator should be told on this day about the years to come: from 90 days before
    /// the last confirmed day on.
    #[must_use]
    pub fn warning(&self, today: Date) -> Option<Expiry> {
        let confirmed = |year: &i16| self.years.get(year).is_some_and(|of| of.confirmed);
        if !confirmed(&today.year()) {
            return Some(Expiry::Unconfirmed { year: today.year() });
        }
        let last = (today.year()..=i16::MAX).take_while(confirmed).last()?;
        let day = Date::new(last, 12, 31).ok()?;
        let left = today.until(day).ok()?.get_days();
        (left <= WARNING_DAYS).then_some(Expiry::Soon { day })
    }

    /// From the beginning of `date` to its end, here.
    #[must_use]
    pub fn day(&self, date: Date) -> Option<(Timestamp, Timestamp)> {
        let begins = |date: Date| self.at(date, Time::midnight());
        Some((begins(date)?, begins(date.tomorrow().ok()?)?))
    }

    /// The name of the holiday on `date`, if it is one.
    #[must_use]
    pub fn holiday(&self, date: Date) -> Option<&str> {
        self.years.get(&date.year())?.holidays.get(&date).map(String::as_str)
    }

    /// Whether `date` has business hours and is no holiday; beyond the listed years no day is known to be one.
    #[must_use]
    pub fn is_business_day(&self, date: Date) -> bool {
        self.covers(date) && self.spans(date).next().is_some()
    }

    /// Whether a moment lies within business hours; beyond the listed years none is known to.
    #[must_use]
    pub fn is_open(&self, moment: Timestamp) -> bool {
        let date = self.date_of(moment);
        let holds = |span: &Span| {
            let (open, close) = (self.at(date, span.start), self.at(date, span.end));
            open.is_some_and(|open| open <= moment) && close.is_some_and(|close| moment < close)
        };
        self.covers(date) && self.spans(date).any(holds)
    }

    /// The first day after `date` with business hours and no holiday; `None` beyond the years that are known.
    #[must_use]
    pub fn next_business_day(&self, date: Date) -> Option<Date> {
        let mut day = date;
        loop {
            day = day.tomorrow().ok().filter(|day| self.covers(*day))?;
            if self.is_business_day(day) {
                return Some(day);
            }
        }
    }

    /// The business time from `start` to `end`: the hours in force on each day, holidays left
    /// out. Zero if `end` is not later than `start`; never more than [`wall`].
    ///
    /// # Errors
    /// If a day of the stretch, its first and last included, lies in a year that is not listed.
    pub fn business_between(&self, start: Timestamp, end: Timestamp) -> Result<Duration, BeyondCalendar> {
        let (first, last) = (self.date_of(start), self.date_of(end.max(start)));
        self.reach(first, last)?;
        let days = self.up_to(last).time.saturating_sub(self.up_to(first).time);
        let of_first = self.within(first, start, end);
        if first == last {
            return Ok(of_first);
        }
        // The first day from `start` on, the days between, and the last one up to `end`.
        let rest = self.within(last, end, Timestamp::MAX);
        Ok((of_first + days).saturating_sub(rest))
    }

    /// The days with business hours after `after`, up to and with `to`.
    ///
    /// # Errors
    /// If one of them lies in a year that is not listed.
    pub fn business_days(&self, after: Date, to: Date) -> Result<u32, BeyondCalendar> {
        self.reach(after, to)?;
        Ok(self.up_to(to).days.saturating_sub(self.up_to(after).days))
    }

    /// The business time of one day that lies between two moments.
    ///
    /// # Errors
    /// If the day lies in a year that is not listed.
    pub fn business_on(
        &self,
        date: Date,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Duration, BeyondCalendar> {
        self.reach(date, date)?;
        Ok(self.within(date, start, end))
    }

    fn reach(&self, first: Date, last: Date) -> Result<(), BeyondCalendar> {
        let missing = (first.year()..=last.year()).find(|year| !self.years.contains_key(year));
        missing.map_or(Ok(()), |year| Err(BeyondCalendar { year }))
    }

    /// The business time of one day that lies between two moments.
    fn within(&self, date: Date, start: Timestamp, end: Timestamp) -> Duration {
        let mut total = Duration::ZERO;
        // Where clocks go back or forth within opening hours two spans could meet; time
        // that was counted is not counted again.
        let mut counted = start;
        for span in self.spans(date) {
            let (Some(open), Some(close)) = (self.at(date, span.start), self.at(date, span.end)) else {
                continue;
            };
            let (from, to) = (open.max(counted), close.min(end));
            if from < to {
                total += wall(from, to);
                counted = to;
            }
        }
        total
    }

    /// Adds the days up once, so that no question of a report has to.
    fn sum_up(&mut self) {
        let mut sum = Sum::default();
        let mut up_to = BTreeMap::new();
        for year in self.years.keys() {
            for day in Date::constant(*year, 1, 1).series(1.day()).take_while(|day| day.year() == *year) {
                sum.time += self.within(day, Timestamp::MIN, Timestamp::MAX);
                sum.days += u32::from(self.spans(day).next().is_some());
                up_to.insert(day, sum);
            }
        }
        self.up_to = up_to;
    }

    /// What all days up to the end of `date` come to.
    fn up_to(&self, date: Date) -> Sum {
        self.up_to.get(&date).copied().unwrap_or_default()
    }

    /// The opening hours of `date`, in order; none on a holiday.
    fn spans(&self, date: Date) -> impl Iterator<Item = &Span> {
        let week = self.weeks.range(..=date).next_back().map(|(_, week)| week.as_slice());
        let open = self.holiday(date).is_none();
        week.unwrap_or_default().iter().filter(move |span| open && span.day == date.weekday())
    }

    /// The moment of a time of day. One that the spring change skips lies that much later
    /// (02:30 is 03:30 then), one that autumn repeats is the first of both.
    fn at(&self, date: Date, time: Time) -> Option<Timestamp> {
        self.zone.to_timestamp(date.to_datetime(time)).ok()
    }
}

/// The time from `start` to `end` by the clock on the wall; zero if `end` is not later.
#[must_use]
pub fn wall(start: Timestamp, end: Timestamp) -> Duration {
    Duration::try_from(end.duration_since(start)).unwrap_or(Duration::ZERO)
}

//! Questions that the calendar does not reach, and what can be told without them.

use super::question::ResponseTime;
use super::scope::Period;
use crate::calendar::{BeyondCalendar, Calendar};
use jiff::Timestamp;
use jiff::civil::Date;

/// A report would need a year that the calendar does not list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the calendar does not reach the year {year}")]
pub struct Unreached {
    /// The year that the oldest such question needs.
    pub year: i16,
    /// Of the questions received in this time a report can be given; `None` if of none.
    pub told: Option<Period>,
}

impl Unreached {
    /// Of questions, each by the moment of its receipt and the year that it lacks; `None` if there are none.
    pub fn of(
        beyond: impl IntoIterator<Item = (Timestamp, BeyondCalendar)>,
        calendar: &Calendar,
    ) -> Option<Self> {
        let mut oldest: Option<(Timestamp, i16)> = None;
        let mut told = Period::default();
        for (received, BeyondCalendar { year }) in beyond {
            oldest = Some(oldest.map_or((received, year), |oldest| oldest.min((received, year))));
            let next = calendar.years().map(|(of, _)| of).find(|of| *of > year);
            match next.and_then(|next| Date::new(next, 1, 1).ok()) {
                Some(first) => told.from = told.from.max(Some(first)),
                None => {
                    let last = calendar.date_of(received).yesterday().unwrap_or(Date::MIN);
                    told.to = Some(told.to.map_or(last, |to| to.min(last)));
                }
            }
        }
        let some = told.from.zip(told.to).is_none_or(|(from, to)| from <= to);
        oldest.map(|(_, year)| Self { year, told: some.then_some(told) })
    }
}

/// The lines that touch a year that is not listed; until now, as long as they are open.
pub(super) fn beyond<'a>(
    lines: &'a [&ResponseTime],
    calendar: &'a Calendar,
    now: Timestamp,
) -> impl Iterator<Item = (Timestamp, BeyondCalendar)> + 'a {
    let end = move |line: &ResponseTime| line.handed_over.or(line.closed).unwrap_or(now);
    // Where the whole stretch is listed, nothing within it is looked up.
    let first = lines.iter().map(|line| line.received).min().unwrap_or(now);
    let last = lines.iter().map(|line| end(line)).max().unwrap_or(now);
    let some = lacking(calendar, first, last).is_some();
    lines.iter().filter(move |_| some).filter_map(move |line| {
        let year = lacking(calendar, line.received, end(line))?;
        Some((line.received, BeyondCalendar { year }))
    })
}

/// The first year of a stretch that is not listed.
fn lacking(calendar: &Calendar, start: Timestamp, end: Timestamp) -> Option<i16> {
    let mut years = calendar.date_of(start).year()..=calendar.date_of(end.max(start)).year();
    years.find(|year| !calendar.lists(*year))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first and the last day, of the years 2025 to 2027.
    fn told(beyond: &[(&str, i16)]) -> Option<(i16, Option<String>)> {
        let calendar = Calendar::parse(crate::calendar::DEFAULT).unwrap();
        let beyond = beyond.iter().map(|(received, year)| {
            (format!("{received}T12:00:00-05:00").parse().unwrap(), BeyondCalendar { year: *year })
        });
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        Unreached::of(beyond, &calendar)
            .map(|of| (of.year, of.told.map(|told| format!("{}..{}", day(told.from), day(told.to)))))
    }

    #[test]
    fn what_is_left_holds_no_question_that_the_calendar_does_not_reach() {
        let found = |year: i16, days: &str| Some((year, Some(days.to_owned())));
        assert_eq!(told(&[]), None);
        // Before the first year, whenever in it.
        assert_eq!(told(&[("2024-11-04", 2024), ("2023-02-01", 2023)]), found(2023, "2025-01-01.."));
        // Received in a year that is listed, answered or still open in one that is not.
        assert_eq!(told(&[("2028-01-10", 2028), ("2027-12-20", 2028)]), found(2028, "..2027-12-19"));
        let both = told(&[("2024-11-04", 2024), ("2027-12-20", 2028)]);
        assert_eq!(both, found(2024, "2025-01-01..2027-12-19"));
        // Nothing is left.
        assert_eq!(told(&[("2024-11-04", 2024), ("2025-01-01", 2028)]), Some((2024, None)));
    }
}

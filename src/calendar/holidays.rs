//! The rule of the holidays of the Québec public service: the thirteen days that it proposes for a year.
//!
//! What it gives is a proposal. The days that count are those of the calendar that the Secrétariat du
//! Conseil du trésor publishes; somebody compares the two and confirms the year.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

/// A holiday, by rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    /// The day off.
    pub date: Date,
    /// Its name, in French as in the calendar file.
    pub name: &'static str,
}

/// The holidays of `year`, in order. One that falls on a Saturday or a Sunday is taken on the next
/// day that is neither a weekend nor a holiday already.
#[must_use]
pub fn proposed(year: i16) -> Vec<Holiday> {
    let on = |month, day| Date::new(year, month, day).ok();
    let after_easter = |days: i32| easter(year)?.checked_add(days.days()).ok();
    let first = |weekday, nth, month| on(month, 1)?.nth_weekday_of_month(nth, weekday).ok();
    // The Monday before 25 May: from the 18th to the 24th.
    let patriots = (|| on(5, 25)?.nth_weekday(-1, Weekday::Monday).ok())();
    let days = [
        (on(1, 1), "Jour de l’An"),
        (on(1, 2), "Lendemain du jour de l’An"),
        (after_easter(-2), "Vendredi saint"),
        (after_easter(1), "Lundi de Pâques"),
        (patriots, "Journée nationale des patriotes"),
        (on(6, 24), "Fête nationale"),
        (on(7, 1), "Fête du Canada"),
        (first(Weekday::Monday, 1, 9), "Fête du Travail"),
        (first(Weekday::Monday, 2, 10), "Action de grâces"),
        (on(12, 24), "Veille de Noël"),
        (on(12, 25), "Noël"),
        (on(12, 26), "Lendemain de Noël"),
        (on(12, 31), "Veille du jour de l’An"),
    ];
    let days = days.into_iter().filter_map(|(date, name)| Some(Holiday { date: date?, name }));
    let (weekend, mut taken): (Vec<Holiday>, Vec<Holiday>) = days.partition(|day| is_weekend(day.date));
    for Holiday { mut date, name } in weekend {
        while is_weekend(date) || taken.iter().any(|other| other.date == date) {
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        // A day taken in January belongs to the next year's calendar, which its own rule knows nothing of.
        if date.year() == year {
            taken.push(Holiday { date, name });
        }
    }
    taken.sort_by_key(|holiday| holiday.date);
    taken
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Easter Sunday of the Gregorian calendar, by the anonymous algorithm of 1876 (Meeus, Jones, Butcher).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e, g) = (b / 4, b % 4, (8 * b + 13) / 25);
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Calendar, DEFAULT};

    #[test]
    fn easter_falls_on_the_published_days() {
        for (year, month, day) in [
            (1900, 4, 15),
            (2000, 4, 23),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2038, 4, 25),
            (2285, 3, 22),
        ] {
            assert_eq!(easter(year), Date::new(year, month, day).ok(), "{year}");
        }
    }

    #[test]
    fn the_shipped_years_are_what_the_rule_proposes() {
        let shipped = Calendar::parse(DEFAULT).unwrap();
        for (year, _) in shipped.years() {
            let mut day = Date::constant(year, 1, 1);
            let mut listed = Vec::new();
            while day.year() == year {
                listed.extend(shipped.holiday(day).map(|name| (day, name.to_owned())));
                day = day.tomorrow().unwrap();
            }
            let proposed: Vec<_> =
                proposed(year).into_iter().map(|of| (of.date, of.name.to_owned())).collect();
            assert_eq!(proposed, listed, "{year}");
        }
    }

    #[test]
    fn every_year_has_thirteen_days_off_on_working_days() {
        for year in 2000..2200 {
            let days = proposed(year);
            assert!(days.iter().all(|holiday| !is_weekend(holiday.date)), "{year}");
            assert!(days.windows(2).all(|pair| pair[0].date < pair[1].date), "{year}");
            // 31 December on a weekend is taken in January.
            let eve = is_weekend(Date::constant(year, 12, 31));
            assert_eq!(days.len(), if eve { 12 } else { 13 }, "{year}");
        }
    }
}

//! Business time, stretch by stretch; and every way to write the file wrong.

use super::*;
use crate::thread::Pause;
use crate::wording::{Language, Wording};
use proptest::prelude::*;
use std::path::Path;

fn shipped() -> Calendar {
    Calendar::parse(DEFAULT).unwrap()
}

/// A moment by the clock of Québec.
fn at(text: &str) -> Timestamp {
    let zone = TimeZoneDatabase::bundled().get("America/Toronto").unwrap();
    text.parse::<jiff::civil::DateTime>().unwrap().to_zoned_datetime(zone).unwrap().timestamp()
}

fn minutes(calendar: &Calendar, start: &str, end: &str) -> u64 {
    let time = calendar.business_between(at(start), at(end)).unwrap();
    assert_eq!(time.as_secs() % 60, 0);
    time.as_secs() / 60
}

#[test]
fn the_exchange_of_25_march_took_six_hours_and_eleven_minutes() {
    let (asked, answered) = (at("2025-03-25 10:06"), at("2025-03-25 16:17"));
    let six_eleven = Duration::from_secs((6 * 60 + 11) * 60);
    assert_eq!(wall(asked, answered), six_eleven);
    assert_eq!(shipped().business_between(asked, answered), Ok(six_eleven));
}

#[test]
fn nights_weekends_and_holidays_do_not_count() {
    let calendar = shipped();
    for (start, end, expected, why) in [
        ("2025-03-28 16:00", "2025-03-31 09:00", 60, "Friday to Monday"),
        ("2025-03-25 20:00", "2025-03-26 08:40", 10, "asked in the evening"),
        ("2025-03-29 10:00", "2025-03-30 10:00", 0, "within a weekend"),
        ("2025-04-17 16:00", "2025-04-22 09:00", 60, "across Easter, Friday and Monday off"),
        ("2025-06-23 16:00", "2025-06-25 08:45", 45, "across the Fête nationale"),
        ("2025-12-23 16:00", "2025-12-29 09:00", 60, "across Christmas"),
        ("2025-12-31 09:00", "2026-01-05 09:00", 30, "across New Year, into another year"),
        ("2025-03-24 00:00", "2025-03-31 00:00", 5 * 8 * 60, "a whole week"),
        ("2025-03-25 16:30", "2025-03-26 08:30", 0, "from closing to opening"),
    ] {
        assert_eq!(minutes(&calendar, start, end), expected, "{why}");
    }
}

#[test]
fn a_business_day_has_hours_no_holiday_and_a_year_that_is_listed() {
    let calendar = shipped();
    for (day, is_one) in [
        ("2025-03-28", true),
        ("2025-03-29", false),
        ("2025-06-24", false),
        ("2025-06-25", true),
        // A Wednesday of a year that nobody has listed.
        ("2019-03-27", false),
    ] {
        assert_eq!(calendar.is_business_day(day.parse().unwrap()), is_one, "{day}");
    }
}

#[test]
fn the_desk_is_open_in_business_hours_only() {
    let calendar = shipped();
    for (moment, is_open) in [
        ("2025-03-25 08:29:59", false),
        ("2025-03-25 08:30", true),
        ("2025-03-25 16:29:59", true),
        ("2025-03-25 16:30", false),
        // A Saturday, a holiday, a Wednesday of a year that nobody has listed.
        ("2025-03-29 10:00", false),
        ("2025-04-18 10:00", false),
        ("2019-03-27 10:00", false),
    ] {
        assert_eq!(calendar.is_open(at(moment)), is_open, "{moment}");
    }
}

#[test]
fn changes_of_the_clock_cost_nothing() {
    let calendar = shipped();
    // 9 March and 2 November 2025: wall time is an hour shorter and longer, business time is not.
    assert_eq!(wall(at("2025-03-07 16:00"), at("2025-03-10 09:00")).as_secs(), 64 * 3600);
    assert_eq!(minutes(&calendar, "2025-03-07 16:00", "2025-03-10 09:00"), 60);
    assert_eq!(wall(at("2025-10-31 16:00"), at("2025-11-03 09:00")).as_secs(), 66 * 3600);
    assert_eq!(minutes(&calendar, "2025-10-31 16:00", "2025-11-03 09:00"), 60);
}

#[test]
fn a_clock_change_within_opening_hours_counts_real_time() {
    let nights = Calendar::parse(
        r#"zone = "America/Toronto"
        [[hours]]
        from = 2025-01-01
        days = ["sunday"]
        start = "00:00"
        end = "02:30"
        [[hours]]
        from = 2025-01-01
        days = ["sunday"]
        start = "02:30"
        end = "04:00"
        [[year]]
        year = 2025
        confirmed = false
        holidays = []"#,
    )
    .unwrap();
    assert_eq!(minutes(&nights, "2025-03-08 12:00", "2025-03-09 12:00"), 3 * 60);
    assert_eq!(minutes(&nights, "2025-11-01 12:00", "2025-11-02 12:00"), 5 * 60);
}

#[test]
fn hours_are_those_in_force_on_the_day() {
    let calendar = Calendar::parse(
        r#"zone = "America/Toronto"
        [[hours]]
        from = 2024-01-01
        days = ["monday", "tuesday", "wednesday", "thursday", "friday"]
        start = "08:30"
        end = "16:30"
        [[hours]]
        from = 2025-06-02
        days = ["monday", "tuesday", "wednesday", "thursday"]
        start = "08:00"
        end = "12:00"
        [[hours]]
        from = 2025-06-02
        days = ["monday"]
        start = 13:00:00
        end = 17:00:00
        [[year]]
        year = 2025
        confirmed = true
        holidays = [{ date = "2025-06-10", name = "Fermeture" }]"#,
    )
    .unwrap();
    assert_eq!(minutes(&calendar, "2025-05-30 00:00", "2025-05-31 00:00"), 8 * 60);
    assert_eq!(minutes(&calendar, "2025-06-02 00:00", "2025-06-03 00:00"), 8 * 60);
    assert_eq!(minutes(&calendar, "2025-06-02 11:00", "2025-06-02 13:30"), 90);
    assert_eq!(minutes(&calendar, "2025-06-03 00:00", "2025-06-04 00:00"), 4 * 60);
    assert_eq!(minutes(&calendar, "2025-06-06 00:00", "2025-06-07 00:00"), 0);
    assert_eq!(minutes(&calendar, "2025-06-10 00:00", "2025-06-11 00:00"), 0);
    assert_eq!(calendar.holiday(jiff::civil::date(2025, 6, 10)), Some("Fermeture"));
}

#[test]
fn a_year_beyond_the_calendar_is_an_error() {
    let calendar = shipped();
    let beyond = calendar.business_between(at("2027-12-30 10:00"), at("2028-01-03 10:00"));
    assert_eq!(beyond, Err(BeyondCalendar { year: 2028 }));
    let before = calendar.business_between(at("2024-12-31 23:59"), at("2025-01-03 10:00"));
    assert_eq!(before, Err(BeyondCalendar { year: 2024 }));
    // The year is that of Québec: here it is still 2027, while UTC is in 2028.
    assert!(calendar.business_between(at("2027-12-31 09:00"), at("2027-12-31 23:00")).is_ok());
    assert!(calendar.covers(jiff::civil::date(2027, 12, 31)));
    assert!(!calendar.covers(jiff::civil::date(2028, 1, 1)));
}

#[test]
fn time_does_not_run_backwards() {
    let calendar = shipped();
    let (late, early) = (at("2025-03-25 16:17"), at("2025-03-25 10:06"));
    assert_eq!(calendar.business_between(late, early), Ok(Duration::ZERO));
    assert_eq!(wall(late, early), Duration::ZERO);
}

#[test]
fn the_shipped_years_have_thirteen_working_days_off_each() {
    let calendar = shipped();
    assert_eq!(calendar.years().collect::<Vec<_>>(), vec![(2025, true), (2026, false), (2027, false)]);
    for (year, of) in &calendar.years {
        assert_eq!(of.holidays.len(), 13, "{year}");
        for date in of.holidays.keys() {
            assert!(!matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday), "{date}");
        }
    }
    // The movable ones, from the Easter tables and the statutes.
    for (date, name) in [
        ("2025-04-18", "Vendredi saint"),
        ("2026-04-06", "Lundi de Pâques"),
        ("2027-03-26", "Vendredi saint"),
        ("2025-05-19", "Journée nationale des patriotes"),
        ("2027-05-24", "Journée nationale des patriotes"),
        ("2026-09-07", "Fête du Travail"),
        ("2027-10-11", "Action de grâces"),
        ("2026-12-28", "Lendemain de Noël"),
    ] {
        assert_eq!(calendar.holiday(date.parse().unwrap()), Some(name), "{date}");
    }
}

#[test]
fn every_problem_is_reported_at_once_with_its_line() {
    let problems = Calendar::parse(
        r#"zone = "America/Québec"
fuseau = 1
[[hours]]
from = 2025-02-01
days = ["monday", "lundi"]
start = "16:30"
end = "08:30"
[[hours]]
from = 2025-02-01
days = ["tuesday"]
start = "8h30"
end = "16:30"
[[hours]]
from = 2025-02-01
days = ["tuesday", "tuesday"]
start = "08:30"
end = "16:30"
[[year]]
year = 2025
confirmed = "yes"
holidays = [
  { date = 2026-01-01, name = "A" },
  { date = "2025-02-30", name = "B" },
  { date = 2025-03-03, name = "C" },
  { date = 2025-03-03, name = "D", note = "x" },
]
[[year]]
year = 2026
confirmed = false
[[year]]
year = 2026
confirmed = false
[[year]]
year = 12
confirmed = false
"#,
    )
    .unwrap_err();
    let lines: Vec<_> = problems.iter().filter_map(|problem| problem.line).collect();
    assert_eq!(lines, vec![1, 2, 3, 5, 11, 13, 19, 20, 22, 23, 25, 25, 31, 34], "{problems:#?}");
    for language in Language::ALL {
        for problem in &problems {
            let line = problem.line(Path::new("calendar.toml"), &Wording::new(language));
            assert!(!line.contains("tables-"), "a text is missing: {line}");
        }
    }
    let empty = Calendar::parse("").unwrap_err();
    assert_eq!(
        empty.into_iter().map(|problem| problem.kind).collect::<Vec<_>>(),
        vec![ProblemKind::NoYears, ProblemKind::MissingKey("zone".to_owned())]
    );
}

fn moments() -> impl Strategy<Value = [Timestamp; 3]> {
    let (first, last) = (at("2025-01-01 00:00").as_second(), at("2027-12-31 23:59").as_second());
    prop::array::uniform3(first..=last).prop_map(|mut seconds| {
        seconds.sort_unstable();
        seconds.map(|second| Timestamp::from_second(second).unwrap())
    })
}

proptest! {
    #[test]
    fn business_time_adds_up_and_never_exceeds_wall_time([a, b, c] in moments()) {
        let calendar = shipped();
        let between = |start, end| calendar.business_between(start, end).unwrap();
        prop_assert_eq!(between(a, b) + between(b, c), between(a, c));
        prop_assert!(between(a, c) <= wall(a, c));
        prop_assert_eq!(between(a, a), Duration::ZERO);
        prop_assert_eq!(between(c, a), Duration::ZERO);
    }

    /// A second way to the same figure: minute by minute.
    #[test]
    fn counting_minutes_gives_the_same(start in 0i64..2_000_000, length in 0i64..12_000) {
        let calendar = shipped();
        let first = at("2025-01-01 00:00").as_second() / 60 + start / 2;
        let open = (first..first + length)
            .filter(|minute| {
                let here = Timestamp::from_second(minute * 60).unwrap().to_zoned_datetime(calendar.zone().clone());
                let time = here.time();
                !matches!(here.weekday(), Weekday::Saturday | Weekday::Sunday)
                    && calendar.holiday(here.date()).is_none()
                    && time >= jiff::civil::time(8, 30, 0, 0)
                    && time < jiff::civil::time(16, 30, 0, 0)
            })
            .count();
        let moment = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        let business = calendar.business_between(moment(first), moment(first + length)).unwrap();
        prop_assert_eq!(business.as_secs(), open as u64 * 60);
    }
}

const HOURS: &str = "zone = \"America/Toronto\"\n[[hours]]\nfrom = 2025-01-01\n\
    days = [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\"]\nstart = \"08:30\"\nend = \"16:30\"\n";

#[test]
fn a_year_without_a_list_has_the_days_of_the_rule_as_corrected() {
    let text = format!(
        "{HOURS}[[year]]\nyear = 2028\nconfirmed = false\nremove = [{{ date = 2028-01-03 }}]\n\
         add = [{{ date = 2028-01-07, name = \"Jour de l’An\" }}]\n"
    );
    let calendar = Calendar::parse(&text).unwrap();
    let holiday = |month, day| calendar.holiday(Date::constant(2028, month, day));
    assert_eq!(holiday(1, 3), None);
    assert_eq!(holiday(1, 7), Some("Jour de l’An"));
    // 2 January 2028 is a Sunday, and 3 January was taken by the 1st when the rule spoke.
    assert_eq!(holiday(1, 4), Some("Lendemain du jour de l’An"));
    assert_eq!(holiday(4, 14), Some("Vendredi saint"));
    let wrong =
        format!("{HOURS}[[year]]\nyear = 2028\nconfirmed = true\nremove = [{{ date = 2028-02-01 }}]\n");
    let problems = Calendar::parse(&wrong).unwrap_err();
    assert_eq!(problems[0].kind, ProblemKind::NoHoliday(Date::constant(2028, 2, 1)));
}

#[test]
fn the_operator_is_told_ninety_days_before_the_confirmed_years_end() {
    let calendar = shipped();
    let warning = |month, day| calendar.warning(Date::constant(2025, month, day));
    assert_eq!(warning(10, 1), None);
    assert_eq!(warning(10, 2), Some(Expiry::Soon { day: Date::constant(2025, 12, 31) }));
    assert_eq!(
        calendar.warning(Date::constant(2026, 3, 1)),
        Some(Expiry::Unconfirmed { year: 2026 }),
        "listed is not confirmed"
    );
    assert_eq!(calendar.unconfirmed(at("2025-12-30 10:00"), at("2026-01-05 10:00")), Some(2026));
    assert_eq!(calendar.unconfirmed(at("2025-01-01 00:00"), at("2025-12-31 23:59")), None);
}

proptest! {
    /// Two sums and a difference, against a count of every single day.
    #[test]
    fn business_days_are_counted_one_by_one(first in 0_i32..1_095, more in 0_i32..90) {
        let calendar = shipped();
        let day = |offset: i32| Date::constant(2025, 1, 1).checked_add(offset.days()).unwrap();
        // The last day of the last year is the 1 094th after the first.
        let more = more.min(1_094 - first);
        let (after, to) = (day(first), day(first + more));
        let mut count = 0;
        for offset in first + 1..=first + more {
            let (begins, ends) = calendar.day(day(offset)).unwrap();
            let slow = calendar.business_between(begins, ends - 1.nanosecond()).unwrap();
            count += u32::from(!slow.is_zero());
        }
        prop_assert_eq!(calendar.business_days(after, to), Ok(count));
    }
}

#[test]
fn the_last_listed_day_needs_no_year_after_it() {
    let text =
        format!("{HOURS}[[year]]\nyear = 2027\nconfirmed = true\nremove = [{{ date = 2027-12-31 }}]\n");
    let calendar = Calendar::parse(&text).unwrap();
    let asked =
        |to: Option<&str>| [Pause { from: at("2027-12-29 16:00"), to: to.map(at), reason: String::new() }];
    // Thursday lies in the pause, Friday in half of it.
    let pauses = asked(Some("2027-12-31 10:30"));
    let watch = Watch { calendar: &calendar, received: at("2027-12-29 09:00"), pauses: &pauses };
    assert_eq!(watch.business_days(at("2027-12-31 16:00")), Ok(1));
    let taken = watch.at(at("2027-12-31 16:00")).unwrap();
    assert_eq!(taken.business_seconds, (7 * 60 + 5 * 60 + 30) * 60);
    // It lasts to the end of the calendar: neither day has begun.
    let pauses = asked(None);
    let watch = Watch { pauses: &pauses, ..watch };
    assert_eq!(watch.business_days_so_far(at("2027-12-31 23:59")), Ok(0));
    assert_eq!(watch.business_days_so_far(at("2028-01-01 00:00")), Err(BeyondCalendar { year: 2028 }));
}

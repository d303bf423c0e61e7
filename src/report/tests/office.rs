//! The time of the office, counted a second way: business time is a line of its own, a working day of eight
//! hours after the other, and a moment is a place on that line. Nothing here asks the calendar.

/// Seconds from 8:30 to 16:30.
pub const HOURS: i64 = 28_800;
pub const DAY: i64 = 86_400;
const OPENS: i64 = 30_600;
/// 1 January 2025, a Wednesday, at midnight in Greenwich. Seconds since 1970.
const BEGIN: i64 = 1_735_689_600;
/// All of 2025, and January 2026.
const DAYS: usize = 396;
const MONTHS: [usize; 13] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31];
/// Month and day of the holidays; the last two in the year after.
const HOLIDAYS: [(usize, usize); 15] = [
    (1, 1),
    (1, 2),
    (4, 18),
    (4, 21),
    (5, 19),
    (6, 24),
    (7, 1),
    (9, 1),
    (10, 13),
    (12, 24),
    (12, 25),
    (12, 26),
    (12, 31),
    (13, 1),
    (13, 2),
];

/// A moment by the clock of Québec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Days since the first.
    pub day: usize,
    /// Seconds since midnight by that clock; none of the hours in which it is changed.
    pub second: i64,
}

/// The number of a day; the 13th month is the January of the next year.
pub fn day(month: usize, of_month: usize) -> usize {
    MONTHS[..month - 1].iter().sum::<usize>() + of_month - 1
}

/// The month of a day, from 1 to 13, and the day of that month.
pub fn date(mut day: usize) -> (usize, usize) {
    let found = MONTHS.iter().position(|long| match day.checked_sub(*long) {
        Some(rest) => {
            day = rest;
            false
        }
        None => true,
    });
    (found.unwrap() + 1, day + 1)
}

impl Moment {
    /// Seconds since 1970. Summer time holds from 9 March to 2 November.
    pub fn instant(self) -> i64 {
        let summer = (day(3, 9)..day(11, 2)).contains(&self.day);
        let behind = if summer { 4 } else { 5 } * 3_600;
        BEGIN + i64::try_from(self.day).unwrap() * DAY + self.second + behind
    }
}

/// The working days.
pub struct Office {
    /// Their numbers, in order.
    days: Vec<usize>,
    /// For each day, how many working days come before it; one more at the end.
    before: Vec<i64>,
}

impl Office {
    pub fn new() -> Self {
        let holidays = HOLIDAYS.map(|(month, of_month)| day(month, of_month));
        let works = |number: &usize| (number + 2) % 7 < 5 && !holidays.contains(number);
        let days: Vec<usize> = (0..DAYS).filter(works).collect();
        let before = (0..=DAYS).map(|number| days.iter().filter(|day| **day < number).count());
        Self { before: before.map(|count| i64::try_from(count).unwrap()).collect(), days }
    }

    /// Where a moment lies on the line of business time, in seconds; while the office is closed, where it
    /// opens again.
    pub fn place(&self, at: Moment) -> i64 {
        let within = if self.works(at.day) { (at.second - OPENS).clamp(0, HOURS) } else { 0 };
        self.before[at.day] * HOURS + within
    }

    /// The moment of a place; the end of a day is the beginning of the next.
    pub fn moment(&self, place: i64) -> Moment {
        let number = usize::try_from(place / HOURS).unwrap();
        Moment { day: self.days[number], second: OPENS + place % HOURS }
    }

    /// The working days after the day of `from`, up to and with that of `to`.
    pub fn days_after(&self, from: usize, to: usize) -> i64 {
        self.before[to + 1] - self.before[from + 1]
    }

    /// The working days that lie whole between two places.
    pub fn whole_days(from: i64, to: i64) -> i64 {
        (to / HOURS - (from + HOURS - 1) / HOURS).max(0)
    }

    fn works(&self, number: usize) -> bool {
        self.before[number + 1] > self.before[number]
    }
}

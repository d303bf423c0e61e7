//! The time of the month: seconds, quarters of an hour in which things are done, office hours counted a
//! second way, and chance that is the same at every run.

use jiff::Timestamp;

/// Monday, 31 March 2025, at midnight in Québec: the first day. All of the month lies in summer time.
pub const BEGIN: i64 = 1_743_393_600;
/// Days in which mail comes.
pub const DAYS: i64 = 30;
const DAY: i64 = 86_400;
pub const HOUR: i64 = 3_600;
/// What staff and daemon do, they do at the quarter.
pub const QUARTER: i64 = 900;
/// Good Friday and Easter Monday, the only holidays up to the last day.
const HOLIDAYS: [i64; 2] = [18, 21];

pub fn timestamp(at: i64) -> Timestamp {
    Timestamp::from_second(at).unwrap()
}

/// The quarter at which something that happened at `at` is seen.
pub fn quarter(at: i64) -> i64 {
    at + (BEGIN - at).rem_euclid(QUARTER)
}

/// Whether the office is open on that day of the month, the first being 0.
fn is_open(day: i64) -> bool {
    day.rem_euclid(7) < 5 && !HOLIDAYS.contains(&day)
}

/// Seconds from 8:30 to 16:30 on open days between two moments, counted day by day.
pub fn business(from: i64, to: i64) -> i64 {
    let day_of = |at: i64| (at - BEGIN).div_euclid(DAY);
    let open = (day_of(from)..=day_of(to)).filter(|day| is_open(*day)).map(|day| BEGIN + day * DAY);
    let seconds = |day: i64| (to.min(day + 59_400) - from.max(day + 30_600)).max(0);
    open.map(seconds).sum()
}

/// Pseudo-random numbers (SplitMix64), from a seed.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `from` up to, not including, `to`.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + i64::try_from(self.next() % u64::try_from(to - from).unwrap()).unwrap()
    }

    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.between(0, all.len().try_into().unwrap())).unwrap()]
    }

    /// A moment of the month at which somebody writes: mostly by day, sometimes by night or on a Sunday.
    pub fn moment(&mut self) -> i64 {
        let day = self.between(0, DAYS);
        let hours = if self.between(0, 10) == 0 { (0, 24) } else { (7, 18) };
        BEGIN + day * DAY + self.between(hours.0 * HOUR, hours.1 * HOUR)
    }

    /// A while after `at` that somebody writes again: from two hours to two days.
    pub fn reply(&mut self, at: i64) -> i64 {
        at + self.between(2 * HOUR, 48 * HOUR)
    }

    /// The quarter at which somebody at the desk gets to it: in office hours, after one that has seen it.
    pub fn work(&mut self, at: i64) -> i64 {
        let mut done = quarter(at) + QUARTER * self.between(1, 60);
        loop {
            let (day, of_day) = ((done - BEGIN).div_euclid(DAY), (done - BEGIN).rem_euclid(DAY));
            if is_open(day) && (30_600..59_400).contains(&of_day) {
                return done;
            }
            done += QUARTER * self.between(1, 8);
        }
    }
}

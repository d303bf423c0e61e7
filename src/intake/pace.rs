//! How fast one sender writes: two programs that answer each other must not fill the desk.
//!
//! Kept in memory alone, so that no address lies in the store beside its threads. A restart
//! forgets, and a sender may then write as many again before the next is held.

use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Senders remembered before those who are silent are forgotten.
const SENDERS: usize = 10_000;

/// When each sender last wrote.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<HashMap<String, VecDeque<Timestamp>>>);

impl Pace {
    /// Counts a mail of `sender`, received at `at`; says whether more than `limit` came in the hour
    /// that ends with it.
    pub fn exceeds(&self, limit: u64, sender: &str, at: Timestamp) -> bool {
        let mut senders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A further folder is read from its oldest mail on: time may go back.
        let within = |past: &Timestamp| at.duration_since(*past).abs() < HOUR;
        if senders.len() >= SENDERS {
            senders.retain(|_, past| past.back().is_some_and(within));
        }
        let past = senders.entry(sender.to_lowercase()).or_default();
        past.retain(within);
        past.push_back(at);
        while past.len() as u64 > limit.saturating_add(1) {
            past.pop_front();
        }
        past.len() as u64 > limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_742_900_000 + 60 * minute).unwrap()
    }

    #[test]
    fn the_eleventh_mail_within_an_hour_is_one_too_many() {
        let pace = Pace::default();
        assert!((0..10).all(|minute| !pace.exceeds(10, "a@x.example", at(minute))));
        assert!(pace.exceeds(10, "A@X.example", at(10)));
        assert!(!pace.exceeds(10, "b@x.example", at(10)));
        // What is held counts, too: it goes on until the sender is silent for a while.
        assert!(pace.exceeds(10, "a@x.example", at(11)));
        assert!(!pace.exceeds(10, "a@x.example", at(71)));
    }

    #[test]
    fn a_slow_sender_is_never_held_whatever_the_order() {
        let pace = Pace::default();
        assert!((0..100).all(|number| !pace.exceeds(10, "b@x.example", at(-6 * number))));
        assert!((0..100).all(|number| !pace.exceeds(10, "a@x.example", at(6 * number))));
    }
}

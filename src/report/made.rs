//! What was made last, to be given again: a year of questions takes a moment to sum up or to write.
//!
//! Nothing in a report changes until something happens, but for the ages of what is open and the hours of a
//! pause that lasts. People read those by the minute; so what was made is good for the rest of its minute, and
//! not beyond the next event.

use super::Unreported;
use crate::journal::Journal;
use std::sync::{Mutex, PoisonError};

/// The last thing made of one sort, and what was asked for.
#[derive(Debug)]
pub(super) struct Made<K, V>(Mutex<Option<Last<K, V>>>);

#[derive(Debug)]
struct Last<K, V> {
    asked: K,
    /// The last event of the journal, looked up before it was made.
    seq: u64,
    /// The minute in which it was made, since 1970.
    minute: i64,
    value: V,
}

impl<K, V> Default for Made<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: PartialEq, V: Clone> Made<K, V> {
    /// What was made for the same question, or what `make` makes of it now.
    pub fn get(
        &self,
        journal: &Journal,
        asked: K,
        make: impl FnOnce() -> Result<V, Unreported>,
    ) -> Result<V, Unreported> {
        let (seq, minute) = (journal.last(), journal.clock().now().as_second().div_euclid(60));
        let same = |last: &&Last<K, V>| last.asked == asked && (last.seq, last.minute) == (seq, minute);
        if let Some(last) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().filter(same) {
            return Ok(last.value.clone());
        }
        let value = make()?;
        let last = Last { asked, seq, minute, value: value.clone() };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
        Ok(value)
    }
}

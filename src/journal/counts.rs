//! How many threads are in each state: counted once, and kept up at each commit. Every page shows them.

use super::{Fault, Journal};
use crate::thread::State;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The counts, once somebody has asked for them. Held while a commit changes the states, so that no
/// thread is counted twice.
#[derive(Debug, Default)]
pub(super) struct Counts(Mutex<Option<BTreeMap<State, usize>>>);

impl Counts {
    pub fn lock(&self) -> MutexGuard<'_, Option<BTreeMap<State, usize>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// To be counted anew.
    pub fn forget(&self) {
        *self.lock() = None;
    }
}

/// A thread leaves one state and enters another; `None` where there is none.
pub(super) fn moved(counts: &mut BTreeMap<State, usize>, from: Option<State>, to: Option<State>) {
    if let Some(count) = from.and_then(|from| counts.get_mut(&from)) {
        *count = count.saturating_sub(1);
    }
    if let Some(to) = to {
        *counts.entry(to).or_default() += 1;
    }
}

impl Journal {
    /// How many threads are in each state.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn counts(&self) -> Result<Vec<(State, usize)>, Fault> {
        let mut counts = self.counts.lock();
        if counts.is_none() {
            let mut counted = BTreeMap::new();
            for state in State::ALL {
                for id in self.in_state(state) {
                    id?;
                    moved(&mut counted, None, Some(state));
                }
            }
            *counts = Some(counted);
        }
        let of = |state| counts.as_ref().and_then(|counts| counts.get(&state)).copied().unwrap_or_default();
        Ok(State::ALL.map(|state| (state, of(state))).to_vec())
    }
}

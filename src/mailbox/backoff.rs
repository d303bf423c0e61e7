//! How long to wait before the next connection: longer each time, and never at the same
//! moment as everybody else. Used by intake; pure.

use std::time::Duration;

/// The first wait. Also the shortest: a server that throttles us must not be hurried.
const FIRST: Duration = Duration::from_secs(5);
/// The longest wait, jitter included.
const LONGEST: Duration = Duration::from_secs(300);

/// The waits between failed connections: from 5 seconds to 5 minutes.
#[derive(Debug, Clone, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The next wait. `random` spreads it over half its length.
    #[must_use]
    pub fn next(&mut self, random: u32) -> Duration {
        // The longest wait without jitter, so that the jitter is still there at the end.
        let ceiling = LONGEST * 2 / 3;
        let base = FIRST.saturating_mul(2_u32.saturating_pow(self.failures)).min(ceiling);
        self.failures = self.failures.saturating_add(1);
        base + (base / 2).mul_f64(f64::from(random) / f64::from(u32::MAX))
    }

    /// The connection works again: begin anew.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// How many times in a row it failed.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_five_minutes_and_begin_anew() {
        let mut backoff = Backoff::default();
        let seconds: Vec<u64> = (0..8).map(|_| backoff.next(0).as_secs()).collect();
        assert_eq!(seconds, [5, 10, 20, 40, 80, 160, 200, 200]);
        assert_eq!(backoff.next(u32::MAX), LONGEST);
        backoff.reset();
        assert_eq!(backoff.next(u32::MAX), FIRST * 3 / 2);
    }

    #[test]
    fn never_overflows() {
        let mut backoff = Backoff { failures: u32::MAX };
        assert!(backoff.next(u32::MAX) <= LONGEST);
    }
}

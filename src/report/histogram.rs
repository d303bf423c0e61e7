//! What a monitor reads: durations as cumulative histograms, and counts.

use super::Report;
use super::question::ResponseTime;
use super::stage::Stage;
use crate::classify::Level;
use crate::journal::Fault;
use std::collections::BTreeMap;

/// Upper bounds of the buckets. Seconds: from a second to ten days.
pub const BOUNDS: [u64; 13] =
    [1, 10, 60, 300, 900, 3_600, 7_200, 14_400, 28_800, 57_600, 86_400, 259_200, 864_000];

/// How many durations reach no further than each of [`BOUNDS`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Histogram {
    /// For each bound, all that do not exceed it.
    pub buckets: [u64; BOUNDS.len()],
    /// All of them.
    pub count: u64,
    /// Their sum. Seconds.
    pub sum: u64,
}

impl Histogram {
    fn add(&mut self, seconds: u64) {
        for (bucket, bound) in self.buckets.iter_mut().zip(BOUNDS) {
            *bucket += u64::from(seconds <= bound);
        }
        self.count += 1;
        self.sum += seconds;
    }
}

/// How long the answers took that were given since the process began: each once, when it is first seen, and
/// never taken back. A series that could fall, or that began with all that there is, would look to a monitor
/// as if thousands of answers had been given at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durations {
    /// Wall time.
    pub wall: Histogram,
    /// Business time.
    pub business: Histogram,
    /// Wall time of each stage; all of them are there from the beginning.
    pub stages: BTreeMap<Stage, Histogram>,
}

impl Default for Durations {
    fn default() -> Self {
        let stages = Stage::ALL.map(|stage| (stage, Histogram::default()));
        Self { wall: Histogram::default(), business: Histogram::default(), stages: stages.into() }
    }
}

impl Durations {
    pub(super) fn add(&mut self, line: &ResponseTime) {
        line.wall_seconds.into_iter().for_each(|seconds| self.wall.add(seconds));
        line.business_seconds.into_iter().for_each(|seconds| self.business.add(seconds));
        for stage in &line.stages {
            self.stages.entry(stage.stage).or_default().add(stage.taken.wall_seconds);
        }
    }
}

/// What a monitor wants to know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Vitals {
    /// The answers given since the process began.
    pub answers: Durations,
    /// Questions by how sure the classifier was; `None`: it has not read them.
    pub levels: BTreeMap<Option<Level>, u64>,
    /// Open questions by their business days since receipt.
    pub open: BTreeMap<u32, u64>,
    /// Open questions past their target.
    pub overdue: u64,
    /// Questions that the calendar does not reach: they have no durations and no age.
    pub beyond: u64,
}

impl Vitals {
    pub(super) fn add(&mut self, line: &ResponseTime) {
        if line.is_open() && line.age.is_none() {
            self.beyond += 1;
        }
        *self.levels.entry(line.level).or_default() += 1;
        if let Some(age) = line.age {
            *self.open.entry(age.business_days).or_default() += 1;
        }
        self.overdue += u64::from(line.is_overdue());
    }
}

impl Report {
    /// What a monitor wants to know.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn vitals(&self) -> Result<Vitals, Fault> {
        self.with_kept(None, |kept, _| {
            let mut vitals = Vitals { answers: kept.answers().clone(), ..Vitals::default() };
            for line in kept.lines() {
                match line {
                    Ok(line) => vitals.add(line),
                    Err(_) => vitals.beyond += 1,
                }
            }
            vitals
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_all_that_do_not_exceed_its_bound() {
        let mut histogram = Histogram::default();
        [0, 1, 2, 60, 61, 900_000].into_iter().for_each(|seconds| histogram.add(seconds));
        assert_eq!(histogram.buckets[..4], [2, 3, 4, 5]);
        assert_eq!((histogram.buckets[12], histogram.count, histogram.sum), (5, 6, 900_124));
    }
}

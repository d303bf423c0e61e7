//! Durations as cumulative histograms, for whoever keeps time series of them.

use super::question::ResponseTime;
use super::scope::Scope;
use super::stage::Stage;
use super::{Report, Unreported};
use crate::classify::Level;
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

/// What a monitor wants to know of all questions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Vitals {
    /// Wall time of all answers.
    pub wall: Histogram,
    /// Business time of all answers.
    pub business: Histogram,
    /// Wall time of each stage.
    pub stages: BTreeMap<Stage, Histogram>,
    /// Questions by how sure the classifier was; `None`: it has not read them.
    pub levels: BTreeMap<Option<Level>, u64>,
    /// Open questions by their business days since receipt.
    pub open: BTreeMap<u32, u64>,
    /// Open questions past their target.
    pub overdue: u64,
}

impl Vitals {
    pub(super) fn add(&mut self, line: &ResponseTime) {
        line.wall_seconds.into_iter().for_each(|seconds| self.wall.add(seconds));
        line.business_seconds.into_iter().for_each(|seconds| self.business.add(seconds));
        for stage in &line.stages {
            self.stages.entry(stage.stage).or_default().add(stage.taken.wall_seconds);
        }
        *self.levels.entry(line.level).or_default() += 1;
        if let Some(age) = line.age {
            *self.open.entry(age.business_days).or_default() += 1;
        }
        self.overdue += u64::from(line.is_overdue());
    }
}

impl Report {
    /// What a monitor wants to know of all questions.
    ///
    /// # Errors
    /// As [`Report::response_times`].
    pub fn vitals(&self) -> Result<Vitals, Unreported> {
        self.with_lines(&Scope::default(), |lines, _| {
            let mut vitals = Vitals::default();
            lines.iter().for_each(|line| vitals.add(line));
            Ok(vitals)
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

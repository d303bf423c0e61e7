//! Nearest-rank quantiles: always a value that was measured, never one between two.

use serde::{Deserialize, Serialize};

/// Below this many values, the values themselves say more than their quantiles.
pub const FEW: usize = 5;

/// What a set of durations comes to. Seconds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Quantiles {
    /// How many.
    pub n: usize,
    /// Half of them took no longer.
    pub median: Option<u64>,
    /// Three quarters of them took no longer.
    pub p75: Option<u64>,
    /// Nine tenths of them took no longer.
    pub p90: Option<u64>,
    /// The longest.
    pub max: Option<u64>,
    /// All of them, shortest first, where they are fewer than [`FEW`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<u64>,
}

impl Quantiles {
    /// Of these values, in any order.
    #[must_use]
    pub fn of(mut values: Vec<u64>) -> Self {
        values.sort_unstable();
        let of = |percent| rank(&values, percent);
        let (n, median, p75, p90, max) = (values.len(), of(50), of(75), of(90), of(100));
        if n >= FEW {
            values.clear();
        }
        Self { n, median, p75, p90, max, values }
    }
}

/// The smallest value that at least `percent` of the sorted values do not exceed; `None` of none.
pub(super) fn rank<T: Copy>(sorted: &[T], percent: usize) -> Option<T> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        assert_eq!(rank(&[1, 2, 3, 4], 50), Some(2));
        assert_eq!(rank(&[1, 2, 3, 4, 5], 50), Some(3));
        assert_eq!(rank(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90), Some(9));
        assert_eq!(rank(&[7], 90), Some(7));
        assert_eq!(rank::<u64>(&[], 50), None);
    }

    #[test]
    fn few_values_are_shown_themselves() {
        assert_eq!(Quantiles::of(vec![3, 1, 2]).values, [1, 2, 3]);
        let many = Quantiles::of(vec![5, 4, 3, 2, 1]);
        assert_eq!((many.n, many.median, many.values.len()), (5, Some(3), 0));
    }

    proptest! {
        /// By the definition, counted the slow way.
        #[test]
        fn a_quantile_is_the_smallest_value_that_enough_do_not_exceed(
            values in prop::collection::vec(0_u64..50, 1..60),
            percent in prop::sample::select(vec![50_usize, 75, 90, 100]),
        ) {
            let enough = |bound: u64| values.iter().filter(|value| **value <= bound).count() * 100
                >= percent * values.len();
            let slow = (0..50).find(|bound| enough(*bound));
            let mut sorted = values.clone();
            sorted.sort_unstable();
            prop_assert_eq!(rank(&sorted, percent), slow);
        }
    }
}

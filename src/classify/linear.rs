//! One linear separator a label, learned by dual coordinate descent.
//!
//! The L2-regularised squared hinge loss, one label against the rest (Hsieh et al., "A Dual
//! Coordinate Descent Method for Large-scale Linear SVM", ICML 2008). Chosen for what it
//! costs: learning is linear in the words of the lessons, a score is a sum over the words
//! of the mail, and the part of each word in it is exact.

use super::space::Vector;
use rayon::prelude::*;

/// How much a lesson on the wrong side costs, against the size of the weights.
const COST: f64 = 1.0;
/// Passes over the lessons; more change nothing that can be seen in the figures.
const PASSES: u32 = 8;

/// What was learned: for each feature, its weight for each label; the last row is the constant.
pub(super) struct Linear {
    labels: usize,
    weights: Vec<f64>,
}

/// A lesson as numbers.
pub(super) struct Point<'a> {
    pub vector: &'a Vector,
    /// Index of its label.
    pub label: usize,
    /// How much it counts, above 0.
    pub weight: f64,
}

impl Linear {
    /// Learns. The same points in the same order give the same bits on every machine.
    pub fn learn(points: &[Point<'_>], features: usize, labels: usize) -> Self {
        let columns: Vec<Vec<f64>> =
            (0..labels).into_par_iter().map(|label| separate(points, features, label)).collect();
        let mut weights = vec![0.0; (features + 1) * labels];
        for (label, column) in columns.iter().enumerate() {
            for (feature, weight) in column.iter().enumerate() {
                if let Some(place) = weights.get_mut(feature * labels + label) {
                    *place = *weight;
                }
            }
        }
        Self { labels, weights }
    }

    /// The weights of a feature, one a label.
    pub fn of(&self, feature: u32) -> &[f64] {
        let start = feature as usize * self.labels;
        self.weights.get(start..start + self.labels).unwrap_or_default()
    }

    /// The score for every label.
    pub fn scores(&self, vector: &Vector) -> Vec<f64> {
        let constant = self.weights.len().saturating_sub(self.labels);
        let mut scores = self.weights.get(constant..).unwrap_or_default().to_vec();
        for (feature, value) in vector {
            for (score, weight) in scores.iter_mut().zip(self.of(*feature)) {
                *score += value * weight;
            }
        }
        scores
    }
}

/// The weights that tell one label from all others, the constant last.
fn separate(points: &[Point<'_>], features: usize, label: usize) -> Vec<f64> {
    let mut weights = vec![0.0; features + 1];
    let mut alphas = vec![0.0; points.len()];
    // The constant is a feature of value 1 that every point has.
    let squares: Vec<f64> = points
        .iter()
        .map(|point| 1.0 + point.vector.iter().map(|(_, value)| value * value).sum::<f64>())
        .collect();
    let mut order: Vec<usize> = (0..points.len()).collect();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..PASSES {
        shuffle(&mut order, &mut random);
        for at in &order {
            let (Some(point), Some(square), Some(alpha)) =
                (points.get(*at), squares.get(*at), alphas.get_mut(*at))
            else {
                continue;
            };
            let side = if point.label == label { 1.0 } else { -1.0 };
            let soft = 0.5 / (COST * point.weight);
            let mut score = weights.last().copied().unwrap_or_default();
            for (feature, value) in point.vector {
                score += value * weights.get(*feature as usize).copied().unwrap_or_default();
            }
            let gradient = side * score - 1.0 + *alpha * soft;
            if *alpha == 0.0 && gradient >= 0.0 {
                continue;
            }
            let new = (*alpha - gradient / (square + soft)).max(0.0);
            let step = (new - *alpha) * side;
            *alpha = new;
            for (feature, value) in point.vector {
                if let Some(weight) = weights.get_mut(*feature as usize) {
                    *weight += step * value;
                }
            }
            if let Some(constant) = weights.last_mut() {
                *constant += step;
            }
        }
    }
    weights
}

/// Fisher and Yates, over the xorshift generator: an order without a pattern, the same each time.
fn shuffle(order: &mut [usize], random: &mut u64) {
    for last in (1..order.len()).rev() {
        *random ^= *random << 13;
        *random ^= *random >> 7;
        *random ^= *random << 17;
        let other = (*random % (last as u64 + 1)) as usize;
        order.swap(last, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_separated_is_separated() {
        let vectors: [Vector; 4] =
            [vec![(0, 1.0)], vec![(0, 0.8), (2, 0.6)], vec![(1, 1.0)], vec![(1, 0.8), (2, 0.6)]];
        let points: Vec<Point<'_>> = vectors
            .iter()
            .zip([0, 0, 1, 1])
            .map(|(vector, label)| Point { vector, label, weight: 1.0 })
            .collect();
        let linear = Linear::learn(&points, 3, 2);
        for point in &points {
            let scores = linear.scores(point.vector);
            assert!(scores[point.label] > scores[1 - point.label], "{scores:?}");
        }
        // What both have says nothing, and the parts add up to the score.
        assert!((linear.of(2)[0] - linear.of(2)[1]).abs() < 0.1);
        let parts = linear.of(0)[0] + linear.of(3)[0];
        assert!((parts - linear.scores(&vectors[0])[0]).abs() < 1e-12);
        assert_eq!(linear.weights, Linear::learn(&points, 3, 2).weights);
    }

    #[test]
    fn nothing_learned_scores_nothing() {
        let linear = Linear::learn(&[], 2, 3);
        assert_eq!(linear.scores(&vec![(0, 1.0), (7, 1.0)]), [0.0; 3]);
    }
}

//! One linear separator a label, learned by dual coordinate descent.
//!
//! The L2-regularised squared hinge loss, one label against the rest (Hsieh et al., "A Dual
//! Coordinate Descent Method for Large-scale Linear SVM", ICML 2008). Chosen for what it
//! costs: learning is linear in the words of the lessons, a score is a sum over the words
//! of the mail, and the part of each word in it is exact.

use super::space::Vector;
use rayon::prelude::*;

/// How much a lesson on the wrong side costs, against the size of the weights.
const COST: f32 = 1.0;
/// Passes over the lessons; more change nothing that can be seen in the figures.
const PASSES: u32 = 8;
/// How many labels are learned side by side: what a processor takes at once. Each label is
/// learned as if it were alone, so that this changes no bit.
const LANES: usize = 8;

/// What was learned: for each feature, its weight for each label; the last row is the constant.
pub(super) struct Linear {
    labels: usize,
    weights: Vec<f32>,
}

/// A lesson as numbers.
pub(super) struct Point<'a> {
    pub vector: &'a Vector,
    /// Index of its label.
    pub label: usize,
    /// How much it counts, above 0.
    pub weight: f32,
}

impl Linear {
    /// Learns. The same points in the same order give the same bits on every machine.
    pub fn learn(points: &[Point<'_>], features: usize, labels: usize) -> Self {
        let groups: Vec<Vec<[f32; LANES]>> = (0..labels.div_ceil(LANES))
            .into_par_iter()
            .map(|group| separate(points, features, group * LANES))
            .collect();
        let mut weights = Vec::with_capacity((features + 1) * labels);
        for feature in 0..=features {
            let rows = groups.iter().filter_map(|group| group.get(feature));
            weights.extend(rows.flatten().take(labels));
        }
        Self { labels, weights }
    }

    /// The weights of a feature, one a label.
    pub fn of(&self, feature: u32) -> &[f32] {
        let start = feature as usize * self.labels;
        self.weights.get(start..start + self.labels).unwrap_or_default()
    }

    /// The score for every label.
    pub fn scores(&self, vector: &Vector) -> Vec<f64> {
        let constant = self.weights.len().saturating_sub(self.labels);
        let constant = self.weights.get(constant..).unwrap_or_default();
        let mut scores: Vec<f64> = constant.iter().map(|weight| f64::from(*weight)).collect();
        for (feature, value) in vector {
            for (score, weight) in scores.iter_mut().zip(self.of(*feature)) {
                *score += f64::from(*value) * f64::from(*weight);
            }
        }
        scores
    }
}

/// The weights that tell each of `LANES` labels, from `first` on, from all others; the constant last.
fn separate(points: &[Point<'_>], features: usize, first: usize) -> Vec<[f32; LANES]> {
    let mut weights = vec![[0.0_f32; LANES]; features];
    let mut constant = [0.0_f32; LANES];
    let mut alphas = vec![[0.0_f32; LANES]; points.len()];
    // The constant is a feature of value 1 that every point has.
    let squares: Vec<f32> = points
        .iter()
        .map(|point| 1.0 + point.vector.iter().map(|(_, value)| value * value).sum::<f32>())
        .collect();
    let mut order: Vec<usize> = (0..points.len()).collect();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..PASSES {
        shuffle(&mut order, &mut random);
        for at in &order {
            let (Some(point), Some(square), Some(alphas)) =
                (points.get(*at), squares.get(*at), alphas.get_mut(*at))
            else {
                continue;
            };
            let mut scores = constant;
            for (feature, value) in point.vector {
                if let Some(row) = weights.get(*feature as usize) {
                    scores.iter_mut().zip(row).for_each(|(score, weight)| *score += value * weight);
                }
            }
            let soft = 0.5 / (COST * point.weight);
            let mut steps = [0.0_f32; LANES];
            for (lane, ((step, alpha), score)) in steps.iter_mut().zip(alphas).zip(scores).enumerate() {
                let side = if point.label == first + lane { 1.0 } else { -1.0 };
                let gradient = side * score - 1.0 + *alpha * soft;
                let new = (*alpha - gradient / (square + soft)).max(0.0);
                *step = (new - *alpha) * side;
                *alpha = new;
            }
            if steps.iter().all(|step| *step == 0.0) {
                continue;
            }
            for (feature, value) in point.vector {
                if let Some(row) = weights.get_mut(*feature as usize) {
                    row.iter_mut().zip(steps).for_each(|(weight, step)| *weight += step * value);
                }
            }
            constant.iter_mut().zip(steps).for_each(|(constant, step)| *constant += step);
        }
    }
    weights.push(constant);
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
        assert!((f64::from(parts) - linear.scores(&vectors[0])[0]).abs() < 1e-6);
        assert_eq!(linear.weights, Linear::learn(&points, 3, 2).weights);
    }

    /// More labels than are learned side by side: each is told from the others.
    #[test]
    fn no_label_is_lost_between_two_groups() {
        let vectors: Vec<Vector> = (0..20).map(|label| vec![(label, 1.0), (20, 0.3)]).collect();
        let points: Vec<Point<'_>> =
            vectors.iter().enumerate().map(|(label, vector)| Point { vector, label, weight: 1.0 }).collect();
        let linear = Linear::learn(&points, 21, 20);
        for point in &points {
            let scores = linear.scores(point.vector);
            assert_eq!(scores.len(), 20);
            let others = scores.iter().enumerate().filter(|(label, _)| *label != point.label);
            assert!(others.map(|(_, score)| *score).all(|other| other < scores[point.label]));
        }
    }

    #[test]
    fn nothing_learned_scores_nothing() {
        let linear = Linear::learn(&[], 2, 3);
        assert_eq!(linear.scores(&vec![(0, 1.0), (7, 1.0)]), [0.0; 3]);
    }
}

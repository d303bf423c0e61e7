//! Kernel ridge regression: one linear system, solved directly.
//!
//! Chosen over a descent because it has no learning rate, no stopping rule and no order,
//! and because it gives, from the same factors, the exact score that every lesson would
//! have had if it had been left out: the floors are measured with that.

/// What was learned: for each lesson, its pull on each label.
pub(super) struct Ridge {
    /// Lesson by lesson, label by label.
    pub pulls: Vec<Vec<f64>>,
    /// The score of each lesson for each label, learned without that lesson.
    pub left_out: Vec<Vec<f64>>,
}

/// Solves (K + λ/w) pull = target. `kernel` holds the lower triangle by rows, diagonal
/// included; `targets` one row a lesson; `weights` are above 0. Time grows with the third
/// power of the number of lessons.
pub(super) fn solve(mut kernel: Vec<Vec<f64>>, targets: &[Vec<f64>], weights: &[f64], lambda: f64) -> Ridge {
    for (row, weight) in kernel.iter_mut().zip(weights) {
        if let Some(diagonal) = row.last_mut() {
            *diagonal += lambda / weight;
        }
    }
    let factor = factorise(kernel);
    let labels = targets.first().map_or(0, Vec::len);
    let mut pulls = vec![vec![0.0; labels]; targets.len()];
    for label in 0..labels {
        let mut column: Vec<f64> =
            targets.iter().map(|row| row.get(label).copied().unwrap_or_default()).collect();
        forward(&factor, &mut column, 0);
        backward(&factor, &mut column);
        for (row, value) in pulls.iter_mut().zip(column) {
            if let Some(cell) = row.get_mut(label) {
                *cell = value;
            }
        }
    }
    let inverse = diagonal_of_inverse(&factor);
    let left_out = pulls
        .iter()
        .zip(targets)
        .zip(&inverse)
        .map(|((pulls, targets), inverse)| {
            pulls.iter().zip(targets).map(|(pull, target)| target - pull / inverse).collect()
        })
        .collect();
    Ridge { pulls, left_out }
}

/// Cholesky: the lower triangle L with L Lᵀ = A.
fn factorise(matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
    for mut row in matrix {
        for (j, above) in factor.iter().enumerate() {
            let done = dot(head(&row, j), head(above, j));
            let diagonal = above.last().copied().unwrap_or(1.0);
            if let Some(cell) = row.get_mut(j) {
                *cell = (*cell - done) / diagonal;
            }
        }
        let before = factor.len();
        let square = dot(head(&row, before), head(&row, before));
        if let Some(cell) = row.last_mut() {
            // λ keeps this well above 0; the bound guards against rounding only.
            *cell = (*cell - square).max(1e-12).sqrt();
        }
        factor.push(row);
    }
    factor
}

/// Solves L x = b in place; `b` is 0 before `first`.
fn forward(factor: &[Vec<f64>], b: &mut [f64], first: usize) {
    for (i, row) in factor.iter().enumerate().skip(first) {
        let (done, rest) = b.split_at_mut(i);
        let known = dot(row.get(first..i).unwrap_or_default(), done.get(first..).unwrap_or_default());
        if let (Some(cell), Some(diagonal)) = (rest.first_mut(), row.last()) {
            *cell = (*cell - known) / diagonal;
        }
    }
}

/// Solves Lᵀ x = b in place.
fn backward(factor: &[Vec<f64>], b: &mut [f64]) {
    for (i, row) in factor.iter().enumerate().rev() {
        let (before, rest) = b.split_at_mut(i);
        let (Some(cell), Some(diagonal)) = (rest.first_mut(), row.last()) else { continue };
        *cell /= diagonal;
        let value = *cell;
        for (cell, part) in before.iter_mut().zip(row) {
            *cell -= value * part;
        }
    }
}

fn diagonal_of_inverse(factor: &[Vec<f64>]) -> Vec<f64> {
    let mut column = vec![0.0; factor.len()];
    (0..factor.len())
        .map(|j| {
            column.fill(0.0);
            if let Some(cell) = column.get_mut(j) {
                *cell = 1.0;
            }
            forward(factor, &mut column, j);
            let tail = column.get(j..).unwrap_or_default();
            dot(tail, tail)
        })
        .collect()
}

fn head(row: &[f64], length: usize) -> &[f64] {
    row.get(..length).unwrap_or(row)
}

/// The sum of products, in eight lanes: the compiler may not reorder one sum by itself.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (a, b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a.zip(b) {
        for ((lane, x), y) in lanes.iter_mut().zip(x).zip(y) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small system with known neighbours: points on a line, the kernel their product.
    fn system(points: &[f64]) -> Vec<Vec<f64>> {
        points.iter().enumerate().map(|(i, x)| points[..=i].iter().map(|y| x * y + 1.0).collect()).collect()
    }

    #[test]
    fn the_pulls_solve_the_system() {
        let points: Vec<f64> = (0..23).map(|i| f64::from(i) * 0.3 - 2.0).collect();
        let targets: Vec<Vec<f64>> = points.iter().map(|x| vec![x.signum(), x * x]).collect();
        let weights: Vec<f64> = points.iter().map(|x| 1.0 + x.abs()).collect();
        let ridge = solve(system(&points), &targets, &weights, 0.5);
        for (i, x) in points.iter().enumerate() {
            for label in 0..2 {
                let score: f64 =
                    points.iter().zip(&ridge.pulls).map(|(y, pulls)| (x * y + 1.0) * pulls[label]).sum();
                let left = score + 0.5 / weights[i] * ridge.pulls[i][label];
                assert!((left - targets[i][label]).abs() < 1e-9, "{left}");
            }
        }
    }

    #[test]
    fn the_score_without_a_lesson_is_what_learning_without_it_gives() {
        let points: Vec<f64> = (0..12).map(|i| f64::from(i) * 0.4 - 1.7).collect();
        let targets: Vec<Vec<f64>> = points.iter().map(|x| vec![x.sin()]).collect();
        let weights = vec![1.0; points.len()];
        let all = solve(system(&points), &targets, &weights, 0.3);
        for left_out in 0..points.len() {
            let (mut fewer, mut fewer_targets) = (points.clone(), targets.clone());
            fewer.remove(left_out);
            fewer_targets.remove(left_out);
            let ridge = solve(system(&fewer), &fewer_targets, &weights[1..], 0.3);
            let score: f64 =
                fewer.iter().zip(&ridge.pulls).map(|(y, p)| (points[left_out] * y + 1.0) * p[0]).sum();
            assert!((score - all.left_out[left_out][0]).abs() < 1e-9);
        }
    }
}

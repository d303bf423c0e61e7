//! The arithmetic of the encoder: matrices, normalisation, and what stands between them.

/// How many outputs are computed together: what a processor takes at once, twice.
const PANEL: usize = 8;
/// How many inputs are taken through a panel together, so that it is read once for all of them.
const ROWS: usize = 4;

/// A matrix, laid out in panels of `PANEL` outputs: for each input the weights of all of them.
pub(super) struct Matrix {
    inputs: usize,
    panels: Vec<[f32; PANEL]>,
}

impl Matrix {
    /// From rows of `outputs` numbers, one row an input. `outputs` is a multiple of `PANEL`.
    pub fn new(rows: &[f32], outputs: usize) -> Self {
        let inputs = rows.len() / outputs.max(1);
        let mut panels = Vec::with_capacity(rows.len() / PANEL);
        for start in (0..outputs).step_by(PANEL) {
            for row in rows.chunks_exact(outputs) {
                let panel = row.get(start..start + PANEL).and_then(|panel| panel.try_into().ok());
                panels.push(panel.unwrap_or_default());
            }
        }
        Self { inputs, panels }
    }

    pub fn outputs(&self) -> usize {
        self.panels.len() / self.inputs.max(1) * PANEL
    }

    /// One input taken through.
    pub fn one(&self, input: &[f32]) -> Vec<f32> {
        self.apply(input, self.inputs, 1)
    }

    /// `count` inputs, each beginning `stride` numbers behind the one before; their outputs one
    /// after the other. Each output is summed in the order of the inputs, whatever is computed
    /// beside it.
    pub fn apply(&self, input: &[f32], stride: usize, count: usize) -> Vec<f32> {
        let outputs = self.outputs();
        let mut all = vec![0.0; count * outputs];
        for (panel, weights) in self.panels.chunks_exact(self.inputs.max(1)).enumerate() {
            for first in (0..count).step_by(ROWS) {
                // The last rows may be fewer: the last one is then computed several times over.
                let rows: [&[f32]; ROWS] = std::array::from_fn(|row| {
                    let start = (first + row).min(count - 1) * stride;
                    input.get(start..start + self.inputs).unwrap_or_default()
                });
                let sums = multiply(weights, rows);
                for (row, sums) in (first..count).zip(sums) {
                    let start = row * outputs + panel * PANEL;
                    if let Some(place) = all.get_mut(start..start + PANEL) {
                        place.copy_from_slice(&sums);
                    }
                }
            }
        }
        all
    }
}

fn multiply(weights: &[[f32; PANEL]], [a, b, c, d]: [&[f32]; ROWS]) -> [[f32; PANEL]; ROWS] {
    let (mut of_a, mut of_b, mut of_c, mut of_d) = ([0.0; PANEL], [0.0; PANEL], [0.0; PANEL], [0.0; PANEL]);
    let take = |sums: &mut [f32; PANEL], weights: &[f32; PANEL], value: f32| {
        sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight * value);
    };
    for ((((weights, a), b), c), d) in weights.iter().zip(a).zip(b).zip(c).zip(d) {
        take(&mut of_a, weights, *a);
        take(&mut of_b, weights, *b);
        take(&mut of_c, weights, *c);
        take(&mut of_d, weights, *d);
    }
    [of_a, of_b, of_c, of_d]
}

/// Brings a row to mean 0 and variance 1, then scales and shifts it as learned.
pub(super) struct LayerNorm {
    pub scale: Vec<f32>,
    pub shift: Vec<f32>,
}

impl LayerNorm {
    pub fn apply(&self, row: &mut [f32]) {
        let count = row.len() as f32;
        let mean = row.iter().sum::<f32>() / count;
        row.iter_mut().for_each(|value| *value -= mean);
        let variance = row.iter().map(|value| value * value).sum::<f32>() / count;
        let deviation = (variance + super::EPSILON).sqrt();
        for ((value, scale), shift) in row.iter_mut().zip(&self.scale).zip(&self.shift) {
            *value = *value / deviation * scale + shift;
        }
    }
}

pub(super) fn add(row: &mut [f32], other: &[f32]) {
    row.iter_mut().zip(other).for_each(|(value, other)| *value += other);
}

/// What is below zero becomes zero.
pub(super) fn relu(row: &mut [f32]) {
    row.iter_mut().for_each(|value| *value = value.max(0.0));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_multiplies_every_row_whatever_their_number() {
        let (inputs, outputs) = (3, 16);
        let weights: Vec<f32> = (0..inputs * outputs).map(|at| at as f32 * 0.25 - 3.0).collect();
        let matrix = Matrix::new(&weights, outputs);
        assert_eq!(matrix.outputs(), outputs);
        for count in 1..10 {
            // Windows that overlap: each begins one number behind the one before.
            let input: Vec<f32> = (0..count + inputs).map(|at| (at * at) as f32 * 0.5).collect();
            let found = matrix.apply(&input, 1, count);
            for row in 0..count {
                for output in 0..outputs {
                    let expected: f32 =
                        (0..inputs).map(|at| input[row + at] * weights[at * outputs + output]).sum();
                    assert_eq!(found[row * outputs + output], expected);
                }
            }
        }
        assert!(matrix.apply(&[], 1, 0).is_empty());
    }

    #[test]
    fn a_normalised_row_has_mean_zero_and_variance_one() {
        let norm = LayerNorm { scale: vec![1.0; 4], shift: vec![0.0; 4] };
        let mut row = [1.0, 2.0, 3.0, 6.0];
        norm.apply(&mut row);
        assert!(row.iter().sum::<f32>().abs() < 1e-6);
        assert!((row.iter().map(|value| value * value).sum::<f32>() / 4.0 - 1.0).abs() < 1e-6);
        // Equal numbers have no variance; the division still has a result.
        let mut flat = [2.0; 4];
        norm.apply(&mut flat);
        assert_eq!(flat, [0.0; 4]);
    }
}

//! An optional sentence encoder: text → 512 numbers that lie near each other where texts mean
//! the same, in whatever words and in either language.
//!
//! It is the Universal Sentence Encoder, multilingual, version 3 (Apache-2.0), which reads and
//! writes nothing: pieces of words (`tokens`) are looked up in a table, convolutions over two,
//! three and five of them and a small network (`layers`) make one vector. `weights` reads the
//! file that `scripts/fetch-encoder` makes. All sums have a fixed order, so that the same text
//! gives the same bits on every machine.

mod layers;
mod tokens;
mod weights;

pub use weights::BadWeights;

use super::number::exp;
use layers::{LayerNorm, Matrix, add, relu};
use tokens::Tokens;

/// How many numbers a sentence becomes.
pub const WIDTH: usize = 512;
/// Numbers of one convolution.
const BRANCH: usize = 256;
/// The table of pieces is kept in one byte a number; its rows share this many scales in turn.
const SCALES: usize = 17;
/// What keeps a division from zero.
const EPSILON: f32 = 1e-12;
/// More pieces of one text than this are not read: a sentence has thirty, and the cost rises with them.
const MOST_PIECES: usize = 400;
/// How many pieces each convolution takes together, and how many of them lie before its own.
const ORDERS: [(usize, usize); 3] = [(2, 0), (3, 1), (5, 2)];

/// The encoder with its weights: about 85 MB.
pub struct Encoder {
    tokens: Tokens,
    /// Row by row, `WIDTH` a piece.
    table: Vec<u8>,
    /// What a step of a byte is worth, and what a zero stands for.
    scales: [(f32, f32); SCALES],
    project: Matrix,
    project_bias: Vec<f32>,
    project_norm: LayerNorm,
    branches: Vec<Branch>,
    norm: LayerNorm,
    convolved: Matrix,
    convolved_bias: Vec<f32>,
    /// The network behind: two layers with a way past each.
    narrow: [Matrix; 3],
    wide: [Matrix; 3],
    digest: [u8; 32],
}

/// One convolution: two layers over the same window, each with a way past it.
struct Branch {
    layers: [(Matrix, Vec<f32>); 2],
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Encoder({} pieces)", self.table.len() / WIDTH)
    }
}

impl Encoder {
    /// SHA-256 of the weights.
    #[must_use]
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// The `WIDTH` numbers of a text, together of length 1.
    #[must_use]
    pub fn encode(&self, text: &str) -> Vec<f32> {
        let pieces = self.tokens.pieces(text, MOST_PIECES);
        let count = pieces.len();
        let embedded: Vec<f32> = pieces.iter().flat_map(|piece| self.embedding(*piece)).collect();
        let mut projected = self.project.apply(&embedded, WIDTH, count);
        for row in projected.chunks_exact_mut(self.project.outputs()) {
            add(row, &self.project_bias);
            self.project_norm.apply(row);
        }
        let convolved: Vec<Vec<f32>> = self
            .branches
            .iter()
            .zip(ORDERS)
            .enumerate()
            .map(|(place, (branch, order))| branch.apply(&projected, place, order))
            .collect();
        let mut sum = vec![0.0; WIDTH + ORDERS.len() * BRANCH];
        for (at, embedding) in embedded.chunks_exact(WIDTH).enumerate() {
            let mut row = Vec::with_capacity(sum.len());
            row.extend_from_slice(embedding);
            for branch in &convolved {
                row.extend_from_slice(branch.get(at * BRANCH..(at + 1) * BRANCH).unwrap_or_default());
            }
            self.norm.apply(&mut row);
            add(&mut sum, &row);
        }
        let length = count as f32;
        let mut mean = self.convolved.one(&sum);
        for (value, bias) in mean.iter_mut().zip(&self.convolved_bias) {
            *value = (*value + length * bias) / length.sqrt();
        }
        self.sentence(&mean)
    }

    /// The row of the table for a piece.
    fn embedding(&self, piece: u32) -> impl Iterator<Item = f32> {
        let piece = piece as usize;
        let (step, zero) = self.scales.get(piece % SCALES).copied().unwrap_or_default();
        let row = self.table.get(piece * WIDTH..(piece + 1) * WIDTH).unwrap_or_default();
        row.iter().map(move |byte| f32::from(*byte) * step + zero)
    }

    /// The network behind the convolutions.
    fn sentence(&self, mean: &[f32]) -> Vec<f32> {
        let layer = |[first, second, past]: &[Matrix; 3], input: &[f32]| {
            let mut hidden = first.one(input);
            relu(&mut hidden);
            let mut output = past.one(input);
            add(&mut output, &second.one(&hidden));
            output
        };
        let mut hidden = layer(&self.narrow, mean);
        relu(&mut hidden);
        let mut sentence = layer(&self.wide, &hidden);
        for value in &mut sentence {
            *value = tanh(*value);
        }
        let square: f32 = sentence.iter().map(|value| value * value).sum();
        let length = square.max(EPSILON).sqrt();
        sentence.iter_mut().for_each(|value| *value /= length);
        sentence
    }
}

impl Branch {
    /// `projected`: the rows of all branches side by side, ours at `place`.
    fn apply(&self, projected: &[f32], place: usize, (order, before): (usize, usize)) -> Vec<f32> {
        let rows = projected.chunks_exact(ORDERS.len() * BRANCH);
        let count = rows.len();
        // A window is a stretch of this row; beyond the text lie zeros.
        let mut padded = vec![0.0; (count + order - 1) * BRANCH];
        let own = before * BRANCH..(before + count) * BRANCH;
        for (kept, row) in padded
            .iter_mut()
            .skip(own.start)
            .zip(rows.flat_map(|row| row.get(place * BRANCH..(place + 1) * BRANCH).unwrap_or_default()))
        {
            *kept = *row;
        }
        for (matrix, bias) in &self.layers {
            let mut output = matrix.apply(&padded, BRANCH, count);
            output.chunks_exact_mut(BRANCH).for_each(|row| add(row, bias));
            relu(&mut output);
            if let Some(kept) = padded.get_mut(own.clone()) {
                add(kept, &output);
            }
        }
        padded.get(own).unwrap_or_default().to_vec()
    }
}

/// The hyperbolic tangent out of the four operations, the same bits everywhere.
fn tanh(x: f32) -> f32 {
    let power = exp(2.0 * f64::from(x.clamp(-20.0, 20.0)));
    ((power - 1.0) / (power + 1.0)) as f32
}

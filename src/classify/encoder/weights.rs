//! The file of the encoder's weights, which `scripts/fetch-encoder` makes → [`Encoder`].
//!
//! All numbers little-endian: a head of 32 bytes; the table of the pieces, `WIDTH` bytes each;
//! their scales; the matrices and vectors as 32-bit floats in the order below; the pieces, each
//! its length in one byte, its text, its score; at the end SHA-256 of all that.

use super::layers::{LayerNorm, Matrix};
use super::tokens::Tokens;
use super::{BRANCH, Branch, Encoder, ORDERS, SCALES, WIDTH};
use sha2::{Digest as _, Sha256};

/// The first bytes of every such file.
const HEAD: &[u8; 24] = b"greffier encoder 1\n\0\0\0\0\0";
/// The head, with the number of rows behind it.
const TABLE: usize = 32;
/// More pieces than this no vocabulary has.
const MOST_ROWS: usize = 1 << 20;
/// Numbers of the inner layer.
const INNER: usize = 320;

/// What is wrong with a file of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadWeights {
    /// It is another file, or of another version.
    Foreign,
    /// It ends too early, or bytes of it have changed.
    Broken,
}

impl Encoder {
    /// Reads the file of the weights, as a whole.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(mut file: Vec<u8>) -> Result<Self, BadWeights> {
        if file.get(..HEAD.len()) != Some(HEAD.as_slice()) {
            return Err(BadWeights::Foreign);
        }
        let end = file.len().checked_sub(32).filter(|end| *end >= TABLE).ok_or(BadWeights::Broken)?;
        let (content, sum) = file.split_at(end);
        let digest: [u8; 32] = Sha256::digest(content).into();
        if sum != digest {
            return Err(BadWeights::Broken);
        }
        let mut rest = Rest(content.get(HEAD.len()..).unwrap_or_default());
        let rows = usize::try_from(u64::from_le_bytes(rest.bytes()?)).unwrap_or(usize::MAX);
        let table = rows.min(MOST_ROWS) * WIDTH;
        rest.take(table)?;
        let mut scales = [(0.0, 0.0); SCALES];
        for scale in &mut scales {
            *scale = (rest.float()?, rest.float()?);
        }
        let features = WIDTH + ORDERS.len() * BRANCH;
        let project = rest.matrix(WIDTH, ORDERS.len() * BRANCH)?;
        let project_bias = rest.floats(ORDERS.len() * BRANCH)?;
        let project_norm = rest.norm(ORDERS.len() * BRANCH)?;
        let mut branches = Vec::new();
        for (order, _) in ORDERS {
            let mut layer = || Ok((rest.matrix(order * BRANCH, BRANCH)?, rest.floats(BRANCH)?));
            branches.push(Branch { layers: [layer()?, layer()?] });
        }
        let norm = rest.norm(features)?;
        let (convolved, convolved_bias) = (rest.matrix(features, WIDTH)?, rest.floats(WIDTH)?);
        let narrow = [rest.matrix(WIDTH, INNER)?, rest.matrix(INNER, INNER)?, rest.matrix(WIDTH, INNER)?];
        let wide = [rest.matrix(INNER, WIDTH)?, rest.matrix(WIDTH, WIDTH)?, rest.matrix(INNER, WIDTH)?];
        let mut pieces = Vec::with_capacity(rows.min(MOST_ROWS));
        while !rest.0.is_empty() {
            let [length] = rest.bytes()?;
            let piece = std::str::from_utf8(rest.take(length.into())?).map_err(|_| BadWeights::Broken)?;
            pieces.push((piece, rest.float()?));
        }
        if pieces.len() > rows {
            return Err(BadWeights::Broken);
        }
        let tokens = Tokens::new(pieces.into_iter());
        // The table stays where it was read; what follows is needed no more.
        file.truncate(TABLE + table);
        file.drain(..TABLE);
        file.shrink_to_fit();
        Ok(Self {
            tokens,
            table: file,
            scales,
            project,
            project_bias,
            project_norm,
            branches,
            norm,
            convolved,
            convolved_bias,
            narrow,
            wide,
            digest,
        })
    }
}

/// What is still to be read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], BadWeights> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(BadWeights::Broken)?;
        self.0 = rest;
        Ok(taken)
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], BadWeights> {
        self.take(N)?.try_into().map_err(|_| BadWeights::Broken)
    }

    fn float(&mut self) -> Result<f32, BadWeights> {
        let float = f32::from_le_bytes(self.bytes()?);
        if float.is_finite() { Ok(float) } else { Err(BadWeights::Broken) }
    }

    fn floats(&mut self, count: usize) -> Result<Vec<f32>, BadWeights> {
        (0..count).map(|_| self.float()).collect()
    }

    fn matrix(&mut self, inputs: usize, outputs: usize) -> Result<Matrix, BadWeights> {
        Ok(Matrix::new(&self.floats(inputs * outputs)?, outputs))
    }

    fn norm(&mut self, count: usize) -> Result<LayerNorm, BadWeights> {
        Ok(LayerNorm { scale: self.floats(count)?, shift: self.floats(count)? })
    }
}

//! The encoder with what it has encoded: lessons are encoded once, not at every learning.

use super::Lesson;
use super::asks::sentences;
use super::encoder::{Encoder, WIDTH};
use super::lesson::Source;
use super::words::words;
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The first bytes of what is kept; another method is another number.
const HEAD: &[u8; 32] = b"greffier encoded sentences 1\n\0\0\0";

/// The numbers of one text.
pub(super) type Sentence = Arc<[f32]>;

/// By SHA-256 of the text: its numbers, and whether they may be kept on the disk.
type Known = BTreeMap<[u8; 32], (Sentence, bool)>;

/// An encoder that remembers the lessons it encoded.
#[derive(Debug)]
pub struct Sentences {
    encoder: Encoder,
    known: RwLock<Known>,
}

impl Sentences {
    /// Nothing is encoded yet.
    #[must_use]
    pub fn new(encoder: Encoder) -> Self {
        Self { encoder, known: RwLock::default() }
    }

    /// SHA-256 of the weights.
    #[must_use]
    pub fn digest(&self) -> &[u8; 32] {
        self.encoder.digest()
    }

    /// Takes over what [`Sentences::kept`] gave to an earlier process, and says whether it was
    /// whole and made with these weights; otherwise nothing is taken.
    #[must_use]
    pub fn recall(&self, kept: &[u8]) -> bool {
        let Some(recalled) = self.read(kept) else { return false };
        self.known.write().unwrap_or_else(PoisonError::into_inner).extend(recalled);
        true
    }

    fn read(&self, kept: &[u8]) -> Option<Known> {
        let (content, sum) = kept.split_at_checked(kept.len().checked_sub(32)?)?;
        let (head, content) = content.split_at_checked(HEAD.len())?;
        let (weights, content) = content.split_at_checked(32)?;
        if head != HEAD || weights != self.digest() || sum != checksum(kept) {
            return None;
        }
        let lines = content.chunks_exact(32 + WIDTH * 4);
        if !lines.remainder().is_empty() {
            return None;
        }
        lines
            .map(|line| {
                let (key, numbers) = line.split_first_chunk::<32>()?;
                let numbers = numbers.chunks_exact(4).filter_map(|bytes| bytes.try_into().ok());
                Some((*key, (numbers.map(f32::from_le_bytes).collect(), true)))
            })
            .collect()
    }

    /// What a later process needs not encode anew. What reviewers taught is not in it: a purge
    /// would not find it there.
    #[must_use]
    pub fn kept(&self) -> Vec<u8> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let mut kept = [HEAD.as_slice(), self.digest()].concat();
        for (key, (sentence, _)) in known.iter().filter(|(_, (_, keep))| *keep) {
            kept.extend_from_slice(key);
            kept.extend(sentence.iter().flat_map(|number| number.to_le_bytes()));
        }
        // Room for the sum, which is over all that stands before it.
        kept.extend([0; 32]);
        let sum = checksum(&kept);
        kept.truncate(kept.len() - sum.len());
        kept.extend(sum);
        kept
    }

    /// The numbers of the lessons, in their order; those that no model holds any more are forgotten.
    pub(super) fn of(&self, lessons: &[Lesson]) -> Vec<Sentence> {
        let found: Vec<([u8; 32], Sentence, bool)> = lessons
            .par_iter()
            .map(|lesson| {
                let key = Sha256::digest(lesson.text.as_bytes()).into();
                let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
                let sentence = known.map_or_else(|| self.summed(&lesson.text), |(sentence, _)| sentence);
                (key, sentence, lesson.source != Source::Learned)
            })
            .collect();
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        for (key, sentence, keep) in &found {
            let entry = known.entry(*key).or_insert_with(|| (Arc::clone(sentence), false));
            entry.1 |= keep;
        }
        known.retain(|_, (sentence, _)| Arc::strong_count(sentence) > 1);
        found.into_iter().map(|(_, sentence, _)| sentence).collect()
    }

    /// The numbers of a lesson: the sum over its sentences, by their words, as a mail is read.
    fn summed(&self, text: &str) -> Sentence {
        let sentences = sentences(text);
        let parts: Vec<(f32, Sentence)> = sentences
            .iter()
            .map(|sentence| (words(&sentence.text).len() as f32, self.encode(&sentence.text)))
            .collect();
        match parts.iter().any(|(words, _)| *words > 0.0) {
            true => sum(parts.iter().map(|(words, sentence)| (*words, sentence.as_ref()))).into(),
            false => self.encode(text),
        }
    }

    /// The numbers of a text that nobody will ask for again.
    pub(super) fn encode(&self, text: &str) -> Sentence {
        self.encoder.encode(text).into()
    }
}

/// Sentences taken together, each with its weight.
pub(super) fn sum<'a>(sentences: impl Iterator<Item = (f32, &'a [f32])>) -> Vec<f32> {
    let mut sum = vec![0.0; WIDTH];
    for (weight, sentence) in sentences {
        sum.iter_mut().zip(sentence).for_each(|(sum, value)| *sum += weight * value);
    }
    sum
}

/// How much two texts mean the same, from -1 to 1; 0 if one of them says nothing.
pub(super) fn likeness(one: &[f32], other: &[f32]) -> f64 {
    let product = |one: &[f32], other: &[f32]| {
        one.iter().zip(other).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>()
    };
    let lengths = (product(one, one) * product(other, other)).sqrt();
    if lengths > 0.0 { product(one, other) / lengths } else { 0.0 }
}

/// SHA-256 of all but the last 32 bytes.
fn checksum(kept: &[u8]) -> [u8; 32] {
    Sha256::digest(kept.get(..kept.len().saturating_sub(32)).unwrap_or_default()).into()
}

//! The space in which lessons and mail are compared: features with their weights.

use super::encoder::WIDTH;
use super::number::ln;
use super::sentences::{Sentence, Sentences, sum};
use super::words::{ByFeature, Feature, Features, Taken, Word, is_letters, words};
use crate::replies::Lexicon;
use crate::wording::Language;
use rayon::prelude::*;
use std::sync::Arc;

/// The share of stems in the likeness of two texts; the rest is letters. Chosen, as the two
/// numbers of the learning, by leaving situations out in turn; the figures move little around it.
const STEMS: f32 = 0.5;
/// How many texts are taken apart at a time to be counted.
const BATCH: usize = 256;
/// A feature of fewer lessons than this teaches nothing about others.
const FEWEST: u32 = 2;
/// How much the encoder counts beside the words, which count 1: the square of the length of its part.
const SENTENCE: f32 = 0.1;

/// Numbers the known features and weighs them: rare ones say more (inverse document frequency).
pub(super) struct Space {
    features: Features,
    index: ByFeature<u32>,
    /// By number: weight, and whether it is a stretch of letters.
    known: Vec<(f32, bool)>,
    /// The weight of what no lesson holds.
    unknown: f32,
    /// The encoder, if there is one: its numbers are features behind all others.
    sentences: Option<Arc<Sentences>>,
}

/// A stretch of text, taken apart once.
#[derive(Clone)]
pub(super) struct Prepared {
    pub words: Vec<Word>,
    /// The known features of all words in one row, by number.
    numbers: Vec<u32>,
    /// Where those of each word end.
    ends: Vec<u32>,
    /// How many features no lesson holds: stems, letters.
    unknown: (u32, u32),
    /// Words that carry content.
    pub content: u32,
    /// What the encoder makes of it, if there is one.
    sentence: Option<Sentence>,
}

impl Prepared {
    /// Each word with its known features, by number.
    pub fn of_words(&self) -> impl Iterator<Item = (&Word, &[u32])> {
        let mut start = 0;
        self.words.iter().zip(&self.ends).map(move |(word, end)| {
            let from = std::mem::replace(&mut start, *end as usize);
            (word, self.numbers.get(from..*end as usize).unwrap_or_default())
        })
    }

    /// The known features of all words, by number; one that several words bear as often.
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// What the encoder makes of it, and its words, by which it counts among others.
    pub fn weighted(&self) -> Option<(f32, &[f32])> {
        self.sentence.as_deref().map(|sentence| (self.words.len() as f32, sentence))
    }
}

/// Features and their values, by rising number; its length is 1 if every feature is known. In
/// single precision: half the memory, and the four operations and the root give the same bits
/// everywhere all the same.
pub(super) type Vector = Vec<(u32, f32)>;

impl Space {
    /// The space of these texts, and their vectors in it.
    pub fn of(
        texts: &[(&str, Language)],
        lexicon: &Lexicon,
        sentences: Option<Arc<Sentences>>,
    ) -> (Self, Vec<Vector>) {
        let features = Features::new(lexicon);
        let take = |(text, language): &(&str, Language)| features.of(&words(text), *language);
        // Taken apart twice: the features of all texts at once would be the peak of the memory.
        let mut counts = Counts::default();
        for batch in texts.chunks(BATCH) {
            let taken: Vec<Taken> = batch.par_iter().map(take).collect();
            taken.iter().for_each(|taken| counts.add(taken));
        }
        let (index, known, unknown) = counts.weigh();
        let space = Self { features, index, known, unknown, sentences };
        let take = |(text, language): &(&str, Language)| space.features.of(&words(text), *language);
        let vectors = texts.par_iter().map(|text| space.vector_of(&take(text))).collect();
        (space, vectors)
    }

    /// How many features there are, those of the encoder last.
    pub fn len(&self) -> usize {
        self.known() + if self.sentences.is_some() { WIDTH } else { 0 }
    }

    /// How many features of words there are.
    pub fn known(&self) -> usize {
        self.known.len()
    }

    /// Whether a word carries content: not an article, a pronoun, a greeting…
    pub fn counts(&self, word: &Word) -> bool {
        self.features.counts(word)
    }

    /// What the forms of a word share.
    pub fn stem(&self, word: &Word, language: Language) -> Feature {
        self.features.stem(word, language)
    }

    /// Takes a text apart.
    pub fn prepare(&self, text: &str, language: Language) -> Prepared {
        let words = words(text);
        let taken = self.features.of(&words, language);
        let counting = words.iter().filter(|word| self.features.counts(word)).count();
        let content = u32::try_from(counting).unwrap_or(u32::MAX);
        let (mut numbers, mut ends) = (Vec::with_capacity(taken.features.len()), taken.ends);
        let mut unknown = (0, 0);
        let mut start = 0;
        for end in &mut ends {
            let from = std::mem::replace(&mut start, *end as usize);
            let of_word = taken.features.get(from..start).unwrap_or_default();
            self.number(of_word, &mut numbers, &mut unknown);
            *end = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        }
        // Without words there is nothing to encode either.
        let sentences = self.sentences.as_ref().filter(|_| !words.is_empty());
        let sentence = sentences.map(|sentences| sentences.encode(text));
        Prepared { words, numbers, ends, unknown, content, sentence }
    }

    /// Adds the numbers of the known features, and counts the others.
    fn number(&self, features: &[Feature], numbers: &mut Vec<u32>, unknown: &mut (u32, u32)) {
        for feature in features {
            match self.index.get(feature) {
                Some(number) => numbers.push(*number),
                None if is_letters(*feature) => unknown.1 += 1,
                None => unknown.0 += 1,
            }
        }
    }

    fn vector_of(&self, taken: &Taken) -> Vector {
        let mut numbers = Vec::with_capacity(taken.features.len());
        let mut unknown = (0, 0);
        self.number(&taken.features, &mut numbers, &mut unknown);
        self.weighed(numbers, unknown)
    }

    /// The vector of several stretches taken together.
    pub fn vector<'a>(&self, parts: impl Iterator<Item = &'a Prepared>) -> Vector {
        let mut numbers: Vec<u32> = Vec::new();
        let mut unknown = (0, 0);
        let mut sentences = Vec::new();
        for part in parts {
            numbers.extend(&part.numbers);
            unknown = (unknown.0 + part.unknown.0, unknown.1 + part.unknown.1);
            sentences.extend(part.weighted());
        }
        let mut vector = self.weighed(numbers, unknown);
        if !sentences.is_empty() {
            self.add_sentence(&mut vector, &sum(sentences.into_iter()));
        }
        vector
    }

    /// Adds what the encoder made of a text, or the sum over several, as features of its own.
    pub fn add_sentence(&self, vector: &mut Vector, sentence: &[f32]) {
        let square: f32 = sentence.iter().map(|value| value * value).sum();
        if square > 0.0 {
            let scale = (SENTENCE / square).sqrt();
            let numbers = u32::try_from(self.known()).unwrap_or(u32::MAX)..;
            vector.extend(numbers.zip(sentence.iter().map(|value| value * scale)));
        }
    }

    /// Takes what the encoder made out again.
    pub fn leave_words(&self, vector: &mut Vector) {
        vector.truncate(vector.partition_point(|(feature, _)| (*feature as usize) < self.known()));
        vector.shrink_to_fit();
    }

    fn weighed(&self, mut numbers: Vec<u32>, unknown: (u32, u32)) -> Vector {
        numbers.sort_unstable();
        let square = self.unknown * self.unknown;
        let (mut stems, mut letters) = (float(unknown.0) * square, float(unknown.1) * square);
        let runs = || numbers.chunk_by(|a, b| a == b);
        let mut vector: Vector = Vec::with_capacity(runs().count());
        for run in runs() {
            let Some(number) = run.first() else { continue };
            let (weight, is_letters) = self.known.get(*number as usize).copied().unwrap_or_default();
            let times = float(u32::try_from(run.len()).unwrap_or(u32::MAX));
            let value = times.sqrt() * weight;
            *(if is_letters { &mut letters } else { &mut stems }) += value * value;
            vector.push((*number, value));
        }
        let scale = |share: f32, sum: f32| if sum > 0.0 { (share / sum).sqrt() } else { 0.0 };
        let (stems, letters) = (scale(STEMS, stems), scale(1.0 - STEMS, letters));
        for (number, value) in &mut vector {
            let is_letters = self.known.get(*number as usize).is_some_and(|known| known.1);
            *value *= if is_letters { letters } else { stems };
        }
        vector
    }
}

/// In how many texts each feature stands, in the order in which they came.
#[derive(Default)]
struct Counts {
    index: ByFeature<u32>,
    /// How many texts, the last of them, and whether it is a stretch of letters.
    counts: Vec<(u32, u32, bool)>,
    texts: u32,
}

impl Counts {
    fn add(&mut self, taken: &Taken) {
        for feature in &taken.features {
            let next = u32::try_from(self.counts.len()).unwrap_or(u32::MAX);
            let at = *self.index.entry(*feature).or_insert(next);
            if at == next {
                self.counts.push((1, self.texts, is_letters(*feature)));
            } else if let Some(count) = self.counts.get_mut(at as usize)
                && count.1 != self.texts
            {
                (count.0, count.1) = (count.0 + 1, self.texts);
            }
        }
        self.texts += 1;
    }

    /// Numbers the features that several texts hold, and weighs them; last, the weight of what none holds.
    fn weigh(self) -> (ByFeature<u32>, Vec<(f32, bool)>, f32) {
        let Self { mut index, counts, texts } = self;
        let total = f64::from(texts);
        let weight = |count: u32| ln((total + 1.0) / f64::from(count)) as f32;
        let mut known = Vec::new();
        let mut numbers = Vec::with_capacity(counts.len());
        for (count, _, letters) in &counts {
            // Those of one text alone are as good as unknown.
            numbers.push((*count >= FEWEST).then_some(u32::try_from(known.len()).unwrap_or(u32::MAX)));
            if *count >= FEWEST {
                known.push((weight(*count), *letters));
            }
        }
        index.retain(|_, at| match numbers.get(*at as usize).copied().flatten() {
            Some(number) => {
                *at = number;
                true
            }
            None => false,
        });
        index.shrink_to_fit();
        known.shrink_to_fit();
        (index, known, weight(1))
    }
}

/// A count as a number; those in texts are small enough to be exact.
fn float(count: u32) -> f32 {
    count as f32
}

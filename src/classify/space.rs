//! The space in which lessons and mail are compared: features with their weights.

use super::number::ln;
use super::words::{ByFeature, Feature, Features, Word, WordFeatures, words};
use crate::replies::Lexicon;
use crate::wording::Language;
use rayon::prelude::*;

/// The share of stems in the likeness of two texts; the rest is letters. Chosen, as the two
/// numbers of the learning, by leaving situations out in turn; the figures move little around it.
const STEMS: f64 = 0.5;
/// A feature of fewer lessons than this teaches nothing about others.
const FEWEST: u32 = 2;

/// Numbers the known features and weighs them: rare ones say more (inverse document frequency).
pub(super) struct Space {
    features: Features,
    index: ByFeature<u32>,
    /// By number: weight, and whether it is a stretch of letters.
    known: Vec<(f64, bool)>,
    /// The weight of what no lesson holds.
    unknown: f64,
}

/// A stretch of text, taken apart once.
pub(super) struct Prepared {
    pub words: Vec<Word>,
    /// The known features of each word, by number.
    pub of_word: Vec<Vec<u32>>,
    /// How many features no lesson holds: stems, letters.
    unknown: (u32, u32),
    /// Words that carry content.
    pub content: u32,
}

/// Features and their values, by rising number; its length is 1 if every feature is known.
pub(super) type Vector = Vec<(u32, f64)>;

impl Space {
    /// The space of these texts.
    pub fn of<'a>(
        texts: impl IndexedParallelIterator<Item = (&'a str, Language)>,
        lexicon: &Lexicon,
    ) -> (Self, Vec<Prepared>) {
        let features = Features::new(lexicon);
        let mut index: ByFeature<u32> = ByFeature::default();
        // In how many texts a feature stands, the last text that was counted, and its kind.
        let mut counts: Vec<(u32, u32, bool)> = Vec::new();
        let taken: Vec<(Vec<Word>, Vec<WordFeatures>)> = texts
            .map(|(text, language)| {
                let words = words(text);
                let of_words = features.of(&words, language);
                (words, of_words)
            })
            .collect();
        for (number, (_, of_words)) in (0_u32..).zip(&taken) {
            for (feature, letters) in of_words.iter().flat_map(WordFeatures::all) {
                let next = u32::try_from(counts.len()).unwrap_or(u32::MAX);
                let at = *index.entry(feature).or_insert(next);
                if at == next {
                    counts.push((0, u32::MAX, letters));
                }
                if let Some(count) = counts.get_mut(at as usize)
                    && count.1 != number
                {
                    *count = (count.0 + 1, number, letters);
                }
            }
        }
        let total = taken.len();
        let weight =
            |count: u32| ln((f64::from(u32::try_from(total).unwrap_or(u32::MAX)) + 1.0) / f64::from(count));
        // Those of one lesson alone are as good as unknown.
        let mut kept = 0;
        let numbers: Vec<Option<u32>> = counts
            .iter()
            .map(|(count, ..)| {
                (*count >= FEWEST).then(|| {
                    kept += 1;
                    kept - 1
                })
            })
            .collect();
        index.retain(|_, at| match numbers.get(*at as usize).copied().flatten() {
            Some(number) => {
                *at = number;
                true
            }
            None => false,
        });
        let known = counts
            .iter()
            .filter(|(count, ..)| *count >= FEWEST)
            .map(|(count, _, letters)| (weight(*count), *letters))
            .collect();
        let space = Self { features, index, known, unknown: weight(1) };
        let prepared =
            taken.into_par_iter().map(|(words, of_words)| space.number(words, &of_words)).collect();
        (space, prepared)
    }

    /// How many features are known.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether a word carries content: not an article, a pronoun, a greeting…
    pub fn counts(&self, word: &Word) -> bool {
        self.features.counts(word)
    }

    /// Takes a text apart.
    pub fn prepare(&self, text: &str, language: Language) -> Prepared {
        let words = words(text);
        let of_words = self.features.of(&words, language);
        self.number(words, &of_words)
    }

    fn number(&self, words: Vec<Word>, of_words: &[WordFeatures]) -> Prepared {
        let counting = words.iter().filter(|word| self.features.counts(word)).count();
        let mut prepared =
            Prepared { words, of_word: Vec::with_capacity(of_words.len()), unknown: (0, 0), content: 0 };
        for features in of_words {
            let mut numbers = Vec::with_capacity(features.stems.len() + features.letters.len());
            for (feature, letters) in features.all() {
                match self.index.get(&feature) {
                    Some(number) => numbers.push(*number),
                    None if letters => prepared.unknown.1 += 1,
                    None => prepared.unknown.0 += 1,
                }
            }
            prepared.of_word.push(numbers);
        }
        prepared.content = u32::try_from(counting).unwrap_or(u32::MAX);
        prepared
    }

    /// The vector of several stretches taken together.
    pub fn vector<'a>(&self, parts: impl Iterator<Item = &'a Prepared>) -> Vector {
        let mut numbers: Vec<u32> = Vec::new();
        let mut unknown = (0, 0);
        for part in parts {
            numbers.extend(part.of_word.iter().flatten());
            unknown = (unknown.0 + part.unknown.0, unknown.1 + part.unknown.1);
        }
        numbers.sort_unstable();
        let square = self.unknown * self.unknown;
        let (mut stems, mut letters) = (f64::from(unknown.0) * square, f64::from(unknown.1) * square);
        let mut vector: Vector = Vec::with_capacity(numbers.len());
        for run in numbers.chunk_by(|a, b| a == b) {
            let Some(number) = run.first() else { continue };
            let (weight, is_letters) = self.known.get(*number as usize).copied().unwrap_or_default();
            let times = f64::from(u32::try_from(run.len()).unwrap_or(u32::MAX));
            let value = times.sqrt() * weight;
            *(if is_letters { &mut letters } else { &mut stems }) += value * value;
            vector.push((*number, value));
        }
        let scale = |share: f64, sum: f64| if sum > 0.0 { (share / sum).sqrt() } else { 0.0 };
        let (stems, letters) = (scale(STEMS, stems), scale(1.0 - STEMS, letters));
        for (number, value) in &mut vector {
            let is_letters = self.known.get(*number as usize).is_some_and(|known| known.1);
            *value *= if is_letters { letters } else { stems };
        }
        vector
    }
}

impl WordFeatures {
    /// All features, and whether each is a stretch of letters.
    fn all(&self) -> impl Iterator<Item = (Feature, bool)> {
        let stems = self.stems.iter().map(|feature| (*feature, false));
        stems.chain(self.letters.iter().map(|feature| (*feature, true)))
    }
}

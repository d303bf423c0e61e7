//! Why: the words that decided, and the lessons that gave them their weight.
//!
//! Nothing is guessed afterwards: a word's weight is its exact part of the score.

use super::number::round;
use super::space::{Prepared, Vector};
use super::{Contrast, Evidence, Label, Lesson, Model};
use std::collections::BTreeMap;

/// Words shown for each entry.
const MOST_WORDS: usize = 5;

/// The words of an ask that spoke most for a label, each with the lesson that gave it weight.
pub(super) fn evidence(model: &Model, own: &[&Prepared], label: usize) -> Vec<Evidence> {
    let Some(entry) = model.labels.get(label).and_then(Label::entry) else { return Vec::new() };
    let spoken = Spoken::of(model, own, label);
    strongest(model, own, |feature| spoken.part(feature))
        .into_iter()
        .filter_map(|(word, weight)| {
            let features = words_of(own).filter(|(of, _)| *of == word).flat_map(|(_, features)| features);
            let lesson = spoken.strongest_lesson(features.copied())?;
            Some(Evidence {
                entry: entry.to_owned(),
                word: word.to_owned(),
                weight: round(weight),
                source: lesson.source,
                lesson: lesson.text.clone(),
            })
        })
        .take(MOST_WORDS)
        .collect()
}

/// Why `label` came before `other`.
pub(super) fn contrast(model: &Model, own: &[&Prepared], label: usize, other: usize) -> Option<Contrast> {
    let slug = |label: usize| model.labels.get(label).and_then(Label::entry).map(str::to_owned);
    let (won, lost) = (Spoken::of(model, own, label), Spoken::of(model, own, other));
    let words = strongest(model, own, |feature| won.part(feature) - lost.part(feature));
    let words = words.into_iter().take(MOST_WORDS).map(|(word, _)| word.to_owned()).collect();
    Some(Contrast { entry: slug(label)?, runner_up: slug(other)?, words })
}

/// The words that carry content, with what their features add up to, largest first; none below zero.
fn strongest<'a>(model: &Model, own: &'a [&'a Prepared], part: impl Fn(u32) -> f64) -> Vec<(&'a str, f64)> {
    let mut weights: BTreeMap<&str, f64> = BTreeMap::new();
    let words = own.iter().flat_map(|prepared| prepared.words.iter().zip(&prepared.of_word));
    for (word, features) in words.filter(|(word, _)| model.space.counts(word)) {
        *weights.entry(&word.shown).or_default() +=
            features.iter().map(|feature| part(*feature)).sum::<f64>();
    }
    let mut strongest: Vec<(&str, f64)> =
        weights.into_iter().filter(|(_, weight)| round(*weight) > 0.0).collect();
    strongest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    strongest
}

fn words_of<'a>(own: &'a [&'a Prepared]) -> impl Iterator<Item = (&'a str, &'a Vec<u32>)> {
    own.iter().flat_map(|part| part.words.iter().map(|word| word.shown.as_str()).zip(&part.of_word))
}

/// How a score came about, feature by feature: the parts add up to the score of the label less
/// that of the average label, but for the constants.
struct Spoken<'m> {
    model: &'m Model,
    label: usize,
    /// What was read, by feature; and how much of it one bearer of the feature stands for.
    values: Vector,
}

impl<'m> Spoken<'m> {
    fn of(model: &'m Model, own: &[&Prepared], label: usize) -> Self {
        let vector = model.space.vector(own.iter().copied());
        // A feature that several words bear is shared out among them.
        let mut bearers: Vec<u32> =
            own.iter().flat_map(|part| part.of_word.iter().flatten().copied()).collect();
        bearers.sort_unstable();
        let times =
            bearers.chunk_by(|a, b| a == b).map(|run| f64::from(u32::try_from(run.len()).unwrap_or(1)));
        let values: Vector =
            vector.into_iter().zip(times).map(|((feature, value), times)| (feature, value / times)).collect();
        Self { model, label, values }
    }

    fn value(&self, feature: u32) -> f64 {
        let place = self.values.binary_search_by_key(&feature, |(of, _)| *of).ok();
        place.and_then(|at| self.values.get(at)).map_or(0.0, |(_, value)| *value)
    }

    /// What one bearer of the feature added to the score.
    fn part(&self, feature: u32) -> f64 {
        let weights = self.model.linear.of(feature);
        let labels = f64::from(u32::try_from(weights.len().max(1)).unwrap_or(u32::MAX));
        let average = weights.iter().sum::<f64>() / labels;
        self.value(feature) * (weights.get(self.label).copied().unwrap_or_default() - average)
    }

    /// The lesson of the label that has most of these features.
    fn strongest_lesson(&self, features: impl Iterator<Item = u32>) -> Option<&'m Lesson> {
        let mut given: BTreeMap<u32, f64> = BTreeMap::new();
        for feature in features {
            let part = self.part(feature).max(0.0);
            for (lesson, held) in self.model.holders_of(feature) {
                *given.entry(*lesson).or_default() += part * held;
            }
        }
        let model = self.model;
        given
            .into_iter()
            .filter_map(|(lesson, sum)| Some((model.lessons.get(lesson as usize)?, sum)))
            .filter(|(lesson, _)| model.labels.get(self.label) == Some(&lesson.label))
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .map(|(lesson, _)| lesson)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Floors, Lexicon, Source};
    use super::*;
    use crate::wording::Language;

    #[test]
    fn the_parts_of_the_words_add_up_to_the_score() {
        let lesson = |label: &str, text: &str| {
            Lesson::new(Label::from(label.to_owned()), Language::Fr, text, Source::Example)
        };
        let lessons = [
            lesson("duree", "Jusqu'à quand la suspension dure-t-elle ?"),
            lesson("duree", "Quand la suspension prendra-t-elle fin ?"),
            lesson("contact", "À qui devons-nous écrire ?"),
            lesson("contact", "Quelle direction joindre au sujet de la suspension ?"),
            lesson("sans-question", "Merci de votre réponse."),
        ];
        let model = Model::train(lessons, &Lexicon::default(), Floors::default());
        let text = "Quand la suspension finira-t-elle, et qui le dira ? La suspension gêne.";
        let prepared = model.space.prepare(text, Language::Fr);
        for label in 0..model.labels.len() {
            let spoken = Spoken::of(&model, &[&prepared], label);
            let by_words: f64 = prepared.of_word.iter().flatten().map(|feature| spoken.part(*feature)).sum();
            let constants = model.linear.scores(&Vec::new());
            let scores = model.linear.scores(&model.space.vector(std::iter::once(&prepared)));
            let own: Vec<f64> =
                scores.iter().zip(constants).map(|(score, constant)| score - constant).collect();
            let expected = own[label] - own.iter().sum::<f64>() / own.len() as f64;
            assert!((by_words - expected).abs() < 1e-9, "{by_words} {expected}");
        }
    }
}

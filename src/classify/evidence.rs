//! Why: the words that decided, and the lessons that gave them their weight.
//!
//! Nothing is guessed afterwards: a word's weight is its exact part of the score.

use super::number::round;
use super::sentences::{likeness, sum};
use super::space::{Prepared, Vector};
use super::{Contrast, Evidence, Label, Lesson, Likeness, Model};
use std::collections::BTreeMap;

/// Words shown for each entry.
const MOST_WORDS: usize = 5;

/// The words of an ask that spoke most for a label, each with the lesson that gave it weight.
pub(super) fn evidence(model: &Model, own: &[&Prepared], label: usize) -> Vec<Evidence> {
    let Some(entry) = model.labels.get(label).and_then(Label::entry) else { return Vec::new() };
    let spoken = Spoken::of(model, own);
    strongest(model, own, |feature| spoken.part(label, feature))
        .into_iter()
        .filter_map(|(word, weight)| {
            let features = words_of(own).filter(|(of, _)| *of == word).flat_map(|(_, features)| features);
            let lesson = spoken.strongest_lesson(label, features.copied())?;
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
    let spoken = Spoken::of(model, own);
    let words = strongest(model, own, |feature| spoken.part(label, feature) - spoken.part(other, feature));
    let words = words.into_iter().take(MOST_WORDS).map(|(word, _)| word.to_owned()).collect();
    Some(Contrast { entry: slug(label)?, runner_up: slug(other)?, words })
}

/// The wording of a label that the encoder finds most like what was read.
pub(super) fn nearest(model: &Model, own: &[&Prepared], label: usize) -> Option<Likeness> {
    let entry = model.labels.get(label).and_then(Label::entry)?;
    let parts: Vec<(f32, &[f32])> = own.iter().filter_map(|part| part.weighted()).collect();
    let read = (!parts.is_empty()).then(|| sum(parts.into_iter()))?;
    let of_label =
        model.lessons.iter().zip(&model.encoded).filter(|(lesson, _)| {
            lesson.source.is_wording() && model.labels.get(label) == Some(&lesson.label)
        });
    let (lesson, near) = of_label
        .map(|(lesson, encoded)| (lesson, likeness(&read, encoded)))
        .reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    Some(Likeness { entry: entry.to_owned(), lesson: lesson.text.clone(), likeness: round(near) })
}

/// The words that carry content, with what their features add up to, largest first; none below zero.
fn strongest<'a>(model: &Model, own: &'a [&'a Prepared], part: impl Fn(u32) -> f64) -> Vec<(&'a str, f64)> {
    let mut weights: BTreeMap<&str, f64> = BTreeMap::new();
    let words = own.iter().flat_map(|prepared| prepared.of_words());
    for (word, features) in words.filter(|(word, _)| model.space.counts(word)) {
        *weights.entry(&word.shown).or_default() +=
            features.iter().map(|feature| part(*feature)).sum::<f64>();
    }
    let mut strongest: Vec<(&str, f64)> =
        weights.into_iter().filter(|(_, weight)| round(*weight) > 0.0).collect();
    strongest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    strongest
}

fn words_of<'a>(own: &'a [&'a Prepared]) -> impl Iterator<Item = (&'a str, &'a [u32])> {
    own.iter().flat_map(|part| part.of_words()).map(|(word, features)| (word.shown.as_str(), features))
}

/// How the scores came about, feature by feature: the parts add up to the score of a label less
/// that of the average label, but for the constants.
struct Spoken<'m> {
    model: &'m Model,
    /// What was read, by feature; and how much of it one bearer of the feature stands for.
    values: Vec<(u32, f64)>,
}

impl<'m> Spoken<'m> {
    fn of(model: &'m Model, own: &[&Prepared]) -> Self {
        let vector = model.space.vector(own.iter().copied());
        // A feature that several words bear is shared out among them.
        let mut bearers: Vec<u32> = own.iter().flat_map(|part| part.numbers()).copied().collect();
        bearers.sort_unstable();
        let times =
            bearers.chunk_by(|a, b| a == b).map(|run| f64::from(u32::try_from(run.len()).unwrap_or(1)));
        let values = vector.into_iter().zip(times);
        let values = values.map(|((feature, value), times)| (feature, f64::from(value) / times)).collect();
        Self { model, values }
    }

    fn value(&self, feature: u32) -> f64 {
        let place = self.values.binary_search_by_key(&feature, |(of, _)| *of).ok();
        place.and_then(|at| self.values.get(at)).map_or(0.0, |(_, value)| *value)
    }

    /// What one bearer of the feature added to the score of a label.
    fn part(&self, label: usize, feature: u32) -> f64 {
        let weights = self.model.linear.of(feature);
        let labels = f64::from(u32::try_from(weights.len().max(1)).unwrap_or(u32::MAX));
        let average = weights.iter().copied().map(f64::from).sum::<f64>() / labels;
        self.value(feature) * (weights.get(label).copied().map_or(0.0, f64::from) - average)
    }

    /// The lesson of the label that has most of these features.
    fn strongest_lesson(&self, label: usize, features: impl Iterator<Item = u32>) -> Option<&'m Lesson> {
        let model = self.model;
        let parts: Vec<(u32, f64)> =
            features.map(|feature| (feature, self.part(label, feature).max(0.0))).collect();
        let given = |vector: &Vector| {
            let held =
                |feature| Some(vector.get(vector.binary_search_by_key(&feature, |held| held.0).ok()?)?.1);
            let given = parts.iter().filter_map(|(feature, part)| Some(part * f64::from(held(*feature)?)));
            given.reduce(|sum, part| sum + part)
        };
        let lessons = model.lessons_of(label);
        let given = lessons.filter_map(|lesson| Some((lesson, given(model.vectors.get(lesson)?)?)));
        let (lesson, _) = given.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        model.lessons.get(lesson)
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
        let model = Model::train(lessons, &Lexicon::default(), Floors::default(), None);
        let text = "Quand la suspension finira-t-elle, et qui le dira ? La suspension gêne.";
        let prepared = model.space.prepare(text, Language::Fr);
        for label in 0..model.labels.len() {
            let spoken = Spoken::of(&model, &[&prepared]);
            let by_words: f64 = prepared.numbers().iter().map(|feature| spoken.part(label, *feature)).sum();
            let constants = model.linear.scores(&Vec::new());
            let scores = model.linear.scores(&model.space.vector(std::iter::once(&prepared)));
            let own: Vec<f64> =
                scores.iter().zip(constants).map(|(score, constant)| score - constant).collect();
            let expected = own[label] - own.iter().sum::<f64>() / own.len() as f64;
            assert!((by_words - expected).abs() < 1e-9, "{by_words} {expected}");
        }
    }
}

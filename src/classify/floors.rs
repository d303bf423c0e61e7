//! From scores to confidences, and the floors of *sure* and *none*: measured, not typed in.
//!
//! Every wording is scored by a model that learned neither it nor any other of its situation.
//! That shows how far scores can be believed: the temperature makes them probabilities, and
//! the floors are where being right outweighs being wrong, for each entry by itself.

use super::lesson::Label;
use super::number::{exp, ln, round};
use crate::replies::Floors;

/// Of the answers at level *sure*, at least this share must have been right in the measurement. It is
/// harder than the mail of a day: whole situations are left out, and many wordings were written to be near
/// another label. What comes out on labelled mail is in `docs/classification.md`.
const SURE_PRECISION: f64 = 0.95;
/// Whatever the measurement says, an answer that is less likely than all others together is not sure.
const LEAST_SURE: f64 = 0.5;
/// Sentences of a mail are different asks where this share of such answers was right.
const SPLIT_PRECISION: f64 = 0.9;
/// Above every confidence.
const NEVER: f64 = 1.5;
/// With fewer such answers than this in the measurement there is no floor: nothing is called sure.
const FEWEST: u32 = 10;
/// What a guess at level *unsure* costs where no entry answers, a right one gaining 1.
const COST_OFF_FAQ: f64 = 1.0;
/// What a guess costs where another entry answers: little, for a reviewer chooses among the
/// candidates, and without a guess would not see them.
const COST_OF_OTHER: f64 = 0.25;

/// One lesson, scored without its situation.
pub(super) struct Trial<'a> {
    /// What it asks.
    pub label: &'a Label,
    /// Its score for each label.
    pub scores: &'a [f64],
    /// Whether it bears a sign of asking.
    pub asks: bool,
}

/// Measures the floors on the trials.
pub(super) fn measure(labels: &[Label], trials: &[Trial<'_>]) -> Floors {
    let temperature = temperature(labels, trials);
    let mut outcomes: Vec<Outcome> = trials
        .iter()
        .filter(|trial| *trial.label != Label::NoQuestion)
        .filter_map(|trial| {
            let confidences = confidences_of(labels, trial.scores, temperature, trial.asks);
            let (index, confidence) = best(&confidences, |index| is_entry(labels, index))?;
            let first = best(&confidences, |_| true).is_some_and(|(best, _)| best == index);
            Some(Outcome {
                entry: index,
                confidence,
                right: labels.get(index) == Some(trial.label),
                off_faq: *trial.label == Label::OffFaq,
                first,
            })
        })
        .collect();
    outcomes.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let all: Vec<&Outcome> = outcomes.iter().collect();
    let sure = labels
        .iter()
        .enumerate()
        .filter_map(|(index, label)| {
            let own: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.entry == index).collect();
            Some((label.entry()?.to_owned(), floor_at(&own, SURE_PRECISION)?.max(LEAST_SURE)))
        })
        .collect();
    let split = floor_at(&all, SPLIT_PRECISION).unwrap_or(NEVER);
    Floors { temperature: round(temperature), split, none: none_floor(&outcomes, split), sure }
}

/// The share of the trials whose label has the highest score.
pub(super) fn first_right(labels: &[Label], trials: &[Trial<'_>]) -> f64 {
    let first = |trial: &Trial<'_>| best(trial.scores, |_| true).and_then(|(label, _)| labels.get(label));
    let right = trials.iter().filter(|trial| first(trial) == Some(trial.label)).count();
    right as f64 / (trials.len().max(1)) as f64
}

/// The best entry of a trial.
struct Outcome {
    /// Which, as an index of labels.
    entry: usize,
    confidence: f64,
    /// Whether it is the right one.
    right: bool,
    /// Whether no entry would have been.
    off_faq: bool,
    /// Whether it is before the special labels, too.
    first: bool,
}

/// Whether the next outcome has another confidence: a floor cannot lie between equals.
fn ends_a_step(outcomes: &[&Outcome], place: usize) -> bool {
    let at = |place: usize| outcomes.get(place).map(|outcome| outcome.confidence);
    at(place + 1) != at(place)
}

/// The lowest confidence down to which enough of the answers are right; `outcomes` fall.
fn floor_at(outcomes: &[&Outcome], precision: f64) -> Option<f64> {
    let (mut right, mut all) = (0_u32, 0_u32);
    let mut floor = None;
    for (place, outcome) in outcomes.iter().enumerate() {
        all += u32::from(outcome.first);
        right += u32::from(outcome.first && outcome.right);
        if ends_a_step(outcomes, place) && all >= FEWEST && f64::from(right) >= precision * f64::from(all) {
            floor = Some(outcome.confidence);
        }
    }
    floor
}

/// The confidence below which guesses cost more than they bring; `outcomes` fall.
fn none_floor(outcomes: &[Outcome], split: f64) -> f64 {
    let outcomes: Vec<&Outcome> = outcomes.iter().collect();
    let (mut gain, mut best_gain) = (0.0, 0.0);
    let mut floor = split;
    for (place, outcome) in outcomes.iter().enumerate() {
        gain += match (outcome.right, outcome.off_faq) {
            (true, _) => 1.0,
            (false, true) => -COST_OFF_FAQ,
            (false, false) => -COST_OF_OTHER,
        };
        if ends_a_step(&outcomes, place) && gain > best_gain {
            best_gain = gain;
            floor = outcome.confidence.min(split);
        }
    }
    floor
}

/// The temperature that makes what was right most probable, out of a fixed row.
fn temperature(labels: &[Label], trials: &[Trial<'_>]) -> f64 {
    let mut best = (f64::INFINITY, 0.2);
    for step in 0..40_u32 {
        let candidate = 0.02 * exp(f64::from(step) * 0.08);
        let loss: f64 = trials
            .iter()
            .map(|trial| {
                let right = labels.iter().position(|label| label == trial.label).unwrap_or_default();
                let largest = trial.scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let sum: f64 = trial.scores.iter().map(|score| exp((score - largest) / candidate)).sum();
                let score = trial.scores.get(right).copied().unwrap_or_default();
                ln(sum) - (score - largest) / candidate
            })
            .sum();
        if loss < best.0 {
            best = (loss, candidate);
        }
    }
    best.1
}

/// Scores as probabilities, rounded to what is shown, so that what is compared is what is seen.
pub(super) fn confidences(scores: &[f64], temperature: f64) -> Vec<f64> {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let parts: Vec<f64> = scores.iter().map(|score| exp((score - largest) / temperature)).collect();
    let sum: f64 = parts.iter().sum();
    parts.into_iter().map(|part| round(part / sum)).collect()
}

/// The same of an ask: if it bears a sign of asking (`asks`), that nothing is asked is no possibility.
pub(super) fn confidences_of(labels: &[Label], scores: &[f64], temperature: f64, asks: bool) -> Vec<f64> {
    let possible = |(score, label): (&f64, &Label)| {
        if asks && *label == Label::NoQuestion { f64::NEG_INFINITY } else { *score }
    };
    confidences(&scores.iter().zip(labels).map(possible).collect::<Vec<_>>(), temperature)
}

/// The largest value among those that `take` accepts, by index; the first of equals.
pub(super) fn best(values: &[f64], take: impl Fn(usize) -> bool) -> Option<(usize, f64)> {
    values
        .iter()
        .copied()
        .enumerate()
        .filter(|(index, _)| take(*index))
        .reduce(|best, next| if next.1 > best.1 { next } else { best })
}

pub(super) fn is_entry(labels: &[Label], index: usize) -> bool {
    labels.get(index).is_some_and(|label| label.entry().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> Vec<Label> {
        ["a", "b", "hors-faq"].into_iter().map(|name| Label::from(name.to_owned())).collect()
    }

    /// `count` trials of a label whose scores are these.
    fn some(count: usize, label: usize, scores: [f64; 3]) -> Vec<(Label, [f64; 3])> {
        vec![(labels()[label].clone(), scores); count]
    }

    fn measured(outcomes: &[(Label, [f64; 3])]) -> Floors {
        let trials: Vec<Trial<'_>> =
            outcomes.iter().map(|(label, scores)| Trial { label, scores, asks: false }).collect();
        measure(&labels(), &trials)
    }

    fn confidence(floors: &Floors, scores: [f64; 3], label: usize) -> f64 {
        confidences(&scores, floors.temperature)[label]
    }

    #[test]
    fn sure_lies_above_what_was_wrong_and_none_above_what_was_mostly_wrong() {
        let (clear, doubtful, weak) = ([0.9, 0.0, 0.0], [0.5, 0.2, 0.1], [0.3, 0.28, 0.2]);
        let mut outcomes = some(40, 0, clear);
        outcomes.extend(some(15, 0, doubtful));
        outcomes.extend(some(5, 1, doubtful));
        outcomes.extend(some(3, 0, weak));
        outcomes.extend(some(9, 2, weak));
        let floors = measured(&outcomes);
        let [clear, doubtful, weak] = [clear, doubtful, weak].map(|scores| confidence(&floors, scores, 0));
        assert!(weak < doubtful && doubtful < clear);
        assert_eq!(floors.sure.get("a"), Some(&clear.max(LEAST_SURE)), "{floors:?}");
        // Never was `b` the answer, so it has no floor.
        assert_eq!(floors.sure.get("b"), None);
        assert_eq!(floors.none, doubtful, "{floors:?}");
        // 55 of 60 is more than nine in ten.
        assert_eq!(floors.split, doubtful, "{floors:?}");
    }

    #[test]
    fn the_share_of_first_labels_that_were_right() {
        let outcomes = [some(3, 0, [0.9, 0.1, 0.0]), some(1, 1, [0.9, 0.1, 0.0])].concat();
        let trials: Vec<Trial<'_>> =
            outcomes.iter().map(|(label, scores)| Trial { label, scores, asks: false }).collect();
        assert!((first_right(&labels(), &trials) - 0.75).abs() < 1e-12);
        assert!(first_right(&labels(), &[]).abs() < 1e-12);
    }

    #[test]
    fn where_nothing_was_right_nothing_is_sure_or_suggested() {
        let floors = measured(&some(50, 1, [0.9, 0.1, 0.0]));
        assert!(floors.sure.is_empty() && floors.none > 1.0, "{floors:?}");
        let floors = measured(&[]);
        assert!(floors.sure.is_empty() && floors.none > 1.0, "{floors:?}");
    }

    #[test]
    fn few_right_answers_are_not_enough() {
        assert!(measured(&some(FEWEST as usize - 1, 0, [0.9, 0.1, 0.0])).sure.is_empty());
        assert!(measured(&some(FEWEST as usize, 0, [0.9, 0.1, 0.0])).sure.contains_key("a"));
    }

    #[test]
    fn what_bears_a_sign_of_asking_asks_something() {
        let labels = [Label::Entry("a".to_owned()), Label::NoQuestion];
        assert_eq!(confidences_of(&labels, &[0.1, 0.9], 0.2, true), [1.0, 0.0]);
        assert!(confidences_of(&labels, &[0.1, 0.9], 0.2, false)[0] < 0.1);
    }

    #[test]
    fn confidences_are_shares_of_one() {
        let shares = confidences(&[0.3, -0.2, 1.7], 0.25);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 0.001);
        assert_eq!(best(&shares, |_| true).map(|(index, _)| index), Some(2));
        assert_eq!(confidences(&[5e5, -5e5], 0.01), [1.0, 0.0]);
        assert!(confidences(&[], 0.1).is_empty());
    }
}

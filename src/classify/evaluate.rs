//! The classifier's figures on labelled mail, for `greffier evaluate`.

use super::{Classification, Kind, Label, Level};
use crate::wording::Language;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How a labelled mail is hard to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difficulty {
    /// It is not.
    Plain,
    /// Very short.
    Terse,
    /// Typing errors, no accents, slang.
    Noisy,
    /// Much besides the question.
    Long,
    /// Several questions.
    Multi,
    /// Nearly another question.
    NearMiss,
}

/// A labelled mail: one line of a corpus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its name in the corpus.
    pub id: String,
    /// Its language.
    #[serde(rename = "lang")]
    pub language: Language,
    /// The subject.
    pub subject: String,
    /// The whole text.
    pub body: String,
    /// What it asks, most important first: entries, or one special label.
    pub labels: Vec<Label>,
    /// Entries that a reasonable reviewer would accept, too.
    #[serde(default)]
    pub acceptable: Vec<Label>,
    /// How it is hard to read.
    pub difficulty: Difficulty,
}

/// How often mail with one label was taken for something else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Confusion {
    /// The label.
    pub label: String,
    /// What came out: an entry, or kind and level.
    pub taken_for: String,
    /// How often.
    pub times: u32,
}

/// The figures. Shares are from 0 to 1, three decimals; `None` where nothing could be counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Mails counted.
    pub mails: u32,
    /// Mails with the right outcome: the first candidate is the first label and there is a
    /// suggestion; or level *none* for a question that no entry answers; or another kind
    /// than *question* for a mail that asks nothing.
    pub outcome: Option<f64>,
    /// The same, where any label or acceptable entry counts as the first.
    pub outcome_accepted: Option<f64>,
    /// Of the mails that an entry answers, those whose first candidate is the first label.
    pub top1: Option<f64>,
    /// Of the mails that an entry answers, those with the first label among three candidates.
    pub top3: Option<f64>,
    /// Of the mails that an entry answers, those at level *sure*.
    pub sure_coverage: Option<f64>,
    /// Of those, the ones whose suggestions are all acceptable.
    pub sure_precision: Option<f64>,
    /// Of the mails that no entry answers, those that got a *sure* suggestion: the harm.
    #[serde(rename = "false")]
    pub false_sure: Option<f64>,
    /// Of the questions that no entry answers, those with the right outcome.
    pub off_faq: Option<f64>,
    /// Of the mails that ask nothing, those with the right outcome.
    pub no_question: Option<f64>,
    /// F1 of the suggestions against the labels, on mails with several labels.
    pub multi_f1: Option<f64>,
    /// The outcome by difficulty.
    pub by_difficulty: BTreeMap<Difficulty, f64>,
    /// What was taken for what, most frequent first.
    pub confusions: Vec<Confusion>,
    /// Every mail whose outcome is not accepted, or whose *sure* answer is wrong, in the order of the corpus.
    pub errors: Vec<Missed>,
}

/// A mail that was read wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// Its name in the corpus.
    pub id: String,
    /// What it asks.
    pub labels: Vec<Label>,
    /// Kind and level that came out.
    pub outcome: String,
    /// What was suggested.
    pub suggestions: Vec<String>,
    /// The first three candidates.
    pub candidates: Vec<String>,
}

#[derive(Default)]
struct Counts {
    mails: u32,
    strict: u32,
    accepted: u32,
    entries: u32,
    top1: u32,
    top3: u32,
    sure: u32,
    sure_right: u32,
    special: u32,
    harmful: u32,
    off: (u32, u32),
    nothing: (u32, u32),
    found: u32,
    wrong: u32,
    missed: u32,
    by_difficulty: BTreeMap<Difficulty, (u32, u32)>,
    confusions: BTreeMap<(String, String), u32>,
    errors: Vec<Missed>,
}

/// Counts what `classify` makes of each mail. Mails without a label are left out.
pub fn evaluate<'a>(
    cases: impl IntoIterator<Item = &'a Case>,
    mut classify: impl FnMut(&Case) -> Classification,
) -> Figures {
    let mut counts = Counts::default();
    for case in cases {
        if let Some(first) = case.labels.first() {
            counts.add(case, first, &classify(case));
        }
    }
    counts.figures()
}

impl Counts {
    fn add(&mut self, case: &Case, first: &Label, found: &Classification) {
        self.mails += 1;
        let fitting: BTreeSet<&str> = case.labels.iter().chain(&case.acceptable).map(Label::as_str).collect();
        let suggested: BTreeSet<&str> = found.suggestions.iter().map(String::as_str).collect();
        let question = found.kind == Kind::Question;
        let (strict, accepted) = match first.entry() {
            None => {
                self.special += 1;
                let right = self.add_special(first, found, &fitting, &suggested);
                (right, right)
            }
            Some(slug) => {
                self.entries += 1;
                let candidates: Vec<&str> = found.candidates.iter().map(|of| of.entry.as_str()).collect();
                let candidate = candidates.first().copied().filter(|_| question);
                let top1 = candidate == Some(slug);
                self.top1 += u32::from(top1);
                self.top3 += u32::from(question && candidates.iter().take(3).any(|of| *of == slug));
                if question && found.level == Level::Sure {
                    self.sure += 1;
                    self.sure_right += u32::from(!suggested.is_empty() && suggested.is_subset(&fitting));
                }
                if case.labels.len() > 1 {
                    let labels: BTreeSet<&str> = case.labels.iter().map(Label::as_str).collect();
                    self.found += count(suggested.intersection(&labels));
                    self.wrong += count(suggested.difference(&fitting));
                    self.missed += count(labels.difference(&suggested));
                }
                self.confuse(slug, candidate.map_or_else(|| outcome(found), str::to_owned));
                let answered = found.level != Level::None;
                (top1 && answered, answered && candidate.is_some_and(|of| fitting.contains(of)))
            }
        };
        let misled = question && found.level == Level::Sure && !suggested.is_subset(&fitting);
        if !accepted || misled {
            self.errors.push(Missed {
                id: case.id.clone(),
                labels: case.labels.clone(),
                outcome: outcome(found),
                suggestions: found.suggestions.clone(),
                candidates: found.candidates.iter().take(3).map(|of| of.entry.clone()).collect(),
            });
        }
        self.strict += u32::from(strict);
        self.accepted += u32::from(accepted);
        let by = self.by_difficulty.entry(case.difficulty).or_default();
        *by = (by.0 + u32::from(strict), by.1 + 1);
    }

    fn add_special(
        &mut self,
        label: &Label,
        found: &Classification,
        fitting: &BTreeSet<&str>,
        suggested: &BTreeSet<&str>,
    ) -> bool {
        let question = found.kind == Kind::Question;
        let fits = suggested.iter().any(|slug| fitting.contains(slug));
        self.harmful += u32::from(question && found.level == Level::Sure && !fits);
        self.confuse(label.as_str(), outcome(found));
        if *label == Label::NoQuestion {
            self.nothing = (self.nothing.0 + u32::from(!question), self.nothing.1 + 1);
            return !question;
        }
        // A suggestion that a reviewer would accept is not wrong either.
        let accepted = !suggested.is_empty() && suggested.is_subset(fitting);
        let right = question && (found.level == Level::None || accepted);
        self.off = (self.off.0 + u32::from(right), self.off.1 + 1);
        right
    }

    fn confuse(&mut self, label: &str, taken_for: String) {
        if label != taken_for {
            *self.confusions.entry((label.to_owned(), taken_for)).or_default() += 1;
        }
    }

    fn figures(self) -> Figures {
        let mut confusions: Vec<Confusion> = self
            .confusions
            .into_iter()
            .map(|((label, taken_for), times)| Confusion { label, taken_for, times })
            .collect();
        confusions.sort_by(|a, b| b.times.cmp(&a.times).then_with(|| a.cmp(b)));
        Figures {
            mails: self.mails,
            outcome: share(self.strict, self.mails),
            outcome_accepted: share(self.accepted, self.mails),
            top1: share(self.top1, self.entries),
            top3: share(self.top3, self.entries),
            sure_coverage: share(self.sure, self.entries),
            sure_precision: share(self.sure_right, self.sure),
            false_sure: share(self.harmful, self.special),
            off_faq: share(self.off.0, self.off.1),
            no_question: share(self.nothing.0, self.nothing.1),
            multi_f1: share(2 * self.found, 2 * self.found + self.wrong + self.missed),
            by_difficulty: self
                .by_difficulty
                .into_iter()
                .filter_map(|(difficulty, (right, all))| Some((difficulty, share(right, all)?)))
                .collect(),
            confusions,
            errors: self.errors,
        }
    }
}

fn outcome(found: &Classification) -> String {
    let kind = match found.kind {
        Kind::Question => "question",
        Kind::NoQuestion => "no-question",
        Kind::Automatic => "automatic",
    };
    let level = match found.level {
        Level::Sure => "sure",
        Level::Unsure => "unsure",
        Level::None => "none",
    };
    format!("{kind}/{level}")
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

fn share(part: u32, of: u32) -> Option<f64> {
    (of > 0).then(|| (f64::from(part) / f64::from(of) * 1000.0).round() / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::super::Candidate;
    use super::*;

    fn case(id: &str, labels: &[&str], acceptable: &[&str]) -> Case {
        let of = |names: &[&str]| names.iter().map(|name| Label::from((*name).to_owned())).collect();
        Case {
            id: id.to_owned(),
            language: Language::Fr,
            subject: String::new(),
            body: String::new(),
            labels: of(labels),
            acceptable: of(acceptable),
            difficulty: if labels.len() > 1 { Difficulty::Multi } else { Difficulty::Plain },
        }
    }

    fn found(kind: Kind, level: Level, suggestions: &[&str], candidates: &[&str]) -> Classification {
        Classification {
            kind,
            level,
            asks: Vec::new(),
            suggestions: suggestions.iter().map(|slug| (*slug).to_owned()).collect(),
            candidates: candidates
                .iter()
                .map(|slug| Candidate { entry: (*slug).to_owned(), confidence: 0.5 })
                .collect(),
            flags: Vec::new(),
            evidence: Vec::new(),
            contrasts: Vec::new(),
            unfamiliar: Vec::new(),
            likenesses: Vec::new(),
            language: Language::Fr,
            reason: None,
        }
    }

    /// Eight mails whose figures were worked out by hand.
    #[test]
    fn the_figures_are_those_of_the_definitions() {
        use Kind::{Automatic, NoQuestion, Question};
        let table = [
            (case("right and sure", &["a"], &[]), found(Question, Level::Sure, &["a"], &["a", "b"])),
            (case("accepted", &["a"], &["b"]), found(Question, Level::Sure, &["b"], &["b", "c", "a"])),
            (
                case("wrong and sure", &["a"], &[]),
                found(Question, Level::Sure, &["c"], &["c", "b", "d", "a"]),
            ),
            (case("refused", &["a"], &[]), found(Question, Level::None, &[], &["a"])),
            (case("two, one found", &["a", "b"], &[]), found(Question, Level::Unsure, &["a", "c"], &["a"])),
            (case("harm", &["hors-faq"], &[]), found(Question, Level::Sure, &["a"], &["a"])),
            (case("off", &["hors-faq"], &["b"]), found(Question, Level::Unsure, &["b"], &["b"])),
            (case("auto", &["sans-question"], &[]), found(Automatic, Level::None, &[], &[])),
            (case("missed", &["b"], &[]), found(NoQuestion, Level::None, &[], &[])),
        ];
        let cases: Vec<Case> = table.iter().map(|(case, _)| case.clone()).collect();
        let figures = evaluate(&cases, |case| {
            table.iter().find(|(of, _)| of.id == case.id).map(|(_, found)| found.clone()).unwrap()
        });
        assert_eq!(figures.mails, 9);
        assert_eq!(figures.outcome, Some(0.444), "right, two, off, auto");
        assert_eq!(figures.outcome_accepted, Some(0.556), "and the accepted one");
        assert_eq!(figures.top1, Some(0.5), "right, refused, two of six");
        assert_eq!(figures.top3, Some(0.667), "and the accepted one");
        assert_eq!(figures.sure_coverage, Some(0.5));
        assert_eq!(figures.sure_precision, Some(0.667));
        assert_eq!(figures.false_sure, Some(0.333));
        assert_eq!((figures.off_faq, figures.no_question), (Some(0.5), Some(1.0)));
        assert_eq!(figures.multi_f1, Some(0.5), "one found, one wrong, one missed");
        assert_eq!(figures.by_difficulty[&Difficulty::Multi], 1.0);
        let confusions: Vec<String> = figures
            .confusions
            .iter()
            .map(|of| format!("{} → {} × {}", of.label, of.taken_for, of.times))
            .collect();
        assert_eq!(
            confusions,
            [
                "a → b × 1",
                "a → c × 1",
                "b → no-question/none × 1",
                "hors-faq → question/sure × 1",
                "hors-faq → question/unsure × 1",
                "sans-question → automatic/none × 1"
            ]
        );
        let json = serde_json::to_value(&figures).unwrap();
        assert!(json["false"].is_number() && json["sure_precision"].is_number());
    }

    #[test]
    fn nothing_counted_is_no_figure() {
        let figures =
            evaluate(&[case("no label", &[], &[])], |_| found(Kind::Question, Level::None, &[], &[]));
        assert_eq!((figures.mails, figures.outcome, figures.multi_f1), (0, None, None));
    }
}

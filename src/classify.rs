//! Mail × lessons → what it asks: asks, suggestions with evidence, level *sure*, *unsure* or *none*.
//!
//! Triage trains a [`Model`] from the library and the reviewers' corrections and calls
//! [`Model::decide`] for every mail; `greffier classify` calls [`Model::classify`], which also
//! gives the evidence. No generative AI and no hidden reasoning: a mail is cut into what it asks, each
//! ask is compared with the lessons, and the words that decided are part of the answer.
//! The same lessons (in any order) and the same mail give the same bytes on every machine.
//!
//! The order of reading: `asks` cuts the text, `words` makes features, `space`
//! weighs them, `ridge` learns, `floors` measures how far to believe it, `reading`
//! brings it together for one mail.

mod asks;
mod evaluate;
mod evidence;
mod floors;
mod lesson;
mod number;
mod phrases;
mod reading;
mod ridge;
mod space;
mod teach;
#[cfg(test)]
mod tests;
mod words;

pub use evaluate::{Case, Confusion, Difficulty, Figures, evaluate};
pub use lesson::{Label, Lesson, NO_QUESTION, OFF_FAQ, Source};
pub use teach::read_corpus;

use crate::message::{Automatic, Message};
use crate::wording::Language;
use data_encoding::HEXLOWER;
use floors::{Floors, Trial};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use space::{Space, Vector};
use std::fmt;

/// Raised with every change of the method: another method is another digest.
const METHOD: &str = "greffier classify 1";
/// How strongly the learned function is held back; chosen by leaving lessons out in turn.
const LAMBDA: f64 = 0.3;
/// How much more near lessons count than far ones: likeness d becomes d + NEARNESS · d².
const NEARNESS: f64 = 2.0;

/// Whether a mail asks anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A person asks something.
    Question,
    /// A person asks nothing: thanks, an acknowledgement, something for information.
    NoQuestion,
    /// No person wrote it.
    Automatic,
}

/// How far the suggestions can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// One clear answer for every ask: the draft is ready.
    Sure,
    /// A person chooses among the candidates.
    Unsure,
    /// The library does not answer this: a person writes.
    None,
}

/// One thing that the mail asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// The sentences that ask it, as they stand in the mail.
    pub text: String,
    /// How far `entry` can be believed.
    pub level: Level,
    /// The slug of the entry that answers it; at level *unsure* the best guess, at *none* nothing.
    pub entry: Option<String>,
}

/// An entry and how probable it is that the mail asks for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its slug.
    pub entry: String,
    /// From 0 to 1, four decimals; the highest that any ask gave it.
    pub confidence: f64,
}

/// A word of the mail that spoke for an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The entry's slug.
    pub entry: String,
    /// The word, in lower case, as the mail has it.
    pub word: String,
    /// Its part of the score, above 0, four decimals.
    pub weight: f64,
    /// What sort of lesson gave the word most of its weight.
    pub source: Source,
    /// That lesson's wording.
    pub lesson: String,
}

/// What a mail asks, and why we think so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classification {
    /// Whether it asks anything.
    pub kind: Kind,
    /// The level of the whole: *sure* if every ask is, *none* if no ask has an entry.
    pub level: Level,
    /// What it asks, in the order of the mail.
    pub asks: Vec<Ask>,
    /// The entries for the draft, in the order of the asks, each once.
    pub suggestions: Vec<String>,
    /// All entries: the suggestions first, then by confidence.
    pub candidates: Vec<Candidate>,
    /// The words that decided, strongest first for each suggestion (for the first candidate
    /// where there is no suggestion).
    pub evidence: Vec<Evidence>,
    /// The language of the mail.
    pub language: Language,
    /// Why it is automatic; `None` if it is not.
    pub reason: Option<String>,
}

/// What the classifier reads of a mail.
#[derive(Debug, Clone, Copy)]
pub struct Mail<'a> {
    /// The subject, prefixes such as "RE:" and all.
    pub subject: &'a str,
    /// The newest text.
    pub text: &'a str,
    /// Its language.
    pub language: Language,
    /// Why it is automatic, if it is.
    pub automatic: Option<&'a str>,
}

impl<'a> Mail<'a> {
    /// What counts of a message.
    #[must_use]
    pub fn of(message: &'a Message) -> Self {
        Self {
            subject: &message.subject,
            text: &message.newest.text,
            language: message.language,
            automatic: message.automatic.as_ref().map(reason),
        }
    }
}

/// The name of a reason in JSON.
fn reason(automatic: &Automatic) -> &'static str {
    match automatic {
        Automatic::Bounce { .. } => "bounce",
        Automatic::AutoReply => "auto-reply",
        Automatic::Generated => "generated",
        Automatic::List => "list",
        Automatic::Calendar => "calendar",
        Automatic::Receipt => "receipt",
    }
}

/// What was learned. Never changes; training again makes another one.
pub struct Model {
    /// In the order of their names.
    labels: Vec<Label>,
    /// In a fixed order.
    lessons: Vec<Lesson>,
    space: Space,
    /// Feature by feature: the lessons that hold it, and its value there.
    holders: Vec<Vec<(u32, f64)>>,
    /// Lesson by lesson, label by label.
    pulls: Vec<Vec<f64>>,
    floors: Floors,
    digest: String,
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Model({} lessons, {})", self.lessons.len(), self.digest)
    }
}

impl Model {
    /// Learns. The order of the lessons does not count; equal ones count once, those without
    /// words or with a weight that is not above 0 not at all. Time grows with the third power
    /// of their number.
    #[must_use]
    pub fn train(lessons: impl IntoIterator<Item = Lesson>) -> Self {
        let lessons = in_order(lessons);
        let mut labels: Vec<Label> = lessons.iter().map(|lesson| lesson.label.clone()).collect();
        labels.sort();
        labels.dedup();
        let texts = lessons.iter().map(|lesson| (lesson.text.as_str(), lesson.language));
        let (space, prepared) = Space::of(texts);
        let vectors: Vec<Vector> = prepared.iter().map(|part| space.vector(std::iter::once(part))).collect();
        let mut holders: Vec<Vec<(u32, f64)>> = vec![Vec::new(); space.len()];
        let mut kernel: Vec<Vec<f64>> = Vec::with_capacity(vectors.len());
        for (lesson, vector) in (0_u32..).zip(&vectors) {
            for (feature, value) in vector {
                if let Some(holders) = holders.get_mut(*feature as usize) {
                    holders.push((lesson, *value));
                }
            }
            // Only the lessons up to this one hold features yet: a row of the lower triangle.
            let mut row = likeness(&holders, vector, kernel.len() + 1);
            row.iter_mut().for_each(|d| *d = near(*d));
            kernel.push(row);
        }
        let others = f64::from(u32::try_from(labels.len().max(2) - 1).unwrap_or(u32::MAX));
        let targets: Vec<Vec<f64>> = lessons
            .iter()
            .map(|lesson| {
                labels.iter().map(|label| if *label == lesson.label { 1.0 } else { -1.0 / others }).collect()
            })
            .collect();
        let weights: Vec<f64> = lessons.iter().map(|lesson| lesson.weight).collect();
        let ridge = ridge::solve(kernel, &targets, &weights, LAMBDA);
        let trials: Vec<Trial<'_>> = lessons
            .iter()
            .zip(&ridge.left_out)
            .filter(|(lesson, _)| lesson.source.is_wording())
            .map(|(lesson, scores)| Trial { label: &lesson.label, scores })
            .collect();
        let floors = Floors::measure(&labels, &trials);
        let digest = digest(&lessons);
        Self { labels, lessons, space, holders, pulls: ridge.pulls, floors, digest }
    }

    /// Says what a mail asks, and why.
    #[must_use]
    pub fn classify(&self, mail: &Mail<'_>) -> Classification {
        reading::read(self, mail, true)
    }

    /// As [`Model::classify`], without the evidence: for those who only act on it.
    #[must_use]
    pub fn decide(&self, mail: &Mail<'_>) -> Classification {
        reading::read(self, mail, false)
    }

    /// SHA-256, in hex, of the method and all lessons: same digest, same mail, same answer.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// How many lessons were learned.
    #[must_use]
    pub fn lessons(&self) -> usize {
        self.lessons.len()
    }

    /// The confidence from which on an entry is *sure*, as measured; above 1 if nothing is.
    #[must_use]
    pub fn sure_floor(&self) -> f64 {
        self.floors.sure
    }

    /// The confidence below which no entry is suggested, as measured.
    #[must_use]
    pub fn none_floor(&self) -> f64 {
        self.floors.none
    }

    /// The lessons that hold a feature, and its value there.
    fn holders_of(&self, feature: u32) -> &[(u32, f64)] {
        self.holders.get(feature as usize).map_or(&[], Vec::as_slice)
    }

    /// How alike the text is to every lesson.
    fn likeness(&self, vector: &Vector) -> Vec<f64> {
        likeness(&self.holders, vector, self.lessons.len())
    }

    /// The score for every label.
    fn scores(&self, vector: &Vector) -> Vec<f64> {
        let mut scores = vec![0.0; self.labels.len()];
        for (d, pulls) in self.likeness(vector).into_iter().zip(&self.pulls) {
            if d > 0.0 {
                let near = near(d);
                for (score, pull) in scores.iter_mut().zip(pulls) {
                    *score += near * pull;
                }
            }
        }
        scores
    }
}

fn likeness(holders: &[Vec<(u32, f64)>], vector: &Vector, lessons: usize) -> Vec<f64> {
    let mut likeness = vec![0.0; lessons];
    for (feature, value) in vector {
        for (lesson, held) in holders.get(*feature as usize).map_or(&[][..], Vec::as_slice) {
            if let Some(sum) = likeness.get_mut(*lesson as usize) {
                *sum += value * held;
            }
        }
    }
    likeness
}

fn near(d: f64) -> f64 {
    d + NEARNESS * d * d
}

/// The lessons in a fixed order, equal ones once with their greatest weight.
fn in_order(lessons: impl IntoIterator<Item = Lesson>) -> Vec<Lesson> {
    let mut lessons: Vec<Lesson> = lessons
        .into_iter()
        .map(|lesson| {
            let text = lesson.text.split_whitespace().collect::<Vec<_>>().join(" ");
            Lesson { text, ..lesson }
        })
        .filter(|lesson| {
            lesson.weight.is_finite() && lesson.weight > 0.0 && !words::words(&lesson.text).is_empty()
        })
        .collect();
    lessons.sort_by(|a, b| {
        let key = |lesson: &Lesson| (lesson.label.clone(), lesson.language, lesson.text.clone());
        key(a).cmp(&key(b)).then(b.weight.total_cmp(&a.weight)).then(a.source.cmp(&b.source))
    });
    lessons.dedup_by(|b, a| a.label == b.label && a.language == b.language && a.text == b.text);
    lessons
}

fn digest(lessons: &[Lesson]) -> String {
    let mut sha = Sha256::new();
    let mut add = |bytes: &[u8]| {
        sha.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        sha.update(bytes);
    };
    add(METHOD.as_bytes());
    for lesson in lessons {
        add(lesson.label.as_str().as_bytes());
        add(lesson.language.code().as_bytes());
        add(lesson.text.as_bytes());
        add(&lesson.weight.to_bits().to_be_bytes());
        add(format!("{:?}", lesson.source).as_bytes());
    }
    HEXLOWER.encode(&sha.finalize())
}

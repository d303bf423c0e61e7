//! Mail × lessons → what it asks: asks, suggestions with evidence, level *sure*, *unsure* or *none*.
//!
//! Triage trains a [`Model`] from the library and what reviewers taught, and calls
//! [`Model::decide`] for every mail; `greffier classify` calls [`Model::classify`], which also
//! gives the evidence. No generative AI and no hidden reasoning: a mail is cut into what it
//! asks, each ask is compared with the lessons, and the words that decided are part of the
//! answer. The same lessons (in any order) and the same mail give the same bytes on every
//! machine.
//!
//! The order of reading: `asks` cuts the text, `words` makes features (with the `meanings` of
//! the lexicon), `space` weighs them, `linear` learns, `floors` measures how far to believe
//! it, `reading` brings it together for one mail, `flags` finds what takes a decision, `matter` what
//! is about something else, and `evidence` says why. `evaluate` counts the figures.

mod asks;
mod encoder;
mod evaluate;
mod evidence;
mod flags;
mod floors;
mod gaps;
mod lesson;
mod linear;
mod matter;
mod meanings;
mod number;
mod phrases;
mod reading;
mod sentences;
mod space;
mod teach;
#[cfg(test)]
mod tests;
mod words;

pub use encoder::{BadWeights, Encoder};
pub use evaluate::{Case, Confusion, Difficulty, Figures, Missed, evaluate};
pub use flags::Flag;
pub use gaps::Gap;
pub use lesson::{Label, Lesson, NO_QUESTION, OFF_FAQ, Source};
pub use sentences::Sentences;
pub use teach::read_corpus;
pub use words::plain;

use crate::message::{Automatic, Message};
use crate::replies::{Floors, Lexicon};
use crate::wording::Language;
use data_encoding::HEXLOWER;
use flags::Flags;
use floors::{Trial, first_right, measure};
use linear::{Linear, Point};
use matter::Matter;
use rayon::prelude::*;
use sentences::Sentence;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use space::{Space, Vector};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Raised with every change of the method: another method is another digest.
const METHOD: &str = "greffier classify 7";
/// Into how many parts the situations are dealt, each of them left out once.
const FOLDS: usize = 5;

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
    /// From 0 to 1, three decimals; the highest that any ask gave it.
    pub confidence: f64,
}

/// A word of the mail that spoke for an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The entry's slug.
    pub entry: String,
    /// The word, in lower case, as the mail has it.
    pub word: String,
    /// Its part of the score, above 0, three decimals.
    pub weight: f64,
    /// What sort of lesson gave the word most of its weight.
    pub source: Source,
    /// That lesson's wording.
    pub lesson: String,
}

/// Why an entry came before the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contrast {
    /// The entry's slug.
    pub entry: String,
    /// The slug of the entry that came next.
    pub runner_up: String,
    /// The words of the mail that spoke more for the one than for the other, strongest first.
    pub words: Vec<String>,
}

/// The wording that the encoder finds most like what was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    /// The entry's slug.
    pub entry: String,
    /// The wording.
    pub lesson: String,
    /// From -1 to 1, three decimals.
    pub likeness: f64,
}

/// What a mail asks, and why we think so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classification {
    /// Whether it asks anything.
    pub kind: Kind,
    /// The level of the whole: *sure* if every ask is and nothing is flagged, *none* if no ask has an entry.
    pub level: Level,
    /// What it asks, in the order of the mail.
    pub asks: Vec<Ask>,
    /// The entries for the draft, in the order of the asks, each once.
    pub suggestions: Vec<String>,
    /// All entries: the suggestions first, then by confidence.
    pub candidates: Vec<Candidate>,
    /// What it asks for that takes a decision; such mail is never *sure*.
    pub flags: Vec<Flag>,
    /// The words that decided, strongest first for each suggestion (for the first candidate
    /// where there is no suggestion).
    pub evidence: Vec<Evidence>,
    /// Why the runner-up of each suggestion lost.
    pub contrasts: Vec<Contrast>,
    /// The words in which no wording of an entry asks without naming the library's matter, where they kept
    /// a mail that does not name it either from being *sure*.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfamiliar: Vec<String>,
    /// The nearest wording of each entry that evidence is given for; empty without an encoder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub likenesses: Vec<Likeness>,
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
    /// Whether its headers say that it answers another: its subject is then not its own.
    pub answers: bool,
    /// The newest text.
    pub text: &'a str,
    /// Its language.
    pub language: Language,
    /// Why it is automatic, if it is.
    pub automatic: Option<&'a str>,
}

impl<'a> Mail<'a> {
    /// A person's mail of which no headers are known.
    #[must_use]
    pub fn new(subject: &'a str, text: &'a str, language: Language) -> Self {
        Self { subject, answers: false, text, language, automatic: None }
    }

    /// What counts of a message.
    #[must_use]
    pub fn of(message: &'a Message) -> Self {
        Self {
            subject: &message.subject,
            answers: !message.in_reply_to.is_empty(),
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
        Automatic::Notice => "notice",
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
    /// What the encoder makes of each lesson; empty without one.
    encoded: Vec<Sentence>,
    space: Space,
    /// The words of each lesson as features: what evidence looks up to name the wording behind a word.
    vectors: Vec<Vector>,
    linear: Linear,
    flags: Flags,
    matter: Matter,
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
    /// words or with a weight that is not above 0 not at all.
    #[must_use]
    pub fn train(
        lessons: impl IntoIterator<Item = Lesson>,
        lexicon: &Lexicon,
        floors: Floors,
        sentences: Option<Arc<Sentences>>,
    ) -> Self {
        let weights = sentences.as_ref().map(|sentences| *sentences.digest());
        let learning = Learning::of(lessons, lexicon, sentences);
        let linear = learning.learn(|_| true);
        let digest = digest(&learning.lessons, lexicon, &floors, weights);
        let Learning { labels, lessons, encoded, space, mut vectors } = learning;
        for vector in &mut vectors {
            space.leave_words(vector);
        }
        let (flags, matter) = (Flags::of(lexicon), Matter::of(lexicon, &lessons, &space));
        Self { labels, lessons, encoded, space, vectors, linear, flags, matter, floors, digest }
    }

    /// Measures how far what would be learned can be believed, by leaving out situations in turn;
    /// and the share of the wordings whose label comes first, from 0 to 1.
    #[must_use]
    pub fn measure(
        lessons: impl IntoIterator<Item = Lesson>,
        lexicon: &Lexicon,
        sentences: Option<Arc<Sentences>>,
    ) -> (Floors, f64) {
        let learning = Learning::of(lessons, lexicon, sentences);
        let scores = learning.left_out();
        let matter = Matter::of(lexicon, &learning.lessons, &learning.space);
        // What is about something else is never sure, so it asks nothing of the floors.
        let about = |lesson: &Lesson| {
            let words = words::words(&lesson.text);
            matter.unfamiliar(&learning.space, &[&words], &[&words], lesson.language).is_empty()
        };
        let trials = learning.lessons.iter().zip(&scores);
        let trials: Vec<Trial<'_>> = trials
            .filter(|(lesson, _)| lesson.source.is_wording() && about(lesson))
            .map(|(lesson, scores)| Trial {
                label: &lesson.label,
                scores,
                asks: asks::bears_a_sign(&lesson.text),
            })
            .collect();
        (measure(&learning.labels, &trials), first_right(&learning.labels, &trials))
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

    /// The places of a label's lessons: they are in the order of their labels.
    fn lessons_of(&self, label: usize) -> Range<usize> {
        let Some(label) = self.labels.get(label) else { return 0..0 };
        let start = self.lessons.partition_point(|lesson| lesson.label < *label);
        let end = self.lessons.partition_point(|lesson| lesson.label <= *label);
        start..end
    }
}

/// Lessons made ready to be learned from.
struct Learning {
    labels: Vec<Label>,
    lessons: Vec<Lesson>,
    encoded: Vec<Sentence>,
    space: Space,
    vectors: Vec<Vector>,
}

impl Learning {
    fn of(
        lessons: impl IntoIterator<Item = Lesson>,
        lexicon: &Lexicon,
        sentences: Option<Arc<Sentences>>,
    ) -> Self {
        let lessons = in_order(lessons);
        let mut labels: Vec<Label> = lessons.iter().map(|lesson| lesson.label.clone()).collect();
        labels.sort();
        labels.dedup();
        let texts: Vec<(&str, Language)> =
            lessons.iter().map(|lesson| (lesson.text.as_str(), lesson.language)).collect();
        let encoded = sentences.as_ref().map(|sentences| sentences.of(&lessons)).unwrap_or_default();
        let (space, mut vectors) = Space::of(&texts, lexicon, sentences);
        for (vector, sentence) in vectors.iter_mut().zip(&encoded) {
            space.add_sentence(vector, sentence);
        }
        Self { labels, lessons, encoded, space, vectors }
    }

    /// Learns the lessons that `take` accepts, by their places.
    fn learn(&self, take: impl Fn(usize) -> bool) -> Linear {
        let points: Vec<Point<'_>> = self
            .lessons
            .iter()
            .zip(&self.vectors)
            .enumerate()
            .filter(|(place, _)| take(*place))
            .filter_map(|(_, (lesson, vector))| {
                let label = self.labels.binary_search(&lesson.label).ok()?;
                Some(Point { vector, label, weight: lesson.weight as f32 })
            })
            .collect();
        Linear::learn(&points, self.space.len(), self.labels.len())
    }

    /// The scores of each lesson for each label, learned without its situation.
    fn left_out(&self) -> Vec<Vec<f64>> {
        let folds = self.folds();
        let learned: Vec<Linear> = (0..FOLDS)
            .into_par_iter()
            .map(|fold| self.learn(|place| folds.get(place) != Some(&fold)))
            .collect();
        let scored = self.vectors.iter().zip(&folds);
        scored
            .map(|(vector, fold)| learned.get(*fold).map(|linear| linear.scores(vector)).unwrap_or_default())
            .collect()
    }

    /// In which part each lesson is: the situations of a label are dealt out in turn.
    fn folds(&self) -> Vec<usize> {
        let mut dealt: BTreeMap<(&Label, &str), usize> = BTreeMap::new();
        self.lessons
            .iter()
            .map(|lesson| {
                let next = dealt.len();
                let situation = lesson.situation.as_deref().unwrap_or(&lesson.text);
                *dealt.entry((&lesson.label, situation)).or_insert(next) % FOLDS
            })
            .collect()
    }
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

fn digest(lessons: &[Lesson], lexicon: &Lexicon, floors: &Floors, weights: Option<[u8; 32]>) -> String {
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
    add(format!("{lexicon:?} {floors:?}").as_bytes());
    if let Some(weights) = weights {
        add(&weights);
    }
    HEXLOWER.encode(&sha.finalize())
}

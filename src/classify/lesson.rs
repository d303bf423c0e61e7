//! What the classifier learns from: wordings with their label.

use crate::wording::Language;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// The name of [`Label::OffFaq`] in files and corpora.
pub const OFF_FAQ: &str = "hors-faq";
/// The name of [`Label::NoQuestion`] in files and corpora.
pub const NO_QUESTION: &str = "sans-question";

/// What a wording asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Label {
    /// The question of the entry with this slug.
    Entry(String),
    /// A real question that no entry answers.
    OffFaq,
    /// Nothing: thanks, an acknowledgement, something for information.
    NoQuestion,
}

impl Label {
    /// The name in files: the slug, or one of the two special names.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Entry(slug) => slug,
            Self::OffFaq => OFF_FAQ,
            Self::NoQuestion => NO_QUESTION,
        }
    }

    /// The slug, if an entry is meant.
    #[must_use]
    pub fn entry(&self) -> Option<&str> {
        match self {
            Self::Entry(slug) => Some(slug),
            Self::OffFaq | Self::NoQuestion => None,
        }
    }
}

impl From<String> for Label {
    fn from(name: String) -> Self {
        match name.as_str() {
            OFF_FAQ => Self::OffFaq,
            NO_QUESTION => Self::NoQuestion,
            _ => Self::Entry(name),
        }
    }
}

impl From<Label> for String {
    fn from(label: Label) -> Self {
        label.as_str().to_owned()
    }
}

impl FromStr for Label {
    type Err = Infallible;

    fn from_str(name: &str) -> Result<Self, Infallible> {
        Ok(Self::from(name.to_owned()))
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where in the library a lesson stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A wording as people really ask.
    Example,
    /// A wording about another matter altogether: rarer in the mailbox than among the wordings.
    Elsewhere,
    /// The question of an entry.
    Question,
    /// The title of an entry.
    Title,
    /// A keyword of an entry.
    Keyword,
    /// A sentence of an entry's answer.
    Body,
    /// A mail that a reviewer put under this label.
    Learned,
}

impl Source {
    /// Whether people write to the mailbox like this: only such lessons are used to measure the floors.
    #[must_use]
    pub fn is_wording(self) -> bool {
        matches!(self, Self::Example | Self::Question | Self::Learned)
    }

    /// How much such a lesson should count, as a rule: an answer's own words are not how
    /// people ask, a keyword is not a sentence, and what is about something else must not drown what
    /// is asked beside it.
    #[must_use]
    pub fn weight(self) -> f64 {
        match self {
            Self::Example | Self::Question | Self::Learned => 1.0,
            Self::Elsewhere => 0.35,
            Self::Title => 0.7,
            Self::Keyword => 0.4,
            Self::Body => 0.3,
        }
    }
}

/// One wording that the classifier learns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// What it asks.
    pub label: Label,
    /// Its language.
    pub language: Language,
    /// The wording.
    pub text: String,
    /// How much it counts, above 0; usually [`Source::weight`].
    pub weight: f64,
    /// Where it stands.
    pub source: Source,
    /// The group that a measurement leaves out as a whole; `None`: it stands alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub situation: Option<String>,
}

impl Lesson {
    /// A lesson with the usual weight of its source.
    #[must_use]
    pub fn new(label: Label, language: Language, text: impl Into<String>, source: Source) -> Self {
        Self { label, language, text: text.into(), weight: source.weight(), source, situation: None }
    }
}

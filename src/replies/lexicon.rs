//! `lexicon.toml`: words that mean the same to the classifier, and phrases that ask for a decision; kept by staff.

use serde::{Deserialize, Serialize};

/// Words and phrases with one meaning.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// What they mean: the plain French word or phrase that is read beside them.
    #[serde(rename = "as")]
    pub meaning: String,
    /// The words and phrases, in either language; case, accents and a plural's `s` do not count.
    pub words: Vec<String>,
    /// Why they belong together: for whoever edits the file next.
    pub reason: String,
}

/// What a mail asks for that no text of the library can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlagName {
    /// Documents, under the law on access: a legal deadline runs, and another office answers.
    AccessRequest,
    /// A complaint is made.
    Complaint,
    /// A journalist writes.
    Journalist,
    /// The ministry, or its chief information officer, is asked to authorise something.
    Authorisation,
    /// The writer claims that an exception holds for him and wants it confirmed.
    ClaimedException,
}

impl FlagName {
    /// Its name in JSON and in wording keys.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::AccessRequest => "access-request",
            Self::Complaint => "complaint",
            Self::Journalist => "journalist",
            Self::Authorisation => "authorisation",
            Self::ClaimedException => "claimed-exception",
        }
    }
}

/// Phrases that raise a flag.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlagRule {
    /// Which.
    pub name: FlagName,
    /// The phrases, in either language, found as those of a [`Term`].
    pub words: Vec<String>,
    /// Why such mail is no matter for a ready draft.
    pub reason: String,
}

/// All terms and flags.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lexicon {
    /// In the order of the file.
    #[serde(default, rename = "term")]
    pub terms: Vec<Term>,
    /// In the order of the file.
    #[serde(default, rename = "flag")]
    pub flags: Vec<FlagRule>,
}

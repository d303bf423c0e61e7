//! `lexicon.toml`: words that mean the same to the classifier, kept by staff.

use serde::Deserialize;

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

/// All terms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lexicon {
    /// In the order of the file.
    #[serde(default, rename = "term")]
    pub terms: Vec<Term>,
}

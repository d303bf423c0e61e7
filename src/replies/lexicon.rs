//! `lexicon.toml`: words that mean the same to the classifier, and phrases that ask for a decision; kept by staff.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Words and phrases with one meaning.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// What they mean: the plain French word or phrase that is read beside them.
    #[serde(rename = "as")]
    pub meaning: String,
    /// The words and phrases, in either language; case, accents and a plural's `s` do not count.
    pub words: Vec<String>,
    /// Whether they name what the library is about. A mail without any such word that uses words
    /// foreign to the library is not *sure*.
    #[serde(default)]
    pub matter: bool,
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
    /// Something went wrong with data: another team acts, and time counts.
    Incident,
}

impl FlagName {
    /// All flags.
    pub const ALL: [Self; 6] = [
        Self::AccessRequest,
        Self::Complaint,
        Self::Journalist,
        Self::Authorisation,
        Self::ClaimedException,
        Self::Incident,
    ];

    /// Its name in JSON and in wording keys.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::AccessRequest => "access-request",
            Self::Complaint => "complaint",
            Self::Journalist => "journalist",
            Self::Authorisation => "authorisation",
            Self::ClaimedException => "claimed-exception",
            Self::Incident => "incident",
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

/// Phrases of a notice: something that an organisation owes the ministry, and that asks nothing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeRule {
    /// The phrases, in either language; case, accents and line ends do not count.
    pub words: Vec<String>,
    /// Why such mail is a deposit.
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
    /// In the order of the file.
    #[serde(default, rename = "notice")]
    pub notices: Vec<NoticeRule>,
}

impl Lexicon {
    /// The first phrase of a notice that stands in the text.
    #[must_use]
    pub fn notice_in(&self, text: &str) -> Option<&str> {
        let text = format!(" {} ", plain(text));
        let phrases = self.notices.iter().flat_map(|rule| &rule.words);
        phrases.map(String::as_str).find(|phrase| text.contains(&format!(" {} ", plain(phrase))))
    }
}

/// Words in lower case, without accents, one space between them.
fn plain(text: &str) -> String {
    let letters = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    let spaced: String = letters.map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

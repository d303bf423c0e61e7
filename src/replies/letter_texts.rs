//! What frames the answers of a letter: salutation, courtesies, headings, signature.
//!
//! Parsed from the front matter of `<lang>/_letter.md`.

use super::canonical::Canonical;
use super::front::{Front, line_at};
use super::problem::{Problem, ProblemKind};
use crate::wording::Language;
use std::collections::BTreeMap;
use std::path::Path;

const TITLE: &str = "{{ title }}";
const NUMBER: &str = "{{ number }}";

/// The frame of every letter in one language. All texts are Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterTexts {
    /// The language of the texts.
    pub language: Language,
    /// Raised by the author with each change.
    pub version: u32,
    /// The subject where the question has none.
    pub subject: String,
    /// The first line: `Bonjour,`.
    pub salutation: String,
    /// Comes before the answer, when there is one.
    pub introduction: String,
    /// Comes before the answers, when there are several.
    pub introduction_several: String,
    /// Comes after the answers.
    pub conclusion: String,
    /// The courtesy before the signature: `Cordialement,`.
    pub closing: String,
    /// One line of the letter for each of its lines: they must not run together.
    pub signature: String,
    /// The text of a letter that is no answer, where the library has one.
    kinds: BTreeMap<&'static str, String>,
    heading: String,
}

/// The letters that are no answers and have a text of their own; also their keys in the file.
const KINDS: [&str; 4] = ["holding", "acknowledgement", "correction", "transfer"];

impl LetterTexts {
    /// The text of a letter of this kind (`holding`, …); empty where a person has to write it.
    #[must_use]
    pub fn text_of(&self, kind: &str) -> &str {
        self.kinds.get(kind).map_or("", String::as_str)
    }

    /// The heading of one answer in a letter that has several; counted from 1.
    #[must_use]
    pub fn heading(&self, number: usize, title: &str) -> String {
        self.heading.replace(NUMBER, &number.to_string()).replace(TITLE, title)
    }

    /// SHA-256 of all the texts, in hex.
    #[must_use]
    pub fn digest(&self) -> String {
        Canonical::new("greffier letter texts 1")
            .with(self.language.code())
            .with(self.version.to_string())
            .with(&self.subject)
            .with(&self.salutation)
            .with(&self.introduction)
            .with(&self.introduction_several)
            .with(&self.conclusion)
            .with(&self.closing)
            .with(&self.signature)
            .with(&self.heading)
            .list(self.kinds.iter().map(|(kind, text)| format!("{kind} {text}")))
            .hex()
    }

    /// Reads one file. `text` has LF line ends.
    pub(super) fn parse(language: Language, file: &Path, text: &str) -> Result<Self, Vec<Problem>> {
        let mut front = Front::open(file, text).map_err(|problem| vec![problem])?;
        let version = front.count("version");
        let subject = front.string("subject");
        let salutation = front.string("salutation");
        let introduction = front.paragraph("introduction");
        let introduction_several = front.paragraph("introduction_several");
        let heading_line = front.line_of("heading");
        let heading = front.string("heading");
        let conclusion = front.paragraph("conclusion");
        let closing = front.string("closing");
        let signature = front.paragraph("signature");
        let kinds =
            KINDS.into_iter().filter_map(|kind| Some((kind, front.optional_paragraph(kind)?))).collect();
        if let Some(heading) = &heading {
            let rest = heading.replace(NUMBER, "").replace(TITLE, "");
            if !heading.contains(TITLE) {
                front.problem(heading_line, ProblemKind::MissingVariable(TITLE));
            }
            if let Some((_, after)) = rest.split_once("{{") {
                let name = after.split("}}").next().unwrap_or_default().trim();
                front.problem(heading_line, ProblemKind::UnknownVariable(name.to_owned()));
            }
        }
        if !front.body.trim().is_empty() {
            let skipped = front.body.len() - front.body.trim_start().len();
            let line = front.body_line + line_at(front.body, skipped) - 1;
            front.problem(line, ProblemKind::UnwantedBody);
        }
        let problems = front.finish();
        let texts = (|| {
            Some(Self {
                language,
                version: version?,
                subject: subject?,
                salutation: salutation?,
                introduction: introduction?,
                introduction_several: introduction_several?,
                conclusion: conclusion?,
                closing: closing?,
                signature: signature?,
                kinds,
                heading: heading?,
            })
        })();
        texts.filter(|_| problems.is_empty()).ok_or(problems)
    }
}

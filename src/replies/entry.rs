//! One approved text: an entry of the FAQ in one language, in one variant.
//!
//! Parsed here from `<lang>/<slug>.md` or `<lang>/<slug>.<variant>.md`.

use super::body::{Body, Field, Rendered, Values, is_field_name};
use super::canonical::Canonical;
use super::front::{Front, line_at};
use super::problem::{Form, Problem, ProblemKind};
use crate::wording::Language;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The name of an entry, the same in both languages: lower-case ASCII letters, digits
/// and hyphens, at most 64 bytes, no hyphen at either end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// The text cannot be a [`Slug`] or an [`EntryId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of an entry")]
pub struct BadName;

impl Slug {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Slug {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let sound = !text.is_empty()
            && text.len() <= 64
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        if sound { Ok(Self(text.to_owned())) } else { Err(BadName) }
    }
}

impl TryFrom<String> for Slug {
    type Error = BadName;

    fn try_from(text: String) -> Result<Self, BadName> {
        text.parse()
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which text exactly: written `fr/contact` or `fr/demarche-structuree.courriel`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntryId {
    /// The language of the text.
    pub language: Language,
    /// The entry.
    pub slug: Slug,
    /// The variant, of the same characters as a slug; `None` for the file without one.
    pub variant: Option<String>,
}

impl EntryId {
    /// The name under which a reviewer chooses it: `slug` or `slug.variant`.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.variant {
            Some(variant) => format!("{}.{variant}", self.slug),
            None => self.slug.to_string(),
        }
    }

    /// Its file, relative to the folder of the texts: `fr/contact.md`.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        PathBuf::from(format!("{self}.md"))
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.language, self.name())
    }
}

impl FromStr for EntryId {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let (language, name) = text.split_once('/').ok_or(BadName)?;
        let language = language.parse().map_err(|()| BadName)?;
        let (slug, variant) = match name.split_once('.') {
            Some((slug, variant)) => (slug, Some(variant.parse::<Slug>()?.0)),
            None => (name, None),
        };
        Ok(Self { language, slug: slug.parse()?, variant })
    }
}

impl TryFrom<String> for EntryId {
    type Error = BadName;

    fn try_from(text: String) -> Result<Self, BadName> {
        text.parse()
    }
}

impl From<EntryId> for String {
    fn from(id: EntryId) -> Self {
        id.to_string()
    }
}

/// Where the facts of an entry come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The document, with its date.
    pub document: String,
    /// The section of it.
    pub section: String,
}

/// Who stands behind the wording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The person or the office.
    pub by: String,
    /// The day.
    pub on: Date,
}

/// An approved text (or a sample that nobody has approved yet).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Language, slug and variant.
    pub id: EntryId,
    /// A few words that name the subject; heads the section in a letter with several answers.
    pub title: String,
    /// The question that it answers, in one sentence.
    pub question: String,
    /// The question as people really put it.
    pub examples: Vec<String>,
    /// Words that point to it.
    pub keywords: Vec<String>,
    /// Raised by the author with each change of the wording; from 1 on.
    pub version: u32,
    /// The first day on which it holds.
    pub effective: Date,
    /// The first day on which it holds no longer.
    pub superseded: Option<Date>,
    /// Where its facts come from.
    pub source: Source,
    /// Names of files in `attachments/` that go with it.
    pub attachments: Vec<String>,
    /// What the reviewer must fill in.
    pub asks: Vec<Field>,
    /// Who approved it; `None`: sample text.
    pub approval: Option<Approval>,
    /// What sets this variant apart, for the reviewer who chooses.
    pub variant_title: Option<String>,
    /// What the file says of being the default; settled among the variants by `Replies`.
    pub(super) default: Option<bool>,
    body: Body,
    digest: String,
}

impl Entry {
    /// The Markdown as written, variables included.
    #[must_use]
    pub fn markdown(&self) -> &str {
        self.body.source()
    }

    /// The text with `values` filled in; what is missing stays visible and is listed.
    #[must_use]
    pub fn render(&self, values: &Values) -> Rendered {
        self.body.render(self.id.language, &self.asks, values)
    }

    /// SHA-256, in hex, of all that a letter takes from this entry or that decides whether
    /// it may: everything but examples and keywords. The layout of the file does not count.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Whether somebody stands behind the wording.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.approval.is_some()
    }

    /// Whether something newer has taken its place by `day`.
    #[must_use]
    pub fn is_superseded_on(&self, day: Date) -> bool {
        self.superseded.is_some_and(|superseded| superseded <= day)
    }

    /// Whether it holds on `day`: begun, and not superseded.
    #[must_use]
    pub fn is_effective_on(&self, day: Date) -> bool {
        self.effective <= day && !self.is_superseded_on(day)
    }

    /// Reads one file. `text` has LF line ends.
    pub(super) fn parse(id: EntryId, file: &Path, text: &str) -> Result<Self, Vec<Problem>> {
        let mut front = Front::open(file, text).map_err(|problem| vec![problem])?;
        let title = front.string("title");
        let question = front.string("question");
        let examples = front.some_strings("examples");
        let keywords = front.strings("keywords", Form::Lines);
        let version = front.count("version");
        let effective = front.required_date("effective");
        let superseded_line = front.line_of("superseded");
        let superseded = front.date("superseded");
        let source = front
            .pair("source", ["document", "section"], Form::Source)
            .map(|(document, section)| Source { document, section });
        let attachments_line = front.line_of("attachments");
        let attachments = front.strings("attachments", Form::Lines);
        let asks = front.pairs("asks", ["name", "label"], Form::Asks);
        let approved_line = front.line_of("approved_by").max(front.line_of("approved_on"));
        let approved_by = front.optional_string("approved_by");
        let approved_on = front.date("approved_on");
        let variant_title = if id.variant.is_some() {
            front.string("variant_title")
        } else {
            front.optional_string("variant_title")
        };
        let default = front.flag("default");

        if let (Some(effective), Some(superseded)) = (effective, superseded)
            && superseded < effective
        {
            front.problem(superseded_line, ProblemKind::SupersededEarly);
        }
        let approval = match (approved_by, approved_on) {
            (Some(by), Some(on)) => Some(Approval { by, on }),
            (None, None) => None,
            _ => {
                front.problem(approved_line, ProblemKind::HalfApproval);
                None
            }
        };
        for name in &attachments {
            if name.starts_with('.') || name.contains(['/', '\\', ':']) {
                front.problem(attachments_line, ProblemKind::Wrong("attachments".into(), Form::FileName));
            }
        }
        let body = read_body(&mut front, &asks);

        let asks = asks.into_iter().map(|(_, name, label)| Field { name, label }).collect();
        let problems = front.finish();
        match (title, question, version, effective, source) {
            (Some(title), Some(question), Some(version), Some(effective), Some(source))
                if problems.is_empty() =>
            {
                let mut entry = Self {
                    id,
                    title,
                    question,
                    examples,
                    keywords,
                    version,
                    effective,
                    superseded,
                    source,
                    attachments,
                    asks,
                    approval,
                    variant_title,
                    default,
                    body,
                    digest: String::new(),
                };
                entry.digest = entry.compute_digest();
                Ok(entry)
            }
            _ => Err(problems),
        }
    }

    fn compute_digest(&self) -> String {
        Canonical::new("greffier entry 1")
            .with(self.id.to_string())
            .with(&self.title)
            .with(&self.question)
            .with(self.version.to_string())
            .with(self.effective.to_string())
            .optional(self.superseded.map(|date| date.to_string()))
            .with(&self.source.document)
            .with(&self.source.section)
            .list(self.attachments.iter())
            .list(self.asks.iter().map(|ask| &ask.name))
            .list(self.asks.iter().map(|ask| &ask.label))
            .optional(self.approval.as_ref().map(|approval| &approval.by))
            .optional(self.approval.as_ref().map(|approval| approval.on.to_string()))
            .optional(self.variant_title.as_ref())
            .with(self.body.source())
            .hex()
    }
}

fn read_body(front: &mut Front<'_>, asks: &[(usize, String, String)]) -> Body {
    let whole = front.body;
    let trimmed = whole.trim();
    if trimmed.is_empty() {
        front.problem(front.body_line, ProblemKind::NoBody);
    }
    let skipped = whole.len() - whole.trim_start().len();
    let first_line = front.body_line + line_at(whole, skipped) - 1;
    let (body, problems) = Body::parse(trimmed, first_line);
    for (line, kind) in problems {
        front.problem(line, kind);
    }
    for (number, (line, name, _)) in asks.iter().enumerate() {
        if !is_field_name(name) {
            front.problem(*line, ProblemKind::BadName(name.clone()));
        } else if asks.iter().take(number).any(|(_, earlier, _)| earlier == name) {
            front.problem(*line, ProblemKind::RepeatedField(name.clone()));
        } else if !body.fields().any(|used| used == name) {
            front.problem(*line, ProblemKind::UnusedField(name.clone()));
        }
    }
    for (number, line) in trimmed.lines().enumerate() {
        let (line, _) = Body::parse(line, 0);
        for used in line.fields().filter(|used| !asks.iter().any(|(_, name, _)| name == used)) {
            front.problem(first_line + number, ProblemKind::UndeclaredField(used.to_owned()));
        }
    }
    body
}

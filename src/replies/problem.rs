//! What can be wrong in the folder of approved texts: file, line, reason.
//!
//! Made by the parser and by `library.rs`; shown to staff and to the operator.

use crate::wording::{Language, Wording};
use std::fmt;
use std::path::{Path, PathBuf};

/// Something wrong in a file of replies: where, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as it was given; the folder itself where no single file is meant.
    pub file: PathBuf,
    /// The line, counted from 1; `None` if the file as a whole is meant.
    pub line: Option<usize>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What can be wrong in a file of replies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// The file or folder cannot be read; the system's words.
    Unreadable(String),
    /// There is no such folder.
    NoFolder,
    /// The bytes are not UTF-8 text.
    NotUtf8,
    /// The file is longer than this many bytes.
    TooLong(usize),
    /// A control character stands in the text.
    Control,
    /// Nothing of this name belongs at this place.
    Misplaced,
    /// This part of the file name is not made of lower-case letters, digits and hyphens.
    BadName(String),
    /// This name has another meaning and cannot name an entry.
    Reserved(String),
    /// The same file was given twice.
    Twice,
    /// The first line is not `+++`.
    NoFrontMatter,
    /// The second `+++` is missing.
    OpenFrontMatter,
    /// The front matter is not TOML; the parser's words.
    NotToml(String),
    /// Nobody knows this key.
    UnknownKey(String),
    /// This key must be there.
    MissingKey(&'static str),
    /// The value of this key is of another form than the one named.
    Wrong(String, Form),
    /// `approved_by` without `approved_on`, or the other way round.
    HalfApproval,
    /// `superseded` lies before `effective`.
    SupersededEarly,
    /// There is no text under the front matter.
    NoBody,
    /// There is text under the front matter where none belongs.
    UnwantedBody,
    /// `{{` without `}}` on the same line.
    OpenVariable,
    /// There is no such variable.
    UnknownVariable(String),
    /// This variable must stand in the value of this key.
    MissingVariable(&'static str),
    /// The text uses this field, but `asks` does not declare it.
    UndeclaredField(String),
    /// `asks` declares this field, but the text does not use it.
    UnusedField(String),
    /// `asks` declares this field twice.
    RepeatedField(String),
    /// Several variants of this entry, and none is the default.
    NoDefault(String),
    /// Another variant of this entry says that it is the default, too.
    SecondDefault(String),
    /// There is no `_letter.md` for a language that has entries.
    NoLetter(Language),
    /// There is no entry at all.
    NoEntries,
    /// Examples for something that is neither an entry nor a special label.
    UnknownLabel(String),
    /// The attachment is not in `attachments/`.
    NoAttachment(String),
}

/// The form that a value must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text that is not empty, on one line.
    Line,
    /// A text that is not empty.
    Text,
    /// A list of texts, none of them empty.
    Lines,
    /// A list of texts with at least one in it.
    SomeLines,
    /// A whole number from 1 on.
    Count,
    /// A date.
    Date,
    /// `true` or `false`.
    Flag,
    /// `{ document = "…", section = "…" }`.
    Source,
    /// `[{ name = "…", label = "…" }]`.
    Asks,
    /// A plain file name.
    FileName,
}

impl Form {
    fn key(self) -> &'static str {
        match self {
            Self::Line => "replies-form-line",
            Self::Text => "replies-form-text",
            Self::Lines => "replies-form-lines",
            Self::SomeLines => "replies-form-some-lines",
            Self::Count => "replies-form-count",
            Self::Date => "replies-form-date",
            Self::Flag => "replies-form-flag",
            Self::Source => "replies-form-source",
            Self::Asks => "replies-form-asks",
            Self::FileName => "replies-form-file-name",
        }
    }
}

impl Problem {
    /// A problem of a whole file.
    #[must_use]
    pub fn of(file: &Path, kind: ProblemKind) -> Self {
        Self { file: file.to_owned(), line: None, kind }
    }

    /// A problem of one line, counted from 1.
    #[must_use]
    pub fn at(file: &Path, line: usize, kind: ProblemKind) -> Self {
        Self { file: file.to_owned(), line: Some(line), kind }
    }

    /// One line for people: file, line, what is wrong and what to write instead.
    #[must_use]
    pub fn line(&self, wording: &Wording) -> String {
        let why = self.kind.text(wording);
        let file = self.file.display();
        match self.line {
            Some(line) => wording.with("replies-at-line", &[("file", &file), ("line", &line), ("why", &why)]),
            None => wording.with("replies-at-file", &[("file", &file), ("why", &why)]),
        }
    }
}

impl ProblemKind {
    fn text(&self, wording: &Wording) -> String {
        let plain = |key: &str| wording.text(key);
        let named = |key: &str, name: &dyn fmt::Display| wording.with(key, &[("name", name)]);
        match self {
            Self::Unreadable(why) => named("replies-unreadable", why),
            Self::NoFolder => plain("replies-no-folder"),
            Self::NotUtf8 => plain("replies-not-utf8"),
            Self::TooLong(most) => named("replies-too-long", most),
            Self::Control => plain("replies-control"),
            Self::Misplaced => plain("replies-misplaced"),
            Self::BadName(name) => named("replies-bad-name", name),
            Self::Reserved(name) => named("replies-reserved", name),
            Self::Twice => plain("replies-twice"),
            Self::NoFrontMatter => plain("replies-no-front-matter"),
            Self::OpenFrontMatter => plain("replies-open-front-matter"),
            Self::NotToml(why) => named("replies-not-toml", why),
            Self::UnknownKey(key) => named("replies-unknown-key", key),
            Self::MissingKey(key) => named("replies-missing-key", key),
            Self::Wrong(key, form) => {
                wording.with("replies-wrong", &[("name", key), ("form", &wording.text(form.key()))])
            }
            Self::HalfApproval => plain("replies-half-approval"),
            Self::SupersededEarly => plain("replies-superseded-early"),
            Self::NoBody => plain("replies-no-body"),
            Self::UnwantedBody => plain("replies-unwanted-body"),
            Self::OpenVariable => plain("replies-open-variable"),
            Self::UnknownVariable(name) => named("replies-unknown-variable", name),
            Self::MissingVariable(name) => named("replies-missing-variable", name),
            Self::UndeclaredField(name) => named("replies-undeclared-field", name),
            Self::UnusedField(name) => named("replies-unused-field", name),
            Self::RepeatedField(name) => named("replies-repeated-field", name),
            Self::NoDefault(slug) => named("replies-no-default", slug),
            Self::SecondDefault(slug) => named("replies-second-default", slug),
            Self::NoLetter(language) => named("replies-no-letter", language),
            Self::NoEntries => plain("replies-no-entries"),
            Self::UnknownLabel(label) => named("replies-unknown-label", label),
            Self::NoAttachment(name) => named("replies-no-attachment", name),
        }
    }
}

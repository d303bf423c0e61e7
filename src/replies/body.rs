//! The text of an entry: Markdown with a few named variables, and its filling-in.
//!
//! Used by entries and by letter texts. A value that nobody gave is never left out in
//! silence: it stays visible in the text and is listed, so that approval can refuse it.

use super::problem::ProblemKind;
use crate::wording::{Language, Wording};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something that the reviewer must fill in before the letter may leave.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Field {
    /// Its name in the text: `{{ field.NAME }}`.
    pub name: String,
    /// What the reviewer reads.
    pub label: String,
}

/// What the variables of a text stand for. What is `None` stays open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Values {
    /// `{{ organisation }}`: the name of the organisation that asks.
    pub organisation: Option<String>,
    /// `{{ date }}`: the day of the letter.
    pub date: Option<Date>,
    /// `{{ salutation }}`: the salutation of the letter.
    pub salutation: Option<String>,
    /// `{{ field.NAME }}`: what the reviewer filled in, by name.
    pub fields: BTreeMap<String, String>,
}

/// A text with its variables filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Markdown. An open field stands in it as `[à compléter : label]`, in the entry's language.
    pub markdown: String,
    /// What is still to be filled in, in order of appearance, each once.
    pub open: Vec<Field>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Organisation,
    Date,
    Salutation,
    Field(String),
}

/// Parsed Markdown with variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Body {
    source: String,
    pieces: Vec<Piece>,
}

impl Body {
    /// Reads `source`, whose first line is line `first_line` of its file. What is wrong
    /// comes with its line.
    pub fn parse(source: &str, first_line: usize) -> (Self, Vec<(usize, ProblemKind)>) {
        let mut pieces = Vec::new();
        let mut problems = Vec::new();
        for (number, line) in source.split_inclusive('\n').enumerate() {
            let mut rest = line;
            while let Some((before, after)) = rest.split_once("{{") {
                push_text(&mut pieces, before);
                let Some((name, after)) = after.split_once("}}") else {
                    problems.push((first_line + number, ProblemKind::OpenVariable));
                    rest = "";
                    break;
                };
                match piece(name.trim()) {
                    Some(piece) => pieces.push(piece),
                    None => problems
                        .push((first_line + number, ProblemKind::UnknownVariable(name.trim().to_owned()))),
                }
                rest = after;
            }
            push_text(&mut pieces, rest);
        }
        (Self { source: source.to_owned(), pieces }, problems)
    }

    /// The Markdown as written, variables included.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names of the fields that the text uses.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Field(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Fills in `values`; `asks` gives the labels of the fields.
    pub fn render(&self, language: Language, asks: &[Field], values: &Values) -> Rendered {
        let wording = Wording::of(language);
        let mut rendered = Rendered { markdown: String::new(), open: Vec::new() };
        for piece in &self.pieces {
            let (value, name) = match piece {
                Piece::Text(text) => {
                    rendered.markdown.push_str(text);
                    continue;
                }
                Piece::Organisation => (values.organisation.clone(), "organisation"),
                Piece::Date => (values.date.map(|date| date_in_words(language, date)), "date"),
                Piece::Salutation => (values.salutation.clone(), "salutation"),
                Piece::Field(name) => (values.fields.get(name).cloned(), name.as_str()),
            };
            match value.as_deref().map(plain).filter(|value| !value.is_empty()) {
                Some(value) => rendered.markdown.push_str(&value),
                None => {
                    let label = match piece {
                        Piece::Field(_) => {
                            asks.iter().find(|ask| ask.name == name).map_or(name, |ask| &ask.label).to_owned()
                        }
                        _ => wording.text(&format!("replies-variable-{name}")),
                    };
                    rendered.markdown.push_str(&wording.with("replies-to-fill-in", &[("label", &label)]));
                    let field = Field { name: name.to_owned(), label };
                    if !rendered.open.contains(&field) {
                        rendered.open.push(field);
                    }
                }
            }
        }
        rendered
    }
}

/// The day as it stands in a letter: `18 mars 2025`, `March 18, 2025`.
#[must_use]
pub fn date_in_words(language: Language, date: Date) -> String {
    let wording = Wording::of(language);
    let month = wording.text(&format!("month-{}", date.month()));
    let key = if date.day() == 1 { "replies-first-of-month" } else { "replies-date" };
    wording.with(key, &[("day", &date.day()), ("month", &month), ("year", &date.year())])
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(Piece::Text(last)) => last.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

fn piece(name: &str) -> Option<Piece> {
    match name {
        "organisation" => Some(Piece::Organisation),
        "date" => Some(Piece::Date),
        "salutation" => Some(Piece::Salutation),
        _ => name
            .strip_prefix("field.")
            .filter(|name| is_field_name(name))
            .map(|name| Piece::Field(name.into())),
    }
}

/// Whether `name` can stand after `field.`: lower-case ASCII letters, digits, `-`, `_`.
pub(super) fn is_field_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

/// A value on one line that Markdown shows as it is: names come from mail and from
/// other people's files, and must not become headings, links or HTML.
pub(crate) fn plain(value: &str) -> String {
    let mut text = String::new();
    for word in value.split(|c: char| c.is_control() || c == ' ').filter(|word| !word.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        for c in word.chars() {
            if matches!(c, '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '#' | '&' | '~' | '|') {
                text.push('\\');
            }
            text.push(c);
        }
    }
    text
}

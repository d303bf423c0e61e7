//! The tables of facts that the operator keeps in TOML: read key by key.
//!
//! Used by the parsers of organisations and of the calendar. Reading never stops at
//! the first slip: every [`Problem`] is noted with its line, unknown keys among them,
//! so that a file is mended in one go.

use crate::wording::Wording;
use jiff::civil::{Date, Time};
use std::fmt;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Something wrong in a table of facts: where, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1; `None` if the file as a whole is meant.
    pub line: Option<usize>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What can be wrong in a table of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// The text is not TOML; the parser's words.
    NotToml(String),
    /// Nobody knows this key.
    UnknownKey(String),
    /// This key must be there.
    MissingKey(String),
    /// The value of this key is of another form than the one named.
    Wrong(String, Form),
    /// The value of this key is not one of these.
    OneOf(String, String),
    /// This name, date, year or pattern stands twice.
    Twice(String),
    /// This domain or pattern would take in people of different organisations.
    TooWide(String),
    /// An organisation with neither `domains` nor `addresses`.
    NoAddress(String),
    /// Hours that end before they begin, or run into other hours of the same day.
    HoursClash,
    /// No hours are in force on the first day of this year.
    NoHours(i16),
    /// This date does not lie in the year that lists it.
    OtherYear(Date),
    /// This date is to be removed, and is no holiday.
    NoHoliday(Date),
    /// There is no year at all.
    NoYears,
}

/// The form that a value must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text on one line, not empty.
    Line,
    /// A list of such texts.
    Lines,
    /// A list of tables.
    Tables,
    /// `true` or `false`.
    Flag,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A year.
    Year,
    /// A domain name.
    Domain,
    /// An address, in which `*` stands for any characters of the local part.
    Pattern,
    /// The name of a time zone.
    Zone,
}

impl Form {
    fn key(self) -> &'static str {
        match self {
            Self::Line => "tables-form-line",
            Self::Lines => "tables-form-lines",
            Self::Tables => "tables-form-tables",
            Self::Flag => "tables-form-flag",
            Self::Date => "tables-form-date",
            Self::Time => "tables-form-time",
            Self::Year => "tables-form-year",
            Self::Domain => "tables-form-domain",
            Self::Pattern => "tables-form-pattern",
            Self::Zone => "tables-form-zone",
        }
    }
}

impl Problem {
    /// One line for people: the file, the line, what is wrong and what to write instead.
    #[must_use]
    pub fn line(&self, file: &Path, wording: &Wording) -> String {
        let why = self.kind.text(wording);
        let file = file.display();
        match self.line {
            Some(line) => wording.with("tables-at-line", &[("file", &file), ("line", &line), ("why", &why)]),
            None => wording.with("tables-at-file", &[("file", &file), ("why", &why)]),
        }
    }
}

impl ProblemKind {
    fn text(&self, wording: &Wording) -> String {
        let named = |key: &str, name: &dyn fmt::Display| wording.with(key, &[("name", name)]);
        match self {
            Self::NotToml(why) => named("tables-not-toml", why),
            Self::UnknownKey(key) => named("tables-unknown-key", key),
            Self::MissingKey(key) => named("tables-missing-key", key),
            Self::Wrong(key, form) => {
                wording.with("tables-wrong", &[("name", key), ("form", &wording.text(form.key()))])
            }
            Self::OneOf(key, values) => wording.with("tables-one-of", &[("name", key), ("values", values)]),
            Self::Twice(name) => named("tables-twice", name),
            Self::TooWide(name) => named("tables-too-wide", name),
            Self::NoAddress(name) => named("tables-no-address", name),
            Self::HoursClash => wording.text("tables-hours-clash"),
            Self::NoHours(year) => named("tables-no-hours", year),
            Self::OtherYear(date) => named("tables-other-year", date),
            Self::NoHoliday(date) => named("tables-no-holiday", date),
            Self::NoYears => wording.text("tables-no-years"),
        }
    }
}

/// A file being read: keeps the problems, knows the lines.
pub(crate) struct Reader<'a> {
    text: &'a str,
    problems: Vec<Problem>,
}

/// One table of it; keys leave it as they are read.
pub(crate) struct Table<'a> {
    /// The line on which it begins.
    pub line: usize,
    /// What stands before its keys in a problem, such as `organisation.`.
    prefix: String,
    keys: DeTable<'a>,
}

impl Table<'_> {
    /// Whether the key stands there, and was not read yet.
    pub fn has(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }
}

impl<'a> Reader<'a> {
    /// Parses the file.
    ///
    /// # Errors
    /// One problem, if it is not TOML.
    pub fn open(text: &'a str) -> Result<(Self, Table<'a>), Vec<Problem>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let reader = Self { text, problems: Vec::new() };
        match DeTable::parse(text) {
            Ok(keys) => Ok((reader, Table { line: 1, prefix: String::new(), keys: keys.into_inner() })),
            Err(error) => {
                let line = reader.line_of(&error.span().unwrap_or_default());
                // Some of the parser's messages have several lines; ours have one.
                let why = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
                Err(vec![Problem { line: Some(line), kind: ProblemKind::NotToml(why) }])
            }
        }
    }

    /// Notes a problem.
    pub fn problem(&mut self, line: impl Into<Option<usize>>, kind: ProblemKind) {
        self.problems.push(Problem { line: line.into(), kind });
    }

    /// Notes the keys that nobody asked for.
    pub fn close(&mut self, table: Table<'a>) {
        for (key, _) in table.keys {
            let line = self.line_of(&key.span());
            self.problem(line, ProblemKind::UnknownKey(format!("{}{}", table.prefix, key.into_inner())));
        }
    }

    /// `value` if nothing was wrong, else every problem in the order of the lines.
    pub fn finish<T>(mut self, value: T) -> Result<T, Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(value);
        }
        self.problems.sort_by_key(|problem| problem.line);
        Err(self.problems)
    }

    fn line_of(&self, span: &Range<usize>) -> usize {
        self.text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
    }

    fn take(&self, table: &mut Table<'a>, key: &str) -> Option<(usize, DeValue<'a>)> {
        let (_, value) = table.keys.remove_entry(key)?;
        Some((self.line_of(&value.span()), value.into_inner()))
    }

    fn wrong(&mut self, line: usize, table: &Table<'a>, key: &str, form: Form) {
        self.problem(line, ProblemKind::Wrong(format!("{}{key}", table.prefix), form));
    }

    fn required(&mut self, table: &mut Table<'a>, key: &str) -> Option<(usize, DeValue<'a>)> {
        let taken = self.take(table, key);
        if taken.is_none() {
            self.problem(table.line, ProblemKind::MissingKey(format!("{}{key}", table.prefix)));
        }
        taken
    }

    /// A text on one line that must be there.
    pub fn string(&mut self, table: &mut Table<'a>, key: &str) -> Option<(usize, String)> {
        let (line, value) = self.required(table, key)?;
        let text = sound(&value);
        if text.is_none() {
            self.wrong(line, table, key, Form::Line);
        }
        text.map(|text| (line, text))
    }

    /// One of `values`, by name, that must be there.
    pub fn one_of<T: Copy>(&mut self, table: &mut Table<'a>, key: &str, values: &[(&str, T)]) -> Option<T> {
        let (line, given) = self.string(table, key)?;
        let found = values.iter().find(|(name, _)| *name == given).map(|(_, value)| *value);
        if found.is_none() {
            self.problem(line, ProblemKind::OneOf(format!("{}{key}", table.prefix), names(values)));
        }
        found
    }

    /// The texts of a list, each with its line; empty if it is missing.
    pub fn strings(&mut self, table: &mut Table<'a>, key: &str) -> Vec<(usize, String)> {
        let Some((line, value)) = self.take(table, key) else { return Vec::new() };
        let Some(list) = value.as_array() else {
            self.wrong(line, table, key, Form::Lines);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in list.iter() {
            let line = self.line_of(&item.span());
            match sound(item.get_ref()) {
                Some(text) => texts.push((line, text)),
                None => self.wrong(line, table, key, Form::Lines),
            }
        }
        texts
    }

    /// Each of a list of `values`, by name.
    pub fn some_of<T: Copy>(&mut self, table: &mut Table<'a>, key: &str, values: &[(&str, T)]) -> Vec<T> {
        let mut found = Vec::new();
        for (line, given) in self.strings(table, key) {
            match values.iter().find(|(name, _)| *name == given) {
                Some((_, value)) => found.push(*value),
                None => {
                    self.problem(line, ProblemKind::OneOf(format!("{}{key}", table.prefix), names(values)));
                }
            }
        }
        found
    }

    /// A date that must be there, with or without quotes.
    pub fn date(&mut self, table: &mut Table<'a>, key: &str) -> Option<(usize, Date)> {
        let (line, value) = self.required(table, key)?;
        let date = match &value {
            DeValue::String(text) => text.trim().parse().ok(),
            DeValue::Datetime(moment) if moment.time.is_none() => {
                moment.date.and_then(|date| date.to_string().parse().ok())
            }
            _ => None,
        };
        if date.is_none() {
            self.wrong(line, table, key, Form::Date);
        }
        date.map(|date| (line, date))
    }

    /// A time of day that must be there, with or without quotes.
    pub fn time(&mut self, table: &mut Table<'a>, key: &str) -> Option<Time> {
        let (line, value) = self.required(table, key)?;
        let time = match &value {
            DeValue::String(text) => text.trim().parse().ok(),
            DeValue::Datetime(moment) if moment.date.is_none() => {
                moment.time.and_then(|time| time.to_string().parse().ok())
            }
            _ => None,
        };
        if time.is_none() {
            self.wrong(line, table, key, Form::Time);
        }
        time
    }

    /// A year that must be there, from 1900 to 2999.
    pub fn year(&mut self, table: &mut Table<'a>, key: &str) -> Option<(usize, i16)> {
        let (line, value) = self.required(table, key)?;
        let year = value
            .as_integer()
            .and_then(|number| i16::from_str_radix(number.as_str(), number.radix()).ok())
            .filter(|year| (1900..=2999).contains(year));
        if year.is_none() {
            self.wrong(line, table, key, Form::Year);
        }
        year.map(|year| (line, year))
    }

    /// `true` or `false`, that must be there.
    pub fn flag(&mut self, table: &mut Table<'a>, key: &str) -> Option<bool> {
        let (line, value) = self.required(table, key)?;
        if value.as_bool().is_none() {
            self.wrong(line, table, key, Form::Flag);
        }
        value.as_bool()
    }

    /// The tables of a list, in order; empty if it is missing.
    pub fn tables(&mut self, table: &mut Table<'a>, key: &str) -> Vec<Table<'a>> {
        let Some((line, value)) = self.take(table, key) else { return Vec::new() };
        let DeValue::Array(list) = value else {
            self.wrong(line, table, key, Form::Tables);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in list {
            let line = self.line_of(&Spanned::span(&item));
            match item.into_inner() {
                DeValue::Table(keys) => {
                    tables.push(Table { line, prefix: format!("{}{key}.", table.prefix), keys });
                }
                _ => self.wrong(line, table, key, Form::Tables),
            }
        }
        tables
    }
}

/// The text, if it is one: trimmed, not empty, without control characters.
fn sound(value: &DeValue<'_>) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty() && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

fn names<T>(values: &[(&str, T)]) -> String {
    values.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

//! Front matter: the TOML between two `+++` lines, read key by key.
//!
//! Used by the parsers of entries and of letter texts. Every problem is noted with
//! its line, and reading goes on, so that an author sees all of them at once.

use super::problem::{Form, Problem, ProblemKind};
use jiff::civil::Date;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(super) const FENCE: &str = "+++";

/// The front matter of one file; keys leave it as they are read.
pub(super) struct Front<'a> {
    file: &'a Path,
    text: &'a str,
    /// Where the TOML begins in `text`, so that its spans give lines of the file.
    start: usize,
    table: DeTable<'a>,
    problems: Vec<Problem>,
    /// The text under the front matter.
    pub body: &'a str,
    /// The line on which the body begins.
    pub body_line: usize,
}

/// The line, counted from 1, of the byte at `offset`.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// The TOML of a file between its two lines of `+++`, and the text under it.
pub(super) fn parts(text: &str) -> Option<(&str, &str)> {
    let mut lines = text.split_inclusive('\n');
    let start = lines.next().filter(|first| first.trim_end() == FENCE)?.len();
    let mut end = start;
    for line in lines {
        if line.trim_end() == FENCE {
            return Some((text.get(start..end)?, text.get(end + line.len()..)?));
        }
        end += line.len();
    }
    None
}

impl<'a> Front<'a> {
    /// Splits the file and parses its TOML. `text` has LF line ends and no mark at its start.
    pub fn open(file: &'a Path, text: &'a str) -> Result<Self, Problem> {
        let Some((toml, body)) = parts(text) else {
            let begun = text.lines().next().is_some_and(|first| first.trim_end() == FENCE);
            let kind = if begun { ProblemKind::OpenFrontMatter } else { ProblemKind::NoFrontMatter };
            return Err(Problem::at(file, 1, kind));
        };
        let start = text.split_inclusive('\n').next().map_or(0, str::len);
        let table = DeTable::parse(toml).map_err(|error| {
            let line = line_at(text, start + error.span().map_or(0, |span| span.start));
            // Some of the parser's messages have several lines; ours have one.
            let why = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
            Problem::at(file, line, ProblemKind::NotToml(why))
        })?;
        let body_line = line_at(text, text.len() - body.len());
        Ok(Self { file, text, start, table: table.into_inner(), problems: Vec::new(), body, body_line })
    }

    /// Notes a problem at a line of the file.
    pub fn problem(&mut self, line: usize, kind: ProblemKind) {
        self.problems.push(Problem::at(self.file, line, kind));
    }

    /// Every problem so far, keys that nobody asked for included, in the order of the lines.
    pub fn finish(mut self) -> Vec<Problem> {
        for (key, _) in std::mem::take(&mut self.table) {
            let line = self.line(&key.span());
            self.problem(line, ProblemKind::UnknownKey(key.into_inner().into_owned()));
        }
        self.problems.sort_by_key(|problem| problem.line);
        self.problems
    }

    fn line(&self, span: &Range<usize>) -> usize {
        line_at(self.text, self.start + span.start)
    }

    fn take(&mut self, key: &str) -> Option<(usize, DeValue<'a>)> {
        let (_, value) = self.table.remove_entry(key)?;
        let line = self.line(&value.span());
        Some((line, value.into_inner()))
    }

    fn missing(&mut self, key: &'static str) {
        self.problem(1, ProblemKind::MissingKey(key));
    }

    fn wrong(&mut self, line: usize, key: &str, form: Form) {
        self.problem(line, ProblemKind::Wrong(key.to_owned(), form));
    }

    /// The line on which `key` stands; 1 if it does not, or has been read.
    pub fn line_of(&self, key: &str) -> usize {
        self.table.get(key).map_or(1, |value| self.line(&value.span()))
    }

    fn text_of(&mut self, line: usize, key: &str, value: &DeValue<'a>, form: Form) -> Option<String> {
        let text = value.as_str().map(str::trim).filter(|text| !text.is_empty());
        match text {
            Some(text) if text.chars().any(|c| c.is_control() && c != '\n') => {
                self.problem(line, ProblemKind::Control);
                None
            }
            Some(text) if form == Form::Text || !text.contains('\n') => Some(text.to_owned()),
            _ => {
                self.wrong(line, key, form);
                None
            }
        }
    }

    /// A text on one line that must be there.
    pub fn string(&mut self, key: &'static str) -> Option<String> {
        self.required_text(key, Form::Line)
    }

    /// A text of one or more lines that must be there.
    pub fn paragraph(&mut self, key: &'static str) -> Option<String> {
        self.required_text(key, Form::Text)
    }

    fn required_text(&mut self, key: &'static str, form: Form) -> Option<String> {
        let Some((line, value)) = self.take(key) else {
            self.missing(key);
            return None;
        };
        self.text_of(line, key, &value, form)
    }

    /// A text on one line that may be missing or empty.
    pub fn optional_string(&mut self, key: &str) -> Option<String> {
        let (line, value) = self.take(key)?;
        if value.as_str() == Some("") {
            return None;
        }
        self.text_of(line, key, &value, Form::Line)
    }

    /// A text of one or more lines that may be missing or empty.
    pub fn optional_paragraph(&mut self, key: &'static str) -> Option<String> {
        let (line, value) = self.take(key)?;
        if value.as_str().is_some_and(|text| text.trim().is_empty()) {
            return None;
        }
        self.text_of(line, key, &value, Form::Text)
    }

    /// A list of texts; empty if it is missing.
    pub fn strings(&mut self, key: &str, form: Form) -> Vec<String> {
        let Some((line, value)) = self.take(key) else { return Vec::new() };
        let Some(list) = value.as_array() else {
            self.wrong(line, key, form);
            return Vec::new();
        };
        if list.is_empty() && form == Form::SomeLines {
            self.wrong(line, key, form);
        }
        let mut texts = Vec::new();
        for item in list.iter() {
            let line = self.line(&item.span());
            match item.get_ref().as_str() {
                Some(_) => texts.extend(self.text_of(line, key, item.get_ref(), Form::Line)),
                None => self.wrong(line, key, form),
            }
        }
        texts
    }

    /// A list of texts that must be there, with something in it.
    pub fn some_strings(&mut self, key: &'static str) -> Vec<String> {
        if !self.table.contains_key(key) {
            self.missing(key);
        }
        self.strings(key, Form::SomeLines)
    }

    /// A whole number from 1 on that must be there.
    pub fn count(&mut self, key: &'static str) -> Option<u32> {
        let Some((line, value)) = self.take(key) else {
            self.missing(key);
            return None;
        };
        let number =
            value.as_integer().and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
        let number = number.filter(|number| *number >= 1);
        if number.is_none() {
            self.wrong(line, key, Form::Count);
        }
        number
    }

    /// `true` or `false`; `None` if it is missing.
    pub fn flag(&mut self, key: &str) -> Option<bool> {
        let (line, value) = self.take(key)?;
        if value.as_bool().is_none() {
            self.wrong(line, key, Form::Flag);
        }
        value.as_bool()
    }

    /// A date; `None` if it is missing or the empty text. Quotes around it are accepted.
    pub fn date(&mut self, key: &str) -> Option<Date> {
        let (line, value) = self.take(key)?;
        let date = match &value {
            DeValue::String(text) if text.trim().is_empty() => return None,
            DeValue::String(text) => text.trim().parse().ok(),
            DeValue::Datetime(moment) if moment.time.is_none() && moment.offset.is_none() => moment
                .date
                .and_then(|date| Some((i16::try_from(date.year).ok()?, i8_of(date.month)?, i8_of(date.day)?)))
                .and_then(|(year, month, day)| Date::new(year, month, day).ok()),
            _ => None,
        };
        if date.is_none() {
            self.wrong(line, key, Form::Date);
        }
        date
    }

    /// A date that must be there.
    pub fn required_date(&mut self, key: &'static str) -> Option<Date> {
        if !self.table.contains_key(key) {
            self.missing(key);
            return None;
        }
        let line = self.line_of(key);
        let before = self.problems.len();
        let date = self.date(key);
        if date.is_none() && self.problems.len() == before {
            self.wrong(line, key, Form::Date);
        }
        date
    }

    /// A table of two texts that must be there, such as `source`.
    pub fn pair(&mut self, key: &'static str, names: [&str; 2], form: Form) -> Option<(String, String)> {
        let Some((line, value)) = self.take(key) else {
            self.missing(key);
            return None;
        };
        self.pair_of(line, key, &value, names, form)
    }

    /// A list of tables of two texts, each with its line; empty if it is missing.
    pub fn pairs(&mut self, key: &str, names: [&str; 2], form: Form) -> Vec<(usize, String, String)> {
        let Some((line, value)) = self.take(key) else { return Vec::new() };
        let Some(list) = value.as_array() else {
            self.wrong(line, key, form);
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for item in list.iter() {
            let line = self.line(&item.span());
            if let Some((first, second)) = self.pair_of(line, key, item.get_ref(), names, form) {
                pairs.push((line, first, second));
            }
        }
        pairs
    }

    fn pair_of(
        &mut self,
        line: usize,
        key: &str,
        value: &DeValue<'a>,
        names: [&str; 2],
        form: Form,
    ) -> Option<(String, String)> {
        let Some(table) = value.as_table() else {
            self.wrong(line, key, form);
            return None;
        };
        for (name, _) in table.iter() {
            if !names.contains(&name.get_ref().as_ref()) {
                let line = self.line(&name.span());
                self.problem(line, ProblemKind::UnknownKey(format!("{key}.{}", name.get_ref())));
            }
        }
        let [first, second] = names.map(|name| table.get(name));
        match (first, second) {
            (Some(first), Some(second)) => {
                let first = self.item(first, &format!("{key}.{}", names[0]));
                let second = self.item(second, &format!("{key}.{}", names[1]));
                first.zip(second)
            }
            _ => {
                self.wrong(line, key, form);
                None
            }
        }
    }

    fn item(&mut self, value: &Spanned<DeValue<'a>>, key: &str) -> Option<String> {
        let line = self.line(&value.span());
        self.text_of(line, key, value.get_ref(), Form::Line)
    }
}

fn i8_of(number: u8) -> Option<i8> {
    i8::try_from(number).ok()
}

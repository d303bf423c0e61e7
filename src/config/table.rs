//! One TOML table being read: takes its keys one by one and keeps every problem.

use super::{Problem, ProblemKind, SecretFile, is_loopback};
use jiff::civil::{Date, Time};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::Value;

/// The sections of the file; what the environment names after `GREFFIER_` starts with one of them.
const SECTIONS: [&str; 16] = [
    "replies",
    "classify",
    "console",
    "chat",
    "desk",
    "sign_off",
    "transfer",
    "target",
    "report",
    "metrics",
    "mailbox",
    "outbox",
    "notice",
    "calendar",
    "organisations",
    "log",
];

/// The keys of the file's head, some of which begin like a section.
const HEAD: [&str; 3] = ["data_dir", "replies_dir", "language"];

pub(super) struct Reader {
    name: String,
    table: toml::Table,
    base: PathBuf,
    asked: Vec<&'static str>,
    problems: Vec<Problem>,
}

impl Reader {
    pub(super) fn new(table: toml::Table, base: &Path) -> Self {
        Self { name: String::new(), table, base: base.to_owned(), asked: Vec::new(), problems: Vec::new() }
    }

    /// Lays `GREFFIER_MAILBOX_HOST=…` over `[mailbox] host`.
    pub(super) fn apply(&mut self, overrides: &[(String, String)]) {
        for (name, value) in overrides {
            let name = name.trim_start_matches("GREFFIER_").to_lowercase();
            let value = as_value(value);
            let section = SECTIONS.iter().filter(|_| !HEAD.contains(&name.as_str())).find_map(|section| {
                name.strip_prefix(section)
                    .and_then(|rest| rest.strip_prefix('_'))
                    .map(|key| (*section, key.to_owned()))
            });
            match section {
                None => {
                    self.table.insert(name, value);
                }
                Some((section, key)) => {
                    let table = self.table.entry(section).or_insert_with(|| Value::Table(toml::Table::new()));
                    if let Value::Table(table) = table {
                        table.insert(key, value);
                    }
                }
            }
        }
    }

    pub(super) fn problem(&mut self, key: &str, kind: ProblemKind) {
        self.problems.push(Problem { key: self.full(key), kind });
    }

    /// Whether nothing stands in it.
    pub(super) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    pub(super) fn require(&mut self, key: &'static str) {
        if !self.problems.iter().any(|problem| problem.key == self.full(key)) {
            self.problem(key, ProblemKind::Missing);
        }
    }

    pub(super) fn section(&mut self, name: &'static str) -> Self {
        let table = match self.take(name) {
            None => toml::Table::new(),
            Some(Value::Table(table)) => table,
            Some(_) => {
                self.problem(name, ProblemKind::Wrong("table"));
                toml::Table::new()
            }
        };
        Self { name: self.full(name), ..Self::new(table, &self.base) }
    }

    /// Takes a section's problems over, the keys that nobody asked for among them.
    pub(super) fn finish(&mut self, section: Self) {
        self.problems.extend(section.problems());
    }

    pub(super) fn problems(mut self) -> Vec<Problem> {
        let left: Vec<String> = self.table.keys().cloned().collect();
        for key in left {
            let near = nearest(&key, &self.asked).map(|near| self.full(near));
            self.problem(&key, ProblemKind::Unknown(near));
        }
        self.problems
    }

    pub(super) fn string(&mut self, key: &'static str) -> Option<String> {
        match self.take(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text),
            Value::String(_) => None,
            _ => self.wrong(key, "string"),
        }
    }

    pub(super) fn strings(&mut self, key: &'static str) -> Option<Vec<String>> {
        let Value::Array(items) = self.take(key)? else { return self.wrong(key, "strings") };
        let strings: Option<Vec<String>> =
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
        if strings.is_none() {
            return self.wrong(key, "strings");
        }
        strings
    }

    pub(super) fn boolean(&mut self, key: &'static str) -> Option<bool> {
        match self.take(key)? {
            Value::Boolean(value) => Some(value),
            _ => self.wrong(key, "boolean"),
        }
    }

    pub(super) fn number(&mut self, key: &'static str, least: u64, most: u64) -> Option<u64> {
        match self.take(key)? {
            Value::Integer(value) => match u64::try_from(value) {
                Ok(value) if (least..=most).contains(&value) => Some(value),
                _ => self.wrong(key, "range"),
            },
            _ => self.wrong(key, "number"),
        }
    }

    /// A share, from 0 to 1.
    pub(super) fn share(&mut self, key: &'static str) -> Option<f64> {
        let share = match self.take(key)? {
            Value::Float(value) => Some(value),
            Value::Integer(0) => Some(0.0),
            Value::Integer(1) => Some(1.0),
            _ => None,
        };
        share.filter(|share| (0.0..=1.0).contains(share)).or_else(|| self.wrong(key, "share"))
    }

    /// Every key that is left, each with a number from `least` to `most`.
    pub(super) fn numbers(&mut self, least: u64, most: u64) -> BTreeMap<String, u16> {
        let mut numbers = BTreeMap::new();
        for (key, value) in std::mem::take(&mut self.table) {
            let number = value.as_integer().and_then(|value| u16::try_from(value).ok());
            match number.filter(|number| (least..=most).contains(&u64::from(*number))) {
                Some(number) => drop(numbers.insert(key, number)),
                None => self.problem(&key, ProblemKind::Wrong("range")),
            }
        }
        numbers
    }

    pub(super) fn one_of<T: Copy>(
        &mut self,
        key: &'static str,
        values: &'static [(&'static str, T)],
    ) -> Option<T> {
        let given = self.string(key)?;
        let found = values.iter().find(|(name, _)| *name == given).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<String> = values.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            self.problem(key, ProblemKind::OneOf(names.join(", ")));
        }
        found
    }

    pub(super) fn path(&mut self, key: &'static str) -> Option<PathBuf> {
        self.string(key).map(|path| self.base.join(path))
    }

    pub(super) fn required_path(&mut self, key: &'static str) -> Option<PathBuf> {
        let path = self.path(key);
        if path.is_none() {
            self.require(key);
        }
        path
    }

    /// A file, or `credential:NAME` for a file that systemd hands over.
    pub(super) fn secret(&mut self, key: &'static str) -> Option<SecretFile> {
        let given = self.string(key)?;
        Some(SecretFile(match given.strip_prefix("credential:") {
            Some(name) => credentials().join(name),
            None => self.base.join(given),
        }))
    }

    pub(super) fn address(&mut self, key: &'static str) -> Option<String> {
        let Some(given) = self.string(key) else {
            self.require(key);
            return None;
        };
        if is_address(&given) { Some(given) } else { self.wrong(key, "address") }
    }

    /// Every key that is left, each with an address.
    pub(super) fn addresses(&mut self) -> BTreeMap<String, String> {
        let mut addresses = BTreeMap::new();
        for (key, value) in std::mem::take(&mut self.table) {
            match value.as_str().filter(|text| is_address(text)) {
                Some(address) => drop(addresses.insert(key, address.to_owned())),
                None => self.problem(&key, ProblemKind::Wrong("address")),
            }
        }
        addresses
    }

    /// Every key that is left, each with a text.
    pub(super) fn texts(&mut self) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for (key, value) in std::mem::take(&mut self.table) {
            match value.as_str().map(str::trim).filter(|text| !text.is_empty()) {
                Some(text) => drop(texts.insert(key, text.to_owned())),
                None => self.problem(&key, ProblemKind::Wrong("string")),
            }
        }
        texts
    }

    /// Every key that is left, each with a date.
    pub(super) fn dates(&mut self) -> BTreeMap<String, Date> {
        let mut dates = BTreeMap::new();
        for (key, value) in std::mem::take(&mut self.table) {
            let text = value.as_str().map(str::to_owned).or_else(|| Some(value.as_datetime()?.to_string()));
            match text.and_then(|text| text.parse().ok()) {
                Some(date) => drop(dates.insert(key, date)),
                None => self.problem(&key, ProblemKind::Wrong("date")),
            }
        }
        dates
    }

    /// An address of HTTPS; of HTTP on this machine only.
    pub(super) fn url(&mut self, key: &'static str) -> Option<String> {
        let given = self.string(key)?;
        let plain = given.strip_prefix("http://");
        let Some(rest) = plain.or_else(|| given.strip_prefix("https://")).filter(|rest| !rest.is_empty())
        else {
            return self.wrong(key, "url");
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        };
        if plain.is_some() && !is_loopback(host.trim_matches(['[', ']'])) {
            return self.wrong(key, "url");
        }
        Some(given)
    }

    pub(super) fn required_url(&mut self, key: &'static str) -> Option<String> {
        let url = self.url(key);
        if url.is_none() {
            self.require(key);
        }
        url
    }

    pub(super) fn date_or_string(&mut self, key: &'static str) -> Option<String> {
        match self.take(key)? {
            Value::String(text) => Some(text),
            Value::Datetime(date) => Some(date.to_string()),
            _ => self.wrong(key, "date"),
        }
    }

    /// A time of day.
    pub(super) fn time(&mut self, key: &'static str) -> Option<Time> {
        let given = self.string(key)?;
        // A time alone: one with an offset would be taken, and the offset forgotten.
        let is_alone = given.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
        given.parse().ok().filter(|_| is_alone).or_else(|| self.wrong(key, "time"))
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.asked.push(key);
        self.table.remove(key)
    }

    fn wrong<T>(&mut self, key: &str, form: &'static str) -> Option<T> {
        self.problem(key, ProblemKind::Wrong(form));
        None
    }

    fn full(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }
}

/// Whether a text can be an address of mail: one `@`, and nothing that would end it.
fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ','))
}

/// Where systemd hands over secrets; outside the service, where they lie for it while it runs, so
/// that the other commands can read the config, and whoever needs a secret learns which file is missing.
fn credentials() -> PathBuf {
    std::env::var_os("CREDENTIALS_DIRECTORY")
        .map_or_else(|| Path::new("/run/credentials/greffier.service").to_owned(), PathBuf::from)
}

/// An override is TOML where it can be read as such (`true`, `60`, `["a"]`), else text.
fn as_value(text: &str) -> Value {
    format!("v = {text}")
        .parse::<toml::Table>()
        .ok()
        .and_then(|mut table| table.remove("v"))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

/// The known key that shares most with `key`, if it is near enough to be a slip.
fn nearest<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    let best = known.iter().map(|known| (distance(key, known), *known)).min()?;
    (best.0 <= 2.max(key.len() / 4)).then_some(best.1)
}

/// Levenshtein distance, in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut previous = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let next = (previous + usize::from(x != *y)).min(left + 1).min(*cell + 1);
            previous = std::mem::replace(cell, next);
            left = next;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

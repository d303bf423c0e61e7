//! Everything people read, in French first and in English on request.
//!
//! The texts are Project Fluent files in `locales/`, compiled into the binary, one
//! file a subject and the same keys in both languages (a test compares them).
//! Logs and JSON never pass through here.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

/// A language that greffier speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// French, as written in Québec.
    #[default]
    Fr,
    /// English.
    En,
}

impl Language {
    /// Both languages, French first.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// The ISO 639-1 code: `fr` or `en`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|language| language.code() == code).ok_or(())
    }
}

macro_rules! locale_files {
    ($($name:literal),* $(,)?) => {
        const FILES: &[(Language, &str, &str)] = &[
            $((Language::Fr, $name, include_str!(concat!("../locales/fr/", $name, ".ftl"))),)*
            $((Language::En, $name, include_str!(concat!("../locales/en/", $name, ".ftl"))),)*
        ];
    };
}

locale_files!(
    "chat", "cli", "config", "console", "desk", "entries", "mail", "notice", "outbox", "people", "replies",
    "report", "search", "store", "tables"
);

/// The name that a value has in JSON, and in keys: `to-review`, `inside`; empty for what is no name.
#[must_use]
pub fn key(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The texts of one language. Cheap to clone.
#[derive(Clone)]
pub struct Wording {
    language: Language,
    bundle: Arc<FluentBundle<FluentResource>>,
}

impl fmt::Debug for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wording({})", self.language)
    }
}

impl Wording {
    /// The texts of `language`, read once for the whole program.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        static FRENCH: LazyLock<Wording> = LazyLock::new(|| Wording::new(Language::Fr));
        static ENGLISH: LazyLock<Wording> = LazyLock::new(|| Wording::new(Language::En));
        match language {
            Language::Fr => &FRENCH,
            Language::En => &ENGLISH,
        }
    }

    /// The texts of `language`.
    #[must_use]
    pub fn new(language: Language) -> Self {
        let locale = match language {
            Language::Fr => unic_langid::langid_fr_ca(),
            Language::En => unic_langid::langid_en_ca(),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // Isolation marks around arguments would be pasted into terminals and mail.
        bundle.set_use_isolating(false);
        for (_, _, source) in FILES.iter().filter(|(of, _, _)| *of == language) {
            // A syntax error leaves the good messages in place; the test below refuses the file.
            let resource = match FluentResource::try_new((*source).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Self { language, bundle: Arc::new(bundle) }
    }

    /// The language of these texts.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text under `key`. A key that does not exist is shown as itself.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// The text under `key` with its variables filled; `$count` is a number, with its plural.
    #[must_use]
    pub fn with(&self, key: &str, values: &[(&str, &dyn fmt::Display)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            let value = value.to_string();
            let value =
                if *name == "count" { FluentValue::try_number(&value).into_owned() } else { value.into() };
            args.set((*name).to_owned(), value);
        }
        self.format(key, Some(&args))
    }

    /// A moment to the minute, as written in Québec: `25 mars 2025 à 10 h 06`.
    #[must_use]
    pub fn moment(&self, at: &jiff::ZonedDateTime) -> String {
        let values: [(&str, &dyn fmt::Display); 5] = [
            ("day", &at.day()),
            ("month", &self.text(&format!("month-{}", at.month()))),
            ("year", &at.year()),
            ("hour", &at.hour()),
            ("minute", &format!("{:02}", at.minute())),
        ];
        self.with("moment", &values)
    }

    /// Hours and minutes: `6 h 11 min`.
    #[must_use]
    pub fn duration(&self, time: Duration) -> String {
        let minutes = time.as_secs() / 60;
        let (hours, minutes) = (minutes / 60, minutes % 60);
        let key = if hours > 0 { "duration-hours" } else { "duration-minutes" };
        self.with(key, &[("hours", &hours), ("minutes", &minutes)])
    }

    /// A share from 0 to 1, in whole percent: `85 %`.
    #[must_use]
    pub fn percent(&self, share: f64) -> String {
        self.with("percent", &[("percent", &format!("{:.0}", share * 100.0))])
    }

    /// Whether `key` exists.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.bundle.get_message(key).is_some_and(|message| message.value().is_some())
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }
}

mod unic_langid {
    //! The two locales, whose plural rules Fluent needs.
    use ::unic_langid::{LanguageIdentifier, subtags};

    fn locale(language: &str) -> LanguageIdentifier {
        let language = subtags::Language::from_bytes(language.as_bytes()).unwrap_or_default();
        let region = subtags::Region::from_bytes(b"CA").ok();
        LanguageIdentifier::from_parts(language, None, region, &[])
    }

    pub fn langid_fr_ca() -> LanguageIdentifier {
        locale("fr")
    }

    pub fn langid_en_ca() -> LanguageIdentifier {
        locale("en")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluent_bundle::FluentResource;
    use std::collections::BTreeSet;

    fn keys(language: Language) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for (of, name, source) in FILES {
            if *of != language {
                continue;
            }
            if let Err((_, errors)) = FluentResource::try_new((*source).to_owned()) {
                panic!("locales/{language}/{name}.ftl: {errors:?}");
            }
            for line in source.lines() {
                if let Some((key, _)) = line.split_once('=')
                    && !line.starts_with([' ', '#', '\t', '}'])
                {
                    assert!(keys.insert(key.trim().to_owned()), "{key} stands twice ({language}, {name})");
                }
            }
        }
        keys
    }

    /// All of `src/`, in one text.
    fn code() -> String {
        let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut code = String::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "html") {
                    code.push_str(&std::fs::read_to_string(path).unwrap());
                }
            }
        }
        code
    }

    #[test]
    fn every_text_is_read_somewhere() {
        let code = code();
        // `format!("month-{}", …)`: the keys that begin so are read. Help texts are named after the grammar.
        let made = regex::Regex::new(r#""([a-z][a-z-]*-)\{"#).unwrap();
        let mut beginnings: BTreeSet<&str> =
            made.captures_iter(&code).map(|c| c.get(1).unwrap().as_str()).collect();
        beginnings.insert("cli-");
        for key in keys(Language::Fr) {
            let read = code.contains(&format!("\"{key}\"")) || beginnings.iter().any(|b| key.starts_with(b));
            assert!(read, "nobody reads {key}");
        }
    }

    #[test]
    fn french_has_its_spaces() {
        // No-break spaces before a colon and within guillemets; OQLF.
        let torn = regex::Regex::new(r"[^\s=] :(\s|$)|« | »").unwrap();
        for (_, name, source) in FILES.iter().filter(|(language, ..)| *language == Language::Fr) {
            for line in source.lines().filter(|line| !line.starts_with('#')) {
                assert!(!torn.is_match(line), "locales/fr/{name}.ftl: {line}");
            }
        }
    }

    #[test]
    fn plurals_follow_the_language() {
        let rebuilt =
            |language, count: usize| Wording::new(language).with("store-rebuilt", &[("count", &count)]);
        assert!(rebuilt(Language::Fr, 0).starts_with("0 fil reconstruit "));
        assert!(rebuilt(Language::Fr, 2).starts_with("2 fils reconstruits "));
        assert!(rebuilt(Language::En, 0).starts_with("0 threads "));
        assert!(rebuilt(Language::En, 1).starts_with("1 thread "));
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        let (french, english) = (keys(Language::Fr), keys(Language::En));
        assert_eq!(french.symmetric_difference(&english).collect::<Vec<_>>(), Vec::<&String>::new());
    }
}

//! The library of approved texts: parsed, checked, versioned, rendered.
//!
//! Pure: `library.rs` reads and watches the folder and hands its files to
//! [`Replies::parse`]; the classifier takes the wordings from here, the draft the
//! texts. A [`Replies`] never changes and never holds a broken file: either every
//! file is sound, or the parse gives every [`Problem`] with file and line.
//!
//! ```text
//! <lang>/<slug>.md             an entry: TOML between +++ lines, then Markdown
//! <lang>/<slug>.<variant>.md   another approved wording of the same entry
//! <lang>/_letter.md            salutation, courtesies, headings, signature
//! examples/<lang>/<label>.txt  more wordings, one a paragraph, # for comments
//! lexicon.toml                 words that mean the same
//! floors.toml                  how far the classifier can be believed, as measured
//! floors-encoder.toml          the same, with the sentence encoder beside the words
//! attachments/<name>           files that entries name
//! ```

mod body;
mod canonical;
mod entry;
mod examples;
mod floors;
mod front;
mod letter_texts;
mod lexicon;
mod problem;
mod proposal;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod tests;

pub(crate) use body::plain;
pub use body::{Field, Rendered, Values, date_in_words};
pub use entry::{Approval, BadName, Entry, EntryId, Slug, Source};
pub use examples::Example;
pub use floors::Floors;
pub use letter_texts::LetterTexts;
pub use lexicon::{FlagName, FlagRule, Lexicon, Term};
pub use problem::{Form, Problem, ProblemKind};
pub use proposal::Proposal;

use crate::wording::Language;
use canonical::Canonical;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The label of examples that ask something no entry answers.
pub const OFF_FAQ: &str = "hors-faq";
/// The label of examples that ask about another matter than the library's altogether.
pub const ELSEWHERE: &str = "hors-sujet";
/// The label of examples that ask nothing.
pub const NO_QUESTION: &str = "sans-question";
/// The longest file that is read. Bytes.
pub const LONGEST_FILE: usize = 262_144;

/// All approved texts of one moment, in a fixed order.
#[derive(Debug, Clone)]
pub struct Replies {
    entries: BTreeMap<EntryId, Entry>,
    /// The entry that answers, for each slug in each language that has it.
    defaults: BTreeMap<(Language, Slug), EntryId>,
    french: LetterTexts,
    english: LetterTexts,
    examples: BTreeMap<(Language, String), Vec<Example>>,
    lexicon: Lexicon,
    floors: Floors,
    /// With the encoder; `None`: not measured.
    encoder_floors: Option<Floors>,
    attachments: BTreeMap<String, Vec<u8>>,
    digest: String,
}

/// What a path of the folder holds.
enum Place {
    Entry(EntryId),
    Letter(Language),
    Examples(Language, String),
    Lexicon,
    Floors,
    EncoderFloors,
}

impl Replies {
    /// Reads the files of the folder, whose paths are relative to it. Their order does not count.
    ///
    /// Names in `attachments` are taken as they are; [`Replies::attach`] brings the files.
    ///
    /// # Errors
    /// Every problem of every file, in the order of the paths and lines.
    pub fn parse(files: impl IntoIterator<Item = (PathBuf, String)>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut texts = BTreeMap::new();
        for (path, text) in files {
            if let Some(earlier) = texts.insert(path.clone(), text) {
                problems.push(Problem::of(&path, ProblemKind::Twice));
                texts.insert(path, earlier);
            }
        }
        let mut entries = BTreeMap::new();
        // Broken files count here: their slug is not unknown, their variant not missing.
        let mut present: BTreeSet<EntryId> = BTreeSet::new();
        let mut letters = BTreeMap::new();
        let mut letters_present = BTreeSet::new();
        let mut examples: BTreeMap<(Language, String), Vec<Example>> = BTreeMap::new();
        let (mut lexicon, mut floors, mut encoder_floors) = (Lexicon::default(), Floors::default(), None);
        let mut example_files = Vec::new();
        for (path, text) in &texts {
            let place = match place(path) {
                Ok(place) => place,
                Err(kind) => {
                    problems.push(Problem::of(path, kind));
                    continue;
                }
            };
            match &place {
                Place::Entry(id) => drop(present.insert(id.clone())),
                Place::Letter(language) => drop(letters_present.insert(*language)),
                Place::Examples(..) | Place::Lexicon | Place::Floors | Place::EncoderFloors => {}
            }
            let text = match sound(path, text) {
                Ok(text) => text,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            };
            match place {
                Place::Entry(id) => match Entry::parse(id.clone(), path, &text) {
                    Ok(entry) => drop(entries.insert(id, entry)),
                    Err(found) => problems.extend(found),
                },
                Place::Letter(language) => match LetterTexts::parse(language, path, &text) {
                    Ok(letter) => drop(letters.insert(language, letter)),
                    Err(found) => problems.extend(found),
                },
                Place::Examples(language, label) => {
                    example_files.push((path, label.clone()));
                    examples.insert((language, label), examples::parse(&text));
                }
                Place::Lexicon => {
                    lexicon = table(path, &text).unwrap_or_else(|problem| {
                        problems.push(problem);
                        Lexicon::default()
                    })
                }
                Place::Floors => {
                    floors = table(path, &text).unwrap_or_else(|problem| {
                        problems.push(problem);
                        Floors::default()
                    })
                }
                Place::EncoderFloors => match table(path, &text) {
                    Ok(found) => encoder_floors = Some(found),
                    Err(problem) => problems.push(problem),
                },
            }
        }
        for (path, label) in example_files {
            let known = [OFF_FAQ, ELSEWHERE, NO_QUESTION].contains(&label.as_str())
                || present.iter().any(|id| id.slug.as_str() == label);
            if !known {
                problems.push(Problem::of(path, ProblemKind::UnknownLabel(label)));
            }
        }
        let defaults = settle_defaults(&entries, &present, &mut problems);
        for language in Language::ALL {
            if !letters_present.contains(&language) && present.iter().any(|id| id.language == language) {
                let file = PathBuf::from(language.code()).join("_letter.md");
                problems.push(Problem::of(&file, ProblemKind::NoLetter(language)));
            }
        }
        if present.is_empty() {
            problems.push(Problem::of(Path::new(""), ProblemKind::NoEntries));
        }
        problems.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        let letter = |language| letters.get(&language).or_else(|| letters.values().next()).cloned();
        match (letter(Language::Fr), letter(Language::En)) {
            (Some(french), Some(english)) if problems.is_empty() => {
                let mut replies = Self {
                    entries,
                    defaults,
                    french,
                    english,
                    examples,
                    lexicon,
                    floors,
                    encoder_floors,
                    attachments: BTreeMap::new(),
                    digest: String::new(),
                };
                replies.gather_examples();
                replies.digest = replies.compute_digest();
                Ok(replies)
            }
            _ => Err(problems),
        }
    }

    /// Adds the files of `attachments/`, by name: those that entries name, and those that a reviewer may choose.
    ///
    /// # Errors
    /// A problem for every name that has no file.
    pub fn attach(mut self, files: BTreeMap<String, Vec<u8>>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        for entry in self.entries.values() {
            for name in &entry.attachments {
                if !files.contains_key(name) {
                    let file = entry.id.file();
                    problems.push(Problem::of(&file, ProblemKind::NoAttachment(name.clone())));
                }
            }
        }
        if problems.is_empty() {
            self.attachments = files;
            self.digest = self.compute_digest();
            Ok(self)
        } else {
            Err(problems)
        }
    }

    /// The slugs of all entries, whatever their language, in order.
    pub fn slugs(&self) -> impl Iterator<Item = &Slug> {
        self.defaults.keys().map(|(_, slug)| slug).collect::<BTreeSet<_>>().into_iter()
    }

    /// All entries, in the order of their ids.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The title of an entry, in the first language that has one; the slug, of an entry that is gone.
    #[must_use]
    pub fn title(&self, slug: &str) -> String {
        let entry = self.entries().find(|entry| entry.id.slug.as_str() == slug);
        entry.map_or_else(|| slug.to_owned(), |entry| entry.title.clone())
    }

    /// The default variant; where `language` has none, the other language's.
    #[must_use]
    pub fn entry(&self, language: Language, slug: &Slug) -> Option<&Entry> {
        let languages = std::iter::once(language).chain(Language::ALL);
        let id = languages.into_iter().find_map(|language| self.defaults.get(&(language, slug.clone())))?;
        self.entries.get(id)
    }

    /// All variants, the default first, in the language in which [`Replies::entry`] finds it.
    pub fn variants<'a>(&'a self, language: Language, slug: &Slug) -> impl Iterator<Item = &'a Entry> {
        let default = self.entry(language, slug);
        let others = self.entries.values().filter(move |entry| {
            default.is_some_and(|default| {
                entry.id.language == default.id.language
                    && entry.id.slug == default.id.slug
                    && entry.id != default.id
            })
        });
        default.into_iter().chain(others)
    }

    /// Exactly this text.
    #[must_use]
    pub fn by_id(&self, id: &EntryId) -> Option<&Entry> {
        self.entries.get(id)
    }

    /// The frame of a letter; where `language` has none, the other language's.
    #[must_use]
    pub fn letter(&self, language: Language) -> &LetterTexts {
        match language {
            Language::Fr => &self.french,
            Language::En => &self.english,
        }
    }

    /// The wordings under a slug (front matter of every variant, then the file of examples)
    /// or under [`OFF_FAQ`] or [`NO_QUESTION`]; each once, in a fixed order.
    #[must_use]
    pub fn examples(&self, language: Language, label: &str) -> &[Example] {
        self.examples.get(&(language, label.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// All wordings, of every label and language.
    pub fn wordings(&self) -> impl Iterator<Item = &Example> {
        self.examples.values().flatten()
    }

    /// Words that mean the same.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// How far the classifier can be believed.
    #[must_use]
    pub fn floors(&self) -> &Floors {
        &self.floors
    }

    /// The same, with the sentence encoder beside the words: the scores of the one say nothing
    /// about those of the other. `None`: that was not measured, so nothing is sure.
    #[must_use]
    pub fn encoder_floors(&self) -> Option<&Floors> {
        self.encoder_floors.as_ref()
    }

    /// The names of the files that may go with a letter.
    pub fn attachments(&self) -> impl Iterator<Item = &str> {
        self.attachments.keys().map(String::as_str)
    }

    /// The bytes of a file of `attachments/`.
    #[must_use]
    pub fn attachment(&self, name: &str) -> Option<&[u8]> {
        self.attachments.get(name).map(Vec::as_slice)
    }

    /// SHA-256, in hex, of all that can change an answer: entries, examples, keywords,
    /// letter texts, attachments. Same digest, same mail: same answer.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    fn gather_examples(&mut self) {
        let mut gathered: BTreeMap<(Language, String), Vec<Example>> = BTreeMap::new();
        let own = self.entries.values().map(|entry| {
            (
                (entry.id.language, entry.id.slug.to_string()),
                entry.examples.iter().map(Example::alone).collect(),
            )
        });
        for (label, wordings) in own.chain(std::mem::take(&mut self.examples)) {
            let list = gathered.entry(label).or_default();
            for wording in wordings {
                if !list.iter().any(|known: &Example| known.text == wording.text) {
                    list.push(wording);
                }
            }
        }
        self.examples = gathered;
    }

    fn compute_digest(&self) -> String {
        let mut digest = Canonical::new("greffier replies 1");
        for entry in self.entries.values() {
            digest = digest.with(entry.digest()).list(entry.examples.iter()).list(entry.keywords.iter());
        }
        for id in self.defaults.values() {
            digest.add(id.to_string());
        }
        digest = digest.with(self.french.digest()).with(self.english.digest());
        for ((language, label), wordings) in &self.examples {
            digest = digest.with(language.code()).with(label);
            digest = digest.list(wordings.iter().map(|wording| &wording.text));
        }
        for term in &self.lexicon.terms {
            digest = digest.with(&term.meaning).list(term.words.iter());
        }
        for flag in &self.lexicon.flags {
            digest = digest.with(flag.name.key()).list(flag.words.iter());
        }
        digest.add(format!("{:?}", self.floors));
        if let Some(floors) = &self.encoder_floors {
            digest.add(format!("{floors:?}"));
        }
        for (name, bytes) in &self.attachments {
            digest = digest.with(name).with(bytes);
        }
        digest.hex()
    }
}

/// The file of an entry, relative to the folder.
fn place(path: &Path) -> Result<Place, ProblemKind> {
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    let parts = parts.ok_or(ProblemKind::Misplaced)?;
    match parts.as_slice() {
        [language, name] => {
            let language = language.parse().map_err(|()| ProblemKind::Misplaced)?;
            let stem = name.strip_suffix(".md").ok_or(ProblemKind::Misplaced)?;
            if stem == "_letter" {
                return Ok(Place::Letter(language));
            }
            let (slug, variant) = match stem.split_once('.') {
                Some((slug, variant)) => (slug, Some(variant)),
                None => (stem, None),
            };
            if [OFF_FAQ, ELSEWHERE, NO_QUESTION].contains(&slug) {
                return Err(ProblemKind::Reserved(slug.to_owned()));
            }
            let slug: Slug = slug.parse().map_err(|_| ProblemKind::BadName(slug.to_owned()))?;
            let variant = match variant {
                Some(variant) => {
                    let sound: Slug =
                        variant.parse().map_err(|_| ProblemKind::BadName(variant.to_owned()))?;
                    Some(String::from(sound))
                }
                None => None,
            };
            Ok(Place::Entry(EntryId { language, slug, variant }))
        }
        ["lexicon.toml"] => Ok(Place::Lexicon),
        ["floors.toml"] => Ok(Place::Floors),
        ["floors-encoder.toml"] => Ok(Place::EncoderFloors),
        ["examples", language, name] => {
            let language = language.parse().map_err(|()| ProblemKind::Misplaced)?;
            let label = name.strip_suffix(".txt").ok_or(ProblemKind::Misplaced)?;
            Ok(Place::Examples(language, label.to_owned()))
        }
        _ => Err(ProblemKind::Misplaced),
    }
}

/// A file that is TOML as a whole.
fn table<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> Result<T, Problem> {
    toml::from_str(text).map_err(|error| {
        let kind = ProblemKind::NotToml(error.message().to_owned());
        match error.span() {
            Some(span) => Problem::at(path, front::line_at(text, span.start), kind),
            None => Problem::of(path, kind),
        }
    })
}

/// The text with LF line ends and without a byte-order mark, or why it is not usable.
fn sound(path: &Path, text: &str) -> Result<String, Problem> {
    if text.len() > LONGEST_FILE {
        return Err(Problem::of(path, ProblemKind::TooLong(LONGEST_FILE)));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    match text.find(|c: char| c.is_control() && c != '\n' && c != '\t') {
        Some(offset) => Err(Problem::at(path, front::line_at(&text, offset), ProblemKind::Control)),
        None => Ok(text),
    }
}

/// Chooses the default variant of every entry: the one that says so, else the file without
/// a variant.
fn settle_defaults(
    entries: &BTreeMap<EntryId, Entry>,
    present: &BTreeSet<EntryId>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<(Language, Slug), EntryId> {
    let mut families: BTreeMap<(Language, Slug), Vec<&EntryId>> = BTreeMap::new();
    for id in present {
        families.entry((id.language, id.slug.clone())).or_default().push(id);
    }
    let mut defaults = BTreeMap::new();
    for (family, ids) in families {
        let claim = |id: &&EntryId| entries.get(*id).and_then(|entry| entry.default);
        let mut claimants = ids.iter().copied().filter(|id| claim(id) == Some(true));
        let first = claimants.next();
        for second in claimants {
            problems.push(Problem::of(&second.file(), ProblemKind::SecondDefault(family.1.to_string())));
        }
        let plain = ids.iter().copied().find(|id| id.variant.is_none() && claim(id) != Some(false));
        match first.or(plain) {
            Some(id) => drop(defaults.insert(family, id.clone())),
            // A broken file may hold the missing claim; it has its own problem already.
            None if ids.iter().any(|id| !entries.contains_key(*id)) => {}
            None => {
                if let Some(id) = ids.first() {
                    problems.push(Problem::of(&id.file(), ProblemKind::NoDefault(family.1.to_string())));
                }
            }
        }
    }
    defaults
}

//! Whether a mail is about the library's matter at all: « until when » is asked of anything.
//!
//! The lexicon names the matter (`matter = true`). A mail that uses none of these words may be about
//! something else, however much its form of asking is an entry's. It is believed only as far as it is
//! told in the words of wordings that do not name the matter either (« À qui m'adresser pour mes
//! questions ? »); else a person looks.

use super::Lesson;
use super::meanings::Meanings;
use super::space::Space;
use super::words::{ByFeature, Word, words};
use crate::replies::Lexicon;
use crate::wording::Language;

/// A shorter word is an abbreviation, a number, a list's letter.
const SHORTEST: usize = 4;

/// With a smaller share of such words among those that carry content, a mail is told in our words.
const MANY: f64 = 0.1;

/// The words that name the matter of a library, and those in which its wordings ask without naming it.
pub(super) struct Matter {
    names: Meanings,
    /// The stems of the wordings of entries that do not name it.
    familiar: ByFeature<()>,
}

impl Matter {
    pub fn of(lexicon: &Lexicon, lessons: &[Lesson], space: &Space) -> Self {
        let terms = lexicon.terms.iter().filter(|term| term.matter);
        let phrases = terms.flat_map(|term| term.words.iter().chain([&term.meaning]));
        let mut matter = Self {
            names: Meanings::new(phrases.map(|phrase| (0, phrase.as_str()))),
            familiar: ByFeature::default(),
        };
        for lesson in
            lessons.iter().filter(|lesson| lesson.label.entry().is_some() && !matter.names.is_empty())
        {
            let words = words(&lesson.text);
            if !matter.is_named(&words) {
                matter.familiar.extend(words.iter().map(|word| (space.stem(word, lesson.language), ())));
            }
        }
        matter
    }

    fn is_named(&self, words: &[Word]) -> bool {
        self.names.in_order(words).iter().any(|found| !found.is_empty())
    }

    /// The words of a mail in which no wording asks without naming the matter, in their order, each
    /// once; none where the mail names it, where they are few, or where the lexicon does not say what
    /// the matter is.
    pub fn unfamiliar(
        &self,
        space: &Space,
        all: &[&[Word]],
        own: &[&[Word]],
        language: Language,
    ) -> Vec<String> {
        if self.names.is_empty() || all.iter().any(|words| self.is_named(words)) {
            return Vec::new();
        }
        let mut unfamiliar: Vec<String> = Vec::new();
        let mut content: u32 = 0;
        for word in own.iter().copied().flatten().filter(|word| space.counts(word)) {
            content += 1;
            let tells = word.plain.chars().count() >= SHORTEST && word.plain.chars().all(char::is_alphabetic);
            let known = || self.familiar.contains_key(&space.stem(word, language));
            if tells && !unfamiliar.contains(&word.shown) && !known() {
                unfamiliar.push(word.shown.clone());
            }
        }
        let few = f64::from(u32::try_from(unfamiliar.len()).unwrap_or(u32::MAX)) < MANY * f64::from(content);
        if few { Vec::new() } else { unfamiliar }
    }
}

//! Mail that asks for a decision instead of an answer: never *sure*, always said why.
//!
//! Which phrases tell it stands in the library's lexicon, where staff can mend it.

use super::meanings::Meanings;
use super::words::Word;
use crate::replies::{FlagName, Lexicon};
use serde::{Deserialize, Serialize};

/// A flag, with the phrase that raised it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// What is asked for.
    pub name: FlagName,
    /// The phrase of the lexicon that stands in the mail.
    pub phrase: String,
}

/// Finds the flags of a lexicon.
pub(super) struct Flags {
    phrases: Vec<Flag>,
    found: Meanings,
}

impl Flags {
    pub fn of(lexicon: &Lexicon) -> Self {
        let phrases: Vec<Flag> = lexicon
            .flags
            .iter()
            .flat_map(|rule| rule.words.iter().map(|phrase| Flag { name: rule.name, phrase: phrase.clone() }))
            .collect();
        let numbered = (0_u32..).zip(phrases.iter().map(|flag| flag.phrase.as_str()));
        let found = Meanings::new(numbered);
        Self { phrases, found }
    }

    /// The flags that the words raise, each name once, in the order of the text.
    pub fn raised<'a>(&self, texts: impl Iterator<Item = &'a [Word]>) -> Vec<Flag> {
        let mut raised: Vec<Flag> = Vec::new();
        for words in texts {
            for number in self.found.in_order(words).into_iter().flatten() {
                if let Some(flag) = self.phrases.get(number as usize)
                    && !raised.iter().any(|known| known.name == flag.name)
                {
                    raised.push(flag.clone());
                }
            }
        }
        raised
    }
}

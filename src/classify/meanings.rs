//! The lexicon, laid out to be found in a text: which words and phrases mean what.

use super::words::{Word, words};
use crate::replies::Lexicon;
use std::collections::HashMap;

/// The words of a phrase after its first one, and the number of what it means.
type Rest = (Vec<String>, u32);

/// Finds the terms of a lexicon.
pub(super) struct Meanings {
    /// By the first word of a term, without accents.
    by_first: HashMap<String, Vec<Rest>>,
}

impl Meanings {
    /// The terms of a lexicon, numbered in its order.
    pub fn of(lexicon: &Lexicon) -> Self {
        let terms = (0_u32..).zip(&lexicon.terms);
        Self::new(terms.flat_map(|(number, term)| {
            term.words.iter().chain([&term.meaning]).map(move |phrase| (number, phrase.as_str()))
        }))
    }

    /// Phrases, each with the number of what it means.
    pub fn new<'a>(phrases: impl Iterator<Item = (u32, &'a str)>) -> Self {
        let mut by_first: HashMap<String, Vec<Rest>> = HashMap::new();
        for (number, phrase) in phrases {
            // The sign of a plural does not count, here as in the mail.
            let mut plain = words(phrase).into_iter().map(|word| singular(&word.plain).to_owned());
            if let Some(first) = plain.next() {
                by_first.entry(first).or_default().push((plain.collect(), number));
            }
        }
        Self { by_first }
    }

    /// Whether there is nothing to find.
    pub fn is_empty(&self) -> bool {
        self.by_first.is_empty()
    }

    /// What begins to be meant at each word.
    pub fn in_order(&self, words: &[Word]) -> Vec<Vec<u32>> {
        (0..words.len()).map(|at| self.at(words.get(at..).unwrap_or_default())).collect()
    }

    fn at(&self, words: &[Word]) -> Vec<u32> {
        let mut found = Vec::new();
        let Some((first, after)) = words.split_first() else { return found };
        for (rest, meaning) in self.by_first.get(singular(&first.plain)).into_iter().flatten() {
            let follows = rest.len() <= after.len()
                && rest.iter().zip(after).all(|(rest, word)| singular(&word.plain) == rest);
            if follows && !found.contains(meaning) {
                found.push(*meaning);
            }
        }
        found
    }
}

/// The word without the sign of a plural.
fn singular(plain: &str) -> &str {
    plain.strip_suffix(['s', 'x']).filter(|short| short.len() > 2).unwrap_or(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replies::Term;

    fn found(text: &str) -> Vec<Vec<u32>> {
        let term = |meaning: &str, words: &[&str]| Term {
            meaning: meaning.to_owned(),
            words: words.iter().map(ToString::to_string).collect(),
            reason: String::new(),
            matter: false,
        };
        let terms =
            vec![term("suspension", &["moratoire", "mise sur pause", "gelé"]), term("coût", &["sans frais"])];
        Meanings::of(&Lexicon { terms, ..Lexicon::default() }).in_order(&words(text))
    }

    #[test]
    fn words_and_phrases_are_found_whatever_their_case_accents_and_plural() {
        assert_eq!(found("Les MORATOIRES"), [vec![], vec![0]]);
        assert_eq!(found("projets gelés"), [vec![], vec![0]]);
        assert_eq!(found("la mise sur pause"), [vec![], vec![0], vec![], vec![]]);
        assert_eq!(found("mise sur pied, sans frais"), [vec![], vec![], vec![], vec![1], vec![]]);
        assert_eq!(found("suspension"), [vec![0]]);
        assert_eq!(found("sans"), [Vec::<u32>::new()]);
    }
}

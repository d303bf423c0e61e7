//! Text → terms: what is the same word to whoever searches.
//!
//! Case, accents, ligatures, elided articles and the plural make no difference, in French and in English
//! alike: a query of two words does not say its language, so one rule serves both. It is far weaker than
//! the stemmers of the classifier on purpose: whoever searches for « avis » expects that word and its
//! plural, and wonders at anything else that is marked.

use crate::classify::plain;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The name under which the index knows the analysis.
pub(super) const NAME: &str = "greffier";

/// Characters of the longest word; what is longer is encoded data.
const LONGEST_WORD: usize = 60;

/// What stands before an apostrophe and is no word: l'avis, qu'on, jusqu'en.
const ELIDED: [&str; 13] =
    ["l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"];

/// Words that say nothing by themselves; in a phrase they count.
const EMPTY: [&str; 30] = [
    "le", "la", "les", "l", "un", "une", "de", "du", "des", "d", "et", "ou", "a", "au", "aux", "en", "que",
    "qui", "the", "an", "of", "to", "and", "or", "is", "on", "for", "it", "y", "est",
];

/// The terms of a text, with their places.
pub(super) fn terms(text: &str) -> Vec<Token> {
    let mut terms: Vec<Token> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut position = 0;
    let mut after_apostrophe = false;
    while let Some((start, first)) = chars.next() {
        if !first.is_alphanumeric() {
            after_apostrophe &= is_apostrophe(first);
            continue;
        }
        let mut end = start + first.len_utf8();
        // A combining mark belongs to the letter before it.
        let within = |c: char| c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c);
        while let Some((at, c)) = chars.next_if(|(_, c)| within(*c)) {
            end = at + c.len_utf8();
        }
        let word = plain(text.get(start..end).unwrap_or_default());
        let elides = chars.peek().is_some_and(|(_, c)| is_apostrophe(*c));
        let is_elided = elides && ELIDED.contains(&word.as_str());
        // The English possessive: the ministry's.
        let possessive = after_apostrophe && word == "s";
        after_apostrophe = elides;
        if word.is_empty() || is_elided || possessive {
            continue;
        }
        if word.chars().count() <= LONGEST_WORD {
            let text = root(word);
            terms.push(Token { offset_from: start, offset_to: end, position, text, position_length: 1 });
        }
        position += 1;
    }
    terms
}

/// Whether a term says nothing by itself.
pub(super) fn is_empty(term: &str) -> bool {
    EMPTY.contains(&term)
}

/// A name as one term: case, accents and spaces around it make no difference.
pub(super) fn name(text: &str) -> String {
    plain(text.trim())
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2bc}')
}

/// What the singular and the plural of a word have in common; no word, but the same for both.
fn root(mut word: String) -> String {
    /// Letters that stay in any case.
    const LEAST: usize = 3;
    let letters = |word: &str| word.len() > LEAST && word.bytes().all(|b| b.is_ascii_lowercase());
    if !letters(&word) {
        return word;
    }
    if let Some(stem) = word.strip_suffix("aux").filter(|stem| !stem.ends_with('e')) {
        // Journaux, journal; travaux, travail.
        word = format!("{stem}al");
    } else if let Some(stem) = word.strip_suffix("ail") {
        word = format!("{stem}al");
    } else if ["eux", "eaux", "oux"].iter().any(|ending| word.ends_with(ending)) {
        // Jeux, tableaux, bijoux.
        word.pop();
    } else if word.ends_with('s') && !word.ends_with("ss") {
        word.pop();
        if let Some(stem) = word.strip_suffix("ail") {
            word = format!("{stem}al");
        }
    }
    // Autorisé, autorisées; box, boxes; policy, policies.
    while word.len() > LEAST && word.ends_with('e') {
        word.pop();
    }
    if word.len() > LEAST && word.ends_with('y') {
        word.pop();
        word.push('i');
    }
    word
}

/// The analysis, as tantivy asks for it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Analysis;

/// The terms of one text, one after the other.
#[derive(Debug)]
pub(super) struct Terms {
    left: std::vec::IntoIter<Token>,
    token: Token,
}

impl Tokenizer for Analysis {
    type TokenStream<'a> = Terms;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms {
        Terms { left: terms(text).into_iter(), token: Token::default() }
    }
}

impl TokenStream for Terms {
    fn advance(&mut self) -> bool {
        let next = self.left.next();
        let more = next.is_some();
        self.token = next.unwrap_or_default();
        more
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        terms(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn what_is_one_word_to_people_is_one_term() {
        for forms in [
            &["L'avis", "l’avis", "avis", "AVIS", "d'avis"][..],
            &["journal", "journaux", "Journaux"],
            &["travail", "travaux", "d'un travail"],
            &["détail", "details"],
            &["tableau", "tableaux"],
            &["autorisé", "autorisée", "AUTORISÉES", "autorise\u{301}s"],
            &["cégep", "Cegeps"],
            &["œuvre", "oeuvres"],
            &["policy", "policies"],
            &["box", "boxes"],
            &["process", "processes"],
            &["approach", "approaches"],
            &["ministry", "ministry's", "ministries"],
            &["qu'entente", "ententes"],
        ] {
            let last = |form: &&str| said(form).pop();
            let roots: Vec<_> = forms.iter().map(last).collect();
            assert!(roots.windows(2).all(|pair| pair[0] == pair[1]), "{forms:?}: {roots:?}");
        }
    }

    #[test]
    fn other_words_stay_apart() {
        for (one, other) in
            [("avis", "aval"), ("prix", "prise"), ("index", "inde"), ("class", "clan"), ("2025", "2026")]
        {
            assert_ne!(said(one), said(other));
        }
    }

    #[test]
    fn places_are_those_of_the_text_and_elisions_take_none() {
        let text = "Selon l’avis reçu : « l'œuvre »";
        let tokens = terms(text);
        let shown: Vec<&str> = tokens.iter().map(|token| &text[token.offset_from..token.offset_to]).collect();
        assert_eq!(shown, ["Selon", "avis", "reçu", "œuvre"]);
        assert_eq!(tokens.iter().map(|token| token.position).collect::<Vec<_>>(), [0, 1, 2, 3]);
    }

    #[test]
    fn encoded_data_is_no_word() {
        assert_eq!(said(&"a".repeat(5_000)), Vec::<String>::new());
        assert_eq!(said("\u{301}\u{301}'''\u{202e}"), Vec::<String>::new());
    }
}

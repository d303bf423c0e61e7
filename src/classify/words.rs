//! Text → words and features, the same for lessons and for mail.
//!
//! A feature is a stem, a pair of neighbouring stems, a meaning of the lexicon, a pair of
//! meanings, or a few letters of a word. The letters carry typing errors, missing accents,
//! and words that French and English share; the meanings carry what a wording says in
//! words that no lesson holds. Both languages live in one space and meet in the labels.

use super::meanings::Meanings;
use crate::replies::Lexicon;
use crate::wording::Language;
use rust_stemmers::{Algorithm, Stemmer};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use unicode_normalization::UnicodeNormalization as _;

/// The longest word that is looked at, in characters: longer ones are encoded data.
const LONGEST_WORD: usize = 40;

/// A hash of a feature; its lowest bit says whether it is a stretch of letters.
pub(super) type Feature = u64;

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// As it stands in the text, in lower case.
    pub shown: String,
    /// In lower case, without accents.
    pub plain: String,
}

/// The features of a text's words in one row: few allocations, for every lesson has one.
#[derive(Debug, Clone, Default)]
pub(super) struct Taken {
    /// Word by word: stem, pair, meanings and their pairs, then stretches of letters.
    pub features: Vec<Feature>,
    /// Where the features of each word end.
    pub ends: Vec<u32>,
}

/// Cuts text into words: runs of letters and digits, `$` and `%`. Addresses of mail and
/// web, and long numbers, say nothing about what is asked and are left out.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for chunk in text.split_whitespace() {
        if chunk.contains('@') || chunk.contains("://") || chunk.starts_with("www.") {
            continue;
        }
        let mut shown = String::new();
        for c in chunk.chars() {
            // A combining mark belongs to the letter before it, typed or decomposed.
            let mark = !shown.is_empty() && unicode_normalization::char::is_combining_mark(c);
            if c.is_alphanumeric() || mark {
                shown.extend(c.to_lowercase());
            } else {
                push(&mut words, &mut shown);
                if c == '$' || c == '%' {
                    words.push(Word { shown: c.to_string(), plain: c.to_string() });
                }
            }
        }
        push(&mut words, &mut shown);
    }
    words
}

fn push(words: &mut Vec<Word>, shown: &mut String) {
    if shown.is_empty() {
        return;
    }
    let shown = std::mem::take(shown);
    let plain = plain(&shown);
    let number = plain.bytes().all(|b| b.is_ascii_digit());
    if plain.is_empty() || (number && plain.len() > 2) || plain.chars().count() > LONGEST_WORD {
        return;
    }
    words.push(Word { shown, plain });
}

/// Lower-case text without accents and ligatures.
#[must_use]
pub fn plain(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)) {
        match c {
            'œ' | 'Œ' => plain.push_str("oe"),
            'æ' | 'Æ' => plain.push_str("ae"),
            _ => plain.extend(c.to_lowercase()),
        }
    }
    plain
}

/// Makes features; holds the stemmers and the words that count for nothing.
pub(super) struct Features {
    french: Stemmer,
    english: Stemmer,
    empty: HashSet<&'static str>,
    meanings: Meanings,
}

impl Features {
    pub fn new(lexicon: &Lexicon) -> Self {
        Self {
            french: Stemmer::create(Algorithm::French),
            english: Stemmer::create(Algorithm::English),
            empty: EMPTY.split_whitespace().collect(),
            meanings: Meanings::of(lexicon),
        }
    }

    /// Whether the word carries content: not an article, a pronoun, a greeting…
    pub fn counts(&self, word: &Word) -> bool {
        !self.empty.contains(word.plain.as_str())
    }

    /// The feature that the forms of a word share.
    pub fn stem(&self, word: &Word, language: Language) -> Feature {
        hash(STEM, self.stemmer(language).stem(&word.plain).bytes().map(u64::from))
    }

    fn stemmer(&self, language: Language) -> &Stemmer {
        match language {
            Language::Fr => &self.french,
            Language::En => &self.english,
        }
    }

    /// The features of each word, in order.
    pub fn of(&self, words: &[Word], language: Language) -> Taken {
        let meanings = self.meanings.in_order(words);
        let (mut before, mut meant) = (START, START);
        let longest: usize = words.iter().map(|word| word.plain.len()).sum();
        let mut taken =
            Taken { features: Vec::with_capacity(longest * 3 + words.len() * 6), ends: Vec::new() };
        taken.ends.reserve_exact(words.len());
        for (word, meanings) in words.iter().zip(meanings) {
            let stem = self.stem(word, language);
            taken.features.extend([stem, hash(PAIR, [before, stem].into_iter())]);
            before = stem;
            for meaning in meanings {
                let meaning = hash(MEANING, std::iter::once(u64::from(meaning)));
                taken.features.push(meaning);
                if meaning != meant {
                    taken.features.push(hash(MEANINGS, [meant, meaning].into_iter()));
                    meant = meaning;
                }
            }
            letters(&word.plain, &mut taken.features);
            taken.ends.push(u32::try_from(taken.features.len()).unwrap_or(u32::MAX));
        }
        taken
    }
}

/// Whether a feature is a stretch of letters.
pub(super) fn is_letters(feature: Feature) -> bool {
    feature & 1 == 1
}

/// Adds the stretches of 3 to 5 letters of `_word_`.
fn letters(plain: &str, features: &mut Vec<Feature>) {
    let framed = || std::iter::once('_').chain(plain.chars()).chain(std::iter::once('_'));
    for start in 0..plain.chars().count() {
        let mut state = u64::from(LETTERS);
        for (length, letter) in (1..=5).zip(framed().skip(start)) {
            state = step(state, u64::from(u32::from(letter)));
            if length >= 3 {
                features.push(end(state) | 1);
            }
        }
    }
}

const STEM: u8 = 1;
const PAIR: u8 = 2;
const LETTERS: u8 = 3;
const MEANING: u8 = 4;
const MEANINGS: u8 = 5;
const START: u64 = 0;

/// Of a feature that is no stretch of letters.
fn hash(kind: u8, parts: impl Iterator<Item = u64>) -> Feature {
    end(parts.fold(u64::from(kind), step)) & !1
}

/// Takes one more part into a hash.
pub(super) fn step(state: u64, part: u64) -> u64 {
    (state.rotate_left(23) ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Mixes the high bits, which saw every part, into the low ones.
pub(super) fn end(state: u64) -> u64 {
    let mixed = (state ^ (state >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed ^ (mixed >> 32)
}

/// A map from features, which are hashes already. Never walked: its order means nothing.
pub(super) type ByFeature<T> = HashMap<Feature, T, BuildHasherDefault<AsIs>>;

/// Takes a `u64` for its own hash.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// Words that carry no content of their own, without accents: articles, pronouns, prepositions,
/// auxiliaries, greetings. Words that ask (qui, quand, pourquoi) are not among them.
const EMPTY: &str = "
a ai au aux avec ce ces cet cette d dans de des du elle elles en et eux il ils j je l la le les leur leurs
lui m ma me mes mon n ne nos notre nous on ou par pas pour qu que s sa se ses si son sont sur t te tu un une
vos votre vous y est etre ont avons avez c cela ca ici la donc alors mais comme afin ainsi aussi tres plus
bonjour bonsoir madame monsieur mesdames messieurs cordialement salutations svp merci
am an and are as at be been by for from had has have he her his i in is it its of or our so that the their
them they this to us was we were will with would you your me my
hello hi dear sir regards please thanks thank";

#[cfg(test)]
mod tests {
    use super::*;

    fn plains(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.plain).collect()
    }

    #[test]
    fn accents_case_elisions_and_ligatures_do_not_count() {
        assert_eq!(plains("L’ŒUVRE déployée, qu'est-ce ?"), ["l", "oeuvre", "deployee", "qu", "est", "ce"]);
        assert_eq!(plains("E\u{301}tude"), plains("Étude"));
        assert_eq!(words("Déployé").first().unwrap().shown, "déployé");
    }

    #[test]
    fn addresses_and_long_numbers_are_left_out() {
        let text = "Écrire à a.b@c.example ou https://x.example/y avant 2025, art. 2, 0 $, 819 555-0156";
        assert_eq!(plains(text), ["ecrire", "a", "ou", "avant", "art", "2", "0", "$"]);
    }

    #[test]
    fn forms_of_a_word_share_their_stem() {
        let features = Features::new(&Lexicon::default());
        let stem = |text: &str| features.of(&words(text), Language::Fr).features[0];
        assert_eq!(stem("suspension"), stem("SUSPENSIONS"));
        assert_eq!(stem("licence"), stem("licences"));
        assert_ne!(stem("licence"), stem("exception"));
    }

    #[test]
    fn a_typing_error_leaves_most_letters_alike() {
        let letters = |word: &str| {
            let mut features = Vec::new();
            letters(word, &mut features);
            assert!(features.iter().all(|feature| is_letters(*feature)));
            features
        };
        let (right, wrong) = (letters("suspension"), letters("suspention"));
        let shared = right.iter().filter(|feature| wrong.contains(feature)).count();
        assert!(shared * 2 > right.len(), "{shared} of {}", right.len());
        assert!(letters("experimentation").iter().any(|f| letters("experiment").contains(f)));
    }

    #[test]
    fn the_stretches_of_a_word_are_those_of_three_to_five_letters() {
        let count = |word: &str| {
            let mut features = Vec::new();
            letters(word, &mut features);
            features.sort_unstable();
            features.dedup();
            features.len()
        };
        assert_eq!([count(""), count("a"), count("le"), count("qui")], [0, 1, 3, 6], "_a_; _le, le_, _le_");
        assert_eq!(count("abcdef"), 6 + 5 + 4);
    }

    #[test]
    fn no_empty_word_that_asks() {
        let features = Features::new(&Lexicon::default());
        for word in words("qui quand pourquoi comment combien jusque what who when why how exempt") {
            assert!(features.counts(&word), "{}", word.plain);
        }
    }
}

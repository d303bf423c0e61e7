//! The language of a text: French or English, and French on doubt.

use crate::wording::Language;
use whatlang::{Detector, Lang};

/// Bytes of text that are looked at.
const MAX_BYTES: usize = 4_096;

const ENGLISH: [&str; 30] = [
    "the", "and", "is", "are", "you", "we", "our", "can", "please", "would", "this", "that", "with", "have",
    "what", "hello", "of", "to", "for", "it", "do", "does", "thanks", "thank", "regards", "your", "in",
    "will", "there", "could",
];
const FRENCH: [&str; 34] = [
    "le", "la", "les", "des", "du", "de", "et", "est", "nous", "vous", "que", "qui", "pour", "une", "un",
    "dans", "bonjour", "je", "au", "aux", "sur", "merci", "avec", "pas", "ce", "cette", "il", "elle",
    "notre", "votre", "en", "ne", "quoi", "avons",
];

/// The language of `text`.
///
/// Trigrams decide on long text and guess on short text, so they must agree with the
/// little words.
#[must_use]
pub fn language(text: &str) -> Language {
    let text = text.get(..text.floor_char_boundary(MAX_BYTES)).unwrap_or(text);
    let lower = text.to_lowercase();
    let (mut english, mut french) = (0_usize, 0_usize);
    for word in lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        english += usize::from(ENGLISH.contains(&word));
        french += usize::from(FRENCH.contains(&word));
    }
    if english < 2 || english <= french * 2 {
        return Language::Fr;
    }
    let detected = Detector::with_allowlist(vec![Lang::Fra, Lang::Eng]).detect(text);
    match detected {
        Some(info) if info.lang() == Lang::Fra && info.is_reliable() => Language::Fr,
        _ => Language::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_on_doubt() {
        for text in [
            "",
            "Copilot?",
            "Est-ce que la suspension vise Copilot?",
            "Bonjour, avez-vous le gabarit de la démarche structurée? Thanks!",
            "Merci",
            "Microsoft 365 Copilot Chat enterprise",
        ] {
            assert_eq!(language(text), Language::Fr, "{text}");
        }
        for text in [
            "Hello, is there a template for the structured approach? Thanks.",
            "Could you tell us whether the suspension applies to our college?",
        ] {
            assert_eq!(language(text), Language::En, "{text}");
        }
    }
}

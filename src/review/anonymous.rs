//! A wording without people, organisations, numbers and addresses: what may stand in a file.
//!
//! Errs on the side of leaving out: a person reads the result, and may give another one.

use crate::replies::Replies;
use std::collections::{BTreeMap, BTreeSet};

/// Stands for whatever was left out.
const LEFT_OUT: &str = "[…]";
/// A word of so many wordings names nobody, even if it is always written with a capital.
const COMMON: usize = 8;

/// Words that say nothing about anybody.
pub(super) struct Anonymous {
    /// Those that the library writes in lower case or often, and those of its lexicon.
    known: BTreeSet<String>,
    /// Those that it writes often: such a word of somebody's name tells nobody from another.
    common: BTreeSet<String>,
}

impl Anonymous {
    /// The common words of a library.
    pub fn new(replies: &Replies) -> Self {
        let mut known = BTreeSet::new();
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        let texts = replies.entries().flat_map(|entry| [&entry.title, &entry.question, entry.markdown()]);
        for text in texts.chain(replies.wordings().map(|example| example.text.as_str())) {
            known.extend(
                words(text).filter(|word| word.starts_with(char::is_lowercase)).map(ToOwned::to_owned),
            );
            let here: BTreeSet<String> = words(text).map(str::to_lowercase).collect();
            here.into_iter().for_each(|word| *times.entry(word).or_default() += 1);
        }
        let common: BTreeSet<String> =
            times.into_iter().filter(|(_, times)| *times >= COMMON).map(|(word, _)| word).collect();
        known.extend(common.iter().cloned());
        for term in &replies.lexicon().terms {
            known.extend(term.words.iter().flat_map(|phrase| words(phrase)).map(str::to_lowercase));
        }
        Self { known, common }
    }

    /// The wording; `names` are the people and organisations of the thread.
    pub fn wording(&self, text: &str, names: &[&str]) -> String {
        let named: BTreeSet<String> = names
            .iter()
            .flat_map(|name| words(name))
            .map(str::to_lowercase)
            .filter(|word| !self.common.contains(word))
            .collect();
        let mut out = String::new();
        for token in text.split_whitespace() {
            let token = self.token(token, &named);
            let again = token.starts_with(LEFT_OUT) && out.ends_with(LEFT_OUT);
            if again {
                out.truncate(out.len() - LEFT_OUT.len());
            } else if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&token);
        }
        out
    }

    /// One token, with its words left out where they may name somebody; of « l’Hôpital », the second.
    fn token(&self, token: &str, named: &BTreeSet<String>) -> String {
        if token.contains(['@', '/', '\\', '_']) || token.starts_with("www.") {
            return left_out(token);
        }
        let tells = |part: &str| {
            words(part).any(|word| {
                let lower = word.to_lowercase();
                let proper = word.starts_with(char::is_uppercase) && word.chars().count() > 1;
                let marked = proper || word.contains(|c: char| c.is_ascii_digit());
                named.contains(&lower) || (marked && !self.known.contains(&lower))
            })
        };
        token
            .split_inclusive(['\'', '’'])
            .map(|part| if tells(part) { left_out(part) } else { part.to_owned() })
            .collect()
    }
}

/// The mark, between what stands before the first and after the last letter.
fn left_out(token: &str) -> String {
    let start = token.len() - token.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    let end = token.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    format!("{}{LEFT_OUT}{}", token.get(..start).unwrap_or_default(), token.get(end..).unwrap_or_default())
}

/// The words of a text: letters and digits together.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn people_organisations_numbers_and_addresses_are_left_out() {
        let anonymous = Anonymous::new(&crate::library::read(Path::new("replies")).unwrap());
        let of = |text: &str| anonymous.wording(text, &["Jean roy", "Cégep du Lac-Bleu"]);
        assert_eq!(
            of(
                "Bonjour Madame Gagnon-Dubé, le Cégep du Lac-Bleu (418 555-0199) utilise Copilot. Est-ce permis ?"
            ),
            "Bonjour Madame […], le Cégep du […] ([…]) utilise Copilot. Est-ce permis ?"
        );
        assert_eq!(of("Écrivez à jean.roy@cegep.example ou à roy, svp"), "Écrivez à […] ou à […], svp");
        assert_eq!(
            of("Voir https://cegep.example/projet?x=1 et le dossier DGI-2025-114."),
            "Voir […] et le dossier […]."
        );
        assert_eq!(of("l’OP de Rimouski"), "l’OP de […]");
        assert_eq!(of(""), "");
    }
}

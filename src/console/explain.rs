//! Texts cut so that a page can mark what decided, or what is not approved wording.

use crate::classify::Evidence;
use std::collections::BTreeSet;

/// A stretch of text, and whether it is marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    pub text: String,
    pub marked: bool,
}

/// The text, with the words marked that spoke for one of the entries.
pub(super) fn marked(text: &str, evidence: &[Evidence]) -> Vec<Stretch> {
    let words: BTreeSet<&str> = evidence.iter().map(|part| part.word.as_str()).collect();
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut push = |text: &str, marked: bool| {
        if text.is_empty() {
            return;
        }
        match stretches.last_mut().filter(|last| last.marked == marked) {
            Some(last) => last.text.push_str(text),
            None => stretches.push(Stretch { text: text.to_owned(), marked }),
        }
    };
    let mut rest = text;
    while !rest.is_empty() {
        let is_word = rest.starts_with(char::is_alphanumeric);
        let end = rest.find(|c: char| c.is_alphanumeric() != is_word).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        push(part, is_word && words.contains(part.to_lowercase().as_str()));
        rest = after;
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Source;
    use proptest::prelude::*;

    fn evidence(word: &str) -> Evidence {
        Evidence {
            entry: "duree".to_owned(),
            word: word.to_owned(),
            weight: 0.1,
            source: Source::Example,
            lesson: String::new(),
        }
    }

    #[test]
    fn the_words_that_decided_are_marked_whatever_their_case() {
        let found = marked("Jusqu’à quand ? QUAND…", &[evidence("quand")]);
        let told: Vec<(&str, bool)> = found.iter().map(|part| (part.text.as_str(), part.marked)).collect();
        assert_eq!(
            told,
            [("Jusqu’à ", false), ("quand", true), (" ? ", false), ("QUAND", true), ("…", false)]
        );
    }

    proptest! {
        #[test]
        fn nothing_of_the_text_is_lost(text in ".{0,200}", word in "[a-zé]{1,4}") {
            let whole: String = marked(&text, &[evidence(&word)]).into_iter().map(|part| part.text).collect();
            prop_assert_eq!(whole, text);
        }
    }
}

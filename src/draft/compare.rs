//! What a reviewer changed: the lines of two bodies, side by side in one list.

use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// In both.
    Kept,
    /// Only in the first.
    Removed,
    /// Only in the second.
    Added,
}

/// One line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedLine {
    /// What became of it.
    pub change: Change,
    /// The line, without its end.
    pub text: String,
}

/// The lines of `before` and `after` in reading order, removed ones before added ones.
#[must_use]
pub fn diff(before: &str, after: &str) -> Vec<ChangedLine> {
    TextDiff::from_lines(before, after)
        .iter_all_changes()
        .map(|line| ChangedLine {
            change: match line.tag() {
                ChangeTag::Equal => Change::Kept,
                ChangeTag::Delete => Change::Removed,
                ChangeTag::Insert => Change::Added,
            },
            text: line.value().trim_end_matches(['\r', '\n']).to_owned(),
        })
        .collect()
}

/// The share of words that are not in both texts, from 0 (the same) to 1.
#[must_use]
pub fn changed(before: &str, after: &str) -> f64 {
    let [before, after] = [before, after].map(|text| text.split_whitespace().collect::<Vec<_>>());
    1.0 - f64::from(TextDiff::from_slices(&before, &after).ratio())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(before: &str, after: &str) -> String {
        let mark = |line: &ChangedLine| match line.change {
            Change::Kept => format!(" {}", line.text),
            Change::Removed => format!("-{}", line.text),
            Change::Added => format!("+{}", line.text),
        };
        diff(before, after).iter().map(mark).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_mended_line_shows_both_wordings() {
        assert_eq!(
            marked("Bonjour,\n\n- un\n- deux\n", "Bonjour,\n\n- un\n- trois\n- quatre\n"),
            " Bonjour,\n \n - un\n-- deux\n+- trois\n+- quatre"
        );
        assert_eq!(marked("", ""), "");
    }

    #[test]
    fn the_share_of_changed_words() {
        assert!(changed("un deux trois", "un deux trois") < 1e-6);
        assert!(changed("un", "deux") > 0.99);
        assert!((0.2..0.6).contains(&changed("un deux trois", "un deux quatre")));
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_back(before in "([ab]{0,2}\n){0,8}", after in "([ab]{0,2}\n){0,8}") {
            let lines = diff(&before, &after);
            let side = |left_out: Change| -> String {
                lines.iter().filter(|l| l.change != left_out).map(|l| format!("{}\n", l.text)).collect()
            };
            prop_assert_eq!(side(Change::Added), before);
            prop_assert_eq!(side(Change::Removed), after);
        }
    }
}

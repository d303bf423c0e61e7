//! Characters and spelling: what cannot be told apart by eye, and which word was meant.
//!
//! A reader of the room sees shapes; the program sees code points. Where the two could
//! differ, no command is carried out.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Letters of other alphabets with the shape of a Latin one. Those that are missing here
/// are refused all the same; the table only helps to see which verb was meant.
const ALIKE: [(&str, char); 22] = [
    ("аαɑ", 'a'),
    ("вβ", 'b'),
    ("сϲ", 'c'),
    ("ԁ", 'd'),
    ("еєε", 'e'),
    ("ɡ", 'g'),
    ("һнη", 'h'),
    ("іιıї", 'i'),
    ("јϳ", 'j'),
    ("кκ", 'k'),
    ("ӏ", 'l'),
    ("мμ", 'm'),
    ("ոп", 'n'),
    ("оοօ", 'o'),
    ("рρ", 'p'),
    ("ԛ", 'q'),
    ("гѓ", 'r'),
    ("ѕſ", 's'),
    ("тτ", 't'),
    ("υս", 'u'),
    ("νѵ", 'v'),
    ("хχ", 'x'),
];

/// Characters that show nothing, or that turn the direction of reading: zero-width, bidi,
/// variation selectors, tags, fillers, and controls.
pub(super) fn invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{70f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// A letter as French writes it.
fn french(c: char) -> bool {
    c.is_ascii_alphabetic() || "àâäéèêëîïôöùûüÿçœæÀÂÄÉÈÊËÎÏÔÖÙÛÜŸÇŒÆ".contains(c)
}

/// Grave, acute, circumflex, diaeresis, cedilla: what a decomposed French letter is made of.
fn accent(c: char) -> bool {
    matches!(c, '\u{300}' | '\u{301}' | '\u{302}' | '\u{308}' | '\u{327}')
}

/// The first character of a word that could be taken for another, or is not seen at all.
pub(super) fn odd(word: &str) -> Option<char> {
    let mut before = ' ';
    word.chars().find(|&c| {
        let fine =
            (c.is_ascii() && !invisible(c)) || french(c) || (accent(c) && before.is_ascii_alphabetic());
        if !accent(c) {
            before = c;
        }
        !fine
            && (c.is_alphanumeric()
                || invisible(c)
                || is_combining_mark(c)
                || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}')
                || std::iter::once(c).nfkd().any(|c| c.is_ascii_graphic()))
    })
}

/// Lower case without accents, for words in which nothing is [`odd`].
pub(super) fn fold(word: &str) -> String {
    word.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// What a word looks like: the word that an eye would read. Only for telling what was meant.
pub(super) fn skeleton(word: &str) -> String {
    let letters = word.nfkd().filter(|c| !is_combining_mark(*c) && !invisible(*c));
    letters
        .flat_map(char::to_lowercase)
        .map(|c| ALIKE.iter().find(|(alike, _)| alike.contains(c)).map_or(c, |(_, latin)| *latin))
        .collect()
}

/// A word as it is repeated to whoever typed it: short, and nothing in it that a chat
/// would take for a mention, a link or a direction mark.
pub(super) fn shown(word: &str) -> String {
    let kept = |c: &char| c.is_ascii_digit() || french(*c) || "-.'’|".contains(*c);
    let shown: String = word.nfc().filter(kept).take(30).collect();
    if shown.is_empty() { "…".to_owned() } else { shown }
}

/// Slips between two words: letters left out, added, changed, or two neighbours swapped.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: [Vec<usize>; 2] = [Vec::new(), (0..=b.len()).collect()];
    for (i, x) in a.iter().enumerate() {
        let [earlier, last] = &rows;
        let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let left = at(&row, j);
            let mut best = (at(last, j) + usize::from(x != y)).min(left + 1).min(at(last, j + 1) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(earlier, j - 1) + 1);
            }
            row.push(best);
        }
        let [earlier, last] = &mut rows;
        *earlier = std::mem::replace(last, row);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_something_else_is_odd() {
        for word in
            ["approuver", "Libérer", "libe\u{301}rer", "ÉTAT", "12", "K7Q-M2X", "#12", "« »", "l’avis", "👍"]
        {
            assert_eq!(odd(word), None, "{word}");
        }
        for (word, which) in [
            ("аpprouver", 'а'),
            ("ａpprouver", 'ａ'),
            ("app\u{200b}rouver", '\u{200b}'),
            ("\u{202e}12", '\u{202e}'),
            ("１２", '１'),
            ("1٢", '٢'),
            ("12\u{fe0f}", '\u{fe0f}'),
            ("\u{212a}7QM2X", '\u{212a}'),
            ("K7Q\u{2011}M2X", '\u{2011}'),
            ("1\u{301}2", '\u{301}'),
            ("a\u{336}ide", '\u{336}'),
            ("½", '½'),
            ("K7\u{1b}QM2X", '\u{1b}'),
            ("𝐚ide", '𝐚'),
        ] {
            assert_eq!(odd(word), Some(which), "{word}");
        }
    }

    #[test]
    fn an_eye_reads_the_skeleton() {
        for word in
            ["approuver", "аррrоuvеr", "ａｐｐｒｏｕｖｅｒ", "appr\u{200b}ouver", "𝐚𝐩𝐩𝐫𝐨𝐮𝐯𝐞𝐫", "APPRОUVER"]
        {
            assert_eq!(skeleton(word), "approuver", "{word}");
        }
    }

    #[test]
    fn slips_are_counted() {
        for (a, b, slips) in
            [("", "", 0), ("", "aide", 4), ("aide", "", 4), ("ntoe", "note", 1), ("aprouver", "approuver", 1)]
        {
            assert_eq!(distance(a, b), slips, "{a} {b}");
        }
        assert_eq!(distance("comprendre", "reprendre"), 3);
    }

    #[test]
    fn what_is_repeated_is_harmless() {
        assert_eq!(shown("@room"), "room");
        assert_eq!(shown("\u{202e}[x](http://y)"), "xhttpy");
        assert_eq!(shown("👍"), "…");
        assert_eq!(shown(&"a".repeat(500)).len(), 30);
    }
}

//! Bytes to text, and the repair of what earlier readers damaged.
//!
//! Labels lie: UTF-8 comes labelled us-ascii, windows-1252 labelled UTF-8, and text that
//! was decoded wrongly once arrives as `Ã©`. Whoever calls gets text in any case, and
//! learns whether something had to be repaired.

use mail_parser::decoders::charsets::map::charset_decoder;
use std::borrow::Cow;

/// `bytes` as text by their `label`, and whether they had to be repaired.
pub(super) fn decode(bytes: &[u8], label: Option<&str>) -> (String, bool) {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let label = label.map(|label| label.trim_matches([' ', '"', '\'']).to_ascii_lowercase());
    let (text, repaired) = match label.as_deref() {
        None | Some("" | "utf-8" | "utf8") => plain(bytes),
        Some("us-ascii" | "ascii" | "ansi_x3.4-1968") => {
            let (text, repaired) = plain(bytes);
            (text, repaired || !bytes.is_ascii())
        }
        Some(label) => match charset_decoder(label.as_bytes()) {
            None => (plain(bytes).0, true),
            // Text with accents in a one-byte charset is almost never valid UTF-8 by chance.
            Some(_) if one_byte(label) && !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok() => {
                (plain(bytes).0, true)
            }
            Some(decoder) => match (decoder(bytes), std::str::from_utf8(bytes)) {
                (text, Ok(sound)) if text.contains('\u{FFFD}') => (sound.to_owned(), true),
                (text, _) => {
                    let repaired = text.contains('\u{FFFD}');
                    (text, repaired)
                }
            },
        },
    };
    match unmojibake(&text) {
        Cow::Borrowed(_) => (text, repaired),
        Cow::Owned(mended) => (mended, true),
    }
}

fn one_byte(label: &str) -> bool {
    ["iso-8859", "iso8859", "iso_8859", "latin", "windows-125", "cp125", "ibm", "cp8", "macintosh", "l1"]
        .iter()
        .any(|start| label.starts_with(start))
}

/// UTF-8 where that is what it is; else windows-1252, which gives every byte a character.
fn plain(bytes: &[u8]) -> (String, bool) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), false);
    }
    let (mut sound, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    // Mostly sound UTF-8 with a few broken places (text cut inside a letter, a stray byte).
    if sound > broken {
        return (String::from_utf8_lossy(bytes).into_owned(), true);
    }
    let text = charset_decoder(b"windows-1252")
        .map_or_else(|| String::from_utf8_lossy(bytes).into_owned(), |decoder| decoder(bytes));
    (text, true)
}

/// Undoes UTF-8 that was read as windows-1252, once or twice: `Ã©` and `ÃƒÂ©` become `é`.
///
/// Only the pairs that French and English text can yield are touched: `É` before a
/// no-break space, as in « QUALITÉ : », would otherwise turn into another letter.
pub(super) fn unmojibake(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..2 {
        if !text.contains(['Ã', 'Â', 'â', 'Å']) {
            break;
        }
        match mend_once(&text) {
            Some(mended) => text = Cow::Owned(mended),
            None => break,
        }
    }
    text
}

fn mend_once(text: &str) -> Option<String> {
    let mut mended = String::new();
    let mut kept = 0;
    let mut skip_to = 0;
    for (at, c) in text.char_indices() {
        if at < skip_to {
            continue;
        }
        let length = match c {
            'Â' | 'Ã' | 'Å' => 2,
            'â' => 3,
            _ => continue,
        };
        let rest = text.get(at..).unwrap_or_default();
        let bytes: Option<Vec<u8>> = rest.chars().take(length).map(windows_1252_byte).collect();
        let letter =
            bytes.filter(|bytes| bytes.len() == length).and_then(|bytes| String::from_utf8(bytes).ok());
        let Some(letter) = letter.filter(|letter| letter.chars().all(plausible)) else { continue };
        mended.push_str(text.get(kept..at).unwrap_or_default());
        mended.push_str(&letter);
        kept = at + rest.chars().take(length).map(char::len_utf8).sum::<usize>();
        skip_to = kept;
    }
    (skip_to > 0).then(|| {
        mended.push_str(text.get(kept..).unwrap_or_default());
        mended
    })
}

/// Characters that French and English mail really holds.
fn plausible(c: char) -> bool {
    matches!(c, '\u{A0}'..='\u{FF}' | 'Œ' | 'œ' | '\u{2010}'..='\u{2026}' | '\u{202F}' | '€' | '™')
}

fn windows_1252_byte(c: char) -> Option<u8> {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    match u8::try_from(u32::from(c)) {
        Ok(byte) => Some(byte),
        Err(_) => HIGH.iter().position(|high| *high == c).and_then(|at| u8::try_from(0x80 + at).ok()),
    }
}

/// Takes out what cannot be seen or breaks lines, and gives line ends one form.
///
/// Zero-width and direction characters hide words from people or from the classifier.
pub(super) fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                tidied.push('\n');
            }
            '\n' | '\t' => tidied.push(c),
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{0B}' | '\u{0C}' => tidied.push('\n'),
            c if unseen(c) => {}
            c => tidied.push(c),
        }
    }
    tidied
}

/// Controls, zero-width characters and direction marks.
pub(super) fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

/// `text` on one line, without what cannot be seen, at most `limit` characters.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for c in text.chars() {
        // Line ends count as spaces: dropped, they would glue words.
        let c = if c.is_whitespace() && !matches!(c, '\u{A0}' | '\u{202F}') { ' ' } else { c };
        if unseen(c) || (c == ' ' && (line.is_empty() || line.ends_with(' '))) {
            continue;
        }
        if length == limit {
            break;
        }
        line.push(c);
        length += 1;
    }
    line.truncate(line.trim_end().len());
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_lie() {
        let utf8 = "Été à Québec".as_bytes();
        assert_eq!(decode(utf8, Some("us-ascii")), ("Été à Québec".into(), true));
        assert_eq!(decode(utf8, Some("ISO-8859-1")), ("Été à Québec".into(), true));
        assert_eq!(decode(utf8, Some("x-unknown")), ("Été à Québec".into(), true));
        assert_eq!(decode(utf8, Some("utf-8")), ("Été à Québec".into(), false));
        assert_eq!(decode(b"\xC9t\xE9", Some("utf-8")), ("Été".into(), true));
        assert_eq!(decode(b"\xC9t\xE9", Some("iso-8859-1")), ("Été".into(), false));
        assert_eq!(decode(b"\xC9t\xE9", None), ("Été".into(), true));
        assert_eq!(decode(b"l\x92\x9Cuvre", Some("windows-1252")), ("l’œuvre".into(), false));
        assert_eq!(
            decode("Québec coupé\u{e9}".as_bytes().split_last().unwrap().1, None).0,
            "Québec coupé\u{FFFD}"
        );
    }

    #[test]
    fn wrong_decoding_is_undone_and_french_is_left_alone() {
        for (broken, mended) in [
            ("rÃ©ponse dâ€™usage", "réponse d’usage"),
            ("rÃƒÂ©ponse", "réponse"),
            ("Å“uvre Ã\u{a0} 5 â‚¬", "œuvre à 5 €"),
            ("Â« oui Â»", "« oui »"),
        ] {
            assert_eq!(unmojibake(broken), mended);
        }
        for sound in ["QUALITÉ\u{a0}: « été’\u{a0}»", "âge, forêt, Âme", "Montréal"] {
            assert!(matches!(unmojibake(sound), Cow::Borrowed(_)), "{sound}");
        }
    }

    #[test]
    fn one_line_is_one_line() {
        assert_eq!(one_line(" a\r\n\u{202E}b\u{0}  c\u{2028}d ", 500), "a b cd".replace("cd", "c d"));
        assert_eq!(one_line("abcdef", 3), "abc");
    }
}

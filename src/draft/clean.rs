//! What may stand in an outgoing mail, and what is taken out of text that came in one.
//!
//! Used where a draft is prepared and again where its letter is built: a draft read
//! back from the journal gets no more trust than a mail.

/// The longest display name. Characters.
pub(crate) const LONGEST_NAME: usize = 128;
/// The longest subject. Characters.
pub(crate) const LONGEST_SUBJECT: usize = 250;

/// Characters that people do not see and that change what they do see: direction
/// marks, byte order marks, annotation marks, invisible tags.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{000B}' | '\u{000C}' | '\u{0085}' | '\u{2028}' | '\u{2029}')
}

/// One line for a header: no controls, no hidden characters, at most `longest` characters.
///
/// `=?` is taken apart: a subject whose decoded text again looks like an encoded word
/// (RFC 2047) would be decoded a second time by the recipient, and read differently
/// from what the reviewer saw.
pub(crate) fn line(text: &str, longest: usize) -> String {
    let spaced = text.chars().filter_map(|c| match c {
        '\t' => Some(' '),
        c if is_line_end(c) => Some(' '),
        c if c.is_control() || is_hidden(c) => None,
        c => Some(c),
    });
    let mut cleaned = String::new();
    let mut length = 0;
    for c in spaced {
        let last = cleaned.chars().next_back();
        if c == ' ' && matches!(last, None | Some(' ')) {
            continue;
        }
        let parted = c == '?' && last == Some('=');
        length += 1 + usize::from(parted);
        if length > longest {
            break;
        }
        if parted {
            cleaned.push(' ');
        }
        cleaned.push(c);
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// A display name for a header; `None` instead of an empty one.
pub(crate) fn name(text: &str) -> Option<String> {
    Some(line(text, LONGEST_NAME)).filter(|name| !name.is_empty())
}

/// Text of several lines: LF line ends, tabs kept, no other controls, nothing hidden.
pub(crate) fn block(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' => {
                if characters.peek() == Some(&'\n') {
                    characters.next();
                }
                cleaned.push('\n');
            }
            '\t' => cleaned.push('\t'),
            c if is_line_end(c) => cleaned.push('\n'),
            c if c.is_control() || is_hidden(c) => {}
            c => cleaned.push(c),
        }
    }
    cleaned
}

/// Whether a letter can go to `email`: an ASCII `dot-atom@domain` (RFC 5321) of at most 254 bytes.
///
/// Narrower than the RFC on purpose: quoted local parts, address literals and
/// addresses beyond ASCII need care or extensions that a person should decide on.
pub(crate) fn usable_address(email: &str) -> bool {
    let Some((local, domain)) = email.rsplit_once('@') else { return false };
    let atom = |atom: &str| {
        !atom.is_empty()
            && atom.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    email.len() <= 254
        && local.len() <= 64
        && !local.contains("=?")
        && local.split('.').all(atom)
        && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_keeps_what_people_wrote_and_nothing_else() {
        assert_eq!(line("  Réunion\u{00A0}: l’IA \t au cégep ", 250), "Réunion\u{00A0}: l’IA au cégep");
        assert_eq!(line("a\r\nBcc: x@y.example", 250), "a Bcc: x@y.example");
        assert_eq!(line("gpj.\u{202E}exe\u{0000}", 250), "gpj.exe");
        assert_eq!(line("=?utf-8?q?Bonjour?=", 250), "= ?utf-8?q?Bonjour?=");
        assert_eq!(line("ééééé", 3), "ééé");
        assert_eq!(name("\u{200B}\r\n"), None);
    }

    #[test]
    fn a_block_has_lf_line_ends_only() {
        assert_eq!(block("a\r\nb\rc\nd\u{2028}e\u{0007}\tf"), "a\nb\nc\nd\ne\tf");
    }

    #[test]
    fn addresses_that_no_letter_goes_to() {
        for good in ["a@b.example", "prenom.nom+ia@cegep.example", "o'brien@ville.example", "x@localhost"] {
            assert!(usable_address(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "@b.example",
            "a@",
            "a b@c.example",
            "a@b..example",
            ".a@b.example",
            "\"a b\"@c.example",
            "a@[127.0.0.1]",
            "é@b.example",
            "a@é.example",
            "a\r\n@b.example",
            "a@b.example>",
            "a,b@c.example",
            "a@b@c.example",
            "=?q?=@c.example",
            "a@-b.example",
        ] {
            assert!(!usable_address(bad), "{bad:?}");
        }
        assert!(!usable_address(&format!("{}@b.example", "a".repeat(65))));
    }

    proptest! {
        #[test]
        fn a_line_is_one_line_and_cleaning_twice_changes_nothing(text in any::<String>(), longest in 1_usize..300) {
            let once = line(&text, longest);
            prop_assert!(once.chars().count() <= longest);
            prop_assert!(!once.chars().any(|c| c.is_control() || is_hidden(c)));
            prop_assert!(!once.contains("=?"));
            prop_assert_eq!(line(&once, longest), once);
        }

        #[test]
        fn a_block_cleaned_twice_changes_nothing(text in any::<String>()) {
            let once = block(&text);
            prop_assert!(!once.chars().any(|c| (c.is_control() && c != '\n' && c != '\t') || is_hidden(c)));
            prop_assert_eq!(block(&once), once);
        }
    }
}

//! Names of folders: modified UTF-7, and which of them are the folder for sent mail.
//!
//! Used by both back ends, because Dovecot writes its Maildir folders in modified UTF-7,
//! too. Pure.

/// What mail programs call the folder for sent mail, in the order of our trust. Exchange
/// says nothing but such a name; it follows the language of whoever opened it first.
const SENT: [&str; 10] = [
    "Éléments envoyés",
    "Sent Items",
    "Messages envoyés",
    "Sent Messages",
    "Courrier envoyé",
    "Sent Mail",
    "Envoyés",
    "Sent",
    "Objets envoyés",
    "Courriels envoyés",
];

/// Modified UTF-7 (RFC 3501, 5.1.3).
pub(super) fn encode(name: &str) -> String {
    utf7_imap::encode_utf7_imap(name.to_owned())
}

/// The reverse of [`encode`]; a name that is not modified UTF-7 stays as it is.
///
/// Not by utf7-imap, which panics on a stray `&`, and servers have them.
pub(super) fn decode(wire: &str) -> String {
    try_decode(wire).unwrap_or_else(|| wire.to_owned())
}

fn try_decode(wire: &str) -> Option<String> {
    let mut name = String::new();
    let mut rest = wire;
    while let Some((plain, after)) = rest.split_once('&') {
        name.push_str(plain);
        let (shifted, tail) = after.split_once('-')?;
        if shifted.is_empty() {
            name.push('&');
        } else {
            let base64 = shifted.replace(',', "/");
            let bytes = data_encoding::BASE64_NOPAD.decode(base64.as_bytes()).ok()?;
            let units = bytes.chunks(2).map(|pair| match pair {
                [high, low] => Some(u16::from_be_bytes([*high, *low])),
                _ => None,
            });
            name.push_str(&String::from_utf16(&units.collect::<Option<Vec<_>>>()?).ok()?);
        }
        rest = tail;
    }
    name.push_str(rest);
    Some(name)
}

/// The folder for sent mail among `names`, by its name; `delimiter` parts a path.
///
/// Only at the top or directly below INBOX: `Archives/Sent` is somebody's archive.
pub(super) fn sent<'a>(names: impl IntoIterator<Item = &'a str>, delimiter: &str) -> Option<&'a str> {
    names
        .into_iter()
        .filter_map(|name| {
            let plain = below_inbox(name, delimiter);
            let rank = SENT.iter().position(|sent| folded(sent) == folded(plain))?;
            Some((rank, name))
        })
        .min()
        .map(|(_, name)| name)
}

/// The name without a leading `INBOX` and delimiter.
pub(super) fn below_inbox<'a>(name: &'a str, delimiter: &str) -> &'a str {
    if delimiter.is_empty() {
        return name;
    }
    match name.split_once(delimiter) {
        Some((inbox, rest)) if inbox.eq_ignore_ascii_case("INBOX") => rest,
        _ => name,
    }
}

/// For comparison: one case, one kind of apostrophe, composed accents.
pub(super) fn folded(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfc().collect::<String>().to_lowercase().replace('\u{2019}', "'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn french_names_travel_in_modified_utf7() {
        assert_eq!(encode("Éléments envoyés"), "&AMk-l&AOk-ments envoy&AOk-s");
        assert_eq!(decode("&AMk-l&AOk-ments envoy&AOk-s"), "Éléments envoyés");
        assert_eq!(encode("R&D"), "R&-D");
        assert_eq!(decode("R&-D"), "R&D");
    }

    #[test]
    fn a_name_that_is_not_utf7_stays_as_it_is() {
        for name in ["R & D", "A & B - C", "&AMk", "&A-", "&2D0-", "Éléments"] {
            assert_eq!(decode(name), name);
        }
    }

    #[test]
    fn sent_is_found_by_its_french_or_english_name() {
        let find = |names: &[&'static str], delimiter| sent(names.iter().copied(), delimiter);
        assert_eq!(find(&["INBOX", "Brouillons", "Éléments envoyés"], "/"), Some("Éléments envoyés"));
        assert_eq!(
            find(&["INBOX", "E\u{301}le\u{301}ments envoye\u{301}s"], "/"),
            Some("E\u{301}le\u{301}ments envoye\u{301}s")
        );
        assert_eq!(find(&["INBOX", "INBOX.Sent"], "."), Some("INBOX.Sent"));
        assert_eq!(find(&["inbox/sent messages"], "/"), Some("inbox/sent messages"));
        assert_eq!(find(&["Archives/Sent", "Sentier"], "/"), None);
        // Outlook in French beside an old English folder: the one that is in use comes first.
        assert_eq!(find(&["Sent", "Éléments envoyés"], "/"), Some("Éléments envoyés"));
    }

    proptest! {
        #[test]
        fn decode_undoes_encode(name in "[ -~éÉàçœ€😀]{0,20}") {
            prop_assert_eq!(decode(&encode(&name)), name);
        }

        #[test]
        fn decode_takes_anything(name in ".{0,40}") {
            let _ = decode(&name);
        }
    }
}

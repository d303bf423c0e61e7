//! Encoded words (RFC 2047) in header fields.
//!
//! Adjacent words of one charset are joined before they are decoded: Outlook and others
//! cut inside a letter, which gives `�` when each word is decoded by itself.

use super::charset;
use mail_parser::decoders::base64::base64_decode;

/// Bytes of one encoded word that are looked at; RFC 2047 allows 75.
const MAX_WORD: usize = 4_096;

/// `text` with its encoded words decoded, each run passed through `place` first.
/// The flag says whether bytes had to be repaired.
pub(super) fn decode(text: &str, place: impl Fn(&str) -> String) -> (String, bool) {
    let mut decoded = String::with_capacity(text.len());
    let mut repaired = false;
    let mut rest = text;
    // The run being gathered: charset, bytes.
    let mut run: Option<(String, Vec<u8>)> = None;
    let mut flush = |run: &mut Option<(String, Vec<u8>)>, decoded: &mut String| {
        if let Some((label, bytes)) = run.take() {
            let (text, mended) = charset::decode(&bytes, Some(&label));
            repaired |= mended;
            decoded.push_str(&place(&text));
        }
    };
    while let Some(at) = rest.find("=?") {
        let (before, candidate) = rest.split_at(at);
        let Some((label, bytes, after)) = word(candidate) else {
            flush(&mut run, &mut decoded);
            decoded.push_str(before);
            decoded.push_str("=?");
            rest = candidate.get(2..).unwrap_or_default();
            continue;
        };
        match &mut run {
            // White space between two encoded words is none.
            Some((same, gathered)) if *same == label && before.trim().is_empty() => gathered.extend(bytes),
            _ => {
                let between = run.is_some() && before.trim().is_empty();
                flush(&mut run, &mut decoded);
                if !between {
                    decoded.push_str(before);
                }
                run = Some((label, bytes));
            }
        }
        rest = after;
    }
    flush(&mut run, &mut decoded);
    decoded.push_str(rest);
    if let std::borrow::Cow::Owned(mended) = charset::unmojibake(&decoded) {
        return (mended, true);
    }
    (decoded, repaired)
}

/// The encoded word at the start of `text`: charset in lower case, bytes, what follows.
fn word(text: &str) -> Option<(String, Vec<u8>, &str)> {
    let inner = text.strip_prefix("=?")?;
    let head = inner.get(..floor(inner, 80))?;
    let (label, head) = head.split_once('?')?;
    let encoding = head.chars().next()?;
    head.get(1..)?.strip_prefix('?')?;
    let sound = label.len() >= 2 && label.bytes().all(|b| b.is_ascii_graphic());
    let data = inner.get(label.len() + 3..).filter(|_| sound)?;
    let end = data.get(..floor(data, MAX_WORD))?.find("?=")?;
    let (data, after) = (data.get(..end)?, data.get(end + 2..)?);
    let bytes = match encoding {
        'q' | 'Q' => quoted(data),
        'b' | 'B' => base64_decode(data.trim().as_bytes())?,
        _ => return None,
    };
    // RFC 2231 lets a language follow the charset: `utf-8*fr`.
    let label = label.split('*').next().unwrap_or(label).to_ascii_lowercase();
    Some((label, bytes, after))
}

fn floor(text: &str, limit: usize) -> usize {
    text.floor_char_boundary(limit)
}

fn quoted(data: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(data.len());
    let mut rest = data.as_bytes().iter().copied();
    while let Some(byte) = rest.next() {
        match byte {
            b'_' => bytes.push(b' '),
            b'=' => {
                let mut ahead = rest.clone();
                match (ahead.next().and_then(hex), ahead.next().and_then(hex)) {
                    (Some(high), Some(low)) => {
                        bytes.push(high << 4 | low);
                        rest = ahead;
                    }
                    _ => bytes.push(b'='),
                }
            }
            byte => bytes.push(byte),
        }
    }
    bytes
}

/// The value of a hexadecimal digit.
pub(super) fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(of: &str) -> String {
        decode(of, str::to_owned).0
    }

    #[test]
    fn words_are_decoded_and_joined() {
        assert_eq!(text("=?utf-8?Q?R=C3=A9f=C3=A9rence?="), "Référence");
        assert_eq!(text("a =?utf-8?Q?caf=C3?= =?UTF-8?Q?=A9_noir?= b"), "a café noir b");
        assert_eq!(text("=?utf-8?B?w4k=?= =?iso-8859-1?Q?=E9?="), "Éé");
        assert_eq!(decode("=?us-ascii?Q?=C3=89t=C3=A9?=", str::to_owned), ("Été".into(), true));
        assert_eq!(decode("=?x-none?Q?=C9t=E9?=", str::to_owned), ("Été".into(), true));
    }

    #[test]
    fn what_is_no_word_stays() {
        for odd in ["=?", "=?utf-8?", "=?utf-8?X?a?=", "=?utf-8?Q?never ends", "2=?3", "=?é?Q?a?="] {
            assert_eq!(text(odd), odd);
        }
    }
}

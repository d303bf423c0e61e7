//! A part that holds no other parts: its bytes, its text, its name.

use super::{charset, words};
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use std::borrow::Cow;

/// A part that holds no other parts.
#[derive(Debug)]
pub(super) struct Leaf<'x> {
    /// `type/subtype`, lower case.
    pub(super) media_type: String,
    /// The charset as labelled.
    pub(super) charset: Option<String>,
    /// The file name, where one is given: without path separators and controls.
    pub(super) name: Option<String>,
    /// `METHOD` of a calendar part, upper case.
    pub(super) method: Option<String>,
    /// Whether it says that it is an attachment.
    pub(super) attached: bool,
    /// The outermost multipart/alternative around it, by number.
    pub(super) alternative: Option<usize>,
    pub(super) encoding: String,
    pub(super) body: &'x [u8],
}

impl<'x> Leaf<'x> {
    /// The bytes without their transfer encoding, and whether that was broken.
    pub(super) fn bytes(&self) -> (Cow<'x, [u8]>, bool) {
        self.decoded(self.body)
    }

    /// The text of (at most the first `limit` bytes of) this part, and whether it was repaired.
    pub(super) fn text(&self, limit: usize) -> (String, bool) {
        let cut = self.body.get(..limit.saturating_mul(3)).unwrap_or(self.body);
        let (bytes, broken) = self.decoded(cut);
        let bytes = bytes.get(..limit).unwrap_or(&bytes);
        let (text, repaired) = charset::decode(bytes, self.charset.as_deref());
        (text, repaired || broken)
    }

    /// Whether more than `limit` bytes of text stand here.
    pub(super) fn longer_than(&self, limit: usize) -> bool {
        self.body.len() > limit
    }

    fn decoded(&self, body: &'x [u8]) -> (Cow<'x, [u8]>, bool) {
        match self.encoding.as_str() {
            "base64" => match base64_decode(body) {
                Some(bytes) => (bytes.into(), false),
                None => (lenient_base64(body).into(), true),
            },
            "quoted-printable" => match quoted_printable_decode(body) {
                Some(bytes) => (bytes.into(), false),
                None => (lenient_quoted(body).into(), true),
            },
            _ => (body.into(), false),
        }
    }
}

/// Base64 with everything left out that is none.
fn lenient_base64(body: &[u8]) -> Vec<u8> {
    let mut sound: Vec<u8> =
        body.iter().copied().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).collect();
    if sound.len() % 4 == 1 {
        // Six bits make no byte.
        sound.pop();
    }
    sound.resize(sound.len().next_multiple_of(4), b'=');
    base64_decode(&sound).unwrap_or_else(|| body.to_vec())
}

/// Quoted-printable in which a stray `=` stands for itself.
fn lenient_quoted(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'=' {
            bytes.push(byte);
            continue;
        }
        match (after.first().copied(), after.get(1).copied()) {
            (Some(b'\n'), _) => rest = after.get(1..).unwrap_or_default(),
            (Some(b'\r'), Some(b'\n')) => rest = after.get(2..).unwrap_or_default(),
            (Some(high), Some(low)) => match (words::hex(high), words::hex(low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = after.get(2..).unwrap_or_default();
                }
                _ => bytes.push(b'='),
            },
            _ => bytes.push(b'='),
        }
    }
    bytes
}

/// A file name without path, controls and direction marks; at most 200 characters.
pub(super) fn file_name(given: &str) -> Option<String> {
    let (decoded, _) = words::decode(given, str::to_owned);
    let line = charset::one_line(&decoded, 1_000);
    let last = line.rsplit(['/', '\\']).next().unwrap_or_default().trim().trim_start_matches('.');
    let short: String = last.chars().take(200).collect();
    (!short.is_empty()).then_some(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_paths() {
        assert_eq!(file_name("..\\..\\a/b/=?utf-8?Q?=C3=A9t=C3=A9.pdf?="), Some("été.pdf".into()));
        assert_eq!(file_name("../.."), None);
        assert_eq!(file_name("gpj.\u{202E}exe"), Some("gpj.exe".into()));
    }
}

//! The header of a message or a part, as fields: split once, bounded, in text.
//!
//! Called by [`super::read`] and [`super::parts`]. It promises that a value holds no
//! CR, LF or NUL, whatever stood in the bytes, and that its work is linear.

use super::charset;

/// More fields than this are left out (RFC 5322 sets no limit; real mail stays below 200).
pub(super) const MAX_FIELDS: usize = 1_000;
/// Bytes of one field that are looked at.
pub(super) const MAX_FIELD: usize = 64 * 1024;

/// The fields of one header, in order.
#[derive(Debug, Default)]
pub(super) struct Head {
    fields: Vec<(String, String)>,
    /// Some fields, or some of a field, went over the limits.
    pub(super) too_much: bool,
    /// Some field held raw bytes that are no UTF-8.
    pub(super) repaired: bool,
}

impl Head {
    /// Splits `raw` into its header and where its body starts.
    pub(super) fn split(raw: &[u8]) -> (Self, usize) {
        let mut head = Self::default();
        let mut at = skip_before_header(raw);
        // The field being gathered: name and unfolded bytes.
        let mut open: Option<(String, Vec<u8>)> = None;
        while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
            let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let line = trim_newline(rest.get(..length).unwrap_or(rest));
            at += length;
            if line.is_empty() {
                break;
            }
            if matches!(line.first(), Some(b' ' | b'\t')) {
                if let Some((_, value)) = &mut open {
                    head.too_much |= append(value, line);
                }
                continue;
            }
            head.close(open.take());
            open = match name_of(line) {
                _ if head.fields.len() >= MAX_FIELDS => {
                    head.too_much = true;
                    None
                }
                Some((name, value)) => {
                    let mut bytes = Vec::new();
                    head.too_much |= append(&mut bytes, value);
                    Some((name, bytes))
                }
                // A line that is no field is passed over, as other readers do.
                None => None,
            };
        }
        head.close(open);
        (head, at.min(raw.len()))
    }

    fn close(&mut self, open: Option<(String, Vec<u8>)>) {
        if let Some((name, bytes)) = open {
            let value = match String::from_utf8(bytes) {
                Ok(value) => value,
                Err(broken) => {
                    self.repaired = true;
                    charset::decode(broken.as_bytes(), None).0
                }
            };
            self.fields.push((name, value));
        }
    }

    /// Whether there is not a single field.
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Every value of `name` (lower case), in order.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The value of `name` (lower case). Of several the last counts, as in most readers.
    pub(super) fn last(&self, name: &str) -> Option<&str> {
        self.fields.iter().rev().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// How often `name` (lower case) stands there.
    pub(super) fn count(&self, name: &str) -> usize {
        self.fields.iter().filter(|(field, _)| field == name).count()
    }
}

/// Blank lines and an mbox separator may stand before the header.
fn skip_before_header(raw: &[u8]) -> usize {
    let mut at = raw.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let rest = raw.get(at..).unwrap_or_default();
    let rest = match rest.strip_prefix(b"\xEF\xBB\xBF") {
        Some(stripped) => {
            at += 3;
            stripped
        }
        None => rest,
    };
    if rest.starts_with(b"From ") || rest.starts_with(b">From ") {
        at += memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
    }
    at
}

fn trim_newline(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Appends what can stand in a field; says whether something was left out for its length.
fn append(value: &mut Vec<u8>, line: &[u8]) -> bool {
    let room = MAX_FIELD.saturating_sub(value.len());
    // A bare CR would end the line for some reader behind us; so would a NUL for others.
    value.extend(line.iter().take(room).map(|byte| match byte {
        b'\r' | b'\n' | b'\t' | 0 => b' ',
        byte => *byte,
    }));
    line.len() > room
}

/// `Name: value`, the name in lower case; RFC 5322 allows space before the colon in old mail.
fn name_of(line: &[u8]) -> Option<(String, &[u8])> {
    let colon = line.iter().take(256).position(|byte| *byte == b':')?;
    let name = line.get(..colon)?.trim_ascii_end();
    let sound = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    let value = line.get(colon + 1..)?;
    sound.then(|| (String::from_utf8_lossy(name).to_ascii_lowercase(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_repeats_and_odd_lines() {
        let raw = b"From nobody Tue Mar 25\r\nSubject: un\r\n deux\r\nno field here\r\nTO : a@b.example\r\nTo: c@d.example\r\n\r\nbody";
        let (head, body) = Head::split(raw);
        assert_eq!(head.last("subject"), Some(" un deux"));
        assert_eq!(head.all("to").map(str::trim).collect::<Vec<_>>(), ["a@b.example", "c@d.example"]);
        assert_eq!(head.count("to"), 2);
        assert_eq!(raw.get(body..), Some(&b"body"[..]));
    }

    #[test]
    fn nothing_that_breaks_a_line_gets_through() {
        let (head, _) = Head::split(b"Subject: a\rBcc: x\0y\n\n");
        assert_eq!(head.last("subject"), Some(" a Bcc: x y"));
        assert!(head.last("bcc").is_none());
    }

    #[test]
    fn the_limits_hold() {
        let many = "X-A: b\n".repeat(5_000) + "\nbody";
        let (head, body) = Head::split(many.as_bytes());
        assert_eq!((head.count("x-a"), head.too_much), (MAX_FIELDS, true));
        assert_eq!(many.get(body..), Some("body"));
        let long = format!("Subject: {}\n\nbody", "x".repeat(1_000_000));
        let (head, _) = Head::split(long.as_bytes());
        assert_eq!(head.last("subject").map(str::len), Some(MAX_FIELD));
        assert!(head.too_much);
    }
}

//! The parts of a message (RFC 2046), found in one pass over its delimiter lines.
//!
//! mail-parser keeps nested messages inside each other, so 10,000 of them overflow the
//! stack when they are dropped, and it seeks a missing boundary to the end of the input
//! once a part. This walk keeps a list of open boundaries instead: no recursion, linear
//! time, bounded depth and number. Nested messages are leaves; nobody reads into them but
//! [`super::automatic`], for the header of a bounced letter.

use super::charset;
use super::head::Head;
pub(super) use super::leaf::Leaf;
use super::leaf::file_name;
use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;

/// Leaves that are kept.
pub(super) const MAX_PARTS: usize = 500;
/// Multiparts inside each other.
pub(super) const MAX_DEPTH: usize = 10;
/// Bytes of a part's header.
const MAX_PART_HEAD: usize = 64 * 1024;

/// What the walk found.
#[derive(Debug, Default)]
pub(super) struct Parts<'x> {
    pub(super) leaves: Vec<Leaf<'x>>,
    /// The types of the multiparts on the way, with their `report-type` and `protocol`.
    pub(super) multiparts: Vec<String>,
    /// More or deeper parts than the limits allow.
    pub(super) too_much: bool,
}

struct Kind {
    media_type: String,
    boundary: Option<String>,
    charset: Option<String>,
    name: Option<String>,
    method: Option<String>,
    extra: String,
}

struct Frame {
    boundary: Vec<u8>,
    alternative: Option<usize>,
}

/// Takes a message with this header and body apart.
pub(super) fn parts<'x>(head: &Head, body: &'x [u8]) -> Parts<'x> {
    let mut found = Parts::default();
    let root = kind(head);
    let Some(boundary) = multipart_boundary(&root) else {
        found.leaves.push(leaf(head, root, body, None));
        return found;
    };
    found.note(&root);
    let outer = (root.media_type == "multipart/alternative").then_some(0);
    let mut frames = vec![Frame { boundary: boundary.into_bytes(), alternative: outer }];
    let mut open: Option<(Head, Kind, usize)> = None;
    let mut delimiters = 0_usize;
    for at in delimiter_lines(body) {
        let line = line_at(body, at);
        let Some((level, closing)) = matching(&frames, line) else { continue };
        delimiters += 1;
        found.finish(open.take(), body, at, &frames);
        if found.leaves.len() >= MAX_PARTS {
            found.too_much = true;
            return found;
        }
        frames.truncate(level + 1);
        if closing {
            frames.pop();
            if frames.is_empty() {
                break;
            }
            continue;
        }
        let start = at + line.len();
        let part = body.get(start..).unwrap_or_default();
        let (head, length) = part_head(&frames, part);
        let kind = kind(&head);
        match multipart_boundary(&kind) {
            Some(_) if frames.len() >= MAX_DEPTH => found.too_much = true,
            Some(boundary) => {
                found.note(&kind);
                let around = frames.last().and_then(|frame| frame.alternative);
                let own = (kind.media_type == "multipart/alternative").then_some(found.multiparts.len());
                frames.push(Frame { boundary: boundary.into_bytes(), alternative: around.or(own) });
            }
            None => open = Some((head, kind, start + length)),
        }
    }
    found.finish(open.take(), body, body.len(), &frames);
    if delimiters == 0 {
        // A multipart without a single part: what stands there is read as text.
        let plain = Kind { media_type: "text/plain".into(), boundary: None, ..root };
        found.leaves.push(leaf(head, plain, body, None));
    }
    found
}

impl<'x> Parts<'x> {
    fn note(&mut self, kind: &Kind) {
        self.multiparts.push(format!("{} {}", kind.media_type, kind.extra));
    }

    fn finish(&mut self, open: Option<(Head, Kind, usize)>, body: &'x [u8], end: usize, frames: &[Frame]) {
        if let Some((head, kind, start)) = open {
            let bytes = body.get(start..end.max(start)).unwrap_or_default();
            // The line end before a delimiter belongs to the delimiter.
            let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
            let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
            let alternative = frames.last().and_then(|frame| frame.alternative);
            self.leaves.push(leaf(&head, kind, bytes, alternative));
        }
    }
}

/// Where lines that begin with `--` start.
fn delimiter_lines(body: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let first = body.starts_with(b"--").then_some(0);
    first.into_iter().chain(memchr::memmem::find_iter(body, b"\n--").map(|at| at + 1))
}

/// The line at `at`, line end included.
fn line_at(body: &[u8], at: usize) -> &[u8] {
    let rest = body.get(at..).unwrap_or_default();
    // A boundary has at most 70 characters; a longer line is no delimiter, so its end
    // does not matter and is not sought.
    let window = rest.get(..1_024).unwrap_or(rest);
    let length = memchr::memchr(b'\n', window).map_or(window.len(), |end| end + 1);
    rest.get(..length).unwrap_or(rest)
}

/// The innermost open boundary that this line belongs to, and whether it closes it.
fn matching(frames: &[Frame], line: &[u8]) -> Option<(usize, bool)> {
    let line = line.strip_prefix(b"--")?;
    frames.iter().enumerate().rev().find_map(|(level, frame)| {
        let after = line.strip_prefix(frame.boundary.as_slice())?.trim_ascii_end();
        match after {
            b"" => Some((level, false)),
            b"--" => Some((level, true)),
            _ => None,
        }
    })
}

/// A part's header and its length. It ends at a blank line, at its limit, or where the
/// next delimiter already stands.
fn part_head(frames: &[Frame], part: &[u8]) -> (Head, usize) {
    // A part may start with its blank line: then it has no header at all.
    for blank in [&b"\r\n"[..], b"\n"] {
        if part.starts_with(blank) {
            return (Head::default(), blank.len());
        }
    }
    let mut window = part.get(..MAX_PART_HEAD).unwrap_or(part);
    let delimiter = delimiter_lines(window)
        .take_while(|at| !has_blank_line(window.get(..*at).unwrap_or_default()))
        .take(50)
        .find(|at| matching(frames, line_at(window, *at)).is_some());
    if let Some(at) = delimiter {
        window = window.get(..at).unwrap_or(window);
    }
    Head::split(window)
}

fn has_blank_line(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"\n\n").is_some() || memchr::memmem::find(bytes, b"\n\r\n").is_some()
}

fn multipart_boundary(kind: &Kind) -> Option<String> {
    let usable = |boundary: &&String| !boundary.is_empty() && boundary.len() <= 1_000;
    kind.media_type.starts_with("multipart/").then(|| kind.boundary.as_ref().filter(usable).cloned())?
}

fn kind(head: &Head) -> Kind {
    let line = format!("{}\n", head.last("content-type").unwrap_or_default());
    let parsed = MessageStream::new(line.as_bytes()).parse_content_type();
    let HeaderValue::ContentType(given) = parsed else {
        return Kind {
            media_type: "text/plain".into(),
            boundary: None,
            charset: None,
            name: None,
            method: None,
            extra: String::new(),
        };
    };
    let attribute = |name: &str| given.attribute(name).map(str::to_owned);
    let lower = |name: &str| given.attribute(name).unwrap_or_default().to_ascii_lowercase();
    let media_type = format!("{}/{}", given.ctype(), given.subtype().unwrap_or("plain"));
    Kind {
        media_type: charset::one_line(&media_type, 100).to_ascii_lowercase(),
        boundary: attribute("boundary"),
        charset: attribute("charset"),
        name: attribute("name"),
        method: attribute("method").map(|method| method.to_ascii_uppercase()),
        extra: format!("{} {} {}", lower("report-type"), lower("protocol"), lower("smime-type"))
            .trim()
            .to_owned(),
    }
}

fn leaf<'x>(head: &Head, kind: Kind, body: &'x [u8], alternative: Option<usize>) -> Leaf<'x> {
    let line = format!("{}\n", head.last("content-disposition").unwrap_or_default());
    let disposition = match MessageStream::new(line.as_bytes()).parse_content_type() {
        HeaderValue::ContentType(given) => Some(given),
        _ => None,
    };
    let attached = disposition.as_ref().is_some_and(|given| given.ctype().eq_ignore_ascii_case("attachment"));
    let name = disposition.and_then(|given| given.attribute("filename").map(str::to_owned)).or(kind.name);
    Leaf {
        media_type: if kind.extra.is_empty() || !kind.media_type.contains("pkcs7") {
            kind.media_type
        } else {
            // Opaque signatures and encryption share one type; the difference is kept here.
            format!("{};{}", kind.media_type, kind.extra)
        },
        charset: kind.charset,
        name: name.and_then(|name| file_name(&name)),
        method: kind.method,
        attached,
        alternative,
        encoding: head.last("content-transfer-encoding").unwrap_or_default().trim().to_ascii_lowercase(),
        body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(raw: &str) -> Vec<(String, String)> {
        let (head, at) = Head::split(raw.as_bytes());
        let found = parts(&head, &raw.as_bytes()[at..]);
        found.leaves.iter().map(|leaf| (leaf.media_type.clone(), leaf.text(1_000).0)).collect()
    }

    #[test]
    fn nested_parts_and_missing_ends() {
        let raw = "Content-Type: multipart/mixed; boundary=a\n\npreamble\n--a\nContent-Type: multipart/alternative; boundary=\"a b\"\n\n--a b\n\nplain\n--a b\nContent-Type: text/html\n\n<p>html\n--a b--\nepilogue\n--a\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nQUJD\n";
        assert_eq!(
            types(raw),
            [
                ("text/plain".into(), "plain".into()),
                ("text/html".into(), "<p>html".into()),
                ("image/png".into(), "ABC".into())
            ]
        );
        // The outer delimiter ends the inner parts too.
        let raw = "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\none\n--o\n\ntwo\n--o--\n";
        assert_eq!(types(raw), [("text/plain".into(), "one".into()), ("text/plain".into(), "two".into())]);
        // No delimiter at all.
        assert_eq!(
            types("Content-Type: multipart/mixed; boundary=o\n\nnothing"),
            [("text/plain".into(), "nothing".into())]
        );
        // A part without body.
        assert_eq!(
            types(
                "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: text/html\n--o\n\nx\n--o--"
            )
            .len(),
            2
        );
    }

    #[test]
    fn broken_encodings_give_what_they_hold() {
        let body = |encoding: &str, body: &str| {
            types(&format!("Content-Transfer-Encoding: {encoding}\n\n{body}")).remove(0).1
        };
        assert_eq!(body("base64", "Qm9u!am91cg==\n***"), "Bonjour");
        assert_eq!(body("quoted-printable", "=C3=A9 50=% =\nok="), "é 50=% ok=");
        assert_eq!(body("8bit", "é"), "é");
    }
}

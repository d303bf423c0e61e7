//! What is kept of a message over the limit: its header, and the beginning of the rest.
//!
//! Used by both back ends. Pure.

/// So much from the start is kept. Bytes.
pub(super) const BODY: u32 = 64 << 10;
/// And more if the header is longer, up to here. Bytes.
pub(super) const LONGEST_HEADER: u32 = 1 << 20;

/// Cuts `bytes`, the first of a message, after 64 KiB or after its header.
pub(super) fn cut(mut bytes: Vec<u8>) -> Vec<u8> {
    let header = header_end(&bytes).unwrap_or(bytes.len());
    bytes.truncate(header.max(BODY as usize));
    bytes
}

/// Whether these first bytes end before the header does.
pub(super) fn is_cut_in_header(bytes: &[u8]) -> bool {
    header_end(bytes).is_none()
}

/// Where the body begins.
fn header_end(bytes: &[u8]) -> Option<usize> {
    let position = |end: &[u8]| bytes.windows(end.len()).position(|window| window == end);
    match (position(b"\r\n\r\n"), position(b"\n\n")) {
        (Some(crlf), Some(lf)) if lf < crlf => Some(lf + 2),
        (Some(crlf), _) => Some(crlf + 4),
        (None, lf) => lf.map(|lf| lf + 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_ends_at_the_first_empty_line() {
        assert_eq!(header_end(b"A: b\r\n\r\nc\n\nd"), Some(8));
        assert_eq!(header_end(b"A: b\n\nc\r\n\r\nd"), Some(6));
        assert_eq!(header_end(b"A: b"), None);
    }

    #[test]
    fn a_long_header_is_kept_and_its_body_is_not() {
        let long = [vec![b'x'; 100_000], b"\n\nbody".to_vec()].concat();
        assert_eq!(cut(long).len(), 100_002);
        let short = [b"A: b\n\n".to_vec(), vec![b'x'; 100_000]].concat();
        assert_eq!(cut(short).len(), 65_536);
        assert_eq!(cut(b"A: b\n\nc".to_vec()), b"A: b\n\nc");
    }
}

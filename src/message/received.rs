//! When a message of the past arrived, as its last server wrote (RFC 5321, 4.4).

use super::head::Head;
use super::reading;
use jiff::Timestamp;

/// The time in the topmost Received field: the last server's clock, which the sender
/// cannot set. For mail whose INTERNALDATE is not known any more.
#[must_use]
pub fn received_at(raw: &[u8]) -> Option<Timestamp> {
    let (head, _) = Head::split(raw);
    let (_, date) = head.all("received").next()?.rsplit_once(';')?;
    reading::date(date.trim())
}

#[cfg(test)]
mod tests {
    use super::received_at;

    #[test]
    fn the_topmost_field_counts() {
        let raw = b"Received: from a by b (x; y)\r\n\tfor <c@d.example>; Tue, 25 Mar 2025 10:06:00 -0400\r\n\
            Received: from e by a; Mon, 24 Mar 2025 10:00:00 -0400\r\n\r\n";
        assert_eq!(received_at(raw).unwrap().to_string(), "2025-03-25T14:06:00Z");
        assert_eq!(received_at(b"Subject: x\r\n\r\nReceived: a; Tue, 25 Mar 2025 10:06:00 -0400"), None);
        assert_eq!(received_at(b"Received: nothing\r\n\r\n"), None);
    }
}

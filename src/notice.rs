//! Numbers → the internal notice of a morning.
//!
//! The only mail that leaves without an approval, so its type takes care that nothing can stand in it that
//! somebody should have approved: a [`Notice`] is made of two numbers and a day, within a [`Frame`] that
//! the config gives, and of nothing else. No constructor takes text, bytes, a draft or a thread, and there
//! is no way back from stored bytes, so a draft cannot get in.

use crate::draft::{Ours, clean_line, usable_address};
use crate::letter::{check_for, mailbox, people, text_part};
use crate::message::MessageId;
use crate::wording::{Language, Wording};
use data_encoding::HEXLOWER;
use jiff::{ZonedDateTime, fmt::rfc2822};
use lettre::message::header::{self, ContentType, Header as _, HeaderName, HeaderValue, Headers};
use lettre::message::{Mailbox, Mailboxes, Message};
use sha2::{Digest as _, Sha256};
use std::time::SystemTime;

/// RFC 3834, 5: no person wrote it, and it answers nothing.
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");
/// Exchange's word for the same: no absence notices, no receipts ([MS-OXCMAIL]).
const SUPPRESS: HeaderName = HeaderName::new_from_ascii_str("X-Auto-Response-Suppress");
/// The header by which our own notice is known where it comes back: in Sent, or through a list.
const NOTICE: HeaderName = HeaderName::new_from_ascii_str("X-Greffier-Notice");

/// The headers of every notice; it has no others.
const HEADERS: &[&str] = &[
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Greffier-Notice",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
];

/// The longest line that it may have besides, in characters.
const LONGEST_LINE: usize = 250;

/// What stands in every notice: who sends it, who gets it, the console's address. The config makes it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    from: String,
    display_name: String,
    recipients: Vec<String>,
    link: Option<String>,
    language: Language,
}

/// No mail can go to, or come from, this address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an address that no mail can carry")]
pub struct UnusableAddress(pub String);

impl Frame {
    /// The frame; an address that is named twice gets one mail.
    ///
    /// # Errors
    /// The first address that cannot stand in a mail.
    pub fn new(
        from: &Ours<'_>,
        to: &[String],
        link: Option<String>,
        language: Language,
    ) -> Result<Self, UnusableAddress> {
        let mut recipients: Vec<String> = Vec::new();
        for address in std::iter::once(from.address).chain(to.iter().map(String::as_str)) {
            if !usable_address(address) {
                return Err(UnusableAddress(address.to_owned()));
            }
        }
        for address in to {
            if !recipients.iter().any(|known| known.eq_ignore_ascii_case(address)) {
                recipients.push(address.clone());
            }
        }
        let (from, display_name) = (from.address.to_owned(), from.display_name.to_owned());
        let link = link.map(|link| clean_line(&link, LONGEST_LINE));
        Ok(Self { from, display_name, recipients, link, language })
    }

    /// Who gets it.
    #[must_use]
    pub fn recipients(&self) -> &[String] {
        &self.recipients
    }
}

/// The notice could not become a sound message; a fault of ours, or of a date beyond RFC 5322.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the notice would not be a sound message ({0})")]
pub struct Unsound(&'static str);

/// A notice: so many questions wait, so many of them past the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    message_id: MessageId,
    envelope_from: String,
    recipients: Vec<String>,
    bytes: Vec<u8>,
    sha256: String,
}

impl Notice {
    /// The notice of `date`'s day. The same numbers, frame and date give the same bytes; the Message-ID is
    /// the day's, so that a second one of a day (after a restore, say) is a repeat to every mail program.
    ///
    /// # Errors
    /// If the bytes would break a rule of RFC 5322.
    pub fn write(frame: &Frame, waiting: usize, late: usize, date: &ZonedDateTime) -> Result<Self, Unsound> {
        let message_id = message_id(frame, date).ok_or(Unsound("message id"))?;
        let bytes = compose(frame, waiting, late, date, &message_id)?;
        check_for(&bytes, HEADERS, &[]).map_err(Unsound)?;
        let sha256 = HEXLOWER.encode(&Sha256::digest(&bytes));
        let (envelope_from, recipients) = (frame.from.clone(), frame.recipients.clone());
        Ok(Self { message_id, envelope_from, recipients, bytes, sha256 })
    }

    /// Its own Message-ID.
    #[must_use]
    pub fn message_id(&self) -> &MessageId {
        &self.message_id
    }

    /// Envelope sender (RFC 5321 reverse-path).
    #[must_use]
    pub fn envelope_from(&self) -> &str {
        &self.envelope_from
    }

    /// Envelope recipients (RFC 5321 forward-paths).
    #[must_use]
    pub fn recipients(&self) -> &[String] {
        &self.recipients
    }

    /// The bytes that leave, with CR LF line ends.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of the bytes, in hex.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

/// Two desks of one domain have a notice each: the hash tells them apart.
fn message_id(frame: &Frame, date: &ZonedDateTime) -> Option<MessageId> {
    let sum = HEXLOWER.encode(&Sha256::digest(frame.from.to_ascii_lowercase()));
    let (_, domain) = frame.from.rsplit_once('@')?;
    MessageId::parse(&format!("notice.{}.{}@{}", date.date(), sum.get(..16)?, domain.to_ascii_lowercase()))
}

fn compose(
    frame: &Frame,
    waiting: usize,
    late: usize,
    date: &ZonedDateTime,
    message_id: &MessageId,
) -> Result<Vec<u8>, Unsound> {
    let wording = Wording::of(frame.language);
    let day = date.date().to_string();
    let date = rfc2822::to_string(date).map_err(|_| Unsound("date"))?;
    let sender = mailbox(Some(&frame.display_name), &frame.from).map_err(|_| Unsound("sender"))?;
    let to: Result<Vec<Mailbox>, _> = frame.recipients.iter().map(|to| mailbox(None, to)).collect();
    let to = to.map_err(|_| Unsound("recipients"))?;
    let list = |name, of: &[Mailbox]| people(name, of).map_err(|_| Unsound("people"));
    // As for a letter: the builder gets what it surely can read, and the true headers replace these.
    let mut notice = Message::builder()
        .from(Mailbox::from(sender.email.clone()))
        .header(header::To::from(Mailboxes::from(sender.clone())))
        .date(SystemTime::UNIX_EPOCH)
        .singlepart(text_part(ContentType::TEXT_PLAIN, &text(frame, waiting, late, wording)))
        .map_err(|_| Unsound("headers"))?;
    let headers: &mut Headers = notice.headers_mut();
    headers.insert_raw(list(header::From::name(), &[sender])?);
    headers.insert_raw(list(header::To::name(), &to)?);
    headers.insert_raw(HeaderValue::new(header::Date::name(), date));
    let subject = wording.with("notice-subject", &[("count", &waiting)]);
    headers.set(header::Subject::from(clean_line(&subject, LONGEST_LINE)));
    headers.set(header::MessageId::from(message_id.to_string()));
    headers.insert_raw(HeaderValue::new(AUTO_SUBMITTED, "auto-generated".to_owned()));
    headers.insert_raw(HeaderValue::new(SUPPRESS, "All".to_owned()));
    headers.insert_raw(HeaderValue::new(NOTICE, day));
    Ok(notice.formatted())
}

fn text(frame: &Frame, waiting: usize, late: usize, wording: &Wording) -> String {
    let key = if late > 0 { "notice-waiting-late" } else { "notice-waiting" };
    let mut lines = vec![
        wording.text("notice-greeting"),
        String::new(),
        wording.with(key, &[("count", &waiting), ("late", &late)]),
    ];
    lines.extend(frame.link.clone());
    lines.extend([String::new(), wording.text("notice-automatic")]);
    lines.join("\r\n")
}

#[cfg(test)]
mod tests;

//! The bytes of a letter: headers, a text part, an HTML part, attachments.
//!
//! Everything is cleaned once more on its way into a header, although drafts are clean:
//! a draft read back from the journal is input like any other. [`check`] then reads
//! the finished bytes as an SMTP server would.

use super::NotSealable;
use crate::draft::{Draft, Field, LONGEST_SUBJECT, Ours, clean_line, clean_name};
use crate::message::MessageId;
use jiff::{ZonedDateTime, fmt::rfc2822};
use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{
    self, ContentDisposition, ContentTransferEncoding, ContentType, Header as _, HeaderName, HeaderValue,
    Headers,
};
use lettre::message::{Body, Mailbox, Mailboxes, Message, MultiPart, SinglePart};
use std::time::SystemTime;

/// The header by which our own copy in Sent is known, whatever a server did to the Message-ID.
const LETTER: HeaderName = HeaderName::new_from_ascii_str("X-Greffier-Letter");

/// The longest line of a mail without its line end (RFC 5322, 2.1.1). Bytes.
const LONGEST_LINE: usize = 998;

/// The headers of every letter.
const NEEDED: &[&str] =
    &["From", "To", "Subject", "Date", "Message-ID", "X-Greffier-Letter", "MIME-Version", "Content-Type"];
/// The headers that a letter may have besides.
const ALLOWED: &[&str] = &["Cc", "In-Reply-To", "References"];

pub(super) fn compose(
    draft: &Draft,
    digest: &str,
    from: &Ours<'_>,
    message_id: &MessageId,
    date: &ZonedDateTime,
    files: &[&[u8]],
) -> Result<Vec<u8>, NotSealable> {
    let date = rfc2822::to_string(date).map_err(|_| NotSealable::BadDate)?;
    let sender = mailbox(Some(from.display_name), from.address)?;
    let to = mailboxes(draft, Field::To)?;
    let cc = mailboxes(draft, Field::Cc)?;
    let everybody: Vec<Address> = to.iter().chain(&cc).map(|mailbox| mailbox.email.clone()).collect();
    let envelope =
        Envelope::new(Some(sender.email.clone()), everybody).map_err(|_| NotSealable::NoRecipient)?;
    // The builder reads its own headers back: it gets what it surely can read, and a
    // date so that it does not ask the clock. The true headers replace these.
    let mut letter = Message::builder()
        .from(Mailbox::from(sender.email.clone()))
        .header(header::To::from(Mailboxes::new()))
        .date(SystemTime::UNIX_EPOCH)
        .envelope(envelope)
        .multipart(parts(draft, digest, files))
        .map_err(|_| NotSealable::Unsound("headers"))?;
    let headers: &mut Headers = letter.headers_mut();
    headers.insert_raw(people(header::From::name(), &[sender])?);
    headers.insert_raw(people(header::To::name(), &to)?);
    if !cc.is_empty() {
        headers.insert_raw(people(header::Cc::name(), &cc)?);
    }
    headers.insert_raw(HeaderValue::new(header::Date::name(), date));
    headers.set(header::Subject::from(clean_line(&draft.subject, LONGEST_SUBJECT)));
    headers.set(header::MessageId::from(message_id.to_string()));
    let sound = |id: &&MessageId| MessageId::parse(id.as_str()).is_some();
    if let Some(id) = draft.in_reply_to.as_ref().filter(sound) {
        headers.set(header::InReplyTo::from(id.to_string()));
    }
    let references: Vec<String> = draft.references.iter().filter(sound).map(MessageId::to_string).collect();
    if !references.is_empty() {
        headers.set(header::References::from(references.join(" ")));
    }
    headers.insert_raw(HeaderValue::new(LETTER, digest.to_owned()));
    Ok(letter.formatted())
}

fn mailboxes(draft: &Draft, field: Field) -> Result<Vec<Mailbox>, NotSealable> {
    draft
        .recipients
        .iter()
        .filter(|recipient| recipient.field == field)
        .map(|recipient| mailbox(recipient.address.name.as_deref(), &recipient.address.email))
        .collect()
}

/// A person or a mailbox as a header names it.
pub(crate) fn mailbox(name: Option<&str>, email: &str) -> Result<Mailbox, NotSealable> {
    let address = email.parse().map_err(|_| NotSealable::UnusableAddress(email.to_owned()))?;
    Ok(Mailbox::new(name.and_then(clean_name), address))
}

/// A header that lists people. lettre never folds such a list, and some fifty addresses
/// would make a line that servers refuse: each person is encoded alone, the list is
/// folded as words.
pub(crate) fn people(name: HeaderName, people: &[Mailbox]) -> Result<HeaderValue, NotSealable> {
    let mut list = String::new();
    for person in people {
        let mut alone = Headers::new();
        alone.set(header::To::from(Mailboxes::from(person.clone())));
        let alone = alone.to_string();
        let encoded = alone.strip_prefix("To: ").ok_or(NotSealable::Unsound("people"))?;
        if !list.is_empty() {
            list.push_str(", ");
        }
        list.push_str(encoded.replace("\r\n", "").trim());
    }
    Ok(HeaderValue::new(name, list))
}

fn parts(draft: &Draft, digest: &str, files: &[&[u8]]) -> MultiPart {
    let alternative = MultiPart::alternative()
        .boundary(boundary("text", digest))
        .singlepart(text_part(ContentType::TEXT_PLAIN, &draft.text()))
        .singlepart(text_part(ContentType::TEXT_HTML, &draft.html()));
    if draft.attachments.is_empty() {
        return alternative;
    }
    let mixed = MultiPart::mixed().boundary(boundary("files", digest)).multipart(alternative);
    draft.attachments.iter().zip(files).fold(mixed, |mixed, (attachment, file)| {
        let name = clean_name(&attachment.name).unwrap_or_else(|| "document".to_owned());
        mixed.singlepart(
            SinglePart::builder()
                .header(media_type(&attachment.media_type))
                .header(ContentDisposition::attachment(&name))
                .header(ContentTransferEncoding::Base64)
                .body(file.to_vec()),
        )
    })
}

/// Fixed by what was approved, so that the same letter has the same bytes. `=_` can
/// stand neither in quoted-printable nor in base64, hence in no part.
fn boundary(which: &str, digest: &str) -> String {
    let digest: String = digest.chars().take(32).collect();
    format!("=_greffier_{which}_{digest}")
}

/// Quoted-printable even for ASCII: it holds long lines, trailing spaces and lines that
/// begin with "From " or a dot through every server.
pub(crate) fn text_part(kind: ContentType, text: &str) -> SinglePart {
    let body = Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::QuotedPrintable)
        .unwrap_or_else(Body::new);
    SinglePart::builder().content_type(kind).body(body)
}

/// Container types would need parts of their own: such a file goes as plain bytes.
fn media_type(named: &str) -> ContentType {
    let plain = named.len() <= 100
        && named.bytes().all(|b| b.is_ascii_alphanumeric() || b"/.+-_".contains(&b))
        && !named.starts_with("multipart/")
        && !named.starts_with("message/");
    let named = if plain { named } else { "application/octet-stream" };
    ContentType::parse(named)
        .or_else(|_| ContentType::parse("application/octet-stream"))
        .unwrap_or(ContentType::TEXT_PLAIN)
}

/// Whether `bytes` are a letter.
pub(super) fn check(bytes: &[u8]) -> Result<(), &'static str> {
    check_for(bytes, NEEDED, ALLOWED)
}

/// Whether `bytes` can leave: ASCII, CR LF line ends only, no line over the limit, every needed header
/// once and none besides but the allowed ones.
pub(crate) fn check_for(bytes: &[u8], needed: &[&str], allowed: &[&str]) -> Result<(), &'static str> {
    let text = str::from_utf8(bytes).ok().filter(|text| text.is_ascii()).ok_or("not ASCII")?;
    let lines = text.strip_suffix("\r\n").ok_or("no line end at the end")?.split("\r\n");
    let mut headers: Vec<&str> = Vec::new();
    let mut in_headers = true;
    for line in lines {
        if line.len() > LONGEST_LINE {
            return Err("a line is too long");
        }
        if line.bytes().any(|b| b.is_ascii_control() && b != b'\t') {
            return Err("a control character");
        }
        in_headers = in_headers && !line.is_empty();
        if !in_headers || line.starts_with(' ') && !line.trim().is_empty() && !headers.is_empty() {
            continue;
        }
        let (name, _) = line.split_once(": ").ok_or("a header without its name")?;
        if headers.contains(&name) || !(needed.contains(&name) || allowed.contains(&name)) {
            return Err("a header that does not belong there");
        }
        headers.push(name);
    }
    if needed.iter().all(|name| headers.contains(name)) { Ok(()) } else { Err("a header is missing") }
}

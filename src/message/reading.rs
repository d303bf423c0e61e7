//! One message read from its bytes: what [`super::read`] and [`super::read_head`] do.

use super::automatic::{Signs, automatic};
use super::bodies::{self, MAX_TEXT};
use super::head::Head;
use super::parts::{self, Parts};
use super::people::{self, People};
use super::{
    Attachment, Banners, Defect, Message, MessageId, Newest, charset, ids, language, newest, subject,
};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;
use sha2::{Digest, Sha256};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Years that a Date may lie in: mail is younger, and clocks are wrong by decades.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2080;
/// What Exchange's IMAP server sends in place of a message that it cannot convert.
const NOT_CONVERTED: &str = "retrieval using the imap4 protocol failed";

/// Fields that RFC 5322 allows once.
const ONCE: [&str; 9] =
    ["from", "sender", "reply-to", "to", "cc", "message-id", "in-reply-to", "references", "subject"];

/// Reads a message; `banners` are the warnings of one's own gateways. Never panics: what cannot be
/// read is said in [`Message::defects`].
#[must_use]
pub fn read(raw: &[u8], banners: &Banners) -> Message {
    guarded(raw, false, banners)
}

/// Reads a message over the size limit, of which only the header and the first bytes are
/// known: [`Defect::TooLarge`], no attachments, the text as far as it goes.
#[must_use]
pub fn read_head(raw: &[u8], banners: &Banners) -> Message {
    guarded(raw, true, banners)
}

/// A file that came with a message, by its place among [`Message::attachments`], and its bytes.
#[must_use]
pub fn attached(raw: &[u8], place: usize) -> Option<(Attachment, Vec<u8>)> {
    let found = || {
        let (head, body_at) = Head::split(raw);
        let parts = parts::parts(&head, raw.get(body_at..).unwrap_or_default());
        let bodies = bodies::bodies(&parts);
        bodies::files(&parts, &bodies).nth(place).map(|(file, bytes)| (file, bytes.into_owned()))
    };
    catch_unwind(AssertUnwindSafe(found)).ok().flatten()
}

fn guarded(raw: &[u8], cut_off: bool, banners: &Banners) -> Message {
    // The parser has panicked on broken mail before: one mail must not stop the others.
    catch_unwind(AssertUnwindSafe(|| whole(raw, cut_off, banners))).unwrap_or_else(|_| {
        catch_unwind(AssertUnwindSafe(|| bare(raw, cut_off))).unwrap_or_else(|_| nothing(raw))
    })
}

/// Collects defects: each once, in order.
#[derive(Default)]
struct Defects(Vec<Defect>);

impl Defects {
    fn add(&mut self, defect: Defect, when: bool) {
        if when && !self.0.contains(&defect) {
            self.0.push(defect);
        }
    }

    fn sorted(mut self) -> Vec<Defect> {
        self.0.sort_unstable();
        self.0
    }
}

fn whole(raw: &[u8], cut_off: bool, banners: &Banners) -> Message {
    let (head, body_at) = Head::split(raw);
    let body = raw.get(body_at..).unwrap_or_default();
    let mut defects = Defects::default();
    let mut message = from_head(raw, &head, &mut defects);
    defects.add(Defect::TooLarge, cut_off);
    if head.is_empty() {
        defects.add(Defect::Unparsable, true);
        // No header at all: every line may be what somebody wrote.
        let (text, repaired) = charset::decode(raw.get(..MAX_TEXT).unwrap_or(raw), None);
        defects.add(Defect::CharsetRepaired, repaired);
        let text = charset::tidy(&text);
        message.text = text.get(..text.floor_char_boundary(MAX_TEXT)).unwrap_or(&text).to_owned();
    }
    let parts = if head.is_empty() { Parts::default() } else { parts::parts(&head, body) };
    defects.add(Defect::TooMuch, parts.too_much);
    let bodies = if head.is_empty() { Vec::new() } else { bodies::bodies(&parts) };
    if !head.is_empty() {
        let found = bodies::text_of(&bodies);
        defects.add(Defect::CharsetRepaired, found.repaired);
        defects.add(Defect::TooMuch, found.too_much);
        message.text = found.text;
    }
    defects.add(Defect::Encrypted, bodies::encrypted(&parts, &message.text));
    defects.add(Defect::Tnef, parts.leaves.iter().any(bodies::is_tnef));
    let said = |text: &str| {
        text.get(..text.floor_char_boundary(4_096)).unwrap_or(text).to_lowercase().contains(NOT_CONVERTED)
    };
    defects.add(Defect::NotConverted, said(&message.subject) || said(&message.text));
    if !cut_off {
        message.attachments = bodies::files(&parts, &bodies).map(|(file, _)| file).collect();
    }
    message.newest = newest::newest(&message.subject, &message.text, banners);
    message.automatic = automatic(&Signs {
        head: &head,
        parts: &parts,
        from: message.from.as_ref().map_or("", |from| from.email.as_str()),
        subject: &message.subject,
        text: &message.text,
        parents: message.in_reply_to.iter().chain(message.references.iter().rev()).collect(),
    });
    let telling = if message.newest.text.trim().is_empty() { &message.subject } else { &message.newest.text };
    message.language = language::language(telling);
    message.defects = defects.sorted();
    message
}

/// What the header alone gives.
fn from_head(raw: &[u8], head: &Head, defects: &mut Defects) -> Message {
    defects.add(Defect::TooMuch, head.too_much);
    defects.add(Defect::CharsetRepaired, head.repaired);
    defects
        .add(Defect::RepeatedHeader, ONCE.iter().any(|name| head.count(name) > 1) || head.count("date") > 1);
    let given = head.last("message-id").and_then(|value| ids::ids_in(value).into_iter().next());
    defects.add(Defect::NoMessageId, given.is_none());
    let id = given.unwrap_or_else(|| made_id(raw));
    let (in_reply_to, references, crowded) = ids::related(
        &id,
        &head.all("in-reply-to").collect::<Vec<_>>(),
        &head.all("references").collect::<Vec<_>>(),
    );
    defects.add(Defect::TooMuch, crowded);
    let mut field = |name: &str| {
        let found = people::people(head.all(name));
        defects.add(Defect::TooMuch, found.too_much);
        defects.add(Defect::CharsetRepaired, found.repaired);
        found
    };
    let (reply_to, to, cc) = (field("reply-to").list, field("to").list, field("cc").list);
    let People { list, unusable, repaired, .. } = people::people(head.last("from").into_iter());
    defects.add(Defect::CharsetRepaired, repaired);
    // One usable address beside an unusable one may be the half of a glued pair.
    let from = if unusable { None } else { list.into_iter().next() };
    defects.add(Defect::UntrustedFrom, from.is_none() || head.count("from") > 1);
    let date = head.last("date").and_then(date);
    defects.add(Defect::BadDate, date.is_none());
    let (subject, repaired) = subject::subject(head.last("subject").unwrap_or_default());
    defects.add(Defect::CharsetRepaired, repaired);
    let letter = head
        .last("x-greffier-letter")
        .map(str::trim)
        .filter(|value| (1..=128).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_graphic()));
    Message {
        id,
        in_reply_to,
        references,
        from,
        reply_to,
        to,
        cc,
        date,
        subject,
        text: String::new(),
        newest: Newest::default(),
        attachments: Vec::new(),
        automatic: None,
        language: crate::wording::Language::Fr,
        letter: letter.map(str::to_owned),
        defects: Vec::new(),
    }
}

/// After a panic: the header without what may have caused it, as plain text.
fn bare(raw: &[u8], cut_off: bool) -> Message {
    let (head, _) = Head::split(raw);
    let id = head.last("message-id").and_then(|value| ids::ids_in(value).into_iter().next());
    let from = head.last("from").and_then(|value| {
        let inner = value.rsplit_once('<').map_or(value, |(_, inner)| inner);
        people::email(inner.split('>').next().unwrap_or_default())
    });
    let mut message = nothing(raw);
    let mut defects = Defects(vec![Defect::Unparsable]);
    defects.add(Defect::NoMessageId, id.is_none());
    // Nobody should be written to on the strength of this.
    defects.add(Defect::UntrustedFrom, true);
    defects.add(Defect::BadDate, true);
    defects.add(Defect::TooLarge, cut_off);
    message.id = id.unwrap_or(message.id);
    message.from = from.map(|email| super::Address { name: None, email });
    message.subject = charset::one_line(head.last("subject").unwrap_or_default(), 500);
    message.defects = defects.sorted();
    message
}

/// When not even the header can be read: a message that only has an id.
fn nothing(raw: &[u8]) -> Message {
    let mut defects = Defects::default();
    let mut message = from_head(raw, &Head::default(), &mut defects);
    defects.add(Defect::Unparsable, true);
    message.defects = defects.sorted();
    message
}

/// An id from the bytes: the same mail gets the same one wherever it is read.
fn made_id(raw: &[u8]) -> MessageId {
    let digest = HEXLOWER.encode(&Sha256::digest(raw));
    MessageId(format!("{digest}@made.greffier.invalid"))
}

/// A date of RFC 5322, French names of months allowed; `None` if it cannot be.
pub(super) fn date(value: &str) -> Option<Timestamp> {
    const FRENCH: [(&str, &str); 14] = [
        ("janv", "Jan"),
        ("févr", "Feb"),
        ("fevr", "Feb"),
        ("mars", "Mar"),
        ("avr", "Apr"),
        ("mai", "May"),
        ("juin", "Jun"),
        ("juil", "Jul"),
        ("août", "Aug"),
        ("aout", "Aug"),
        ("sept", "Sep"),
        ("oct", "Oct"),
        ("nov", "Nov"),
        ("déc", "Dec"),
    ];
    let value = value.get(..value.floor_char_boundary(200))?.to_lowercase();
    let words = value.split_whitespace().map(|word| {
        let french = FRENCH.iter().find(|(french, _)| word.starts_with(french));
        french.map_or_else(|| word.to_owned(), |(_, english)| (*english).to_owned())
    });
    // A day of the week says nothing and may be in any language.
    let words: Vec<String> =
        words.skip_while(|word| !word.starts_with(|c: char| c.is_ascii_digit())).collect();
    let line = words.join(" ") + "\n";
    let HeaderValue::DateTime(parsed) = MessageStream::new(line.as_bytes()).parse_date() else { return None };
    if !parsed.is_valid() || !YEARS.contains(&i16::try_from(parsed.year).ok()?) {
        return None;
    }
    // Days that a month does not have pass the parser's own check.
    jiff::civil::Date::new(
        i16::try_from(parsed.year).ok()?,
        i8::try_from(parsed.month).ok()?,
        i8::try_from(parsed.day).ok()?,
    )
    .ok()?;
    Timestamp::from_second(parsed.to_timestamp()).ok()
}

//! Raw bytes → [`Message`]: ids, people, bodies, attachments, automatic or human.
//!
//! Called by intake for each mail, and by the commands that look at files. All mail is
//! hostile: [`read`] never panics, never recurses over parts and works within fixed
//! limits; what it could not read is said in [`Message::defects`]. Headers, addresses,
//! dates and encodings are mail-parser's work; which part is which is ours (`parts`),
//! since nested mail must not cost stack or quadratic time.

mod automatic;
mod bodies;
mod charset;
mod head;
mod holding;
mod html;
mod ids;
mod language;
mod leaf;
mod newest;
mod parts;
mod people;
mod reading;
mod received;
mod subject;
mod words;

pub use holding::is_holding;
pub use ids::ids_in;
pub use language::language as language_of;
pub use newest::{Banners, newest};
pub use reading::{attached, read, read_head};
pub use received::received_at;
pub use subject::{SubjectOrigin, subject_origin, thread_subject};

use crate::wording::Language;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An RFC 5322 `msg-id` without its angle brackets, at most 250 bytes, no spaces or controls.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(String);

impl MessageId {
    /// Takes an id with or without its brackets; `None` if it could not stand in a header.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(text);
        let (left, right) = inner.split_once('@')?;
        let sound = !left.is_empty()
            && !right.is_empty()
            && inner.len() <= 250
            && inner.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>');
        sound.then(|| Self(inner.to_owned()))
    }

    /// The id without brackets.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

/// A person or a mailbox: RFC 5322 `mailbox`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Address {
    /// The display name, without control or bidi characters, at most 128 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `local@domain`; the domain in lower case.
    pub email: String,
}

impl Address {
    /// The domain in lower case; empty if there is none.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.email.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether both reach the same mailbox: compared without regard to case.
    #[must_use]
    pub fn same_mailbox(&self, other: &str) -> bool {
        self.email.eq_ignore_ascii_case(other)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name} <{}>", self.email),
            None => f.write_str(&self.email),
        }
    }
}

/// One attachment: what is known of it without opening it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The file name as given, without path separators or control characters.
    pub name: String,
    /// `type/subtype` in lower case.
    pub media_type: String,
    /// Decoded bytes.
    pub size: u64,
    /// SHA-256 of the decoded bytes, in hex.
    pub sha256: String,
}

/// Why a message is automatic: nobody wrote it for us to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Automatic {
    /// A delivery report or a plain-text bounce (RFC 3464).
    Bounce {
        /// The message that it reports on, where it names one.
        original: Option<MessageId>,
        /// Whether the failure is final (5.x.x); a delay is not.
        permanent: bool,
        /// The status code, such as `5.1.1`, where given.
        status: Option<String>,
    },
    /// An answer made by a machine (RFC 3834 `auto-replied`, out of office).
    AutoReply,
    /// Made by a machine, not as an answer (`auto-generated`, a loop header, an inbox rule).
    Generated,
    /// Our own internal notice of the morning (`X-Greffier-Notice`), come back from Sent or through a list.
    Notice,
    /// From a list or in bulk (`List-Id`, `Precedence`).
    List,
    /// A calendar invitation or answer.
    Calendar,
    /// A read or delivery receipt (RFC 8098).
    Receipt,
}

/// Why a stretch of text does not count as new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CutReason {
    /// What an earlier message said.
    Quote,
    /// The sender's signature.
    Signature,
    /// A legal or confidentiality notice.
    Footer,
    /// The "external mail" warning that a gateway put in.
    Banner,
}

/// A stretch of text that was left out of the newest text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Why.
    pub reason: CutReason,
    /// The text itself, so that it can be shown.
    pub text: String,
}

/// What the sender wrote in this very message.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Newest {
    /// The text that counts.
    pub text: String,
    /// What was left out, in order.
    pub cut: Vec<Cut>,
    /// Whether this is a bare forward, whose forwarded question is the text.
    pub forwarded: bool,
}

/// What could not be read as it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Defect {
    /// No usable Message-ID; one was made from the bytes.
    NoMessageId,
    /// No usable From, or more than one From header.
    UntrustedFrom,
    /// A header field that may stand once stands several times.
    RepeatedHeader,
    /// Bytes were repaired to make text.
    CharsetRepaired,
    /// The Date is missing or impossible.
    BadDate,
    /// More parts, headers, addresses or text than the limits allow; the rest is left out.
    TooMuch,
    /// A winmail.dat, which hides its content from everybody but Outlook.
    Tnef,
    /// Encrypted: the text cannot be read here.
    Encrypted,
    /// Exchange could not convert the message and sent its own text instead.
    NotConverted,
    /// Only the header and the first bytes were fetched.
    TooLarge,
    /// The parser gave up; nothing but the raw bytes is known.
    Unparsable,
}

/// An e-mail, read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Given, or made from the SHA-256 of the raw bytes.
    pub id: MessageId,
    /// In-Reply-To, sound ids only, at most 100 with References together.
    pub in_reply_to: Vec<MessageId>,
    /// References, oldest first, without repeats or this message's own id.
    pub references: Vec<MessageId>,
    /// The author.
    pub from: Option<Address>,
    /// Where answers should go, if elsewhere.
    pub reply_to: Vec<Address>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// The sender's own date; never used for a clock.
    pub date: Option<Timestamp>,
    /// Unfolded, without controls; at most 500 characters.
    pub subject: String,
    /// The whole text: the text parts, or the HTML turned into text.
    pub text: String,
    /// What is new in it.
    pub newest: Newest,
    /// Files that came with it.
    pub attachments: Vec<Attachment>,
    /// Set when no person wrote it for us.
    pub automatic: Option<Automatic>,
    /// The language of the newest text (of the subject where there is none).
    pub language: Language,
    /// The value of our own `X-Greffier-Letter` header, where it stands.
    pub letter: Option<String>,
    /// What could not be read as it should.
    pub defects: Vec<Defect>,
}

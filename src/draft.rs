//! Approved texts + the question → [`Draft`]: recipients, subject, body, quote, headers.
//!
//! Triage calls [`prepare`]; review shows the draft, changes it ([`Draft::with_body`],
//! [`Adjustments`]) and approves its [`Draft::digest`]; [`crate::letter`]
//! builds the bytes. A draft is a plain value: the same input gives the same draft, and
//! nothing that a mail brought can become a header, a tag or a recipient by itself.

mod adjust;
mod beneath;
mod clean;
mod code;
mod compare;
mod compose;
mod head;
mod in_force;
mod markdown;
mod quote;
mod recipients;
mod references;
mod render;
mod shown;
mod subject;

pub use adjust::{Adjustment, Adjustments, Enclosed, label};
pub use code::{BadCode, Code, LONGEST_SHOWN, NoCode};
pub use compare::{Change, ChangedLine, changed, diff};
pub use compose::{Asked, UnknownEntry, compose, compose_kind, compose_known, find};
pub use in_force::find_on;
pub use markdown::escaped;
pub use quote::{LONGEST_QUOTE, Quote};
pub use recipients::MOST_RECIPIENTS;
pub use subject::reply_subject;

pub(crate) use clean::{LONGEST_SUBJECT, line as clean_line, name as clean_name, usable_address};

use crate::message::{Address, Attachment, Defect, Message, MessageId};
use crate::wording::Language;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// References keep the thread's first id and this many of the last ones.
const LAST_REFERENCES: usize = 20;

/// Which approved text a draft came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryUse {
    /// The entry's name.
    pub slug: String,
    /// The wording of it, where it has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Raised by the entry's author with each change.
    pub version: u32,
    /// SHA-256 of the entry's content. Hex.
    pub digest: String,
    /// Whether somebody approved the wording.
    pub approved: bool,
    /// From this day on the entry no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded: Option<Date>,
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Where it comes from.
    pub entry: EntryUse,
    /// A Markdown heading such as `### 1. Les exceptions`; used when there are several sections.
    pub heading: Option<String>,
    /// The text, with its variables filled in. Markdown.
    pub markdown: String,
    /// What the reviewer must still replace, as it stands in the text: `[à compléter : …]`.
    pub open_fields: Vec<String>,
    /// Files that go with it.
    pub attachments: Vec<Attachment>,
}

/// The texts that the caller chose for one draft. All Markdown but `subject`.
#[derive(Debug, Clone)]
pub struct Parts<'a> {
    /// The language of the texts.
    pub language: Language,
    /// The subject where the question has none.
    pub subject: &'a str,
    /// `Bonjour,`.
    pub salutation: &'a str,
    /// Before the sections; left out when empty or when there are none.
    pub introduction: &'a str,
    /// In the order of the questions.
    pub sections: Vec<Section>,
    /// After the sections; left out when empty or when there are none.
    pub conclusion: &'a str,
    /// `Cordialement,`.
    pub closing: &'a str,
    /// One or more lines.
    pub signature: &'a str,
    /// Whether the asker's domain says nothing about who belongs together (free mail).
    pub shared_domain: bool,
}

/// Who we are in mail.
#[derive(Debug, Clone, Copy)]
pub struct Ours<'a> {
    /// Our address, the From of our letters.
    pub address: &'a str,
    /// Other addresses that reach us.
    pub aliases: &'a [String],
    /// The display name of our From.
    pub display_name: &'a str,
}

/// The header that a recipient stands in. There is no Bcc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// To.
    To,
    /// Cc.
    Cc,
}

/// What a letter is for. Only an answer stops a question's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LetterKind {
    /// It answers what was asked.
    #[default]
    Answer,
    /// It says that the answer will come.
    Holding,
    /// It says that a deposit has arrived.
    Acknowledgement,
    /// It puts an earlier answer right.
    Correction,
    /// It hands the matter to another office, with the original attached.
    Transfer,
}

impl LetterKind {
    /// All kinds.
    pub const ALL: [Self; 5] =
        [Self::Answer, Self::Holding, Self::Acknowledgement, Self::Correction, Self::Transfer];

    /// Its name in JSON, on the command line and in wording keys.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Holding => "holding",
            Self::Acknowledgement => "acknowledgement",
            Self::Correction => "correction",
            Self::Transfer => "transfer",
        }
    }

    /// Whether it is an answer: what most letters are, and what is not written down.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        *self == Self::Answer
    }
}

/// Why somebody gets the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The question's Reply-To.
    AskerReplyTo,
    /// The question's From.
    AskerFrom,
    /// The question went to them, too.
    InToOfQuestion,
    /// The question went to them in copy.
    InCcOfQuestion,
    /// The earlier letter went to them.
    GotEarlierLetter,
    /// The config names them for what is handed over.
    Office,
    /// A reviewer wrote to them first.
    ChosenByReviewer,
}

/// Why a recipient needs an explicit confirmation when the letter is approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unusual {
    /// Their domain is not the asker's.
    OtherDomain,
    /// The asker's domain is one that strangers share.
    SharedDomain,
    /// They never wrote in the thread, and no earlier mail of it went to them.
    NewToThread,
    /// The mail has several senders, or none that can be trusted.
    DoubtfulSender,
}

/// Somebody who gets the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Who.
    pub address: Address,
    /// Where they stand.
    pub field: Field,
    /// Why.
    pub reason: Reason,
    /// Why a person must look twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unusual: Option<Unusual>,
}

/// What waits for a person's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What the letter is for.
    #[serde(default, skip_serializing_if = "LetterKind::is_answer")]
    pub kind: LetterKind,
    /// The language of the letter.
    pub language: Language,
    /// To and Cc.
    pub recipients: Vec<Recipient>,
    /// Who would have been a recipient: unusable address, or too many.
    pub left_out: Vec<Address>,
    /// One line, at most 250 characters.
    pub subject: String,
    /// What the reviewer reads and edits. Markdown with LF line ends.
    pub body: String,
    /// The question, beneath the body.
    pub quote: Option<Quote>,
    /// The question's id, if it brought one.
    pub in_reply_to: Option<MessageId>,
    /// The thread's ids, oldest first, the question's last.
    pub references: Vec<MessageId>,
    /// The texts that the body came from.
    pub entries: Vec<EntryUse>,
    /// The texts of the English version beneath it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub english: Vec<EntryUse>,
    /// What still must be replaced in the body, as it stands there.
    pub open_fields: Vec<String>,
    /// Whether a text that nobody approved is in it: the letter says so in its first line.
    pub sample: bool,
    /// Files that go with it; their bytes are given when it is sealed.
    pub attachments: Vec<Attachment>,
    /// What a reviewer decided beside the text; it is in the fields above already.
    #[serde(default, skip_serializing_if = "Adjustments::is_empty")]
    pub adjustments: Adjustments,
}

/// Whether `email` reaches us.
#[must_use]
pub fn is_ours(email: &str, ours: &Ours<'_>) -> bool {
    let email = email.trim();
    email.eq_ignore_ascii_case(ours.address.trim())
        || ours.aliases.iter().any(|alias| email.eq_ignore_ascii_case(alias.trim()))
}

/// Whether the mail is for our information: we stand in Cc and not in To.
#[must_use]
pub fn only_in_cc(question: &Message, ours: &Ours<'_>) -> bool {
    let among = |people: &[Address]| people.iter().any(|person| is_ours(&person.email, ours));
    among(&question.cc) && !among(&question.to)
}

/// Prepares the answer to `question`.
///
/// `earlier` holds the other mails of the thread, oldest first; `zone` is the time zone
/// of the quoted moment.
#[must_use]
pub fn prepare(
    question: &Message,
    earlier: &[&Message],
    parts: &Parts<'_>,
    ours: &Ours<'_>,
    zone: &TimeZone,
) -> Draft {
    let (recipients, left_out) = recipients::recipients(question, earlier, ours, parts.shared_domain);
    // Two questions with the same answer get it once.
    let mut sections: Vec<&Section> = Vec::new();
    for section in &parts.sections {
        let known = |other: &&Section| {
            (&other.entry.slug, &other.entry.variant) == (&section.entry.slug, &section.entry.variant)
        };
        if !sections.iter().any(known) {
            sections.push(section);
        }
    }
    let mut attachments: Vec<Attachment> = Vec::new();
    for attachment in sections.iter().flat_map(|section| &section.attachments) {
        if !attachments.contains(attachment) {
            attachments.push(attachment.clone());
        }
    }
    let (in_reply_to, references) = thread_ids(question);
    let draft = Draft {
        kind: LetterKind::Answer,
        language: parts.language,
        recipients,
        left_out,
        subject: reply_subject(&question.subject, parts.subject),
        body: String::new(),
        quote: quote::quote(question, parts.language, zone),
        in_reply_to,
        references,
        entries: sections.iter().map(|section| section.entry.clone()).collect(),
        english: Vec::new(),
        open_fields: sections.iter().flat_map(|section| section.open_fields.clone()).collect(),
        sample: sections.iter().any(|section| !section.entry.approved),
        attachments,
        adjustments: Adjustments::default(),
    };
    draft.with_body(&body(parts, &sections))
}

fn body(parts: &Parts<'_>, sections: &[&Section]) -> String {
    let mut blocks = vec![parts.salutation.to_owned()];
    if !sections.is_empty() {
        blocks.push(markdown::unwrapped(parts.introduction));
    }
    for section in sections {
        if sections.len() > 1
            && let Some(heading) = &section.heading
        {
            blocks.push(clean::line(heading, clean::LONGEST_SUBJECT));
        }
        blocks.push(markdown::unwrapped(&section.markdown));
    }
    if !sections.is_empty() {
        blocks.push(markdown::unwrapped(parts.conclusion));
    }
    blocks.push(parts.closing.to_owned());
    blocks.push(parts.signature.to_owned());
    let blocks: Vec<&str> = blocks
        .iter()
        .map(|block| block.trim_matches(['\n', '\r']))
        .filter(|block| !block.trim().is_empty())
        .collect();
    format!("{}\n", blocks.join("\n\n"))
}

/// In-Reply-To and References (RFC 5322, 3.6.4). A question without an id of its own
/// has none that its sender's program could know.
fn thread_ids(question: &Message) -> (Option<MessageId>, Vec<MessageId>) {
    let own = (!question.defects.contains(&Defect::NoMessageId)).then(|| question.id.clone());
    let before = if question.references.is_empty() { &question.in_reply_to } else { &question.references };
    let mut ids: Vec<MessageId> = Vec::new();
    for id in before.iter().filter(|id| **id != question.id).chain(&own) {
        if MessageId::parse(id.as_str()).is_some() && !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    if ids.len() > LAST_REFERENCES + 1 {
        ids.drain(1..ids.len() - LAST_REFERENCES);
    }
    (own, ids)
}

impl Draft {
    /// A letter that answers nothing: a text of a reviewer's to somebody of their choice. French, as
    /// the desk is, unless the text is English.
    #[must_use]
    pub fn first(recipient: Recipient, subject: &str, body: &str) -> Self {
        let draft = Self {
            kind: LetterKind::Answer,
            language: crate::message::language_of(body),
            recipients: vec![recipient],
            left_out: Vec::new(),
            subject: subject.to_owned(),
            body: String::new(),
            quote: None,
            in_reply_to: None,
            references: Vec::new(),
            entries: Vec::new(),
            english: Vec::new(),
            open_fields: Vec::new(),
            sample: false,
            attachments: Vec::new(),
            adjustments: Adjustments::default(),
        };
        draft.with_body(body)
    }

    /// The same draft with another body; fields that no longer stand in it are filled in.
    #[must_use]
    pub fn with_body(&self, body: &str) -> Self {
        let body = clean::block(body);
        let mut open_fields: Vec<String> = Vec::new();
        for field in &self.open_fields {
            // Cleaned like the body, or a mark with a hidden character would pass as filled in.
            let field = clean::block(field);
            if body.contains(field.as_str()) && !open_fields.contains(&field) {
                open_fields.push(field);
            }
        }
        Self { body, open_fields, ..self.clone() }
    }

    /// The recipients that need an explicit confirmation.
    pub fn unusual(&self) -> impl Iterator<Item = &Recipient> {
        self.recipients.iter().filter(|recipient| recipient.unusual.is_some())
    }
}

#[cfg(test)]
mod tests;

//! Approved draft → sealed bytes.
//!
//! A [`Letter`] is all that an outbox takes from a thread, and nothing but an approval
//! makes one: its fields are private, [`seal`] refuses a draft that is not the one that
//! was approved, and bytes read back from disk become a letter again only if they still
//! have the seal that was approved. Recipients, subject, body, Message-ID and Date are
//! fixed here, so every attempt sends the very same bytes.

mod compose;
pub mod message_id;

pub(crate) use compose::{check_for, mailbox, people, text_part};

use crate::draft::{self, Draft, Ours};
use crate::message::MessageId;
use data_encoding::HEXLOWER;
use jiff::{Timestamp, ZonedDateTime};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A person's decision that a draft may leave as they saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who decided.
    pub reviewer: String,
    /// The thread's number.
    pub thread: u64,
    /// The thread's version that they saw.
    pub version: u64,
    /// The [`Draft::digest`] of what they saw. Hex.
    pub digest: String,
    /// When.
    pub at: Timestamp,
}

/// What an approval fixed about a letter; kept in the journal. Only [`seal`] makes one, or the
/// journal that kept it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// SHA-256 of the final bytes, in hex.
    sha256: String,
    /// SHA-256 of what the reviewer saw: recipients, subject, body, attachments. Hex.
    digest: String,
    /// The letter's own Message-ID.
    message_id: MessageId,
    /// Envelope sender (RFC 5321 reverse-path).
    envelope_from: String,
    /// Envelope recipients (RFC 5321 forward-paths).
    recipients: Vec<String>,
}

impl Seal {
    /// SHA-256 of the final bytes, in hex.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// SHA-256 of what the reviewer saw: recipients, subject, body, attachments. Hex.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The letter's own Message-ID.
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
}

/// A sealed letter: the very bytes that leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    seal: Seal,
    bytes: Vec<u8>,
}

/// The bytes are not the ones that were approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the letter's bytes do not match the approved seal")]
pub struct BrokenSeal;

/// Why a draft cannot become a letter. The messages hold nothing of its content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSealable {
    /// The draft is not the one that the approval names: show it again.
    #[error("the draft has changed since it was approved")]
    OtherDraft,
    /// Nobody stands in To: whoever asked cannot be answered by mail.
    #[error("the draft has no recipient")]
    NoRecipient,
    /// These marks must be replaced first.
    #[error("the draft has open fields")]
    OpenFields(Vec<String>),
    /// The body is empty.
    #[error("the draft has no text")]
    NoText,
    /// No letter can go to (or, for our own, come from) this address.
    #[error("the draft has an address that no letter can carry")]
    UnusableAddress(String),
    /// The bytes given for this attachment are missing or not the ones that were approved.
    #[error("the bytes of an attachment are not the approved ones")]
    OtherAttachment(String),
    /// The date cannot stand in a header (RFC 5322 knows the years from 0 to 9999).
    #[error("the date cannot stand in a header")]
    BadDate,
    /// The finished bytes break a rule of RFC 5322; a fault of ours, the letter must not leave.
    #[error("the letter would not be a sound message ({0})")]
    Unsound(&'static str),
}

/// Builds the letter that `approval` allows. The same input gives the same bytes.
///
/// `files` holds the bytes of the draft's attachments, in their order; `message_id`
/// comes from [`message_id::issue`]; `date` becomes the Date header, with its offset.
///
/// Whether the approval was right (texts without approval, superseded entries, unusual
/// recipients, the reviewer's role) is decided before, where the thread is known.
///
/// # Errors
/// See [`NotSealable`].
pub fn seal(
    approval: &Approval,
    draft: &Draft,
    from: &Ours<'_>,
    message_id: MessageId,
    date: &ZonedDateTime,
    files: &[&[u8]],
) -> Result<Letter, NotSealable> {
    let digest = draft.digest();
    if approval.digest != digest {
        return Err(NotSealable::OtherDraft);
    }
    if !draft.recipients.iter().any(|recipient| recipient.field == draft::Field::To) {
        return Err(NotSealable::NoRecipient);
    }
    if !draft.open_fields.is_empty() {
        return Err(NotSealable::OpenFields(draft.open_fields.clone()));
    }
    if draft.body.trim().is_empty() {
        return Err(NotSealable::NoText);
    }
    let mut recipients: Vec<String> = Vec::new();
    for recipient in &draft.recipients {
        let email = &recipient.address.email;
        if !draft::usable_address(email) || draft::is_ours(email, from) {
            return Err(NotSealable::UnusableAddress(email.clone()));
        }
        if !recipients.iter().any(|known| known.eq_ignore_ascii_case(email)) {
            recipients.push(email.clone());
        }
    }
    if !draft::usable_address(from.address) {
        return Err(NotSealable::UnusableAddress(from.address.to_owned()));
    }
    for (number, attachment) in draft.attachments.iter().enumerate() {
        let sound = files.get(number).is_some_and(|file| {
            file.len() as u64 == attachment.size
                && HEXLOWER.encode(&Sha256::digest(file)) == attachment.sha256
        });
        if !sound {
            return Err(NotSealable::OtherAttachment(attachment.name.clone()));
        }
    }
    let bytes = compose::compose(draft, &digest, from, &message_id, date, files)?;
    compose::check(&bytes).map_err(NotSealable::Unsound)?;
    let seal = Seal {
        sha256: HEXLOWER.encode(&Sha256::digest(&bytes)),
        digest,
        message_id,
        envelope_from: from.address.to_owned(),
        recipients,
    };
    Ok(Letter { seal, bytes })
}

impl Letter {
    /// Takes sealed bytes back from disk.
    ///
    /// # Errors
    /// If one byte has changed since the approval.
    pub fn reopen(seal: Seal, bytes: Vec<u8>) -> Result<Self, BrokenSeal> {
        let sha256 = HEXLOWER.encode(&Sha256::digest(&bytes));
        if sha256 == seal.sha256 { Ok(Self { seal, bytes }) } else { Err(BrokenSeal) }
    }

    /// What the approval fixed.
    #[must_use]
    pub fn seal(&self) -> &Seal {
        &self.seal
    }

    /// The final bytes, with CR LF line ends.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests;

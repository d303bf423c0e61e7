//! Approved draft → sealed bytes.
//!
//! A [`Letter`] is the only thing that an outbox takes, and nothing but an approval
//! makes one: its fields are private, and bytes read back from disk become a letter
//! again only if they still have the seal that was approved.

use crate::message::MessageId;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What an approval fixed about a letter; kept in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// SHA-256 of the final bytes, in hex.
    pub sha256: String,
    /// SHA-256 of what the reviewer saw: recipients, subject, body, attachments. Hex.
    pub digest: String,
    /// The letter's own Message-ID.
    pub message_id: MessageId,
    /// Envelope sender (RFC 5321 reverse-path).
    pub envelope_from: String,
    /// Envelope recipients (RFC 5321 forward-paths).
    pub recipients: Vec<String>,
}

/// A sealed letter: the very bytes that leave.
#[derive(Debug, Clone)]
pub struct Letter {
    seal: Seal,
    bytes: Vec<u8>,
}

/// The bytes are not the ones that were approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the letter's bytes do not match the approved seal")]
pub struct BrokenSeal;

impl Letter {
    /// Takes sealed bytes back from disk.
    ///
    /// # Errors
    /// If one byte has changed since the approval.
    pub fn reopen(seal: Seal, bytes: Vec<u8>) -> Result<Self, BrokenSeal> {
        let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
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

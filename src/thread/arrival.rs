//! A message as the journal learns of it: from them, or from us.

use super::BlobKey;
use crate::message::Message;
use crate::organisation::Counterpart;
use serde::{Deserialize, Serialize};

/// From them or from us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Received.
    Incoming,
    /// Found in Sent, or sent by us.
    Outgoing,
}

/// Where a message lay when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The mailbox: our address.
    pub mailbox: String,
    /// The folder.
    pub folder: String,
    /// `UIDVALIDITY:UID`, or the unique name of a Maildir.
    pub mark: String,
}

/// How people reached us, or we them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Medium {
    /// E-mail.
    #[default]
    Mail,
    /// Telephone.
    Telephone,
    /// A meeting.
    Meeting,
    /// A letter on paper, a form, another mailbox…
    Other,
}

impl Medium {
    /// All but e-mail.
    pub const SPOKEN: [Self; 3] = [Self::Telephone, Self::Meeting, Self::Other];

    /// Its name in JSON, on the command line and in wording keys.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Telephone => "telephone",
            Self::Meeting => "meeting",
            Self::Other => "other",
        }
    }

    fn is_mail(&self) -> bool {
        *self == Self::Mail
    }
}

/// A message that came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Its raw bytes.
    pub blob: BlobKey,
    /// Bytes of the whole message, as the server says.
    pub size: u64,
    /// Where it lay.
    pub place: Place,
    /// Who writes.
    pub counterpart: Counterpart,
    /// What was read, without the whole text and what was cut (both are in the blob).
    pub message: Message,
    /// Older than the day from which mail gets drafts.
    pub history: bool,
    /// How it reached us; of what did not come by mail, the message is a reviewer's record.
    #[serde(default, skip_serializing_if = "Medium::is_mail")]
    pub medium: Medium,
}

impl Arrival {
    /// Whether a person wrote it and it could be read.
    #[must_use]
    pub fn is_human(&self) -> bool {
        self.message.automatic.is_none()
    }
}

/// A message found in Sent that we did not make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Its raw bytes.
    pub blob: BlobKey,
    /// Bytes of the whole message.
    pub size: u64,
    /// Where it lay.
    pub place: Place,
    /// The side that it went to.
    pub counterpart: Counterpart,
    /// What was read, without the whole text and what was cut.
    pub message: Message,
}

//! What an attempt can come to, and where.

use super::Cause;
use serde::{Deserialize, Serialize};

/// Where in the conversation with the server something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Connection, TLS and greeting.
    Connect,
    /// Log-in.
    Login,
    /// MAIL FROM.
    MailFrom,
    /// RCPT TO.
    RcptTo,
    /// DATA, up to the final dot.
    Data,
    /// After the final dot: the server has the letter and has not said what it does with it.
    AfterDot,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// The server took the letter; its words.
    Accepted {
        /// The 250 answer, one line, at most 500 characters.
        reply: String,
    },
    /// Not sent, and worth trying again: a 4xx answer, or no connection.
    Deferred {
        /// Where.
        phase: Phase,
        /// Why.
        cause: Cause,
        /// The server's words, or the technical side of what failed; may be empty.
        reply: String,
    },
    /// Not sent, and trying again will not help: a 5xx answer.
    Refused {
        /// Where.
        phase: Phase,
        /// Why.
        cause: Cause,
        /// The server's words, or the technical side of what failed; may be empty.
        reply: String,
    },
    /// Nobody knows: the line went quiet or dead after the final dot.
    Unknown {
        /// Why.
        cause: Cause,
        /// The technical side of what failed; may be empty.
        reply: String,
    },
}

impl Verdict {
    /// Its kind, for logs.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Deferred { .. } => "deferred",
            Self::Refused { .. } => "refused",
            Self::Unknown { .. } => "unknown",
        }
    }
}

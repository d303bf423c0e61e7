//! What is said and heard, whatever the service.

use crate::draft::escaped;
use std::time::Duration;

/// A message of ours.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Say {
    /// As plain text, for whoever shows no other.
    pub plain: String,
    /// The same as HTML, of a few tags.
    pub html: String,
}

/// A message, or a sign, of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The room.
    pub room: String,
    /// Who, in the service's own word for it.
    pub person: String,
    /// The service's number of the message.
    pub message: String,
    /// The message to which it belongs: the head of its thread, or what a sign was put on.
    pub about: Option<String>,
    /// How long ago, by the service's clock.
    pub age: Duration,
    /// What.
    pub what: What,
}

/// What was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Words, typed there by that person, as they stand.
    Words(String),
    /// A sign put on a message: an emoji.
    Sign(String),
}

/// What a service told since the last time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// From where to ask the next time.
    pub next: String,
    /// What was said, in order.
    pub heard: Vec<Heard>,
    /// Rooms to which the bot was invited, and by whom.
    pub invited: Vec<(String, String)>,
    /// Rooms whose messages the bot cannot read.
    pub encrypted: Vec<String>,
    /// Rooms that were given up for others, or which the bot had to leave.
    pub gone: Vec<String>,
}

/// Why a service did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It does not answer, or is not well: later.
    #[error("it does not answer: {0}")]
    Unreachable(String),
    /// It wants to be left alone for so long.
    #[error("it asks for a pause of {0:?}")]
    Limited(Duration),
    /// It does not know us any more: the operator's to mend.
    #[error("it refuses the token: {0}")]
    Unauthorised(String),
    /// It says no to this one thing.
    #[error("it refuses: {0}")]
    Refused(String),
    /// What it says cannot be understood.
    #[error("its answer does not hold: {0}")]
    Unsound(String),
    /// The file of the token cannot be read.
    #[error("the token cannot be read: {0}")]
    Token(std::io::Error),
}

impl Say {
    /// Lines, as they stand: whatever they hold is text.
    #[must_use]
    pub fn lines(lines: &[String]) -> Self {
        Self { plain: lines.join("\n"), html: escaped(&lines.join("\n")) }
    }

    /// The same with a text of several lines beneath, set apart.
    #[must_use]
    pub fn quoting(self, text: &str) -> Self {
        let quoted: Vec<String> = text.lines().map(|line| format!("> {line}")).collect();
        Self {
            plain: format!("{}\n{}", self.plain, quoted.join("\n")),
            html: format!("{}<blockquote>{}</blockquote>", self.html, escaped(text.trim_end())),
        }
    }

    /// The same with further lines beneath.
    #[must_use]
    pub fn then(self, lines: &[String]) -> Self {
        let more = Self::lines(lines);
        Self {
            plain: format!("{}\n{}", self.plain, more.plain),
            html: format!("{}<br>{}", self.html, more.html),
        }
    }
}

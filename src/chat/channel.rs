//! The contract of chat services: what the desk says and hears, whatever the service.
//!
//! A new service is one new file with a [`Channel`] in it. It puts a [`Say`] into its own shape (HTML here,
//! a card with buttons there) and tells what a person typed or clicked, under the identity that the service
//! itself vouches for.

use crate::config::Room;
/// Text for a service that shows HTML: as in a letter.
pub(super) use crate::draft::escaped;
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::time::Duration;

/// A chat service, as one of its users or as a program that may only speak.
pub trait Channel: Send + Sync + 'static {
    /// The name of its drawer in the store, and in the log.
    const NAME: &'static str;
    /// Whether what was said can be changed in its place.
    const CHANGES: bool;

    /// The team's rooms.
    fn rooms(&self) -> &[Room];

    /// What people type to call the bot.
    fn names(&self) -> Vec<String>;

    /// What happened since `since`; waits for a while if nothing did. Without `since` nothing is told but
    /// from where to ask: whatever was said before the first start is nobody's command. A service that
    /// tells nothing never answers.
    ///
    /// # Errors
    /// As [`Fault`].
    fn news(&self, since: Option<&str>) -> impl Future<Output = Result<News, Fault>> + Send;

    /// Says something in a room; beneath `about`, if it belongs to a message. Gives its number. Asked
    /// again with the same `txn` it is said once, if the service can tell.
    ///
    /// # Errors
    /// As [`Fault`].
    fn say(
        &self,
        room: &str,
        txn: &str,
        say: &Say,
        about: Option<&str>,
    ) -> impl Future<Output = Result<String, Fault>> + Send;

    /// Puts other words in the place of what was said, as [`Channel::say`].
    ///
    /// # Errors
    /// As [`Fault`].
    fn change(
        &self,
        room: &str,
        txn: &str,
        message: &str,
        say: &Say,
    ) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Enters a room to which it was invited.
    ///
    /// # Errors
    /// As [`Fault`].
    fn join(&self, room: &str) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Leaves a room, or declines to enter it.
    ///
    /// # Errors
    /// As [`Fault`].
    fn leave(&self, room: &str) -> impl Future<Output = Result<(), Fault>> + Send;

    /// The team's room of this identity.
    fn room(&self, id: &str) -> Option<&Room> {
        self.rooms().iter().find(|room| room.id == id)
    }
}

/// A message of ours. Whatever it holds is text, never markup.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Say {
    /// From top to bottom.
    pub parts: Vec<Part>,
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// A line.
    Line(String),
    /// A text of several lines, set apart.
    Quote(String),
    /// Where the console shows it.
    Link(String),
    /// What somebody can do about it.
    Button {
        /// What stands on it.
        label: String,
        /// What whoever presses it says.
        command: String,
        /// A line that tells what to type, where there are no buttons.
        told: String,
    },
}

/// A message, or a sign, of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The room.
    pub room: String,
    /// Who, by the identity that the service vouches for.
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
    /// Words, typed there by that person, as they stand; or those of a button.
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
    /// Rooms in which more was said than is told here.
    pub missed: Vec<String>,
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
    #[error("it refuses our credential: {0}")]
    Unauthorised(String),
    /// It says no to this one thing.
    #[error("it refuses: {0}")]
    Refused(String),
    /// What it says cannot be understood.
    #[error("its answer does not hold: {0}")]
    Unsound(String),
    /// The file of the token, or of the address, cannot be read.
    #[error("the credential cannot be read: {0}")]
    Credential(std::io::Error),
}

impl Say {
    /// Lines, as they stand.
    #[must_use]
    pub fn lines(lines: &[String]) -> Self {
        Self { parts: lines.iter().cloned().map(Part::Line).collect() }
    }

    /// The same with one more part beneath.
    #[must_use]
    pub fn with(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }
}

//! What can be found of a thread: its texts with where they stand, its people, its moments.
//!
//! Made from the journal, the same way for the index and for the lines that show a hit: what is shown is
//! what the thread holds now.

use crate::config::Config;
use crate::draft::{Draft, Ours, is_ours};
use crate::message::{Address, Attachment, Message};
use crate::thread::{Event, Recorded, Thread};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Bytes of the longest text that is looked at; what comes after is found by nobody.
const LONGEST_TEXT: usize = 100_000;

/// Bytes of all texts of a thread; a thread of such a length is a flood, and nobody searches in it.
const LONGEST_THREAD: usize = 4 << 20;

/// Where in a thread a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The number of the thread, or a subject.
    Subject,
    /// A message received.
    Message,
    /// A letter that left, or an answer given outside.
    Letter,
    /// The draft as it stands.
    Draft,
    /// What a reviewer noted or gave as a reason.
    Note,
    /// The name of a file.
    Attachment,
    /// Names and addresses.
    Correspondent,
}

impl Place {
    /// Whether a word counts for more here.
    pub(super) fn is_subject(self) -> bool {
        self == Self::Subject
    }
}

/// One text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    pub place: Place,
    pub text: String,
}

/// A thread as searches see it.
#[derive(Debug, Clone)]
pub(super) struct Content {
    pub thread: Thread,
    /// Each text once, by its place.
    pub parts: BTreeSet<Part>,
    /// Bytes that may still be added.
    left: usize,
    /// Everybody but the daemon who did something.
    pub people: BTreeSet<String>,
    /// When its messages came or left; never empty.
    pub moments: BTreeSet<Timestamp>,
}

impl Content {
    /// A thread with its events.
    pub fn of(thread: Thread, events: Vec<Recorded>, config: &Config) -> Self {
        let moments = thread.messages.iter().map(|line| line.occurred);
        let moments = moments.chain(thread.sent.iter().map(|letter| letter.at));
        let moments = moments.chain([thread.received]).collect();
        let mut content =
            Self { thread, parts: BTreeSet::new(), left: LONGEST_THREAD, people: BTreeSet::new(), moments };
        content.add(Place::Subject, &format!("{} {}", content.thread.id, content.thread.subject));
        let organisation = content.thread.counterpart.name.clone();
        content.add(Place::Correspondent, &organisation);
        let ours = config.mailbox.ours();
        for recorded in events {
            content.take(recorded, &ours);
        }
        content
    }

    /// The entries that answer its questions, or are suggested.
    pub fn entries(&self) -> BTreeSet<&str> {
        let answering = self.thread.questions.iter().flat_map(|question| &question.entries);
        answering.chain(&self.thread.suggestions).map(String::as_str).collect()
    }

    /// When the last message came or left.
    pub fn latest(&self) -> Timestamp {
        self.moments.last().copied().unwrap_or(self.thread.received)
    }

    fn take(&mut self, recorded: Recorded, ours: &Ours<'_>) {
        if recorded.actor.name != "bot" {
            self.people.insert(recorded.actor.name);
        }
        if let Some(arrival) = recorded.event.arrival() {
            self.message(Place::Message, &arrival.message, ours);
        }
        if let Some(outgoing) = recorded.event.outgoing() {
            self.message(Place::Letter, &outgoing.message, ours);
        }
        match &recorded.event {
            Event::NoteAdded { text: note }
            | Event::AwaitingAsker { reason: note }
            | Event::ReceivedCorrected { reason: note, .. }
            | Event::AnsweredOtherwise { summary: note, .. } => self.add(Place::Note, note),
            Event::ClosedWithoutReply(reason) => self.add(Place::Note, &reason.text),
            _ => {}
        }
        let is_present = self.thread.draft == Some(recorded.seq);
        if let Some(draft) = recorded.event.into_draft() {
            self.draft(&draft, is_present);
        }
    }

    fn message(&mut self, place: Place, message: &Message, ours: &Ours<'_>) {
        self.add(Place::Subject, &message.subject);
        self.add(place, &message.newest.text);
        self.attachments(&message.attachments);
        for address in message.from.iter().chain(&message.reply_to).chain(&message.to).chain(&message.cc) {
            // Our own address stands in every message.
            if !is_ours(&address.email, ours) {
                self.correspondent(address);
            }
        }
    }

    /// A draft counts as it stands, and as it left; what it was in between, nobody looks for.
    fn draft(&mut self, draft: &Draft, is_present: bool) {
        let digest = draft.digest();
        let place = if self.thread.sent.iter().any(|letter| letter.digest == digest) {
            Place::Letter
        } else if is_present {
            Place::Draft
        } else {
            return;
        };
        self.add(Place::Subject, &draft.subject);
        self.add(place, &draft.body_text());
        self.attachments(&draft.attachments);
        for recipient in &draft.recipients {
            self.correspondent(&recipient.address);
        }
    }

    fn attachments(&mut self, attachments: &[Attachment]) {
        for attachment in attachments {
            self.add(Place::Attachment, &attachment.name);
        }
    }

    fn correspondent(&mut self, address: &Address) {
        self.add(Place::Correspondent, &address.to_string());
    }

    fn add(&mut self, place: Place, text: &str) {
        let most = text.floor_char_boundary(LONGEST_TEXT.min(self.left));
        let text = text.get(..most).unwrap_or_default().trim();
        if !text.is_empty() && self.parts.insert(Part { place, text: text.to_owned() }) {
            self.left -= text.len();
        }
    }
}

//! What reviewers taught: an index over the events, in the order of the journal.

use super::{Fault, Journal, Writer};
use crate::classify::Label;
use crate::thread::{Event, Recorded, ThreadId};
use crate::wording::Language;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A wording that a reviewer put under a label, and that was not withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// The number of the event: what `examples withdraw` takes.
    pub id: u64,
    /// The thread whose question it is.
    pub thread: ThreadId,
    /// What it asks.
    pub label: Label,
    /// Its language.
    pub language: Language,
    /// Its text.
    pub text: String,
    /// The event that brought the question.
    pub question: u64,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Learned {
    /// What the classifier learns of it.
    #[must_use]
    pub fn taught(self) -> (Label, Language, String) {
        (self.label, self.language, self.text)
    }
}

impl Journal {
    /// All that reviewers taught and nobody withdrew or purged.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn learned(&self) -> Result<Vec<Learned>, Fault> {
        self.trees.examples.iter().values().map(|bytes| Ok(serde_json::from_slice(&bytes?)?)).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn learned_by_id(&self, id: u64) -> Result<Option<Learned>, Fault> {
        let bytes = self.trees.examples.get(id.to_be_bytes())?;
        bytes.map(|bytes| Ok(serde_json::from_slice(&bytes)?)).transpose()
    }
}

impl Writer<'_> {
    /// What an event changes in what was taught; the same at a rebuild.
    pub(super) fn index_example(&mut self, recorded: &Recorded) -> Result<(), Fault> {
        match &recorded.event {
            Event::ExampleAdded { label, language, text, question } => {
                let learned = Learned {
                    id: recorded.seq,
                    thread: recorded.thread,
                    label: label.clone(),
                    language: *language,
                    text: text.clone(),
                    question: *question,
                    by: recorded.actor.name.clone(),
                    at: recorded.recorded,
                };
                self.examples.insert(&recorded.seq.to_be_bytes(), serde_json::to_vec(&learned)?);
            }
            Event::ExampleWithdrawn { example } | Event::ExampleAdopted { example } => {
                self.examples.remove(&example.to_be_bytes());
            }
            _ => {}
        }
        Ok(())
    }
}

//! Questions that the library does not answer and that several organisations ask: entries to write.

use super::Report;
use crate::classify::{Mail, Model};
use crate::journal::Fault;
use crate::message::Message;
use crate::thread::{Event, Question, Thread, ThreadId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// From so many organisations on a matter is worth an entry.
const FEWEST: usize = 3;
/// The last so many questions are compared: each with each.
const MOST: usize = 1_000;

/// A matter that the library lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingEntry {
    /// Words that most of the questions share, strongest first.
    pub words: Vec<String>,
    /// How many organisations asked.
    pub organisations: usize,
    /// The questions: thread and number in it, in the order of the threads.
    pub questions: Vec<(ThreadId, u32)>,
}

impl Report {
    /// The matters that three or more organisations asked about and no entry answers; most organisations first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn gaps(&self, model: &Model) -> Result<Vec<MissingEntry>, Fault> {
        let mut found: Vec<(ThreadId, u32, String, Message)> = Vec::new();
        for thread in self.journal.threads() {
            let Thread { id, counterpart, questions, .. } = thread?;
            for question in questions.iter().filter(|question| is_unanswered_by_the_library(question)) {
                let recorded = self.journal.event(question.seq)?;
                if let Some(Event::Received(arrival)) = recorded.map(|recorded| recorded.event) {
                    found.push((id, question.number, counterpart.key.clone(), arrival.message));
                }
            }
        }
        found.drain(..found.len().saturating_sub(MOST));
        let mails: Vec<Mail<'_>> = found.iter().map(|(.., message)| Mail::of(message)).collect();
        let mut missing: Vec<MissingEntry> = model
            .gaps(&mails)
            .into_iter()
            .map(|gap| {
                let of: Vec<_> = gap.questions.iter().filter_map(|place| found.get(*place)).collect();
                let organisations: BTreeSet<&str> = of.iter().map(|(_, _, key, _)| key.as_str()).collect();
                MissingEntry {
                    words: gap.words,
                    organisations: organisations.len(),
                    questions: of.iter().map(|(thread, number, ..)| (*thread, *number)).collect(),
                }
            })
            .filter(|missing| missing.organisations >= FEWEST)
            .collect();
        missing.sort_by(|a, b| b.organisations.cmp(&a.organisations).then(a.questions.cmp(&b.questions)));
        Ok(missing)
    }
}

/// Whether a question was classified and no entry went, or would go, into its answer.
fn is_unanswered_by_the_library(question: &Question) -> bool {
    question.counts && question.level.is_some() && question.entries.is_empty()
}

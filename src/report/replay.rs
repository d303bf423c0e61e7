//! What another library would have made of past mail: looked at before it goes live.
//!
//! Reads only. Each past question is read with both models; where a person approved a letter
//! or chose an entry, that says which of the two was right.

use super::Report;
use crate::classify::{Classification, Kind, Level, Mail, Model};
use crate::journal::Fault;
use crate::thread::{Event, Question, ThreadId};
use crate::wording::{Wording, key};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Whether a change is one for the better, as far as people have decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// What people sent is suggested now, and was not before.
    Better,
    /// What people sent was suggested, and would not be any more.
    Worse,
    /// Nobody decided, or both are right or wrong.
    Different,
}

/// What a library makes of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Whether it asks anything.
    pub kind: Kind,
    /// How sure.
    pub level: Level,
    /// The entries for the draft.
    pub suggestions: Vec<String>,
}

impl Reading {
    /// In a few words: how sure, and which entries.
    #[must_use]
    pub fn line(&self, wording: &Wording) -> String {
        let entries = self.suggestions.join(", ");
        let level = match entries.is_empty() {
            true => wording.text(&format!("kind-{}", key(&self.kind))),
            false => wording.text(&format!("level-{}", key(&self.level))),
        };
        format!("{level} {entries}").trim_end().to_owned()
    }
}

/// A question that would be read in another way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Its thread.
    pub thread: ThreadId,
    /// Its number in the thread.
    pub question: u32,
    /// What people sent; empty where nobody approved a letter.
    pub sent: Vec<String>,
    /// With the library in force.
    pub before: Reading,
    /// With the other one.
    pub after: Reading,
    /// Better, worse, or only different.
    pub verdict: Verdict,
}

/// What would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replayed {
    /// Questions that were read.
    pub read: usize,
    /// Those that would be read in another way, in the order of the threads.
    pub changed: Vec<Changed>,
}

impl Report {
    /// Reads the last `most` questions with the library in force and with another one.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn replay(&self, before: &Model, after: &Model, most: usize) -> Result<Replayed, Fault> {
        let mut questions: Vec<(ThreadId, Question)> = Vec::new();
        for thread in self.journal.threads().rev() {
            let thread = thread?;
            questions.extend(thread.questions.into_iter().map(|question| (thread.id, question)));
            if questions.len() >= most {
                questions.truncate(most);
                break;
            }
        }
        questions.reverse();
        let read = questions.len();
        let changed = questions
            .into_par_iter()
            .filter_map(|(thread, question)| self.compare(thread, &question, before, after).transpose())
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Replayed { read, changed })
    }

    fn compare(
        &self,
        thread: ThreadId,
        question: &Question,
        before: &Model,
        after: &Model,
    ) -> Result<Option<Changed>, Fault> {
        let Some(Event::Received(arrival)) = self.journal.event(question.seq)?.map(|recorded| recorded.event)
        else {
            return Ok(None);
        };
        let mail = Mail::of(&arrival.message);
        let [before, after] = [before, after].map(|model| reading(model.decide(&mail)));
        if before == after {
            return Ok(None);
        }
        let sent = if question.approved.is_some() { question.entries.clone() } else { Vec::new() };
        let verdict = verdict(&sent, &before, &after);
        Ok(Some(Changed { thread, question: question.number, sent, before, after, verdict }))
    }
}

fn reading(found: Classification) -> Reading {
    Reading { kind: found.kind, level: found.level, suggestions: found.suggestions }
}

/// Only the first entry is compared: it decides what the draft begins with.
fn verdict(sent: &[String], before: &Reading, after: &Reading) -> Verdict {
    let Some(right) = sent.first() else { return Verdict::Different };
    match [before, after].map(|reading| reading.suggestions.first() == Some(right)) {
        [false, true] => Verdict::Better,
        [true, false] => Verdict::Worse,
        _ => Verdict::Different,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_say_what_is_better() {
        let reading = |entries: &[&str]| Reading {
            kind: Kind::Question,
            level: Level::Unsure,
            suggestions: entries.iter().map(ToString::to_string).collect(),
        };
        let (a, b, none) = (reading(&["a"]), reading(&["b"]), reading(&[]));
        let sent = ["a".to_owned()];
        assert_eq!(verdict(&sent, &b, &a), Verdict::Better);
        assert_eq!(verdict(&sent, &none, &a), Verdict::Better);
        assert_eq!(verdict(&sent, &a, &none), Verdict::Worse);
        assert_eq!(verdict(&sent, &b, &none), Verdict::Different);
        assert_eq!(verdict(&[], &b, &a), Verdict::Different);
    }
}

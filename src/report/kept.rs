//! What reports compute once and keep: a line for every question, for as long as the process lives.
//!
//! It follows the journal: what has happened since the last look is computed again, thread by thread,
//! from the views. Nothing of it is stored. A report as of another moment is computed from the events.

use super::histogram::Durations;
use super::question::{Beyond, ResponseTime};
use crate::calendar::Calendar;
use crate::config::Target;
use crate::journal::{Fault, Journal, LetterOutcome};
use crate::thread::{Thread, ThreadId};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Events of one step when catching up.
const BATCH: usize = 10_000;

/// The lines of each thread, up to an event.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// The last event that was looked at; `None` before the first look.
    seq: Option<u64>,
    threads: BTreeMap<ThreadId, Vec<Result<ResponseTime, Beyond>>>,
    /// The answers that were seen: the event that brought the question, and when it was answered.
    seen: BTreeSet<(u64, Timestamp)>,
    /// Those seen after the first look.
    answers: Durations,
}

impl Kept {
    /// As the events alone tell it that the journal had taken by `moment`.
    pub fn as_of(
        journal: &Journal,
        calendar: &Calendar,
        target: &Target,
        moment: Timestamp,
    ) -> Result<Self, Fault> {
        let mut kept = Self::default();
        for thread in journal.folded_until(moment)? {
            kept.put(&thread, &of_thread(journal, &thread)?, calendar, target);
        }
        Ok(kept)
    }

    /// Takes in what has happened since the last look.
    pub fn catch_up(&mut self, journal: &Journal, calendar: &Calendar, target: &Target) -> Result<(), Fault> {
        let Some(mut seq) = self.seq else {
            // The number first: what is written meanwhile is looked at once more.
            let last = journal.last();
            let letters = journal.letter_outcomes()?;
            self.threads.clear();
            for thread in journal.threads() {
                let thread = thread?;
                self.put(&thread, &of_numbers(&letters, &thread), calendar, target);
                self.see(&thread, false);
            }
            self.seq = Some(last);
            return Ok(());
        };
        loop {
            let touched = journal.touched(seq, BATCH)?;
            if touched.last == seq {
                return Ok(());
            }
            for id in touched.threads {
                match journal.thread(id)?.filter(|thread| thread.id == id) {
                    Some(thread) => {
                        self.put(&thread, &of_thread(journal, &thread)?, calendar, target);
                        self.see(&thread, true);
                    }
                    // Taken over: its questions stand in the thread that goes on.
                    None => drop(self.threads.remove(&id)),
                }
            }
            seq = touched.last;
            self.seq = Some(seq);
        }
    }

    fn put(&mut self, thread: &Thread, letters: &[LetterOutcome], calendar: &Calendar, target: &Target) {
        let lines = ResponseTime::of_thread(thread, letters, calendar, target);
        if lines.is_empty() || thread.merged_into.is_some() {
            self.threads.remove(&thread.id);
        } else {
            self.threads.insert(thread.id, lines);
        }
    }

    /// Takes note of the answers of a thread; `new` says whether they were given after the first look. What is
    /// imported with its answer was not given now.
    fn see(&mut self, thread: &Thread, new: bool) {
        let answered = thread.questions.iter().filter_map(|of| Some((of, of.answer.as_ref()?.at)));
        for (question, at) in answered {
            let mut lines = self.threads.get(&thread.id).into_iter().flatten().flatten();
            let Some(line) = lines.find(|line| line.question == question.number) else { continue };
            if self.seen.insert((question.seq, at)) && new && !question.history {
                self.answers.add(line);
            }
        }
    }

    /// The answers given since the first look.
    pub fn answers(&self) -> &Durations {
        &self.answers
    }

    /// Lets the open questions grow older.
    pub fn grow_older(&mut self, calendar: &Calendar, now: Timestamp) {
        self.threads.values_mut().flatten().flatten().for_each(|line| line.grow_older(calendar, now));
    }

    /// All lines, by thread.
    pub fn lines(&self) -> impl Iterator<Item = &Result<ResponseTime, Beyond>> {
        self.threads.values().flatten()
    }
}

/// The letters of a thread and of those it took over, from their events.
fn of_thread(journal: &Journal, thread: &Thread) -> Result<Vec<LetterOutcome>, Fault> {
    if thread.sent.is_empty() { Ok(Vec::new()) } else { journal.letter_outcomes_of(thread) }
}

/// The same from the index of all.
fn of_numbers(letters: &BTreeMap<ThreadId, Vec<LetterOutcome>>, thread: &Thread) -> Vec<LetterOutcome> {
    thread.numbers().filter_map(|number| letters.get(&number)).flatten().cloned().collect()
}

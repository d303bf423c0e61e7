//! What waits, in the order in which it should be looked at.

use super::{Desk, Summary};
use crate::calendar::Watch;
use crate::journal::Fault;
use crate::thread::{Event, State, Thread, ThreadId};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::time::Duration;
use tokio::sync::watch;

/// More lines than this nobody reads; the newest ones of an ended state are shown.
const MOST: usize = 100;

/// A thread of the queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueLine {
    /// The thread.
    #[serde(flatten)]
    pub summary: Summary,
    /// Business time for which its oldest open question has waited; `None` beyond the years of the calendar.
    pub age: Option<Duration>,
    /// Whether its last business day for an answer is over.
    pub late: bool,
    /// Files that came with the last message of a person.
    pub attachments: usize,
}

/// The lines of a state, and how many threads there are in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    /// At most a hundred: oldest first while somebody waits for an answer, else newest first.
    pub lines: Vec<QueueLine>,
    /// All of them.
    pub count: usize,
}

impl Desk {
    /// The threads in a state.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn queue(&self, state: State) -> Result<Counted, Fault> {
        let counts = self.journal.counts()?;
        let count = counts.into_iter().find(|(of, _)| *of == state).map_or(0, |(_, count)| count);
        let ids = self.journal.in_state(state);
        let ids: Vec<ThreadId> = match is_over(state) {
            true => ids.rev().take(MOST).collect::<Result<_, _>>()?,
            false => ids.take(MOST).collect::<Result<_, _>>()?,
        };
        let mut lines = Vec::new();
        for id in ids {
            let Some(thread) = self.journal.thread(id)? else { continue };
            lines.push(self.queue_line(&thread)?);
        }
        if !is_over(state) {
            lines.sort_by_key(|line| (Reverse(line.age), line.summary.received));
        }
        let summaries = self.mark_suspended(lines.iter().map(|line| line.summary.clone()).collect())?;
        for (line, summary) in lines.iter_mut().zip(summaries) {
            line.summary = summary;
        }
        Ok(Counted { lines, count })
    }

    fn queue_line(&self, thread: &Thread) -> Result<QueueLine, Fault> {
        let summary = self.summary(thread);
        let now = self.journal.clock().now();
        let age = Watch::of_thread(thread, &self.calendar).at(now);
        let event = match thread.last_human() {
            Some(line) => self.journal.event(line.seq)?.map(|recorded| recorded.event),
            None => None,
        };
        let arrival = event.as_ref().and_then(Event::arrival);
        Ok(QueueLine {
            age: age.ok().map(|taken| Duration::from_secs(taken.business_seconds)),
            late: !is_over(thread.state) && self.config.desk.target.is_late(thread, &self.calendar, now),
            attachments: arrival.map_or(0, |arrival| arrival.message.attachments.len()),
            summary,
        })
    }

    /// The threads of the same state with the numbers before and after this one.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn around(&self, id: ThreadId, state: State) -> Result<(Option<ThreadId>, Option<ThreadId>), Fault> {
        self.journal.around(id, state)
    }

    /// The version of a thread and its state.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn standing_of(&self, id: ThreadId) -> Result<Option<(u64, State)>, Fault> {
        Ok(self.journal.thread(id)?.map(|thread| (thread.version, thread.state)))
    }

    /// Rings after every write, with the number of the last event.
    #[must_use]
    pub fn bell(&self) -> watch::Receiver<u64> {
        self.journal.bell()
    }
}

/// Whether nobody waits for anything in this state.
fn is_over(state: State) -> bool {
    matches!(state, State::Answered | State::Closed | State::Transferred | State::SetAside)
}

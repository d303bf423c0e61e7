//! The desk's own record: decisions that belong to no thread, under the number 0.
//!
//! They are events of the one chain like any other, so a backup holds them and `verify` walks them. There
//! is no view of them to be made again: they are few, and read anew each time.

use super::{Fault, Journal, What, Writer, chain};
use crate::thread::{self, Actor, DESK, Event, OnItsWay, Proposed, Recorded, State, Suspensions, WrongTurn};

impl Journal {
    /// The entries that nobody may send now.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn suspensions(&self) -> Result<Suspensions, Fault> {
        Ok(Suspensions::after(&self.events_of(DESK)?))
    }

    /// The wordings that were proposed, oldest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn proposals(&self) -> Result<Vec<Proposed>, Fault> {
        Ok(thread::proposals(&self.events_of(DESK)?))
    }

    /// Whether a letter that waits may have left already: an attempt is known whose outcome is not, or the
    /// store was made from a backup since its approval. Only a person can tell then, and nothing may
    /// be made of it that could send it a second time.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn may_have_left(&self, letter: &OnItsWay) -> Result<bool, Fault> {
        let last = self.sending().last(&letter.seal).map(|last| (last.what, last.at));
        let attempted = last.is_some_and(|(what, _)| !matches!(what, What::NotSent | What::Resend));
        // What a restored store has noted itself since then, it knows: a person's order counts.
        let forgotten = self
            .restored()?
            .is_some_and(|restored| letter.at < restored && last.is_none_or(|(_, at)| at < restored));
        Ok(attempted || forgotten)
    }
}

impl Writer<'_> {
    /// Appends an event that belongs to the desk and to no thread; its number.
    ///
    /// # Errors
    /// [`Fault::WrongTurn`] for an event of a thread; nothing is appended then.
    pub fn append_to_desk(&mut self, actor: Actor, event: Event) -> Result<u64, Fault> {
        if !event.is_of_the_desk() {
            return Err(WrongTurn { state: State::Closed, event: event.name() }.into());
        }
        let recorded = self.recorded(DESK, actor, self.now(), event);
        self.add(&recorded)?;
        Ok(recorded.seq)
    }
}

/// Whether an event stands in the desk's own record, where no thread is made of it.
///
/// # Errors
/// If it is an event of a thread.
pub(super) fn is_of_the_desk(recorded: &Recorded) -> Result<bool, Fault> {
    match (recorded.thread, recorded.event.is_of_the_desk()) {
        (DESK, false) => Err(Fault::Damaged(format!("event {}: not of the desk", recorded.seq))),
        (DESK, true) => Ok(true),
        // A thread refuses what is the desk's by itself.
        _ => Ok(false),
    }
}

/// The folder of an export in which the content of an event lies.
pub(super) fn folder(record: &chain::Record) -> String {
    match record.thread {
        DESK => "desk".to_owned(),
        thread => format!("threads/{thread}"),
    }
}

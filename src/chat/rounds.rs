//! What time brings: the list of the morning, and alerts, each once.

use super::talk::Say;
use super::{Stopped, Talk};
use crate::journal;
use crate::thread::{State, Thread};
use jiff::civil::Date;
use std::fmt::Display;
use std::time::Duration;

/// Threads in the morning's list; the others are counted.
const LISTED: usize = 20;
/// For how long the mailbox may be out of reach before the team hears of it.
const LOST: jiff::SignedDuration = jiff::SignedDuration::from_mins(15);

impl Talk {
    /// Says what is due now.
    pub(super) async fn rounds(&self) -> Result<(), Stopped> {
        let now = self.now();
        let local = now.to_zoned_datetime(self.chat.calendar.zone().clone());
        let open = self.chat.calendar.day(local.date());
        let is_open = open.is_some_and(|(from, to)| (from..to).contains(&now));
        if open.is_some() && self.settings.digest.is_some_and(|at| local.time() >= at) {
            let key = "morning";
            if self.drawer().get::<Date>(key)?.is_none_or(|last| last < local.date()) {
                // Kept first: a list that a kill swallows is not worth a second one.
                self.drawer().set(key, &local.date())?;
                self.say_to_all(&format!("morning-{}", local.date()), &self.list()?).await?;
            }
        }
        for state in [State::Uncertain, State::Failed] {
            for thread in self.in_state(state)? {
                let seal = thread.letter.as_ref().map_or("", |letter| letter.seal.as_str());
                self.alert(
                    &format!("{state} {} {seal}", thread.id),
                    &format!("chat-alert-{state}"),
                    &thread.id,
                )
                .await?;
            }
        }
        if let Some(lost) = self.chat.journal.mailbox_lost()?
            && now.duration_since(lost.since) > LOST
        {
            let since =
                self.chat.wording.moment(&lost.since.to_zoned_datetime(self.chat.calendar.zone().clone()));
            self.alert(&format!("mailbox {}", lost.since), "chat-alert-mailbox", &since).await?;
        }
        // A question becomes late with a day, so a look a day finds them all.
        if is_open && self.drawer().get::<Date>("late")?.is_none_or(|last| last < local.date()) {
            for thread in self.in_state(State::ToReview)? {
                if self.is_late(&thread) {
                    self.alert(&format!("late {}", thread.id), "chat-alert-late", &thread.id).await?;
                }
            }
            self.drawer().set("late", &local.date())?;
        }
        Ok(())
    }

    /// Says it in every room, once.
    async fn alert(&self, what: &str, text: &str, value: &(dyn Display + Sync)) -> Result<(), Stopped> {
        let key = format!("alert {what}");
        if self.drawer().get::<bool>(&key)?.is_some() {
            return Ok(());
        }
        let lines = [self.chat.wording.with(text, &[("value", value)])];
        self.say_to_all(&key.replace([' ', '/', '|'], "-"), &lines).await?;
        Ok(self.drawer().set(&key, &true)?)
    }

    async fn say_to_all(&self, txn: &str, lines: &[String]) -> Result<(), Stopped> {
        for room in &self.settings.matrix.rooms {
            let said = self.matrix.say(&room.id, txn, &Say::lines(lines), None).await;
            self.shrug(&room.id, said.map(drop))?;
        }
        Ok(())
    }

    /// The open questions, oldest business age first.
    fn list(&self) -> Result<Vec<String>, Stopped> {
        let now = self.now();
        let mut open: Vec<(Duration, Thread)> = Vec::new();
        for state in [State::ToReview, State::ToSign, State::Uncertain, State::Failed] {
            for thread in self.in_state(state)? {
                let received = thread.open_questions().map(|question| question.received).min();
                let since = received.unwrap_or(thread.received);
                open.push((self.chat.calendar.business_between(since, now).unwrap_or_default(), thread));
            }
        }
        open.sort_by(|(one, a), (other, b)| other.cmp(one).then(a.id.cmp(&b.id)));
        let wording = &self.chat.wording;
        let mut lines = vec![wording.with("chat-morning", &[("count", &open.len())])];
        lines.extend(open.iter().take(LISTED).map(|(age, thread)| {
            format!("{} · {}", self.press(|press| press.head(thread)), wording.duration(*age))
        }));
        if open.len() > LISTED {
            lines.push(wording.with("chat-morning-more", &[("count", &(open.len() - LISTED))]));
        }
        Ok(lines)
    }

    fn in_state(&self, state: State) -> Result<Vec<Thread>, journal::Fault> {
        let journal = &self.chat.journal;
        let threads = journal.in_state(state).map(|id| journal.thread(id?)).filter_map(Result::transpose);
        threads.collect()
    }

    /// Whether the last business day for an answer is over.
    fn is_late(&self, thread: &Thread) -> bool {
        self.chat.config.desk.target.is_late(thread, &self.chat.calendar, self.now())
    }
}

//! What time brings: the list of the morning, and alerts, each once.

use super::channel::{Channel, Say};
use super::{Stopped, Talk, kept};
use crate::config::{Credential, Room};
use crate::journal;
use crate::thread::{State, Thread};
use jiff::civil::Date;
use std::fmt::Display;
use std::time::Duration;

/// Threads in the morning's list; the others are counted.
const LISTED: usize = 20;
/// So many days before something ends the team hears of it, and when it has ended.
const STEPS: [i64; 4] = [30, 7, 1, -1];
/// For how long the mailbox may be out of reach before the team hears of it.
const LOST: jiff::SignedDuration = jiff::SignedDuration::from_mins(15);

impl<C: Channel> Talk<C> {
    /// Says what is due now.
    pub(super) async fn rounds(&self) -> Result<(), Stopped> {
        self.failures().await?;
        let today = self.chat.calendar.date_of(self.now());
        if self.is_quiet() || !self.chat.calendar.is_open(self.now()) {
            return Ok(());
        }
        if self.settings.digest.is_some_and(|at| self.local_time() >= at) {
            let rooms = self.settings.digest_rooms.as_deref();
            self.say_once(&format!("morning-{today}"), rooms, || self.list()).await?;
        }
        self.ends(today).await?;
        // A question becomes late with a day, so a look a day finds them all.
        if self.drawer().get::<Date>("late")?.is_none_or(|last| last < today) {
            for thread in self.in_state(State::ToReview)? {
                if self.is_late(&thread) {
                    self.alert(&format!("late {}", thread.id), "chat-alert-late", &[("id", &thread.id)])
                        .await?;
                }
            }
            self.drawer().set("late", &today)?;
        }
        Ok(())
    }

    /// What cannot wait for the morning.
    async fn failures(&self) -> Result<(), Stopped> {
        for state in [State::Uncertain, State::Failed] {
            for thread in self.in_state(state)? {
                let seal = thread.letter.as_ref().map_or("", |letter| letter.seal.as_str());
                let text = format!("chat-alert-{state}");
                self.alert(&format!("{state} {} {seal}", thread.id), &text, &[("id", &thread.id)]).await?;
            }
        }
        if let Some(lost) = self.chat.journal.mailbox_lost()?
            && self.now().duration_since(lost.since) > LOST
        {
            let since = lost.since.to_zoned_datetime(self.chat.calendar.zone().clone());
            let since = self.chat.wording.moment(&since);
            self.alert(&format!("mailbox {}", lost.since), "chat-alert-mailbox", &[("since", &since)])
                .await?;
        }
        Ok(())
    }

    /// What comes to its end soon: once for each step towards it.
    async fn ends(&self, today: Date) -> Result<(), Stopped> {
        for Credential { name, until } in &self.chat.credentials {
            let left = today.duration_until(*until).as_hours() / 24;
            let Some(step) = STEPS.iter().rev().find(|step| left <= **step) else { continue };
            let values: [(&str, &(dyn Display + Sync)); 2] = [("name", name), ("day", until)];
            let text = if left < 0 { "chat-alert-ended" } else { "chat-alert-ends" };
            self.alert(&format!("credential {name} {until} {step}"), text, &values).await?;
        }
        Ok(())
    }

    /// Says it in the rooms of alerts, once.
    async fn alert(
        &self,
        what: &str,
        text: &str,
        values: &[(&str, &(dyn Display + Sync))],
    ) -> Result<(), Stopped> {
        let values: Vec<(&str, &dyn Display)> = values.iter().map(|(name, of)| (*name, *of as _)).collect();
        let line = self.chat.wording.with(text, &values);
        // What is told may name things of the config: no place for them in an address.
        let txn = format!("alert-{}", kept::mark(what, &Say::default()));
        self.say_once(&txn, self.settings.alert_rooms.as_deref(), || Ok(vec![line.clone()])).await
    }

    /// Says it in these rooms, in each of them once; a room that refuses is asked again in the next round.
    async fn say_once(
        &self,
        txn: &str,
        rooms: Option<&[String]>,
        lines: impl Fn() -> Result<Vec<String>, Stopped>,
    ) -> Result<(), Stopped> {
        let wanted = |room: &&Room| rooms.is_none_or(|rooms| rooms.contains(&room.id));
        for room in self.channel.rooms().iter().filter(wanted) {
            let key = format!("said {txn} {}", room.id);
            if self.drawer().get::<bool>(&key)?.is_some() {
                continue;
            }
            match self.channel.say(&room.id, txn, &Say::lines(&lines()?), None).await {
                Ok(_) => self.drawer().set(&key, &true)?,
                Err(fault) => self.shrug(&room.id, Err(fault))?,
            }
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

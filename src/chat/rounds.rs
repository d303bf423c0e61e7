//! What time brings: the list of the morning, and alerts, each once.

use super::card::Press;
use super::channel::{Channel, Fault, Say};
use super::kept::{self, Late};
use super::{Stopped, Talk};
use crate::calendar::Watch;
use crate::config::{Credential, Room};
use crate::thread::{Event, Recorded, State, Thread, ThreadId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// Threads in a list; the others are counted.
const LISTED: usize = 20;
/// So many days before something ends the team hears of it; the nearest first.
const STEPS: [i64; 3] = [1, 7, 30];
/// How often late questions are looked for.
const EVERY: Duration = Duration::from_secs(3600);
/// For how long the mailbox may be out of reach before the team hears of it.
const LOST: SignedDuration = SignedDuration::from_mins(15);

impl<C: Channel> Talk<C> {
    /// Says what is due now.
    pub(super) async fn rounds(&self) -> Result<(), Stopped> {
        let (now, calendar) = (self.now(), &self.chat.calendar);
        if self.is_quiet() || !calendar.is_open(now) {
            return Ok(());
        }
        let today = calendar.date_of(now);
        if self.settings.digest.is_some_and(|at| self.local_time() >= at) {
            let rooms = self.settings.digest_rooms.as_deref();
            self.say_once("morning", &today.to_string(), rooms, || self.list()).await?;
        }
        self.ends(today).await?;
        self.late(now).await
    }

    /// What cannot wait, neither for the morning nor for the cards.
    pub(super) async fn failures(&self) -> Result<(), Stopped> {
        for state in [State::Uncertain, State::Failed] {
            for thread in self.in_state(state)? {
                // Each time that it comes to this anew.
                let is_it = |recorded: &Recorded| {
                    matches!(recorded.event, Event::SendUncertain { .. } | Event::SendFailed { .. })
                };
                let seq = self.chat.journal.events(&thread)?.into_iter().rfind(is_it).map(|of| of.seq);
                let what = format!("{state} {} {}", thread.id, seq.unwrap_or_default());
                self.alert(&what, &format!("chat-alert-{state}"), &[("id", &thread.id)]).await?;
            }
        }
        let lost = self.chat.journal.mailbox_lost()?;
        // What an earlier process could not reach may be well since.
        let lost = lost.filter(|lost| lost.tried.is_some_and(|tried| tried >= self.started_at));
        if let Some(lost) = lost.filter(|lost| self.now().duration_since(lost.since) > LOST) {
            let since = self.moment(lost.since);
            self.alert(&format!("mailbox {}", lost.since), "chat-alert-mailbox", &[("since", &since)])
                .await?;
        }
        Ok(())
    }

    /// What comes to its end soon: once for each step towards it. A step that falls on days off is said before.
    async fn ends(&self, today: Date) -> Result<(), Stopped> {
        let next =
            self.chat.calendar.next_business_day(today).unwrap_or_else(|| today.saturating_add(1.day()));
        for Credential { name, until } in &self.chat.credentials {
            let is_due = |step: &&i64| until.saturating_sub((**step).days()) < next;
            let (text, step) = match STEPS.iter().find(is_due) {
                _ if *until < today => ("chat-alert-ended", -1),
                Some(step) => ("chat-alert-ends", *step),
                None => continue,
            };
            let values: [(&str, &(dyn Display + Sync)); 2] = [("name", name), ("day", until)];
            self.alert(&format!("credential {name} {until} {step}"), text, &values).await?;
        }
        Ok(())
    }

    /// The questions that have passed their target, in one line; once each in each room. Looked for every hour,
    /// after what had come while no process ran was read.
    async fn late(&self, now: Timestamp) -> Result<(), Stopped> {
        let is_read = self.chat.journal.last_reading()?.is_some_and(|began| began >= self.started_at);
        let looked = *self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_read || looked.is_some_and(|looked| looked.elapsed() < EVERY) {
            return Ok(());
        }
        let target = &self.chat.config.desk.target;
        let mut late = BTreeSet::new();
        for state in [State::ToReview, State::ToSign] {
            for thread in self.in_state(state)? {
                let questions = target.late(&thread, &self.chat.calendar, now);
                late.extend(questions.map(|question| (thread.id, question.seq)));
            }
        }
        for room in self.rooms_among(self.settings.alert_rooms.as_deref()) {
            self.tell_late(room, &late).await?;
        }
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        Ok(())
    }

    async fn tell_late(&self, room: &Room, late: &BTreeSet<(ThreadId, u64)>) -> Result<(), Stopped> {
        let key = format!("late {}", room.id);
        let mut known: Late = self.drawer().get(&key)?.unwrap_or_default();
        known.told.retain(|question| late.contains(question));
        // What a kill cut off is said as it was begun.
        if known.under_way.is_empty() {
            known.under_way = late.difference(&known.told).copied().collect();
            known.count += 1;
            if known.under_way.is_empty() {
                return Ok(());
            }
            self.drawer().set_synced(&key, &known)?;
        }
        let threads: BTreeSet<ThreadId> = known.under_way.iter().map(|(thread, _)| *thread).collect();
        let numbers: Vec<String> = threads.iter().take(LISTED).map(ToString::to_string).collect();
        let values: [(&str, &dyn Display); 2] = [("numbers", &numbers.join(", ")), ("count", &threads.len())];
        let say = Say::lines(&[self.chat.wording.with("chat-alert-late", &values)]);
        let txn = self.txn(&format!("late {} {}", room.id, known.count))?;
        match self.channel.say(&room.id, &txn, &say, None).await {
            Ok(_) => known.told.append(&mut known.under_way),
            Err(fault @ Fault::Refused(_)) => {
                self.shrug(&room.id, Err(fault))?;
                known.under_way.clear();
            }
            Err(fault) => return Err(fault.into()),
        }
        Ok(self.drawer().set(&key, &known)?)
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
        let mark = kept::mark(what, &Say::default());
        let rooms = self.settings.alert_rooms.as_deref();
        self.say_once(&format!("alert {mark}"), "", rooms, || Ok(vec![line.clone()])).await
    }

    /// Says it in these rooms, in each of them once for each `time`; a room that refuses is asked again in the
    /// next round.
    async fn say_once(
        &self,
        what: &str,
        time: &str,
        rooms: Option<&[String]>,
        lines: impl Fn() -> Result<Vec<String>, Stopped>,
    ) -> Result<(), Stopped> {
        for room in self.rooms_among(rooms) {
            let key = format!("said {what} {}", room.id);
            if self.drawer().get::<String>(&key)?.is_some_and(|said| said == time) {
                continue;
            }
            let txn = self.txn(&format!("{what} {time} {}", room.id))?;
            match self.channel.say(&room.id, &txn, &Say::lines(&lines()?), None).await {
                Ok(_) => self.drawer().set(&key, &time)?,
                Err(fault) => self.shrug(&room.id, Err(fault))?,
            }
        }
        Ok(())
    }

    /// The team's rooms, or those of them that are named; none that has refused a short while ago.
    fn rooms_among<'t>(&'t self, named: Option<&'t [String]>) -> impl Iterator<Item = &'t Room> {
        let rooms = self.channel.rooms().iter();
        let wanted = move |room: &&Room| named.is_none_or(|named| named.contains(&room.id));
        rooms.filter(wanted).filter(|room| !self.is_refusing(&room.id))
    }

    /// The open questions, oldest business age first.
    fn list(&self) -> Result<Vec<String>, Stopped> {
        let now = self.now();
        let mut open: Vec<(Duration, Thread)> = Vec::new();
        for state in State::WAITING {
            for thread in self.in_state(state)? {
                let age = Watch::of_thread(&thread, &self.chat.calendar).at(now);
                let seconds = age.map(|taken| taken.business_seconds).unwrap_or_default();
                open.push((Duration::from_secs(seconds), thread));
            }
        }
        open.sort_by(|(one, a), (other, b)| other.cmp(one).then(a.id.cmp(&b.id)));
        let wording = &self.chat.wording;
        let mut lines = vec![wording.with("chat-morning", &[("count", &open.len())])];
        let told = |press: &Press<'_>| {
            let line = |(age, thread): &(Duration, Thread)| {
                format!("{} · {}", press.head(thread), wording.duration(*age))
            };
            open.iter().take(LISTED).map(line).collect::<Vec<_>>()
        };
        lines.extend(self.press(told)?);
        if open.len() > LISTED {
            lines.push(wording.with("chat-morning-more", &[("count", &(open.len() - LISTED))]));
        }
        Ok(lines)
    }
}

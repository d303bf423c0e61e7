//! The cards of threads: one in each room, brought up to date as events come in.

use super::channel::{Channel, Fault, Say};
use super::kept::{self, Counted, Posted, Recent, UnderWay};
use super::{Stopped, Talk};
use crate::config::Room;
use crate::journal::blocking;
use crate::thread::{State, Thread, ThreadId};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Events looked at in one go.
const BATCH: usize = 50;
/// In a room, more new cards than this within [`BURST`] make one that counts them.
const MANY: usize = 10;
const BURST: SignedDuration = SignedDuration::from_mins(10);

impl<C: Channel> Talk<C> {
    /// Brings the cards of threads up to date; says whether there may be more.
    pub(super) async fn follow(&self) -> Result<bool, Stopped> {
        let Some(seq) = self.drawer().get::<u64>("seq")? else {
            // What was there before the chat has no cards.
            self.drawer().set("seq", &self.chat.journal.last())?;
            return Ok(true);
        };
        let journal = Arc::clone(&self.chat.journal);
        let touched = blocking(move || journal.touched(seq, BATCH)).await?;
        if touched.last == seq {
            return Ok(false);
        }
        for id in touched.threads {
            for room in self.channel.rooms() {
                self.show_in(room, id).await?;
            }
        }
        if touched.suspensions {
            self.show_again().await?;
        }
        self.drawer().set("seq", &touched.last)?;
        Ok(true)
    }

    /// The cards that wait for a decision: what may be sent has changed, though their threads have not.
    async fn show_again(&self) -> Result<(), Stopped> {
        for thread in self.in_state(State::ToReview)? {
            for room in self.channel.rooms() {
                let posted: Option<Posted> = self.drawer().get(&kept::card(&room.id, thread.id))?;
                if posted.is_some_and(|posted| posted.message.is_some()) {
                    self.show_in(room, thread.id).await?;
                }
            }
        }
        Ok(())
    }

    /// Shows what came in a quiet time once it is over, and what a room has refused once it may take it.
    pub(super) async fn catch_up(&self) -> Result<(), Stopped> {
        for room in self.channel.rooms() {
            for id in self.waiting(room)? {
                if self.is_quiet() || self.is_refusing(&room.id) {
                    break;
                }
                self.show_in(room, id).await?;
            }
        }
        Ok(())
    }

    /// The threads whose cards in a room are behind, in the order in which they are tried.
    fn waiting(&self, room: &Room) -> Result<Vec<ThreadId>, Stopped> {
        Ok(self.drawer().get(&format!("waiting {}", room.id))?.unwrap_or_default())
    }

    /// Brings the card of a thread in a room up to date, or notes that it is behind.
    async fn show_in(&self, room: &Room, id: ThreadId) -> Result<(), Stopped> {
        let is_shown = match self.is_refusing(&room.id) {
            true => false,
            false => match self.try_to_show(room, id).await {
                Err(Stopped::Service(fault @ Fault::Refused(_))) => {
                    self.shrug(&room.id, Err(fault))?;
                    false
                }
                shown => shown?,
            },
        };
        let before = self.waiting(room)?;
        let mut after: Vec<ThreadId> = before.iter().copied().filter(|other| *other != id).collect();
        if !is_shown {
            // Behind the others: what is refused for ever keeps none of them up.
            after.push(id);
        }
        if after != before {
            self.drawer().set(&format!("waiting {}", room.id), &after)?;
        }
        Ok(())
    }

    /// Whether the card of a thread in a room is up to date, or needs none; if not, it waits.
    async fn try_to_show(&self, room: &Room, id: ThreadId) -> Result<bool, Stopped> {
        let Some(thread) = self.chat.journal.thread(id)? else { return Ok(true) };
        if thread.id == id {
            self.show(room, &thread).await
        } else {
            self.show_merged(room, id, thread.id).await
        }
    }

    /// What went on in another thread says so, and shows no letter any more.
    async fn show_merged(&self, room: &Room, id: ThreadId, into: ThreadId) -> Result<bool, Stopped> {
        let key = kept::card(&room.id, id);
        if let Some(posted) = self.drawer().get::<Posted>(&key)?.filter(|posted| !posted.counted) {
            let values: [(&str, &dyn std::fmt::Display); 2] = [("id", &id), ("into", &into)];
            let say = Say::lines(&[self.chat.wording.with("chat-card-merged", &values)]);
            self.post(room, &key, posted, &say).await?;
        }
        Ok(true)
    }

    async fn show(&self, room: &Room, thread: &Thread) -> Result<bool, Stopped> {
        let key = kept::card(&room.id, thread.id);
        let posted: Option<Posted> = self.drawer().get(&key)?;
        if posted.as_ref().is_some_and(|posted| posted.counted) {
            return Ok(true);
        }
        if posted.is_none() {
            if !wants_card(thread) {
                return Ok(true);
            }
            if self.is_quiet() {
                return Ok(false);
            }
            if self.is_counted(room, thread.id).await? {
                // Once: it has no card, whatever happens to it.
                self.drawer().set(&key, &Posted { counted: true, ..Posted::default() })?;
                return Ok(true);
            }
        }
        let posted = posted.unwrap_or_default();
        // Unless it may have been said: then, where words can be changed, they must be put right.
        let may_be_said = posted.message.is_some() || posted.under_way.is_some() && C::CHANGES;
        if !may_be_said && !wants_card(thread) {
            // Old news by the time that the service takes it.
            return Ok(true);
        }
        let draft = if room.protected { self.chat.journal.draft_of(thread)? } else { None };
        let say = self.press(|press| press.card(thread, draft.as_ref()))?;
        let posted = self.post(room, &key, posted, &say).await?;
        if let Some(message) = posted.message.as_ref().filter(|_| C::CHANGES) {
            self.drawer().set(&kept::thread_of(message), &thread.id)?;
        }
        Ok(true)
    }

    /// Whether a new card in this room is only counted now; it is, then.
    async fn is_counted(&self, room: &Room, id: ThreadId) -> Result<bool, Stopped> {
        let key = format!("recent {}", room.id);
        let now = self.now();
        let mut recent: Recent = self.drawer().get(&key)?.unwrap_or_default();
        // A moment that is still to come is one of a clock that was wrong.
        let is_recent = |at: &Timestamp| (SignedDuration::ZERO..BURST).contains(&now.duration_since(*at));
        recent.own.retain(|_, at| is_recent(at));
        recent.counted = recent.counted.filter(|counted| is_recent(&counted.since));
        let is_one = recent.own.contains_key(&id) || recent.own.len() < MANY && recent.counted.is_none();
        if is_one {
            recent.own.entry(id).or_insert(now);
            self.drawer().set(&key, &recent)?;
            return Ok(false);
        }
        let counted = recent.counted.get_or_insert(Counted { since: now, threads: BTreeSet::new() });
        counted.threads.insert(id);
        let Counted { since, threads } = counted.clone();
        self.drawer().set(&key, &recent)?;
        let at = self.moment(since);
        let values: [(&str, &dyn std::fmt::Display); 2] = [("count", &threads.len()), ("at", &at)];
        // Where nothing can be changed, a count would soon be wrong.
        let text = if C::CHANGES { "chat-counted" } else { "chat-counted-once" };
        let say = Say::lines(&[self.chat.wording.with(text, &values)]);
        let key = format!("counted {} {since}", room.id);
        let posted = self.drawer().get(&key)?.unwrap_or_default();
        self.post(room, &key, posted, &say).await?;
        Ok(true)
    }

    /// Says it, or says it in the place of what was said; each change once, whatever is killed when.
    async fn post(&self, room: &Room, key: &str, mut posted: Posted, say: &Say) -> Result<Posted, Stopped> {
        let mark = kept::mark(key, say);
        while posted.said.as_ref() != Some(&mark) || posted.under_way.is_some() {
            let UnderWay { txn, mark: begun } = match posted.under_way.clone() {
                Some(under_way) => under_way,
                None => {
                    posted.count += 1;
                    let txn = self.txn(&format!("{key}-{}", posted.count))?;
                    let under_way = UnderWay { txn, mark: mark.clone() };
                    posted.under_way = Some(under_way.clone());
                    self.drawer().set_synced(key, &posted)?;
                    under_way
                }
            };
            let done = match posted.message.clone() {
                None => self.channel.say(&room.id, &txn, say, None).await.map(Some),
                Some(message) => {
                    self.channel.change(&room.id, &txn, &message, say).await.map(|()| Some(message))
                }
            };
            if let Err(Fault::Refused(_) | Fault::Limited(_)) = &done {
                // Nothing was said, and nothing is under way.
                posted.under_way = None;
                self.drawer().set(key, &posted)?;
            }
            posted.message = done?;
            // Begun with other words, it may say those or these: then these are said once more.
            posted.said = (begun == mark).then(|| mark.clone());
            posted.under_way = None;
            self.drawer().set(key, &posted)?;
        }
        Ok(posted)
    }
}

/// Whether somebody has to look at it: a draft waits, or what gets none and must not be overlooked, such as a
/// request for access to documents.
fn wants_card(thread: &Thread) -> bool {
    let is_flagged = || thread.flags().next().is_some();
    thread.state == State::ToReview || thread.state == State::ForInformation && is_flagged()
}

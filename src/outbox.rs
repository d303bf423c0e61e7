//! Stage: due letters → attempt → verdict.
//!
//! The only place from which anything leaves. A letter leaves when its hold is over
//! *and* inbox and Sent were read to their end after that; the attempt is on disk, in
//! the journal and in the sending journal, before the first byte goes out. An attempt
//! whose outcome is not known is never repeated by the machine.
//!
//! Beside letters, which a person approved, one other thing can leave: the internal notice of the morning
//! (`notice`), which is made of numbers. [`Parcel`] is the closed set of the two.

pub mod cause;
pub mod folder;
mod notice;
mod parcel;
pub mod smtp;
mod verdict;

pub use cause::Cause;
pub use parcel::Parcel;
pub use verdict::{Phase, Verdict};

use crate::calendar::Calendar;
use crate::config::{self, Config};
use crate::journal::{Attempt, Fault, Journal, OwedMark, What, blocking};
use crate::letter::Letter;
use crate::library::Library;
use crate::mailbox::{self, Folder, Mark, Marked, Role, Session, Setup};
use crate::thread::{Actor, Event, OnItsWay, Settlement, State, Thread, ThreadId, VoidReason, hindrance};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// The pauses after the first, second, … deferred attempt. After the last one the letter has failed.
const PAUSES: [SignedDuration; 10] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(15),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(4),
    SignedDuration::from_hours(8),
    SignedDuration::from_hours(16),
    SignedDuration::from_hours(16),
];

/// What the outbox needs.
#[derive(Clone)]
pub struct Outbox {
    /// The journal.
    pub journal: Arc<Journal>,
    /// Where letters go, where the copies go.
    pub config: Arc<Config>,
    /// The approved texts.
    pub library: Arc<Library>,
    /// The zone in which a day begins.
    pub calendar: Arc<Calendar>,
    /// When this process began: what an earlier one was doing then, a reading since has shown.
    pub started: Timestamp,
}

impl Outbox {
    /// Settles what a kill left open: an attempt without an outcome is uncertain.
    ///
    /// # Errors
    /// If the store cannot be read or written.
    pub fn recover(&self) -> Result<(), Fault> {
        for id in self.journal.in_state(State::Sending).collect::<Result<Vec<_>, _>>()? {
            let Some(letter) = self.journal.thread(id)?.and_then(|thread| thread.letter) else { continue };
            let known = self.journal.sending().last(&letter.seal).map(|attempt| attempt.what);
            self.journal.write_synced(|writer| -> Result<(), Fault> {
                let now = writer.now();
                let (cause, reply) = ("outbox-cause-interrupted".to_owned(), String::new());
                let event = match known {
                    // The outcome was on disk; only the journal did not have it yet.
                    Some(What::Sent) => Event::Sent { reply },
                    Some(What::NotSent) => Event::SendDeferred { until: now, cause, reply },
                    // The server's own copy in Sent proves that it took the letter.
                    _ if letter.copy_seen => Event::Sent { reply },
                    _ => Event::SendUncertain { cause, reply },
                };
                let sent = matches!(event, Event::Sent { .. });
                writer.append(id, Actor::bot(), now, event)?;
                if sent && self.config.outbox.save_to_sent { writer.owe_copy(id) } else { Ok(()) }
            })?;
            tracing::warn!(thread.id = id, "an attempt was interrupted");
        }
        Ok(())
    }

    /// Attempts one letter that may leave now; says whether there was one.
    ///
    /// # Errors
    /// If the store cannot be read or written. What the mail server says is no error.
    pub async fn step(&self) -> Result<bool, Fault> {
        let this = self.clone();
        let Some((thread, way)) = blocking(move || this.next_due()).await? else { return Ok(false) };
        let this = self.clone();
        let Some(letter) = blocking(move || this.begin(thread, &way)).await? else { return Ok(true) };
        let begun = std::time::Instant::now();
        let verdict = self.hand_over(&letter).await?;
        tracing::info!(
            thread.id = thread,
            verdict = verdict.class(),
            wait_ms = begun.elapsed().as_millis(),
            "letter attempted"
        );
        let this = self.clone();
        blocking(move || this.conclude(thread, &letter, verdict)).await?;
        Ok(true)
    }

    /// Hands it to the way out that the config names.
    async fn hand_over<P: Parcel + Clone + Send + 'static>(&self, parcel: &P) -> Result<Verdict, Fault> {
        match &self.config.outbox.kind {
            config::OutboxKind::Folder { path } => {
                let (path, parcel) = (path.clone(), parcel.clone());
                blocking(move || Ok(folder::send(&path, &parcel))).await
            }
            config::OutboxKind::Smtp(server) => {
                Ok(smtp::send(server, parcel, &smtp::Limits::default(), || {}).await)
            }
        }
    }

    /// The letter that may leave: due, and nothing in inbox or Sent unread from before the end of its hold.
    fn next_due(&self) -> Result<Option<(ThreadId, OnItsWay)>, Fault> {
        let now = self.journal.clock().now();
        let Some(began) = self.journal.last_reading()? else { return Ok(None) };
        for id in self.journal.in_state(State::Approved) {
            let Some(thread) = self.journal.thread(id?)? else { continue };
            if let Some(letter) = thread.letter
                && letter.due <= now
                && began >= letter.due
            {
                return Ok(Some((thread.id, letter)));
            }
        }
        Ok(None)
    }

    /// Writes the attempt down before anything leaves; `None` if the letter may not leave after all.
    fn begin(&self, thread: ThreadId, way: &OnItsWay) -> Result<Option<Letter>, Fault> {
        let letter = self.letter(way)?;
        let may_have_left = self.journal.may_have_left(way)?;
        let copy_seen = if way.copy_seen { self.copy_seen(thread, &way.digest)? } else { None };
        let attempt = way.attempts + 1;
        let may_leave = self.journal.write_synced(|writer| -> Result<bool, Fault> {
            // Between the look and the lock somebody may have taken the approval back.
            let same = |thread: &Thread| {
                thread.state == State::Approved
                    && thread.letter.as_ref().is_some_and(|now| now.seq == way.seq)
            };
            if !writer.thread(thread)?.as_ref().is_some_and(same) {
                return Ok(false);
            }
            let now = writer.now();
            let against = match letter {
                None => Some(VoidReason::BrokenSeal),
                // What may have left is a person's to settle, whatever its texts have become.
                Some(_) if may_have_left => None,
                Some(_) => self.hindrance(thread, way, now)?,
            };
            if let Some(reason) = against {
                writer.append(thread, Actor::bot(), now, Event::ApprovalVoided { reason })?;
                return Ok(false);
            }
            let event = Event::SendAttempted { attempt, seal: way.seal.clone() };
            writer.append(thread, Actor::bot(), now, event)?;
            if may_have_left {
                let cause = "outbox-cause-attempted-before".to_owned();
                let event = Event::SendUncertain { cause, reply: String::new() };
                writer.append(thread, Actor::bot(), now, event)?;
                if let Some(at) = copy_seen {
                    let event = Event::UncertainSettled { outcome: Settlement::Sent };
                    writer.append(thread, Actor::bot(), at, event)?;
                }
                return Ok(false);
            }
            Ok(true)
        })?;
        if !may_leave {
            return Ok(None);
        }
        self.note(thread, &way.seal, What::Attempted)?;
        Ok(letter)
    }

    /// What stands against a letter at its release: texts, dates and suspensions, looked at once more under
    /// the lock under which the attempt is written.
    fn hindrance(&self, id: ThreadId, way: &OnItsWay, now: Timestamp) -> Result<Option<VoidReason>, Fault> {
        let Some(Event::Approved(approval)) = self.journal.event(way.seq)?.map(|recorded| recorded.event)
        else {
            return Ok(Some(VoidReason::BrokenSeal));
        };
        let thread = self.journal.thread(id)?;
        let draft = thread.map(|thread| self.journal.draft_of(&thread)).transpose()?.flatten();
        let Some(draft) = draft else {
            return Ok(Some(VoidReason::BrokenSeal));
        };
        let today = self.calendar.date_of(now);
        let (replies, suspensions) = (self.library.current(), self.journal.suspensions()?);
        Ok(hindrance(&draft, &approval, &replies, &suspensions, today))
    }

    /// When the copy in Sent was made that proves that a letter has left.
    fn copy_seen(&self, thread: ThreadId, digest: &str) -> Result<Option<Timestamp>, Fault> {
        let Some(thread) = self.journal.thread(thread)? else { return Ok(None) };
        let of_letter = |event: &Event| matches!(event, Event::CopyFiled { digest: of } if of == digest);
        let events = self.journal.events(&thread)?.into_iter().rev();
        Ok(events.filter(|recorded| of_letter(&recorded.event)).map(|recorded| recorded.occurred).next())
    }

    fn letter(&self, way: &OnItsWay) -> Result<Option<Letter>, Fault> {
        let Some(Event::Approved(approval)) = self.journal.event(way.seq)?.map(|recorded| recorded.event)
        else {
            return Ok(None);
        };
        match self.journal.blobs().get(&approval.blob) {
            Ok(bytes) => Ok(Letter::reopen(approval.seal, bytes).ok()),
            Err(Fault::Damaged(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }

    fn note(&self, thread: ThreadId, seal: &str, what: What) -> Result<(), Fault> {
        let at = self.journal.clock().now();
        self.journal.sending().add(Attempt { seal: seal.to_owned(), thread, at, what })
    }

    /// Writes down what became of the attempt.
    fn conclude(&self, thread: ThreadId, letter: &Letter, verdict: Verdict) -> Result<(), Fault> {
        let what = match &verdict {
            Verdict::Accepted { .. } => What::Sent,
            Verdict::Deferred { .. } | Verdict::Refused { .. } => What::NotSent,
            Verdict::Unknown { .. } => What::Unknown,
        };
        self.note(thread, letter.seal().sha256(), what)?;
        self.journal.write_synced(|writer| -> Result<(), Fault> {
            let now = writer.now();
            let attempts =
                writer.thread(thread)?.and_then(|thread| thread.letter).map_or(0, |letter| letter.attempts);
            let event = match verdict {
                Verdict::Accepted { reply } => Event::Sent { reply },
                Verdict::Refused { cause, reply, .. } => {
                    Event::SendFailed { cause: cause.key().to_owned(), reply }
                }
                Verdict::Unknown { cause, reply } => {
                    Event::SendUncertain { cause: cause.key().to_owned(), reply }
                }
                Verdict::Deferred { cause, reply, .. } => {
                    let cause = cause.key().to_owned();
                    let pause =
                        usize::try_from(attempts).ok().and_then(|at| PAUSES.get(at.saturating_sub(1)));
                    match pause {
                        Some(pause) => {
                            let until = now.saturating_add(*pause).unwrap_or(now);
                            Event::SendDeferred { until, cause, reply }
                        }
                        None => Event::SendFailed { cause, reply },
                    }
                }
            };
            let sent = matches!(event, Event::Sent { .. });
            writer.append(thread, Actor::bot(), now, event)?;
            if sent && self.config.outbox.save_to_sent {
                writer.owe_copy(thread)?;
            }
            Ok(())
        })
    }

    /// Files the copies that Sent still lacks; says how many.
    ///
    /// A copy is filed only after Sent was read once more: a server that files its own, or an earlier
    /// append that a kill cut off, has shown itself by then.
    ///
    /// # Errors
    /// If the store cannot be read or written. A mailbox out of reach is tried again later.
    pub async fn file_copies(&self) -> Result<usize, Fault> {
        // A kill may have cut off an append whose copy only a reading of this process can show.
        let since = |began: &Timestamp| *began >= self.started;
        let Some(began) = self.journal.last_reading()?.filter(since) else { return Ok(0) };
        let mut missing = Vec::new();
        for id in self.journal.owed_copies()? {
            let Some(thread) = self.journal.thread(id)? else { continue };
            let owed: Vec<_> = thread.sent.iter().filter(|letter| !letter.copy_filed).cloned().collect();
            if owed.is_empty() {
                self.journal.write(|writer| writer.copies_filed(id))?;
            }
            missing.extend(owed.into_iter().filter(|letter| letter.at < began).map(|letter| (id, letter)));
        }
        if missing.is_empty() {
            return Ok(0);
        }
        let Some((mut session, sent)) = self.sent_folder().await else { return Ok(0) };
        let mut filed = 0;
        for (thread, letter) in missing {
            let raw = self.journal.blobs().get(&letter.blob)?;
            if let Err(fault) = session.append(&sent, &raw, letter.at).await {
                tracing::warn!(class = fault.class(), thread.id = thread, "no copy in Sent yet");
                return Ok(filed);
            }
            self.journal.write(|writer| -> Result<(), Fault> {
                let event = Event::CopyFiled { digest: letter.digest.clone() };
                writer.append(thread, Actor::bot(), writer.now(), event).map(|_| ())
            })?;
            filed += 1;
        }
        session.close().await;
        Ok(filed)
    }

    /// Begins to owe marks, or stops owing any, as the config says.
    ///
    /// # Errors
    /// If the store cannot be read or written.
    pub async fn begin_marks(&self) -> Result<(), Fault> {
        let this = self.clone();
        blocking(move || match this.config.mailbox.mark_answered {
            true => this.journal.owed_marks().map(drop),
            false => this.journal.set_owed_marks(None),
        })
        .await
    }

    /// Marks the questions whose answers have left; says how many. What fails is tried again, and given up
    /// after the last pause: it is a convenience for whoever reads the mailbox, and no letter waits for it.
    ///
    /// # Errors
    /// If the store cannot be read or written.
    pub async fn mark_answered(&self) -> Result<usize, Fault> {
        if !self.config.mailbox.mark_answered {
            return Ok(0);
        }
        let this = self.clone();
        let mut marks = blocking(move || this.journal.owed_marks()).await?;
        let now = self.journal.clock().now();
        let (due, later): (Vec<OwedMark>, Vec<OwedMark>) =
            std::mem::take(&mut marks.owed).into_iter().partition(|owed| owed.after <= now);
        if due.is_empty() {
            return Ok(0);
        }
        marks.owed = later;
        let mut marked = 0;
        match self.folders().await {
            Ok((mut session, folders)) => {
                let mut due = due.into_iter();
                for owed in due.by_ref() {
                    match mark_in(&mut session, &folders, &owed).await {
                        Ok(what) => {
                            tracing::debug!(thread.id = owed.thread, ?what, "question marked");
                            marked += usize::from(what == Marked::Done);
                        }
                        Err(fault) => {
                            marks.owed.extend(put_off(owed, &fault, now));
                            if !matches!(fault, mailbox::Fault::Refused(_)) {
                                break;
                            }
                        }
                    }
                }
                // Those behind a lost connection wait for the next one, without what broke this one.
                marks.owed.extend(due);
                session.close().await;
            }
            Err(fault) => marks.owed.extend(due.into_iter().filter_map(|owed| put_off(owed, &fault, now))),
        }
        let this = self.clone();
        blocking(move || this.journal.set_owed_marks(Some(&marks))).await?;
        Ok(marked)
    }

    /// Marks until told to stop; what is under way then is marked again after the next start.
    async fn mark(&self, mut stop: watch::Receiver<bool>) -> Result<(), Fault> {
        while self.config.mailbox.mark_answered && !*stop.borrow() {
            tokio::select! {
                done = self.mark_answered() => drop(done?),
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
            }
        }
        Ok(())
    }

    async fn folders(&self) -> Result<(Session, Vec<Folder>), mailbox::Fault> {
        let mut session = mailbox::open(&self.config.mailbox, Setup::default()).await?;
        let folders = session.folders().await?;
        Ok((session, folders))
    }

    async fn sent_folder(&self) -> Option<(Session, Folder)> {
        let (session, folders) = self.folders().await.ok()?;
        let sent = folders.into_iter().find(|folder| folder.role == Role::Sent)?;
        Some((session, sent))
    }

    /// Sends what is due until told to stop; the letter in hand is finished first.
    ///
    /// # Errors
    /// Only if the store cannot go on.
    pub async fn run(self, stop: watch::Receiver<bool>) -> Result<(), Fault> {
        // What leaves from now on is marked; and marking, which waits for the mailbox, holds no letter up, nor
        // does a notice.
        self.begin_marks().await?;
        let (letters, marks) = (self.send_due(stop.clone()), self.mark(stop.clone()));
        tokio::try_join!(letters, marks, self.notify_daily(stop)).map(|_| ())
    }

    async fn send_due(&self, mut stop: watch::Receiver<bool>) -> Result<(), Fault> {
        let mut bell = self.journal.bell();
        loop {
            bell.mark_unchanged();
            while !*stop.borrow() && self.step().await? {}
            if *stop.borrow() {
                return Ok(());
            }
            self.file_copies().await?;
            tokio::select! {
                _ = bell.changed() => {}
                // A due date passes without a ring; copies wait for the mailbox.
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
            }
        }
    }
}

/// Marks one message where it was read.
async fn mark_in(
    session: &mut Session,
    folders: &[Folder],
    owed: &OwedMark,
) -> Result<Marked, mailbox::Fault> {
    let Some(folder) = folders.iter().find(|folder| folder.name == owed.place.folder) else {
        // The folder is no longer read.
        return Ok(Marked::Gone);
    };
    let uid = || {
        let (uid_validity, uid) = owed.place.mark.split_once(':')?;
        Some(Mark::Uid { uid_validity: uid_validity.parse().ok()?, uid: uid.parse().ok()? })
    };
    let mark = match session {
        Session::Imap(_) => uid(),
        Session::Maildir(_) => Some(Mark::Name(owed.place.mark.clone())),
    };
    match mark {
        Some(mark) => session.mark_answered(folder, &mark).await,
        None => Ok(Marked::Gone),
    }
}

/// The same mark after a pause; `None` after the last one.
fn put_off(owed: OwedMark, fault: &mailbox::Fault, now: Timestamp) -> Option<OwedMark> {
    let pause = usize::try_from(owed.tries).ok().and_then(|tries| PAUSES.get(tries));
    let (class, given_up) = (fault.class(), pause.is_none());
    tracing::warn!(class, thread.id = owed.thread, given_up, "question not marked yet");
    let after = now.saturating_add(*pause?).unwrap_or(now);
    Some(OwedMark { tries: owed.tries + 1, after, ..owed })
}

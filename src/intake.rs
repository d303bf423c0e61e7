//! Stage: mailbox → journal.
//!
//! A *reading* goes once through every folder, from where the journal says the last
//! one stopped. A message, its thread and the cursor behind it commit together, so a
//! kill at any moment neither loses a message nor takes one twice. Waiting, IDLE and
//! polling only decide when the next reading begins.

mod accept;
mod import;
mod pace;
#[cfg(test)]
mod tests;

pub use import::{Imported, import};

use crate::config;
use crate::journal::{Fault as StoreFault, Journal, Lost, blocking};
use crate::mailbox::{
    self, After, Backoff, Batch, Content, Fetched, Folder, Limit, Mark, Session, Setup, UidCursor,
};
use crate::message::{self, Banners, Message};
use crate::organisation::Organisations;
use crate::thread::{Place, State};
use accept::{Context, Taken, accept};
use jiff::Timestamp;
use pace::Pace;
use rayon::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// From this many messages on, the files of a batch share one sync.
const GROUP: usize = 4;

/// What stops a reading.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The mailbox.
    #[error(transparent)]
    Mailbox(#[from] mailbox::Fault),
    /// The store; nothing can go on without it.
    #[error(transparent)]
    Store(#[from] StoreFault),
}

/// What intake needs.
#[derive(Clone)]
pub struct Intake {
    /// The journal.
    pub journal: Arc<Journal>,
    /// The mailbox's settings.
    pub mailbox: Arc<config::Mailbox>,
    /// Who writes from where.
    pub organisations: Arc<Organisations>,
    /// Older mail is history.
    pub since: Timestamp,
    pace: Arc<Pace>,
}

impl Intake {
    /// The stage; mail received before `since` is history.
    #[must_use]
    pub fn new(
        journal: Arc<Journal>,
        mailbox: Arc<config::Mailbox>,
        organisations: Arc<Organisations>,
        since: Timestamp,
    ) -> Self {
        Self { journal, mailbox, organisations, since, pace: Arc::default() }
    }

    /// Reads every folder to its end and says how many messages were new to it. `progress` is told how
    /// many were taken and how many are left in the folder.
    ///
    /// # Errors
    /// At the first fault; what was read until then is kept. The session must not be used again.
    pub async fn read(
        &self,
        session: &mut Session,
        progress: &(dyn Fn(usize, usize) + Send + Sync),
    ) -> Result<usize, Fault> {
        let began = self.journal.clock().now();
        let mut taken = 0;
        for folder in session.folders().await? {
            loop {
                let batch = self.fetch(session, &folder).await?;
                let (count, left) = (batch.messages.len(), batch.left);
                self.keep(&folder, batch).await?;
                taken += count;
                progress(taken, left);
                if left == 0 {
                    break;
                }
            }
        }
        let journal = Arc::clone(&self.journal);
        blocking(move || {
            if journal.mailbox_lost()?.is_some() {
                journal.set_mailbox_lost(None)?;
            }
            journal.set_reading(began)
        })
        .await?;
        Ok(taken)
    }

    /// What a session needs: large messages are laid beside the store that will hold them.
    #[must_use]
    pub fn setup(&self) -> Setup {
        Setup { clock: self.journal.clock().clone(), spool: Some(self.spool()), ..Setup::default() }
    }

    fn spool(&self) -> PathBuf {
        self.journal.dir().join("spool")
    }

    /// Makes the folder for large messages, without what a killed process left there: mail must
    /// not lie about where no purge finds it. Nobody else uses it while the store is ours.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn clear_spool(&self) -> Result<(), StoreFault> {
        let refused = |error| StoreFault::Io { what: "spool", error };
        match std::fs::remove_dir_all(self.spool()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(refused(error)),
            _ => {}
        }
        std::fs::create_dir(self.spool()).map_err(refused)
    }

    async fn fetch(&self, session: &mut Session, folder: &Folder) -> Result<Batch, Fault> {
        let address = &self.mailbox.address;
        let cursor: Option<UidCursor> = self.journal.cursor(address, &folder.name)?;
        let known = |name: &str| self.journal.is_marked(address, &folder.name, name);
        Ok(session.fetch(folder, &After { cursor, known: &known }, &Limit::default()).await?)
    }

    /// Commits a batch with the cursor behind it. One bad message never holds up the next.
    async fn keep(&self, folder: &Folder, batch: Batch) -> Result<(), StoreFault> {
        if batch.messages.is_empty() && batch.cursor.is_none() {
            return Ok(());
        }
        let this = self.clone();
        let folder = folder.clone();
        blocking(move || this.keep_blocking(&folder, batch)).await
    }

    fn keep_blocking(&self, folder: &Folder, batch: Batch) -> Result<(), StoreFault> {
        let address = &self.mailbox.address;
        let grouped = batch.messages.len() >= GROUP;
        let mut ours = vec![address.clone()];
        ours.extend(self.mailbox.aliases.iter().cloned());
        let limit = self.mailbox.max_hourly_per_sender;
        let pace = (limit > 0).then_some((&*self.pace, limit));
        let context = Context {
            organisations: &self.organisations,
            ours: &ours,
            internal: &self.mailbox.internal_domains,
            since: self.since,
            pace,
        };
        let taken = batch.messages.into_par_iter().map(|fetched| self.take(folder, fetched, grouped));
        let taken = taken.collect::<Result<Vec<_>, _>>()?;
        if grouped {
            self.journal.blobs().sync()?;
        }
        let empty = taken.is_empty();
        self.journal.write(|writer| -> Result<(), StoreFault> {
            for (mark, taken) in taken {
                if let Mark::Name(name) = &mark {
                    writer.mark(address, &folder.name, name);
                }
                accept(writer, &context, taken)?;
            }
            if let Some(cursor) = batch.cursor {
                writer.set_cursor(address, &folder.name, &cursor)?;
            }
            Ok(())
        })?;
        if empty { Ok(()) } else { self.journal.sync() }
    }

    fn take(&self, folder: &Folder, fetched: Fetched, grouped: bool) -> Result<(Mark, Taken), StoreFault> {
        let place = Place {
            mailbox: self.mailbox.address.clone(),
            folder: folder.name.clone(),
            mark: match &fetched.mark {
                Mark::Uid { uid_validity, uid } => format!("{uid_validity}:{uid}"),
                Mark::Name(name) => name.clone(),
            },
        };
        let (raw, message) = open(fetched.content, &self.mailbox.banners)?;
        let blobs = self.journal.blobs();
        let blob = if grouped { blobs.put_unsynced(&raw) } else { blobs.put(&raw) }?;
        let taken =
            Taken { blob, size: fetched.size, place, role: folder.role, received: fetched.received, message };
        Ok((fetched.mark, taken))
    }

    /// Reads, waits for news, and reads again until told to stop; comes back from every fault of the mailbox.
    ///
    /// # Errors
    /// Only if the store cannot go on.
    pub async fn run(self, mut stop: watch::Receiver<bool>) -> Result<(), StoreFault> {
        let mut backoff = Backoff::default();
        while !*stop.borrow() {
            let fault = tokio::select! {
                fault = self.session(&mut backoff) => fault,
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
            };
            match fault {
                Fault::Store(fault) => return Err(fault),
                Fault::Mailbox(fault) => {
                    let pause = backoff.next(random());
                    let now = self.journal.clock().now();
                    let since = self.journal.mailbox_lost()?.map_or(now, |lost| lost.since);
                    let lost = Lost { since, tried: Some(now), class: fault.class().to_owned() };
                    self.journal.set_mailbox_lost(Some(lost))?;
                    tracing::warn!(class = fault.class(), pause_ms = pause.as_millis(), "mailbox lost");
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        _ = stop.wait_for(|stop| *stop) => return Ok(()),
                    }
                }
            }
        }
        Ok(())
    }

    /// One session from log-in to its end, which is always a fault.
    async fn session(&self, backoff: &mut Backoff) -> Fault {
        let mut session = match mailbox::open(&self.mailbox, self.setup()).await {
            Ok(session) => session,
            Err(fault) => return fault.into(),
        };
        tracing::info!("mailbox reached");
        loop {
            let begun = std::time::Instant::now();
            match self.read(&mut session, &tell).await {
                Ok(0) => {}
                Ok(count) => {
                    tracing::info!(count, wait_ms = begun.elapsed().as_millis(), "messages taken");
                }
                Err(fault) => return fault,
            }
            backoff.reset();
            let pause = match self.until_next() {
                Ok(pause) => pause,
                Err(fault) => return fault.into(),
            };
            // A letter approved meanwhile may be due before the pause ends.
            let sooner = Notify::new();
            let waited = tokio::select! {
                waited = session.wait(pause, &sooner) => waited,
                () = self.ring_if_due_sooner(&sooner, pause) => Ok(()),
            };
            if let Err(fault) = waited {
                return fault.into();
            }
        }
    }

    /// How long to wait at most: the poll, or the earliest letter that is due.
    fn until_next(&self) -> Result<Duration, StoreFault> {
        let now = self.journal.clock().now();
        let read = self.journal.last_reading()?;
        let mut pause = self.mailbox.poll;
        for id in self.journal.in_state(State::Approved) {
            let due = self.journal.thread(id?)?.and_then(|thread| thread.letter).map(|letter| letter.due);
            // A letter that has had its reading waits for the outbox, not for us.
            if let Some(due) = due.filter(|due| read.is_none_or(|read| read < *due)) {
                let left = Duration::try_from(due.duration_since(now)).unwrap_or(Duration::ZERO);
                pause = pause.min(left.max(Duration::from_millis(200)));
            }
        }
        Ok(pause)
    }

    /// Rings once a letter is due before the wait would end; never ends by itself, so that the
    /// session's wait can finish what it has begun.
    async fn ring_if_due_sooner(&self, sooner: &Notify, pause: Duration) {
        let mut bell = self.journal.bell();
        let end = tokio::time::Instant::now() + pause;
        loop {
            // The bell before the look: what is approved between the two still rings.
            bell.mark_unchanged();
            let left = end.saturating_duration_since(tokio::time::Instant::now());
            if self.until_next().is_ok_and(|next| next + Duration::from_millis(500) < left) {
                sooner.notify_one();
                break;
            }
            if bell.changed().await.is_err() {
                break;
            }
        }
        std::future::pending().await
    }
}

/// Tells the log how a long reading goes; a short one is over before it matters.
fn tell(taken: usize, left: usize) {
    if left > 0 {
        tracing::info!(taken, left, "reading");
    }
}

/// The bytes of a fetched message, and what they say.
fn open(content: Content, banners: &Banners) -> Result<(Vec<u8>, Message), StoreFault> {
    match content {
        Content::Whole(raw) => {
            let message = message::read(&raw, banners);
            Ok((raw, message))
        }
        Content::Head(raw) => {
            let message = message::read_head(&raw, banners);
            Ok((raw, message))
        }
        Content::File(path) => {
            let raw = std::fs::read(&path).map_err(|error| StoreFault::Io { what: "spool", error })?;
            let message = message::read(&raw, banners);
            // The blob holds it now; what stays behind after a kill is cleared at the next start.
            let _ = std::fs::remove_file(&path);
            Ok((raw, message))
        }
    }
}

fn random() -> u32 {
    getrandom::u32().unwrap_or(u32::MAX / 2)
}

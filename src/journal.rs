//! The journal: events, cursors, indexes, blobs. The only place that names sled.
//!
//! Events are the truth and only ever appended, each tied to the one before it by a
//! hash. Views ([`Thread`]) and indexes are derived from them, written in the same
//! transaction, and can be made again. Personal content lies beside the chain, in
//! payloads that a lawful purge can destroy while the chain still verifies.
//!
//! All calls block; stages call them off the async threads.

mod access;
mod access_log;
mod blobs;
mod care;
mod chain;
mod counts;
mod cursors;
mod desk;
mod drafts;
mod examples;
mod fault;
mod lineage;
mod marks;
mod opening;
mod opinions;
mod outcomes;
mod people;
mod sending;
mod touched;
mod writer;

pub use access::{Session, SessionKey};
pub use access_log::{Access, Accessed, Exported};
pub use blobs::Blobs;
pub use care::{Export, Verified};
pub use cursors::Lost;
pub use examples::Learned;
pub use fault::Fault;
pub use marks::{OwedMark, OwedMarks};
pub use outcomes::LetterOutcome;
pub use sending::{Attempt, SendingLog, What};
pub use touched::{Touched, Turn};
pub use writer::Writer;

use counts::Counts;

use crate::clock::Clock;
use crate::message::MessageId;
use crate::thread::{Recorded, State, Thread, ThreadId};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// The format of the store. A newer one is refused, an older one read.
pub const FORMAT: u32 = 1;

/// The folder of the database, within the data folder.
const STORE: &str = "store";
/// In `meta` while views and indexes are made again: a kill there leaves some out.
const REBUILDING: &str = "rebuilding";

/// In `meta` while the content of threads is destroyed: their numbers. A kill there leaves some of it.
const PURGING: &str = "purging";

/// The trees of the store.
#[derive(Debug)]
struct Trees {
    /// seq → link of the chain ‖ record.
    events: sled::Tree,
    /// thread ‖ seq → salt ‖ payload.
    payloads: sled::Tree,
    /// thread → view.
    threads: sled::Tree,
    /// state ‖ thread → nothing.
    states: sled::Tree,
    /// Message-ID → the threads that hold or cite it.
    ids: sled::Tree,
    /// Blob → the thread of its message.
    blobs: sled::Tree,
    /// mailbox ‖ folder → where its reading stands; neither truth nor view.
    cursors: sled::Tree,
    /// mailbox ‖ folder ‖ name → nothing: Maildir messages already taken.
    marks: sled::Tree,
    /// seq → a wording that a reviewer taught.
    examples: sled::Tree,
    /// slug ‖ digest ‖ seq → what became of the text in that letter, and its thread.
    outcomes: sled::Tree,
    /// counterpart ‖ thread → nothing.
    counterparts: sled::Tree,
    /// name → account; neither truth nor view.
    people: sled::Tree,
    /// name → hash of the password.
    passwords: sled::Tree,
    /// SHA-256 of the token → session.
    sessions: sled::Tree,
    /// microseconds ‖ number → who looked at what.
    accesses: sled::Tree,
    /// Format, key of the Message-IDs, first start.
    meta: sled::Tree,
}

/// Where the chain ends.
#[derive(Debug, Clone, Copy)]
struct Head {
    seq: u64,
    link: [u8; 32],
    thread: ThreadId,
}

/// The open store.
#[derive(Debug)]
pub struct Journal {
    dir: PathBuf,
    /// The database's own folder.
    store: PathBuf,
    db: sled::Db,
    trees: Trees,
    blobs: Blobs,
    sending: Mutex<SendingLog>,
    clock: Clock,
    head: Mutex<Head>,
    counts: Counts,
    bell: watch::Sender<u64>,
    /// Held for as long as the store is open.
    _lock: File,
}

impl Journal {
    /// Opens the store in `dir`, making it if there is none; waits up to `patience` for another process.
    ///
    /// # Errors
    /// Says what is wrong with it; see [`Fault`].
    pub fn open(dir: &Path, clock: Clock, patience: Duration) -> Result<Self, Fault> {
        Self::open_as(STORE, dir, clock, patience)
    }

    fn open_as(store: &str, dir: &Path, clock: Clock, patience: Duration) -> Result<Self, Fault> {
        std::fs::create_dir_all(dir).map_err(Fault::io("data_dir"))?;
        let lock = opening::lock(dir, patience)?;
        let path = dir.join(store);
        let db = opening::database(&path)?;
        let tree = |name: &str| db.open_tree(name);
        let trees = Trees {
            events: tree("events")?,
            payloads: tree("payloads")?,
            threads: tree("threads")?,
            states: tree("states")?,
            ids: tree("ids")?,
            blobs: tree("blobs")?,
            cursors: tree("cursors")?,
            marks: tree("marks")?,
            examples: tree("examples")?,
            outcomes: tree("outcomes")?,
            counterparts: tree("counterparts")?,
            people: tree("people")?,
            passwords: tree("passwords")?,
            sessions: tree("sessions")?,
            accesses: tree("accesses")?,
            meta: tree("meta")?,
        };
        match trees.meta.get("format")? {
            None => {
                trees.meta.insert("format", &FORMAT.to_be_bytes())?;
                let mut key = [0; 32];
                getrandom::fill(&mut key).map_err(|_| Fault::Damaged("no random numbers".to_owned()))?;
                trees.meta.insert("message-id-key", &key)?;
                trees.meta.insert("first-start", clock.now().to_string().as_bytes())?;
            }
            Some(found) => {
                let found = <[u8; 4]>::try_from(&*found).map(u32::from_be_bytes).unwrap_or(u32::MAX);
                if found > FORMAT {
                    return Err(Fault::Newer(found));
                }
            }
        }
        let head = head(&trees)?;
        let blobs = Blobs::open(&dir.join("blobs"))?;
        let sending = Mutex::new(SendingLog::open(&dir.join("sending.log"))?);
        let (bell, _) = watch::channel(head.seq);
        let journal = Self {
            dir: dir.to_owned(),
            store: path,
            db,
            trees,
            blobs,
            sending,
            clock,
            head: Mutex::new(head),
            counts: Counts::default(),
            bell,
            _lock: lock,
        };
        journal.sync()?;
        if let Some(numbers) = journal.trees.meta.get(PURGING)? {
            journal.finish_purge(&serde_json::from_slice::<Vec<ThreadId>>(&numbers)?)?;
        }
        if journal.trees.meta.contains_key(REBUILDING)? {
            journal.rebuild()?;
        }
        Ok(journal)
    }

    /// The folder that holds everything.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The clock that the journal stamps events with.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Raw mail and sealed letters.
    #[must_use]
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// The plain file that knows every attempt ever made.
    pub fn sending(&self) -> MutexGuard<'_, SendingLog> {
        self.sending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Rings after every write, with the number of the last event.
    #[must_use]
    pub fn bell(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    /// The number of the last event.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.head.lock().unwrap_or_else(PoisonError::into_inner).seq
    }

    /// The secret that signs our Message-IDs.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn message_id_key(&self) -> Result<Vec<u8>, Fault> {
        let key = self.trees.meta.get("message-id-key")?;
        key.map(|key| key.to_vec()).ok_or_else(|| Fault::Damaged("no key for Message-IDs".to_owned()))
    }

    /// When this store was first opened.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn first_start(&self) -> Result<jiff::Timestamp, Fault> {
        let stored = self.trees.meta.get("first-start")?;
        stored
            .and_then(|text| std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok()))
            .ok_or_else(|| Fault::Damaged("no time of the first start".to_owned()))
    }

    /// Appends events. One writer at a time; everything in `work` commits together or not at all.
    ///
    /// # Errors
    /// What `work` says, or what the store says at the commit.
    pub fn write<T, E: From<Fault>>(
        &self,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
        let done = self.write_under(&mut head, work)?;
        let seq = head.seq;
        drop(head);
        self.bell.send_replace(seq);
        Ok(done)
    }

    /// As [`Journal::write`], by whoever is the one writer already.
    fn write_under<T, E: From<Fault>>(
        &self,
        head: &mut Head,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writer = Writer::new(self, *head);
        let done = work(&mut writer)?;
        if let Some(new) = writer.commit()? {
            *head = new;
        }
        Ok(done)
    }

    /// As [`Journal::write`], and on disk when it returns: for the four points that must survive a power cut.
    ///
    /// # Errors
    /// As [`Journal::write`] and [`Journal::sync`].
    pub fn write_synced<T, E: From<Fault>>(
        &self,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let done = self.write(work)?;
        self.sync()?;
        Ok(done)
    }

    /// Everything written so far is on disk when this returns: sled's flush survives a killed
    /// process, the fdatasync behind it a power cut.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn sync(&self) -> Result<(), Fault> {
        self.db.flush()?;
        let file = File::open(self.store.join("db")).map_err(Fault::io("store/db"))?;
        file.sync_data().map_err(Fault::io("store/db"))
    }

    /// One thread; a thread that was taken over gives the one that goes on.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn thread(&self, id: ThreadId) -> Result<Option<Thread>, Fault> {
        let mut id = id;
        // Aliases point to lower numbers only, so this ends.
        while let Some(bytes) = self.trees.threads.get(id.to_be_bytes())? {
            let thread: Thread = serde_json::from_slice(&bytes)?;
            match thread.merged_into {
                Some(into) if into < id => id = into,
                _ => return Ok(Some(thread)),
            }
        }
        Ok(None)
    }

    /// The threads in `state`, oldest number first.
    pub fn in_state(&self, state: State) -> impl DoubleEndedIterator<Item = Result<ThreadId, Fault>> + use<> {
        self.trees.states.scan_prefix([state_byte(state)]).keys().map(|key| thread_of(&key?))
    }

    /// The threads in `state` with the numbers before and after `id`.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn around(&self, id: ThreadId, state: State) -> Result<(Option<ThreadId>, Option<ThreadId>), Fault> {
        let key = |id: ThreadId| [&[state_byte(state)][..], &id.to_be_bytes()].concat();
        let states = &self.trees.states;
        let id_of = |key: sled::Result<sled::IVec>| thread_of(&key?);
        let before = states.range(key(0)..key(id)).keys().next_back().map(id_of);
        let after = states.range(key(id.saturating_add(1))..=key(ThreadId::MAX)).keys().next().map(id_of);
        Ok((before.transpose()?, after.transpose()?))
    }

    /// Every thread that was not taken over, oldest number first.
    pub fn threads(&self) -> impl DoubleEndedIterator<Item = Result<Thread, Fault>> + use<> {
        self.trees
            .threads
            .iter()
            .values()
            .map(|bytes| Ok(serde_json::from_slice::<Thread>(&bytes?)?))
            .filter(|thread| thread.as_ref().map_or(true, |thread| thread.merged_into.is_none()))
    }

    /// The numbers of the threads with the side of this key, oldest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn threads_of(&self, counterpart: &str) -> Result<Vec<ThreadId>, Fault> {
        let keys = self.trees.counterparts.scan_prefix(writer::counterpart_key(counterpart, None)).keys();
        keys.map(|key| {
            let key = key?;
            let id = key.get(key.len().saturating_sub(8)..).and_then(|id| <[u8; 8]>::try_from(id).ok());
            id.map(u64::from_be_bytes).ok_or_else(|| Fault::Damaged("counterparts".to_owned()))
        })
        .collect()
    }

    /// The events of a thread and of those it took over, in the order of the journal.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn events(&self, thread: &Thread) -> Result<Vec<Recorded>, Fault> {
        let mut events = Vec::new();
        for number in thread.numbers() {
            events.extend(self.events_of(number)?);
        }
        events.sort_by_key(|recorded| recorded.seq);
        Ok(events)
    }

    /// The events recorded under one number.
    fn events_of(&self, number: ThreadId) -> Result<Vec<Recorded>, Fault> {
        let mut events = Vec::new();
        for item in self.trees.payloads.scan_prefix(number.to_be_bytes()) {
            let (key, payload) = item?;
            events.extend(self.record(chain::seq_of(&key)?, Some(&payload))?);
        }
        Ok(events)
    }

    /// One event; `None` if there is none of that number or its content was purged.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn event(&self, seq: u64) -> Result<Option<Recorded>, Fault> {
        self.record(seq, None)
    }

    /// All events in order, without those whose content was purged.
    pub fn all_events(&self) -> impl Iterator<Item = Result<Recorded, Fault>> + '_ {
        self.events_until(self.last())
    }

    fn events_until(&self, last: u64) -> impl Iterator<Item = Result<Recorded, Fault>> + '_ {
        (1..=last).filter_map(|seq| self.event(seq).transpose())
    }

    /// The threads that hold or cite one of `ids`.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn citing(&self, id: &MessageId) -> Result<Vec<ThreadId>, Fault> {
        match self.trees.ids.get(id.as_str())? {
            Some(bytes) => Ok(serde_json::from_slice(&bytes)?),
            None => Ok(Vec::new()),
        }
    }

    /// The thread that holds the message with these raw bytes.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn thread_of_blob(&self, blob: &str) -> Result<Option<ThreadId>, Fault> {
        let found = self.trees.blobs.get(blob)?;
        Ok(found.and_then(|bytes| <[u8; 8]>::try_from(&*bytes).ok()).map(u64::from_be_bytes))
    }

    fn record(&self, seq: u64, payload: Option<&[u8]>) -> Result<Option<Recorded>, Fault> {
        let Some(stored) = self.trees.events.get(seq.to_be_bytes())? else { return Ok(None) };
        let (_, bytes) = chain::split(&stored)?;
        let record: chain::Record = serde_json::from_slice(bytes)?;
        let found;
        let payload = match payload {
            Some(payload) => payload,
            None => {
                let Some(bytes) = self.trees.payloads.get(chain::payload_key(record.thread, seq))? else {
                    return Ok(None);
                };
                found = bytes;
                &found
            }
        };
        chain::read(record, payload).map(Some)
    }
}

/// Runs work on the store off the async threads.
///
/// # Errors
/// What the work says; a panic in it counts as damage.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(Fault::Damaged(format!("a task ended: {error}"))),
    }
}

/// The thread in a key of the states.
fn thread_of(key: &[u8]) -> Result<ThreadId, Fault> {
    let id = key.get(1..).and_then(|rest| <[u8; 8]>::try_from(rest).ok());
    id.map(u64::from_be_bytes).ok_or_else(|| Fault::Damaged("states".to_owned()))
}

fn head(trees: &Trees) -> Result<Head, Fault> {
    let (seq, link) = match trees.events.last()? {
        None => (0, [0; 32]),
        Some((key, stored)) => {
            let seq = <[u8; 8]>::try_from(&*key).map(u64::from_be_bytes);
            (seq.map_err(|_| Fault::Damaged("events".to_owned()))?, chain::split(&stored)?.0)
        }
    };
    let thread = match trees.threads.last()? {
        None => 0,
        Some((key, _)) => <[u8; 8]>::try_from(&*key).map(u64::from_be_bytes).unwrap_or_default(),
    };
    Ok(Head { seq, link, thread })
}

fn state_byte(state: State) -> u8 {
    State::ALL.iter().position(|of| *of == state).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests;

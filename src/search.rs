//! Stage: search over the whole history.
//!
//! The index is derived from the journal and kept beside it by whoever holds the store. It is never
//! mended: what is not of this journal, of this version and whole is made anew. It holds nothing that is
//! shown. A search finds numbers in it, and what stands under them is read from the journal; so what a
//! purge destroyed can be shown by nobody, and a hit is never older than its thread.
//!
//! Nothing else waits for it. Where it fails, searches say why, and the daemon goes on.

mod analysis;
mod content;
mod hit;
mod index;
mod query;
#[cfg(test)]
mod tests;
mod unavailable;

pub use content::Place;
pub use hit::{Extract, Hit, Stretch};
pub use query::Query;
pub use unavailable::Unavailable;

use crate::config::Config;
use crate::journal::{Fault, Journal};
use crate::thread::ThreadId;
use crate::wording::Wording;
use content::Content;
use hit::Marker;
use index::{Index, Opened};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tantivy::collector::{Count, TopDocs};
use tantivy::{DocAddress, Order};
use tokio::sync::{Notify, watch};

/// The index's folder in the data folder.
pub const FOLDER: &str = "search";

/// Hits of one page.
pub const PAGE: usize = 20;

/// Hits beyond this are not turned to; whoever is there narrows the search.
const DEEPEST: usize = 10_000;

/// Events that share a commit, at most.
const BATCH: usize = 2_000;

/// For how long what happens is gathered, so that commits stay few; searches lag by as much.
const GATHER: Duration = Duration::from_millis(300);

/// The first wait after a failure; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// Bytes of the disk that are the journal's: with less than this free, the index stands still.
const RESERVE: u64 = 256 << 20;

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// All of them.
    pub count: usize,
    /// At most [`PAGE`] of them.
    pub hits: Vec<Hit>,
}

impl Found {
    /// How many there are, for people.
    #[must_use]
    pub fn line(&self, wording: &Wording) -> String {
        match self.count {
            0 => wording.text("search-none"),
            count if count == self.hits.len() => wording.with("search-count", &[("count", &count)]),
            count => wording.with("search-count-shown", &[("count", &count), ("shown", &self.hits.len())]),
        }
    }
}

/// The search over the history.
#[derive(Clone)]
pub struct Search {
    journal: Arc<Journal>,
    config: Arc<Config>,
    zone: TimeZone,
    dir: PathBuf,
    reserve: u64,
    shared: Arc<Shared>,
}

/// What the stage and the searches share.
struct Shared {
    work: Mutex<Work>,
    standing: Mutex<Standing>,
    /// Rings when the index is to be made anew.
    wanted: Notify,
}

/// What writes.
enum Work {
    Closed,
    /// Whatever lies in the folder is not to be trusted: writing it failed.
    Failed,
    Open(Box<Index>),
}

/// What searches read.
#[derive(Clone)]
enum Standing {
    Open(Opened),
    Unavailable(Unavailable),
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Search {
    /// The search over this journal; days are those of `zone`.
    #[must_use]
    pub fn new(journal: Arc<Journal>, config: Arc<Config>, zone: TimeZone) -> Self {
        let shared = Shared {
            work: Mutex::new(Work::Closed),
            standing: Mutex::new(Standing::Unavailable(Unavailable::Behind { done: 0, of: journal.last() })),
            wanted: Notify::new(),
        };
        let dir = journal.dir().join(FOLDER);
        Self { journal, config, zone, dir, reserve: RESERVE, shared: Arc::new(shared) }
    }

    /// Threads for which everything holds that is asked for.
    ///
    /// # Errors
    /// Why nothing can be searched now.
    pub fn find(&self, query: &Query) -> Result<Found, Unavailable> {
        let Opened { reader, fields } = match &*locked(&self.shared.standing) {
            Standing::Open(opened) => opened.clone(),
            Standing::Unavailable(why) => return Err(why.clone()),
        };
        let searcher = reader.searcher();
        let wanted = query.in_index(fields, &self.zone);
        let top = TopDocs::with_limit(PAGE).and_offset(query.skip.min(DEEPEST));
        let (count, places): (usize, Vec<DocAddress>) = if query.newest_first || !query.has_words() {
            let newest = top.order_by_fast_field::<i64>("latest", Order::Desc);
            let (count, top) = searcher.search(&wanted, &(Count, newest))?;
            (count, top.into_iter().map(|(_, place)| place).collect())
        } else {
            let (count, top) = searcher.search(&wanted, &(Count, top.order_by_score()))?;
            (count, top.into_iter().map(|(_, place)| place).collect())
        };
        let marker = Marker::new(query.marked());
        let mut hits = Vec::new();
        for place in places {
            let numbers = searcher.segment_reader(place.segment_ord).fast_fields().u64("id")?;
            let Some(id) = numbers.first(place.doc_id) else { continue };
            hits.extend(self.content(id)?.map(|content| marker.hit(&content)));
        }
        Ok(Found { count, hits })
    }

    /// Brings a batch of events into the index; says whether more are left.
    ///
    /// # Errors
    /// Why it cannot; searches say it, too.
    pub fn step(&self) -> Result<bool, Unavailable> {
        let mut work = locked(&self.shared.work);
        let stepped = self.step_with(&mut work);
        if let Err(why) = &stepped {
            if *why == Unavailable::Full && matches!(*work, Work::Failed) {
                // Nothing is wrong with what was committed before the disk was full.
                *work = Work::Closed;
            }
            *locked(&self.shared.standing) = Standing::Unavailable(why.clone());
        }
        stepped
    }

    fn step_with(&self, work: &mut Work) -> Result<bool, Unavailable> {
        self.leave_room()?;
        // Whatever goes wrong before the end, a panic included, leaves an index that is made anew.
        let mut index = match std::mem::replace(work, Work::Failed) {
            Work::Open(index) => *index,
            Work::Closed => Index::open(&self.dir, &self.journal)?,
            Work::Failed => Index::anew(&self.dir)?,
        };
        let touched = self.journal.touched(index.seq(), BATCH)?;
        if touched.last > index.seq() {
            for id in &touched.threads {
                index.put(*id, self.content(*id)?.filter(|content| content.thread.id == *id).as_ref())?;
            }
            if touched.purged {
                // Under the old mark: a kill before the end of it meets the purge again.
                index.commit(index.seq(), &self.journal)?;
                index = index.scour()?;
            }
            index.commit(touched.last, &self.journal)?;
        }
        let (done, of) = (touched.last, self.journal.last());
        let mut standing = locked(&self.shared.standing);
        // Once it has caught up, the little that it may lack keeps nobody from searching.
        *standing = match &*standing {
            Standing::Unavailable(_) if done < of => Standing::Unavailable(Unavailable::Behind { done, of }),
            _ => Standing::Open(index.opened()),
        };
        *work = Work::Open(Box::new(index));
        Ok(done < of)
    }

    /// Brings everything into the index, for whoever has the store without a daemon.
    ///
    /// # Errors
    /// As [`Search::step`].
    pub fn catch_up(&self) -> Result<(), Unavailable> {
        while self.step()? {}
        Ok(())
    }

    /// Drops the index; it is made anew.
    ///
    /// # Errors
    /// If the folder cannot be emptied.
    pub fn rebuild(&self) -> Result<(), Unavailable> {
        let mut work = locked(&self.shared.work);
        *work = Work::Closed;
        let behind = Unavailable::Behind { done: 0, of: self.journal.last() };
        *locked(&self.shared.standing) = Standing::Unavailable(behind);
        *work = Work::Open(Box::new(Index::anew(&self.dir)?));
        drop(work);
        self.shared.wanted.notify_one();
        Ok(())
    }

    /// What can be found of a thread; `None` where there is none, or its content was destroyed.
    fn content(&self, id: ThreadId) -> Result<Option<Content>, Unavailable> {
        let Some(thread) = self.journal.thread(id)?.filter(|thread| !thread.purged) else { return Ok(None) };
        match self.journal.events(&thread) {
            Ok(events) => Ok(Some(Content::of(thread, events, &self.config))),
            // The others can still be found; verify names what is wrong.
            Err(Fault::Damaged(what)) => {
                tracing::warn!(thread.id = id, what, "a thread cannot be searched");
                Ok(None)
            }
            Err(other) => Err(other.into()),
        }
    }

    /// What is free is the journal's first.
    fn leave_room(&self) -> Result<(), Unavailable> {
        let disk = rustix::fs::statvfs(self.journal.dir()).map_err(std::io::Error::from)?;
        if disk.f_bavail.saturating_mul(disk.f_frsize) < self.reserve {
            return Err(Unavailable::Full);
        }
        Ok(())
    }

    /// Follows the journal until told to stop. Nothing that goes wrong ends it.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut bell = self.journal.bell();
        let mut pause = FIRST_PAUSE;
        while !*stop.borrow() {
            // The bell before the look: what is written between the two still rings.
            bell.mark_unchanged();
            let this = self.clone();
            let stepped = tokio::task::spawn_blocking(move || this.step()).await;
            let stepped = stepped.unwrap_or_else(|panic| {
                let why = Unavailable::Broken(panic.to_string());
                *locked(&self.shared.standing) = Standing::Unavailable(why.clone());
                Err(why)
            });
            let rest = match stepped {
                Ok(true) => {
                    pause = FIRST_PAUSE;
                    continue;
                }
                Ok(false) => {
                    pause = FIRST_PAUSE;
                    tokio::select! {
                        rung = bell.changed() => if rung.is_err() { return },
                        () = self.shared.wanted.notified() => {}
                        _ = stop.wait_for(|stop| *stop) => return,
                    }
                    GATHER
                }
                Err(why) => {
                    tracing::warn!(%why, pause_ms = pause.as_millis(), "nothing can be searched");
                    let longer = (pause * 2).min(LONGEST_PAUSE);
                    std::mem::replace(&mut pause, longer)
                }
            };
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }
}

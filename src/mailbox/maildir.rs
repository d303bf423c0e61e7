//! The Maildir back end: a folder on this machine, as Dovecot and procmail fill it.
//!
//! Reads `new` and `cur` of the root and of Maildir++ folders beside them (`.Sent`), and
//! changes nothing there but the flags of what was answered, if the operator wants that: moving a message
//! from `new` to `cur` is otherwise for the programs with which colleagues read. A message is known by its unique name, the file name up to the
//! colon, which stays when flags change. An `.eml` copied into `new` by hand is read, too.

mod flags;
mod listing;

use crate::config;
use crate::mailbox::fault::{Fault, Refusal};
use crate::mailbox::spool::Part;
use crate::mailbox::terms::{After, Batch, Content, Fetched, Folder, Limit, Mark, Role, Setup};
use crate::mailbox::{head, names};
use jiff::Timestamp;
use listing::Entry;
use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{Event, EventKind, RecursiveMode, Watcher};
use std::collections::btree_map::Entry::Vacant;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Notify;
use tokio::task::spawn_blocking;

/// Beyond this a message goes into a file instead of the memory.
const LARGE: u64 = 1 << 20;
/// How many names are kept between two batches, so that a folder of many messages is not
/// listed for each of them.
const AHEAD: usize = 10_000;
/// How soon to look again at a file that is perhaps still being written.
const SETTLING: Duration = Duration::from_millis(150);

/// An open Maildir.
#[derive(Debug)]
pub struct Session {
    root: PathBuf,
    setup: Setup,
    wanted: Wanted,
    /// Where each folder lies, by its name.
    places: BTreeMap<String, PathBuf>,
    /// By folder, what its last listing found and was not taken yet.
    ahead: BTreeMap<String, Ahead>,
    news: Arc<Notify>,
    watcher: Option<notify::RecommendedWatcher>,
    watched: Vec<PathBuf>,
    /// Whether a reading since the last wait left out a file that may still be written.
    unsettled: bool,
}

/// The rest of a listing.
#[derive(Debug, Default)]
struct Ahead {
    entries: VecDeque<Entry>,
    /// How many the folder has beyond these.
    others: usize,
}

/// Why a message was not read.
enum Unread {
    /// It is no longer there under this name.
    Gone,
    /// Its file cannot be read.
    Entry(Fault),
    /// There is no place for it on our side.
    Spool(Fault),
}

#[derive(Debug)]
struct Wanted {
    inbox: Option<String>,
    sent: Option<String>,
    folders: Vec<String>,
    max_message_bytes: u64,
    poll: Duration,
}

impl Session {
    /// Opens the Maildir whose root is `root`.
    ///
    /// # Errors
    /// [`Refusal::NoMaildir`] without `new` and `cur`.
    pub(in crate::mailbox) async fn open(
        config: &config::Mailbox,
        root: &Path,
        setup: Setup,
    ) -> Result<Self, Fault> {
        check(root).await?;
        let news = Arc::new(Notify::new());
        let wake = Arc::clone(&news);
        // Without inotify (too many watchers, a network file system) the poll's interval is
        // all there is, and it applies anyhow.
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| is_arrival(event.kind)) {
                wake.notify_one();
            }
        });
        if watcher.is_err() {
            tracing::warn!("no watcher to be had: the Maildir is polled");
        }
        let mut session = Self {
            root: root.to_owned(),
            setup,
            wanted: Wanted {
                inbox: config.inbox.clone(),
                sent: config.sent.clone(),
                folders: config.folders.clone(),
                max_message_bytes: config.max_message_bytes,
                poll: config.poll,
            },
            places: BTreeMap::new(),
            ahead: BTreeMap::new(),
            news,
            watcher: watcher.ok(),
            watched: Vec::new(),
            unsettled: false,
        };
        session.folders().await?;
        Ok(session)
    }

    /// The root (or the inbox of the config), further folders, and the one for sent mail.
    pub(in crate::mailbox) async fn folders(&mut self) -> Result<Vec<Folder>, Fault> {
        let root = self.root.clone();
        let listed = spawn_blocking(move || listing::folders(&root))
            .await
            .unwrap_or_else(|gone| Err(io::Error::other(gone)))
            .map_err(|error| Fault::files(&self.root, &error))?;
        let mut folders = Vec::new();
        let mut places = BTreeMap::new();
        let mut take = |name: String, place: PathBuf, role| {
            if let Vacant(free) = places.entry(name) {
                folders.push(Folder { name: free.key().clone(), role });
                free.insert(place);
            }
        };
        let find = |wanted: &str| {
            find(&listed, wanted)
                .ok_or_else(|| Fault::Refused(Refusal::NoFolder { folder: wanted.to_owned() }))
        };
        match &self.wanted.inbox {
            Some(name) if !name.eq_ignore_ascii_case("INBOX") => {
                let (name, place) = find(name)?;
                take(name, place, Role::Inbox);
            }
            _ => take("INBOX".to_owned(), self.root.clone(), Role::Inbox),
        }
        for name in &self.wanted.folders {
            let (name, place) = find(name)?;
            take(name, place, Role::Inbox);
        }
        let sent = match &self.wanted.sent {
            Some(name) => Some(find(name)?),
            None => names::sent(listed.keys().map(String::as_str), ".")
                .and_then(|name| listed.get_key_value(name))
                .map(|(name, place)| (name.clone(), place.clone())),
        };
        if let Some((name, place)) = sent {
            take(name, place, Role::Sent);
        }
        for place in places.values() {
            check(place).await?;
        }
        self.places = places;
        self.watch();
        Ok(folders)
    }

    /// Watches the folders' `new` and `cur`.
    fn watch(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        for part in self.places.values().flat_map(|place| [place.join("new"), place.join("cur")]) {
            if self.watched.contains(&part) {
                continue;
            }
            match watcher.watch(&part, RecursiveMode::NonRecursive) {
                Ok(()) => self.watched.push(part),
                Err(_) => tracing::warn!("a Maildir folder cannot be watched: it is polled"),
            }
        }
    }

    /// The oldest messages whose names are not known yet.
    pub(in crate::mailbox) async fn fetch(
        &mut self,
        folder: &str,
        after: &After<'_>,
        limit: &Limit,
    ) -> Result<Batch, Fault> {
        let place = self
            .places
            .get(folder)
            .cloned()
            .ok_or_else(|| Fault::Refused(Refusal::NoFolder { folder: folder.to_owned() }))?;
        let mut ahead = self.ahead.remove(folder).unwrap_or_default();
        // What was handed over and not kept comes again.
        while ahead.entries.front().is_some_and(|entry| (after.known)(&entry.unique)) {
            ahead.entries.pop_front();
        }
        if ahead.entries.is_empty() {
            // On this thread, because `known` is borrowed; a listing opens no message.
            let found = listing::oldest(&place, after.known, AHEAD.max(limit.messages), SystemTime::now())
                .map_err(|error| Fault::files(&place, &error))?;
            // Of one folder; the next one that is read must not make it forgotten.
            self.unsettled |= found.unsettled;
            ahead = Ahead { entries: found.entries.into(), others: found.others };
        }
        let mut batch = Batch::default();
        let (mut bytes, mut unreadable) = (0_u64, None);
        for entry in ahead.entries.iter().take(limit.messages.max(1)) {
            if !batch.messages.is_empty() && bytes + entry.size > limit.bytes {
                break;
            }
            let content = match self.read(entry).await {
                Ok(content) => content,
                // One file that cannot be read must not stop those behind it.
                Err(Unread::Entry(fault)) => {
                    unreadable = Some(fault);
                    Content::Head(Vec::new())
                }
                Err(Unread::Spool(fault)) => return Err(fault),
                // Moved to `cur`, flagged, or removed since the listing: list anew.
                Err(Unread::Gone) => return Ok(Batch { left: 1 + ahead.others, ..batch }),
            };
            bytes += entry.size;
            batch.messages.push(Fetched {
                mark: Mark::Name(entry.unique.clone()),
                received: timestamp(entry.modified),
                size: entry.size,
                content,
            });
        }
        // But if none can be read, it is not the file: somebody must look at the rights.
        let empty = |message: &Fetched| matches!(&message.content, Content::Head(head) if head.is_empty());
        if let Some(fault) = unreadable
            && batch.messages.iter().all(empty)
        {
            return Err(fault);
        }
        batch.left = ahead.others + (ahead.entries.len() - batch.messages.len());
        self.ahead.insert(folder.to_owned(), ahead);
        Ok(batch)
    }

    async fn read(&self, entry: &Entry) -> Result<Content, Unread> {
        let unread = |error: io::Error| Unread::Entry(Fault::files(&entry.path, &error));
        let mut file = match tokio::fs::File::open(&entry.path).await {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Unread::Gone),
            Err(error) => return Err(unread(error)),
        };
        let limit = self.wanted.max_message_bytes;
        if entry.size > limit {
            let mut bytes = Vec::new();
            file.take(u64::from(head::LONGEST_HEADER)).read_to_end(&mut bytes).await.map_err(unread)?;
            return Ok(Content::Head(head::cut(bytes)));
        }
        // No further than the size listed: what is added later is no part of a message.
        if entry.size <= LARGE {
            let mut bytes = Vec::new();
            file.take(entry.size).read_to_end(&mut bytes).await.map_err(unread)?;
            return Ok(Content::Whole(bytes));
        }
        let mut part = Part::create(&self.setup.spool_folder(), 0).await.map_err(Unread::Spool)?;
        let mut range = vec![0; 1 << 18];
        loop {
            let read = file.read(&mut range).await.map_err(unread)?;
            let Some(bytes) = range.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
            part.write(bytes).await.map_err(Unread::Spool)?;
        }
        part.finish().await.map(Content::File).map_err(Unread::Spool)
    }

    /// Waits for a file to arrive, the bell, or the poll's interval.
    pub(in crate::mailbox) async fn wait(&mut self, at_most: Duration, bell: &Notify) -> Result<(), Fault> {
        let at_most = at_most.min(self.wanted.poll);
        let unsettled = std::mem::take(&mut self.unsettled);
        let at_most = if unsettled { at_most.min(SETTLING) } else { at_most };
        tokio::select! {
            () = tokio::time::sleep(at_most) => {}
            () = self.news.notified() => {}
            () = bell.notified() => {}
        }
        Ok(())
    }

    /// Files a copy into `cur`, with the flag S: written beside and moved into place.
    pub(in crate::mailbox) async fn append(
        &mut self,
        folder: &str,
        raw: &[u8],
        date: Timestamp,
    ) -> Result<(), Fault> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let place = self
            .places
            .get(folder)
            .ok_or_else(|| Fault::Refused(Refusal::NoFolder { folder: folder.to_owned() }))?;
        let now = Timestamp::now();
        let unique = format!(
            "{}.M{}P{}Q{}.greffier",
            now.as_second(),
            now.subsec_microsecond(),
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let (tmp, cur) = (place.join("tmp"), place.join("cur"));
        let path = tmp.join(&unique);
        let filed = async {
            tokio::fs::create_dir_all(&tmp).await?;
            let mut file = tokio::fs::OpenOptions::new().write(true).create_new(true).open(&path).await?;
            file.write_all(raw).await?;
            file.sync_all().await?;
            let file = file.into_std().await;
            file.set_modified(SystemTime::try_from(date).map_err(io::Error::other)?)?;
            tokio::fs::rename(&path, cur.join(format!("{unique}:2,S"))).await?;
            tokio::fs::File::open(&cur).await?.sync_all().await
        };
        let filed: io::Result<()> = filed.await;
        if let Err(error) = filed {
            // Half a copy in `tmp` is nobody's message.
            let _ = tokio::fs::remove_file(&path).await;
            return Err(Fault::files(&path, &error));
        }
        Ok(())
    }
}

/// A Maildir, or a clear fault.
async fn check(place: &Path) -> Result<(), Fault> {
    for part in ["new", "cur"] {
        let part = place.join(part);
        match tokio::fs::metadata(&part).await {
            Ok(found) if found.is_dir() => {}
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Fault::files(&part, &error)),
            _ => return Err(Fault::Refused(Refusal::NoMaildir { path: place.to_owned() })),
        }
    }
    Ok(())
}

/// The folder that the config means: `Sent`, `.Sent`, `INBOX.Sent`, `Archives/2024`.
fn find(listed: &BTreeMap<String, PathBuf>, wanted: &str) -> Option<(String, PathBuf)> {
    let wanted = wanted.trim_start_matches('.').replace('/', ".");
    let wanted = names::folded(names::below_inbox(&wanted, "."));
    let found = listed.iter().find(|(name, _)| names::folded(name) == wanted);
    found.map(|(name, place)| (name.clone(), place.clone()))
}

fn is_arrival(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Create(_)
            | EventKind::Modify(ModifyKind::Name(_))
            | EventKind::Access(AccessKind::Close(AccessMode::Write))
            // The queue of events overflowed: anything may have arrived.
            | EventKind::Other
    )
}

fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH)
}

//! Reads the folder of approved texts and watches it while the daemon runs.
//!
//! [`read`] is for commands that look once; [`Library`] is for the daemon: it always
//! gives the last good version, and keeps it when an edit is broken. Changes are seen
//! through the system's file notices, and every 30 seconds by reading anew, for network
//! folders and replaced folders that give no notice.

mod adopt;
mod encoder;
mod learned;
mod write;

pub use adopt::adopt;
pub use encoder::{EncoderFolder, EncoderProblem, EncoderProblemKind};

use crate::classify::{Label, Model};
use crate::replies::{Floors, LONGEST_FILE, Problem, ProblemKind, Replies};
use crate::wording::Language;
use learned::Held;
use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecursiveMode, Watcher as _};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How long a folder must be quiet before it is read: editors write in several steps.
const QUIET: Duration = Duration::from_millis(200);
/// How often the folder is read without a notice.
const RESCAN: Duration = Duration::from_secs(30);
/// The largest attachment. Bytes; mailboxes commonly refuse mail of 25 MB once encoded.
const LARGEST_ATTACHMENT: u64 = 10_000_000;
/// Folders of the library that hold texts.
const TEXT_FOLDERS: [&str; 2] = ["fr", "en"];
/// Files beside them that the classifier reads.
const TABLES: [&str; 3] = ["lexicon.toml", "floors.toml", "floors-encoder.toml"];

/// Reads the folder once.
///
/// # Errors
/// Every problem of every file, with its path beginning with `dir`.
pub fn read(dir: &Path) -> Result<Replies, Vec<Problem>> {
    read_with(dir, None)
}

/// As [`read`], as if the folder had one more file, or another in its place; its path is relative to `dir`.
fn read_with(dir: &Path, changed: Option<(PathBuf, String)>) -> Result<Replies, Vec<Problem>> {
    let mut folder = Folder { dir, texts: Vec::new(), attachments: BTreeMap::new(), problems: Vec::new() };
    if dir.is_dir() {
        folder.read();
    } else {
        return Err(vec![Problem::of(dir, ProblemKind::NoFolder)]);
    }
    if let Some((path, text)) = changed {
        folder.texts.retain(|(known, _)| *known != path);
        folder.texts.push((path, text));
        folder.texts.sort();
    }
    let under = |mut problem: Problem| {
        problem.file =
            if problem.file.as_os_str().is_empty() { dir.to_owned() } else { dir.join(&problem.file) };
        problem
    };
    let unreadable: Vec<PathBuf> = folder.problems.iter().map(|problem| problem.file.clone()).collect();
    let parsed = Replies::parse(folder.texts).and_then(|replies| replies.attach(folder.attachments));
    match parsed {
        Ok(replies) if unreadable.is_empty() => Ok(replies),
        Ok(_) => Err(folder.problems.into_iter().map(under).collect()),
        Err(found) => {
            let mut problems = folder.problems;
            // To the parser an unreadable file is missing; what follows from that is no news.
            problems.extend(found.into_iter().filter(|problem| {
                unreadable.is_empty()
                    || !(unreadable.contains(&problem.file) || follows_from_missing(&problem.kind))
            }));
            problems.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
            Err(problems.into_iter().map(under).collect())
        }
    }
}

fn follows_from_missing(kind: &ProblemKind) -> bool {
    matches!(
        kind,
        ProblemKind::NoDefault(_)
            | ProblemKind::NoEntries
            | ProblemKind::NoLetter(_)
            | ProblemKind::UnknownLabel(_)
            | ProblemKind::NoAttachment(_)
    )
}

/// What was found in the folder so far; paths are relative to `dir`.
struct Folder<'a> {
    dir: &'a Path,
    texts: Vec<(PathBuf, String)>,
    attachments: BTreeMap<String, Vec<u8>>,
    problems: Vec<Problem>,
}

impl Folder<'_> {
    fn read(&mut self) {
        for name in self.names(Path::new("")) {
            let path = PathBuf::from(&name);
            let is_folder = self.dir.join(&path).is_dir();
            if TEXT_FOLDERS.contains(&name.as_str()) && is_folder {
                self.read_texts(&path);
            } else if name == "examples" && is_folder {
                for language in self.names(&path) {
                    let language = path.join(language);
                    if self.dir.join(&language).is_dir() {
                        self.read_texts(&language);
                    } else if is_text(&language) {
                        self.problems.push(Problem::of(&language, ProblemKind::Misplaced));
                    }
                }
            } else if TABLES.contains(&name.as_str()) && !is_folder {
                self.read_text(path);
            } else if name == "attachments" && is_folder {
                self.read_attachments(&path);
            } else if !name.starts_with("README") && !is_folder && is_text(&path) {
                // A text beside the language folders would be left out in silence.
                self.problems.push(Problem::of(&path, ProblemKind::Misplaced));
            } else if is_folder && self.names(&path).iter().any(|inner| is_text(Path::new(inner))) {
                self.problems.push(Problem::of(&path, ProblemKind::Misplaced));
            }
        }
    }

    fn read_texts(&mut self, folder: &Path) {
        for name in self.names(folder) {
            let path = folder.join(name);
            if is_text(&path) {
                self.read_text(path);
            }
        }
    }

    fn read_text(&mut self, path: PathBuf) {
        let Some(bytes) = self.bytes(&path, LONGEST_FILE as u64) else { return };
        match String::from_utf8(bytes) {
            Ok(text) => self.texts.push((path, text)),
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                let line = error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count() + 1;
                self.problems.push(Problem::at(&path, line, ProblemKind::NotUtf8));
            }
        }
    }

    fn read_attachments(&mut self, folder: &Path) {
        for name in self.names(folder) {
            if let Some(bytes) = self.bytes(&folder.join(&name), LARGEST_ATTACHMENT) {
                self.attachments.insert(name, bytes);
            }
        }
    }

    /// The names in a folder, sorted, without hidden files and editors' leavings.
    fn names(&mut self, folder: &Path) -> Vec<String> {
        let listed = fs::read_dir(self.dir.join(folder)).and_then(|list| {
            list.map(|item| item.map(|item| item.file_name())).collect::<Result<Vec<_>, _>>()
        });
        let mut names = Vec::new();
        match listed {
            Ok(listed) => {
                for name in listed {
                    match name.into_string() {
                        Ok(name) if is_leaving(&name) => {}
                        Ok(name) => names.push(name),
                        Err(name) => {
                            self.problems.push(Problem::of(&folder.join(name), ProblemKind::Misplaced));
                        }
                    }
                }
            }
            Err(error) => {
                self.problems.push(Problem::of(folder, ProblemKind::Unreadable(error.to_string())));
            }
        }
        names.sort();
        names
    }

    fn bytes(&mut self, path: &Path, most: u64) -> Option<Vec<u8>> {
        let full = self.dir.join(path);
        // Opening a pipe would wait for ever.
        if fs::metadata(&full).is_ok_and(|data| !data.is_file()) {
            self.problems.push(Problem::of(path, ProblemKind::Misplaced));
            return None;
        }
        let mut bytes = Vec::new();
        let read = fs::File::open(&full).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
        match read {
            Ok(_) if bytes.len() as u64 > most => {
                let most = usize::try_from(most).unwrap_or(usize::MAX);
                self.problems.push(Problem::of(path, ProblemKind::TooLong(most)));
                None
            }
            Ok(_) => Some(bytes),
            Err(error) => {
                self.problems.push(Problem::of(path, ProblemKind::Unreadable(error.to_string())));
                None
            }
        }
    }
}

/// Whether somebody meant this file as a text of ours, rightly named or not.
fn is_text(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["md", "markdown", "txt"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Hidden files, and what editors leave beside the file they write.
fn is_leaving(name: &str) -> bool {
    name.starts_with(['.', '#', '~']) || name.ends_with('~')
}

/// The approved texts, kept up to date. Cheap to clone; watching ends with the last clone.
#[derive(Debug, Clone)]
pub struct Library {
    shared: Arc<Shared>,
    encoder: Option<EncoderFolder>,
    held: Arc<Held>,
    _watch: Arc<Watch>,
}

#[derive(Debug)]
struct Shared {
    dir: PathBuf,
    current: RwLock<Arc<Replies>>,
    problems: RwLock<Vec<Problem>>,
    changed: watch::Sender<u64>,
}

enum Signal {
    Changed,
    Stop,
}

/// Ends the watching thread when the library goes.
#[derive(Debug)]
struct Watch(Sender<Signal>);

impl Drop for Watch {
    fn drop(&mut self) {
        // The thread has ended already if nobody takes the signal.
        let _ = self.0.send(Signal::Stop);
    }
}

impl Library {
    /// Reads the folder and begins to watch it, on a thread of its own.
    ///
    /// # Errors
    /// As [`read`]: there is no good version to begin with.
    pub fn open(dir: &Path) -> Result<Self, Vec<Problem>> {
        // Watching begins before reading, so that no edit falls between the two.
        let (sender, receiver) = channel();
        let watcher = watch_folder(dir, &sender);
        let replies = read(dir)?;
        let shared = Arc::new(Shared {
            dir: dir.to_owned(),
            current: RwLock::new(Arc::new(replies)),
            problems: RwLock::new(Vec::new()),
            changed: watch::Sender::new(1),
        });
        let seen = Arc::clone(&shared);
        let started = std::thread::Builder::new().name("library".to_owned()).spawn(move || {
            // Held here: notices end with it.
            let _watcher = watcher;
            follow(&seen, &receiver);
        });
        if let Err(error) = started {
            tracing::error!(%error, "replies are not watched; a restart reads them anew");
        }
        Ok(Self { shared, encoder: None, held: Arc::default(), _watch: Arc::new(Watch(sender)) })
    }

    /// With a sentence encoder for the classifier, or without.
    #[must_use]
    pub fn with_encoder(self, encoder: Option<EncoderFolder>) -> Self {
        Self { encoder, ..self }
    }

    /// What the classifier learns from a library and from what reviewers taught: label,
    /// language, wording.
    #[must_use]
    pub fn model(
        &self,
        replies: &Replies,
        taught: impl IntoIterator<Item = (Label, Language, String)>,
    ) -> Model {
        let model = Model::with(replies, taught, self.encoder.as_ref().map(EncoderFolder::sentences));
        if let Some(encoder) = &self.encoder {
            encoder.keep();
        }
        model
    }

    /// How far what is learned from the current version can be believed, measured anew.
    #[must_use]
    pub fn measured(&self) -> Floors {
        let sentences = self.encoder.as_ref().map(EncoderFolder::sentences);
        let (floors, _) = Model::floors_of(&self.current(), sentences);
        if let Some(encoder) = &self.encoder {
            encoder.keep();
        }
        floors
    }

    /// The last good version.
    #[must_use]
    pub fn current(&self) -> Arc<Replies> {
        Arc::clone(&self.shared.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Rises by one with each new good version; begins at 1.
    #[must_use]
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.shared.changed.subscribe()
    }

    /// What is wrong in the folder now; empty when the current version is what lies there.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        self.shared.problems.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.shared.dir
    }

    /// Reads the folder now instead of at the next notice. Blocks for the reading.
    pub fn reload(&self) {
        self.shared.reload();
    }
}

impl Shared {
    fn reload(&self) {
        match read(&self.dir) {
            Ok(replies) => {
                let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
                self.problems.write().unwrap_or_else(PoisonError::into_inner).clear();
                if current.digest() != replies.digest() {
                    tracing::info!(digest = replies.digest(), "replies changed");
                    *current = Arc::new(replies);
                    drop(current);
                    self.changed.send_modify(|version| *version += 1);
                }
            }
            Err(found) => {
                let mut problems = self.problems.write().unwrap_or_else(PoisonError::into_inner);
                if *problems != found {
                    tracing::warn!(problems = found.len(), "replies are broken; the last good version stays");
                    *problems = found;
                }
            }
        }
    }
}

/// Waits for notices until the library goes, and reads the folder once it is quiet.
fn follow(shared: &Shared, signals: &Receiver<Signal>) {
    loop {
        match signals.recv_timeout(RESCAN) {
            Ok(Signal::Changed) => {
                // A folder that never comes to rest is read all the same.
                let latest = Instant::now() + RESCAN;
                loop {
                    match signals.recv_timeout(QUIET) {
                        Ok(Signal::Changed) if Instant::now() < latest => {}
                        Ok(Signal::Changed) | Err(RecvTimeoutError::Timeout) => break,
                        Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                    }
                }
                shared.reload();
            }
            Err(RecvTimeoutError::Timeout) => shared.reload(),
            Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn watch_folder(dir: &Path, sender: &Sender<Signal>) -> Option<notify::RecommendedWatcher> {
    let sender = sender.clone();
    let notice = move |event: notify::Result<notify::Event>| {
        // Our own reading opens and closes files, too; it must not wake us. A notice that
        // failed may stand for any change.
        let counts = event.map_or(true, |event| {
            !matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write))
        });
        if counts {
            // The thread has ended if nobody takes the signal.
            let _ = sender.send(Signal::Changed);
        }
    };
    let watcher = notify::recommended_watcher(notice)
        .and_then(|mut watcher| watcher.watch(dir, RecursiveMode::Recursive).map(|()| watcher));
    watcher
        .inspect_err(|error| {
            tracing::warn!(%error, every_s = RESCAN.as_secs(), "no notices of changed replies; reading at intervals");
        })
        .ok()
}

#[cfg(test)]
mod tests;

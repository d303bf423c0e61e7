//! What lies in a Maildir: its folders, and the oldest messages that are not known yet.
//!
//! Reads folders, never a message. The memory it takes does not grow with the number of
//! messages, but with how many names are asked for.

use crate::mailbox::names;
use std::collections::{BTreeMap, BinaryHeap};
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A file copied into `new` by hand is left alone until nobody wrote to it for so long:
/// unlike a delivery it appears before it is whole.
const QUIET: Duration = Duration::from_millis(100);

/// A message in a listing; older ones are smaller.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) modified: SystemTime,
    pub(super) unique: String,
    pub(super) path: PathBuf,
    pub(super) size: u64,
}

/// The beginning of a folder's listing.
#[derive(Debug)]
pub(super) struct Found {
    /// The oldest messages, oldest first.
    pub(super) entries: Vec<Entry>,
    /// How many others there are.
    pub(super) others: usize,
    /// Whether a file was left out because it may still be written.
    pub(super) unsettled: bool,
}

/// The `most` oldest messages of a folder that are not `known`.
pub(super) fn oldest(
    place: &Path,
    known: &(dyn Fn(&str) -> bool + Send + Sync),
    most: usize,
    now: SystemTime,
) -> io::Result<Found> {
    let mut heap = BinaryHeap::new();
    let (mut others, mut unsettled) = (0, false);
    for part in ["new", "cur"] {
        for file in std::fs::read_dir(place.join(part))? {
            let file = file?;
            let Some(unique) = unique(&file.file_name()) else { continue };
            if known(&unique) {
                continue;
            }
            let metadata = match std::fs::metadata(file.path()) {
                Ok(metadata) if metadata.is_file() => metadata,
                // Moved or removed since the folder was read: it comes up again, or never.
                // Or a link to nowhere, which is no message.
                _ => continue,
            };
            let modified = metadata.modified()?;
            let age = now.duration_since(modified).unwrap_or(QUIET);
            if unique.to_ascii_lowercase().ends_with(".eml") && age < QUIET {
                unsettled = true;
                continue;
            }
            heap.push(Entry { modified, unique, path: file.path(), size: metadata.len() });
            if heap.len() > most.max(1) {
                heap.pop();
                others += 1;
            }
        }
    }
    let mut entries = heap.into_sorted_vec();
    // In both `new` and `cur` while it was being moved.
    entries.dedup_by(|a, b| a.unique == b.unique);
    Ok(Found { entries, others, unsettled })
}

/// The Maildir++ folders beside the root, by their decoded names: `.Sent` is `Sent`.
pub(super) fn folders(root: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let mut folders = BTreeMap::new();
    for file in std::fs::read_dir(root)? {
        let file = file?;
        let name = file.file_name();
        let Some(name) = name.to_str().and_then(|name| name.strip_prefix('.')) else { continue };
        if !name.is_empty() && name != "." && file.path().join("cur").is_dir() {
            folders.insert(names::decode(name), file.path());
        }
    }
    Ok(folders)
}

/// The unique name: the file name up to its flags. `None` for hidden files, which are no
/// messages.
fn unique(name: &OsStr) -> Option<String> {
    let bytes = name.as_bytes();
    if bytes.starts_with(b".") {
        return None;
    }
    let end = bytes.iter().position(|byte| *byte == b':').unwrap_or(bytes.len());
    Some(String::from_utf8_lossy(bytes.get(..end)?).into_owned())
}

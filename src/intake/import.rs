//! Past mail, through the same stages: a Maildir, an mbox or a folder of `.eml`.

use super::Intake;
use super::accept::{Context, Taken, accept};
use crate::journal::Fault;
use crate::mailbox::Role;
use crate::message::{self, Message};
use crate::thread::Place;
use jiff::Timestamp;
use mail_parser::mailbox::mbox;
use rayon::prelude::*;
use serde::Serialize;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

/// How many messages commit together.
const BATCH: usize = 200;

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Messages found.
    pub found: usize,
    /// Files that could not be read at all.
    pub unreadable: usize,
}

/// One message of the past, before it is read.
struct Past {
    name: String,
    raw: Vec<u8>,
    /// When it arrived, as far as the source says.
    arrived: Option<Timestamp>,
}

/// Takes everything under `path`. `since` says from when on mail gets a draft.
///
/// # Errors
/// If `path` cannot be read, or the store cannot be written.
pub fn import(
    intake: &Intake,
    path: &Path,
    since: Timestamp,
    progress: &dyn Fn(usize, usize),
) -> Result<Imported, Fault> {
    let mut imported = Imported { found: 0, unreadable: 0 };
    let mut batch = Vec::with_capacity(BATCH);
    let (total, source) = source(path)?;
    let told = |imported: &Imported| {
        let done = imported.found + imported.unreadable;
        progress(done, total.saturating_sub(done));
    };
    for past in source {
        match past {
            Ok(past) => {
                batch.push(past);
                imported.found += 1;
            }
            Err(_) => imported.unreadable += 1,
        }
        if batch.len() == BATCH {
            keep(intake, path, since, std::mem::take(&mut batch))?;
            told(&imported);
        }
    }
    keep(intake, path, since, batch)?;
    told(&imported);
    Ok(imported)
}

fn keep(intake: &Intake, path: &Path, since: Timestamp, batch: Vec<Past>) -> Result<(), Fault> {
    if batch.is_empty() {
        return Ok(());
    }
    let mut ours = vec![intake.mailbox.address.clone()];
    ours.extend(intake.mailbox.aliases.iter().cloned());
    let context = Context {
        organisations: &intake.organisations,
        ours: &ours,
        internal: &intake.mailbox.internal_domains,
        since,
        pace: None,
    };
    let now = intake.journal.clock().now();
    let take = |past: Past| -> Result<Taken, Fault> {
        let message = message::read(&past.raw, &intake.mailbox.banners);
        // The sender's Date is the sender's claim; it serves only where nothing better is known.
        let received =
            message::received_at(&past.raw).or(past.arrived).or(message.date).unwrap_or(now).min(now);
        let role = if is_ours(&message, &ours) { Role::Sent } else { Role::Inbox };
        let blob = intake.journal.blobs().put_unsynced(&past.raw)?;
        let place = Place {
            mailbox: ours.first().cloned().unwrap_or_default(),
            folder: path.display().to_string(),
            mark: past.name,
        };
        Ok(Taken { blob, size: past.raw.len() as u64, place, role, received, message })
    };
    let taken = batch.into_par_iter().map(take).collect::<Result<Vec<_>, _>>()?;
    intake.journal.blobs().sync()?;
    intake.journal.write_synced(|writer| -> Result<(), Fault> {
        for taken in taken {
            accept(writer, &context, taken)?;
        }
        Ok(())
    })
}

/// Mail of the past that we wrote lies among the rest.
fn is_ours(message: &Message, ours: &[String]) -> bool {
    message.from.as_ref().is_some_and(|from| ours.iter().any(|own| from.same_mailbox(own)))
}

type Source = Box<dyn Iterator<Item = std::io::Result<Past>>>;

/// The messages under a path, and how many they are.
fn source(path: &Path) -> Result<(usize, Source), Fault> {
    let failed = |error| Fault::Io { what: "import", error };
    if path.is_file() {
        if path.extension().is_some_and(|extension| extension == "eml") {
            return Ok((1, Box::new(std::iter::once(read(path.to_owned())))));
        }
        let total = separators(path).map_err(failed)?;
        let file = BufReader::new(File::open(path).map_err(failed)?);
        let messages = mbox::MessageIterator::new(file).enumerate().map(|(number, message)| {
            let message = message.map_err(|_| std::io::Error::from(std::io::ErrorKind::InvalidData))?;
            let seconds = i64::try_from(message.internal_date()).unwrap_or_default();
            let arrived = (seconds > 0).then(|| Timestamp::from_second(seconds).ok()).flatten();
            Ok(Past { name: number.to_string(), raw: message.unwrap_contents(), arrived })
        });
        return Ok((total, Box::new(messages)));
    }
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() && entry.file_name() != "tmp" {
                folders.push(entry.path());
            } else if kind.is_file() && is_message(&entry.path()) {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok((files.len(), Box::new(files.into_iter().map(read))))
}

/// How many messages an mbox seems to hold (RFC 4155: each begins with a line `From …`).
fn separators(path: &Path) -> std::io::Result<usize> {
    let mut file = BufReader::new(File::open(path)?);
    let (mut line, mut count) = (Vec::new(), 0);
    while file.read_until(b'\n', &mut line)? > 0 {
        count += usize::from(line.starts_with(b"From "));
        line.clear();
    }
    Ok(count)
}

/// An `.eml`, or any file in a Maildir's `new` or `cur`.
fn is_message(path: &Path) -> bool {
    let folder = path.parent().and_then(Path::file_name);
    path.extension().is_some_and(|extension| extension == "eml")
        || folder.is_some_and(|folder| folder == "new" || folder == "cur")
}

fn read(path: PathBuf) -> std::io::Result<Past> {
    let raw = fs::read(&path)?;
    let modified = fs::metadata(&path)?.modified()?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Past { name, raw, arrived: Timestamp::try_from(modified).ok() })
}

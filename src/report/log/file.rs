//! The log's file: appended to, turned over, and asked at every opening how far it came.

use super::Unlogged;
use super::line::LogLine;
use crate::config::{ResponseLog, Rotation};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// Bytes that are read from the end to find the last line; a line is far shorter.
const TAIL: u64 = 64 << 10;

/// How far the log came.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Written {
    /// The last event that was looked at.
    pub seq: u64,
    /// The question of the last line of that event, by the event that brought it; 0: all of it was written.
    pub received_seq: u64,
    /// When the last line's event was taken: the file's month.
    pub at: Option<Timestamp>,
    /// The journal's link at that event; `None` of a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl Written {
    fn up_to(line: &LogLine) -> Self {
        Self { seq: line.seq, received_seq: line.received_seq, at: Some(line.at), link: None }
    }

    /// Whether the line is still to be written.
    pub fn is_before(&self, line: &LogLine) -> bool {
        self.place() < (line.seq, line.received_seq)
    }

    fn place(&self) -> (u64, u64) {
        (self.seq, if self.received_seq == 0 { u64::MAX } else { self.received_seq })
    }
}

/// The log, open for one stretch of work.
pub(super) struct LogFile {
    path: PathBuf,
    rotation: Rotation,
    written: Written,
}

impl LogFile {
    /// Cuts off a line that a kill left unfinished, and finds out how far the log came. What it says of
    /// another journal than this one, which `is_ours` knows, counts for nothing: of this one, all is written
    /// up to the event `restored_to`, at which a backup was made of both.
    pub fn open(
        log: &ResponseLog,
        restored_to: u64,
        is_ours: impl Fn(&Written) -> Result<bool, Unlogged>,
    ) -> Result<Self, Unlogged> {
        if let Some(folder) = log.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let cursor: Written = match fs::read(cursor_of(&log.path)) {
            // One that cannot be read is none: the file's end knows as much.
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Written::default(),
            Err(error) => return Err(error.into()),
        };
        let restored = Written { seq: restored_to, at: cursor.at, ..Written::default() };
        let cursor = if is_ours(&cursor)? { cursor } else { restored.clone() };
        let last = mend(&log.path)?.map(|line| Written::up_to(&line));
        let written = match last.filter(|last| last.place() > cursor.place()) {
            Some(last) if is_ours(&last)? => last,
            Some(_) if restored.place() > cursor.place() => restored,
            _ => cursor,
        };
        Ok(Self { path: log.path.clone(), rotation: log.rotation, written })
    }

    pub fn written(&self) -> &Written {
        &self.written
    }

    /// Appends lines, in order, and has them on disk when it returns.
    pub fn append(&mut self, lines: &[LogLine], zone: &TimeZone) -> io::Result<()> {
        let month = |at: Timestamp| at.to_zoned_datetime(zone.clone()).strftime("%Y-%m").to_string();
        for line in lines {
            match self.rotation {
                Rotation::Month => {
                    if let Some(before) =
                        self.written.at.map(month).filter(|before| *before != month(line.at))
                    {
                        self.turn_over(&before)?;
                    }
                }
                Rotation::Size(most) => {
                    if fs::metadata(&self.path).is_ok_and(|file| file.len() >= most) {
                        self.turn_over(&format!("{:012}", self.written.seq))?;
                    }
                }
            }
            let mut bytes = serde_json::to_vec(line)?;
            bytes.push(b'\n');
            let mut file = File::options().append(true).create(true).open(&self.path)?;
            file.write_all(&bytes)?;
            self.written = Written::up_to(line);
        }
        if !lines.is_empty() {
            File::open(&self.path)?.sync_data()?;
            self.sync_folder()?;
        }
        Ok(())
    }

    /// Keeps that all events up to this one, at which the journal has this link, have their lines.
    pub fn looked_at(&mut self, seq: u64, link: Option<String>) -> io::Result<()> {
        let more = seq > self.written.seq || (seq == self.written.seq && self.written.received_seq != 0);
        if more {
            self.written = Written { seq, received_seq: 0, at: self.written.at, link };
            self.keep()?;
        }
        Ok(())
    }

    /// Keeps how far it came: beside the cursor and renamed, so that it is the old or the new one.
    fn keep(&self) -> io::Result<()> {
        let path = cursor_of(&self.path);
        let beside = path.with_extension("cursor.new");
        let mut file = File::create(&beside)?;
        file.write_all(&serde_json::to_vec(&self.written)?)?;
        file.sync_data()?;
        fs::rename(beside, path)?;
        self.sync_folder()
    }

    /// Puts the file away under a name of its own. What was written is kept first: the end of the file,
    /// which knows it, is about to go.
    fn turn_over(&self, mark: &str) -> io::Result<()> {
        if !self.path.exists() {
            return Ok(());
        }
        File::open(&self.path)?.sync_data()?;
        self.keep()?;
        let named = |mark: &str| {
            let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
            let ending = self.path.extension().map(|ending| format!(".{}", ending.to_string_lossy()));
            self.path.with_file_name(format!("{stem}-{mark}{}", ending.unwrap_or_default()))
        };
        // No file that was put away before is ever written over.
        let mut away = named(mark);
        let mut number = 2_u32;
        while away.exists() {
            away = named(&format!("{mark}-{number}"));
            number += 1;
        }
        fs::rename(&self.path, away)?;
        self.sync_folder()
    }

    /// Has new names and renamed ones on disk: a power cut must not take the cursor and leave the file, or
    /// take both.
    fn sync_folder(&self) -> io::Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

fn cursor_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".cursor");
    name.into()
}

/// Cuts off what stands after the last line's end, and gives the last line that reads.
fn mend(path: &Path) -> io::Result<Option<LogLine>> {
    let mut file = match File::options().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let length = file.metadata()?.len();
    let from = length.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let whole = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    if whole < tail.len() {
        file.set_len(from + whole as u64)?;
        file.sync_data()?;
        tail.truncate(whole);
    }
    Ok(tail.split(|byte| *byte == b'\n').rev().find_map(|line| serde_json::from_slice(line).ok()))
}

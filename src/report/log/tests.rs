//! The log's file, killed at every byte; and its turning over.

use super::file::LogFile;
use super::line::{LogLine, What};
use crate::config::{ResponseLog, Rotation};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fs;
use std::path::Path;

fn line(seq: u64, received_seq: u64, at: &str) -> LogLine {
    let at: Timestamp = at.parse().unwrap();
    LogLine {
        seq,
        at,
        what: What::Answered,
        thread: seq,
        received_seq,
        question: 1,
        entry: Some("contact".to_owned()),
        kind: None,
        received: at,
        answered: None,
        wall_seconds: Some(1),
        business_seconds: Some(1),
        paused_seconds: 0,
        stages: Vec::new(),
        business_days: Some(0),
        target_days: 2,
        reopened: 0,
    }
}

/// Two events, of which the first answers two questions.
fn three() -> Vec<LogLine> {
    let at = "2025-03-25T15:00:00Z";
    vec![line(7, 3, at), line(7, 5, at), line(9, 8, at)]
}

fn log(dir: &Path, rotation: Rotation) -> ResponseLog {
    ResponseLog { path: dir.join("log/times.log"), rotation }
}

/// What the stage does: appends what is not written yet, then keeps how far it came.
fn step(log: &ResponseLog, lines: &[LogLine], seq: u64) {
    let mut file = LogFile::open(log).unwrap();
    let written = file.written();
    let wanted: Vec<LogLine> = lines.iter().filter(|line| written.is_before(line)).cloned().collect();
    file.append(&wanted, &TimeZone::UTC).unwrap();
    file.looked_at(seq).unwrap();
}

fn read(path: &Path) -> Vec<LogLine> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_kill_at_any_byte_loses_no_line_and_writes_none_twice() {
    let (lines, rotation) = (three(), Rotation::Month);
    let whole = {
        let dir = tempfile::tempdir().unwrap();
        let log = log(dir.path(), rotation);
        step(&log, &lines, 10);
        fs::read(log.path).unwrap()
    };
    // With a cursor of before, and with none.
    for earlier in [None, Some(6)] {
        for length in 0..=whole.len() {
            let dir = tempfile::tempdir().unwrap();
            let log = log(dir.path(), rotation);
            if let Some(earlier) = earlier {
                step(&log, &[], earlier);
            } else {
                fs::create_dir_all(log.path.parent().unwrap()).unwrap();
            }
            fs::write(&log.path, &whole[..length]).unwrap();
            step(&log, &lines, 10);
            assert_eq!(fs::read(&log.path).unwrap(), whole, "killed after {length} bytes");
        }
    }
}

#[test]
fn whoever_takes_the_file_away_gets_no_line_twice() {
    let dir = tempfile::tempdir().unwrap();
    let log = log(dir.path(), Rotation::Month);
    step(&log, &three(), 10);
    fs::remove_file(&log.path).unwrap();
    let mut lines = three();
    lines.push(line(11, 10, "2025-03-26T15:00:00Z"));
    step(&log, &lines, 12);
    assert_eq!(read(&log.path), lines[3..]);
}

#[test]
fn without_file_and_cursor_it_begins_anew() {
    let dir = tempfile::tempdir().unwrap();
    let log = log(dir.path(), Rotation::Month);
    step(&log, &three(), 10);
    fs::remove_dir_all(log.path.parent().unwrap()).unwrap();
    step(&log, &three(), 10);
    assert_eq!(read(&log.path), three());
}

#[test]
fn every_month_has_a_file_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let log = log(dir.path(), Rotation::Month);
    let mut lines = three();
    lines.push(line(11, 10, "2025-04-01T15:00:00Z"));
    step(&log, &lines, 12);
    assert_eq!(read(&log.path.with_file_name("times-2025-03.log")), three());
    assert_eq!(read(&log.path), lines[3..]);
    // A kill right after the file was put away: the cursor knows what was in it.
    fs::remove_file(&log.path).unwrap();
    fs::remove_file(log.path.with_file_name("times.log.cursor")).unwrap();
    step(&log, &three()[..2], 8);
    fs::rename(&log.path, log.path.with_file_name("elsewhere")).unwrap();
    step(&log, &three(), 10);
    assert_eq!(read(&log.path), three()[2..]);
}

#[test]
fn a_large_file_is_turned_over_within_an_event_too() {
    let dir = tempfile::tempdir().unwrap();
    let log = log(dir.path(), Rotation::Size(1));
    // An event that answers five questions: five files of one name, were they not numbered.
    let at = "2025-03-25T15:00:00Z";
    let five: Vec<LogLine> = (1..=5).map(|received_seq| line(7, received_seq, at)).collect();
    step(&log, &five, 10);
    let mut all = Vec::new();
    let mut paths: Vec<_> =
        fs::read_dir(log.path.parent().unwrap()).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "log"));
    assert_eq!(paths.len(), 5);
    paths.iter().for_each(|path| all.extend(read(path)));
    all.sort_by_key(|line| (line.seq, line.received_seq));
    assert_eq!(all, five);
}

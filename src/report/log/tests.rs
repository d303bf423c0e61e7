//! The log's file, killed at every byte; its turning over; and the journal that it follows.

use super::Log;
use super::file::LogFile;
use super::line::{LogLine, What};
use crate::calendar::{self, Calendar};
use crate::clock::Clock;
use crate::config::{self, ResponseLog, Rotation};
use crate::journal::{Fault, Journal};
use crate::message::Banners;
use crate::thread::{Actor, Arrival, CloseReason, Event, Medium, Place};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

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
    let mut file = LogFile::open(log, 0, |_| Ok(true)).unwrap();
    let written = file.written().clone();
    let wanted: Vec<LogLine> = lines.iter().filter(|line| written.is_before(line)).cloned().collect();
    file.append(&wanted, &TimeZone::UTC).unwrap();
    file.looked_at(seq, None).unwrap();
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

/// A desk whose questions are asked and closed, and its log.
struct Desk {
    journal: Arc<Journal>,
    log: Log,
}

impl Desk {
    fn open(dir: &Path) -> Self {
        let text = "data_dir = \"data\"\n[mailbox]\naddress = \"b@m.example\"\ndisplay_name = \"B\"\n\
                    kind = \"maildir\"\npath = \"mail\"\n[outbox]\nkind = \"folder\"\npath = \"outbox\"\n";
        let config = Arc::new(config::parse(text, &dir.join("greffier.toml"), &[]).unwrap());
        let journal = Journal::open(&config.data_dir, Clock::system(), Duration::ZERO).unwrap();
        let journal = Arc::new(journal);
        let calendar = Arc::new(Calendar::parse(calendar::DEFAULT).unwrap());
        let log = Log::new(Arc::clone(&journal), calendar, config);
        Self { journal, log }
    }

    fn append(&self, thread: Option<u64>, occurred: Option<Timestamp>, event: Event) -> u64 {
        let append = |writer: &mut crate::journal::Writer<'_>| -> Result<u64, Fault> {
            let thread = thread.unwrap_or_else(|| writer.next_thread());
            let at = occurred.unwrap_or(writer.now());
            Ok(writer.append(thread, Actor::reviewer("Marie", None), at, event)?.id)
        };
        self.journal.write_synced(append).unwrap()
    }

    fn ask(&self, id: &str, received: Option<Timestamp>) -> u64 {
        let raw = format!("Message-ID: <{id}>\r\nFrom: a@cegep.example\r\n\r\nJusqu’à quand ?\r\n");
        let arrival = Arrival {
            blob: self.journal.blobs().put(raw.as_bytes()).unwrap(),
            size: raw.len() as u64,
            place: Place { mailbox: "b@m.example".into(), folder: "INBOX".into(), mark: "1:1".into() },
            counterpart: serde_json::from_str(r#"{"key":"domain:c.example","name":"c","kind":null}"#)
                .unwrap(),
            message: crate::message::read(raw.as_bytes(), &Banners::default()),
            history: false,
            medium: Medium::Mail,
        };
        self.append(None, received, Event::Received(arrival))
    }

    /// Two events.
    fn ask_and_close(&self, id: &str) {
        let thread = self.ask(id, None);
        self.append(Some(thread), None, Event::ClosedWithoutReply(CloseReason { text: "r".into() }));
    }

    /// What the log holds once it has caught up: the events and the threads of its lines.
    fn logged(&self) -> Vec<(u64, u64)> {
        self.log.catch_up().unwrap();
        let lines = read(&self.log.config.report.log.path);
        lines.iter().map(|line| (line.seq, line.thread)).collect()
    }
}

#[test]
fn a_restored_journal_is_logged_from_its_backup_on() {
    // The daemon looks at once after the restore, or when more has happened than ever before; with its
    // cursor or without it.
    for (early, cursor) in [(true, true), (true, false), (false, true), (false, false)] {
        let dir = tempfile::tempdir().unwrap();
        let (data, backup) = (dir.path().join("data"), dir.path().join("backup"));
        {
            let desk = Desk::open(dir.path());
            desk.ask_and_close("q1@c.example");
            desk.journal.backup(&backup).unwrap();
            desk.ask_and_close("q2@c.example");
            desk.ask_and_close("q3@c.example");
            assert_eq!(desk.logged(), [(2, 1), (4, 2), (6, 3)]);
        }
        fs::remove_dir_all(data.join("store")).unwrap();
        Journal::restore(&backup, &data, Clock::system()).unwrap();
        if !cursor {
            fs::remove_file(data.join("response-times.log.cursor")).unwrap();
        }
        let desk = Desk::open(dir.path());
        let before = [(2, 1), (4, 2), (6, 3)];
        if early {
            assert_eq!(desk.logged(), before, "nothing new");
            desk.ask("q4@c.example", None);
            assert_eq!(desk.logged(), before, "nothing that ends");
            desk.append(Some(2), None, Event::ClosedWithoutReply(CloseReason { text: "r".into() }));
            assert_eq!(desk.logged(), [&before[..], &[(4, 2)]].concat());
        } else {
            desk.ask_and_close("q4@c.example");
        }
        desk.ask_and_close("q5@c.example");
        desk.ask_and_close("q6@c.example");
        let whole = [&before[..], &[(4, 2), (6, 3), (8, 4)]].concat();
        assert_eq!(desk.logged(), whole, "{early} {cursor}");
        // The end of the file is of this journal now.
        fs::remove_file(data.join("response-times.log.cursor")).unwrap();
        assert_eq!(desk.logged(), whole);
    }
}

#[test]
fn a_question_outside_the_years_of_the_calendar_has_a_line_without_figures() {
    let dir = tempfile::tempdir().unwrap();
    let desk = Desk::open(dir.path());
    let thread = desk.ask("q1@c.example", Some("2015-03-25T14:00:00Z".parse().unwrap()));
    let event =
        Event::AnsweredOtherwise { medium: Medium::Telephone, summary: "oui".into(), questions: Vec::new() };
    desk.append(Some(thread), Some("2025-03-25T14:00:00Z".parse().unwrap()), event);
    desk.ask_and_close("q2@c.example");
    assert_eq!(desk.logged(), [(2, 1), (4, 2)]);
    let line = read(&desk.log.config.report.log.path).remove(0);
    assert_eq!((line.what, line.answered.is_some()), (What::Answered, true));
    assert_eq!((line.wall_seconds, line.business_seconds, line.business_days), (None, None, None));
    assert!(line.stages.is_empty());
}

#[test]
fn a_purged_thread_that_was_opened_again_stops_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let desk = Desk::open(dir.path());
    desk.ask_and_close("q1@c.example");
    desk.journal.purge(1, Actor::reviewer("Archives", None), "règle 12", "Archives").unwrap();
    // An earlier build let a person do so.
    desk.append(Some(1), None, Event::Reopened);
    desk.ask_and_close("q2@c.example");
    assert_eq!(desk.logged(), [(6, 2)]);
    assert!(desk.journal.verify().unwrap().problems.is_empty());
}

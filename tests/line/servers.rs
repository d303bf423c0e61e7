//! The mail server tells of news, goes away, comes back, and forgets its numbering.

use crate::desk::{UNTIL_WHEN, question};
use crate::line::{Line, Setting};
use std::time::{Duration, Instant};

fn ask(line: &Line, number: u32) {
    let id = format!("q{number}@cegep.example");
    let from = format!("personne{number}@cegep{number}.example");
    line.deliver(&question(&id, &from, "Suspension", UNTIL_WHEN));
}

#[test]
fn what_the_server_tells_is_drafted_without_waiting_for_the_poll() {
    let mut line = Line::new(Setting { poll_seconds: 3600, hold_seconds: 1, ..Setting::default() });
    line.desk.start();
    let log = |line: &Line| line.desk.log();
    line.desk.until("the first reading", || log(&line).contains("mailbox reached").then_some(()));
    for number in 1..=2 {
        let begun = Instant::now();
        ask(&line, number);
        line.desk.until_state(number.into(), "to-review");
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    }
    // An approval cuts the wait short, too: the end of its hold is sooner than the poll.
    line.desk.approve(1);
    line.desk.until_state(1, "answered");
    line.desk.approve(2);
    line.desk.until_state(2, "answered");
    assert_eq!(line.desk.letters().len(), 2);
    line.finish(&[]);
}

#[test]
fn a_restart_of_the_server_loses_and_doubles_nothing() {
    let mut line = Line::new(Setting { poll_seconds: 3600, ..Setting::default() });
    line.desk.start();
    ask(&line, 1);
    line.desk.until_state(1, "to-review");
    line.dovecot.stop();
    line.desk.until("the loss is noticed", || line.desk.log().contains("mailbox lost").then_some(()));
    ask(&line, 2);
    ask(&line, 3);
    line.dovecot.launch();
    line.desk.until_state(3, "to-review");
    ask(&line, 4);
    line.desk.until_state(4, "to-review");
    let threads = line.desk.threads();
    assert_eq!(threads.len(), 4, "{threads:?}");
    for id in 1..=4 {
        assert_eq!((line.count(id, "Received"), line.count(id, "DraftPrepared")), (1, 1), "{id}");
    }
    line.finish(&[]);
}

#[test]
fn a_new_numbering_brings_no_second_draft_and_no_second_letter() {
    let mut line = Line::new(Setting::default());
    ask(&line, 1);
    ask(&line, 2);
    line.desk.start();
    line.desk.until_state(2, "to-review");
    line.desk.approve(1);
    line.desk.until("a copy in Sent", || (line.count(1, "CopyFiled") > 0).then_some(()));
    line.desk.stop();
    let folders = [line.dovecot.inbox(), line.dovecot.folder("Sent")];
    let numbering = || {
        folders.clone().map(|folder| {
            let list = std::fs::read_to_string(folder.join("dovecot-uidlist")).unwrap();
            list.lines().next().unwrap().split(' ').find(|word| word.starts_with('V')).unwrap().to_owned()
        })
    };
    let before = numbering();
    line.dovecot.stop();
    for folder in &folders {
        for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            if file.file_name().unwrap().to_str().unwrap().starts_with("dovecot") && file.is_file() {
                std::fs::remove_file(file).unwrap();
            }
        }
    }
    // A numbering is a point in time, in seconds.
    std::thread::sleep(Duration::from_millis(1100));
    line.dovecot.launch();
    ask(&line, 3);
    line.desk.start();
    line.desk.until_state(3, "to-review");
    line.until_read_again();
    let after = numbering();
    assert!(before.iter().zip(&after).all(|(before, after)| before != after), "{before:?} {after:?}");
    let threads = line.desk.threads();
    assert_eq!(threads.len(), 3, "{threads:?}");
    assert_eq!((&threads[0]["state"], &threads[1]["state"]), (&"answered".into(), &"to-review".into()));
    for id in 1..=3 {
        assert_eq!((line.count(id, "Received"), line.count(id, "DraftPrepared")), (1, 1), "{id}");
    }
    assert_eq!((line.count(1, "CopyFiled"), line.copies().len()), (1, 1));
    assert_eq!(line.desk.letters().len(), 1);
    line.finish(&[]);
}

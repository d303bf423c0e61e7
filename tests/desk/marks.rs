//! What is owed to whoever reads the mailbox with another program outlives faults and restarts.

use crate::desk::{Desk, UNTIL_WHEN, question};
use greffier::calendar::{self, Calendar};
use greffier::clock::Clock;
use greffier::config;
use greffier::journal::Journal;
use greffier::library::Library;
use greffier::outbox::Outbox;
use jiff::{SignedDuration, Timestamp};
use std::fs;
use std::sync::Arc;
use std::time::Duration;

fn outbox(desk: &Desk, clock: &Clock) -> Outbox {
    let config = config::load(&desk.path("greffier.toml"), &[]).unwrap();
    Outbox {
        journal: Arc::new(Journal::open(&config.data_dir, clock.clone(), Duration::from_secs(5)).unwrap()),
        library: Arc::new(Library::open(&config.replies_dir).unwrap()),
        calendar: Arc::new(Calendar::parse(calendar::DEFAULT).unwrap()),
        config: Arc::new(config),
        started: clock.now(),
    }
}

fn names(desk: &Desk) -> Vec<String> {
    let files = ["new", "cur"].map(|part| fs::read_dir(desk.path("mail").join(part)).unwrap());
    files.into_iter().flatten().map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

fn answered(desk: &mut Desk) {
    desk.deliver(&question("q1@cegep.example", "anne.roy@cegep.example", "Suspension", UNTIL_WHEN));
    desk.once();
    desk.approve(1);
}

/// A desk that marks, with an approved letter in its hold.
fn marking() -> Desk {
    let mut desk = Desk::new();
    desk.edit_config("[outbox]", "mark_answered = true\n[outbox]");
    answered(&mut desk);
    desk
}

/// The mailbox goes between the letter and its mark; the letter does not mind.
fn leaves_without_mailbox(desk: &Desk, outbox: &Outbox, runtime: &tokio::runtime::Runtime, clock: &Clock) {
    outbox.journal.set_reading(clock.now()).unwrap();
    fs::rename(desk.path("mail"), desk.path("away")).unwrap();
    while runtime.block_on(outbox.step()).unwrap() {}
}

#[test]
fn a_mark_that_failed_is_set_after_a_restart() {
    let desk = marking();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let clock = Clock::fixed(Timestamp::now());
    {
        let outbox = outbox(&desk, &clock);
        leaves_without_mailbox(&desk, &outbox, &runtime, &clock);
        assert_eq!(runtime.block_on(outbox.mark_answered()).unwrap(), 0);
        let owed = outbox.journal.owed_marks().unwrap().owed;
        assert_eq!((owed.len(), owed[0].tries), (1, 1));
        // Not at every look.
        assert_eq!(runtime.block_on(outbox.mark_answered()).unwrap(), 0);
        assert_eq!(outbox.journal.owed_marks().unwrap().owed, owed);
    }
    assert_eq!((desk.thread(1)["state"].clone(), desk.letters().len()), ("answered".into(), 1));
    fs::rename(desk.path("away"), desk.path("mail")).unwrap();
    clock.set(clock.now() + SignedDuration::from_mins(2));
    let outbox = outbox(&desk, &clock);
    assert_eq!(runtime.block_on(outbox.mark_answered()).unwrap(), 1);
    assert!(names(&desk)[0].ends_with(":2,RS"), "{:?}", names(&desk));
    assert!(outbox.journal.owed_marks().unwrap().owed.is_empty());
    drop(outbox);
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn a_mark_that_keeps_failing_is_given_up() {
    let desk = marking();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let clock = Clock::fixed(Timestamp::now());
    let outbox = outbox(&desk, &clock);
    leaves_without_mailbox(&desk, &outbox, &runtime, &clock);
    let mut tries = 0;
    while {
        runtime.block_on(outbox.mark_answered()).unwrap();
        !outbox.journal.owed_marks().unwrap().owed.is_empty()
    } {
        tries += 1;
        assert!(tries < 50, "for ever");
        clock.set(clock.now() + SignedDuration::from_hours(17));
    }
    assert_eq!(tries, 10);
}

#[test]
fn nothing_is_marked_that_was_answered_before_the_option_or_is_no_answer() {
    let mut desk = Desk::new();
    answered(&mut desk);
    desk.once();
    assert!(names(&desk)[0].find(':').is_none(), "the option is off: {:?}", names(&desk));
    desk.edit_config("[outbox]", "mark_answered = true\n[outbox]");
    desk.once();
    assert!(names(&desk)[0].find(':').is_none(), "answered before: {:?}", names(&desk));
    // A message that only promises an answer leaves the question unread.
    desk.deliver(&question("q2@hopital.example", "luc@hopital.example", "Suspension", UNTIL_WHEN));
    desk.once();
    desk.ok(&["prepare", "2", "holding", "--as", "Marie Tremblay"]);
    desk.approve(2);
    desk.once();
    assert_eq!(desk.letters().len(), 2);
    assert!(names(&desk).iter().all(|name| !name.contains("RS")), "{:?}", names(&desk));
    desk.once();
    desk.approve(2);
    desk.once();
    assert_eq!(desk.letters().len(), 3);
    assert_eq!(names(&desk).iter().filter(|name| name.ends_with(":2,RS")).count(), 1, "{:?}", names(&desk));
}

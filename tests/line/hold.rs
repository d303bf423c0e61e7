//! Nothing leaves before the mailbox was read to its end after the hold.

use crate::desk::{Desk, UNTIL_WHEN, mail, question};
use crate::dovecot::Options;
use crate::line::{Line, Setting};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

const SENT: (&str, &str) = ("Sent", "\\Sent");

fn asked(idle: bool, hold_seconds: u32) -> Line {
    let dovecot = Options { folders: vec![SENT], idle, ..Options::default() };
    let mut line = Line::new(Setting { dovecot, poll_seconds: 3600, hold_seconds, ..Setting::default() });
    line.deliver(&question("q1@cegep.example", "anne.roy@cegep.example", "Suspension", UNTIL_WHEN));
    line.desk.start();
    line.desk.until_state(1, "to-review");
    line
}

#[test]
fn mail_that_comes_during_the_hold_voids_the_approval() {
    // Without IDLE only the reading at the end of the hold can find it.
    let line = asked(false, 3);
    line.desk.approve(1);
    line.deliver(&mail(
        "q2@cegep.example",
        "anne.roy@cegep.example",
        "encadrement.ia@ministere.example",
        "RE: Suspension",
        "In-Reply-To: <q1@cegep.example>\nReferences: <q1@cegep.example>\n",
        "Bonjour,\n\nEst-ce que notre cégep est visé par la suspension ?",
    ));
    line.desk.until("the approval is void", || (line.count(1, "ApprovalVoided") > 0).then_some(()));
    let shown = line.desk.until_state(1, "to-review");
    assert_eq!(shown["id"], 1);
    assert_eq!((line.count(1, "Received"), line.count(1, "SendAttempted")), (2, 0));
    assert!(line.desk.letters().is_empty());
    // The new draft answers both, and leaves like any other.
    line.desk.until("a draft for both", || (line.count(1, "DraftPrepared") > 1).then_some(()));
    line.finish(&[]);
}

#[test]
fn nothing_leaves_while_the_mailbox_is_out_of_reach() {
    let mut line = asked(true, 5);
    let before = line.last_reading();
    line.desk.approve(1);
    // An approval makes the daemon look; then it waits again. Dovecot throws out only who waits.
    line.desk.until("a look", || (line.last_reading() != before).then_some(()));
    std::thread::sleep(Duration::from_millis(200));
    line.dovecot.stop();
    line.desk.until("the loss is noticed", || line.desk.log().contains("mailbox lost").then_some(()));
    let due: Timestamp = line.desk.thread(1)["due"].as_str().unwrap().parse().unwrap();
    assert!(Timestamp::now() < due && nothing_left(&line.desk), "too slow for this test");
    while Timestamp::now() < due + SignedDuration::from_secs(2) {
        assert!(nothing_left(&line.desk), "{:?}\n{}", line.events(1), line.desk.log());
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(line.desk.threads()[0]["state"], "approved");
    line.dovecot.launch();
    line.desk.until_state(1, "answered");
    assert_eq!((line.desk.letters().len(), line.count(1, "SendAttempted")), (1, 1));
    line.finish(&[]);
}

fn nothing_left(desk: &Desk) -> bool {
    desk.letters().is_empty() && !desk.path("data/sending.log").metadata().is_ok_and(|file| file.len() > 0)
}

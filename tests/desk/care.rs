//! What the desk is spared, and what it can forget.

use crate::desk::{Desk, UNTIL_WHEN, question};

#[test]
fn a_sender_who_writes_too_often_is_held_and_shown() {
    let mut desk = Desk::new();
    for number in 1..=12 {
        let id = format!("q{number}@robot.example");
        desk.deliver(&question(&id, "robot@robot.example", &format!("Question {number}"), UNTIL_WHEN));
    }
    desk.deliver(&question("q@cegep.example", "anne.roy@cegep.example", "Suspension", UNTIL_WHEN));
    desk.once();
    let states = |state: &str| desk.threads().iter().filter(|thread| thread["state"] == state).count();
    assert_eq!((states("to-review"), states("set-aside")), (11, 2));
    let held = desk.threads().into_iter().find(|thread| thread["state"] == "set-aside").unwrap();
    let id = held["id"].to_string();
    assert!(desk.ok(&["show", &id]).contains("écrit très souvent"));
    // A person who sees that it is a question after all brings it back.
    desk.ok(&["reopen", &id, "--as", "Marie Roy"]);
    desk.once();
    assert_eq!(desk.thread(held["id"].as_u64().unwrap())["state"], "to-review");
    // A web form may write as often as it must.
    desk.edit_config("poll_seconds = 1", "poll_seconds = 1\nmax_hourly_per_sender = 0");
    for number in 20..=32 {
        desk.deliver(&question(&format!("q{number}@robot.example"), "robot@robot.example", "F", UNTIL_WHEN));
    }
    desk.once();
    assert_eq!(desk.threads().iter().filter(|thread| thread["state"] == "set-aside").count(), 1);
}

#[test]
fn a_purge_by_name_destroys_one_thread_and_the_journal_still_verifies() {
    let mut desk = Desk::new();
    desk.deliver(&question("q1@cegep.example", "anne.roy@cegep.example", "Secret", UNTIL_WHEN));
    desk.deliver(&question("q2@cegep.example", "luc.cote@college.example", "Autre", UNTIL_WHEN));
    desk.once();
    desk.approve(1);
    let purge = ["store", "purge", "1", "--rule", "règle 12", "--authority", "Archives", "--as", "Marie Roy"];
    // What may leave must stay accountable.
    let refused = desk.refused(1, &purge);
    assert!(refused.contains("pas possible maintenant"), "{refused}");
    desk.once();
    desk.ok(&purge);
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
    let shown = desk.ok(&["show", "1", "--json"]);
    for gone in ["anne.roy", "Secret", "conclusions"] {
        assert!(!shown.contains(gone), "{gone} is still there: {shown}");
    }
    assert!(shown.contains("règle 12") || shown.contains("Purged"), "{shown}");
    assert_eq!(desk.thread(2)["state"], "to-review");
    desk.refused(1, &purge);
    for decision in [&["reopen", "1"][..], &["note", "1", "n"], &["claim", "1"]] {
        let refused = desk.refused(1, &[decision, &["--as", "Marie Roy"]].concat());
        assert!(refused.contains("détruit"), "{refused}");
    }
    // What was taken once is not taken again.
    desk.once();
    assert_eq!(desk.threads().iter().filter(|thread| thread["subject"] == "Secret").count(), 0);
}

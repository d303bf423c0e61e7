//! Approved texts are changed while the daemon runs.

use crate::desk::{Desk, UNTIL_WHEN, question};
use std::fs;

pub fn desk() -> Desk {
    let desk = Desk::new();
    desk.own_replies();
    desk
}

pub fn change(desk: &Desk, from: &str, to: &str) {
    let path = desk.path("replies/fr/duree-suspension.md");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn a_draft_that_nobody_edited_is_prepared_again_and_an_approval_in_its_hold_is_void() {
    let mut desk = desk();
    desk.edit_config("hold_seconds = 0", "hold_seconds = 3600");
    for number in 1..=3 {
        let (id, from) = (format!("q{number}@c{number}.example"), format!("anne@c{number}.example"));
        desk.deliver(&question(&id, &from, "Suspension", UNTIL_WHEN));
    }
    desk.start();
    for id in 1..=3 {
        desk.until_state(id, "to-review");
    }
    fs::write(desk.path("body.md"), "Bonjour,\n\nMa réponse.\n").unwrap();
    let body = desk.path("body.md");
    desk.ok(&["edit", "2", "--body-file", body.to_str().unwrap(), "--as", "Luc Gagnon"]);
    desk.approve(3);
    let before = desk.thread(1)["version"].as_u64().unwrap();
    change(&desk, "+++\n\n", "+++\n\nTexte tout neuf. ");
    let after = desk.until("thread 1 is prepared again", || {
        let thread = desk.thread(1);
        (thread["version"].as_u64().unwrap() > before).then_some(thread)
    });
    assert!(after["draft"]["body"].as_str().unwrap().contains("Texte tout neuf."));
    let edited = desk.thread(2)["draft"]["body"].as_str().unwrap().to_owned();
    assert!(edited.contains("Ma réponse."), "what a reviewer wrote is his: {edited}");
    desk.until_state(3, "to-review");
    assert!(desk.letters().is_empty());
}

#[test]
fn a_broken_file_is_named_with_its_line_and_the_last_good_texts_stay() {
    let mut desk = desk();
    desk.start();
    change(&desk, "version = 1", "version = \"un\"");
    let error = desk.refused(2, &["replies", "check"]);
    assert!(error.contains("duree-suspension.md") && error.contains("version"), "{error}");
    desk.deliver(&question("q@cegep.example", "anne@cegep.example", "Suspension", UNTIL_WHEN));
    desk.until_state(1, "to-review");
    assert_eq!(desk.thread(1)["suggestions"][0], "duree-suspension");
}

#[test]
fn an_entry_that_is_superseded_today_must_be_meant() {
    let mut desk = desk();
    change(&desk, "superseded = \"\"", "superseded = 2025-12-19");
    desk.deliver(&question("q@cegep.example", "anne@cegep.example", "Suspension", UNTIL_WHEN));
    desk.once();
    let seen = desk.thread(1)["version"].to_string();
    let error = desk.refused(1, &["approve", "1", "--seen", &seen, "--as", "Marie Tremblay"]);
    assert!(error.contains("--despite-superseded duree-suspension"), "{error}");
    desk.ok(&[
        "approve",
        "1",
        "--seen",
        &seen,
        "--despite-superseded",
        "duree-suspension",
        "--as",
        "Marie Tremblay",
    ]);
    desk.once();
    assert_eq!(desk.letters().len(), 1);
}

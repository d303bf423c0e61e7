//! Entries that are suspended and may be sent again, and who was told what.

use crate::desk::{Desk, UNTIL_WHEN, question};
use crate::replies::{change, desk};
use serde_json::Value;
use std::fs;

const ENTRY: &str = "duree-suspension";
/// What stands in the section of the entry and nowhere else in a letter.
const WORDS: &str = "conclusions";

fn ask(desk: &mut Desk, number: u32) {
    let (id, from) = (format!("q{number}@c{number}.example"), format!("anne@c{number}.example"));
    desk.deliver(&question(&id, &from, "Suspension", UNTIL_WHEN));
}

fn suspend(desk: &Desk) -> String {
    desk.ok(&["entry", "suspend", ENTRY, "--reason", "Un avis est attendu", "--as", "Anne Directrice"])
}

fn resume(desk: &Desk) {
    desk.ok(&["entry", "resume", ENTRY, "--as", "Anne Directrice"]);
}

fn body(desk: &Desk, id: u64) -> String {
    desk.thread(id)["draft"]["body"].as_str().unwrap().to_owned()
}

fn events(desk: &Desk, id: u64, name: &str) -> Vec<Value> {
    let thread = desk.thread(id);
    let events = thread["events"].as_array().unwrap().iter();
    events.filter(|event| event["event"] == name).cloned().collect()
}

fn try_to_approve(desk: &Desk, id: u64) -> String {
    let seen = desk.thread(id)["version"].to_string();
    desk.refused(1, &["approve", &id.to_string(), "--seen", &seen, "--as", "Marie Tremblay"])
}

#[test]
fn a_suspended_entry_leaves_the_drafts_and_comes_back() {
    let mut desk = Desk::new();
    ask(&mut desk, 1);
    desk.start();
    desk.until_state(1, "to-review");
    assert!(body(&desk, 1).contains(WORDS));
    assert!(suspend(&desk).contains("suspendue"));
    desk.until("the section is gone", || (!body(&desk, 1).contains(WORDS)).then_some(()));
    // A mail that comes meanwhile fares the same.
    ask(&mut desk, 2);
    desk.until_state(2, "to-review");
    for id in [1, 2] {
        assert!(!body(&desk, id).contains(WORDS));
        let thread = desk.thread(id);
        assert_eq!(
            (&thread["level"], &thread["suspensions"][0]["by"]),
            (&"unsure".into(), &"Anne Directrice".into())
        );
        let refused = try_to_approve(&desk, id);
        assert!(
            refused.contains("suspendue par Anne Directrice") && refused.contains("Un avis est attendu"),
            "{refused}"
        );
    }
    assert!(
        desk.ok(&["show", "1"])
            .contains("SUSPENDUE\u{a0}: «\u{a0}duree-suspension\u{a0}», par Anne Directrice")
    );
    assert!(desk.ok(&["threads"]).contains("suspendue\u{a0}: duree-suspension"));
    let refused = desk.refused(1, &["reclassify", "1", ENTRY, "--as", "Marie Tremblay"]);
    assert!(refused.contains("suspendue"), "{refused}");
    // Somebody may write the answer without it.
    fs::write(desk.path("body.md"), "Bonjour,\n\nNous vous reviendrons.\n").unwrap();
    let file = desk.path("body.md");
    desk.ok(&["edit", "2", "--body-file", file.to_str().unwrap(), "--as", "Marie Tremblay"]);
    desk.approve(2);
    desk.until_state(2, "answered");
    resume(&desk);
    desk.until("the section is back", || body(&desk, 1).contains(WORDS).then_some(()));
    assert_eq!(desk.thread(1)["level"], "sure");
    desk.approve(1);
    desk.until_state(1, "answered");
    assert_eq!(desk.letters().len(), 2);
    desk.stop();
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
    let log = desk.log();
    for secret in ["Anne Directrice", "Un avis", "anne@c1.example"] {
        assert!(!log.contains(secret), "the log tells {secret:?}");
    }
}

#[test]
fn a_suspension_voids_what_is_approved_and_what_is_to_be_signed() {
    let mut desk = Desk::new();
    desk.edit_config("hold_seconds = 0", "hold_seconds = 3600");
    desk.edit_config("[mailbox]", "[sign_off]\nentries = [\"contact\"]\n[mailbox]");
    ask(&mut desk, 1);
    let whom =
        "Bonjour,\n\nJusqu’à quand la suspension s’appliquera-t-elle ?\n\nÀ quelle adresse vous écrire ?\n";
    desk.deliver(&question("q2@c2.example", "anne@c2.example", "Suspension", whom));
    ask(&mut desk, 3);
    desk.start();
    for id in 1..=3 {
        desk.until_state(id, "to-review");
    }
    desk.ok(&["reclassify", "2", ENTRY, "contact", "--as", "Marie Tremblay"]);
    // Words of a reviewer's, made from the entry: kept, and not sent.
    fs::write(desk.path("body.md"), "Bonjour,\n\nJusqu’aux conclusions de l’évaluation.\n").unwrap();
    let file = desk.path("body.md");
    desk.ok(&["edit", "3", "--body-file", file.to_str().unwrap(), "--as", "Marie Tremblay"]);
    desk.approve(1);
    desk.approve(2);
    desk.approve(3);
    assert_eq!(desk.thread(2)["state"], "to-sign");
    suspend(&desk);
    for id in 1..=3 {
        desk.until_state(id, "to-review");
        let void = events(&desk, id, "ApprovalVoided");
        assert_eq!(void[0]["detail"], "entry-suspended", "{id}");
    }
    assert!(desk.ok(&["show", "1"]).contains("une entrée de la lettre est suspendue"));
    assert!(body(&desk, 3).contains("Jusqu’aux conclusions"), "what a reviewer wrote is his");
    assert!(try_to_approve(&desk, 3).contains("suspendue"));
    desk.until("one section is left", || (!body(&desk, 2).contains(WORDS)).then_some(()));
    assert!(try_to_approve(&desk, 2).contains("suspendue"));
    assert!(desk.letters().is_empty());
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn a_suspension_made_while_nobody_runs_holds_at_the_next_start() {
    let mut desk = Desk::new();
    ask(&mut desk, 1);
    desk.once();
    desk.approve(1);
    suspend(&desk);
    assert_eq!(desk.threads()[0]["state"], "approved");
    desk.once();
    assert_eq!((desk.thread(1)["state"].clone(), desk.letters().len()), ("to-review".into(), 0));
    assert_eq!(events(&desk, 1, "SendAttempted").len(), 0);
}

#[test]
fn a_suspension_survives_a_rebuild_a_restart_and_a_restored_backup() {
    let mut desk = Desk::new();
    ask(&mut desk, 1);
    desk.once();
    desk.approve(1);
    suspend(&desk);
    let said = |desk: &Desk| desk.ok(&["entry", "list"]);
    assert!(said(&desk).contains("SUSPENDUE par Anne Directrice"), "{}", said(&desk));
    assert!(desk.ok(&["store", "rebuild"]).contains("1 fil"));
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
    let before = said(&desk);
    let backup = desk.path("backup");
    desk.ok(&["store", "backup", backup.to_str().unwrap()]);
    fs::rename(desk.path("data/store"), desk.path("gone")).unwrap();
    desk.ok(&["store", "restore", backup.to_str().unwrap()]);
    assert_eq!(said(&desk), before);
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
    desk.ok(&["store", "export", desk.path("export").to_str().unwrap()]);
    assert_eq!(fs::read_dir(desk.path("export/desk")).unwrap().count(), 1);
    assert_eq!(desk.threads().len(), 1, "the desk's own record is no thread");
    desk.refused(1, &["show", "0"]);
    // What may have left since the backup is a person's to settle; a suspension does not hide it.
    desk.once();
    assert_eq!(desk.thread(1)["state"], "uncertain");
    desk.ok(&["settle", "1", "resend", "--as", "Marie Tremblay"]);
    desk.once();
    assert_eq!((desk.thread(1)["state"].clone(), desk.letters().len()), ("to-review".into(), 0));
    let list = desk.json(&["entry", "list", "--json"]);
    let found = list.iter().find(|line| line["entry"] == "fr/duree-suspension").unwrap();
    assert_eq!(
        (&found["state"], &found["suspension"]["by"]),
        (&"in-force".into(), &"Anne Directrice".into())
    );
    resume(&desk);
    assert!(!said(&desk).contains("SUSPENDUE"));
}

#[test]
fn who_decides_on_an_entry_is_named_and_the_entry_must_be_there() {
    let desk = Desk::new();
    let unknown = desk.refused(1, &["entry", "suspend", "nulle-part", "--reason", "r", "--as", "Marie Roy"]);
    assert!(unknown.contains("nulle-part") && unknown.contains(ENTRY), "{unknown}");
    desk.refused(1, &["entry", "resume", ENTRY, "--as", "Marie Roy"]);
    desk.refused(2, &["entry", "suspend", ENTRY, "--reason", "r", "--as", "bot"]);
    desk.refused(2, &["entry", "suspend", ENTRY, "--reason", "r"]);
    suspend(&desk);
    let again = desk.refused(1, &["entry", "suspend", ENTRY, "--reason", "r", "--as", "Marie Roy"]);
    assert!(again.contains("Anne Directrice"), "{again}");
}

#[test]
fn who_was_told_which_version_is_listed() {
    let mut desk = desk();
    for number in 1..=2 {
        ask(&mut desk, number);
    }
    desk.once();
    assert!(desk.ok(&["replies", "told", ENTRY]).contains("Aucune lettre"));
    desk.approve(1);
    desk.once();
    change(&desk, "version = 1", "version = 2");
    desk.once();
    desk.approve(2);
    desk.once();
    let told = desk.json(&["replies", "told", ENTRY, "--json"]);
    let seen: Vec<_> = told.iter().map(|line| (line["thread"].as_u64(), line["version"].as_u64())).collect();
    assert_eq!(seen, [(Some(1), Some(1)), (Some(2), Some(2))]);
    assert_ne!(told[0]["digest"], told[1]["digest"]);
    assert_eq!(told[0]["recipients"][0], "anne@c1.example");
    assert_eq!((&told[0]["rectified"], &told[0]["edited"]), (&false.into(), &false.into()));
    // The first one is put right, and both letters of the thread are listed.
    desk.ok(&["correct", "1", "--as", "Marie Roy"]);
    desk.approve(1);
    desk.once();
    let told = desk.json(&["replies", "told", ENTRY, "--json"]);
    let of_first: Vec<_> = told.iter().filter(|line| line["thread"] == 1).collect();
    assert_eq!(
        (of_first.len(), &of_first[0]["rectified"], &of_first[1]["kind"]),
        (2, &true.into(), &"correction".into())
    );
    assert_eq!((&of_first[1]["version"], &of_first[1]["rectified"]), (&2.into(), &false.into()));
    let said = desk.ok(&["replies", "told", ENTRY]);
    assert!(said.contains("rectifiée depuis") && said.contains("anne@c2.example"), "{said}");
    assert!(desk.json(&["replies", "told", "contact", "--json"]).is_empty());
}

#[test]
fn an_edited_draft_is_kept_and_says_that_its_text_has_changed() {
    let mut desk = desk();
    desk.edit_config("hold_seconds = 0", "hold_seconds = 3600");
    ask(&mut desk, 1);
    desk.once();
    fs::write(desk.path("body.md"), "Bonjour,\n\nMa réponse.\n").unwrap();
    let file = desk.path("body.md");
    desk.ok(&["edit", "1", "--body-file", file.to_str().unwrap(), "--as", "Luc Gagnon"]);
    change(&desk, "version = 1", "version = 2");
    desk.once();
    let thread = desk.thread(1);
    let outdated = serde_json::json!({"entry": ENTRY, "version": 1, "now": 2, "superseded": null});
    assert_eq!(thread["outdated"][0], outdated);
    assert!(desk.ok(&["show", "1"]).contains("À RELIRE"));
    // Approved with that in view, it stays approved; the next change voids it.
    desk.approve(1);
    desk.once();
    assert_eq!(desk.thread(1)["state"], "approved");
    change(&desk, "version = 2", "version = 3");
    desk.once();
    assert_eq!(desk.thread(1)["state"], "to-review");
    assert_eq!(events(&desk, 1, "ApprovalVoided")[0]["detail"], "replies-changed");
}

#[test]
fn a_draft_whose_text_has_changed_is_not_approved_unseen() {
    let mut desk = desk();
    ask(&mut desk, 1);
    desk.once();
    change(&desk, "version = 1", "version = 2");
    assert!(try_to_approve(&desk, 1).contains("a changé depuis ce brouillon"));
    desk.once();
    desk.approve(1);
    desk.once();
    assert_eq!(desk.letters().len(), 1);
}

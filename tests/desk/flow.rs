//! A mail arrives, a draft waits, a person approves it, the sealed letter leaves.

use crate::desk::{Desk, UNTIL_WHEN, mail, question};
use mail_parser::MessageParser;
use sha2::Digest as _;
use std::time::{Duration, Instant};

#[test]
fn from_the_mailbox_to_an_approved_reply() {
    let mut desk = Desk::new();
    desk.deliver(&question(
        "q1@cegep.example",
        "Anne Roy <anne.roy@cegep.example>",
        "Suspension",
        UNTIL_WHEN,
    ));
    desk.once();
    let threads = desk.threads();
    assert_eq!(threads.len(), 1);
    assert_eq!(threads[0]["state"], "to-review");
    assert_eq!(threads[0]["level"], "sure");
    assert_eq!(threads[0]["suggestions"][0], "duree-suspension");
    let shown = desk.thread(1);
    let draft = &shown["draft"];
    assert_eq!(draft["recipients"][0]["address"]["email"], "anne.roy@cegep.example");
    assert_eq!(draft["subject"], "RE: Suspension");
    assert!(draft["body"].as_str().unwrap().contains("Bonjour,"));
    desk.approve(1);
    assert_eq!(desk.threads()[0]["state"], "approved");
    desk.once();
    assert_eq!(desk.threads()[0]["state"], "answered");
    let letters = desk.letters();
    assert_eq!(letters.len(), 1);
    let letter = MessageParser::default().parse(&letters[0]).unwrap();
    assert_eq!(letter.to().unwrap().first().unwrap().address(), Some("anne.roy@cegep.example"));
    assert_eq!(letter.subject(), Some("RE: Suspension"));
    assert_eq!(letter.in_reply_to().as_text(), Some("q1@cegep.example"));
    assert_eq!(letter.header_raw("X-Greffier-Letter").unwrap().trim(), shown["digest"].as_str().unwrap());
    assert!(letter.body_text(0).unwrap().contains("conclusions"));
    // The letter is the very one that was sealed.
    let events = desk.thread(1)["events"].clone();
    assert!(events.as_array().unwrap().iter().any(|event| event["event"] == "Sent"));
    let sealed = hex(&sha2::Sha256::digest(&letters[0]));
    let log = std::fs::read_to_string(desk.path("data/sending.log")).unwrap();
    assert!(log.contains(&sealed), "the sending journal names another seal");
    let times = desk.json(&["report", "response-times", "--format", "json"]);
    assert_eq!(times[0]["answered"], "inside");
    assert_eq!(times[0]["entry"], "duree-suspension");
    assert!(times[0].get("reviewer").is_none(), "reviewers are not named unless the config says so");
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_daemon_drafts_within_a_second_and_stops_cleanly() {
    let mut desk = Desk::new();
    desk.start();
    let begun = Instant::now();
    desk.deliver(&question("q1@cegep.example", "anne.roy@cegep.example", "Suspension", UNTIL_WHEN));
    desk.until_state(1, "to-review");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    desk.approve(1);
    desk.until_state(1, "answered");
    assert_eq!(desk.letters().len(), 1);
    assert!(desk.ok(&["status"]).contains("en service"));
    let took = desk.stop();
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(desk.ok(&["status"]).contains("arrêté"));
    let log = desk.log();
    for secret in ["anne.roy", "Suspension", "conclusions", "Bonjour"] {
        assert!(!log.contains(secret), "the log tells {secret:?}:\n{log}");
    }
}

#[test]
fn a_second_daemon_does_not_start_and_run_once_does_not_wait() {
    let mut desk = Desk::new();
    desk.start();
    let begun = Instant::now();
    let error = desk.refused(1, &["run", "--once"]);
    assert!(error.contains("déjà ouvert"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn an_approval_can_be_taken_back_during_its_hold_and_newer_mail_voids_it() {
    let mut desk = Desk::new();
    desk.edit_config("hold_seconds = 0", "hold_seconds = 3600");
    desk.deliver(&question("q1@cegep.example", "anne.roy@cegep.example", "Suspension", UNTIL_WHEN));
    desk.once();
    desk.approve(1);
    desk.once();
    assert!(desk.letters().is_empty(), "the hold is not over");
    desk.ok(&["withdraw", "1", "--as", "Marie Tremblay"]);
    assert_eq!(desk.threads()[0]["state"], "to-review");
    desk.approve(1);
    desk.deliver(&mail(
        "q2@cegep.example",
        "anne.roy@cegep.example",
        "encadrement.ia@ministere.example",
        "RE: Suspension",
        "In-Reply-To: <q1@cegep.example>\nReferences: <q1@cegep.example>\n",
        "Bonjour,\n\nEst-ce que notre cégep est visé par la suspension ?",
    ));
    desk.once();
    let shown = desk.thread(1);
    assert_eq!(shown["state"], "to-review", "a person wrote: the approval is void");
    assert!(shown["events"].as_array().unwrap().iter().any(|event| event["event"] == "ApprovalVoided"));
    assert!(desk.letters().is_empty());
    assert_eq!(desk.threads().len(), 1);
}

#[test]
fn stale_and_foreign_decisions_are_refused_with_who_and_what() {
    let mut desk = Desk::new();
    desk.deliver(&question("q1@cegep.example", "anne.roy@cegep.example", "Suspension", UNTIL_WHEN));
    desk.once();
    let seen = desk.thread(1)["version"].to_string();
    std::fs::write(desk.path("body.md"), "Bonjour,\n\nLa réponse suivra.\n").unwrap();
    let body = desk.path("body.md");
    desk.ok(&["edit", "1", "--body-file", body.to_str().unwrap(), "--as", "Luc Gagnon"]);
    let error = desk.refused(1, &["approve", "1", "--seen", &seen, "--as", "Marie Tremblay"]);
    assert!(error.contains("Luc Gagnon") && error.contains("Brouillon modifié"), "{error}");
    desk.ok(&["claim", "1", "--as", "Luc Gagnon"]);
    let seen = desk.thread(1)["version"].to_string();
    let error = desk.refused(1, &["approve", "1", "--seen", &seen, "--as", "Marie Tremblay"]);
    assert!(error.contains("Luc Gagnon"), "{error}");
    desk.ok(&["approve", "1", "--seen", &seen, "--as", "Luc Gagnon"]);
    let error = desk.refused(1, &["approve", "1", "--seen", &seen, "--as", "Luc Gagnon"]);
    assert!(error.contains("approuvé") || error.contains("Approuvé"), "{error}");
    desk.once();
    let letters = desk.letters();
    assert_eq!(letters.len(), 1);
    assert!(String::from_utf8_lossy(&letters[0]).contains("suivra"));
}

#[test]
fn an_unsure_draft_needs_a_choice_and_an_off_faq_one_a_text() {
    let mut desk = Desk::new();
    desk.deliver(&question(
        "q1@cegep.example",
        "anne.roy@cegep.example",
        "Imprimante",
        "Bonjour,\n\nQuel modèle d’imprimante recommandez-vous pour notre bibliothèque ?",
    ));
    desk.once();
    let thread = desk.thread(1);
    assert_eq!(thread["state"], "to-review");
    assert_eq!(thread["level"], "none");
    let seen = thread["version"].to_string();
    desk.refused(1, &["approve", "1", "--seen", &seen, "--as", "Marie Tremblay"]);
    desk.ok(&["reclassify", "1", "contact", "demarche-structuree.courriel", "--as", "Marie Tremblay"]);
    let thread = desk.thread(1);
    assert_eq!(thread["draft"]["entries"][1]["variant"], "courriel");
    desk.approve(1);
    desk.once();
    assert_eq!(desk.letters().len(), 1);
    let error = desk.refused(1, &["reclassify", "1", "sorcellerie", "--as", "Marie Tremblay"]);
    assert!(error.contains("sorcellerie"), "{error}");
}

#[test]
fn sample_texts_are_not_approved_without_leave() {
    let mut desk = Desk::new();
    desk.edit_config("allow_examples = true", "allow_examples = false");
    desk.deliver(&question("q1@cegep.example", "anne.roy@cegep.example", "Suspension", UNTIL_WHEN));
    desk.once();
    let thread = desk.thread(1);
    assert_eq!(thread["draft"]["sample"], true);
    let seen = thread["version"].to_string();
    let error = desk.refused(1, &["approve", "1", "--seen", &seen, "--as", "Marie Tremblay"]);
    assert!(error.contains("exemple"), "{error}");
}

#[test]
fn an_unusual_recipient_needs_its_own_confirmation() {
    let mut desk = Desk::new();
    desk.deliver(&mail(
        "q1@cegep.example",
        "anne.roy@cegep.example",
        "encadrement.ia@ministere.example",
        "Suspension",
        "Cc: conseil@autre.example, Luc <luc@cegep.example>\n",
        UNTIL_WHEN,
    ));
    desk.once();
    let thread = desk.thread(1);
    let seen = thread["version"].to_string();
    let error = desk.refused(1, &["approve", "1", "--seen", &seen, "--as", "Marie Tremblay"]);
    assert!(error.contains("@autre.example") || error.contains("luc@cegep.example"), "{error}");
    desk.approve(1);
    desk.once();
    let letter = String::from_utf8(desk.letters().remove(0)).unwrap();
    assert!(letter.contains("conseil@autre.example") && letter.contains("luc@cegep.example"));
    assert!(!letter.to_lowercase().contains("\nbcc:"));
}

#[test]
fn mail_that_asks_nothing_of_us_waits_without_a_draft() {
    let mut desk = Desk::new();
    desk.deliver(&mail(
        "cc@cegep.example",
        "anne.roy@cegep.example",
        "luc@cegep.example",
        "Suspension",
        "Cc: encadrement.ia@ministere.example\n",
        UNTIL_WHEN,
    ));
    desk.deliver(&mail(
        "auto@cegep.example",
        "anne.roy@cegep.example",
        "encadrement.ia@ministere.example",
        "Réponse automatique : absente",
        "Auto-Submitted: auto-replied\n",
        "Je suis absente jusqu’au 3 avril.",
    ));
    desk.deliver(&mail(
        "self@ministere.example",
        "encadrement.ia@ministere.example",
        "encadrement.ia@ministere.example",
        "Suspension",
        "",
        UNTIL_WHEN,
    ));
    desk.once();
    let threads = desk.threads();
    let state = |id: u64| threads.iter().find(|thread| thread["id"] == id).unwrap()["state"].clone();
    assert_eq!(state(1), "for-information");
    assert_eq!((state(2), state(3)), ("set-aside".into(), "set-aside".into()));
    assert!(threads.iter().all(|thread| thread["level"].is_null()));
    assert_eq!(desk.thread(2)["reason"], "auto-reply");
    assert_eq!(desk.thread(3)["reason"], "own-address");
    assert!(desk.thread(1)["draft"].is_null());
}

#[test]
fn a_file_dropped_into_the_inbox_wakes_the_daemon() {
    let mut desk = Desk::new();
    desk.edit_config("poll_seconds = 1", "poll_seconds = 3600");
    desk.start();
    // Written in place, as a person's file manager does, not moved there.
    let raw = question("q1@cegep.example", "anne.roy@cegep.example", "Suspension", UNTIL_WHEN);
    std::fs::write(desk.path("mail/new/question.eml"), raw.replace('\n', "\r\n")).unwrap();
    desk.until_state(1, "to-review");
}

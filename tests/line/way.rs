//! From the asker's mail to the answer in the asker's mailbox, under every protection.

use crate::desk::{UNTIL_WHEN, question};
use crate::line::{self, Line, SMTP_PASSWORD, SMTP_USER, Setting, sha256};
use greffier::config::Tls;
use serde_json::Value;

/// Subject and body hold what no log may ever repeat.
const SUBJECT: &str = "Objet-canari";
const BODY: &str = "\n\nCordialement,\nCorps-canari\n";

fn the_whole_way(tls: Tls) {
    let mut line = Line::new(Setting { tls, postfix: Some(line::with_account()), ..Setting::default() });
    line.desk.start();
    line.deliver(&question(
        "q1@cegep.example",
        "Anne Roy <anne.roy@cegep.example>",
        SUBJECT,
        &format!("{UNTIL_WHEN}{BODY}"),
    ));
    let thread = line.desk.until_state(1, "to-review");
    assert_eq!((&thread["level"], &thread["suggestions"][0]), (&"sure".into(), &"duree-suspension".into()));
    line.desk.approve(1);
    line.desk.until_state(1, "answered");
    let postfix = line.postfix.as_ref().unwrap();
    let delivered = postfix.wait_for(1);
    assert_eq!(delivered.len(), 1);
    let (seal, outcomes) = sending_journal(&line);
    assert_eq!(outcomes, ["attempted", "sent"]);
    assert!(
        sha256(&delivered[0]) == seal,
        "not what was sealed:\n{}",
        String::from_utf8_lossy(&delivered[0])
    );

    line.desk.until("a copy in Sent", || (line.count(1, "CopyFiled") > 0).then_some(()));
    // Sent is read again with our own copy in it, which is neither news nor a reason for another one.
    line.until_read_again();
    let copies = line.copies();
    assert_eq!(copies.len(), 1);
    assert_eq!(sha256(&copies[0]), seal);
    let names = crate::dovecot::Dovecot::files(&line.dovecot.folder("Sent"));
    assert!(names[0].ends_with(":2,S"), "a copy of our own letter is nothing to read: {names:?}");
    assert_eq!((line.count(1, "Sent"), line.count(1, "CopyFiled")), (1, 1), "{:?}", line.events(1));
    assert_eq!(line.desk.threads().len(), 1);
    assert_eq!(line.desk.thread(1)["state"], "answered");

    let times = line.desk.json(&["report", "response-times", "--format", "json"]);
    assert_eq!(times.len(), 1);
    assert_eq!((&times[0]["thread"], &times[0]["answered"]), (&1.into(), &"inside".into()));
    assert_eq!(postfix.delivered().len(), 1);
    line.finish(&[SUBJECT, "canari", SMTP_USER, SMTP_PASSWORD, &seal]);
}

/// The seal of the one letter, and what the sending journal says of it.
fn sending_journal(line: &Line) -> (String, Vec<String>) {
    let text = std::fs::read_to_string(line.desk.path("data/sending.log")).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let seal = lines[0]["seal"].as_str().unwrap().to_owned();
    assert!(lines.iter().all(|line| line["seal"] == seal.as_str()), "{text}");
    (seal, lines.iter().map(|line| line["what"].as_str().unwrap().to_owned()).collect())
}

#[test]
fn without_tls() {
    the_whole_way(Tls::None);
}

#[test]
fn with_starttls() {
    the_whole_way(Tls::StartTls);
}

#[test]
fn with_tls_from_the_first_byte() {
    the_whole_way(Tls::Implicit);
}

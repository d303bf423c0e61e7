//! A letter comes back: its thread opens again.

use crate::desk::{Desk, UNTIL_WHEN, question};

#[test]
fn a_bounce_reopens_the_thread_of_the_letter_that_it_names() {
    let mut desk = Desk::new();
    desk.deliver(&question("q1@cegep.example", "anne.roy@cegep.example", "Suspension", UNTIL_WHEN));
    desk.once();
    desk.approve(1);
    desk.once();
    assert_eq!(desk.thread(1)["state"], "answered");
    let letter = String::from_utf8(desk.letters().remove(0)).unwrap();
    let id = letter.lines().find(|line| line.starts_with("Message-ID:")).unwrap().trim();
    desk.deliver(&format!(
        "Return-Path: <>\nMessage-ID: <bounce@mx.example>\nFrom: MAILER-DAEMON@mx.example\n\
         To: encadrement.ia@ministere.example\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n\
         --B\nContent-Type: text/plain\n\nUser unknown\n\n\
         --B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n\
         Final-Recipient: rfc822; anne.roy@cegep.example\nAction: failed\nStatus: 5.1.1\n\n\
         --B\nContent-Type: message/rfc822\n\n{id}\nFrom: encadrement.ia@ministere.example\nSubject: RE: Suspension\n\n\
         Bonjour\n\n--B--\n"
    ));
    desk.once();
    let thread = desk.thread(1);
    assert_eq!(thread["state"], "to-review");
    assert_eq!(thread["reason"], "bounced");
    assert_eq!(desk.threads().len(), 1, "a bounce is no question of its own");
    let times = desk.json(&["report", "response-times", "--format", "json"]);
    assert!(times[0]["answered"].is_null(), "what never arrived is no answer");
}

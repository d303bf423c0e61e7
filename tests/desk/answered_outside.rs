//! Staff answer from Outlook: the draft closes, the clock stops, nothing is sent.

use crate::desk::{Desk, UNTIL_WHEN, mail, question};

const QUESTION: &str = "q1@cegep.example";

fn reply(to: &str, headers: &str) -> String {
    let headers = format!("In-Reply-To: <{QUESTION}>\nReferences: <{QUESTION}>\n{headers}");
    mail(
        "o1@ministere.example",
        "encadrement.ia@ministere.example",
        to,
        "RE: Suspension",
        &headers,
        "Bonjour,\n\nVoici.",
    )
}

fn asked() -> Desk {
    let mut desk = Desk::new();
    desk.deliver(&question(QUESTION, "anne.roy@cegep.example", "Suspension", UNTIL_WHEN));
    desk
}

#[test]
fn a_reply_found_in_sent_closes_the_draft() {
    let mut desk = asked();
    desk.once();
    desk.send_by_hand(&reply("anne.roy@cegep.example", ""));
    desk.once();
    let thread = desk.thread(1);
    assert_eq!(thread["state"], "answered");
    assert_eq!(thread["messages"].as_array().unwrap().len(), 2);
    assert_eq!(desk.json(&["report", "response-times", "--format", "json"])[0]["answered"], "outside");
    assert!(desk.letters().is_empty());
}

#[test]
fn it_voids_an_approval_that_still_waits() {
    let mut desk = asked();
    desk.once();
    desk.approve(1);
    desk.send_by_hand(&reply("anne.roy@cegep.example", ""));
    desk.once();
    assert_eq!(desk.thread(1)["state"], "answered");
    assert!(desk.letters().is_empty(), "the asker would have had two answers");
}

#[test]
fn a_forward_to_a_colleague_answers_nobody() {
    let mut desk = asked();
    desk.once();
    desk.send_by_hand(&reply("collegue@ministere.example", ""));
    desk.once();
    let thread = desk.thread(1);
    assert_eq!(thread["state"], "to-review");
    assert_eq!(thread["messages"].as_array().unwrap().len(), 2, "it is shown in the thread all the same");
    assert_eq!(desk.threads().len(), 1);
}

#[test]
fn an_automatic_message_of_ours_answers_nobody() {
    let mut desk = asked();
    desk.once();
    desk.send_by_hand(&reply("anne.roy@cegep.example", "Auto-Submitted: auto-replied\n"));
    desk.once();
    assert_eq!(desk.thread(1)["state"], "to-review");
}

#[test]
fn a_reply_that_is_read_before_its_question_answers_it() {
    let mut desk = Desk::new();
    desk.send_by_hand(&reply("anne.roy@cegep.example", ""));
    desk.once();
    desk.deliver(&question(QUESTION, "anne.roy@cegep.example", "Suspension", UNTIL_WHEN));
    desk.once();
    let threads = desk.threads();
    assert_eq!(threads.len(), 1, "{threads:?}");
    assert_eq!(threads[0]["state"], "answered");
    let times = desk.json(&["report", "response-times", "--format", "json"]);
    assert_eq!(
        times[0]["entry"], "duree-suspension",
        "what is answered already is classified for the figures"
    );
}

#[test]
fn our_own_copy_in_sent_is_known_whatever_its_message_id() {
    let mut desk = asked();
    desk.once();
    desk.approve(1);
    desk.once();
    let letter = String::from_utf8(desk.letters().remove(0)).unwrap();
    let own = letter.lines().find(|line| line.starts_with("Message-ID:")).unwrap().to_owned();
    desk.send_by_hand(&letter.replace(&own, "Message-ID: <made-by-the-server@outlook.example>"));
    desk.once();
    let thread = desk.thread(1);
    let names: Vec<&str> =
        thread["events"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert!(names.contains(&"CopyFiled") && !names.contains(&"AnsweredOutside"), "{names:?}");
    let reports = desk.json(&["report", "response-times", "--format", "json"]);
    assert_eq!(reports[0]["answered"], "inside");
}

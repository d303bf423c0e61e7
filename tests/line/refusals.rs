//! The mail server does not take a letter: for good, or for now.

use crate::desk::{UNTIL_WHEN, question};
use crate::line::{Line, Setting};
use crate::postfix::Options;
use greffier::config::Tls;
use jiff::Timestamp;

fn asked(options: Options) -> Line {
    let mut line = Line::new(Setting { tls: Tls::StartTls, postfix: Some(options), ..Setting::default() });
    line.deliver(&question("q1@cegep.example", "anne.roy@cegep.example", "Suspension", UNTIL_WHEN));
    line.desk.start();
    line.desk.until_state(1, "to-review");
    line
}

#[test]
fn a_refused_recipient_fails_the_letter_with_the_servers_words() {
    let line = asked(Options {
        refusing: vec![("anne.roy@cegep.example", "550 5.1.1 Parti-a-la-retraite")],
        ..Options::default()
    });
    line.desk.approve(1);
    line.desk.until_state(1, "failed");
    let shown = line.desk.thread(1);
    let words = shown["server_said"].as_str().unwrap();
    assert!(words.contains("550 5.1.1") && words.contains("Parti-a-la-retraite"), "{words}");
    assert!(line.desk.ok(&["show", "1"]).contains("Parti-a-la-retraite"));
    let postfix = line.postfix.as_ref().unwrap();
    assert!(postfix.delivered().is_empty());
    assert!(line.copies().is_empty(), "a copy of a letter that never left");
    assert!(
        line.desk
            .json(&["report", "response-times", "--format", "json"])
            .iter()
            .all(|row| row["answered"].is_null())
    );
    // Nothing tries again by itself.
    line.until_read_again();
    assert_eq!((line.count(1, "SendAttempted"), line.count(1, "SendFailed")), (1, 1));
    line.finish(&["Parti-a-la-retraite"]);
}

#[test]
fn a_server_that_is_away_defers_the_letter_and_a_person_may_hurry_it() {
    let mut line = asked(Options::default());
    line.postfix.as_mut().unwrap().stop();
    line.desk.approve(1);
    let approved = Timestamp::now();
    line.desk.until("a deferred attempt", || (line.count(1, "SendDeferred") > 0).then_some(()));
    let shown = line.desk.thread(1);
    assert_eq!(shown["state"], "approved");
    let due: Timestamp = shown["due"].as_str().unwrap().parse().unwrap();
    let pause = due.duration_since(approved).as_secs();
    assert!((50..=100).contains(&pause), "{pause} s");
    assert_eq!(line.count(1, "SendAttempted"), 1);
    // The next attempt waits for its time, even if the server is back before.
    line.postfix.as_mut().unwrap().launch();
    line.until_read_again();
    assert_eq!(line.count(1, "SendAttempted"), 1);
    // Taken back and approved again it leaves at once.
    line.desk.ok(&["withdraw", "1", "--as", "Marie Tremblay"]);
    line.desk.approve(1);
    line.desk.until_state(1, "answered");
    assert_eq!(line.postfix.as_ref().unwrap().wait_for(1).len(), 1);
    assert_eq!((line.count(1, "SendAttempted"), line.count(1, "Sent")), (2, 1));
    line.finish(&[]);
}

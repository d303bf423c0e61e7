//! What else meets a question, told on real servers: a flood, an organisation that asks twice, a text
//! that may not be sent for now, people who go, a receipt that is put right.

use crate::week::Week;
use serde_json::Value;

const MARIE: [&str; 2] = ["--as", "Marie Tremblay"];

#[test]
fn a_flood_a_text_withdrawn_people_who_go_and_a_receipt_put_right() {
    let mut week = Week::open("");
    // Three organisations ask the same within the hour: one gesture, three letters.
    let senders = ["ana@cegep.example", "bob@ville.example", "eve@musee.example"];
    let ids: Vec<u64> = senders
        .iter()
        .zip(1..)
        .map(|(from, number)| {
            week.asked(&format!("f{number}@{from}.example"), from, &format!("Fin {number}"))
        })
        .collect();
    let tick = |id: &u64| format!("{id}:{}", week.line.desk.thread(*id)["version"]);
    let ticks: Vec<String> = ids.iter().map(tick).collect();
    let ticks: Vec<&str> = ticks.iter().map(String::as_str).collect();
    week.line.desk.ok(&[&["approve-group"], &ticks[..], &MARIE].concat());
    let letters = week.letters(3);
    let mut to: Vec<&String> = letters.iter().flat_map(|letter| &letter.recipients).collect();
    to.sort();
    assert_eq!(to, senders, "each has a letter of its own");
    for id in &ids {
        week.line.desk.until_state(*id, "answered");
    }

    // Ana writes again, twice: what was said before stands beside, and that two of hers wait.
    let again = week.asked("a1@cegep.example", senders[0], "Encore");
    let once_more = week.asked("a2@cegep.example", senders[0], "Et encore");
    let shown = week.line.desk.thread(once_more);
    let neighbours: Vec<u64> =
        shown["neighbours"].as_array().unwrap().iter().filter_map(|other| other["id"].as_u64()).collect();
    assert!(neighbours.contains(&again) && neighbours.contains(&ids[0]), "{neighbours:?}");
    let open = |check: &Value| check["check"] == "other-open" && check["thread"] == again;
    assert!(shown["checks"].as_array().unwrap().iter().any(open), "{}", shown["checks"]);

    // Its text may not be sent for now: the draft loses it, and gets it back.
    let suspend = ["entry", "suspend", "duree-suspension", "--reason", "Date annoncée"];
    week.line.desk.ok(&[&suspend[..], &MARIE].concat());
    let entries = |week: &Week| week.line.desk.thread(again)["draft"]["entries"].as_array().map(Vec::len);
    week.line.desk.until("the draft is without it", || (entries(&week) == Some(0)).then_some(()));
    let version = week.line.desk.thread(again)["version"].to_string();
    let number = again.to_string();
    week.line.desk.refused(1, &[&["approve", &number, "--seen", &version], &MARIE[..]].concat());
    week.line.desk.ok(&[&["entry", "resume", "duree-suspension"], &MARIE[..]].concat());
    week.line.desk.until("the draft has it again", || (entries(&week) == Some(1)).then_some(()));
    assert_eq!(week.sent(again).recipients, [senders[0]]);

    // Marie has the other one in hand and goes away: it comes back, and Luc is proposed.
    for name in ["Marie Tremblay", "Luc Gagnon"] {
        week.line.desk.ok(&["user", "add", name]);
    }
    week.decide(once_more, &["claim"]);
    assert_eq!(week.line.desk.thread(once_more)["claimed_by"], "Marie Tremblay");
    let away = ["user", "absent", "Marie Tremblay", "--from", "2000-01-01", "--to", "2099-12-31"];
    week.line.desk.ok(&[&away[..], &["--delegate", "Luc Gagnon"]].concat());
    let shown = week.line.desk.thread(once_more);
    assert_eq!((&shown["claimed_by"], &shown["proposed_to"]), (&Value::Null, &"Luc Gagnon".into()));

    // The mail had lain with somebody else: its clock began earlier.
    let received = ["received", "--at", "2025-03-20T09:00", "--reason", "Chez un collègue"];
    week.decide(once_more, &received);
    assert_eq!(week.sent(once_more).recipients, [senders[0]]);
    week.line.desk.until_state(once_more, "answered");
    let row = week.row(once_more).unwrap();
    assert_eq!(row["received"], "2025-03-20T13:00:00Z");
    assert!(row["wall_seconds"].as_u64().unwrap() > 86_400, "{row}");

    // Whoever is disabled decides nothing more, and keeps the name in the history.
    week.line.desk.ok(&["user", "disable", "Marie Tremblay"]);
    week.line.desk.refused(1, &[&["note", &once_more.to_string(), "x"], &MARIE[..]].concat());
    week.finish(&["ville.example", "musee.example"]);
}

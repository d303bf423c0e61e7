//! Who joins which thread: never by subject, across organisations only by a person's word.

use crate::desk::{Desk, UNTIL_WHEN, mail, question};

fn follow_up(id: &str, from: &str, cites: &str) -> String {
    let headers = format!("In-Reply-To: <{cites}>\nReferences: <{cites}>\n");
    mail(
        id,
        from,
        "encadrement.ia@ministere.example",
        "RE: Suspension",
        &headers,
        "Et notre cégep, est-il visé ?",
    )
}

#[test]
fn a_subject_never_joins() {
    let mut desk = Desk::new();
    desk.deliver(&question("a@cegep.example", "anne@cegep.example", "Suspension", UNTIL_WHEN));
    desk.deliver(&question("b@cegep.example", "anne@cegep.example", "RE: Suspension", UNTIL_WHEN));
    desk.once();
    assert_eq!(desk.threads().len(), 2);
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    let parts = [
        question("a@cegep.example", "anne@cegep.example", "Suspension", UNTIL_WHEN),
        follow_up("b@cegep.example", "luc@cegep.example", "a@cegep.example"),
        follow_up("c@cegep.example", "anne@cegep.example", "b@cegep.example"),
        follow_up("d@cegep.example", "anne@cegep.example", "never-received@cegep.example"),
        follow_up("e@cegep.example", "anne@cegep.example", "never-received@cegep.example"),
    ];
    for order in [[0, 1, 2, 3, 4], [2, 1, 0, 4, 3], [4, 2, 0, 3, 1]] {
        let mut desk = Desk::new();
        for at in order {
            desk.deliver(&parts[at]);
            desk.once();
        }
        let mut sizes: Vec<usize> = desk
            .threads()
            .iter()
            .map(|thread| desk.thread(thread["id"].as_u64().unwrap())["messages"].as_array().unwrap().len())
            .collect();
        sizes.sort_unstable();
        assert_eq!(sizes, [2, 3], "{order:?}");
    }
}

#[test]
fn a_link_across_organisations_waits_for_a_person() {
    let mut desk = Desk::new();
    desk.deliver(&question("a@cegep.example", "anne@cegep.example", "Suspension", UNTIL_WHEN));
    desk.deliver(&follow_up("b@ville.example", "paul@ville.example", "a@cegep.example"));
    desk.once();
    assert_eq!(desk.threads().len(), 2);
    assert_eq!(desk.thread(2)["links"], serde_json::json!([1]));
    assert!(!desk.thread(2)["draft"]["body"].as_str().unwrap().contains("anne"));
    desk.refused(1, &["link", "1", "2", "--as", "Marie Tremblay"]);
    desk.ok(&["link", "2", "1", "--as", "Marie Tremblay"]);
    desk.once();
    assert_eq!(desk.threads().len(), 1);
    assert_eq!(desk.thread(2)["id"], 1, "the number that people know leads to the thread that goes on");
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn a_refused_link_is_not_proposed_again() {
    let mut desk = Desk::new();
    desk.deliver(&question("a@cegep.example", "anne@cegep.example", "Suspension", UNTIL_WHEN));
    desk.deliver(&follow_up("b@ville.example", "paul@ville.example", "a@cegep.example"));
    desk.once();
    desk.ok(&["link", "2", "1", "--refuse", "--as", "Marie Tremblay"]);
    desk.deliver(&follow_up("c@ville.example", "paul@ville.example", "a@cegep.example"));
    desk.once();
    assert_eq!(desk.thread(2)["links"], serde_json::json!([]));
    assert_eq!(desk.threads().len(), 2);
}

#[test]
fn a_clock_goes_on_when_what_it_waited_for_came_from_elsewhere() {
    let mut desk = Desk::new();
    desk.deliver(&question("a@cegep.example", "anne@cegep.example", "Suspension", UNTIL_WHEN));
    desk.once();
    desk.ok(&["wait", "1", "--reason", "le nom du projet", "--as", "Marie Tremblay"]);
    desk.deliver(&follow_up("b@ville.example", "paul@ville.example", "a@cegep.example"));
    desk.once();
    let came = desk.thread(2)["received"].clone();
    desk.ok(&["link", "2", "1", "--as", "Marie Tremblay"]);
    desk.once();
    assert_eq!(desk.thread(1)["state"], "to-review");
    let lines = desk.json(&["report", "response-times", "--format", "json"]);
    assert_eq!(lines[0]["pauses"][0]["to"], came, "{lines:?}");
    desk.refused(1, &["resume", "1", "--as", "Marie Tremblay"]);
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

//! A mailbox that was in use for weeks before greffier came.

use crate::desk::{UNTIL_WHEN, mail, question};
use crate::line::{Line, Setting, came_at, days_ago};

#[test]
fn older_mail_is_history_and_new_mail_gets_a_draft() {
    let mut line = Line::new(Setting { since: "first-start", ..Setting::default() });
    line.deliver_at(
        &question("a1@cegep.example", "anne.roy@cegep.example", "Suspension", UNTIL_WHEN),
        days_ago(9),
    );
    line.deliver_at(
        &question("a2@hopital.example", "luc@hopital.example", "Suspension", UNTIL_WHEN),
        days_ago(8),
    );
    let answer = line.send_by_hand(&mail(
        "o1@ministere.example",
        "encadrement.ia@ministere.example",
        "anne.roy@cegep.example",
        "RE: Suspension",
        "In-Reply-To: <a1@cegep.example>\nReferences: <a1@cegep.example>\n",
        "Bonjour,\n\nVoici la réponse.",
    ));
    came_at(&answer, days_ago(7));
    line.desk.start();
    line.until_threads(2);
    for id in 1..=2 {
        line.desk.until("history is classified", || (line.count(id, "Classified") > 0).then_some(()));
        assert_eq!(line.count(id, "DraftPrepared"), 0);
        let shown = line.desk.thread(id);
        assert!(shown["draft"].is_null());
        assert_eq!(shown["level"], "sure");
        assert_eq!(shown["suggestions"][0], "duree-suspension");
    }
    line.desk.until_state(1, "answered");
    assert_eq!(line.count(1, "AnsweredOutside"), 1);
    line.desk.until_state(2, "closed");
    let times = line.desk.json(&["report", "response-times", "--format", "json"]);
    let answered = times.iter().find(|row| row["thread"] == 1).unwrap();
    assert_eq!(answered["answered"], "outside");
    let wall = answered["wall_seconds"].as_i64().unwrap();
    assert!((wall - 2 * 86_400).abs() < 60, "{wall} s");

    line.deliver(&question("a3@biblio.example", "zoe@biblio.example", "Suspension", UNTIL_WHEN));
    line.desk.until_state(3, "to-review");
    // The same first start after a restart: what came meanwhile is no history.
    line.desk.stop();
    line.deliver(&question("a4@ville.example", "max@ville.example", "Suspension", UNTIL_WHEN));
    line.desk.start();
    line.desk.until_state(4, "to-review");
    assert_eq!(line.desk.threads().len(), 4);
    assert_eq!(line.desk.threads()[1]["state"], "closed");
    line.finish(&[]);
}

//! The search from the command line: without a daemon, beside one, and whatever becomes of the index.

use crate::desk::{Desk, UNTIL_WHEN, question};
use std::fs;

fn found(desk: &Desk, arguments: &[&str]) -> Vec<u64> {
    let lines = desk.json(&[&["search", "--json"], arguments].concat());
    let mut ids: Vec<u64> = lines.iter().map(|line| line["id"].as_u64().unwrap()).collect();
    ids.sort_unstable();
    ids
}

/// The same beside a daemon, whose index may still be in the making.
fn finds(desk: &Desk, arguments: &[&str], expected: &[u64]) -> Option<()> {
    let said = desk.run(&[&["search", "--json"], arguments].concat());
    if !said.status.success() {
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(said.contains("se prépare"), "{said}");
        return None;
    }
    (found(desk, arguments) == expected).then_some(())
}

fn two() -> Desk {
    let mut desk = Desk::new();
    desk.deliver(&question("q1@cegep.example", "anne.roy@cegep.example", "Durée", UNTIL_WHEN));
    desk.deliver(&question(
        "q2@ville.example",
        "luc.cote@ville.example",
        "Traduction",
        "Bonjour,\n\nNotre logiciel de traduction neuronale est-il permis pour nos journaux ?\n\nMerci",
    ));
    desk
}

#[test]
fn without_a_daemon_the_history_is_searched_all_the_same() {
    let desk = two();
    desk.once();
    assert_eq!(found(&desk, &["SUSPENSIONS"]), [1]);
    assert_eq!(found(&desk, &["logiciels de traduction"]), [2], "what the shell held together");
    assert_eq!(found(&desk, &["traduction de logiciel"]), [0_u64; 0]);
    assert_eq!(found(&desk, &["traduction", "logiciel", "journal"]), [2]);
    assert_eq!(found(&desk, &["cote"]), [2]);
    assert_eq!(found(&desk, &["--organisation", "cegep.example"]), [1]);
    assert_eq!(found(&desk, &["bonjour", "--state", "to-review"]), [1, 2]);
    assert_eq!(found(&desk, &["bonjour", "--state", "closed"]), [0_u64; 0]);
    assert_eq!(found(&desk, &["bonjour", "--from", "2125-01-01"]), [0_u64; 0]);
    let entry = desk.thread(1)["suggestions"][0].as_str().unwrap().to_owned();
    assert_eq!(found(&desk, &["--entry", &entry]), [1]);
    // The letter that waits is found, too, and what was written once it left.
    desk.approve(1);
    assert_eq!(found(&desk, &["--state", "approved", "--by", "marie tremblay"]), [1]);
    // Who searched for what is in the access log.
    desk.ok(&["search", "traduction", "--kind", "cegep", "--from", "2025-03-01"]);
    let log = desk.json(&["user", "log", "--format", "json"]);
    assert_eq!(log[0]["query"], "traduction kind=cegep from=2025-03-01");
    let shown = desk.ok(&["search", "jusqu'à quand"]);
    assert!(shown.contains("message reçu\u{a0}: ") && shown.contains("[quand]"), "{shown}");
    assert!(shown.contains("1 fil trouvé"), "{shown}");
    assert!(desk.ok(&["search", "introuvable"]).contains("Aucun fil"));
    let said = desk.refused(2, &["search"]);
    assert!(said.contains("--help"), "{said}");
    for hostile in ["\"", "« avis", "+-&|!(){}[]^~*?:\\/", "AND"] {
        desk.ok(&["search", hostile]);
    }
    desk.ok(&["search", &"a« b \"c ".repeat(1_500)]);
}

#[test]
fn beside_a_daemon_what_happens_is_found_at_once_and_no_kill_matters() {
    let mut desk = two();
    desk.start();
    desk.until("the mail is found", || finds(&desk, &["bonjour"], &[1, 2]));
    desk.ok(&["note", "2", "Rappeler la policière", "--as", "Marie"]);
    desk.until("the note is found", || finds(&desk, &["policieres"], &[2]));
    desk.kill();
    assert_eq!(found(&desk, &["policieres"]), [2], "the store is searched without the daemon");
    fs::remove_dir_all(desk.path("data/search")).unwrap();
    desk.start();
    desk.until("the index is made anew", || finds(&desk, &["policieres"], &[2]));
    desk.ok(&["store", "rebuild"]);
    desk.until("it is made anew again", || finds(&desk, &["policieres"], &[2]));
    desk.ok(&["store", "purge", "2", "--rule", "règle 1", "--authority", "direction", "--as", "Marie"]);
    desk.until("what was purged is gone", || finds(&desk, &["policieres"], &[]));
    desk.until("the rest is there", || finds(&desk, &["bonjour"], &[1]));
}

#[test]
fn a_broken_index_stops_nothing_else() {
    let mut desk = two();
    fs::create_dir_all(desk.path("data")).unwrap();
    fs::write(desk.path("data/search"), "no folder").unwrap();
    desk.start();
    desk.until_state(1, "to-review");
    let said = desk.until("it says why", || {
        let said = desk.run(&["search", "bonjour"]);
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        said.contains("La recherche n’est pas disponible").then_some(said)
    });
    assert!(said.contains("Le reste fonctionne"), "{said}");
    desk.approve(1);
    desk.until_state(1, "answered");
}

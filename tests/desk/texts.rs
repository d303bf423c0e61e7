//! Care of the approved texts: which are often changed, and which are missing.

use crate::desk::{Desk, UNTIL_WHEN, question};
use std::fs;

/// Asks once from each of `numbers`, in organisations of their own.
fn ask(desk: &mut Desk, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let id = format!("q{number}@cegep{number}.example");
        let from = format!("anne.roy@cegep{number}.example");
        desk.deliver(&question(&id, &from, "Fin de la suspension", UNTIL_WHEN));
    }
    desk.once();
}

#[test]
fn an_entry_that_is_often_edited_is_not_sure_until_it_was_reviewed() {
    let mut desk = Desk::new();
    desk.own_replies();
    ask(&mut desk, 1..6);
    let text = "Bonjour,\n\nVoici une tout autre réponse, que personne n’avait préparée.\n";
    fs::write(desk.path("text.md"), text).unwrap();
    let file = desk.path("text.md");
    for id in 1..6_u64 {
        assert_eq!(desk.thread(id)["level"], "sure");
        if id > 3 {
            desk.ok(&["edit", &id.to_string(), "--body-file", file.to_str().unwrap(), "--as", "Marie Roy"]);
        }
        desk.approve(id);
    }
    desk.once();
    assert_eq!(desk.letters().len(), 5);
    ask(&mut desk, 6..7);
    let thread = desk.thread(6);
    assert_eq!((&thread["level"], &thread["suggestions"][0]), (&"unsure".into(), &"duree-suspension".into()));
    let doubt = serde_json::json!({"entry": "duree-suspension", "as_is": 3, "edited": 2, "rejected": 0});
    assert_eq!(thread["doubts"][0], doubt);
    assert!(desk.ok(&["show", "6"]).contains("2 brouillons modifiés et 0 rejetés sur les 5 derniers"));
    // The index is derived: made again, it says the same.
    desk.ok(&["store", "rebuild"]);
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
    ask(&mut desk, 7..8);
    assert_eq!(desk.thread(7)["doubts"][0], doubt);
    // Somebody has gone over the text: another version is another text.
    let entry = desk.path("replies/fr/duree-suspension.md");
    let reviewed = fs::read_to_string(&entry).unwrap().replace("version = 1", "version = 2");
    fs::write(&entry, reviewed).unwrap();
    ask(&mut desk, 8..9);
    assert_eq!(
        (&desk.thread(8)["level"], desk.thread(8)["doubts"].as_array().unwrap().len()),
        (&"sure".into(), 0)
    );
}

#[test]
fn what_three_organisations_ask_without_an_entry_is_a_gap() {
    let mut desk = Desk::new();
    let texts = [
        "Bonjour,\n\nQuelle amende risque un organisme qui passe outre à la suspension ?\n",
        "Bonjour,\n\nY a-t-il une amende pour un organisme qui ne respecte pas la suspension ?\n",
        "Bonjour,\n\nSi un organisme ne respecte pas la suspension, quelle est l’amende ?\n",
    ];
    for (number, text) in (1..).zip(texts) {
        // The first two are of one organisation.
        let host = format!("cegep{}.example", if number < 3 { 1 } else { number });
        desk.deliver(&question(&format!("q{number}@{host}"), &format!("a@{host}"), "Amende", text));
    }
    desk.once();
    for id in ["1", "2", "3"] {
        desk.ok(&["reclassify", id, "hors-faq", "--as", "Marie Roy"]);
    }
    assert!(desk.ok(&["gaps"]).contains("Aucune question"));
    desk.deliver(&question("q4@ville.example", "b@ville.example", "Amende", texts[0]));
    desk.once();
    desk.ok(&["reclassify", "4", "hors-faq", "--as", "Marie Roy"]);
    let gap = desk.json(&["gaps", "--json"]).remove(0);
    assert_eq!((&gap["organisations"], gap["questions"].as_array().unwrap().len()), (&3.into(), 4));
    assert!(gap["words"].as_array().unwrap().contains(&"amende".into()), "{gap}");
    let said = desk.ok(&["gaps"]);
    assert!(said.contains("3 organismes, 4 questions") && said.contains("fils 1, 2, 3, 4"), "{said}");
}

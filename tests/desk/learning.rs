//! What the desk teaches the classifier, and takes back.

use crate::desk::{Desk, UNTIL_WHEN, copy, question};
use std::fs;
use std::path::Path;

/// No wording of the library is near it.
const ODD: &str = "Bonjour,\n\nLe perroquet mécanique du pavillon Boréal glapit-il encore ?\n\nLuc";

fn ask(desk: &mut Desk, number: u32) {
    let id = format!("q{number}@cegep{number}.example");
    let from = format!("luc@cegep{number}.example");
    desk.deliver(&question(&id, &from, "Perroquet", ODD));
    desk.once();
}

#[test]
fn a_choice_counts_from_the_next_mail_on_until_it_is_withdrawn() {
    let mut desk = Desk::new();
    ask(&mut desk, 1);
    assert_ne!(desk.thread(1)["suggestions"][0], "duree-suspension");
    desk.ok(&["reclassify", "1", "duree-suspension", "--as", "Marie Roy"]);
    ask(&mut desk, 2);
    assert_eq!(desk.thread(2)["suggestions"][0], "duree-suspension");
    let learned = desk.json(&["examples", "list", "--json"]);
    assert_eq!(learned.len(), 1);
    assert_eq!((&learned[0]["label"], &learned[0]["by"]), (&"duree-suspension".into(), &"Marie Roy".into()));
    assert!(desk.ok(&["examples", "list"]).contains("perroquet"));
    // Another opinion takes the place of the first.
    desk.ok(&["reclassify", "1", "contact", "--as", "Anne Roy"]);
    let learned = desk.json(&["examples", "list", "--json"]);
    assert_eq!((learned.len(), &learned[0]["label"]), (1, &"contact".into()));
    let id = learned[0]["id"].to_string();
    desk.ok(&["examples", "withdraw", &id, "--as", "Marie Roy"]);
    assert!(desk.ok(&["examples", "list"]).contains("Aucun exemple"));
    ask(&mut desk, 3);
    assert_ne!(desk.thread(3)["suggestions"][0], "duree-suspension");
    assert!(desk.refused(1, &["examples", "withdraw", &id, "--as", "Marie Roy"]).contains("pas d’exemple"));
    // The index is derived: made again, it is the same.
    desk.ok(&["reclassify", "3", "contact", "--as", "Marie Roy"]);
    let before = desk.json(&["examples", "list", "--json"]);
    desk.ok(&["store", "rebuild"]);
    assert_eq!(desk.json(&["examples", "list", "--json"]), before);
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
    // And it goes with the thread that it came from.
    desk.ok(&["store", "purge", "3", "--rule", "règle 12", "--authority", "Archives", "--as", "Marie Roy"]);
    assert!(desk.json(&["examples", "list", "--json"]).is_empty());
}

#[test]
fn a_reviewer_can_say_that_no_entry_answers_or_that_nothing_is_asked() {
    let mut desk = Desk::new();
    desk.deliver(&question("q1@cegep.example", "anne.roy@cegep.example", "Fin", UNTIL_WHEN));
    desk.deliver(&question("q2@ville.example", "luc@ville.example", "Fin", UNTIL_WHEN));
    desk.once();
    assert_eq!(desk.thread(1)["level"], "sure");
    desk.ok(&["reclassify", "1", "hors-faq", "--as", "Marie Roy"]);
    let thread = desk.thread(1);
    assert_eq!((&thread["level"], &thread["state"]), (&"none".into(), &"to-review".into()));
    assert!(thread["suggestions"].as_array().unwrap().is_empty());
    // Salutation and signature are no answer: a person writes one first.
    let version = thread["version"].to_string();
    desk.refused(1, &["approve", "1", "--seen", &version, "--as", "Marie Roy"]);
    desk.ok(&["reclassify", "2", "sans-question", "--as", "Marie Roy"]);
    let thread = desk.thread(2);
    assert_eq!((&thread["state"], &thread["reason"]), (&"for-information".into(), &"no-question".into()));
    let learned = desk.json(&["examples", "list", "--json"]);
    let labels: Vec<&str> = learned.iter().map(|one| one["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["hors-faq", "sans-question"]);
    // What asks nothing is no question of the figures.
    assert_eq!(desk.json(&["report", "response-times", "--format", "json"]).len(), 1);
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn an_example_goes_into_the_files_without_what_names_anybody() {
    let mut desk = Desk::new();
    desk.own_replies();
    let text = "Bonjour,\n\nLe Cégep du Lac-Bleu (418 555-0199) songe à un perroquet mécanique. Est-ce permis ? Madame \
                Gagnon veut savoir s’il glapit ; écrivez à luc.dubé@lac-bleu.example.\n\nLuc Dubé";
    desk.deliver(&question("q1@lac-bleu.example", "Luc Dubé <luc@lac-bleu.example>", "Perroquet", text));
    desk.once();
    desk.ok(&["reclassify", "1", "contact", "--as", "Marie Roy"]);
    let review = desk.json(&["examples", "review", "--json"]).remove(0);
    let wording = review["wording"].as_str().unwrap();
    for left_out in ["Lac", "418", "555", "Gagnon", "Dubé", "Luc", "@"] {
        assert!(!wording.contains(left_out), "{left_out}: {wording}");
    }
    assert!(wording.contains("songe à un perroquet mécanique"), "{wording}");
    let id = review["id"].to_string();
    assert!(desk.ok(&["examples", "review"]).contains("greffier examples adopt"));
    let said = desk.ok(&["examples", "adopt", &id, "--as", "Marie Roy"]);
    assert!(said.contains("contact.txt"), "{said}");
    let file = fs::read_to_string(desk.path("replies/examples/fr/contact.txt")).unwrap();
    assert!(file.ends_with(&format!("\n\n# situation: exemple-{id}\n{wording}\n")), "{file}");
    // From now on the file teaches it, and not the journal.
    assert!(desk.json(&["examples", "list", "--json"]).is_empty());
    desk.ok(&["replies", "check"]);
    ask(&mut desk, 2);
    assert_eq!(desk.thread(2)["suggestions"][0], "contact");
    assert!(desk.refused(1, &["examples", "adopt", &id, "--as", "Marie Roy"]).contains("pas d’exemple"));
}

#[test]
fn nothing_is_learned_where_the_config_says_so() {
    let mut desk = Desk::new();
    desk.edit_config("[mailbox]", "[classify]\nlearn = false\n[mailbox]");
    ask(&mut desk, 1);
    desk.ok(&["reclassify", "1", "duree-suspension", "--as", "Marie Roy"]);
    assert!(desk.json(&["examples", "list", "--json"]).is_empty());
}

#[test]
fn another_library_is_tried_on_past_mail_and_touches_nothing() {
    let mut desk = Desk::new();
    desk.deliver(&question("q1@cegep.example", "anne.roy@cegep.example", "Fin", UNTIL_WHEN));
    desk.once();
    desk.approve(1);
    desk.once();
    // The same library changes nothing.
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("replies");
    let same = desk.json(&["replay", "--json", "--replies", shipped.to_str().unwrap()]);
    assert_eq!((&same[0]["read"], same[0]["changed"].as_array().unwrap().len()), (&1.into(), 0));
    // One without the entry that was sent.
    let other = desk.path("autre");
    copy(&shipped, &other);
    for language in ["fr", "en"] {
        fs::remove_file(other.join(language).join("duree-suspension.md")).unwrap();
        fs::remove_file(other.join("examples").join(language).join("duree-suspension.txt")).unwrap();
    }
    let before = desk.thread(1);
    let said = desk.ok(&["rejouer", "--replies", other.to_str().unwrap()]);
    assert!(said.contains("1 en moins bien") && said.contains("duree-suspension →"), "{said}");
    assert_eq!(desk.thread(1), before);
    // A broken one is refused with file and line.
    fs::write(other.join("floors.toml"), "temperature = 'chaud'\n").unwrap();
    assert!(desk.refused(2, &["replay", "--replies", other.to_str().unwrap()]).contains("floors.toml"));
}

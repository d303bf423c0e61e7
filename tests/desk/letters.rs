//! What a reviewer decides on a letter beside its text, and what of it stays.

use crate::desk::{Desk, UNTIL_WHEN, mail, question};
use mail_parser::{MessageParser, MimeHeaders as _};
use std::fs;

const NAME: [&str; 2] = ["--as", "Marie Roy"];

/// A desk whose texts can be edited, and whose entry on the duration asks for a field.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.own_replies();
    let entry = desk.path("replies/fr/duree-suspension.md");
    let text = fs::read_to_string(&entry).unwrap();
    let asks = "asks = [{ name = \"dossier\", label = \"numéro du dossier\" }]";
    fs::write(&entry, text.replace("asks = []", asks) + "\nDossier : {{ field.dossier }}.\n").unwrap();
    desk
}

fn with_copies(id: &str, text: &str) -> String {
    mail(
        id,
        "Anne Roy <anne.roy@cegep.example>",
        "encadrement.ia@ministere.example",
        "Suspension",
        "Cc: ti@cegep.example, luc@cegep.example\n",
        text,
    )
}

fn adjust(desk: &Desk, what: &[&str]) -> String {
    desk.ok(&[&["adjust", "1"], what, NAME.as_slice()].concat())
}

#[test]
fn copies_files_and_fields_are_decided_and_sealed() {
    let mut desk = desk();
    desk.deliver(&with_copies("a@cegep.example", UNTIL_WHEN));
    desk.once();
    let version = |desk: &Desk| desk.thread(1)["version"].as_u64().unwrap();
    let before = version(&desk);
    let file = desk.path("plan.txt");
    fs::write(&file, "Le plan.").unwrap();
    adjust(&desk, &["--remove", "TI@cegep.example"]);
    adjust(&desk, &["--attach", file.to_str().unwrap()]);
    adjust(&desk, &["--fill", "numéro du dossier=2025-<b>14</b>"]);
    assert_eq!(version(&desk), before + 3, "each is another letter");
    let refused = desk.refused(1, &["approve", "1", "--seen", &before.to_string(), "--as", "Marie Roy"]);
    assert!(refused.contains("changé"), "{refused}");
    desk.refused(1, &["adjust", "1", "--remove", "anne.roy@cegep.example", "--as", "Marie Roy"]);
    desk.refused(1, &["adjust", "1", "--detach", "autre.txt", "--as", "Marie Roy"]);
    desk.refused(2, &["adjust", "1", "--detach", "a", "--remove", "b", "--as", "Marie Roy"]);
    let told = desk.ok(&["show", "1"]);
    for line in ["Copie retirée (TI@cegep.example)", "Pièce jointe ajoutée (plan.txt)", "Champs remplis"] {
        assert!(told.contains(line), "{line} is not in {told}");
    }
    desk.approve(1);
    desk.once();
    let letters = desk.letters();
    let letter = MessageParser::default().parse(&letters[0]).unwrap();
    let copies: Vec<_> = letter.cc().unwrap().iter().filter_map(|person| person.address()).collect();
    assert_eq!(copies, ["luc@cegep.example"]);
    assert_eq!(letter.attachment(0).unwrap().attachment_name(), Some("plan.txt"));
    assert_eq!(letter.attachment(0).unwrap().contents(), b"Le plan.");
    assert!(letter.body_text(0).unwrap().contains("Dossier : 2025-<b>14</b>."));
    // Nothing of it was an edit of the approved text.
    let told = desk.json(&["replies", "told", "duree-suspension", "--json"]);
    assert_eq!(told[0]["edited"], false);
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
    desk.ok(&["store", "rebuild"]);
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn what_was_decided_stays_when_the_draft_is_prepared_again() {
    let mut desk = desk();
    desk.deliver(&with_copies("a@cegep.example", UNTIL_WHEN));
    desk.once();
    let file = desk.path("plan.txt");
    fs::write(&file, "Le plan.").unwrap();
    adjust(&desk, &["--remove", "ti@cegep.example"]);
    adjust(&desk, &["--attach", file.to_str().unwrap()]);
    adjust(&desk, &["--fill", "numéro du dossier=14"]);
    let decided = |desk: &Desk| {
        let draft = desk.thread(1)["draft"].clone();
        let files = draft["attachments"].as_array().unwrap().len();
        let body = draft["body"].as_str().unwrap().to_owned();
        (draft["recipients"].as_array().unwrap().len(), files, body.contains("Dossier : 14."))
    };
    assert_eq!(decided(&desk), (2, 1, true));
    // The text changes.
    let entry = desk.path("replies/fr/duree-suspension.md");
    let text = fs::read_to_string(&entry).unwrap().replace("version = 1", "version = 2");
    fs::write(&entry, text).unwrap();
    desk.once();
    assert_eq!(desk.thread(1)["draft"]["entries"][0]["version"], 2);
    assert_eq!(decided(&desk), (2, 1, true));
    // A reviewer chooses the entry again.
    desk.ok(&[&["reclassify", "1", "duree-suspension"], NAME.as_slice()].concat());
    assert_eq!(decided(&desk), (2, 1, true));
    adjust(&desk, &["--restore", "ti@cegep.example"]);
    adjust(&desk, &["--detach", "plan.txt"]);
    assert_eq!(decided(&desk), (3, 0, true));
}

#[test]
fn a_file_goes_with_its_thread_when_that_is_purged() {
    let mut desk = desk();
    for (number, id) in [(1, "a@cegep.example"), (2, "b@cegep.example")] {
        desk.deliver(&question(id, &format!("anne{number}@cegep{number}.example"), "Suspension", UNTIL_WHEN));
    }
    desk.once();
    let file = desk.path("plan.txt");
    fs::write(&file, "Le plan.").unwrap();
    for id in ["1", "2"] {
        desk.ok(&["adjust", id, "--attach", file.to_str().unwrap(), "--as", "Marie Roy"]);
        desk.ok(&["adjust", id, "--fill", "numéro du dossier=14", "--as", "Marie Roy"]);
    }
    desk.ok(&["close", "1", "--reason", "doublon", "--as", "Marie Roy"]);
    desk.ok(&["store", "purge", "1", "--rule", "3-12", "--authority", "Direction", "--as", "Marie Roy"]);
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
    desk.approve(2);
    desk.once();
    assert_eq!(desk.letters().len(), 1);
}

#[test]
fn what_left_is_no_draft_of_the_next_answer() {
    let mut desk = Desk::new();
    desk.deliver(&question("a@cegep.example", "anne.roy@cegep.example", "Suspension", UNTIL_WHEN));
    desk.once();
    let text = desk.path("text.md");
    fs::write(&text, "Bonjour,\n\nUne réponse écrite à la main.\n").unwrap();
    desk.ok(&["edit", "1", "--body-file", text.to_str().unwrap(), "--as", "Marie Roy"]);
    desk.approve(1);
    desk.once();
    assert_eq!(desk.threads()[0]["state"], "answered");
    desk.deliver(&mail(
        "b@cegep.example",
        "anne.roy@cegep.example",
        "encadrement.ia@ministere.example",
        "RE: Suspension",
        "In-Reply-To: <a@cegep.example>\nReferences: <a@cegep.example>\n",
        "Merci. Et notre cégep, est-il visé par la suspension ?",
    ));
    desk.once();
    let thread = desk.thread(1);
    assert_eq!(thread["state"], "to-review");
    let body = thread["draft"]["body"].as_str().unwrap();
    assert!(!body.contains("écrite à la main"), "the answer to the first question was drafted again: {body}");
    assert_eq!(thread["suggestions"][0], "organismes-vises");
}

//! The folder for sent mail goes by many names, and is watched under each of them.

use crate::desk::{UNTIL_WHEN, mail, question};
use crate::dovecot::Options;
use crate::line::{Line, Setting};

/// A reply written by hand closes the draft, wherever the server keeps sent mail.
fn answered_by_hand(folders: Vec<(&'static str, &'static str)>) {
    let dovecot = Options { folders, ..Options::default() };
    let mut line = Line::new(Setting { dovecot, ..Setting::default() });
    line.desk.start();
    line.deliver(&question("q1@cegep.example", "anne.roy@cegep.example", "Suspension", UNTIL_WHEN));
    line.deliver(&question("q2@hopital.example", "luc@hopital.example", "Suspension", UNTIL_WHEN));
    line.desk.until_state(2, "to-review");
    line.desk.until_state(1, "to-review");
    line.send_by_hand(&mail(
        "o1@ministere.example",
        "encadrement.ia@ministere.example",
        "anne.roy@cegep.example",
        "RE: Suspension",
        "In-Reply-To: <q1@cegep.example>\nReferences: <q1@cegep.example>\n",
        "Bonjour,\n\nVoici la réponse.",
    ));
    line.desk.until_state(1, "answered");
    assert_eq!(line.count(1, "AnsweredOutside"), 1);
    let times = line.desk.json(&["report", "response-times", "--format", "json"]);
    assert_eq!((&times[0]["thread"], &times[0]["answered"]), (&1.into(), &"outside".into()));
    // The other one is still ours to answer, and the copy of our letter goes into the same folder.
    line.desk.approve(2);
    line.desk.until("a copy in Sent", || (line.count(2, "CopyFiled") > 0).then_some(()));
    assert_eq!((line.copies().len(), line.desk.letters().len()), (2, 1));
    line.finish(&[]);
}

#[test]
fn by_special_use_whatever_the_name() {
    answered_by_hand(vec![("Courrier parti", "\\Sent"), ("Brouillons", "\\Drafts")]);
}

#[test]
fn by_its_french_name_with_accents() {
    answered_by_hand(vec![("Éléments envoyés", ""), ("Éléments supprimés", "")]);
}

#[test]
fn by_special_use_and_french_name() {
    answered_by_hand(vec![("Éléments envoyés", "\\Sent")]);
}

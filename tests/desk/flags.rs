//! Mail that asks for a decision: flagged, never a matter of course.

use crate::desk::{Desk, UNTIL_WHEN, question};

const ACCESS: &str = "Bonjour,\n\nVeuillez considérer la présente comme une demande d'accès à des documents : \
je désire obtenir copie de tous les courriels échangés sur la suspension.\n\nSylvie Hamel";

fn deliver(desk: &mut Desk, id: &str, text: &str) {
    desk.deliver(&question(id, "sylvie.hamel@citoyen.example", "Documents", text));
}

#[test]
fn a_request_for_documents_gets_no_draft_and_shows_its_deadline() {
    let mut desk = Desk::new();
    deliver(&mut desk, "a1@citoyen.example", ACCESS);
    desk.once();
    let thread = desk.thread(1);
    assert_eq!((&thread["state"], &thread["reason"]), (&"for-information".into(), &"access-request".into()));
    assert_eq!(thread["flags"][0]["name"], "access-request");
    assert!(thread["draft"].is_null());
    let received: jiff::Timestamp = thread["received"].as_str().unwrap().parse().unwrap();
    let zone = jiff::tz::TimeZone::get("America/Toronto").unwrap();
    let due = received.to_zoned_datetime(zone).date().saturating_add(jiff::ToSpan::days(20));
    assert_eq!(thread["legal_deadline"], due.to_string());
    let said = desk.ok(&["show", "1"]);
    assert!(said.contains("Échéance légale"), "{said}");
    assert_eq!(thread["overdue"], false);
    // It lay with somebody else first: it is another office's, and late.
    let earlier =
        ["received", "1", "--at", "2025-03-20T09:00", "--reason", "Chez un collègue", "--as", "Marie Roy"];
    desk.ok(&earlier);
    assert_eq!(
        (&desk.thread(1)["overdue"], &desk.thread(1)["legal_deadline"]),
        (&true.into(), &"2025-04-09".into())
    );
    assert!(desk.ok(&["show", "1"]).contains("plus d’un jour ouvrable"));
    let due = desk.thread(1)["legal_deadline"].as_str().unwrap().to_owned();
    // A later mail moves no deadline.
    let reply = "Merci de votre attention.";
    let headers = "In-Reply-To: <a1@citoyen.example>\r\n";
    desk.deliver(&crate::desk::mail(
        "a2@citoyen.example",
        "sylvie.hamel@citoyen.example",
        "encadrement.ia@ministere.example",
        "RE: Documents",
        headers,
        reply,
    ));
    desk.once();
    assert_eq!(desk.thread(1)["legal_deadline"], due);
    // A person who sees that it is a question after all gets a draft to write.
    desk.ok(&["reopen", "1", "--as", "Marie Roy"]);
    desk.once();
    let thread = desk.thread(1);
    assert_eq!(thread["state"], "to-review");
    desk.ok(&["reclassify", "1", "contact", "--as", "Marie Roy"]);
    assert!(desk.thread(1)["draft"]["body"].as_str().unwrap().contains("courriel"));
}

#[test]
fn beside_a_request_for_documents_no_answer_is_sure() {
    let follow_up = |id: &str, cited: &str, text: &str| {
        crate::desk::mail(
            id,
            "sylvie.hamel@citoyen.example",
            "encadrement.ia@ministere.example",
            "RE: Documents",
            &format!("In-Reply-To: <{cited}>\r\n"),
            text,
        )
    };
    for order in [[ACCESS, UNTIL_WHEN], [UNTIL_WHEN, ACCESS]] {
        let mut desk = Desk::new();
        deliver(&mut desk, "a1@citoyen.example", order[0]);
        desk.deliver(&follow_up("a2@citoyen.example", "a1@citoyen.example", order[1]));
        desk.once();
        let thread = desk.thread(1);
        assert_eq!((&thread["state"], &thread["level"]), (&"to-review".into(), &"unsure".into()));
        assert_eq!(thread["suggestions"][0], "duree-suspension");
        assert_eq!(thread["flags"][0]["name"], "access-request");
    }
}

#[test]
fn a_request_for_authorisation_is_never_sure() {
    let mut desk = Desk::new();
    let text =
        "Nous demandons l'autorisation de poursuivre. Jusqu'à quand la suspension est-elle en vigueur ?";
    desk.deliver(&question("q1@cegep.example", "anne.roy@cegep.example", "Suspension", text));
    desk.once();
    let thread = desk.thread(1);
    assert_eq!((&thread["level"], &thread["flags"][0]["name"]), (&"unsure".into(), &"authorisation".into()));
    assert!(desk.ok(&["threads"]).contains("demande d’autorisation"));
    let seen = thread["version"].to_string();
    assert!(desk.refused(1, &["approve", "1", "--seen", &seen, "--as", "Marie Roy"]).contains("choisi"));
}

#[test]
fn what_is_asked_beside_a_request_for_documents_may_be_answered() {
    let mut desk = Desk::new();
    let text = format!("{ACCESS}\n\nDe plus, jusqu’à quand la suspension s’appliquera-t-elle ?");
    deliver(&mut desk, "a1@citoyen.example", &text);
    desk.once();
    let thread = desk.thread(1);
    assert_eq!((&thread["state"], &thread["level"]), (&"to-review".into(), &"unsure".into()));
    assert_eq!(thread["suggestions"].as_array().unwrap().len(), 1, "{thread}");
    assert_eq!(thread["suggestions"][0], "duree-suspension");
    assert!(thread["legal_deadline"].is_string());
}

#[test]
fn a_complaint_gets_no_draft_unless_the_config_says_so() {
    let asks = "Jusqu’à quand la suspension s’appliquera-t-elle ?";
    let complaint = format!("Bonjour,\n\n{asks} Je veux porter plainte.");
    let incident = format!("Bonjour,\n\nNous avons eu une fuite de données. {asks}");
    let none = "[desk]\nno_draft = []\n";
    for (config, text, suggested) in [("", &complaint, 0), ("", &incident, 0), (none, &complaint, 1)] {
        let mut desk = Desk::new();
        desk.edit_config("[mailbox]", &format!("{config}[mailbox]"));
        desk.deliver(&question("p1@citoyen.example", "sylvie.hamel@citoyen.example", "Suspension", text));
        desk.once();
        let thread = desk.thread(1);
        assert_eq!(thread["state"], "to-review", "a complaint is a question all the same");
        assert_eq!(thread["suggestions"].as_array().unwrap().len(), suggested, "{thread}");
    }
}

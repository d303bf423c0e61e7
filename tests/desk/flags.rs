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
    assert!(desk.ok(&["show", "1"]).contains("Échéance légale"));
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
    assert_eq!(desk.thread(1)["legal_deadline"], due.to_string());
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

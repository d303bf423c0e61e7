//! What a question meets on its way to an answer: opinions, waits, other channels, other letters.

use crate::desk::{Desk, UNTIL_WHEN, mail, question};
use std::fs;

const DESK: &str = "encadrement.ia@ministere.example";

fn asked(desk: &mut Desk) {
    desk.deliver(&question("q1@cegep.example", "Anne Roy <anne.roy@cegep.example>", "Fin", UNTIL_WHEN));
    desk.once();
}

fn sent(id: &str, to: &str, text: &str) -> String {
    let headers = "In-Reply-To: <q1@cegep.example>\nReferences: <q1@cegep.example>\n";
    mail(id, DESK, to, "RE: Fin", headers, text)
}

fn response_times(desk: &Desk) -> Vec<serde_json::Value> {
    desk.json(&["report", "response-times", "--format", "json"])
}

fn events(thread: &serde_json::Value) -> Vec<String> {
    let events = thread["events"].as_array().unwrap().iter();
    events.map(|event| event["event"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_message_that_only_promises_an_answer_stops_nothing() {
    let mut desk = Desk::new();
    asked(&mut desk);
    desk.send_by_hand(&sent("h@m.example", "anne.roy@cegep.example", "Bien reçu, on vous revient.\n\nMarie"));
    desk.once();
    let thread = desk.thread(1);
    assert_eq!(thread["state"], "to-review");
    assert!(events(&thread).contains(&"HoldingSent".to_owned()));
    assert_eq!(response_times(&desk)[0]["answered"], serde_json::Value::Null);
    // A person knows better, in both directions.
    desk.ok(&["outside", "1", "answer", "--as", "Marie Roy"]);
    assert_eq!(desk.thread(1)["state"], "answered");
    assert_eq!(response_times(&desk)[0]["answered"], "outside");
    desk.ok(&["outside", "1", "holding", "--as", "Marie Roy"]);
    desk.once();
    assert_eq!(desk.thread(1)["state"], "to-review");
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn an_opinion_is_asked_and_given_without_a_trace_in_the_letter() {
    let mut desk = Desk::new();
    desk.edit_config("[outbox]", "internal_domains = [\"ministere.example\"]\n[outbox]");
    asked(&mut desk);
    let forward = sent("f@m.example", "Paul Juriste <paul@juridique.ministere.example>", "Qu’en dis-tu ?");
    desk.send_by_hand(&forward);
    desk.once();
    let thread = desk.thread(1);
    assert_eq!(thread["state"], "to-review", "a forward answers nobody");
    assert!(events(&thread).contains(&"OpinionAsked".to_owned()));
    desk.approve(1);
    let opinion = mail(
        "op@juridique.example",
        "Paul Juriste <paul@juridique.ministere.example>",
        DESK,
        "RE: Fin",
        "In-Reply-To: <f@m.example>\nReferences: <q1@cegep.example> <f@m.example>\n",
        "SECRET : à mon avis, la fin n’est pas fixée. Es-tu d’accord ?",
    );
    desk.deliver(&opinion);
    desk.once();
    let thread = desk.thread(1);
    assert_eq!(thread["state"], "answered", "an opinion voids nothing");
    assert!(events(&thread).contains(&"OpinionReceived".to_owned()));
    assert_eq!(desk.threads().len(), 1);
    assert!(desk.ok(&["show", "1"]).contains("Avis d’un collègue"));
    assert_eq!(response_times(&desk).len(), 1, "an opinion is never a question");
    let letter = String::from_utf8(desk.letters().remove(0)).unwrap();
    for trace in ["SECRET", "op@juridique.example", "paul@juridique"] {
        assert!(!letter.contains(trace), "{trace}");
    }
    // The asker goes on, and the next letter does not name the colleague either.
    let follow_up = mail(
        "q2@cegep.example",
        "Anne Roy <anne.roy@cegep.example>",
        DESK,
        "RE: Fin",
        "In-Reply-To: <q1@cegep.example>\nReferences: <q1@cegep.example> <op@juridique.example>\n",
        UNTIL_WHEN,
    );
    desk.deliver(&follow_up);
    desk.once();
    let draft = desk.thread(1)["draft"].to_string();
    assert!(!draft.contains("op@juridique.example") && !draft.contains("SECRET"), "{draft}");
}

#[test]
fn the_clock_stands_still_while_the_asker_owes_us_something() {
    let mut desk = Desk::new();
    asked(&mut desk);
    desk.ok(&["wait", "1", "--reason", "le nom du projet", "--as", "Marie Roy"]);
    assert_eq!(desk.thread(1)["state"], "awaiting-asker");
    assert!(desk.ok(&["show", "1"]).contains("le nom du projet"));
    let reply = mail(
        "q2@cegep.example",
        "Anne Roy <anne.roy@cegep.example>",
        DESK,
        "RE: Fin",
        "In-Reply-To: <q1@cegep.example>\n",
        "Le projet s’appelle Boréal. Merci.",
    );
    desk.deliver(&reply);
    desk.once();
    let thread = desk.thread(1);
    assert_eq!(thread["state"], "to-review", "what was asked still waits for its answer");
    assert!(events(&thread).contains(&"Resumed".to_owned()));
    let lines = response_times(&desk);
    assert_eq!(lines.len(), 1, "a complement is no question: {lines:?}");
    desk.approve(1);
    desk.once();
    assert!(response_times(&desk)[0]["paused_seconds"].as_u64().is_some());
    assert_eq!(desk.thread(1)["state"], "answered");
}

#[test]
fn a_deposit_is_registered_and_acknowledged() {
    let mut desk = Desk::new();
    let notice = "Bonjour,\n\nLa présente vous avise de notre projet Boréal, conformément à la démarche structurée. \
                  Vous trouverez ci-joint la fiche du projet.\n\nCordialement,\nAnne";
    desk.deliver(&question("d1@cegep.example", "anne.roy@cegep.example", "Avis de projet Boréal", notice));
    desk.once();
    let thread = desk.thread(1);
    assert_eq!(
        (&thread["state"], &thread["draft"]["kind"]),
        (&"to-review".into(), &"acknowledgement".into())
    );
    assert!(desk.ok(&["show", "1"]).contains("Lettre\u{a0}: accusé de réception"));
    let open = desk.json(&["deposits", "--json"]).remove(0);
    assert_eq!(
        (&open["project"], &open["acknowledged"]),
        (&"Avis de projet Boréal".into(), &serde_json::Value::Null)
    );
    desk.approve(1);
    desk.once();
    assert_eq!(desk.thread(1)["state"], "for-information");
    assert!(desk.json(&["deposits", "--json"])[0]["acknowledged"].is_string());
    assert!(desk.ok(&["deposits"]).contains("accusé de réception le"));
    let csv = desk.ok(&["deposits", "--csv"]);
    assert!(csv.lines().count() == 2 && csv.contains("1;cegep.example;Avis de projet Boréal;"), "{csv}");
    assert!(response_times(&desk).is_empty(), "a deposit asks nothing");
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

/// Told in the very words of the questions, in a line or two.
#[test]
fn a_short_notice_is_a_deposit_and_what_asks_beside_it_is_a_question() {
    let mut desk = Desk::new();
    let notices = [
        "Bonjour,\n\nVous trouverez ci-joint l'avis de notre démarche structurée.\n\nLéo Roy",
        "Bonjour, vous trouverez ci-joint l'avis de notre demarche structuree. Leo Roy",
        "Bonjour,\n\nVeuillez trouver en pièce jointe notre dossier d'opportunité.\n\nCordialement,\nLéo",
        "Nous vous transmettons les documents de notre démarche structurée (analyse de risques, ÉFVP). Bonne réception.",
        "Hello,\n\nPlease find attached the notice for our structured approach.\n\nLeo",
    ];
    for (number, notice) in notices.iter().enumerate() {
        let from = format!("leo@organisme{number}.example");
        desk.deliver(&question(&format!("n{number}@x.example"), &from, "Projet Boréal", notice));
    }
    let asked = "Vous trouverez ci-joint la fiche de notre agent conversationnel. Jusqu'à quand la suspension \
                 s'applique-t-elle ?";
    desk.deliver(&question("q@x.example", "leo@musee.example", "Notre projet", asked));
    desk.once();
    assert_eq!(desk.json(&["deposits", "--json"]).len(), notices.len());
    for thread in desk.threads() {
        let id = thread["id"].as_u64().unwrap();
        let shown = desk.thread(id);
        if shown["organisation"] == "musee.example" {
            assert_eq!(shown["suggestions"], serde_json::json!(["duree-suspension"]), "{shown}");
        } else {
            assert_eq!(shown["draft"]["kind"], "acknowledgement", "{shown}");
        }
    }
}

#[test]
fn a_letter_that_must_be_signed_leaves_with_two_names() {
    let mut desk = Desk::new();
    desk.edit_config(
        "[mailbox]",
        "[sign_off]\nentries = [\"duree-suspension\"]\nby = [\"Anne Directrice\"]\n\
         delegates = [\"Paul Adjoint, 2000-01-01, 2000-01-02\"]\n[mailbox]",
    );
    asked(&mut desk);
    desk.approve(1);
    desk.once();
    let thread = desk.thread(1);
    assert_eq!((&thread["state"], &thread["to_sign"]), (&"to-sign".into(), &"Marie Tremblay".into()));
    assert!(desk.letters().is_empty());
    let version = thread["version"].to_string();
    for name in ["Marie Tremblay", "Paul Adjoint"] {
        assert!(
            desk.refused(1, &["sign", "1", "--seen", &version, "--as", name]).contains("Anne Directrice")
        );
    }
    desk.ok(&["sign", "1", "--seen", &version, "--as", "Anne Directrice"]);
    desk.once();
    assert_eq!((desk.thread(1)["state"].clone(), desk.letters().len()), ("answered".into(), 1));
}

#[test]
fn an_answer_that_was_wrong_is_put_right() {
    let mut desk = Desk::new();
    asked(&mut desk);
    assert!(desk.refused(1, &["correct", "1", "--as", "Marie Roy"]).contains("rectifier"));
    desk.approve(1);
    desk.once();
    let before = response_times(&desk);
    desk.ok(&["corriger", "1", "--as", "Marie Roy"]);
    let thread = desk.thread(1);
    assert_eq!((&thread["state"], &thread["draft"]["kind"]), (&"to-review".into(), &"correction".into()));
    assert!(thread["draft"]["body"].as_str().unwrap().contains("remplace celle que nous vous avons envoyée"));
    // It can be given up, and then nothing has happened.
    desk.ok(&["discard", "1", "--as", "Marie Roy"]);
    assert_eq!(desk.thread(1)["state"], "answered");
    desk.ok(&["corriger", "1", "--as", "Marie Roy"]);
    desk.approve(1);
    desk.once();
    assert_eq!((desk.thread(1)["state"].clone(), desk.letters().len()), ("answered".into(), 2));
    assert!(desk.ok(&["show", "1"]).contains("Rectifiée"));
    assert_eq!(response_times(&desk), before, "a correction moves no clock");
}

#[test]
fn what_came_and_went_by_telephone_is_recorded() {
    let desk = Desk::new();
    desk.ok(&[
        "record",
        "--by",
        "telephone",
        "--at",
        "2025-03-25T10:06",
        "--name",
        "Luc Dubé",
        "--subject",
        "Fin",
        "--text",
        "Jusqu’à quand la suspension s’applique-t-elle ?",
        "--as",
        "Marie Roy",
    ]);
    desk.once();
    let thread = desk.thread(1);
    assert_eq!((&thread["state"], &thread["organisation"]), (&"to-review".into(), &"Luc Dubé".into()));
    assert_eq!(thread["received"], "2025-03-25T14:06:00Z");
    assert!(desk.ok(&["show", "1"]).contains("Consigné (téléphone)"));
    desk.ok(&[
        "answered",
        "1",
        "--by",
        "telephone",
        "--at",
        "2025-03-25T16:17",
        "--summary",
        "Jusqu’à nouvel ordre.",
        "--as",
        "Marie Roy",
    ]);
    let line = &response_times(&desk)[0];
    assert_eq!(
        (&line["answered"], &line["wall_seconds"]),
        (&"telephone".into(), &(6 * 3600 + 11 * 60).into())
    );
}

#[test]
fn what_is_another_offices_is_handed_over_with_the_original() {
    let mut desk = Desk::new();
    desk.edit_config("[mailbox]", "[transfer]\nacces = \"acces@ministere.example\"\n[mailbox]");
    asked(&mut desk);
    assert!(desk.refused(1, &["transfer", "1", "presse", "--as", "Marie Roy"]).contains("acces"));
    desk.ok(&["transfer", "1", "acces", "--as", "Marie Roy"]);
    let draft = desk.thread(1)["draft"].clone();
    assert_eq!(draft["recipients"].as_array().unwrap().len(), 1);
    assert_eq!(draft["recipients"][0]["address"]["email"], "acces@ministere.example");
    desk.approve(1);
    desk.once();
    assert_eq!(desk.thread(1)["state"], "transferred");
    let letter = String::from_utf8(desk.letters().remove(0)).unwrap();
    assert!(letter.contains("To: acces@ministere.example") && letter.contains("message.eml"), "{letter}");
    assert!(!letter.contains("In-Reply-To"), "the office was no part of the exchange");
    assert!(response_times(&desk).is_empty(), "it left the response times");
    let log = desk.path("data/response-times.log");
    assert!(!log.exists() || fs::read_to_string(&log).unwrap().is_empty());
    // The office sends it back.
    let received = desk.thread(1)["received"].clone();
    desk.ok(&["reopen", "1", "--as", "Marie Roy"]);
    desk.once();
    assert_eq!(desk.thread(1)["state"], "to-review");
    let line = response_times(&desk).remove(0);
    assert_eq!((&line["received"], &line["reopened"]), (&received, &1.into()));
    assert!(line["age"]["wall_seconds"].is_u64(), "{line}");
    let logged: serde_json::Value = serde_json::from_str(&fs::read_to_string(&log).unwrap()).unwrap();
    assert_eq!((&logged["what"], &logged["reopened"]), (&"reopened".into(), &1.into()));
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn an_answer_by_telephone_answers_what_had_been_asked_by_then() {
    let mut desk = Desk::new();
    asked(&mut desk);
    let before = ["received", "1", "--at", "2025-03-25T10:00", "--reason", "r", "--as", "Marie Roy"];
    desk.ok(&before);
    let headers = "In-Reply-To: <q1@cegep.example>\nReferences: <q1@cegep.example>\n";
    let from = "Anne Roy <anne.roy@cegep.example>";
    desk.deliver(&mail("q2@cegep.example", from, DESK, "RE: Fin", headers, UNTIL_WHEN));
    desk.once();
    let answered = |at: &'static str| {
        ["answered", "1", "--by", "telephone", "--at", at, "--summary", "oui", "--as", "Marie Roy"]
    };
    let refused = desk.refused(1, &answered("2025-03-25T09:59"));
    assert!(refused.contains("2025") && refused.contains("plus tardif"), "{refused}");
    desk.ok(&answered("2025-03-25T10:30"));
    desk.once();
    assert_eq!(desk.thread(1)["state"], "to-review");
    let lines = response_times(&desk);
    assert_eq!((&lines[0]["answered"], &lines[0]["wall_seconds"]), (&"telephone".into(), &1_800.into()));
    assert_eq!(lines[1]["answered"], serde_json::Value::Null, "{lines:?}");
    assert!(desk.refused(1, &answered("2025-03-25T10:30")).contains("plus tardif"));
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn a_flag_may_name_the_office_that_its_mail_goes_to() {
    let mut desk = Desk::new();
    desk.edit_config(
        "[mailbox]",
        "[transfer]\nacces = \"acces@ministere.example\"\n[transfer.flags]\naccess-request = \"access\"\n[mailbox]",
    );
    assert!(desk.refused(2, &["check"]).contains("transfer.flags.access-request"));
    desk.edit_config("\"access\"", "\"acces\"");
    asked(&mut desk);
    assert!(desk.refused(1, &["transfer", "1", "--as", "Marie Roy"]).contains("acces"), "nothing is flagged");
    let request = "Veuillez considérer la présente comme une demande d'accès à des documents.";
    desk.deliver(&question("a1@citoyen.example", "sylvie.hamel@citoyen.example", "Documents", request));
    desk.once();
    let thread = desk.thread(2);
    assert_eq!(thread["transfer_to"], "acces", "{thread}");
    assert!(desk.ok(&["show", "2"]).contains("greffier transfer 2"));
    desk.ok(&["transfer", "2", "--as", "Marie Roy"]);
    assert_eq!(desk.thread(2)["draft"]["recipients"][0]["address"]["email"], "acces@ministere.example");
}

#[test]
fn the_desk_writes_first_and_a_receipt_is_put_right() {
    let mut desk = Desk::new();
    fs::write(desk.path("text.md"), "Bonjour,\n\nVoici une nouvelle.\n").unwrap();
    let file = desk.path("text.md");
    let file = file.to_str().unwrap();
    desk.ok(&[
        "write",
        "--to",
        "anne.roy@cegep.example",
        "--subject",
        "Nouvelle",
        "--body-file",
        file,
        "--as",
        "Marie Roy",
    ]);
    assert_eq!(desk.thread(1)["state"], "to-review");
    desk.approve(1);
    desk.once();
    assert_eq!((desk.thread(1)["state"].clone(), desk.letters().len()), ("answered".into(), 1));
    asked(&mut desk);
    let received = desk.thread(2)["received"].clone();
    let later = ["received", "2", "--at", "2090-01-01T00:00", "--reason", "r", "--as", "Marie Roy"];
    assert!(desk.refused(1, &later).contains("vers le passé"));
    let unlisted = ["received", "2", "--at", "2015-03-20T09:00", "--reason", "r", "--as", "Marie Roy"];
    let refused = desk.refused(1, &unlisted);
    assert!(refused.contains("2015") && refused.contains("2025, 2026, 2027"), "{refused}");
    desk.ok(&[
        "received",
        "2",
        "--at",
        "2025-03-20T09:00",
        "--reason",
        "Chez un collègue",
        "--as",
        "Marie Roy",
    ]);
    let line = response_times(&desk).remove(0);
    assert_eq!(line["received"], "2025-03-20T13:00:00Z");
    assert_eq!(desk.thread(2)["received"], received, "the mail itself came when it came");
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn an_organisation_is_written_to_in_french_with_english_beneath_where_there_is_a_reason() {
    let mut desk = Desk::new();
    let text = "Hello,\n\nUntil when does the suspension of AI assistants apply?\n\nThank you";
    desk.deliver(&question("q1@college.example", "ann@college.example", "Suspension", text));
    desk.once();
    let thread = desk.thread(1);
    assert_eq!((&thread["language"], &thread["draft"]["language"]), (&"en".into(), &"fr".into()));
    assert_eq!(thread["suggestions"][0], "duree-suspension");
    assert_eq!(thread["checks"][0]["check"], "other-language");
    assert!(desk.ok(&["show", "1"]).contains("--english"));
    let by = ["--as", "Marie Roy"];
    let english = ["reclassify", "1", "duree-suspension", "--language", "en"];
    assert!(desk.refused(1, &[&english[..], &by].concat()).contains("la lettre est en français"));
    let join = ["adjust", "1", "--english", "Organisation hors du Québec"];
    assert!(desk.refused(1, &[&join[..], &by].concat()).contains("english_reasons"));
    desk.edit_config("[mailbox]", "[desk]\nenglish_reasons = [\"Organisation hors du Québec\"]\n[mailbox]");
    assert!(
        desk.refused(1, &["adjust", "1", "--english", "Autre", "--as", "Marie Roy"])
            .contains("hors du Québec")
    );
    desk.ok(&[&join[..], &by].concat());
    let body = |desk: &Desk| desk.thread(1)["draft"]["body"].as_str().unwrap().to_owned();
    let joined = body(&desk);
    let (french, english) = joined.split_once("* * *").unwrap();
    assert!(french.contains("Cordialement") && english.contains("Hello,") && english.contains("Sincerely"));
    assert!(desk.thread(1)["checks"].as_array().unwrap().is_empty());
    // It stays when the entry is chosen again, and goes when that is said.
    desk.ok(&["reclassify", "1", "duree-suspension", "--as", "Marie Roy"]);
    assert_eq!(body(&desk), joined);
    desk.ok(&["adjust", "1", "--french-only", "--as", "Marie Roy"]);
    assert_eq!(body(&desk).trim(), french.trim());
    desk.ok(&[&join[..], &by].concat());
    assert_eq!(body(&desk), joined);
    let told = desk.ok(&["show", "1"]);
    assert!(told.contains("Version anglaise jointe sous la lettre (Organisation hors du Québec)"), "{told}");
    desk.approve(1);
    desk.once();
    let letter = String::from_utf8(desk.letters()[0].clone()).unwrap();
    assert!(letter.find("Bonjour,").unwrap() < letter.find("Hello,").unwrap());
}

#[test]
fn a_person_who_writes_in_english_may_get_an_english_letter() {
    let mut desk = Desk::new();
    let shared = "shared_domains = [\"courriel-gratuit.example\"]\n";
    std::fs::write(desk.path("organisations.toml"), shared).unwrap();
    desk.edit_config("[mailbox]", "[organisations]\nfile = \"organisations.toml\"\n[mailbox]");
    let text = "Hello,\n\nUntil when does the suspension of AI assistants apply?\n\nThank you";
    desk.deliver(&question(
        "q1@courriel-gratuit.example",
        "ann@courriel-gratuit.example",
        "Suspension",
        text,
    ));
    desk.once();
    assert_eq!(desk.thread(1)["draft"]["language"], "fr");
    assert!(desk.ok(&["show", "1"]).contains("--language en"));
    desk.ok(&["reclassify", "1", "duree-suspension", "--language", "en", "--as", "Marie Roy"]);
    let thread = desk.thread(1);
    assert_eq!(thread["draft"]["language"], "en");
    assert!(thread["checks"].as_array().unwrap().is_empty());
}

#[test]
fn what_the_same_organisation_asked_before_stands_beside() {
    let mut desk = Desk::new();
    // Mail of today: what lies further back than 90 days is no help.
    let now = jiff::Timestamp::now().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let today = |raw: String| raw.replace("Tue, 25 Mar 2025 10:05:00 -0400", &now);
    for (number, name) in [(1, "anne"), (2, "luc")] {
        let raw = question(
            &format!("q{number}@cegep.example"),
            &format!("{name}@cegep.example"),
            "Fin",
            UNTIL_WHEN,
        );
        desk.deliver_now(&today(raw));
    }
    desk.deliver_now(&today(question("q3@ville.example", "a@ville.example", "Fin", UNTIL_WHEN)));
    desk.once();
    let thread = desk.thread(2);
    assert_eq!(thread["neighbours"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&thread["neighbours"][0]["id"], &thread["checks"][0]["check"]),
        (&1.into(), &"other-open".into())
    );
    assert!(desk.thread(3)["neighbours"].as_array().unwrap().is_empty());
    fs::write(desk.path("text.md"), "Bonjour,\n\nUne tout autre réponse.\n").unwrap();
    let file = desk.path("text.md");
    desk.ok(&["edit", "1", "--body-file", file.to_str().unwrap(), "--as", "Marie Roy"]);
    desk.approve(1);
    desk.once();
    let checks = desk.thread(2)["checks"].clone();
    assert_eq!(
        (&checks[0]["check"], &checks[0]["entry"]),
        (&"answered-differently".into(), &"duree-suspension".into())
    );
    assert!(desk.ok(&["show", "2"]).contains("a reçu un autre texte"));
    // The index is derived.
    desk.ok(&["store", "rebuild"]);
    assert_eq!(desk.thread(2)["checks"], checks);
}

#[test]
fn a_few_words_after_an_answer_are_never_sure() {
    let mut desk = Desk::new();
    asked(&mut desk);
    desk.approve(1);
    desk.once();
    let follow_up = mail(
        "q2@cegep.example",
        "Anne Roy <anne.roy@cegep.example>",
        DESK,
        "RE: Fin",
        "In-Reply-To: <q1@cegep.example>\n",
        "Jusqu’à quand la suspension s’applique-t-elle ?",
    );
    desk.deliver(&follow_up);
    desk.once();
    let thread = desk.thread(1);
    assert_eq!(
        (&thread["level"], &thread["checks"][0]["check"]),
        (&"unsure".into(), &"short-follow-up".into())
    );
}

#[test]
fn a_flood_is_decided_in_one_gesture_with_as_many_seals() {
    let mut desk = Desk::new();
    for number in 1..6 {
        let host = format!("cegep{number}.example");
        let text = match number {
            5 => format!("Je suis journaliste. {UNTIL_WHEN}"),
            _ => UNTIL_WHEN.to_owned(),
        };
        desk.deliver(&question(&format!("q@{host}"), &format!("a@{host}"), "Fin", &text));
    }
    desk.once();
    let group = desk.json(&["groups", "--json"]).remove(0);
    let members = group["threads"].as_array().unwrap().clone();
    assert_eq!(members.len(), 4, "flagged mail stays out: {group}");
    assert!(members[0]["newest"].as_str().unwrap().contains("Jusqu’à quand"));
    assert!(desk.ok(&["groups"]).contains("4 fils · duree-suspension"));
    let tick = |member: &serde_json::Value| format!("{}:{}", member["id"], member["version"]);
    // One was seen as it no longer stands, one is flagged: they are refused, the others go.
    let stale = format!("{}:{}", members[3]["id"], 1);
    let flagged = desk.thread(5);
    let flagged = format!("5:{}", flagged["version"]);
    let mut arguments = vec!["approve-group".to_owned()];
    arguments.extend(members[..3].iter().map(tick));
    arguments.extend([stale, flagged, "--as".into(), "Marie Roy".into()]);
    let said = desk.refused(1, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(said.contains("signalé") && said.contains("2 fils"), "{said}");
    desk.once();
    assert_eq!(desk.letters().len(), 3);
    let seals: std::collections::BTreeSet<Vec<u8>> = desk.letters().into_iter().collect();
    assert_eq!(seals.len(), 3, "each has a letter of its own");
    // One text, written once.
    fs::write(desk.path("text.md"), "Bonjour,\n\nUn texte pour tous.\n").unwrap();
    let file = desk.path("text.md");
    let last = tick(&serde_json::json!({"id": 4, "version": desk.thread(4)["version"]}));
    desk.ok(&["approve-group", &last, "--body-file", file.to_str().unwrap(), "--as", "Marie Roy"]);
    desk.once();
    assert_eq!(desk.letters().len(), 4);
    assert!(desk.ok(&["groups"]).contains("Aucun groupe"));
}

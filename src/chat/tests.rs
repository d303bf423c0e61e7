//! Every card in both languages, as golden files: what an open room reads, and what a protected one does.

use super::card::Press;
use super::channel::{Part, Say};
use crate::draft::{Draft, LONGEST_SHOWN, LetterKind, NoCode, Quote};
use crate::library;
use crate::message::Address;
use crate::thread::{State, Suspensions, Thread};
use crate::wording::{Language, Wording};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// What no open room may see.
const SECRETS: [&str; 6] = ["anne.roy", "Anne Roy", "Un objet", "Bonjour Anne", "Cégep du Lac", "fiche.pdf"];

fn thread(change: Value) -> Thread {
    let mut thread = json!({
        "id": 12, "version": 3, "state": "to-review", "subject": "Un objet", "received": "2025-03-25T14:06:00Z",
        "counterpart": { "key": "cegep.example", "name": "Cégep du Lac", "kind": "cegep" },
        "level": "sure", "suggestions": ["duree-suspension"], "chosen": false, "messages": [], "questions": [],
        "draft": 4, "edited": false, "letter": null, "sent": [], "claim": null, "links": [], "refused_links": [],
        "merged_into": null, "merged": [], "reason": null, "server_said": null, "purged": false,
    });
    let (Some(fields), Value::Object(changed)) = (thread.as_object_mut(), change) else { panic!() };
    fields.extend(changed);
    serde_json::from_value(thread).unwrap()
}

fn draft() -> Draft {
    serde_json::from_value(json!({
        "language": "fr", "left_out": [], "subject": "RE: Un objet", "in_reply_to": null, "references": [],
        "recipients": [
            { "address": { "name": "Anne Roy", "email": "anne.roy@cegep.example" }, "field": "to", "reason": "asker-from" },
            { "address": { "name": null, "email": "direction@cegep.example" }, "field": "cc", "reason": "in-cc-of-question" },
        ],
        "body": "Bonjour Anne,\n\nLa suspension s’applique **jusqu’à nouvel ordre**.\n\n<b>&amp;</b>\n\nCordialement,",
        "quote": null, "entries": [], "open_fields": [], "sample": false,
        "attachments": [{ "name": "fiche.pdf", "media_type": "application/pdf", "size": 9, "sha256": "00" }],
    }))
    .unwrap()
}

/// Each card that a thread can have, with its name.
fn threads() -> Vec<(&'static str, Thread)> {
    let letter = json!({
        "seq": 9, "by": "Marie Tremblay", "at": "2025-03-25T14:20:00Z", "due": "2025-03-25T14:21:00Z", "digest": "00",
        "seal": "11", "blob": "22", "message_id": "a@mcn.example", "copy_seen": false, "attempts": 0, "questions": [5],
    });
    let sent = json!([{ "message_id": "a@mcn.example", "digest": "00", "blob": "22", "at": "2025-03-25T14:21:00Z", "copy_filed": true }]);
    let claim = |name: &str| json!({ "by": name, "at": "2025-03-25T14:10:00Z" });
    let deposit = json!({ "seq": 4, "at": "2025-03-25T14:06:00Z", "project": "Un objet", "documents": ["fiche.pdf"], "acknowledged": null });
    vec![
        ("new, sure", thread(json!({}))),
        (
            "to be chosen",
            thread(json!({ "level": "unsure", "suggestions": ["duree-suspension", "contact"] })),
        ),
        (
            "off FAQ, kind unknown",
            thread(json!({
            "level": "none", "suggestions": [],
            "counterpart": { "key": "x.example", "name": "Cégep du Lac" } })),
        ),
        (
            "chosen by a person",
            thread(json!({ "level": "unsure", "chosen": true, "suggestions": ["contact"] })),
        ),
        ("deposit", thread(json!({ "level": null, "suggestions": [], "deposit": deposit }))),
        ("claimed", thread(json!({ "claim": claim("Marie Tremblay") }))),
        ("claimed, a name with markup", thread(json!({ "claim": claim("<b>@room</b> **Marie**") }))),
        ("waits for a second signature", thread(json!({ "state": "to-sign", "letter": letter }))),
        ("approved", thread(json!({ "state": "approved", "letter": letter }))),
        ("on its way", thread(json!({ "state": "sending", "letter": letter }))),
        ("answered", thread(json!({ "state": "answered", "sent": sent }))),
        ("answered outside", thread(json!({ "state": "answered" }))),
        ("uncertain", thread(json!({ "state": "uncertain", "letter": letter }))),
        ("refused by the server", thread(json!({ "state": "failed", "letter": letter }))),
        ("waits for the asker", thread(json!({ "state": "awaiting-asker" }))),
        ("handed over", thread(json!({ "state": "transferred" }))),
        ("set aside", thread(json!({ "state": "set-aside" }))),
        ("for information", thread(json!({ "state": "for-information" }))),
        ("closed", thread(json!({ "state": "closed" }))),
        ("received again", thread(json!({ "state": "new" }))),
    ]
}

fn told(say: &Say) -> String {
    let mut told = String::new();
    for part in &say.parts {
        let _ = match part {
            Part::Line(line) => writeln!(told, "  {line}"),
            Part::Quote(text) => text.lines().try_for_each(|line| writeln!(told, "  | {line}")),
            Part::Link(link) => writeln!(told, "  -> {link}"),
            Part::Button { label, command, told: line } => writeln!(told, "  [{label}] {command}\n  {line}"),
        };
    }
    told
}

fn with_press<T>(language: Language, console_url: Option<&str>, with: impl FnOnce(&Press<'_>) -> T) -> T {
    let replies = library::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("replies")).unwrap();
    let (wording, zone) = (Wording::new(language), TimeZone::get("America/Toronto").unwrap());
    let suspensions = Suspensions::default();
    with(&Press { wording: &wording, zone: &zone, replies: &replies, suspensions: &suspensions, console_url })
}

#[test]
fn every_card_in_both_languages() {
    let named: Vec<State> = threads().into_iter().map(|(_, thread)| thread.state).collect();
    for state in State::ALL {
        assert!(named.contains(&state), "no card of {state}");
    }
    let mut differs = Vec::new();
    for language in Language::ALL {
        let made = with_press(language, Some("https://greffier.ministere.example"), |press| {
            let mut made = String::new();
            for (name, thread) in threads() {
                let kind =
                    if thread.deposit.is_some() { LetterKind::Acknowledgement } else { LetterKind::Answer };
                let of = Draft { kind, ..draft() };
                let (open, safe) = (told(&press.card(&thread, None)), told(&press.card(&thread, Some(&of))));
                for secret in SECRETS {
                    assert!(!open.contains(secret), "{name}: {secret}\n{open}");
                }
                let _ = write!(made, "== {name}\nopen room:\n{open}");
                if safe != open {
                    let _ = write!(made, "protected room:\n{safe}");
                }
            }
            made
        });
        let golden =
            format!("{}/tests/chat/golden/cards-{language}.txt.expected", env!("CARGO_MANIFEST_DIR"));
        if std::fs::read_to_string(&golden).unwrap_or_default() != made {
            std::fs::write(golden.replace(".expected", ".actual"), &made).unwrap();
            differs.push(language);
        }
    }
    assert!(
        differs.is_empty(),
        "the cards in {differs:?} differ; if it is meant, accept tests/chat/golden/*.actual with scripts/golden"
    );
}

#[test]
fn a_letter_too_long_for_a_message_has_no_code_there() {
    let long = Draft { body: "é".repeat(LONGEST_SHOWN + 1), ..draft() };
    with_press(Language::Fr, None, |press| {
        let card = press.card(&thread(json!({})), Some(&long));
        assert!(!card.parts.iter().any(|part| matches!(part, Part::Button { .. })), "{card:?}");
        let Some(Part::Line(last)) = card.parts.last() else { panic!("{card:?}") };
        assert!(last.contains("trop longue"), "{last}");
    });
    let fits = Draft { body: "é".repeat(LONGEST_SHOWN), ..draft() };
    assert!(fits.code().is_ok());
    assert_eq!(long.code(), Err(NoCode::TooLong));
    let open = Draft { open_fields: vec!["date".to_owned()], ..draft() };
    assert_eq!(open.code(), Err(NoCode::OpenFields));
}

#[test]
fn nothing_of_the_question_itself_is_on_a_card() {
    let quote =
        Quote { intro: "Le 25 mars, Anne a écrit".to_owned(), text: "SECRET DE LA QUESTION".to_owned() };
    let of = Draft {
        quote: Some(quote),
        left_out: vec![Address { name: None, email: "x@y.example".into() }],
        ..draft()
    };
    let card = with_press(Language::Fr, None, |press| told(&press.card(&thread(json!({})), Some(&of))));
    assert!(!card.contains("SECRET") && card.contains("RE: Un objet"), "{card}");
}

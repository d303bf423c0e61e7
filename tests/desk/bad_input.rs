//! All mail is hostile: each is stored, shown as far as it can be, and never gets into a header.
//! And what the machine itself may do to a store costs one line of words and nothing else.

mod cases;
mod machine;

use crate::desk::{Desk, mail};
use crate::faults::place;
use cases::{Case, Fate, cases, good};
use mail_parser::MessageParser;
use serde_json::Value;
use sha2::Digest as _;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What one mail may cost, from the specification; on a build without optimisation.
const A_MAIL: Duration = Duration::from_secs(2);

/// The header lines that every letter has, once each.
const ALWAYS: &[&str] =
    &["From", "To", "Subject", "Date", "Message-ID", "X-Greffier-Letter", "MIME-Version", "Content-Type"];
/// And those that it has where there is something to say.
const SOMETIMES: &[&str] = &["Cc", "In-Reply-To", "References"];

#[test]
fn every_mail_is_kept_shown_and_kept_out_of_headers() {
    // Most of it comes from the same two senders, within minutes.
    let mut desk = Desk::unhurried();
    let cases = cases();
    let mut goods = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        place(&desk.path("mail"), &format!("1742911{number:03}.M{number}.bad"), &case.raw);
        // Between them come some that must get their drafts as if nothing had happened.
        if number % 4 == 0 {
            let id = format!("good-{number}@cegep{number}.example");
            let good = good(&id, number);
            place(&desk.path("mail"), &format!("1742911{number:03}.M{number}.good"), good.as_bytes());
            goods.push((id, good.into_bytes()));
        }
    }
    let begun = Instant::now();
    desk.once();
    let took = begun.elapsed();
    assert!(took < A_MAIL * u32::try_from(cases.len()).unwrap(), "{took:?} for {} mails", cases.len());

    // From here on a daemon answers, which looks at all of it once more.
    desk.start();
    let kept = kept(&desk);
    let states: BTreeMap<u64, Value> =
        desk.threads().into_iter().map(|thread| (thread["id"].as_u64().unwrap(), thread)).collect();
    let expected = cases.iter().map(|case| case.raw.clone()).chain(goods.iter().map(|(_, raw)| raw.clone()));
    for raw in expected {
        let found = kept.iter().filter(|(_, bytes)| is_kept_as(&raw, bytes)).count();
        assert_eq!(found, 1, "kept {found} times: {}", String::from_utf8_lossy(&raw[..raw.len().min(300)]));
    }
    assert_eq!(kept.len(), cases.len() + goods.len());

    for case in &cases {
        let (thread, _) = kept.iter().find(|(_, bytes)| is_kept_as(&case.raw, bytes)).unwrap();
        let state = states[thread]["state"].as_str().unwrap();
        match case.fate {
            Fate::Draft => assert_eq!(state, "to-review", "{}", case.name),
            Fate::Aside(reason) => {
                assert_eq!(state, "set-aside", "{}", case.name);
                assert_eq!(states[thread]["reason"], reason, "{}", case.name);
            }
            Fate::Waits => assert_ne!(state, "new", "{}", case.name),
        }
        show(&desk, case, *thread);
    }
    for (_, raw) in &goods {
        let (thread, _) = kept.iter().find(|(_, bytes)| bytes == raw).unwrap();
        assert_eq!(states[thread]["state"], "to-review");
        assert!(!states[thread]["suggestions"].as_array().unwrap().is_empty(), "a good mail has no draft");
    }
    let lines = desk.ok(&["threads"]);
    assert_eq!(lines.lines().count(), states.len(), "a subject breaks the list into other lines");
    assert_harmless(&lines, "threads");

    every_letter_has_its_own_headers_only(&desk, goods.len());
    // Nothing was taken twice.
    desk.stop();
    desk.once();
    assert_eq!(desk.threads().len(), states.len());
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

/// What is shown of a mail, in words and in JSON, in time.
fn show(desk: &Desk, case: &Case, thread: u64) {
    let id = thread.to_string();
    let begun = Instant::now();
    let text = desk.ok(&["show", &id]);
    let mut took = begun.elapsed();
    if took >= A_MAIL {
        // The machine may have been busy with something else.
        let begun = Instant::now();
        desk.ok(&["show", &id]);
        took = begun.elapsed();
    }
    assert!(took < A_MAIL, "{}: {took:?}", case.name);
    assert_harmless(&text, case.name);
    for word in case.shown {
        assert!(text.contains(word), "{}: {word:?} is not shown:\n{text:.2000}", case.name);
    }
    let shown = desk.thread(thread);
    let defects: Vec<&str> = shown["messages"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|message| message["defects"].as_array().unwrap())
        .map(|defect| defect.as_str().unwrap())
        .collect();
    for defect in case.defects {
        assert!(defects.contains(defect), "{}: {defect} is not among {defects:?}", case.name);
    }
}

/// Nothing that a terminal would obey.
fn assert_harmless(text: &str, name: &str) {
    let obeyed = |c: &char| c.is_control() && !matches!(c, '\n' | '\t');
    let turns = |c: &char| matches!(*c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    assert_eq!(text.chars().find(|c| obeyed(c) || turns(c)), None, "{name}: {text:.2000}");
}

/// Every raw mail in the store with its thread, read from an export.
fn kept(desk: &Desk) -> Vec<(u64, Vec<u8>)> {
    let folder = desk.path("export");
    desk.ok(&["store", "export", folder.to_str().unwrap()]);
    let mut kept = Vec::new();
    for thread in std::fs::read_dir(folder.join("threads")).unwrap().flatten() {
        let number: u64 = thread.file_name().to_str().unwrap().parse().unwrap();
        for file in std::fs::read_dir(thread.path()).unwrap().flatten() {
            if file.path().extension().is_some_and(|extension| extension == "eml") {
                kept.push((number, std::fs::read(file.path()).unwrap()));
            }
        }
    }
    kept
}

/// Byte for byte; of a mail over the limit, its beginning.
fn is_kept_as(raw: &[u8], bytes: &[u8]) -> bool {
    if raw.len() > 50_000_000 { bytes.len() >= 1000 && raw.starts_with(bytes) } else { raw == bytes }
}

/// Approves whatever can be approved, with a text of its own, and reads the letters as they left.
fn every_letter_has_its_own_headers_only(desk: &Desk, at_least: usize) {
    let body = desk.path("body.md");
    std::fs::write(&body, "Bonjour,\n\nVoici notre réponse.\n").unwrap();
    let mut approved = 0;
    for thread in desk.json(&["threads", "--state", "to-review", "--json"]) {
        let id = thread["id"].to_string();
        let edited = desk.run(&["edit", &id, "--body-file", body.to_str().unwrap(), "--as", "Luc Gagnon"]);
        assert!(edited.status.success(), "{}", String::from_utf8_lossy(&edited.stderr));
        let shown = desk.thread(thread["id"].as_u64().unwrap());
        let version = shown["version"].to_string();
        let mut arguments = vec!["approve", &id, "--seen", &version, "--as", "Marie Tremblay"];
        for recipient in shown["draft"]["recipients"].as_array().unwrap() {
            if !recipient["unusual"].is_null() {
                arguments.push("--confirm-recipient");
                arguments.push(recipient["address"]["email"].as_str().unwrap());
            }
        }
        let output = desk.run(&arguments);
        if output.status.success() {
            approved += 1;
        } else {
            let error = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{error}");
            assert_eq!(error.trim().lines().count(), 1, "{error}");
            assert_harmless(&error, "approve");
        }
    }
    assert!(approved >= at_least, "{approved} letters approved");
    desk.until("they have left", || (desk.letters().len() == approved).then_some(()));
    let letters = desk.letters();
    letters.iter().for_each(|letter| sound_letter(letter));
}

fn sound_letter(letter: &[u8]) {
    let text = std::str::from_utf8(letter).unwrap();
    assert!(text.is_ascii(), "not ASCII");
    let rest = text.replace("\r\n", "");
    assert!(!rest.contains(['\r', '\n', '\0']), "a line end of another kind");
    assert!(text.split("\r\n").all(|line| line.len() <= 998), "a line is too long");
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let mut names: Vec<&str> =
        unfolded.split("\r\n").map(|line| line.split_once(": ").expect(line).0).collect();
    for name in &names {
        assert!(ALWAYS.contains(name) || SOMETIMES.contains(name), "{name} in:\n{head}");
    }
    for name in ALWAYS {
        assert!(names.contains(name), "no {name} in:\n{head}");
    }
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "a header stands twice:\n{head}");
    let parsed = MessageParser::default().parse(letter).unwrap();
    for list in [parsed.to(), parsed.cc()].into_iter().flatten() {
        for person in list.iter() {
            let address = person.address().unwrap();
            assert!(!address.contains("evil"), "{address} was smuggled in:\n{head}");
            assert_ne!(address, "encadrement.ia@ministere.example", "a letter to ourselves:\n{head}");
        }
    }
    let from = parsed.from().unwrap().first().unwrap();
    assert_eq!(from.address(), Some("encadrement.ia@ministere.example"));
    assert!(!parsed.subject().unwrap().contains(char::is_control));
}

/// One bad mail after another, each alone: a slow one cannot hide among the others.
#[test]
fn no_mail_alone_takes_long() {
    let mut desk = Desk::new();
    desk.start();
    let mut events = 0;
    for (number, case) in cases().iter().enumerate() {
        place(&desk.path("mail"), &format!("1742911{number:03}.M{number}.bad"), &case.raw);
        let begun = Instant::now();
        events = desk.until(case.name, || {
            let status = desk.json(&["status", "--json"]).remove(0);
            let new = status["states"].as_array().unwrap().iter().find(|state| state[0] == "new").unwrap();
            let now = status["events"].as_u64().unwrap();
            (now > events && new[1] == 0).then_some(now)
        });
        let took = begun.elapsed();
        assert!(took < A_MAIL, "{}: {took:?}", case.name);
    }
}

#[test]
fn one_id_on_two_mails_keeps_both() {
    let mut desk = Desk::new();
    let to = "encadrement.ia@ministere.example";
    for (from, subject) in
        [("anne.roy@cegep.example", "Un"), ("anne.roy@cegep.example", "Deux"), ("luc@autre.example", "Trois")]
    {
        desk.deliver(&mail("same@cegep.example", from, to, subject, "", "Bonjour,\n\nEst-ce permis ?"));
    }
    desk.once();
    assert_eq!(kept(&desk).len(), 3);
    let shown: Vec<Value> =
        desk.threads().iter().map(|thread| desk.thread(thread["id"].as_u64().unwrap())).collect();
    let messages: usize = shown.iter().map(|thread| thread["messages"].as_array().unwrap().len()).sum();
    assert_eq!(messages, 3);
    // Another organisation's mail is never shown in this one's thread.
    for thread in &shown {
        let froms: Vec<&str> = thread["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|message| message["from"]["email"].as_str().unwrap())
            .collect();
        assert!(froms.windows(2).all(|pair| pair[0] == pair[1]), "{froms:?}");
    }
}

/// The seal of bytes, as sending.log writes it.
fn seal(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(bytes))
}

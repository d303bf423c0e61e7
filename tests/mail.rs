//! Golden mail: each `tests/mail/x.eml` is read and compared with `x.expected`, once with
//! LF and once with CRLF line ends. A mismatch writes `x.actual`; `scripts/golden` accepts it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use greffier::message::{self, Banners, Message};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail")
}

/// Read by somebody whose gateway writes no warning of its own.
fn read(raw: &[u8]) -> Message {
    message::read(raw, &Banners::default())
}

fn mails() -> Vec<PathBuf> {
    let mut mails: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .collect();
    mails.sort();
    mails
}

/// A message as the golden files show it.
fn shown(message: &Message) -> String {
    let mut out = String::new();
    let mut field = |name: &str, value: &str| {
        if !value.is_empty() {
            writeln!(out, "{name}: {value}").unwrap();
        }
    };
    let list = |items: &mut dyn Iterator<Item = String>| items.collect::<Vec<_>>().join(" | ");
    let made = message.id.as_str().ends_with("@made.greffier.invalid");
    // A made id depends on the line ends, which the two runs change.
    field("id", if made { "(made)" } else { message.id.as_str() });
    field("in-reply-to", &list(&mut message.in_reply_to.iter().map(|id| id.as_str().to_owned())));
    field("references", &list(&mut message.references.iter().map(|id| id.as_str().to_owned())));
    field("from", &message.from.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string));
    field("reply-to", &list(&mut message.reply_to.iter().map(ToString::to_string)));
    field("to", &list(&mut message.to.iter().map(ToString::to_string)));
    field("cc", &list(&mut message.cc.iter().map(ToString::to_string)));
    field("date", &message.date.map_or_else(|| "-".to_owned(), |date| date.to_string()));
    field("subject", &message.subject);
    field("language", message.language.code());
    field(
        "automatic",
        &message.automatic.as_ref().map_or_else(String::new, |why| serde_json::to_string(why).unwrap()),
    );
    field("letter", message.letter.as_deref().unwrap_or_default());
    field(
        "defects",
        &list(
            &mut message.defects.iter().map(|defect| serde_json::to_string(defect).unwrap().replace('"', "")),
        ),
    );
    for file in &message.attachments {
        let hash = file.sha256.get(..12).unwrap();
        field("attachment", &format!("{} ({}, {} bytes, {hash})", file.name, file.media_type, file.size));
    }
    if message.newest.forwarded {
        field("forwarded", "yes");
    }
    write!(out, "--- newest\n{}\n", message.newest.text).unwrap();
    for cut in &message.newest.cut {
        let reason = serde_json::to_string(&cut.reason).unwrap().replace('"', "");
        write!(out, "--- cut: {reason}\n{}\n", cut.text).unwrap();
    }
    out
}

fn with_crlf(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 30);
    for (at, byte) in raw.iter().enumerate() {
        if *byte == b'\n' && at.checked_sub(1).and_then(|before| raw.get(before)) != Some(&b'\r') {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out
}

#[test]
fn golden_mail_reads_as_expected() {
    let mut wrong = Vec::new();
    let mails = mails();
    assert!(mails.len() >= 30, "the golden mails are gone");
    for path in &mails {
        let raw = fs::read(path).unwrap();
        let actual = shown(&read(&raw));
        let crlf = shown(&read(&with_crlf(&raw)));
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert_eq!(actual, crlf, "{name}: LF (left) and CRLF (right) read differently");
        let expected = fs::read_to_string(path.with_extension("expected")).unwrap_or_default();
        let written = path.with_extension("actual");
        if actual == expected {
            let _ = fs::remove_file(written);
        } else {
            fs::write(written, &actual).unwrap();
            let first = actual.lines().zip(expected.lines()).find(|(a, e)| a != e);
            wrong.push(format!("{name}: {first:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} golden mails read differently; see tests/mail/*.actual, accept them with scripts/golden:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_expectation_has_its_mail() {
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "expected") {
            assert!(path.with_extension("eml").exists(), "{} has no .eml", path.display());
        }
    }
}

#[test]
fn no_line_of_a_golden_mail_is_lost() {
    for path in mails() {
        let message = read(&fs::read(&path).unwrap());
        let kept: Vec<&str> = message
            .newest
            .text
            .lines()
            .chain(message.newest.cut.iter().flat_map(|cut| cut.text.lines()))
            .map(bare)
            .collect();
        for line in message.text.lines().map(bare).filter(|line| !line.is_empty()) {
            assert!(kept.contains(&line), "{}: lost {line:?}", path.display());
        }
        // What was found to be new is found to be new again.
        let again = message::newest("", &message.newest.text, &Banners::default());
        assert_eq!(again.text, message.newest.text, "{}: read twice", path.display());
    }
}

/// A forward that was quoted as a whole loses its quote marks.
fn bare(line: &str) -> &str {
    line.trim_start_matches(['>', ' ']).trim()
}

#[path = "mail/hostile.rs"]
mod hostile;

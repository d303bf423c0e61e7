//! The sample mail of the demo: complete, listed, and about nobody who exists.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use mail_parser::MessageParser;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo")
}

/// The files as `mail/01-….eml`, with their bytes.
fn mails() -> Vec<(String, Vec<u8>)> {
    let mut mails = Vec::new();
    for folder in ["mail", "sent"] {
        for file in std::fs::read_dir(demo().join(folder)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(name.ends_with(".eml"), "{folder}/{name}");
            mails.push((format!("{folder}/{name}"), std::fs::read(&path).unwrap()));
        }
    }
    mails.sort();
    mails
}

#[test]
fn the_table_lists_every_mail_once() {
    let readme = std::fs::read_to_string(demo().join("README.md")).unwrap();
    let listed: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .map(|(file, _)| file)
        .collect();
    let mails = mails();
    let there: Vec<&str> = mails.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(listed, there);
}

#[test]
fn every_mail_can_be_read_and_has_its_own_id() {
    let mut ids = BTreeSet::new();
    for (name, bytes) in mails() {
        assert!(!bytes.contains(&b'\r'), "{name}: LF line ends, as in a Maildir");
        let mail = MessageParser::default().parse(&bytes).unwrap_or_else(|| panic!("{name}"));
        let id = mail.message_id().unwrap_or_else(|| panic!("{name}: no Message-ID"));
        assert!(ids.insert(id.to_owned()), "{name}: {id} stands twice");
        assert!(mail.from().is_some() && mail.subject().is_some() && mail.date().is_some(), "{name}");
    }
}

#[test]
fn everybody_is_invented() {
    for (name, bytes) in mails() {
        let mail = MessageParser::default().parse(&bytes).unwrap();
        let mut texts = vec![String::from_utf8_lossy(&bytes).into_owned()];
        texts.extend((0..mail.text_body_count()).filter_map(|part| Some(mail.body_text(part)?.into_owned())));
        texts.extend((0..mail.html_body_count()).filter_map(|part| Some(mail.body_html(part)?.into_owned())));
        for text in texts {
            for (place, _) in text.match_indices('@') {
                let domain: String = text[place + 1..]
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
                    .collect();
                let domain = domain.trim_end_matches('.');
                assert!(domain.is_empty() || domain.ends_with(".example"), "{name}: {domain}");
            }
        }
    }
}

#[test]
fn the_answer_from_outlook_answers_the_first_mail() {
    let mails = mails();
    let bytes = |name: &str| &mails.iter().find(|(file, _)| file.starts_with(name)).unwrap().1;
    let question = MessageParser::default().parse(bytes("mail/01-")).unwrap();
    let answer = MessageParser::default().parse(bytes("sent/01-")).unwrap();
    assert_eq!(answer.in_reply_to().as_text(), question.message_id());
    let asked = question.date().unwrap().to_timestamp();
    let answered = answer.date().unwrap().to_timestamp();
    // Asked at 10:06, answered at 16:17.
    assert_eq!((answered - asked) / 60, 6 * 60 + 11);
}

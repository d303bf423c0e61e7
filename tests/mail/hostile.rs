//! Bad input too large for a file, and properties of any input: [`read`] answers in time,
//! keeps its limits, and lets nothing through that could break a line of a header.

use super::{mails, read, with_crlf};
use greffier::message::{self, Banners, Defect, Message, thread_subject};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

/// What one mail may take; the machine of the tests may be loaded, the work is far less.
const LIMIT: Duration = Duration::from_secs(8);

fn timed(name: &str, raw: &[u8]) -> Message {
    let began = Instant::now();
    let message = read(raw);
    let took = began.elapsed();
    println!("{name}: {} bytes, {took:?}", raw.len());
    assert!(took < LIMIT, "{name} took {took:?}");
    assert_bounded(&message);
    message
}

/// What every message keeps to, whatever the bytes were.
fn assert_bounded(message: &Message) {
    let sound = |text: &str| !text.contains(['\r', '\n', '\0']);
    assert!(sound(&message.subject) && message.subject.chars().count() <= 500);
    let people = || message.from.iter().chain(&message.reply_to).chain(&message.to).chain(&message.cc);
    for person in people() {
        assert!(sound(&person.email) && !person.email.contains([' ', '<', '>', ',']), "{person:?}");
        assert_eq!(person.email.matches('@').count(), 1);
        assert!(person.name.as_ref().is_none_or(|name| sound(name) && name.chars().count() <= 128));
    }
    for list in [&message.reply_to, &message.to, &message.cc] {
        assert!(list.len() <= 200);
    }
    for id in message.in_reply_to.iter().chain(&message.references).chain([&message.id]) {
        assert!(id.as_str().bytes().all(|b| b.is_ascii_graphic()) && id.as_str().len() <= 250);
    }
    assert!(message.in_reply_to.len() + message.references.len() <= 100);
    assert!(message.text.len() <= 256 * 1024 && !message.text.contains(['\r', '\0']));
    assert!(message.attachments.len() <= 500);
    for file in &message.attachments {
        assert!(sound(&file.name) && !file.name.contains(['/', '\\']) && file.sha256.len() == 64);
    }
    assert!(message.letter.as_ref().is_none_or(|letter| sound(letter)));
}

fn head(rest: &str) -> String {
    format!(
        "From: a@x.example\nTo: b@y.example\nSubject: x\nMessage-ID: <big@x.example>\nDate: Tue, 25 Mar 2025 10:06:12 -0400\n{rest}"
    )
}

#[test]
fn many_parts() {
    let mut raw = head("Content-Type: multipart/mixed; boundary=b\n\n");
    raw.push_str(&"--b\n\n\n".repeat(300_000));
    assert!(timed("300,000 parts", raw.as_bytes()).defects.contains(&Defect::TooMuch));
    // Each part claims to be a multipart whose boundary never comes.
    let mut raw = head("Content-Type: multipart/mixed; boundary=b\n\n");
    for n in 0..50_000 {
        write!(raw, "--b\nContent-Type: multipart/mixed; boundary=z{n}\n\n").unwrap();
    }
    timed("missing boundaries", raw.as_bytes());
    // Delimiter-like lines that match nothing.
    let mut raw = head("Content-Type: multipart/mixed; boundary=bb\n\n--bb\n\n");
    raw.push_str(&"--b\n".repeat(500_000));
    timed("almost delimiters", raw.as_bytes());
}

#[test]
fn deep_parts() {
    let mut raw = head("");
    for n in 0..10_000 {
        write!(raw, "Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n").unwrap();
    }
    raw.push_str("\nau fond\n");
    assert!(timed("10,000 nested multiparts", raw.as_bytes()).defects.contains(&Defect::TooMuch));
    let raw = head("") + &"Content-Type: message/rfc822\n\n".repeat(10_000) + "Subject: fond\n\ntexte\n";
    timed("10,000 nested messages", raw.as_bytes());
    let mut raw = head("Content-Type: multipart/digest; boundary=b\n\n");
    raw.push_str(
        &"--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=b\n\n".repeat(10_000),
    );
    timed("messages and multiparts in turn", raw.as_bytes());
}

#[test]
fn crowds() {
    let mut raw = String::from("From: a@x.example\nMessage-ID: <crowd@x.example>\nTo: ");
    for n in 0..1_000_000 {
        write!(raw, "p{n}@y.example,").unwrap();
    }
    raw.push_str("\n\ntexte du message ici\n");
    let message = timed("a million recipients", raw.as_bytes());
    assert_eq!(message.to.len(), 200);
    assert!(message.defects.contains(&Defect::TooMuch));
    assert_eq!(message.text, "texte du message ici");
    let mut raw = String::from("From: a@x.example\nMessage-ID: <crowd@x.example>\n");
    for n in 0..200_000 {
        writeln!(raw, "To: p{n}@y.example").unwrap();
    }
    assert_eq!(timed("200,000 To fields", (raw + "\nx\n").as_bytes()).to.len(), 200);
    let references: String = (0..200_000).map(|n| format!("<{n}@x.example>\n ")).collect();
    let raw = head(&format!("References: {references}\n\nx\n"));
    assert_eq!(timed("200,000 references", raw.as_bytes()).references.len(), 100);
}

#[test]
fn long_headers() {
    for (name, value) in [
        ("Subject", "é".repeat(500_000)),
        ("Subject", "=?utf-8?Q?".repeat(100_000)),
        ("Subject", "=?utf-8?Q?a?= ".repeat(70_000)),
        ("X-Other", "x".repeat(1_000_000)),
        ("To", "((((\"<".repeat(170_000)),
        ("From", "=?".repeat(500_000)),
        ("References", "<".repeat(1_000_000)),
        ("Date", "1".repeat(1_000_000)),
        ("Content-Type", "multipart/mixed; ".to_owned() + &"a=b;".repeat(250_000)),
        ("Content-Type", "text/plain; charset=".to_owned() + &"\"".repeat(1_000_000)),
        ("Content-Disposition", "attachment; ".to_owned() + &"filename*0=a;".repeat(80_000)),
    ] {
        let raw = format!("{name}: {value}\n{}\ntexte\n", head(""));
        let message = timed(name, raw.as_bytes());
        assert!(message.defects.contains(&Defect::TooMuch), "{name}");
    }
    let raw = "X: y\n".repeat(500_000) + "\n" + "texte\n";
    timed("500,000 fields", raw.as_bytes());
    timed("no line end", "x".repeat(10_000_000).as_bytes());
}

#[test]
fn a_large_mail() {
    let line = format!("{}\r\n", "QUJD".repeat(19));
    let mut raw = head(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nUne question avec un gros fichier?\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n",
    );
    raw.push_str(&line.repeat(60 * 1024 * 1024 / line.len()));
    raw.push_str("--b--\n");
    let message = timed("60 MB", raw.as_bytes());
    assert_eq!(message.text, "Une question avec un gros fichier?");
    assert_eq!(message.attachments.len(), 1);
    let first = raw.as_bytes().get(..64 * 1024).unwrap();
    let message = message::read_head(first, &Banners::default());
    assert!(message.defects.contains(&Defect::TooLarge));
    assert_eq!(message.newest.text, "Une question avec un gros fichier?");
    assert!(message.attachments.is_empty());
    let raw = head("\n") + &"Le texte est long, très long. ".repeat(2_000_000);
    assert!(timed("60 MB of text", raw.as_bytes()).defects.contains(&Defect::TooMuch));
    let raw = head("Content-Type: text/html\n\n") + &"<div><b>a".repeat(5_000_000);
    assert!(timed("45 MB of HTML", raw.as_bytes()).defects.contains(&Defect::TooMuch));
}

#[test]
fn nothing_at_all() {
    for raw in [&b""[..], b"\n", b"\r\n\r\n", b"\0\0\0", b":", b"From", b"\xff\xfe", b"From: \n\n"] {
        let message = timed("almost nothing", raw);
        assert!(message.from.is_none());
        assert!(message.defects.contains(&Defect::NoMessageId));
        assert!(message.defects.contains(&Defect::UntrustedFrom));
    }
    assert!(read(b"").defects.contains(&Defect::Unparsable));
    // The made id is that of the bytes.
    assert_eq!(read(b"x: y\n\na").id, read(b"x: y\n\na").id);
    assert_ne!(read(b"x: y\n\na").id, read(b"x: y\n\nb").id);
}

fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("De : Julie Roy <j@x.example>".to_owned()),
        Just("Envoyé : 25 mars 2025".to_owned()),
        Just("À : Boîte".to_owned()),
        Just("Objet : Question".to_owned()),
        Just("-----Message d'origine-----".to_owned()),
        Just("---------- Forwarded message ---------".to_owned()),
        Just("Le 25 mars 2025 à 10:06, A <a@x.example> a écrit :".to_owned()),
        Just("> cité".to_owned()),
        Just(">".to_owned()),
        Just("-- ".to_owned()),
        Just("Cordialement,".to_owned()),
        Just("Merci !".to_owned()),
        Just("Julie Roy".to_owned()),
        Just("Tél. : 418 555-0100".to_owned()),
        Just("[EXTERNE]".to_owned()),
        Just("*ATTENTION : Ce courriel provient de l’extérieur de votre organisation.".to_owned()),
        Just("Évitez de cliquer sur les liens ou d’ouvrir les pièces jointes.*".to_owned()),
        Just("AVIS DE CONFIDENTIALITÉ".to_owned()),
        Just("Est-ce que Copilot est visé ?".to_owned()),
        Just("Bonjour,".to_owned()),
        Just(String::new()),
        "\\PC{0,60}",
    ];
    proptest::collection::vec(line, 0..30).prop_map(|lines| lines.join("\n"))
}

fn bare(line: &str) -> &str {
    line.trim_start_matches(['>', ' ']).trim()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        assert_bounded(&read(&raw));
        assert_bounded(&message::read_head(&raw, &Banners::default()));
    }

    #[test]
    fn damaged_mail_is_read(
        which in any::<prop::sample::Index>(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..12),
        crlf in any::<bool>(),
    ) {
        let mails = mails();
        let mut raw = fs::read(which.get(&mails)).unwrap();
        if crlf {
            raw = with_crlf(&raw);
        }
        for (place, byte, kind) in damage {
            if raw.is_empty() {
                break;
            }
            let at = place.index(raw.len());
            match kind {
                0 => raw[at] = byte,
                1 => raw.insert(at, byte),
                2 => raw.truncate(at),
                _ => {
                    let piece = raw[at..(at + 40).min(raw.len())].to_vec();
                    raw.extend(piece);
                }
            }
        }
        assert_bounded(&read(&raw));
    }

    #[test]
    fn no_line_is_lost(text in lines(), forward in any::<bool>()) {
        let found = message::newest(if forward { "TR : x" } else { "" }, &text, &Banners::default());
        let kept: Vec<&str> = found.text.lines().chain(found.cut.iter().flat_map(|cut| cut.text.lines())).map(bare).collect();
        for line in text.lines().map(bare).filter(|line| !line.is_empty()) {
            prop_assert!(kept.contains(&line), "lost {:?} of {:?}: {:?}", line, text, found);
        }
        // What has words keeps words: a mail never becomes empty.
        if text.contains(char::is_alphanumeric) {
            prop_assert!(found.text.contains(char::is_alphanumeric), "{:?}: {:?}", text, found);
        }
    }

    #[test]
    fn base_subjects_are_stable(subject in "((RE|TR|Rép|Fwd) ?: ?|\\[EXTERNE\\] ){0,5}\\PC{0,40}") {
        let base = thread_subject(&subject);
        prop_assert_eq!(thread_subject(&base), base.clone());
        prop_assert_eq!(thread_subject(&format!("RE: {base}")), base);
    }
}

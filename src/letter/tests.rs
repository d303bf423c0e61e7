//! Sealing as a whole: what leaves is what was approved, whatever stood in the mail.

use super::*;
use crate::draft::{EntryUse, Field, Parts, Quote, Reason, Recipient, Section, prepare};
use crate::message::{Address, Attachment, Message, Newest};
use crate::wording::Language;
use jiff::tz::TimeZone;
use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;

const OURS: Ours<'static> =
    Ours { address: "encadrement.ia@ministere.example", aliases: &[], display_name: "Encadrement IA" };

fn person(name: &str, email: &str) -> Address {
    Address { name: Some(name.to_owned()), email: email.to_owned() }
}

fn question() -> Message {
    let text = "Bonjour,\n\nExiste-t-il un gabarit ?";
    Message {
        id: MessageId::parse("question@cegep.example").unwrap(),
        in_reply_to: Vec::new(),
        references: vec![MessageId::parse("racine@cegep.example").unwrap()],
        from: Some(person("Marie Roy", "marie.roy@cegep.example")),
        reply_to: Vec::new(),
        to: vec![person("Encadrement IA", "encadrement.ia@ministere.example")],
        cc: vec![person("Côté, Jean", "jean.cote@cegep.example")],
        date: Some("2025-03-25T14:06:00Z".parse().unwrap()),
        subject: "Démarche structurée : gabarit".to_owned(),
        text: text.to_owned(),
        newest: Newest { text: text.to_owned(), cut: Vec::new(), forwarded: false },
        attachments: Vec::new(),
        automatic: None,
        language: Language::Fr,
        letter: None,
        defects: Vec::new(),
    }
}

fn draft() -> Draft {
    let section = Section {
        entry: EntryUse {
            slug: "demarche-structuree".to_owned(),
            variant: None,
            version: 1,
            digest: "00".repeat(32),
            approved: true,
            superseded: None,
        },
        heading: None,
        markdown: "L’organisme doit **démontrer** :\n\n- la gestion des risques ;\n- la formation."
            .to_owned(),
        open_fields: Vec::new(),
        attachments: Vec::new(),
    };
    let parts = Parts {
        language: Language::Fr,
        subject: "Votre question",
        salutation: "Bonjour,",
        introduction: "",
        sections: vec![section],
        conclusion: "",
        closing: "Cordialement,",
        signature: "Encadrement IA\nMinistère",
        shared_domain: false,
    };
    prepare(&question(), &[], &parts, &OURS, &TimeZone::get("America/Toronto").unwrap())
}

fn approval(draft: &Draft) -> Approval {
    Approval {
        reviewer: "alice".to_owned(),
        thread: 412,
        version: 3,
        digest: draft.digest(),
        at: "2025-03-25T20:17:00Z".parse().unwrap(),
    }
}

fn date() -> ZonedDateTime {
    "2025-03-25T16:17:00-04:00[America/Toronto]".parse().unwrap()
}

fn id() -> MessageId {
    message_id::issue(b"a key of the tests, long enough.", 412, &[7; 12], "ministere.example").unwrap()
}

fn sealed(draft: &Draft) -> Result<Letter, NotSealable> {
    seal(&approval(draft), draft, &OURS, id(), &date(), &[])
}

#[test]
fn the_letter_is_these_bytes() {
    let draft = draft();
    let letter = sealed(&draft).unwrap();
    let expected = include_str!("golden.eml").replace("\r\n", "\n").replace('\n', "\r\n");
    let made = String::from_utf8(letter.bytes().to_vec()).unwrap();
    assert_eq!(made, expected);
    assert_eq!(sealed(&draft).unwrap(), letter);
    assert_eq!(
        *letter.seal(),
        Seal {
            sha256: HEXLOWER.encode(&Sha256::digest(letter.bytes())),
            digest: draft.digest(),
            message_id: id(),
            envelope_from: "encadrement.ia@ministere.example".to_owned(),
            recipients: vec!["marie.roy@cegep.example".to_owned(), "jean.cote@cegep.example".to_owned()],
        }
    );
}

#[test]
fn what_arrives_is_what_was_approved() {
    let draft = draft();
    let letter = sealed(&draft).unwrap();
    let parsed = MessageParser::default().parse(letter.bytes()).unwrap();
    assert_eq!(parsed.subject(), Some("RE: Démarche structurée : gabarit"));
    let first = |list: Option<&mail_parser::Address<'_>>| {
        let person = list.unwrap().first().unwrap();
        (person.name().map(str::to_owned), person.address().unwrap().to_owned())
    };
    assert_eq!(first(parsed.from()), (Some("Encadrement IA".to_owned()), OURS.address.to_owned()));
    assert_eq!(first(parsed.to()), (Some("Marie Roy".to_owned()), "marie.roy@cegep.example".to_owned()));
    assert_eq!(first(parsed.cc()), (Some("Côté, Jean".to_owned()), "jean.cote@cegep.example".to_owned()));
    assert_eq!(parsed.message_id(), Some(id().as_str()));
    assert_eq!(parsed.date().unwrap().to_rfc3339(), "2025-03-25T16:17:00-04:00");
    assert_eq!(parsed.in_reply_to().as_text(), Some("question@cegep.example"));
    let references: Vec<_> =
        parsed.references().as_text_list().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(references, ["racine@cegep.example", "question@cegep.example"]);
    let lines = |text: &str| text.replace("\r\n", "\n").trim_end().to_owned();
    assert_eq!(lines(&parsed.body_text(0).unwrap()), draft.text().trim_end());
    assert_eq!(lines(&parsed.body_html(0).unwrap()), draft.html().trim_end());
    assert!(parsed.header("Auto-Submitted").is_none() && parsed.header("Bcc").is_none());
    assert_eq!(parsed.header("X-Greffier-Letter").unwrap().as_text(), Some(draft.digest().as_str()));
}

#[test]
fn attachments_go_with_their_approved_bytes() {
    let file = b"%PDF-1.7 \r\n\x00\xff";
    let mut draft = draft();
    draft.attachments = vec![Attachment {
        name: "Énoncé \"de\" principes\r\nBcc: x.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: file.len() as u64,
        sha256: HEXLOWER.encode(&Sha256::digest(file)),
    }];
    let letter = seal(&approval(&draft), &draft, &OURS, id(), &date(), &[file]).unwrap();
    let parsed = MessageParser::default().parse(letter.bytes()).unwrap();
    let attachment = parsed.attachment(0).unwrap();
    assert_eq!(attachment.attachment_name(), Some("Énoncé \"de\" principes Bcc: x.pdf"));
    assert_eq!(attachment.contents(), file);
    assert_eq!(parsed.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), draft.text().trim_end());
    for files in [&[][..], &[b"%PDF-1.7 \r\n\x00\xfe".as_slice()][..]] {
        let refused = seal(&approval(&draft), &draft, &OURS, id(), &date(), files);
        assert!(matches!(refused, Err(NotSealable::OtherAttachment(_))), "{refused:?}");
    }
    draft.attachments[0].media_type = "multipart/mixed; x\r\ny".to_owned();
    let letter = seal(&approval(&draft), &draft, &OURS, id(), &date(), &[file]).unwrap();
    assert!(String::from_utf8_lossy(letter.bytes()).contains("Content-Type: application/octet-stream\r\n"));
}

#[test]
fn what_nobody_approved_is_not_sealed() {
    let draft = draft();
    let changed = draft.with_body("Autre texte");
    let refused = seal(&approval(&draft), &changed, &OURS, id(), &date(), &[]);
    assert_eq!(refused, Err(NotSealable::OtherDraft));

    let refuse = |turn: fn(&mut Draft)| {
        let mut changed = draft.clone();
        turn(&mut changed);
        sealed(&changed).unwrap_err()
    };
    assert_eq!(refuse(|d| d.recipients.clear()), NotSealable::NoRecipient);
    assert_eq!(refuse(|d| drop(d.recipients.remove(0))), NotSealable::NoRecipient);
    assert_eq!(
        refuse(|d| d.open_fields = vec!["[x]".to_owned()]),
        NotSealable::OpenFields(vec!["[x]".to_owned()])
    );
    assert_eq!(refuse(|d| d.body = " \n".to_owned()), NotSealable::NoText);
    assert_eq!(
        refuse(|d| d.recipients[1].address.email = "a@b.example\r\nBcc: c@d.example".to_owned()),
        NotSealable::UnusableAddress("a@b.example\r\nBcc: c@d.example".to_owned())
    );
    assert_eq!(
        refuse(|d| d.recipients[1].address.email = "Encadrement.IA@ministere.example".to_owned()),
        NotSealable::UnusableAddress("Encadrement.IA@ministere.example".to_owned())
    );
    let nobody = Ours { address: "pas une adresse", ..OURS };
    let refused = seal(&approval(&draft), &draft, &nobody, id(), &date(), &[]);
    assert_eq!(refused, Err(NotSealable::UnusableAddress("pas une adresse".to_owned())));
}

#[test]
fn a_letter_with_one_changed_byte_stays_closed() {
    let letter = sealed(&draft()).unwrap();
    assert_eq!(Letter::reopen(letter.seal().clone(), letter.bytes().to_vec()), Ok(letter.clone()));
    for place in (0..letter.bytes().len()).step_by(7) {
        let mut bytes = letter.bytes().to_vec();
        bytes[place] ^= 1;
        assert_eq!(Letter::reopen(letter.seal().clone(), bytes), Err(BrokenSeal), "{place}");
    }
    let mut longer = letter.bytes().to_vec();
    longer.push(b'\n');
    assert_eq!(Letter::reopen(letter.seal().clone(), longer), Err(BrokenSeal));
}

#[test]
fn long_lists_and_long_words_are_folded() {
    let mut draft = draft();
    let long = |n: usize| Recipient {
        address: person(
            &"Prénom d’un nom, sans fin ".repeat(20),
            &format!("{}{n}@{}.example", "a".repeat(58), "b".repeat(60)),
        ),
        field: Field::Cc,
        reason: Reason::InCcOfQuestion,
        unusual: None,
    };
    draft.recipients.extend((10..60).map(long));
    draft.references =
        (0..21).map(|n| MessageId::parse(&format!("{}{n:02}@x", "r".repeat(246))).unwrap()).collect();
    draft.subject = "x".repeat(250);
    draft.body = "y".repeat(100_000);
    draft.quote = Some(Quote { intro: "z".repeat(2_000), text: "q".repeat(5_000) });
    let letter = sealed(&draft).unwrap();
    assert!(letter.bytes().split(|b| *b == b'\n').all(|line| line.len() <= 999));
    assert_eq!(letter.seal().recipients().len(), 52);
    let parsed = MessageParser::default().parse(letter.bytes()).unwrap();
    assert_eq!(parsed.cc().unwrap().iter().count(), 51);
    assert_eq!(parsed.references().as_text_list().unwrap().len(), 21);
    assert_eq!(parsed.subject(), Some(draft.subject.as_str()));
}

#[test]
fn text_that_servers_like_to_change_arrives_unchanged() {
    let mut draft = draft();
    draft.body = "From ici\n.\n..\n    espaces   \nfin\u{00A0}: été\n\n--=_greffier_text_\n".to_owned();
    let letter = sealed(&draft).unwrap();
    let text = String::from_utf8(letter.bytes().to_vec()).unwrap();
    assert!(text.split("\r\n").all(|line| !line.ends_with(' ')), "a trailing space would be lost");
    let parsed = MessageParser::default().parse(letter.bytes()).unwrap();
    assert_eq!(parsed.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), draft.text().trim_end());
}

#[test]
fn what_is_not_a_letter_is_found_out() {
    let letter = sealed(&draft()).unwrap();
    let text = String::from_utf8(letter.bytes().to_vec()).unwrap();
    assert_eq!(compose::check(letter.bytes()), Ok(()));
    for broken in [
        text.replacen("To:", "Bcc: x@y.example\r\nTo:", 1),
        text.replacen("To:", "Auto-Submitted: auto-replied\r\nTo:", 1),
        text.replacen("\r\nTo:", "\r\nFrom: x@y.example\r\nTo:", 1),
        text.replacen("\r\nDate:", "\nDate:", 1),
        text.replacen("\r\nDate:", "\rDate:", 1),
        text.replacen("Bonjour", "Bonjour\0", 1),
        text.replacen("Bonjour", "été", 1),
        text.replacen("Message-ID:", "X-Other:", 1),
        text.replacen("Bonjour", &"a".repeat(1_000), 1),
        text.trim_end().to_owned(),
    ] {
        assert!(compose::check(broken.as_bytes()).is_err(), "{broken}");
    }
}

/// Text with more of what breaks mail than chance would bring.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\r\nBcc: x@y.example".to_owned()),
        Just("\n".to_owned()),
        Just("\r".to_owned()),
        Just("\0".to_owned()),
        Just("=?utf-8?q?=0D=0ABcc:_x?=".to_owned()),
        Just("\u{202E}".to_owned()),
        Just("\u{2028}".to_owned()),
        Just("\"<>,;:\\".to_owned()),
        Just("\r\n\r\n<script>".to_owned()),
        Just("\r\n.\r\n".to_owned()),
        "[ -~]{0,80}",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_in_a_draft_becomes_a_header_or_a_bare_line_end(
        subject in hostile(), name in hostile(), ours in hostile(), body in hostile(), intro in hostile(), quoted in hostile(),
        email in hostile(), reference in hostile(),
    ) {
        let mut draft = draft();
        draft.subject = subject;
        draft.recipients[0].address.name = Some(name);
        draft.body = format!("{body}x");
        draft.quote = Some(Quote { intro, text: quoted });
        // As the journal would give it back, past every check of the constructor.
        let reference: MessageId = serde_json::from_value(serde_json::Value::String(reference)).unwrap();
        draft.references.push(reference.clone());
        draft.in_reply_to = Some(reference);
        let from = Ours { display_name: &ours, ..OURS };
        let letter = seal(&approval(&draft), &draft, &from, id(), &date(), &[]).unwrap();
        let again = seal(&approval(&draft), &draft, &from, id(), &date(), &[]).unwrap();
        prop_assert_eq!(letter.bytes(), again.bytes());
        let text = std::str::from_utf8(letter.bytes()).unwrap();
        let (headers, _) = text.split_once("\r\n\r\n").unwrap();
        let names: Vec<&str> = headers
            .split("\r\n")
            .filter(|line| !line.starts_with(' '))
            .map(|line| line.split_once(':').unwrap().0)
            .collect();
        let mut known = vec!["From", "To", "Date", "MIME-Version", "Cc", "Subject", "Message-ID"];
        if names.contains(&"In-Reply-To") {
            known.push("In-Reply-To");
        }
        known.extend(["References", "X-Greffier-Letter", "Content-Type"]);
        prop_assert_eq!(names, known);
        prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n', '\0']));
        let parsed = MessageParser::default().parse(letter.bytes()).unwrap();
        prop_assert_eq!(parsed.body_text(0).unwrap().replace("\r\n", "\n").trim_end().to_owned(), draft.text().trim_end().to_owned());
        prop_assert!(parsed.to().unwrap().iter().count() == 1 && parsed.cc().unwrap().iter().count() == 1);

        draft.recipients[1].address.email = email.clone();
        match sealed(&draft) {
            Ok(letter) => prop_assert_eq!(&letter.seal().recipients()[1], &email),
            Err(refused) => prop_assert_eq!(refused, NotSealable::UnusableAddress(email)),
        }
    }

    #[test]
    fn the_subject_arrives_as_it_was_shown(subject in hostile()) {
        let mut draft = draft();
        draft.subject = crate::draft::reply_subject(&subject, "Votre question");
        let letter = sealed(&draft).unwrap();
        let parsed = MessageParser::default().parse(letter.bytes()).unwrap();
        prop_assert_eq!(parsed.subject(), Some(draft.subject.as_str()));
    }
}

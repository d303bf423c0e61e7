//! The draft as a whole.

use super::*;
use crate::message::Newest;
use data_encoding::HEXLOWER;
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

pub(super) fn toronto() -> TimeZone {
    TimeZone::get("America/Toronto").unwrap()
}

pub(super) fn address(email: &str) -> Address {
    Address { name: None, email: email.to_owned() }
}

pub(super) fn ours() -> Ours<'static> {
    static ALIASES: LazyLock<Vec<String>> = LazyLock::new(|| vec!["ia-alias@ministere.example".to_owned()]);
    Ours { address: "encadrement.ia@ministere.example", aliases: &ALIASES, display_name: "Encadrement IA" }
}

pub(super) fn question() -> Message {
    let text = "Bonjour,\n\nExiste-t-il un gabarit ?\n\nMerci";
    Message {
        id: MessageId::parse("question@cegep.example").unwrap(),
        in_reply_to: Vec::new(),
        references: Vec::new(),
        from: Some(Address {
            name: Some("Marie Roy".to_owned()),
            email: "marie.roy@cegep.example".to_owned(),
        }),
        reply_to: Vec::new(),
        to: vec![address("encadrement.ia@ministere.example")],
        cc: Vec::new(),
        date: Some("2025-03-25T14:06:00Z".parse().unwrap()),
        subject: "Démarche structurée".to_owned(),
        text: text.to_owned(),
        newest: Newest { text: text.to_owned(), cut: Vec::new(), forwarded: false },
        attachments: Vec::new(),
        automatic: None,
        language: Language::Fr,
        letter: None,
        defects: Vec::new(),
    }
}

pub(super) fn section(slug: &str, markdown: &str) -> Section {
    Section {
        entry: EntryUse {
            slug: slug.to_owned(),
            variant: None,
            version: 1,
            digest: "00".repeat(32),
            approved: true,
            superseded: None,
        },
        heading: Some(format!("### Au sujet de {slug}")),
        markdown: markdown.to_owned(),
        open_fields: Vec::new(),
        attachments: Vec::new(),
    }
}

pub(super) fn parts(sections: Vec<Section>) -> Parts<'static> {
    Parts {
        language: Language::Fr,
        subject: "Votre question",
        salutation: "Bonjour,",
        introduction: "Voici notre réponse.",
        sections,
        conclusion: "Au besoin, répondez à ce courriel.",
        closing: "Cordialement,",
        signature: "Encadrement IA\nMinistère\n",
        shared_domain: false,
    }
}

fn prepared(sections: Vec<Section>) -> Draft {
    prepare(&question(), &[], &parts(sections), &ours(), &toronto())
}

#[test]
fn one_question_gets_one_answer_without_heading() {
    let draft = prepared(vec![section("contact", "Écrivez\nà la boîte.\n")]);
    assert_eq!(
        draft.body,
        "Bonjour,\n\nVoici notre réponse.\n\nÉcrivez à la boîte.\n\nAu besoin, répondez à ce courriel.\n\n\
         Cordialement,\n\nEncadrement IA\nMinistère\n"
    );
    assert_eq!(draft.subject, "RE: Démarche structurée");
    assert_eq!(draft.in_reply_to.as_ref().unwrap().as_str(), "question@cegep.example");
    assert_eq!(
        draft.text(),
        "Bonjour,\n\nVoici notre réponse.\n\nÉcrivez à la boîte.\n\nAu besoin, répondez à ce courriel.\n\n\
         Cordialement,\n\nEncadrement IA\nMinistère\n\n\
         Le 25 mars 2025 à 10\u{00A0}h\u{00A0}06, Marie Roy a écrit\u{00A0}:\n\
         > Bonjour,\n>\n> Existe-t-il un gabarit ?\n>\n> Merci\n"
    );
}

#[test]
fn several_questions_get_a_heading_each_and_no_answer_twice() {
    let draft = prepared(vec![section("a", "Un."), section("b", "Deux."), section("a", "Un.")]);
    assert!(
        draft.body.contains("### Au sujet de a\n\nUn.\n\n### Au sujet de b\n\nDeux.\n\nAu besoin"),
        "{}",
        draft.body
    );
    assert_eq!(draft.entries.len(), 2);
}

#[test]
fn without_an_answer_the_frame_remains() {
    let draft = prepared(Vec::new());
    assert_eq!(draft.body, "Bonjour,\n\nCordialement,\n\nEncadrement IA\nMinistère\n");
    assert!(draft.entries.is_empty() && !draft.sample);
}

#[test]
fn a_text_without_approval_marks_the_letter() {
    let mut unapproved = section("contact", "Texte.");
    unapproved.entry.approved = false;
    let draft = prepared(vec![section("autre", "Autre."), unapproved]);
    assert!(draft.sample);
    assert!(draft.text().starts_with("TEXTE D’EXEMPLE – non approuvé\n\nBonjour,\n"));
    assert!(
        draft
            .html()
            .contains("<body>\n<p><strong>TEXTE D’EXEMPLE – non approuvé</strong></p>\n<p>Bonjour,</p>")
    );
    // Rewriting the body does not take the mark off.
    assert!(draft.with_body("Tout autre chose.").text().starts_with("TEXTE D’EXEMPLE"));
    let english = Draft { language: Language::En, ..draft };
    assert!(english.text().starts_with("SAMPLE TEXT – not approved\n"));
}

#[test]
fn a_field_is_open_as_long_as_it_stands_in_the_body() {
    let mut asks = section("contact", "Dossier [à compléter : numéro], reçu le [à compléter : date].");
    asks.open_fields = vec!["[à compléter : numéro]".to_owned(), "[à compléter : date]".to_owned()];
    let draft = prepared(vec![asks]);
    assert_eq!(draft.open_fields.len(), 2);
    let filled = draft.with_body(&draft.body.replace("[à compléter : numéro]", "12"));
    assert_eq!(filled.open_fields, ["[à compléter : date]"]);
    assert_ne!(filled.digest(), draft.digest());
}

#[test]
fn a_mark_with_hidden_characters_is_still_open() {
    let mut asks = section("contact", "Dossier [à compléter\u{202F}: nu\u{00AD}méro].");
    asks.open_fields = vec!["[à compléter\u{202F}: nu\u{00AD}méro]".to_owned()];
    assert_eq!(prepared(vec![asks]).open_fields, ["[à compléter\u{202F}: numéro]"]);
}

#[test]
fn references_keep_the_root_and_the_last_twenty() {
    let mut question = question();
    question.references =
        (0..60).map(|n| MessageId::parse(&format!("m{n}@cegep.example")).unwrap()).collect();
    question.references.push(question.id.clone());
    let draft = prepare(&question, &[], &parts(Vec::new()), &ours(), &toronto());
    assert_eq!(draft.references.len(), 21);
    assert_eq!(draft.references[0].as_str(), "m0@cegep.example");
    assert_eq!(draft.references[1].as_str(), "m41@cegep.example");
    assert_eq!(draft.references[20], question.id);
}

#[test]
fn in_reply_to_stands_in_for_missing_references_and_a_made_up_id_is_not_used() {
    let mut question = question();
    question.in_reply_to = vec![MessageId::parse("avant@ministere.example").unwrap()];
    let ids = |question: &Message| {
        let draft = prepare(question, &[], &parts(Vec::new()), &ours(), &toronto());
        (draft.in_reply_to, draft.references.iter().map(|id| id.as_str().to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(ids(&question).1, ["avant@ministere.example", "question@cegep.example"]);
    question.defects.push(Defect::NoMessageId);
    assert_eq!(ids(&question), (None, vec!["avant@ministere.example".to_owned()]));
}

#[test]
fn a_copy_is_for_information() {
    let mut question = question();
    assert!(!only_in_cc(&question, &ours()));
    question.to = vec![address("quelquun@cegep.example")];
    assert!(!only_in_cc(&question, &ours()));
    question.cc = vec![address("IA-Alias@ministere.example")];
    assert!(only_in_cc(&question, &ours()));
    question.to.push(address("Encadrement.ia@Ministere.example"));
    assert!(!only_in_cc(&question, &ours()));
}

#[test]
fn html_of_the_question_and_of_the_subject_is_text() {
    let mut question = question();
    question.subject = "</title><script>x()</script>".to_owned();
    question.newest.text = "</blockquote><script>alert('1')</script>\nsuite".to_owned();
    question.from.as_mut().unwrap().name = Some("<b>Marie</b>\r\nBcc: x".to_owned());
    let html = prepare(&question, &[], &parts(Vec::new()), &ours(), &toronto()).html();
    assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
    assert!(html.contains("&lt;b&gt;Marie&lt;/b&gt; Bcc: x a écrit"), "{html}");
    assert!(html.contains(
        "<blockquote type=\"cite\">&lt;/blockquote&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;<br>\nsuite</blockquote>"
    ));
}

pub(super) fn full() -> Draft {
    let mut question = question();
    question.cc = vec![Address { name: Some("Ti".to_owned()), email: "ti@autre.example".to_owned() }];
    question.references = vec![MessageId::parse("racine@cegep.example").unwrap()];
    let mut section = section("contact", "Texte [à compléter : nom].");
    section.open_fields = vec!["[à compléter : nom]".to_owned()];
    section.attachments = vec![Attachment {
        name: "guide.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 3,
        sha256: HEXLOWER.encode(&Sha256::digest(b"abc")),
    }];
    prepare(&question, &[], &parts(vec![section]), &ours(), &toronto())
}

#[test]
fn the_digest_changes_with_every_field_that_is_shown_or_sent() {
    let draft = full();
    type Turn = (&'static str, fn(&mut Draft));
    let turns: &[Turn] = &[
        ("language", |d| d.language = Language::En),
        ("recipient added", |d| d.recipients.push(d.recipients[0].clone())),
        ("recipient removed", |d| drop(d.recipients.pop())),
        ("recipients swapped", |d| d.recipients.swap(0, 1)),
        ("name", |d| d.recipients[0].address.name = None),
        ("email", |d| d.recipients[0].address.email.push('x')),
        ("field", |d| d.recipients[1].field = Field::To),
        ("reason", |d| d.recipients[1].reason = Reason::InToOfQuestion),
        ("unusual", |d| d.recipients[1].unusual = None),
        ("subject", |d| d.subject.push('.')),
        ("body", |d| d.body.push('.')),
        ("quote", |d| d.quote = None),
        ("intro", |d| d.quote.as_mut().unwrap().intro.push('.')),
        ("quoted text", |d| d.quote.as_mut().unwrap().text.push('.')),
        ("in reply to", |d| d.in_reply_to = None),
        ("references", |d| drop(d.references.remove(0))),
        ("sample", |d| d.sample = true),
        ("attachment", |d| d.attachments.clear()),
        ("attachment name", |d| d.attachments[0].name.push('x')),
        ("attachment type", |d| d.attachments[0].media_type.push('x')),
        ("attachment size", |d| d.attachments[0].size += 1),
        ("attachment bytes", |d| d.attachments[0].sha256 = "11".repeat(32)),
        ("across fields", |d| {
            let moved = d.body.remove(0);
            d.subject.push(moved);
        }),
    ];
    let mut seen = std::collections::BTreeSet::from([draft.digest()]);
    for (what, turn) in turns {
        let mut changed = draft.clone();
        turn(&mut changed);
        assert!(seen.insert(changed.digest()), "{what}");
    }
}

#[test]
fn a_draft_survives_the_journal() {
    let draft = full();
    let kept: Draft = serde_json::from_str(&serde_json::to_string(&draft).unwrap()).unwrap();
    assert_eq!(kept, draft);
    assert_eq!(kept.digest(), draft.digest());
}

proptest! {
    #[test]
    fn whatever_a_mail_brings_the_draft_is_clean(
        subject in any::<String>(), name in any::<String>(), text in any::<String>(), email in any::<String>(),
    ) {
        let mut question = question();
        question.subject = subject;
        question.newest.text = text;
        question.from.as_mut().unwrap().name = Some(name);
        question.cc = vec![address(&email)];
        let draft = prepare(&question, &[], &parts(vec![section("a", "Texte.")]), &ours(), &toronto());
        prop_assert!(!draft.subject.chars().any(char::is_control));
        prop_assert!(draft.recipients.iter().all(|r| usable_address(&r.address.email)));
        prop_assert!(!draft.text().chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
        prop_assert_eq!(draft.with_body(&draft.body), draft.clone());
        // What stands beneath the quote's introduction is quoted, line by line.
        if let Some(quote) = &draft.quote {
            let text = draft.text();
            let (_, beneath) = text.rsplit_once(&format!("{}\n>", quote.intro)).unwrap();
            prop_assert!(beneath.lines().skip(1).all(|line| line.starts_with('>')));
        }
    }
}

//! The classifier on a small library, and on the one that is shipped.

use super::*;
use crate::message::{self, Message};
use proptest::prelude::*;
use std::sync::LazyLock;

/// A small library: three entries, what no entry answers, and what asks nothing.
const LESSONS: &[(&str, Language, &str)] = &[
    ("duree", Language::Fr, "Jusqu'à quand la suspension est-elle en vigueur ?"),
    ("duree", Language::Fr, "Combien de temps la suspension va-t-elle durer ?"),
    ("duree", Language::Fr, "Avez-vous une date de fin ?"),
    ("duree", Language::Fr, "Combien de temps restera-t-elle en vigueur ?"),
    ("duree", Language::Fr, "Quand la mesure prendra-t-elle fin ?"),
    ("duree", Language::Fr, "La suspension sera-t-elle levée avant l'été ?"),
    ("duree", Language::Fr, "Quelle est la durée prévue de la suspension ?"),
    ("duree", Language::En, "How long will the suspension last?"),
    ("duree", Language::En, "Is there an end date for the suspension?"),
    ("duree", Language::En, "When will the suspension end?"),
    ("duree", Language::En, "Have you set an end date?"),
    ("contact", Language::Fr, "À qui devons-nous écrire pour toute question ?"),
    ("contact", Language::Fr, "Quelle direction faut-il joindre au ministère ?"),
    ("contact", Language::Fr, "Qui est la personne responsable, et comment la joindre ?"),
    ("contact", Language::Fr, "Avez-vous une adresse courriel pour nos questions ?"),
    ("contact", Language::Fr, "Quelles sont les coordonnées de la direction responsable ?"),
    ("contact", Language::En, "Whom should we contact at the ministry?"),
    ("contact", Language::En, "Which branch is responsible, and what is its address?"),
    ("budget", Language::Fr, "Notre projet ne coûte rien : est-il suspendu quand même ?"),
    ("budget", Language::Fr, "Un essai sans budget est-il touché ?"),
    ("budget", Language::Fr, "Le projet est gratuit et sans dépense. Est-il visé ?"),
    ("budget", Language::Fr, "Sans argent ni achat, le projet pilote est-il permis ?"),
    ("budget", Language::En, "Does it apply to a project without any budget?"),
    ("budget", Language::En, "Our pilot costs nothing. Is it suspended, too?"),
    ("hors-faq", Language::Fr, "Je n'arrive plus à ouvrir une session dans le portail."),
    ("hors-faq", Language::Fr, "Offrez-vous une formation pour nos gestionnaires ?"),
    ("hors-faq", Language::Fr, "Puis-je postuler à un emploi dans votre équipe ?"),
    ("hors-faq", Language::Fr, "Notre entreprise vend une plateforme et propose une démonstration."),
    ("hors-faq", Language::En, "Do you offer training for managers?"),
    ("hors-faq", Language::En, "I cannot sign in to the portal."),
    ("sans-question", Language::Fr, "Merci beaucoup pour votre réponse rapide !"),
    ("sans-question", Language::Fr, "Bien reçu, merci."),
    ("sans-question", Language::Fr, "Message bien reçu."),
    ("sans-question", Language::Fr, "Pour votre information, voici le compte rendu."),
    ("sans-question", Language::Fr, "Nous prenons bonne note de vos précisions."),
    ("sans-question", Language::En, "Thank you for your help, much appreciated."),
    ("sans-question", Language::En, "For your information, the minutes are attached."),
];

fn lessons() -> Vec<Lesson> {
    LESSONS
        .iter()
        .map(|(label, language, text)| {
            Lesson::new(Label::from((*label).to_owned()), *language, *text, Source::Example)
        })
        .collect()
}

fn model(lessons: impl IntoIterator<Item = Lesson> + Clone) -> Model {
    let lexicon = Lexicon::default();
    let floors = Model::measure(lessons.clone(), &lexicon, None).0;
    Model::train(lessons, &lexicon, floors, None)
}

static MODEL: LazyLock<Model> = LazyLock::new(|| model(lessons()));

fn mail<'a>(subject: &'a str, text: &'a str) -> Mail<'a> {
    Mail::new(subject, text, Language::Fr)
}

fn read(subject: &str, text: &str) -> Classification {
    MODEL.classify(&mail(subject, text))
}

fn first(classification: &Classification) -> &str {
    classification.candidates.first().map_or("", |candidate| candidate.entry.as_str())
}

#[test]
fn the_entry_whose_wordings_are_nearest_comes_first() {
    for (text, entry) in [
        ("Bonjour,\n\nJusqu'à quand cette suspension durera-t-elle?\n\nMerci", "duree"),
        ("jusqua quand la suspention est en vigeur svp", "duree"),
        ("Bonjour,\n\nComment joindre la direction responsable ?", "contact"),
        ("Notre projet pilote n'a aucun budget, est-il suspendu ?", "budget"),
    ] {
        let found = read("Question", text);
        assert_eq!((found.kind, first(&found)), (Kind::Question, entry), "{text}: {found:#?}");
    }
    let english = Mail { language: Language::En, ..mail("Question", "Is there an end date?") };
    assert_eq!(first(&MODEL.classify(&english)), "duree");
}

#[test]
fn two_questions_are_two_asks_in_their_order() {
    let found = read(
        "Deux questions",
        "Bonjour,\n\nÀ qui devons-nous écrire pour nos questions ?\n\nEt jusqu'à quand la suspension est-elle en vigueur ?\n\nMerci\nÉva",
    );
    assert_eq!(found.suggestions, ["contact", "duree"], "{found:#?}");
    let asks: Vec<_> = found.asks.iter().map(|ask| (ask.entry.as_deref(), ask.text.as_str())).collect();
    assert_eq!(
        asks,
        [
            (Some("contact"), "À qui devons-nous écrire pour nos questions ?"),
            (Some("duree"), "Et jusqu'à quand la suspension est-elle en vigueur ?")
        ]
    );
    let ranking: Vec<&str> = found.candidates.iter().map(|candidate| candidate.entry.as_str()).collect();
    assert_eq!(ranking, ["contact", "duree", "budget"], "all entries, suggestions first");
}

#[test]
fn a_question_asked_twice_is_one_ask() {
    let found = read(
        "",
        "Jusqu'à quand la suspension est-elle en vigueur ? Quand la suspension prendra-t-elle fin ?",
    );
    assert_eq!(found.asks.len(), 1, "{found:#?}");
    assert_eq!(found.suggestions, ["duree"]);
}

#[test]
fn a_short_ask_is_read_with_what_led_up_to_it() {
    let found = read("Projet", "Notre projet est gratuit, sans budget et sans dépense.\nEst-ce permis ?");
    assert_eq!(first(&found), "budget", "{found:#?}");
    let asks: Vec<&str> = found.asks.iter().map(|ask| ask.text.as_str()).collect();
    assert_eq!(asks, ["Est-ce permis ?"], "what asks is shown, what led up to it is not");
}

#[test]
fn what_no_entry_answers_is_level_none() {
    let found = read("Portail", "Bonjour,\n\nJe n'arrive plus à ouvrir de session. Pouvez-vous m'aider ?");
    assert_eq!((found.kind, found.level), (Kind::Question, Level::None), "{found:#?}");
    assert!(found.suggestions.is_empty() && found.asks.iter().all(|ask| ask.entry.is_none()));
    assert_eq!(found.candidates.len(), 3, "the ranking is there all the same");
}

#[test]
fn thanks_and_information_ask_nothing() {
    for text in [
        "Merci beaucoup pour votre réponse.\n\nÉva Roy",
        "Bonjour,\n\nPour votre information, voici notre compte rendu. N'hésitez pas à nous écrire.\n\nÉva",
        "Bien reçu.",
    ] {
        let found = read("RE: Suspension", text);
        assert_eq!(found.kind, Kind::NoQuestion, "{text}: {found:#?}");
        assert!(found.suggestions.is_empty());
    }
}

#[test]
fn a_mail_without_words_is_for_a_person() {
    for (subject, text) in [("", ""), ("RE:", " \n\u{a0}\n"), ("", "—")] {
        let found = read(subject, text);
        assert_eq!((found.kind, found.level), (Kind::Question, Level::None));
    }
    // The question may stand in the subject alone.
    assert_eq!(first(&read("RE: Jusqu'à quand la suspension ?", "")), "duree");
}

#[test]
fn a_mail_about_something_else_is_never_sure() {
    let term = |meaning: &str, matter| crate::replies::Term {
        meaning: meaning.to_owned(),
        words: Vec::new(),
        matter,
        reason: String::new(),
    };
    let lexicon =
        Lexicon { terms: vec![term("suspension", true), term("date", false)], ..Lexicon::default() };
    let mut floors = Model::measure(lessons(), &lexicon, None).0;
    floors.sure = ["duree", "contact", "budget"].map(|slug| (slug.to_owned(), 0.1)).into();
    let model = Model::train(lessons(), &lexicon, floors, None);
    let read = |subject, text| model.classify(&mail(subject, text));
    // Without such words « contact » may be of anything; with them it is of the matter.
    let found = read("", "Quelle direction joindre au sujet de la dératisation du stationnement ?");
    assert_eq!((first(&found), found.level), ("contact", Level::Unsure), "{found:#?}");
    assert_eq!(found.unfamiliar, ["sujet", "dératisation", "stationnement"]);
    for (subject, text) in [
        ("", "Quelle direction joindre au ministère ?"),
        ("", "Quelle direction joindre au sujet de la suspension de la dératisation ?"),
        ("Suspension", "Quelle direction joindre au sujet de la dératisation du stationnement ?"),
    ] {
        let found = read(subject, text);
        assert_eq!((first(&found), found.level), ("contact", Level::Sure), "{text} {found:#?}");
        assert!(found.unfamiliar.is_empty());
    }
}

#[test]
fn automatic_mail_says_why() {
    let found = MODEL.classify(&Mail { automatic: Some("bounce"), ..mail("x", "Jusqu'à quand ?") });
    assert_eq!(
        (found.kind, found.level, found.reason.as_deref()),
        (Kind::Automatic, Level::None, Some("bounce"))
    );
    let found = read("Réponse automatique : Suspension", "Je suis absente. Qui contacter ?");
    assert_eq!((found.kind, found.reason.as_deref()), (Kind::Automatic, Some("auto-reply")));
    assert!(found.asks.is_empty() && found.suggestions.is_empty());
}

#[test]
fn a_message_is_read_by_its_newest_text() {
    let raw = "From: a@cegep-x.example\r\nTo: b@ministere.example\r\nSubject: Projet\r\nMessage-ID: <1@x.example>\r\n\
               Content-Type: text/plain; charset=utf-8\r\n\r\nNotre projet sans budget est-il suspendu ?\r\n\r\n\
               Le 25 mars 2025 à 10:06, B <b@ministere.example> a écrit :\r\n> Jusqu'à quand la suspension ?\r\n";
    let message: Message = message::read(raw.as_bytes(), &message::Banners::default());
    let found = MODEL.classify(&Mail::of(&message));
    assert_eq!(first(&found), "budget", "{found:#?}");
    assert_eq!(found.asks.len(), 1);
}

#[test]
fn the_words_that_decided_stand_in_the_mail_and_in_the_lessons() {
    let found = read("", "Jusqu'à quand la suspension sera-t-elle en vigueur chez nous ?");
    let words: Vec<&str> = found.evidence.iter().map(|evidence| evidence.word.as_str()).collect();
    assert!(words.contains(&"quand") && words.contains(&"vigueur"), "{found:#?}");
    for evidence in &found.evidence {
        assert!(evidence.entry == "duree" && evidence.weight > 0.0);
        assert!(LESSONS.iter().any(|(label, _, text)| *label == "duree" && *text == evidence.lesson));
    }
    let vigueur = found.evidence.iter().find(|evidence| evidence.word == "vigueur").unwrap();
    assert_eq!(vigueur.lesson, "Jusqu'à quand la suspension est-elle en vigueur ?");
    assert!(found.evidence.is_sorted_by(|a, b| a.weight >= b.weight));
}

#[test]
fn json_has_every_field_in_its_form() {
    let found = serde_json::to_value(read("", "Jusqu'à quand la suspension est-elle en vigueur ?")).unwrap();
    let keys: Vec<&str> = found.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "asks",
            "candidates",
            "contrasts",
            "evidence",
            "flags",
            "kind",
            "language",
            "level",
            "reason",
            "suggestions"
        ]
    );
    assert_eq!(found["kind"], "question");
    assert_eq!(found["language"], "fr");
    assert!(found["reason"].is_null());
    assert!(["sure", "unsure", "none"].contains(&found["level"].as_str().unwrap()));
    assert_eq!(found["asks"][0]["entry"], "duree");
    assert!(found["candidates"][0]["confidence"].as_f64().unwrap() > 0.3);
    assert_eq!(found["evidence"][0]["source"], "example");
    for (kind, name) in
        [(Kind::Question, "question"), (Kind::NoQuestion, "no-question"), (Kind::Automatic, "automatic")]
    {
        assert_eq!(serde_json::to_value(kind).unwrap(), name);
    }
}

#[test]
fn the_order_of_the_lessons_changes_no_byte() {
    let mails = [
        ("Projet", "Notre projet sans budget est-il suspendu, et jusqu'à quand ? Qui joindre ?"),
        ("", "Je n'arrive plus à ouvrir une session."),
        ("Re: x", "Merci, et bonne journée."),
    ];
    let answers = |model: &Model| -> Vec<String> {
        mails.iter().map(|(s, t)| serde_json::to_string(&model.classify(&mail(s, t))).unwrap()).collect()
    };
    let expected = answers(&MODEL);
    assert_eq!(answers(&MODEL), expected);
    let mut turned = lessons();
    turned.reverse();
    turned.rotate_left(7);
    // One of them twice, and one without a word: neither counts.
    turned.extend([turned[3].clone(), Lesson::new(Label::OffFaq, Language::Fr, " — ", Source::Example)]);
    let turned = model(turned);
    assert_eq!(turned.digest(), MODEL.digest());
    assert_eq!(answers(&turned), expected);
    let fewer = model(lessons().into_iter().skip(1));
    assert_ne!(fewer.digest(), MODEL.digest());
}

#[test]
fn too_few_lessons_make_nothing_sure() {
    for count in 0..4 {
        let model = model(lessons().into_iter().step_by(9).take(count));
        let found = model.classify(&mail("", "Jusqu'à quand la suspension est-elle en vigueur ?"));
        assert_ne!(found.level, Level::Sure, "{count} lessons");
        assert!(model.floors.sure.is_empty());
    }
}

proptest! {
    /// Whatever the text: the parts of an answer agree with each other.
    #[test]
    fn an_answer_never_contradicts_itself(
        subject in "\\PC{0,30}",
        words in prop::collection::vec(
            prop::sample::select(vec![
                "Jusqu'à", "quand", "la", "suspension", "?", "projet", "budget", "sans", "\n", "merci", "qui",
                "joindre", "direction", ".", "portail", "session", "pouvez-vous", "- ", "Bonjour,", "\u{202e}", "émoji😀",
            ]),
            0..40,
        ),
    ) {
        let found = read(&subject, &words.join(" "));
        let entries: Vec<_> = found.asks.iter().filter_map(|ask| ask.entry.clone()).collect();
        prop_assert_eq!(&entries, &found.suggestions);
        for ask in &found.asks {
            prop_assert_eq!(ask.entry.is_none(), ask.level == Level::None);
        }
        match found.level {
            Level::Sure => prop_assert!(!found.asks.is_empty() && found.asks.iter().all(|a| a.level == Level::Sure)),
            Level::Unsure => prop_assert!(!found.suggestions.is_empty()),
            Level::None => prop_assert!(found.suggestions.is_empty()),
        }
        if found.kind != Kind::Question {
            prop_assert!(found.asks.is_empty() && found.candidates.is_empty());
        }
        prop_assert!(found.candidates.iter().all(|c| (0.0..=1.0).contains(&c.confidence)));
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,300}|[\\x00-\\x7f]{0,300}") {
        let _ = read(&text, &text);
    }
}

//! The language as people type it: what is a command, what is wrong, what is left alone.

mod properties;

use super::*;
use crate::wording::Wording;

const NAMES: &[&str] = &["greffier", "@greffier:exemple.example", "Le Greffier"];
/// A shared room: one has to call.
const SHARED: Addressed<'_> = Addressed { names: NAMES, bare: false, thread: None };
/// A room of its own.
const OWN: Addressed<'_> = Addressed { names: NAMES, bare: true, thread: None };
/// Below the card of thread 12.
const CARD: Addressed<'_> = Addressed { names: NAMES, bare: true, thread: Some(12) };

fn remark(text: &str) -> Remark {
    Remark::new(text).unwrap()
}

fn entries(names: &[&str]) -> Vec<EntryName> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

#[track_caller]
fn command(text: &str, addressed: &Addressed<'_>) -> Command {
    match parse(text, addressed) {
        Said::Command(command) => command,
        other => panic!("{text:?}: {other:?}"),
    }
}

#[track_caller]
fn wrong(text: &str, addressed: &Addressed<'_>) -> Wrong {
    match parse(text, addressed) {
        Said::Wrong(wrong) => wrong,
        other => panic!("{text:?}: {other:?}"),
    }
}

#[test]
fn commands_are_read() {
    let code = Code::SAMPLE;
    for (text, meant) in [
        ("file", Command::Queue),
        ("QUEUE", Command::Queue),
        ("voir 12", Command::Show(12)),
        ("show #12", Command::Show(12)),
        ("voir nº 12", Command::Show(12)),
        ("voir nº\u{a0}12", Command::Show(12)),
        ("voir n°12", Command::Show(12)),
        ("voir No 12", Command::Show(12)),
        ("voir 0012", Command::Show(12)),
        ("voir 18446744073709551615", Command::Show(u64::MAX)),
        ("expliquer 12", Command::Explain(12)),
        ("  prendre   12  ", Command::Claim(12)),
        ("\n\nPrendre 12\n\n", Command::Claim(12)),
        ("Libérer 12", Command::Release(12)),
        ("LIBÉRER 12", Command::Release(12)),
        ("libe\u{301}rer 12", Command::Release(12)),
        ("liberer 12", Command::Release(12)),
        ("reclasser 12 contact", Command::Reclassify(12, entries(&["contact"]))),
        (
            "reclassify 12 Contact, demarche-structuree.courriel",
            Command::Reclassify(12, entries(&["contact", "demarche-structuree.courriel"])),
        ),
        ("reclasser 12 durée", Command::Reclassify(12, entries(&["duree"]))),
        ("modifier 12", Command::Edit(12)),
        ("approuver 12 K7QM2X", Command::Approve(12, code)),
        ("Approve #12 k7q-m2x", Command::Approve(12, code)),
        ("rejeter 12 déjà répondu", Command::Reject(12, remark("déjà répondu"))),
        ("reject 12 une\ndeux\r\n\r\n  trois ", Command::Reject(12, remark("une\ndeux\n\n  trois"))),
        // Blanks at the end of a line carry nothing, and the first line loses them anyway.
        ("rejeter 12 une \n\tdeux\t\n", Command::Reject(12, remark("une\n\tdeux"))),
        ("reprendre 12", Command::Withdraw(12)),
        ("RÉGLER 12 Envoyé", Command::Settle(12, Settlement::Sent)),
        ("regler 12 renvoyer", Command::Settle(12, Settlement::Resend)),
        ("settle 12 resend", Command::Settle(12, Settlement::Resend)),
        ("note 12 voir `x` 👍", Command::Note(12, remark("voir `x` 👍"))),
        ("note 12\nla suite", Command::Note(12, remark("la suite"))),
        ("état", Command::Status),
        ("status", Command::Status),
        ("délais", Command::Times(None)),
        ("delais Semaine", Command::Times(Some(Span::Week))),
        ("times month", Command::Times(Some(Span::Month))),
        ("délais année", Command::Times(Some(Span::Year))),
        ("times 2025-03", Command::Times(Some(Span::MonthOf { year: 2025, month: 3 }))),
        ("délais 2025", Command::Times(Some(Span::YearOf(2025)))),
        ("aide", Command::Help(None)),
        ("help libérer", Command::Help(Some(Verb::Release))),
        ("aide !approve", Command::Help(Some(Verb::Approve))),
    ] {
        assert_eq!(command(text, &OWN), meant, "{text:?}");
        let text = text.trim_start();
        for call in [
            "!",
            "! ",
            "greffier: ",
            "Greffier, ",
            "GREFFIER ",
            "@greffier:exemple.example: ",
            "le greffier : !",
        ] {
            assert_eq!(command(&format!("{call}{text}"), &SHARED), meant, "{call}{text:?}");
        }
    }
}

#[test]
fn below_a_card_its_number_may_be_left_out() {
    for (text, meant) in [
        ("voir", Command::Show(12)),
        ("voir nº 12", Command::Show(12)),
        ("approuver K7QM2X", Command::Approve(12, Code::SAMPLE)),
        ("approuver 12 K7QM2X", Command::Approve(12, Code::SAMPLE)),
        ("approuver 123456", Command::Approve(12, "123456".parse().unwrap())),
        ("reclasser contact", Command::Reclassify(12, entries(&["contact"]))),
        ("régler envoyé", Command::Settle(12, Settlement::Sent)),
        ("note no comment", Command::Note(12, remark("no comment"))),
        ("note 12 rappeler", Command::Note(12, remark("rappeler"))),
        ("note\nrappeler", Command::Note(12, remark("rappeler"))),
        ("rejeter 3e demande", Command::Reject(12, remark("3e demande"))),
        ("délais 2025", Command::Times(Some(Span::YearOf(2025)))),
    ] {
        assert_eq!(command(text, &CARD), meant, "{text:?}");
    }
    let other = |given| Mistake::OtherThread { given, card: 12 };
    for (text, mistake) in [
        ("voir 13", other(13)),
        ("approuver 13 K7QM2X", other(13)),
        ("approuver 13", other(13)),
        ("approuver 12", Mistake::MissingCode),
        ("approuver", Mistake::MissingCode),
        // Better asked once too often than a note on the wrong thread.
        ("note 3 personnes ont appelé", other(3)),
        ("voir contact", Mistake::NotANumber { word: "contact".to_owned() }),
        ("note １２ rappeler", Mistake::Strange('１')),
        ("note", Mistake::MissingWords),
    ] {
        let wrong = wrong(text, &CARD);
        assert_eq!((wrong.mistake, wrong.thread), (mistake, Some(12)), "{text:?}");
    }
}

#[test]
fn what_is_not_for_the_bot_is_left_alone() {
    for text in [
        "",
        " ",
        "bonjour",
        "greffier",
        "greffiers: file",
        "monsieur greffier: file",
        "> approuver 3 K7QM2X",
        ">approuver 3 K7QM2X",
        "> approuver 3 K7QM2X\napprouver 3 K7QM2X",
        "!> approuver 3 K7QM2X",
        "greffier: > file",
        "`approuver 3 K7QM2X`",
        "!`file`",
        "greffier: `file`",
        "```\napprouver 3 K7QM2X\n```",
        "~~~\napprouver 3 K7QM2X\n~~~",
        "    approuver 3 K7QM2X",
        "\tapprouver 3 K7QM2X",
        "bonjour\napprouver 3 K7QM2X",
        "bonjour\r\n!approuver 3 K7QM2X",
        "- approuver 3 K7QM2X",
        "« approuver 3 K7QM2X »",
        "\"approuver 3 K7QM2X\"",
        // Near a verb, and yet only talk.
        "Notre ministère répondra",
        "Fil 12 est réglé",
        "Avoir su, j’aurais appelé",
        "Apprendre à rédiger prend du temps",
        "Règle générale, on répond le jour même",
        "привет всем",
    ] {
        assert_eq!(parse(text, &OWN), Said::NotForMe, "{text:?}");
        assert_eq!(parse(text, &CARD), Said::NotForMe, "{text:?}");
    }
    for text in ["file", "approuver 3 K7QM2X", "greffier\nfile", "aprouver 3"] {
        assert_eq!(parse(text, &SHARED), Said::NotForMe, "{text:?}");
    }
    let nameless = Addressed { names: &["", " "], ..SHARED };
    assert_eq!(parse(": file", &nameless), Said::NotForMe);
}

#[test]
fn mistakes_are_told_apart() {
    let unknown = |word: &str| Mistake::UnknownVerb { word: word.to_owned() };
    let no_number = |word: &str| Mistake::NotANumber { word: word.to_owned() };
    let bad_code = |word: &str| Mistake::BadCode { word: word.to_owned() };
    for (text, mistake, verb) in [
        ("!", Mistake::NoVerb, None),
        ("greffier:", Mistake::NoVerb, None),
        ("!merci", unknown("merci"), None),
        ("greffier, @room merci", unknown("room"), None),
        ("aprouver 12 K7QM2X", unknown("aprouver"), Some(Verb::Approve)),
        ("approuvez 12", unknown("approuvez"), Some(Verb::Approve)),
        ("!libéré 12", unknown("libéré"), Some(Verb::Release)),
        ("ntoe 12 bonjour", unknown("ntoe"), Some(Verb::Note)),
        ("aide aprouver", unknown("aprouver"), Some(Verb::Help)),
        ("voir", Mistake::MissingNumber, Some(Verb::Show)),
        ("approuver K7QM2X", Mistake::MissingNumber, Some(Verb::Approve)),
        ("voir douze", no_number("douze"), Some(Verb::Show)),
        ("voir 0", no_number("0"), Some(Verb::Show)),
        ("voir -1", no_number("-1"), Some(Verb::Show)),
        ("voir +1", no_number("1"), Some(Verb::Show)),
        ("voir 12.5", no_number("12.5"), Some(Verb::Show)),
        ("voir 18446744073709551616", no_number("18446744073709551616"), Some(Verb::Show)),
        ("approuver 12", Mistake::MissingCode, Some(Verb::Approve)),
        ("approuver 12 K7QM2", bad_code("K7QM2"), Some(Verb::Approve)),
        ("approuver 12 K7QM2U", bad_code("K7QM2U"), Some(Verb::Approve)),
        ("rejeter 12", Mistake::MissingWords, Some(Verb::Reject)),
        ("rejeter 12 \u{200b}", Mistake::MissingWords, Some(Verb::Reject)),
        ("note 12", Mistake::MissingWords, Some(Verb::Note)),
        ("reclasser 12", Mistake::MissingEntry, Some(Verb::Reclassify)),
        ("reclasser 12 a/b", Mistake::BadEntry { word: "ab".to_owned() }, Some(Verb::Reclassify)),
        ("régler 12", Mistake::MissingSettlement, Some(Verb::Settle)),
        ("régler 12 perdu", Mistake::UnknownSettlement { word: "perdu".to_owned() }, Some(Verb::Settle)),
        ("délais hier", Mistake::UnknownSpan { word: "hier".to_owned() }, Some(Verb::Times)),
        ("délais 2025-13", Mistake::UnknownSpan { word: "2025-13".to_owned() }, Some(Verb::Times)),
        ("file 12", Mistake::TooManyWords { word: "12".to_owned() }, Some(Verb::Queue)),
        (
            "approuver 12 K7QM2X merci",
            Mistake::TooManyWords { word: "merci".to_owned() },
            Some(Verb::Approve),
        ),
        ("approuver 12 K7QM2X\nmerci", Mistake::SeveralLines, Some(Verb::Approve)),
        ("file\u{2028}merci", Mistake::SeveralLines, Some(Verb::Queue)),
        ("approuver 12\nK7QM2X", Mistake::SeveralLines, Some(Verb::Approve)),
        ("note\n12 bonjour", Mistake::MissingNumber, Some(Verb::Note)),
    ] {
        let wrong = wrong(text, &OWN);
        assert_eq!((wrong.mistake, wrong.verb), (mistake, verb), "{text:?}");
    }
}

#[test]
fn what_looks_like_a_command_but_is_none_is_refused() {
    for (text, found) in [
        ("аpprouver 12 K7QM2X", 'а'),
        ("аррrоuvеr 12 K7QM2X", 'а'),
        ("ａｐｐｒｏｕｖｅｒ 12 K7QM2X", 'ａ'),
        ("app\u{200b}rouver 12 K7QM2X", '\u{200b}'),
        ("\u{200b}approuver 12 K7QM2X", '\u{200b}'),
        ("\u{202e}approuver 12 K7QM2X", '\u{202e}'),
        ("\u{feff}!approuver 12 K7QM2X", '\u{feff}'),
        ("！approuver 12 K7QM2X", '！'),
        ("!еdit 12", 'е'),
        ("approuver １２ K7QM2X", '１'),
        ("approuver 1٢ K7QM2X", '٢'),
        ("approuver #1\u{200d}2 K7QM2X", '\u{200d}'),
        ("approuver 1О K7QM2X", 'О'),
        ("approuver 12 К7QM2X", 'К'),
        ("approuver 12 \u{212a}7QM2X", '\u{212a}'),
        ("approuver 12 K7QM２X", '２'),
        ("approuver 12 K7Q\u{2011}M2X", '\u{2011}'),
        ("approuver 12 K7QM2X \u{202e}", '\u{202e}'),
        ("voir 12\u{202c}", '\u{202c}'),
        ("note １２ texte", '１'),
        ("reclasser 12 соntact", 'с'),
        ("délais ２025", '２'),
        ("régler 12 еnvoyé", 'е'),
        ("aide аide", 'а'),
    ] {
        let wrong = wrong(text, &OWN);
        assert_eq!(wrong.mistake, Mistake::Strange(found), "{text:?}");
        assert!(wrong.line(Wording::of(Language::Fr)).contains(&format!("U+{:04X}", u32::from(found))));
    }
}

#[test]
fn too_long_is_said_only_to_whoever_asked() {
    let long = |start: &str| format!("{start}{}", "é".repeat(LONGEST));
    assert_eq!(wrong(&long("!note 12 "), &SHARED).mistake, Mistake::TooLong);
    assert_eq!(wrong(&long("note 12 "), &OWN).mistake, Mistake::TooLong);
    assert_eq!(wrong(&long("note 12 a\n"), &OWN).mistake, Mistake::TooLong);
    assert_eq!(parse(&long("note 12 "), &SHARED), Said::NotForMe);
    assert_eq!(parse(&long("bonjour "), &OWN), Said::NotForMe);
    assert_eq!(parse(&long(""), &OWN), Said::NotForMe);
    let most = format!("note 12 {}", "é".repeat(LONGEST - 8));
    assert_eq!(command(&most, &OWN).verb(), Verb::Note);
}

#[test]
fn a_mistake_is_one_line_with_the_nearest_right_form() {
    let (french, english) = (Wording::of(Language::Fr), Wording::of(Language::En));
    for (text, line) in [
        (
            "aprouver 12",
            "«\u{a0}aprouver\u{a0}» n’est pas une commande. Par exemple\u{a0}: !approuver 12 K7QM2X",
        ),
        ("!merci", "«\u{a0}merci\u{a0}» n’est pas une commande. Pour voir les commandes\u{a0}: !aide"),
        (
            "approuver 12",
            "Il manque le code qui se lit sur la fiche. Par exemple\u{a0}: !approuver 12 K7QM2X",
        ),
        ("rejeter 12", "Il manque la raison. Par exemple\u{a0}: !rejeter 12 déjà répondu par téléphone"),
        (
            "délais x",
            "«\u{a0}x\u{a0}» n’est pas une période que je connais. Par exemple\u{a0}: !délais semaine",
        ),
    ] {
        assert_eq!(wrong(text, &OWN).line(french), line);
    }
    let card = Addressed { thread: Some(7), ..OWN };
    let line = "The code that stands on the card is missing. For example: !approve 7 K7QM2X";
    assert_eq!(wrong("approuver", &card).line(english), line);
}

#[test]
fn only_notes_and_reasons_carry_words() {
    // Whoever adds a variant decides here whether it carries words; and if so, that they
    // are a `Remark`, which no letter is made of.
    let words = |command: &Command| -> Option<Remark> {
        match command {
            Command::Queue | Command::Status => None,
            Command::Show(id)
            | Command::Explain(id)
            | Command::Claim(id)
            | Command::Release(id)
            | Command::Edit(id)
            | Command::Withdraw(id) => {
                let _: &ThreadId = id;
                None
            }
            Command::Reclassify(_, entries) => {
                // Identifiers: neither holds a blank, let alone a sentence.
                let _: &Vec<EntryName> = entries;
                None
            }
            Command::Approve(_, code) => {
                let _: &Code = code;
                None
            }
            Command::Settle(_, outcome) => {
                let _: &Settlement = outcome;
                None
            }
            Command::Times(span) => {
                let _: &Option<Span> = span;
                None
            }
            Command::Help(verb) => {
                let _: &Option<Verb> = verb;
                None
            }
            Command::Reject(_, remark) | Command::Note(_, remark) => Some(remark.clone()),
        }
    };
    for verb in Verb::all() {
        for example in verb.examples(Wording::of(Language::Fr), 12) {
            assert_eq!(words(&example).is_some(), matches!(verb, Verb::Reject | Verb::Note), "{verb:?}");
        }
    }
    assert!("une phrase".parse::<EntryName>().is_err());
}

#[test]
fn what_the_help_gives_as_an_example_is_read() {
    for language in Language::ALL {
        let wording = Wording::of(language);
        let list = help(wording, None);
        assert_eq!(list.len(), Verb::all().count() + 3);
        for verb in Verb::all() {
            assert!(list.iter().any(|line| line.starts_with(&verb.usage(wording))), "{verb:?}");
            let lines = help(wording, Some(verb));
            let before = wording.with("chat-example", &[("example", &"")]);
            let examples: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix(&before)).collect();
            assert!(!examples.is_empty(), "{verb:?}");
            for example in examples {
                assert_eq!(command(example, &OWN).verb(), verb, "{example}");
                assert_eq!(command(&format!("!{example}"), &SHARED).verb(), verb, "{example}");
            }
        }
        let before = wording.with("chat-help-more", &[("example", &"")]);
        let more = list.last().and_then(|line| line.strip_prefix(&before)).unwrap();
        assert_eq!(command(more, &OWN), Command::Help(Some(Verb::Approve)));
        for line in list.iter().chain(&help(wording, Some(Verb::Reject))) {
            assert!(!line.contains("chat-") && !line.contains('\n'), "{line}");
        }
    }
}

#[test]
fn what_a_mistake_gives_as_an_example_is_read() {
    for language in Language::ALL {
        let wording = Wording::of(language);
        let before = wording.with("chat-example", &[("example", &"")]);
        for verb in Verb::all() {
            let wrong = Wrong { mistake: Mistake::SeveralLines, verb: Some(verb), thread: Some(12) };
            let line = wrong.line(wording);
            let (_, example) = line.split_once(&before).unwrap();
            assert_eq!(command(example, &CARD).verb(), verb, "{line}");
        }
    }
}

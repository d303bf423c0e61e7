//! The parser and the rendering, on small libraries made here.

use super::*;
use crate::wording::Wording;
use jiff::civil::date;
use proptest::prelude::*;

const LETTER: &str = "+++\nversion = 1\nsubject = \"S\"\nsalutation = \"Bonjour,\"\nintroduction = \"I\"\n\
introduction_several = \"P\"\nheading = \"### {{ title }}\"\nconclusion = \"C\"\nclosing = \"F\"\nsignature = \"N\"\n+++\n";

const HEAD: &str = "title = \"T\"\nquestion = \"Q ?\"\nexamples = [\"un\", \"deux\"]\nversion = 3\n\
effective = 2025-03-18\nsource = { document = \"D\", section = \"S\" }\n";

fn entry_text(extra: &str, body: &str) -> String {
    format!("+++\n{HEAD}{extra}+++\n\n{body}\n")
}

fn files(list: &[(&str, &str)]) -> Vec<(PathBuf, String)> {
    let letters = [("fr/_letter.md", LETTER), ("en/_letter.md", LETTER)];
    let missing = letters.iter().filter(|(path, _)| list.iter().all(|(given, _)| given != path));
    missing.chain(list).map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect()
}

fn good(list: &[(&str, &str)]) -> Replies {
    Replies::parse(files(list)).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The problems of one entry file beside a good library.
fn bad(path: &str, text: &str) -> Vec<Problem> {
    Replies::parse(files(&[("fr/bon.md", &entry_text("", "Oui.")), (path, text)])).unwrap_err()
}

fn only(path: &str, text: &str, line: Option<usize>, kind: ProblemKind) {
    assert_eq!(bad(path, text), [Problem { file: path.into(), line, kind }], "{text}");
}

fn slug(name: &str) -> Slug {
    name.parse().unwrap()
}

#[test]
fn an_entry_gives_back_what_its_file_says() {
    let text = "\u{feff}".to_owned()
        + &entry_text(
            "keywords = [\"k\"]\nsuperseded = 2025-12-19\nattachments = [\"guide.pdf\"]\n\
             approved_by = \"Comité\"\napproved_on = 2025-03-17\n\
             asks = [{ name = \"jour\", label = \"jour de la rencontre\" }]\n",
            "Le {{ field.jour }}.",
        )
        .replace('\n', "\r\n");
    let replies = good(&[("fr/a-1.md", &text)]);
    let entry = replies.entry(Language::Fr, &slug("a-1")).unwrap();
    assert_eq!(entry.id.to_string(), "fr/a-1");
    assert_eq!((entry.title.as_str(), entry.question.as_str()), ("T", "Q ?"));
    assert_eq!(entry.examples, ["un", "deux"]);
    assert_eq!(entry.keywords, ["k"]);
    assert_eq!(entry.version, 3);
    assert_eq!(entry.approval, Some(Approval { by: "Comité".into(), on: date(2025, 3, 17) }));
    assert!(entry.is_approved());
    assert_eq!(entry.source, Source { document: "D".into(), section: "S".into() });
    assert_eq!(entry.attachments, ["guide.pdf"]);
    assert_eq!(entry.markdown(), "Le {{ field.jour }}.");
    assert!(!entry.is_effective_on(date(2025, 3, 17)));
    assert!(entry.is_effective_on(date(2025, 3, 18)));
    assert!(entry.is_effective_on(date(2025, 12, 18)));
    assert!(!entry.is_superseded_on(date(2025, 12, 18)));
    assert!(entry.is_superseded_on(date(2025, 12, 19)) && !entry.is_effective_on(date(2025, 12, 19)));
}

#[test]
fn variables_are_filled_and_open_fields_stay_visible() {
    let text = entry_text(
        "asks = [{ name = \"jour\", label = \"jour de la rencontre\" }]\n",
        "{{salutation}} À {{ organisation }}, le {{ date }} : {{ field.jour }}, {{ field.jour }}.",
    );
    let replies = good(&[("fr/a.md", &text), ("en/a.md", &text)]);
    let french = replies.entry(Language::Fr, &slug("a")).unwrap();
    let open = french.render(&Values::default());
    assert_eq!(
        open.markdown,
        "[à compléter\u{a0}: formule d’appel] À [à compléter\u{a0}: nom de l’organisme], \
         le [à compléter\u{a0}: date] : [à compléter\u{a0}: jour de la rencontre], \
         [à compléter\u{a0}: jour de la rencontre]."
    );
    let names: Vec<&str> = open.open.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["salutation", "organisation", "date", "jour"]);

    let mut values = Values {
        organisation: Some("Cégep de l’Exemple".into()),
        date: Some(date(2025, 4, 1)),
        salutation: Some("Bonjour,".into()),
        fields: BTreeMap::from([("jour".into(), "lundi".into())]),
    };
    let filled = french.render(&values);
    assert_eq!(filled.markdown, "Bonjour, À Cégep de l’Exemple, le 1er avril 2025 : lundi, lundi.");
    assert_eq!(filled.open, []);

    values.fields.insert("jour".into(), " \n ".into());
    let english = replies.entry(Language::En, &slug("a")).unwrap().render(&values);
    assert!(english.markdown.contains("le April 1, 2025 : [to fill in: jour de la rencontre]"));
    assert_eq!(english.open, [Field { name: "jour".into(), label: "jour de la rencontre".into() }]);
}

#[test]
fn a_value_cannot_bring_markup_or_new_lines() {
    let replies = good(&[("fr/a.md", &entry_text("", "Pour {{ organisation }}"))]);
    let hostile = "Cégep\r\n\r\n# <b>*X*</b> [ici](http://mal.example) & `y` \u{0}";
    let values = Values { organisation: Some(hostile.into()), ..Values::default() };
    let markdown = replies.entry(Language::Fr, &slug("a")).unwrap().render(&values).markdown;
    let events: Vec<_> = pulldown_cmark::Parser::new(&markdown).collect();
    let shown: String = events
        .iter()
        .filter_map(|event| match event {
            pulldown_cmark::Event::Text(text) => Some(text.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(shown, "Pour Cégep # <b>*X*</b> [ici](http://mal.example) & `y`");
    assert_eq!(
        events.len(),
        events.iter().filter(|e| matches!(e, pulldown_cmark::Event::Text(_))).count() + 2
    );
}

#[test]
fn a_missing_language_falls_back_to_the_other() {
    let one = [
        (PathBuf::from("fr/a.md"), entry_text("", "Oui.")),
        (PathBuf::from("fr/_letter.md"), LETTER.to_owned()),
    ];
    let replies = Replies::parse(one).unwrap();
    assert_eq!(replies.entry(Language::En, &slug("a")).unwrap().id.language, Language::Fr);
    assert_eq!(replies.variants(Language::En, &slug("a")).count(), 1);
    assert_eq!(replies.letter(Language::En).language, Language::Fr);
    assert!(replies.entry(Language::Fr, &slug("b")).is_none());
    assert_eq!(replies.variants(Language::Fr, &slug("b")).count(), 0);
}

#[test]
fn the_variant_that_says_so_is_the_default() {
    let plain = entry_text("variant_title = \"p\"\n", "Un.");
    let other = entry_text("variant_title = \"v\"\ndefault = true\n", "Deux.");
    let replies = good(&[("fr/a.md", &plain), ("fr/a.b.md", &other), ("fr/a-b.md", &plain)]);
    assert_eq!(replies.entry(Language::Fr, &slug("a")).unwrap().markdown(), "Deux.");
    let ids: Vec<String> =
        replies.variants(Language::Fr, &slug("a")).map(|entry| entry.id.to_string()).collect();
    assert_eq!(ids, ["fr/a.b", "fr/a"]);
    let id: EntryId = "fr/a".parse().unwrap();
    assert_eq!(replies.by_id(&id).unwrap().markdown(), "Un.");
}

#[test]
fn examples_of_the_front_matter_and_of_the_file_are_joined() {
    let replies = good(&[
        ("fr/a.md", &entry_text("", "Oui.")),
        ("examples/fr/a.txt", "# rem\ndeux\n\ntrois\n# au milieu\nsuite\n\n\n"),
        ("examples/fr/hors-faq.txt", "autre chose\n"),
    ]);
    let texts = |language, label| -> Vec<&str> {
        replies.examples(language, label).iter().map(|example| example.text.as_str()).collect()
    };
    assert_eq!(texts(Language::Fr, "a"), ["un", "deux", "trois suite"]);
    assert_eq!(texts(Language::Fr, OFF_FAQ), ["autre chose"]);
    assert_eq!(texts(Language::En, OFF_FAQ), [""; 0]);
}

#[test]
fn the_digest_follows_what_the_text_says_and_nothing_else() {
    let digests = |text: &str| {
        let replies = good(&[("fr/a.md", text)]);
        let entry = replies.entry(Language::Fr, &slug("a")).unwrap().digest().to_owned();
        (replies.digest().to_owned(), entry)
    };
    let first = digests(&entry_text("", "Oui."));
    assert_eq!(first.0.len(), 64);
    assert_eq!(first, digests(&entry_text("# une remarque\n\n", "\nOui.  ")));
    assert_eq!(first, digests(&entry_text("superseded = \"\"\n", "Oui.")));
    let (whole, entry) = digests(&entry_text("keywords = [\"k\"]\n", "Oui."));
    assert!(whole != first.0 && entry == first.1, "keywords choose, but stand in no letter");
    for changed in [
        entry_text("", "Non."),
        entry_text("superseded = 2025-12-19\n", "Oui."),
        entry_text("approved_by = \"X\"\napproved_on = 2025-01-01\n", "Oui."),
        entry_text("", "Oui.").replace("version = 3", "version = 4"),
    ] {
        let (whole, entry) = digests(&changed);
        assert!(whole != first.0 && entry != first.1, "{changed}");
    }
}

#[test]
fn attachments_must_be_there_and_count_in_the_digest() {
    let text = entry_text("attachments = [\"g.pdf\"]\n", "Voir le guide.");
    let replies = good(&[("fr/a.md", &text), ("en/a.md", &text)]);
    let attached = |bytes: &[u8]| {
        let found = BTreeMap::from([("g.pdf".to_owned(), bytes.to_vec()), ("autre".to_owned(), Vec::new())]);
        replies.clone().attach(found).unwrap()
    };
    assert_eq!(attached(b"un").attachment("g.pdf"), Some(&b"un"[..]));
    assert_eq!(attached(b"un").attachments().collect::<Vec<_>>(), ["autre", "g.pdf"]);
    assert_ne!(attached(b"un").digest(), attached(b"deux").digest());
    let problems = replies.attach(BTreeMap::new()).unwrap_err();
    assert_eq!(problems.len(), 2);
    assert_eq!(problems[0], Problem::of(Path::new("fr/a.md"), ProblemKind::NoAttachment("g.pdf".into())));
}

#[test]
fn each_broken_file_is_named_with_line_and_reason() {
    use ProblemKind as K;
    let at = |line| Some(line);
    let head = |extra: &str| entry_text(extra, "Oui.");
    let wrong = |key: &str, form| K::Wrong(key.to_owned(), form);
    let path = "fr/a.md";
    only(path, "", at(1), K::NoFrontMatter);
    only(path, "title = \"T\"\n", at(1), K::NoFrontMatter);
    only(path, "+++\ntitle = \"T\"\n", at(1), K::OpenFrontMatter);
    only(path, &head("titre = \"T\"\n"), at(8), K::UnknownKey("titre".into()));
    only(path, &head("").replace("title = \"T\"\n", ""), at(1), K::MissingKey("title"));
    only(path, &head("").replace("effective = 2025-03-18\n", ""), at(1), K::MissingKey("effective"));
    only(path, &head("").replace("version = 3", "version = 0"), at(5), wrong("version", Form::Count));
    only(path, &head("").replace("version = 3", "version = \"3\""), at(5), wrong("version", Form::Count));
    only(path, &head("").replace("2025-03-18", "\"\""), at(6), wrong("effective", Form::Date));
    only(path, &head("").replace("2025-03-18", "2025-03-18T10:00:00"), at(6), wrong("effective", Form::Date));
    only(path, &head("").replace("\"T\"", "\"  \""), at(2), wrong("title", Form::Line));
    only(path, &head("").replace("\"T\"", "\"a\\nb\""), at(2), wrong("title", Form::Line));
    only(path, &head("").replace("\"T\"", "\"a\\u0007b\""), at(2), K::Control);
    only(path, &head("").replace("[\"un\", \"deux\"]", "[]"), at(4), wrong("examples", Form::SomeLines));
    only(path, &head("").replace("\"deux\"", "\n2"), at(5), wrong("examples", Form::SomeLines));
    only(
        path,
        &head("").replace("{ document = \"D\", section = \"S\" }", "\"D\""),
        at(7),
        wrong("source", Form::Source),
    );
    only(path, &head("").replace(", section = \"S\"", ""), at(7), wrong("source", Form::Source));
    only(
        path,
        &head("").replace("section = \"S\"", "section = \"S\", page = 1"),
        at(7),
        K::UnknownKey("source.page".into()),
    );
    only(path, &head("superseded = 2025-01-01\n"), at(8), K::SupersededEarly);
    only(path, &head("approved_by = \"X\"\n"), at(8), K::HalfApproval);
    only(path, &head("approved_on = 2025-01-01\n"), at(8), K::HalfApproval);
    only(path, &head("default = \"oui\"\n"), at(8), wrong("default", Form::Flag));
    only(path, &head("attachments = [\"../g.pdf\"]\n"), at(8), wrong("attachments", Form::FileName));
    only(path, &head("asks = [\"x\"]\n"), at(8), wrong("asks", Form::Asks));
    only(path, &head("asks = [{ name = \"x\", label = \"l\" }]\n"), at(8), K::UnusedField("x".into()));
    only(path, &head("asks = [{ name = \"É\", label = \"l\" }]\n"), at(8), K::BadName("É".into()));
    only(
        path,
        &entry_text(
            "asks = [{ name = \"x\", label = \"l\" },\n{ name = \"x\", label = \"m\" }]\n",
            "{{ field.x }}",
        ),
        at(9),
        K::RepeatedField("x".into()),
    );
    only(path, &entry_text("", "  "), at(9), K::NoBody);
    only(path, &entry_text("", "Un\n\n{{ organisme }}"), at(12), K::UnknownVariable("organisme".into()));
    only(path, &entry_text("", "{{ date }}\n{{ date"), at(11), K::OpenVariable);
    only(path, &entry_text("", "Un\n{{ field.x }}"), at(11), K::UndeclaredField("x".into()));
    only(path, &entry_text("", "Un\u{7}"), at(10), K::Control);
    only(path, &"x".repeat(LONGEST_FILE + 1), None, K::TooLong(LONGEST_FILE));
    only("fr/É.md", &head(""), None, K::BadName("É".into()));
    only("fr/a.b.c.md", &head(""), None, K::BadName("b.c".into()));
    only("fr/hors-faq.md", &head(""), None, K::Reserved("hors-faq".into()));
    only("fr/a.txt", &head(""), None, K::Misplaced);
    only("es/a.md", &head(""), None, K::Misplaced);
    only("a.md", &head(""), None, K::Misplaced);
    only("fr/a.b.md", &head(""), at(1), K::MissingKey("variant_title"));
    only("fr/a.b.md", &head("variant_title = \"v\"\n"), None, K::NoDefault("a".into()));
    only(
        "fr/bon.b.md",
        &head("variant_title = \"v\"\n").replace("+++\n\n", "+++\n{{ x }}\n"),
        at(10),
        K::UnknownVariable("x".into()),
    );
    only("examples/fr/rien.txt", "x", None, K::UnknownLabel("rien".into()));
    only("fr/_letter.md", &LETTER.replace("{{ title }}", "T"), at(7), K::MissingVariable("{{ title }}"));
    only("fr/_letter.md", &LETTER.replace("###", "{{ x }}"), at(7), K::UnknownVariable("x".into()));
    only("fr/_letter.md", &LETTER.replace("subject = \"S\"\n", ""), at(1), K::MissingKey("subject"));
}

#[test]
fn toml_errors_have_the_line_of_the_file() {
    let problems = bad("fr/a.md", &entry_text("keywords = [\n  \"a\n]\n", "Oui."));
    assert_eq!((problems.len(), problems[0].line), (1, Some(9)));
    assert!(matches!(&problems[0].kind, ProblemKind::NotToml(why) if !why.contains('\n')));
    let twice = bad("fr/a.md", &entry_text("title = \"U\"\n", "Oui."));
    assert!(matches!(twice[0], Problem { line: Some(8), kind: ProblemKind::NotToml(_), .. }), "{twice:?}");
}

#[test]
fn problems_of_several_files_come_together() {
    let default = |body: &str| entry_text("variant_title = \"v\"\ndefault = true\n", body);
    let found = Replies::parse(files(&[
        ("fr/a.md", &default("Un.")),
        ("fr/a.b.md", &default("Deux.")),
        ("en/a.md", &entry_text("x = 1\ny = 2\n", "{{ z }}")),
        ("fr/_letter.md", &format!("{LETTER}\nreste\n")),
    ]))
    .unwrap_err();
    let kinds: Vec<_> = found.iter().map(|p| (p.file.to_str().unwrap(), p.line, &p.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("en/a.md", Some(8), &ProblemKind::UnknownKey("x".into())),
            ("en/a.md", Some(9), &ProblemKind::UnknownKey("y".into())),
            ("en/a.md", Some(12), &ProblemKind::UnknownVariable("z".into())),
            ("fr/_letter.md", Some(13), &ProblemKind::UnwantedBody),
            ("fr/a.b.md", None, &ProblemKind::SecondDefault("a".into())),
        ]
    );
}

#[test]
fn an_empty_library_and_a_missing_letter_are_problems() {
    let none = Replies::parse([]).unwrap_err();
    assert_eq!(none, [Problem::of(Path::new(""), ProblemKind::NoEntries)]);
    let one = Replies::parse([(PathBuf::from("en/a.md"), entry_text("", "Yes."))]).unwrap_err();
    assert_eq!(one, [Problem::of(Path::new("en/_letter.md"), ProblemKind::NoLetter(Language::En))]);
    let same = (PathBuf::from("fr/a.md"), entry_text("", "Oui."));
    let mut twice = files(&[]);
    twice.extend([same.clone(), same]);
    let twice = Replies::parse(twice).unwrap_err();
    assert_eq!(twice, [Problem::of(Path::new("fr/a.md"), ProblemKind::Twice)]);
}

#[test]
fn problems_read_well_in_both_languages() {
    let problem = Problem::at(Path::new("fr/a.md"), 8, ProblemKind::Wrong("version".into(), Form::Count));
    assert_eq!(
        problem.line(&Wording::new(Language::Fr)),
        "fr/a.md, ligne 8\u{a0}: «\u{a0}version\u{a0}»\u{a0}: nombre entier à partir de 1 attendu."
    );
    assert_eq!(
        problem.line(&Wording::new(Language::En)),
        "fr/a.md, line 8: \"version\": expected a whole number from 1 on."
    );
}

/// A key without a text would be shown as itself.
#[test]
fn every_problem_has_its_text_in_both_languages() {
    use ProblemKind as K;
    let name = || "nom".to_owned();
    let mut kinds = vec![
        K::Unreadable(name()),
        K::NoFolder,
        K::NotUtf8,
        K::TooLong(1),
        K::Control,
        K::Misplaced,
        K::BadName(name()),
        K::Reserved(name()),
        K::Twice,
        K::NoFrontMatter,
        K::OpenFrontMatter,
        K::NotToml(name()),
        K::UnknownKey(name()),
        K::MissingKey("nom"),
        K::HalfApproval,
        K::SupersededEarly,
        K::NoBody,
        K::UnwantedBody,
        K::OpenVariable,
        K::UnknownVariable(name()),
        K::MissingVariable("nom"),
        K::UndeclaredField(name()),
        K::UnusedField(name()),
        K::RepeatedField(name()),
        K::NoDefault(name()),
        K::SecondDefault(name()),
        K::NoLetter(Language::Fr),
        K::NoEntries,
        K::UnknownLabel(name()),
        K::NoAttachment(name()),
    ];
    let forms = [
        Form::Line,
        Form::Text,
        Form::Lines,
        Form::SomeLines,
        Form::Count,
        Form::Date,
        Form::Flag,
        Form::Source,
        Form::Asks,
        Form::FileName,
    ];
    kinds.extend(forms.map(|form| K::Wrong(name(), form)));
    for language in Language::ALL {
        let wording = Wording::new(language);
        for kind in &kinds {
            let line = Problem::of(Path::new("x.md"), kind.clone()).line(&wording);
            assert!(
                !line.contains("replies-") && !line.contains('$') && line.ends_with('.'),
                "{kind:?}: {line}"
            );
        }
    }
}

#[test]
fn ids_are_written_and_read_back() {
    for text in ["fr/a", "en/demarche-structuree.courriel"] {
        let id: EntryId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<EntryId>(&json).unwrap(), id);
    }
    for text in ["", "a", "fr/", "fr/A", "fr/a.", "fr/a.b.c", "xx/a", "fr/-a", "fr/a/b", "fr/a b"] {
        assert!(text.parse::<EntryId>().is_err(), "{text}");
    }
    assert!(serde_json::from_str::<Slug>("\"../a\"").is_err());
}

/// The TOML parser must not be driven into the ground by one file.
#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [("[", "]"), ("{a=", "}")] {
        let deep = format!("keywords = {}{}\n", open.repeat(20_000), close.repeat(20_000));
        assert!(!bad("fr/a.md", &entry_text(&deep, "Oui.")).is_empty());
    }
}

proptest! {
    #[test]
    fn garbage_never_panics(front in "(?s).{0,200}", body in "(?s).{0,200}") {
        let _ = Replies::parse(files(&[("fr/a.md", &format!("+++\n{front}\n+++\n{body}"))]));
        let _ = Replies::parse(files(&[("fr/_letter.md", &format!("+++\n{front}\n+++\n{body}"))]));
        let _ = Replies::parse(files(&[("fr/a.md", &front), ("examples/fr/a.txt", &body)]));
    }

    /// Every problem of a damaged file points into that file.
    #[test]
    fn damage_gives_a_line_of_the_file(at in 0..200_usize, put in "[\\[\\]{}\"=+#\n\u{0}é]{0,4}") {
        let mut text = entry_text("asks = [{ name = \"x\", label = \"l\" }]\n", "Le {{ field.x }}.");
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        text.insert_str(at, &put);
        if let Err(problems) = Replies::parse(files(&[("fr/a.md", &text)])) {
            prop_assert!(!problems.is_empty());
            for problem in problems {
                prop_assert_eq!(&problem.file, Path::new("fr/a.md"));
                prop_assert!(problem.line.is_none_or(|line| line >= 1 && line <= text.lines().count() + 1));
            }
        }
    }

    /// Whatever is filled in, the text around it stays and no line is added.
    #[test]
    fn filled_values_stay_on_their_line(value in "(?s).{0,60}") {
        let replies = good(&[("fr/a.md", &entry_text("", "Avant {{ organisation }} après"))]);
        let values = Values { organisation: Some(value), ..Values::default() };
        let rendered = replies.entry(Language::Fr, &slug("a")).unwrap().render(&values);
        prop_assert!(rendered.markdown.starts_with("Avant ") && rendered.markdown.ends_with(" après"));
        prop_assert!(!rendered.markdown.chars().any(char::is_control));
    }
}

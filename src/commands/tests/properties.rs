//! What holds for any text and any command.

use super::*;
use proptest::prelude::*;

/// Pieces from which near-commands are made.
fn piece() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "!",
        "greffier",
        ":",
        " ",
        "\n",
        "approuver",
        "voir",
        "note",
        "12",
        "#",
        "nº ",
        "K7QM2X",
        ">",
        "`",
        "```",
        "\u{200b}",
        "\u{202e}",
        "а",
        "１",
        "é",
        "\u{301}",
        "    ",
        "-",
        ".",
        ",",
        "0",
        "aide",
        "délais",
        "régler",
    ];
    prop_oneof![3 => prop::sample::select(KNOWN).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)]
}

fn any_command() -> impl Strategy<Value = Command> {
    let id = 1..=u64::MAX;
    let name = "[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?(\\.[a-z]{1,5})?";
    let remark = "[^\\p{Cc}\\s\u{ad}\u{2000}-\u{206f}][\\PC\\n ]{0,40}"
        .prop_filter_map("nothing to read", |text: String| Remark::new(&text));
    let code = any::<[u8; 4]>().prop_map(|bytes| {
        let digest: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Code::of(&format!("{digest}{}", "0".repeat(56))).unwrap()
    });
    let span = prop_oneof![
        Just(Span::Week),
        Just(Span::Month),
        Just(Span::Year),
        (1000_i16..=9999, 1_i8..=12).prop_map(|(year, month)| Span::MonthOf { year, month }),
        (1000_i16..=9999).prop_map(Span::YearOf),
    ];
    let verb = prop::sample::select(Verb::all().collect::<Vec<_>>());
    let outcome = prop_oneof![Just(Settlement::Sent), Just(Settlement::Resend)];
    prop_oneof![
        Just(Command::Queue),
        Just(Command::Status),
        id.clone().prop_map(Command::Show),
        id.clone().prop_map(Command::Explain),
        id.clone().prop_map(Command::Claim),
        id.clone().prop_map(Command::Release),
        id.clone().prop_map(Command::Edit),
        id.clone().prop_map(Command::Withdraw),
        (id.clone(), prop::collection::vec(name, 1..4)).prop_map(|(id, names)| {
            Command::Reclassify(id, names.iter().map(|name| name.parse().unwrap()).collect())
        }),
        (id.clone(), code).prop_map(|(id, code)| Command::Approve(id, code)),
        (id.clone(), remark.clone()).prop_map(|(id, remark)| Command::Reject(id, remark)),
        (id.clone(), remark).prop_map(|(id, remark)| Command::Note(id, remark)),
        (id, outcome).prop_map(|(id, outcome)| Command::Settle(id, outcome)),
        prop::option::of(span).prop_map(Command::Times),
        prop::option::of(verb).prop_map(Command::Help),
    ]
}

proptest! {
    /// Whatever the text: no panic, the same answer twice, and a line that can be shown.
    #[test]
    fn any_text_is_answered(pieces in prop::collection::vec(piece(), 0..30), bare: bool, card: Option<u64>) {
        let text = pieces.concat();
        let addressed = Addressed { names: NAMES, bare, thread: card };
        let said = parse(&text, &addressed);
        prop_assert_eq!(&said, &parse(&text, &addressed));
        match said {
            Said::NotForMe => {}
            Said::Wrong(wrong) => {
                let line = wrong.line(Wording::of(Language::Fr));
                prop_assert!(!line.contains('\n') && !line.chars().any(spelling::invisible), "{:?}", line);
                prop_assert!(line.chars().count() < 400, "{:?}", line);
            }
            // What is read can be written, and is read as the same.
            Said::Command(command) => {
                prop_assert!(card.is_none() || command.thread().is_none_or(|id| Some(id) == card));
                let read = parse(&command.to_string(), &OWN);
                prop_assert_eq!(read, Said::Command(command));
            }
        }
    }

    #[test]
    fn the_canonical_form_is_read_as_the_same(command in any_command()) {
        let card = Addressed { thread: command.thread(), ..OWN };
        for language in Language::ALL {
            let written = command.written(language);
            prop_assert_eq!(parse(&written, &OWN), Said::Command(command.clone()), "{:?}", &written);
            prop_assert_eq!(parse(&written, &card), Said::Command(command.clone()), "{:?}", &written);
            let called = format!("!{written}");
            prop_assert_eq!(parse(&called, &SHARED), Said::Command(command.clone()), "{:?}", &called);
        }
    }

    /// Nobody is made to say what they only show.
    #[test]
    fn what_is_quoted_or_code_is_never_a_command(command in any_command(), other in "\\PC{0,20}", called: bool) {
        let call = if called { "greffier: " } else { "" };
        let written = command.to_string();
        let quoted: String = written.lines().map(|line| format!("> {line}\n")).collect();
        for text in [
            quoted.clone(),
            format!(">{other}\n{written}"),
            format!("```\n{written}\n```"),
            format!("```{other}\n{written}\n```"),
            format!("~~~\n{written}\n~~~"),
            format!("`{written}`"),
            format!("    {written}"),
            format!("\t{written}"),
            format!("Bonjour,\n{quoted}"),
            format!("Bonjour,\n```\n{written}\n```"),
        ] {
            for addressed in [OWN, SHARED, CARD] {
                prop_assert_eq!(parse(&text, &addressed), Said::NotForMe, "{:?}", &text);
            }
            // With a call before it, only what stands at the left edge can be code.
            if called && text.starts_with(['>', '`', '~']) {
                let text = format!("{call}{text}");
                prop_assert_eq!(parse(&text, &SHARED), Said::NotForMe, "{:?}", &text);
            }
        }
    }
}

//! What must not change an answer: what mail programs put around a text, and where they break
//! its lines. And what holds of every answer, whatever the text.

use crate::{MODEL, REPLIES, cases};
use greffier::classify::{Case, Kind, Level, Mail};
use greffier::message::{Banners, newest};
use greffier::wording::Language;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| cases("tests/corpus/situations.jsonl"));
/// All that the library teaches, on one line each; answers as a whole, cut by the classifier.
static TEXTS: LazyLock<(BTreeSet<String>, Vec<String>)> = LazyLock::new(|| {
    let mut texts = BTreeSet::new();
    let mut answers = Vec::new();
    for entry in REPLIES.entries() {
        texts.extend([&entry.title, &entry.question].map(|text| on_one_line(text)));
        texts.extend(entry.keywords.iter().map(|keyword| on_one_line(keyword)));
        answers.push(on_one_line(entry.markdown()));
        for language in Language::ALL {
            let examples = REPLIES.examples(language, entry.id.slug.as_str());
            texts.extend(examples.iter().map(|example| on_one_line(&example.text)));
        }
    }
    (texts, answers)
});

const BANNERS: [&str; 6] = [
    "",
    "[EXTERNE]",
    "ATTENTION : Ce courriel provient de l'extérieur de votre organisation.",
    "Mise en garde : courriel externe. Ne cliquez pas sur les liens et n'ouvrez pas les pièces jointes à \
     moins de connaître l'expéditeur.",
    "External email: use caution.",
    "CAUTION: This email originated from outside of the organization. Do not click links or open \
     attachments unless you recognize the sender.",
];

const FOOTERS: [&str; 4] = [
    "",
    "AVIS DE CONFIDENTIALITÉ : Ce courriel peut contenir des renseignements confidentiels. Si vous l'avez \
     reçu par erreur, veuillez en aviser l'expéditeur et le détruire.",
    "Ce message est destiné uniquement à la personne à qui il est adressé et peut contenir de l'information \
     privilégiée. Si vous n'en êtes pas le destinataire, toute copie est strictement interdite.",
    "This message may contain confidential information intended only for the addressee. If you received it \
     in error, please notify the sender and delete it.",
];

const THREADS: [&str; 3] = [
    "",
    "Le 25 mars 2025 à 10:06, Jean Roy <jean.roy@exemple.example> a écrit :\n> Bonjour,\n>\n> Jusqu'à quand \
     la suspension dure-t-elle, et qui peut-on joindre ?\n>\n> Merci",
    "On Tue, Mar 25, 2025 at 10:06 AM Jane Roe <jane.roe@exemple.example> wrote:\n> Hello,\n>\n> Are cities \
     subject to the suspension, and why?\n>\n> Thanks",
];

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn case() -> impl Strategy<Value = &'static Case> {
    (0..CASES.len()).prop_map(|place| &CASES[place])
}

fn signature() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["Marie-Ève Tremblay-Roy", "Jean Untel", "Anne O'Brien, ing."]);
    let title =
        prop::sample::select(vec!["Conseillère en architecture", "Chief Information Officer", "Greffe"]);
    let phone = prop::sample::select(vec!["418 555-0142", "Tél. : 819 555-0156, poste 12", "(514) 555-0199"]);
    let block =
        (name, title, phone).prop_map(|(name, title, phone)| format!("-- \n{name}\n{title}\n{phone}"));
    prop_oneof![Just(String::new()), block]
}

/// What is acted on.
fn answer(case: &Case, body: String) -> (Kind, Level, Vec<String>) {
    let found = MODEL.read_case(&Case { body, ..case.clone() });
    (found.kind, found.level, found.suggestions)
}

/// In lower case as the classifier writes it, letter by letter.
fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Every shown word is the mail's, and every lesson beside it the library's.
fn check_evidence(subject: &str, text: &str, language: Language) -> Result<(), TestCaseError> {
    let found = MODEL.classify(&Mail { subject, text, language, automatic: None });
    let mail = lower(&format!("{subject}\n{text}"));
    let (texts, answers) = &*TEXTS;
    for evidence in &found.evidence {
        prop_assert!(mail.contains(&evidence.word), "{} is not in {mail}", evidence.word);
        let lesson = &evidence.lesson;
        let known = texts.contains(lesson) || answers.iter().any(|answer| answer.contains(lesson));
        prop_assert!(known, "{lesson} is not in the library");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_mail_programs_put_around_a_text_changes_nothing(
        case in case(),
        banner in prop::sample::select(BANNERS.to_vec()),
        signature in signature(),
        footer in prop::sample::select(FOOTERS.to_vec()),
        thread in prop::sample::select(THREADS.to_vec()),
    ) {
        let body = case.body.trim_end();
        let parts = [banner, body, &signature, footer, thread];
        let around: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        prop_assert_eq!(answer(case, case.body.clone()), answer(case, around.join("\n\n")), "{}", case.id);
    }

    #[test]
    fn the_evidence_is_from_the_mail_and_from_the_library(case in case()) {
        let newest = newest(&case.subject, &case.body, &Banners::default());
        check_evidence(&case.subject, &newest.text, case.language)?;
    }

    /// Pieces of mail in disorder, with letters that change their length in lower case.
    #[test]
    fn the_evidence_is_from_any_text(
        subject in "\\PC{0,20}",
        pieces in prop::collection::vec(
            prop_oneof![
                case().prop_map(|case| case.body.clone()),
                "\\PC{0,40}",
                prop::sample::select(vec!["İSTANBUL SUSPENSION ?", "ΟΔΟΣ", "e\u{301}te\u{301}", "Straße", "ﬁn"])
                    .prop_map(str::to_owned),
            ],
            0..4,
        ),
        language in prop::sample::select(Language::ALL.to_vec()),
    ) {
        check_evidence(&subject, &pieces.join(" "), language)?;
    }

    /// Control characters and line ends too; alone, and around a real mail.
    #[test]
    fn no_input_panics(subject in "(?s).{0,40}", body in "(?s).{0,300}", case in case()) {
        for body in [body.clone(), format!("{body}{}{body}", case.body)] {
            let _ = answer(&Case { subject: subject.clone(), ..case.clone() }, body.clone());
            let _ = MODEL.classify(&Mail { subject: &subject, text: &body, language: case.language, automatic: None });
        }
    }
}

/// Breaks each line that is longer than `width`; a quote keeps its marks.
fn wrapped(body: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in body.lines() {
        let mark = if line.starts_with('>') { ">" } else { "" };
        let mut current = String::new();
        for word in line.split(' ') {
            if !current.is_empty() && current.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::replace(&mut current, mark.to_owned()));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(current);
    }
    lines.join("\n")
}

/// The share of mails, each at every fourth width, whose answer stays.
fn stays(widths: impl Iterator<Item = usize>) -> f64 {
    let (mut stable, mut all) = (0_u32, 0_u32);
    for width in widths {
        for (_, case) in CASES.iter().enumerate().filter(|(place, _)| (place + width) % 4 == 0) {
            let (before, after) = (answer(case, case.body.clone()), answer(case, wrapped(&case.body, width)));
            all += 1;
            if before == after {
                stable += 1;
            } else {
                println!("{} at {width} columns: {before:?}, then {after:?}", case.id);
            }
        }
    }
    println!("{stable} of {all} stay");
    f64::from(stable) / f64::from(all)
}

#[test]
fn lines_broken_as_mail_programs_do_change_hardly_an_answer() {
    let share = stays(72..=90);
    assert!(share >= 0.99, "{share}");
}

/// A weakness: `asks` joins no line of up to 60 characters with the next, so what was broken
/// there is read as two sentences. The bound is what was measured, not what is wanted.
#[test]
fn lines_broken_more_narrowly_change_some_answers() {
    let share = stays(50..=71);
    assert!(share >= 0.85, "{share}");
}

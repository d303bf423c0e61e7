//! What must not change an answer: what mail programs put around a text, and where they break
//! its lines. And what holds of every answer, whatever the text.

use crate::{MODEL, REPLIES, cases};
use greffier::classify::{Case, Kind, Level, Mail};
use greffier::message::{Banners, language_of, newest, thread_subject};
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

/// Subjects that ask or name a matter: those of the corpus, and what the library calls its entries.
static SUBJECTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let cases = CASES.iter().map(|case| thread_subject(&case.subject));
    let entries = REPLIES.entries().flat_map(|entry| [entry.title.clone(), entry.question.clone()]);
    let short =
        ["Échéance", "Durée", "Personne-ressource", "Deadline", "Budget", "Villes"].map(str::to_owned);
    cases.chain(entries).chain(short).filter(|subject| !subject.is_empty()).collect()
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

/// What people answer with when they ask nothing more.
const ANSWERS: [&str; 22] = [
    "Merci beaucoup !",
    "Merci infiniment, c'est très clair.",
    "Parfait, merci de votre promptitude.",
    "Bonjour,\n\nBien reçu. Bonne fin de journée,\n\nJean",
    "Super, ça répond à tout. Bonne semaine à vous deux!",
    "D'accord, nous en prenons note et en informons la direction.",
    "Reçu 5 sur 5.",
    "Un gros merci à toute l'équipe",
    "Excellent. Je ferme le dossier de mon côté.",
    "merci bcp !!",
    "Noté.",
    "Je vous remercie de ces précisions, elles nous seront très utiles.",
    "Voilà qui est limpide, merci encore et au plaisir.",
    "Comme convenu, vous trouverez ci-joint le formulaire signé.",
    "Voici les renseignements demandés : l'outil est hébergé à Montréal et sert à douze personnes.",
    "Merci, je transmets votre réponse au comité.",
    "Thank you so much!",
    "Thanks, that is very helpful. Have a great weekend.",
    "Received with thanks.",
    "Perfect, much appreciated.",
    "Noted, we will pass this on to our board.",
    "As agreed, please find the signed form attached.",
];

/// What mail programs put in front of the subject that they take over.
const PREFIXES: [&str; 7] = ["RE: ", "Re : ", "RÉP. : ", "[EXTERNE] RE: ", "RE: TR: ", "TR : ", "Fwd: "];

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
    let found = MODEL.classify(&Mail::new(subject, text, language));
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

    /// The subject of a reply is the words of whoever asked first.
    #[test]
    fn thanks_under_any_subject_ask_nothing(
        subject in prop::sample::select(SUBJECTS.clone()),
        prefix in prop::sample::select(PREFIXES.to_vec()),
        text in prop::sample::select(ANSWERS.to_vec()),
    ) {
        let language = language_of(text);
        let found = MODEL.decide(&Mail::new(&format!("{prefix}{subject}"), text, language));
        // A request for documents that is passed on without a word is still one.
        let flagged = !found.flags.is_empty() && ["TR : ", "Fwd: "].contains(&prefix);
        prop_assert!(found.kind == Kind::NoQuestion || flagged, "{:#?}", found);
        prop_assert!(found.suggestions.is_empty() || flagged && found.level != Level::Sure, "{:#?}", found);
        // Without a prefix the headers say it.
        let found = MODEL.decide(&Mail { answers: true, ..Mail::new(&subject, text, language) });
        prop_assert_eq!(found.kind, Kind::NoQuestion, "{:#?}", found);
    }

    /// Alone under a subject that was taken over, nothing is a matter of course.
    #[test]
    fn a_reply_without_words_is_never_sure(
        subject in prop::sample::select(SUBJECTS.clone()),
        prefix in prop::sample::select(PREFIXES.to_vec()),
    ) {
        let found = MODEL.decide(&Mail::new(&format!("{prefix}{subject}"), "", Language::Fr));
        prop_assert!(found.level != Level::Sure, "{:#?}", found);
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
            let _ = MODEL.classify(&Mail::new(&subject, &body, case.language));
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

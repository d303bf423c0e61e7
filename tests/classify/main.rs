//! The classifier on the shipped library: what it makes of labelled mail.
//!
//! The bounds are below the figures of the day, so that a change for the worse fails; they
//! are not goals. `tests/corpus` is for measuring only: nothing there may be learned from
//! or tuned on. `mails.jsonl` was written along with the classifier.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use greffier::classify::{Case, Figures, Kind, Level, Mail, Model, evaluate, read_corpus};
use greffier::library::Library;
use greffier::wording::Language;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let library = Library::open(&root().join("replies")).unwrap();
    Model::of(&library.current())
});

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn cases(path: &str) -> Vec<Case> {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    read_corpus(&text).unwrap_or_else(|line| panic!("{path}, line {line} is no labelled mail"))
}

fn figures(path: &str) -> Figures {
    let figures = evaluate(&cases(path), |case| MODEL.read_case(case));
    println!("{path}: {}", serde_json::to_string_pretty(&figures).unwrap());
    figures
}

fn at_least(what: &str, figure: Option<f64>, bound: f64) {
    let figure = figure.unwrap_or_else(|| panic!("{what}: nothing was counted"));
    assert!(figure >= bound, "{what}: {figure}, below {bound}");
}

#[test]
fn the_figures_on_the_corpus_do_not_fall() {
    let figures = figures("tests/corpus/questions.jsonl");
    at_least("outcome", figures.outcome, 0.70);
    at_least("top1", figures.top1, 0.74);
    at_least("top3", figures.top3, 0.90);
    at_least("sure precision", figures.sure_precision, 0.95);
    at_least("sure coverage", figures.sure_coverage, 0.20);
    at_least("questions that no entry answers", figures.off_faq, 0.60);
    at_least("mail that asks nothing", figures.no_question, 0.80);
    assert!(figures.false_sure.unwrap() <= 0.05, "harm: {:?}", figures.false_sure);
}

#[test]
fn the_mails_written_along_with_it_are_mostly_read_right() {
    let figures = figures("tests/classify/mails.jsonl");
    at_least("outcome", figures.outcome, 0.85);
    at_least("sure precision", figures.sure_precision, 0.95);
    assert_eq!(figures.false_sure, Some(0.0));
    assert_eq!(figures.no_question, Some(1.0));
}

#[test]
fn every_entry_is_found_by_its_own_question() {
    let library = Library::open(&root().join("replies")).unwrap();
    for entry in library.current().entries() {
        let found = MODEL.classify(&Mail {
            subject: "",
            text: &entry.question,
            language: entry.id.language,
            automatic: None,
        });
        let first = found.candidates.first().map(|candidate| candidate.entry.as_str());
        assert_eq!(first, Some(entry.id.slug.as_str()), "{}: {found:#?}", entry.id);
        assert!(found.kind == Kind::Question && found.level != Level::None, "{}: {found:#?}", entry.id);
    }
}

#[test]
fn the_same_library_gives_the_same_bytes() {
    let library = Library::open(&root().join("replies")).unwrap();
    let again = Model::of(&library.current());
    assert_eq!(again.digest(), MODEL.digest());
    for case in cases("tests/classify/mails.jsonl") {
        let [one, two] =
            [&*MODEL, &again].map(|model| serde_json::to_string(&model.read_case(&case)).unwrap());
        assert_eq!(one, two, "{}", case.id);
    }
}

#[test]
fn a_mail_of_more_than_a_megabyte_is_read() {
    let long =
        "Nous aimerions savoir si la suspension touche notre projet d'assistant virtuel ? ".repeat(20_000);
    let found =
        MODEL.classify(&Mail { subject: "Long", text: &long, language: Language::Fr, automatic: None });
    assert_eq!(found.kind, Kind::Question);
}

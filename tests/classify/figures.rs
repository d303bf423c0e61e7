//! Golden figures: the bounds lie a little under what was measured, so that a change for
//! the worse fails; they are not goals. `mails.jsonl` was written along with the classifier.

use crate::{MODEL, REPLIES, cases};
use greffier::classify::{Figures, Kind, Level, Mail, evaluate};
use greffier::wording::Language;

fn figures(path: &str) -> Figures {
    let figures = evaluate(&cases(path), |case| MODEL.read_case(case));
    println!("{path}: {}", serde_json::to_string_pretty(&figures).unwrap());
    figures
}

fn at_least(what: &str, figure: Option<f64>, bound: f64) {
    let figure = figure.unwrap_or_else(|| panic!("{what}: nothing was counted"));
    assert!(figure >= bound, "{what}: {figure}, below {bound}");
}

fn at_most(what: &str, figure: Option<f64>, bound: f64) {
    let figure = figure.unwrap_or_else(|| panic!("{what}: nothing was counted"));
    assert!(figure <= bound, "{what}: {figure}, above {bound}");
}

#[test]
fn the_figures_on_the_corpus_do_not_fall() {
    let figures = figures("tests/corpus/questions.jsonl");
    at_least("outcome accepted", figures.outcome_accepted, 0.95);
    at_least("top3", figures.top3, 0.97);
    at_least("sure precision", figures.sure_precision, 0.98);
    at_least("sure coverage", figures.sure_coverage, 0.75);
    at_most("harm", figures.false_sure, 0.01);
    at_least("several questions at once", figures.multi_f1, 0.80);
}

/// Mail of other people about other matters than any the examples tell of.
#[test]
fn the_figures_on_new_situations_do_not_fall() {
    let figures = figures("tests/corpus/situations.jsonl");
    at_least("outcome accepted", figures.outcome_accepted, 0.89);
    at_least("top3", figures.top3, 0.97);
    at_least("sure precision", figures.sure_precision, 0.97);
    at_least("sure coverage", figures.sure_coverage, 0.60);
    at_most("harm", figures.false_sure, 0.02);
    at_least("several questions at once", figures.multi_f1, 0.78);
}

/// « Until when », « whom to contact » about anything but the library's matter; and questions of the
/// library beside them, so that keeping silent is not enough.
#[test]
fn the_figures_on_mail_about_something_else_do_not_fall() {
    let figures = figures("tests/corpus/elsewhere.jsonl");
    at_most("harm", figures.false_sure, 0.10);
    at_least("off the FAQ", figures.off_faq, 0.60);
    at_least("first", figures.top1, 0.95);
    at_least("sure precision", figures.sure_precision, 0.97);
    at_least("sure coverage", figures.sure_coverage, 0.70);
}

/// Short notices, deposits and thanks told in the words of the library; and questions that look like them.
#[test]
fn the_figures_on_notices_do_not_fall() {
    let figures = figures("tests/corpus/notices.jsonl");
    at_least("asks nothing", figures.no_question, 0.95);
    at_least("off the FAQ", figures.off_faq, 0.80);
    at_least("first", figures.top1, 0.93);
    at_least("sure precision", figures.sure_precision, 0.97);
    at_least("sure coverage", figures.sure_coverage, 0.75);
    assert_eq!(figures.false_sure, Some(0.0));
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
    for entry in REPLIES.entries() {
        let found = MODEL.classify(&Mail::new("", &entry.question, entry.id.language));
        let first = found.candidates.first().map(|candidate| candidate.entry.as_str());
        assert_eq!(first, Some(entry.id.slug.as_str()), "{}: {found:#?}", entry.id);
        assert!(found.kind == Kind::Question && found.level != Level::None, "{}: {found:#?}", entry.id);
    }
}

#[test]
fn a_mail_of_more_than_a_megabyte_is_read() {
    let long =
        "Nous aimerions savoir si la suspension touche notre projet d'assistant virtuel ? ".repeat(20_000);
    let found = MODEL.classify(&Mail::new("Long", &long, Language::Fr));
    assert_eq!(found.kind, Kind::Question);
}

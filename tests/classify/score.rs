//! The figures counted a second time, by a program that shares nothing with [`evaluate`].
//!
//! `tests/corpus/score.py` reads nothing but the corpus and what was answered.

use crate::{MODEL, cases, root};
use greffier::classify::{Classification, evaluate};
use serde_json::{Value, json};
use std::process::Command;

/// Python and Rust round an exact half to different sides. One mail weighs more than this.
const ROUNDED: f64 = 0.0011;

#[test]
fn another_program_counts_the_same_figures() {
    for path in ["tests/corpus/questions.jsonl", "tests/corpus/situations.jsonl"] {
        let cases = cases(path);
        let ours = evaluate(&cases, |case| MODEL.read_case(case));
        let lines: Vec<String> =
            cases.iter().map(|case| prediction(&case.id, &MODEL.read_case(case)).to_string()).collect();
        let theirs = scored(path, &lines);
        assert_eq!((theirs["n"].as_u64(), theirs["missing"].as_u64()), (Some(ours.mails.into()), Some(0)));
        for (name, figure) in [
            ("outcome", ours.outcome),
            ("outcome_acc", ours.outcome_accepted),
            ("top1", ours.top1),
            ("top3", ours.top3),
            ("sure_cov", ours.sure_coverage),
            ("sure_prec", ours.sure_precision),
            ("false", ours.false_sure),
            ("hors_faq", ours.off_faq),
            ("sans_question", ours.no_question),
            ("multi_f1", ours.multi_f1),
        ] {
            let same = match (theirs[name].as_f64(), figure) {
                (Some(theirs), Some(ours)) => (theirs - ours).abs() < ROUNDED,
                (theirs, ours) => theirs == ours,
            };
            assert!(same, "{path}, {name}: {} there, {figure:?} here", theirs[name]);
        }
    }
}

fn prediction(id: &str, found: &Classification) -> Value {
    let candidates: Vec<&str> = found.candidates.iter().map(|candidate| candidate.entry.as_str()).collect();
    json!({
        "id": id,
        "kind": found.kind,
        "level": found.level,
        "suggestions": found.suggestions,
        "candidates": candidates,
    })
}

/// What the other program prints: the name of the corpus, then its figures in JSON.
fn scored(corpus: &str, predictions: &[String]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("predictions.jsonl");
    std::fs::write(&file, predictions.join("\n")).unwrap();
    let output = Command::new("python3")
        .current_dir(root())
        .args(["tests/corpus/score.py", corpus, "--pred"])
        .arg(&file)
        .output()
        .unwrap_or_else(|error| panic!("python3, which counts the figures a second time: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    let (_, figures) = printed.split_once(' ').unwrap();
    serde_json::from_str(figures.trim()).unwrap()
}

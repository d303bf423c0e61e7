//! A lint of the wordings that the classifier learns from: enough of each, none twice,
//! nothing private, and none that the others contradict.

use crate::{MODEL, REPLIES, root};
use greffier::classify::{Classification, Kind, Level, Mail, NO_QUESTION, OFF_FAQ};
use greffier::replies::ELSEWHERE;
use greffier::replies::Example;
use greffier::wording::Language;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization as _;

/// Wordings that share this much of their words are the same one, typed twice.
const NEARLY_THE_SAME: f64 = 0.9;
/// Of the wordings, how many the model must still put first under their own label: the
/// rest contradict others. A little under what was measured.
const BELIEVED: f64 = 0.985;

fn labels() -> Vec<String> {
    let slugs = REPLIES.slugs().map(ToString::to_string);
    slugs.chain([OFF_FAQ, ELSEWHERE, NO_QUESTION].map(str::to_owned)).collect()
}

/// Language, label and wording of all examples.
fn all() -> Vec<(Language, String, &'static Example)> {
    let mut all = Vec::new();
    for language in Language::ALL {
        for label in labels() {
            all.extend(
                REPLIES.examples(language, &label).iter().map(|example| (language, label.clone(), example)),
            );
        }
    }
    all
}

/// The words without case, accents and punctuation.
fn folded(text: &str) -> Vec<String> {
    let plain: String = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
    let plain = plain.to_lowercase().replace('œ', "oe").replace('æ', "ae");
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The files of examples, as they stand.
fn files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for language in Language::ALL {
        let folder = root().join("replies/examples").join(language.code());
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            files.push((path.display().to_string(), text));
        }
    }
    files.sort();
    files
}

#[test]
fn there_are_enough_wordings_of_everything() {
    let count = |language, label: &str| REPLIES.examples(language, label).len();
    let slugs: Vec<String> = REPLIES.slugs().map(ToString::to_string).collect();
    assert_eq!(slugs.len(), 11);
    for slug in &slugs {
        let (french, english) = (count(Language::Fr, slug), count(Language::En, slug));
        println!("{slug}: {french} French, {english} English");
        assert!(french >= 60, "{slug}: {french} wordings in French");
        assert!(english >= 20, "{slug}: {english} wordings in English");
    }
    for (label, least) in [(OFF_FAQ, 250), (ELSEWHERE, 250), (NO_QUESTION, 120)] {
        let there: usize = Language::ALL.into_iter().map(|language| count(language, label)).sum();
        println!("{label}: {there}");
        assert!(there >= least, "{label}: {there} wordings");
    }
}

#[test]
fn no_wording_stands_twice() {
    let mut places: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
    for (language, label, example) in all() {
        let place = format!("{}/{label}: {}", language.code(), example.text);
        places.entry(folded(&example.text)).or_default().push(place);
    }
    let twice: Vec<&Vec<String>> = places.values().filter(|places| places.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

/// Under one label such a pair only wastes a line and is printed; under two it is a contradiction.
#[test]
fn no_two_labels_share_nearly_the_same_wording() {
    let mut across = Vec::new();
    for language in Language::ALL {
        let wordings: Vec<(BTreeSet<String>, String, &Example)> = all()
            .into_iter()
            .filter(|(of, _, _)| *of == language)
            .map(|(_, label, example)| (folded(&example.text).into_iter().collect(), label, example))
            .collect();
        for (place, (words, label, example)) in wordings.iter().enumerate() {
            for (others, other_label, other) in wordings.iter().skip(place + 1) {
                if likeness(words, others) >= NEARLY_THE_SAME {
                    let pair = format!("{label}: {}\n{other_label}: {}", example.text, other.text);
                    if label == other_label {
                        println!("nearly the same:\n{pair}");
                    } else {
                        across.push(pair);
                    }
                }
            }
        }
    }
    assert!(across.is_empty(), "{}", across.join("\n\n"));
}

/// What they share of all their words (Jaccard).
fn likeness(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f64 {
    let (few, many) = (one.len().min(other.len()) as f64, one.len().max(other.len()) as f64);
    // Cheap refusal first: there are a million pairs.
    if few < NEARLY_THE_SAME * many {
        return 0.0;
    }
    let shared = one.intersection(other).count() as f64;
    shared / (few + many - shared)
}

/// A misspelt comment would silently put its wordings into the situation above.
#[test]
fn every_situation_has_a_plain_name() {
    let name = Regex::new("^# situation: [a-z0-9]+(-[a-z0-9]+)*$").unwrap();
    for (file, text) in files() {
        for line in text.lines().filter(|line| line.starts_with('#')) {
            let comment = line.trim_start_matches(['#', ' ']).to_lowercase();
            assert!(!comment.starts_with("situation") || name.is_match(line), "{file}: {line}");
        }
    }
}

#[test]
fn no_situation_spans_two_labels_of_a_language() {
    let mut labels: BTreeMap<(Language, String), BTreeSet<String>> = BTreeMap::new();
    for (language, label, example) in all() {
        if let Some(situation) = &example.situation {
            labels.entry((language, situation.clone())).or_default().insert(label);
        }
    }
    let spanning: Vec<_> = labels.iter().filter(|(_, labels)| labels.len() > 1).collect();
    assert!(spanning.is_empty(), "{spanning:#?}");
    assert!(labels.len() > 500, "{} situations", labels.len());
}

#[test]
fn no_wording_holds_an_address_or_a_telephone_number() {
    let private = Regex::new(r"\S@\S|\(?\b\d{3}\)?[-. \u{a0}]?\d{3}[-. \u{a0}]\d{4}\b|\b\d{10}\b").unwrap();
    for (language, label, example) in all() {
        assert!(!private.is_match(&example.text), "{}/{label}: {}", language.code(), example.text);
    }
}

/// A wording that the model puts elsewhere, though it learned it, contradicts its neighbours:
/// one of them has the wrong label, or the two labels cannot be told apart by words.
#[test]
fn hardly_any_wording_is_refused_by_the_model_that_learned_it() {
    let all = all();
    let mut refused = 0;
    for (language, label, example) in &all {
        let mail = Mail::new("", &example.text, *language);
        let found = MODEL.decide(&mail);
        if !stands_first(label, &found) {
            refused += 1;
            let first = found.candidates.first().map(|candidate| candidate.entry.as_str());
            let (kind, level) = (found.kind, found.level);
            println!("{}/{label}, read as {kind:?}/{level:?} {first:?}: {}", language.code(), example.text);
        }
    }
    let believed = 1.0 - f64::from(refused) / all.len() as f64;
    println!("believed: {believed:.4}; refused: {refused} of {}", all.len());
    assert!(believed >= BELIEVED, "{believed:.4}");
}

fn stands_first(label: &str, found: &Classification) -> bool {
    let question = found.kind == Kind::Question;
    match label {
        NO_QUESTION => !question,
        OFF_FAQ | ELSEWHERE => question && found.level == Level::None,
        slug => question && found.candidates.first().is_some_and(|first| first.entry == slug),
    }
}

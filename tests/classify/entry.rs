//! What a new text takes: one file in the folder, no code, no floors measured anew.
//!
//! The matter is a hard one on purpose: the shipped examples hold questions about archives
//! under `hors-faq`, because no entry answers them yet.

use crate::{MODEL, cases, root};
use greffier::classify::{Case, Classification, Kind, Level, Mail, Model};
use greffier::library;
use greffier::wording::Language;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const SLUG: &str = "archivage-invites";
const ENTRY: &str = r#"+++
title = "La conservation des invites et des conversations"
question = "Faut-il conserver les invites et les conversations tenues avec un assistant virtuel ?"
version = 1
effective = 2025-04-01
superseded = ""
source = { document = "Texte inventé pour un essai", section = "1" }
attachments = []
asks = []
keywords = ["archivage", "calendrier de conservation", "invites", "journal des conversations"]
examples = [
  "Devons-nous archiver les invites que nos employés soumettent à l'assistant ?",
  "Combien de temps faut-il garder les conversations avec le robot ?",
  "Les journaux de conversation sont-ils des documents à inscrire au calendrier de conservation ?",
  "Peut-on détruire l'historique des échanges avec le clavardeur à la fin du projet ?",
  "Notre archiviste demande dans quel dossier classer les invites et les réponses de l'IA.",
  "Est-il permis d'effacer les conversations au bout de 30 jours ?",
  "faut tu garder les prompts",
  "Une invite tapée dans Copilot est-elle un document d'archives ?",
  "Quel délai de conservation s'applique aux réponses produites par l'outil ?",
  "Le fournisseur purge les historiques chaque mois. Avons-nous l'obligation d'en garder une copie ?",
]
+++

Oui. Une conversation qui a servi à préparer une décision se conserve avec le dossier de cette décision.
Les autres se détruisent quand elles ne servent plus.
"#;

/// The same matter in other words: none of them is an example. They were written before they
/// were tried. Ten examples put three of them first and two second, behind entries that share
/// their words (« robot conversationnel », « conforme aux règles »).
const ASKED: [&str; 5] = [
    "Bonjour,\n\nÀ la fermeture du dossier, que fait-on de l'historique des échanges entre nos agents et \
     l'assistant : conservation ou destruction ?\n\nMerci,\n\nLise Untel",
    "Doit-on verser aux archives ce que le personnel écrit au robot conversationnel ?",
    "Nos gens effacent leurs conversations avec l'IA au fur et à mesure. Est-ce conforme aux règles de \
     conservation des documents ?",
    "Pendant combien d'années les journaux du clavardeur doivent-ils être gardés ?",
    "Je tiens le calendrier de conservation du cégep. Où range-t-on les invites soumises à l'outil ?",
];

#[test]
fn one_new_file_is_found_and_leaves_the_others_alone() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("replies"), folder.path());
    let text_folder = folder.path().join("fr");
    fs::write(text_folder.join(format!("{SLUG}.md")), ENTRY).unwrap();
    let replies = library::read(folder.path()).unwrap();
    assert!(!replies.floors().sure.contains_key(SLUG));
    let model = Model::of(&replies);

    let ranks = ASKED.map(|text| {
        let found = model.classify(&Mail::new("", text, Language::Fr));
        let rank = found.candidates.iter().position(|candidate| candidate.entry == SLUG);
        println!("{rank:?}, {:?}, {:?}: {text}", found.level, found.candidates.first());
        rank.filter(|_| found.kind == Kind::Question)
    });
    let among = |most| ranks.iter().flatten().filter(|rank| **rank < most).count();
    assert!(among(1) >= 3 && among(2) == ASKED.len(), "{ranks:?}");

    let cases = cases("tests/corpus/situations.jsonl");
    let all = || cases.iter().map(|case| case.body.as_str()).chain(ASKED);
    for text in all() {
        let found = model.decide(&Mail::new("", text, Language::Fr));
        let sure =
            found.asks.iter().any(|ask| ask.entry.as_deref() == Some(SLUG) && ask.level == Level::Sure);
        assert!(!sure, "sure without a floor: {text}\n{found:#?}");
    }

    let (before, after) = (hits(&MODEL, &cases), hits(&model, &cases));
    let asking =
        cases.iter().filter(|case| case.labels.first().is_some_and(|of| of.entry().is_some())).count();
    let moved = before.values().sum::<u32>().abs_diff(after.values().sum());
    println!("first candidates that are right: {before:?}\nwith the new entry: {after:?}");
    assert!(f64::from(moved) <= 0.01 * asking as f64, "{moved} of {asking} mails");
    for (entry, before) in &before {
        let after = after.get(entry).copied().unwrap_or_default();
        assert!(before.abs_diff(after) <= 1, "{entry}: {before} mails were found, now {after}");
    }
}

fn first(found: &Classification) -> Option<&str> {
    let first = found.candidates.first().map(|candidate| candidate.entry.as_str());
    first.filter(|_| found.kind == Kind::Question)
}

/// Entry by entry: the mails whose first candidate is the first label.
fn hits(model: &Model, cases: &[Case]) -> BTreeMap<String, u32> {
    let mut hits = BTreeMap::new();
    for case in cases {
        let Some(entry) = case.labels.first().and_then(|label| label.entry()) else { continue };
        let hit = first(&model.read_case(case)) == Some(entry);
        *hits.entry(entry.to_owned()).or_default() += u32::from(hit);
    }
    hits
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

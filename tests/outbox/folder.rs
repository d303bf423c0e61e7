//! The folder: one file a letter, however often it is written.

use crate::{MARIE, letter, with_id};
use greffier::outbox::folder::send;
use greffier::outbox::{Cause, Verdict};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn files(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

fn accepted(verdict: &Verdict) -> &str {
    let Verdict::Accepted { reply } = verdict else { panic!("{verdict:?}") };
    reply
}

#[test]
fn a_letter_becomes_one_file_with_its_very_bytes() {
    let folder = TempDir::new().unwrap();
    let letter = letter(&[MARIE]);
    for _ in 0..3 {
        assert_eq!(accepted(&send(folder.path(), &letter)), "lettre.1.eml");
    }
    assert_eq!(files(folder.path()), ["lettre.1.eml"]);
    assert_eq!(fs::read(folder.path().join("lettre.1.eml")).unwrap(), letter.bytes());
}

#[test]
fn a_half_written_file_of_a_killed_attempt_is_written_over() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(".lettre.1.eml.tmp"), "Subj").unwrap();
    accepted(&send(folder.path(), &letter(&[MARIE])));
    assert_eq!(files(folder.path()), ["lettre.1.eml"]);
}

#[test]
fn two_letters_never_share_a_file() {
    let folder = TempDir::new().unwrap();
    let mut names = Vec::new();
    for (id, text) in [
        ("a@ministere.example", "un"),
        ("a@autre.example", "deux"),
        ("a/b@ministere.example", "trois"),
        ("a_b@ministere.example", "quatre"),
        ("../../etc/passwd@ministere.example", "cinq"),
        (".cache@ministere.example", "six"),
    ] {
        let letter = with_id(format!("Subject: {text}\r\n\r\n").into_bytes(), &[MARIE], id);
        let name = accepted(&send(folder.path(), &letter)).to_owned();
        assert_eq!(accepted(&send(folder.path(), &letter)), name, "{id} twice");
        assert_eq!(fs::read(folder.path().join(&name)).unwrap(), letter.bytes());
        assert!(!name.contains('/') && !name.starts_with('.') && name.ends_with(".eml"), "{name}");
        names.push(name);
    }
    names.sort();
    assert_eq!(files(folder.path()), names);
}

#[test]
fn the_folder_is_made_but_not_the_path_to_it() {
    let folder = TempDir::new().unwrap();
    let near = folder.path().join("sortie");
    accepted(&send(&near, &letter(&[MARIE])));
    assert_eq!(files(&near), ["lettre.1.eml"]);
    let far = folder.path().join("absent/sortie");
    let Verdict::Deferred { cause: Cause::Folder, reply, .. } = send(&far, &letter(&[MARIE])) else {
        panic!("not deferred");
    };
    assert!(reply.contains(far.to_str().unwrap()), "{reply}");
}

#[test]
fn a_folder_that_cannot_be_written_is_deferred() {
    let folder = TempDir::new().unwrap();
    // Permissions do not stop root, a file in the folder's place does.
    let file = folder.path().join("fichier");
    fs::write(&file, "").unwrap();
    for path in [file.clone(), file.join("dedans"), Path::new("/proc/greffier").to_owned()] {
        let verdict = send(&path, &letter(&[MARIE]));
        assert!(matches!(verdict, Verdict::Deferred { cause: Cause::Folder, .. }), "{path:?}: {verdict:?}");
    }
}

//! Any file of the library: read, or refused with its line; never a panic.

#![no_main]

use greffier::replies::Replies;
use greffier::wording::{Language, Wording};
use libfuzzer_sys::fuzz_target;
use std::path::PathBuf;

fuzz_target!(|text: &str| {
    for name in ["fr/entree.md", "fr/_letter.md", "examples/fr/entree.txt"] {
        if let Err(problems) = Replies::parse([(PathBuf::from(name), text.to_owned())]) {
            let wording = Wording::new(Language::Fr);
            assert!(problems.iter().all(|problem| !problem.line(&wording).is_empty()));
        }
    }
});

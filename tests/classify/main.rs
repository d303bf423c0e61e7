//! The classifier on labelled mail, against the shipped library.
//!
//! `figures` holds the golden figures and `score` has them counted a second time by another
//! program; `examples` checks what is learned from, `entry` what a new text takes, `properties`
//! what must not change an answer, `determinism` that it is the same everywhere; `encoder` holds
//! the optional sentence encoder against its reference.
//! `tests/corpus` is for measuring only: nothing there may be learned from or tuned on.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod determinism;
mod encoder;
mod entry;
mod examples;
mod figures;
mod properties;
mod score;

use greffier::classify::{Case, Model, read_corpus};
use greffier::library;
use greffier::replies::Replies;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static REPLIES: LazyLock<Replies> = LazyLock::new(|| library::read(&root().join("replies")).unwrap());
static MODEL: LazyLock<Model> = LazyLock::new(|| Model::of(&REPLIES));

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn cases(path: &str) -> Vec<Case> {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    read_corpus(&text).unwrap_or_else(|line| panic!("{path}, line {line} is no labelled mail"))
}

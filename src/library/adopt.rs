//! Adds a wording to the files of examples.

use super::write::replace;
use crate::classify::Label;
use crate::replies::Replies;
use crate::wording::Language;
use std::fs;
use std::path::{Path, PathBuf};

/// Adds `wording` to the file of `label`, as a situation of its own; does nothing if it stands there
/// already. `replies` is what the folder `dir` holds. Gives the file.
///
/// # Errors
/// If the file cannot be read or written; it is unchanged then.
pub fn adopt(
    dir: &Path,
    replies: &Replies,
    language: Language,
    label: &Label,
    wording: &str,
    situation: &str,
) -> std::io::Result<PathBuf> {
    let folder = dir.join("examples").join(language.code());
    let path = folder.join(format!("{label}.txt"));
    // One wording is one paragraph, and a line that begins with `#` would be a comment.
    let wording = wording.split_whitespace().collect::<Vec<_>>().join(" ");
    let wording = wording.trim_start_matches(['#', ' ']);
    if replies.examples(language, label.as_str()).iter().any(|example| example.text == wording) {
        return Ok(path);
    }
    let mut text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        read => read?,
    };
    while !text.is_empty() && !text.ends_with("\n\n") {
        text.push('\n');
    }
    text.push_str(&format!("# situation: {situation}\n{wording}\n"));
    replace(&path, &text)?;
    Ok(path)
}

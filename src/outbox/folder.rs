//! The folder as a way out: letter, or notice → one `.eml` file.
//!
//! The outbox calls it where no SMTP server is configured: in the demo, in trials, and
//! where another program takes the files from there. A letter that was written twice,
//! because the first attempt's outcome was lost, is still one file.

use super::{Cause, Parcel, Phase, Verdict};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Longest file name that is made of a Message-ID, without the ending. Characters.
const NAME_MAX: usize = 120;

/// Writes the letter into `folder` as `<left part of its Message-ID>.eml`.
///
/// The file appears whole or not at all, and is on the disk when this returns. The
/// folder is made if only its last part is missing. Blocks; call it off the runtime.
///
/// [`Verdict::Accepted`] names the file; whatever prevents the writing is
/// [`Verdict::Deferred`], as the folder may be put right without us.
#[must_use]
pub fn send(folder: &Path, letter: &dyn Parcel) -> Verdict {
    match write(folder, letter) {
        Ok(name) => Verdict::Accepted { reply: name },
        Err(error) => Verdict::Deferred {
            phase: Phase::Data,
            cause: Cause::Folder,
            reply: format!("{}: {error}", folder.display()),
        },
    }
}

fn write(folder: &Path, letter: &dyn Parcel) -> io::Result<String> {
    if !folder.exists() {
        // Not the whole path: a missing mount point must not be papered over.
        fs::create_dir(folder)?;
    }
    let (plain, marked) = names(letter);
    // Another letter may have taken the plain name; it must not be written over.
    let name = match fs::read(folder.join(&plain)) {
        Ok(there) if there != letter.bytes() => marked,
        Ok(_) => plain,
        Err(error) if error.kind() == io::ErrorKind::NotFound => plain,
        Err(error) => return Err(error),
    };
    let draft = folder.join(format!(".{name}.tmp"));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o640).open(&draft)?;
    file.write_all(letter.bytes())?;
    file.sync_all()?;
    fs::rename(&draft, folder.join(&name))?;
    // The rename itself lasts only once the folder is on the disk.
    File::open(folder)?.sync_all()?;
    Ok(name)
}

/// The file's name, and the one to take when that is taken by another letter.
fn names(letter: &dyn Parcel) -> (String, String) {
    let id = letter.message_id();
    let left = id.split_once('@').map_or(id, |(left, _)| left);
    let mut name: String = left
        .chars()
        .take(NAME_MAX)
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' })
        .collect();
    if name.starts_with('.') {
        name.insert(0, '_');
    }
    let mark: String = letter.sha256().chars().take(16).collect();
    let marked = format!("{name}-{mark}.eml");
    // Where the name had to be altered, two ids could meet in it.
    if name == left { (format!("{name}.eml"), marked) } else { (marked.clone(), marked) }
}

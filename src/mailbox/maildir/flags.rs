//! Flags of a message that was answered: R and S in its file's name, only if the operator wants it.

use super::Session;
use crate::mailbox::fault::{Fault, Refusal};
use crate::mailbox::terms::Marked;
use std::io;
use std::path::{Path, PathBuf};
use tokio::task::spawn_blocking;

impl Session {
    /// Marks a message as replied to and seen. In `new` no flags are possible: it moves to `cur`, as it does
    /// when somebody reads it.
    ///
    /// # Errors
    /// If a folder cannot be read or written.
    pub(in crate::mailbox) async fn mark_answered(
        &mut self,
        folder: &str,
        unique: &str,
    ) -> Result<Marked, Fault> {
        let place = self
            .places
            .get(folder)
            .cloned()
            .ok_or_else(|| Fault::Refused(Refusal::NoFolder { folder: folder.to_owned() }))?;
        let (at, unique) = (place.clone(), unique.to_owned());
        spawn_blocking(move || mark(&at, &unique))
            .await
            .unwrap_or_else(|gone| Err(io::Error::other(gone)))
            .map_err(|error| Fault::files(&place, &error))
    }
}

fn mark(place: &Path, unique: &str) -> io::Result<Marked> {
    let Some((path, name)) = find(place, unique)? else { return Ok(Marked::Gone) };
    let marked = place.join("cur").join(with_flags(&name));
    if path == marked {
        return Ok(Marked::Done);
    }
    match std::fs::rename(&path, &marked) {
        // Somebody changed its flags between the look and now; the next try finds it under its new name.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(error),
        renamed => renamed?,
    }
    std::fs::File::open(place.join("cur"))?.sync_all()?;
    Ok(Marked::Done)
}

/// The file of a message, whatever its flags.
fn find(place: &Path, unique: &str) -> io::Result<Option<(PathBuf, String)>> {
    for part in ["cur", "new"] {
        for file in std::fs::read_dir(place.join(part))? {
            let file = file?;
            if let Ok(name) = file.file_name().into_string()
                && name.split(':').next() == Some(unique)
            {
                return Ok(Some((file.path(), name)));
            }
        }
    }
    Ok(None)
}

/// The name with R and S among its flags, which stand in the order of the alphabet.
fn with_flags(name: &str) -> String {
    let (unique, flags) = name.split_once(":2,").unwrap_or((name, ""));
    let mut flags: Vec<char> = flags.chars().chain(['R', 'S']).collect();
    flags.sort_unstable();
    flags.dedup();
    format!("{unique}:2,{}", flags.into_iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_keep_their_order_and_what_was_there() {
        assert_eq!(with_flags("a.b"), "a.b:2,RS");
        assert_eq!(with_flags("a.b:2,FT"), "a.b:2,FRST");
        assert_eq!(with_flags("a.b:2,RS"), "a.b:2,RS");
    }
}

//! One text of the folder: read as it lies there, tried in its place, and written.

use super::{Library, read_with};
use crate::replies::{EntryId, Problem, Replies};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

impl Library {
    /// The file of a text, in the folder.
    #[must_use]
    pub fn path_of(&self, id: &EntryId) -> PathBuf {
        self.dir().join(id.file())
    }

    /// The file of a text as it lies in the folder; `None` if there is none.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn text_of(&self, id: &EntryId) -> std::io::Result<Option<String>> {
        match fs::read_to_string(self.path_of(id)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            read => read.map(|text| Some(text.replace("\r\n", "\n"))),
        }
    }

    /// The library as it would be with this file in the folder.
    ///
    /// # Errors
    /// As [`super::read`].
    pub fn tried(&self, id: &EntryId, text: &str) -> Result<Replies, Vec<Problem>> {
        read_with(self.dir(), Some((id.file(), text.to_owned())))
    }

    /// Writes the file of a text, and reads the folder again.
    ///
    /// # Errors
    /// If it cannot be written; it is unchanged then.
    pub fn write(&self, id: &EntryId, text: &str) -> std::io::Result<()> {
        replace(&self.path_of(id), text)?;
        self.reload();
        Ok(())
    }
}

/// Writes a file of the folder. Whoever reads meanwhile sees the old one or the new one; a kill leaves one
/// of the two.
pub(super) fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Hidden files are not read.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.new"));
    let mut file = File::create(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    File::open(folder)?.sync_all()
}

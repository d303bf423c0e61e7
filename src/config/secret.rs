//! Secrets: named in the config by the file that holds them, read at each use, never printed.

use std::fmt;
use std::path::{Path, PathBuf};

/// A file that holds a secret. The secret is read at each use and never printed.
#[derive(Debug, Clone)]
pub struct SecretFile(pub(super) PathBuf);

/// A secret: prints as `***`.
#[derive(Clone)]
pub struct Secret(pub(super) String);

impl SecretFile {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The first line of the file.
    ///
    /// # Errors
    /// As reading the file.
    pub fn read(&self) -> std::io::Result<Secret> {
        let text = std::fs::read_to_string(&self.0)?;
        Ok(Secret(text.lines().next().unwrap_or_default().to_owned()))
    }
}

impl Secret {
    /// The secret itself, for the one call that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

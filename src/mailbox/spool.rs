//! Files for messages too large for the memory. Written by the back ends, then the
//! receiver's.

use crate::mailbox::fault::Fault;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt;

/// A file being written; removed again unless it is finished.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
    file: File,
    finished: bool,
}

impl Part {
    /// A new file in `folder` that nobody else may read.
    pub(super) async fn create(folder: &Path, hint: u32) -> Result<Self, Fault> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let moment = jiff::Timestamp::now().as_microsecond();
        let path = folder.join(format!("greffier-{}-{moment}-{count}-{hint}.part", std::process::id()));
        // create_new: never through somebody's link in a folder that all may write to.
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).await;
        match file {
            Ok(file) => Ok(Self { path, file, finished: false }),
            Err(error) => Err(Fault::files(&path, &error)),
        }
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.file.write_all(bytes).await.map_err(|error| Fault::files(&self.path, &error))
    }

    /// The file, now the caller's.
    pub(super) async fn finish(mut self) -> Result<PathBuf, Fault> {
        self.file.flush().await.map_err(|error| Fault::files(&self.path, &error))?;
        self.finished = true;
        Ok(self.path.clone())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.finished {
            // Whoever cleans the temporary folder gets what is left here.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

//! The folder of the optional sentence encoder, and the file that keeps what it encoded.

use crate::classify::{BadWeights, Encoder, Sentences};
use crate::wording::Wording;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The file of the weights; `scripts/fetch-encoder` makes it.
const WEIGHTS: &str = "encoder.weights";
/// Larger files hold no weights of ours. Bytes.
const LARGEST: u64 = 200_000_000;
/// Keeps what was encoded: about 2 kB a wording of the library. It may be removed at any time.
const KEPT: &str = "encoder.cache";

/// Why the encoder cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {kind:?}")]
pub struct EncoderProblem {
    /// The file of the weights.
    pub path: PathBuf,
    /// What is wrong.
    pub kind: EncoderProblemKind,
}

/// What can be wrong with the weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EncoderProblemKind {
    /// The file cannot be read; the system's words.
    Unreadable(String),
    /// It holds something else, or is damaged.
    Bad(BadWeights),
}

impl EncoderProblem {
    /// One line for people.
    #[must_use]
    pub fn line(&self, wording: &Wording) -> String {
        let path = self.path.display();
        match &self.kind {
            EncoderProblemKind::Unreadable(why) => {
                wording.with("encoder-unreadable", &[("path", &path), ("why", why)])
            }
            EncoderProblemKind::Bad(BadWeights::Foreign) => {
                wording.with("encoder-foreign", &[("path", &path)])
            }
            EncoderProblemKind::Bad(BadWeights::Broken) => wording.with("encoder-broken", &[("path", &path)]),
        }
    }
}

/// The encoder as it lies on the disk. Cheap to clone.
#[derive(Debug, Clone)]
pub struct EncoderFolder {
    sentences: Arc<Sentences>,
    cache: PathBuf,
    /// The end of what lies in the cache: its checksum. Whoever holds it may write the cache.
    kept: Arc<Mutex<Vec<u8>>>,
}

impl EncoderFolder {
    /// Reads the weights from `dir`, and from `cache` what an earlier process encoded.
    ///
    /// # Errors
    /// What is wrong with the weights. A broken cache is none: it is made anew.
    pub fn open(dir: &Path, cache: &Path) -> Result<Self, EncoderProblem> {
        let path = dir.join(WEIGHTS);
        let problem = |kind| EncoderProblem { path: path.clone(), kind };
        let unreadable = |error: std::io::Error| problem(EncoderProblemKind::Unreadable(error.to_string()));
        // Opening a pipe would wait for ever.
        let about = fs::metadata(&path).map_err(unreadable)?;
        if !about.is_file() || about.len() > LARGEST {
            return Err(problem(EncoderProblemKind::Bad(BadWeights::Foreign)));
        }
        let mut weights = Vec::with_capacity(usize::try_from(about.len()).unwrap_or_default());
        fs::File::open(&path)
            .and_then(|file| file.take(LARGEST).read_to_end(&mut weights))
            .map_err(unreadable)?;
        let encoder = Encoder::read(weights).map_err(|bad| problem(EncoderProblemKind::Bad(bad)))?;
        let sentences = Sentences::new(encoder);
        let cache = cache.join(KEPT);
        let mut kept = fs::read(&cache).unwrap_or_default();
        if !sentences.recall(&kept) {
            if !kept.is_empty() {
                tracing::info!(path = %cache.display(), "what the encoder kept is of no use and is made anew");
            }
            kept.clear();
        }
        let kept = kept.split_off(kept.len().saturating_sub(32));
        Ok(Self { sentences: Arc::new(sentences), cache, kept: Arc::new(Mutex::new(kept)) })
    }

    /// The encoder with what it remembers.
    #[must_use]
    pub fn sentences(&self) -> Arc<Sentences> {
        Arc::clone(&self.sentences)
    }

    /// Keeps what was encoded, for the next start. Where that fails it only costs time then.
    pub fn keep(&self) {
        let mut end = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = self.sentences.kept();
        if kept.ends_with(&end) && !end.is_empty() {
            return;
        }
        let aside = self.cache.with_extension(format!("{}.tmp", std::process::id()));
        let written = fs::write(&aside, &kept).and_then(|()| fs::rename(&aside, &self.cache));
        match written {
            Ok(()) => *end = kept.get(kept.len().saturating_sub(32)..).unwrap_or_default().to_vec(),
            Err(error) => {
                // Half a file is of no use to anybody.
                let _ = fs::remove_file(&aside);
                tracing::info!(%error, path = %self.cache.display(), "what the encoder made cannot be kept");
            }
        }
    }
}

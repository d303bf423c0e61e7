//! The classifier's model, learned once for all who ask: triage decides by it, the desk explains by it.

use super::Library;
use crate::classify::{Label, Model};
use crate::replies::Replies;
use crate::wording::Language;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// What a model was learned from: the digest of the replies, what was taught.
type Known = (String, Vec<u64>);

/// The last model.
#[derive(Default)]
pub(super) struct Held(Mutex<Option<(Known, Arc<Model>)>>);

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held")
    }
}

impl Library {
    /// As [`Library::model`], learned anew only if the replies or the `ids` of what was taught are others
    /// than before.
    #[must_use]
    pub fn learned(
        &self,
        replies: &Replies,
        ids: Vec<u64>,
        taught: impl IntoIterator<Item = (Label, Language, String)>,
    ) -> Arc<Model> {
        let known = (replies.digest().to_owned(), ids);
        let mut held = self.held.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, model)) = &*held
            && *of == known
        {
            return Arc::clone(model);
        }
        let begun = Instant::now();
        let model = Arc::new(self.model(replies, taught));
        tracing::info!(wait_ms = begun.elapsed().as_millis(), lessons = model.lessons(), "classifier ready");
        *held = Some((known, Arc::clone(&model)));
        model
    }
}

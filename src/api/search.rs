//! Searches of the local interface.

use super::{Answer, Local};
use crate::search::Query;

impl Local {
    /// What a search finds. Without a daemon, nobody but us keeps the index up.
    pub(super) fn found(&self, query: &Query) -> Answer {
        let caught_up = if self.daemon { Ok(()) } else { self.search.catch_up() };
        match caught_up.and_then(|()| self.search.find(query)) {
            Ok(found) => Answer::Found(found),
            Err(why) => {
                let line = why.line(&self.wording, &self.config.data_dir);
                Answer::Refused { line, wrong_use: false }
            }
        }
    }

    /// Takes what was destroyed out of the index, where no daemon does it.
    pub(super) fn forget_purged(&self) {
        if !self.daemon && self.search.catch_up().is_err() {
            // Better none than one that still holds it; where that fails, the next start makes it anew.
            let _ = self.search.rebuild();
        }
    }
}

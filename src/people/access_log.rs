//! The access log: who opened, searched, downloaded and exported what.

use super::People;
use crate::journal::Fault;
pub use crate::journal::{Access, Accessed, Exported};
use crate::thread::{Actor, ThreadId};
use crate::wording::{Wording, key};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// Which lines of the access log are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessFilter {
    /// Only this person's.
    pub name: Option<String>,
    /// Only those of this thread.
    pub thread: Option<ThreadId>,
}

impl AccessFilter {
    fn takes(&self, access: &Access) -> bool {
        self.name.as_ref().is_none_or(|name| access.name == *name)
            && self.thread.is_none_or(|thread| access.what.thread() == Some(thread))
    }
}

impl People {
    /// Notes what somebody looked at. It costs a write into memory, and no page fails for its sake: a store
    /// that takes no writes says so elsewhere.
    pub fn note(&self, who: &Actor, what: Accessed) {
        let at = self.journal.clock().now();
        let access = Access { at, name: who.name.clone(), uid: who.uid, what };
        if let Err(fault) = self.journal.note_access(&access) {
            tracing::error!(%fault, "an access is not logged");
        }
    }

    /// The lines of the access log that the filter takes, newest first, at most `most`.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn accesses(&self, filter: &AccessFilter, most: usize) -> Result<Vec<Access>, Fault> {
        let takes = |access: &Result<Access, Fault>| access.as_ref().map_or(true, |of| filter.takes(of));
        self.journal.accesses().filter(takes).take(most).collect()
    }

    /// Forgets what is older than its retention.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn forget_accesses(&self) -> Result<(), Fault> {
        let oldest = self.journal.clock().now().checked_sub(self.keep_accesses);
        // A clock before 1970 forgets nothing.
        let Ok(oldest) = oldest else { return Ok(()) };
        match self.journal.forget_accesses(oldest)? {
            0 => {}
            count => tracing::info!(count, "old lines of the access log are gone"),
        }
        Ok(())
    }
}

impl AccessFilter {
    /// The names of the columns of [`AccessLine::row`], in keys of texts.
    const COLUMNS: [&str; 5] = ["at", "name", "what", "thread", "detail"];

    /// The head of the access log as a table.
    #[must_use]
    pub fn head(wording: &Wording) -> Vec<String> {
        Self::COLUMNS.map(|name| wording.text(&format!("access-column-{name}"))).to_vec()
    }
}

/// A line of the access log in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLine {
    /// When.
    pub at: Timestamp,
    /// Who: a name, or the Unix user of a command line.
    pub who: String,
    /// What they did.
    pub what: String,
    /// On which thread.
    pub thread: Option<ThreadId>,
    /// What was searched, exported or changed.
    pub detail: String,
}

impl AccessLine {
    /// The line of an access.
    #[must_use]
    pub fn of(wording: &Wording, access: Access) -> Self {
        let who = match access.uid {
            Some(uid) if access.name.is_empty() => wording.with("access-command-line", &[("uid", &uid)]),
            _ => access.name,
        };
        let detail = match &access.what {
            Accessed::Thread { .. } => String::new(),
            Accessed::Search { query } => query.clone(),
            Accessed::File { message, place, .. } => {
                let values: [(&str, &dyn Display); 2] = [("message", message), ("place", &(place + 1))];
                wording.with("access-file-detail", &values)
            }
            Accessed::Export { export } => wording.text(&format!("export-{}", key(export))),
            Accessed::Refused { verb, .. } if verb.is_empty() => wording.text("chat-verb-none"),
            Accessed::Refused { verb, .. } => wording.text(&format!("chat-verb-{verb}")),
            Accessed::Account { account, change } => {
                let change = wording.text(&format!("change-{change}"));
                format!("{account} · {change}")
            }
        };
        Self {
            at: access.at,
            who,
            what: wording.text(&format!("access-{}", access.what.key())),
            thread: access.what.thread(),
            detail,
        }
    }

    /// Its cells, under [`AccessFilter::head`].
    #[must_use]
    pub fn row(self) -> Vec<String> {
        let thread = self.thread.map(|thread| thread.to_string()).unwrap_or_default();
        vec![self.at.to_string(), self.who, self.what, thread, self.detail]
    }
}

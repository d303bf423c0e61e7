//! The register of deposits: what organisations owed us and brought.

use super::Report;
use crate::journal::Fault;
use crate::thread::ThreadId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One deposit: `greffier deposits --json` writes one a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositLine {
    /// Its thread.
    pub thread: ThreadId,
    /// Who brought it.
    pub organisation: String,
    /// What it is about: the subject.
    pub project: String,
    /// When it came.
    pub received: Timestamp,
    /// The names of the documents.
    pub documents: Vec<String>,
    /// When its acknowledgement left; `None` while there is none.
    pub acknowledged: Option<Timestamp>,
}

impl Report {
    /// All deposits, oldest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn deposits(&self) -> Result<Vec<DepositLine>, Fault> {
        let mut lines = Vec::new();
        for thread in self.journal.threads() {
            let thread = thread?;
            let Some(deposit) = thread.deposit else { continue };
            lines.push(DepositLine {
                thread: thread.id,
                organisation: thread.counterpart.name,
                project: deposit.project,
                received: deposit.at,
                documents: deposit.documents,
                acknowledged: deposit.acknowledged,
            });
        }
        lines.sort_by_key(|line| (line.received, line.thread));
        Ok(lines)
    }
}

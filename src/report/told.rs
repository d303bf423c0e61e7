//! Who received which version of an entry: whom to write to when a text turns out wrong.

use super::Report;
use crate::draft::{Draft, EntryUse, LetterKind};
use crate::journal::Fault;
use crate::thread::{Event, SentLetter, Thread, ThreadId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One letter with the entry in it: `greffier replies told SLUG --json` writes one a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldLine {
    /// Its thread.
    pub thread: ThreadId,
    /// Who asked.
    pub organisation: String,
    /// Who received it: To and Cc.
    pub recipients: Vec<String>,
    /// When the mail server took it.
    pub at: Timestamp,
    /// `slug` or `slug.variant`.
    pub entry: String,
    /// The version of the text.
    pub version: u32,
    /// SHA-256 of the text and of what stood beside it. Hex.
    pub digest: String,
    /// What the letter was for.
    pub kind: LetterKind,
    /// Whether a reviewer changed the letter's words: the text may have been told otherwise.
    pub edited: bool,
    /// Whether a later letter put it right.
    pub rectified: bool,
}

/// What was approved: the draft, the recipients, and whether a reviewer wrote in it.
struct Approved {
    draft: Draft,
    recipients: Vec<String>,
    edited: bool,
}

impl Report {
    /// A line for every letter that left with the entry `name` in it, oldest first: `slug` for all its
    /// wordings, `slug.variant` for one.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn told(&self, name: &str) -> Result<Vec<ToldLine>, Fault> {
        let mut lines = Vec::new();
        for thread in self.journal.threads() {
            let thread = thread?;
            if thread.sent.is_empty() {
                continue;
            }
            let approved = self.approved(&thread)?;
            for letter in &thread.sent {
                let Some(approved) = approved.get(&letter.digest) else { continue };
                let used = approved.draft.entries.iter().filter(|used| is_meant(used, name));
                lines.extend(used.map(|used| line(&thread, letter, approved, used)));
            }
        }
        lines.sort_by_key(|line| (line.at, line.thread));
        Ok(lines)
    }

    /// What was approved in a thread, by the digest of what was shown.
    fn approved(&self, thread: &Thread) -> Result<BTreeMap<String, Approved>, Fault> {
        let mut approved = BTreeMap::new();
        // Where threads were joined, each number has a draft of its own.
        let mut drafts: BTreeMap<ThreadId, (Draft, bool)> = BTreeMap::new();
        for recorded in self.journal.events(thread)? {
            let number = recorded.thread;
            match recorded.event {
                Event::DraftPrepared { draft, edited } => drop(drafts.insert(number, (draft, edited))),
                Event::DraftEdited { draft } => drop(drafts.insert(number, (draft, true))),
                Event::DraftAdjusted { draft, .. } => {
                    let edited = drafts.get(&number).is_some_and(|(_, edited)| *edited);
                    drafts.insert(number, (draft, edited));
                }
                Event::Reclassified { draft, .. } => drop(drafts.insert(number, (draft, false))),
                Event::Approved(approval) => {
                    if let Some((draft, edited)) = drafts.get(&number) {
                        let recipients = approval.seal.recipients().to_vec();
                        let (draft, edited) = (draft.clone(), *edited);
                        let digest = approval.seal.digest().to_owned();
                        approved.insert(digest, Approved { draft, recipients, edited });
                    }
                }
                _ => {}
            }
        }
        Ok(approved)
    }
}

fn is_meant(used: &EntryUse, name: &str) -> bool {
    used.slug == name || used.name() == name
}

fn line(thread: &Thread, letter: &SentLetter, approved: &Approved, used: &EntryUse) -> ToldLine {
    ToldLine {
        thread: thread.id,
        organisation: thread.counterpart.name.clone(),
        recipients: approved.recipients.clone(),
        at: letter.at,
        entry: used.name(),
        version: used.version,
        digest: used.digest.clone(),
        kind: letter.kind,
        edited: approved.edited,
        rectified: letter.rectified,
    }
}

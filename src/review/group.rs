//! A flood: many threads that wait for the same text, decided in one gesture.
//!
//! Each thread keeps its own version, its own checks and its own seal; a refusal of one stops no other.

use super::{Decision, Desk, Refusal, Summary};
use crate::draft::LetterKind;
use crate::journal::Fault;
use crate::thread::{Actor, Event, State, ThreadId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// So many threads are looked at, those with the lowest numbers: more are decided in several gestures.
const MOST: usize = 300;
/// Fewer threads than this are no group.
const FEWEST: usize = 3;

/// Threads that wait for the same text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The entries that all of them are drafted from.
    pub entries: Vec<String>,
    /// The threads, oldest first.
    pub threads: Vec<Member>,
}

/// One thread of a group: what somebody must have seen before deciding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its number.
    pub id: ThreadId,
    /// Its version.
    pub version: u64,
    /// Who writes.
    pub organisation: String,
    /// The newest text of the last question.
    pub newest: String,
}

/// The text for a whole group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupText {
    /// The drafts as they stand.
    AsDrafted,
    /// Drafts from these entries.
    Entries(Vec<String>),
    /// This text, in Markdown.
    Body(String),
}

impl Desk {
    /// The groups of unflagged threads that wait for review with drafts from the same entries, largest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn groups(&self) -> Result<Vec<Group>, Fault> {
        let mut groups: BTreeMap<Vec<String>, Vec<Member>> = BTreeMap::new();
        for id in self.journal.in_state(State::ToReview).take(MOST) {
            let Some(thread) = self.journal.thread(id?)? else { continue };
            let other_letter = thread.draft_kind != LetterKind::Answer;
            if thread.edited
                || other_letter
                || thread.suggestions.is_empty()
                || thread.flags().next().is_some()
            {
                continue;
            }
            let Some(question) = thread.open_questions().last() else { continue };
            let event = self.journal.event(question.seq)?.map(|recorded| recorded.event);
            let newest =
                event.as_ref().and_then(Event::arrival).map(|arrival| arrival.message.newest.text.clone());
            groups.entry(thread.suggestions.clone()).or_default().push(Member {
                id: thread.id,
                version: thread.version,
                organisation: thread.counterpart.name.clone(),
                newest: newest.unwrap_or_default(),
            });
        }
        let mut groups: Vec<Group> = groups
            .into_iter()
            .filter(|(_, threads)| threads.len() >= FEWEST)
            .map(|(entries, threads)| Group { entries, threads })
            .collect();
        groups.sort_by(|a, b| b.threads.len().cmp(&a.threads.len()).then(a.entries.cmp(&b.entries)));
        Ok(groups)
    }

    /// Approves each of these threads, as it was seen, with one text; says for each what came of it.
    /// What is flagged takes a decision of its own.
    pub fn approve_group(
        &self,
        seen: &[(ThreadId, u64)],
        text: &GroupText,
        reviewer: &Actor,
    ) -> Vec<(ThreadId, Result<Summary, Refusal>)> {
        seen.iter().map(|(id, seen)| (*id, self.approve_member(*id, *seen, text, reviewer))).collect()
    }

    fn approve_member(
        &self,
        id: ThreadId,
        seen: u64,
        text: &GroupText,
        reviewer: &Actor,
    ) -> Result<Summary, Refusal> {
        let thread = self.journal.thread(id)?.ok_or(Refusal::NoThread { id })?;
        if thread.flags().next().is_some() {
            return Err(Refusal::Flagged);
        }
        if matches!(text, GroupText::Body(_)) && !self.config.desk.author_may_approve {
            return Err(Refusal::OwnText);
        }
        let prepared = match text {
            GroupText::AsDrafted => None,
            GroupText::Entries(entries) => {
                Some(Decision::Reclassify { entries: entries.clone(), language: None })
            }
            GroupText::Body(body) => Some(Decision::Edit { body: body.clone() }),
        };
        let seen = match prepared {
            Some(decision) => self.decide(id, Some(seen), decision, reviewer)?.version,
            None => seen,
        };
        let approve = Decision::Approve { confirmed: Vec::new(), despite_superseded: Vec::new() };
        Ok(self.summary(&self.decide(id, Some(seen), approve, reviewer)?))
    }
}

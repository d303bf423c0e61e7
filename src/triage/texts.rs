//! What changes under the drafts: texts, days, suspensions.
//!
//! A new version of a file, a date of an entry that is reached, an entry that is suspended or may be sent
//! again: each time what waits is prepared again, and approvals that no longer hold are void.

use super::Triage;
use crate::draft::{self, Draft, LetterKind};
use crate::journal::Fault;
use crate::message::Message;
use crate::replies::Replies;
use crate::thread::{Actor, Event, State, Suspensions, Thread, ThreadId, hindrance};
use jiff::civil::Date;
use std::sync::{Arc, PoisonError};

/// What the drafts were last held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Texts {
    /// The digest of the library.
    library: String,
    suspensions: Suspensions,
    /// The day of the ministry.
    day: Date,
}

/// The same, with the texts at hand.
struct Now {
    replies: Arc<Replies>,
    suspensions: Suspensions,
    day: Date,
}

impl Triage {
    /// Holds all that waits against the texts as they are now, if they are not what they were at the last
    /// call: approvals that do not hold any more are void, drafts that nobody edited are prepared again.
    /// What a reviewer wrote stays; the desk shows what has changed beneath it.
    ///
    /// # Errors
    /// If the store cannot be read or written.
    pub fn follow_texts(&self) -> Result<(), Fault> {
        let now = Now {
            replies: self.library.current(),
            suspensions: self.journal.suspensions()?,
            day: self.today(),
        };
        let texts = Texts {
            library: now.replies.digest().to_owned(),
            suspensions: now.suspensions.clone(),
            day: now.day,
        };
        if self.texts.lock().unwrap_or_else(PoisonError::into_inner).as_ref() == Some(&texts) {
            return Ok(());
        }
        for state in [State::Approved, State::ToSign, State::ToReview] {
            for id in self.journal.in_state(state).collect::<Result<Vec<_>, _>>()? {
                let Some(thread) = self.journal.thread(id)? else { continue };
                if thread.letter.is_some() {
                    self.void_if_hindered(&thread, &now)?;
                } else {
                    self.prepare_if_stale(&thread, &now)?;
                }
            }
        }
        *self.texts.lock().unwrap_or_else(PoisonError::into_inner) = Some(texts);
        Ok(())
    }

    fn void_if_hindered(&self, thread: &Thread, now: &Now) -> Result<(), Fault> {
        let (Some(letter), Some(draft)) = (&thread.letter, self.journal.draft_of(thread)?) else {
            return Ok(());
        };
        let recorded = self.journal.event(letter.seq)?.map(|recorded| recorded.event);
        let Some(Event::Approved(approval)) = recorded else { return Ok(()) };
        let Some(reason) = hindrance(&draft, &approval, &now.replies, &now.suspensions, now.day) else {
            return Ok(());
        };
        // A new draft of what has left already would be a second letter.
        if self.journal.may_have_left(letter)? {
            return Ok(());
        }
        self.journal.write_synced(|writer| {
            let same = |now: &Thread| now.letter.as_ref().is_some_and(|now| now.seq == letter.seq);
            if writer.thread(thread.id)?.as_ref().is_some_and(same) {
                writer.void(thread.id, reason)?;
                tracing::info!(thread.id = thread.id, reason = reason.key(), "approval void");
            }
            Ok(())
        })
    }

    fn prepare_if_stale(&self, thread: &Thread, now: &Now) -> Result<(), Fault> {
        let Some((prepared, draft)) = self.draft_and_day(thread)? else { return Ok(()) };
        if thread.edited {
            return Ok(());
        }
        let entries = match draft.kind {
            LetterKind::Answer => now.suspensions.allowed(&thread.suggestions),
            LetterKind::Correction => {
                let entries: Vec<String> = draft.entries.iter().map(|used| used.name()).collect();
                if now.suspensions.allowed(&entries).len() < entries.len() {
                    // It says what it puts right, so nothing is taken out; it waits, and cannot be approved.
                    return Ok(());
                }
                entries
            }
            _ => return Ok(()),
        };
        let Some(fresh) = self.composed_again(thread, &draft, &entries, &now.replies)? else { return Ok(()) };
        let dated = fresh
            .entries
            .iter()
            .any(|used| used.passes_a_date(&now.replies, fresh.language, prepared, now.day));
        if fresh.entries == draft.entries && fresh.english == draft.english && !dated {
            return Ok(());
        }
        self.put_draft(thread.id, thread.version, fresh)
    }

    fn put_draft(&self, id: ThreadId, version: u64, draft: Draft) -> Result<(), Fault> {
        self.journal.write_synced(|writer| -> Result<(), Fault> {
            if writer.thread(id)?.is_some_and(|now| now.version == version) {
                let event = Event::DraftPrepared { draft, edited: false };
                writer.append(id, Actor::bot(), writer.now(), event)?;
            }
            Ok(())
        })
    }

    /// The present draft, and the day on which it was prepared.
    fn draft_and_day(&self, thread: &Thread) -> Result<Option<(Date, Draft)>, Fault> {
        let Some(seq) = thread.draft else { return Ok(None) };
        let Some(recorded) = self.journal.event(seq)? else { return Ok(None) };
        let day = recorded.recorded.to_zoned_datetime(self.zone.clone()).date();
        Ok(recorded.event.into_draft().map(|draft| (day, draft)))
    }

    /// The same letter from the texts as they are now.
    fn composed_again(
        &self,
        thread: &Thread,
        draft: &Draft,
        entries: &[String],
        replies: &Replies,
    ) -> Result<Option<Draft>, Fault> {
        let mut earlier = self.journal.received(thread)?;
        let Some((_, question)) = earlier.pop() else { return Ok(None) };
        let before: Vec<&Message> = earlier.iter().map(|(_, message)| message).collect();
        let asked = draft::Asked {
            question: &question,
            earlier: &before,
            counterpart: &thread.counterpart,
            language: draft.language,
            english: draft.adjustments.english.as_deref(),
            today: self.today(),
            opinions: &self.journal.opinions(thread)?,
        };
        if draft.kind == LetterKind::Answer {
            let ours = self.config.mailbox.ours();
            let fresh = draft::compose_known(replies, &asked, entries, &ours, &self.zone);
            return Ok(Some(fresh.adjusted_as(draft)));
        }
        let composed = draft::compose_kind(
            replies,
            &asked,
            draft.kind,
            entries,
            &self.config.mailbox.ours(),
            &self.zone,
        );
        // Whoever got the earlier letter gets this one. With an entry gone, it is a person's to look at.
        let to_the_same = |fresh| Draft { recipients: draft.recipients.clone(), ..fresh };
        Ok(composed.ok().map(|fresh| to_the_same(fresh).adjusted_as(draft)))
    }
}

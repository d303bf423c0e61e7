//! What a reviewer should look at before approving: warnings, no refusals.

use super::Desk;
use crate::draft::{Change, Draft, LetterKind};
use crate::journal::Fault;
use crate::thread::{Event, State, Thread, ThreadId};
use crate::wording::{Language, Wording};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How far back the other threads of an organisation are looked at.
const BACK: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Others than these are not shown: nobody reads more.
const MOST: usize = 20;

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "check", rename_all = "kebab-case")]
pub enum Check {
    /// The last message is a few words that follow an exchange: read it beside that.
    ShortFollowUp,
    /// The letter's language is not the question's.
    OtherLanguage,
    /// What a reviewer wrote names another organisation.
    OtherOrganisation {
        /// Its name.
        name: String,
    },
    /// A link, or a point of the letter, that the letter does not have.
    DeadReference {
        /// As it stands in the text.
        text: String,
    },
    /// The same organisation has another thread that waits.
    OtherOpen {
        /// That thread.
        thread: ThreadId,
    },
    /// The same organisation was answered from the same entry with another text.
    AnsweredDifferently {
        /// That thread.
        thread: ThreadId,
        /// The entry.
        entry: String,
    },
}

impl Check {
    /// One line for people.
    #[must_use]
    pub fn line(&self, wording: &Wording) -> String {
        match self {
            Self::ShortFollowUp => wording.text("check-short-follow-up"),
            Self::OtherLanguage => wording.text("check-other-language"),
            Self::OtherOrganisation { name } => wording.with("check-other-organisation", &[("name", name)]),
            Self::DeadReference { text } => wording.with("check-dead-reference", &[("text", text)]),
            Self::OtherOpen { thread } => wording.with("check-other-open", &[("thread", thread)]),
            Self::AnsweredDifferently { thread, entry } => {
                wording.with("check-answered-differently", &[("thread", thread), ("entry", entry)])
            }
        }
    }
}

impl Desk {
    /// Other threads of the same side in the last 90 days, newest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(super) fn neighbours(&self, thread: &Thread) -> Result<Vec<Thread>, Fault> {
        let since = self.journal.clock().now().saturating_sub(BACK).unwrap_or(Timestamp::MIN);
        let mut others = Vec::new();
        for id in self.journal.threads_of(&thread.counterpart.key)?.into_iter().rev() {
            let other = self.journal.thread(id)?.filter(|other| other.id == id && id != thread.id);
            let Some(other) = other else { continue };
            let last = other.last_human().map_or(other.received, |line| line.occurred);
            if last >= since && !other.purged {
                others.push(other);
            }
            if others.len() == MOST {
                break;
            }
        }
        Ok(others)
    }

    /// What to look at before approving this draft.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(super) fn checks(
        &self,
        thread: &Thread,
        draft: Option<&Draft>,
        neighbours: &[Thread],
    ) -> Result<Vec<Check>, Fault> {
        let Some(draft) = draft.filter(|_| thread.state == State::ToReview) else { return Ok(Vec::new()) };
        let mut checks = Vec::new();
        if draft.kind == LetterKind::Answer && self.is_short_follow_up(thread)? {
            checks.push(Check::ShortFollowUp);
        }
        let asked_in = thread.open_questions().last().map(|question| question.language);
        if asked_in.is_some_and(|language: Language| language != draft.language && draft.english.is_empty()) {
            checks.push(Check::OtherLanguage);
        }
        if thread.edited {
            checks.extend(self.written(thread, draft)?);
        }
        for other in neighbours {
            if other.open_questions().next().is_some() {
                checks.push(Check::OtherOpen { thread: other.id });
            }
            if other.state == State::Answered
                && let Some(entry) = self.differs(other, draft)?
            {
                checks.push(Check::AnsweredDifferently { thread: other.id, entry });
            }
        }
        Ok(checks)
    }

    /// What a reviewer's own words may have wrong. The approved texts were read by others.
    fn written(&self, thread: &Thread, draft: &Draft) -> Result<Vec<Check>, Fault> {
        let changes = self.changes(thread, draft)?;
        let added = changes.iter().filter(|line| line.change == Change::Added).map(|line| line.text.as_str());
        let added = added.collect::<Vec<_>>().join("\n");
        let named = self.organisations.named_in(&added).filter(|name| *name != thread.counterpart.name);
        let mut checks: Vec<Check> =
            named.map(|name| Check::OtherOrganisation { name: name.to_owned() }).collect();
        checks.extend(draft.dead_references().into_iter().map(|text| Check::DeadReference { text }));
        Ok(checks)
    }

    /// The entry that both letters use with different texts.
    fn differs(&self, other: &Thread, draft: &Draft) -> Result<Option<String>, Fault> {
        let Some(sent) = self.journal.draft_of(other)? else { return Ok(None) };
        let same = |slug: &str| sent.entries.iter().find(|used| used.slug == slug);
        Ok(draft.entries.iter().find_map(|used| {
            let before = same(&used.slug)?;
            (before.digest != used.digest || other.edited).then(|| used.slug.clone())
        }))
    }

    fn is_short_follow_up(&self, thread: &Thread) -> Result<bool, Fault> {
        let Some(last) = thread.last_human() else { return Ok(false) };
        let event = self.journal.event(last.seq)?.map(|recorded| recorded.event);
        let arrival = event.as_ref().and_then(Event::arrival);
        Ok(arrival.is_some_and(|arrival| thread.is_short_follow_up(last.seq, &arrival.message.newest.text)))
    }
}

//! The approved texts at the desk: which may be sent, who suspended one, what changed beneath a draft.

use super::view::{Shown, Summary};
use super::{Desk, Refusal, sound};
use crate::account::Permission;
use crate::classify::Level;
use crate::draft::{Draft, LetterKind};
use crate::journal::Fault;
use crate::replies::Entry;
use crate::thread::{Actor, Event, Fate, State, Suspension, Suspensions, Thread};
use crate::wording::Language;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Letters that say how a text is accepted.
const LAST_LETTERS: usize = 100;

/// How an entry stands to its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryState {
    /// It holds today.
    InForce,
    /// Its first day is still to come.
    NotYet,
    /// It holds no longer.
    Superseded,
    /// It is suspended, and the library does not have it any more.
    Gone,
}

/// One text of the library: `greffier entry list --json` writes one a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryLine {
    /// `fr/contact`; the slug alone where the library does not have it.
    pub entry: String,
    /// What `entry suspend` takes.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its version; 0 where the library does not have it.
    pub version: u32,
    /// The first day on which it holds.
    pub effective: Option<Date>,
    /// The first day on which it holds no longer.
    pub superseded: Option<Date>,
    /// How it stands today.
    pub state: EntryState,
    /// Set while nobody may send it.
    pub suspension: Option<Suspension>,
}

impl EntryLine {
    fn of(entry: &Entry, suspensions: &Suspensions, today: Date) -> Self {
        let slug = entry.id.slug.as_str();
        let state = if entry.is_superseded_on(today) {
            EntryState::Superseded
        } else if entry.is_effective_on(today) {
            EntryState::InForce
        } else {
            EntryState::NotYet
        };
        Self {
            entry: entry.id.to_string(),
            slug: slug.to_owned(),
            title: entry.title.clone(),
            version: entry.version,
            effective: Some(entry.effective),
            superseded: entry.superseded,
            state,
            suspension: suspensions.of(slug).cloned(),
        }
    }

    fn gone(suspension: &Suspension) -> Self {
        Self {
            entry: suspension.entry.clone(),
            slug: suspension.entry.clone(),
            title: String::new(),
            version: 0,
            effective: None,
            superseded: None,
            state: EntryState::Gone,
            suspension: Some(suspension.clone()),
        }
    }
}

/// A text that is no longer what a draft was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outdated {
    /// `slug` or `slug.variant`.
    pub entry: String,
    /// The version in the draft.
    pub version: u32,
    /// The version in the library; `None`: it is gone.
    pub now: Option<u32>,
    /// The first day on which it holds no longer, if that day has come.
    pub superseded: Option<Date>,
}

impl Desk {
    /// Says that nobody may send an entry for now: in no language, in no wording.
    ///
    /// # Errors
    /// A refusal without a name, a reason or such an entry, or if it is suspended already; or if the store
    /// cannot be written.
    pub fn suspend_entry(&self, entry: &str, reason: &str, actor: &Actor) -> Result<Suspension, Refusal> {
        self.may(actor, Permission::TendTexts)?;
        let reason = sound(reason.to_owned())?;
        let replies = self.library.current();
        if !replies.slugs().any(|slug| slug.as_str() == entry) {
            return Err(Refusal::no_entry(&replies, entry.to_owned()));
        }
        self.journal.write_synced(|writer| -> Result<(), Refusal> {
            if let Some(standing) = self.journal.suspensions()?.of(entry) {
                return Err(Refusal::Suspended(standing.clone()));
            }
            let event = Event::EntrySuspended { entry: entry.to_owned(), reason };
            Ok(writer.append_to_desk(actor.clone(), event).map(drop)?)
        })?;
        let standing = self.journal.suspensions()?;
        standing.of(entry).cloned().ok_or_else(|| Refusal::NotSuspended { entry: entry.to_owned() })
    }

    /// Says that an entry may be sent again.
    ///
    /// # Errors
    /// A refusal without a name, or if it is not suspended; or if the store cannot be written.
    pub fn resume_entry(&self, entry: &str, actor: &Actor) -> Result<(), Refusal> {
        self.may(actor, Permission::TendTexts)?;
        self.journal.write_synced(|writer| -> Result<(), Refusal> {
            // By its own name: what is suspended is a slug.
            if !self.journal.suspensions()?.iter().any(|standing| standing.entry == entry) {
                return Err(Refusal::NotSuspended { entry: entry.to_owned() });
            }
            let event = Event::EntryResumed { entry: entry.to_owned() };
            Ok(writer.append_to_desk(actor.clone(), event).map(drop)?)
        })
    }

    /// A line for every text of the library, and for what is suspended and gone from it.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn entries(&self) -> Result<Vec<EntryLine>, Fault> {
        let (replies, suspensions) = (self.library.current(), self.journal.suspensions()?);
        let today = self.today();
        let mut lines: Vec<EntryLine> =
            replies.entries().map(|entry| EntryLine::of(entry, &suspensions, today)).collect();
        let gone = suspensions.iter().filter(|standing| {
            let is_known = replies.slugs().any(|slug| slug.as_str() == standing.entry);
            !is_known
        });
        lines.extend(gone.map(EntryLine::gone));
        Ok(lines)
    }

    /// What became of a text, as it stands now, in the last letters for which it was offered at level *sure*:
    /// taken as it was, edited, rejected.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn acceptance(&self, entry: &Entry) -> Result<[usize; 3], Fault> {
        let fates = self.journal.fates(entry.id.slug.as_str(), entry.digest(), LAST_LETTERS)?;
        let count = |fate| fates.iter().filter(|of| **of == fate).count();
        Ok([count(Fate::AsIs), count(Fate::Edited), count(Fate::Rejected)])
    }

    /// Refuses what is made from a suspended entry, and what would be if it were not suspended.
    pub(super) fn none_suspended(&self, thread: &Thread, draft: &Draft) -> Result<(), Refusal> {
        let suspensions = self.journal.suspensions()?;
        let mut names: Vec<&str> = draft.entries.iter().map(|used| used.slug.as_str()).collect();
        // Its section was taken out, and nobody has written anything in its place.
        if draft.kind == LetterKind::Answer && !thread.edited {
            names.extend(thread.suggestions.iter().map(String::as_str));
        }
        match names.into_iter().find_map(|name| suspensions.of(name)) {
            Some(standing) => Err(Refusal::Suspended(standing.clone())),
            None => Ok(()),
        }
    }

    /// Refuses entries that somebody names and that are suspended.
    pub(super) fn may_choose(&self, entries: &[String]) -> Result<(), Refusal> {
        let suspensions = self.journal.suspensions()?;
        match entries.iter().find_map(|name| suspensions.of(name)) {
            Some(standing) => Err(Refusal::Suspended(standing.clone())),
            None => Ok(()),
        }
    }

    /// Refuses texts that do not hold today, unless a superseded one is meant by name, and texts that
    /// changed under a draft that nobody edited: triage prepares it again.
    pub(super) fn texts_hold(
        &self,
        thread: &Thread,
        draft: &Draft,
        despite_superseded: &[String],
        today: Date,
    ) -> Result<(), Refusal> {
        let replies = self.library.current();
        let above = draft.entries.iter().map(|used| (used, draft.language));
        for (used, language) in above.chain(draft.english.iter().map(|used| (used, Language::En))) {
            let entry = used.slug.clone();
            if used.is_superseded_on(&replies, language, today) && !despite_superseded.contains(&entry) {
                return Err(Refusal::Superseded { entry });
            }
            let first = used.in_library(&replies, language).map(|entry| entry.effective);
            if let Some(first) = first.filter(|first| *first > today) {
                return Err(Refusal::NotYetInForce { entry, first });
            }
            if !thread.edited && !used.is_current(&replies) {
                return Err(Refusal::TextChanged { entry });
            }
        }
        if draft.kind == LetterKind::Correction && draft.entries.is_empty() && !thread.edited {
            return Err(Refusal::NothingWritten);
        }
        Ok(())
    }

    /// Shows what is suspended in a thread: with a section missing, no draft is a matter of course.
    pub(super) fn mark_suspended(&self, mut lines: Vec<Summary>) -> Result<Vec<Summary>, Fault> {
        let suspensions = self.journal.suspensions()?;
        for line in lines.iter_mut().filter(|line| waits(line.state)) {
            let standing = line.suggestions.iter().filter_map(|name| suspensions.of(name));
            line.suspended = standing.map(|standing| standing.entry.clone()).collect();
            if !line.suspended.is_empty() && line.level == Some(Level::Sure) {
                line.level = Some(Level::Unsure);
            }
        }
        Ok(lines)
    }

    /// Adds to a thread that is shown what is suspended in it, and what changed under its draft.
    pub(super) fn with_texts(&self, mut shown: Shown) -> Result<Shown, Fault> {
        let (suspensions, replies, today) =
            (self.journal.suspensions()?, self.library.current(), self.today());
        shown.summary = self.mark_suspended(vec![shown.summary.clone()])?.pop().unwrap_or(shown.summary);
        if !waits(shown.summary.state) {
            return Ok(shown);
        }
        let used = shown.draft.iter().flat_map(|draft| draft.entries.iter().map(|used| &used.slug));
        for name in shown.summary.suggestions.iter().chain(used) {
            shown.suspensions.extend(
                suspensions.of(name).filter(|standing| !shown.suspensions.contains(standing)).cloned(),
            );
        }
        if let Some(draft) = &shown.draft {
            shown.outdated = draft
                .entries
                .iter()
                .filter_map(|used| {
                    let now = used.in_library(&replies, draft.language);
                    let over = used.is_superseded_on(&replies, draft.language, today);
                    (over || !used.is_current(&replies)).then(|| Outdated {
                        entry: used.name(),
                        version: used.version,
                        now: now.map(|entry| entry.version),
                        superseded: now.map_or(used.superseded, |entry| entry.superseded).filter(|_| over),
                    })
                })
                .collect();
        }
        Ok(shown)
    }
}

/// Whether something may still be sent of a thread's draft; of an older one, its texts say nothing any more.
fn waits(state: State) -> bool {
    matches!(
        state,
        State::New | State::ToReview | State::ToSign | State::Approved | State::AwaitingAsker | State::Failed
    )
}

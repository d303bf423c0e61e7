//! One question as reports see it: computed from its thread, and from nothing else.

use super::stage::{self, StageTime};
use crate::calendar::{BeyondCalendar, Calendar, Taken, Watch};
use crate::classify::Level;
use crate::config::Target;
use crate::journal::LetterOutcome;
use crate::organisation::Kind;
use crate::thread::{Channel, Fate, Pause, Question, Thread};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One question: `greffier report response-times --format json` writes one a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseTime {
    /// The thread.
    pub thread: u64,
    /// The question's number in the thread, from 1.
    pub question: u32,
    /// Who asked.
    pub organisation: String,
    /// The sort of body, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// The first entry.
    pub entry: Option<String>,
    /// How sure the classifier was of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// All entries, in the order of the letter.
    pub entries: Vec<String>,
    /// When the server received it, or what a person has put right since.
    pub received: Timestamp,
    /// When a draft was ready.
    pub drafted: Option<Timestamp>,
    /// When a reviewer took it in hand.
    pub claimed: Option<Timestamp>,
    /// When somebody else was first asked for an opinion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion_asked: Option<Timestamp>,
    /// When the last opinion came before the approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion_received: Option<Timestamp>,
    /// When the letter was approved.
    pub approved: Option<Timestamp>,
    /// When a second person signed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Timestamp>,
    /// When the mail server took the answer, or when it was given elsewhere.
    pub handed_over: Option<Timestamp>,
    /// Where it was answered; `None` while it is open or closed without a reply.
    pub answered: Option<Channel>,
    /// When it was closed without a reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Timestamp>,
    /// Seconds of wall time in which the asker owed us something; no part of the two figures below.
    #[serde(default)]
    pub paused_seconds: u64,
    /// Those times, each with what was owed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// Seconds from receipt to answer.
    pub wall_seconds: Option<u64>,
    /// Seconds of them within business hours.
    pub business_seconds: Option<u64>,
    /// Where they went; they add up to the two figures above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageTime>,
    /// Business days after the day of receipt up to the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_days: Option<u32>,
    /// Within how many it should be answered.
    #[serde(default)]
    pub target_days: u16,
    /// How old it is, while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<Age>,
    /// How often its answer or its closing was undone.
    #[serde(default)]
    pub reopened: u32,
    /// Whether no entry answers it.
    #[serde(default)]
    pub off_faq: bool,
    /// What became of the texts that were offered ready to send. A letter that answers several questions has
    /// them with the first, so that each text counts once a letter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<Offered>,
    /// Whether somebody has confirmed the holidays of all the years that it touches.
    #[serde(default)]
    pub confirmed: bool,
    /// Who approved, if the config lets reports say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewer: Option<String>,
}

/// How old an open question is; the clock stands still in pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Age {
    /// How long it has waited.
    #[serde(flatten)]
    pub taken: Taken,
    /// Business days after the day of receipt.
    pub business_days: u32,
}

/// A text that was offered ready to send, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The entry.
    pub entry: String,
    /// What became of it.
    pub fate: Fate,
    /// How many of the words were changed, in percent; 0 unless it was edited.
    pub changed: u8,
}

impl ResponseTime {
    /// Whether it still waits for us.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.answered.is_none() && self.closed.is_none()
    }

    /// Whether it was answered within its target; `None` while it is not answered.
    #[must_use]
    pub fn is_within(&self) -> Option<bool> {
        self.business_days.map(|days| days <= u32::from(self.target_days))
    }

    /// Whether it is open and past its target.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        self.age.is_some_and(|age| age.business_days > u32::from(self.target_days))
    }

    /// Whether its target is missed, be it answered or still open; `None` of what was closed without a reply.
    #[must_use]
    pub fn is_late(&self) -> Option<bool> {
        match self.is_within() {
            Some(within) => Some(!within),
            None => self.is_open().then(|| self.is_overdue()),
        }
    }

    /// Those of a thread: questions that ask us something, were not handed to another office, and are no
    /// silent history. What lies beyond the calendar has no figures.
    pub(super) fn of_thread(
        thread: &Thread,
        letters: &[LetterOutcome],
        calendar: &Calendar,
        target: &Target,
    ) -> Vec<Result<Self, Beyond>> {
        let told = |question: &&Question| {
            let silent_history = question.history && question.answer.is_none();
            question.counts && question.transferred.is_none() && !silent_history
        };
        let mut letters_told = Vec::new();
        let of = |question: &Question| {
            let letter = question.answer.as_ref().and_then(|answer| answer.message_id.clone());
            let letters = if letters_told.contains(&letter) { &[] } else { letters };
            letters_told.push(letter);
            Self::of(thread, question, letters, calendar, target)
                .map_err(|why| Beyond { received: question.received, why })
        };
        thread.questions.iter().filter(told).map(of).collect()
    }

    /// One question of a thread.
    pub(super) fn of(
        thread: &Thread,
        question: &Question,
        letters: &[LetterOutcome],
        calendar: &Calendar,
        target: &Target,
    ) -> Result<Self, BeyondCalendar> {
        let watch = Watch::of(question, calendar);
        let answer = question.answer.as_ref();
        let taken = answer.map(|answer| watch.at(answer.at)).transpose()?;
        let end = answer.map(|answer| answer.at).or(question.closed);
        let letter = answer
            .and_then(|answer| answer.message_id.as_ref())
            .and_then(|id| thread.messages.iter().find(|line| line.message_id == *id).map(|line| line.seq));
        let mut offered: Vec<&LetterOutcome> = letters.iter().filter(|of| Some(of.seq) == letter).collect();
        // The index has them by name, the events as in the letter: the same line, wherever they come from.
        let place = |slug: &String| question.entries.iter().position(|entry| entry == slug);
        offered.sort_by_key(|of| (place(&of.slug).unwrap_or(usize::MAX), &of.slug));
        let entry = question.entries.first().cloned();
        Ok(Self {
            thread: thread.id,
            question: question.number,
            organisation: thread.counterpart.name.clone(),
            kind: thread.counterpart.kind,
            target_days: target.days_for(entry.as_deref(), thread.counterpart.kind),
            off_faq: entry.is_none(),
            entry,
            level: question.level,
            entries: question.entries.clone(),
            received: question.received,
            drafted: question.drafted,
            claimed: question.claimed,
            opinion_asked: question.opinion_asked,
            opinion_received: question.opinion_received,
            approved: question.approved,
            signed: question.signed,
            handed_over: answer.map(|answer| answer.at),
            answered: answer.map(|answer| answer.channel),
            closed: question.closed,
            paused_seconds: end.map_or(0, |end| watch.paused(end).as_secs()),
            pauses: question.pauses.clone(),
            wall_seconds: taken.map(|taken| taken.wall_seconds),
            business_seconds: taken.map(|taken| taken.business_seconds),
            stages: stage::stages(&watch, question)?,
            business_days: answer.map(|answer| watch.business_days(answer.at)).transpose()?,
            age: None,
            reopened: question.reopened,
            offered: offered
                .into_iter()
                .map(|LetterOutcome { slug, fate, changed, .. }| Offered {
                    entry: slug.clone(),
                    fate: *fate,
                    changed: *changed,
                })
                .collect(),
            confirmed: end.is_some_and(|end| calendar.unconfirmed(question.received, end).is_none()),
            reviewer: answer.and_then(|answer| answer.by.clone()),
        })
    }

    /// What changes with every moment while it is open.
    pub(super) fn grow_older(&mut self, calendar: &Calendar, now: Timestamp) {
        if !self.is_open() {
            return;
        }
        let watch = Watch { calendar, received: self.received, pauses: &self.pauses };
        let age = || Ok::<_, BeyondCalendar>((watch.at(now)?, watch.business_days_so_far(now)?));
        self.age = age().ok().map(|(taken, business_days)| Age { taken, business_days });
        self.paused_seconds = watch.paused(now).as_secs();
        self.confirmed = calendar.unconfirmed(self.received, now).is_none();
    }

    /// The first year that it touches and nobody has confirmed.
    pub(super) fn unconfirmed(&self, calendar: &Calendar, now: Timestamp) -> Option<i16> {
        let end = self.handed_over.or(self.closed).unwrap_or(now);
        if self.confirmed { None } else { calendar.unconfirmed(self.received, end) }
    }
}

/// A question that the calendar does not reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Beyond {
    pub received: Timestamp,
    pub why: BeyondCalendar,
}

//! The card of a thread: one message in each room, whose words follow what happens.
//!
//! In a room that is not protected it says what anybody may know: number, kind of organisation, entry,
//! level, state. Never a name of who wrote, an address, a subject or a text.

use super::channel::{Part, Say};
use crate::classify::Level;
use crate::draft::Draft;
use crate::replies::Replies;
use crate::thread::{Lacking, State, Suspension, Suspensions, Thread};
use crate::wording::{Wording, key};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use std::fmt::Display;

/// What a card is made with.
pub(super) struct Press<'a> {
    pub wording: &'a Wording,
    pub zone: &'a TimeZone,
    pub replies: &'a Replies,
    pub suspensions: &'a Suspensions,
    pub console_url: Option<&'a str>,
}

impl Press<'_> {
    /// The card; `draft` is shown, for protected rooms.
    pub fn card(&self, thread: &Thread, draft: Option<&Draft>) -> Say {
        let mut say = Say::lines(&[self.head(thread), self.standing(thread)]);
        if let Some(draft) = draft.filter(|_| thread.state == State::ToReview) {
            say = self.letter(say, thread, draft);
        }
        match self.console_url {
            Some(url) => say.with(Part::Link(format!("{url}/fils/{}", thread.id))),
            None => say,
        }
    }

    /// The letter as it would leave now, and how to approve just that.
    fn letter(&self, say: Say, thread: &Thread, draft: &Draft) -> Say {
        let say = draft.head(self.wording).into_iter().map(Part::Line).fold(say, Say::with);
        let say = say.with(Part::Quote(draft.in_message()));
        if let Some(suspension) = self.suspended(thread) {
            let values: [(&str, &dyn Display); 1] = [("entry", &self.replies.title(&suspension.entry))];
            return say.with(Part::Line(self.wording.with("chat-suspended", &values)));
        }
        if let Some(lacking) = Lacking::of(&draft.kind, thread.level, thread.chosen) {
            let choices = thread.suggestions.iter().map(|slug| self.choice(thread, slug));
            return choices.fold(say.with(Part::Line(self.wording.text(lacking.key()))), Say::with);
        }
        let code = match draft.code() {
            Ok(code) => code,
            Err(why) => return say.with(Part::Line(self.wording.text(why.key()))),
        };
        let values: [(&str, &dyn Display); 2] = [("id", &thread.id), ("code", &code)];
        say.with(Part::Button {
            label: self.wording.text("chat-card-button"),
            command: self.wording.with("chat-card-command", &values),
            told: self.wording.with("chat-card-approve", &values),
        })
    }

    /// What nobody may send for now, of what the letter is made from.
    fn suspended(&self, thread: &Thread) -> Option<&Suspension> {
        thread.suggestions.iter().find_map(|slug| self.suspensions.of(slug))
    }

    /// One entry of those that come into question.
    fn choice(&self, thread: &Thread, slug: &str) -> Part {
        let label = self.replies.title(slug);
        let values: [(&str, &dyn Display); 2] = [("id", &thread.id), ("entry", &slug)];
        let command = self.wording.with("chat-card-choice", &values);
        Part::Button { told: format!("{label} → !{command}"), label, command }
    }

    /// `№ 12 · Cégep · La durée de la suspension · sûr`.
    pub fn head(&self, thread: &Thread) -> String {
        let kind =
            thread.counterpart.kind.map(|kind| self.wording.text(&format!("organisation-kind-{kind}")));
        let entries: Vec<String> = thread.suggestions.iter().map(|slug| self.replies.title(slug)).collect();
        // As the desk shows it.
        let suspended = self.suspended(thread).and(thread.level).map(|_| Level::Unsure);
        let level = suspended.or(thread.level.filter(|_| !thread.chosen));
        let level = level.map(|level| self.wording.text(&format!("level-{}", key(&level))));
        let deposit = thread.deposit.as_ref().map(|_| self.wording.text("chat-card-deposit"));
        let number = self.wording.with("chat-card-number", &[("id", &thread.id)]);
        let chosen = thread.chosen.then(|| self.wording.text("chat-card-chosen"));
        let flags: BTreeSet<&str> = thread.flags().map(|(_, flag)| flag.name.key()).collect();
        let flags = flags.into_iter().map(|flag| self.wording.text(&format!("flag-{flag}")));
        let parts = [Some(number), kind, Some(entries.join(", ")), level.or(deposit).or(chosen)];
        parts
            .into_iter()
            .flatten()
            .chain(flags)
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    }

    /// Where it stands, by whom, and since when somebody waits.
    fn standing(&self, thread: &Thread) -> String {
        let named = |text: &str, name: &str| self.wording.with(text, &[("name", &name)]);
        let state = match (thread.state, &thread.letter) {
            (State::Approved, Some(letter)) => named("chat-card-approved", &letter.by),
            (State::Answered, _) if thread.sent.is_empty() => self.wording.text("chat-card-outside"),
            (state, _) => self.wording.text(&format!("state-{state}")),
        };
        let by = match (&thread.letter, &thread.claim) {
            (Some(_), _) if thread.state == State::Approved => None,
            (Some(letter), _) => Some(named("chat-card-approved", &letter.by)),
            (None, claim) => claim.as_ref().map(|claim| named("chat-card-claimed", &claim.by)),
        };
        let at = self.wording.moment(&thread.received.to_zoned_datetime(self.zone.clone()));
        let received = self.wording.with("chat-card-received", &[("at", &at)]);
        [Some(state), by, Some(received)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

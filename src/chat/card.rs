//! The card of a thread: one message in each room, whose words follow what happens.
//!
//! In a room that is not protected it says what anybody may know: number, kind of organisation, entry,
//! level, state. Never a name of who wrote, an address, a subject or a text.

use super::talk::Say;
use crate::draft::{Code, Draft};
use crate::replies::Replies;
use crate::thread::{State, Thread};
use crate::wording::{Wording, key};
use jiff::tz::TimeZone;

/// What a card is made with.
pub(super) struct Press<'a> {
    pub wording: &'a Wording,
    pub zone: &'a TimeZone,
    pub replies: &'a Replies,
    pub console_url: Option<&'a str>,
}

impl Press<'_> {
    /// The card; `draft` is shown, for protected rooms.
    pub fn card(&self, thread: &Thread, draft: Option<&Draft>) -> Say {
        let mut say = Say::lines(&[self.head(thread), self.standing(thread)]);
        let waits = thread.state == State::ToReview;
        if let Some(draft) = draft.filter(|_| waits) {
            say = say.quoting(&draft.body);
            if let Some(code) = Code::of(&draft.digest()) {
                let values: [(&str, &dyn std::fmt::Display); 2] = [("id", &thread.id), ("code", &code)];
                say = say.then(&[self.wording.with("chat-card-approve", &values)]);
            }
        }
        match self.console_url {
            Some(url) => say.then(&[format!("{url}/fils/{}", thread.id)]),
            None => say,
        }
    }

    /// `№ 12 · Cégep · La durée de la suspension · sûr`.
    pub fn head(&self, thread: &Thread) -> String {
        let kind =
            thread.counterpart.kind.map(|kind| self.wording.text(&format!("organisation-kind-{kind}")));
        let entries: Vec<String> = thread.suggestions.iter().map(|slug| self.replies.title(slug)).collect();
        let level = thread.level.map(|level| self.wording.text(&format!("level-{}", key(&level))));
        let deposit = thread.deposit.as_ref().map(|_| self.wording.text("chat-card-deposit"));
        let number = self.wording.with("chat-card-number", &[("id", &thread.id)]);
        let parts = [Some(number), kind, Some(entries.join(", ")), level.or(deposit)];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// Where it stands, by whom, and since when somebody waits.
    fn standing(&self, thread: &Thread) -> String {
        let state = self.wording.text(&format!("state-{}", thread.state));
        let by = match (&thread.letter, &thread.claim) {
            (Some(letter), _) => Some(self.wording.with("chat-card-approved", &[("name", &letter.by)])),
            (None, Some(claim)) => Some(self.wording.with("chat-card-claimed", &[("name", &claim.by)])),
            (None, None) => None,
        };
        let outside = thread.state == State::Answered && thread.sent.is_empty();
        let outside = outside.then(|| self.wording.text("chat-card-outside"));
        let at = self.wording.moment(&thread.received.to_zoned_datetime(self.zone.clone()));
        let received = self.wording.with("chat-card-received", &[("at", &at)]);
        [Some(state), by, outside, Some(received)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

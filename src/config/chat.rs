//! What the operator decides about the team's chat.

mod service;
mod verbs;

pub use service::{Matrix, Room, Webhook};
pub use verbs::{VERBS as CHAT_VERBS, VerbRule};

use super::ProblemKind;
use super::table::Reader;
use jiff::civil::Time;
use std::collections::BTreeMap;

/// `[chat]`.
#[derive(Debug, Clone)]
pub struct Chat {
    /// The console's own address as browsers see it, without a slash at the end: what cards link to.
    pub console_url: Option<String>,
    /// At what time of a business day the list of open questions is said; `None`: never.
    pub digest: Option<Time>,
    /// The rooms in which it is said; `None`: in all of them.
    pub digest_rooms: Option<Vec<String>>,
    /// The rooms in which alerts are said; `None`: in all of them.
    pub alert_rooms: Option<Vec<String>>,
    /// When nothing new is said but failures, and answers to commands.
    pub quiet: Option<Quiet>,
    /// A Matrix server.
    pub matrix: Option<Matrix>,
    /// A service that only takes messages in.
    pub webhook: Option<Webhook>,
    /// Who may command: the identity that the service gives → the name of an account.
    pub people: BTreeMap<String, String>,
    /// Verbs that are obeyed in some rooms or from some roles only, by their English name.
    pub verbs: BTreeMap<&'static str, VerbRule>,
}

/// A part of every day, by the calendar's zone; it may go over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    from: Time,
    to: Time,
}

impl Quiet {
    /// Whether this time of the day lies in it; the end does not.
    #[must_use]
    pub fn holds(self, time: Time) -> bool {
        if self.from <= self.to {
            (self.from..self.to).contains(&time)
        } else {
            time >= self.from || time < self.to
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        // A time alone: one with an offset would be taken, too.
        let time = |text: &str| text.trim().parse::<Time>().ok().filter(|_| !text.contains(['-', '+']));
        Some(Self { from: time(from)?, to: time(to)? }).filter(|quiet| quiet.from != quiet.to)
    }
}

/// The identities of all rooms.
fn identities(matrix: Option<&Matrix>, webhook: Option<&Webhook>) -> Vec<String> {
    let rooms = matrix.into_iter().flat_map(|matrix| &matrix.rooms);
    rooms.chain(webhook.map(|webhook| &webhook.room)).map(|room| room.id.clone()).collect()
}

/// `None` without a service under it, or with problems in it.
pub(super) fn read(root: &mut Reader) -> Option<Chat> {
    let mut section = root.section("chat");
    let console_url = section.url("console_url").map(|url| url.trim_end_matches('/').to_owned());
    let digest = section.time("digest");
    let quiet = section.string("quiet");
    let quiet = quiet.and_then(|quiet| {
        let parsed = Quiet::parse(&quiet);
        if parsed.is_none() {
            section.problem("quiet", ProblemKind::Wrong("times"));
        }
        parsed
    });
    let mut of_matrix = section.section("matrix");
    let mut of_webhook = section.section("webhook");
    let has_service = !of_matrix.is_empty() || !of_webhook.is_empty();
    let matrix = if of_matrix.is_empty() { None } else { service::matrix(&mut of_matrix) };
    section.finish(of_matrix);
    let webhook = if of_webhook.is_empty() { None } else { service::webhook(&mut of_webhook) };
    section.finish(of_webhook);
    let rooms = identities(matrix.as_ref(), webhook.as_ref());
    let digest_rooms = known(&mut section, "digest_rooms", &rooms);
    let alert_rooms = known(&mut section, "alert_rooms", &rooms);
    let mut of_people = section.section("people");
    let people = of_people.texts();
    section.finish(of_people);
    let mut of_verbs = section.section("verbs");
    let verbs = verbs::read(&mut of_verbs, &rooms);
    section.finish(of_verbs);
    if !has_service && (digest.is_some() || !people.is_empty()) {
        section.require("matrix");
    }
    root.finish(section);
    if rooms.is_empty() {
        return None;
    }
    Some(Chat { console_url, digest, digest_rooms, alert_rooms, quiet, matrix, webhook, people, verbs })
}

/// A list of the team's rooms; where these are wrong themselves, nothing more is said of it.
fn known(section: &mut Reader, key: &'static str, rooms: &[String]) -> Option<Vec<String>> {
    let given = section.strings(key)?;
    let is_known = !given.is_empty() && given.iter().all(|room| rooms.contains(room));
    if !is_known && !rooms.is_empty() {
        let rooms: Vec<String> = rooms.iter().map(|room| format!("{room:?}")).collect();
        section.problem(key, ProblemKind::OneOf(rooms.join(", ")));
    }
    Some(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_time_may_go_over_midnight() {
        let at = |text: &str| text.parse::<Time>().unwrap();
        let quiet = |text: &str, time: &str| Quiet::parse(text).unwrap().holds(at(time));
        for (time, is_quiet) in [("17:59", false), ("18:00", true), ("23:59", true), ("00:00", true)] {
            assert_eq!(quiet("18:00-07:00", time), is_quiet, "{time}");
        }
        assert!(!quiet("18:00-07:00", "07:00"));
        assert!(quiet("12:00 - 13:00", "12:30") && !quiet("12:00-13:00", "13:00"));
        for wrong in ["", "12:00", "12:00-12:00", "12-25:00", "midi-13:00", "12:00-13:00-14:00"] {
            assert_eq!(Quiet::parse(wrong), None, "{wrong}");
        }
    }
}

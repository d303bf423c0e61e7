//! How answers look to people: plain text, one idea a line.

use super::{entry, terminal};
use crate::api::Status;
use crate::classify::{Classification, Figures, Kind};
use crate::draft::{Draft, LetterKind};
use crate::replies::{Entry, date_in_words};
use crate::review::{HistoryLine, MessageView, Shown, Summary};
use crate::thread::{Direction, Medium, State};
use crate::wording::{Language, Wording, key};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;
use std::fmt::{Display, Write as _};
use std::time::Duration;

/// One object on one line; what would speak to a terminal stands escaped, so that nothing is lost to a program.
pub(super) fn json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    if !text.contains(terminal::is_hostile) {
        return text;
    }
    let escaped = |c: char| match terminal::is_hostile(c) {
        true => format!("\\u{:04x}", u32::from(c)),
        false => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

/// A moment, to the minute, in the zone of Québec.
pub(super) fn moment(wording: &Wording, at: Timestamp) -> String {
    let zone = TimeZone::get("America/Toronto").unwrap_or(TimeZone::UTC);
    wording.moment(&at.to_zoned_datetime(zone))
}

/// A day: `25 mars 2025`.
fn date(wording: &Wording, day: Date) -> String {
    date_in_words(wording.language(), day)
}

/// Hours and minutes: `6 h 11 min`.
pub(super) fn duration(wording: &Wording, seconds: u64) -> String {
    wording.duration(Duration::from_secs(seconds))
}

fn state(wording: &Wording, state: State) -> String {
    wording.text(&format!("state-{state}"))
}

fn level(wording: &Wording, summary: &Summary) -> String {
    summary.level.map_or_else(String::new, |level| wording.text(&format!("level-{}", key(&level))))
}

/// One line of `threads`; what is not known takes no room.
pub(super) fn summary(wording: &Wording, summary: &Summary) -> String {
    let parts = [
        summary.id.to_string(),
        state(wording, summary.state),
        level(wording, summary),
        summary.organisation.clone(),
        summary.subject.clone(),
        moment(wording, summary.received),
        summary.suggestions.join(", "),
        summary
            .flags
            .iter()
            .map(|flag| wording.text(&format!("flag-{}", flag.name.key())))
            .collect::<Vec<_>>()
            .join(", "),
        match summary.suspended.is_empty() {
            true => String::new(),
            false => wording.with("threads-suspended", &[("entries", &summary.suspended.join(", "))]),
        },
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// What a decision led to.
pub(super) fn decided(wording: &Wording, summary: &Summary) -> String {
    let values: [(&str, &dyn Display); 3] =
        [("id", &summary.id), ("state", &state(wording, summary.state)), ("version", &summary.version)];
    wording.with("decided", &values)
}

/// One thread whole.
pub(super) fn shown(wording: &Wording, shown: &Shown) -> String {
    let mut text = String::new();
    let thread = &shown.summary;
    let values: [(&str, &dyn Display); 4] = [
        ("id", &thread.id),
        ("state", &state(wording, thread.state)),
        ("version", &thread.version),
        ("level", &level(wording, thread)),
    ];
    let head = wording.with("show-head", &values);
    line(&mut text, head.trim_end_matches([' ', '·']));
    line(&mut text, &wording.with("show-organisation", &[("organisation", &thread.organisation)]));
    line(&mut text, &wording.with("show-subject", &[("subject", &thread.subject)]));
    if !thread.suggestions.is_empty() {
        line(&mut text, &wording.with("show-entries", &[("entries", &thread.suggestions.join(", "))]));
    }
    let french_alone = |draft: &&Draft| draft.language == Language::Fr && draft.english.is_empty();
    if thread.language == Language::En && shown.draft.as_ref().filter(french_alone).is_some() {
        let key = if thread.person { "show-english-person" } else { "show-english" };
        line(&mut text, &wording.with(key, &[("id", &thread.id)]));
    }
    for standing in &shown.suspensions {
        line(&mut text, &entry::suspended(wording, "show-suspended", standing));
    }
    for changed in &shown.outdated {
        line(&mut text, &entry::outdated(wording, changed));
    }
    for flag in &thread.flags {
        let what = wording.text(&format!("flag-{}", flag.name.key()));
        line(&mut text, &wording.with("show-flag", &[("what", &what), ("phrase", &flag.phrase)]));
    }
    if let Some(office) = &thread.transfer_to {
        line(&mut text, &wording.with("show-transfer-to", &[("office", office), ("id", &thread.id)]));
    }
    for doubt in &thread.doubts {
        let values: [(&str, &dyn Display); 4] = [
            ("entry", &doubt.entry),
            ("edited", &doubt.edited),
            ("rejected", &doubt.rejected),
            ("count", &(doubt.as_is + doubt.edited + doubt.rejected)),
        ];
        line(&mut text, &wording.with("show-doubt", &values));
    }
    if let Some(day) = thread.legal_deadline {
        let later = day.saturating_add(10.days());
        let values: [(&str, &dyn Display); 2] =
            [("day", &date(wording, day)), ("later", &date(wording, later))];
        line(&mut text, &wording.with("show-legal-deadline", &values));
        if thread.overdue {
            line(&mut text, &wording.text("show-overdue"));
        }
    }
    if let Some(by) = &thread.claimed_by {
        line(&mut text, &wording.with("show-claimed", &[("by", by)]));
    }
    if let Some(name) = &thread.proposed_to {
        line(&mut text, &wording.with("show-proposed", &[("name", name)]));
    }
    if let Some(reason) = &thread.reason {
        let of = if reason.starts_with("outbox-") { reason.clone() } else { format!("reason-{reason}") };
        line(&mut text, &wording.with("show-reason", &[("reason", &wording.text(&of))]));
    }
    if let Some(said) = shown.server_said.as_ref().filter(|said| !said.is_empty()) {
        line(&mut text, &wording.with("show-server-said", &[("said", said)]));
    }
    if let Some(due) = shown.due {
        line(&mut text, &wording.with("show-due", &[("due", &moment(wording, due))]));
    }
    if let Some(by) = &shown.to_sign {
        let values: [(&str, &dyn Display); 3] =
            [("by", by), ("id", &thread.id), ("version", &thread.version)];
        line(&mut text, &wording.with("show-to-sign", &values));
    }
    if let Some((at, reason)) = &shown.waiting_for {
        let values: [(&str, &dyn Display); 2] = [("at", &moment(wording, *at)), ("reason", reason)];
        line(&mut text, &wording.with("show-waiting-for", &values));
    }
    for at in &shown.rectified {
        line(&mut text, &wording.with("show-rectified", &[("at", &moment(wording, *at))]));
    }
    for other in &thread.links {
        line(&mut text, &wording.with("show-link", &[("other", other), ("id", &thread.id)]));
    }
    for check in &shown.checks {
        line(&mut text, &check.line(wording));
    }
    for other in &shown.neighbours {
        line(&mut text, &wording.with("show-neighbour", &[("line", &summary(wording, other))]));
    }
    for message in &shown.messages {
        text.push('\n');
        text.push_str(&message_text(wording, message));
    }
    if let Some(draft) = &shown.draft {
        text.push('\n');
        text.push_str(&draft_text(wording, draft));
    }
    text.push('\n');
    line(&mut text, &wording.text("show-history"));
    for event in &shown.events {
        line(&mut text, &history(wording, event));
    }
    if thread.state == State::ToReview {
        text.push('\n');
        line(&mut text, &wording.with("show-next", &[("id", &thread.id), ("version", &thread.version)]));
    }
    text.trim_end().to_owned()
}

fn line(text: &mut String, line: &str) {
    text.push_str(line.trim_end());
    text.push('\n');
}

fn message_text(wording: &Wording, view: &MessageView) -> String {
    let mut text = String::new();
    let message = &view.message;
    let said = match view.direction {
        Direction::Incoming if view.opinion => "show-opinion",
        Direction::Incoming if view.medium != Medium::Mail => "show-recorded",
        Direction::Incoming => "show-received",
        Direction::Outgoing => "show-sent",
    };
    let from = message.from.as_ref().map(ToString::to_string).unwrap_or_default();
    let medium = match view.medium {
        Medium::Mail => String::new(),
        spoken => wording.text(&format!("medium-{}", spoken.key())),
    };
    let values: [(&str, &dyn Display); 3] =
        [("at", &moment(wording, view.at)), ("from", &from), ("medium", &medium)];
    line(&mut text, &wording.with(said, &values));
    line(&mut text, &message.newest.text);
    for cut in &message.newest.cut {
        let values: [(&str, &dyn Display); 2] = [
            ("reason", &wording.text(&format!("cut-{}", key(&cut.reason)))),
            ("lines", &cut.text.lines().count()),
        ];
        line(&mut text, &wording.with("show-cut", &values));
    }
    for attachment in &message.attachments {
        let values: [(&str, &dyn Display); 2] = [("name", &attachment.name), ("bytes", &attachment.size)];
        line(&mut text, &wording.with("show-attachment", &values));
    }
    for defect in &message.defects {
        let values: [(&str, &dyn Display); 1] =
            [("defect", &wording.text(&format!("defect-{}", key(defect))))];
        line(&mut text, &wording.with("show-defect", &values));
    }
    text
}

fn draft_text(wording: &Wording, draft: &Draft) -> String {
    let mut text = String::new();
    line(&mut text, &wording.text("show-draft"));
    if draft.kind != LetterKind::Answer {
        let kind = wording.text(&format!("letter-kind-{}", draft.kind.key()));
        line(&mut text, &wording.with("show-letter", &[("kind", &kind)]));
    }
    for recipient in &draft.recipients {
        let mut values: Vec<(&str, &dyn Display)> = Vec::new();
        let (field, address) = (key(&recipient.field), recipient.address.to_string());
        let reason = wording.text(&format!("recipient-{}", key(&recipient.reason)));
        let unusual = recipient
            .unusual
            .as_ref()
            .map_or_else(String::new, |unusual| wording.text(&format!("unusual-{}", key(unusual))));
        let field = wording.text(&format!("field-{field}"));
        values.push(("field", &field));
        values.push(("address", &address));
        values.push(("reason", &reason));
        values.push(("unusual", &unusual));
        let key = if unusual.is_empty() { "show-recipient" } else { "show-recipient-unusual" };
        line(&mut text, &wording.with(key, &values));
    }
    line(&mut text, &wording.with("show-draft-subject", &[("subject", &draft.subject)]));
    if draft.sample {
        line(&mut text, &wording.text("show-sample"));
    }
    for field in &draft.open_fields {
        line(&mut text, &wording.with("show-open-field", &[("field", field)]));
    }
    text.push('\n');
    line(&mut text, &draft.body);
    text
}

fn history(wording: &Wording, event: &HistoryLine) -> String {
    let values: [(&str, &dyn Display); 3] = [
        ("at", &moment(wording, event.occurred)),
        ("actor", &event.actor.name),
        ("event", &event.said(wording)),
    ];
    wording.with("show-event", &values)
}

/// Health in one line.
pub(super) fn status(wording: &Wording, status: &Status) -> String {
    let mut states = String::new();
    for (of, count) in status.states.iter().filter(|(_, count)| *count > 0) {
        let _ = write!(states, " · {} {count}", state(wording, *of));
    }
    let reading = match status.last_reading {
        Some(at) => moment(wording, at),
        None => wording.text("status-never"),
    };
    if let Some(lost) = &status.mailbox_lost {
        let since = moment(wording, lost.since);
        let values: [(&str, &dyn Display); 2] = [("since", &since), ("class", &lost.class)];
        states.push_str(" · ");
        states.push_str(&wording.with("status-mailbox-lost", &values));
    }
    let key = if status.daemon { "status-running" } else { "status-stopped" };
    let values: [(&str, &dyn Display); 4] = [
        ("version", &status.version),
        ("events", &status.events),
        ("reading", &reading),
        ("states", &states),
    ];
    wording.with(key, &values)
}

/// One line of `classify`.
pub(super) fn classified(wording: &Wording, file: &str, classification: &Classification) -> String {
    let kind = wording.text(&format!("kind-{}", key(&classification.kind)));
    if classification.kind != Kind::Question {
        return wording.with("classify-line-nothing", &[("file", &file), ("kind", &kind)]);
    }
    let mut text = String::new();
    let first = classification
        .candidates
        .first()
        .map(|candidate| format!("{} ({:.2})", candidate.entry, candidate.confidence))
        .unwrap_or_default();
    let values: [(&str, &dyn Display); 5] = [
        ("file", &file),
        ("kind", &kind),
        ("level", &wording.text(&format!("level-{}", key(&classification.level)))),
        ("entries", &classification.suggestions.join(", ")),
        ("first", &first),
    ];
    line(&mut text, &wording.with("classify-line", &values));
    text.trim_end().to_owned()
}

/// Why: each ask with its words, the wordings that they met, and the runner-up.
pub(super) fn explained(wording: &Wording, found: &Classification) -> String {
    let mut text = String::new();
    for flag in &found.flags {
        let what = wording.text(&format!("flag-{}", flag.name.key()));
        line(&mut text, &wording.with("show-flag", &[("what", &what), ("phrase", &flag.phrase)]));
    }
    for ask in &found.asks {
        let entry = ask.entry.clone().unwrap_or_else(|| "—".to_owned());
        let level = wording.text(&format!("level-{}", key(&ask.level)));
        let values: [(&str, &dyn Display); 3] = [("ask", &ask.text), ("level", &level), ("entry", &entry)];
        line(&mut text, &wording.with("explain-ask", &values));
    }
    if !found.unfamiliar.is_empty() {
        let words = found.unfamiliar.join(", ");
        line(&mut text, &wording.with("explain-unfamiliar", &[("words", &words)]));
    }
    for candidate in found.candidates.iter().take(3) {
        let confidence = format!("{:.3}", candidate.confidence);
        let values: [(&str, &dyn Display); 2] = [("entry", &candidate.entry), ("confidence", &confidence)];
        line(&mut text, &wording.with("explain-candidate", &values));
    }
    for word in &found.evidence {
        let weight = format!("{:.3}", word.weight);
        let values: [(&str, &dyn Display); 4] =
            [("entry", &word.entry), ("word", &word.word), ("weight", &weight), ("lesson", &word.lesson)];
        line(&mut text, &wording.with("explain-word", &values));
    }
    for near in &found.likenesses {
        let likeness = format!("{:.3}", near.likeness);
        let values: [(&str, &dyn Display); 3] =
            [("entry", &near.entry), ("likeness", &likeness), ("lesson", &near.lesson)];
        line(&mut text, &wording.with("explain-likeness", &values));
    }
    for contrast in found.contrasts.iter().filter(|contrast| !contrast.words.is_empty()) {
        let values: [(&str, &dyn Display); 3] = [
            ("entry", &contrast.entry),
            ("other", &contrast.runner_up),
            ("words", &contrast.words.join(", ")),
        ];
        line(&mut text, &wording.with("explain-contrast", &values));
    }
    text.trim_end().to_owned()
}

/// The figures of `evaluate`.
pub(super) fn figures(wording: &Wording, figures: &Figures) -> String {
    let mut text = wording.text("evaluate-head");
    text.push('\n');
    // The figures name themselves; their definitions are in the documentation.
    text.push_str(&serde_json::to_string_pretty(figures).unwrap_or_default());
    text
}

/// One line of `replies list`.
pub(super) fn entry_line(wording: &Wording, entry: &Entry) -> String {
    let approval = match &entry.approval {
        Some(approval) => wording.with("replies-approved", &[("by", &approval.by), ("on", &approval.on)]),
        None => wording.text("replies-sample"),
    };
    let values: [(&str, &dyn Display); 4] =
        [("entry", &entry.id), ("version", &entry.version), ("title", &entry.title), ("approval", &approval)];
    wording.with("replies-line", &values)
}

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn a_program_reads_back_what_a_terminal_must_not_hear() {
        let said = "a\u{9b}2J\u{202e}b\u{7f}\n";
        let line = json(&said);
        assert_eq!(line, "\"a\\u009b2J\\u202eb\\u007f\\n\"");
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), said);
    }
}

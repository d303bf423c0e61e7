//! One thread in words: what its page shows, made from what the desk knows.

use super::Console;
use super::draft_view::DraftPart;
use super::explain::{Stretch, marked};
use super::page::{actor, bytes, line, moment};
use super::verbs;
use super::visitor::Visitor;
use crate::draft::LetterKind;
use crate::people::Permission;
use crate::review::{HistoryLine, MessageView, Precedent, Shown, Summary, Why};
use crate::thread::{Direction, Medium, State};
use crate::wording::{Language, Wording, key};
use jiff::ToSpan as _;
use std::fmt::Display;

/// A message of the thread.
pub(super) struct MessagePart {
    /// Who wrote when.
    pub head: String,
    pub subject: String,
    /// `theirs`, `ours` or `opinion`.
    pub side: &'static str,
    /// The newest text, with the words marked that decided.
    pub text: Vec<Stretch>,
    /// What was cut: why, and the text.
    pub cut: Vec<(String, String)>,
    /// The number of its event.
    pub seq: u64,
    /// Name and size of each attachment.
    pub attachments: Vec<(String, String)>,
    pub defects: Vec<String>,
}

/// Something that the mail asks.
pub(super) struct AskPart {
    pub text: String,
    pub entry: String,
    /// Whether the draft has a text for it.
    pub answered: bool,
}

/// An entry and how sure the classifier is of it.
pub(super) struct CandidatePart {
    /// Its slug.
    pub entry: String,
    pub title: String,
    /// Of a hundred.
    pub percent: u32,
    /// The words that spoke for it, and the wording they come from.
    pub words: Vec<(String, String)>,
}

/// What happened, in words.
pub(super) struct EventPart {
    pub at: String,
    pub text: String,
    pub by: String,
}

/// A letter that answered somebody before.
pub(super) struct PrecedentPart {
    pub thread: u64,
    pub head: String,
    /// As it is read.
    pub html: String,
}

/// An entry that can be chosen.
pub(super) struct ChoicePart {
    /// `slug` or `slug.variant`.
    pub name: String,
    pub title: String,
}

/// All that the page of a thread shows.
pub(super) struct ThreadPart {
    pub id: u64,
    pub version: u64,
    pub state: State,
    pub state_name: String,
    pub organisation: String,
    pub subject: String,
    pub level: Option<(String, String)>,
    /// What to look at before deciding: warnings, deadlines, suspensions.
    pub warnings: Vec<String>,
    pub claimed_by: Option<String>,
    pub is_mine: bool,
    pub messages: Vec<MessagePart>,
    pub asks: Vec<AskPart>,
    pub candidates: Vec<CandidatePart>,
    pub contrasts: Vec<String>,
    pub draft: Option<DraftPart>,
    pub choices: Vec<ChoicePart>,
    /// Whether a person wrote, and no organisation.
    pub person: bool,
    /// Why an English version may be joined.
    pub english_reasons: Vec<String>,
    pub offices: Vec<String>,
    pub links: Vec<u64>,
    pub neighbours: Vec<(u64, String)>,
    pub events: Vec<EventPart>,
    /// When the approved letter may leave: for people, and for the countdown (RFC 3339).
    pub due: Option<(String, String)>,
    /// The last letters made from the same entries: where, and the letter as it is read.
    pub precedents: Vec<PrecedentPart>,
    pub unsure: bool,
    pub may_decide: bool,
    pub may_sign: bool,
}

impl ThreadPart {
    pub fn offers(&self, verb: &str) -> bool {
        let may = if verb == "viser" { self.may_sign } else { self.may_decide };
        may && verbs::offers(self.state, verb)
    }

    /// Three places to choose entries in; those of the present draft are chosen.
    pub fn places(&self) -> [(usize, &str); 3] {
        let chosen = |place: usize| {
            let entries = self.draft.as_ref().map(|draft| draft.entries.as_slice()).unwrap_or_default();
            entries.get(place).map_or("", String::as_str)
        };
        [(1, chosen(0)), (2, chosen(1)), (3, chosen(2))]
    }

    /// What was found out of the choices for a place.
    pub fn is_chosen(&self, place: &str, choice: &ChoicePart) -> bool {
        place == choice.name
    }

    pub fn made(
        console: &Console,
        visitor: &Visitor,
        shown: Shown,
        why: Why,
        precedents: &[Precedent],
    ) -> Self {
        let (name, wording) = (visitor.name.as_str(), visitor.wording);
        let at = |moment_of| moment(wording, console.desk.zone(), moment_of);
        let warnings = warnings(console, wording, &shown);
        let evidence = why.classification.as_ref().map(|found| found.evidence.clone()).unwrap_or_default();
        let messages = shown
            .messages
            .iter()
            .map(|view| {
                let decided = Some(view.seq) == why.question;
                message(wording, &at, view, if decided { &evidence } else { &[] })
            })
            .collect();
        let replies = console.desk.library.current();
        let title = |slug: &str| replies.title(slug);
        let used = |slug: &String| {
            shown.draft.as_ref().is_some_and(|draft| draft.entries.iter().any(|of| of.slug == *slug))
        };
        let found = why.classification.as_ref();
        let asks = found.map_or(Vec::new(), |found| {
            let ask = |ask: &crate::classify::Ask| AskPart {
                text: ask.text.clone(),
                entry: ask.entry.as_deref().map(title).unwrap_or_default(),
                answered: ask.entry.as_ref().is_some_and(used),
            };
            found.asks.iter().map(ask).collect()
        });
        let candidates = found.map_or(Vec::new(), |found| {
            let words = |entry: &str| {
                let of = evidence.iter().filter(|part| part.entry == entry).take(6);
                of.map(|part| (part.word.clone(), part.lesson.clone())).collect()
            };
            let part = |candidate: &crate::classify::Candidate| CandidatePart {
                entry: candidate.entry.clone(),
                title: title(&candidate.entry),
                percent: (candidate.confidence * 100.0).round().clamp(0.0, 100.0) as u32,
                words: words(&candidate.entry),
            };
            found.candidates.iter().take(3).map(part).collect()
        });
        let contrasts = found.map_or(Vec::new(), |found| {
            let contrast = |of: &crate::classify::Contrast| {
                let (entry, other, words) = (title(&of.entry), title(&of.runner_up), of.words.join(", "));
                let values: [(&str, &dyn Display); 3] =
                    [("entry", &entry), ("other", &other), ("words", &words)];
                wording.with("console-contrast", &values)
            };
            found.contrasts.iter().map(contrast).collect()
        });
        let language = shown.draft.as_ref().map_or(Language::Fr, |draft| draft.language);
        let mut choices: Vec<ChoicePart> = replies
            .entries()
            .filter(|entry| entry.id.language == language)
            .map(|entry| ChoicePart { name: entry.id.name(), title: entry.title.clone() })
            .collect();
        choices.sort_by(|a, b| a.title.cmp(&b.title));
        let draft = shown.draft.as_ref().map(|draft| DraftPart::made(console, wording, draft, &why.changes));
        let summary = &shown.summary;
        Self {
            id: summary.id,
            version: summary.version,
            state: summary.state,
            state_name: wording.text(&format!("state-{}", summary.state)),
            organisation: summary.organisation.clone(),
            subject: summary.subject.clone(),
            level: summary.level.map(|level| (key(&level), wording.text(&format!("level-{}", key(&level))))),
            warnings,
            is_mine: summary.claimed_by.as_deref() == Some(name),
            claimed_by: summary.claimed_by.clone(),
            messages,
            asks,
            candidates,
            contrasts,
            draft,
            choices,
            person: summary.person,
            english_reasons: console.config.desk.english_reasons.clone(),
            offices: console.config.desk.offices.keys().cloned().collect(),
            links: summary.links.clone(),
            neighbours: shown
                .neighbours
                .iter()
                .map(|other| (other.id, neighbour(wording, &at, other)))
                .collect(),
            events: shown.events.iter().map(|event| happened(wording, &at, event)).collect(),
            due: shown.due.map(|due| (at(due), due.to_string())),
            precedents: precedents.iter().map(|of| precedent(wording, &at, of)).collect(),
            unsure: summary.state == State::ToReview && why_not_ready(&shown),
            may_decide: visitor.may(Permission::Decide),
            may_sign: visitor.may(Permission::Sign),
        }
    }
}

/// Whether a person must choose or write before there is anything to approve.
fn why_not_ready(shown: &Shown) -> bool {
    let answer = shown.draft.as_ref().is_none_or(|draft| draft.kind == LetterKind::Answer);
    answer && !shown.chosen && shown.summary.level != Some(crate::classify::Level::Sure)
}

fn neighbour(wording: &Wording, at: &impl Fn(jiff::Timestamp) -> String, other: &Summary) -> String {
    let state = wording.text(&format!("state-{}", other.state));
    format!("{} · {} · {}", other.subject, state, at(other.received))
}

fn precedent(
    wording: &Wording,
    at: &impl Fn(jiff::Timestamp) -> String,
    precedent: &Precedent,
) -> PrecedentPart {
    let (at, entries) = (at(precedent.at), precedent.entries.join(", "));
    let values: [(&str, &dyn Display); 3] =
        [("organisation", &precedent.organisation), ("at", &at), ("entries", &entries)];
    let said = if precedent.edited { "console-precedent-edited" } else { "console-precedent" };
    PrecedentPart {
        thread: precedent.thread,
        head: wording.with(said, &values),
        html: precedent.draft.body_html(),
    }
}

fn message(
    wording: &Wording,
    at: &impl Fn(jiff::Timestamp) -> String,
    view: &MessageView,
    evidence: &[crate::classify::Evidence],
) -> MessagePart {
    let message = &view.message;
    let (said, side) = match view.direction {
        Direction::Incoming if view.opinion => ("console-opinion", "opinion"),
        Direction::Incoming if view.medium != Medium::Mail => ("console-recorded", "theirs"),
        Direction::Incoming => ("console-received", "theirs"),
        Direction::Outgoing => ("console-sent", "ours"),
    };
    let from = message.from.as_ref().map(ToString::to_string).unwrap_or_default();
    let values: [(&str, &dyn Display); 2] = [("at", &at(view.at)), ("from", &from)];
    MessagePart {
        head: wording.with(said, &values),
        subject: message.subject.clone(),
        seq: view.seq,
        side,
        text: marked(&message.newest.text, evidence),
        cut: message
            .newest
            .cut
            .iter()
            .map(|cut| (wording.text(&format!("cut-{}", key(&cut.reason))), cut.text.clone()))
            .collect(),
        attachments: message
            .attachments
            .iter()
            .map(|file| (file.name.clone(), bytes(wording, file.size)))
            .collect(),
        defects: message
            .defects
            .iter()
            .map(|defect| wording.text(&format!("defect-{}", key(defect))))
            .collect(),
    }
}

fn happened(wording: &Wording, at: &impl Fn(jiff::Timestamp) -> String, event: &HistoryLine) -> EventPart {
    EventPart { at: at(event.occurred), text: event.said(wording), by: actor(wording, &event.actor) }
}

/// What to look at before deciding, in sentences.
fn warnings(console: &Console, wording: &Wording, shown: &Shown) -> Vec<String> {
    let thread = &shown.summary;
    let at = |moment_of| moment(wording, console.desk.zone(), moment_of);
    let day = |date| crate::replies::date_in_words(wording.language(), date);
    let mut lines: Vec<String> = Vec::new();
    for flag in &thread.flags {
        let what = wording.text(&format!("flag-{}", flag.name.key()));
        lines.push(wording.with("show-flag", &[("what", &what), ("phrase", &flag.phrase)]));
    }
    if let Some(office) = &thread.transfer_to {
        lines.push(wording.with("console-transfer-to", &[("office", office)]));
    }
    if let Some(last) = thread.legal_deadline {
        let values: [(&str, &dyn Display); 2] =
            [("day", &day(last)), ("later", &day(last.saturating_add(10.days())))];
        lines.push(wording.with("show-legal-deadline", &values));
    }
    if thread.overdue {
        lines.push(wording.text("console-overdue"));
    }
    for standing in &shown.suspensions {
        lines.push(line(console, wording, &crate::review::Refusal::Suspended(standing.clone())));
    }
    for doubt in &thread.doubts {
        let values: [(&str, &dyn Display); 4] = [
            ("entry", &doubt.entry),
            ("edited", &doubt.edited),
            ("rejected", &doubt.rejected),
            ("count", &(doubt.as_is + doubt.edited + doubt.rejected)),
        ];
        lines.push(wording.with("show-doubt", &values));
    }
    for changed in &shown.outdated {
        let values: [(&str, &dyn Display); 1] = [("entry", &changed.entry)];
        lines.push(wording.with("console-outdated", &values));
    }
    lines.extend(shown.checks.iter().map(|check| check.line(wording)));
    if let Some(name) = &thread.proposed_to {
        lines.push(wording.with("show-proposed", &[("name", name)]));
    }
    if let Some(reason) = &thread.reason {
        let key = if reason.starts_with("outbox-") { reason.clone() } else { format!("reason-{reason}") };
        lines.push(wording.with("show-reason", &[("reason", &wording.text(&key))]));
    }
    if let Some(said) = &shown.server_said {
        lines.push(wording.with("show-server-said", &[("said", said)]));
    }
    if let Some((since, reason)) = &shown.waiting_for {
        lines.push(wording.with("show-waiting-for", &[("at", &at(*since)), ("reason", reason)]));
    }
    lines.extend(shown.rectified.iter().map(|of| wording.with("show-rectified", &[("at", &at(*of))])));
    if let Some(draft) = &shown.draft
        && thread.state == State::ToReview
    {
        if draft.sample {
            lines.push(wording.text("console-sample"));
        }
        lines.extend(
            draft.open_fields.iter().map(|field| wording.with("show-open-field", &[("field", field)])),
        );
    }
    if let Some(by) = &shown.to_sign {
        lines.push(wording.with("console-to-sign", &[("by", by)]));
    }
    lines
}

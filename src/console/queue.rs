//! The queue: what is in one state, with filters.

use super::Shared;
use super::fields::Fields;
use super::page::{Failure, Page, blocking, html, moment};
use super::thread::notice;
use super::visitor::Visitor;
use crate::people::Permission;
use crate::replies::Replies;
use crate::review::{QueueLine, Refusal};
use crate::thread::State;
use crate::wording::{Language, Wording, key};
use askama::Template;
use axum::extract::{self, Query};
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The first page of whoever comes in: the queue, for all who may read it.
pub(super) async fn home(visitor: Visitor) -> Redirect {
    let first = if visitor.may(Permission::Read) { "/fils" } else { "/comptes" };
    Redirect::to(first)
}

/// What the list is narrowed to.
#[derive(Debug, Clone, Default)]
struct Filter {
    entry: String,
    organisation: String,
    language: Option<Language>,
}

impl Filter {
    fn of(fields: &Fields) -> Self {
        Self {
            entry: fields.get("entree").to_owned(),
            organisation: fields.get("organisme").trim().to_owned(),
            language: fields.get("langue").parse().ok(),
        }
    }

    fn is_set(&self) -> bool {
        !self.entry.is_empty() || !self.organisation.is_empty() || self.language.is_some()
    }

    fn takes(&self, line: &QueueLine) -> bool {
        let summary = &line.summary;
        let wanted = self.organisation.to_lowercase();
        (self.entry.is_empty() || summary.suggestions.contains(&self.entry))
            && (wanted.is_empty() || summary.organisation.to_lowercase().contains(&wanted))
            && self.language.is_none_or(|language| summary.language == language)
    }
}

/// A line of the list, in words.
struct Row {
    id: u64,
    organisation: String,
    subject: String,
    entries: String,
    /// The key of the level, and its name.
    level: Option<(String, String)>,
    flags: Vec<String>,
    received: String,
    age: String,
    late: bool,
    claimed_by: Option<String>,
    attachments: usize,
    english: bool,
    suspended: bool,
}

impl Row {
    fn of(line: QueueLine, wording: &Wording, zone: &TimeZone, replies: &Replies) -> Self {
        let summary = line.summary;
        Self {
            id: summary.id,
            entries: summary
                .suggestions
                .iter()
                .map(|slug| replies.title(slug))
                .collect::<Vec<_>>()
                .join(" · "),
            level: summary.level.map(|level| (key(&level), wording.text(&format!("level-{}", key(&level))))),
            flags: summary
                .flags
                .iter()
                .map(|flag| wording.text(&format!("flag-{}", flag.name.key())))
                .collect(),
            received: moment(wording, zone, summary.received),
            age: line.age.map(|age| wording.duration(age)).unwrap_or_default(),
            late: line.late || summary.overdue,
            claimed_by: summary.claimed_by,
            attachments: line.attachments,
            english: summary.language == Language::En,
            suspended: !summary.suspended.is_empty(),
            organisation: summary.organisation,
            subject: summary.subject,
        }
    }
}

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    page: Page,
    state: State,
    heading: String,
    count: String,
    rows: Vec<Row>,
    /// Every entry among the lines.
    entries: BTreeSet<String>,
    filter: Filter,
}

pub(super) async fn list(
    extract::State(console): extract::State<Shared>,
    Query(fields): Query<Vec<(String, String)>>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let wording = visitor.wording;
    let of = Arc::clone(&console);
    let made = blocking(move || {
        let fields = Fields(fields);
        let state = fields.get("etat").parse::<State>().unwrap_or(State::ToReview);
        let heading = wording.text(&format!("state-{state}"));
        let mut page = Page::of(&of, &visitor, heading.clone(), Some(state))?;
        page.notice = notice(&of, wording, &fields)?;
        let counted = of.desk.queue(state)?;
        let entries =
            counted.lines.iter().flat_map(|line| line.summary.suggestions.iter().cloned()).collect();
        let filter = Filter::of(&fields);
        let (zone, replies) = (of.desk.zone(), of.desk.library.current());
        let rows: Vec<Row> = counted
            .lines
            .into_iter()
            .filter(|line| filter.takes(line))
            .map(|line| Row::of(line, wording, zone, &replies))
            .collect();
        let values: [(&str, &dyn std::fmt::Display); 2] = [("count", &counted.count), ("shown", &rows.len())];
        let key = if rows.len() == counted.count { "console-count" } else { "console-count-shown" };
        let count = wording.with(key, &values);
        Ok(QueuePage { page, state, heading, count, rows, entries, filter })
    });
    let made = made.await.map_err(|refusal: Refusal| Failure::of(&console, wording, &refusal))?;
    Ok(html(StatusCode::OK, &made))
}

//! One thread on one screen.

use super::decide::sender;
use super::draft_view::signed;
use super::fields::Fields;
use super::page::{Failure, Notice, Page, actor, blocking, html, moment, present};
use super::presence::Doing;
use super::thread_view::ThreadPart;
use super::visitor::Visitor;
use super::{Console, Shared};
use crate::people::{Accessed, Permission};
use crate::review::{Refusal, Version};
use crate::thread::{State, ThreadId};
use crate::wording::Wording;
use askama::Template;
use axum::Form;
use axum::extract::{self, Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use std::fmt::Display;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "thread.html")]
struct ThreadPage {
    page: Page,
    thread: ThreadPart,
    /// The threads that wait before and after this one.
    before: Option<ThreadId>,
    after: Option<ThreadId>,
    /// Whether the text is being edited.
    editing: bool,
    /// What was typed and is not saved.
    typed: Option<String>,
    /// How that would be read.
    preview: Option<String>,
    /// Who else is here, in words.
    present: Vec<String>,
}

/// What was done before this page, out of the address that a decision leads to.
pub(super) fn notice(
    console: &Console,
    wording: &Wording,
    fields: &Fields,
) -> Result<Option<Notice>, Refusal> {
    let (done, id) = (fields.get("fait"), fields.get("fil").parse::<ThreadId>());
    let key = format!("console-done-{done}");
    let Ok(id) = id else { return Ok(None) };
    if !wording.has(&key) {
        return Ok(None);
    }
    let text = wording.with(&key, &[("id", &id)]);
    let standing = console.desk.standing_of(id)?;
    let withdraw = standing.filter(|(_, state)| *state == State::Approved).map(|(version, _)| (id, version));
    let due = match withdraw {
        Some(_) => console.desk.show(id)?.and_then(|shown| shown.due).map(|due| due.to_string()),
        None => None,
    };
    Ok(Some(Notice { text, withdraw, due }))
}

pub(super) async fn show(
    extract::State(console): extract::State<Shared>,
    Path(id): Path<ThreadId>,
    Query(fields): Query<Vec<(String, String)>>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    page(console, id, Fields(fields), None, visitor).await
}

/// The text as it would be read, before it is saved: nothing is kept of it.
pub(super) async fn preview(
    extract::State(console): extract::State<Shared>,
    Path(id): Path<ThreadId>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let visitor = match sender(
        &console,
        &headers,
        &format!("/fils/{id}/modifier"),
        &fields,
        Permission::Decide,
    )
    .await
    {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let typed = fields.get("texte").to_owned();
    page(console, id, Fields::default(), Some(typed), visitor).await.into_response()
}

async fn page(
    console: Shared,
    id: ThreadId,
    fields: Fields,
    typed: Option<String>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let wording = visitor.wording;
    let of = Arc::clone(&console);
    let made = blocking(move || {
        let shown = of.desk.show(id)?.ok_or(Refusal::NoThread { id })?;
        of.people.note(&visitor.actor(), Accessed::Thread { thread: shown.summary.id });
        let (why, precedents) = (of.desk.why(id)?, of.desk.precedents(id)?);
        let state = shown.summary.state;
        let values: [(&str, &dyn Display); 2] = [("id", &id), ("subject", &shown.summary.subject)];
        let mut page = Page::of(&of, &visitor, wording.with("console-thread-title", &values), Some(state))?;
        page.notice = notice(&of, wording, &fields)?;
        let (before, after) = of.desk.around(shown.summary.id, state)?;
        let editing = fields.get("modifier") == "1" || typed.is_some();
        let doing = if editing { Doing::Writing } else { Doing::Reading };
        let preview = typed.as_deref().zip(shown.draft.as_ref());
        let preview = preview.map(|(typed, draft)| draft.with_body(typed).body_html());
        let thread = ThreadPart::made(&of, &visitor, shown, why, &precedents);
        let present = present(wording, &of.presence.note(id, &visitor.name, doing));
        Ok(ThreadPage { before, after, editing, typed, preview, present, page, thread })
    });
    let made = made.await.map_err(|refusal: Refusal| Failure::of(&console, wording, &refusal))?;
    Ok(html(StatusCode::OK, &made))
}

/// One version of the letter.
struct VersionPart {
    head: String,
    changes: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "versions.html")]
struct VersionsPage {
    page: Page,
    id: ThreadId,
    versions: Vec<VersionPart>,
}

/// What the letter was, from one version to the next.
pub(super) async fn versions(
    extract::State(console): extract::State<Shared>,
    Path(id): Path<ThreadId>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let (wording, of) = (visitor.wording, Arc::clone(&console));
    let made = blocking(move || {
        let title = wording.with("console-versions-of", &[("id", &id)]);
        let page = Page::of(&of, &visitor, title, None)?;
        let part = |version: Version| {
            let at = moment(wording, of.desk.zone(), version.line.occurred);
            let (said, by) = (version.line.said(wording), actor(wording, &version.line.actor));
            VersionPart { head: format!("{at} · {said} · {by}"), changes: signed(&version.changes) }
        };
        let versions = of.desk.versions(id)?.into_iter().map(part).collect();
        of.people.note(&visitor.actor(), Accessed::Thread { thread: id });
        Ok(VersionsPage { page, id, versions })
    });
    let made = made.await.map_err(|refusal: Refusal| Failure::of(&console, wording, &refusal))?;
    Ok(html(StatusCode::OK, &made))
}

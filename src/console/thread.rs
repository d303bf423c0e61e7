//! One thread on one screen.

use super::fields::Fields;
use super::page::{Failure, Notice, Page, blocking, html, present};
use super::presence::Doing;
use super::thread_view::ThreadPart;
use super::visitor::Visitor;
use super::{Console, Shared};
use crate::people::Accessed;
use crate::review::Refusal;
use crate::thread::{State, ThreadId};
use crate::wording::Wording;
use askama::Template;
use axum::extract::{self, Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
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
    let wording = visitor.wording;
    let of = Arc::clone(&console);
    let made = blocking(move || {
        let fields = Fields(fields);
        let shown = of.desk.show(id)?.ok_or(Refusal::NoThread { id })?;
        of.people.note(&visitor.actor(), Accessed::Thread { thread: shown.summary.id });
        let why = of.desk.why(id)?;
        let state = shown.summary.state;
        let values: [(&str, &dyn std::fmt::Display); 2] = [("id", &id), ("subject", &shown.summary.subject)];
        let mut page = Page::of(&of, &visitor, wording.with("console-thread-title", &values), Some(state))?;
        page.notice = notice(&of, wording, &fields)?;
        let (before, after) = of.desk.around(shown.summary.id, state)?;
        let editing = fields.get("modifier") == "1";
        let doing = if editing { Doing::Writing } else { Doing::Reading };
        let thread = ThreadPart::made(&of, &visitor, shown, why);
        Ok(ThreadPage {
            before,
            after,
            editing,
            present: present(wording, &of.presence.note(id, &visitor.name, doing)),
            page,
            thread,
        })
    });
    let made = made.await.map_err(|refusal: Refusal| Failure::of(&console, wording, &refusal))?;
    Ok(html(StatusCode::OK, &made))
}

//! « Mon compte »: what somebody sets for themselves, their password, their sessions.

use super::Shared;
use super::decide::sender;
use super::fields::Fields;
use super::login::{HASHING, why};
use super::page::{Failure, Notice, Page, blocking, html, moment};
use super::visitor::{Visitor, language_cookie};
use crate::people::{OpenSession, Settings, Theme, Unchanged, session_id};
use crate::review::Refusal;
use crate::wording::{Language, Wording};
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// A session, in words.
pub(super) struct SessionPart {
    pub id: String,
    pub browser: String,
    pub since: String,
    pub seen: String,
    /// Whether it is the one of whoever looks.
    pub this: bool,
}

impl SessionPart {
    pub fn of(wording: &Wording, zone: &TimeZone, visitor: &Visitor, session: OpenSession) -> Self {
        Self {
            this: session.id == session_id(&visitor.token),
            browser: session.browser.unwrap_or_else(|| wording.text("session-browser-unknown")),
            since: moment(wording, zone, session.since),
            seen: moment(wording, zone, session.seen),
            id: session.id,
        }
    }
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    page: Page,
    line: Option<String>,
    settings: Settings,
    /// The roles, in words.
    roles: String,
    sessions: Vec<SessionPart>,
    /// Whether one comes in by a password.
    passwords: bool,
}

/// What was just done, out of the address that a form leads to.
pub(super) fn notice(wording: &Wording, fields: &Fields) -> Option<Notice> {
    let key = format!("account-done-{}", fields.get("fait"));
    wording.has(&key).then(|| Notice { text: wording.text(&key), withdraw: None, due: None })
}

/// Roles, in words.
pub(super) fn roles(wording: &Wording, roles: &std::collections::BTreeSet<crate::people::Role>) -> String {
    let names: Vec<String> = roles.iter().map(|role| wording.text(&format!("role-{}", role.key()))).collect();
    names.join(", ")
}

async fn page(
    console: &Shared,
    visitor: &Visitor,
    status: StatusCode,
    line: Option<String>,
    fields: Fields,
) -> Response {
    let (of, whose, wording) = (Arc::clone(console), visitor.clone(), visitor.wording);
    let made = blocking(move || -> Result<AccountPage, Refusal> {
        let sessions = of.people.sessions(Some(&whose.name))?.into_iter();
        let mut page = Page::of(&of, &whose, wording.text("account-mine"), None)?;
        page.notice = notice(wording, &fields);
        Ok(AccountPage {
            page,
            line,
            roles: roles(wording, &whose.roles),
            sessions: sessions.map(|of_| SessionPart::of(wording, of.desk.zone(), &whose, of_)).collect(),
            settings: whose.settings,
            passwords: of.config.console.as_ref().is_none_or(|console| console.passwords),
        })
    });
    match made.await {
        Ok(page) => html(status, &page),
        Err(refusal) => Failure::of(console, wording, &refusal).into_response(),
    }
}

pub(super) async fn show(
    State(console): State<Shared>,
    Query(fields): Query<Vec<(String, String)>>,
    visitor: Visitor,
) -> Response {
    page(&console, &visitor, StatusCode::OK, None, Fields(fields)).await
}

/// A change that was not made, in one line.
pub(super) fn unchanged(console: &Shared, wording: &Wording, why: &Unchanged) -> String {
    why.line(wording, &console.config.data_dir)
}

pub(super) async fn set(
    State(console): State<Shared>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let visitor = match sender(&console, &headers, "/compte/reglages", &fields, None).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let language = fields.get("langue").parse::<Language>().ok();
    let theme = Theme::ALL.into_iter().find(|theme| theme.key() == fields.get("theme"));
    let settings = Settings {
        shortcuts: !fields.get("touches").is_empty(),
        language,
        theme: theme.unwrap_or(Theme::Auto),
    };
    let (people, name) = (console.people.clone(), visitor.name.clone());
    match blocking(move || people.set(&name, settings)).await {
        Ok(()) => {
            // The pages before the log-in speak it, too.
            let cookie = language.and_then(|language| language_cookie(&console, language));
            let cookie = cookie.map(|cookie| [(SET_COOKIE, cookie)]);
            (cookie, Redirect::to("/compte?fait=reglages")).into_response()
        }
        Err(why) => {
            let line = Some(unchanged(&console, visitor.wording, &why));
            page(&console, &visitor, StatusCode::CONFLICT, line, Fields::default()).await
        }
    }
}

pub(super) async fn change_password(
    State(console): State<Shared>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let visitor = match sender(&console, &headers, "/compte/motdepasse", &fields, None).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let wording = visitor.wording;
    let refused =
        |line: String| page(&console, &visitor, StatusCode::CONFLICT, Some(line), Fields::default());
    if fields.get("nouveau") != fields.get("encore") {
        return refused(wording.text("console-password-differs")).await;
    }
    let _turn = HASHING.acquire().await;
    let (people, token) = (console.people.clone(), visitor.token.clone());
    let change = move || people.change_password(&token, fields.get("present"), fields.get("nouveau"));
    match blocking(change).await {
        Ok(()) => Redirect::to("/compte?fait=motdepasse").into_response(),
        Err(denied) => refused(why(&console, wording, &denied)).await,
    }
}

/// Ends one of one's own sessions.
pub(super) async fn end_session(
    State(console): State<Shared>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let visitor = match sender(&console, &headers, "/compte/session", &fields, None).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let (people, name) = (console.people.clone(), visitor.name.clone());
    match blocking(move || people.end_session(&name, fields.get("session"))).await {
        // One that is over already is over.
        Ok(_) => Redirect::to("/compte?fait=session").into_response(),
        Err(fault) => Failure::of(&console, visitor.wording, &fault.into()).into_response(),
    }
}

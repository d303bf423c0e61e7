//! Coming in and going out, and the language.

use super::fields::Fields;
use super::page::{Failure, Page, address, blocking, html, moment};
use super::visitor::{
    Visitor, browser, language, language_cookie, own_path, session_cookie, session_token, visitor,
};
use super::{Console, Shared};
use crate::people::{Denied, SHORTEST_PASSWORD, Session, Settings};
use crate::wording::{Language, Wording};
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use tokio::sync::Semaphore;

/// Passwords are hashed with 19 MiB each: two at a time are enough.
pub(super) static HASHING: Semaphore = Semaphore::const_new(2);

/// The fields of a form that somebody sent when their session was over, beside those of the log-in.
const KEPT: &str = "garde.";
/// Where it was to go.
const KEPT_PATH: &str = "suite";

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    page: Page,
    line: Option<String>,
    name: &'a str,
    back: &'a str,
    /// What was typed when the session was over, and where it was to go.
    kept: Option<(&'a str, Vec<(String, &'a str)>)>,
    /// Whether one comes in by a password, by the provider, or by either.
    passwords: bool,
    /// Where the provider's log-in begins.
    provider: Option<String>,
}

impl<'a> LoginPage<'a> {
    fn new(console: &Console, wording: &'static Wording, back: &'a str) -> Self {
        let settings = console.config.console.as_ref();
        let provider = settings.is_some_and(|settings| settings.oidc.is_some());
        Self {
            page: Page::bare(wording, wording.text("console-login")),
            line: None,
            name: "",
            back,
            kept: None,
            passwords: settings.is_none_or(|settings| settings.passwords),
            provider: provider.then(|| address("/connexion/fournisseur", [("retour", back)])),
        }
    }
}

/// What was typed, to be sent again once somebody is logged in.
#[derive(Template)]
#[template(path = "again.html")]
struct AgainPage<'a> {
    page: Page,
    path: &'a str,
    kept: Vec<(&'a str, &'a str)>,
}

pub(super) async fn form(
    State(console): State<Shared>,
    Query(fields): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let (wording, fields) = (language(&console, &headers), Fields(fields));
    let back = own_path(fields.get("retour"));
    html(StatusCode::OK, &LoginPage { name: fields.get("nom"), ..LoginPage::new(&console, wording, back) })
}

/// The log-in in the place of what needs a session; what was typed stays.
pub(super) fn session_is_over(
    console: &Console,
    wording: &'static Wording,
    path: &str,
    fields: &Fields,
) -> Response {
    let typed = fields.0.iter().map(|(name, value)| (format!("{KEPT}{name}"), value.as_str())).collect();
    let login = LoginPage {
        line: Some(wording.text("console-session-over")),
        kept: Some((path, typed)),
        ..LoginPage::new(console, wording, "/")
    };
    html(StatusCode::UNAUTHORIZED, &login)
}

pub(super) async fn log_in(
    State(console): State<Shared>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let (wording, fields) = (language(&console, &headers), Fields(fields));
    let done = come_in(&console, &headers, &fields).await;
    let typed: Vec<(&str, &str)> = fields
        .0
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(KEPT)?, value.as_str())))
        .collect();
    let (path, back) = (own_path(fields.get(KEPT_PATH)), own_path(fields.get("retour")));
    match done {
        Ok((token, session)) => {
            let cookie = session_cookie(&console, Some(&token)).map(|cookie| [(SET_COOKIE, cookie)]);
            let next = if typed.is_empty() {
                Redirect::to(back).into_response()
            } else {
                let mut page = Page::bare(wording, wording.text("console-again"));
                (page.name, page.form_token) = (Some(session.name), session.form_token);
                html(StatusCode::OK, &AgainPage { page, path, kept: typed })
            };
            (cookie, next).into_response()
        }
        Err(denied) => {
            let line = why(&console, wording, &denied);
            let kept = typed.into_iter().map(|(name, value)| (format!("{KEPT}{name}"), value));
            let kept: Vec<(String, &str)> = kept.collect();
            let login = LoginPage {
                line: Some(line),
                name: fields.get("nom"),
                kept: (!kept.is_empty()).then_some((path, kept)),
                ..LoginPage::new(&console, wording, back)
            };
            html(StatusCode::FORBIDDEN, &login)
        }
    }
}

/// The session of whoever gives a right password; or of whoever came in meanwhile by the provider, in another
/// tab, and comes for what they had typed.
async fn come_in(
    console: &Shared,
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<(String, Session), Denied> {
    if !fields.get("reprise").is_empty() {
        let token = session_token(headers).ok_or(Denied::Absent)?;
        let (people, of) = (console.people.clone(), token.clone());
        let found = blocking(move || people.session(&of)).await?;
        return found.map(|(session, _)| (token, session)).ok_or(Denied::Absent);
    }
    if console.config.console.as_ref().is_some_and(|settings| !settings.passwords) {
        return Err(Denied::NoPasswords);
    }
    let _turn = HASHING.acquire().await;
    let (people, asked, browser) = (console.people.clone(), fields.clone(), browser(headers));
    blocking(move || people.log_in(asked.get("nom"), asked.get("motdepasse"), browser)).await
}

pub(super) fn why(console: &Shared, wording: &Wording, denied: &Denied) -> String {
    match denied {
        Denied::Wrong => wording.text("console-denied"),
        Denied::Absent => wording.text("sign-in-absent"),
        Denied::NoPasswords => wording.text("sign-in-no-passwords"),
        Denied::Wait { until } => {
            let at = moment(wording, console.desk.zone(), *until);
            wording.with("console-denied-wait", &[("at", &at)])
        }
        Denied::Length => wording.with("console-password-length", &[("count", &SHORTEST_PASSWORD)]),
        Denied::Hash => wording.text("console-denied-hash"),
        Denied::Store(fault) => fault.line(wording, &console.config.data_dir),
    }
}

pub(super) async fn log_out(
    State(console): State<Shared>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    if !visitor.sent(&Fields(fields)) {
        return forged(visitor.wording);
    }
    let people = console.people.clone();
    // A session that cannot be ended is over for this browser all the same.
    let _ = blocking(move || people.log_out(&visitor.token)).await;
    let cookie = session_cookie(&console, None).map(|cookie| [(SET_COOKIE, cookie)]);
    (cookie, Redirect::to("/connexion")).into_response()
}

/// The answer to a form that none of our pages of this session made.
pub(super) fn forged(wording: &'static Wording) -> Response {
    Failure::new(StatusCode::FORBIDDEN, wording, wording.text("console-forged")).into_response()
}

/// Changes the language of the pages; for anybody, as it is a matter of their browser. Who is logged in keeps
/// it with their account.
pub(super) async fn change_language(
    State(console): State<Shared>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let wanted = Fields(fields).get("langue").parse::<Language>().unwrap_or(console.config.language);
    let cookie = language_cookie(&console, wanted).map(|cookie| [(SET_COOKIE, cookie)]);
    let home = match visitor(&console, &headers).await {
        None => "/connexion",
        Some(visitor) => {
            let people = console.people.clone();
            let settings = Settings { language: Some(wanted), ..visitor.settings };
            // A store that takes no writes says so elsewhere: the cookie serves as well.
            let _ = blocking(move || people.set(&visitor.name, settings)).await;
            "/"
        }
    };
    (cookie, Redirect::to(home)).into_response()
}

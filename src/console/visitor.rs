//! Who is at the other end: the session behind a cookie, and the language that they read.

use super::fields::{FORM_TOKEN, Fields};
use super::page::Failure;
use super::{Console, Shared};
use crate::people::{Permission, Person, Role};
use crate::thread::Actor;
use crate::wording::{Language, Wording};
use axum::extract::FromRequestParts;
use axum::http::header::{COOKIE, HeaderValue};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use cookie::{Cookie, SameSite};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The cookie of the session.
const SESSION: &str = "greffier-session";
/// The cookie of the language.
const LANGUAGE: &str = "greffier-langue";

/// Somebody who is logged in.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    pub name: String,
    pub roles: BTreeSet<Role>,
    /// What their forms must carry.
    pub form_token: String,
    /// The token of the session.
    pub token: String,
    pub wording: &'static Wording,
}

impl Visitor {
    /// Under which name decisions are recorded.
    pub fn actor(&self) -> Actor {
        Actor::reviewer(&self.name, None)
    }

    /// Whether a form comes from one of our own pages, made for this session.
    pub fn sent(&self, fields: &Fields) -> bool {
        fields.get(FORM_TOKEN) == self.form_token
    }

    /// Whether one of their roles gives this permission.
    pub fn may(&self, permission: Permission) -> bool {
        permission.is_given_by(&self.roles)
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut cookies = all.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

/// The language that a browser asks for by its cookie, else the config's.
pub(super) fn language(console: &Console, headers: &HeaderMap) -> &'static Wording {
    let asked = cookie(headers, LANGUAGE).and_then(|code| code.parse::<Language>().ok());
    Wording::of(asked.unwrap_or(console.config.language))
}

/// Whoever has a session; `None`, too, if the store cannot be read: then nobody comes in.
pub(super) async fn visitor(console: &Shared, headers: &HeaderMap) -> Option<Visitor> {
    let token = cookie(headers, SESSION)?;
    let people = console.people.clone();
    let of = token.clone();
    let found = tokio::task::spawn_blocking(move || people.session(&of));
    let (session, Person { roles, .. }) = found.await.ok()?.ok()??;
    let wording = language(console, headers);
    Some(Visitor { name: session.name, roles, form_token: session.form_token, token, wording })
}

/// What a page asks of whoever looks at it; `None`: a session. What is not named here asks for reading.
fn asked_by(path: &str) -> Option<Permission> {
    let first = path.split('/').nth(1).unwrap_or_default();
    match first {
        "" | "aide" | "compte" | "deconnexion" | "motdepasse" => None,
        "comptes" => Some(Permission::KeepAccounts),
        "acces" => Some(Permission::ReadAccessLog),
        "nouveau" => Some(Permission::Decide),
        _ => Some(Permission::Read),
    }
}

impl FromRequestParts<Arc<Console>> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, Response> {
        if let Some(visitor) = visitor(console, &parts.headers).await {
            return match asked_by(parts.uri.path()).filter(|asked| !visitor.may(*asked)) {
                None => Ok(visitor),
                Some(_) => {
                    let line = visitor.wording.text("console-not-your-page");
                    Err(Failure::new(StatusCode::FORBIDDEN, visitor.wording, line).into_response())
                }
            };
        }
        let asked = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let back: String = asked.bytes().map(|byte| format!("%{byte:02X}")).collect();
        Err(Redirect::to(&format!("/connexion?retour={back}")).into_response())
    }
}

/// An address of ours, out of what a browser says; anything else is the first page.
pub(super) fn own_path(given: &str) -> &str {
    let ours = given.starts_with('/')
        && !given.starts_with("//")
        && !given.contains(['\\', '@'])
        && given.bytes().all(|byte| byte.is_ascii_graphic());
    if ours { given } else { "/" }
}

fn set(console: &Console, cookie: Cookie<'_>) -> Option<HeaderValue> {
    let secure = console.config.console.as_ref().is_some_and(|console| console.is_secure());
    let mut cookie = cookie;
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Strict);
    cookie.set_secure(secure);
    HeaderValue::from_str(&cookie.to_string()).ok()
}

/// The header that gives a browser its session, or takes it.
pub(super) fn session_cookie(console: &Console, token: Option<&str>) -> Option<HeaderValue> {
    let mut cookie = Cookie::new(SESSION, token.unwrap_or_default().to_owned());
    if token.is_none() {
        cookie.make_removal();
    }
    set(console, cookie)
}

/// The header that keeps a language for a year.
pub(super) fn language_cookie(console: &Console, language: Language) -> Option<HeaderValue> {
    let mut cookie = Cookie::new(LANGUAGE, language.code());
    cookie.set_max_age(cookie::time::Duration::days(365));
    set(console, cookie)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for (given, kept) in [
            ("/fils/3?a=b", "/fils/3?a=b"),
            ("https://evil.example/", "/"),
            ("//evil.example/", "/"),
            ("/\\evil.example", "/"),
            ("/fils\r\nSet-Cookie: a", "/"),
            ("", "/"),
        ] {
            assert_eq!(own_path(given), kept);
        }
    }
}

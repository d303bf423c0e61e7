//! Who is at the other end: the session behind a cookie, and the language that they read.

use super::fields::{FORM_TOKEN, Fields};
use super::page::{Failure, address};
use super::{Console, Shared};
use crate::people::{Permission, Person, Role, Settings};
use crate::thread::Actor;
use crate::wording::{Language, Wording};
use axum::extract::FromRequestParts;
use axum::http::header::{COOKIE, HeaderValue, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use cookie::{Cookie, SameSite};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The cookie of the session.
const SESSION: &str = "greffier-session";
/// The cookie of a log-in by the identity provider while it is under way.
pub(super) const SIGN_IN: &str = "greffier-fournisseur";
/// The cookie of the language.
const LANGUAGE: &str = "greffier-langue";

/// Somebody who is logged in.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    pub name: String,
    pub roles: BTreeSet<Role>,
    pub settings: Settings,
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

pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut cookies = all.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

/// The browser and its system in a few words, out of what it says of itself: enough to know one's own.
pub(super) fn browser(headers: &HeaderMap) -> Option<String> {
    const BROWSERS: [(&str, &str); 4] =
        [("Edg", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let said = headers.get(USER_AGENT)?.to_str().ok()?;
    let known =
        |names: &[(&str, &'static str)]| names.iter().find(|(of, _)| said.contains(of)).map(|of| of.1);
    let parts: Vec<&str> = [known(&BROWSERS), known(&SYSTEMS)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// The language that a browser asks for by its cookie, else the config's.
pub(super) fn language(console: &Console, headers: &HeaderMap) -> &'static Wording {
    let asked = cookie(headers, LANGUAGE).and_then(|code| code.parse::<Language>().ok());
    Wording::of(asked.unwrap_or(console.config.language))
}

/// The token of the session that a browser carries.
pub(super) fn session_token(headers: &HeaderMap) -> Option<String> {
    cookie(headers, SESSION)
}

/// Whoever has a session; `None`, too, if the store cannot be read: then nobody comes in.
pub(super) async fn visitor(console: &Shared, headers: &HeaderMap) -> Option<Visitor> {
    let token = session_token(headers)?;
    let people = console.people.clone();
    let of = token.clone();
    let found = tokio::task::spawn_blocking(move || people.session(&of));
    let (session, Person { roles, settings, .. }) = found.await.ok()?.ok()??;
    let wording = settings.language.map_or_else(|| language(console, headers), Wording::of);
    Some(Visitor { name: session.name, roles, settings, form_token: session.form_token, token, wording })
}

/// What a page asks of whoever looks at it; `None`: a session. What is not named here asks for reading.
fn asked_by(path: &str) -> Option<Permission> {
    let first = path.split('/').nth(1).unwrap_or_default();
    match first {
        "" | "aide" | "compte" | "deconnexion" => None,
        "comptes" => Some(Permission::KeepAccounts),
        "acces" | "acces.csv" => Some(Permission::ReadAccessLog),
        "nouveau" => Some(Permission::Decide),
        "delais" => Some(Permission::ReadFigures),
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
        Err(Redirect::to(&address("/connexion", [("retour", asked)])).into_response())
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

fn set(console: &Console, cookie: Cookie<'_>, from: SameSite) -> Option<HeaderValue> {
    let secure = console.config.console.as_ref().is_some_and(|console| console.is_secure());
    let mut cookie = cookie;
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(from);
    cookie.set_secure(secure);
    HeaderValue::from_str(&cookie.to_string()).ok()
}

/// The header that gives a browser its session, or takes it.
pub(super) fn session_cookie(console: &Console, token: Option<&str>) -> Option<HeaderValue> {
    let mut cookie = Cookie::new(SESSION, token.unwrap_or_default().to_owned());
    if token.is_none() {
        cookie.make_removal();
    }
    set(console, cookie, SameSite::Strict)
}

/// The header that keeps the state of a log-in by the provider, or forgets it. It must come back when the
/// provider sends the browser here, and serves for nothing else.
pub(super) fn sign_in_cookie(console: &Console, state: Option<&str>) -> Option<HeaderValue> {
    let mut cookie = Cookie::new(SIGN_IN, state.unwrap_or_default().to_owned());
    cookie.set_max_age(cookie::time::Duration::minutes(10));
    if state.is_none() {
        cookie.make_removal();
    }
    set(console, cookie, SameSite::Lax)
}

/// The header that keeps a language for a year.
pub(super) fn language_cookie(console: &Console, language: Language) -> Option<HeaderValue> {
    let mut cookie = Cookie::new(LANGUAGE, language.code());
    cookie.set_max_age(cookie::time::Duration::days(365));
    set(console, cookie, SameSite::Strict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_by_what_it_says() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
            Chrome/130.0 Safari/537.36 Edg/130.0";
        let safari =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1";
        for (said, known) in [
            (edge, Some("Edge · Windows")),
            (safari, Some("Safari · iPhone")),
            ("curl/8.0", None),
            ("", None),
        ] {
            let headers = HeaderMap::from_iter([(USER_AGENT, HeaderValue::from_str(said).unwrap())]);
            assert_eq!(browser(&headers).as_deref(), known, "{said}");
        }
    }

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

//! Coming in by the identity provider: to it, and back with its word.

use super::Shared;
use super::fields::Fields;
use super::page::{Failure, Page, html};
use super::visitor::{SIGN_IN, browser, cookie, language, own_path, session_cookie, sign_in_cookie};
use crate::people::{NotSignedIn, ProviderFault};
use crate::wording::Wording;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};

/// Where a browser goes on from the provider by itself: only what one of our own pages asks for carries the
/// session, which no other site may use.
#[derive(Template)]
#[template(path = "welcome.html")]
struct WelcomePage {
    page: Page,
    back: String,
}

pub(super) async fn begin(
    State(console): State<Shared>,
    Query(fields): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let wording = language(&console, &headers);
    match console.people.begin_sign_in(own_path(Fields(fields).get("retour"))).await {
        Ok((url, state)) => {
            let cookie = sign_in_cookie(&console, Some(&state)).map(|cookie| [(SET_COOKIE, cookie)]);
            (cookie, Redirect::to(&url)).into_response()
        }
        Err(why) => refused(&console, wording, &why),
    }
}

pub(super) async fn finish(
    State(console): State<Shared>,
    Query(fields): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let (wording, fields) = (language(&console, &headers), Fields(fields));
    let state = fields.get("state");
    // Only the browser that began ends it.
    if state.is_empty() || cookie(&headers, SIGN_IN).as_deref() != Some(state) {
        return refused(&console, wording, &NotSignedIn::NotUnderWay);
    }
    if fields.get("code").is_empty() {
        // The provider's own refusal, such as somebody who gave up there.
        let why = NotSignedIn::Provider(ProviderFault::Refused("no code".to_owned()));
        return refused(&console, wording, &why);
    }
    let code = fields.get("code").to_owned();
    match console.people.finish_sign_in(state, code, browser(&headers)).await {
        Ok((token, _, back)) => {
            let cookies = [session_cookie(&console, Some(&token)), sign_in_cookie(&console, None)];
            let cookies = cookies.into_iter().flatten().map(|cookie| (SET_COOKIE, cookie));
            let page = Page::bare(wording, wording.text("sign-in-welcome"));
            let back = own_path(&back).to_owned();
            (AppendHeaders(cookies.collect::<Vec<_>>()), html(StatusCode::OK, &WelcomePage { page, back }))
                .into_response()
        }
        Err(why) => refused(&console, wording, &why),
    }
}

/// Why nobody came in, and what to do.
fn refused(console: &Shared, wording: &'static Wording, why: &NotSignedIn) -> Response {
    let (status, line) = match why {
        NotSignedIn::NotUnderWay => (StatusCode::FORBIDDEN, wording.text("sign-in-not-under-way")),
        NotSignedIn::Provider(fault) => {
            // The provider's own words of protocol; what came in the address is not among them.
            tracing::warn!(%fault, "nobody came in by the identity provider");
            match fault {
                ProviderFault::Refused(_) => (StatusCode::FORBIDDEN, wording.text("sign-in-refused")),
                ProviderFault::Unreachable(_) => {
                    (StatusCode::SERVICE_UNAVAILABLE, wording.text("sign-in-unreachable"))
                }
                ProviderFault::Unsound(_) | ProviderFault::Secret(_) => {
                    (StatusCode::SERVICE_UNAVAILABLE, wording.text("sign-in-unsound"))
                }
            }
        }
        NotSignedIn::NoRole { name } => {
            (StatusCode::FORBIDDEN, wording.with("sign-in-no-role", &[("name", name)]))
        }
        NotSignedIn::NoName => (StatusCode::FORBIDDEN, wording.text("sign-in-no-name")),
        NotSignedIn::Taken { name } => {
            (StatusCode::FORBIDDEN, wording.with("sign-in-taken", &[("name", name)]))
        }
        NotSignedIn::NotActive { name } => {
            (StatusCode::FORBIDDEN, wording.with("sign-in-not-active", &[("name", name)]))
        }
        NotSignedIn::Denied(denied) => {
            (StatusCode::SERVICE_UNAVAILABLE, super::login::why(console, wording, denied))
        }
        NotSignedIn::Store(fault) => {
            (StatusCode::SERVICE_UNAVAILABLE, fault.line(wording, &console.config.data_dir))
        }
    };
    Failure::new(status, wording, line).into_response()
}

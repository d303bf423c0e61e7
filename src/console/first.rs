//! What does not begin with a mail: a question by telephone, a letter that nobody asked for.

use super::Shared;
use super::decide::sender;
use super::fields::Fields;
use super::page::{Failure, Page, blocking, html, line};
use super::visitor::Visitor;
use crate::people::Permission;
use crate::review::{Call, FirstLetter, Refusal};
use crate::thread::{Medium, Thread};
use crate::wording::Wording;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

/// The two forms, with what was typed in one that was refused.
#[derive(Template)]
#[template(path = "first.html")]
struct FirstPage {
    page: Page,
    line: Option<String>,
    typed: Fields,
}

impl FirstPage {
    fn typed(&self, name: &str) -> &str {
        self.typed.get(name)
    }
}

pub(super) async fn forms(State(console): State<Shared>, visitor: Visitor) -> Response {
    page(&console, &visitor, StatusCode::OK, None, Fields::default()).await
}

async fn page(
    console: &Shared,
    visitor: &Visitor,
    status: StatusCode,
    line: Option<String>,
    typed: Fields,
) -> Response {
    let (of, whose, wording) = (Arc::clone(console), visitor.clone(), visitor.wording);
    match blocking(move || Page::of(&of, &whose, wording.text("console-new"), None)).await {
        Ok(page) => html(status, &FirstPage { page, line, typed }),
        Err(refusal) => Failure::of(console, wording, &refusal).into_response(),
    }
}

fn medium(fields: &Fields) -> Medium {
    Medium::SPOKEN.into_iter().find(|medium| medium.key() == fields.get("moyen")).unwrap_or(Medium::Telephone)
}

pub(super) async fn call(
    State(console): State<Shared>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    begin(console, headers, Fields(fields), "/nouveau/appel", |console, visitor, fields| {
        let call = Call {
            medium: medium(fields),
            at: None,
            name: fields.get("demandeur").trim().to_owned(),
            email: fields.said("courriel").next().map(str::to_owned),
            subject: fields.get("objet").trim().to_owned(),
            text: fields.get("texte").to_owned(),
        };
        console.desk.record_call(call, &visitor.actor())
    })
    .await
}

pub(super) async fn letter(
    State(console): State<Shared>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    begin(console, headers, Fields(fields), "/nouveau/lettre", |console, visitor, fields| {
        let letter = FirstLetter {
            to: fields.get("courriel").trim().to_owned(),
            subject: fields.get("objet").trim().to_owned(),
            body: fields.get("texte").to_owned(),
        };
        console.desk.write_first(letter, &visitor.actor())
    })
    .await
}

/// Begins a thread, and shows it; or the form again, with why not.
async fn begin(
    console: Shared,
    headers: HeaderMap,
    fields: Fields,
    path: &str,
    work: fn(&Shared, &Visitor, &Fields) -> Result<Thread, Refusal>,
) -> Response {
    let visitor = match sender(&console, &headers, path, &fields, Permission::Decide).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let (of, whose, typed) = (Arc::clone(&console), visitor.clone(), fields.clone());
    match blocking(move || work(&of, &whose, &typed)).await {
        Ok(thread) => Redirect::to(&format!("/fils/{}", thread.id)).into_response(),
        Err(refusal) => {
            let wording: &'static Wording = visitor.wording;
            let line = line(&console, wording, &refusal);
            page(&console, &visitor, StatusCode::CONFLICT, Some(line), fields).await
        }
    }
}

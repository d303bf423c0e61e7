//! The library of approved texts: what may be sent, since when, and who suspended one.

use super::decide::sender;
use super::fields::Fields;
use super::page::{Failure, Page, blocking, html, moment};
use super::visitor::Visitor;
use super::{Console, Shared};
use crate::people::Permission;
use crate::replies::{Entry, date_in_words};
use crate::review::{EntryLine, Refusal};
use crate::wording::{Wording, key};
use askama::Template;
use axum::Form;
use axum::extract::{self, Path};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use std::fmt::Display;
use std::sync::Arc;

/// A text, in words.
struct TextPart {
    /// `fr/contact`; the slug alone where the library does not have it.
    entry: String,
    slug: String,
    title: String,
    version: u32,
    /// The first day on which it holds, and the first on which it holds no longer.
    days: String,
    state: String,
    /// Who suspended it, when and why.
    suspended: Option<String>,
}

impl TextPart {
    fn of(console: &Console, wording: &Wording, line: EntryLine) -> Self {
        let day = |day| date_in_words(wording.language(), day);
        let from = line.effective.map(|first| wording.with("console-from", &[("day", &day(first))]));
        let until = line.superseded.map(|last| wording.with("console-until", &[("day", &day(last))]));
        let suspended = line.suspension.map(|standing| {
            let at = moment(wording, console.desk.zone(), standing.at);
            let values: [(&str, &dyn Display); 3] =
                [("by", &standing.by), ("at", &at), ("reason", &standing.reason)];
            wording.with("console-suspended-by", &values)
        });
        Self {
            days: from.into_iter().chain(until).collect::<Vec<_>>().join(" · "),
            state: wording.text(&format!("console-entry-{}", key(&line.state))),
            entry: line.entry,
            slug: line.slug,
            title: line.title,
            version: line.version,
            suspended,
        }
    }
}

#[derive(Template)]
#[template(path = "texts.html")]
struct TextsPage {
    page: Page,
    /// What keeps the folder from being read as it lies there.
    problems: Vec<String>,
    texts: Vec<TextPart>,
}

/// One text whole.
#[derive(Template)]
#[template(path = "text.html")]
struct TextPage {
    page: Page,
    text: TextPart,
    question: String,
    body: String,
    source: String,
    approved: Option<String>,
    wordings: Vec<String>,
    /// What became of its drafts; `None` while no letter left with it.
    acceptance: Option<String>,
    /// The entry's other wordings and languages.
    others: Vec<(String, String)>,
    may_decide: bool,
}

pub(super) async fn list(
    extract::State(console): extract::State<Shared>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let (wording, of) = (visitor.wording, Arc::clone(&console));
    let made = blocking(move || {
        let page = Page::of(&of, &visitor, wording.text("console-texts"), None)?;
        let texts = of.desk.entries()?.into_iter().map(|line| TextPart::of(&of, wording, line)).collect();
        let problems = of.desk.library.problems().iter().map(|problem| problem.line(wording)).collect();
        Ok(TextsPage { page, problems, texts })
    });
    let made = made.await.map_err(|refusal: Refusal| Failure::of(&console, wording, &refusal))?;
    Ok(html(StatusCode::OK, &made))
}

pub(super) async fn show(
    extract::State(console): extract::State<Shared>,
    Path((language, name)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let (wording, of) = (visitor.wording, Arc::clone(&console));
    let made = blocking(move || {
        let id = format!("{language}/{name}");
        let replies = of.desk.library.current();
        let Some(entry) = replies.entries().find(|entry| entry.id.to_string() == id) else { return Ok(None) };
        let Some(line) = of.desk.entries()?.into_iter().find(|line| line.entry == id) else {
            return Ok(None);
        };
        let page = Page::of(&of, &visitor, entry.title.clone(), None)?;
        let approved = entry.approval.as_ref().map(|approval| {
            let day = date_in_words(wording.language(), approval.on);
            let values: [(&str, &dyn Display); 2] = [("by", &approval.by), ("day", &day)];
            wording.with("console-approved-by", &values)
        });
        let [as_is, edited, rejected] = of.desk.acceptance(entry)?;
        let count = as_is + edited + rejected;
        let values: [(&str, &dyn Display); 4] =
            [("count", &count), ("as_is", &as_is), ("edited", &edited), ("rejected", &rejected)];
        let acceptance = (count > 0).then(|| wording.with("console-acceptance", &values));
        let other = |other: &&Entry| other.id.slug == entry.id.slug && other.id != entry.id;
        let others = replies.entries().filter(other).map(|other| {
            let title = other.variant_title.clone().unwrap_or_else(|| other.title.clone());
            (other.id.to_string(), title)
        });
        let examples = replies.examples(entry.id.language, entry.id.slug.as_str());
        Ok(Some(TextPage {
            page,
            text: TextPart::of(&of, wording, line),
            question: entry.question.clone(),
            body: entry.markdown().to_owned(),
            source: format!("{}, {}", entry.source.document, entry.source.section),
            approved,
            acceptance,
            others: others.collect(),
            wordings: examples.iter().map(|example| example.text.clone()).collect(),
            may_decide: visitor.may(Permission::TendTexts),
        }))
    });
    let made = made.await.map_err(|refusal: Refusal| Failure::of(&console, wording, &refusal))?;
    Ok(html(StatusCode::OK, &made.ok_or_else(|| Failure::not_found(wording))?))
}

pub(super) async fn suspend(
    extract::State(console): extract::State<Shared>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    change(console, headers, Fields(fields), slug, true).await
}

pub(super) async fn resume(
    extract::State(console): extract::State<Shared>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    change(console, headers, Fields(fields), slug, false).await
}

async fn change(
    console: Shared,
    headers: HeaderMap,
    fields: Fields,
    slug: String,
    suspends: bool,
) -> Response {
    let visitor = match sender(&console, &headers, "/textes", &fields, Permission::TendTexts).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let (of, actor) = (Arc::clone(&console), visitor.actor());
    let done = blocking(move || match suspends {
        true => of.desk.suspend_entry(&slug, fields.get("raison"), &actor).map(drop),
        false => of.desk.resume_entry(&slug, &actor),
    });
    match done.await {
        Ok(()) => Redirect::to("/textes").into_response(),
        Err(refusal) => Failure::of(&console, visitor.wording, &refusal).into_response(),
    }
}

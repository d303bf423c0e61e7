//! The access log: who opened, searched, downloaded and exported what.

use super::Shared;
use super::fields::Fields;
use super::page::{Failure, Page, address, blocking, html, moment};
use super::visitor::Visitor;
use crate::people::{AccessFilter, AccessLine, Accessed, Exported};
use crate::report::file;
use crate::review::Refusal;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Lines on a page: the newest.
const SHOWN: usize = 200;
/// Lines of a file: more is no file that somebody reads.
const WRITTEN: usize = 200_000;

/// A line, with its moment in words.
struct Row {
    at: String,
    line: AccessLine,
}

#[derive(Template)]
#[template(path = "access_log.html")]
struct AccessPage {
    page: Page,
    head: Vec<String>,
    rows: Vec<Row>,
    /// Whether there are more lines than these.
    cut: bool,
    /// Every account.
    names: Vec<String>,
    name: String,
    thread: String,
    /// The same lines as a file.
    file: String,
}

fn filter(fields: &Fields) -> AccessFilter {
    AccessFilter {
        name: fields.said("personne").next().map(str::to_owned),
        thread: fields.get("fil").trim().parse().ok(),
    }
}

pub(super) async fn show(
    State(console): State<Shared>,
    Query(fields): Query<Vec<(String, String)>>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let (wording, of, fields) = (visitor.wording, Arc::clone(&console), Fields(fields));
    let made = blocking(move || -> Result<AccessPage, Refusal> {
        let wanted = filter(&fields);
        let mut found = of.people.accesses(&wanted, SHOWN + 1)?;
        let cut = found.len() > SHOWN;
        found.truncate(SHOWN);
        let rows = found.into_iter().map(|access| Row {
            at: moment(wording, of.desk.zone(), access.at),
            line: AccessLine::of(wording, access),
        });
        let name = wanted.name.unwrap_or_default();
        let thread = wanted.thread.map(|thread| thread.to_string()).unwrap_or_default();
        Ok(AccessPage {
            rows: rows.collect(),
            page: Page::of(&of, &visitor, wording.text("access-log"), None)?,
            head: AccessFilter::head(wording),
            cut,
            names: of.people.list()?.into_iter().map(|person| person.name).collect(),
            file: address("/acces.csv", [("personne", name.as_str()), ("fil", thread.as_str())]),
            name,
            thread,
        })
    });
    let made = made.await.map_err(|refusal| Failure::of(&console, wording, &refusal))?;
    Ok(html(StatusCode::OK, &made))
}

/// The log as a file; that is logged itself.
pub(super) async fn download(
    State(console): State<Shared>,
    Query(fields): Query<Vec<(String, String)>>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let (wording, people) = (visitor.wording, console.people.clone());
    let written = blocking(move || -> Result<Vec<u8>, Refusal> {
        people.note(&visitor.actor(), Accessed::Export { export: Exported::AccessLog });
        let found = people.accesses(&filter(&Fields(fields)), WRITTEN)?;
        let rows = found.into_iter().map(|access| AccessLine::of(wording, access).row());
        Ok(file::written([AccessFilter::head(wording)].into_iter().chain(rows)))
    });
    let written = written.await.map_err(|refusal| Failure::of(&console, wording, &refusal))?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"acces.csv\""),
    ];
    Ok((headers, written).into_response())
}

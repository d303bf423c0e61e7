//! `Délais`: how soon organisations get their replies, and the questions behind every figure.

mod figures;
mod refused;

use super::fields::Fields;
use super::page::{Failure, Page, address, blocking, html, line, moment};
use super::visitor::Visitor;
use super::{Console, Shared};
use crate::organisation::Kind;
use crate::people::{Accessed, Exported};
use crate::report::{Behind, By, Counted, Overview, Period, ResponseTime, Scope, Unreported, file};
use crate::review::Refusal;
use crate::wording::{Wording, key};
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use figures::{Figure, Shown, Table};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What the address asks for.
#[derive(Clone)]
struct Asked {
    fields: Fields,
}

impl Asked {
    const NAMES: [&'static str; 7] = ["du", "au", "entree", "type", "organisme", "par", "provisoire"];

    fn get(&self, name: &str) -> &str {
        self.fields.get(name).trim()
    }

    fn scope(&self) -> Scope {
        let some = |name| Some(self.get(name).to_owned()).filter(|text| !text.is_empty());
        let day = |name| self.get(name).parse::<Date>().ok();
        Scope {
            period: Period { from: day("du"), to: day("au") },
            entry: some("entree"),
            kind: self.get("type").parse::<Kind>().ok(),
            organisation: some("organisme"),
            as_of: None,
            provisional: self.get("provisoire") == "1",
        }
    }

    fn by(&self) -> By {
        self.get("par").parse().unwrap_or(By::Entry)
    }

    /// The same question at another address, with some of its fields changed.
    fn address(&self, path: &str, changed: &[(&str, &str)]) -> String {
        let said = |name: &str| changed.iter().find(|(of, _)| *of == name).map(|(_, value)| *value);
        let kept = Self::NAMES.into_iter().map(|name| (name, said(name).unwrap_or(self.get(name))));
        let new = changed.iter().filter(|(name, _)| !Self::NAMES.contains(name)).copied();
        address(path, kept.chain(new))
    }

    /// The questions behind a figure of the whole, or of a group.
    fn behind(&self, counted: Counted, group: Option<(By, &str)>) -> String {
        let counted = counted.to_string();
        match group {
            Some((by, group)) => self.address(
                "/delais/questions",
                &[("compte", &counted), ("selon", by.key()), ("groupe", group)],
            ),
            None => self.address("/delais/questions", &[("compte", &counted)]),
        }
    }
}

#[derive(Template)]
#[template(path = "delays.html")]
struct DelaysPage {
    page: Page,
    asked: Asked,
    entries: BTreeMap<String, String>,
    kinds: Vec<(&'static str, String)>,
    bys: Vec<(&'static str, String)>,
    /// What is aimed at, and whether it is reached.
    target: String,
    /// The period rests on holidays that nobody has confirmed.
    provisional: Option<String>,
    figures: Vec<Figure>,
    shown: Vec<Shown>,
    groups: Table,
    oldest: Vec<QuestionRow>,
    /// Whether the list names a text for each question.
    texts: bool,
    /// The same as files: name and address.
    files: Vec<(&'static str, String)>,
}

/// A question in a list.
struct QuestionRow {
    thread: u64,
    question: u32,
    organisation: String,
    entry: String,
    received: String,
    /// Where it stands, and how long it took or has waited.
    state: String,
    business: String,
    wall: String,
    late: bool,
    /// The texts that were offered for it.
    texts: String,
}

impl QuestionRow {
    fn of(console: &Console, wording: &Wording, line: &ResponseTime) -> Self {
        let state = match line.answered {
            Some(channel) => wording.text(&format!("report-{}", key(&channel))),
            None if line.closed.is_some() => wording.text("report-closed"),
            None => wording.text("report-open"),
        };
        let (age, late) = (line.age, line.is_late() == Some(true));
        let business = line.business_seconds.or(age.map(|age| age.taken.business_seconds));
        let wall = line.wall_seconds.or(age.map(|age| age.taken.wall_seconds));
        Self {
            thread: line.thread,
            question: line.question,
            organisation: line.organisation.clone(),
            entry: group_name(console, wording, By::Entry, line.entry.as_deref().unwrap_or_default()),
            received: moment(wording, console.desk.zone(), line.received),
            state,
            business: time(wording, business),
            wall: time(wording, wall),
            late,
            texts: line.offered.iter().map(|of| of.entry.as_str()).collect::<Vec<_>>().join(" · "),
        }
    }
}

/// The name of a group: an entry's title, as everywhere in the console.
fn group_name(console: &Console, wording: &Wording, by: By, group: &str) -> String {
    match by {
        By::Entry if !group.is_empty() => console.desk.library.current().title(group),
        _ => file::group_name(wording, by, group),
    }
}

fn time(wording: &Wording, seconds: Option<u64>) -> String {
    seconds.map_or_else(|| "—".to_owned(), |seconds| wording.duration(Duration::from_secs(seconds)))
}

/// Why there is no report.
fn unreported(console: &Console, wording: &Wording, why: Unreported) -> String {
    why.line(wording).unwrap_or_else(|fault| line(console, wording, &Refusal::from(fault)))
}

pub(super) async fn show(
    State(console): State<Shared>,
    Query(fields): Query<Vec<(String, String)>>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let (wording, of) = (visitor.wording, Arc::clone(&console));
    let asked = Asked { fields: Fields(fields) }.read(wording)?;
    let again = asked.clone();
    let made = blocking(move || match of.report.overview(&asked.scope(), asked.by()) {
        Ok(overview) => Ok(made(&of, &visitor, asked, &overview)),
        Err(why) => Err(why),
    });
    let made = made.await.map_err(|why| again.refused(&console, wording, why))?;
    Ok(html(StatusCode::OK, &made.map_err(|why| Failure::of(&console, wording, &why))?))
}

fn made(
    console: &Console,
    visitor: &Visitor,
    asked: Asked,
    overview: &Overview,
) -> Result<DelaysPage, Refusal> {
    let wording = visitor.wording;
    let replies = console.desk.library.current();
    let slugs = replies.entries().map(|entry| entry.id.slug.as_str());
    let bys = By::ALL.into_iter().filter(|by| *by != By::Person || console.report.names_people());
    let names = ["csv", "xlsx", "json"];
    Ok(DelaysPage {
        page: Page::of(console, visitor, wording.text("report-title"), None)?,
        entries: slugs.map(|slug| (slug.to_owned(), replies.title(slug))).collect(),
        kinds: Kind::ALL
            .map(|kind| (kind.as_str(), wording.text(&format!("organisation-kind-{kind}"))))
            .to_vec(),
        bys: bys.map(|by| (by.key(), wording.text(&format!("report-by-{}", by.key())))).collect(),
        target: figures::target(wording, overview),
        provisional: overview.unconfirmed.map(|year| wording.with("report-provisional", &[("year", &year)])),
        figures: figures::figures(wording, &asked, &overview.headline),
        shown: vec![
            figures::trend(wording, &asked, overview),
            figures::distribution(wording, &asked, overview),
            figures::stages(wording, &asked, overview),
        ],
        groups: figures::groups(console, wording, &asked, overview),
        oldest: overview.oldest.iter().map(|line| QuestionRow::of(console, wording, line)).collect(),
        texts: false,
        files: names
            .into_iter()
            .map(|name| (name, asked.address(&format!("/delais/fichier/{name}"), &[])))
            .collect(),
        asked,
    })
}

#[derive(Template)]
#[template(path = "delays_list.html")]
struct ListPage {
    page: Page,
    rows: Vec<QuestionRow>,
    /// Whether the list names a text for each question.
    texts: bool,
    count: String,
    /// Some of it rests on holidays that nobody has confirmed.
    unconfirmed: bool,
    back: String,
}

/// The questions behind a figure.
pub(super) async fn questions(
    State(console): State<Shared>,
    Query(fields): Query<Vec<(String, String)>>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let (wording, of) = (visitor.wording, Arc::clone(&console));
    let asked = Asked { fields: Fields(fields) }.read(wording)?;
    let made = blocking(move || {
        let by = asked.get("selon").parse::<By>().ok();
        let behind = Behind {
            group: by.map(|by| (by, asked.fields.get("groupe").to_owned())),
            counted: asked.get("compte").parse().unwrap_or_default(),
        };
        let lines = of.report.behind(&asked.scope(), &behind).map_err(|why| unreported(&of, wording, why))?;
        let page = Page::of(&of, &visitor, wording.text("delays-behind"), None);
        let texts = matches!(behind.counted, Counted::AsIs | Counted::Edited | Counted::Rejected);
        let count = if texts { "delays-count-texts" } else { "delays-count" };
        Ok::<_, String>(page.map(|page| ListPage {
            page,
            texts,
            count: wording.with(count, &[("count", &lines.len())]),
            unconfirmed: lines.iter().any(|line| !line.confirmed),
            rows: lines.iter().map(|line| QuestionRow::of(&of, wording, line)).collect(),
            back: asked.address("/delais", &[]),
        }))
    });
    let made = made.await.map_err(|line| Failure::new(StatusCode::CONFLICT, wording, line))?;
    Ok(html(StatusCode::OK, &made.map_err(|refusal| Failure::of(&console, wording, &refusal))?))
}

/// The report as a file: CSV, a workbook, or JSON.
pub(super) async fn download(
    State(console): State<Shared>,
    Path(format): Path<String>,
    Query(fields): Query<Vec<(String, String)>>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let (wording, of) = (visitor.wording, Arc::clone(&console));
    let asked = Asked { fields: Fields(fields) }.read(wording)?;
    let media_type = match format.as_str() {
        "csv" => "text/csv; charset=utf-8",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "json" => "application/json",
        _ => return Err(Failure::not_found(wording)),
    };
    let name = format!("attachment; filename=\"delais.{format}\"");
    let made = blocking(move || -> Result<Bytes, String> {
        let refused = |why| unreported(&of, wording, why);
        let bytes = match format.as_str() {
            // Tens of megabytes for a large year: handed out as they are kept, without a copy.
            "csv" => Bytes::from_owner(of.report.csv(&asked.scope(), wording).map_err(refused)?),
            "json" => {
                let overview = of.report.overview(&asked.scope(), asked.by()).map_err(refused)?;
                serde_json::to_vec(&*overview).map_err(|error| error.to_string())?.into()
            }
            _ => {
                let (overview, lines) = of.report.full(&asked.scope(), asked.by()).map_err(refused)?;
                let made = file::xlsx(wording, of.desk.zone(), &overview, &lines, &of.desk.config.data_dir);
                made.map_err(|error| wording.with("report-unwritten", &[("why", &error)]))?.into()
            }
        };
        of.people.note(&visitor.actor(), Accessed::Export { export: Exported::ResponseTimes });
        Ok(bytes)
    });
    let bytes = made.await.map_err(|line| Failure::new(StatusCode::CONFLICT, wording, line))?;
    Ok(([(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response())
}

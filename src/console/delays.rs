//! `Délais`: how soon organisations get their replies, and the questions behind every figure.

mod refused;

use super::chart::{Chart, Value};
use super::fields::Fields;
use super::page::{Failure, Page, address, blocking, html, line, moment, percent};
use super::visitor::Visitor;
use super::{Console, Shared};
use crate::organisation::Kind;
use crate::people::{Accessed, Exported};
use crate::report::{
    Behind, By, Counted, FEW, Figures, LAST_BAND, Overview, Period, Quantiles, ResponseTime, Scope,
    Unreported, file,
};
use crate::review::Refusal;
use crate::wording::{Wording, key};
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt::Display;
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

/// A figure, what it is called, and the questions behind it.
struct Figure {
    name: String,
    value: String,
    behind: String,
}

/// A row of a table: its head, its cells, and the questions behind it.
struct Row {
    head: String,
    behind: String,
    cells: Vec<String>,
}

/// A chart with the table of what it shows.
struct Shown {
    title: String,
    chart: Chart,
    head: Vec<String>,
    rows: Vec<Row>,
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
    groups: Shown,
    oldest: Vec<QuestionRow>,
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
}

impl QuestionRow {
    fn of(console: &Console, wording: &Wording, line: &ResponseTime) -> Self {
        let state = match line.answered {
            Some(channel) => wording.text(&format!("report-{}", key(&channel))),
            None if line.closed.is_some() => wording.text("report-closed"),
            None => wording.text("report-open"),
        };
        let (age, late) = (line.age, line.is_overdue() || line.is_within() == Some(false));
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

fn share(wording: &Wording, share: Option<f64>) -> String {
    share.map_or_else(|| "—".to_owned(), |share| percent(wording, share))
}

#[allow(clippy::cast_precision_loss)]
fn hours(seconds: Option<u64>) -> f64 {
    seconds.unwrap_or_default() as f64 / 3600.0
}

/// Median, 75th and 90th percentile and longest; of few values, the values themselves.
fn quantiles(wording: &Wording, of: &Quantiles) -> Vec<String> {
    if of.n > 0 && of.n < FEW {
        let values: Vec<String> = of.values.iter().map(|value| time(wording, Some(*value))).collect();
        return vec![values.join(" · "), String::new(), String::new(), time(wording, of.max)];
    }
    [of.median, of.p75, of.p90, of.max].map(|value| time(wording, value)).to_vec()
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
        target: target(wording, overview),
        provisional: overview.unconfirmed.map(|year| wording.with("report-provisional", &[("year", &year)])),
        figures: figures(wording, &asked, &overview.headline),
        shown: vec![
            trend(wording, &asked, overview),
            distribution(wording, &asked, overview),
            stages(wording, &asked, overview),
        ],
        groups: groups(console, wording, &asked, overview),
        oldest: overview.oldest.iter().map(|line| QuestionRow::of(console, wording, line)).collect(),
        files: names
            .into_iter()
            .map(|name| (name, asked.address(&format!("/delais/fichier/{name}"), &[])))
            .collect(),
        asked,
    })
}

fn target(wording: &Wording, overview: &Overview) -> String {
    let values: [(&str, &dyn Display); 3] = [
        ("days", &overview.target.business_days),
        ("wanted", &percent(wording, overview.target.share)),
        ("share", &share(wording, overview.headline.share)),
    ];
    let said = match overview.headline.share {
        Some(share) if share >= overview.target.share => "delays-target-reached",
        Some(_) => "delays-target-missed",
        None => "delays-target-none",
    };
    wording.with(said, &values)
}

fn figures(wording: &Wording, asked: &Asked, of: &Figures) -> Vec<Figure> {
    let figure = |name: &str, value: String, counted| Figure {
        name: wording.text(&format!("delays-{name}")),
        value,
        behind: asked.behind(counted, None),
    };
    let [median, p75, p90, max] = [of.business.median, of.business.p75, of.business.p90, of.business.max];
    vec![
        figure("share", share(wording, of.share), Counted::Within),
        figure("questions", of.questions.to_string(), Counted::All),
        figure("answered", of.count.to_string(), Counted::Answered),
        figure("median", time(wording, median), Counted::Answered),
        figure("p75", time(wording, p75), Counted::Answered),
        figure("p90", time(wording, p90), Counted::Answered),
        figure("max", time(wording, max), Counted::Answered),
        figure("wall-median", time(wording, of.wall_median), Counted::Answered),
        figure("open", of.open.to_string(), Counted::Open),
        figure("overdue", of.overdue.to_string(), Counted::Overdue),
        figure("outside", of.outside.to_string(), Counted::Outside),
        figure("spoken", of.spoken.to_string(), Counted::Spoken),
        figure("reopened", of.reopened.to_string(), Counted::Reopened),
        figure("closed", of.closed.to_string(), Counted::Closed),
        figure("off-faq", share(wording, of.off_faq_share), Counted::OffFaq),
    ]
}

fn trend(wording: &Wording, asked: &Asked, overview: &Overview) -> Shown {
    let by = overview.trend_by;
    let value = |of: &Figures| Value {
        label: file::group_name(wording, by, &of.group),
        height: hours(of.business_median),
        shown: time(wording, of.business_median),
    };
    let title = wording.text("report-chart-median");
    let chart = Chart::new("evolution", title.clone(), overview.trend.iter().map(value).collect());
    let names = ["questions", "count", "share", "business-median"];
    let mut head = vec![wording.text(&format!("report-by-{}", by.key()))];
    head.extend(names.map(|name| wording.text(&format!("delays-column-{name}"))));
    let row = |of: &Figures| Row {
        head: file::group_name(wording, by, &of.group),
        behind: asked.behind(Counted::All, Some((by, &of.group))),
        cells: vec![
            of.questions.to_string(),
            of.count.to_string(),
            share(wording, of.share),
            time(wording, of.business_median),
        ],
    };
    Shown {
        title: wording.text("report-sheet-trend"),
        chart,
        head,
        rows: overview.trend.iter().map(row).collect(),
    }
}

fn distribution(wording: &Wording, asked: &Asked, overview: &Overview) -> Shown {
    let label = |days: u32| match days {
        LAST_BAND => wording.with("report-days-or-more", &[("days", &days)]),
        days => days.to_string(),
    };
    let bands = || overview.distribution.iter();
    #[allow(clippy::cast_precision_loss)]
    let values = bands().map(|band| Value {
        label: label(band.business_days),
        height: band.count as f64,
        shown: band.count.to_string(),
    });
    let title = wording.text("report-chart-distribution");
    let chart = Chart::new("repartition", title, values.collect());
    let rows = bands().map(|band| Row {
        head: label(band.business_days),
        behind: asked.behind(Counted::Days(band.business_days), None),
        cells: vec![band.count.to_string()],
    });
    Shown {
        title: wording.text("report-sheet-distribution"),
        chart,
        head: vec![wording.text("report-column-business-days"), wording.text("delays-column-count")],
        rows: rows.collect(),
    }
}

fn stages(wording: &Wording, asked: &Asked, overview: &Overview) -> Shown {
    let name = |stage: crate::report::Stage| wording.text(&format!("report-stage-{}", stage.key()));
    let values = overview.stages.iter().map(|of| Value {
        label: name(of.stage),
        height: hours(of.business.median),
        shown: time(wording, of.business.median),
    });
    let chart = Chart::new("etapes", wording.text("report-chart-stages"), values.collect());
    let names = ["median", "p75", "p90", "max"];
    let mut head = vec![wording.text("report-column-stage-name"), wording.text("delays-column-count")];
    head.extend(names.map(|name| wording.text(&format!("delays-{name}"))));
    head.push(wording.text("report-column-stage-share"));
    let rows = overview.stages.iter().map(|of| {
        let mut cells = vec![of.business.n.to_string()];
        cells.extend(quantiles(wording, &of.business));
        cells.push(share(wording, of.share));
        Row { head: name(of.stage), behind: asked.behind(Counted::Stage(of.stage), None), cells }
    });
    Shown { title: wording.text("report-sheet-stages"), chart, head, rows: rows.collect() }
}

fn groups(console: &Console, wording: &Wording, asked: &Asked, overview: &Overview) -> Shown {
    let by = overview.by;
    let names = ["questions", "count", "share", "open", "as-is", "edited", "rejected"];
    let mut head = vec![wording.text(&format!("report-by-{}", by.key()))];
    head.extend(names.map(|name| wording.text(&format!("delays-column-{name}"))));
    head.extend(["median", "p75", "p90", "max"].map(|name| wording.text(&format!("delays-{name}"))));
    let row = |of: &Figures| {
        let share = share(wording, of.share);
        let counts = [of.questions, of.count].map(|count| count.to_string());
        let more = [of.open, of.as_is, of.edited, of.rejected].map(|count| count.to_string());
        let mut cells: Vec<String> = counts.into_iter().chain([share]).chain(more).collect();
        cells.extend(quantiles(wording, &of.business));
        let behind = asked.behind(Counted::All, Some((by, &of.group)));
        Row { head: group_name(console, wording, by, &of.group), behind, cells }
    };
    #[allow(clippy::cast_precision_loss)]
    let value = |of: &Figures| Value {
        label: group_name(console, wording, by, &of.group),
        height: of.questions as f64,
        shown: of.questions.to_string(),
    };
    let chart = Chart::new(
        "tableau",
        wording.text("report-chart-volume"),
        overview.groups.iter().map(value).collect(),
    );
    Shown {
        title: wording.text("report-sheet-groups"),
        chart,
        head,
        rows: overview.groups.iter().map(row).collect(),
    }
}

#[derive(Template)]
#[template(path = "delays_list.html")]
struct ListPage {
    page: Page,
    rows: Vec<QuestionRow>,
    count: String,
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
        Ok::<_, String>(page.map(|page| ListPage {
            page,
            count: wording.with("delays-count", &[("count", &lines.len())]),
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

//! A report as a file: the same cells for every format.

mod csv;
mod xlsx;

pub use csv::written;

use super::figures::{By, Figures};
use super::overview::Overview;
use super::quantile::Quantiles;
use super::question::ResponseTime;
use super::stage::Stage;
use crate::organisation::Kind;
use crate::thread::{Channel, Fate};
use crate::wording::{Wording, key};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::path::Path;

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Empty,
    Text(String),
    Whole(u64),
    /// Seconds, shown as hours with two decimals.
    Hours(u64),
    /// By the clock of the desk.
    Moment(DateTime),
    /// From 0 to 1.
    Share(f64),
}

impl Cell {
    fn or_empty<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Empty, cell)
    }

    #[allow(clippy::cast_precision_loss)]
    fn hours(seconds: u64) -> f64 {
        (seconds as f64 / 36.0).round() / 100.0
    }
}

/// A table: a heading for every column, and the rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table<R = Vec<Vec<Cell>>> {
    pub head: Vec<String>,
    pub rows: R,
}

/// What cannot be written as a workbook; the library's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("workbook: {0}")]
pub struct Unwritten(String);

/// The questions as CSV that Excel opens with the settings of Québec: UTF-8 with a byte-order mark, `;`,
/// decimal commas, CRLF, ISO dates by the clock of the desk, and no cell that could be taken for a formula.
#[must_use]
pub fn csv(wording: &Wording, zone: &TimeZone, lines: &[ResponseTime]) -> Vec<u8> {
    let by_person = lines.iter().any(|line| line.reviewer.is_some());
    csv::bytes(questions(wording, zone, lines.iter(), by_person))
}

/// As [`csv()`], of lines that are kept; `by_person` says whether they may name who approved.
pub(super) fn csv_of_kept(
    wording: &Wording,
    zone: &TimeZone,
    lines: &[&ResponseTime],
    by_person: bool,
) -> Vec<u8> {
    let by_person = by_person && lines.iter().any(|line| line.reviewer.is_some());
    csv::bytes(questions(wording, zone, lines.iter().copied(), by_person))
}

/// The figures of groups as CSV, as [`csv()`].
#[must_use]
pub fn figures_csv(wording: &Wording, by: By, figures: &[Figures]) -> Vec<u8> {
    let Table { head, rows } = groups(wording, by, figures);
    csv::bytes(Table { head, rows: rows.into_iter() })
}

/// The whole report as a workbook with charts. While it is made, its rows lie in a file in `spool` that has no
/// name, so that nothing is left of it whatever happens.
///
/// # Errors
/// If the library refuses it: more rows than a sheet holds, for one; or if nothing can be written in `spool`.
pub fn xlsx(
    wording: &Wording,
    zone: &TimeZone,
    overview: &Overview,
    lines: &[ResponseTime],
    spool: &Path,
) -> Result<Vec<u8>, Unwritten> {
    xlsx::bytes(wording, zone, overview, lines, spool).map_err(|error| Unwritten(error.to_string()))
}

/// The name of a group, for people.
#[must_use]
pub fn group_name(wording: &Wording, by: By, group: &str) -> String {
    match by {
        By::Kind if !group.is_empty() => wording.text(&format!("organisation-kind-{group}")),
        By::Hour => wording.with("report-hour", &[("hour", &group.strip_prefix('0').unwrap_or(group))]),
        _ if group.is_empty() => wording.text(&format!("report-no-{}", by.key())),
        _ => group.to_owned(),
    }
}

/// The headings of columns: the texts under `report-column-…`.
#[must_use]
pub fn columns(wording: &Wording, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| column(wording, name)).collect()
}

/// A heading: the text under `report-column-…`.
fn column(wording: &Wording, name: &str) -> String {
    wording.text(&format!("report-column-{name}"))
}

/// A row for every question, one after the other.
fn questions<'a>(
    wording: &Wording,
    zone: &TimeZone,
    lines: impl Iterator<Item = &'a ResponseTime>,
    by_person: bool,
) -> Table<impl Iterator<Item = Vec<Cell>>> {
    let names = [
        "thread",
        "question",
        "organisation",
        "kind",
        "entry",
        "entries",
        "received",
        "drafted",
        "claimed",
        "opinion-asked",
        "opinion-received",
        "approved",
        "signed",
        "handed-over",
        "answered",
        "closed",
        "pauses",
        "paused-hours",
        "wall-hours",
        "business-hours",
        "wall-seconds",
        "business-seconds",
        "business-days",
        "age-hours",
        "age-business-hours",
        "age-business-days",
        "target-days",
        "within",
        "late",
        "reopened",
        "off-faq",
        "offered",
        "confirmed",
    ];
    let mut head = columns(wording, &names);
    head.extend(Stage::ALL.map(|stage| stage_column(wording, stage)));
    head.extend(by_person.then(|| column(wording, "reviewer")));
    let (words, zone) = (Words::new(wording), zone.clone());
    let rows = lines.map(move |line| {
        let mut row = question(&words, &zone, line);
        if by_person {
            row.push(Cell::or_empty(line.reviewer.clone(), Cell::Text));
        }
        row
    });
    Table { rows, head }
}

/// The words that come again in every row, looked up once.
struct Words {
    wording: Wording,
    yes: String,
    no: String,
    open: String,
    closed: String,
    channels: Vec<(Channel, String)>,
    kinds: Vec<(Kind, String)>,
}

impl Words {
    fn new(wording: &Wording) -> Self {
        let channel = |channel| (channel, wording.text(&format!("report-{}", key(&channel))));
        let kind = |kind| (kind, wording.text(&format!("organisation-kind-{kind}")));
        Self {
            yes: wording.text("report-yes"),
            no: wording.text("report-no"),
            open: wording.text("report-open"),
            closed: wording.text("report-closed"),
            channels: Channel::ALL.map(channel).to_vec(),
            kinds: Kind::ALL.map(kind).to_vec(),
            wording: wording.clone(),
        }
    }
}

/// The word of a value.
fn word<T: PartialEq>(words: &[(T, String)], value: T) -> Cell {
    words.iter().find(|(of, _)| *of == value).map_or(Cell::Empty, |(_, word)| Cell::Text(word.clone()))
}

fn question(words: &Words, zone: &TimeZone, line: &ResponseTime) -> Vec<Cell> {
    let wording = &words.wording;
    let at = |at: Timestamp| Cell::Moment(zone.to_datetime(at));
    let when = |moment: Option<Timestamp>| Cell::or_empty(moment, at);
    let yes = |flag: bool| Cell::Text(if flag { &words.yes } else { &words.no }.clone());
    let whole = |number: Option<u64>| Cell::or_empty(number, Cell::Whole);
    let answered = match (line.answered, line.closed) {
        (Some(channel), _) => word(&words.channels, channel),
        (None, Some(_)) => Cell::Text(words.closed.clone()),
        (None, None) => Cell::Text(words.open.clone()),
    };
    let reasons: Vec<&str> = line.pauses.iter().map(|pause| pause.reason.as_str()).collect();
    let offered: Vec<String> = line
        .offered
        .iter()
        .map(|offered| {
            let fate = wording.text(&format!("report-fate-{}", key(&offered.fate)));
            let percent = wording.with("percent", &[("percent", &offered.changed)]);
            let name = if offered.fate == Fate::Edited { "report-offered-edited" } else { "report-offered" };
            wording.with(name, &[("entry", &offered.entry), ("fate", &fate), ("percent", &percent)])
        })
        .collect();
    let mut row = vec![
        Cell::Whole(line.thread),
        Cell::Whole(line.question.into()),
        Cell::Text(line.organisation.clone()),
        line.kind.map_or(Cell::Empty, |kind| word(&words.kinds, kind)),
        Cell::or_empty(line.entry.clone(), Cell::Text),
        Cell::Text(line.entries.join(" ")),
        at(line.received),
        when(line.drafted),
        when(line.claimed),
        when(line.opinion_asked),
        when(line.opinion_received),
        when(line.approved),
        when(line.signed),
        when(line.handed_over),
        answered,
        when(line.closed),
        Cell::Text(reasons.join(" · ")),
        Cell::Hours(line.paused_seconds),
        Cell::or_empty(line.wall_seconds, Cell::Hours),
        Cell::or_empty(line.business_seconds, Cell::Hours),
        whole(line.wall_seconds),
        whole(line.business_seconds),
        whole(line.business_days.map(u64::from)),
        Cell::or_empty(line.age, |age| Cell::Hours(age.taken.wall_seconds)),
        Cell::or_empty(line.age, |age| Cell::Hours(age.taken.business_seconds)),
        whole(line.age.map(|age| age.business_days.into())),
        Cell::Whole(line.target_days.into()),
        Cell::or_empty(line.is_within(), yes),
        Cell::or_empty(line.is_late(), yes),
        Cell::Whole(line.reopened.into()),
        yes(line.off_faq),
        Cell::Text(offered.join(" · ")),
        yes(line.confirmed),
    ];
    row.extend(Stage::ALL.map(|stage| {
        let taken = line.stages.iter().find(|of| of.stage == stage);
        Cell::or_empty(taken, |of| Cell::Hours(of.taken.business_seconds))
    }));
    row
}

fn stage_column(wording: &Wording, stage: Stage) -> String {
    let stage = wording.text(&format!("report-stage-{}", stage.key()));
    wording.with("report-column-stage", &[("stage", &stage)])
}

/// A row for every group.
fn groups(wording: &Wording, by: By, figures: &[Figures]) -> Table {
    let names = [
        "questions",
        "count",
        "within",
        "share",
        "business-median",
        "business-p75",
        "business-p90",
        "business-max",
        "business-values",
        "wall-median",
        "wall-p75",
        "wall-p90",
        "wall-max",
        "wall-values",
        "open",
        "overdue",
        "closed-count",
        "outside",
        "spoken",
        "reopened-count",
        "off-faq-count",
        "off-faq-share",
        "as-is",
        "edited",
        "rejected",
        "changed",
    ];
    let head = std::iter::once(wording.text(&format!("report-by-{}", by.key())))
        .chain(names.iter().map(|name| column(wording, name)));
    let rows = figures.iter().map(|of| {
        let count = |count: usize| Cell::Whole(count as u64);
        let share = |share: Option<f64>| Cell::or_empty(share, Cell::Share);
        let mut row = vec![
            Cell::Text(group_name(wording, by, &of.group)),
            count(of.questions),
            count(of.count),
            count(of.within),
            share(of.share),
        ];
        row.extend(quantiles(&of.business));
        row.extend(quantiles(&of.wall));
        row.extend([
            count(of.open),
            count(of.overdue),
            count(of.closed),
            count(of.outside),
            count(of.spoken),
            count(of.reopened),
            count(of.off_faq),
            share(of.off_faq_share),
            count(of.as_is),
            count(of.edited),
            count(of.rejected),
            Cell::or_empty(of.changed, |percent| Cell::Share(f64::from(percent) / 100.0)),
        ]);
        row
    });
    Table { rows: rows.collect(), head: head.collect() }
}

/// Four quantiles, and the values themselves where they are few: then the quantiles would say nothing.
fn quantiles(of: &Quantiles) -> Vec<Cell> {
    let few = of.n < super::FEW;
    let quantile = |seconds: Option<u64>| Cell::or_empty(seconds.filter(|_| !few), Cell::Hours);
    let values: Vec<String> = of.values.iter().map(|seconds| csv::hours(*seconds)).collect();
    vec![
        quantile(of.median),
        quantile(of.p75),
        quantile(of.p90),
        quantile(of.max),
        if values.is_empty() { Cell::Empty } else { Cell::Text(values.join(" · ")) },
    ]
}

#[cfg(test)]
mod tests;

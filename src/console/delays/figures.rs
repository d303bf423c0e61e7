//! The figures of the page, each with the questions behind it.

use super::{Asked, group_name, time};
use crate::console::Console;
use crate::console::chart::{Chart, Value};
use crate::report::{By, Counted, FEW, Figures, LAST_BAND, Overview, Quantiles, Stage, file};
use crate::wording::{Language, Wording};
use std::fmt::Display;

/// Between two shares that are not the same, no more decimals are shown than this.
const DECIMALS: usize = 3;

/// A figure, what it is called, and the questions behind it.
pub(super) struct Figure {
    pub name: String,
    pub value: String,
    pub behind: String,
}

/// A cell of a table, and the questions behind it, where there are any.
pub(super) struct Cell {
    pub value: String,
    pub behind: Option<String>,
    /// What the link is called where the table is not seen: row, column and value.
    pub label: String,
}

/// A row of a table: its head, its cells, and the questions behind it.
pub(super) struct Row {
    pub head: String,
    pub behind: String,
    pub cells: Vec<Cell>,
}

pub(super) struct Table {
    pub title: String,
    pub head: Vec<String>,
    pub rows: Vec<Row>,
}

/// A chart with the table of what it shows.
pub(super) struct Shown {
    pub chart: Chart,
    pub table: Table,
}

/// What a cell shows, and what it counts.
type Told = (String, Option<Counted>);

/// One row as it is made: its name, its group, what the whole row counts, and its cells.
type Made<'a> = (String, Option<(By, &'a str)>, Counted, Vec<Told>);

impl Table {
    fn new<'a>(
        title: String,
        head: Vec<String>,
        asked: &Asked,
        rows: impl Iterator<Item = Made<'a>>,
    ) -> Self {
        let row = |(name, group, counted, cells): Made<'a>| {
            let cells = head.iter().skip(1).zip(cells).map(|(column, (value, counted))| Cell {
                label: format!("{name} · {column} · {value}"),
                behind: counted.map(|counted| asked.behind(counted, group)),
                value,
            });
            Row { cells: cells.collect(), behind: asked.behind(counted, group), head: name }
        };
        let rows = rows.map(row).collect();
        Self { title, head, rows }
    }
}

fn share(wording: &Wording, share: Option<f64>) -> String {
    share.map_or_else(|| "—".to_owned(), |share| wording.percent(share))
}

#[allow(clippy::cast_precision_loss)]
fn hours(seconds: Option<u64>) -> f64 {
    seconds.unwrap_or_default() as f64 / 3600.0
}

fn count(count: usize, counted: Counted) -> Told {
    (count.to_string(), (count > 0).then_some(counted))
}

fn within(wording: &Wording, of: &Figures) -> Told {
    (share(wording, of.share), (of.within > 0).then_some(Counted::Within))
}

/// The values themselves, where they are too few for quantiles.
fn few(wording: &Wording, of: &Quantiles) -> Option<String> {
    let values = || of.values.iter().map(|value| time(wording, Some(*value)));
    (of.n > 0 && of.n < FEW).then(|| values().collect::<Vec<_>>().join(" · "))
}

/// Median, 75th and 90th percentile and longest; of few values, the values themselves in their place.
fn quantiles(wording: &Wording, of: &Quantiles, counted: Counted) -> Vec<Told> {
    let values = match few(wording, of) {
        Some(values) => [values, String::new(), String::new(), String::new()],
        None => [of.median, of.p75, of.p90, of.max].map(|value| time(wording, value)),
    };
    let told = |value: String| {
        let counted = (of.n > 0 && !value.is_empty()).then_some(counted);
        (value, counted)
    };
    values.map(told).to_vec()
}

/// The share that was reached and the one that is aimed at, with as few decimals as tell them apart: nobody
/// should read that 85 % misses 85 %.
fn told_apart(wording: &Wording, reached: f64, wanted: f64) -> [String; 2] {
    let with = |decimals: usize| [reached, wanted].map(|share| format!("{:.decimals$}", share * 100.0));
    let apart = |shown: &[String; 2]| shown.first() != shown.last();
    let shown = (0..=DECIMALS).map(with).find(apart).unwrap_or_else(|| with(0));
    shown.map(|percent| {
        let percent = match wording.language() {
            Language::Fr => percent.replace('.', ","),
            Language::En => percent,
        };
        wording.with("percent", &[("percent", &percent)])
    })
}

/// What is aimed at, and whether it is reached.
pub(super) fn target(wording: &Wording, overview: &Overview) -> String {
    let (target, headline) = (overview.target, &overview.headline);
    let Some(reached) = headline.share else {
        return wording.with("delays-target-none", &[("wanted", &wording.percent(target.share))]);
    };
    let [share, wanted] = told_apart(wording, reached, target.share);
    let days = if target.varies { "delays-days-own" } else { "delays-days" };
    let days = wording.with(days, &[("count", &target.business_days)]);
    let values: [(&str, &dyn Display); 3] = [("share", &share), ("days", &days), ("wanted", &wanted)];
    let is_reached = reached >= target.share;
    wording.with(if is_reached { "delays-target-reached" } else { "delays-target-missed" }, &values)
}

pub(super) fn figures(wording: &Wording, asked: &Asked, of: &Figures) -> Vec<Figure> {
    let figure = |name: &str, value: String, counted| Figure {
        name: wording.text(&format!("delays-{name}")),
        value,
        behind: asked.behind(counted, None),
    };
    let times = [
        ("median", time(wording, of.business.median)),
        ("p75", time(wording, of.business.p75)),
        ("p90", time(wording, of.business.p90)),
        ("max", time(wording, of.business.max)),
        ("wall-median", time(wording, of.wall.median)),
    ];
    let times = match few(wording, &of.business).zip(few(wording, &of.wall)) {
        Some((business, wall)) => vec![("values", business), ("wall-values", wall)],
        None => times.to_vec(),
    };
    let late = of.count - of.within + of.overdue;
    let mut figures = vec![
        figure("share", share(wording, of.share), Counted::Within),
        figure("questions", of.questions.to_string(), Counted::All),
        figure("answered", of.count.to_string(), Counted::Answered),
    ];
    figures.extend(times.into_iter().map(|(name, value)| figure(name, value, Counted::Answered)));
    figures.extend([
        figure("late", late.to_string(), Counted::Late),
        figure("open", of.open.to_string(), Counted::Open),
        figure("overdue", of.overdue.to_string(), Counted::Overdue),
        figure("outside", of.outside.to_string(), Counted::Outside),
        figure("spoken", of.spoken.to_string(), Counted::Spoken),
        figure("reopened", of.reopened.to_string(), Counted::Reopened),
        figure("closed", of.closed.to_string(), Counted::Closed),
        figure("off-faq", share(wording, of.off_faq_share), Counted::OffFaq),
    ]);
    figures
}

/// A chart of the medians, and a table with the values themselves where they are few.
pub(super) fn trend(wording: &Wording, asked: &Asked, overview: &Overview) -> Shown {
    let by = overview.trend_by;
    let value = |of: &Figures| Value {
        label: file::group_name(wording, by, &of.group),
        height: hours(of.business_median),
        shown: time(wording, of.business_median),
    };
    let title = wording.text("report-chart-median");
    let chart = Chart::new("evolution", title, overview.trend.iter().map(value).collect());
    let names = ["questions", "count", "share", "business-median"];
    let mut head = vec![wording.text(&format!("report-by-{}", by.key()))];
    head.extend(names.map(|name| wording.text(&format!("delays-column-{name}"))));
    let rows = overview.trend.iter().map(|of| {
        let mut cells =
            vec![count(of.questions, Counted::All), count(of.count, Counted::Answered), within(wording, of)];
        cells.extend(quantiles(wording, &of.business, Counted::Answered).into_iter().take(1));
        let name = file::group_name(wording, by, &of.group);
        (name, Some((by, of.group.as_str())), Counted::All, cells)
    });
    Shown { chart, table: Table::new(wording.text("report-sheet-trend"), head, asked, rows) }
}

pub(super) fn distribution(wording: &Wording, asked: &Asked, overview: &Overview) -> Shown {
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
    let rows = bands().map(|band| {
        let counted = Counted::Days(band.business_days);
        (label(band.business_days), None, counted, vec![count(band.count, counted)])
    });
    let head = vec![wording.text("report-column-business-days"), wording.text("delays-column-count")];
    Shown { chart, table: Table::new(wording.text("report-sheet-distribution"), head, asked, rows) }
}

pub(super) fn stages(wording: &Wording, asked: &Asked, overview: &Overview) -> Shown {
    let name = |stage: Stage| wording.text(&format!("report-stage-{}", stage.key()));
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
        let counted = Counted::Stage(of.stage);
        let mut cells = vec![count(of.business.n, counted)];
        cells.extend(quantiles(wording, &of.business, counted));
        cells.push((share(wording, of.share), Some(counted)));
        (name(of.stage), None, counted, cells)
    });
    Shown { chart, table: Table::new(wording.text("report-sheet-stages"), head, asked, rows) }
}

pub(super) fn groups(console: &Console, wording: &Wording, asked: &Asked, overview: &Overview) -> Table {
    let by = overview.by;
    let names = ["questions", "count", "share", "open", "as-is", "edited", "rejected"];
    let mut head = vec![wording.text(&format!("report-by-{}", by.key()))];
    head.extend(names.map(|name| wording.text(&format!("delays-column-{name}"))));
    head.extend(["median", "p75", "p90", "max"].map(|name| wording.text(&format!("delays-{name}"))));
    let rows = overview.groups.iter().map(|of| {
        let mut cells = vec![
            count(of.questions, Counted::All),
            count(of.count, Counted::Answered),
            within(wording, of),
            count(of.open, Counted::Open),
            count(of.as_is, Counted::AsIs),
            count(of.edited, Counted::Edited),
            count(of.rejected, Counted::Rejected),
        ];
        cells.extend(quantiles(wording, &of.business, Counted::Answered));
        let name = group_name(console, wording, by, &of.group);
        (name, Some((by, of.group.as_str())), Counted::All, cells)
    });
    Table::new(wording.text("report-sheet-groups"), head, asked, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Scope, Wanted};

    #[test]
    fn the_headline_names_no_days_that_are_not_everybody_s() {
        let said = |varies| {
            let overview = Overview {
                scope: Scope::default(),
                as_of: jiff::Timestamp::UNIX_EPOCH,
                target: Wanted { business_days: 2, varies, share: 0.85 },
                headline: Figures { share: Some(0.9), ..Figures::default() },
                trend_by: By::Day,
                trend: Vec::new(),
                distribution: Vec::new(),
                stages: Vec::new(),
                by: By::Entry,
                groups: Vec::new(),
                oldest: Vec::new(),
                unconfirmed: None,
            };
            target(Wording::of(Language::Fr), &overview)
        };
        assert!(said(false).contains("en 2 jours ouvrables ou moins"), "{}", said(false));
        assert!(
            said(true).contains("2 jours ouvrables ou ce qui est visé pour leur entrée"),
            "{}",
            said(true)
        );
    }

    #[test]
    fn a_target_is_never_missed_by_nothing() {
        let apart = |language, reached, wanted| told_apart(Wording::of(language), reached, wanted);
        let french = |reached| apart(Language::Fr, reached, 0.85).map(|of| of.replace('\u{a0}', " "));
        assert_eq!(french(0.848), ["84,8 %", "85,0 %"]);
        assert_eq!(french(0.84996), ["84,996 %", "85,000 %"]);
        assert_eq!(french(0.8), ["80 %", "85 %"]);
        assert_eq!(french(0.85), ["85 %", "85 %"]);
        assert!(apart(Language::En, 0.848, 0.85)[0].starts_with("84.8"));
    }

    #[test]
    fn few_values_stand_in_the_place_of_their_quantiles() {
        let wording = Wording::of(Language::Fr);
        let shown = |seconds: &[u64]| -> Vec<String> {
            let told = quantiles(wording, &Quantiles::of(seconds.to_vec()), Counted::Answered);
            assert!(told.iter().all(|(value, link)| (value.is_empty() || value == "—") == link.is_none()));
            told.into_iter().map(|(value, _)| value.replace('\u{a0}', " ")).collect()
        };
        assert_eq!(shown(&[60, 120]), ["1 min · 2 min", "", "", ""]);
        assert_eq!(shown(&[60, 120, 180, 240, 300]), ["3 min", "4 min", "5 min", "5 min"]);
        assert_eq!(shown(&[]), ["—", "—", "—", "—"]);
    }
}

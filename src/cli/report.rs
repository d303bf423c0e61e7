//! `report response-times`: as a table, JSON lines, CSV or a workbook.

use super::moment::{Moment, zone};
use super::{Context, Stop, client, print, terminal};
use crate::api::{Answer, Request};
use crate::report::{By, FEW, Figures, Period, ResponseTime, Scope, file};
use crate::wording::{Wording, key};
use clap::ArgMatches;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fmt::Display;
use std::path::{Path, PathBuf};

pub(super) fn report(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let Some((_, arguments)) = arguments.subcommand() else { return Ok(()) };
    let config = context.config()?;
    let (wording, zone) = (&context.wording, zone(&config)?);
    let text = |name| arguments.get_one::<String>(name);
    let day = |name| arguments.get_one::<Date>(name).copied();
    let scope = Scope {
        period: Period { from: day("from"), to: day("to") },
        entry: text("entry").cloned(),
        kind: text("kind").and_then(|kind| kind.parse().ok()),
        organisation: text("organisation").cloned(),
        as_of: arguments.get_one::<Moment>("as-of").map(|moment| moment.at(&zone)),
        provisional: arguments.get_flag("provisional"),
    };
    let by: Option<By> = text("by").and_then(|by| by.parse().ok());
    let output = arguments.get_one::<PathBuf>("output");
    let format = text("format").map_or("table", String::as_str);
    if format == "xlsx" {
        let Some(output) = output else { return Err(Stop::Line(wording.text("report-needs-output"), 2)) };
        let request = Request::Report { scope, by: by.unwrap_or(By::Entry) };
        let answer = Context::expect(client::ask(&config, &request)?)?;
        let Answer::Report(summary, lines) = answer else { return Ok(()) };
        let bytes = file::xlsx(wording, &zone, &summary, &lines, &config.data_dir)
            .map_err(|why| Stop::Line(wording.with("report-unwritten", &[("why", &why)]), 1))?;
        return write(wording, output, &bytes);
    }
    let answer = Context::expect(client::ask(&config, &Request::ResponseTimes { scope, by })?)?;
    let bytes = match (answer, format) {
        (Answer::ResponseTimes(lines), "json") => json(&lines),
        (Answer::Figures(groups), "json") => json(&groups),
        (Answer::ResponseTimes(lines), "csv") => file::csv(wording, &zone, &lines),
        (Answer::Figures(groups), "csv") => file::figures_csv(wording, by.unwrap_or(By::Entry), &groups),
        (Answer::ResponseTimes(lines), _) => table(wording, &zone, &lines),
        (Answer::Figures(groups), _) => groups_table(wording, by.unwrap_or(By::Entry), &groups),
        _ => Vec::new(),
    };
    match output {
        Some(output) => write(wording, output, &bytes),
        None if format == "csv" => {
            terminal::hand_over(&bytes);
            Ok(())
        }
        None => {
            let text = String::from_utf8_lossy(&bytes);
            if !text.is_empty() {
                terminal::say(text.trim_end());
            }
            Ok(())
        }
    }
}

/// Whole or not at all: beside it first, then renamed.
fn write(wording: &Wording, output: &Path, bytes: &[u8]) -> Result<(), Stop> {
    let mut beside = output.as_os_str().to_owned();
    beside.push(".new");
    let written = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, output));
    let (path, size) = (output.display(), bytes.len());
    match written {
        Ok(()) => {
            terminal::say(&wording.with("report-written", &[("path", &path), ("bytes", &size)]));
            Ok(())
        }
        Err(error) => {
            let values: [(&str, &dyn Display); 2] = [("path", &path), ("error", &error)];
            Err(Stop::Line(wording.with("app-file", &values), 1))
        }
    }
}

fn json<T: serde::Serialize>(lines: &[T]) -> Vec<u8> {
    lines.iter().flat_map(|line| (print::json(line) + "\n").into_bytes()).collect()
}

fn table(wording: &Wording, zone: &TimeZone, lines: &[ResponseTime]) -> Vec<u8> {
    if lines.is_empty() {
        return wording.text("report-none").into_bytes();
    }
    let mut text = String::new();
    for line in lines {
        let answered = match (line.answered, line.closed) {
            (Some(channel), _) => wording.text(&format!("report-{}", key(&channel))),
            (None, Some(_)) => wording.text("report-closed"),
            (None, None) => wording.text("report-open"),
        };
        let duration =
            |seconds: Option<u64>| seconds.map_or_else(|| "—".to_owned(), |s| print::duration(wording, s));
        let values: [(&str, &dyn Display); 8] = [
            ("thread", &line.thread),
            ("question", &line.question),
            ("organisation", &line.organisation),
            ("entry", &line.entry.clone().unwrap_or_else(|| "—".to_owned())),
            ("received", &wording.moment(&line.received.to_zoned_datetime(zone.clone()))),
            ("answered", &answered),
            ("wall", &duration(line.wall_seconds.or(line.age.map(|age| age.taken.wall_seconds)))),
            ("business", &duration(line.business_seconds.or(line.age.map(|age| age.taken.business_seconds)))),
        ];
        text.push_str(&wording.with("report-line", &values));
        if line.is_late() == Some(true) {
            text.push_str(" · ");
            text.push_str(&wording.text("report-column-late"));
        }
        text.push('\n');
    }
    if lines.iter().any(|line| !line.confirmed) {
        text.push_str(&wording.text("report-lines-unconfirmed"));
    }
    text.into_bytes()
}

fn groups_table(wording: &Wording, by: By, groups: &[Figures]) -> Vec<u8> {
    if groups.is_empty() {
        return wording.text("report-none").into_bytes();
    }
    groups.iter().flat_map(|of| (group_line(wording, by, of) + "\n").into_bytes()).collect()
}

fn group_line(wording: &Wording, by: By, of: &Figures) -> String {
    let duration =
        |seconds: Option<u64>| seconds.map_or_else(|| "—".to_owned(), |s| print::duration(wording, s));
    let group = file::group_name(wording, by, &of.group);
    let share = of.share.map_or_else(|| "—".to_owned(), |share| wording.percent(share));
    let values: Vec<String> =
        of.business.values.iter().map(|seconds| print::duration(wording, *seconds)).collect();
    let values = if values.is_empty() { "—".to_owned() } else { values.join(", ") };
    let values: [(&str, &dyn Display); 10] = [
        ("group", &group),
        ("count", &of.count),
        ("questions", &of.questions),
        ("open", &of.open),
        ("share", &share),
        ("wall", &duration(of.wall_median)),
        ("business", &duration(of.business_median)),
        ("p90", &duration(of.business_p90)),
        ("max", &duration(of.business_max)),
        ("values", &values),
    ];
    // Of a few values, no quantile says more than they do themselves.
    wording.with(if of.count < FEW { "report-group-few" } else { "report-group" }, &values)
}

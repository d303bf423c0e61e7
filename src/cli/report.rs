//! `report response-times`: as a table, CSV or JSON lines.

use super::{Context, Stop, client, print, terminal};
use crate::api::{Answer, Request};
use crate::report::{self, By, Figures, Period, ResponseTime};
use crate::wording::{Wording, key};
use clap::ArgMatches;
use jiff::civil::Date;

pub(super) fn report(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let Some((_, arguments)) = arguments.subcommand() else { return Ok(()) };
    let config = context.config()?;
    let day = |name| arguments.get_one::<Date>(name).copied();
    let period = Period { from: day("from"), to: day("to") };
    let by = arguments.get_one::<String>("by").map(|by| match by.as_str() {
        "entry" => By::Entry,
        "organisation" => By::Organisation,
        _ => By::Day,
    });
    let answer = Context::expect(client::ask(&config, &Request::ResponseTimes { period, by })?)?;
    let format = arguments.get_one::<String>("format").map_or("table", String::as_str);
    match (answer, format) {
        (Answer::ResponseTimes(lines), "json") => {
            lines.iter().for_each(|line| terminal::say(&print::json(line)))
        }
        (Answer::Figures(groups), "json") => {
            groups.iter().for_each(|group| terminal::say(&print::json(group)))
        }
        (Answer::ResponseTimes(lines), "csv") => terminal::say(&csv(&context.wording, &lines)),
        (Answer::Figures(groups), "csv") => terminal::say(&groups_csv(&context.wording, &groups)),
        (Answer::ResponseTimes(lines), _) => table(&context.wording, &lines),
        (Answer::Figures(groups), _) => groups_table(&context.wording, &groups),
        _ => {}
    }
    Ok(())
}

fn table(wording: &Wording, lines: &[ResponseTime]) {
    if lines.is_empty() {
        return terminal::say(&wording.text("report-none"));
    }
    for line in lines {
        let answered = match line.answered {
            Some(channel) => wording.text(&format!("report-{}", key(&channel))),
            None => wording.text("report-open"),
        };
        let duration =
            |seconds: Option<u64>| seconds.map_or_else(|| "—".to_owned(), |s| print::duration(wording, s));
        let values: [(&str, &dyn std::fmt::Display); 8] = [
            ("thread", &line.thread),
            ("question", &line.question),
            ("organisation", &line.organisation),
            ("entry", &line.entry.clone().unwrap_or_else(|| "—".to_owned())),
            ("received", &print::moment(wording, line.received)),
            ("answered", &answered),
            ("wall", &duration(line.wall_seconds)),
            ("business", &duration(line.business_seconds)),
        ];
        terminal::say(&wording.with("report-line", &values));
    }
}

fn groups_table(wording: &Wording, groups: &[Figures]) {
    for group in groups {
        let values: [(&str, &dyn std::fmt::Display); 6] = [
            ("group", &group.group),
            ("count", &group.count),
            ("wall", &print::duration(wording, group.wall_median)),
            ("business", &print::duration(wording, group.business_median)),
            ("p90", &print::duration(wording, group.business_p90)),
            ("max", &print::duration(wording, group.business_max)),
        ];
        terminal::say(&wording.with("report-group", &values));
    }
}

fn csv(wording: &Wording, lines: &[ResponseTime]) -> String {
    let mut rows = vec![columns(
        wording,
        &[
            "thread",
            "question",
            "organisation",
            "entry",
            "entries",
            "received",
            "drafted",
            "claimed",
            "approved",
            "handed-over",
            "answered",
            "wall-seconds",
            "business-seconds",
        ],
    )];
    let by_person = lines.iter().any(|line| line.reviewer.is_some());
    if by_person && let Some(head) = rows.first_mut() {
        head.push(wording.text("report-column-reviewer"));
    }
    for line in lines {
        let time = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let mut row = vec![
            line.thread.to_string(),
            line.question.to_string(),
            line.organisation.clone(),
            line.entry.clone().unwrap_or_default(),
            line.entries.join(" "),
            line.received.to_string(),
            time(line.drafted),
            time(line.claimed),
            time(line.approved),
            time(line.handed_over),
            line.answered.map(|channel| key(&channel)).unwrap_or_default(),
            number(line.wall_seconds),
            number(line.business_seconds),
        ];
        if by_person {
            row.push(line.reviewer.clone().unwrap_or_default());
        }
        rows.push(row);
    }
    report::csv(rows)
}

fn groups_csv(wording: &Wording, groups: &[Figures]) -> String {
    let mut rows = vec![columns(
        wording,
        &["group", "count", "wall-median", "business-median", "business-p90", "business-max"],
    )];
    for group in groups {
        rows.push(vec![
            group.group.clone(),
            group.count.to_string(),
            group.wall_median.to_string(),
            group.business_median.to_string(),
            group.business_p90.to_string(),
            group.business_max.to_string(),
        ]);
    }
    report::csv(rows)
}

pub(super) fn columns(wording: &Wording, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| wording.text(&format!("report-column-{name}"))).collect()
}

//! `replay`: what another library would have made of past mail.

use super::{Context, Stop, client, print, terminal};
use crate::api::{Answer, Request};
use crate::report::{Changed, Verdict};
use crate::wording::{Wording, key};
use clap::ArgMatches;
use std::fmt::Display;
use std::path::PathBuf;

pub(super) fn replay(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let config = context.config()?;
    let wording = &context.wording;
    let given = arguments.get_one::<PathBuf>("replies").cloned().unwrap_or_default();
    let replies = std::path::absolute(&given).map_err(|error| {
        Stop::Line(wording.with("app-file", &[("path", &given.display()), ("error", &error)]), 2)
    })?;
    let Answer::Replayed(replayed) = Context::expect(client::ask(&config, &Request::Replay { replies })?)?
    else {
        return Ok(());
    };
    if arguments.get_flag("json") {
        terminal::say(&print::json(&replayed));
        return Ok(());
    }
    for changed in &replayed.changed {
        terminal::say(&line(wording, changed));
    }
    let times = |verdict| replayed.changed.iter().filter(|changed| changed.verdict == verdict).count();
    let values: [(&str, &dyn Display); 4] = [
        ("count", &replayed.read),
        ("changed", &replayed.changed.len()),
        ("better", &times(Verdict::Better)),
        ("worse", &times(Verdict::Worse)),
    ];
    terminal::say(&wording.with("replay-sum", &values));
    Ok(())
}

fn line(wording: &Wording, changed: &Changed) -> String {
    let values: [(&str, &dyn Display); 5] = [
        ("thread", &changed.thread),
        ("question", &changed.question),
        ("before", &changed.before.line(wording)),
        ("after", &changed.after.line(wording)),
        ("verdict", &wording.text(&format!("replay-{}", key(&changed.verdict)))),
    ];
    wording.with("replay-line", &values)
}

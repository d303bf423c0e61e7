//! `threads` and `show`.

use super::{Context, Stop, client, print, terminal};
use crate::api::{Answer, Request};
use crate::report::file;
use clap::ArgMatches;

pub(super) fn threads(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let config = context.config()?;
    let state = arguments.get_one::<String>("state").and_then(|state| state.parse().ok());
    let answer = client::ask(&config, &Request::Threads { state })?;
    let Answer::Threads(threads) = Context::expect(answer)? else { return Ok(()) };
    if arguments.get_flag("json") {
        for thread in &threads {
            terminal::say(&print::json(thread));
        }
    } else if threads.is_empty() {
        terminal::say(&context.wording.text("threads-none"));
    } else {
        for thread in &threads {
            terminal::say(&print::summary(&context.wording, thread));
        }
    }
    Ok(())
}

pub(super) fn show(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let config = context.config()?;
    let id = arguments.get_one::<u64>("id").copied().unwrap_or_default();
    let answer = client::ask(&config, &Request::Show { id })?;
    if let Answer::Shown(shown) = Context::expect(answer)? {
        let text = if arguments.get_flag("json") {
            print::json(&shown)
        } else {
            print::shown(&context.wording, &shown)
        };
        terminal::say(&text);
    }
    Ok(())
}

/// `deposits`: the register.
pub(super) fn deposits(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let answer = client::ask(&context.config()?, &Request::Deposits)?;
    let Answer::Deposits(lines) = Context::expect(answer)? else { return Ok(()) };
    let wording = &context.wording;
    if arguments.get_flag("csv") {
        let names = ["thread", "organisation", "project", "received", "documents", "acknowledged"];
        let mut rows = vec![file::columns(wording, &names)];
        rows.extend(lines.into_iter().map(|line| {
            vec![
                line.thread.to_string(),
                line.organisation,
                line.project,
                line.received.to_string(),
                line.documents.join(", "),
                line.acknowledged.map(|at| at.to_string()).unwrap_or_default(),
            ]
        }));
        terminal::hand_over(&file::written(rows));
        return Ok(());
    }
    for line in lines {
        if arguments.get_flag("json") {
            terminal::say(&print::json(&line));
            continue;
        }
        let state = match line.acknowledged {
            Some(at) => wording.with("deposit-acknowledged", &[("at", &print::moment(wording, at))]),
            None => wording.text("deposit-open"),
        };
        let values: [(&str, &dyn std::fmt::Display); 6] = [
            ("thread", &line.thread),
            ("organisation", &line.organisation),
            ("project", &line.project),
            ("at", &print::moment(wording, line.received)),
            ("documents", &line.documents.join(", ")),
            ("state", &state),
        ];
        terminal::say(&wording.with("deposit-line", &values));
    }
    Ok(())
}

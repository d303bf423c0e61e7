//! `user sessions | logout | log`: who is logged in to the console, and who looked at what.

use super::{Context, Stop, client, print, terminal};
use crate::api::{Answer, Request};
use crate::people::{AccessFilter, AccessLine, OpenSession};
use crate::report::file;
use crate::wording::Wording;
use clap::ArgMatches;
use std::fmt::Display;

/// Lines of the log for people, unless they want more: the newest.
const LINES: usize = 100;

pub(super) fn sessions(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let name = arguments.get_one::<String>("name").cloned();
    let answer = client::ask(&context.config()?, &Request::Sessions { name })?;
    let Answer::Sessions(sessions) = Context::expect(answer)? else { return Ok(()) };
    let json = arguments.get_flag("json");
    if sessions.is_empty() && !json {
        terminal::say(&context.wording.text("session-none"));
    }
    for session in sessions {
        terminal::say(&if json { print::json(&session) } else { line(&context.wording, &session) });
    }
    Ok(())
}

fn line(wording: &Wording, session: &OpenSession) -> String {
    let browser = session.browser.clone().unwrap_or_else(|| wording.text("session-browser-unknown"));
    let (since, seen) = (print::moment(wording, session.since), print::moment(wording, session.seen));
    let values: [(&str, &dyn Display); 4] =
        [("name", &session.name), ("browser", &browser), ("since", &since), ("seen", &seen)];
    wording.with("session-line", &values)
}

pub(super) fn log_out(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let name = arguments.get_one::<String>("name").cloned().unwrap_or_default();
    Context::expect(client::ask(&context.config()?, &Request::EndSessions { name: name.clone() })?)?;
    terminal::say(&context.wording.with("session-ended-all", &[("name", &name)]));
    Ok(())
}

pub(super) fn log(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let filter = AccessFilter {
        name: arguments.get_one::<String>("person").cloned(),
        thread: arguments.get_one::<u64>("thread").copied(),
    };
    let format = arguments.get_one::<String>("format").map_or("table", String::as_str);
    let most = if format == "table" { LINES } else { usize::MAX };
    let answer = client::ask(&context.config()?, &Request::Accesses { filter, most })?;
    let Answer::Accesses(accesses) = Context::expect(answer)? else { return Ok(()) };
    let wording = &context.wording;
    match format {
        "json" => accesses.iter().for_each(|access| terminal::say(&print::json(access))),
        "csv" => {
            let rows = accesses.into_iter().map(|access| AccessLine::of(wording, access).row());
            let rows = file::written([AccessFilter::head(wording)].into_iter().chain(rows));
            terminal::hand_over(&rows);
        }
        _ if accesses.is_empty() => terminal::say(&wording.text("access-none")),
        _ => accesses.into_iter().map(|access| AccessLine::of(wording, access)).for_each(|line| {
            let thread = line.thread.map(|thread| thread.to_string()).unwrap_or_default();
            let cells = [print::moment(wording, line.at), line.who, line.what, thread, line.detail];
            let said: Vec<String> = cells.into_iter().filter(|cell| !cell.is_empty()).collect();
            terminal::say(&said.join(" · "));
        }),
    }
    Ok(())
}

//! `store verify | rebuild | backup | restore | export | purge`.

use super::{Context, Stop, client, print, terminal};
use crate::api::{Answer, Request};
use crate::app;
use crate::review::Verified;
use clap::ArgMatches;
use std::path::PathBuf;

pub(super) fn store(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let Some((name, arguments)) = arguments.subcommand() else { return Ok(()) };
    let config = context.config()?;
    let wording = &context.wording;
    let folder = || -> Result<PathBuf, Stop> {
        let given = arguments.get_one::<PathBuf>("folder").cloned().unwrap_or_default();
        std::path::absolute(&given).map_err(|error| {
            Stop::Line(wording.with("app-file", &[("path", &given.display()), ("error", &error)]), 2)
        })
    };
    match name {
        "verify" => {
            let answer = client::ask(&config, &Request::Verify)?;
            if let Answer::Verified(verified) = Context::expect(answer)? {
                if arguments.get_flag("json") {
                    terminal::say(&print::json(&verified));
                }
                return judged(context, &verified, !arguments.get_flag("json"));
            }
        }
        "rebuild" => {
            let answer = client::ask(&config, &Request::Rebuild)?;
            if let Answer::Rebuilt(count) = Context::expect(answer)? {
                terminal::say(&wording.with("store-rebuilt", &[("count", &count)]));
            }
        }
        "purge" => {
            let text = |name: &str| arguments.get_one::<String>(name).cloned().unwrap_or_default();
            let id = arguments.get_one::<u64>("id").copied().unwrap_or_default();
            let (rule, authority, name) = (text("rule"), text("authority"), text("as"));
            let answer = client::ask(&config, &Request::Purge { id, rule, authority, name })?;
            if let Answer::Purged(id) = Context::expect(answer)? {
                terminal::say(&wording.with("store-purged", &[("id", &id)]));
            }
        }
        "backup" | "export" => {
            let to = folder()?;
            let (request, done) = if name == "backup" {
                (Request::Backup { to: to.clone() }, "store-backed-up")
            } else {
                (Request::Export { to: to.clone() }, "store-exported")
            };
            let answer = client::ask(&config, &request)?;
            if let Answer::Written { events, messages } = Context::expect(answer)? {
                let values: [(&str, &dyn std::fmt::Display); 3] =
                    [("to", &to.display()), ("events", &events), ("messages", &messages)];
                terminal::say(&wording.with(done, &values));
            }
        }
        _ => {
            let verified = app::restore(&config, &folder()?)?;
            terminal::say(&wording.with("store-restored", &[("dir", &config.data_dir.display())]));
            return judged(context, &verified, true);
        }
    }
    Ok(())
}

/// Says what verify found; defects are a failure.
fn judged(context: &Context, verified: &Verified, speak: bool) -> Result<(), Stop> {
    let wording = &context.wording;
    if verified.problems.is_empty() {
        if speak {
            let values: [(&str, &dyn std::fmt::Display); 4] = [
                ("events", &verified.events),
                ("purged", &verified.purged),
                ("blobs", &verified.blobs),
                ("link", &verified.link),
            ];
            terminal::say(&wording.with("store-verified", &values));
        }
        return Ok(());
    }
    let head = wording.with("store-problems", &[("count", &verified.problems.len())]);
    Err(Stop::Line(
        [head].into_iter().chain(verified.problems.iter().cloned()).collect::<Vec<_>>().join("\n"),
        1,
    ))
}

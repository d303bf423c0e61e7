//! The decisions: claim, release, edit, reclassify, approve, withdraw, close, settle, note, link, reopen.

use super::{Context, Stop, client, print, terminal};
use crate::api::{Answer, Request};
use crate::review::Decision;
use crate::thread::Settlement;
use clap::ArgMatches;
use std::path::PathBuf;

pub(super) fn decide(context: &Context, name: &str, arguments: &ArgMatches) -> Result<(), Stop> {
    let config = context.config()?;
    let id = arguments.get_one::<u64>("id").copied().unwrap_or_default();
    let seen = arguments.try_get_one::<u64>("seen").ok().flatten().copied();
    let decision = decision(context, name, arguments)?;
    let name = text(arguments, "as");
    let answer = client::ask(&config, &Request::Decide { id, seen, name, decision })?;
    if let Answer::Decided(summary) = Context::expect(answer)? {
        if arguments.get_flag("json") {
            terminal::say(&print::json(&summary));
        } else {
            terminal::say(&print::decided(&context.wording, &summary));
        }
    }
    Ok(())
}

fn decision(context: &Context, name: &str, arguments: &ArgMatches) -> Result<Decision, Stop> {
    Ok(match name {
        "claim" => Decision::Claim,
        "release" => Decision::Release,
        "edit" => Decision::Edit { body: body(context, arguments)? },
        "reclassify" => Decision::Reclassify { entries: texts(arguments, "entries") },
        "approve" => Decision::Approve {
            confirmed: texts(arguments, "confirm-recipient"),
            despite_superseded: texts(arguments, "despite-superseded"),
        },
        "withdraw" => Decision::Withdraw,
        "close" => Decision::Close { reason: text(arguments, "reason") },
        "settle" => Decision::Settle {
            outcome: if text(arguments, "outcome") == "sent" { Settlement::Sent } else { Settlement::Resend },
        },
        "note" => Decision::Note { text: text(arguments, "text") },
        "link" => {
            let other = arguments.get_one::<u64>("other").copied().unwrap_or_default();
            if arguments.get_flag("refuse") {
                Decision::RefuseLink { other }
            } else {
                Decision::ConfirmLink { other }
            }
        }
        _ => Decision::Reopen,
    })
}

fn body(context: &Context, arguments: &ArgMatches) -> Result<String, Stop> {
    let path = arguments.get_one::<PathBuf>("body-file").cloned().unwrap_or_default();
    std::fs::read_to_string(&path).map_err(|error| {
        let line = context.wording.with("app-file", &[("path", &path.display()), ("error", &error)]);
        Stop::Line(line, 2)
    })
}

fn text(arguments: &ArgMatches, name: &str) -> String {
    arguments.get_one::<String>(name).cloned().unwrap_or_default()
}

fn texts(arguments: &ArgMatches, name: &str) -> Vec<String> {
    arguments.get_many::<String>(name).map(|texts| texts.cloned().collect()).unwrap_or_default()
}

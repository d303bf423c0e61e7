//! `groups` and `approve-group`: a flood, decided in one gesture.

use super::{Context, Stop, client, decide, print, terminal};
use crate::api::{Answer, Request};
use crate::review::GroupText;
use crate::thread::ThreadId;
use clap::ArgMatches;
use std::fmt::Display;
use std::path::PathBuf;

/// Characters of a question that a line shows.
const SHOWN: usize = 160;

pub(super) fn groups(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let Answer::Groups(groups) = Context::expect(client::ask(&context.config()?, &Request::Groups)?)? else {
        return Ok(());
    };
    let wording = &context.wording;
    if arguments.get_flag("json") {
        groups.iter().for_each(|group| terminal::say(&print::json(group)));
        return Ok(());
    }
    if groups.is_empty() {
        terminal::say(&wording.text("groups-none"));
    }
    for group in groups {
        let values: [(&str, &dyn Display); 2] =
            [("count", &group.threads.len()), ("entries", &group.entries.join(", "))];
        terminal::say(&wording.with("groups-head", &values));
        for member in &group.threads {
            let text: String = member.newest.split_whitespace().collect::<Vec<_>>().join(" ");
            let text: String = text.chars().take(SHOWN).collect();
            let values: [(&str, &dyn Display); 4] = [
                ("id", &member.id),
                ("version", &member.version),
                ("organisation", &member.organisation),
                ("text", &text),
            ];
            terminal::say(&wording.with("groups-member", &values));
        }
    }
    Ok(())
}

/// Each thread with the version that was seen: `12:3`.
pub(super) fn approve(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let seen: Vec<(ThreadId, u64)> =
        arguments.get_many("seen-thread").into_iter().flatten().copied().collect();
    let entries: Vec<String> = arguments.get_many("entry").into_iter().flatten().cloned().collect();
    let text = match arguments.get_one::<PathBuf>("body-file") {
        Some(_) => GroupText::Body(decide::body(context, arguments)?),
        None if entries.is_empty() => GroupText::AsDrafted,
        None => GroupText::Entries(entries),
    };
    let name = arguments.get_one::<String>("as").cloned().unwrap_or_default();
    let answer = client::ask(&context.config()?, &Request::ApproveGroup { seen, text, name })?;
    let Answer::GroupApproved(outcomes) = Context::expect(answer)? else { return Ok(()) };
    let mut refused = 0;
    for outcome in &outcomes {
        if arguments.get_flag("json") {
            terminal::say(&print::json(outcome));
        } else if let Some(summary) = &outcome.decided {
            terminal::say(&print::decided(&context.wording, summary));
        }
        if let Some(line) = &outcome.refused {
            refused += 1;
            terminal::complain(
                &context.wording.with("groups-refused", &[("id", &outcome.id), ("line", line)]),
            );
        }
    }
    match refused {
        0 => Ok(()),
        count => Err(Stop::Line(context.wording.with("groups-some-refused", &[("count", &count)]), 1)),
    }
}

//! `entry suspend | resume | list` and `replies told`: which texts may be sent, and who received one.

use super::{Context, Stop, client, print, terminal};
use crate::api::{Answer, Request};
use crate::draft::LetterKind;
use crate::replies::date_in_words;
use crate::report::ToldLine;
use crate::review::{EntryLine, EntryState, Outdated};
use crate::thread::Suspension;
use crate::wording::Wording;
use clap::ArgMatches;
use std::fmt::Display;

pub(super) fn entry(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let Some((name, arguments)) = arguments.subcommand() else { return Ok(()) };
    let config = context.config()?;
    let wording = &context.wording;
    let text = |name: &str| arguments.get_one::<String>(name).cloned().unwrap_or_default();
    let request = match name {
        "suspend" => Request::SuspendEntry { entry: text("entry"), reason: text("reason"), name: text("as") },
        "resume" => Request::ResumeEntry { entry: text("entry"), name: text("as") },
        _ => Request::Entries,
    };
    match Context::expect(client::ask(&config, &request)?)? {
        Answer::EntrySuspended(standing) => terminal::say(&suspended(wording, "entry-suspended", &standing)),
        Answer::EntryResumed(entry) => {
            terminal::say(&wording.with("entry-resumed", &[("entry", &entry)]));
        }
        Answer::Entries(lines) if arguments.get_flag("json") => {
            lines.iter().for_each(|line| terminal::say(&print::json(line)));
        }
        Answer::Entries(lines) => lines.iter().for_each(|line| terminal::say(&listed(wording, line))),
        _ => {}
    }
    Ok(())
}

/// `replies told`: who received which version.
pub(super) fn told(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let config = context.config()?;
    let entry = arguments.get_one::<String>("entry").cloned().unwrap_or_default();
    let request = Request::Told { entry: entry.clone() };
    let Answer::Told(lines) = Context::expect(client::ask(&config, &request)?)? else { return Ok(()) };
    if arguments.get_flag("json") {
        lines.iter().for_each(|line| terminal::say(&print::json(line)));
    } else if lines.is_empty() {
        terminal::say(&context.wording.with("told-none", &[("entry", &entry)]));
    } else {
        lines.iter().for_each(|line| terminal::say(&told_line(&context.wording, line)));
    }
    Ok(())
}

/// What stands against an entry of a thread that is shown, or of the list.
pub(super) fn suspended(wording: &Wording, key: &str, standing: &Suspension) -> String {
    let values: [(&str, &dyn Display); 4] = [
        ("entry", &standing.entry),
        ("by", &standing.by),
        ("at", &print::moment(wording, standing.at)),
        ("reason", &standing.reason),
    ];
    wording.with(key, &values)
}

/// What changed beneath a draft that a reviewer keeps.
pub(super) fn outdated(wording: &Wording, text: &Outdated) -> String {
    let day = text.superseded.map(|day| date_in_words(wording.language(), day)).unwrap_or_default();
    let key = match (text.superseded, text.now) {
        (Some(_), _) => "show-entry-superseded",
        (None, Some(_)) => "show-entry-changed",
        (None, None) => "show-entry-gone",
    };
    let values: [(&str, &dyn Display); 4] = [
        ("entry", &text.entry),
        ("version", &text.version),
        ("now", &text.now.unwrap_or_default()),
        ("day", &day),
    ];
    wording.with(key, &values)
}

fn listed(wording: &Wording, line: &EntryLine) -> String {
    let date = match line.state {
        EntryState::NotYet => line.effective,
        EntryState::InForce | EntryState::Superseded => line.superseded,
        EntryState::Gone => None,
    };
    let day = date.map(|day| date_in_words(wording.language(), day)).unwrap_or_default();
    let key = match (line.state, date) {
        (EntryState::InForce, None) => "entry-in-force",
        (EntryState::InForce, Some(_)) => "entry-in-force-until",
        (EntryState::NotYet, _) => "entry-not-yet",
        (EntryState::Superseded, _) => "entry-superseded",
        (EntryState::Gone, _) => "entry-gone",
    };
    let mut parts = vec![line.entry.clone()];
    if line.version > 0 {
        parts.push(wording.with("entry-version", &[("version", &line.version)]));
    }
    parts.push(wording.with(key, &[("day", &day)]));
    parts.push(line.title.clone());
    parts.extend(line.suspension.as_ref().map(|standing| suspended(wording, "entry-is-suspended", standing)));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn told_line(wording: &Wording, line: &ToldLine) -> String {
    let digest: String = line.digest.chars().take(12).collect();
    let values: [(&str, &dyn Display); 7] = [
        ("thread", &line.thread),
        ("organisation", &line.organisation),
        ("recipients", &line.recipients.join(", ")),
        ("at", &print::moment(wording, line.at)),
        ("entry", &line.entry),
        ("version", &line.version),
        ("digest", &digest),
    ];
    let mut parts = vec![wording.with("told-line", &values)];
    if line.kind != LetterKind::Answer {
        parts.push(wording.text(&format!("letter-kind-{}", line.kind.key())));
    }
    parts.extend(line.edited.then(|| wording.text("told-edited")));
    parts.extend(line.rectified.then(|| wording.text("told-rectified")));
    parts.join(" · ")
}

//! `examples list | withdraw | review | adopt`: what reviewers taught the classifier.

use super::{Context, Stop, client, print, terminal};
use crate::api::{Answer, Request};
use crate::app::Problem;
use crate::config::Config;
use crate::library;
use crate::review::{Adoptable, Learned};
use clap::ArgMatches;
use std::fmt::Display;

/// Characters of a wording that a line shows.
const SHOWN: usize = 120;

pub(super) fn examples(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let Some((name, arguments)) = arguments.subcommand() else { return Ok(()) };
    let config = context.config()?;
    match name {
        "list" => list(context, &config, arguments),
        "review" => review(context, &config, arguments),
        "adopt" => adopt(context, &config, arguments),
        _ => withdraw(context, &config, arguments),
    }
}

fn list(context: &Context, config: &Config, arguments: &ArgMatches) -> Result<(), Stop> {
    let Answer::Examples(learned) = Context::expect(client::ask(config, &Request::Examples)?)? else {
        return Ok(());
    };
    if arguments.get_flag("json") {
        learned.iter().for_each(|example| terminal::say(&print::json(example)));
        return Ok(());
    }
    if learned.is_empty() {
        terminal::say(&context.wording.text("examples-none"));
    }
    for example in learned {
        let text: String = example.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text: String = text.chars().take(SHOWN).collect();
        say(context, &example, &text);
    }
    Ok(())
}

/// What may go into the files, in full: a person reads it before saying so.
fn review(context: &Context, config: &Config, arguments: &ArgMatches) -> Result<(), Stop> {
    let adoptable = adoptable(config)?;
    if arguments.get_flag("json") {
        adoptable.iter().for_each(|example| terminal::say(&print::json(example)));
        return Ok(());
    }
    if adoptable.is_empty() {
        terminal::say(&context.wording.text("examples-none"));
        return Ok(());
    }
    for Adoptable { learned, wording } in &adoptable {
        say(context, learned, wording);
    }
    terminal::say(&context.wording.text("examples-adopt-how"));
    Ok(())
}

/// Writes the file first: what a kill leaves between is found there at the next try.
fn adopt(context: &Context, config: &Config, arguments: &ArgMatches) -> Result<(), Stop> {
    let id = arguments.get_one::<u64>("id").copied().unwrap_or_default();
    let name = arguments.get_one::<String>("as").cloned().unwrap_or_default();
    let found = adoptable(config)?.into_iter().find(|adoptable| adoptable.learned.id == id);
    let Some(Adoptable { learned, wording }) = found else {
        return Err(Stop::Line(context.wording.with("refusal-no-example", &[("id", &id)]), 1));
    };
    let wording = arguments.get_one::<String>("wording").cloned().unwrap_or(wording);
    let dir = &config.replies_dir;
    let replies = library::read(dir).map_err(Problem::Replies)?;
    let situation = format!("exemple-{id}");
    let path = library::adopt(dir, &replies, learned.language, &learned.label, &wording, &situation)
        .map_err(|error| {
            let values: [(&str, &dyn Display); 2] = [("path", &dir.display()), ("error", &error)];
            Stop::Line(context.wording.with("app-file", &values), 1)
        })?;
    if let Answer::ExampleAdopted(id) =
        Context::expect(client::ask(config, &Request::AdoptExample { id, name })?)?
    {
        let values: [(&str, &dyn Display); 2] = [("id", &id), ("path", &path.display())];
        terminal::say(&context.wording.with("examples-adopted", &values));
    }
    Ok(())
}

fn withdraw(context: &Context, config: &Config, arguments: &ArgMatches) -> Result<(), Stop> {
    let id = arguments.get_one::<u64>("id").copied().unwrap_or_default();
    let name = arguments.get_one::<String>("as").cloned().unwrap_or_default();
    let answer = client::ask(config, &Request::WithdrawExample { id, name })?;
    if let Answer::ExampleWithdrawn(id) = Context::expect(answer)? {
        terminal::say(&context.wording.with("examples-withdrawn", &[("id", &id)]));
    }
    Ok(())
}

fn adoptable(config: &Config) -> Result<Vec<Adoptable>, Stop> {
    match Context::expect(client::ask(config, &Request::Adoptable)?)? {
        Answer::Adoptable(adoptable) => Ok(adoptable),
        _ => Ok(Vec::new()),
    }
}

fn say(context: &Context, example: &Learned, text: &str) {
    let wording = &context.wording;
    let values: [(&str, &dyn Display); 6] = [
        ("id", &example.id),
        ("label", &example.label),
        ("thread", &example.thread),
        ("by", &example.by),
        ("at", &print::moment(wording, example.at)),
        ("text", &text),
    ];
    terminal::say(&wording.with("examples-line", &values));
}

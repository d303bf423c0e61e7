//! `examples list | withdraw`: what reviewers taught the classifier.

use super::{Context, Stop, client, print, terminal};
use crate::api::{Answer, Request};
use clap::ArgMatches;
use std::fmt::Display;

/// Characters of a wording that a line shows.
const SHOWN: usize = 120;

pub(super) fn examples(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let Some((name, arguments)) = arguments.subcommand() else { return Ok(()) };
    let config = context.config()?;
    let wording = &context.wording;
    if name == "withdraw" {
        let id = arguments.get_one::<u64>("id").copied().unwrap_or_default();
        let name = arguments.get_one::<String>("as").cloned().unwrap_or_default();
        let answer = client::ask(&config, &Request::WithdrawExample { id, name })?;
        if let Answer::ExampleWithdrawn(id) = Context::expect(answer)? {
            terminal::say(&wording.with("examples-withdrawn", &[("id", &id)]));
        }
        return Ok(());
    }
    let Answer::Examples(learned) = Context::expect(client::ask(&config, &Request::Examples)?)? else {
        return Ok(());
    };
    if learned.is_empty() && !arguments.get_flag("json") {
        terminal::say(&wording.text("examples-none"));
    }
    for example in learned {
        if arguments.get_flag("json") {
            terminal::say(&print::json(&example));
            continue;
        }
        let text: String = example.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text: String = text.chars().take(SHOWN).collect();
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
    Ok(())
}

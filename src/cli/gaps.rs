//! `gaps`: matters that several organisations asked about and no entry answers.

use super::{Context, Stop, client, print, terminal};
use crate::api::{Answer, Request};
use clap::ArgMatches;
use std::fmt::Display;

pub(super) fn gaps(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let config = context.config()?;
    let wording = &context.wording;
    let Answer::Gaps(gaps) = Context::expect(client::ask(&config, &Request::Gaps)?)? else { return Ok(()) };
    if arguments.get_flag("json") {
        gaps.iter().for_each(|gap| terminal::say(&print::json(gap)));
        return Ok(());
    }
    if gaps.is_empty() {
        terminal::say(&wording.text("gaps-none"));
    }
    for gap in gaps {
        let mut threads: Vec<String> = gap.questions.iter().map(|(thread, _)| thread.to_string()).collect();
        threads.dedup();
        let values: [(&str, &dyn Display); 4] = [
            ("words", &gap.words.join(", ")),
            ("count", &gap.questions.len()),
            ("organisations", &gap.organisations),
            ("threads", &threads.join(", ")),
        ];
        terminal::say(&wording.with("gaps-line", &values));
    }
    Ok(())
}

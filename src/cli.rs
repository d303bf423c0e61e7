//! The command line: reads it, asks the daemon or the store, prints what people read.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong use or wrong config.

mod access;
mod client;
mod daemon;
mod decide;
mod entry;
mod examples;
mod gaps;
mod grammar;
mod groups;
mod learn;
mod mistake;
mod moment;
mod print;
mod replay;
mod report;
mod search;
mod store;
mod terminal;
mod thread;
mod user;

use crate::api::Answer;
use crate::app::Problem;
use crate::config::{self, Config};
use crate::wording::{Language, Wording};
use clap::ArgMatches;
use clap::error::ErrorKind;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// How a command ended, but for its success.
pub(crate) enum Stop {
    /// Something is wrong; its own lines and exit code.
    Problem(Problem),
    /// One line and an exit code.
    Line(String, u8),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// What every command has at hand.
pub(crate) struct Context {
    pub wording: Wording,
    pub config_path: PathBuf,
}

impl Context {
    /// The config, or all that is wrong with it.
    pub fn config(&self) -> Result<Config, Stop> {
        config::load(&self.config_path, &config::environment())
            .map_err(|problems| Stop::Problem(Problem::Config(problems)))
    }

    /// A refusal as an end; anything else as it is.
    pub fn expect(answer: Answer) -> Result<Answer, Stop> {
        match answer {
            Answer::Refused { line, wrong_use } => Err(Stop::Line(line, if wrong_use { 2 } else { 1 })),
            other => Ok(other),
        }
    }
}

/// Runs one command line; gives the exit code.
#[must_use]
pub fn main(arguments: Vec<OsString>) -> u8 {
    // A panic's message may quote the mail that caused it; its place is enough to find the fault.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a fault of ours");
    }));
    let config_path = config_path(&arguments);
    let wording = Wording::new(config::language_of(&config_path).unwrap_or(Language::Fr));
    let matches = match grammar::command(&wording).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return usage(&error, &wording),
    };
    let context = Context { wording, config_path };
    match dispatch(&context, &matches) {
        Ok(()) => 0,
        Err(Stop::Line(line, code)) => {
            terminal::complain(&line);
            code
        }
        Err(Stop::Problem(problem)) => {
            let config = context.config().ok();
            for line in problem.lines(&context.wording, config.as_ref()) {
                terminal::complain(&line);
            }
            problem.exit_code()
        }
    }
}

fn dispatch(context: &Context, matches: &ArgMatches) -> Result<(), Stop> {
    let Some((name, arguments)) = matches.subcommand() else { return Ok(()) };
    match name {
        "demo" => daemon::demo(context, arguments),
        "run" => daemon::run(context, arguments),
        "check" => daemon::check(context),
        "init" => daemon::init(context, arguments),
        "import" => daemon::import(context, arguments),
        "status" => daemon::status(context, arguments),
        "classify" => learn::classify(context, arguments),
        "evaluate" => learn::evaluate(context, arguments),
        "entry" => entry::entry(context, arguments),
        "replies" => learn::replies(context, arguments),
        "threads" => thread::threads(context, arguments),
        "show" => thread::show(context, arguments),
        "search" => search::search(context, arguments),
        "record" => decide::record(context, arguments),
        "write" => decide::write(context, arguments),
        "deposits" => thread::deposits(context, arguments),
        "report" => report::report(context, arguments),
        "replay" => replay::replay(context, arguments),
        "groups" => groups::groups(context, arguments),
        "approve-group" => groups::approve(context, arguments),
        "gaps" => gaps::gaps(context, arguments),
        "examples" => examples::examples(context, arguments),
        "user" => user::user(context, arguments),
        "store" => store::store(context, arguments),
        decision => decide::decide(context, decision, arguments),
    }
}

fn usage(error: &clap::Error, wording: &Wording) -> u8 {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            terminal::say(error.to_string().trim_end());
            0
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            terminal::complain(error.to_string().trim_end());
            2
        }
        _ => {
            terminal::complain(&mistake::lines(error, wording));
            2
        }
    }
}

/// The config is needed before the grammar, whose language it decides.
fn config_path(arguments: &[OsString]) -> PathBuf {
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if argument == "--config" {
            return arguments.next().map_or_else(config::default_path, PathBuf::from);
        }
        if let Some(path) = argument.to_str().and_then(|argument| argument.strip_prefix("--config=")) {
            return Path::new(path).to_owned();
        }
    }
    config::default_path()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_config_is_found_before_the_grammar_reads_the_line() {
        let line = |words: &[&str]| config_path(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(line(&["greffier", "threads", "--config", "a.toml"]), Path::new("a.toml"));
        assert_eq!(line(&["greffier", "--config=b.toml", "threads"]), Path::new("b.toml"));
    }
}

//! The command line's grammar. Every word of help comes from `locales/*/cli.ftl`.

use super::moment::Moment;
use crate::organisation::Kind;
use crate::people::Role;
use crate::report::By;
use crate::thread::{Medium, State};
use crate::wording::Wording;
use clap::builder::{PossibleValuesParser, ValueParser};
use clap::{Arg, ArgAction, ArgGroup, Command, value_parser};
use std::path::PathBuf;

/// The whole grammar, in the language of `wording`.
pub(super) fn command(wording: &Wording) -> Command {
    let root = Command::new("greffier")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(path("config").long("config").value_name("F").global(true))
        .subcommand(
            Command::new("demo")
                .arg(path("dir").long("dir").value_name("D"))
                .arg(Arg::new("port").long("port").value_name("P").value_parser(value_parser!(u16)))
                .arg(flag("no-browser")),
        )
        .subcommand(Command::new("run").arg(flag("once")))
        .subcommand(Command::new("check"))
        .subcommand(Command::new("status").arg(flag("json")))
        .subcommand(Command::new("init").arg(path("folder").required(true).value_name("DIR")))
        .subcommand(
            Command::new("import")
                .arg(path("path").required(true).value_name("PATH"))
                .arg(flag("draft"))
                .arg(flag("json")),
        )
        .subcommand(
            Command::new("classify")
                .arg(flag("json").conflicts_with("explain"))
                .arg(flag("explain"))
                .arg(path("replies").long("replies").value_name("D"))
                .arg(path("encoder").long("encoder").value_name("D"))
                .arg(path("path").required(true).num_args(1..).value_name("PATH")),
        )
        .subcommand(
            Command::new("evaluate")
                .arg(flag("json"))
                .arg(path("replies").long("replies").value_name("D"))
                .arg(path("encoder").long("encoder").value_name("D"))
                .arg(flag("floors").conflicts_with("path"))
                .arg(path("path").required_unless_present("floors").num_args(1..).value_name("CORPUS.jsonl")),
        )
        .subcommand(replies())
        .subcommand(entry())
        .subcommand(
            Command::new("threads")
                .arg(flag("json"))
                .arg(text("state").long("state").value_name("S").value_parser(states())),
        )
        .subcommand(Command::new("show").arg(id()).arg(flag("json")))
        .subcommand(search());
    let root = decisions().into_iter().chain(beginnings()).chain(groups()).fold(root, Command::subcommand);
    let root =
        root.subcommand(Command::new("deposits").arg(flag("json").conflicts_with("csv")).arg(flag("csv")));
    let root = root
        .subcommand(report())
        .subcommand(examples())
        .subcommand(user())
        .subcommand(replay())
        .subcommand(Command::new("gaps").arg(flag("json")))
        .subcommand(store());
    localise(root, wording, "cli")
}

fn search() -> Command {
    let day =
        |name, long| text(name).long(long).value_name("YYYY-MM-DD").value_parser(ValueParser::new(date));
    Command::new("search")
        .arg(text("words").num_args(0..).value_name("WORDS"))
        .arg(text("organisation").long("organisation").value_name("NAME"))
        .arg(text("kind").long("kind").value_name("KIND").value_parser(kinds()))
        .arg(text("found-entry").long("entry").value_name("ENTRY"))
        .arg(text("state").long("state").value_name("S").value_parser(states()))
        .arg(text("found-by").long("by").value_name("NAME"))
        .arg(day("found-from", "from"))
        .arg(day("found-to", "to"))
        .arg(flag("newest"))
        .arg(text("page").long("page").value_name("N").value_parser(value_parser!(usize)))
        .arg(flag("json"))
}

fn replies() -> Command {
    let folder = || path("replies").long("replies").value_name("D");
    Command::new("replies")
        .subcommand_required(true)
        .subcommand(Command::new("list").arg(flag("json")).arg(folder()))
        .subcommand(Command::new("check").arg(folder()))
        .subcommand(
            Command::new("told").arg(text("entry").required(true).value_name("ENTRY")).arg(flag("json")),
        )
        .subcommand(
            Command::new("show")
                .arg(text("entry").required(true).value_name("ENTRY"))
                .arg(language())
                .arg(folder()),
        )
}

fn entry() -> Command {
    let on = |name: &'static str| {
        Command::new(name)
            .arg(text("entry").required(true).value_name("ENTRY"))
            .arg(named("as").value_name("NAME"))
    };
    Command::new("entry")
        .subcommand_required(true)
        .subcommand(on("suspend").arg(named("reason").value_name("TEXT")))
        .subcommand(on("resume"))
        .subcommand(Command::new("list").arg(flag("json")))
}

fn decisions() -> Vec<Command> {
    let decision = |name: &'static str| {
        Command::new(name).arg(id()).arg(named("as").value_name("NAME")).arg(flag("json"))
    };
    let seen = || Arg::new("seen").long("seen").value_name("VERSION").value_parser(value_parser!(u64));
    vec![
        decision("claim").arg(seen()),
        decision("release").arg(seen()),
        decision("edit").arg(path("body-file").long("body-file").value_name("F").required(true)).arg(seen()),
        decision("adjust")
            .arg(text("remove").long("remove").value_name("ADDRESS"))
            .arg(text("restore").long("restore").value_name("ADDRESS"))
            .arg(path("attach").long("attach").value_name("F"))
            .arg(text("attach-approved").long("attach-approved").value_name("NAME"))
            .arg(text("detach").long("detach").value_name("NAME"))
            .arg(text("fill").long("fill").value_name("FIELD=TEXT").action(ArgAction::Append))
            .arg(text("english").long("english").value_name("REASON"))
            .arg(flag("french-only"))
            .group(ArgGroup::new("what").required(true).args([
                "remove",
                "restore",
                "attach",
                "attach-approved",
                "detach",
                "fill",
                "english",
                "french-only",
            ]))
            .arg(seen()),
        decision("reclassify")
            .arg(text("entries").required(true).num_args(1..).value_name("ENTRY"))
            .arg(language())
            .arg(seen()),
        decision("approve")
            .arg(seen().required(true))
            .arg(
                text("confirm-recipient")
                    .long("confirm-recipient")
                    .value_name("ADDRESS")
                    .action(ArgAction::Append),
            )
            .arg(
                text("despite-superseded")
                    .long("despite-superseded")
                    .value_name("ENTRY")
                    .action(ArgAction::Append),
            ),
        decision("withdraw").arg(seen()),
        decision("close").arg(named("reason").value_name("TEXT")).arg(seen()),
        decision("settle")
            .arg(text("outcome").required(true).value_parser(PossibleValuesParser::new(["sent", "resend"])))
            .arg(seen()),
        decision("note").arg(text("text").required(true).value_name("TEXT")),
        decision("link")
            .arg(Arg::new("other").required(true).value_name("OTHER").value_parser(value_parser!(u64)))
            .arg(flag("refuse"))
            .arg(seen()),
        decision("reopen").arg(seen()),
        decision("prepare")
            .arg(text("letter").required(true).value_parser(PossibleValuesParser::new([
                "answer",
                "holding",
                "acknowledgement",
            ])))
            .arg(seen()),
        decision("correct").visible_alias("corriger").arg(seen()),
        decision("transfer").arg(text("office").value_name("OFFICE")).arg(seen()),
        decision("discard").arg(seen()),
        decision("sign").arg(seen().required(true)),
        decision("wait").arg(named("reason").value_name("TEXT")).arg(seen()),
        decision("resume").arg(seen()),
        decision("opinion").arg(text("colleague").long("to").required(true).value_name("ADDRESS")),
        decision("answered").arg(by()).arg(at()).arg(named("summary").value_name("TEXT")).arg(seen()),
        decision("outside")
            .arg(
                text("verdict").required(true).value_parser(PossibleValuesParser::new(["answer", "holding"])),
            )
            .arg(seen()),
        decision("received")
            .arg(
                Arg::new("question")
                    .long("question")
                    .value_name("N")
                    .default_value("1")
                    .value_parser(value_parser!(u32)),
            )
            .arg(at().required(true))
            .arg(named("reason").value_name("TEXT"))
            .arg(seen()),
    ]
}

/// The two ways to begin a thread.
fn beginnings() -> [Command; 2] {
    let begin = |name: &'static str| Command::new(name).arg(named("as").value_name("NAME")).arg(flag("json"));
    [
        begin("record")
            .arg(by())
            .arg(at())
            .arg(named("name").value_name("NAME"))
            .arg(text("email").long("email").value_name("ADDRESS"))
            .arg(named("subject").value_name("TEXT"))
            .arg(named("text").value_name("TEXT")),
        begin("write")
            .arg(text("recipient").long("to").required(true).value_name("ADDRESS"))
            .arg(named("subject").value_name("TEXT"))
            .arg(path("body-file").long("body-file").value_name("F").required(true)),
    ]
}

/// How somebody reached us, or we them.
fn by() -> Arg {
    text("medium")
        .long("by")
        .required(true)
        .value_parser(PossibleValuesParser::new(Medium::SPOKEN.map(Medium::key)))
}

fn at() -> Arg {
    text("at").long("at").value_name("MOMENT").value_parser(value_parser!(Moment))
}

fn report() -> Command {
    let day = |name: &'static str| {
        text(name).long(name).value_name("YYYY-MM-DD").value_parser(ValueParser::new(date))
    };
    Command::new("report").subcommand_required(true).subcommand(
        Command::new("response-times")
            .arg(day("from"))
            .arg(day("to"))
            .arg(text("by").long("by").value_parser(PossibleValuesParser::new(By::ALL.map(By::key))))
            .arg(text("entry").long("entry").value_name("SLUG"))
            .arg(
                text("kind")
                    .long("kind")
                    .value_parser(PossibleValuesParser::new(Kind::ALL.map(Kind::as_str))),
            )
            .arg(text("organisation").long("organisation").value_name("NAME"))
            .arg(text("as-of").long("as-of").value_name("MOMENT").value_parser(value_parser!(Moment)))
            .arg(flag("provisional"))
            .arg(format(&["table", "csv", "xlsx", "json"]))
            .arg(path("output").long("output").value_name("FILE")),
    )
}

fn replay() -> Command {
    Command::new("replay")
        .visible_alias("rejouer")
        .arg(path("replies").long("replies").value_name("D").required(true))
        .arg(flag("json"))
}

fn examples() -> Command {
    Command::new("examples")
        .subcommand_required(true)
        .subcommand(Command::new("list").arg(flag("json")))
        .subcommand(Command::new("review").arg(flag("json")))
        .subcommand(
            Command::new("adopt")
                .arg(id())
                .arg(text("wording").long("wording").value_name("TEXT"))
                .arg(named("as").value_name("NAME")),
        )
        .subcommand(Command::new("withdraw").arg(id()).arg(named("as").value_name("NAME")))
}

/// A flood: what waits for the same text, and approving it in one gesture.
fn groups() -> [Command; 2] {
    [
        Command::new("groups").arg(flag("json")),
        Command::new("approve-group")
            .arg(
                Arg::new("seen-thread")
                    .required(true)
                    .num_args(1..)
                    .value_name("ID:VERSION")
                    .value_parser(ValueParser::new(seen_thread)),
            )
            .arg(text("entry").long("entry").value_name("ENTRY").action(ArgAction::Append))
            .arg(path("body-file").long("body-file").value_name("F").conflicts_with("entry"))
            .arg(named("as").value_name("NAME"))
            .arg(flag("json")),
    ]
}

fn seen_thread(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once(':').and_then(|(id, seen)| Some((id.parse().ok()?, seen.parse().ok()?)));
    parts.ok_or_else(|| "ID:VERSION".to_owned())
}

fn user() -> Command {
    let of = |name: &'static str| {
        Command::new(name).arg(text("name").required(true).value_name("NAME")).arg(flag("json"))
    };
    let day = |name: &'static str| {
        text(name).long(name).required(true).value_name("YYYY-MM-DD").value_parser(ValueParser::new(date))
    };
    let roles = PossibleValuesParser::new(Role::ALL.map(Role::key));
    Command::new("user")
        .subcommand_required(true)
        .subcommand(
            of("add")
                .arg(
                    text("role")
                        .long("role")
                        .action(ArgAction::Append)
                        .default_value(Role::Reviewer.key())
                        .value_parser(roles),
                )
                .arg(day("until").required(false)),
        )
        .subcommand(Command::new("list").arg(flag("json")))
        .subcommand(of("disable"))
        .subcommand(of("link"))
        .subcommand(Command::new("password").arg(text("name").required(true).value_name("NAME")))
        .subcommand(Command::new("sessions").arg(text("name").value_name("NAME")).arg(flag("json")))
        .subcommand(Command::new("logout").arg(text("name").required(true).value_name("NAME")))
        .subcommand(
            Command::new("log")
                .arg(text("person").long("person").value_name("NAME"))
                .arg(Arg::new("thread").long("thread").value_name("ID").value_parser(value_parser!(u64)))
                .arg(format(&["table", "csv", "json"])),
        )
        .subcommand(
            of("absent")
                .arg(day("from"))
                .arg(day("to"))
                .arg(text("delegate").long("delegate").value_name("NAME")),
        )
}

fn store() -> Command {
    let folder = || path("folder").required(true).value_name("DIR");
    Command::new("store")
        .subcommand_required(true)
        .subcommand(Command::new("verify").arg(flag("json")))
        .subcommand(Command::new("rebuild"))
        .subcommand(Command::new("backup").arg(folder()))
        .subcommand(Command::new("restore").arg(folder()))
        .subcommand(Command::new("export").arg(folder()))
        .subcommand(
            Command::new("purge")
                .arg(id())
                .arg(named("rule").value_name("TEXT"))
                .arg(named("authority").value_name("NAME"))
                .arg(named("as").value_name("NAME")),
        )
}

fn date(text: &str) -> Result<jiff::civil::Date, jiff::Error> {
    text.parse()
}

fn states() -> PossibleValuesParser {
    PossibleValuesParser::new(State::ALL.map(State::name))
}

fn kinds() -> PossibleValuesParser {
    PossibleValuesParser::new(Kind::ALL.map(Kind::as_str))
}

fn format(formats: &'static [&'static str]) -> Arg {
    text("format").long("format").default_value("table").value_parser(PossibleValuesParser::new(formats))
}

fn id() -> Arg {
    Arg::new("id").required(true).value_name("ID").value_parser(value_parser!(u64))
}

fn language() -> Arg {
    text("language").long("language").value_name("LANG").value_parser(PossibleValuesParser::new(["fr", "en"]))
}

fn named(name: &'static str) -> Arg {
    text(name).long(name).required(true)
}

fn flag(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue)
}

fn text(name: &'static str) -> Arg {
    Arg::new(name)
}

fn path(name: &'static str) -> Arg {
    Arg::new(name).value_parser(value_parser!(PathBuf))
}

/// Gives every command and argument its text: `cli-threads`, `cli-arg-state`.
fn localise(command: Command, wording: &Wording, key: &str) -> Command {
    let template = format!(
        "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}\n",
        wording.text("cli-usage")
    );
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let (options, arguments) = (wording.text("cli-options"), wording.text("cli-arguments"));
    let mut command = command
        .about(wording.text(key))
        .help_template(template)
        .subcommand_help_heading(wording.text("cli-commands"))
        .subcommand_value_name(wording.text("cli-command"))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|arg| {
            let heading = if arg.is_positional() { arguments.clone() } else { options.clone() };
            let help = wording.text(&format!("cli-arg-{}", arg.get_id()));
            arg.help(help).help_heading(heading).hide_possible_values(false)
        })
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help(wording.text("cli-arg-help"))
                .help_heading(options.clone()),
        );
    if key == "cli" {
        command = command.arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(wording.text("cli-arg-version"))
                .help_heading(options.clone()),
        );
    }
    for name in names {
        command = command.mut_subcommand(&name, |sub| localise(sub, wording, &format!("{key}-{name}")));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::Language;

    fn walk(command: &Command, wording: &Wording, key: &str) {
        assert!(wording.has(key), "{key} has no text");
        for arg in command.get_arguments() {
            let key = format!("cli-arg-{}", arg.get_id());
            assert!(wording.has(&key), "{key} has no text");
        }
        for sub in command.get_subcommands() {
            walk(sub, wording, &format!("{key}-{}", sub.get_name()));
        }
    }

    #[test]
    fn the_grammar_is_sound_and_every_part_has_its_text() {
        for language in Language::ALL {
            let wording = Wording::new(language);
            let grammar = command(&wording);
            walk(&grammar, &wording, "cli");
            grammar.debug_assert();
        }
    }
}

//! The decisions on a thread, and the two ways to begin one: `record` and `write`.

use super::moment::{Moment, zone};
use super::{Context, Stop, client, print, terminal};
use crate::api::{Answer, Request};
use crate::draft::LetterKind;
use crate::review::{Adjusting, Call, Decision, FirstLetter};
use crate::thread::{Medium, Settlement};
use clap::ArgMatches;
use data_encoding::BASE64;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

pub(super) fn decide(context: &Context, name: &str, arguments: &ArgMatches) -> Result<(), Stop> {
    let id = arguments.get_one::<u64>("id").copied().unwrap_or_default();
    let seen = arguments.try_get_one::<u64>("seen").ok().flatten().copied();
    let decision = decision(context, name, arguments)?;
    let name = text(arguments, "as");
    done(context, arguments, &Request::Decide { id, seen, name, decision })
}

fn decision(context: &Context, name: &str, arguments: &ArgMatches) -> Result<Decision, Stop> {
    Ok(match name {
        "claim" => Decision::Claim,
        "release" => Decision::Release,
        "edit" => Decision::Edit { body: body(context, arguments)? },
        "adjust" => Decision::Adjust { adjust: adjusting(context, arguments)? },
        "reclassify" => Decision::Reclassify {
            entries: texts(arguments, "entries"),
            language: arguments.get_one::<String>("language").and_then(|code| code.parse().ok()),
        },
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
        "prepare" => Decision::Prepare { kind: kind(&text(arguments, "letter")), office: None },
        "correct" => Decision::Prepare { kind: LetterKind::Correction, office: None },
        "transfer" => {
            Decision::Prepare { kind: LetterKind::Transfer, office: arguments.get_one("office").cloned() }
        }
        "discard" => Decision::Discard,
        "sign" => Decision::Sign,
        "wait" => Decision::Wait { reason: text(arguments, "reason") },
        "resume" => Decision::Resume,
        "opinion" => Decision::AskOpinion { to: text(arguments, "colleague") },
        "answered" => Decision::AnswerOtherwise {
            medium: medium(arguments),
            at: at(context, arguments)?,
            summary: text(arguments, "summary"),
        },
        "outside" => Decision::JudgeOutside { answers: text(arguments, "verdict") == "answer" },
        "received" => Decision::CorrectReceipt {
            question: arguments.get_one::<u32>("question").copied().unwrap_or(1),
            received: at(context, arguments)?.unwrap_or_default(),
            reason: text(arguments, "reason"),
        },
        _ => Decision::Reopen,
    })
}

/// What `adjust` asks for: exactly one of its options.
fn adjusting(context: &Context, arguments: &ArgMatches) -> Result<Adjusting, Stop> {
    let given = |name: &str| arguments.get_one::<String>(name).cloned();
    if let Some(path) = arguments.get_one::<PathBuf>("attach") {
        let bytes = std::fs::read(path).map_err(|error| unreadable(context, path, &error))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        return Ok(Adjusting::AttachOwn { name, content: BASE64.encode(&bytes) });
    }
    Ok(if let Some(email) = given("remove") {
        Adjusting::RemoveRecipient { email }
    } else if let Some(email) = given("restore") {
        Adjusting::RestoreRecipient { email }
    } else if let Some(name) = given("attach-approved") {
        Adjusting::AttachApproved { name }
    } else if let Some(name) = given("detach") {
        Adjusting::Detach { name }
    } else if let Some(reason) = given("english") {
        Adjusting::JoinEnglish { reason }
    } else if arguments.get_flag("french-only") {
        Adjusting::LeaveEnglish
    } else {
        let pair = |text: String| text.split_once('=').map(|(field, value)| (field.into(), value.into()));
        Adjusting::Fill { fields: texts(arguments, "fill").into_iter().filter_map(pair).collect() }
    })
}

/// `record`: a question that did not come by mail.
pub(super) fn record(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let call = Call {
        medium: medium(arguments),
        at: at(context, arguments)?,
        name: text(arguments, "name"),
        email: arguments.get_one::<String>("email").cloned(),
        subject: text(arguments, "subject"),
        text: text(arguments, "text"),
    };
    done(context, arguments, &Request::RecordCall { call, name: text(arguments, "as") })
}

/// `write`: a letter that nobody asked for.
pub(super) fn write(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let letter = FirstLetter {
        to: text(arguments, "recipient"),
        subject: text(arguments, "subject"),
        body: body(context, arguments)?,
    };
    done(context, arguments, &Request::WriteFirst { letter, name: text(arguments, "as") })
}

/// Asks, and says what it led to.
fn done(context: &Context, arguments: &ArgMatches, request: &Request) -> Result<(), Stop> {
    if let Answer::Decided(summary) = Context::expect(client::ask(&context.config()?, request)?)? {
        terminal::say(&match arguments.get_flag("json") {
            true => print::json(&summary),
            false => print::decided(&context.wording, &summary),
        });
    }
    Ok(())
}

fn kind(name: &str) -> LetterKind {
    LetterKind::ALL.into_iter().find(|kind| kind.key() == name).unwrap_or_default()
}

fn medium(arguments: &ArgMatches) -> Medium {
    let name = text(arguments, "medium");
    Medium::SPOKEN.into_iter().find(|medium| medium.key() == name).unwrap_or(Medium::Other)
}

fn at(context: &Context, arguments: &ArgMatches) -> Result<Option<Timestamp>, Stop> {
    let Some(moment) = arguments.get_one::<Moment>("at") else { return Ok(None) };
    Ok(Some(moment.at(&zone(&context.config()?)?)))
}

/// The text in the file of `--body-file`.
pub(super) fn body(context: &Context, arguments: &ArgMatches) -> Result<String, Stop> {
    let path = arguments.get_one::<PathBuf>("body-file").cloned().unwrap_or_default();
    std::fs::read_to_string(&path).map_err(|error| unreadable(context, &path, &error))
}

fn unreadable(context: &Context, path: &Path, error: &std::io::Error) -> Stop {
    Stop::Line(context.wording.with("app-file", &[("path", &path.display()), ("error", error)]), 2)
}

fn text(arguments: &ArgMatches, name: &str) -> String {
    arguments.get_one::<String>(name).cloned().unwrap_or_default()
}

fn texts(arguments: &ArgMatches, name: &str) -> Vec<String> {
    arguments.get_many::<String>(name).map(|texts| texts.cloned().collect()).unwrap_or_default()
}

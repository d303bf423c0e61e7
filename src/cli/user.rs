//! `user add | list | disable | password | absent`: who works at the desk; the rest of `user` is beside it.

use super::{Context, Stop, access, client, print, terminal};
use crate::api::{Account, Answer, Request};
use crate::people::{Absence, Change, Person, Role};
use crate::replies::date_in_words;
use crate::wording::Wording;
use clap::ArgMatches;
use jiff::civil::Date;
use std::fmt::Display;

pub(super) fn user(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let Some((name, arguments)) = arguments.subcommand() else { return Ok(()) };
    let text = |key: &str| arguments.get_one::<String>(key).cloned();
    let day = |key: &str| arguments.get_one::<Date>(key).copied();
    match name {
        "sessions" => return access::sessions(context, arguments),
        "logout" => return access::log_out(context, arguments),
        "log" => return access::log(context, arguments),
        _ => {}
    }
    if name == "password" {
        let name = text("name").unwrap_or_default();
        let answer = client::ask(&context.config()?, &Request::IssuePassword { name: name.clone() })?;
        let Answer::Password(password) = Context::expect(answer)? else { return Ok(()) };
        let values: [(&str, &dyn Display); 2] = [("name", &name), ("password", &password)];
        terminal::say(&context.wording.with("user-password", &values));
        return Ok(());
    }
    let account = match name {
        "add" => {
            let given = arguments.get_many::<String>("role").into_iter().flatten();
            let roles = given.filter_map(|name| Role::of_key(name)).collect();
            Account::Add { name: text("name").unwrap_or_default(), roles, until: day("until") }
        }
        "link" => Account::Change { name: text("name").unwrap_or_default(), change: Change::Join },
        "disable" => Account::Change { name: text("name").unwrap_or_default(), change: Change::Disable },
        "absent" => {
            let (from, to) = (day("from").unwrap_or_default(), day("to").unwrap_or_default());
            let change = Change::Absent(Absence { from, to, delegate: text("delegate") });
            Account::Change { name: text("name").unwrap_or_default(), change }
        }
        _ => Account::List,
    };
    let answer = client::ask(&context.config()?, &Request::Accounts { account })?;
    let Answer::Accounts(people) = Context::expect(answer)? else { return Ok(()) };
    if people.is_empty() && !arguments.get_flag("json") {
        terminal::say(&context.wording.text("user-none"));
    }
    for person in people {
        terminal::say(&match arguments.get_flag("json") {
            true => print::json(&person),
            false => line(&context.wording, &person),
        });
    }
    Ok(())
}

fn line(wording: &Wording, person: &Person) -> String {
    let roles: Vec<String> =
        person.roles.iter().map(|role| wording.text(&format!("role-{}", role.key()))).collect();
    let mut line = format!("{} · {}", person.name, roles.join(", "));
    if let Some(at) = person.disabled {
        line = format!("{line} · {}", wording.with("user-disabled", &[("at", &print::moment(wording, at))]));
    }
    if let Some(last) = person.until {
        let last = date_in_words(wording.language(), last);
        line = format!("{line} · {}", wording.with("user-until", &[("day", &last)]));
    }
    for absence in &person.absences {
        let day = |day: Date| date_in_words(wording.language(), day);
        let delegate = absence.delegate.clone().unwrap_or_default();
        let values: [(&str, &dyn Display); 3] =
            [("from", &day(absence.from)), ("to", &day(absence.to)), ("delegate", &delegate)];
        let key = if delegate.is_empty() { "user-absent" } else { "user-absent-delegate" };
        line = format!("{line} · {}", wording.with(key, &values));
    }
    line
}

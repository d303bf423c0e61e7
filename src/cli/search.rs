//! `search`: threads in which something stands.

use super::{Context, Stop, client, print, terminal};
use crate::api::{Answer, Request};
use crate::organisation::Kind;
use crate::search::{Extract, Hit, PAGE, Query, Stretch};
use crate::wording::{Wording, key};
use clap::ArgMatches;
use std::fmt::Display;

pub(super) fn search(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let page = arguments.get_one::<usize>("page").copied().unwrap_or(1).max(1);
    let query = Query { skip: (page - 1).saturating_mul(PAGE), ..query(arguments) };
    if query.is_empty() {
        return Err(Stop::Line(context.wording.text("search-nothing-asked"), 2));
    }
    let answer = client::ask(&context.config()?, &Request::Search { query })?;
    let Answer::Found(found) = Context::expect(answer)? else { return Ok(()) };
    if arguments.get_flag("json") {
        found.hits.iter().for_each(|hit| terminal::say(&print::json(hit)));
        return Ok(());
    }
    let wording = &context.wording;
    for hit in &found.hits {
        terminal::say(&line(wording, hit));
        if let Some(extract) = &hit.extract {
            terminal::say(&context_line(wording, extract));
        }
    }
    terminal::say(&found.line(wording));
    Ok(())
}

fn query(arguments: &ArgMatches) -> Query {
    let text = |name: &str| arguments.get_one::<String>(name).cloned().unwrap_or_default();
    let words = arguments.get_many::<String>("words").unwrap_or_default();
    // What the shell held together was meant to stay together.
    let word = |word: &String| match word.contains(char::is_whitespace) && !word.contains(['"', '«', '“'])
    {
        true => format!("\"{word}\""),
        false => word.clone(),
    };
    Query {
        words: words.map(word).collect::<Vec<_>>().join(" "),
        organisation: text("organisation"),
        kind: Kind::ALL.into_iter().find(|kind| kind.as_str() == text("kind")),
        entry: text("found-entry"),
        state: text("state").parse().ok(),
        by: text("found-by"),
        from: arguments.get_one("found-from").copied(),
        to: arguments.get_one("found-to").copied(),
        newest_first: arguments.get_flag("newest"),
        skip: 0,
    }
}

fn line(wording: &Wording, hit: &Hit) -> String {
    let parts = [
        hit.id.to_string(),
        wording.text(&format!("state-{}", hit.state)),
        hit.organisation.clone(),
        hit.subject.clone(),
        print::moment(wording, hit.latest),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn context_line(wording: &Wording, extract: &Extract) -> String {
    let mark = |stretch: &Stretch| match stretch.hit {
        true => format!("[{}]", stretch.text),
        false => stretch.text.clone(),
    };
    let text: String = extract.stretches.iter().map(mark).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (before, after) =
        (if extract.cut_before { "… " } else { "" }, if extract.cut_after { " …" } else { "" });
    let place = wording.text(&format!("search-place-{}", key(&extract.place)));
    let values: [(&str, &dyn Display); 2] = [("place", &place), ("text", &format!("{before}{text}{after}"))];
    format!("    {}", wording.with("search-context", &values))
}

//! What needs the approved texts only: classify, evaluate, replies (but for `replies told`).

use super::{Context, Stop, entry, print, terminal};
use crate::app::{self, Problem};
use crate::classify::{self, Mail};
use crate::draft;
use crate::library::{EncoderFolder, Library};
use crate::message;
use crate::replies::{Entry, Values};
use crate::wording::Language;
use clap::ArgMatches;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A line of `classify --json`.
#[derive(Serialize)]
struct Classified {
    file: String,
    #[serde(flatten)]
    classification: classify::Classification,
    newest: String,
}

/// A line of `replies list --json`.
#[derive(Serialize)]
struct Listed<'a> {
    entry: String,
    language: Language,
    slug: &'a str,
    variant: Option<&'a str>,
    title: &'a str,
    question: &'a str,
    version: u32,
    effective: String,
    superseded: Option<String>,
    approved_by: Option<&'a str>,
    approved_on: Option<String>,
    source: String,
}

impl<'a> Listed<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self {
            entry: entry.id.to_string(),
            language: entry.id.language,
            slug: entry.id.slug.as_str(),
            variant: entry.id.variant.as_deref(),
            title: &entry.title,
            question: &entry.question,
            version: entry.version,
            effective: entry.effective.to_string(),
            superseded: entry.superseded.map(|day| day.to_string()),
            approved_by: entry.approval.as_ref().map(|approval| approval.by.as_str()),
            approved_on: entry.approval.as_ref().map(|approval| approval.on.to_string()),
            source: format!("{} – {}", entry.source.document, entry.source.section),
        }
    }
}

/// The library that `--replies` names, or else the config's.
fn library(context: &Context, arguments: &ArgMatches) -> Result<Library, Stop> {
    let dir = match arguments.get_one::<PathBuf>("replies") {
        Some(dir) => dir.clone(),
        None => context.config()?.replies_dir,
    };
    Ok(Library::open(&dir).map_err(Problem::Replies)?)
}

/// The same, with the encoder that `--encoder` names, or else the config's where the texts are, too.
fn library_with_encoder(context: &Context, arguments: &ArgMatches) -> Result<Library, Stop> {
    let encoder = match arguments.get_one::<PathBuf>("encoder") {
        Some(dir) => Some(EncoderFolder::open(dir, dir).map_err(Problem::Encoder)?),
        None if arguments.contains_id("replies") => None,
        None => app::encoder(&context.config()?)?,
    };
    Ok(library(context, arguments)?.with_encoder(encoder))
}

fn unreadable(context: &Context, path: &Path, error: &std::io::Error) -> Stop {
    Stop::Line(context.wording.with("app-file", &[("path", &path.display()), ("error", error)]), 1)
}

pub(super) fn classify(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let library = library_with_encoder(context, arguments)?;
    // Texts from elsewhere need no config, but one that is there knows the mail better.
    let banners = match context.config() {
        Ok(config) => config.mailbox.banners,
        Err(_) if arguments.contains_id("replies") => message::Banners::default(),
        Err(stop) => return Err(stop),
    };
    let model = library.model(&library.current(), []);
    for path in arguments.get_many::<PathBuf>("path").into_iter().flatten() {
        for file in files(path).map_err(|error| unreadable(context, path, &error))? {
            let raw = std::fs::read(&file).map_err(|error| unreadable(context, &file, &error))?;
            let message = message::read(&raw, &banners);
            let classification = model.classify(&Mail::of(&message));
            let line =
                Classified { file: file.display().to_string(), classification, newest: message.newest.text };
            if arguments.get_flag("json") {
                terminal::say(&print::json(&line));
            } else {
                terminal::say(&print::classified(&context.wording, &line.file, &line.classification));
                if arguments.get_flag("explain") {
                    terminal::say(&print::explained(&context.wording, &line.classification));
                }
            }
        }
    }
    Ok(())
}

/// A file itself; a folder's `.eml` files in order.
fn files(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "eml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

pub(super) fn evaluate(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let library = library_with_encoder(context, arguments)?;
    if arguments.get_flag("floors") {
        let floors =
            toml::to_string(&library.measured()).map_err(|error| Stop::Line(error.to_string(), 1))?;
        terminal::say(&format!("{}\n{floors}", context.wording.text("evaluate-floors").trim_end()));
        return Ok(());
    }
    let model = library.model(&library.current(), []);
    let mut corpus = Vec::new();
    for path in arguments.get_many::<PathBuf>("path").into_iter().flatten() {
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(context, path, &error))?;
        let mails = classify::read_corpus(&text).map_err(|line| {
            let values: [(&str, &dyn std::fmt::Display); 2] = [("path", &path.display()), ("line", &line)];
            Stop::Line(context.wording.with("evaluate-line", &values), 2)
        })?;
        corpus.extend(mails);
    }
    let figures = classify::evaluate(&corpus, |case| model.read_case(case));
    if arguments.get_flag("json") {
        terminal::say(&print::json(&figures));
    } else {
        terminal::say(&print::figures(&context.wording, &figures));
    }
    Ok(())
}

pub(super) fn replies(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let Some((name, arguments)) = arguments.subcommand() else { return Ok(()) };
    if name == "told" {
        return entry::told(context, arguments);
    }
    let replies = library(context, arguments)?.current();
    let wording = &context.wording;
    match name {
        "check" => {
            let count = replies.slugs().count();
            terminal::say(&wording.with("replies-sound", &[("count", &count)]));
        }
        "list" => {
            for language in Language::ALL {
                for slug in replies.slugs() {
                    for entry in replies.variants(language, slug) {
                        terminal::say(&if arguments.get_flag("json") {
                            print::json(&Listed::of(entry))
                        } else {
                            print::entry_line(wording, entry)
                        });
                    }
                }
            }
        }
        _ => {
            let given = arguments.get_one::<String>("entry").cloned().unwrap_or_default();
            let language = arguments.get_one::<String>("language").and_then(|code| code.parse().ok());
            let language = language.unwrap_or(wording.language());
            let Some(entry) = draft::find(&replies, language, &given) else {
                let known: Vec<String> = replies.slugs().map(ToString::to_string).collect();
                let values: [(&str, &dyn std::fmt::Display); 2] =
                    [("entry", &given), ("known", &known.join(", "))];
                return Err(Stop::Line(wording.with("refusal-no-entry", &values), 2));
            };
            terminal::say(&entry.render(&Values::default()).markdown);
        }
    }
    Ok(())
}

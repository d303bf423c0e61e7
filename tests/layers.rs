//! Who may import whom: the import table as data, held against every path in `src/`.
//!
//! The table is the one in the head of `src/lib.rs`. A change of the picture changes
//! both, in one commit. Beside it: rules on what a layer may reach outside the crate,
//! and on the shape of a file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/rust_paths.rs"]
mod rust_paths;

use rust_paths::{Said, paths};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Values: pure. Each may use those before it.
const VALUES: [&str; 13] = [
    "wording",
    "tables",
    "message",
    "organisation",
    "threading",
    "replies",
    "classify",
    "draft",
    "letter",
    "notice",
    "thread",
    "calendar",
    "account",
];

/// Settings: may use values, and settings before them.
const SETTINGS: [&str; 3] = ["config", "clock", "library"];

/// Edges: talk to the world, hand over bytes and verdicts.
const EDGES: [&str; 7] = ["tls", "http", "mailbox", "outbox::*", "chat::matrix", "chat::webhook", "oidc"];

/// Stages: meet in the journal, never in each other.
const STAGES: [&str; 8] = ["intake", "triage", "review", "outbox", "people", "search", "report", "chat"];

/// Doors: what people and programs come in by.
const DOORS: [&str; 4] = ["api", "console", "commands", "metrics"];

/// What may use what, by the names above; a module may always use its own submodules.
fn allowed(module: &str) -> Option<Vec<&'static str>> {
    let values = || VALUES.to_vec();
    let settings = || SETTINGS.to_vec();
    let layers = |parts: &[&[&'static str]]| Some(parts.concat());
    if let Some(place) = VALUES.iter().position(|value| *value == module) {
        return Some(VALUES[..place].to_vec());
    }
    if let Some(place) = SETTINGS.iter().position(|setting| *setting == module) {
        return layers(&[&values(), &SETTINGS[..place]]);
    }
    let stage = |edges: &[&'static str]| layers(&[&values(), &settings(), &["journal"], edges]);
    match module {
        "journal" => layers(&[&values(), &["clock"]]),
        "tls" => layers(&[&settings(), &["wording"]]),
        "http" => layers(&[&settings(), &["tls"]]),
        "outbox::*" => layers(&[&settings(), &["wording", "letter", "notice", "tls", "http"]]),
        "mailbox" | "chat::matrix" | "chat::webhook" | "oidc" => {
            layers(&[&settings(), &["wording", "letter", "tls", "http"]])
        }
        "intake" => stage(&["mailbox"]),
        // The outbox also files its copy in Sent.
        "outbox" => stage(&["mailbox", "outbox::*"]),
        // Who somebody is may be the identity provider's to say.
        "people" => stage(&["oidc"]),
        "chat" => stage(&["chat::matrix", "chat::webhook"]),
        "triage" | "review" | "search" | "report" => stage(&[]),
        "api" | "console" | "commands" | "metrics" => {
            layers(&[&values(), &settings(), &["review", "people", "search", "report"]])
        }
        "app" => layers(&[&values(), &settings(), &["journal"], &EDGES, &STAGES, &DOORS]),
        "cli" => layers(&[&values(), &settings(), &["journal"], &EDGES, &STAGES, &DOORS, &["app"]]),
        "main" => layers(&[&values(), &settings(), &["journal"], &EDGES, &STAGES, &DOORS, &["app", "cli"]]),
        "lib" => Some(Vec::new()),
        _ => None,
    }
}

/// Names from outside the crate, and the only modules that may say them outside tests.
const ONLY_IN: [(&str, &[&str]); 11] = [
    ("reqwest", &["http"]),
    ("axum", &["console", "metrics"]),
    ("askama", &["console"]),
    ("sled", &["journal"]),
    ("tantivy", &["search"]),
    ("rust_xlsxwriter", &["report"]),
    ("async_imap", &["mailbox"]),
    ("lettre", &["draft", "letter", "notice", "outbox::*"]),
    ("openidconnect", &["oidc"]),
    ("clap", &["cli", "main"]),
    ("tracing_subscriber", &["main", "cli", "app"]),
];

/// What no value may say outside its tests: it does no I/O and takes the time as given.
const NOT_IN_VALUES: [&str; 14] = [
    "tokio",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::env",
    "std::io::stdin",
    "std::io::stdout",
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "ZonedDateTime::now",
    "println",
    "getrandom",
];

/// Longest file. Lines.
const LONGEST: usize = 500;

/// One file of `src/`, read.
struct Source {
    path: PathBuf,
    text: String,
    /// `["outbox", "smtp"]` for `src/outbox/smtp.rs`.
    module: Vec<String>,
    paths: Vec<Said>,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let from_root = path.strip_prefix(&root).unwrap().with_extension("");
                let mut module: Vec<String> =
                    from_root.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
                if module.len() > 1 && module.last().unwrap() == "mod" {
                    module.pop();
                }
                let paths = paths(&text);
                sources.push(Source { path, text, module, paths });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(sources.len() > 5, "src/ was not read");
    sources
}

/// The layer's name for a module path: `outbox::*` for what lies under the outbox, but for its notices, which
/// are a part of the stage.
fn layer(module: &[String]) -> String {
    match (module.first().map(String::as_str), module.len()) {
        (Some("outbox"), 2..) if module[1] != "notice" => "outbox::*".to_owned(),
        (Some("chat"), 2..) if ["matrix", "webhook"].contains(&module[1].as_str()) => {
            format!("chat::{}", module[1])
        }
        (Some(top), _) => top.to_owned(),
        (None, _) => "lib".to_owned(),
    }
}

/// Where a path of `source` leads within the crate, as the parts after `crate`.
fn target(source: &Source, said: &Said) -> Option<Vec<String>> {
    let first = said.parts.first()?.as_str();
    let rest = match first {
        "crate" => said.parts[1..].to_vec(),
        // The binary names the library by its name.
        "greffier" if layer(&source.module) == "main" => said.parts[1..].to_vec(),
        "super" => {
            let ups = said.parts.iter().take_while(|part| *part == "super").count();
            let here = [&source.module[..], &said.within[..]].concat();
            let kept = here.len().checked_sub(ups)?;
            [&here[..kept], &said.parts[ups..]].concat()
        }
        _ => return None,
    };
    // All of the root at once would hide what is used.
    rest.first().is_some_and(|top| top == "*" || is_module(top)).then_some(rest)
}

/// Whether the crate's root has such a module (and not only an item of that name).
fn is_module(name: &str) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    root.join(name).with_extension("rs").exists() || root.join(name).join("mod.rs").exists()
}

#[test]
fn no_module_imports_what_its_layer_may_not() {
    let mut wrong = Vec::new();
    for source in sources() {
        let from = layer(&source.module);
        let Some(allowed) = allowed(&from) else {
            wrong.push(format!("{}: “{from}” is missing from the table", source.path.display()));
            continue;
        };
        for said in &source.paths {
            let Some(target) = target(&source, said) else { continue };
            let to = layer(&target[..target.len().min(2)]);
            // `outbox::Verdict` is the parent's, whoever says it.
            let to = if to == "outbox::*" && !under_outbox(&target[1]) { "outbox".to_owned() } else { to };
            let own = source.module.first() == target.first();
            if !own && !allowed.contains(&to.as_str()) {
                wrong.push(format!(
                    "{}:{}: {from} may not use {to} ({})",
                    source.path.display(),
                    said.line,
                    said.parts.join("::")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

fn under_outbox(name: &str) -> bool {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/outbox");
    folder.join(name).with_extension("rs").exists()
}

#[test]
fn the_modules_have_no_loops() {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources() {
        for said in &source.paths {
            if let Some(target) = target(&source, said)
                && target.first() != source.module.first()
            {
                edges.entry(source.module[0].clone()).or_default().insert(target[0].clone());
            }
        }
    }
    assert!(!edges.is_empty(), "no import was found");
    // Takes away whatever imports nothing that is left; what stays, stands in a loop.
    loop {
        let left: BTreeSet<String> = edges.keys().cloned().collect();
        let before = edges.len();
        edges.retain(|_, to| to.iter().any(|module| left.contains(module)));
        if edges.len() == before {
            break;
        }
    }
    assert!(edges.is_empty(), "modules in a loop, or leading to one: {edges:?}");
}

#[test]
fn what_belongs_to_one_layer_is_named_in_no_other() {
    let mut wrong = Vec::new();
    let sources = sources();
    let tests: BTreeSet<Vec<String>> = sources.iter().flat_map(test_files).collect();
    for source in &sources {
        let layer = layer(&source.module);
        if tests.contains(&source.module) {
            continue;
        }
        for said in source.paths.iter().filter(|said| !said.within.contains(&"tests".to_owned())) {
            let whole = said.parts.join("::");
            let names = |name: &str| {
                let found = whole.split("::").collect::<Vec<_>>();
                let wanted = name.split("::").collect::<Vec<_>>();
                found.windows(wanted.len()).any(|window| window == wanted)
            };
            for (name, modules) in ONLY_IN {
                if said.parts[0] == name && !modules.contains(&layer.as_str()) {
                    wrong.push(format!("{}:{}: {whole} in {layer}", source.path.display(), said.line));
                }
            }
            // Reading the environment belongs to the config; one's own path does not count.
            if (names("env::var") || names("env::var_os") || names("env::vars_os")) && layer != "config" {
                wrong.push(format!("{}:{}: {whole} outside the config", source.path.display(), said.line));
            }
            if VALUES.contains(&layer.as_str()) && NOT_IN_VALUES.iter().any(|name| names(name)) {
                wrong.push(format!("{}:{}: {whole} in a value", source.path.display(), said.line));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// The modules that this file declares for tests only: `#[cfg(test)] mod name;`.
fn test_files(source: &Source) -> Vec<Vec<String>> {
    let lines: Vec<&str> = source.text.lines().map(str::trim).collect();
    let name = |line: &str| Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned());
    let pairs = lines.windows(2).filter(|pair| pair[0] == "#[cfg(test)]");
    pairs.filter_map(|pair| Some([&source.module[..], &[name(pair[1])?]].concat())).collect()
}

#[test]
fn every_file_says_what_it_is_for_and_stays_short() {
    let mut wrong = Vec::new();
    for source in sources() {
        if !source.text.starts_with("//! ") {
            wrong.push(format!("{}: does not open with //!", source.path.display()));
        }
        let lines = source.text.lines().count();
        if lines > LONGEST {
            wrong.push(format!("{}: {lines} lines, at most {LONGEST}", source.path.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn inline_modules_are_known() {
    let text = "mod tests { use super::*; fn f() { super::super::config::x() } }\nuse super::config;";
    let found = paths(text);
    let within: Vec<usize> = found.iter().map(|said| said.within.len()).collect();
    assert_eq!(within, [1, 1, 0]);
    assert_eq!(found[1].line, 1);
    assert_eq!(found[2].line, 2);
    let source =
        Source { path: PathBuf::new(), text: String::new(), module: vec!["outbox".to_owned()], paths: found };
    let targets: Vec<_> = source.paths.iter().map(|said| target(&source, said)).collect();
    assert_eq!(targets[0], Some(vec!["outbox".to_owned(), "*".to_owned()]));
    assert_eq!(targets[1], Some(vec!["config".to_owned(), "x".to_owned()]));
    assert_eq!(targets[2], Some(vec!["config".to_owned()]));
}

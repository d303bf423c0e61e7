//! `greffier check`: loads everything, logs in everywhere, renders every reply.

mod chat;

use super::ear::credentials;
use super::{Problem, calendar, encoder, organisations, since_unset};
use crate::calendar::{Calendar, Expiry};
use crate::clock::Clock;
use crate::config::{Config, Credential, MailboxKind, OutboxKind};
use crate::console;
use crate::library::{self, Library};
use crate::mailbox;
use crate::oidc::{self, Provider};
use crate::outbox::smtp;
use crate::wording::{Language, Wording};
use std::path::Path;

/// One part, in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckLine {
    /// What was looked at: a wording key.
    pub part: &'static str,
    /// What was found; several lines where several things are wrong.
    pub found: Result<String, Vec<String>>,
    /// Whether a problem is one of the config (exit code 2).
    pub config: bool,
}

/// Looks at every part; nothing is sent, fetched or changed.
pub async fn check(config: &Config, wording: &Wording) -> Vec<CheckLine> {
    let part = |part, found: Result<String, Problem>| CheckLine {
        part,
        config: found.as_ref().is_err_and(|problem| problem.exit_code() == 2),
        found: found.map_err(|problem| problem.lines(wording, Some(config))),
    };
    let since = config.mailbox.since.map(|_| shown(&config.path)).ok_or_else(since_unset);
    let mut lines = vec![
        part("check-config", since),
        part("check-data", data_dir(config)),
        part("check-organisations", organisations(config).map(|_| shown(&config.organisations_file))),
        part("check-calendar", calendar(config).map(|calendar| with_warning(config, &calendar, wording))),
        part("check-replies", replies(config, wording)),
    ];
    if let Some(dir) = &config.encoder {
        lines.push(part("check-encoder", encoder(config).map(|_| with_floors(config, dir, wording))));
    }
    if let Some(console) = &config.console {
        let listens = console::check(console.tls.as_ref()).map(|()| console.listen.to_string());
        lines.push(part("check-console", listens.map_err(Problem::Console)));
        if let Some(settings) = &console.oidc {
            let found = Provider::new(settings.clone()).discover().await;
            let found = found.map(|()| settings.issuer.clone()).map_err(|fault| provider(&fault, wording));
            lines.push(CheckLine { part: "check-provider", found, config: false });
        }
    }
    if let Some(settings) = &config.chat {
        lines.extend(chat::lines(settings, wording).await);
    }
    lines.extend(ends(config, wording));
    lines.push(part("check-mailbox", mailbox(config, wording).await));
    lines.push(CheckLine { part: "check-outbox", found: outbox(config, wording).await, config: false });
    lines
}

/// What the identity provider answers, in words; its own and the system's are English.
fn provider(fault: &oidc::Fault, wording: &Wording) -> Vec<String> {
    let (key, why) = match fault {
        oidc::Fault::Unreachable(why) => ("check-provider-unreachable", why.clone()),
        oidc::Fault::Refused(why) | oidc::Fault::Unsound(why) => ("check-provider-unsound", why.clone()),
        oidc::Fault::Secret(error) => ("check-provider-secret", error.to_string()),
    };
    vec![wording.with(key, &[("why", &why)])]
}

/// The encoder's folder, and whether its floors were measured: without them nothing is sure.
fn with_floors(config: &Config, dir: &Path, wording: &Wording) -> String {
    let measured = library::read(&config.replies_dir).is_ok_and(|replies| replies.encoder_floors().is_some());
    if measured {
        shown(dir)
    } else {
        wording.with("check-encoder-without-floors", &[("dir", &dir.display())])
    }
}

/// What has an end, and whether it is near.
fn ends(config: &Config, wording: &Wording) -> Option<CheckLine> {
    let zone = calendar(config).ok()?.zone().clone();
    let today = zone.to_datetime(Clock::system().now()).date();
    let credentials = credentials(config, &zone, wording);
    let next = credentials.first()?;
    let told = |credential: &Credential| {
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("name", &credential.name), ("day", &credential.until)];
        let text = if credential.until < today { "chat-alert-ended" } else { "chat-alert-ends" };
        wording.with(text, &values)
    };
    let ended: Vec<String> = credentials.iter().filter(|of| of.until < today).map(told).collect();
    let found = if ended.is_empty() { Ok(told(next)) } else { Err(ended) };
    Some(CheckLine { part: "check-credentials", found, config: false })
}

/// The calendar's file, and what is to be done about its years before reports refuse them.
fn with_warning(config: &Config, calendar: &Calendar, wording: &Wording) -> String {
    let path = shown(&config.calendar_file);
    let today = calendar.date_of(Clock::system().now());
    match calendar.warning(today) {
        None => path,
        Some(Expiry::Soon { day }) => wording.with("check-calendar-soon", &[("path", &path), ("day", &day)]),
        Some(Expiry::Unconfirmed { year }) => {
            wording.with("check-calendar-unconfirmed", &[("path", &path), ("year", &year)])
        }
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Whether the data folder can be written; a store that a daemon holds is none of our business.
fn data_dir(config: &Config) -> Result<String, Problem> {
    let dir = &config.data_dir;
    let failed = |error| Problem::File { path: shown(dir), error };
    std::fs::create_dir_all(dir).map_err(failed)?;
    let probe = dir.join("check.tmp");
    std::fs::write(&probe, b"greffier").map_err(failed)?;
    std::fs::remove_file(&probe).map_err(failed)?;
    Ok(shown(dir))
}

/// Reads the library and renders every entry once.
fn replies(config: &Config, wording: &Wording) -> Result<String, Problem> {
    let replies = Library::open(&config.replies_dir).map_err(Problem::Replies)?.current();
    let (mut count, mut samples) = (0, 0);
    for language in Language::ALL {
        for slug in replies.slugs() {
            for entry in replies.variants(language, slug) {
                count += 1;
                samples += usize::from(!entry.is_approved());
                let _ = entry.render(&crate::replies::Values::default());
            }
        }
    }
    Ok(wording.with("check-replies-found", &[("count", &count), ("samples", &samples)]))
}

async fn mailbox(config: &Config, wording: &Wording) -> Result<String, Problem> {
    let mut session = mailbox::open(&config.mailbox, mailbox::Setup::default()).await?;
    let folders = session.folders().await?;
    session.close().await;
    let has_sent = folders.iter().any(|folder| folder.role == mailbox::Role::Sent);
    let names: Vec<String> = folders.into_iter().map(|folder| folder.name).collect();
    let place = match &config.mailbox.kind {
        MailboxKind::Maildir { path } => shown(path),
        MailboxKind::Imap(server) => format!("{}:{}", server.host, server.port),
    };
    let key = if has_sent { "check-mailbox-found" } else { "check-mailbox-without-sent" };
    Ok(wording.with(key, &[("place", &place), ("folders", &names.join(", "))]))
}

async fn outbox(config: &Config, wording: &Wording) -> Result<String, Vec<String>> {
    match &config.outbox.kind {
        OutboxKind::Folder { path } => match std::fs::create_dir_all(path) {
            Ok(()) => Ok(shown(path)),
            Err(error) => {
                Err(vec![wording.with("app-file", &[("path", &path.display()), ("error", &error)])])
            }
        },
        OutboxKind::Smtp(server) => match smtp::check(server, &smtp::Limits::default()).await {
            Ok(name) => Ok(format!("{}:{} ({name})", server.host, server.port)),
            Err(verdict) => Err(vec![verdict.line(wording)]),
        },
    }
}

//! The config: file as written → [`Config`] as used.
//!
//! One TOML file, every key documented in `config/example.toml`, environment
//! overrides `GREFFIER_<SECTION>_<KEY>`. Reading gives every problem at once, each
//! with its key, what is wrong and what to write instead. Only this file of the
//! project reads the environment.

mod chat;
mod console;
mod credentials;
mod desk;
mod log;
mod notice;
mod oidc;
mod problem;
mod report;
mod secret;
mod table;

pub use chat::{CHAT_VERBS, Chat, Matrix, Quiet, Room, VerbRule, Webhook};
pub use console::{Console, ConsoleTls, PORT as CONSOLE_PORT};
pub use credentials::Credential;
pub use desk::{Delegate, DeskRules, SignOff, Target};
pub use log::{Log, LogFormat};
pub use notice::NoticeRules;
pub use oidc::{Oidc, RETURN as OIDC_RETURN};
pub use problem::{Problem, ProblemKind};
pub use report::{Metrics, ReportRules, ResponseLog, Rotation};
pub use secret::{Secret, SecretFile};

use crate::draft::Ours;
use crate::message::Banners;
use crate::wording::Language;
use jiff::civil::Date;
use std::path::{Path, PathBuf};
use std::time::Duration;
use table::Reader;

/// Everything that the operator decides.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file that it was read from.
    pub path: PathBuf,
    /// Where the store, the raw mail and the socket lie.
    pub data_dir: PathBuf,
    /// The library of approved texts.
    pub replies_dir: PathBuf,
    /// Language of the command line.
    pub language: Language,
    /// Whether letters may be made from entries that nobody approved.
    pub allow_examples: bool,
    /// Whether the classifier learns from what reviewers choose.
    pub learn: bool,
    /// The folder of the optional sentence encoder's weights; `None`: words alone.
    pub encoder: Option<PathBuf>,
    /// Who is named in reports, and the response-time log.
    pub report: ReportRules,
    /// The figures for Prometheus; `None`: there are none.
    pub metrics: Option<Metrics>,
    /// Second signatures, offices, what gets no draft.
    pub desk: DeskRules,
    /// The review console; `None`: there is none.
    pub console: Option<Console>,
    /// The team's chat; `None`: there is none.
    pub chat: Option<Chat>,
    /// What has an end, in the order of the days.
    pub credentials: Vec<Credential>,
    /// Where mail comes from.
    pub mailbox: Mailbox,
    /// Where letters go.
    pub outbox: Outbox,
    /// The internal notice of the morning; `None`: there is none.
    pub notice: Option<NoticeRules>,
    /// Hours and holidays.
    pub calendar_file: PathBuf,
    /// Who writes from where.
    pub organisations_file: PathBuf,
    /// Logging.
    pub log: Log,
}

/// `[mailbox]`.
#[derive(Debug, Clone)]
pub struct Mailbox {
    /// The back end.
    pub kind: MailboxKind,
    /// Our address: what organisations write to, and the From of our letters.
    pub address: String,
    /// Other addresses that are ours.
    pub aliases: Vec<String>,
    /// Domains of colleagues: their mail in a thread is an opinion. In lower case.
    pub internal_domains: Vec<String>,
    /// The display name of our From.
    pub display_name: String,
    /// The inbox's name, where it is not to be found out.
    pub inbox: Option<String>,
    /// The name of the folder for sent mail, where it is not to be found out.
    pub sent: Option<String>,
    /// Further folders in which questions arrive.
    pub folders: Vec<String>,
    /// The "external mail" warnings of our own gateways.
    pub banners: Banners,
    /// From when on mail gets drafts.
    pub since: Option<Since>,
    /// Larger messages are recorded by their header only. Bytes.
    pub max_message_bytes: u64,
    /// More mails an hour than this from one sender are held; 0 holds none.
    pub max_hourly_per_sender: u64,
    /// How often to look where the server does not tell.
    pub poll: Duration,
    /// Whether questions are marked as answered and seen once their answer has left.
    pub mark_answered: bool,
}

impl Mailbox {
    /// Who we are in mail.
    #[must_use]
    pub fn ours(&self) -> Ours<'_> {
        Ours { address: &self.address, aliases: &self.aliases, display_name: &self.display_name }
    }
}

/// The back end of the mailbox.
#[derive(Debug, Clone)]
pub enum MailboxKind {
    /// A Maildir on this machine.
    Maildir {
        /// Its root, which holds `new` and `cur`.
        path: PathBuf,
    },
    /// An IMAP server.
    Imap(Server),
}

/// From when on mail gets drafts; what is older is recorded as history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// From midnight of this day, in the calendar's zone.
    Date(Date),
    /// From the moment of the first start.
    FirstStart,
    /// All of it.
    All,
}

/// `[outbox]`.
#[derive(Debug, Clone)]
pub struct Outbox {
    /// The back end.
    pub kind: OutboxKind,
    /// How long an approval can be taken back.
    pub hold: Duration,
    /// Whether we file a copy in Sent (Exchange does it by itself).
    pub save_to_sent: bool,
}

/// The back end of the outbox.
#[derive(Debug, Clone)]
pub enum OutboxKind {
    /// Letters become `.eml` files in a folder.
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// An SMTP submission server.
    Smtp(Server),
}

/// How to reach an IMAP or SMTP server.
#[derive(Debug, Clone)]
pub struct Server {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// The account; `None`: no log-in (SMTP only).
    pub user: Option<String>,
    /// Where the password stands.
    pub password: Option<SecretFile>,
    /// Certificates to trust instead of the system's, PEM.
    pub ca_file: Option<PathBuf>,
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// TLS from the first byte.
    Implicit,
    /// Upgraded by STARTTLS, and never used without.
    StartTls,
    /// Plain; the config accepts it for loopback only.
    None,
}

/// Where the config is looked for when no `--config` is given.
#[must_use]
pub fn default_path() -> PathBuf {
    if let Some(path) = std::env::var_os("GREFFIER_CONFIG") {
        return path.into();
    }
    let here = PathBuf::from("greffier.toml");
    if here.exists() { here } else { PathBuf::from("/etc/greffier/greffier.toml") }
}

/// The language that a config asks for, as far as it can be read: messages about a broken config have one, too.
#[must_use]
pub fn language_of(path: &Path) -> Option<Language> {
    if let Some(language) = std::env::var_os("GREFFIER_LANGUAGE") {
        return language.to_str()?.parse().ok();
    }
    let table: toml::Table = std::fs::read_to_string(path).ok()?.parse().ok()?;
    table.get("language")?.as_str()?.parse().ok()
}

/// The overrides that the environment holds: `GREFFIER_MAILBOX_HOST` and the like.
#[must_use]
pub fn environment() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("GREFFIER_") && name != "GREFFIER_CONFIG")
        .collect();
    found.sort();
    found
}

/// Reads the file at `path` and lays `overrides` over it.
///
/// # Errors
/// Every problem found, in the order of the keys.
pub fn load(path: &Path, overrides: &[(String, String)]) -> Result<Config, Vec<Problem>> {
    let whole = |kind| vec![Problem { key: String::new(), kind }];
    let text = std::fs::read_to_string(path)
        .map_err(|error| whole(ProblemKind::Unreadable(format!("{}: {error}", path.display()))))?;
    parse(&text, path, overrides)
}

/// Reads a config from text; relative paths count from the folder of `path`.
///
/// # Errors
/// Every problem found, in the order of the keys.
pub fn parse(text: &str, path: &Path, overrides: &[(String, String)]) -> Result<Config, Vec<Problem>> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        vec![Problem { key: String::new(), kind: ProblemKind::NotToml(error.to_string().trim().to_owned()) }]
    })?;
    let base = path.parent().unwrap_or(Path::new(""));
    let mut root = Reader::new(table, base);
    root.apply(overrides);

    let data_dir = root.path("data_dir").unwrap_or_else(|| base.join("data"));
    let replies_dir = root.path("replies_dir").unwrap_or_else(|| base.join("replies"));
    let language = root.one_of("language", LANGUAGES).unwrap_or_default();

    let mut replies = root.section("replies");
    let allow_examples = replies.boolean("allow_examples").unwrap_or(false);
    root.finish(replies);

    let mut classify = root.section("classify");
    let learn = classify.boolean("learn").unwrap_or(true);
    let encoder = classify.path("encoder");
    root.finish(classify);

    let report = report::read(&mut root, &data_dir);
    let metrics = report::metrics(&mut root);
    let desk = desk::read(&mut root);
    let console = console::read(&mut root);
    let chat = chat::read(&mut root);
    let credentials = credentials::read(&mut root);

    let mut section = root.section("mailbox");
    let mailbox = mailbox(&mut section);
    root.finish(section);

    let mut section = root.section("outbox");
    let outbox = outbox(&mut section);
    root.finish(section);

    let notice = notice::read(&mut root, mailbox.as_ref(), language);

    let mut calendar = root.section("calendar");
    let calendar_file = calendar.path("file").unwrap_or_else(|| base.join("calendar.toml"));
    root.finish(calendar);

    let mut organisations = root.section("organisations");
    let organisations_file = organisations.path("file").unwrap_or_else(|| base.join("organisations.toml"));
    root.finish(organisations);

    let log = log::read(&mut root);

    let problems = root.problems();
    match (mailbox, outbox) {
        (Some(mailbox), Some(outbox)) if problems.is_empty() => Ok(Config {
            path: path.to_owned(),
            data_dir,
            replies_dir,
            language,
            allow_examples,
            learn,
            encoder,
            report,
            metrics,
            desk,
            console,
            chat,
            credentials,
            mailbox,
            outbox,
            notice,
            calendar_file,
            organisations_file,
            log,
        }),
        _ => Err(problems),
    }
}

const LANGUAGES: &[(&str, Language)] = &[("fr", Language::Fr), ("en", Language::En)];
const TLS: &[(&str, Tls)] = &[("implicit", Tls::Implicit), ("starttls", Tls::StartTls), ("none", Tls::None)];

fn mailbox(section: &mut Reader) -> Option<Mailbox> {
    let kind = match section.one_of("kind", &[("maildir", "maildir"), ("imap", "imap")]) {
        Some("imap") => server(section, [(Tls::Implicit, 993), (Tls::StartTls, 143), (Tls::None, 143)])
            .and_then(|server| {
                if server.user.is_none() {
                    section.problem("user", ProblemKind::Missing);
                }
                server.user.is_some().then_some(MailboxKind::Imap(server))
            }),
        Some(_) => section.required_path("path").map(|path| MailboxKind::Maildir { path }),
        None => {
            section.require("kind");
            None
        }
    };
    let address = section.address("address");
    let aliases = section.strings("aliases").unwrap_or_default();
    let internal_domains = section.strings("internal_domains").unwrap_or_default();
    let display_name = section.string("display_name").unwrap_or_default();
    let inbox = section.string("inbox");
    let sent = section.string("sent");
    let folders = section.strings("folders").unwrap_or_default();
    let banners = Banners::new(section.strings("banners").unwrap_or_default());
    let since = since(section);
    let max_message_bytes = section.number("max_message_mb", 1, 1000).unwrap_or(50) * 1_000_000;
    let max_hourly_per_sender = section.number("max_hourly_per_sender", 0, 1_000_000).unwrap_or(10);
    let poll = Duration::from_secs(section.number("poll_seconds", 1, 86_400).unwrap_or(60));
    let mark_answered = section.boolean("mark_answered").unwrap_or(false);
    Some(Mailbox {
        kind: kind?,
        address: address?,
        aliases,
        internal_domains: internal_domains.iter().map(|domain| domain.to_lowercase()).collect(),
        display_name,
        inbox,
        sent,
        folders,
        banners,
        since,
        max_message_bytes,
        max_hourly_per_sender,
        poll,
        mark_answered,
    })
}

fn since(section: &mut Reader) -> Option<Since> {
    let text = section.date_or_string("since")?;
    let since = match text.as_str() {
        "first-start" => Some(Since::FirstStart),
        "all" => Some(Since::All),
        date => date.parse().ok().map(Since::Date),
    };
    if since.is_none() {
        section.problem("since", ProblemKind::OneOf("2025-03-18, \"first-start\", \"all\"".to_owned()));
    }
    since
}

fn outbox(section: &mut Reader) -> Option<Outbox> {
    let kind = match section.one_of("kind", &[("folder", "folder"), ("smtp", "smtp")]) {
        Some("smtp") => server(section, [(Tls::Implicit, 465), (Tls::StartTls, 587), (Tls::None, 25)])
            .map(OutboxKind::Smtp),
        Some(_) => section.required_path("path").map(|path| OutboxKind::Folder { path }),
        None => {
            section.require("kind");
            None
        }
    };
    let hold = Duration::from_secs(section.number("hold_seconds", 0, 86_400).unwrap_or(20));
    let save_to_sent = section.boolean("save_to_sent").unwrap_or(true);
    Some(Outbox { kind: kind?, hold, save_to_sent })
}

fn server(section: &mut Reader, ports: [(Tls, u16); 3]) -> Option<Server> {
    let host = section.string("host");
    if host.is_none() {
        section.require("host");
    }
    let tls = section.one_of("tls", TLS).unwrap_or(Tls::Implicit);
    let usual = ports.into_iter().find(|(of, _)| *of == tls).map_or(0, |(_, port)| port);
    let port = section.number("port", 1, 65_535).and_then(|port| u16::try_from(port).ok()).unwrap_or(usual);
    let user = section.string("user");
    let password = section.secret("password_file");
    let ca_file = section.path("ca_file");
    let host = host?;
    if tls == Tls::None && !is_loopback(&host) {
        section.problem("tls", ProblemKind::PlainBeyondLoopback);
        return None;
    }
    if user.is_some() != password.is_some() {
        section.problem("password_file", ProblemKind::HalfLogin);
        return None;
    }
    Some(Server { host, port, tls, user, password, ca_file })
}

/// Whether `domain` is one of `domains`, or lies under one.
#[must_use]
pub fn is_internal(domains: &[String], domain: &str) -> bool {
    let domain = domain.to_lowercase();
    domains.iter().any(|internal| {
        domain.strip_suffix(internal.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// Whether a host is this machine.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests;

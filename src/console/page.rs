//! What every page has: its frame, its words, and what is shown when something cannot be done.

use super::presence::Doing;
use super::visitor::Visitor;
use super::{Console, Shared, assets};
use crate::people::{Permission, Role, Settings, Theme};
use crate::review::Refusal;
use crate::thread::{Actor, State};
use crate::wording::Wording;
use askama::Template;
use axum::extract;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// The frame of a page.
pub(super) struct Page {
    pub wording: &'static Wording,
    /// What the tab says.
    pub title: String,
    /// Whoever is logged in.
    pub name: Option<String>,
    roles: BTreeSet<Role>,
    /// How they want it.
    pub settings: Settings,
    pub form_token: String,
    /// The states with their counts; empty where nobody is logged in.
    pub states: Vec<Tab>,
    /// What was done on the page before, in one line.
    pub notice: Option<Notice>,
    /// Set while the mailbox is out of reach: nothing leaves then.
    pub mailbox_lost: bool,
}

/// A state of the queue, one click away.
pub(super) struct Tab {
    pub state: State,
    pub name: String,
    pub count: usize,
    pub current: bool,
}

/// What was just done.
pub(super) struct Notice {
    pub text: String,
    /// The thread on which it was done, if it can be taken back, and its version.
    pub withdraw: Option<(u64, u64)>,
    /// Until when it can be taken back.
    pub due: Option<String>,
}

impl Page {
    /// A page for somebody who is logged in, at one of the states or none.
    pub fn of(
        console: &Console,
        visitor: &Visitor,
        title: String,
        current: Option<State>,
    ) -> Result<Self, Refusal> {
        let standing = console.desk.standing()?;
        let tab = |(state, count): (State, usize)| Tab {
            state,
            name: visitor.wording.text(&format!("state-{state}")),
            count,
            current: current == Some(state),
        };
        // What only passes is no place to look at, unless something stands there.
        let shown = |(state, count): &(State, usize)| {
            *count > 0 || current == Some(*state) || !matches!(state, State::New | State::Sending)
        };
        let reads = visitor.may(Permission::Read);
        Ok(Self {
            states: standing.states.into_iter().filter(|_| reads).filter(shown).map(tab).collect(),
            name: Some(visitor.name.clone()),
            roles: visitor.roles.clone(),
            settings: visitor.settings.clone(),
            form_token: visitor.form_token.clone(),
            mailbox_lost: standing.mailbox_lost.is_some(),
            ..Self::bare(visitor.wording, title)
        })
    }

    /// A page for anybody.
    pub fn bare(wording: &'static Wording, title: String) -> Self {
        Self {
            wording,
            title,
            name: None,
            roles: BTreeSet::new(),
            settings: Settings::default(),
            form_token: String::new(),
            states: Vec::new(),
            notice: None,
            mailbox_lost: false,
        }
    }

    /// Whether whoever looks at it may read threads.
    pub fn reads(&self) -> bool {
        Permission::Read.is_given_by(&self.roles)
    }

    /// Whether they may decide.
    pub fn decides(&self) -> bool {
        Permission::Decide.is_given_by(&self.roles)
    }

    /// Whether they may read response times.
    pub fn reads_figures(&self) -> bool {
        Permission::ReadFigures.is_given_by(&self.roles)
    }

    /// Whether they keep the accounts.
    pub fn keeps_accounts(&self) -> bool {
        Permission::KeepAccounts.is_given_by(&self.roles)
    }

    /// Whether they may read the access log.
    pub fn reads_access_log(&self) -> bool {
        Permission::ReadAccessLog.is_given_by(&self.roles)
    }

    /// The text under a key.
    pub fn say(&self, key: &str) -> String {
        self.wording.text(key)
    }

    /// The text under a key that has one variable.
    pub fn with(&self, key: &str, name: &str, value: impl std::fmt::Display) -> String {
        self.wording.with(key, &[(name, &value)])
    }

    /// What a role may do, in words.
    pub fn role(&self, role: &Role) -> String {
        self.say(&format!("role-what-{}", role.key()))
    }

    /// An appearance, in words.
    pub fn theme(&self, theme: &Theme) -> String {
        self.say(&format!("theme-{}", theme.key()))
    }

    pub fn code(&self) -> &'static str {
        self.wording.language().code()
    }

    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }
}

/// A template as an answer.
pub(super) fn html(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page cannot be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Runs what reads and writes the store beside what serves the network.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        // It panicked, and so does whoever waits for it.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Who else is on a thread, in words: one a line.
pub(super) fn present(wording: &Wording, others: &[(String, Doing)]) -> Vec<String> {
    let said = |(name, doing): &(String, Doing)| {
        let key = match doing {
            Doing::Reading => "console-reads",
            Doing::Writing => "console-writes",
        };
        wording.with(key, &[("name", name)])
    };
    others.iter().map(said).collect()
}

/// A moment as it is written in the page's language.
pub(super) fn moment(wording: &Wording, zone: &TimeZone, at: Timestamp) -> String {
    wording.moment(&at.to_zoned_datetime(zone.clone()))
}

/// Who did something, as people read it.
pub(super) fn actor(wording: &Wording, actor: &Actor) -> String {
    if actor.name == "bot" { wording.text("console-bot") } else { actor.name.clone() }
}

/// An address of ours with fields; those that are empty are left out.
pub(super) fn address<'a>(path: &str, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let fields: Vec<String> = fields.map(|(name, value)| format!("{name}={}", encode(value))).collect();
    if fields.is_empty() { path.to_owned() } else { format!("{path}?{}", fields.join("&")) }
}

/// A size that people read.
pub(super) fn bytes(wording: &Wording, bytes: u64) -> String {
    wording.with("console-bytes", &[("kilobytes", &bytes.div_ceil(1000))])
}

/// Something that cannot be shown or done, and what to do now.
#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage<'a> {
    page: Page,
    line: &'a str,
    onward: Option<&'a (String, String)>,
}

/// An answer that says no.
pub(super) struct Failure {
    status: StatusCode,
    wording: &'static Wording,
    line: String,
    /// An address that goes on all the same, and what is there.
    onward: Option<(String, String)>,
}

impl Failure {
    pub fn new(status: StatusCode, wording: &'static Wording, line: String) -> Self {
        Self { status, wording, line, onward: None }
    }

    /// The same, with a way on.
    pub fn leading_to(self, address: String, label: String) -> Self {
        Self { onward: Some((address, label)), ..self }
    }

    pub fn not_found(wording: &'static Wording) -> Self {
        Self::new(StatusCode::NOT_FOUND, wording, wording.text("console-not-found"))
    }

    /// What the desk refuses, in the visitor's language.
    pub fn of(console: &Console, wording: &'static Wording, refusal: &Refusal) -> Self {
        Self::new(status(refusal), wording, line(console, wording, refusal))
    }
}

/// What a refusal is in HTTP.
pub(super) fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NoThread { .. } => StatusCode::NOT_FOUND,
        refusal if refusal.is_fault() => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::CONFLICT,
    }
}

/// A refusal in one line.
pub(super) fn line(console: &Console, wording: &Wording, refusal: &Refusal) -> String {
    refusal.line(wording, console.desk.zone(), &console.config.data_dir)
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let page = Page::bare(self.wording, self.wording.text("console-failure"));
        html(self.status, &FailurePage { page, line: &self.line, onward: self.onward.as_ref() })
    }
}

/// The keys and the states, explained.
#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    page: Page,
    /// Key, and what it does.
    keys: Vec<(&'static str, String)>,
    /// State, and what it means.
    states: Vec<(String, String)>,
}

/// The keys of the console and the names of what they do: `console-key-…`.
const KEYS: [(&str, &str); 10] = [
    ("j", "next"),
    ("k", "previous"),
    ("Ctrl + Entrée", "approve"),
    ("e", "edit"),
    ("r", "reclassify"),
    ("d", "changes"),
    ("a", "claim"),
    ("z", "withdraw"),
    ("/", "search"),
    ("?", "help"),
];

pub(super) async fn help(
    extract::State(console): extract::State<Shared>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let wording = visitor.wording;
    let keys = KEYS.map(|(key, name)| (key, wording.text(&format!("console-key-{name}")))).to_vec();
    let states = State::ALL
        .map(|state| {
            let name = wording.text(&format!("state-{state}"));
            (name, wording.text(&format!("console-state-{state}")))
        })
        .to_vec();
    let title = wording.text("console-help");
    let of = std::sync::Arc::clone(&console);
    let page = blocking(move || Page::of(&of, &visitor, title, None)).await;
    let page = page.map_err(|refusal| Failure::of(&console, wording, &refusal))?;
    Ok(html(StatusCode::OK, &HelpPage { page, keys, states }))
}

//! Keeping the accounts: the list, and one account with what an administrator may change in it.

use super::Shared;
use super::account::{SessionPart, notice, roles, unchanged};
use super::decide::sender;
use super::fields::Fields;
use super::login::HASHING;
use super::page::{self, Failure, Page, blocking, html, moment};
use super::visitor::Visitor;
use crate::people::{Absence, Accessed, By, Change, Identity, Permission, Person, Role, Unchanged};
use crate::replies::date_in_words;
use crate::wording::Wording;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;

/// An account in a line.
struct Row {
    name: String,
    address: String,
    roles: String,
    /// Whether it counts today, its end, who is away.
    standing: Vec<String>,
    is_active: bool,
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage {
    page: Page,
    line: Option<String>,
    rows: Vec<Row>,
    typed: Fields,
}

impl AccountsPage {
    fn typed(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    fn is_ticked(&self, role: &Role) -> bool {
        self.typed.all("role").any(|ticked| ticked == role.key())
    }
}

/// One account whole.
#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    page: Page,
    line: Option<String>,
    person: Person,
    standing: Vec<String>,
    is_active: bool,
    /// A new password, shown this once.
    password: Option<String>,
    sessions: Vec<SessionPart>,
    /// What an account has to do with the identity provider, in words.
    identity: Option<String>,
    /// Whether it can be joined to somebody there.
    may_join: bool,
    /// Who may be proposed in their place.
    others: Vec<String>,
}

fn address(name: &str) -> String {
    page::address("/comptes/personne", [("nom", name)])
}

fn standing(console: &Shared, wording: &Wording, person: &Person) -> Vec<String> {
    let day = |day| date_in_words(wording.language(), day);
    let mut lines = Vec::new();
    if let Some(at) = person.disabled {
        let at = moment(wording, console.desk.zone(), at);
        lines.push(wording.with("user-disabled", &[("at", &at)]));
    }
    if let Some(last) = person.until {
        let key = if person.is_active(console.desk.today()) { "user-until" } else { "user-ended" };
        lines.push(wording.with(key, &[("day", &day(last))]));
    }
    for absence in person.absences.iter().filter(|absence| absence.to >= console.desk.today()) {
        let delegate = absence.delegate.clone().unwrap_or_default();
        let values: [(&str, &dyn Display); 3] =
            [("from", &day(absence.from)), ("to", &day(absence.to)), ("delegate", &delegate)];
        let key = if delegate.is_empty() { "user-absent" } else { "user-absent-delegate" };
        lines.push(wording.with(key, &values));
    }
    lines
}

async fn list_page(
    console: &Shared,
    visitor: &Visitor,
    status: StatusCode,
    line: Option<String>,
    typed: Fields,
) -> Response {
    let (of, whose, wording) = (Arc::clone(console), visitor.clone(), visitor.wording);
    let made = blocking(move || -> Result<AccountsPage, crate::review::Refusal> {
        let page = Page::of(&of, &whose, wording.text("account-all"), None)?;
        let rows = of.people.list()?.into_iter().map(|person| Row {
            address: address(&person.name),
            roles: roles(wording, &person.roles),
            standing: standing(&of, wording, &person),
            is_active: person.is_active(of.desk.today()),
            name: person.name,
        });
        Ok(AccountsPage { page, line, rows: rows.collect(), typed })
    });
    match made.await {
        Ok(page) => html(status, &page),
        Err(refusal) => Failure::of(console, wording, &refusal).into_response(),
    }
}

pub(super) async fn list(State(console): State<Shared>, visitor: Visitor) -> Response {
    list_page(&console, &visitor, StatusCode::OK, None, Fields::default()).await
}

/// What a page of one account says beside the account.
#[derive(Default)]
struct Said {
    line: Option<String>,
    password: Option<String>,
    fields: Fields,
}

async fn person_page(
    console: &Shared,
    visitor: &Visitor,
    status: StatusCode,
    name: String,
    said: Said,
) -> Response {
    let (of, whose, wording) = (Arc::clone(console), visitor.clone(), visitor.wording);
    let made = blocking(move || -> Result<PersonPage, Unchanged> {
        let person = of.people.known(&name)?;
        let mut page = Page::of(&of, &whose, person.name.clone(), None).map_err(|refusal| match refusal {
            crate::review::Refusal::Store(fault) => Unchanged::Store(fault),
            _ => Unchanged::NoPerson(name.clone()),
        })?;
        page.notice = notice(wording, &said.fields);
        let sessions = of.people.sessions(Some(&person.name))?.into_iter();
        let others = of.people.list()?.into_iter().map(|other| other.name);
        Ok(PersonPage {
            page,
            line: said.line,
            password: said.password,
            standing: standing(&of, wording, &person),
            is_active: person.is_active(of.desk.today()),
            sessions: sessions.map(|of_| SessionPart::of(wording, of.desk.zone(), &whose, of_)).collect(),
            identity: person.identity.as_ref().map(|identity| match identity {
                Identity::Awaited => wording.text("account-awaited"),
                Identity::Known { .. } => wording.text("account-joined"),
            }),
            may_join: of.people.sign_in.is_some() && person.identity.is_none(),
            others: others.filter(|other| *other != person.name).collect(),
            person,
        })
    });
    match made.await {
        Ok(page) => html(status, &page),
        Err(why) => {
            let line = unchanged(console, wording, &why);
            Failure::new(StatusCode::NOT_FOUND, wording, line).into_response()
        }
    }
}

pub(super) async fn show(
    State(console): State<Shared>,
    Query(fields): Query<Vec<(String, String)>>,
    visitor: Visitor,
) -> Response {
    let fields = Fields(fields);
    let name = fields.get("nom").to_owned();
    person_page(&console, &visitor, StatusCode::OK, name, Said { fields, ..Said::default() }).await
}

fn ticked(fields: &Fields) -> BTreeSet<Role> {
    fields.all("role").filter_map(Role::of_key).collect()
}

/// Adds an account, and shows its first password this once.
pub(super) async fn add(
    State(console): State<Shared>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let visitor = match sender(&console, &headers, "/comptes", &fields, Permission::KeepAccounts).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let (people, asked, actor) = (console.people.clone(), fields.clone(), visitor.actor());
    let _turn = HASHING.acquire().await;
    let added = blocking(move || -> Result<(Person, String), Unchanged> {
        let name = asked.get("nom").trim();
        // Who is there already is not overwritten by somebody who did not look.
        if people.known(name).is_ok() {
            return Err(Unchanged::Known(name.to_owned()));
        }
        let until = asked.get("fin").parse().ok();
        let person = people.add(name, ticked(&asked), until, By::Administrator)?;
        people.note(&actor, Accessed::Account { account: person.name.clone(), change: "add".to_owned() });
        let password = people.issue_password(&person.name)?;
        Ok((person, password))
    });
    match added.await {
        Ok((person, password)) => {
            let said = Said { password: Some(password), ..Said::default() };
            person_page(&console, &visitor, StatusCode::OK, person.name, said).await
        }
        Err(why) => {
            let line = Some(unchanged(&console, visitor.wording, &why));
            list_page(&console, &visitor, StatusCode::CONFLICT, line, fields).await
        }
    }
}

/// What a form asks for.
enum Asked {
    Change(Change),
    Password,
    EndSession(String),
    EndSessions,
}

impl Asked {
    fn of(verb: &str, fields: &Fields) -> Option<Self> {
        let day = |name: &str| fields.get(name).parse().ok();
        Some(match verb {
            "roles" => Self::Change(Change::Roles { roles: ticked(fields), until: day("fin") }),
            "desactiver" => Self::Change(Change::Disable),
            "activer" => Self::Change(Change::Enable),
            "relier" => Self::Change(Change::Join),
            "absence" => Self::Change(Change::Absent(Absence {
                from: day("du")?,
                to: day("au")?,
                delegate: fields.said("delegue").next().map(str::to_owned),
            })),
            "motdepasse" => Self::Password,
            "session" => Self::EndSession(fields.get("session").to_owned()),
            "sessions" => Self::EndSessions,
            _ => return None,
        })
    }

    /// Its name in the access log.
    fn key(&self) -> &'static str {
        match self {
            Self::Change(change) => change.key(),
            Self::Password => "password",
            Self::EndSession(_) | Self::EndSessions => "sessions",
        }
    }
}

/// Changes one account.
pub(super) async fn change(
    State(console): State<Shared>,
    Path(verb): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let path = format!("/comptes/{verb}");
    let visitor = match sender(&console, &headers, &path, &fields, Permission::KeepAccounts).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let name = fields.get("nom").to_owned();
    let Some(asked) = Asked::of(&verb, &fields) else {
        let line = visitor.wording.text("console-not-understood");
        return Failure::new(StatusCode::BAD_REQUEST, visitor.wording, line).into_response();
    };
    let _turn = HASHING.acquire().await;
    let (people, whose, actor) = (console.people.clone(), name.clone(), visitor.actor());
    let done = blocking(move || -> Result<Option<String>, Unchanged> {
        let person = people.known(&whose)?;
        let what = Accessed::Account { account: person.name.clone(), change: asked.key().to_owned() };
        let password = match asked {
            Asked::Change(change) => people.change(&person.name, change, By::Administrator).map(|_| None)?,
            Asked::Password => Some(people.issue_password(&person.name)?),
            Asked::EndSession(id) => people.end_session(&person.name, &id).map(|_| None)?,
            Asked::EndSessions => people.end_sessions(&person.name, None).map(|()| None)?,
        };
        people.note(&actor, what);
        Ok(password)
    });
    match done.await {
        Ok(None) => Redirect::to(&format!("{}&fait={verb}", address(&name))).into_response(),
        Ok(password) => {
            person_page(&console, &visitor, StatusCode::OK, name, Said { password, ..Said::default() }).await
        }
        Err(why) => {
            let line = Some(unchanged(&console, visitor.wording, &why));
            let said = Said { line, ..Said::default() };
            person_page(&console, &visitor, StatusCode::CONFLICT, name, said).await
        }
    }
}

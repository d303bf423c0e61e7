//! The search over the whole history: one form, plain GET, and the hits in their context.

use super::fields::Fields;
use super::page::{Failure, Page, address, blocking, html, moment};
use super::visitor::Visitor;
use super::{Console, Shared};
use crate::organisation::Kind;
use crate::people::Accessed;
use crate::review::Refusal;
use crate::search::{Extract, Found, Hit, PAGE, Query, Stretch};
use crate::thread::State;
use crate::wording::{Wording, key};
use askama::Template;
use axum::extract;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was asked, as it was typed: it stays in the form.
#[derive(Debug, Clone, Default)]
struct Asked {
    q: String,
    organisation: String,
    kind: String,
    entry: String,
    state: String,
    by: String,
    from: String,
    to: String,
    newest_first: bool,
    /// From 1.
    page: usize,
}

impl Asked {
    fn of(fields: &Fields) -> Self {
        let text = |name| fields.get(name).trim().to_owned();
        Self {
            q: text("q"),
            organisation: text("organisme"),
            kind: text("type"),
            entry: text("entree"),
            state: text("etat"),
            by: text("par"),
            from: text("du"),
            to: text("au"),
            newest_first: fields.get("tri") == "date",
            page: fields.get("page").parse().unwrap_or(1).max(1),
        }
    }

    /// As the search understands it.
    fn query(&self) -> Query {
        Query {
            words: self.q.clone(),
            organisation: self.organisation.clone(),
            kind: Kind::ALL.into_iter().find(|kind| kind.as_str() == self.kind),
            entry: self.entry.clone(),
            state: self.state.parse().ok(),
            by: self.by.clone(),
            from: self.from.parse().ok(),
            to: self.to.parse().ok(),
            newest_first: self.newest_first,
            skip: (self.page - 1).saturating_mul(PAGE),
        }
    }

    /// What was typed as a day and is none.
    fn no_dates(&self) -> impl Iterator<Item = &str> {
        let typed = [self.from.as_str(), self.to.as_str()].into_iter();
        typed.filter(|text| !text.is_empty() && text.parse::<Date>().is_err())
    }

    /// The address of another page of the same search.
    fn address(&self, page: usize) -> String {
        let page = page.to_string();
        let fields = [
            ("q", self.q.as_str()),
            ("organisme", &self.organisation),
            ("type", &self.kind),
            ("entree", &self.entry),
            ("etat", &self.state),
            ("par", &self.by),
            ("du", &self.from),
            ("au", &self.to),
            ("tri", if self.newest_first { "date" } else { "" }),
            ("page", &page),
        ];
        address("/recherche", fields)
    }
}

/// A hit, in words.
struct Row {
    id: u64,
    subject: Vec<Stretch>,
    organisation: String,
    state: String,
    latest: String,
    /// In what it stands, and the words around it.
    extract: Option<(String, Extract)>,
}

impl Row {
    fn of(console: &Console, wording: &Wording, hit: Hit) -> Self {
        let place = |extract: &Extract| wording.text(&format!("search-place-{}", key(&extract.place)));
        Self {
            id: hit.id,
            subject: hit.marked_subject,
            organisation: hit.organisation,
            state: wording.text(&format!("state-{}", hit.state)),
            latest: moment(wording, console.desk.zone(), hit.latest),
            extract: hit.extract.map(|extract| (place(&extract), extract)),
        }
    }
}

/// What was found.
struct Results {
    count: String,
    hits: Vec<Row>,
    /// The place of the first hit among all, from 1.
    first: usize,
    page: String,
    previous: Option<String>,
    next: Option<String>,
}

impl Results {
    fn of(console: &Console, wording: &Wording, asked: &Asked, found: Found) -> Self {
        let pages = found.count.div_ceil(PAGE);
        Self {
            count: found.line(wording),
            hits: found.hits.into_iter().map(|hit| Row::of(console, wording, hit)).collect(),
            first: asked.query().skip.saturating_add(1),
            page: wording.with("search-page", &[("page", &asked.page), ("pages", &pages)]),
            previous: (asked.page > 1).then(|| asked.address((asked.page - 1).min(pages.max(1)))),
            next: (asked.page < pages).then(|| asked.address(asked.page + 1)),
        }
    }
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    page: Page,
    asked: Asked,
    /// Each kind of organisation with its name.
    kinds: Vec<(&'static str, String)>,
    /// Each entry with its title.
    entries: BTreeMap<String, String>,
    /// Each state with its name.
    states: Vec<(&'static str, String)>,
    people: Vec<String>,
    /// What of the request does not count, or why nothing is found.
    warnings: Vec<String>,
    /// `None` where nothing was asked for, or nothing can be searched.
    results: Option<Results>,
}

pub(super) async fn search(
    extract::State(console): extract::State<Shared>,
    extract::Query(fields): extract::Query<Vec<(String, String)>>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let (wording, of) = (visitor.wording, Arc::clone(&console));
    let made = blocking(move || made(&of, &visitor, Asked::of(&Fields(fields))));
    let (status, made) = made.await.map_err(|refusal| Failure::of(&console, wording, &refusal))?;
    Ok(html(status, &made))
}

fn made(console: &Console, visitor: &Visitor, asked: Asked) -> Result<(StatusCode, SearchPage), Refusal> {
    let wording = visitor.wording;
    let mut page = Page::of(console, visitor, wording.text("search-title"), None)?;
    if !asked.q.is_empty() {
        page.title = format!("{} · {}", asked.q, page.title);
    }
    let mut warnings: Vec<String> =
        asked.no_dates().map(|text| wording.with("search-no-date", &[("text", &text)])).collect();
    let query = asked.query();
    let mut status = StatusCode::OK;
    let results = match query.is_empty() {
        true => None,
        false => match console.search.find(&query) {
            Ok(found) => {
                console.people.note(&visitor.actor(), Accessed::Search { query: query.typed() });
                Some(Results::of(console, wording, &asked, found))
            }
            Err(why) => {
                warnings.push(why.line(wording, &console.config.data_dir));
                status = StatusCode::SERVICE_UNAVAILABLE;
                None
            }
        },
    };
    let replies = console.desk.library.current();
    let slugs = replies.entries().map(|entry| entry.id.slug.as_str());
    let entries = slugs.map(|slug| (slug.to_owned(), replies.title(slug))).collect();
    let kind = |kind: Kind| (kind.as_str(), wording.text(&format!("organisation-kind-{kind}")));
    let state = |state: State| (state.name(), wording.text(&format!("state-{state}")));
    let people = console.people.list()?.into_iter().map(|person| person.name).collect();
    let page = SearchPage {
        page,
        asked,
        kinds: Kind::ALL.map(kind).to_vec(),
        entries,
        states: State::ALL.map(state).to_vec(),
        people,
        warnings,
        results,
    };
    Ok((status, page))
}

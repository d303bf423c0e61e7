//! New wordings: the form that proposes one, and the page on which a content owner judges it.

use super::decide::sender;
use super::draft_view::signed;
use super::fields::Fields;
use super::page::{Failure, Page, blocking, html, line, moment};
use super::visitor::Visitor;
use super::{Console, Shared};
use crate::people::Permission;
use crate::replies::{EntryId, Field, Proposal, Source, date_in_words};
use crate::report::{Changed, Replayed, Verdict};
use crate::review::{ProposalView, Refusal};
use crate::thread::{ProposalFate, Proposed};
use crate::wording::{Wording, key};
use askama::Template;
use axum::Form;
use axum::extract::{self, Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use std::fmt::Display;
use std::sync::Arc;

/// Past questions that a proposal is tried on.
const REPLAYED: usize = 500;

/// A proposal in a line.
struct ProposedPart {
    id: u64,
    entry: String,
    head: String,
    /// What became of it.
    settled: Option<String>,
}

impl ProposedPart {
    fn of(console: &Console, wording: &Wording, proposed: &Proposed) -> Self {
        let at = |of| moment(wording, console.desk.zone(), of);
        let values: [(&str, &dyn Display); 2] = [("by", &proposed.by), ("at", &at(proposed.at))];
        let settled = proposed.settled.as_ref().map(|(fate, by, when)| {
            let when = at(*when);
            match fate {
                ProposalFate::Approved { version } => wording
                    .with("console-proposal-approved", &[("by", by), ("at", &when), ("version", version)]),
                ProposalFate::Declined { reason } => wording
                    .with("console-proposal-declined", &[("by", by), ("at", &when), ("reason", reason)]),
            }
        });
        Self {
            id: proposed.id,
            entry: proposed.entry.clone(),
            head: wording.with("console-proposed-by", &values),
            settled,
        }
    }
}

#[derive(Template)]
#[template(path = "proposals.html")]
struct ProposalsPage {
    page: Page,
    proposals: Vec<ProposedPart>,
    may_propose: bool,
}

pub(super) async fn list(
    extract::State(console): extract::State<Shared>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let (wording, of) = (visitor.wording, Arc::clone(&console));
    let made = blocking(move || {
        let page = Page::of(&of, &visitor, wording.text("console-proposals"), None)?;
        let proposals = of.desk.proposals()?;
        let proposals = proposals.iter().map(|proposed| ProposedPart::of(&of, wording, proposed)).collect();
        Ok(ProposalsPage { page, proposals, may_propose: visitor.may(Permission::TendTexts) })
    });
    let made = made.await.map_err(|refusal: Refusal| Failure::of(&console, wording, &refusal))?;
    Ok(html(StatusCode::OK, &made))
}

/// What the form sends, in the order in which it asks.
const FIELDS: [&str; 11] = [
    "texte", "titre", "question", "variante", "corps", "champs", "document", "section", "debut", "fin",
    "exemples",
];

/// The form, with what stands in it.
#[derive(Template)]
#[template(path = "proposal_form.html")]
struct FormPage {
    page: Page,
    /// What is wrong with what was typed, a line each.
    problems: Vec<String>,
    typed: Fields,
}

impl FormPage {
    fn typed(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    fn is_new(&self) -> bool {
        self.typed.get("base").is_empty()
    }
}

/// A proposal as the form shows it.
fn typed(proposal: &Proposal) -> Fields {
    let asks: Vec<String> = proposal.asks.iter().map(|ask| format!("{} = {}", ask.name, ask.label)).collect();
    let values = [
        proposal.entry.to_string(),
        proposal.title.clone(),
        proposal.question.clone(),
        proposal.variant_title.clone().unwrap_or_default(),
        proposal.markdown.clone(),
        asks.join("\n"),
        proposal.source.document.clone(),
        proposal.source.section.clone(),
        proposal.effective.to_string(),
        proposal.superseded.map(|date| date.to_string()).unwrap_or_default(),
        proposal.examples.join("\n"),
    ];
    let fields = FIELDS.into_iter().map(str::to_owned).zip(values);
    Fields(fields.chain([("base".to_owned(), proposal.base.clone().unwrap_or_default())]).collect())
}

/// What the form says; or which of its fields says nothing that can be read, as a wording key.
fn proposal(fields: &Fields) -> Result<Proposal, &'static str> {
    let said = |name: &str| fields.get(name).trim().to_owned();
    let some = |name: &str| Some(said(name)).filter(|text| !text.is_empty());
    let date = |name: &str| some(name).map(|text| text.parse::<Date>()).transpose();
    let lines = |name: &str| -> Vec<String> {
        said(name).lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    let asks = lines("champs").into_iter().map(|line| {
        let (name, label) = line.split_once('=')?;
        Some(Field { name: name.trim().to_owned(), label: label.trim().to_owned() })
    });
    Ok(Proposal {
        entry: said("texte").parse::<EntryId>().map_err(|_| "console-proposal-bad-name")?,
        base: some("base"),
        title: some("titre").ok_or("console-proposal-no-title")?,
        question: some("question").ok_or("console-proposal-no-question")?,
        variant_title: some("variante"),
        markdown: fields.get("corps").replace("\r\n", "\n"),
        asks: asks.collect::<Option<_>>().ok_or("console-proposal-bad-asks")?,
        source: Source {
            document: some("document").ok_or("console-proposal-no-source")?,
            section: some("section").ok_or("console-proposal-no-source")?,
        },
        effective: date("debut").ok().flatten().ok_or("console-proposal-bad-date")?,
        superseded: date("fin").map_err(|_| "console-proposal-bad-date")?,
        examples: lines("exemples"),
    })
}

/// The form: `?texte=fr/contact` begins with what stands.
pub(super) async fn form(
    extract::State(console): extract::State<Shared>,
    Query(fields): Query<Vec<(String, String)>>,
    visitor: Visitor,
) -> Response {
    let name = Fields(fields).get("texte").to_owned();
    let replies = console.desk.library.current();
    let present = name.parse::<EntryId>().ok().and_then(|id| replies.by_id(&id).map(Proposal::of));
    let typed = present.map_or_else(
        || Fields(vec![("debut".to_owned(), console.desk.today().to_string())]),
        |proposal| typed(&proposal),
    );
    page(&console, &visitor, StatusCode::OK, Vec::new(), typed).await
}

async fn page(
    console: &Shared,
    visitor: &Visitor,
    status: StatusCode,
    problems: Vec<String>,
    typed: Fields,
) -> Response {
    let (of, whose, wording) = (Arc::clone(console), visitor.clone(), visitor.wording);
    match blocking(move || Page::of(&of, &whose, wording.text("console-propose"), None)).await {
        Ok(page) => html(status, &FormPage { page, problems, typed }),
        Err(refusal) => Failure::of(console, wording, &refusal).into_response(),
    }
}

pub(super) async fn propose(
    extract::State(console): extract::State<Shared>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let path = "/propositions";
    let visitor = match sender(&console, &headers, path, &fields, Permission::TendTexts).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let wording = visitor.wording;
    let said = match proposal(&fields) {
        Ok(said) => said,
        Err(key) => {
            let problems = vec![wording.text(key)];
            return page(&console, &visitor, StatusCode::UNPROCESSABLE_ENTITY, problems, fields).await;
        }
    };
    let (of, actor) = (Arc::clone(&console), visitor.actor());
    match blocking(move || of.desk.propose_text(&said, &actor)).await {
        Ok(id) => Redirect::to(&format!("/propositions/{id}")).into_response(),
        Err(refusal) => {
            let problems = line(&console, wording, &refusal).lines().map(str::to_owned).collect();
            page(&console, &visitor, StatusCode::CONFLICT, problems, fields).await
        }
    }
}

/// A past question that would be read in another way.
struct ReplayPart {
    thread: u64,
    text: String,
    /// `better`, `worse` or `different`.
    verdict: String,
}

#[derive(Template)]
#[template(path = "proposal.html")]
struct ProposalPage {
    page: Page,
    part: ProposedPart,
    proposal: Proposal,
    effective: String,
    superseded: Option<String>,
    changes: Vec<(&'static str, String)>,
    is_outdated: bool,
    /// What it would change in past mail, summed up, and each; `None` once it is settled.
    replayed: Option<(String, Vec<ReplayPart>)>,
    may_approve: bool,
    may_decline: bool,
}

pub(super) async fn show(
    extract::State(console): extract::State<Shared>,
    Path(id): Path<u64>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let (wording, of) = (visitor.wording, Arc::clone(&console));
    let made = blocking(move || {
        let Some(view) = of.desk.proposal(id)? else { return Ok(None) };
        let ProposalView { proposed, proposal, changes, is_outdated } = view;
        let waits = proposed.settled.is_none();
        let replayed = if waits && !is_outdated {
            let (before, after) = of.desk.models_of(&proposal)?;
            Some(replayed(wording, &of.report.replay(&before, &after, REPLAYED)?))
        } else {
            None
        };
        let own = proposed.by == visitor.name;
        let page = Page::of(&of, &visitor, wording.with("console-proposal-of", &[("id", &id)]), None)?;
        Ok(Some(ProposalPage {
            page,
            part: ProposedPart::of(&of, wording, &proposed),
            effective: date_in_words(wording.language(), proposal.effective),
            superseded: proposal.superseded.map(|day| date_in_words(wording.language(), day)),
            proposal,
            changes: signed(&changes),
            is_outdated,
            replayed,
            may_approve: waits && !is_outdated && !own && visitor.may(Permission::ApproveTexts),
            may_decline: waits && (own || visitor.may(Permission::ApproveTexts)),
        }))
    });
    let made = made.await.map_err(|refusal: Refusal| Failure::of(&console, wording, &refusal))?;
    Ok(html(StatusCode::OK, &made.ok_or_else(|| Failure::not_found(wording))?))
}

fn replayed(wording: &Wording, replayed: &Replayed) -> (String, Vec<ReplayPart>) {
    let times = |verdict| replayed.changed.iter().filter(|changed| changed.verdict == verdict).count();
    let values: [(&str, &dyn Display); 4] = [
        ("count", &replayed.read),
        ("changed", &replayed.changed.len()),
        ("better", &times(Verdict::Better)),
        ("worse", &times(Verdict::Worse)),
    ];
    let part = |changed: &Changed| ReplayPart {
        thread: changed.thread,
        text: format!("{} → {}", changed.before.line(wording), changed.after.line(wording)),
        verdict: key(&changed.verdict),
    };
    (wording.with("replay-sum", &values), replayed.changed.iter().map(part).collect())
}

pub(super) async fn approve(
    extract::State(console): extract::State<Shared>,
    Path(id): Path<u64>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    settle(console, headers, Fields(fields), id, Permission::ApproveTexts).await
}

/// Whoever proposed it may withdraw it: the desk knows who that is.
pub(super) async fn decline(
    extract::State(console): extract::State<Shared>,
    Path(id): Path<u64>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    settle(console, headers, Fields(fields), id, Permission::TendTexts).await
}

async fn settle(
    console: Shared,
    headers: HeaderMap,
    fields: Fields,
    id: u64,
    permission: Permission,
) -> Response {
    let path = format!("/propositions/{id}");
    let visitor = match sender(&console, &headers, &path, &fields, permission).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let (of, actor) = (Arc::clone(&console), visitor.actor());
    let done = blocking(move || match permission {
        Permission::ApproveTexts => of.desk.approve_text(id, &actor),
        _ => of.desk.decline_text(id, fields.get("raison"), &actor),
    });
    match done.await {
        Ok(()) => Redirect::to(&path).into_response(),
        Err(refusal) => Failure::of(&console, visitor.wording, &refusal).into_response(),
    }
}

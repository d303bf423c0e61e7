//! A flood: threads that wait for the same text, approved in one gesture, each with its own seal.

use super::Shared;
use super::decide::sender;
use super::fields::Fields;
use super::page::{Failure, Page, blocking, html, line};
use super::visitor::Visitor;
use crate::people::Permission;
use crate::review::{Group, GroupText, Refusal};
use crate::thread::ThreadId;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// A group, with the text that its threads would get.
struct GroupPart {
    /// The titles of the entries.
    titles: Vec<String>,
    group: Group,
    html: String,
}

#[derive(Template)]
#[template(path = "groups.html")]
struct GroupsPage {
    page: Page,
    groups: Vec<GroupPart>,
    may_decide: bool,
}

/// What came of each thread.
#[derive(Template)]
#[template(path = "group_done.html")]
struct DonePage {
    page: Page,
    approved: Vec<ThreadId>,
    refused: Vec<(ThreadId, String)>,
}

pub(super) async fn list(State(console): State<Shared>, visitor: Visitor) -> Result<Response, Failure> {
    let (wording, of) = (visitor.wording, Arc::clone(&console));
    let made = blocking(move || {
        let page = Page::of(&of, &visitor, wording.text("console-groups"), None)?;
        let replies = of.desk.library.current();
        let mut groups = Vec::new();
        for group in of.desk.groups()? {
            let first = group.threads.first().map(|member| of.desk.show(member.id)).transpose()?.flatten();
            let draft = first.and_then(|shown| shown.draft);
            groups.push(GroupPart {
                titles: group.entries.iter().map(|slug| replies.title(slug)).collect(),
                html: draft.map(|draft| draft.body_html()).unwrap_or_default(),
                group,
            });
        }
        Ok(GroupsPage { page, groups, may_decide: visitor.may(Permission::Decide) })
    });
    let made = made.await.map_err(|refusal: Refusal| Failure::of(&console, wording, &refusal))?;
    Ok(html(StatusCode::OK, &made))
}

pub(super) async fn approve(
    State(console): State<Shared>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let visitor = match sender(&console, &headers, "/groupes", &fields, Permission::Decide).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let (wording, of) = (visitor.wording, Arc::clone(&console));
    let made = blocking(move || {
        let seen: Vec<(ThreadId, u64)> = fields
            .all("fil")
            .filter_map(|pair| {
                let (id, version) = pair.split_once(':')?;
                Some((id.parse().ok()?, version.parse().ok()?))
            })
            .collect();
        let text = match fields.said("texte").next() {
            Some(body) => GroupText::Body(body.to_owned()),
            None => GroupText::AsDrafted,
        };
        let (mut approved, mut refused) = (Vec::new(), Vec::new());
        for (id, outcome) in of.desk.approve_group(&seen, &text, &visitor.actor()) {
            match outcome {
                Ok(_) => approved.push(id),
                Err(refusal) => refused.push((id, line(&of, wording, &refusal))),
            }
        }
        let page = Page::of(&of, &visitor, wording.text("console-groups"), None)?;
        Ok(DonePage { page, approved, refused })
    });
    match made.await {
        Ok(page) => html(StatusCode::OK, &page),
        Err(refusal) => {
            let refusal: Refusal = refusal;
            Failure::of(&console, wording, &refusal).into_response()
        }
    }
}

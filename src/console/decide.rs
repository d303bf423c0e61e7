//! A decision, from a form to the desk.

use super::fields::Fields;
use super::login::{forged, session_is_over};
use super::page::{Failure, Page, blocking, html, line, status};
use super::visitor::{Visitor, language, visitor};
use super::{Console, Shared};
use crate::draft::LetterKind;
use crate::people::Permission;
use crate::review::{Adjusting, Decision, Refusal};
use crate::thread::{Medium, Settlement, State, ThreadId};
use crate::wording::Language;
use askama::Template;
use axum::Form;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{self, Multipart, Path};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::BASE64;

/// The decision that a form asks for; `None` if there is no such verb.
fn decision(verb: &str, fields: &Fields) -> Option<Decision> {
    let text = |name: &str| fields.get(name).to_owned();
    let other = || fields.get("autre").parse::<ThreadId>().unwrap_or_default();
    Some(match verb {
        "approuver" => Decision::Approve {
            confirmed: fields.said("destinataire").map(str::to_owned).collect(),
            despite_superseded: fields.said("malgre").map(str::to_owned).collect(),
        },
        "viser" => Decision::Sign,
        "modifier" => Decision::Edit { body: text("texte") },
        "ajuster" => Decision::Adjust { adjust: adjusting(fields)? },
        "remplir" => {
            let values = fields.all("valeur").map(str::to_owned);
            let filled = fields.all("champ").map(str::to_owned).zip(values).collect();
            Decision::Adjust { adjust: Adjusting::Fill { fields: filled } }
        }
        "reclasser" => Decision::Reclassify {
            entries: fields.said("entree").map(str::to_owned).collect(),
            language: fields.get("langue").parse::<Language>().ok(),
        },
        "fermer" => Decision::Close { reason: text("raison") },
        "noter" => Decision::Note { text: text("texte") },
        "prendre" => Decision::Claim,
        "liberer" => Decision::Release,
        "reprendre" => Decision::Withdraw,
        "rouvrir" => Decision::Reopen,
        "rectifier" => Decision::Prepare { kind: LetterKind::Correction, office: None },
        "accuser" => Decision::Prepare { kind: LetterKind::Holding, office: None },
        "reponse" => Decision::Prepare { kind: LetterKind::Answer, office: None },
        "abandonner" => Decision::Discard,
        "transferer" => Decision::Prepare {
            kind: LetterKind::Transfer,
            office: fields.said("service").next().map(str::to_owned),
        },
        "attendre" => Decision::Wait { reason: text("raison") },
        "relancer" => Decision::Resume,
        "avis" => Decision::AskOpinion { to: text("collegue") },
        "repondu" => Decision::AnswerOtherwise {
            medium: if fields.get("moyen") == "meeting" { Medium::Meeting } else { Medium::Telephone },
            at: None,
            summary: text("resume"),
        },
        "regler" => Decision::Settle {
            outcome: if fields.get("issue") == "sent" { Settlement::Sent } else { Settlement::Resend },
        },
        "lier" => Decision::ConfirmLink { other: other() },
        "delier" => Decision::RefuseLink { other: other() },
        _ => return None,
    })
}

/// What a button beside the letter asks for.
fn adjusting(fields: &Fields) -> Option<Adjusting> {
    let said = |name| fields.said(name).next().map(str::to_owned);
    said("retirer")
        .map(|email| Adjusting::RemoveRecipient { email })
        .or_else(|| said("remettre").map(|email| Adjusting::RestoreRecipient { email }))
        .or_else(|| said("detacher").map(|name| Adjusting::Detach { name }))
        .or_else(|| said("anglais").map(|reason| Adjusting::JoinEnglish { reason }))
        .or_else(|| said("francais").map(|_| Adjusting::LeaveEnglish))
        .or_else(|| said("fichier").map(|name| Adjusting::AttachApproved { name }))
}

/// Whoever sent a form from one of our pages and may do what it says; or what to answer instead.
pub(super) async fn sender(
    console: &Shared,
    headers: &HeaderMap,
    path: &str,
    fields: &Fields,
    permission: impl Into<Option<Permission>>,
) -> Result<Visitor, Response> {
    let Some(visitor) = visitor(console, headers).await else {
        return Err(session_is_over(console, language(console, headers), path, fields));
    };
    let wording = visitor.wording;
    if !visitor.sent(fields) {
        return Err(forged(wording));
    }
    if permission.into().is_some_and(|permission| !visitor.may(permission)) {
        let line = wording.text("console-not-your-role");
        return Err(Failure::new(StatusCode::FORBIDDEN, wording, line).into_response());
    }
    Ok(visitor)
}

/// Whether the next thread comes after it: this one waits for nothing of the reviewer's any more.
fn leads_on(verb: &str) -> bool {
    matches!(verb, "approuver" | "viser" | "fermer" | "attendre" | "repondu")
}

/// What was refused, with what was typed.
#[derive(Template)]
#[template(path = "refused.html")]
struct RefusedPage {
    page: Page,
    id: ThreadId,
    line: String,
    /// The version now, if the thread still is.
    version: Option<u64>,
    /// A text that would be lost.
    typed: Option<String>,
    /// The verb that can be tried again with it.
    verb: String,
}

pub(super) async fn decide(
    extract::State(console): extract::State<Shared>,
    Path((id, verb)): Path<(ThreadId, String)>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let decision = decision(&verb, &fields);
    let permission = decision.as_ref().map_or(Permission::Read, Decision::permission);
    let visitor = match sender(&console, &headers, &format!("/fils/{id}/{verb}"), &fields, permission).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let Some(decision) = decision else { return Failure::not_found(visitor.wording).into_response() };
    carry_out(console, visitor, id, verb, fields, decision).await
}

/// A file of the reviewer's own goes with the letter.
pub(super) async fn attach(
    extract::State(console): extract::State<Shared>,
    Path(id): Path<ThreadId>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let (mut fields, mut file) = (Fields::default(), None);
    // What is no such form has no token, and is refused; one that breaks off has no file.
    if let Ok(mut form) = form {
        while let Ok(Some(part)) = form.next_field().await {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(file_name) => file = part.bytes().await.ok().map(|bytes| (file_name, bytes)),
                None => fields.0.push((name, part.text().await.unwrap_or_default())),
            }
        }
    }
    let visitor = match sender(&console, &headers, &format!("/fils/{id}"), &fields, Permission::Decide).await
    {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let (name, bytes) = file.unwrap_or_default();
    let adjust = Adjusting::AttachOwn { name, content: BASE64.encode(&bytes) };
    carry_out(console, visitor, id, "joindre".to_owned(), fields, Decision::Adjust { adjust }).await
}

/// Decides, and shows what comes next; or why not.
async fn carry_out(
    console: Shared,
    visitor: Visitor,
    id: ThreadId,
    verb: String,
    fields: Fields,
    decision: Decision,
) -> Response {
    blocking(move || {
        let seen = fields.get("vu").parse::<u64>().ok();
        match console.desk.decide(id, seen, decision, &visitor.actor()) {
            Ok(thread) => {
                let next = if leads_on(&verb) { next(&console, thread.id) } else { Ok(Some(thread.id)) };
                let next = next.ok().flatten().map_or("/fils".to_owned(), |next| format!("/fils/{next}"));
                Redirect::to(&format!("{next}?fait={verb}&fil={}", thread.id)).into_response()
            }
            Err(refusal) => refused(&console, &visitor, id, verb, &fields, &refusal),
        }
    })
    .await
}

/// The thread that has waited longest, but this one.
fn next(console: &Console, done: ThreadId) -> Result<Option<ThreadId>, Refusal> {
    let waiting = console.desk.queue(State::ToReview)?.lines;
    Ok(waiting.into_iter().map(|line| line.summary.id).find(|id| *id != done))
}

fn refused(
    console: &Console,
    visitor: &Visitor,
    id: ThreadId,
    verb: String,
    fields: &Fields,
    refusal: &Refusal,
) -> Response {
    let wording = visitor.wording;
    let typed = ["texte", "raison", "resume"].into_iter().find_map(|name| fields.said(name).next());
    let made = Page::of(console, visitor, wording.text("console-refused"), None).and_then(|page| {
        let version = console.desk.standing_of(id)?.map(|(version, _)| version);
        let typed = typed.map(str::to_owned);
        Ok(RefusedPage { page, id, line: line(console, wording, refusal), version, typed, verb })
    });
    match made {
        Ok(page) => html(status(refusal), &page),
        Err(refusal) => Failure::of(console, wording, &refusal).into_response(),
    }
}

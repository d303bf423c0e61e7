//! The live view: a page learns that something happened, and looks for itself.

use super::Shared;
use super::fields::Fields;
use super::page::{Failure, blocking, present};
use super::presence::Doing;
use super::visitor::Visitor;
use crate::review::Refusal;
use crate::thread::ThreadId;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;

/// News closer together than this come as one.
const TOGETHER: Duration = Duration::from_millis(250);

/// Server-sent events: one with the number of the last event of the journal, after each change.
pub(super) async fn events(State(console): State<Shared>, _: Visitor) -> impl IntoResponse {
    let bell = console.desk.bell();
    let news = stream::unfold(bell, |mut bell: watch::Receiver<u64>| async move {
        bell.changed().await.ok()?;
        tokio::time::sleep(TOGETHER).await;
        let seq = *bell.borrow_and_update();
        Some((Ok::<Event, Infallible>(Event::default().data(seq.to_string())), bell))
    });
    Sse::new(news).keep_alive(KeepAlive::default())
}

/// Version and state of a thread, in one line: what a page compares itself with. Then who else is there,
/// a line each. The page says by asking that it is still open.
pub(super) async fn version(
    State(console): State<Shared>,
    visitor: Visitor,
    Path(id): Path<ThreadId>,
    Query(fields): Query<Vec<(String, String)>>,
) -> Result<String, Failure> {
    let desk = console.desk.clone();
    let found = blocking(move || desk.standing_of(id).map_err(Refusal::from)).await;
    let (version, state) = found
        .map_err(|refusal| Failure::of(&console, visitor.wording, &refusal))?
        .ok_or_else(|| Failure::not_found(visitor.wording))?;
    let doing = if Fields(fields).get("redige").is_empty() { Doing::Reading } else { Doing::Writing };
    let others = console.presence.note(id, &visitor.name, doing);
    let lines = [vec![format!("{version} {state}")], present(visitor.wording, &others)].concat();
    Ok(lines.join("\n"))
}

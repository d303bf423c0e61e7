//! Door: figures for a monitor, on this machine only. `/metrics` in the text format of Prometheus,
//! `/healthz` and `/readyz`.
//!
//! `/healthz` says that the process lives: whoever restarts it asks there. `/readyz` says that the desk
//! can work: the store answers, the mailbox was read lately, the console takes connections. A mailbox
//! that is out of reach is no reason for a restart, so it shows in the second and not in the first.
//!
//! Everything is read at the moment of the question; nothing is counted twice or kept beside the journal,
//! but for the warnings and errors of this process, and the durations of the answers given since it began.

mod text;

use crate::calendar::wall;
use crate::report::Report;
use crate::review::Desk;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A mailbox was read lately if it was within this time: three rounds of the longest wait for news.
const LATELY: Duration = Duration::from_secs(15 * 60);
/// How long the console may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(2);

static WARNINGS: AtomicU64 = AtomicU64::new(0);
static ERRORS: AtomicU64 = AtomicU64::new(0);

/// Counts a line of the program's log: for whoever writes it.
pub fn count(level: &tracing::Level) {
    match *level {
        tracing::Level::ERROR => ERRORS.fetch_add(1, Ordering::Relaxed),
        tracing::Level::WARN => WARNINGS.fetch_add(1, Ordering::Relaxed),
        _ => return,
    };
}

/// What the figures are read from.
#[derive(Clone)]
pub struct Metrics {
    /// The desk.
    pub desk: Desk,
    /// The response times.
    pub report: Report,
    /// Where the console listens, if it does.
    pub console: Option<SocketAddr>,
}

/// The door, listening.
pub struct Listening {
    listener: TcpListener,
    metrics: Metrics,
}

impl Metrics {
    /// Listens at `address`.
    ///
    /// # Errors
    /// If it cannot be had.
    pub async fn listen(self, address: SocketAddr) -> std::io::Result<Listening> {
        Ok(Listening { listener: TcpListener::bind(address).await?, metrics: self })
    }

    /// What stands in the way of work, by part.
    async fn readiness(&self) -> Readiness {
        let desk = self.desk.clone();
        let standing = tokio::task::spawn_blocking(move || desk.standing()).await;
        let standing = standing.ok().and_then(Result::ok);
        let now = self.desk.journal.clock().now();
        let console = match self.console {
            None => true,
            Some(address) => tokio::time::timeout(CONNECT, TcpStream::connect(address))
                .await
                .is_ok_and(|done| done.is_ok()),
        };
        Readiness {
            store: standing.is_some(),
            mailbox: standing.is_some_and(|standing| {
                standing.mailbox_lost.is_none() && standing.last_reading.is_some_and(|at| lately(at, now))
            }),
            console,
        }
    }
}

fn lately(at: Timestamp, now: Timestamp) -> bool {
    wall(at, now) <= LATELY
}

/// What `/readyz` looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
struct Readiness {
    /// The store answers.
    store: bool,
    /// The mailbox is within reach and was read lately.
    mailbox: bool,
    /// The console takes connections, if there is to be one.
    console: bool,
}

impl Listening {
    /// Where it listens.
    ///
    /// # Errors
    /// If the system does not say.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until told to stop.
    ///
    /// # Errors
    /// If it cannot go on listening.
    pub async fn serve(self, mut stop: watch::Receiver<bool>) -> std::io::Result<()> {
        let router = Router::new()
            .route("/metrics", get(metrics))
            .route("/healthz", get(|| async { "ok\n" }))
            .route("/readyz", get(readyz))
            .with_state(Arc::new(self.metrics));
        let stopped = async move {
            let _ = stop.wait_for(|stop| *stop).await;
        };
        axum::serve(self.listener, router).with_graceful_shutdown(stopped).await
    }
}

async fn metrics(State(of): State<Arc<Metrics>>) -> Response {
    let made = tokio::task::spawn_blocking(move || text::page(&of.desk, &of.report)).await;
    match made {
        Ok(Ok(page)) => {
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], page).into_response()
        }
        Ok(Err(fault)) => {
            tracing::warn!(%fault, "no metrics");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Err(panic) => {
            tracing::error!(%panic, "no metrics");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn readyz(State(of): State<Arc<Metrics>>) -> Response {
    let ready = of.readiness().await;
    let all = ready.store && ready.mailbox && ready.console;
    let status = if all { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::to_string(&ready).unwrap_or_default() + "\n";
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

//! Listening: TLS, limits on what a client may cost, and the headers of every answer.

use super::page::Failure;
use super::visitor::language;
use super::{Console, Shared};
use crate::config::ConsoleTls;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

/// How long a client may take for the head of a request, and for a handshake.
const HEAD: Duration = Duration::from_secs(10);
/// How long a request may take with its body, until its answer begins.
const ANSWER: Duration = Duration::from_secs(30);
/// Connections at one time; a browser with a live page holds one.
const MOST_CONNECTIONS: usize = 512;
/// Bytes of the largest head.
const LARGEST_HEAD: usize = 64 << 10;

/// No scripts and styles but our own files, nothing from elsewhere, in nobody's frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The headers of every answer.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Why the console does not listen.
#[derive(Debug, thiserror::Error)]
pub enum Unlistenable {
    /// The address cannot be had.
    #[error("{address}: {error}")]
    Address {
        /// The config's.
        address: SocketAddr,
        /// The system's words.
        error: std::io::Error,
    },
    /// Certificate or key cannot be read, or do not belong together.
    #[error("{file}: {why}")]
    Tls {
        /// Which file.
        file: String,
        /// Why.
        why: String,
    },
}

/// The console, listening.
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
    router: Router,
}

impl Console {
    /// Listens at `address`.
    ///
    /// # Errors
    /// [`Unlistenable`].
    pub async fn listen(
        self,
        address: SocketAddr,
        tls: Option<&ConsoleTls>,
    ) -> Result<Listening, Unlistenable> {
        let tls = tls.map(acceptor).transpose()?;
        let failed = |error| Unlistenable::Address { address, error };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let router = self.router().layer(middleware::from_fn(guard));
        Ok(Listening { listener, address, tls, router })
    }
}

impl Listening {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where browsers find it from this machine.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}/", self.address)
    }

    /// Answers until told to stop.
    ///
    /// # Errors
    /// None at present: a connection that cannot be taken is left, and the next one is waited for.
    pub async fn serve(self, mut stop: watch::Receiver<bool>) -> std::io::Result<()> {
        tracing::info!(address = %self.address, "console listens");
        let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        loop {
            let taken = tokio::select! {
                taken = self.listener.accept() => taken,
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
            };
            let Ok((stream, _)) = taken else {
                // Out of descriptors, most likely: the next moment has some again.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
            let (router, tls) = (self.router.clone(), self.tls.clone());
            tokio::spawn(async move {
                let _place = place;
                match tls {
                    None => converse(stream, router).await,
                    Some(tls) => {
                        if let Ok(Ok(stream)) = tokio::time::timeout(HEAD, tls.accept(stream)).await {
                            converse(stream, router).await;
                        }
                    }
                }
            });
        }
    }
}

/// One connection to its end; what goes wrong on it concerns nobody else.
async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, router: Router) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(LARGEST_HEAD);
    let _ = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)).await;
}

/// A page in the place of an answer without one: what axum refuses before any of our pages is asked.
pub(super) async fn with_page(State(console): State<Shared>, request: Request, next: Next) -> Response {
    let wording = language(&console, request.headers());
    let response = next.run(request).await;
    let status = response.status();
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|of| of.to_str().is_ok_and(|of| of.starts_with("text/html")));
    if is_page || !status.is_client_error() {
        return response;
    }
    let key = match status {
        StatusCode::NOT_FOUND => "console-not-found",
        StatusCode::PAYLOAD_TOO_LARGE => "console-too-large",
        _ => "console-not-understood",
    };
    Failure::new(status, wording, wording.text(key)).into_response()
}

/// What holds for every request: no other site sends forms, nothing lasts, nothing is kept by caches.
async fn guard(request: Request, next: Next) -> Response {
    // Browsers say where a request comes from (Fetch Metadata); the token of the form is the second lock.
    let site = request.headers().get("sec-fetch-site").and_then(|value| value.to_str().ok());
    let foreign =
        !request.method().is_safe() && site.is_some_and(|site| !matches!(site, "same-origin" | "none"));
    let mut response = if foreign {
        StatusCode::FORBIDDEN.into_response()
    } else {
        let answered = tokio::time::timeout(ANSWER, next.run(request)).await;
        answered.unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response())
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Whether certificate and key serve.
///
/// # Errors
/// [`Unlistenable::Tls`].
pub fn check(tls: Option<&ConsoleTls>) -> Result<(), Unlistenable> {
    tls.map(acceptor).transpose().map(drop)
}

fn acceptor(tls: &ConsoleTls) -> Result<TlsAcceptor, Unlistenable> {
    let of =
        |file: &std::path::Path, why: String| Unlistenable::Tls { file: file.display().to_string(), why };
    let certificates = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| of(&tls.certificate, error.to_string()))?;
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(|error| of(&tls.key, error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(certificates, key))
        .map_err(|error| of(&tls.certificate, error.to_string()))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

//! One HTTP exchange with the provider: TLS as everywhere here, no redirects, a limit on time and size.

use crate::config::is_loopback;
use crate::tls;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::{Request, Response, header};
use hyper_util::rt::TokioIo;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use rustls::pki_types::ServerName;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// How long one exchange may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of the longest answer.
const LONGEST: usize = 1 << 20;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    #[error("the address is not of https")]
    Address,
    #[error("no answer in time")]
    Slow,
    #[error("connection: {0}")]
    Connection(#[from] std::io::Error),
    #[error("certificates: {0}")]
    Certificates(#[from] tls::Problem),
    #[error("http: {0}")]
    Http(#[from] hyper::Error),
    #[error("answer: {0}")]
    Answer(Box<dyn std::error::Error + Send + Sync>),
}

/// The client that the crate asks through.
#[derive(Debug, Clone)]
pub(super) struct Http {
    /// Certificates to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = Failed;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failed>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let exchange = async move { self.exchange(request).await };
        Box::pin(async { tokio::time::timeout(PATIENCE, exchange).await.unwrap_or(Err(Failed::Slow)) })
    }
}

impl Http {
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, Failed> {
        let uri = request.uri();
        let host = uri.host().ok_or(Failed::Address)?.trim_matches(['[', ']']).to_owned();
        let port = uri.port_u16();
        match uri.scheme_str() {
            Some("https") => {
                let stream = TcpStream::connect((host.as_str(), port.unwrap_or(443))).await?;
                let name = ServerName::try_from(host).map_err(|_| Failed::Address)?;
                let connector = TlsConnector::from(tls::client_config(self.ca_file.as_deref())?);
                converse(connector.connect(name, stream).await?, request).await
            }
            // What a provider says of itself may name other addresses: none of them is asked in the open.
            Some("http") if is_loopback(&host) => {
                converse(TcpStream::connect((host.as_str(), port.unwrap_or(80))).await?, request).await
            }
            _ => Err(Failed::Address),
        }
    }
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: HttpRequest,
) -> Result<HttpResponse, Failed> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let (head, body) = request.into_parts();
    let authority = head.uri.authority().ok_or(Failed::Address)?.as_str().to_owned();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let mut request = Request::builder().method(head.method).uri(path).header(header::HOST, authority);
    for (name, value) in &head.headers {
        request = request.header(name, value);
    }
    let request = request.body(Full::new(Bytes::from(body))).map_err(|_| Failed::Address)?;
    let (head, body) = sender.send_request(request).await?.into_parts();
    let body = Limited::new(body, LONGEST).collect().await.map_err(Failed::Answer)?.to_bytes();
    connection.abort();
    Ok(Response::from_parts(head, body.to_vec()))
}

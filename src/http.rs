//! Edge: services that are asked by HTTP. TLS as everywhere here, no redirects, no proxy of the
//! environment, a limit on time and size.

use crate::config::is_loopback;
use crate::tls;
use reqwest::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Url};
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

/// Bytes of the longest answer.
const LONGEST: usize = 8 << 20;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// Only this machine is asked in the open.
    #[error("the address is not of https")]
    Address,
    /// Nothing to trust.
    #[error("certificates: {0}")]
    Certificates(#[from] tls::Problem),
    /// The connection, or what came over it. Never with the address: it may hold a secret.
    #[error("http: {0}")]
    Http(String),
    /// The answer is too long.
    #[error("the answer is longer than {LONGEST} bytes")]
    TooLong,
}

impl From<reqwest::Error> for Failed {
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let mut words = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(deeper) = cause {
            words = format!("{words}: {deeper}");
            cause = deeper.source();
        }
        Self::Http(words)
    }
}

/// A client; its connections are kept between requests.
#[derive(Debug, Clone)]
pub struct Client(reqwest::Client);

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status: RFC 9110, 15.
    pub status: u16,
    /// The `Retry-After` of a server that wants to be left alone for a while, in seconds.
    pub retry_after: Option<Duration>,
    /// The `Content-Type`, as it stands.
    pub content_type: Option<HeaderValue>,
    /// The body.
    pub body: Vec<u8>,
}

impl Client {
    /// A client that trusts the certificates of `ca_file`, or else those of the system.
    ///
    /// # Errors
    /// If there is nothing to trust.
    pub fn new(ca_file: Option<&Path>) -> Result<Self, Failed> {
        let tls = tls::client_config(ca_file)?;
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured((*tls).clone())
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(10));
        Ok(Self(builder.build()?))
    }

    /// One exchange. `path`: the segments behind the address of the service, which are encoded here.
    ///
    /// # Errors
    /// If there is no answer within `patience`; any status is one.
    pub async fn json(&self, asked: &Request<'_>, patience: Duration) -> Result<Answer, Failed> {
        let mut url: Url = asked.service.parse().map_err(|_| Failed::Address)?;
        url.path_segments_mut().map_err(|()| Failed::Address)?.pop_if_empty().extend(asked.path);
        if !asked.query.is_empty() {
            url.query_pairs_mut().extend_pairs(asked.query);
        }
        let mut request = self.0.request(asked.method.clone(), encrypted(url)?).timeout(patience);
        if let Some(token) = asked.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = asked.body {
            request = request.json(body);
        }
        read(request.send().await?).await
    }

    /// Posts JSON to an address as it stands.
    ///
    /// # Errors
    /// As [`Client::json`].
    pub async fn post(&self, url: &str, body: &Value, patience: Duration) -> Result<Answer, Failed> {
        let url = encrypted(url.parse().map_err(|_| Failed::Address)?)?;
        read(self.0.post(url).timeout(patience).json(body).send().await?).await
    }

    /// Sends a request that was made elsewhere.
    ///
    /// # Errors
    /// As [`Client::json`].
    pub async fn exchange(
        &self,
        request: hyper::Request<Vec<u8>>,
        patience: Duration,
    ) -> Result<Answer, Failed> {
        let mut request = reqwest::Request::try_from(request)?;
        *request.url_mut() = encrypted(request.url().clone())?;
        *request.timeout_mut() = Some(patience);
        read(self.0.execute(request).await?).await
    }
}

/// One request of a service's JSON interface.
#[derive(Debug)]
pub struct Request<'a> {
    /// The method.
    pub method: Method,
    /// The address of the service.
    pub service: &'a str,
    /// The path behind it, cut at its slashes.
    pub path: &'a [&'a str],
    /// The query.
    pub query: &'a [(&'a str, &'a str)],
    /// The bearer token (RFC 6750).
    pub token: Option<&'a str>,
    /// The body.
    pub body: Option<&'a Value>,
}

/// Whether an address could be asked at all.
///
/// # Errors
/// [`Failed::Address`].
pub fn is_usable(url: &str) -> Result<(), Failed> {
    encrypted(url.parse().map_err(|_| Failed::Address)?).map(drop)
}

/// The address, if it is of HTTPS, or on this machine: what a service says of itself may name others.
fn encrypted(url: Url) -> Result<Url, Failed> {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(host) => Ok(url),
        _ => Err(Failed::Address),
    }
}

async fn read(mut response: reqwest::Response) -> Result<Answer, Failed> {
    let status = response.status().as_u16();
    let retry_after = response.headers().get(RETRY_AFTER);
    let seconds = retry_after.and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let content_type = response.headers().get(CONTENT_TYPE).cloned();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > LONGEST {
            return Err(Failed::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, retry_after: seconds.map(Duration::from_secs), content_type, body })
}

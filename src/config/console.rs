//! What the operator decides about the review console.

use super::table::Reader;
use super::{Oidc, ProblemKind, is_loopback, oidc};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// How long a session lasts without a request unless the config says otherwise.
const SESSION_HOURS: u64 = 10;
/// For how long the access log is kept unless the config says otherwise.
const ACCESS_LOG_DAYS: u64 = 365;
/// Seconds of a day.
const DAY: u64 = 24 * 3600;

/// `[console]`.
#[derive(Debug, Clone)]
pub struct Console {
    /// Where it listens; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Certificate chain and key, PEM; `None`: plain HTTP, on loopback or behind a proxy only.
    pub tls: Option<ConsoleTls>,
    /// Whether a proxy in front of it speaks TLS with the browsers.
    pub trusted_proxy: bool,
    /// For how long a session lasts without a request.
    pub idle: Duration,
    /// The folder of the ministry's own style sheet, `theme.css`, and of what it names.
    pub theme: Option<PathBuf>,
    /// For how long the access log is kept.
    pub keep_accesses: Duration,
    /// Whether people come in by a password.
    pub passwords: bool,
    /// The identity provider by which they come in.
    pub oidc: Option<Oidc>,
}

/// How the console speaks TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleTls {
    /// The certificate chain, PEM.
    pub certificate: PathBuf,
    /// Its key, PEM.
    pub key: PathBuf,
}

/// Where it listens unless the config says otherwise.
pub const PORT: u16 = 8025;

impl Default for Console {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, PORT).into(),
            tls: None,
            trusted_proxy: false,
            idle: Duration::from_secs(SESSION_HOURS * 3600),
            theme: None,
            keep_accesses: Duration::from_secs(ACCESS_LOG_DAYS * DAY),
            passwords: true,
            oidc: None,
        }
    }
}

impl Console {
    /// Whether browsers reach it by TLS only.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.tls.is_some() || self.trusted_proxy
    }
}

/// `None` without such a section.
pub(super) fn read(root: &mut Reader) -> Option<Console> {
    let mut section = root.section("console");
    if section.is_empty() {
        return None;
    }
    let listen = section.string("listen");
    let (certificate, key) = (section.path("tls_certificate"), section.path("tls_key"));
    let theme = section.path("theme_dir");
    let trusted_proxy = section.boolean("trusted_proxy").unwrap_or(false);
    let hours = section.number("session_hours", 1, 24 * 7).unwrap_or(SESSION_HOURS);
    let idle = Duration::from_secs(hours * 3600);
    let days = section.number("access_log_days", 1, 36_500).unwrap_or(ACCESS_LOG_DAYS);
    let keep_accesses = Duration::from_secs(days * DAY);
    let passwords = section.boolean("passwords").unwrap_or(true);
    let oidc = oidc::read(&mut section);
    if !passwords && oidc.is_none() {
        section.problem("passwords", ProblemKind::NoWayIn);
    }
    let tls = match (certificate, key) {
        (Some(certificate), Some(key)) => Some(ConsoleTls { certificate, key }),
        (None, None) => None,
        _ => {
            section.problem("tls_key", ProblemKind::HalfTls);
            None
        }
    };
    let listen = match listen.map(|listen| listen.parse::<SocketAddr>()) {
        None => Some(Console::default().listen),
        Some(Ok(listen)) => Some(listen),
        Some(Err(_)) => {
            section.problem("listen", ProblemKind::Wrong("listen"));
            None
        }
    };
    let console = listen.map(|listen| Console {
        listen,
        tls,
        trusted_proxy,
        idle,
        theme,
        keep_accesses,
        passwords,
        oidc,
    });
    if let Some(console) = &console
        && !is_loopback(&console.listen.ip().to_string())
        && !console.is_secure()
    {
        section.problem("listen", ProblemKind::ConsoleBeyondLoopback);
    }
    root.finish(section);
    console
}

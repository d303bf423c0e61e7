//! What the operator decides about reports, the response-time log and the figures for Prometheus.

use super::table::Reader;
use super::{ProblemKind, is_loopback};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The log's name in the data folder.
const LOG: &str = "response-times.log";

/// `[report]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRules {
    /// Whether reports name reviewers.
    pub by_person: bool,
    /// The response-time log.
    pub log: ResponseLog,
}

/// Where the response-time log is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseLog {
    /// The file.
    pub path: PathBuf,
    /// When a new one begins.
    pub rotation: Rotation,
}

/// When a new file of the response-time log begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// With a month.
    Month,
    /// Once it has this many bytes.
    Size(u64),
}

/// `[metrics]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metrics {
    /// Where it listens; port 0 lets the system choose.
    pub listen: SocketAddr,
}

pub(super) fn read(root: &mut Reader, data_dir: &Path) -> ReportRules {
    let mut section = root.section("report");
    let by_person = section.boolean("by_person").unwrap_or(false);
    let path = section.path("log").unwrap_or_else(|| data_dir.join(LOG));
    let megabytes = section.number("log_rotate_mb", 0, 10_000).unwrap_or(0);
    root.finish(section);
    let rotation = if megabytes == 0 { Rotation::Month } else { Rotation::Size(megabytes * 1_000_000) };
    ReportRules { by_person, log: ResponseLog { path, rotation } }
}

/// `None` without such a section.
pub(super) fn metrics(root: &mut Reader) -> Option<Metrics> {
    let mut section = root.section("metrics");
    if section.is_empty() {
        return None;
    }
    let listen = section.string("listen");
    if listen.is_none() {
        section.require("listen");
    }
    let listen = listen.and_then(|listen| match listen.parse::<SocketAddr>() {
        Ok(listen) if is_loopback(&listen.ip().to_string()) => Some(listen),
        Ok(_) => {
            section.problem("listen", ProblemKind::MetricsBeyondLoopback);
            None
        }
        Err(_) => {
            section.problem("listen", ProblemKind::Wrong("listen"));
            None
        }
    });
    root.finish(section);
    listen.map(|listen| Metrics { listen })
}

//! What the operator decides about the program's own log.

use super::table::Reader;

/// `[log]`.
#[derive(Debug, Clone, Copy)]
pub struct Log {
    /// How a line is written.
    pub format: LogFormat,
    /// What is worth a line.
    pub level: tracing::Level,
}

/// How a log line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

const LOG_FORMATS: &[(&str, LogFormat)] = &[("human", LogFormat::Human), ("json", LogFormat::Json)];
const LOG_LEVELS: &[(&str, tracing::Level)] = &[
    ("error", tracing::Level::ERROR),
    ("warn", tracing::Level::WARN),
    ("info", tracing::Level::INFO),
    ("debug", tracing::Level::DEBUG),
    ("trace", tracing::Level::TRACE),
];

pub(super) fn read(root: &mut Reader) -> Log {
    let mut section = root.section("log");
    let log = Log {
        format: section.one_of("format", LOG_FORMATS).unwrap_or(LogFormat::Human),
        level: section.one_of("level", LOG_LEVELS).unwrap_or(tracing::Level::INFO),
    };
    root.finish(section);
    log
}

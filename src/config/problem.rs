//! What can be wrong in a config, in words that say what to do.

use crate::wording::Wording;
use std::fmt;

/// Something wrong in the config: where, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The key, such as `mailbox.port`; empty if the file as a whole is meant.
    pub key: String,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What can be wrong in a config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// The file cannot be read.
    Unreadable(String),
    /// The file is not TOML; the parser's words.
    NotToml(String),
    /// Nobody knows this key; the nearest known one.
    Unknown(Option<String>),
    /// The key must be there.
    Missing,
    /// The value is of another kind than this one.
    Wrong(&'static str),
    /// The value is not one of these.
    OneOf(String),
    /// Plain connections are for loopback only.
    PlainBeyondLoopback,
    /// A user without a password file, or the other way round.
    HalfLogin,
    /// A certificate without its key, or the other way round.
    HalfTls,
    /// Passwords and mail would cross a network in plain text.
    ConsoleBeyondLoopback,
    /// Without passwords and without a provider nobody could come in.
    NoWayIn,
    /// Figures about the desk would cross a network in plain text.
    MetricsBeyondLoopback,
    /// `since` is not set: mail would get drafts from who knows when.
    SinceUnset,
    /// The notice of the morning goes to colleagues only, and this address is none of theirs.
    NotInternal(String),
    /// The notice of the morning would come back as mail to the desk.
    OwnAddress(String),
}

impl Problem {
    /// One line for people.
    #[must_use]
    pub fn line(&self, wording: &Wording) -> String {
        let key: &dyn fmt::Display = &self.key;
        match &self.kind {
            ProblemKind::Unreadable(why) => wording.with("config-unreadable", &[("why", why)]),
            ProblemKind::NotToml(why) => wording.with("config-not-toml", &[("why", why)]),
            ProblemKind::Unknown(None) => wording.with("config-unknown", &[("key", key)]),
            ProblemKind::Unknown(Some(near)) => {
                wording.with("config-unknown-near", &[("key", key), ("near", near)])
            }
            ProblemKind::Missing => wording.with("config-missing", &[("key", key)]),
            ProblemKind::Wrong(form) => wording.with(
                "config-wrong",
                &[("key", key), ("form", &wording.text(&format!("config-form-{form}")))],
            ),
            ProblemKind::OneOf(values) => wording.with("config-one-of", &[("key", key), ("values", values)]),
            ProblemKind::PlainBeyondLoopback => wording.with("config-plain", &[("key", key)]),
            ProblemKind::HalfLogin => wording.with("config-half-login", &[("key", key)]),
            ProblemKind::HalfTls => wording.with("config-half-tls", &[("key", key)]),
            ProblemKind::ConsoleBeyondLoopback => wording.with("config-console-plain", &[("key", key)]),
            ProblemKind::NoWayIn => wording.text("config-no-way-in"),
            ProblemKind::MetricsBeyondLoopback => wording.with("config-metrics", &[("key", key)]),
            ProblemKind::SinceUnset => wording.text("config-since"),
            ProblemKind::NotInternal(address) => {
                wording.with("config-not-internal", &[("key", key), ("address", address)])
            }
            ProblemKind::OwnAddress(address) => {
                wording.with("config-own-address", &[("key", key), ("address", address)])
            }
        }
    }
}

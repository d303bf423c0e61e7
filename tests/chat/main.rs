//! Chat, in a real Synapse; and that the bench itself tells the truth.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod bench;
mod channel;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../support/desk.rs"]
mod desk;
mod kill;
mod matrix;
#[path = "../support/synapse.rs"]
mod synapse;
mod time;
mod webhook;

use std::sync::LazyLock;
use synapse::Synapse;

/// The server of all tests that do not stop theirs: it takes seconds to start. Each test
/// has people and rooms of its own.
static SYNAPSE: LazyLock<Synapse> = LazyLock::new(Synapse::start);

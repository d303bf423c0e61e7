//! greffier: the clerk beside a shared mailbox.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

pub mod clock;
pub mod config;
pub mod letter;
pub mod mailbox;
pub mod message;
pub mod outbox;
pub mod wording;

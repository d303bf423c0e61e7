//! greffier: the clerk beside a shared mailbox.
//!
//! It reads each e-mail, recognises which FAQ entries answer it, prepares a reply from
//! approved texts, and sends only what a person approved. Follow one mail through the
//! code in this order:
//!
//! ```text
//! mailbox → intake → journal → triage (question → classify → draft) → review (a person) → outbox → sent
//!                       ↑ every stage writes its events here and reads what the one before it wrote ↑
//!                                  report, search: only read
//! ```
//!
//! Stages never call each other: they meet in the journal, and its bell wakes the next
//! one. So a restart needs no code of its own, and a kill at any moment is a restart.
//!
//! | layer | modules | may use |
//! | --- | --- | --- |
//! | words | [`wording`], [`tables`] (reads TOML tables with line numbers) | nothing of ours |
//! | values: no I/O, no tokio, time passed in | [`message`], [`organisation`], [`threading`], [`replies`], [`classify`], [`draft`], [`letter`], [`notice`], [`thread`], [`calendar`], [`account`] | values before them |
//! | settings | [`config`], [`clock`], [`library`], [`tls`] | values |
//! | journal | [`journal`] | values, clock |
//! | edges | [`mailbox`], `outbox::smtp`, `outbox::folder`, `chat::matrix`, `chat::webhook`, [`http`], [`oidc`] | settings, letter, notice |
//! | stages | [`intake`], [`triage`], [`review`], [`outbox`], [`people`], [`search`], [`report`], [`chat`] | values, journal, settings, their own edge; never another stage (outbox files its copy through the mailbox) |
//! | doors | [`api`], [`console`], [`commands`], [`metrics`] | review, people, search, report, values, settings |
//! | app | [`app`] | all of the above |
//! | cli | [`cli`] | app and below |
//!
//! `tests/layers.rs` holds this table as data and refuses any other edge.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

pub mod account;
pub mod api;
pub mod app;
pub mod calendar;
pub mod chat;
pub mod classify;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod console;
pub mod draft;
pub mod http;
pub mod intake;
pub mod journal;
pub mod letter;
pub mod library;
pub mod mailbox;
pub mod message;
pub mod metrics;
pub mod notice;
pub mod oidc;
pub mod organisation;
pub mod outbox;
pub mod people;
pub mod replies;
pub mod report;
pub mod review;
pub mod search;
pub mod tables;
pub mod thread;
pub mod threading;
pub mod tls;
pub mod triage;
pub mod wording;

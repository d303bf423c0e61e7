//! The desk over weeks and in every order of events, in one process, under a clock that the test holds.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[allow(dead_code, reason = "each test binary uses a part of it")]
#[path = "../support/desk.rs"]
mod desk;
#[allow(dead_code, reason = "each test binary uses a part of it")]
#[path = "../support/letters.rs"]
mod letters;
#[allow(dead_code, reason = "each test binary uses a part of it")]
#[path = "../support/parts.rs"]
mod parts;

mod copies;
mod matters;
mod opinions;
mod reports;
mod run;
mod time;
mod truth;
mod world;

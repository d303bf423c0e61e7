//! Stories of the desk, each from the mail to the letter, on the real binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../support/desk.rs"]
mod desk;
#[path = "../support/faults.rs"]
mod faults;
#[allow(dead_code, reason = "each test binary uses a part of it")]
#[path = "../support/letters.rs"]
mod parsed;

mod answered_outside;
mod bad_input;
mod bounces;
mod care;
mod command_line;
mod dates;
mod entries;
mod flags;
mod flow;
mod kill;
mod learning;
mod letters;
mod links;
mod march_25;
mod marks;
mod notice;
mod people;
mod replies;
mod report;
mod search;
mod texts;
mod week;

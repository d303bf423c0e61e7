//! The whole daemon between a real Dovecot and a real Postfix, on loopback.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[allow(dead_code, reason = "each test binary uses a part of it")]
#[path = "../support/certificates.rs"]
mod certificates;
#[allow(dead_code, reason = "each test binary uses a part of it")]
#[path = "../support/desk.rs"]
mod desk;
#[path = "../support/dovecot.rs"]
mod dovecot;
#[allow(dead_code, reason = "each test binary uses a part of it")]
#[path = "../support/letters.rs"]
mod letters;
#[path = "../support/line.rs"]
mod line;
#[path = "../support/postfix.rs"]
mod postfix;

mod check;
mod flags;
mod flood;
mod folders;
mod history;
mod hold;
mod notice;
mod refusals;
mod servers;
mod way;
mod week;

//! The mailbox's back ends against a real Dovecot, a scripted server, and folders on disk.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../support/dovecot.rs"]
mod dovecot;
#[path = "../support/imap_script.rs"]
mod imap_script;

mod desk;
mod doors;
mod faults;
mod filing;
mod flags;
mod maildir;
mod reading;
mod renumbered;
mod silence;
mod waiting;

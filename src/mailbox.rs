//! The mailbox: fetch after a cursor, wait for news, file a copy.
//!
//! Two back ends behind one enum. They hand over bytes and never decide anything:
//! what a message means is intake's business, and where the reading stands is the
//! journal's. Nothing in the mailbox is ever marked, moved or removed, but for the flags of
//! what was answered if [`config::Mailbox::mark_answered`] says so.
//!
//! The order of use: [`open()`], [`Session::folders`], then for each folder
//! [`Session::fetch`] until there is no more, then [`Session::wait`], then fetch again.
//! After any [`Fault`] the session is over: wait as [`Backoff`] says and open another.

mod backoff;
mod fault;
mod head;
mod imap;
mod maildir;
mod names;
mod spool;
mod terms;

pub use backoff::Backoff;
pub use fault::{Barrier, Cut, Fault, Oddity, Refusal, Words};
pub use terms::{
    After, Batch, Content, Fetched, Folder, Limit, Mark, Marked, Reset, ResetWhy, Role, Setup, Times,
    UidCursor,
};

use crate::config;
use jiff::Timestamp;
use std::time::Duration;
use tokio::sync::Notify;

/// An open mailbox.
#[derive(Debug)]
pub enum Session {
    /// On an IMAP server.
    Imap(Box<imap::Session>),
    /// On this machine.
    Maildir(Box<maildir::Session>),
}

/// Opens the mailbox: connects and logs in, or finds the Maildir.
///
/// # Errors
/// Any [`Fault`].
pub async fn open(config: &config::Mailbox, setup: Setup) -> Result<Session, Fault> {
    Ok(match &config.kind {
        config::MailboxKind::Imap(server) => {
            Session::Imap(Box::new(imap::Session::open(config, server, setup).await?))
        }
        config::MailboxKind::Maildir { path } => {
            Session::Maildir(Box::new(maildir::Session::open(config, path, setup).await?))
        }
    })
}

impl Session {
    /// The folders to read: the inbox first, the further ones of the config, then the one
    /// for sent mail if there is one.
    ///
    /// # Errors
    /// [`Refusal::NoFolder`] if the config names a folder that does not exist; any other.
    pub async fn folders(&mut self) -> Result<Vec<Folder>, Fault> {
        match self {
            Self::Imap(session) => session.folders().await,
            Self::Maildir(session) => session.folders().await,
        }
    }

    /// The next messages of a folder, oldest first. Call again while there are any left.
    ///
    /// # Errors
    /// Any [`Fault`]; the same messages come again from the same cursor.
    pub async fn fetch(&mut self, folder: &Folder, after: &After<'_>, limit: &Limit) -> Result<Batch, Fault> {
        match self {
            Self::Imap(session) => session.fetch(&folder.name, after, limit).await,
            Self::Maildir(session) => session.fetch(&folder.name, after, limit).await,
        }
    }

    /// Waits until there may be news, `bell` rings, or `at_most` is over; possibly less.
    /// IMAP watches the inbox only, so look into all folders after each wait.
    ///
    /// When this is dropped before its end, an IMAP session is over.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub async fn wait(&mut self, at_most: Duration, bell: &Notify) -> Result<(), Fault> {
        match self {
            Self::Imap(session) => session.wait(at_most, bell).await,
            Self::Maildir(session) => session.wait(at_most, bell).await,
        }
    }

    /// Files a copy, read, as received at `date`. After a [`Fault::Dropped`] it may have
    /// been filed or not: look before filing again.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub async fn append(&mut self, folder: &Folder, raw: &[u8], date: Timestamp) -> Result<(), Fault> {
        match self {
            Self::Imap(session) => session.append(&folder.name, raw, date).await,
            Self::Maildir(session) => session.append(&folder.name, raw, date).await,
        }
    }

    /// Marks a message as answered and seen: `mark` is that of its [`Fetched`]. Asked for by the operator
    /// only. Ask for the folders first.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub async fn mark_answered(&mut self, folder: &Folder, mark: &Mark) -> Result<Marked, Fault> {
        match (self, mark) {
            (Self::Imap(session), Mark::Uid { uid_validity, uid }) => {
                session.mark_answered(&folder.name, *uid_validity, *uid).await
            }
            (Self::Maildir(session), Mark::Name(name)) => session.mark_answered(&folder.name, name).await,
            // Read by another back end than the present one.
            _ => Ok(Marked::Gone),
        }
    }

    /// Takes its leave.
    pub async fn close(self) {
        if let Self::Imap(session) = self {
            session.close().await;
        }
    }
}

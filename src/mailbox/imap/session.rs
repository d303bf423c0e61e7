//! A logged-in connection: which folders there are, which one is open, how far it was read.
//!
//! After any fault the session is over: close it and open another one.

use super::connect;
use super::wire::{Ending, Wire};
use crate::config::{Mailbox, Server};
use crate::mailbox::fault::{Fault, Oddity, Refusal, Words};
use crate::mailbox::names;
use crate::mailbox::terms::{Reset, Setup};
use async_imap::imap_proto::{MailboxDatum, Response, ResponseCode};
use std::collections::HashMap;
use std::time::Duration;

/// An IMAP session.
#[derive(Debug)]
pub struct Session {
    pub(super) wire: Wire,
    pub(super) setup: Setup,
    pub(super) wanted: Wanted,
    /// Names as the server wrote them, by their decoded form.
    pub(super) wire_names: HashMap<String, String>,
    /// The inbox, as the server calls it.
    pub(super) inbox: String,
    /// The folder that is open, if any.
    pub(super) open: Option<Open>,
    /// By folder, up to which UID this session knows that everything was handed over.
    pub(super) read_to: HashMap<String, u32>,
    /// Second readings under way, by folder.
    pub(super) again: HashMap<String, Again>,
    /// Whether the server took back its IDLE.
    pub(super) idle_refused: bool,
}

/// What the config says about folders and sizes.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) inbox: Option<String>,
    pub(super) sent: Option<String>,
    pub(super) folders: Vec<String>,
    pub(super) max_message_bytes: u64,
    pub(super) poll: Duration,
}

/// The folder that is open.
#[derive(Debug, Clone)]
pub(super) struct Open {
    pub(super) folder: String,
    pub(super) uid_validity: u32,
    pub(super) uid_next: u32,
    pub(super) exists: u32,
}

/// A second reading of a folder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Again {
    pub(super) uid_validity: u32,
    pub(super) next_uid: u32,
    pub(super) reset: Reset,
}

impl Session {
    /// Connects and logs in.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub(in crate::mailbox) async fn open(
        config: &Mailbox,
        server: &Server,
        setup: Setup,
    ) -> Result<Self, Fault> {
        let wire = connect::connect(server, setup.times).await?;
        let wanted = Wanted {
            inbox: config.inbox.clone(),
            sent: config.sent.clone(),
            folders: config.folders.clone(),
            max_message_bytes: config.max_message_bytes,
            poll: config.poll,
        };
        Ok(Self {
            wire,
            setup,
            inbox: config.inbox.clone().unwrap_or_else(|| "INBOX".to_owned()),
            wanted,
            wire_names: HashMap::new(),
            open: None,
            read_to: HashMap::new(),
            again: HashMap::new(),
            idle_refused: false,
        })
    }

    /// A folder's name as a quoted string for a command.
    pub(super) fn quoted(&self, folder: &str) -> String {
        let name = self.wire_names.get(folder).cloned().unwrap_or_else(|| names::encode(folder));
        // encode() leaves no control character: they are not printable ASCII.
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
    }

    /// Opens a folder for reading, also when it is open already: only this tells UIDNEXT.
    ///
    /// By EXAMINE, so that no flag can change, not even \Recent.
    pub(super) async fn examine(&mut self, folder: &str) -> Result<Open, Fault> {
        self.open = None;
        let command = format!("EXAMINE {}", self.quoted(folder));
        let (mut uid_validity, mut uid_next, mut exists) = (None, None, 0);
        let ending = self
            .wire
            .run(&command, self.setup.times.command, |response| {
                match response {
                    Response::Data { outcome, .. } => match outcome.code {
                        Some(ResponseCode::UidValidity(value)) => uid_validity = Some(value),
                        Some(ResponseCode::UidNext(value)) => uid_next = Some(value),
                        _ => {}
                    },
                    Response::MailboxData(MailboxDatum::Exists(count)) => exists = *count,
                    _ => {}
                }
                false
            })
            .await?;
        match ending {
            Ending::Ok => {}
            // Not every server says so in its response code; Dovecot does not.
            Ending::No(no) => {
                return Err(if no.code == "NONEXISTENT" || !self.exists(folder).await? {
                    Fault::Refused(Refusal::NoFolder { folder: folder.to_owned() })
                } else {
                    folder_refused(folder, no.words)
                });
            }
            Ending::Bad(words) => return Err(Fault::Odd(Oddity::Command { command: "EXAMINE", words })),
        }
        let uid_validity =
            uid_validity.ok_or_else(|| Fault::Odd(Oddity::NoUidValidity { folder: folder.to_owned() }))?;
        let uid_next = match uid_next {
            Some(uid_next) => uid_next,
            // RFC 3501 lets a server keep it to itself (6.3.1).
            None if exists == 0 => 1,
            None => self.last_uid().await?.saturating_add(1),
        };
        let open = Open { folder: folder.to_owned(), uid_validity, uid_next, exists };
        self.open = Some(open.clone());
        Ok(open)
    }

    async fn exists(&mut self, folder: &str) -> Result<bool, Fault> {
        let command = format!("LIST \"\" {}", self.quoted(folder));
        let mut exists = false;
        let take = |response: &Response<'_>| {
            exists |= matches!(response, Response::MailboxData(MailboxDatum::List(_)));
            false
        };
        self.wire.run(&command, self.setup.times.command, take).await?.ok("LIST")?;
        Ok(exists)
    }

    async fn last_uid(&mut self) -> Result<u32, Fault> {
        let mut last = 0;
        let take = |response: &Response<'_>| {
            if let Response::Fetch(_, attributes) = response {
                last = last.max(super::fetch::uid(attributes).unwrap_or_default());
            }
            false
        };
        self.wire.run("FETCH * (UID)", self.setup.times.command, take).await?.ok("FETCH")?;
        Ok(last)
    }

    /// Takes its leave, without waiting long for the answer.
    pub(in crate::mailbox) async fn close(mut self) {
        let patience = self.setup.times.command.min(Duration::from_secs(2));
        // BYE comes before the OK and reads as a fault; either way we are gone.
        let _ = self.wire.run("LOGOUT", patience, |_| false).await;
    }
}

pub(super) fn folder_refused(folder: &str, words: Words) -> Fault {
    Fault::Refused(Refusal::Folder { folder: folder.to_owned(), words })
}

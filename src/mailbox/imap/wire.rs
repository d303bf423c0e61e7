//! One command, one answer: the part of IMAP that every other file here stands on.
//!
//! Promises: an answer counts only after the OK of *our* tag; every wait has a limit; and
//! once a wait was cut short, the connection refuses to be used again, because the rest of
//! an old answer would be taken for the next one.

use super::stream::Stream;
use crate::mailbox::fault::{Cut, Fault, Oddity, Words};
use crate::mailbox::terms::Times;
use async_imap::Client;
use async_imap::imap_proto::{Capability, Outcome, Response, ResponseCode, Status};
use std::collections::BTreeSet;
use std::io;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, timeout, timeout_at};

/// The longest response taken in. The longest that we ask for is a range of a message
/// ([`super::fetch`]), 1 MiB.
const LONGEST_RESPONSE: usize = 16 << 20;

/// A connection to an IMAP server.
#[derive(Debug)]
pub(super) struct Wire {
    client: Client<Stream>,
    pub(super) times: Times,
    commands: u32,
    /// Whether the last answer was read to its end.
    settled: bool,
    /// What the server said it can do, in capitals; empty until it said so.
    pub(super) capabilities: BTreeSet<String>,
}

/// How a command ended: NO and BAD are an answer, too.
#[derive(Debug)]
pub(super) enum Ending {
    Ok,
    No(No),
    Bad(Words),
}

/// A NO.
#[derive(Debug)]
pub(super) struct No {
    /// The response code (RFC 5530), in capitals: `UNAVAILABLE`, `TRYCREATE`; or empty.
    pub(super) code: String,
    /// What the server says.
    pub(super) words: Words,
}

impl Ending {
    /// OK, or else a fault: for commands that a server has no reason to refuse.
    pub(super) fn ok(self, command: &'static str) -> Result<(), Fault> {
        match self {
            Self::Ok => Ok(()),
            Self::No(No { words, .. }) | Self::Bad(words) => {
                Err(Fault::Odd(Oddity::Command { command, words }))
            }
        }
    }
}

/// A command under way: its tag, and until when the answer may take.
#[derive(Debug)]
pub(super) struct Pending {
    tag: String,
    until: Instant,
}

impl Pending {
    /// Gives the answer `more` from now.
    pub(super) fn extend(&mut self, more: Duration) {
        self.until = Instant::now() + more;
    }
}

/// What comes next while a command is under way.
pub(super) enum Next<T> {
    /// Something untagged, or a continuation: what was made of it.
    Response(T),
    /// Our tag.
    Ending(Ending),
}

impl Wire {
    pub(super) fn new(stream: Stream, times: Times) -> Self {
        Self { client: Client::new(stream), times, commands: 0, settled: true, capabilities: BTreeSet::new() }
    }

    /// The connection beneath; what was read ahead is forgotten, so that nothing said
    /// before STARTTLS counts after it.
    pub(super) fn into_stream(self) -> Stream {
        self.client.into_inner()
    }

    pub(super) fn can(&self, capability: &str) -> bool {
        self.capabilities.contains(capability)
    }

    /// The greeting. async-imap leaves it in the stream.
    pub(super) async fn greeting(&mut self) -> Result<(Status, Words), Fault> {
        let until = Instant::now() + self.times.command;
        let greeting = self.read(until, |response| match response {
            Response::Data { status, outcome } => {
                let status = match status {
                    Status::Ok => Status::Ok,
                    Status::PreAuth => Status::PreAuth,
                    _ => Status::Bye,
                };
                Some((status, words(outcome), capabilities(outcome)))
            }
            _ => None,
        });
        let (status, words, capabilities) = greeting.await?.ok_or(Fault::Odd(Oddity::Garbage))?;
        self.capabilities = capabilities.unwrap_or_default();
        Ok((status, words))
    }

    /// Runs a command to its end. `take` sees every untagged response and says whether it
    /// was one that we wait for: each such one gives the server `limit` anew.
    pub(super) async fn run(
        &mut self,
        command: &str,
        limit: Duration,
        mut take: impl FnMut(&Response<'_>) -> bool,
    ) -> Result<Ending, Fault> {
        let mut pending = self.begin(command.as_bytes(), limit).await?;
        loop {
            match self.next(&pending, &mut take).await? {
                Next::Ending(ending) => return Ok(ending),
                Next::Response(true) => pending.extend(limit),
                Next::Response(false) => {}
            }
        }
    }

    /// Sends a command; its answer must then be read to the end with [`Wire::next`].
    pub(super) async fn begin(&mut self, command: &[u8], limit: Duration) -> Result<Pending, Fault> {
        if !self.settled {
            return Err(Fault::Dropped(Cut::Unusable));
        }
        self.settled = false;
        self.commands += 1;
        let tag = format!("g{}", self.commands);
        let line = [tag.as_bytes(), b" ", command, b"\r\n"].concat();
        self.write(&line, limit).await?;
        Ok(Pending { tag, until: Instant::now() + limit })
    }

    /// Sends bytes as they are: the rest of a command.
    pub(super) async fn write(&mut self, bytes: &[u8], limit: Duration) -> Result<(), Fault> {
        let stream = self.client.get_mut();
        let sent = async {
            stream.write_all(bytes).await?;
            stream.flush().await
        };
        match timeout(limit, sent).await {
            Ok(sent) => sent.map_err(|error| lost(&error)),
            Err(_) => Err(Fault::Dropped(Cut::Silent)),
        }
    }

    /// The next response to a pending command, as `see` sees it. async-imap's own type for
    /// a response has no name outside of it.
    ///
    /// Dropped before its end it loses nothing.
    pub(super) async fn next<T>(
        &mut self,
        pending: &Pending,
        see: impl FnOnce(&Response<'_>) -> T,
    ) -> Result<Next<T>, Fault> {
        enum Seen<T> {
            Response(T, Option<BTreeSet<String>>),
            Ending(Ending, Option<BTreeSet<String>>),
            Bye(Words),
            /// Somebody else's answer: we no longer know where we are.
            Stray,
        }
        let seen = self.read(pending.until, |response| match response {
            Response::Done { tag, .. } if tag.0 != pending.tag => Seen::Stray,
            Response::Done { status, outcome, .. } => {
                let words = words(outcome);
                let ending = match status {
                    Status::Ok => Ending::Ok,
                    Status::No => Ending::No(No { code: code(outcome), words }),
                    _ => Ending::Bad(words),
                };
                Seen::Ending(ending, capabilities(outcome))
            }
            Response::Data { status: Status::Bye, outcome } => Seen::Bye(words(outcome)),
            Response::Capabilities(list) => Seen::Response(see(response), Some(names(list))),
            _ => Seen::Response(see(response), None),
        });
        let (next, capabilities) = match seen.await? {
            Seen::Response(response, capabilities) => (Next::Response(response), capabilities),
            Seen::Ending(ending, capabilities) => {
                self.settled = true;
                (Next::Ending(ending), capabilities)
            }
            Seen::Bye(words) => return Err(Fault::Dropped(Cut::Bye(words))),
            Seen::Stray => return Err(Fault::Odd(Oddity::Garbage)),
        };
        if let Some(capabilities) = capabilities {
            self.capabilities = capabilities;
        }
        Ok(next)
    }

    async fn read<T>(&mut self, until: Instant, see: impl FnOnce(&Response<'_>) -> T) -> Result<T, Fault> {
        self.client.get_mut().allow(LONGEST_RESPONSE);
        match timeout_at(until, self.client.read_response()).await {
            Err(_) => Err(Fault::Dropped(Cut::Silent)),
            Ok(Err(error)) => Err(lost(&error)),
            Ok(Ok(None)) => Err(Fault::Dropped(Cut::Closed)),
            Ok(Ok(Some(response))) => Ok(see(response.parsed())),
        }
    }
}

/// Whether the server asks for the rest of a command.
pub(super) fn is_continuation(response: &Response<'_>) -> bool {
    matches!(response, Response::Continue(_))
}

/// Capabilities in a response code.
fn capabilities(outcome: &Outcome<'_>) -> Option<BTreeSet<String>> {
    match &outcome.code {
        Some(ResponseCode::Capabilities(list)) => Some(names(list)),
        _ => None,
    }
}

/// Capabilities as the server wrote them, in capitals.
fn names(list: &[Capability<'_>]) -> BTreeSet<String> {
    list.iter()
        .map(|capability| match capability {
            Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
            Capability::Auth(mechanism) => format!("AUTH={}", mechanism.to_uppercase()),
            Capability::Atom(atom) => atom.to_uppercase(),
        })
        .collect()
}

/// Never the error itself: its text may hold mail.
fn lost(error: &io::Error) -> Fault {
    match error.kind() {
        // How async-imap reports what it cannot parse, and our stream what is too long.
        io::ErrorKind::Other => Fault::Odd(Oddity::Garbage),
        io::ErrorKind::InvalidData if error.get_ref().is_none_or(|inner| !inner.is::<rustls::Error>()) => {
            Fault::Odd(Oddity::Garbage)
        }
        _ => Fault::Dropped(Cut::Closed),
    }
}

fn words(outcome: &Outcome<'_>) -> Words {
    Words::new(outcome.information.as_deref().unwrap_or_default())
}

/// The response code. imap-proto knows those of RFC 3501 by name and leaves the others at
/// the head of the text.
fn code(outcome: &Outcome<'_>) -> String {
    if let Some(ResponseCode::TryCreate) = outcome.code {
        return "TRYCREATE".to_owned();
    }
    let text = outcome.information.as_deref().unwrap_or_default();
    text.strip_prefix('[')
        .and_then(|rest| rest.split([']', ' ']).next())
        .unwrap_or_default()
        .to_ascii_uppercase()
}

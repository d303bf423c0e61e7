//! SMTP as a way out: letter, or notice → one conversation with the submission server → verdict.
//!
//! The outbox calls [`send`] once an attempt, `greffier check` calls [`check`]. The
//! conversation (RFC 5321, over lettre) is driven step by step, each step with its own
//! time limit, so that it is always known how far it came:
//!
//! - before the final dot nothing is sent: a 4xx answer or a broken network means
//!   [`Verdict::Deferred`], a 5xx answer [`Verdict::Refused`];
//! - one refused recipient is enough: then nobody gets the letter;
//! - after the final dot only the server's answer counts; without one the verdict is
//!   [`Verdict::Unknown`], and a person decides.
//!
//! One connection a letter, never used again: an answer that comes late can then never be
//! taken for the answer to another letter. Nothing here logs addresses, words or secrets.

mod data;
mod wire;

use super::{Cause, Parcel, Phase, Verdict};
use crate::config::{Secret, Server};
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Mail, Noop, Quit, Rcpt};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use std::error::Error as _;
use std::fmt::Display;
use std::time::Duration;

/// Longest reply that is kept. Characters.
const REPLY_MAX: usize = 500;

/// How long each step may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Finding the host's addresses; reaching one of them; the TLS handshake.
    pub connect: Duration,
    /// The greeting and the answer to EHLO.
    pub greeting: Duration,
    /// Each of AUTH, MAIL, RCPT, NOOP.
    pub command: Duration,
    /// The answer to DATA.
    pub data: Duration,
    /// Each 32 KiB of the letter.
    pub piece: Duration,
    /// The answer after the final dot.
    pub answer: Duration,
    /// The farewell, whose answer changes nothing.
    pub quit: Duration,
}

impl Default for Limits {
    /// RFC 5321, 4.5.3.2, except that nobody waits five minutes for a greeting of the
    /// organisation's own submission server.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            greeting: Duration::from_secs(60),
            command: Duration::from_mins(5),
            data: Duration::from_mins(2),
            piece: Duration::from_mins(3),
            answer: Duration::from_mins(10),
            quit: Duration::from_secs(5),
        }
    }
}

/// Sends one letter (or notice: all that is said of letters here goes for both) and says what became of it.
///
/// `on_dot` is called once, right before the final dot is written. Until then, dropping
/// this future means that nothing was sent; afterwards it means that nobody knows.
pub async fn send(
    server: &Server,
    letter: &dyn Parcel,
    limits: &Limits,
    on_dot: impl FnOnce() + Send,
) -> Verdict {
    match attempt(server, letter, limits, on_dot).await {
        Ok(verdict) | Err(verdict) => verdict,
    }
}

async fn attempt(
    server: &Server,
    letter: &dyn Parcel,
    limits: &Limits,
    on_dot: impl FnOnce() + Send,
) -> Result<Verdict, Verdict> {
    data::fitting(letter)?;
    let envelope = Envelope::of(letter)?;
    let mut connection = open(server, limits).await?;
    if let Err(verdict) = announce(&mut connection, &envelope, letter, limits).await {
        farewell(&mut connection, limits).await;
        return Err(verdict);
    }
    let verdict = data::transmit(&mut connection, letter, limits, on_dot).await;
    if let Verdict::Accepted { .. } = verdict {
        farewell(&mut connection, limits).await;
    }
    Ok(verdict)
}

/// Connects, secures, logs in and leaves again; gives the name that the server gives itself.
///
/// # Errors
/// The verdict that a letter would have got there.
pub async fn check(server: &Server, limits: &Limits) -> Result<String, Verdict> {
    let mut connection = open(server, limits).await?;
    let alive = within(limits.command, Phase::Login, connection.command(Noop)).await;
    farewell(&mut connection, limits).await;
    alive?;
    Ok(short(connection.server_info().name()))
}

/// Connects and logs in.
async fn open(server: &Server, limits: &Limits) -> Result<AsyncSmtpConnection, Verdict> {
    let login = secret(server).await?;
    let mut connection = wire::connect(server, limits).await?;
    if let (Some(user), Some(secret)) = (&server.user, login) {
        log_in(&mut connection, user, &secret, limits).await?;
    }
    Ok(connection)
}

async fn secret(server: &Server) -> Result<Option<Secret>, Verdict> {
    let Some(file) = server.password.clone() else { return Ok(None) };
    let path = file.path().display().to_string();
    match tokio::task::spawn_blocking(move || file.read()).await {
        Ok(Ok(secret)) => Ok(Some(secret)),
        Ok(Err(error)) => Err(refused(Phase::Login, Cause::Secret, format!("{path}: {error}"))),
        Err(error) => Err(refused(Phase::Login, Cause::Secret, error)),
    }
}

async fn log_in(
    connection: &mut AsyncSmtpConnection,
    user: &str,
    secret: &Secret,
    limits: &Limits,
) -> Result<(), Verdict> {
    let known = [Mechanism::Plain, Mechanism::Login];
    if connection.server_info().get_auth_mechanism(&known).is_none() {
        return Err(refused(Phase::Login, Cause::NoLogin, ""));
    }
    let credentials = Credentials::new(user.to_owned(), secret.expose().to_owned());
    let answer = tokio::time::timeout(limits.command, connection.auth(&known, &credentials)).await;
    match answer {
        Err(_) => Err(deferred(Phase::Login, Cause::Silence, "")),
        // A challenge that the mechanism does not know: the server refuses in its own way.
        Ok(Err(error)) if error.is_client() => Err(refused(Phase::Login, Cause::Garbage, "")),
        Ok(Err(error)) => Err(failed(Phase::Login, &error)),
        Ok(Ok(response)) if response.has_code(235) => Ok(()),
        Ok(Ok(response)) => Err(said(Phase::Login, &response)),
    }
}

/// The envelope, in a form that can stand in commands.
struct Envelope {
    from: Address,
    to: Vec<Address>,
}

impl Envelope {
    fn of(letter: &dyn Parcel) -> Result<Self, Verdict> {
        let parse = |phase, address: &str| {
            address
                .parse::<Address>()
                .map_err(|error| refused(phase, Cause::Address, format!("{address:?}: {error}")))
        };
        let from = parse(Phase::MailFrom, letter.envelope_from())?;
        let to: Vec<Address> =
            letter.recipients().iter().map(|to| parse(Phase::RcptTo, to)).collect::<Result<_, _>>()?;
        if to.is_empty() {
            return Err(refused(Phase::RcptTo, Cause::Address, "no recipient"));
        }
        Ok(Self { from, to })
    }

    fn is_ascii(&self) -> bool {
        std::iter::once(&self.from).chain(&self.to).all(|address| AsRef::<str>::as_ref(address).is_ascii())
    }
}

/// MAIL, and RCPT for everybody: either all are taken, or the letter does not go.
async fn announce(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    letter: &dyn Parcel,
    limits: &Limits,
) -> Result<(), Verdict> {
    let mut parameters = Vec::new();
    if !envelope.is_ascii() {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(refused(Phase::MailFrom, Cause::NoSmtpUtf8, ""));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !letter.bytes().is_ascii() {
        if !connection.server_info().supports_feature(Extension::EightBitMime) {
            return Err(refused(Phase::MailFrom, Cause::No8BitMime, ""));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let mail = connection.command(Mail::new(Some(envelope.from.clone()), parameters));
    let response = within(limits.command, Phase::MailFrom, mail).await?;
    if !response.has_code(250) {
        return Err(said(Phase::MailFrom, &response));
    }
    // All are asked even after one was refused, so that the reviewer learns of every one
    // at once, and so that a "never" counts for more than a "not now".
    let mut refusals = Refusals::default();
    for to in &envelope.to {
        let rcpt = connection.command(Rcpt::new(to.clone(), Vec::new()));
        match within(limits.command, Phase::RcptTo, rcpt).await {
            // 251: the server forwards it.
            Ok(response) if response.has_code(250) || response.has_code(251) => {}
            Ok(response) => refusals.add(to, said(Phase::RcptTo, &response)),
            Err(verdict) => {
                let over = !matches!(
                    verdict,
                    Verdict::Deferred { cause: Cause::Answer, .. }
                        | Verdict::Refused { cause: Cause::Answer, .. }
                );
                refusals.add(to, verdict);
                if over {
                    break;
                }
            }
        }
    }
    refusals.verdict()
}

/// The recipients that the server did not take.
#[derive(Default)]
struct Refusals {
    worst: Option<Verdict>,
    lines: Vec<String>,
}

impl Refusals {
    fn add(&mut self, to: &Address, verdict: Verdict) {
        if let Verdict::Deferred { reply, .. } | Verdict::Refused { reply, .. } = &verdict {
            self.lines.push(format!("<{to}>: {reply}"));
        }
        let better = match (&self.worst, &verdict) {
            (None, _) => true,
            (Some(Verdict::Refused { .. }), _) => false,
            (Some(_), verdict) => matches!(verdict, Verdict::Refused { .. }),
        };
        if better {
            self.worst = Some(verdict);
        }
    }

    fn verdict(self) -> Result<(), Verdict> {
        let lines = short(&self.lines.join("; "));
        match self.worst {
            None => Ok(()),
            Some(Verdict::Refused { phase, cause, .. }) => {
                Err(Verdict::Refused { phase, cause, reply: lines })
            }
            Some(Verdict::Deferred { phase, cause, .. }) => {
                Err(Verdict::Deferred { phase, cause, reply: lines })
            }
            Some(other) => Err(other),
        }
    }
}

/// Takes leave where the server still listens; what it answers changes nothing.
async fn farewell(connection: &mut AsyncSmtpConnection, limits: &Limits) {
    let _ = tokio::time::timeout(limits.quit, connection.command(Quit)).await;
}

/// One step before the final dot.
async fn within<T>(
    limit: Duration,
    phase: Phase,
    step: impl Future<Output = Result<T, Error>>,
) -> Result<T, Verdict> {
    match tokio::time::timeout(limit, step).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(failed(phase, &error)),
        Err(_) => Err(deferred(phase, Cause::Silence, "")),
    }
}

/// lettre's error as a verdict: by its kind and code, never by its text.
fn failed(phase: Phase, error: &Error) -> Verdict {
    let words = error.source().map(ToString::to_string).unwrap_or_default();
    match error.status() {
        Some(code) if error.is_permanent() => refused(phase, Cause::Answer, format!("{code} {words}")),
        Some(code) => deferred(phase, Cause::Answer, format!("{code} {words}")),
        None if error.is_response() => deferred(phase, Cause::Garbage, words),
        None => deferred(phase, Cause::Broken, words),
    }
}

/// An answer that is positive, but not the one that belongs here.
fn said(phase: Phase, response: &Response) -> Verdict {
    match u16::from(response.code()) {
        500.. => refused(phase, Cause::Answer, one_line(response)),
        400..500 => deferred(phase, Cause::Answer, one_line(response)),
        _ => deferred(phase, Cause::Garbage, one_line(response)),
    }
}

fn deferred(phase: Phase, cause: Cause, reply: impl Display) -> Verdict {
    Verdict::Deferred { phase, cause, reply: short(&reply.to_string()) }
}

fn refused(phase: Phase, cause: Cause, reply: impl Display) -> Verdict {
    Verdict::Refused { phase, cause, reply: short(&reply.to_string()) }
}

fn one_line(response: &Response) -> String {
    let words: Vec<&str> = response.message().collect();
    short(&format!("{} {}", response.code(), words.join(" ")))
}

/// One line of at most [`REPLY_MAX`] characters without controls: servers write what they like.
fn short(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.trim().chars().take(REPLY_MAX).collect()
}

//! From a host name to a logged-in connection.
//!
//! The log-in is one replaceable piece, [`log_in`]: today user and password by
//! AUTHENTICATE PLAIN (RFC 4616) or LOGIN.

use super::stream::Stream;
use super::wire::{Ending, Next, Pending, Wire, is_continuation};
use crate::config::{Secret, Server, Tls};
use crate::mailbox::fault::{Barrier, Fault, Oddity, Refusal, Words};
use crate::mailbox::terms::Times;
use crate::tls;
use async_imap::imap_proto::Status;
use data_encoding::BASE64;
use rustls::pki_types::ServerName;
use std::io;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// Connects and logs in.
pub(super) async fn connect(server: &Server, times: Times) -> Result<Wire, Fault> {
    let tcp = reach(server, times).await?;
    let stream = match server.tls {
        Tls::Implicit => protect(tcp, server, times).await?,
        Tls::StartTls | Tls::None => Stream::plain(tcp),
    };
    let mut wire = Wire::new(stream, times);
    let (status, words) = wire.greeting().await?;
    let mut logged_in = match status {
        Status::Ok => false,
        Status::PreAuth => true,
        _ => return Err(Fault::Unreachable(Barrier::Busy { host: server.host.clone(), words })),
    };
    if server.tls == Tls::StartTls {
        // A server that skips the log-in leaves no place for STARTTLS (RFC 8314, 3.2).
        let refused = || Fault::Refused(Refusal::NoStartTls { host: server.host.clone() });
        if logged_in {
            return Err(refused());
        }
        let Ending::Ok = wire.run("STARTTLS", times.command, |_| false).await? else {
            return Err(refused());
        };
        let tcp = wire.into_stream().into_plain().ok_or_else(refused)?;
        wire = Wire::new(protect(tcp, server, times).await?, times);
        logged_in = false;
    }
    if !logged_in {
        if wire.capabilities.is_empty() {
            wire.run("CAPABILITY", times.command, |_| false).await?.ok("CAPABILITY")?;
        }
        log_in(&mut wire, server).await?;
    }
    if wire.capabilities.is_empty() {
        wire.run("CAPABILITY", times.command, |_| false).await?.ok("CAPABILITY")?;
    }
    Ok(wire)
}

async fn reach(server: &Server, times: Times) -> Result<TcpStream, Fault> {
    let (host, port) = (server.host.as_str(), server.port);
    let no_answer = |why| Fault::Unreachable(Barrier::NoAnswer { host: host.to_owned(), port, why });
    let addresses = match timeout(times.connect, lookup_host((host, port))).await {
        Ok(Ok(addresses)) => addresses,
        Ok(Err(_)) => return Err(Fault::Unreachable(Barrier::UnknownHost { host: host.to_owned() })),
        Err(_) => return Err(no_answer(None)),
    };
    let mut fault = Fault::Unreachable(Barrier::UnknownHost { host: host.to_owned() });
    for address in addresses {
        match timeout(times.connect, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => {
                // Commands are short and wait for their answer; a failure here costs only speed.
                let _ = tcp.set_nodelay(true);
                return Ok(tcp);
            }
            Ok(Err(error)) => fault = no_answer(Some(error.to_string())),
            Err(_) => fault = no_answer(None),
        }
    }
    Err(fault)
}

async fn protect(tcp: TcpStream, server: &Server, times: Times) -> Result<Stream, Fault> {
    let host = || server.host.clone();
    let config = tls::client_config(server.ca_file.as_deref())?;
    let name = ServerName::try_from(server.host.clone())
        .map_err(|_| Fault::Refused(Refusal::BadHost { host: host() }))?;
    match timeout(times.connect, TlsConnector::from(config).connect(name, tcp)).await {
        Ok(Ok(tls)) => Ok(Stream::tls(tls)),
        Ok(Err(error)) => Err(match tls::certificate_fault(&error) {
            Some(fault) => Fault::Refused(Refusal::Certificate { host: host(), fault }),
            None => Fault::Unreachable(Barrier::Handshake { host: host() }),
        }),
        Err(_) => Err(Fault::Unreachable(Barrier::Handshake { host: host() })),
    }
}

/// Who we are. Another way to prove it is another variant and another arm in [`log_in`].
enum Login {
    Password { user: String, secret: Secret },
}

fn login(server: &Server) -> Result<Login, Fault> {
    let (Some(user), Some(file)) = (&server.user, &server.password) else {
        return Err(Fault::Refused(Refusal::NoLogin { host: server.host.clone() }));
    };
    let secret = file.read().map_err(|error: io::Error| {
        Fault::Refused(Refusal::Secret { path: file.path().to_owned(), why: error.to_string() })
    })?;
    Ok(Login::Password { user: user.clone(), secret })
}

async fn log_in(wire: &mut Wire, server: &Server) -> Result<(), Fault> {
    let Login::Password { user, secret } = login(server)?;
    // The capabilities change with the log-in; what was said before no longer counts.
    let ending = if wire.can("AUTH=PLAIN") {
        let answer = BASE64.encode(format!("\0{user}\0{}", secret.expose()).as_bytes());
        wire.capabilities.clear();
        let pending = wire.begin(b"AUTHENTICATE PLAIN", wire.times.command).await?;
        answer_challenges(wire, pending, Some(answer.into_bytes())).await?
    } else if !wire.can("LOGINDISABLED") {
        wire.capabilities.clear();
        // As literals: passwords have quotes, backslashes and accents.
        let user = user.as_bytes();
        let pending = wire.begin(format!("LOGIN {{{}}}", user.len()).as_bytes(), wire.times.command).await?;
        let secret = secret.expose().as_bytes();
        let user = [user, format!(" {{{}}}", secret.len()).as_bytes()].concat();
        answer_each(wire, pending, [user, secret.to_vec()]).await?
    } else {
        return Err(Fault::Refused(Refusal::NoLogin { host: server.host.clone() }));
    };
    match ending {
        Ending::Ok => Ok(()),
        Ending::No(no) if matches!(no.code.as_str(), "UNAVAILABLE" | "INUSE" | "LIMIT") => {
            Err(Fault::Unreachable(Barrier::Busy { host: server.host.clone(), words: no.words }))
        }
        Ending::No(no) => Err(password_refused(server, no.words)),
        Ending::Bad(words) => Err(Fault::Odd(Oddity::Command { command: "LOGIN", words })),
    }
}

fn password_refused(server: &Server, words: Words) -> Fault {
    Fault::Refused(Refusal::Password { host: server.host.clone(), words })
}

/// Answers the first challenge with `answer` and any further one with nothing: that is how
/// a server explains a refusal, and it waits for the empty line before it says NO.
async fn answer_challenges(
    wire: &mut Wire,
    pending: Pending,
    mut answer: Option<Vec<u8>>,
) -> Result<Ending, Fault> {
    loop {
        match wire.next(&pending, is_continuation).await? {
            Next::Ending(ending) => return Ok(ending),
            Next::Response(true) => {
                let line = [answer.take().unwrap_or_default().as_slice(), b"\r\n"].concat();
                wire.write(&line, wire.times.command).await?;
            }
            Next::Response(false) => {}
        }
    }
}

/// Sends the parts of a command one by one, each when the server asks for it.
async fn answer_each(wire: &mut Wire, pending: Pending, parts: [Vec<u8>; 2]) -> Result<Ending, Fault> {
    let mut parts = parts.into_iter();
    loop {
        match wire.next(&pending, is_continuation).await? {
            Next::Ending(ending) => return Ok(ending),
            Next::Response(true) => {
                let Some(part) = parts.next() else { return Err(Fault::Odd(Oddity::Garbage)) };
                wire.write(&[part.as_slice(), b"\r\n"].concat(), wire.times.command).await?;
            }
            Next::Response(false) => {}
        }
    }
}

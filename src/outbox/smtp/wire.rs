//! Server as configured → a connection that has been greeted, under TLS where asked.
//!
//! [`super`] calls [`connect`] once a letter. STARTTLS is done here rather than by
//! lettre, for one reason: whatever the server (or somebody on the way) says in plain
//! text after the upgrade was agreed must never be read as if it had been said under
//! TLS. Here it ends the connection.

use super::{Limits, deferred, refused, said, within};
use crate::config::{Server, Tls};
use crate::outbox::{Cause, Phase, Verdict};
use crate::tls::{self, CertificateFault};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::extension::{ClientId, Extension, ServerInfo};
use lettre::transport::smtp::response::Response;
use rustls::pki_types::ServerName;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::io::{BufReader, ReadBuf};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Longest answer that is read before TLS. Bytes; Postfix takes as much.
const ANSWER_MAX: u64 = 100_000;

/// Longest line that is read at all. Bytes; lettre would read on until memory ends.
const LINE_MAX: usize = 64 * 1024;

/// Connects, takes the greeting, sets up TLS as configured and says EHLO.
pub(super) async fn connect(server: &Server, limits: &Limits) -> Result<AsyncSmtpConnection, Verdict> {
    let tcp = dial(server, limits).await?;
    let local = tcp.local_addr().map_err(|error| broken(&error))?;
    let peer = tcp.peer_addr().map_err(|error| broken(&error))?;
    // The config has refused this already; a name can still lead elsewhere than it says.
    if !protected(server.tls, peer.ip()) {
        return Err(refused(Phase::Connect, Cause::PlainBeyondLoopback, peer.ip()));
    }
    let hello = hello(local);
    let wire = match server.tls {
        Tls::None => Wire::new(peer, Vec::new(), Stream::Plain(tcp)),
        Tls::Implicit => {
            let stream = Stream::Tls(Box::new(secure(tcp, server, limits).await?));
            Wire::new(peer, Vec::new(), stream)
        }
        Tls::StartTls => {
            let (greeting, tcp) = start_tls(tcp, &hello, limits).await?;
            let stream = Stream::Tls(Box::new(secure(tcp, server, limits).await?));
            // lettre waits for a greeting, which the server gave before TLS and gives once.
            Wire::new(peer, greeting, stream)
        }
    };
    let greeted = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &hello);
    within(limits.greeting, Phase::Connect, greeted).await
}

/// Whether nobody can read along: under TLS, or without leaving this machine.
fn protected(tls: Tls, peer: IpAddr) -> bool {
    tls != Tls::None || peer.to_canonical().is_loopback()
}

/// Tries the host's addresses one after the other, each within the limit.
async fn dial(server: &Server, limits: &Limits) -> Result<TcpStream, Verdict> {
    let found = tokio::time::timeout(limits.connect, lookup_host((server.host.as_str(), server.port))).await;
    let addresses: Vec<SocketAddr> = match found {
        Ok(Ok(addresses)) => addresses.collect(),
        Ok(Err(error)) => return Err(deferred(Phase::Connect, Cause::UnknownHost, error)),
        Err(_) => return Err(deferred(Phase::Connect, Cause::UnknownHost, "")),
    };
    let mut last = deferred(Phase::Connect, Cause::UnknownHost, "");
    for address in addresses {
        last = match tokio::time::timeout(limits.connect, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => return Ok(tcp),
            Ok(Err(error)) => deferred(Phase::Connect, Cause::Unreachable, error),
            Err(_) => deferred(Phase::Connect, Cause::Silence, ""),
        };
    }
    Err(last)
}

/// What we call ourselves in EHLO: the host's full name, or else our end's address
/// (RFC 5321, 4.1.4).
fn hello(local: SocketAddr) -> ClientId {
    let full = |name: &&str| {
        name.len() <= 253
            && name.contains('.')
            && name.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= 63
                    && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            })
    };
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    match (Some(host.trim()).filter(full), local.ip().to_canonical()) {
        (Some(name), _) => ClientId::Domain(name.to_owned()),
        (None, IpAddr::V4(address)) => ClientId::Ipv4(address),
        (None, IpAddr::V6(address)) => ClientId::Ipv6(address),
    }
}

/// Greeting, EHLO and STARTTLS in plain text; gives the greeting and the connection on
/// which the TLS handshake comes next.
async fn start_tls(
    tcp: TcpStream,
    hello: &ClientId,
    limits: &Limits,
) -> Result<(Vec<u8>, TcpStream), Verdict> {
    let mut plain = BufReader::new(tcp);
    let (greeting, response) = answer(&mut plain, limits).await?;
    expect(&response, 220)?;
    say(&mut plain, &format!("EHLO {hello}\r\n"), limits).await?;
    let (_, response) = answer(&mut plain, limits).await?;
    expect(&response, 250)?;
    let offers =
        ServerInfo::from_response(&response).is_ok_and(|info| info.supports_feature(Extension::StartTls));
    if !offers {
        return Err(refused(Phase::Connect, Cause::NoStartTls, ""));
    }
    say(&mut plain, "STARTTLS\r\n", limits).await?;
    let (_, response) = answer(&mut plain, limits).await?;
    expect(&response, 220)?;
    if !plain.buffer().is_empty() {
        return Err(refused(Phase::Connect, Cause::Garbage, "plain text after STARTTLS was agreed"));
    }
    Ok((greeting, plain.into_inner()))
}

async fn say(plain: &mut BufReader<TcpStream>, line: &str, limits: &Limits) -> Result<(), Verdict> {
    match tokio::time::timeout(limits.command, plain.write_all(line.as_bytes())).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(broken(&error)),
        Err(_) => Err(deferred(Phase::Connect, Cause::Silence, "")),
    }
}

/// Reads one answer of one or more lines (RFC 5321, 4.2.1), and not a byte of what follows.
async fn answer(plain: &mut BufReader<TcpStream>, limits: &Limits) -> Result<(Vec<u8>, Response), Verdict> {
    let read = async {
        let mut whole = Vec::new();
        loop {
            let start = whole.len();
            let room = ANSWER_MAX.saturating_sub(start as u64);
            (&mut *plain).take(room).read_until(b'\n', &mut whole).await?;
            let line = whole.get(start..).unwrap_or_default();
            if !line.ends_with(b"\n") || line.get(3) != Some(&b'-') {
                return io::Result::Ok(whole);
            }
        }
    };
    let whole = match tokio::time::timeout(limits.greeting, read).await {
        Ok(Ok(whole)) => whole,
        Ok(Err(error)) => return Err(broken(&error)),
        Err(_) => return Err(deferred(Phase::Connect, Cause::Silence, "")),
    };
    if whole.is_empty() {
        return Err(deferred(Phase::Connect, Cause::Broken, ""));
    }
    let text = String::from_utf8_lossy(&whole).into_owned();
    let response = text.parse().map_err(|_| deferred(Phase::Connect, Cause::Garbage, ""))?;
    Ok((text.into_bytes(), response))
}

fn expect(response: &Response, code: u16) -> Result<(), Verdict> {
    if response.has_code(code) { Ok(()) } else { Err(said(Phase::Connect, response)) }
}

fn broken(error: &io::Error) -> Verdict {
    deferred(Phase::Connect, Cause::Broken, error)
}

async fn secure(tcp: TcpStream, server: &Server, limits: &Limits) -> Result<TlsStream<TcpStream>, Verdict> {
    let name = ServerName::try_from(server.host.clone())
        .map_err(|error| refused(Phase::Connect, Cause::Certificate, error))?;
    let ca_file = server.ca_file.clone();
    let config = tokio::task::spawn_blocking(move || tls::client_config(ca_file.as_deref())).await;
    let config = match config {
        Ok(Ok(config)) => config,
        Ok(Err(problem)) => return Err(refused(Phase::Connect, Cause::Roots, problem)),
        Err(error) => return Err(refused(Phase::Connect, Cause::Roots, error)),
    };
    let handshake = TlsConnector::from(config).connect(name, tcp);
    match tokio::time::timeout(limits.connect, handshake).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(handshake_failed(&error)),
        Err(_) => Err(deferred(Phase::Connect, Cause::Silence, "")),
    }
}

fn handshake_failed(error: &io::Error) -> Verdict {
    let cause = match tls::certificate_fault(error) {
        Some(CertificateFault::Expired) => Cause::CertificateExpired,
        Some(CertificateFault::Untrusted) => Cause::CertificateUntrusted,
        Some(CertificateFault::OtherHost) => Cause::CertificateOtherHost,
        Some(CertificateFault::Unusable) => Cause::Certificate,
        None if error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) => {
            return deferred(Phase::Connect, Cause::Tls, error);
        }
        None => return broken(error),
    };
    refused(Phase::Connect, cause, error)
}

/// What lettre talks through: the connection, after a greeting that was read already.
#[derive(Debug)]
struct Wire {
    peer: SocketAddr,
    replay: Vec<u8>,
    stream: Stream,
    /// Bytes read since the last line feed.
    line: usize,
}

impl Wire {
    fn new(peer: SocketAddr, replay: Vec<u8>, stream: Stream) -> Self {
        Self { peer, replay, stream, line: 0 }
    }
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.replay.is_empty() {
            let length = self.replay.len().min(into.remaining());
            let now: Vec<u8> = self.replay.drain(..length).collect();
            into.put_slice(&now);
            return Poll::Ready(Ok(()));
        }
        let before = into.filled().len();
        let read = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(context, into),
            Stream::Tls(stream) => Pin::new(stream).poll_read(context, into),
        };
        if let Poll::Ready(Ok(())) = read {
            let news = into.filled().get(before..).unwrap_or_default();
            if news.is_empty() {
                // lettre takes a closed connection for an answer that makes no sense.
                return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
            }
            self.line = match news.iter().rposition(|byte| *byte == b'\n') {
                Some(end) => news.len() - end - 1,
                None => self.line + news.len(),
            };
            if self.line > LINE_MAX {
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "a line without end")));
            }
        }
        read
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Stream::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(context),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_on_this_machine() {
        for (address, inside) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("192.0.2.1", false),
            ("::ffff:192.0.2.1", false),
        ] {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(protected(Tls::None, address), inside, "{address}");
            assert!(protected(Tls::StartTls, address) && protected(Tls::Implicit, address));
        }
    }

    #[test]
    fn without_a_full_host_name_we_are_our_address() {
        // Whichever of the two this machine has, it can stand in EHLO.
        let name = hello("[2001:db8::1]:25".parse().unwrap()).to_string();
        assert!(name.contains('.') || name == "[IPv6:2001:db8::1]", "{name}");
        assert!(!name.contains(char::is_whitespace), "{name}");
    }
}

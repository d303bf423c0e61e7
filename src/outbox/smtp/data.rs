//! The letter itself: sealed bytes → DATA → verdict.
//!
//! [`super`] calls it last. It promises that the server gets exactly the sealed bytes,
//! and that "not sent" is only said while the final dot has certainly not left us.

use super::{Limits, deferred, failed, one_line, refused, said};
use crate::outbox::{Cause, Parcel, Phase, Verdict};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::Data;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;
use tokio::time::Instant;

/// The letter goes out in pieces of this size, each within its time limit. Bytes.
const PIECE: usize = 32 * 1024;

/// How long a broken-off transmission waits for the server's explanation.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Longest line that SMTP carries, without its CR LF (RFC 5321, 4.5.3.1.6). Bytes.
const LINE_MAX: usize = 998;

/// Says why SMTP could not carry these bytes unchanged; `None` if it can.
///
/// A bare CR or LF is more than a blemish: servers differ on whether it ends a line, so
/// that a part of the letter could be taken for commands.
pub(super) fn unfit(bytes: &[u8]) -> Option<&'static str> {
    if !bytes.ends_with(b"\r\n") {
        return Some("does not end with CR LF");
    }
    bytes.split_inclusive(|byte| *byte == b'\n').find_map(|line| match line.strip_suffix(b"\r\n") {
        None => Some("a line ends with LF alone"),
        Some(line) if line.contains(&b'\r') => Some("a CR alone"),
        Some(line) if line.contains(&0) => Some("a NUL byte"),
        Some(line) if line.len() > LINE_MAX => Some("a line of more than 998 bytes"),
        Some(_) => None,
    })
}

/// DATA, the letter, the dot, the answer. `on_dot` runs once, right before the dot.
pub(super) async fn transmit(
    connection: &mut AsyncSmtpConnection,
    letter: &dyn Parcel,
    limits: &Limits,
    on_dot: impl FnOnce() + Send,
) -> Verdict {
    match tokio::time::timeout(limits.data, connection.command(Data)).await {
        Err(_) => return deferred(Phase::Data, Cause::Silence, ""),
        Ok(Err(error)) => return failed(Phase::Data, &error),
        Ok(Ok(response)) if response.has_code(354) => {}
        Ok(Ok(response)) => return said(Phase::Data, &response),
    }
    let progress = Progress::new();
    // lettre writes CR LF, dot, CR LF after the bytes: the CR LF that ends the letter is its.
    let bytes = letter.bytes().strip_suffix(b"\r\n").unwrap_or(letter.bytes());
    let pieces = Pieces { rest: bytes.chunks(PIECE), progress: &progress, on_dot: Some(on_dot) };
    let outcome = watched(connection.message_iter(pieces), &progress, limits).await;
    match (outcome, progress.dot()) {
        (Some(Ok(response)), _) if (200..300).contains(&u16::from(response.code())) => {
            Verdict::Accepted { reply: one_line(&response) }
        }
        (Some(Ok(response)), _) => Verdict::Unknown { cause: Cause::Garbage, reply: one_line(&response) },
        (Some(Err(error)), true) => match failed(Phase::AfterDot, &error) {
            // The server has the letter, and these say nothing of what it did with it.
            Verdict::Deferred { cause: cause @ (Cause::Broken | Cause::Garbage), reply, .. } => {
                Verdict::Unknown { cause, reply }
            }
            answered => answered,
        },
        (Some(Err(error)), false) => last_words(connection, failed(Phase::Data, &error)).await,
        (None, true) => Verdict::Unknown { cause: Cause::Silence, reply: String::new() },
        (None, false) => deferred(Phase::Data, Cause::Silence, ""),
    }
}

/// A server that stops reading in the middle of a letter has mostly said why.
async fn last_words(connection: &mut AsyncSmtpConnection, otherwise: Verdict) -> Verdict {
    match tokio::time::timeout(LAST_WORDS, connection.read_response()).await {
        Ok(Err(error)) if error.status().is_some() => failed(Phase::Data, &error),
        _ => otherwise,
    }
}

/// Awaits the sending as long as it moves; `None` when it stands still for too long.
async fn watched<T>(sending: impl Future<Output = T>, progress: &Progress, limits: &Limits) -> Option<T> {
    let mut sending = std::pin::pin!(sending);
    let mut patience = std::pin::pin!(tokio::time::sleep(limits.piece));
    std::future::poll_fn(|context| {
        if let Poll::Ready(outcome) = sending.as_mut().poll(context) {
            return Poll::Ready(Some(outcome));
        }
        // The sending may just have moved, and after the dot another limit counts.
        let (moved, dot) = progress.last();
        patience.as_mut().reset(moved + if dot { limits.answer } else { limits.piece });
        patience.as_mut().poll(context).map(|()| None)
    })
    .await
}

/// When the sending last moved, and whether the dot may have been written.
struct Progress(Mutex<(Instant, bool)>);

impl Progress {
    fn new() -> Self {
        Self(Mutex::new((Instant::now(), false)))
    }

    fn last(&self) -> (Instant, bool) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn dot(&self) -> bool {
        self.last().1
    }

    fn moved(&self, dot: bool) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (Instant::now(), dot);
    }
}

/// The letter's pieces. lettre asks for the next one after the one before has been
/// written and flushed, and writes the dot after it got none: so whoever sees no end
/// here knows that no dot was written.
struct Pieces<'a, F> {
    rest: std::slice::Chunks<'a, u8>,
    progress: &'a Progress,
    on_dot: Option<F>,
}

impl<'a, F: FnOnce()> Iterator for Pieces<'a, F> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let piece = self.rest.next();
        self.progress.moved(piece.is_none());
        if piece.is_none()
            && let Some(on_dot) = self.on_dot.take()
        {
            on_dot();
        }
        piece
    }
}

/// Nothing to send for a letter of this kind: it is refused before any connection.
pub(super) fn fitting(letter: &dyn Parcel) -> Result<(), Verdict> {
    match unfit(letter.bytes()) {
        Some(why) => Err(refused(Phase::Data, Cause::Unfit, why)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_smtp_carries_unchanged_are_fit() {
        let long = [b"x".repeat(998), b"\r\n".to_vec()].concat();
        let too_long = [b"x".repeat(999), b"\r\n".to_vec()].concat();
        for (bytes, fit) in [
            (&b"Subject: a\r\n\r\nb\r\n"[..], true),
            (b"\r\n", true),
            (b"a\r\n.\r\n..\r\n\r\n", true),
            (&long, true),
            (&too_long, false),
            (b"", false),
            (b"a", false),
            (b"a\n", false),
            (b"a\r", false),
            (b"a\nb\r\n", false),
            (b"a\n.\nMAIL FROM:<x@y>\r\n", false),
            (b"a\rb\r\n", false),
            (b"a\r\r\n", false),
            (b"a\r\n\r\r\nb\r\n", false),
            (b"a\n\r\n", false),
            (b"a\0b\r\n", false),
            ("é\r\n".as_bytes(), true),
        ] {
            assert_eq!(unfit(bytes).is_none(), fit, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}

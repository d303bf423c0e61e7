//! Flags of a message that was answered (RFC 3501, 6.4.6): the one thing that is ever changed in a folder,
//! and only if the operator wants it.

use super::session::{Session, folder_refused};
use super::wire::Ending;
use crate::mailbox::fault::{Fault, Oddity, Refusal};
use crate::mailbox::terms::Marked;
use async_imap::imap_proto::{Response, ResponseCode};

/// What an answered message is marked with.
const FLAGS: [&str; 2] = ["\\Answered", "\\Seen"];

impl Session {
    /// Marks the message `uid` of `folder` as answered and seen, as far as the server keeps such flags.
    /// A folder that was numbered anew is left alone: the number may be another message's.
    ///
    /// # Errors
    /// Any [`Fault`]; a refusal by the server among them.
    pub(in crate::mailbox) async fn mark_answered(
        &mut self,
        folder: &str,
        uid_validity: u32,
        uid: u32,
    ) -> Result<Marked, Fault> {
        // Whatever was open is no longer, and EXAMINE opens it again.
        self.open = None;
        let command = format!("SELECT {}", self.quoted(folder));
        let (mut found_validity, mut permanent) = (None, None);
        let take = |response: &Response<'_>| {
            if let Response::Data { outcome, .. } = response {
                match &outcome.code {
                    Some(ResponseCode::UidValidity(value)) => found_validity = Some(*value),
                    Some(ResponseCode::PermanentFlags(flags)) => {
                        permanent = Some(flags.iter().map(ToString::to_string).collect::<Vec<_>>());
                    }
                    _ => {}
                }
            }
            false
        };
        match self.wire.run(&command, self.setup.times.command, take).await? {
            Ending::Ok => {}
            Ending::No(no) if no.code == "NONEXISTENT" => {
                return Err(Fault::Refused(Refusal::NoFolder { folder: folder.to_owned() }));
            }
            Ending::No(no) => return Err(folder_refused(folder, no.words)),
            Ending::Bad(words) => return Err(Fault::Odd(Oddity::Command { command: "SELECT", words })),
        }
        if found_validity != Some(uid_validity) {
            return Ok(Marked::Gone);
        }
        // A server that says nothing keeps them all (RFC 3501, 6.3.1).
        let kept = |flag: &&str| {
            permanent.as_ref().is_none_or(|kept| kept.iter().any(|of| of.eq_ignore_ascii_case(flag)))
        };
        let flags: Vec<&str> = FLAGS.into_iter().filter(kept).collect();
        if flags.is_empty() {
            return Ok(Marked::NotKept);
        }
        let command = format!("UID STORE {uid} +FLAGS.SILENT ({})", flags.join(" "));
        match self.wire.run(&command, self.setup.times.command, |_| false).await? {
            // A message that is gone is no mistake to a server, nor to us.
            Ending::Ok => Ok(Marked::Done),
            Ending::No(no) => Err(folder_refused(folder, no.words)),
            Ending::Bad(words) => Err(Fault::Odd(Oddity::Command { command: "UID STORE", words })),
        }
    }
}

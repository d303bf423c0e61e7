//! Filing a copy of a letter (RFC 3501, 6.3.11).

use super::session::{Session, folder_refused};
use super::wire::{Ending, Next, is_continuation};
use crate::mailbox::fault::{Fault, Oddity, Refusal};
use jiff::Timestamp;

impl Session {
    /// Files `raw` into `folder`, read, as received at `date`.
    ///
    /// If the connection is lost on the way, nobody knows whether the copy was filed.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub(in crate::mailbox) async fn append(
        &mut self,
        folder: &str,
        raw: &[u8],
        date: Timestamp,
    ) -> Result<(), Fault> {
        let date = date.strftime("%d-%b-%Y %H:%M:%S +0000");
        let command = format!("APPEND {} (\\Seen) \"{date}\" {{{}}}", self.quoted(folder), raw.len());
        let times = self.setup.times;
        let mut pending = self.wire.begin(command.as_bytes(), times.command).await?;
        let mut sent = false;
        let ending = loop {
            // An EXISTS may come before the "+".
            match self.wire.next(&pending, is_continuation).await? {
                Next::Ending(ending) => break ending,
                Next::Response(true) if !sent => {
                    sent = true;
                    self.wire.write(raw, times.body).await?;
                    self.wire.write(b"\r\n", times.command).await?;
                    pending.extend(times.body);
                }
                Next::Response(_) => {}
            }
        };
        match ending {
            // An OK without our bytes is no OK.
            Ending::Ok if sent => Ok(()),
            Ending::Ok => Err(Fault::Odd(Oddity::Garbage)),
            Ending::No(no) if no.code == "TRYCREATE" => {
                Err(Fault::Refused(Refusal::NoFolder { folder: folder.to_owned() }))
            }
            Ending::No(no) => Err(folder_refused(folder, no.words)),
            Ending::Bad(words) => Err(Fault::Odd(Oddity::Command { command: "APPEND", words })),
        }
    }
}

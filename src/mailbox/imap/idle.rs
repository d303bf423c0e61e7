//! Waiting for news: IDLE (RFC 2177) where the server has it, else the poll's interval.
//!
//! News only wake: what there is, the next fetch finds out from its cursor.

use super::session::Session;
use super::wire::{Ending, Next, is_continuation};
use crate::mailbox::fault::{Cut, Fault};
use async_imap::imap_proto::{MailboxDatum, Response};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout};

impl Session {
    /// Waits until there may be something new in the inbox, the bell rings, or `at_most`
    /// is over; never longer than one IDLE. Other folders are not watched: look into them
    /// after each wait.
    ///
    /// When dropped on the way, the session is over.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub(in crate::mailbox) async fn wait(&mut self, at_most: Duration, bell: &Notify) -> Result<(), Fault> {
        let until = Instant::now() + at_most.min(self.setup.times.idle);
        if !self.wire.can("IDLE") || self.idle_refused {
            return self.sleep(until, bell).await;
        }
        let inbox = self.inbox.clone();
        // Opened anew even if it is open: what came since the last fetch shows in UIDNEXT,
        // and IDLE would be silent about it.
        let open = self.examine(&inbox).await?;
        if self.read_to.get(&inbox).is_none_or(|read_to| *read_to < open.uid_next) {
            return Ok(());
        }
        self.idle(until, bell).await
    }

    async fn sleep(&self, until: Instant, bell: &Notify) -> Result<(), Fault> {
        let until = until.min(Instant::now() + self.wanted.poll);
        tokio::select! {
            () = sleep_until(until) => {}
            () = bell.notified() => {}
        }
        Ok(())
    }

    async fn idle(&mut self, until: Instant, bell: &Notify) -> Result<(), Fault> {
        let times = self.setup.times;
        let mut pending = self.wire.begin(b"IDLE", times.command).await?;
        // Until the "+". Exchange sends EXISTS before it.
        let mut news = false;
        loop {
            match self.wire.next(&pending, |response| (is_continuation(response), is_news(response))).await? {
                Next::Ending(Ending::Ok) => return Ok(()),
                Next::Ending(Ending::No(_) | Ending::Bad(_)) => {
                    self.idle_refused = true;
                    return self.sleep(until, bell).await;
                }
                Next::Response((true, _)) => break,
                Next::Response((false, seen)) => news |= seen,
            }
        }
        // The limit of the whole wait is `until`, which nothing the server says moves: its
        // keepalives would.
        pending.extend(until.saturating_duration_since(Instant::now()) + times.command);
        while !news {
            tokio::select! {
                () = sleep_until(until) => break,
                () = bell.notified() => break,
                next = self.wire.next(&pending, is_news) => match next? {
                    Next::Ending(_) => return Ok(()),
                    Next::Response(seen) => news = seen,
                },
            }
        }
        // Only the answer to DONE tells whether anybody is still there.
        self.wire.write(b"DONE\r\n", times.idle_done).await?;
        pending.extend(times.idle_done);
        let done = async {
            loop {
                if let Next::Ending(ending) = self.wire.next(&pending, is_news).await? {
                    return ending.ok("IDLE");
                }
            }
        };
        timeout(times.idle_done, done).await.unwrap_or(Err(Fault::Dropped(Cut::Silent)))
    }
}

fn is_news(response: &Response<'_>) -> bool {
    matches!(response, Response::MailboxData(MailboxDatum::Exists(_)))
}

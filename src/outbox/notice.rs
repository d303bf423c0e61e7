//! The internal notice of the morning: what waits → one mail to colleagues, once a business day.
//!
//! A part of the stage, not a way out. That the day's notice was attempted is on disk before the attempt, so
//! a kill at any moment sends none twice; it may cost one. Nobody's answer hangs on it, and the next day has
//! another. So there is neither an event nor a person to settle it, as there is for a letter.

use super::{Outbox, Verdict};
use crate::config::NoticeRules;
use crate::journal::{Fault, blocking};
use crate::notice::Notice;
use crate::thread::State;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::sync::watch;

/// The cursor under which the day is kept.
const CURSOR: &str = "notice";

/// The pause after an attempt that certainly sent nothing.
const PAUSE: SignedDuration = SignedDuration::from_mins(15);

/// How the notice of a day stands.
#[derive(Debug, Serialize, Deserialize)]
struct Standing {
    day: Date,
    /// When it may be attempted again; `None`: not on this day.
    again: Option<Timestamp>,
}

impl Outbox {
    /// Sends the notice of the day if it is due; says whether it was attempted.
    ///
    /// # Errors
    /// If the store cannot be read or written. What the mail server says is no error.
    pub async fn notify(&self) -> Result<bool, Fault> {
        let this = self.clone();
        let Some((day, notice)) = blocking(move || this.begin_notice()).await? else { return Ok(false) };
        let verdict = self.hand_over(&notice).await?;
        // The server's words may name a colleague: the log has the kind of what happened, and its cause.
        match &verdict {
            Verdict::Accepted { .. } => tracing::info!(verdict = verdict.class(), "notice attempted"),
            Verdict::Deferred { cause, .. }
            | Verdict::Refused { cause, .. }
            | Verdict::Unknown { cause, .. } => {
                tracing::warn!(verdict = verdict.class(), ?cause, "notice attempted");
            }
        }
        if let Verdict::Deferred { .. } = verdict {
            let this = self.clone();
            blocking(move || {
                let again = this.journal.clock().now().saturating_add(PAUSE).ok();
                this.keep(&Standing { day, again })
            })
            .await?;
        }
        Ok(true)
    }

    /// The notice, if it is due; from then on the day has had its own.
    fn begin_notice(&self) -> Result<Option<(Date, Notice)>, Fault> {
        let Some(rules) = &self.config.notice else { return Ok(None) };
        let local = self.journal.clock().now().to_zoned_datetime(self.calendar.zone().clone());
        let day = local.date();
        if local.time() < rules.at || !self.calendar.is_business_day(day) {
            return Ok(None);
        }
        let known: Option<Standing> = self.journal.cursor("", CURSOR)?;
        let had = known.filter(|standing| standing.day == day);
        if had.is_some_and(|standing| standing.again.is_none_or(|again| local.timestamp() < again)) {
            return Ok(None);
        }
        if !self.is_all_here(rules, day)? {
            return Ok(None);
        }
        let (waiting, late) = self.waiting(local.timestamp())?;
        if waiting == 0 {
            return Ok(None);
        }
        self.keep(&Standing { day, again: None })?;
        let notice = Notice::write(&rules.frame, waiting, late, &local);
        if let Err(unsound) = &notice {
            tracing::error!(%unsound, "no notice");
        }
        Ok(notice.ok().map(|notice| (day, notice)))
    }

    /// Whether what had come by the time of the notice, and while no process ran, has been read and placed:
    /// a number that is wrong a moment later helps nobody.
    fn is_all_here(&self, rules: &NoticeRules, day: Date) -> Result<bool, Fault> {
        let at = self.calendar.zone().to_timestamp(day.to_datetime(rules.at)).unwrap_or(self.started);
        let read = self.journal.last_reading()?.is_some_and(|began| began >= at.max(self.started));
        Ok(read && self.journal.in_state(State::New).next().transpose()?.is_none())
    }

    /// How many threads wait for a person, and how many of them past the target.
    fn waiting(&self, now: Timestamp) -> Result<(usize, usize), Fault> {
        let (mut waiting, mut late) = (0, 0);
        for state in State::WAITING {
            for id in self.journal.in_state(state) {
                let Some(thread) = self.journal.thread(id?)? else { continue };
                waiting += 1;
                late += usize::from(self.config.desk.target.is_late(&thread, &self.calendar, now));
            }
        }
        Ok((waiting, late))
    }

    fn keep(&self, standing: &Standing) -> Result<(), Fault> {
        self.journal.write_synced(|writer| writer.set_cursor("", CURSOR, standing))
    }

    /// Sends each day's notice until told to stop; one under way is finished first.
    pub(super) async fn notify_daily(&self, mut stop: watch::Receiver<bool>) -> Result<(), Fault> {
        while self.config.notice.is_some() && !*stop.borrow() {
            self.notify().await?;
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
            }
        }
        Ok(())
    }
}

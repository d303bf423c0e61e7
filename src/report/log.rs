//! Stage: the response-time log, a JSON line for every question that is answered, closed or opened again.
//!
//! The lines are derived from the journal, and every line carries the number of its event. What was
//! written last is known twice: from the end of the file, and from a cursor beside it, for when somebody
//! has moved the file away. A line is on disk before the cursor says so, and the journal's event before
//! the line. So whatever is killed at whatever moment: no line is lost and none is written twice, as
//! long as not both the file and the cursor are taken away or set back; then it begins anew.
//!
//! A store that is made from a backup gives the numbers after the backup again. The cursor keeps the
//! journal's link, by which that is seen; the log goes on from the last event of the backup then.
//!
//! Nothing else waits for it. Where it fails, the program's own log says why, and it tries again.

mod file;
mod line;
#[cfg(test)]
mod tests;

pub use line::{LogLine, What};

use crate::calendar::Calendar;
use crate::config::Config;
use crate::journal::{Fault, Journal};
use file::{LogFile, Written};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Events of one step.
const BATCH: usize = 1_000;
/// For how long what happens is gathered, so that few steps are taken.
const GATHER: Duration = Duration::from_millis(300);
/// The wait after a failure.
const PAUSE: Duration = Duration::from_secs(30);

/// What an event must be called to end a question's wait, or to begin it again.
const NAMES: [&str; 9] = [
    "Sent",
    "UncertainSettled",
    "AnsweredOutside",
    "AnsweredOtherwise",
    "OutsideJudged",
    "AnswerFound",
    "ClosedWithoutReply",
    "Bounced",
    "Reopened",
];

/// What keeps the log from being written.
#[derive(Debug, thiserror::Error)]
pub enum Unlogged {
    /// The store.
    #[error(transparent)]
    Store(#[from] Fault),
    /// The file.
    #[error("response-time log: {0}")]
    File(#[from] std::io::Error),
}

/// The log of one desk.
#[derive(Debug, Clone)]
pub struct Log {
    journal: Arc<Journal>,
    calendar: Arc<Calendar>,
    config: Arc<Config>,
}

impl Log {
    /// The log that the config asks for.
    #[must_use]
    pub fn new(journal: Arc<Journal>, calendar: Arc<Calendar>, config: Arc<Config>) -> Self {
        Self { journal, calendar, config }
    }

    /// Writes what has happened since the last line.
    ///
    /// # Errors
    /// Why it cannot; what was written by then stays written.
    pub fn catch_up(&self) -> Result<(), Unlogged> {
        let restored_to = self.journal.restored_to()?;
        let mut file = LogFile::open(&self.config.report.log, restored_to, |written| self.is_ours(written))?;
        while self.step(&mut file)? {}
        Ok(())
    }

    /// Whether that was written of this journal, and not of one in whose place a backup was put.
    fn is_ours(&self, written: &Written) -> Result<bool, Unlogged> {
        Ok(match &written.link {
            Some(_) => self.journal.link(written.seq)? == written.link,
            None if written.received_seq != 0 => self.journal.recorded_at(written.seq)? == written.at,
            // Nothing at all, or the cursor of an earlier build, which kept no link.
            None => written.seq <= self.journal.last(),
        })
    }

    /// Looks at up to [`BATCH`] events; says whether more are left.
    fn step(&self, file: &mut LogFile) -> Result<bool, Unlogged> {
        let written = file.written().clone();
        // The event in which the last line stands may have more of them, so it is looked at again.
        let from = written.seq.saturating_sub(1).min(self.journal.last());
        let (found, last) = self.journal.named(from, BATCH, &NAMES)?;
        // What the log and its cursor speak of stands in the journal first, power cuts included: a cursor
        // ahead of the journal would be taken for another journal's.
        if last > written.seq || !found.is_empty() {
            self.journal.sync()?;
        }
        let mut lines = Vec::new();
        for seq in found {
            let Some(turn) = self.journal.turn(seq)? else { continue };
            let of_turn = LogLine::of(&turn, &self.calendar, &self.config.desk.target);
            lines.extend(of_turn.into_iter().filter(|line| written.is_before(line)));
        }
        file.append(&lines, self.calendar.zone())?;
        file.looked_at(last, self.journal.link(last)?)?;
        Ok(last < self.journal.last())
    }

    /// Follows the journal until told to stop. Nothing that goes wrong ends it.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut bell = self.journal.bell();
        while !*stop.borrow() {
            // The bell before the look: what is written between the two still rings.
            bell.mark_unchanged();
            let this = self.clone();
            let done = tokio::task::spawn_blocking(move || this.catch_up()).await;
            let rest = match done.map_err(std::io::Error::other).map_err(Unlogged::File).and_then(|done| done)
            {
                Ok(()) => {
                    tokio::select! {
                        rung = bell.changed() => if rung.is_err() { return },
                        _ = stop.wait_for(|stop| *stop) => return,
                    }
                    GATHER
                }
                Err(why) => {
                    tracing::warn!(%why, pause_ms = PAUSE.as_millis(), "response times are not logged");
                    PAUSE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                // What was gathered by then is written at the next start.
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }
}

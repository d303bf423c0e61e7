//! What is kept for those who watch the daemon: the response-time log, the figures for a monitor, warnings.

use super::{App, Problem};
use crate::calendar::Expiry;
use crate::console::{Listening, Unlistenable};
use crate::metrics::{self, Metrics};
use crate::report::log::Log;
use std::sync::Arc;

impl App {
    /// For whoever has the store without a daemon. Where it fails, the next one does it.
    pub(super) fn log_response_times(&self) {
        if let Err(why) = self.log().catch_up() {
            tracing::warn!(%why, "response times are not logged");
        }
    }

    /// The response-time log.
    pub(super) fn log(&self) -> Log {
        let (journal, calendar) = (Arc::clone(&self.journal), Arc::clone(&self.calendar));
        Log::new(journal, calendar, Arc::clone(&self.config))
    }

    /// The figures for a monitor, listening; `None` if the config asks for none.
    pub(super) async fn metrics(
        &self,
        console: Option<&Listening>,
    ) -> Result<Option<metrics::Listening>, Problem> {
        let Some(wanted) = self.config.metrics else { return Ok(None) };
        let console = console.map(Listening::address);
        let metrics = Metrics { desk: self.desk(), report: self.report.clone(), console };
        let failed = |error| Unlistenable::Address { address: wanted.listen, error };
        let listening = metrics.listen(wanted.listen).await.map_err(failed)?;
        tracing::info!(address = %listening.address().map_err(failed)?, "metrics listen");
        Ok(Some(listening))
    }

    /// Reports refuse years that nobody has confirmed; whoever reads the log should know in time.
    pub(super) fn warn_of_calendar(&self) {
        match self.calendar.warning(self.calendar.date_of(self.journal.clock().now())) {
            Some(Expiry::Soon { day }) => tracing::warn!(%day, "the confirmed years of the calendar end"),
            Some(Expiry::Unconfirmed { year }) => {
                tracing::warn!(year, "nobody has confirmed the holidays of this year");
            }
            None => {}
        }
    }
}

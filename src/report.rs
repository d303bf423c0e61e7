//! Response times: what they are is written in `docs/delais.md`, with an example worked through.
//!
//! A question's clock starts when the server received it and stops when the mail server accepted an
//! approved letter, or when a reply made outside was sent. Wall and business time stand side by side.
//! Nothing here is stored: every figure can be computed again from the events, as of any moment.

mod deposits;
mod figures;
pub mod file;
mod gaps;
mod histogram;
mod kept;
pub mod log;
mod made;
mod overview;
mod quantile;
mod question;
mod reach;
mod replay;
mod scope;
mod stage;
#[cfg(test)]
mod tests;
mod told;

pub use deposits::DepositLine;
pub use figures::{Band, By, Figures, LAST_BAND, StageFigures};
pub use gaps::MissingEntry;
pub use histogram::{BOUNDS, Durations, Histogram, Vitals};
pub use overview::{OLDEST, Overview, Wanted};
pub use quantile::{FEW, Quantiles};
pub use question::{Age, Offered, ResponseTime};
pub use reach::Unreached;
pub use replay::{Changed, Reading, Replayed, Verdict};
pub use scope::{Behind, Counted, Period, Scope};
pub use stage::{Stage, StageTime};
pub use told::ToldLine;

use crate::calendar::Calendar;
use crate::config::Config;
use crate::journal::{Fault, Journal};
use crate::wording::{Language, Wording};
use jiff::Timestamp;
use jiff::civil::Date;
use kept::Kept;
use made::Made;
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};

/// The last file, and of what.
type File = Made<(Scope, Language), Arc<[u8]>>;

/// Reads the figures.
#[derive(Debug, Clone)]
pub struct Report {
    journal: Arc<Journal>,
    calendar: Arc<Calendar>,
    config: Arc<Config>,
    kept: Arc<Mutex<Kept>>,
    overviews: Arc<Made<(Scope, By), Arc<Overview>>>,
    csvs: Arc<File>,
}

/// What keeps a report from being made.
#[derive(Debug, thiserror::Error)]
pub enum Unreported {
    /// The store.
    #[error(transparent)]
    Store(#[from] Fault),
    /// A question lies beyond the years of the calendar.
    #[error(transparent)]
    Beyond(#[from] Unreached),
    /// A figure would rest on holidays that nobody has confirmed.
    #[error("nobody has confirmed the holidays of {year}")]
    Unconfirmed {
        /// The first such year.
        year: i16,
    },
    /// The config lets no report name anybody.
    #[error("reports name nobody")]
    NoPersons,
}

impl Unreported {
    /// One line for people.
    ///
    /// # Errors
    /// The store's fault, which has words of its own.
    pub fn line(self, wording: &Wording) -> Result<String, Fault> {
        match self {
            Self::Store(fault) => Err(fault),
            Self::Beyond(Unreached { year, told: None }) => {
                Ok(wording.with("report-beyond", &[("year", &year)]))
            }
            Self::Beyond(Unreached { year, told: Some(told) }) => {
                let option = |name, day: Option<Date>| day.map(|day| format!("--{name} {day}"));
                let options = [option("from", told.from), option("to", told.to)];
                let options = options.into_iter().flatten().collect::<Vec<_>>().join(" ");
                let values: [(&str, &dyn Display); 2] = [("year", &year), ("options", &options)];
                Ok(wording.with("report-beyond-within", &values))
            }
            Self::Unconfirmed { year } => Ok(wording.with("report-unconfirmed", &[("year", &year)])),
            Self::NoPersons => Ok(wording.text("report-no-persons")),
        }
    }
}

impl Report {
    /// The figures of this journal.
    #[must_use]
    pub fn new(journal: Arc<Journal>, calendar: Arc<Calendar>, config: Arc<Config>) -> Self {
        Self {
            journal,
            calendar,
            config,
            kept: Arc::default(),
            overviews: Arc::default(),
            csvs: Arc::default(),
        }
    }

    /// Reads all questions once, which every later report goes on from.
    pub fn warm(&self) {
        if let Err(why) = self.with_kept(None, |_, _| ()) {
            // Whoever asks for a report is told the same.
            tracing::debug!(%why, "no lines for reports");
        }
    }

    /// Business time, and the zone of the days.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Whether reports may name people.
    #[must_use]
    pub fn names_people(&self) -> bool {
        self.config.report.by_person
    }

    /// A line for every question, in the order of receipt.
    ///
    /// # Errors
    /// If the store cannot be read, or a question lies beyond the calendar.
    pub fn response_times(&self, scope: &Scope) -> Result<Vec<ResponseTime>, Unreported> {
        self.behind(scope, &Behind::default())
    }

    /// The questions that stand behind a figure, in the order of receipt. A list stands on its own: each
    /// line says whether the holidays that it rests on are confirmed.
    ///
    /// # Errors
    /// As [`Report::response_times`]; and if people are asked for whom reports may not name.
    pub fn behind(&self, scope: &Scope, behind: &Behind) -> Result<Vec<ResponseTime>, Unreported> {
        if let Some((by, _)) = behind.group {
            self.may_group(by)?;
        }
        self.with_lines(scope, |lines, _| {
            let held = lines.iter().flat_map(|line| behind.lines(line, &self.calendar));
            Ok(held.map(|line| self.shown(&line)).collect())
        })
    }

    /// The figures of every group, in the order of their names.
    ///
    /// # Errors
    /// As [`Report::overview`].
    pub fn figures(&self, scope: &Scope, by: By) -> Result<Vec<Figures>, Unreported> {
        self.may_group(by)?;
        self.with_lines(scope, |lines, now| {
            self.must_be_sound(scope, lines, now)?;
            Ok(figures::groups(lines.iter().copied(), by, &self.calendar))
        })
    }

    /// All that a page shows at once, with a table of groups. What was made in the same minute is given again,
    /// as long as nothing has happened.
    ///
    /// # Errors
    /// As [`Report::response_times`]; if a figure would rest on holidays that nobody has confirmed and
    /// the scope does not accept that; if people are asked for whom reports may not name.
    pub fn overview(&self, scope: &Scope, by: By) -> Result<Arc<Overview>, Unreported> {
        self.may_group(by)?;
        self.overviews.get(&self.journal, (scope.clone(), by), || {
            self.with_lines(scope, |lines, now| self.summed_up(scope, by, lines, now)).map(Arc::new)
        })
    }

    /// The overview with the questions that it sums up.
    ///
    /// # Errors
    /// As [`Report::overview`].
    pub fn full(&self, scope: &Scope, by: By) -> Result<(Overview, Vec<ResponseTime>), Unreported> {
        self.may_group(by)?;
        self.with_lines(scope, |lines, now| {
            let overview = self.summed_up(scope, by, lines, now)?;
            Ok((overview, lines.iter().map(|line| self.shown(line)).collect()))
        })
    }

    /// The questions as CSV, in the order of receipt: see [`file::csv()`]. A list like that of
    /// [`Report::response_times`]: each line says what it rests on. What was made in the same minute is given
    /// again, as long as nothing has happened.
    ///
    /// # Errors
    /// As [`Report::response_times`].
    pub fn csv(&self, scope: &Scope, wording: &Wording) -> Result<Arc<[u8]>, Unreported> {
        self.csvs.get(&self.journal, (scope.clone(), wording.language()), || {
            self.with_lines(scope, |lines, _| {
                Ok(file::csv_of_kept(wording, self.calendar.zone(), lines, self.names_people()).into())
            })
        })
    }

    fn summed_up(
        &self,
        scope: &Scope,
        by: By,
        lines: &[&ResponseTime],
        now: Timestamp,
    ) -> Result<Overview, Unreported> {
        self.must_be_sound(scope, lines, now)?;
        let mut overview = Overview::of(scope, by, lines, now, &self.calendar, &self.config.desk.target);
        overview.oldest.iter_mut().for_each(|line| *line = self.shown(line));
        Ok(overview)
    }

    fn may_group(&self, by: By) -> Result<(), Unreported> {
        if by == By::Person && !self.names_people() { Err(Unreported::NoPersons) } else { Ok(()) }
    }

    /// A line without what the config keeps back.
    fn shown(&self, line: &ResponseTime) -> ResponseTime {
        let mut line = line.clone();
        line.reviewer = line.reviewer.filter(|_| self.names_people());
        line
    }

    /// Whether figures may be made of these lines.
    fn must_be_sound(
        &self,
        scope: &Scope,
        lines: &[&ResponseTime],
        now: Timestamp,
    ) -> Result<(), Unreported> {
        if let Some(unreached) = Unreached::of(reach::beyond(lines, &self.calendar, now), &self.calendar) {
            return Err(unreached.into());
        }
        if scope.provisional {
            return Ok(());
        }
        let unconfirmed = lines.iter().find_map(|line| line.unconfirmed(&self.calendar, now));
        unconfirmed.map_or(Ok(()), |year| Err(Unreported::Unconfirmed { year }))
    }

    /// Hands over the lines of a scope, in the order of receipt, and the moment as of which they stand.
    fn with_lines<T>(
        &self,
        scope: &Scope,
        work: impl FnOnce(&[&ResponseTime], Timestamp) -> Result<T, Unreported>,
    ) -> Result<T, Unreported> {
        self.with_kept(scope.as_of, |kept, now| work(&self.select(kept, scope, now)?, now))?
    }

    /// Hands over all that is kept, and the moment as of which it stands.
    fn with_kept<T>(
        &self,
        as_of: Option<Timestamp>,
        work: impl FnOnce(&Kept, Timestamp) -> T,
    ) -> Result<T, Fault> {
        let (calendar, target) = (&*self.calendar, &self.config.desk.target);
        let now = self.journal.clock().now();
        if let Some(moment) = as_of {
            let moment = moment.min(now);
            let mut then = Kept::as_of(&self.journal, calendar, target, moment)?;
            then.grow_older(calendar, moment);
            return Ok(work(&then, moment));
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.catch_up(&self.journal, calendar, target)?;
        kept.grow_older(calendar, now);
        Ok(work(&kept, now))
    }

    fn select<'a>(
        &self,
        kept: &'a Kept,
        scope: &Scope,
        now: Timestamp,
    ) -> Result<Vec<&'a ResponseTime>, Unreached> {
        let (mut lines, mut lost) = (Vec::new(), Vec::new());
        for line in kept.lines() {
            match line {
                Ok(line) if scope.holds(line, &self.calendar) => lines.push(line),
                Err(beyond) if scope.period.holds(self.calendar.date_of(beyond.received)) => {
                    lost.push((beyond.received, beyond.why));
                }
                _ => {}
            }
        }
        if !lost.is_empty() {
            // With those that are still open: what is offered instead must not be refused in its turn.
            lost.extend(reach::beyond(&lines, &self.calendar, now));
        }
        if let Some(unreached) = Unreached::of(lost, &self.calendar) {
            return Err(unreached);
        }
        lines.sort_by_key(|line| (line.received, line.thread, line.question));
        Ok(lines)
    }
}

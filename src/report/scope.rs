//! Which questions a report is about, and which of them stand behind a figure.

use super::figures::{By, LAST_BAND};
use super::question::{Offered, ResponseTime};
use super::stage::Stage;
use crate::calendar::Calendar;
use crate::organisation::Kind;
use crate::thread::{Channel, Fate};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// Received from the first to the last day, both included, in the calendar's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Period {
    /// The first day; from the beginning, if `None`.
    pub from: Option<Date>,
    /// The last day; to the end, if `None`.
    pub to: Option<Date>,
}

impl Period {
    pub(super) fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| day >= from) && self.to.is_none_or(|to| day <= to)
    }
}

/// Which questions, as they stood when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Scope {
    /// Received when.
    #[serde(default)]
    pub period: Period,
    /// With this first entry; the empty text means: with none.
    #[serde(default)]
    pub entry: Option<String>,
    /// Asked by this kind of organisation.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Asked by this organisation, by its name.
    #[serde(default)]
    pub organisation: Option<String>,
    /// What the journal knew at this moment; what it knows now, if `None`.
    #[serde(default)]
    pub as_of: Option<Timestamp>,
    /// Whether figures may rest on holidays that nobody has confirmed.
    #[serde(default)]
    pub provisional: bool,
}

impl Scope {
    /// The questions of a period, all of them.
    #[must_use]
    pub fn of(period: Period) -> Self {
        Self { period, ..Self::default() }
    }

    pub(super) fn holds(&self, line: &ResponseTime, calendar: &Calendar) -> bool {
        let same = |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|of| of == found);
        // Most scopes are of all days, and the day takes longer to find out than all the rest.
        (self.period == Period::default() || self.period.holds(calendar.date_of(line.received)))
            && same(&self.entry, line.entry.as_deref().unwrap_or_default())
            && same(&self.organisation, &line.organisation)
            && self.kind.is_none_or(|kind| line.kind == Some(kind))
    }
}

/// The questions that a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// All of them.
    #[default]
    All,
    /// Those answered.
    Answered,
    /// Those answered within the target.
    Within,
    /// Those answered after it, and those still open past it.
    Late,
    /// Those open.
    Open,
    /// Those open past the target.
    Overdue,
    /// Those closed without a reply.
    Closed,
    /// Those answered from the staff's own mail program.
    Outside,
    /// Those answered by telephone, in a meeting or in some other way.
    Spoken,
    /// Those whose answer or closing was undone.
    Reopened,
    /// Those that no entry answers.
    OffFaq,
    /// Those with a text that was sent as it was offered.
    AsIs,
    /// Those with a text that was sent with other words.
    Edited,
    /// Those with a text for which another was sent.
    Rejected,
    /// Those answered that went through this stage.
    Stage(Stage),
    /// Those answered after so many business days; the last band holds all that took longer, too.
    Days(u32),
}

impl Counted {
    /// Those that have a name and nothing else.
    pub const PLAIN: [Self; 14] = [
        Self::All,
        Self::Answered,
        Self::Within,
        Self::Late,
        Self::Open,
        Self::Overdue,
        Self::Closed,
        Self::Outside,
        Self::Spoken,
        Self::Reopened,
        Self::OffFaq,
        Self::AsIs,
        Self::Edited,
        Self::Rejected,
    ];

    /// What it counts texts by, if it counts texts.
    fn fate(self) -> Option<Fate> {
        match self {
            Self::AsIs => Some(Fate::AsIs),
            Self::Edited => Some(Fate::Edited),
            Self::Rejected => Some(Fate::Rejected),
            _ => None,
        }
    }

    /// Whether the figure counts this question, or a text that was offered for it.
    #[must_use]
    pub fn holds(self, line: &ResponseTime) -> bool {
        let offered = |fate: Fate| line.offered.iter().any(|offered| offered.fate == fate);
        match self {
            Self::All => true,
            Self::Answered => line.answered.is_some(),
            Self::Within => line.is_within() == Some(true),
            Self::Late => line.is_late() == Some(true),
            Self::Open => line.is_open(),
            Self::Overdue => line.is_overdue(),
            Self::Closed => line.closed.is_some(),
            Self::Outside => line.answered == Some(Channel::Outside),
            Self::Spoken => {
                matches!(line.answered, Some(Channel::Telephone | Channel::Meeting | Channel::Other))
            }
            Self::Reopened => line.reopened > 0,
            Self::OffFaq => line.off_faq,
            Self::AsIs => offered(Fate::AsIs),
            Self::Edited => offered(Fate::Edited),
            Self::Rejected => offered(Fate::Rejected),
            Self::Stage(stage) => line.stages.iter().any(|of| of.stage == stage),
            Self::Days(days) => line.business_days.is_some_and(|of| of.min(LAST_BAND) == days.min(LAST_BAND)),
        }
    }
}

/// The name in addresses: `late`, `stage-claim`, `days-3`.
impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stage(stage) => write!(f, "stage-{}", stage.key()),
            Self::Days(days) => write!(f, "days-{days}"),
            plain => f.write_str(&crate::wording::key(plain)),
        }
    }
}

impl FromStr for Counted {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        if let Some(stage) = name.strip_prefix("stage-") {
            return stage.parse().map(Self::Stage);
        }
        if let Some(days) = name.strip_prefix("days-") {
            return days.parse().map(Self::Days).map_err(drop);
        }
        Self::PLAIN.into_iter().find(|plain| plain.to_string() == name).ok_or(())
    }
}

/// What stands behind one figure: of a group, or of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Behind {
    /// The group that the figure is of.
    #[serde(default)]
    pub group: Option<(By, String)>,
    /// What it counts.
    #[serde(default)]
    pub counted: Counted,
}

impl Behind {
    /// What a question gives to the list: itself, or nothing. Where texts are counted, itself once for each of
    /// them, with that text alone.
    pub(super) fn lines<'a>(
        &'a self,
        line: &'a ResponseTime,
        calendar: &'a Calendar,
    ) -> impl Iterator<Item = Cow<'a, ResponseTime>> {
        let fate = self.counted.fate();
        let in_group = || self.group.as_ref().is_none_or(|(by, group)| by.group(line, calendar) == *group);
        let itself =
            (fate.is_none() && self.counted.holds(line) && in_group()).then_some(Cow::Borrowed(line));
        let counted = move |text: &&Offered| {
            let of_group = |(by, group): &(By, String)| by.group_of_text(line, text, calendar) == *group;
            Some(text.fate) == fate && self.group.as_ref().is_none_or(of_group)
        };
        let with = |text: &Offered| ResponseTime { offered: vec![text.clone()], ..line.clone() };
        itself.into_iter().chain(line.offered.iter().filter(counted).map(with).map(Cow::Owned))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_has_a_name_that_reads_back() {
        let stages = Stage::ALL.map(Counted::Stage);
        for counted in Counted::PLAIN.into_iter().chain(stages).chain((0..=LAST_BAND).map(Counted::Days)) {
            assert_eq!(counted.to_string().parse(), Ok(counted));
        }
        assert_eq!("late-ish".parse::<Counted>(), Err(()));
    }
}

//! What many questions come to: groups of them, and the figures of a group.

use super::quantile::{Quantiles, rank};
use super::question::{Offered, ResponseTime};
use super::stage::{Stage, StageTime};
use crate::calendar::Calendar;
use crate::thread::{Channel, Fate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::str::FromStr;

/// How questions are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// By the first entry.
    Entry,
    /// By the kind of organisation that asked.
    Kind,
    /// By who asked.
    Organisation,
    /// By the day of receipt.
    Day,
    /// By the ISO week of receipt: `2025-W13`.
    Week,
    /// By the month of receipt: `2025-03`.
    Month,
    /// By the hour of the day of receipt, from `00` to `23`.
    Hour,
    /// By who approved; where the config allows it only.
    Person,
}

impl By {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Entry,
        Self::Kind,
        Self::Organisation,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Hour,
        Self::Person,
    ];

    /// The name on the command line, in addresses and in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Kind => "kind",
            Self::Organisation => "organisation",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Hour => "hour",
            Self::Person => "person",
        }
    }

    /// The group of a question; empty where there is nothing to go by.
    #[must_use]
    pub fn group(self, line: &ResponseTime, calendar: &Calendar) -> String {
        let here = || calendar.zone().to_datetime(line.received);
        match self {
            Self::Entry => line.entry.clone().unwrap_or_default(),
            Self::Kind => line.kind.map(|kind| kind.to_string()).unwrap_or_default(),
            Self::Organisation => line.organisation.clone(),
            Self::Day => here().date().to_string(),
            Self::Week => {
                let week = here().date().iso_week_date();
                format!("{}-W{:02}", week.year(), week.week())
            }
            Self::Month => here().strftime("%Y-%m").to_string(),
            Self::Hour => here().strftime("%H").to_string(),
            Self::Person => line.reviewer.clone().unwrap_or_default(),
        }
    }

    /// The group of a text that was offered for a question: by entry, that of the text itself, whatever was sent
    /// in its place.
    #[must_use]
    pub fn group_of_text(self, line: &ResponseTime, text: &Offered, calendar: &Calendar) -> String {
        if self == Self::Entry { text.entry.clone() } else { self.group(line, calendar) }
    }

    /// Whether the group is told by the moment of receipt alone.
    fn is_of_time(self) -> bool {
        matches!(self, Self::Day | Self::Week | Self::Month | Self::Hour)
    }
}

impl FromStr for By {
    type Err = ();

    fn from_str(key: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|by| by.key() == key).ok_or(())
    }
}

/// The figures of one group of questions. Times in seconds, quantiles by nearest rank.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Figures {
    /// What the group has in common.
    pub group: String,
    /// All questions of the group.
    pub questions: usize,
    /// Those that were answered, wherever: the *n* of the quantiles.
    pub count: usize,
    /// Median of the seconds of wall time.
    pub wall_median: Option<u64>,
    /// Median of the seconds of business time.
    pub business_median: Option<u64>,
    /// 90th percentile of the seconds of business time.
    pub business_p90: Option<u64>,
    /// Longest, in seconds of business time.
    pub business_max: Option<u64>,
    /// Wall time, whole.
    pub wall: Quantiles,
    /// Business time, whole.
    pub business: Quantiles,
    /// Answered within the target.
    pub within: usize,
    /// Their share of what was answered or is overdue; `None` if nothing is.
    pub share: Option<f64>,
    /// Open now.
    pub open: usize,
    /// Of these, past the target.
    pub overdue: usize,
    /// Closed without a reply.
    pub closed: usize,
    /// Answered from the staff's own mail program.
    pub outside: usize,
    /// Answered by telephone, in a meeting or in some other way.
    pub spoken: usize,
    /// Whose answer or closing was undone.
    pub reopened: usize,
    /// Those that no entry answers.
    pub off_faq: usize,
    /// Their share of all questions; `None` of none.
    pub off_faq_share: Option<f64>,
    /// Texts offered ready to send that were sent as they were.
    pub as_is: usize,
    /// Those sent with other words.
    pub edited: usize,
    /// Those for which another text was sent.
    pub rejected: usize,
    /// Of those edited, how many of their words were changed: the median, in percent.
    pub changed: Option<u8>,
}

impl Figures {
    /// Of these questions, and of the texts that were offered for them.
    pub(super) fn of(group: String, lines: &[&ResponseTime]) -> Self {
        Self::of_both(group, lines, lines.iter().flat_map(|line| &line.offered))
    }

    fn of_both<'a>(
        group: String,
        lines: &[&'a ResponseTime],
        texts: impl IntoIterator<Item = &'a Offered>,
    ) -> Self {
        let mut figures = Self { group, ..Self::default() };
        let (mut wall, mut business, mut changed) = (Vec::new(), Vec::new(), Vec::new());
        for line in lines {
            figures.questions += 1;
            wall.extend(line.wall_seconds);
            business.extend(line.business_seconds);
            figures.within += usize::from(line.is_within() == Some(true));
            figures.open += usize::from(line.is_open());
            figures.overdue += usize::from(line.is_overdue());
            figures.closed += usize::from(line.closed.is_some());
            match line.answered {
                Some(Channel::Outside) => figures.outside += 1,
                Some(Channel::Telephone | Channel::Meeting | Channel::Other) => figures.spoken += 1,
                Some(Channel::Inside) | None => {}
            }
            figures.reopened += usize::from(line.reopened > 0);
            figures.off_faq += usize::from(line.off_faq);
        }
        for text in texts {
            match text.fate {
                Fate::AsIs => figures.as_is += 1,
                Fate::Rejected => figures.rejected += 1,
                Fate::Edited => {
                    figures.edited += 1;
                    changed.push(text.changed);
                }
            }
        }
        changed.sort_unstable();
        figures.changed = rank(&changed, 50);
        (figures.wall, figures.business) = (Quantiles::of(wall), Quantiles::of(business));
        figures.count = figures.business.n;
        figures.wall_median = figures.wall.median;
        figures.business_median = figures.business.median;
        figures.business_p90 = figures.business.p90;
        figures.business_max = figures.business.max;
        figures.share = share(figures.within, figures.count + figures.overdue);
        figures.off_faq_share = share(figures.off_faq, figures.questions);
        figures
    }
}

/// Seconds of a quarter of an hour.
const QUARTER: i64 = 900;

/// The questions and the texts of one group.
type Group<'a> = (Vec<&'a ResponseTime>, Vec<&'a Offered>);

/// The figures of every group, in the order of their names. By entry, an entry whose text was only ever offered
/// is a group without questions.
#[must_use]
pub fn groups<'a>(
    lines: impl IntoIterator<Item = &'a ResponseTime>,
    by: By,
    calendar: &Calendar,
) -> Vec<Figures> {
    let mut groups: BTreeMap<String, Group<'_>> = BTreeMap::new();
    let mut last: Option<(i64, String)> = None;
    for line in lines {
        // Within a quarter of an hour no hour and no day begins, in whatever zone; lines mostly come in order.
        let quarter = line.received.as_second().div_euclid(QUARTER);
        let name = match last.take() {
            Some((of, name)) if of == quarter && by.is_of_time() => name,
            _ => by.group(line, calendar),
        };
        if by == By::Entry {
            for text in &line.offered {
                groups.entry(text.entry.clone()).or_default().1.push(text);
            }
        }
        let (lines, texts) = groups.entry(name.clone()).or_default();
        lines.push(line);
        texts.extend(line.offered.iter().filter(|_| by != By::Entry));
        last = Some((quarter, name));
    }
    groups.into_iter().map(|(group, (lines, texts))| Figures::of_both(group, &lines, texts)).collect()
}

/// How long one stage took, over all answered questions that went through it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageFigures {
    /// Which.
    pub stage: Stage,
    /// Wall time, in seconds.
    pub wall: Quantiles,
    /// Business time, in seconds.
    pub business: Quantiles,
    /// Its share of all the business time that answers took; `None` if they took none.
    pub share: Option<f64>,
}

/// The stages in order; those that no question went through are left out.
pub(super) fn stages(lines: &[&ResponseTime]) -> Vec<StageFigures> {
    let (mut wall, mut business): (BTreeMap<Stage, Vec<u64>>, BTreeMap<Stage, Vec<u64>>) = Default::default();
    for StageTime { stage, taken } in lines.iter().flat_map(|line| &line.stages) {
        wall.entry(*stage).or_default().push(taken.wall_seconds);
        business.entry(*stage).or_default().push(taken.business_seconds);
    }
    let total: u64 = business.values().flatten().sum();
    business
        .into_iter()
        .map(|(stage, business)| {
            let sum: u64 = business.iter().sum();
            #[allow(clippy::cast_precision_loss)]
            let share = (total > 0).then(|| sum as f64 / total as f64);
            let wall = Quantiles::of(wall.remove(&stage).unwrap_or_default());
            StageFigures { stage, wall, business: Quantiles::of(business), share }
        })
        .collect()
}

/// The answers that took this many business days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// Business days after the day of receipt; the last band holds all that took longer, too.
    pub business_days: u32,
    /// How many answers.
    pub count: usize,
}

/// The days of the last band of a distribution.
pub const LAST_BAND: u32 = 10;

/// How many answers took how many business days, from 0 to [`LAST_BAND`].
pub(super) fn distribution(lines: &[&ResponseTime]) -> Vec<Band> {
    let mut bands: Vec<Band> =
        (0..=LAST_BAND).map(|business_days| Band { business_days, count: 0 }).collect();
    for days in lines.iter().filter_map(|line| line.business_days) {
        if let Some(band) = bands.iter_mut().find(|band| band.business_days == days.min(LAST_BAND)) {
            band.count += 1;
        }
    }
    bands
}

#[allow(clippy::cast_precision_loss)]
fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

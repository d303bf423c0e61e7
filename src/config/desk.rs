//! What the operator decides about the desk: second signatures, offices, what gets no draft.

use super::ProblemKind;
use super::table::Reader;
use crate::calendar::{Calendar, Watch};
use crate::organisation::Kind;
use crate::replies::FlagName;
use crate::thread::{Question, Thread};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::time::Duration;

/// `[desk]`, `[sign_off]`, `[transfer]` and `[target]`.
#[derive(Debug, Clone)]
pub struct DeskRules {
    /// Mail with one of these flags gets no draft: a person writes it.
    pub no_draft: Vec<FlagName>,
    /// For how long a thread stays in hand. Business time; `None`: until it is released.
    pub claim: Option<Duration>,
    /// Why an English version may stand beneath a French letter; none may, if empty.
    pub english_reasons: Vec<String>,
    /// Whether who wrote in a letter may approve it.
    pub author_may_approve: bool,
    /// How soon questions should be answered.
    pub target: Target,
    /// Which letters need a second signature, and whose.
    pub sign_off: SignOff,
    /// The offices to which threads are handed: name → address.
    pub offices: BTreeMap<String, String>,
    /// The office to which mail with a flag goes unless a person names another one.
    pub office_of: BTreeMap<FlagName, String>,
}

/// `[target]`: how soon questions should be answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Business days after the day of receipt, where nothing else is said.
    pub business_days: u16,
    /// The share of the questions that should be answered within them, from 0 to 1.
    pub share: f64,
    /// Business days for questions with this first entry.
    pub entries: BTreeMap<String, u16>,
    /// Business days for what this kind of organisation asks.
    pub kinds: BTreeMap<Kind, u16>,
}

impl Default for Target {
    fn default() -> Self {
        Self { business_days: 2, share: 0.85, entries: BTreeMap::new(), kinds: BTreeMap::new() }
    }
}

impl Target {
    /// The business days of one question: its entry's, else its organisation's, else everybody's.
    #[must_use]
    pub fn days_for(&self, entry: Option<&str>, kind: Option<Kind>) -> u16 {
        let of_entry = entry.and_then(|entry| self.entries.get(entry));
        let of_kind = || kind.and_then(|kind| self.kinds.get(&kind));
        of_entry.or_else(of_kind).copied().unwrap_or(self.business_days)
    }

    /// The open questions of a thread whose last business day for an answer is over, as reports count them.
    /// Beyond the calendar's years nothing is late: nobody knows its days.
    pub fn late<'t>(
        &self,
        thread: &'t Thread,
        calendar: &Calendar,
        now: Timestamp,
    ) -> impl Iterator<Item = &'t Question> {
        thread.open_questions().filter(move |question| {
            let entry = question.entries.first().map(String::as_str);
            let days = u32::from(self.days_for(entry, thread.counterpart.kind));
            Watch::of(question, calendar).business_days_so_far(now).is_ok_and(|so_far| so_far > days)
        })
    }

    /// Whether one of its questions is.
    #[must_use]
    pub fn is_late(&self, thread: &Thread, calendar: &Calendar, now: Timestamp) -> bool {
        self.late(thread, calendar, now).next().is_some()
    }
}

/// `[sign_off]`.
#[derive(Debug, Clone, Default)]
pub struct SignOff {
    /// Letters with one of these entries.
    pub entries: Vec<String>,
    /// Letters in threads with one of these flags.
    pub flags: Vec<FlagName>,
    /// Who signs; anybody but the one who approved, if empty.
    pub by: Vec<String>,
    /// Who signs in their place for some days.
    pub delegates: Vec<Delegate>,
}

/// Somebody who signs in another's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegate {
    /// Who.
    pub name: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

impl SignOff {
    /// Whether a letter with these entries, in a thread with these flags, needs a second signature.
    pub fn is_needed<'a>(
        &self,
        mut entries: impl Iterator<Item = &'a str>,
        mut flags: impl Iterator<Item = FlagName>,
    ) -> bool {
        entries.any(|entry| self.entries.iter().any(|named| named == entry))
            || flags.any(|flag| self.flags.contains(&flag))
    }

    /// Whether this person may give the second signature on this day.
    #[must_use]
    pub fn may_sign(&self, name: &str, today: Date) -> bool {
        let delegate = |of: &Delegate| of.name == name && (of.from..=of.to).contains(&today);
        self.by.is_empty() || self.by.iter().any(|named| named == name) || self.delegates.iter().any(delegate)
    }
}

/// What gets no draft where the config is silent.
const NO_DRAFT: [FlagName; 4] =
    [FlagName::AccessRequest, FlagName::Complaint, FlagName::Journalist, FlagName::Incident];

pub(super) fn read(root: &mut Reader) -> DeskRules {
    let mut section = root.section("desk");
    let no_draft = flags(&mut section, "no_draft").unwrap_or_else(|| NO_DRAFT.to_vec());
    let hours = section.number("claim_hours", 0, 1_000).unwrap_or(8);
    let english_reasons = section.strings("english_reasons").unwrap_or_default();
    let claim = (hours > 0).then(|| Duration::from_secs(hours * 3600));
    let author_may_approve = section.boolean("author_may_approve").unwrap_or(true);
    root.finish(section);
    let mut section = root.section("sign_off");
    let sign_off = SignOff {
        entries: section.strings("entries").unwrap_or_default(),
        flags: flags(&mut section, "flags").unwrap_or_default(),
        by: section.strings("by").unwrap_or_default(),
        delegates: delegates(&mut section),
    };
    root.finish(section);
    let mut section = root.section("transfer");
    let mut of_flags = section.section("flags");
    let offices = section.addresses();
    let office_of = offices_of(&mut of_flags, &offices);
    section.finish(of_flags);
    root.finish(section);
    let target = target(root);
    DeskRules { no_draft, english_reasons, author_may_approve, target, claim, sign_off, offices, office_of }
}

/// The most business days of a target: a year of them.
const MOST_DAYS: u64 = 250;

fn target(root: &mut Reader) -> Target {
    let usual = Target::default();
    let mut section = root.section("target");
    let mut of_entries = section.section("entries");
    let mut of_kinds = section.section("kinds");
    let days = section.number("business_days", 1, MOST_DAYS).and_then(|days| u16::try_from(days).ok());
    let share = section.share("share").unwrap_or(usual.share);
    let entries = of_entries.numbers(1, MOST_DAYS);
    let mut kinds = BTreeMap::new();
    for (name, days) in of_kinds.numbers(1, MOST_DAYS) {
        match name.parse::<Kind>() {
            Ok(kind) => drop(kinds.insert(kind, days)),
            Err(()) => of_kinds.problem(&name, ProblemKind::OneOf(Kind::ALL.map(Kind::as_str).join(", "))),
        }
    }
    section.finish(of_entries);
    section.finish(of_kinds);
    root.finish(section);
    Target { business_days: days.unwrap_or(usual.business_days), share, entries, kinds }
}

fn flags(section: &mut Reader, key: &'static str) -> Option<Vec<FlagName>> {
    let given = section.strings(key)?;
    let mut found = Vec::new();
    for name in given {
        match FlagName::ALL.into_iter().find(|flag| flag.key() == name) {
            Some(flag) => found.push(flag),
            None => {
                let names = FlagName::ALL.map(|flag| format!("\"{}\"", flag.key()));
                section.problem(key, ProblemKind::OneOf(names.join(", ")));
            }
        }
    }
    Some(found)
}

/// `[transfer.flags]`: the office of each flag that is named.
fn offices_of(section: &mut Reader, offices: &BTreeMap<String, String>) -> BTreeMap<FlagName, String> {
    let mut found = BTreeMap::new();
    for flag in FlagName::ALL {
        let Some(office) = section.string(flag.key()) else { continue };
        if offices.contains_key(&office) {
            found.insert(flag, office);
        } else {
            let names: Vec<String> = offices.keys().map(|name| format!("\"{name}\"")).collect();
            section.problem(flag.key(), ProblemKind::OneOf(names.join(", ")));
        }
    }
    found
}

/// Each `NAME, FIRST DAY, LAST DAY`.
fn delegates(section: &mut Reader) -> Vec<Delegate> {
    let mut delegates = Vec::new();
    for line in section.strings("delegates").unwrap_or_default() {
        let mut parts = line.splitn(3, ',').map(str::trim);
        let read = (|| {
            let name = parts.next().filter(|name| !name.is_empty())?.to_owned();
            let (from, to) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            Some(Delegate { name, from, to })
        })();
        match read {
            Some(delegate) => delegates.push(delegate),
            None => section.problem("delegates", ProblemKind::Wrong("delegate")),
        }
    }
    delegates
}

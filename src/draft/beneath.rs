//! The English version beneath a French letter. An organisation of Québec is written to in French; where
//! English may be joined, it follows the whole letter, and the reason is kept.

use super::compose::from_entries;
use super::{Asked, Draft, EntryUse, Ours, find};
use crate::replies::{Entry, Replies};
use crate::wording::Language;
use jiff::tz::TimeZone;

/// Between the two: a line across in Markdown. What a reviewer writes above it stays above it.
const LINE: &str = "\n* * *\n";

impl Draft {
    /// The same letter with the English version of its texts beneath; `None` if the library has none of
    /// them in English, or the letter is not French.
    #[must_use]
    pub fn with_english(
        &self,
        replies: &Replies,
        asked: &Asked<'_>,
        reason: &str,
        ours: &Ours<'_>,
        zone: &TimeZone,
    ) -> Option<Self> {
        let french = self.without_english();
        if self.language != Language::Fr {
            return None;
        }
        let english = |used: &EntryUse| {
            find(replies, Language::En, &used.name()).filter(|entry| entry.id.language == Language::En)
        };
        let entries: Vec<&Entry> = self.entries.iter().filter_map(english).collect();
        if entries.is_empty() {
            return None;
        }
        let asked = Asked { language: Language::En, ..*asked };
        let beneath = from_entries(replies, &asked, &entries, ours, zone);
        let mut joined = french.clone();
        joined.open_fields.extend(beneath.open_fields);
        joined.sample |= beneath.sample;
        joined.english = beneath.entries;
        joined.adjustments.english = Some(reason.to_owned());
        Some(joined.with_body(&format!("{}\n{LINE}\n{}", french.body.trim_end(), beneath.body)))
    }

    /// The same letter in French alone.
    #[must_use]
    pub fn without_english(&self) -> Self {
        let mut french = self.clone();
        french.english.clear();
        if french.adjustments.english.take().is_none() {
            return french;
        }
        let body = self.body.split_once(LINE).map_or(self.body.as_str(), |(above, _)| above);
        french.with_body(&format!("{}\n", body.trim_end()))
    }
}

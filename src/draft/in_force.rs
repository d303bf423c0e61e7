//! Dates and texts: which wording of an entry holds on the day of the letter, and what became of one since.

use super::{EntryUse, find};
use crate::replies::{Entry, Replies};
use crate::wording::Language;
use jiff::civil::Date;

/// The entry called `slug` or `slug.variant` for a letter of `day`. A name without a variant means the
/// default; on a day on which that does not hold, another wording that does. So the next text can be laid
/// down beside the present one, and takes its place on its day.
#[must_use]
pub fn find_on<'a>(replies: &'a Replies, language: Language, name: &str, day: Date) -> Option<&'a Entry> {
    let found = find(replies, language, name)?;
    if name.contains('.') || found.is_effective_on(day) {
        return Some(found);
    }
    let mut wordings = replies.variants(found.id.language, &found.id.slug);
    Some(wordings.find(|entry| entry.is_effective_on(day)).unwrap_or(found))
}

impl EntryUse {
    /// What the library holds in its place now, in the letter's language where there is one.
    #[must_use]
    pub fn in_library<'a>(&self, replies: &'a Replies, language: Language) -> Option<&'a Entry> {
        let same = |entry: &&Entry| entry.id.slug.as_str() == self.slug && entry.id.variant == self.variant;
        let in_language = |entry: &&Entry| same(entry) && entry.id.language == language;
        replies.entries().find(in_language).or_else(|| replies.entries().find(same))
    }

    /// Whether it no longer holds on `day`: as the library says, or the draft where the text is gone.
    #[must_use]
    pub fn is_superseded_on(&self, replies: &Replies, language: Language, day: Date) -> bool {
        match self.in_library(replies, language) {
            Some(entry) => entry.is_superseded_on(day),
            None => self.superseded.is_some_and(|superseded| superseded <= day),
        }
    }

    /// Whether one of its two dates was reached after `from` and no later than `to`.
    #[must_use]
    pub fn passes_a_date(&self, replies: &Replies, language: Language, from: Date, to: Date) -> bool {
        let reached = |date: Date| from < date && date <= to;
        self.in_library(replies, language)
            .is_some_and(|entry| reached(entry.effective) || entry.superseded.is_some_and(reached))
    }
}

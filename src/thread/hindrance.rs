//! What stands against sending an approved letter, as texts and dates are now.
//!
//! Asked twice: by triage when a text, a day or a suspension changes, and by the outbox at release.

use super::{Approval, Suspensions, VoidReason};
use crate::draft::Draft;
use crate::replies::Replies;
use jiff::civil::Date;

/// Why an approved letter may not leave any more, if it may not.
#[must_use]
pub fn hindrance(
    draft: &Draft,
    approval: &Approval,
    replies: &Replies,
    suspensions: &Suspensions,
    today: Date,
) -> Option<VoidReason> {
    if draft.entries.iter().any(|used| suspensions.of(&used.slug).is_some()) {
        return Some(VoidReason::EntrySuspended);
    }
    let over = draft.entries.iter().any(|used| {
        used.is_superseded_on(replies, draft.language, today)
            && !approval.despite_superseded.contains(&used.slug)
    });
    if over {
        return Some(VoidReason::EntrySuperseded);
    }
    let as_approved = draft.entries.iter().all(|used| {
        let now = used.in_library(replies, draft.language).map(|entry| entry.digest().to_owned());
        let seen = approval.changed.iter().find(|changed| changed.entry == used.name());
        used.is_current(replies) || seen.is_some_and(|changed| changed.digest == now)
    });
    (!as_approved).then_some(VoidReason::RepliesChanged)
}

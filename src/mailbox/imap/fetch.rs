//! Messages after a cursor: sizes and dates first, then the bodies (by [`super::bodies`]),
//! bounded in number and bytes.
//!
//! Promises: nothing is marked as read (BODY.PEEK in a folder opened by EXAMINE); the
//! cursor never passes a message that exists and was not handed over.

use super::session::{Again, Open, Session};
use crate::mailbox::fault::Fault;
use crate::mailbox::terms::{After, Batch, Fetched, Limit, Mark, Reset, ResetWhy, UidCursor};
use async_imap::imap_proto::{AttributeValue, Response};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// How far back a second reading goes: what is older was answered, or never will be.
const WINDOW: SignedDuration = SignedDuration::from_hours(60 * 24);
/// UIDs asked about at once in a folder of more messages than that: it bounds the memory.
const WIDEST: u32 = 100_000;

/// What is known of a message before its body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meta {
    pub(super) uid: u32,
    pub(super) size: u64,
    pub(super) received: Timestamp,
}

/// From where to where a folder is read.
#[derive(Debug, Clone, Copy)]
struct Span {
    uid_validity: u32,
    from: u32,
    /// UIDNEXT: the first that is not read.
    until: u32,
    reset: Option<Reset>,
}

impl Session {
    /// The next messages of `folder` after the cursor.
    ///
    /// # Errors
    /// Any [`Fault`]; nothing of this batch counts then.
    pub(in crate::mailbox) async fn fetch(
        &mut self,
        folder: &str,
        after: &After<'_>,
        limit: &Limit,
    ) -> Result<Batch, Fault> {
        let open = self.opened(folder, after.cursor).await?;
        let span = self.span(&open, after.cursor);
        let (metas, mut next) = self.metas(&span, open.exists, limit).await?;

        let wanted = metas.iter().filter(|meta| span.reset.is_none_or(|reset| meta.received >= reset.since));
        let (mut chosen, mut bytes) = (Vec::new(), 0_u64);
        for meta in wanted {
            if !chosen.is_empty() && (chosen.len() >= limit.messages || bytes + meta.size > limit.bytes) {
                next = meta.uid;
                break;
            }
            bytes += meta.size;
            chosen.push(*meta);
        }
        let uid_validity = span.uid_validity;
        let messages = self
            .bodies(&chosen)
            .await?
            .into_iter()
            .map(|(Meta { uid, size, received }, content)| Fetched {
                mark: Mark::Uid { uid_validity, uid },
                received,
                size,
                content,
            })
            .collect();

        let more = next < span.until;
        let mut cursor = Some(UidCursor { uid_validity: span.uid_validity, next_uid: next });
        if let Some(reset) = span.reset {
            if more {
                // Only this session knows what a second reading leaves out; the stored
                // cursor waits for its end.
                let again = Again { uid_validity: span.uid_validity, next_uid: next, reset };
                self.again.insert(folder.to_owned(), again);
                cursor = None;
            } else {
                self.again.remove(folder);
            }
        }
        self.read_to.insert(folder.to_owned(), next);
        // UIDs have gaps, so the rest of them is too many by itself.
        let left = span.until.saturating_sub(next).min(open.exists.max(1));
        Ok(Batch { messages, left: left as usize, cursor, reset: span.reset })
    }

    /// The folder, opened; anew unless there is known to be more than was read.
    async fn opened(&mut self, folder: &str, cursor: Option<UidCursor>) -> Result<Open, Fault> {
        let read_to = match (self.again.get(folder), cursor) {
            (Some(again), _) => Some((again.uid_validity, again.next_uid)),
            (None, Some(cursor)) => Some((cursor.uid_validity, cursor.next_uid)),
            (None, None) => None,
        };
        if let (Some(open), Some((uid_validity, next_uid))) = (&self.open, read_to)
            && open.folder == folder
            && open.uid_validity == uid_validity
            && next_uid < open.uid_next
        {
            return Ok(open.clone());
        }
        self.examine(folder).await
    }

    fn span(&self, open: &Open, cursor: Option<UidCursor>) -> Span {
        let Open { uid_validity, uid_next: until, .. } = *open;
        let span = |from, reset| Span { uid_validity, from, until, reset };
        let again = self.again.get(&open.folder).filter(|again| again.uid_validity == uid_validity);
        if let Some(again) = again.filter(|again| again.next_uid <= until) {
            return span(again.next_uid, Some(again.reset));
        }
        let since = self.setup.clock.now().checked_sub(WINDOW).unwrap_or(Timestamp::MIN);
        let from_start = |why| span(1, Some(Reset { why, since }));
        match cursor {
            None => span(1, None),
            Some(cursor) if cursor.uid_validity != uid_validity => from_start(ResetWhy::UidValidity),
            Some(cursor) if cursor.next_uid > until => from_start(ResetWhy::UidNext),
            Some(cursor) => span(cursor.next_uid, None),
        }
    }

    /// Sizes and dates of the next messages, by UID, and the first UID that was not asked about.
    async fn metas(&mut self, span: &Span, exists: u32, limit: &Limit) -> Result<(Vec<Meta>, u32), Fault> {
        let (mut metas, mut from) = (Vec::new(), span.from.max(1));
        if exists == 0 {
            return Ok((metas, span.until.max(from)));
        }
        let widest = if exists > WIDEST { WIDEST } else { u32::MAX };
        let mut width = u32::try_from(limit.messages).unwrap_or(WIDEST).clamp(1, WIDEST);
        while from < span.until && metas.len() < limit.messages {
            let last = from.saturating_add(width - 1).min(span.until - 1);
            let found = self.sizes_and_dates(from, last).await?;
            // Where many messages were removed, UIDs are rare.
            if found.len() < width as usize / 2 {
                width = width.saturating_mul(2).min(widest);
            }
            metas.extend(found);
            from = last + 1;
        }
        Ok((metas, from))
    }

    pub(super) async fn sizes_and_dates(&mut self, first: u32, last: u32) -> Result<Vec<Meta>, Fault> {
        let mut found: BTreeMap<u32, (Option<u64>, Option<Timestamp>)> = BTreeMap::new();
        let take = |response: &Response<'_>| {
            let Response::Fetch(_, attributes) = response else { return false };
            // A range that ends beyond the last message brings that one all the same.
            let Some(uid) = uid(attributes).filter(|uid| (first..=last).contains(uid)) else { return false };
            let entry = found.entry(uid).or_default();
            for attribute in attributes {
                match attribute {
                    AttributeValue::Rfc822Size(size) => entry.0 = Some(u64::from(*size)),
                    AttributeValue::InternalDate(date) => entry.1 = internal_date(date),
                    _ => {}
                }
            }
            true
        };
        let command = format!("UID FETCH {first}:{last} (UID RFC822.SIZE INTERNALDATE)");
        self.wire.run(&command, self.setup.times.command, take).await?.ok("UID FETCH")?;
        let now = self.setup.clock.now();
        Ok(found
            .into_iter()
            // Without its size it is news of another kind: somebody changed a flag.
            .filter_map(|(uid, (size, received))| {
                Some(Meta { uid, size: size?, received: received.unwrap_or(now) })
            })
            .collect())
    }
}

/// The UID that a FETCH response is about.
pub(super) fn uid(attributes: &[AttributeValue<'_>]) -> Option<u32> {
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    })
}

/// INTERNALDATE: ` 5-Mar-2025 10:06:00 -0500`.
fn internal_date(text: &str) -> Option<Timestamp> {
    let time = jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?;
    time.to_timestamp().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_dates_have_a_space_before_single_digits() {
        let date = internal_date(" 5-Mar-2025 10:06:00 -0500").unwrap();
        assert_eq!(date.to_string(), "2025-03-05T15:06:00Z");
        assert!(internal_date("25-Mar-2025 16:17:00 -0400").is_some());
        assert!(internal_date("32-Mar-2025 16:17:00 -0400").is_none());
        assert!(internal_date("25-Mars-2025").is_none());
    }
}

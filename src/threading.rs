//! Which thread a message joins, and when a person must confirm it.
//!
//! A message belongs with every thread that shares an id with it (its Message-ID,
//! In-Reply-To or References; RFC 5322, 3.6.4), whatever came first, ids that never
//! arrived included. But only within one correspondent: an id is no secret once mail
//! is forwarded, so a header that points to somebody else's thread is a proposal.
//! A subject never joins anything.

use crate::message::{Message, MessageId};

/// A thread that shares an id with the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<'a> {
    /// Its number.
    pub thread: u64,
    /// The key of the side that it is with.
    pub counterpart: &'a str,
    /// Whether only mail of ours is known of it; such mail reveals nobody's question.
    pub outgoing_only: bool,
    /// Whether that mail of ours answers, or passes on, the very message that is placed.
    pub cites_it: bool,
}

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Placement {
    /// The threads that it joins into one, lowest number first; empty: it begins a thread.
    pub joins: Vec<u64>,
    /// Threads of other correspondents that its headers point to.
    pub proposes: Vec<u64>,
}

/// Places a message from the side `counterpart`.
#[must_use]
pub fn place(known: &[Known<'_>], counterpart: &str) -> Placement {
    let mut placement = Placement::default();
    for thread in known {
        if thread.counterpart == counterpart || (thread.outgoing_only && thread.cites_it) {
            placement.joins.push(thread.thread);
        } else if !thread.outgoing_only {
            placement.proposes.push(thread.thread);
        }
    }
    placement.joins.sort_unstable();
    placement.proposes.sort_unstable();
    placement
}

/// Every id by which a message may meet others: its own, then those it cites.
pub fn ids(message: &Message) -> impl Iterator<Item = &MessageId> {
    std::iter::once(&message.id).chain(&message.references).chain(&message.in_reply_to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ones_own_threads_are_joined() {
        let known = |thread, counterpart, outgoing_only, cites_it| Known {
            thread,
            counterpart,
            outgoing_only,
            cites_it,
        };
        let known = [
            known(7, "domain:a.example", false, false),
            known(3, "domain:b.example", false, false),
            known(5, "domain:a.example", false, false),
            known(9, "domain:c.example", true, true),
            known(8, "domain:d.example", true, false),
        ];
        let placement = place(&known, "domain:a.example");
        assert_eq!(placement, Placement { joins: vec![5, 7, 9], proposes: vec![3] });
    }
}

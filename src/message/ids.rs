//! Message ids out of Message-ID, In-Reply-To and References (RFC 5322, 3.6.4).
//!
//! References arrive cut, folded inside an id, thousands long, with cycles: what comes
//! out here is sound, without repeats, and bounded.

use super::MessageId;
use std::collections::BTreeSet;

/// In-Reply-To and References together.
pub(super) const MAX_IDS: usize = 100;

/// Every sound id in a field's value, in order, repeats included.
///
/// White space inside the brackets comes from folding and is taken out. Without a
/// single bracket the words that look like ids count.
#[must_use]
pub fn ids_in(value: &str) -> Vec<MessageId> {
    if !value.contains('<') {
        return value.split([' ', ',', ';', '\t']).filter_map(MessageId::parse).collect();
    }
    // Each `<` starts anew, so an id that was cut off does not swallow the next.
    value
        .split('<')
        .skip(1)
        .filter_map(|piece| piece.split_once('>'))
        .filter_map(|(inner, _)| {
            // Far longer than any id: not worth taking apart.
            let inner = inner.get(..1_000).unwrap_or(inner);
            MessageId::parse(&inner.split_whitespace().collect::<String>())
        })
        .collect()
}

/// In-Reply-To and References without repeats and without `own`; of too many the first
/// (the root) and the newest stay. The flag says whether some were left out.
pub(super) fn related(
    own: &MessageId,
    in_reply_to: &[&str],
    references: &[&str],
) -> (Vec<MessageId>, Vec<MessageId>, bool) {
    let gather = |values: &[&str]| {
        let mut seen = BTreeSet::from([own.clone()]);
        let mut ids: Vec<MessageId> = values.iter().flat_map(|value| ids_in(value)).collect();
        ids.retain(|id| seen.insert(id.clone()));
        ids
    };
    let mut parents = gather(in_reply_to);
    let mut older = gather(references);
    let mut too_much = parents.len() > MAX_IDS / 2;
    parents.truncate(MAX_IDS / 2);
    let room = MAX_IDS - parents.len();
    if older.len() > room {
        too_much = true;
        older.drain(1..older.len() - (room - 1));
    }
    (parents, older, too_much)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(ids: &[MessageId]) -> Vec<&str> {
        ids.iter().map(MessageId::as_str).collect()
    }

    #[test]
    fn ids_are_found_in_disorder() {
        assert_eq!(plain(&ids_in("<a@b> <c@ d>(comment)<e@f")), ["a@b", "c@d"]);
        assert_eq!(plain(&ids_in("a@b, c@d")), ["a@b", "c@d"]);
        assert_eq!(plain(&ids_in("<cut@here <whole@b>")), ["whole@b"]);
        assert!(ids_in("<@b> <a@> <a b> Message of Tuesday").is_empty());
    }

    #[test]
    fn repeats_self_and_crowds_are_dropped() {
        let own = MessageId::parse("<own@x>").unwrap();
        let many: String = (0..5_000).map(|n| format!("<{n}@x> <own@x> <0@x>")).collect();
        let (parents, older, too_much) = related(&own, &["<p@x> <own@x>"], &[&many]);
        assert_eq!(plain(&parents), ["p@x"]);
        assert_eq!(older.len(), 99);
        assert_eq!(older.first().map(MessageId::as_str), Some("0@x"));
        assert_eq!(older.last().map(MessageId::as_str), Some("4999@x"));
        assert!(too_much);
    }
}

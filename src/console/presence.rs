//! Who looks at a thread right now, or writes in it. Volatile: it decides nothing.

use crate::thread::ThreadId;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Whoever was not heard of for so long is gone: an open page is heard of more often.
const GONE: Duration = Duration::from_secs(45);

/// What somebody does with a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// Reads it.
    Reading,
    /// Has its text open.
    Writing,
}

/// Who does what, and when it was last heard of.
#[derive(Debug, Default)]
pub(super) struct Presence(Mutex<BTreeMap<(ThreadId, String), (Doing, Instant)>>);

impl Presence {
    /// Notes what somebody does; and says who else is there, by name.
    pub fn note(&self, id: ThreadId, name: &str, doing: Doing) -> Vec<(String, Doing)> {
        let now = Instant::now();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (_, heard)| now.duration_since(*heard) < GONE);
        all.insert((id, name.to_owned()), (doing, now));
        let here = all.range((id, String::new())..).take_while(|((of, _), _)| *of == id);
        here.filter(|((_, who), _)| who != name).map(|((_, who), (doing, _))| (who.clone(), *doing)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_seen_on_the_same_thread_only() {
        let presence = Presence::default();
        assert_eq!(presence.note(1, "Ana", Doing::Reading), []);
        assert_eq!(presence.note(2, "Bob", Doing::Reading), []);
        assert_eq!(presence.note(1, "Bob", Doing::Writing), [("Ana".to_owned(), Doing::Reading)]);
        assert_eq!(presence.note(1, "Ana", Doing::Writing), [("Bob".to_owned(), Doing::Writing)]);
        assert_eq!(presence.note(10, "Ana", Doing::Reading), []);
    }
}

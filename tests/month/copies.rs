//! A copy in Sent is filed once, wherever a kill falls.

use crate::parts::{Learned, Parts};
use crate::time::{BEGIN, timestamp};
use crate::truth::SURE;
use crate::world::asks;

#[test]
fn an_append_that_a_kill_cut_off_is_not_repeated_before_sent_was_read() {
    let learned = Learned::new();
    let mut parts = Parts::new(&learned, timestamp(BEGIN));
    parts.deliver(
        &asks("q@asker.example", "p@organisme.example", "Référence", &[], SURE[0]),
        timestamp(BEGIN),
    );
    parts.turn();
    parts.approve(1, "Marie Tremblay").unwrap();
    parts.turn();
    // Sent was read since the letter left, and so its copy is filed; the kill falls before that is noted.
    parts.clock.set(timestamp(BEGIN + 60));
    parts.read();
    let letter = String::from_utf8(parts.letters().remove(0)).unwrap();
    parts.send_by_hand(&letter, timestamp(BEGIN + 60));
    parts.clock.set(timestamp(BEGIN + 120));
    let mut parts = parts.restart(&learned);
    assert_eq!(parts.file_copies(), 0, "nobody has looked whether the copy is there");
    parts.clock.set(timestamp(BEGIN + 180));
    parts.turn();
    assert_eq!(parts.file_copies(), 0);
    assert!(parts.thread(1).sent[0].copy_filed, "the one that is there was found");
}

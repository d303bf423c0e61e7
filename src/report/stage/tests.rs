//! Stages, pauses and days, by a fixed clock; and what holds for all of them.

use super::*;
use crate::calendar::{Calendar, DEFAULT};
use crate::report::question::ResponseTime;
use crate::report::tests::{at, question, thread};
use proptest::prelude::*;
use serde_json::json;

fn line(question: Question) -> ResponseTime {
    let calendar = Calendar::parse(DEFAULT).unwrap();
    let target = crate::config::Target::default();
    ResponseTime::of_thread(&thread(vec![question]), &[], &calendar, &target).remove(0).unwrap()
}

/// Each stage with its minutes by the wall and by business hours.
fn minutes(line: &ResponseTime) -> Vec<(Stage, u64, u64)> {
    let minutes = |of: &StageTime| (of.stage, of.taken.wall_seconds / 60, of.taken.business_seconds / 60);
    line.stages.iter().map(minutes).collect()
}

fn answer(at_: &str, channel: &str) -> serde_json::Value {
    json!({ "at": at(at_), "channel": channel })
}

#[test]
fn a_letter_went_through_every_stage() {
    let line = line(question(json!({
        "received": at("2025-03-25 10:00"), "drafted": at("2025-03-25 10:01"),
        "claimed": at("2025-03-25 11:00"), "opinion_asked": at("2025-03-25 11:30"),
        "opinion_received": at("2025-03-26 09:00"), "approved": at("2025-03-26 09:20"),
        "signed": at("2025-03-26 10:00"), "answer": answer("2025-03-26 10:01", "inside"),
    })));
    let expected = [
        (Stage::Draft, 1, 1),
        (Stage::Claim, 59, 59),
        (Stage::Writing, 30 + 20, 30 + 20),
        (Stage::Opinion, 21 * 60 + 30, 5 * 60 + 30),
        (Stage::Signature, 40, 40),
        (Stage::Delivery, 1, 1),
    ];
    assert_eq!(minutes(&line), expected);
    assert_eq!((line.business_days, line.is_within()), (Some(1), Some(true)));
}

#[test]
fn whoever_approves_without_a_claim_takes_it_in_hand_by_that() {
    let line = line(question(json!({
        "received": at("2025-03-25 10:00"), "drafted": at("2025-03-25 10:01"),
        "approved": at("2025-03-25 12:01"), "answer": answer("2025-03-25 12:02", "inside"),
    })));
    let expected =
        [(Stage::Draft, 1, 1), (Stage::Claim, 120, 120), (Stage::Writing, 0, 0), (Stage::Delivery, 1, 1)];
    assert_eq!(minutes(&line), expected);
}

#[test]
fn whoever_asks_for_an_opinion_has_it_in_hand() {
    let line = line(question(json!({
        "received": at("2025-03-25 10:00"), "drafted": at("2025-03-25 10:01"),
        "opinion_asked": at("2025-03-25 11:01"), "opinion_received": at("2025-03-25 14:01"),
        "claimed": at("2025-03-25 14:30"), "approved": at("2025-03-25 15:01"),
        "answer": answer("2025-03-25 15:02", "inside"),
    })));
    let expected = [
        (Stage::Draft, 1, 1),
        (Stage::Claim, 60, 60),
        (Stage::Writing, 60, 60),
        (Stage::Opinion, 180, 180),
        (Stage::Delivery, 1, 1),
    ];
    assert_eq!(minutes(&line), expected);
}

#[test]
fn what_was_answered_elsewhere_says_so() {
    let line = line(question(json!({
        "received": at("2025-03-25 10:00"), "drafted": at("2025-03-25 10:01"),
        "approved": at("2025-03-25 10:30"), "answer": answer("2025-03-25 11:01", "telephone"),
    })));
    assert_eq!(minutes(&line), [(Stage::Draft, 1, 1), (Stage::Elsewhere, 60, 60)]);
}

#[test]
fn the_clock_stands_still_while_the_asker_owes_us_something() {
    let line = line(question(json!({
        "received": at("2025-03-24 10:00"), "claimed": at("2025-03-24 11:00"),
        "approved": at("2025-03-28 10:00"), "answer": answer("2025-03-28 10:00", "inside"),
        "pauses": [{ "from": at("2025-03-24 15:00"), "to": at("2025-03-28 09:00"), "reason": "numéro" }],
    })));
    // Tuesday, Wednesday and Thursday count for nobody.
    assert_eq!(line.business_days, Some(1));
    assert_eq!(line.wall_seconds, Some(6 * 3600));
    assert_eq!(line.business_seconds, Some(6 * 3600));
    assert_eq!(line.paused_seconds, (4 * 24 - 6) * 3600);
}

#[test]
fn a_clock_that_stands_still_makes_no_question_late_by_day() {
    let asked = question(json!({
        "received": at("2025-03-24 10:00"),
        "pauses": [{ "from": at("2025-03-25 15:00"), "to": null, "reason": "numéro" }],
    }));
    // The day on which it was stopped counts; no hour of the days after it.
    for now in ["2025-03-25 16:00", "2025-03-27 07:00", "2025-03-27 12:00", "2025-03-27 20:00"] {
        let mut line = line(asked.clone());
        line.grow_older(&Calendar::parse(DEFAULT).unwrap(), at(now));
        assert_eq!(line.age.unwrap().business_days, 1, "{now}");
    }
}

#[test]
fn a_change_of_the_clock_and_of_the_year_cost_nothing() {
    // Friday to Monday over the spring change: an hour less by the wall.
    let spring = line(question(json!({
        "received": at("2025-03-07 16:00"), "answer": answer("2025-03-10 09:00", "outside"),
    })));
    assert_eq!((spring.wall_seconds, spring.business_seconds), (Some(64 * 3600), Some(3600)));
    let autumn = line(question(json!({
        "received": at("2025-10-31 16:00"), "answer": answer("2025-11-03 09:00", "outside"),
    })));
    assert_eq!((autumn.wall_seconds, autumn.business_seconds), (Some(66 * 3600), Some(3600)));
    // 31 December, 1 and 2 January are off, then a weekend.
    let year = line(question(json!({
        "received": at("2025-12-30 16:00"), "answer": answer("2026-01-05 09:00", "outside"),
    })));
    assert_eq!((year.business_seconds, year.business_days), (Some(3600), Some(1)));
    assert!(!year.confirmed, "nobody has confirmed 2026");
}

proptest! {
    /// Milestones in any order, pauses anywhere: the stages add up, and business time is no longer than wall time.
    #[test]
    fn stages_add_up_to_the_whole(
        minutes in prop::collection::vec(0_i64..60_000, 7),
        pauses in prop::collection::vec((0_i64..60_000, 0_i64..5_000), 0..4),
        present in prop::collection::vec(any::<bool>(), 6),
        inside in any::<bool>(),
        late in any::<bool>(),
    ) {
        // From the first days of the calendar, or up to the last one of them.
        let start = at(if late { "2027-11-19 09:17" } else { "2025-02-27 09:17" });
        let moment = |minutes: i64| start + jiff::SignedDuration::from_secs(minutes * 61);
        let maybe = |place: usize| present[place].then(|| moment(minutes[place]));
        let mut sorted = pauses;
        sorted.sort_unstable();
        // As the journal makes them: one ends before the next begins.
        let mut pauses = Vec::new();
        let mut free = 0;
        for (from, long) in sorted {
            let from = from.max(free);
            free = from + long;
            pauses.push(json!({ "from": moment(from), "to": moment(free), "reason": "" }));
        }
        let line = line(question(json!({
            "received": start, "drafted": maybe(0), "claimed": maybe(1), "opinion_asked": maybe(2),
            "opinion_received": maybe(3), "approved": maybe(4), "signed": maybe(5), "pauses": pauses,
            "answer": { "at": moment(minutes[6]), "channel": if inside { "inside" } else { "meeting" } },
        })));
        let sum = |of: fn(&Taken) -> u64| line.stages.iter().map(|stage| of(&stage.taken)).sum::<u64>();
        prop_assert_eq!(Some(sum(|taken| taken.wall_seconds)), line.wall_seconds);
        prop_assert_eq!(Some(sum(|taken| taken.business_seconds)), line.business_seconds);
        prop_assert!(line.business_seconds <= line.wall_seconds);
        // At least one stage ended, and the last one is the answer's.
        let last = line.stages.last().unwrap().stage;
        prop_assert_eq!(last, if inside { Stage::Delivery } else { Stage::Elsewhere });
    }
}

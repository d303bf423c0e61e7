//! The page of `/metrics`, in version 0.0.4 of the text format of Prometheus. Its names and labels are
//! words of ours; nothing of a mail stands in it.

use super::{ERRORS, WARNINGS};
use crate::calendar::wall;
use crate::classify::Level;
use crate::report::{BOUNDS, Histogram, Report, Vitals};
use crate::review::{Desk, Refusal};
use crate::thread::State;
use crate::wording::key;
use std::fmt::{Display, Write as _};
use std::sync::atomic::Ordering;

/// States in which somebody, or something, is waited for.
const WAITING: [State; 8] = [
    State::New,
    State::ToReview,
    State::ToSign,
    State::Approved,
    State::Sending,
    State::AwaitingAsker,
    State::Uncertain,
    State::Failed,
];

/// Ages of open questions, in business days: the last day of each band, and its label.
const AGES: [(u32, &str); 6] = [(0, "0"), (1, "1"), (2, "2"), (5, "3-5"), (10, "6-10"), (u32::MAX, "more")];

/// A page being written.
#[derive(Default)]
struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing into memory does not fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &str, value: impl Display) {
        let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    fn single(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.family(name, kind, help);
        self.sample(name, "", value);
    }

    fn histogram(&mut self, name: &str, labels: &str, of: &Histogram) {
        let comma = if labels.is_empty() { "" } else { "," };
        for (bound, count) in BOUNDS.iter().zip(of.buckets) {
            self.sample(&format!("{name}_bucket"), &format!("{labels}{comma}le=\"{bound}\""), count);
        }
        self.sample(&format!("{name}_bucket"), &format!("{labels}{comma}le=\"+Inf\""), of.count);
        self.sample(&format!("{name}_sum"), labels, of.sum);
        self.sample(&format!("{name}_count"), labels, of.count);
    }
}

/// Everything, as it stands now.
pub(super) fn page(desk: &Desk, report: &Report) -> Result<String, Refusal> {
    let mut page = Page::default();
    page.family("greffier_build_info", "gauge", "The version that runs.");
    page.sample("greffier_build_info", &format!("version=\"{}\"", env!("CARGO_PKG_VERSION")), 1);
    queue(&mut page, desk)?;
    vitals(&mut page, &report.vitals()?);
    page.family("greffier_log_lines_total", "counter", "Warnings and errors that this process has logged.");
    for (level, count) in [("warn", &WARNINGS), ("error", &ERRORS)] {
        let count = count.load(Ordering::Relaxed);
        page.sample("greffier_log_lines_total", &format!("level=\"{level}\""), count);
    }
    Ok(page.0)
}

fn queue(page: &mut Page, desk: &Desk) -> Result<(), Refusal> {
    let now = desk.journal.clock().now();
    let standing = desk.standing()?;
    page.family("greffier_threads", "gauge", "Threads by state.");
    for (state, count) in &standing.states {
        page.sample("greffier_threads", &format!("state=\"{state}\""), count);
    }
    let oldest = "greffier_oldest_thread_seconds";
    page.family(oldest, "gauge", "Time since the first mail of the oldest thread in a state.");
    for state in WAITING {
        let received = desk.threads(Some(state))?.into_iter().map(|summary| summary.received).min();
        let age = received.map_or(0, |received| wall(received, now).as_secs());
        page.sample(oldest, &format!("state=\"{state}\""), age);
    }
    page.single("greffier_events_total", "counter", "Events in the journal.", standing.events);
    let reachable = u8::from(standing.mailbox_lost.is_none());
    page.single("greffier_mailbox_reachable", "gauge", "Whether the mailbox is within reach.", reachable);
    if let Some(read) = standing.last_reading {
        let name = "greffier_mailbox_last_reading_timestamp_seconds";
        page.single(name, "gauge", "When the last complete reading of the mailbox began.", read.as_second());
    }
    let owed = standing.copies_owed;
    page.single("greffier_outbox_copies_owed", "gauge", "Threads of whose letters Sent lacks a copy.", owed);
    Ok(())
}

fn vitals(page: &mut Page, vitals: &Vitals) {
    let name = "greffier_questions";
    page.family(name, "gauge", "Questions by how sure the classifier was; none yet: unread.");
    for level in [Some(Level::Sure), Some(Level::Unsure), Some(Level::None), None] {
        let label = level.map_or_else(|| "unread".to_owned(), |level| key(&level));
        let count = vitals.levels.get(&level).copied().unwrap_or_default();
        page.sample(name, &format!("level=\"{label}\""), count);
    }
    let name = "greffier_open_questions";
    page.family(name, "gauge", "Open questions by business days since receipt, pauses left out.");
    let mut first = 0;
    for (last, label) in AGES {
        let count: u64 = vitals.open.range(first..=last).map(|(_, count)| count).sum();
        page.sample(name, &format!("business_days=\"{label}\""), count);
        first = last.saturating_add(1);
    }
    let help = "Open questions past their target.";
    page.single("greffier_overdue_questions", "gauge", help, vitals.overdue);
    let help = "Questions without durations and age: they touch a year that the calendar does not list.";
    page.single("greffier_beyond_calendar_questions", "gauge", help, vitals.beyond);
    let name = "greffier_answer_seconds";
    page.family(name, "histogram", "Wall time of the answers given since the start, pauses left out.");
    page.histogram(name, "", &vitals.answers.wall);
    let name = "greffier_answer_business_seconds";
    page.family(name, "histogram", "Business time of the answers given since the start, pauses left out.");
    page.histogram(name, "", &vitals.answers.business);
    let name = "greffier_stage_seconds";
    page.family(name, "histogram", "Wall time of each stage of the same answers, pauses left out.");
    for (stage, of) in &vitals.answers.stages {
        page.histogram(name, &format!("stage=\"{}\"", stage.key()), of);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_ends_with_all_of_them() {
        let mut of = Histogram { count: 3, sum: 1_000_100, ..Histogram::default() };
        of.buckets[2] = 2;
        let mut page = Page::default();
        page.histogram("h", "stage=\"claim\"", &of);
        let lines: Vec<&str> = page.0.lines().collect();
        assert_eq!(lines.len(), BOUNDS.len() + 3);
        assert_eq!(lines[2], "h_bucket{stage=\"claim\",le=\"60\"} 2");
        assert_eq!(
            lines[BOUNDS.len()..],
            [
                "h_bucket{stage=\"claim\",le=\"+Inf\"} 3",
                "h_sum{stage=\"claim\"} 1000100",
                "h_count{stage=\"claim\"} 3",
            ]
        );
    }

    #[test]
    fn every_age_has_one_band() {
        let vitals = Vitals { open: (0..20).map(|days| (days, 1)).collect(), ..Vitals::default() };
        let mut page = Page::default();
        super::vitals(&mut page, &vitals);
        let of = |label: &str| {
            let start = format!("greffier_open_questions{{business_days=\"{label}\"}} ");
            page.0.lines().find_map(|line| line.strip_prefix(&start)).unwrap().parse::<u64>().unwrap()
        };
        assert_eq!(AGES.map(|(_, label)| of(label)), [1, 1, 1, 3, 5, 9]);
    }
}

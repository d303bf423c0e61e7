//! Response times from the command line: lists, figures, files, the log, and the figures for a monitor.

use crate::desk::{Desk, UNTIL_WHEN, question};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

const TIMES: [&str; 2] = ["report", "response-times"];

fn answered() -> Desk {
    let mut desk = Desk::new();
    desk.deliver(&question(
        "q1@cegep.example",
        "Anne Roy <anne.roy@cegep.example>",
        "Suspension",
        UNTIL_WHEN,
    ));
    desk.once();
    desk.approve(1);
    desk.once();
    desk
}

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&TIMES[..], more].concat()
}

/// The day on which the question was received, in the calendar's zone: today's, whatever its Date says.
fn day(desk: &Desk) -> jiff::civil::Date {
    let line = &desk.json(&with(&["--format", "json"]))[0];
    let received: jiff::Timestamp = line["received"].as_str().unwrap().parse().unwrap();
    received.to_zoned_datetime(jiff::tz::TimeZone::get("America/Toronto").unwrap()).date()
}

/// The years of the shipped calendar, all of them confirmed.
fn confirm_calendar(desk: &Desk) {
    let shipped = include_str!("../../config/calendar.toml").replace("confirmed = false", "confirmed = true");
    fs::write(desk.path("calendar.toml"), shipped).unwrap();
}

#[test]
fn lists_say_what_they_rest_on_and_figures_refuse_it() {
    let desk = answered();
    let line = &desk.json(&with(&["--format", "json"]))[0];
    // Asked and answered now, in a year that the shipped calendar does not confirm.
    assert_eq!(line["confirmed"], false);
    let sum: u64 =
        line["stages"].as_array().unwrap().iter().map(|of| of["wall_seconds"].as_u64().unwrap()).sum();
    assert_eq!(Some(sum), line["wall_seconds"].as_u64(), "{line}");
    let refused = desk.refused(2, &with(&["--by", "month"]));
    assert!(refused.contains("--provisional"), "{refused}");
    assert_eq!(
        desk.json(&with(&["--by", "month", "--provisional", "--format", "json"]))[0]["group"],
        day(&desk).strftime("%Y-%m").to_string()
    );
    confirm_calendar(&desk);
    let months = desk.json(&with(&["--by", "month", "--format", "json"]));
    assert_eq!((months.len(), &months[0]["count"]), (1, &serde_json::json!(1)));
    assert!(months[0]["business_median"].as_u64().is_some());
    // As of a moment before the answer nothing was there.
    assert!(desk.json(&with(&["--as-of", "2025-03-24T00:00:00Z", "--format", "json"])).is_empty());
    assert_eq!(
        desk.json(&with(&["--format", "json", "--as-of", "2027-01-01T00:00:00Z"])),
        desk.json(&with(&["--format", "json"])),
        "the events alone say the same"
    );
}

#[test]
fn filters_and_groups_are_those_asked_for() {
    let desk = answered();
    confirm_calendar(&desk);
    let count = |more: &[&str]| desk.json(&[&with(&["--format", "json"])[..], more].concat()).len();
    assert_eq!(count(&["--entry", "duree-suspension"]), 1);
    assert_eq!(count(&["--entry", "contact"]), 0);
    assert_eq!(count(&["--organisation", "cegep.example"]), 1);
    let (day, before) = (day(&desk).to_string(), day(&desk).yesterday().unwrap().to_string());
    assert_eq!(count(&["--from", &day, "--to", &day]), 1, "both days are included");
    assert_eq!(count(&["--to", &before]), 0);
    for by in ["entry", "kind", "organisation", "day", "week", "month", "hour"] {
        assert_eq!(count(&["--by", by]), 1, "{by}");
    }
    assert!(desk.refused(2, &with(&["--by", "person"])).contains("by_person"));
    desk.edit_config("[replies]", "[report]\nby_person = true\n[replies]");
    assert_eq!(count(&["--by", "person"]), 1);
}

#[test]
fn files_are_for_excel() {
    let desk = answered();
    confirm_calendar(&desk);
    let csv = desk.path("délais.csv");
    desk.ok(&with(&["--format", "csv", "--output", csv.to_str().unwrap()]));
    let bytes = fs::read(&csv).unwrap();
    assert!(bytes.starts_with(b"\xEF\xBB\xBFfil;question;organisme;"));
    assert!(bytes.ends_with(b"\r\n"));
    let xlsx = desk.path("délais.xlsx");
    desk.ok(&with(&["--format", "xlsx", "--output", xlsx.to_str().unwrap()]));
    assert!(fs::read(&xlsx).unwrap().starts_with(b"PK"));
    assert!(desk.refused(2, &with(&["--format", "xlsx"])).contains("--output"));
}

#[test]
fn what_becomes_of_a_question_is_logged_once_and_names_nobody() {
    let desk = answered();
    let log = || fs::read_to_string(desk.path("data/response-times.log")).unwrap();
    let whole = log();
    let lines: Vec<serde_json::Value> =
        whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0]["what"].as_str(), lines[0]["thread"].as_u64()), (Some("answered"), Some(1)));
    assert_eq!(lines[0]["entry"], "duree-suspension");
    for secret in ["Anne", "cegep.example", "Suspension", "@"] {
        assert!(!whole.contains(secret), "{whole}");
    }
    desk.once();
    assert_eq!(log(), whole, "nothing new, nothing twice");
    desk.ok(&["reopen", "1", "--as", "Marie"]);
    desk.once();
    assert!(log().starts_with(&whole));
    let last: serde_json::Value = serde_json::from_str(log().lines().last().unwrap()).unwrap();
    assert_eq!((last["what"].as_str(), last["reopened"].as_u64()), (Some("reopened"), Some(1)));
}

fn get(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Starts the daemon with a door for a monitor, and waits until it is ready.
fn monitored(desk: &mut Desk) -> u16 {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    desk.edit_config("[replies]", &format!("[metrics]\nlisten = \"127.0.0.1:{port}\"\n[replies]"));
    started(desk, port);
    port
}

fn started(desk: &mut Desk, port: u16) {
    desk.start();
    desk.until("metrics listen", || TcpStream::connect(("127.0.0.1", port)).ok());
    assert!(get(port, "/healthz").starts_with("HTTP/1.1 200"));
    desk.until("ready", || get(port, "/readyz").starts_with("HTTP/1.1 200").then_some(()));
}

/// The value of a series.
fn sample(port: u16, series: &str) -> u64 {
    let page = get(port, "/metrics");
    let value = page.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    value.unwrap_or_else(|| panic!("no {series}\n{page}")).parse().unwrap()
}

#[test]
fn a_monitor_gets_its_figures() {
    let mut desk = answered();
    let port = monitored(&mut desk);
    let page = get(port, "/metrics");
    for line in [
        "greffier_threads{state=\"answered\"} 1",
        "greffier_questions{level=\"sure\"} 1",
        "greffier_beyond_calendar_questions 0",
        "greffier_stage_seconds_bucket{stage=\"delivery\",le=\"+Inf\"} 0",
        "greffier_mailbox_reachable 1",
    ] {
        assert!(page.lines().any(|of| of == line), "{line}\n{page}");
    }
    assert!(!page.contains("cegep"), "{page}");
    // The mailbox goes away: the process lives, and is not ready.
    fs::rename(desk.path("mail"), desk.path("gone")).unwrap();
    desk.until("not ready", || get(port, "/readyz").contains("\"mailbox\":false").then_some(()));
    assert!(get(port, "/healthz").starts_with("HTTP/1.1 200"));
}

#[test]
fn an_answer_is_measured_once_and_never_taken_back() {
    let mut desk = answered();
    let port = monitored(&mut desk);
    let counts = || {
        [
            "greffier_answer_seconds_count",
            "greffier_answer_business_seconds_bucket{le=\"+Inf\"}",
            "greffier_stage_seconds_count{stage=\"delivery\"}",
        ]
        .map(|series| sample(port, series))
    };
    assert_eq!(counts(), [0; 3], "what was answered before the start is not answered now");
    let ask = |id: &str| question(id, "Luc Roy <luc@ville.example>", "Suspension", UNTIL_WHEN);
    desk.deliver(&ask("q2@ville.example"));
    desk.until_state(2, "to-review");
    desk.approve(2);
    desk.until_state(2, "answered");
    assert_eq!(counts(), [1; 3]);
    // Neither what is undone nor what is put right makes a series fall, or counts again.
    desk.ok(&["reopen", "1", "--as", "Marie"]);
    assert_eq!(counts(), [1; 3]);
    desk.ok(&["received", "2", "--at", "2026-01-05T09:00", "--reason", "relais", "--as", "Marie"]);
    assert_eq!(counts(), [1; 3]);
    desk.ok(&["reopen", "2", "--as", "Marie"]);
    assert_eq!(counts(), [1; 3]);
    // Another process begins anew: less than before, so that a monitor sees a restart and adds nothing.
    desk.stop();
    started(&mut desk, port);
    assert_eq!(counts(), [0; 3]);
}

#[test]
fn a_question_older_than_the_calendar_takes_nothing_else_along() {
    let mut desk = answered();
    desk.ok(&["received", "1", "--at", "2024-11-15T10:00", "--reason", "relais", "--as", "Marie"]);
    let refused = desk.refused(2, &with(&["--format", "json"]));
    assert!(refused.contains("2024") && refused.contains("(--from 2025-01-01)"), "{refused}");
    assert!(desk.refused(2, &with(&["--by", "month"])).contains("(--from 2025-01-01)"));
    let lines = desk.json(&with(&["--from", "2025-01-01", "--format", "json"]));
    assert!(lines.is_empty(), "{lines:?}");
    desk.ok(&with(&["--by", "month", "--from", "2025-01-01"]));
    let port = monitored(&mut desk);
    assert_eq!(sample(port, "greffier_beyond_calendar_questions"), 1);
    assert_eq!(sample(port, "greffier_mailbox_reachable"), 1);
    // Open again, it has no age.
    desk.ok(&["reopen", "1", "--as", "Marie"]);
    assert_eq!(sample(port, "greffier_beyond_calendar_questions"), 1);
    assert_eq!(sample(port, "greffier_overdue_questions"), 0);
    assert!(desk.refused(2, &with(&["--by", "month"])).contains("(--from 2025-01-01)"));
}

#[test]
fn figures_are_for_this_machine_only() {
    let desk = Desk::new();
    desk.edit_config("[replies]", "[metrics]\nlisten = \"0.0.0.0:9187\"\n[replies]");
    assert!(desk.refused(2, &["check"]).contains("/metrics"));
}

//! Response times from the command line: lists, figures, files, the log, and the figures for a monitor.

use crate::desk::{Desk, UNTIL_WHEN, question};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

const TIMES: [&str; 2] = ["report", "response-times"];

fn asked() -> String {
    question("q1@cegep.example", "Anne Roy <anne.roy@cegep.example>", "Suspension", UNTIL_WHEN)
}

fn answered() -> Desk {
    let mut desk = Desk::new();
    desk.deliver(&asked());
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

fn this_year() -> i32 {
    jiff::Timestamp::now().strftime("%Y").to_string().parse().unwrap()
}

/// A calendar of last year, this one and the next, whenever that is; its years confirmed or not.
fn calendar(desk: &Desk, confirmed: bool) {
    calendar_from(desk, this_year() - 1, confirmed);
}

/// The same from an earlier year on.
fn calendar_from(desk: &Desk, first: i32, confirmed: bool) {
    let mut text = format!(
        "zone = \"America/Toronto\"\n[[hours]]\nfrom = {}-01-01\nstart = \"08:30\"\nend = \"16:30\"\n\
         days = [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\"]\n",
        first
    );
    for year in first..=this_year() + 1 {
        text += &format!("[[year]]\nyear = {year}\nconfirmed = {confirmed}\n");
    }
    fs::write(desk.path("calendar.toml"), text).unwrap();
}

fn confirm_calendar(desk: &Desk) {
    calendar(desk, true);
}

#[test]
fn lists_say_what_they_rest_on_and_figures_refuse_it() {
    let desk = answered();
    calendar(&desk, false);
    let line = &desk.json(&with(&["--format", "json"]))[0];
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
}

#[test]
fn as_of_a_moment_nothing_is_known_of_what_came_later() {
    let mut desk = Desk::new();
    confirm_calendar(&desk);
    let before = jiff::Timestamp::now().to_string();
    desk.deliver(&asked());
    desk.once();
    let drafted = jiff::Timestamp::now().to_string();
    desk.approve(1);
    desk.once();
    desk.deliver(&question("q2@ville.example", "Luc Roy <luc@ville.example>", "Suspension", UNTIL_WHEN));
    desk.once();
    let as_of = |moment: &str| desk.json(&with(&["--format", "json", "--as-of", moment]));
    assert!(as_of(&before).is_empty());
    let then = as_of(&drafted);
    assert_eq!(then.len(), 1, "{then:?}");
    assert!(then[0]["drafted"].is_string() && then[0]["age"].is_object(), "{then:?}");
    for later in ["approved", "handed_over", "answered", "wall_seconds"] {
        assert!(then[0][later].is_null(), "{later}: {then:?}");
    }
    // Up to now: what the views say, from the events alone.
    let tomorrow = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24)).to_string();
    let (events, views) = (as_of(&tomorrow), desk.json(&with(&["--format", "json"])));
    assert_eq!((events.len(), &events[0]), (2, &views[0]));
    assert!(events[0]["answered"].is_string() && events[1]["answered"].is_null(), "{events:?}");
}

#[test]
fn a_moment_is_given_and_shown_by_the_clock_of_the_desk() {
    let desk = answered();
    confirm_calendar(&desk);
    let here = fs::read_to_string(desk.path("calendar.toml")).unwrap();
    fs::write(desk.path("calendar.toml"), here.replace("America/Toronto", "America/Vancouver")).unwrap();
    let year = this_year() - 1;
    let at = format!("{year}-03-25T09:06");
    desk.ok(&["received", "1", "--at", &at, "--reason", "relais", "--as", "Marie"]);
    let line = desk.json(&with(&["--format", "json"])).remove(0);
    assert_eq!(line["received"], format!("{year}-03-25T16:06:00Z"));
    assert!(desk.ok(&with(&[])).contains("25 mars"), "{}", desk.ok(&with(&[])));
    assert!(desk.ok(&with(&[])).contains("9 h 06"), "{}", desk.ok(&with(&[])));
}

#[test]
fn a_file_on_standard_output_is_the_file() {
    let desk = answered();
    confirm_calendar(&desk);
    let path = desk.path("d");
    for more in [&["--format", "csv"][..], &["--format", "csv", "--by", "entry"], &["--format", "json"]] {
        let said = desk.run(&with(more)).stdout;
        desk.ok(&with(&[more, &["--output", path.to_str().unwrap()]].concat()));
        assert_eq!(said, fs::read(&path).unwrap(), "{more:?}");
        assert!(!said.is_empty());
    }
    for command in [&["deposits", "--csv"][..], &["user", "log", "--format", "csv"]] {
        let said = desk.run(command).stdout;
        assert!(said.starts_with(b"\xEF\xBB\xBF") && said.ends_with(b"\r\n"), "{command:?}: {said:?}");
        assert!(!String::from_utf8(said).unwrap().contains('\u{fffd}'), "{command:?}");
    }
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
    let earlier = (jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1)).to_string();
    desk.ok(&["received", "2", "--at", &earlier, "--reason", "relais", "--as", "Marie"]);
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
    let first = this_year() - 1;
    calendar_from(&desk, first - 1, true);
    let (year, within) = ((first - 1).to_string(), format!("(--from {first}-01-01)"));
    let at = format!("{year}-11-15T10:00");
    desk.ok(&["received", "1", "--at", &at, "--reason", "relais", "--as", "Marie"]);
    // Somebody takes that year out of the calendar.
    confirm_calendar(&desk);
    let refused = desk.refused(2, &with(&["--format", "json"]));
    assert!(refused.contains(&year) && refused.contains(&within), "{refused}");
    assert!(desk.refused(2, &with(&["--by", "month"])).contains(&within));
    let from = format!("{first}-01-01");
    let lines = desk.json(&with(&["--from", &from, "--format", "json"]));
    assert!(lines.is_empty(), "{lines:?}");
    desk.ok(&with(&["--by", "month", "--from", &from]));
    let port = monitored(&mut desk);
    assert_eq!(sample(port, "greffier_beyond_calendar_questions"), 1);
    assert_eq!(sample(port, "greffier_mailbox_reachable"), 1);
    // Open again, it has no age.
    desk.ok(&["reopen", "1", "--as", "Marie"]);
    assert_eq!(sample(port, "greffier_beyond_calendar_questions"), 1);
    assert_eq!(sample(port, "greffier_overdue_questions"), 0);
    assert!(desk.refused(2, &with(&["--by", "month"])).contains(&within));
}

#[test]
fn figures_are_for_this_machine_only() {
    let desk = Desk::new();
    desk.edit_config("[replies]", "[metrics]\nlisten = \"0.0.0.0:9187\"\n[replies]");
    assert!(desk.refused(2, &["check"]).contains("/metrics"));
}

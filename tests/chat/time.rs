//! What time brings: the morning, targets that pass, ends, quiet hours; and a clock that is wrong.

use crate::channel::{Place, Seen, Service, Team, Who, code};
use crate::matrix::Matrix;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// Every hour of every day is a business hour, so that the tests may run at any of them.
fn always_open(team: &Team<Matrix>) {
    open_on(team, r#"["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]"#);
}

/// Every hour of these days of the week.
fn open_on(team: &Team<Matrix>, days: &str) {
    let year = today().year();
    let years = [year - 1, year, year + 1]
        .map(|year| format!("[[year]]\nyear = {year}\nconfirmed = true\nholidays = []\n"));
    let text = format!(
        "zone = \"America/Toronto\"\n[[hours]]\nfrom = 2025-01-01\ndays = {days}\nstart = \"00:00\"\nend = \"23:59\"\n{}",
        years.join("")
    );
    fs::write(team.desk.path("calendar.toml"), text).unwrap();
}

fn today() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}

/// Settings of the chat itself, before its services.
fn set(team: &Team<Matrix>, lines: &str) {
    team.desk.edit_config("[chat.matrix]", &format!("{lines}\n[chat.matrix]"));
}

/// The daemon, with a clock that is off by `shift`: `+5d`, `-3h`.
fn start_at(team: &mut Team<Matrix>, shift: &str) {
    let mut run = team.desk.command(&["run"]);
    run.env("LD_PRELOAD", libfaketime()).env("FAKETIME", shift);
    // Pauses and time limits go by the other clock.
    run.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("DONT_FAKE_MONOTONIC", "1");
    team.desk.spawn(run);
}

/// Debian's libfaketime, which tells a program another time.
fn libfaketime() -> PathBuf {
    let libraries = fs::read_dir("/usr/lib").unwrap().map(|folder| folder.unwrap().path());
    let mut found = libraries.map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
    found.find(|path| path.exists()).expect("Debian's libfaketime is installed: scripts/test does it")
}

fn count(team: &Team<Matrix>, place: Place, words: &str) -> usize {
    team.service.seen(place).iter().filter(|seen: &&Seen| seen.now.contains(words)).count()
}

#[test]
fn the_morning_what_is_late_and_what_ends_are_said_once_each_in_their_rooms() {
    let service = Matrix::open("matin", false);
    let (open, safe) = (service.open.clone(), service.safe.clone());
    let until = today().saturating_add(10.days());
    let ends = format!("[credentials]\n\"Jeton du clavardage\" = {until}\n");
    let mut team = Team::with(service, &ends);
    always_open(&team);
    set(&team, &format!("digest = \"00:00\"\ndigest_rooms = [{open:?}]\nalert_rooms = [{safe:?}]"));
    team.start();
    team.until_said(Place::Open, "Bonjour. Aucun fil n’attend.");
    team.until_said(Place::Safe, "«\u{a0}Jeton du clavardage\u{a0}» prend fin le");
    team.asked(1);
    team.until_said(Place::Safe, "№ 1");
    let before = team.until_silent();
    team.desk.kill();
    team.desk.start();
    assert_eq!(team.until_silent(), before, "a restart says nothing again");
    // Five days on: past the target, and a step nearer to the end of the token.
    team.desk.kill();
    start_at(&mut team, "+5d");
    let list = team.until_said(Place::Open, "Bonjour. 1 fil attend, le voici.");
    // Five days of 23 hours and 59 minutes, and an hour more or less where the clocks change.
    let is_age =
        |hours: u32| list.now.contains(&format!("№ 1 · La durée de la suspension · sûr · {hours}\u{a0}h"));
    assert!((118..=121).any(is_age), "{list:#?}");
    team.until_said(Place::Safe, "Le fil 1 dépasse la cible");
    let before = team.until_silent();
    assert_eq!(count(&team, Place::Safe, "prend fin le"), 2);
    team.desk.kill();
    start_at(&mut team, "+5d");
    assert_eq!(team.until_silent(), before);
    for (place, words, times) in [
        (Place::Open, "dépasse la cible", 0),
        (Place::Open, "prend fin", 0),
        (Place::Safe, "Bonjour.", 0),
        (Place::Safe, "dépasse la cible", 1),
    ] {
        let seen = team.service.seen(place);
        // The draft of the card greets, too.
        let said = seen.iter().filter(|seen| !seen.now.starts_with('№') && seen.now.contains(words)).count();
        assert_eq!(said, times, "{words}: {seen:#?}");
    }
    // After its last day.
    team.desk.kill();
    start_at(&mut team, "+12d");
    team.until_said(Place::Safe, "Jeton du clavardage\u{a0}» a pris fin");
}

#[test]
fn in_quiet_hours_only_failures_are_said_and_the_rest_waits() {
    let mut team = Team::new(Matrix::open("calme", false));
    always_open(&team);
    set(&team, "digest = \"00:00\"\nquiet = \"00:00-23:59:59\"");
    // A letter that cannot leave: the password is not there.
    team.desk.edit_config(
        "kind = \"folder\"\npath = \"outbox\"",
        "kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = 9\ntls = \"none\"\nuser = \"guichet\"\npassword_file = \"nowhere\"",
    );
    team.start();
    team.asked(1);
    team.desk.until_state(1, "to-review");
    assert_eq!(team.until_silent(), 0);
    // Whoever works is answered.
    team.service.call(Who::Marie, Place::Safe, "voir 1");
    let shown = team.until_said(Place::Safe, "Pour approuver");
    team.service.call(Who::Marie, Place::Safe, &format!("approuver 1 {}", code(&shown)));
    team.until_said(Place::Open, "Le fil 1\u{a0}: la lettre n’a pas pu partir");
    team.asked(2);
    team.desk.until_state(2, "to-review");
    team.until_silent();
    assert_eq!(count(&team, Place::Open, "№ 2"), 0);
    team.desk.kill();
    team.desk.edit_config("quiet = \"00:00-23:59:59\"", "");
    team.desk.start();
    team.until_said(Place::Open, "№ 2");
    team.until_said(Place::Open, "fils attendent");
    let cards = team.service.seen(Place::Open);
    assert!(
        !cards.iter().any(|seen| seen.now.starts_with("№ 1 ")),
        "what has been decided has no card: {cards:#?}"
    );
}

#[test]
fn on_a_day_off_nobody_is_called_to_the_list() {
    let until = today().saturating_add(1.day());
    let service = Matrix::open("conge", false);
    let mut team = Team::with(service, &format!("[credentials]\n\"Jeton\" = {until}\n"));
    // Two days away from today, whatever the zone.
    let day = format!("{:?}", today().saturating_add(3.days()).weekday()).to_lowercase();
    open_on(&team, &format!("[{day:?}]"));
    set(&team, "digest = \"00:00\"");
    team.start();
    team.asked(1);
    team.until_said(Place::Open, "№ 1");
    team.until_silent();
    assert_eq!(team.service.seen(Place::Open).len(), 1, "a card, and nothing else");
}

#[test]
fn a_mailbox_out_of_reach_is_told_once_it_lasts() {
    let mut team = Team::new(Matrix::open("boite", false));
    team.start();
    let before = team.until_silent();
    fs::rename(team.desk.path("mail"), team.desk.path("mail.away")).unwrap();
    team.desk.until("the mailbox is lost", || {
        let said = team.desk.run(&["status"]);
        String::from_utf8_lossy(&said.stdout).contains("HORS D’ATTEINTE").then_some(())
    });
    // A round comes every twenty seconds.
    std::thread::sleep(Duration::from_secs(21));
    assert_eq!(team.until_silent(), before, "a moment is no reason to call everybody");
    team.desk.kill();
    start_at(&mut team, "+20m");
    team.until_said(Place::Open, "La boîte de courriel ne répond plus depuis");
    let before = team.until_silent();
    team.desk.kill();
    start_at(&mut team, "+25m");
    assert_eq!(team.until_silent(), before);
}

#[test]
fn a_clock_that_is_off_by_hours_obeys_what_is_said_now_and_nothing_older() {
    let mut team = Team::new(Matrix::open("horloge", false));
    start_at(&mut team, "-5h");
    team.service.settle();
    team.asked(1);
    let card = team.until_said(Place::Safe, "№ 1");
    team.service.call(Who::Paul, Place::Safe, "prendre 1");
    team.until_said(Place::Safe, "en main\u{a0}: Paul Roy");
    team.desk.kill();
    // Said while nobody listened, an eternity before the next start.
    team.service.answer(Who::Paul, Place::Safe, &card, &format!("approuver {}", code(&card)));
    // Beyond the margin.
    std::thread::sleep(Duration::from_secs(62));
    start_at(&mut team, "-7h");
    team.service.call(Who::Paul, Place::Safe, "état");
    team.until_said(Place::Safe, "La boîte de courriel répond");
    team.until_silent();
    assert_eq!(team.desk.thread(1)["state"], "to-review");
    team.desk.kill();
    start_at(&mut team, "+7h");
    team.service.answer(Who::Paul, Place::Safe, &card, &format!("approuver {}", code(&card)));
    team.until_said(Place::Safe, "répondu");
}

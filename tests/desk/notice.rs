//! The internal notice of the morning: numbers for colleagues, once a business day, and nothing of any thread.

use crate::desk::{Desk, Settings, UNTIL_WHEN, mail, question};
use crate::faults::{Killer, Moment, Server, Then};
use crate::parsed::Letter;
use greffier::calendar::Calendar;
use greffier::clock::Clock;
use greffier::config;
use greffier::intake::{self, Intake};
use greffier::journal::Journal;
use greffier::library::Library;
use greffier::organisation::Organisations;
use greffier::outbox::Outbox;
use jiff::Timestamp;
use std::fs;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::runtime::Runtime;

const TEAM: &str = "equipe-canari@ministere.example";
const LINK: &str = "https://greffier.ministere.example/";
const EVERY_DAY: &str =
    "\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\", \"saturday\", \"sunday\"";
const WEEKDAYS: &str = "\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\"";

/// Years in which these days are business days, but for a Tuesday in January 2035.
fn calendar(days: &str) -> String {
    let mut text = format!(
        "zone = \"America/Toronto\"\n[[hours]]\nfrom = 2020-01-01\ndays = [{days}]\nstart = \"00:00\"\nend = \"23:59\"\n"
    );
    for year in 2025..=2035 {
        text += &format!("[[year]]\nyear = {year}\nconfirmed = true\nholidays = [");
        text += if year == 2035 { "{ date = 2035-01-09, name = \"Congé\" }]\n" } else { "]\n" };
    }
    text
}

/// A desk that has a notice; `outbox` is where it goes, `days` those on which it does.
fn desk(outbox: &str, days: &str, at: &str) -> Desk {
    let more = format!("[notice]\nto = [{TEAM:?}]\nat = {at:?}\nconsole_url = \"{LINK}\"\n");
    let desk = Desk::with(&Settings { outbox: outbox.to_owned(), more, ..Settings::default() });
    fs::write(desk.path("calendar.toml"), calendar(days)).unwrap();
    desk.edit_config("level = \"debug\"", "level = \"trace\"");
    desk
}

fn to_a_folder() -> String {
    Settings::default().outbox
}

/// What no mail to colleagues and no line of a log may ever hold.
const SECRETS: [&str; 5] = ["canari", "Roy", "cegep.example", "suspension", "Jusqu"];

fn secret_question(number: u64) -> String {
    question(
        &format!("canari-{number}@cegep.example"),
        "Anne Roy-Canari <anne.canari@cegep.example>",
        &format!("Objet-canari {number} sur la suspension"),
        &format!("{UNTIL_WHEN}\n\nCorps-canari"),
    )
}

/// Makes the mail that waits to be read older.
fn came_days_ago(desk: &Desk, days: u64) {
    let at = SystemTime::now() - Duration::from_secs(days * 86_400);
    for file in fs::read_dir(desk.path("mail/new")).unwrap() {
        fs::File::options().write(true).open(file.unwrap().path()).unwrap().set_modified(at).unwrap();
    }
}

/// Number, version and state of every thread.
fn standing(desk: &Desk) -> Vec<(u64, u64, String)> {
    let of = |thread: serde_json::Value| {
        let id = thread["id"].as_u64().unwrap();
        (id, desk.thread(id)["version"].as_u64().unwrap(), thread["state"].to_string())
    };
    desk.threads().into_iter().map(of).collect()
}

#[test]
fn colleagues_learn_how_many_and_nothing_of_any_thread() {
    let mut desk = desk(&to_a_folder(), EVERY_DAY, "00:00");
    desk.once();
    assert!(desk.letters().is_empty(), "nothing waits");
    desk.deliver(&secret_question(1));
    came_days_ago(&desk, 10);
    desk.deliver(&secret_question(2));
    let output = desk.run(&["run", "--once"]);
    assert!(output.status.success());
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("notice attempted"), "{log}");
    let letters = desk.letters();
    assert_eq!(letters.len(), 1);
    let notice = Letter::read(&letters[0]);
    assert_eq!(notice.recipients, [TEAM]);
    assert_eq!(notice.subject, "2 fils attendent une décision");
    assert_eq!(
        notice.text.replace("\r\n", "\n"),
        format!(
            "Bonjour.\n\n2 fils attendent une décision, dont 1 hors cible.\n{LINK}\n\n\
             Avis automatique de greffier; ne répondez pas.\n"
        )
    );
    assert_eq!((notice.attachments.len(), notice.in_reply_to.len(), notice.references.len()), (0, 0, 0));
    let without_team = notice.all.replace(TEAM, "").replace("equipe-canari", "");
    for secret in SECRETS {
        assert!(!without_team.contains(secret), "the notice tells {secret:?}: {}", notice.all);
        assert!(!log.contains(secret), "the log tells {secret:?}: {log}");
    }
    assert!(!log.contains("ministere.example"), "{log}");
    // A letter leaves as ever, and the day has had its notice.
    desk.approve(1);
    desk.once();
    assert_eq!((desk.letters().len(), desk.thread(1)["state"].clone()), (2, "answered".into()));
    desk.once();
    assert_eq!(desk.letters().len(), 2);
}

#[test]
fn without_the_section_there_is_no_notice() {
    let mut desk = Desk::new();
    fs::write(desk.path("calendar.toml"), calendar(EVERY_DAY)).unwrap();
    desk.deliver(&secret_question(1));
    desk.once();
    assert_eq!(desk.thread(1)["state"], "to-review");
    assert!(desk.letters().is_empty());
}

#[test]
fn our_own_notice_is_no_mail_to_the_desk() {
    let mut desk = desk(&to_a_folder(), EVERY_DAY, "00:00");
    desk.deliver(&secret_question(1));
    desk.once();
    let notice = String::from_utf8(desk.letters().remove(0)).unwrap();
    let before = standing(&desk);
    assert_eq!(before.len(), 1);
    // Exchange's own copy, and what a distribution list makes of it.
    desk.send_by_hand(&notice);
    desk.deliver(&format!(
        "Return-Path: <liste@ministere.example>\nList-Id: <equipe.ministere.example>\n{notice}"
    ));
    let moved = notice.replacen("Message-ID: <notice.", "Message-ID: <autre.", 1);
    assert_ne!(moved, notice);
    desk.deliver(&moved);
    desk.once();
    assert_eq!(standing(&desk), before);
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));

    // Only that: what else comes with our own address is kept, and so is what a colleague sends.
    let form = "Auto-Submitted: auto-generated\n";
    let own = "encadrement.ia@ministere.example";
    desk.deliver(&mail("f1@ministere.example", own, own, "Formulaire", form, UNTIL_WHEN));
    desk.deliver(&notice.replacen("encadrement.ia@", "marie.tremblay@", 1).replacen("notice.", "redite.", 1));
    desk.once();
    let states: Vec<String> = standing(&desk).into_iter().map(|(_, _, state)| state).collect();
    assert_eq!(states.iter().filter(|state| *state == "\"set-aside\"").count(), 2, "{states:?}");
    assert_eq!(states.len(), 3);
}

#[test]
fn a_notice_to_somebody_else_is_a_problem_of_the_config() {
    for (to, says) in [
        ("\"anne.roy@cegep.example\"", "n’est pas une adresse de collègues"),
        ("\"encadrement.ia@ministere.example\"", "est une adresse de la boîte elle-même"),
    ] {
        let desk = desk(&to_a_folder(), EVERY_DAY, "00:00");
        desk.edit_config(&format!("{TEAM:?}"), to);
        let error = desk.refused(2, &["run", "--once"]);
        assert!(error.contains("notice.to") && error.contains(says), "{error}");
    }
}

/// The outbox alone, by a clock that the test holds; a store has one process at a time.
struct Mornings {
    outbox: Outbox,
    clock: Clock,
    runtime: Runtime,
}

impl Mornings {
    fn open(desk: &Desk, at: &str) -> Self {
        let clock = Clock::fixed(moment(at));
        let config = config::load(&desk.path("greffier.toml"), &[]).unwrap();
        let journal = Journal::open(&config.data_dir, clock.clone(), Duration::from_secs(5)).unwrap();
        let outbox = Outbox {
            journal: Arc::new(journal),
            library: Arc::new(Library::open(&config.replies_dir).unwrap()),
            calendar: Arc::new(Calendar::parse(&fs::read_to_string(&config.calendar_file).unwrap()).unwrap()),
            config: Arc::new(config),
            started: clock.now(),
        };
        Self { outbox, clock, runtime: Runtime::new().unwrap() }
    }

    /// Whether a notice is attempted at this moment, after the mailbox was read.
    fn at(&self, at: &str) -> bool {
        self.clock.set(moment(at));
        self.outbox.journal.set_reading(self.clock.now()).unwrap();
        self.now()
    }

    fn now(&self) -> bool {
        self.runtime.block_on(self.outbox.notify()).unwrap()
    }
}

/// A moment of January 2035 by the clock of Québec; the 6th is a Saturday.
fn moment(at: &str) -> Timestamp {
    format!("2035-01-{at}:00-05:00").parse().unwrap()
}

/// A desk with a question that waits, read before there was any notice.
fn waiting(outbox: &str) -> Desk {
    let mut desk = desk(outbox, WEEKDAYS, "08:30");
    let text = fs::read_to_string(desk.path("greffier.toml")).unwrap();
    let (before, _) = text.split_once("[notice]").unwrap();
    fs::write(desk.path("greffier.toml"), before).unwrap();
    desk.deliver(&secret_question(1));
    desk.once();
    assert_eq!(desk.thread(1)["state"], "to-review");
    fs::write(desk.path("greffier.toml"), &text).unwrap();
    desk
}

#[test]
fn once_a_business_day_from_its_time_on_when_all_mail_was_read() {
    let desk = waiting(&to_a_folder());
    let mornings = Mornings::open(&desk, "06 09:00");
    assert!(!mornings.at("06 09:00"), "a Saturday");
    assert!(!mornings.at("08 08:29"));
    mornings.clock.set(moment("08 08:30"));
    assert!(!mornings.now(), "what came by then has not been read");
    assert!(mornings.at("08 08:30"));
    for again in ["08 08:30", "08 09:00", "08 23:59"] {
        assert!(!mornings.at(again), "a second one at {again}");
    }
    drop(mornings);
    let mornings = Mornings::open(&desk, "08 10:00");
    assert!(!mornings.at("08 10:00"), "a second one after a restart");
    assert!(!mornings.at("09 09:00"), "a holiday");
    drop(mornings);
    // Of an earlier process's reading nobody knows what came since.
    let mornings = Mornings::open(&desk, "10 09:00");
    assert!(!mornings.now());

    // A mail that nobody has looked at yet may be one more.
    let raw = desk.path("more.eml");
    fs::write(&raw, secret_question(2).replace('\n', "\r\n")).unwrap();
    let intake = Intake::new(
        Arc::clone(&mornings.outbox.journal),
        Arc::new(mornings.outbox.config.mailbox.clone()),
        Arc::new(Organisations::parse("").unwrap()),
        Timestamp::MIN,
    );
    intake::import(&intake, &raw, Timestamp::MIN, &|_, _| {}).unwrap();
    drop(intake);
    assert!(!mornings.at("10 09:00"));
    drop(mornings);
    // Nobody's notice is due by the machine's own clock at this hour of the test.
    desk.edit_config("at = \"08:30\"", "at = \"23:59:59\"");
    desk.once();
    desk.edit_config("at = \"23:59:59\"", "at = \"08:30\"");
    let mornings = Mornings::open(&desk, "10 09:30");
    assert!(mornings.at("10 09:30"));
    let subjects: Vec<String> = desk.letters().iter().map(|raw| Letter::read(raw).subject).collect();
    assert_eq!(subjects, ["1 fil attend une décision", "2 fils attendent une décision"]);
    drop(mornings);

    for id in ["1", "2"] {
        desk.ok(&["close", id, "--reason", "Doublon", "--as", "Marie Tremblay"]);
    }
    let mornings = Mornings::open(&desk, "11 09:00");
    assert!(!mornings.at("11 09:00"), "nothing waits");
    assert_eq!(desk.letters().len(), 2);
}

#[test]
fn only_what_certainly_was_not_sent_is_tried_again_that_day() {
    let server = Server::start();
    let desk = waiting(&server.outbox());
    let mornings = Mornings::open(&desk, "08 08:00");
    let taken = || server.taken().len();
    // Later: every quarter of an hour.
    server.at(Moment::Connected, Then::Say("421 4.3.2 Later"));
    assert!(mornings.at("08 08:30"));
    assert!(!mornings.at("08 08:44"));
    assert!(mornings.at("08 08:45"));
    drop(mornings);
    let mornings = Mornings::open(&desk, "08 08:50");
    server.at_each_moment(|_| Then::GoOn);
    assert!(!mornings.at("08 08:59"), "the pause outlives a restart");
    assert_eq!(taken(), 0);
    assert!(mornings.at("08 09:00"));
    assert_eq!(taken(), 1);
    assert!(!mornings.at("08 09:30"));
    // Never: not on that day.
    server.at(Moment::Dot, Then::Say("554 5.7.1 Refused"));
    assert!(mornings.at("10 09:00"));
    assert!(!mornings.at("10 12:00"));
    assert_eq!(taken(), 1);
    // Nobody knows: it may be there.
    server.at(Moment::Dot, Then::Close);
    assert!(mornings.at("11 09:00"));
    assert!(!mornings.at("11 12:00"));
    assert_eq!(taken(), 2);
    // A day whose attempts all failed has its end; the next one begins anew.
    server.at(Moment::Connected, Then::Say("421 4.3.2 Later"));
    assert!(mornings.at("12 23:50"));
    server.at_each_moment(|_| Then::GoOn);
    assert!(!mornings.at("13 09:00"), "a Saturday");
    assert!(mornings.at("15 08:30"));
    assert_eq!(taken(), 3);
}

#[test]
fn a_kill_sends_none_twice() {
    for (moment, count) in
        [(Moment::Connected, 0), (Moment::Data, 0), (Moment::Dot, 1), (Moment::Answered, 1)]
    {
        let server = Server::start();
        let mut desk = desk(&server.outbox(), EVERY_DAY, "00:00");
        desk.start();
        let killer = Killer::default();
        killer.aim(desk.pid());
        let shot = killer.clone();
        server.at_each_moment(
            move |now| {
                if now == moment && shot.fire() { Then::Silence } else { Then::GoOn }
            },
        );
        desk.deliver(&secret_question(1));
        desk.until("the notice meets its kill", || killer.has_fired().then_some(()));
        desk.kill();
        server.at_each_moment(|_| Then::GoOn);
        desk.start();
        desk.until_state(1, "to-review");
        // A letter that is sent afterwards shows that the outbox had its turn.
        desk.approve(1);
        desk.until_state(1, "answered");
        desk.stop();
        let notices = server.taken().iter().filter(|raw| Letter::read(raw).recipients == [TEAM]).count();
        assert_eq!(notices, count, "killed at {moment:?}");
        assert_eq!(server.taken().len(), count + 1);
    }
}

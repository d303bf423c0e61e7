//! Days that come while the daemon runs: texts that begin to hold, and texts that no longer do.

use crate::desk::{Desk, UNTIL_WHEN, question};
use crate::replies::{change, desk};
use greffier::api::{self, Answer, Request};
use greffier::app::App;
use greffier::calendar::{self, Calendar};
use greffier::clock::Clock;
use greffier::config;
use greffier::journal::Journal;
use greffier::library::Library;
use greffier::outbox::Outbox;
use greffier::review::{Decision, Shown};
use jiff::Timestamp;
use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Late in the evening of the 9th in Québec, which in UTC is the 10th already.
const EVENING: &str = "2026-12-10T03:30:00Z";
/// Two hours later: the 10th everywhere.
const NEXT_DAY: &str = "2026-12-10T05:30:00Z";

/// A daemon in this process, by a clock of ours.
struct Running {
    desk: Desk,
    clock: Clock,
    stop: watch::Sender<bool>,
    app: Option<std::thread::JoinHandle<()>>,
}

impl Running {
    fn start(desk: Desk) -> Self {
        let clock = Clock::fixed(EVENING.parse().unwrap());
        let config = config::load(&desk.path("greffier.toml"), &[]).unwrap();
        let app = App::open_at(config, Duration::ZERO, clock.clone()).unwrap();
        let (stop, stopped) = watch::channel(false);
        let run = move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.unwrap().block_on(app.run(stopped)).unwrap();
        };
        let app = Some(std::thread::spawn(run));
        let running = Self { desk, clock, stop, app };
        running.until("the socket answers", || running.ask(&Request::Status));
        running
    }

    fn ask(&self, request: &Request) -> Option<Answer> {
        api::ask(&self.desk.path("data").join(api::SOCKET), request).unwrap()
    }

    fn until<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(begun.elapsed() < crate::desk::PATIENCE, "waited in vain: {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn shown(&self, id: u64) -> Option<Shown> {
        match self.ask(&Request::Show { id }) {
            Some(Answer::Shown(shown)) => Some(shown),
            _ => None,
        }
    }

    fn until_state(&self, id: u64, state: &str) -> Shown {
        self.until(&format!("thread {id} is {state}"), || {
            self.shown(id).filter(|shown| shown.summary.state.name() == state)
        })
    }

    fn decide(&self, id: u64, decision: Decision) -> Answer {
        let seen = self.shown(id).map(|shown| shown.summary.version);
        self.ask(&Request::Decide { id, seen, name: "Marie Tremblay".to_owned(), decision }).unwrap()
    }

    fn approve(&self, id: u64, despite: &[&str]) -> Answer {
        let despite_superseded = despite.iter().map(|entry| (*entry).to_owned()).collect();
        self.decide(id, Decision::Approve { confirmed: Vec::new(), despite_superseded })
    }

    fn next_day(&self) {
        self.clock.set(NEXT_DAY.parse::<Timestamp>().unwrap());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        if let Some(app) = self.app.take() {
            let _ = app.join();
        }
    }
}

fn ask(desk: &mut Desk, number: u32) {
    let (id, from) = (format!("q{number}@c{number}.example"), format!("anne@c{number}.example"));
    desk.deliver(&question(&id, &from, "Suspension", UNTIL_WHEN));
}

fn count(shown: &Shown, event: &str) -> usize {
    shown.events.iter().filter(|line| line.event == event).count()
}

#[test]
fn on_its_last_day_an_entry_leaves_what_waits_and_voids_what_is_approved() {
    let mut desk = desk();
    desk.edit_config("hold_seconds = 0", "hold_seconds = 86400");
    change(&desk, "superseded = \"\"", "superseded = 2026-12-10");
    for number in 1..=3 {
        ask(&mut desk, number);
    }
    let running = Running::start(desk);
    for id in 1..=3 {
        running.until_state(id, "to-review");
    }
    // On the evening before, the text still holds; who knows of the date may mean it all the same.
    running.approve(2, &[]);
    running.approve(3, &["duree-suspension"]);
    running.until_state(2, "approved");
    running.until_state(3, "approved");
    running.next_day();
    let void = running.until_state(2, "to-review");
    let reason = void.events.iter().find(|line| line.event == "ApprovalVoided").unwrap();
    assert_eq!(reason.detail.as_deref(), Some("entry-superseded"));
    let again = running.until("thread 1 is prepared again", || {
        running.shown(1).filter(|shown| count(shown, "DraftPrepared") == 2)
    });
    assert!(again.outdated[0].superseded.is_some());
    let Answer::Refused { line, .. } = running.approve(1, &[]) else { panic!("approved") };
    assert!(line.contains("--despite-superseded duree-suspension"), "{line}");
    assert!(matches!(running.approve(1, &["duree-suspension"]), Answer::Decided(_)));
    assert_eq!(running.shown(3).unwrap().summary.state.name(), "approved", "it was meant");
}

#[test]
fn the_text_of_tomorrow_lies_ready_and_takes_its_place_on_its_day() {
    let mut desk = desk();
    change(&desk, "superseded = \"\"", "superseded = 2026-12-10");
    let today = fs::read_to_string(desk.path("replies/fr/duree-suspension.md")).unwrap();
    let (front, _) = today.rsplit_once("+++\n").unwrap();
    let tomorrow = front
        .replace("superseded = 2026-12-10", "superseded = \"\"")
        .replace("effective = 2025-03-18", "effective = 2026-12-10")
        .replacen("+++\n", "+++\nvariant_title = \"À partir du 10 décembre\"\n", 1);
    let path = desk.path("replies/fr/duree-suspension.decembre.md");
    fs::write(path, format!("{tomorrow}+++\n\nLa suspension prend fin le 31 décembre.\n")).unwrap();
    desk.ok(&["replies", "check"]);
    ask(&mut desk, 1);
    let running = Running::start(desk);
    let before = running.until_state(1, "to-review");
    assert!(!before.draft.unwrap().body.contains("31 décembre"));
    // Chosen by its name it can be read, but not sent before its day.
    let entries = vec!["duree-suspension.decembre".to_owned()];
    running.decide(1, Decision::Reclassify { entries, language: None });
    let Answer::Refused { line, .. } = running.approve(1, &[]) else { panic!("approved") };
    assert!(line.contains("10 décembre 2026"), "{line}");
    running.decide(1, Decision::Reclassify { entries: vec!["duree-suspension".to_owned()], language: None });
    assert!(!running.shown(1).unwrap().draft.unwrap().body.contains("31 décembre"));
    running.next_day();
    running.until("the new text is in the draft", || {
        running.shown(1).filter(|shown| shown.draft.as_ref().unwrap().body.contains("31 décembre"))
    });
}

/// Releases what is due by the outbox alone, without triage, which would have looked before.
fn release(desk: &Desk, clock: &Clock) {
    let config = config::load(&desk.path("greffier.toml"), &[]).unwrap();
    let journal = Arc::new(Journal::open(&config.data_dir, clock.clone(), Duration::ZERO).unwrap());
    journal.set_reading(clock.now()).unwrap();
    let outbox = Outbox {
        journal,
        library: Arc::new(Library::open(&config.replies_dir).unwrap()),
        calendar: Arc::new(Calendar::parse(calendar::DEFAULT).unwrap()),
        config: Arc::new(config),
        started: clock.now(),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    while runtime.block_on(outbox.step()).unwrap() {}
}

fn approved(desk: &mut Desk, clock: &Clock, numbers: std::ops::RangeInclusive<u32>) {
    let open = |desk: &Desk| {
        let config = config::load(&desk.path("greffier.toml"), &[]).unwrap();
        App::open_at(config, Duration::ZERO, clock.clone()).unwrap()
    };
    numbers.clone().for_each(|number| ask(desk, number));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(open(desk).once(&|_, _| {})).unwrap();
    for id in numbers.map(u64::from) {
        // The second one means it.
        let despite_superseded = if id == 2 { vec!["duree-suspension".to_owned()] } else { Vec::new() };
        let decision = Decision::Approve { confirmed: Vec::new(), despite_superseded };
        let (seen, name) = (desk.thread(id)["version"].as_u64(), "Marie Tremblay".to_owned());
        let answer = open(desk).local(false).answer(Request::Decide { id, seen, name, decision }, 0);
        assert!(matches!(answer, Answer::Decided(_)), "{answer:?}");
    }
}

fn void_without_an_attempt(desk: &Desk, id: u64, reason: &str) {
    let thread = desk.thread(id);
    assert_eq!(thread["state"], "to-review");
    let events = thread["events"].as_array().unwrap();
    assert!(events.iter().any(|event| event["detail"] == reason), "{events:?}");
    assert!(events.iter().all(|event| event["event"] != "SendAttempted"));
}

#[test]
fn at_release_the_dates_are_looked_at_once_more() {
    let mut desk = desk();
    change(&desk, "superseded = \"\"", "superseded = 2026-12-10");
    let clock = Clock::fixed(EVENING.parse().unwrap());
    approved(&mut desk, &clock, 1..=2);
    clock.set(NEXT_DAY.parse().unwrap());
    release(&desk, &clock);
    void_without_an_attempt(&desk, 1, "entry-superseded");
    assert_eq!((desk.thread(2)["state"].clone(), desk.letters().len()), ("answered".into(), 1));
}

#[test]
fn at_release_texts_and_suspensions_are_looked_at_once_more() {
    let mut desk = desk();
    let clock = Clock::fixed(EVENING.parse().unwrap());
    approved(&mut desk, &clock, 1..=2);
    change(&desk, "version = 1", "version = 2");
    release(&desk, &clock);
    void_without_an_attempt(&desk, 1, "replies-changed");
    void_without_an_attempt(&desk, 2, "replies-changed");
    approved(&mut desk, &clock, 3..=3);
    desk.ok(&["entry", "suspend", "duree-suspension", "--reason", "r", "--as", "Anne Directrice"]);
    release(&desk, &clock);
    void_without_an_attempt(&desk, 3, "entry-suspended");
    assert!(desk.letters().is_empty());
}

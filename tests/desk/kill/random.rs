//! Killed at random instants of a busy day.
//!
//! `KILL_ROUNDS` sets the rounds: 12 by default, 200 for the full run; `KILL_SEED` repeats a run.
//! (Not `GREFFIER_…`: the program refuses settings that it does not know.)

use super::sum::Sum;
use super::{ask, deliver, desk, mail_id};
use crate::desk::Desk;
use crate::faults::{Random, Server, Then};
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Mails come, people approve, letters leave, and again and again everything is killed.
#[test]
fn killed_at_random_instants_of_a_busy_day() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let rounds = number("KILL_ROUNDS").unwrap_or(12);
    let seed = number("KILL_SEED")
        .unwrap_or_else(|| u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap());
    println!("KILL_ROUNDS={rounds} KILL_SEED={seed}");
    let mut random = Random(seed);
    let server = Server::start();
    // A server takes a while; a kill shall hit all of its moments.
    let mut pauses = Random(seed ^ 1);
    server.at_each_moment(move |_| {
        std::thread::sleep(Duration::from_millis(pauses.below(15)));
        Then::GoOn
    });
    let desk = desk(&server);
    let approvers = Approvers { desk_seed: seed, ..Approvers::default() };
    let mut delivered = 0;
    for _ in 0..rounds {
        let mut daemon = Daemon::start(&desk);
        let over = AtomicBool::new(false);
        let life = Duration::from_millis(150 + random.below(1800));
        let begun = Instant::now();
        let mails: Vec<String> = (1..=3).map(|more| ask(delivered + more)).collect();
        delivered += 3;
        let inbox = desk.path("mail");
        std::thread::scope(|scope| {
            let _home = Home(&over);
            scope.spawn(|| approvers.work(&desk, &over));
            for (number, mail) in mails.iter().enumerate() {
                std::thread::sleep(Duration::from_millis(random.below(120)));
                deliver(&inbox, &format!("{delivered}-{number}"), mail);
            }
            std::thread::sleep(life.saturating_sub(begun.elapsed()));
            daemon.kill();
        });
    }
    let daemon = Daemon::start(&desk);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _home = Home(&over);
        scope.spawn(|| approvers.work(&desk, &over));
        let calm = || {
            let threads = desk.threads();
            let moving = |thread: &&Value| match thread["state"].as_str().unwrap() {
                "to-review" => is_for_approval(thread),
                state => ["new", "approved", "sending"].contains(&state),
            };
            (threads.len() as u64 == delivered && !threads.iter().any(|thread| moving(&thread))).then_some(())
        };
        let begun = Instant::now();
        let enough = Duration::from_secs(30 + 2 * rounds);
        while calm().is_none() {
            assert!(begun.elapsed() < enough, "it never comes to rest: {:?}", desk.threads());
            std::thread::sleep(Duration::from_millis(200));
        }
    });
    daemon.stop();
    let acknowledged = approvers.acknowledged.into_inner().unwrap();
    let threads = desk.threads();
    let uncertain = threads.iter().filter(|thread| thread["state"] == "uncertain").count();
    let unapproved = threads.iter().filter(|thread| thread["state"] == "to-review").count();
    println!("{delivered} mails, {} approvals acknowledged, {uncertain} uncertain", acknowledged.len());
    assert_eq!(unapproved, (1..=delivered).filter(|number| number.is_multiple_of(4)).count());
    assert!(server.taken().len() as u64 >= delivered - unapproved as u64 - uncertain as u64);
    let mails = (1..=delivered).map(mail_id).collect();
    desk.once();
    // No piece of a mail lies about where no purge would find it.
    for leftovers in ["data/blobs/tmp", "data/spool"] {
        assert_eq!(std::fs::read_dir(desk.path(leftovers)).unwrap().count(), 0, "{leftovers}");
    }
    Sum { desk: &desk, server: &server, mails, acknowledged, resent: false }.check();
}

/// Sends the people home when it is dropped, also by a test that fails.
struct Home<'a>(&'a AtomicBool);

impl Drop for Home<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Nobody ever approves an answer to every fourth mail.
fn is_for_approval(thread: &Value) -> bool {
    let subject = thread["subject"].as_str().unwrap();
    let number: u64 = subject.rsplit(' ').next().unwrap().parse().unwrap();
    !number.is_multiple_of(4)
}

/// A daemon that is killed whether its socket answers yet or not.
struct Daemon(Child);

impl Daemon {
    fn start(desk: &Desk) -> Self {
        let log = std::fs::File::options().create(true).append(true).open(desk.path("log")).unwrap();
        Self(desk.command(&["run"]).stderr(log).stdout(Stdio::null()).spawn().unwrap())
    }

    fn kill(&mut self) {
        assert!(self.0.try_wait().unwrap().is_none(), "the daemon ended by itself");
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    fn stop(mut self) {
        assert!(Command::new("kill").arg(self.0.id().to_string()).status().unwrap().success());
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// People at the command line; now and then theirs is the process that dies, which holds the
/// store itself while the daemon is down.
#[derive(Default)]
struct Approvers {
    desk_seed: u64,
    acknowledged: Mutex<BTreeSet<u64>>,
}

impl Approvers {
    fn work(&self, desk: &Desk, over: &AtomicBool) {
        let mut random = Random(self.desk_seed ^ 2);
        while !over.load(Ordering::SeqCst) {
            let output = desk.run(&["threads", "--state", "to-review", "--json"]);
            let text = String::from_utf8(output.stdout).unwrap();
            let waiting: Vec<Value> = text
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .filter(is_for_approval)
                .collect();
            for thread in &waiting {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let (id, version) = (thread["id"].to_string(), thread["version"].to_string());
                let mut command =
                    desk.command(&["approve", &id, "--seen", &version, "--as", "Marie Tremblay"]);
                let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
                if random.below(6) == 0 {
                    std::thread::sleep(Duration::from_millis(random.below(40)));
                    let _ = child.kill();
                }
                if child.wait().unwrap().success() {
                    self.acknowledged.lock().unwrap().insert(thread["id"].as_u64().unwrap());
                } else if thread["level"] != "sure" {
                    desk.run(&["reclassify", &id, "duree-suspension", "--as", "Luc Gagnon"]);
                }
            }
            if waiting.is_empty() {
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    }
}

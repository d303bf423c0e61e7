//! The commands that care for the store, killed in the middle of it.

use super::{ask, deliver};
use crate::desk::Desk;
use serde_json::Value;
use std::process::Stdio;
use std::time::Duration;

/// A desk with `count` threads that wait, and no daemon.
fn many(count: u64) -> Desk {
    let desk = Desk::new();
    for number in 1..=count {
        deliver(&desk.path("mail"), &format!("mail-{number}"), &ask(number));
    }
    desk.once();
    desk
}

/// Starts a command and kills it after so long; whether it had ended before.
fn killed_after(desk: &Desk, arguments: &[&str], pause: Duration) -> bool {
    let mut child = desk.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(pause);
    let ended = child.try_wait().unwrap().is_some();
    let _ = child.kill();
    child.wait().unwrap();
    ended
}

#[test]
fn killed_while_the_views_are_made_again() {
    let desk = many(30);
    let before = desk.threads();
    let mut pause = Duration::ZERO;
    let mut rounds = 0;
    loop {
        let ended = killed_after(&desk, &["store", "rebuild"], pause);
        assert_eq!(desk.threads(), before, "killed after {pause:?}");
        if ended {
            break;
        }
        pause += Duration::from_millis(3);
        rounds += 1;
    }
    assert!(rounds > 3, "the command was too quick to be killed");
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
    // The next mail gets a number of its own.
    deliver(&desk.path("mail"), "mail-31", &ask(31));
    desk.once();
    assert_eq!(desk.threads().len(), 31);
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn killed_while_a_backup_is_restored() {
    let desk = many(30);
    let before = desk.threads();
    let backup = desk.path("backup");
    let restore = ["store", "restore", backup.to_str().unwrap()];
    desk.ok(&["store", "backup", backup.to_str().unwrap()]);
    let mut pause = Duration::ZERO;
    let mut rounds = 0;
    loop {
        std::fs::remove_dir_all(desk.path("data")).unwrap();
        let ended = killed_after(&desk, &restore, pause);
        // All of it or nothing; and what is nothing can be begun again.
        if !desk.path("data/store").exists() {
            desk.ok(&restore);
        }
        assert_eq!(desk.threads(), before, "killed after {pause:?}");
        if ended {
            break;
        }
        pause += Duration::from_millis(4);
        rounds += 1;
    }
    assert!(rounds > 3, "the command was too quick to be killed");
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn killed_while_a_backup_is_made() {
    let desk = many(30);
    let mut pause = Duration::ZERO;
    loop {
        let backup = desk.path("backup");
        let ended = killed_after(&desk, &["store", "backup", backup.to_str().unwrap()], pause);
        if backup.exists() {
            // A backup that has its name is whole.
            std::fs::rename(desk.path("data"), desk.path("aside")).unwrap();
            desk.ok(&["store", "restore", backup.to_str().unwrap()]);
            assert_eq!(desk.threads().len(), 30);
            std::fs::remove_dir_all(desk.path("data")).unwrap();
            std::fs::rename(desk.path("aside"), desk.path("data")).unwrap();
            std::fs::remove_dir_all(backup).unwrap();
        }
        if ended {
            break;
        }
        pause += Duration::from_millis(25);
    }
}

#[test]
fn killed_while_past_mail_is_imported() {
    let desk = Desk::new();
    let past = desk.path("past");
    std::fs::create_dir(&past).unwrap();
    for number in 1..=20 {
        std::fs::write(past.join(format!("{number}.eml")), ask(number).replace('\n', "\r\n")).unwrap();
    }
    let mut pause = Duration::ZERO;
    while !killed_after(&desk, &["import", past.to_str().unwrap()], pause) {
        pause += Duration::from_millis(35);
    }
    desk.ok(&["import", past.to_str().unwrap()]);
    let threads = desk.threads();
    assert_eq!(threads.len(), 20);
    assert!(threads.iter().all(|thread| messages(&desk, thread) == 1));
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

fn messages(desk: &Desk, thread: &Value) -> usize {
    desk.thread(thread["id"].as_u64().unwrap())["messages"].as_array().unwrap().len()
}

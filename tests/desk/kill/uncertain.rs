//! What nobody can know a person settles; what is known outlives the kill.

use super::sum::{Sum, one_mail};
use super::{ask, choose, count, desk, drafted, mail_id, sent_folder, until_rest};
use crate::desk::Desk;
use crate::faults::{Killer, Moment, Server, Then, blobs, sending_log};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A letter that the server has and about which it says nothing; the daemon still waits.
fn silenced(server: &Server) -> Desk {
    let mut desk = desk(server);
    server.at(Moment::Dot, Then::Silence);
    drafted(&mut desk, &Killer::default());
    desk.approve(1);
    desk.until("the server has the letter", || (server.taken().len() == 1).then_some(()));
    desk
}

/// The same, and nobody waits any more.
fn left_open(server: &Server) -> Desk {
    let mut desk = silenced(server);
    desk.kill();
    server.at_each_moment(|_| Then::GoOn);
    desk
}

#[test]
fn asked_to_stop_the_daemon_does_not_wait_for_a_silent_server() {
    let server = Server::start();
    let mut desk = silenced(&server);
    let took = desk.stop();
    assert!(took < Duration::from_secs(10), "{took:?}");
    server.at_each_moment(|_| Then::GoOn);
    desk.start();
    assert_eq!(until_rest(&desk, 1), "uncertain");
    assert_eq!(server.taken().len(), 1);
    one_mail(&desk, &server).check();
}

#[test]
fn silence_after_the_dot_is_never_broken_by_another_attempt() {
    let server = Server::start();
    let mut desk = left_open(&server);
    for _ in 0..2 {
        desk.start();
        assert_eq!(until_rest(&desk, 1), "uncertain");
        // Nothing else moves it either: a reading of the mailbox, a mail of somebody else.
        std::thread::sleep(Duration::from_millis(1500));
        assert_eq!(server.taken().len(), 1);
        desk.kill();
    }
    desk.deliver(&ask(2));
    desk.once();
    assert_eq!(desk.thread(1)["state"], "uncertain");
    assert_eq!(server.taken().len(), 1);
    assert!(desk.thread(1)["reason"].as_str().is_some_and(|reason| reason.starts_with("outbox-cause-")));
    let text = desk.ok(&["show", "1"]);
    assert!(!text.contains("outbox-cause"), "a key instead of words: {text}");
    // No decision but to settle it: approving again would be a second letter.
    let version = desk.thread(1)["version"].to_string();
    desk.refused(1, &["approve", "1", "--seen", &version, "--as", "Marie Tremblay"]);
    Sum { mails: [mail_id(1), mail_id(2)].into(), ..one_mail(&desk, &server) }.check();
}

#[test]
fn a_person_settles_what_was_uncertain_as_sent() {
    let server = Server::start();
    let mut desk = left_open(&server);
    desk.once();
    desk.ok(&["settle", "1", "sent", "--as", "Marie Tremblay"]);
    assert_eq!(desk.thread(1)["state"], "answered");
    desk.start();
    desk.kill();
    desk.once();
    assert_eq!(server.taken().len(), 1, "settled as sent, and sent once more");
    let copies = sent_folder(&desk);
    assert_eq!(copies, server.taken(), "Sent has what left");
    // The clock stops when the letter went, not when somebody said so.
    let occurred = |event: &str| {
        let shown = desk.thread(1);
        let events = shown["events"].as_array().unwrap();
        events.iter().find(|line| line["event"] == event).unwrap()["occurred"].clone()
    };
    assert_eq!(occurred("UncertainSettled"), occurred("SendAttempted"));
    let refused = desk.refused(1, &["settle", "1", "resend", "--as", "Marie Tremblay"]);
    assert!(!refused.is_empty());
    one_mail(&desk, &server).check();
}

#[test]
fn a_person_orders_what_was_uncertain_sent_again() {
    let server = Server::start();
    let desk = left_open(&server);
    desk.once();
    desk.ok(&["settle", "1", "resend", "--as", "Marie Tremblay"]);
    assert_eq!(desk.thread(1)["state"], "approved");
    desk.once();
    is_sent_again(&desk, &server);
}

#[test]
fn a_person_orders_it_while_the_daemon_runs() {
    let server = Server::start();
    let mut desk = left_open(&server);
    desk.start();
    desk.ok(&["settle", "1", "resend", "--as", "Marie Tremblay"]);
    is_sent_again(&desk, &server);
}

fn is_sent_again(desk: &Desk, server: &Server) {
    assert_eq!(until_rest(desk, 1), "answered");
    let letters = server.taken();
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[0], letters[1], "the same bytes, as they were approved");
    let log = sending_log(&desk.path("data"));
    let whats: Vec<&str> = log.iter().map(|line| line["what"].as_str().unwrap()).collect();
    assert_eq!(whats, ["attempted", "resend", "attempted", "sent"]);
    Sum { resent: true, ..one_mail(desk, server) }.check();
}

#[test]
fn a_deferral_outlives_a_kill() {
    let server = Server::start();
    server.at(Moment::Dot, Then::Say("451 4.3.0 come back later"));
    let mut desk = desk(&server);
    drafted(&mut desk, &Killer::default());
    desk.approve(1);
    let due = desk.until("the letter is deferred", || {
        let shown = desk.thread(1);
        (count(&shown, "SendDeferred") == 1).then(|| shown["due"].as_str().unwrap().to_owned())
    });
    let wait = due.parse::<jiff::Timestamp>().unwrap().duration_since(jiff::Timestamp::now());
    assert!((45..=60).contains(&wait.as_secs()), "{wait:?}");
    desk.kill();
    server.at_each_moment(|_| Then::GoOn);
    desk.start();
    desk.deliver(&ask(2));
    desk.until_state(2, "to-review");
    desk.stop();
    desk.once();
    let shown = desk.thread(1);
    assert_eq!((shown["state"].as_str(), shown["due"].as_str()), (Some("approved"), Some(due.as_str())));
    assert!(server.taken().is_empty(), "sent before it was due again");
    assert!(shown["server_said"].as_str().unwrap().contains("come back later"));
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn a_store_from_before_the_attempt_does_not_send_again() {
    // With the sending journal that the attempt left, and with that lost, too.
    for journal_lost in [false, true] {
        let server = Server::start();
        let mut desk = desk(&server);
        desk.deliver(&ask(1));
        desk.once();
        choose(&desk, 1);
        desk.approve(1);
        let backup = desk.path("backup");
        desk.ok(&["store", "backup", backup.to_str().unwrap()]);
        desk.once();
        assert_eq!(server.taken().len(), 1);
        std::fs::remove_dir_all(desk.path("data/store")).unwrap();
        if journal_lost {
            std::fs::remove_file(desk.path("data/sending.log")).unwrap();
        }
        desk.ok(&["store", "restore", backup.to_str().unwrap()]);
        // The copy in Sent would prove it; this one was removed by somebody.
        for part in ["new", "cur"] {
            for file in std::fs::read_dir(desk.path("mail/.Sent").join(part)).unwrap().flatten() {
                std::fs::remove_file(file.path()).unwrap();
            }
        }
        desk.once();
        assert_eq!(desk.thread(1)["state"], "uncertain");
        desk.start();
        desk.kill();
        assert_eq!(server.taken().len(), 1, "the restored store sent the letter again");
        // A person may still order it.
        desk.ok(&["settle", "1", "resend", "--as", "Marie Tremblay"]);
        desk.once();
        assert_eq!(desk.thread(1)["state"], "answered");
        assert_eq!(server.taken().len(), 2);
        assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
    }
}

#[test]
fn the_copy_in_sent_settles_what_a_restored_store_cannot_know() {
    let server = Server::start();
    let mut desk = desk(&server);
    desk.deliver(&ask(1));
    desk.once();
    choose(&desk, 1);
    desk.approve(1);
    let backup = desk.path("backup");
    desk.ok(&["store", "backup", backup.to_str().unwrap()]);
    desk.once();
    // Sent is read anew before the copy is filed.
    desk.once();
    assert_eq!(sent_folder(&desk).len(), 1);
    std::fs::remove_dir_all(desk.path("data")).unwrap();
    desk.ok(&["store", "restore", backup.to_str().unwrap()]);
    desk.once();
    desk.once();
    assert_eq!(desk.thread(1)["state"], "answered");
    assert_eq!(server.taken().len(), 1);
    assert_eq!(sent_folder(&desk).len(), 1);
}

#[test]
fn a_sealed_letter_that_changed_on_disk_voids_its_approval() {
    let changes: [fn(&Path); 3] = [
        |path| std::fs::remove_file(path).unwrap(),
        |path| std::fs::write(path, b"not even compressed").unwrap(),
        |path| {
            let letter = zstd::decode_all(std::fs::read(path).unwrap().as_slice()).unwrap();
            let other = String::from_utf8(letter).unwrap().replace("Bonjour", "Bonsoir");
            std::fs::write(path, zstd::encode_all(other.as_bytes(), 3).unwrap()).unwrap();
        },
    ];
    for change in changes {
        let server = Server::start();
        let mut desk = desk(&server);
        desk.deliver(&ask(1));
        desk.once();
        choose(&desk, 1);
        let before: BTreeSet<PathBuf> = blobs(&desk.path("data")).into_iter().collect();
        desk.approve(1);
        let sealed: Vec<PathBuf> =
            blobs(&desk.path("data")).into_iter().filter(|path| !before.contains(path)).collect();
        assert_eq!(sealed.len(), 1);
        change(&sealed[0]);
        let defect = desk.refused(1, &["store", "verify"]);
        assert!(defect.contains("1 d"), "{defect}");
        desk.once();
        let shown = desk.thread(1);
        assert_eq!(shown["state"], "to-review");
        assert_eq!(count(&shown, "ApprovalVoided"), 1);
        assert_eq!(count(&shown, "SendAttempted"), 0);
        assert!(server.taken().is_empty() && sending_log(&desk.path("data")).is_empty());
        // Approved once more, it is sealed once more, and leaves.
        desk.approve(1);
        desk.once();
        assert_eq!(desk.thread(1)["state"], "answered");
        assert_eq!(server.taken().len(), 1);
    }
}

//! Killed at each of the points that are flushed to disk, and at each moment of a letter's way.

use super::sum::one_mail;
use super::{
    answered_or_not, ask, begin_approval, choose, desk, drafted, says, sent_folder, trace, until_rest,
};
use crate::desk::Desk;
use crate::faults::{Killer, Moment, Server, Then, blobs, sending_log};

#[test]
fn killed_while_a_mail_is_taken() {
    // The raw file is there, the journal does not name it; then the journal is just being written.
    for later in [false, true] {
        let server = Server::start();
        let mut desk = desk(&server);
        desk.start();
        let killer = Killer::default();
        killer.aim(desk.pid());
        let (data, store) = (desk.path("data"), desk.path("data/store/db"));
        desk.deliver(&ask(1));
        let mut before = None;
        killer.fire_when("a raw mail is kept", || {
            if !later {
                return !blobs(&data).is_empty();
            }
            if before.is_none() && !blobs(&data).is_empty() {
                before = Some(trace(&store));
            }
            before.is_some_and(|before| before != trace(&store))
        });
        desk.kill();
        desk.start();
        desk.until_state(1, "to-review");
        choose(&desk, 1);
        desk.approve(1);
        desk.until_state(1, "answered");
        desk.stop();
        assert_eq!(server.taken().len(), 1);
        one_mail(&desk, &server).check();
    }
}

#[test]
fn killed_while_an_approval_is_written() {
    for later in [false, true] {
        let server = Server::start();
        let mut desk = desk(&server);
        let killer = Killer::default();
        drafted(&mut desk, &killer);
        let (data, store) = (desk.path("data"), desk.path("data/store/db"));
        let kept = blobs(&data).len();
        let mut approval = begin_approval(&desk);
        let mut before = None;
        killer.fire_when("a sealed letter is kept", || {
            if !later {
                return blobs(&data).len() > kept;
            }
            if before.is_none() && blobs(&data).len() > kept {
                before = Some(trace(&store));
            }
            before.is_some_and(|before| before != trace(&store))
        });
        desk.kill();
        // Its answer came, or its connection broke; then it may have found the store free.
        let acknowledged = approval.wait().unwrap().success();
        desk.start();
        let mut sum = one_mail(&desk, &server);
        match until_rest(&desk, 1).as_str() {
            "to-review" => {
                assert!(!acknowledged, "an acknowledged approval is lost");
                assert!(server.taken().is_empty());
                desk.approve(1);
                assert_ne!(until_rest(&desk, 1), "to-review");
            }
            // The attempt may have begun before the kill struck.
            state => assert!(["answered", "uncertain"].contains(&state), "{state}"),
        }
        if acknowledged {
            sum.acknowledged.insert(1);
        }
        sum.check();
    }
}

#[test]
fn killed_when_the_attempt_is_on_disk() {
    let server = Server::start();
    let mut desk = desk(&server);
    let killer = Killer::default();
    drafted(&mut desk, &killer);
    server.at(Moment::Connected, Then::Silence);
    let approval = begin_approval(&desk);
    killer.fire_when("the attempt is in sending.log", || says(&desk, "attempted"));
    desk.kill();
    answered_or_not(approval);
    server.at_each_moment(|_| Then::GoOn);
    desk.start();
    assert_eq!(until_rest(&desk, 1), "uncertain");
    assert!(server.taken().is_empty());
    one_mail(&desk, &server).check();
}

/// Kills at a moment of the mail server's conversation; where the thread is afterwards.
fn killed_at(moment: Moment, then: Then) -> (String, usize) {
    let server = Server::start();
    let mut desk = desk(&server);
    let killer = Killer::default();
    drafted(&mut desk, &killer);
    let (gun, data) = (killer.clone(), desk.path("data"));
    server.at_each_moment(move |now| {
        if now != moment {
            return Then::GoOn;
        }
        let log = sending_log(&data);
        assert!(log.iter().any(|line| line["what"] == "attempted"), "no attempt on disk at {now:?}");
        gun.fire();
        then
    });
    answered_or_not(begin_approval(&desk));
    desk.until("the kill", || killer.has_fired().then_some(()));
    desk.kill();
    server.at_each_moment(|_| Then::GoOn);
    desk.start();
    let state = until_rest(&desk, 1);
    // It stays so, whatever else is read and however often it starts.
    desk.stop();
    desk.once();
    assert_eq!(until_rest(&desk, 1), state);
    one_mail(&desk, &server).check();
    let taken = server.taken().len();
    (state, taken)
}

#[test]
fn killed_when_the_mail_server_picks_up() {
    assert_eq!(killed_at(Moment::Connected, Then::Close), ("uncertain".to_owned(), 0));
}

#[test]
fn killed_before_the_letter_is_handed_over() {
    assert_eq!(killed_at(Moment::Data, Then::Close), ("uncertain".to_owned(), 0));
}

#[test]
fn killed_between_the_final_dot_and_its_answer() {
    assert_eq!(killed_at(Moment::Dot, Then::Close), ("uncertain".to_owned(), 1));
}

#[test]
fn killed_just_after_the_answer() {
    let (state, taken) = killed_at(Moment::Answered, Then::GoOn);
    assert!(["uncertain", "answered"].contains(&state.as_str()), "{state}");
    assert_eq!(taken, 1);
}

#[test]
fn killed_while_the_outcome_is_written() {
    let server = Server::start();
    let mut desk = desk(&server);
    let killer = Killer::default();
    drafted(&mut desk, &killer);
    let approval = begin_approval(&desk);
    killer.fire_when("the outcome is in sending.log", || says(&desk, "sent"));
    desk.kill();
    answered_or_not(approval);
    desk.start();
    assert_eq!(until_rest(&desk, 1), "answered", "the outcome was on disk");
    // Whoever wrote the outcome down, Sent gets its copy.
    desk.until("a copy in Sent", || (!sent_folder(&desk).is_empty()).then_some(()));
    desk.stop();
    desk.once();
    assert_eq!(sent_folder(&desk).len(), 1);
    assert_eq!(server.taken().len(), 1);
    one_mail(&desk, &server).check();
}

#[test]
fn killed_while_a_letter_goes_into_the_folder() {
    for what in ["attempted", "sent"] {
        let mut desk = Desk::new();
        let killer = Killer::default();
        drafted(&mut desk, &killer);
        let approval = begin_approval(&desk);
        killer.fire_when("sending.log", || says(&desk, what));
        desk.kill();
        answered_or_not(approval);
        desk.start();
        let state = until_rest(&desk, 1);
        assert!(["answered", "uncertain"].contains(&state.as_str()), "{state}");
        assert!(desk.letters().len() <= 1);
        if state == "uncertain" {
            desk.ok(&["settle", "1", "resend", "--as", "Marie Tremblay"]);
            desk.until_state(1, "answered");
        }
        assert_eq!(desk.letters().len(), 1);
        assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
    }
}

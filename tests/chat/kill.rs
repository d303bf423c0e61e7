//! Kills at any moment: nothing is said twice, nothing done twice, and nobody is left without an answer.

use crate::channel::{Place, Service, Team, Who};
use crate::matrix::Matrix;
use greffier::clock::Clock;
use greffier::journal::Journal;
use serde_json::json;
use std::time::Duration;

#[test]
fn whatever_is_killed_when_each_card_is_said_once() {
    let mut team = Team::new(Matrix::open("coupe", false));
    team.start();
    for number in 1..=8 {
        team.asked(number);
        // In the middle of drafting, of a request, of keeping its answer.
        std::thread::sleep(Duration::from_millis(u64::from(number) * 61 % 400));
        team.desk.kill();
        team.desk.start();
    }
    for number in 1..=8 {
        team.until_said(Place::Open, &format!("№ {number}"));
        team.until_said(Place::Safe, &format!("№ {number}"));
    }
    team.until_silent();
    for place in [Place::Open, Place::Safe] {
        let seen = team.service.seen(place);
        assert_eq!(seen.len(), 8, "{seen:#?}");
    }
    team.each_change_is_said_once();
}

#[test]
fn whoever_gave_a_command_that_a_kill_cut_off_hears_of_it() {
    let mut team = Team::new(Matrix::open("interrompu", false));
    team.start();
    team.asked(1);
    team.until_said(Place::Safe, "№ 1");
    let before = team.until_silent();
    team.desk.kill();
    let (marie, safe) = (&team.service.marie, &team.service.safe);
    let [claim, look, wrong, talk] =
        ["!prendre 1", "!file", "!prendre 99", "On en parle demain?"].map(|words| marie.say(safe, words));
    // What a kill leaves between the mark of each and its answer.
    let journal = Journal::open(&team.desk.path("data"), Clock::system(), Duration::from_secs(5)).unwrap();
    let begun = json!({ claim: false, look: false, wrong: false, talk: false });
    journal.set_cursor("matrix", "begun", &begun).unwrap();
    drop(journal);
    team.desk.start();
    // What only asks is answered; what changes something is not done a second time.
    let [interrupted, queue] = ["peut-être été exécutée. Fil 1\u{a0}: à réviser", "1 fil attend"]
        .map(|words| team.until_said(Place::Safe, words));
    assert_ne!(interrupted.id, queue.id);
    team.until_said(Place::Safe, "99");
    assert_eq!(team.until_silent(), before + 3);
    assert_eq!(team.desk.thread(1)["claimed_by"], json!(null));
    // Said once, and obeyed when said again.
    team.desk.kill();
    team.desk.start();
    team.service.call(Who::Marie, Place::Safe, "prendre 1");
    team.until_said(Place::Open, "en main\u{a0}: Marie Tremblay");
    let told = team.service.seen(Place::Safe);
    assert_eq!(
        told.iter().filter(|seen| seen.now.contains("peut-être été exécutée")).count(),
        1,
        "{told:#?}"
    );
}

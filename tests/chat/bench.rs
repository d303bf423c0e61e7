//! What the other tests rely on: people talk, and their timelines tell all of it.

use super::SYNAPSE;
use super::synapse::{Limits, NewContent, PAGE, Rate, Reaction, Relation, Synapse};
use serde_json::json;
use std::net::TcpListener;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// Longest wait for what takes a moment.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn two_people_talk_and_the_timeline_tells_it_all() {
    let (marie, luc) = (SYNAPSE.register("marie"), SYNAPSE.register("luc"));
    assert_eq!(marie.id, "@marie:clavardage.example");
    let room = marie.create_room("Guichet", &[&luc], false);
    assert_eq!(marie.membership(&room, &luc).as_deref(), Some("invite"));
    luc.join(&room);

    let first = marie.say(&room, "Bonjour Luc");
    let second = luc.say_html(&room, "Bonjour", "<b>Bonjour</b>");
    let edit = marie.edit(&room, &first, "Bonjour, Luc !");
    let sign = luc.react(&room, &first, "👍");
    let threaded = luc.reply_in_thread(&room, &first, "Dans le fil");
    let answer = marie.reply(&room, &second, "Et vous ?");
    let notice = marie.notice(&room, "Fin de l’essai");
    let regretted = luc.say(&room, "Hélas");
    luc.redact(&room, &regretted);

    let timeline = luc.timeline(&room);
    assert_eq!(timeline, marie.timeline(&room), "both see the same");
    let told: Vec<_> = timeline.iter().map(|event| (&event.id, &event.sender, event.body.as_str())).collect();
    assert_eq!(
        told,
        [
            (&first, &marie.id, "Bonjour Luc"),
            (&second, &luc.id, "Bonjour"),
            (&edit, &marie.id, "* Bonjour, Luc !"),
            (&threaded, &luc.id, "Dans le fil"),
            (&answer, &marie.id, "Et vous ?"),
            (&notice, &marie.id, "Fin de l’essai"),
            (&regretted, &luc.id, ""),
        ]
    );
    let types: Vec<_> = timeline.iter().map(|event| event.msgtype.as_str()).collect();
    assert_eq!(types, ["m.text", "m.text", "m.text", "m.text", "m.text", "m.notice", ""]);
    let html: Vec<_> = timeline.iter().map(|event| event.formatted_body.as_deref()).collect();
    assert_eq!(html, [None, Some("<b>Bonjour</b>"), None, None, None, None, None]);
    let to_first = |kind: &str| Some(Relation { rel_type: kind.to_owned(), event_id: first.clone() });
    let relations: Vec<_> = timeline.iter().map(|event| event.relation.clone()).collect();
    assert_eq!(relations, [None, None, to_first("m.replace"), to_first("m.thread"), None, None, None]);
    let answered: Vec<_> = timeline.iter().map(|event| event.in_reply_to.as_ref()).collect();
    assert_eq!(answered, [None, None, None, Some(&first), Some(&second), None, None]);
    let new: Vec<_> = timeline.iter().filter_map(|event| event.new_content.clone()).collect();
    let said =
        NewContent { msgtype: "m.text".to_owned(), body: "Bonjour, Luc !".to_owned(), formatted_body: None };
    assert_eq!(new, [said]);
    let redacted: Vec<_> = timeline.iter().filter(|event| event.redacted).map(|event| &event.id).collect();
    assert_eq!(redacted, [&regretted]);

    let reaction =
        Reaction { id: sign.clone(), sender: luc.id.clone(), event_id: first, key: "👍".to_owned() };
    assert_eq!(marie.reactions(&room), [reaction]);
    luc.redact(&room, &sign);
    assert_eq!(marie.reactions(&room), []);
}

#[test]
fn who_waits_for_a_message_gets_it_or_hears_what_came_instead() {
    let (anne, eve) = (SYNAPSE.register("anne"), SYNAPSE.register("eve"));
    let room = anne.create_room("Attente", &[&eve], false);
    let later = std::thread::spawn({
        let room = room.clone();
        move || {
            std::thread::sleep(Duration::from_millis(300));
            eve.join(&room);
            eve.say(&room, "Me voici");
            eve
        }
    });
    let came = anne.wait_for(&room, |event| event.body == "Me voici", PATIENCE);
    let eve = later.join().unwrap();
    assert_eq!(came.sender, eve.id);
    anne.wait_for_membership(&room, &eve, "join", PATIENCE);
    let nothing = failure(|| {
        anne.wait_for(&room, |event| event.body == "Autre chose", Duration::from_millis(200));
    });
    assert!(nothing.contains("Me voici"), "{nothing}");
}

#[test]
fn people_come_and_go_and_rooms_are_replaced() {
    let (rose, paul) = (SYNAPSE.register("rose"), SYNAPSE.register("paul"));
    let room = rose.create_room("Passage", &[], true);
    assert_eq!(rose.membership(&room, &paul), None);
    let encrypted = |room: &str| rose.events(room).iter().any(|event| event["type"] == "m.room.encryption");
    assert!(encrypted(&room) && !encrypted(&rose.create_room("Ouverte", &[], false)));

    rose.invite(&room, &paul);
    paul.join(&room);
    rose.kick(&room, &paul);
    assert_eq!(rose.membership(&room, &paul).as_deref(), Some("leave"));
    let refused =
        paul.try_send(&room, "m.room.message", &json!({ "msgtype": "m.text", "body": "Encore là" }));
    assert_eq!((refused.status, refused.error()), (403, "M_FORBIDDEN"));

    rose.invite(&room, &paul);
    paul.leave(&room);
    rose.wait_for_membership(&room, &paul, "leave", PATIENCE);

    let next = rose.upgrade_room(&room);
    let closed = rose.events(&room);
    let closed = closed.iter().find(|event| event["type"] == "m.room.tombstone").unwrap();
    assert_eq!(closed["content"]["replacement_room"], json!(next));
    rose.say(&next, "Nous sommes ici");

    paul.log_out();
    let refused = paul.try_send(&next, "m.room.message", &json!({}));
    assert_eq!((refused.status, refused.error()), (401, "M_UNKNOWN_TOKEN"));
    let again = SYNAPSE.log_in("paul", &paul.password).unwrap();
    assert!(again.id == paul.id && again.token != paul.token);
    let refused = SYNAPSE.log_in("paul", "un autre").unwrap_err();
    assert_eq!((refused.status, refused.error()), (403, "M_FORBIDDEN"));
}

#[test]
fn a_long_room_is_told_from_its_beginning() {
    let zoe = SYNAPSE.register("zoe");
    let room = zoe.create_room("Longue", &[], false);
    // Beyond what is read at once.
    let said: Vec<String> = (0..PAGE + 10).map(|number| zoe.say(&room, &format!("Ligne {number}"))).collect();
    let told: Vec<String> = zoe.timeline(&room).into_iter().map(|event| event.id).collect();
    assert_eq!(told, said);
}

#[test]
fn a_restart_keeps_people_and_rooms() {
    let mut synapse = Synapse::start();
    let marie = synapse.register("marie");
    let room = marie.create_room("Guichet", &[], false);
    marie.say(&room, "Avant");
    let url = synapse.url();
    synapse.stop();
    let away = failure(|| {
        marie.say(&room, "Pendant");
    });
    assert!(away.contains("Synapse is not there"), "{away}");
    synapse.launch();
    assert_eq!(synapse.url(), url);
    marie.say(&room, "Après");
    let said: Vec<String> = marie.timeline(&room).into_iter().map(|event| event.body).collect();
    assert_eq!(said, ["Avant", "Après"]);
    synapse.log_in("marie", &marie.password).unwrap();

    // A start that fails says why.
    synapse.stop();
    let _taken = TcpListener::bind(("127.0.0.1", synapse.port())).unwrap();
    let why = failure(|| synapse.launch());
    assert!(why.contains("did not start") && why.contains("in use"), "{why}");
}

#[test]
fn tight_limits_are_felt_and_say_when_to_come_back() {
    let tight = Limits { messages: Rate::TIGHT, logins: Rate::TIGHT };
    let synapse = Synapse::with(tight);
    let marie = synapse.register("marie");
    let room = marie.create_room("Guichet", &[], false);
    let content = json!({ "msgtype": "m.text", "body": "Vite" });
    let refused = (0..10).map(|_| marie.try_send(&room, "m.room.message", &content));
    let refused = refused.into_iter().find(|answer| answer.status != 200).expect("ten at once are too many");
    assert_eq!((refused.status, refused.error()), (429, "M_LIMIT_EXCEEDED"));
    let wait = refused.retry_after_ms().expect("it says how long");
    assert!((1..=2_000).contains(&wait), "{wait}");
    std::thread::sleep(Duration::from_millis(wait));
    marie.say(&room, "Assez attendu");

    let refused = (0..10).map(|_| synapse.log_in("marie", &marie.password));
    let refused = refused.into_iter().find_map(Result::err).expect("ten at once are too many");
    assert_eq!((refused.status, refused.error()), (429, "M_LIMIT_EXCEEDED"));
    assert!(refused.retry_after_ms().is_some_and(|wait| wait > 0), "{refused:?}");

    assert!(!synapse.left_alone(), "a server that nobody stops ends with the test program, folder and all");
}

/// What a part of a test says when it fails.
fn failure(part: impl FnOnce()) -> String {
    let said = catch_unwind(AssertUnwindSafe(part)).expect_err("this fails");
    *said.downcast::<String>().unwrap()
}

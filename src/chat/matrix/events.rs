//! What a sync tells: only what a person typed there, as it stands, comes through.
//!
//! Edits, forwarded messages, notices of other programs, what we said ourselves, and words without a person
//! are left out here, so that nobody further in can obey them.

use crate::chat::channel::{Heard, News, What};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// What is asked for: messages and signs of others, encryption and the end of rooms; a short past only. Who
/// comes and goes is not read, but without it a room that the bot had to leave would not be told.
pub(super) fn filter(user: &str) -> Value {
    let none = json!({ "types": [] });
    json!({
        "presence": none,
        "account_data": none,
        "room": {
            "ephemeral": none,
            "account_data": none,
            "state": { "types": ["m.room.encryption", "m.room.tombstone"] },
            "timeline": {
                "limit": 100,
                "not_senders": [user],
                "types": ["m.room.message", "m.room.member", "m.reaction", "m.room.encryption", "m.room.tombstone"],
            },
        },
    })
}

#[derive(Deserialize)]
struct Sync {
    next_batch: String,
    #[serde(default)]
    rooms: Rooms,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Rooms {
    join: BTreeMap<String, Joined>,
    invite: BTreeMap<String, Invited>,
    leave: BTreeMap<String, Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Joined {
    state: Events,
    timeline: Events,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Invited {
    invite_state: Events,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Events {
    events: Vec<Event>,
    /// Whether there was more than the filter's limit lets through.
    limited: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    event_id: String,
    sender: String,
    state_key: Option<String>,
    content: Value,
    unsigned: Unsigned,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Unsigned {
    /// Milliseconds since it was sent, by the server's clock.
    age: Option<i64>,
}

/// Reads the answer of a sync, as `user`.
pub(super) fn news(answer: &[u8], user: &str) -> Result<News, String> {
    let sync: Sync = serde_json::from_slice(answer).map_err(|error| error.to_string())?;
    let mut news = News { next: sync.next_batch, ..News::default() };
    for (room, joined) in sync.rooms.join {
        for event in joined.state.events.iter().chain(&joined.timeline.events) {
            let rooms = match event.kind.as_str() {
                // Anybody may say a word that is called so; only a state of the room counts.
                _ if event.state_key.as_deref() != Some("") => continue,
                "m.room.encryption" => &mut news.encrypted,
                "m.room.tombstone" => &mut news.gone,
                _ => continue,
            };
            if !rooms.contains(&room) {
                rooms.push(room.clone());
            }
        }
        if joined.timeline.limited {
            news.missed.push(room.clone());
        }
        let heard = joined.timeline.events.iter().filter(|event| event.sender != user);
        news.heard.extend(heard.filter_map(|event| heard_in(&room, event)));
    }
    for (room, invited) in sync.rooms.invite {
        let by = invited.invite_state.events.into_iter().find(|event| {
            event.kind == "m.room.member"
                && event.state_key.as_deref() == Some(user)
                && event.content.get("membership").is_some_and(|how| how == "invite")
        });
        news.invited.push((room, by.map(|event| event.sender).unwrap_or_default()));
    }
    news.gone.extend(sync.rooms.leave.into_keys());
    Ok(news)
}

fn heard_in(room: &str, event: &Event) -> Option<Heard> {
    let content = &event.content;
    let relation = &content["m.relates_to"];
    let about = relation["event_id"].as_str().map(str::to_owned);
    let what = match event.kind.as_str() {
        "m.reaction" if relation["rel_type"] == "m.annotation" => {
            What::Sign(relation["key"].as_str()?.to_owned())
        }
        // Only typed text: no notice of a program, no emote, no file.
        "m.room.message" if content["msgtype"] == "m.text" => {
            let is_change = relation["rel_type"] == "m.replace" || content.get("m.new_content").is_some();
            let is_forwarded = content.as_object()?.keys().any(|key| key.contains("forward"));
            // What a bridge brings names where it came from.
            let is_bridged = content.get("external_url").is_some()
                || content.as_object()?.keys().any(|key| key.contains("bridge"));
            if is_change || is_forwarded || is_bridged {
                return None;
            }
            What::Words(content["body"].as_str()?.to_owned())
        }
        _ => return None,
    };
    let about = about.filter(|_| relation["rel_type"] == "m.thread" || matches!(what, What::Sign(_)));
    // Without its age nobody knows whether it is an order for now. A server's clock may be a little behind.
    let age = Duration::from_millis(u64::try_from(event.unsigned.age?.max(0)).ok()?);
    Some(Heard {
        room: room.to_owned(),
        person: event.sender.clone(),
        message: event.event_id.clone(),
        about,
        age,
        what,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOT: &str = "@greffier:exemple.example";

    fn heard(events: Value) -> Vec<What> {
        let answer = json!({ "next_batch": "s2", "rooms": { "join": { "!a": { "timeline": { "events": events } } } } });
        let news = news(answer.to_string().as_bytes(), BOT).unwrap();
        assert_eq!(news.next, "s2");
        news.heard.into_iter().map(|heard| heard.what).collect()
    }

    fn message(sender: &str, content: Value) -> Value {
        json!({ "type": "m.room.message", "event_id": "$1", "sender": sender, "content": content,
                "unsigned": { "age": 1500 } })
    }

    #[test]
    fn only_what_a_person_typed_there_is_heard() {
        let marie = "@marie:exemple.example";
        let text = |body: &str| json!({ "msgtype": "m.text", "body": body });
        let mut changed = text("* approuver 2");
        changed["m.relates_to"] = json!({ "rel_type": "m.replace", "event_id": "$0" });
        let mut forwarded = text("approuver 3");
        forwarded["m.forwarded"] = json!({ "event_id": "$9" });
        let mut bridged = text("approuver 4");
        bridged["external_url"] = json!("https://ailleurs.example/1");
        let events = json!([
            message(marie, text("file")),
            message(marie, changed),
            message(marie, forwarded),
            message(marie, bridged),
            message(marie, json!({ "msgtype": "m.notice", "body": "approuver 5" })),
            message(BOT, text("approuver 6")),
            message(marie, json!({ "msgtype": 3 })),
            message(marie, json!("broken")),
            json!({ "type": "m.room.message", "event_id": "$1", "sender": marie, "content": text("approuver 7") }),
        ]);
        assert_eq!(heard(events), [What::Words("file".to_owned())]);
    }

    #[test]
    fn signs_and_threads_know_what_they_are_about() {
        let reply = json!({ "msgtype": "m.text", "body": "prendre",
                            "m.relates_to": { "rel_type": "m.thread", "event_id": "$card" } });
        let sign = json!({ "type": "m.reaction", "event_id": "$2", "sender": "@a:x", "unsigned": { "age": 2 },
                           "content": { "m.relates_to": { "rel_type": "m.annotation", "event_id": "$card", "key": "✅" } } });
        let quoting = json!({ "msgtype": "m.text", "body": "file",
                              "m.relates_to": { "m.in_reply_to": { "event_id": "$other" } } });
        let answer = json!({ "next_batch": "s", "rooms": { "join": { "!a": { "timeline": { "events": [
            message("@a:x", reply), sign, message("@a:x", quoting)] } } } } });
        let news = news(answer.to_string().as_bytes(), BOT).unwrap();
        let about: Vec<Option<&str>> = news.heard.iter().map(|heard| heard.about.as_deref()).collect();
        assert_eq!(about, [Some("$card"), Some("$card"), None]);
        assert_eq!(news.heard[0].age, Duration::from_millis(1500));
    }

    #[test]
    fn rooms_come_close_and_go() {
        let answer = json!({ "next_batch": "s", "rooms": {
            "join": { "!dark": { "state": { "events": [{ "type": "m.room.encryption", "state_key": "", "content": {} }] } },
                      "!old": { "timeline": { "events": [{ "type": "m.room.tombstone", "state_key": "", "content": {} }] } },
                      // Words that are called so are no state of the room.
                      "!talk": { "timeline": { "limited": true, "events": [
                          { "type": "m.room.encryption", "content": {} }, { "type": "m.room.tombstone", "content": {} },
                          { "type": "m.room.encrypted", "content": {} }] } } },
            "invite": { "!new": { "invite_state": { "events": [
                { "type": "m.room.member", "sender": "@marie:x", "state_key": BOT, "content": { "membership": "invite" } }] } } },
            "leave": { "!out": {} } } });
        let news = news(answer.to_string().as_bytes(), BOT).unwrap();
        assert_eq!(news.encrypted, ["!dark"]);
        assert_eq!(news.gone, ["!old", "!out"]);
        assert_eq!(news.missed, ["!talk"]);
        assert_eq!(news.invited, [("!new".to_owned(), "@marie:x".to_owned())]);
    }

    #[test]
    fn nonsense_is_no_news() {
        assert!(news(b"", BOT).is_err());
        assert!(news(b"[]", BOT).is_err());
        assert!(news(br#"{"next_batch":"s","rooms":{"join":{"!a":{}}}}"#, BOT).unwrap().heard.is_empty());
    }
}

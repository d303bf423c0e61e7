//! Edge: a Matrix homeserver, by the client-server API (v1.13 of the specification).
//!
//! What is asked again with the same transaction number is done once (client-server API, "Transaction
//! identifiers"), so a message whose fate is not known is simply sent again. Rooms are read in the clear
//! only: an encrypted one is told apart and left to a person.

mod events;
mod words;

use super::channel::{Channel, Fault, News, Say};
use crate::config::{self, Room};
use crate::http::{Answer, Client, Failed, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;

/// How long the server may keep a question for news open.
const LINGER: Duration = Duration::from_secs(30);
/// How long anything else may take, and what is added to [`LINGER`].
const PATIENCE: Duration = Duration::from_secs(15);

/// The homeserver, as one of its users.
#[derive(Debug, Clone)]
pub struct Matrix {
    client: Client,
    settings: config::Matrix,
}

/// What an `m.room.message` holds.
#[derive(Serialize)]
struct Content {
    msgtype: &'static str,
    body: String,
    format: &'static str,
    formatted_body: String,
    /// Nobody: without it, a name such as `@room` within our words would call people ("User and room mentions").
    #[serde(rename = "m.mentions")]
    mentions: Mentions,
    #[serde(rename = "m.new_content", skip_serializing_if = "Option::is_none")]
    new_content: Option<Box<Content>>,
    #[serde(rename = "m.relates_to", skip_serializing_if = "Option::is_none")]
    relates_to: Option<Value>,
}

#[derive(Serialize)]
struct Mentions {}

impl Content {
    /// A message of a program (`m.notice`): other programs do not answer it.
    fn of(say: &Say) -> Self {
        Self {
            msgtype: "m.notice",
            body: words::plain(say),
            format: "org.matrix.custom.html",
            formatted_body: words::html(say),
            mentions: Mentions {},
            new_content: None,
            relates_to: None,
        }
    }
}

/// What the server says where it says no ("Standard error response").
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    errcode: String,
    retry_after_ms: Option<u64>,
}

#[derive(Deserialize)]
struct Sent {
    event_id: String,
}

#[derive(Deserialize)]
struct Whoami {
    user_id: String,
}

#[derive(Deserialize)]
struct JoinedRooms {
    joined_rooms: Vec<String>,
}

/// What stands between the bot and its rooms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hindrances {
    /// Rooms of the config in which it is not: somebody of the team must invite it.
    pub outside: Vec<String>,
    /// Rooms whose messages it could not read.
    pub encrypted: Vec<String>,
}

impl Matrix {
    /// # Errors
    /// If there is no certificate to trust.
    pub fn new(settings: config::Matrix) -> Result<Self, Fault> {
        let client = Client::new(settings.ca_file.as_deref());
        let client = client.map_err(|error| Fault::Unreachable(error.to_string()))?;
        Ok(Self { client, settings })
    }

    /// Asks whose token it is, and looks at the rooms of the config.
    ///
    /// # Errors
    /// If it is not the configured user's, or there is no answer.
    pub async fn check(&self) -> Result<Hindrances, Fault> {
        let path = ["_matrix", "client", "v3", "account", "whoami"];
        let who: Whoami = parsed(&self.ask("GET", &path, &[], None, PATIENCE).await?)?;
        if who.user_id != self.settings.user {
            return Err(Fault::Unauthorised("the token is another user's".to_owned()));
        }
        let path = ["_matrix", "client", "v3", "joined_rooms"];
        let joined: JoinedRooms = parsed(&self.ask("GET", &path, &[], None, PATIENCE).await?)?;
        let mut found = Hindrances::default();
        for room in &self.settings.rooms {
            if !joined.joined_rooms.contains(&room.id) {
                found.outside.push(room.id.clone());
                continue;
            }
            let path = ["_matrix", "client", "v3", "rooms", &room.id, "state", "m.room.encryption", ""];
            match self.ask("GET", &path, &[], None, PATIENCE).await {
                Ok(_) => found.encrypted.push(room.id.clone()),
                // Nothing says that it is.
                Err(Fault::Refused(_)) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(found)
    }

    async fn send(&self, room: &str, txn: &str, content: &Content) -> Result<String, Fault> {
        let content = serde_json::to_value(content).map_err(|error| Fault::Unsound(error.to_string()))?;
        let path = ["_matrix", "client", "v3", "rooms", room, "send", "m.room.message", txn];
        let sent: Sent = parsed(&self.ask("PUT", &path, &[], Some(&content), PATIENCE).await?)?;
        Ok(sent.event_id)
    }

    async fn ask(
        &self,
        method: &str,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&Value>,
        patience: Duration,
    ) -> Result<Vec<u8>, Fault> {
        // Read at each use: it may have been renewed.
        let token = self.settings.token.read().map_err(Fault::Credential)?;
        let request = Request {
            method: method.parse().map_err(|_| Fault::Unsound("method".to_owned()))?,
            service: &self.settings.homeserver,
            path,
            query,
            token: Some(token.expose()),
            body,
        };
        let answer = self.client.json(&request, patience).await;
        let answer = answer.map_err(|failed| match failed {
            Failed::TooLong => Fault::Unsound(failed.to_string()),
            failed => Fault::Unreachable(failed.to_string()),
        })?;
        if (200..300).contains(&answer.status) { Ok(answer.body) } else { Err(refused(&answer)) }
    }
}

impl Channel for Matrix {
    const NAME: &'static str = "matrix";
    const CHANGES: bool = true;

    fn rooms(&self) -> &[Room] {
        &self.settings.rooms
    }

    /// The whole identity, and the part of it that people type.
    fn names(&self) -> Vec<String> {
        let user = &self.settings.user;
        let local = user.trim_start_matches('@').split(':').next().unwrap_or_default();
        vec![user.clone(), local.to_owned()]
    }

    async fn news(&self, since: Option<&str>) -> Result<News, Fault> {
        let path = ["_matrix", "client", "v3", "sync"];
        let linger = LINGER.as_millis().to_string();
        let filter = events::filter(&self.settings.user).to_string();
        let query = match since {
            Some(since) => vec![("filter", filter.as_str()), ("timeout", &linger), ("since", since)],
            None => vec![("filter", filter.as_str()), ("timeout", "0")],
        };
        let answer = self.ask("GET", &path, &query, None, LINGER + PATIENCE).await?;
        let mut news = events::news(&answer, &self.settings.user).map_err(Fault::Unsound)?;
        if since.is_none() {
            // Whatever was said before the first start is nobody's command.
            news.heard.clear();
        }
        Ok(news)
    }

    async fn say(&self, room: &str, txn: &str, say: &Say, about: Option<&str>) -> Result<String, Fault> {
        let relates_to = about.map(|head| {
            let beneath = json!({ "event_id": head });
            json!({ "rel_type": "m.thread", "event_id": head, "is_falling_back": true, "m.in_reply_to": beneath })
        });
        let content = Content { relates_to, ..Content::of(say) };
        self.send(room, txn, &content).await
    }

    async fn change(&self, room: &str, txn: &str, message: &str, say: &Say) -> Result<(), Fault> {
        let content = Content {
            // For whoever shows no changes ("Event replacements").
            body: format!("* {}", words::plain(say)),
            new_content: Some(Box::new(Content::of(say))),
            relates_to: Some(json!({ "rel_type": "m.replace", "event_id": message })),
            ..Content::of(say)
        };
        self.send(room, txn, &content).await.map(drop)
    }

    async fn join(&self, room: &str) -> Result<(), Fault> {
        let path = ["_matrix", "client", "v3", "join", room];
        self.ask("POST", &path, &[], Some(&json!({})), PATIENCE).await.map(drop)
    }

    async fn leave(&self, room: &str) -> Result<(), Fault> {
        let path = ["_matrix", "client", "v3", "rooms", room, "leave"];
        self.ask("POST", &path, &[], Some(&json!({})), PATIENCE).await.map(drop)
    }
}

fn refused(answer: &Answer) -> Fault {
    let said: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
    let words = format!("{} {}", answer.status, said.errcode);
    match answer.status {
        429 => {
            let pause = said.retry_after_ms.map(Duration::from_millis).or(answer.retry_after);
            Fault::Limited(pause.unwrap_or(Duration::from_secs(5)))
        }
        401 => Fault::Unauthorised(words),
        // Without its own words it may be a proxy's no, while the server starts.
        403 | 404 | 400 | 413 if !said.errcode.is_empty() => Fault::Refused(words),
        _ => Fault::Unreachable(words),
    }
}

fn parsed<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|error| Fault::Unsound(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_server_s_own_no_is_one() {
        let answer = |status: u16, body: &str| {
            refused(&Answer { status, body: body.into(), retry_after: None, content_type: None })
        };
        let no = r#"{"errcode":"M_FORBIDDEN"}"#;
        assert!(matches!(answer(403, no), Fault::Refused(_)));
        for (status, body) in [(403, "<html>"), (404, ""), (400, "{}"), (502, no), (408, no)] {
            assert!(matches!(answer(status, body), Fault::Unreachable(_)), "{status} {body}");
        }
        let wait = answer(429, r#"{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":1500}"#);
        assert!(matches!(wait, Fault::Limited(pause) if pause == Duration::from_millis(1500)));
    }
}

//! A real Synapse, the Matrix server, on a free loopback port and in a folder of its own,
//! with people who talk in its rooms.
//!
//! Included by test binaries with `#[path]`. `scripts/fetch-synapse` installs it, once for
//! each target folder; where that fails the test fails and says so. The server is stopped
//! by its own process id when dropped, and ends by itself, folder and all, when the test
//! program does: one that many tests share lives in a static, which nothing ever drops.
//! Callers are plain tests; what is asynchronous stays in here.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use data_encoding::BASE64_NOPAD;
use reqwest::{Client, Method, Url};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// The part after the colon in the addresses of people.
pub const SERVER: &str = "clavardage.example";

/// Longest wait for the server to start, which takes a few seconds, and for its answers.
const PATIENCE: Duration = Duration::from_secs(90);

/// Events that are read at once.
pub const PAGE: usize = 100;

/// Between two looks at what one waits for.
const PAUSE: Duration = Duration::from_millis(100);

/// Whoever knows it registers people.
const SECRET: &str = "secret d'inscription";

/// Runs Synapse until the test program is gone, however it ended: its end of the pipe is
/// closed then. By that time nobody else can take the folder away.
const LAUNCHER: &str = "
import os, shutil, threading

folder = os.getcwd()

def end_with_the_test():
    while os.read(0, 1):
        pass
    # What is written meanwhile goes with the second time.
    for _ in range(2):
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)

threading.Thread(target=end_with_the_test, daemon=True).start()
from synapse.app.homeserver import main
main()
";

/// The authentication code that a registration bears; SHA-1 is in no crate that we use.
const CODE: &str = "
import hashlib, hmac, sys
secret, *parts = [part.encode() for part in sys.argv[1:]]
print(hmac.new(secret, b'\\0'.join(parts), hashlib.sha1).hexdigest())
";

/// How often something may be done: so many at once, and then so many a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    pub per_second: f64,
    pub at_once: u32,
}

impl Rate {
    /// More than any test asks for.
    pub const GENEROUS: Self = Self { per_second: 100_000.0, at_once: 100_000 };
    /// Three, and another one every two seconds.
    pub const TIGHT: Self = Self { per_second: 0.5, at_once: 3 };

    fn setting(self) -> Value {
        json!({ "per_second": self.per_second, "burst_count": self.at_once })
    }
}

/// What a server refuses with 429.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Messages, reactions and redactions of one person.
    pub messages: Rate,
    /// Log-ins, of one account and from one address.
    pub logins: Rate,
}

impl Default for Limits {
    fn default() -> Self {
        Self { messages: Rate::GENEROUS, logins: Rate::GENEROUS }
    }
}

/// A running server.
#[derive(Debug)]
pub struct Synapse {
    folder: tempfile::TempDir,
    port: u16,
    running: Option<Running>,
}

/// Its process. The pipe is not the child's any more, as waiting for a child closes that.
#[derive(Debug)]
struct Running {
    child: Child,
    pipe: ChildStdin,
}

impl Synapse {
    /// Starts a server without people, which refuses nobody for being quick.
    pub fn start() -> Self {
        Self::with(Limits::default())
    }

    /// The same, with these limits.
    pub fn with(limits: Limits) -> Self {
        let folder = tempfile::Builder::new().prefix("greffier-synapse-").tempdir().unwrap();
        let port = free_port();
        write_config(folder.path(), port, limits);
        let mut server = Self { folder, port, running: None };
        server.launch();
        server
    }

    /// Where it is, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Makes an account, `@name:clavardage.example`, and somebody who is logged in to it.
    ///
    /// The registration brings the token, so that no log-in counts towards the limits.
    pub fn register(&self, name: &str) -> Person {
        let password = format!("mot de passe de {name}");
        let place = self.place("/_synapse/admin/v1/register");
        let nonce = ask(Method::GET, place.clone(), None, None).done();
        let nonce = text(&nonce, "/nonce");
        let code = Command::new(PYTHON.as_path())
            .args(["-c", CODE, SECRET, &nonce, name, &password, "notadmin"])
            .output()
            .unwrap();
        let code = String::from_utf8(code.stdout).unwrap();
        let wanted = json!({
            "nonce": nonce, "username": name, "password": password, "admin": false, "mac": code.trim(),
        });
        self.person(name, &password, &ask(Method::POST, place, None, Some(&wanted)).done())
    }

    /// Logs in by password: another token and device. `Err` is what the server said.
    pub fn log_in(&self, name: &str, password: &str) -> Result<Person, Answer> {
        let wanted = json!({
            "type": "m.login.password",
            "identifier": { "type": "m.id.user", "user": name },
            "password": password,
        });
        let place = self.place("/_matrix/client/v3/login");
        let answer = ask(Method::POST, place, None, Some(&wanted));
        if answer.status == 200 { Ok(self.person(name, password, &answer.body)) } else { Err(answer) }
    }

    /// Stops it as an operator would; people and rooms stay in its folder.
    pub fn stop(&mut self) {
        let Some(mut running) = self.running.take() else { return };
        let _ = Command::new("kill").arg(running.child.id().to_string()).status();
        let start = Instant::now();
        while running.child.try_wait().unwrap().is_none() && start.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(20));
        }
        running.kill();
    }

    /// Starts it again on the same port, with the same people and rooms.
    pub fn launch(&mut self) {
        let output = File::create(self.folder.path().join("output")).unwrap();
        let mut child = Command::new(PYTHON.as_path())
            .args(["-c", LAUNCHER, "--config-path", "homeserver.yaml"])
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .spawn()
            .unwrap();
        let pipe = child.stdin.take().unwrap();
        let running = self.running.insert(Running { child, pipe });
        let start = Instant::now();
        let place = Url::parse(&format!("http://127.0.0.1:{}/_matrix/client/versions", self.port)).unwrap();
        // Not for long: whoever else has the port may never answer.
        let asked = || try_ask(Method::GET, place.clone(), None, None, Duration::from_secs(2));
        while !asked().is_ok_and(|answer| answer.status == 200) {
            let ended = running.child.try_wait().unwrap();
            if ended.is_some() || start.elapsed() > PATIENCE {
                // Without it the test would end before the log has been read.
                running.kill();
                panic!("Synapse did not start ({ended:?}):\n{}", self.log());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Stops and starts.
    pub fn restart(&mut self) {
        self.stop();
        self.launch();
    }

    /// Does to it what the end of the test program does, and waits until it has ended;
    /// whether its folder is still there.
    pub fn left_alone(mut self) -> bool {
        let Running { mut child, pipe } = self.running.take().unwrap();
        drop(pipe);
        let start = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if start.elapsed() > PATIENCE {
                let _ = child.kill();
                panic!("Synapse outlives the test program:\n{}", self.log());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.folder.path().exists()
    }

    /// The end of what it logged, for the messages of failed tests.
    pub fn log(&self) -> String {
        let mut ends = String::new();
        for name in ["homeserver.log", "output"] {
            let log = fs::read(self.folder.path().join(name)).unwrap_or_default();
            let log = String::from_utf8_lossy(&log).into_owned();
            let lines: Vec<&str> = log.lines().collect();
            ends += &format!("{name}, its end:\n{}\n", lines[lines.len().saturating_sub(40)..].join("\n"));
        }
        ends
    }

    fn place(&self, path: &str) -> Url {
        Url::parse(&format!("{}{path}", self.url())).unwrap()
    }

    fn person(&self, name: &str, password: &str, answer: &Value) -> Person {
        Person {
            url: self.url(),
            name: name.to_owned(),
            id: text(answer, "/user_id"),
            password: password.to_owned(),
            token: text(answer, "/access_token"),
            device: text(answer, "/device_id"),
        }
    }
}

impl Running {
    fn kill(&mut self) {
        // The child has not been waited for, or is known to be gone: no other is hit.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Synapse {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            // Nobody needs what it would still write.
            running.kill();
        }
        if std::thread::panicking() {
            eprintln!("{}", self.log());
        }
    }
}

/// Somebody with an account and a token. Whatever the server refuses fails the test, but
/// in [`ask`](Self::ask).
#[derive(Debug, Clone)]
pub struct Person {
    /// The server's address.
    pub url: String,
    /// `marie`
    pub name: String,
    /// `@marie:clavardage.example`
    pub id: String,
    /// What one logs in with.
    pub password: String,
    /// What every request bears.
    pub token: String,
    /// What the token belongs to.
    pub device: String,
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    /// The header of that name, in seconds.
    pub retry_after: Option<u64>,
    pub body: Value,
}

impl Answer {
    /// The body; anything but success fails the test.
    pub fn done(self) -> Value {
        assert_eq!(self.status, 200, "Synapse refuses: {}", self.body);
        self.body
    }

    /// The name of the error, such as `M_LIMIT_EXCEEDED`.
    pub fn error(&self) -> &str {
        self.body["errcode"].as_str().unwrap_or_default()
    }

    /// How long it asks to be left alone.
    pub fn retry_after_ms(&self) -> Option<u64> {
        self.body["retry_after_ms"].as_u64()
    }
}

/// A message in a room.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEvent {
    pub id: String,
    pub sender: String,
    /// `m.text`, `m.notice`; empty once it has been redacted.
    pub msgtype: String,
    /// Empty once it has been redacted; of an edit, what old clients show.
    pub body: String,
    pub formatted_body: Option<String>,
    /// What it belongs to: an edited message, a thread.
    pub relation: Option<Relation>,
    /// The message it answers, in a thread or outside.
    pub in_reply_to: Option<String>,
    /// Of an edit, what the message says from now on.
    pub new_content: Option<NewContent>,
    /// Whether somebody took it back.
    pub redacted: bool,
    /// All of it, as it was sent.
    pub content: Value,
}

/// What a message is to another event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// `m.replace`, `m.thread`
    pub rel_type: String,
    pub event_id: String,
}

/// What an edited message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContent {
    pub msgtype: String,
    pub body: String,
    pub formatted_body: Option<String>,
}

/// A sign put to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    pub id: String,
    pub sender: String,
    /// The message.
    pub event_id: String,
    pub key: String,
}

impl Person {
    /// Asks for anything below `/_matrix/client/v3`; never fails for what is answered.
    pub fn ask(&self, method: Method, path: &[&str], query: &[(&str, &str)], body: Option<&Value>) -> Answer {
        let mut place = Url::parse(&self.url).unwrap();
        // Addresses of rooms and events hold signs that mean something in a URL.
        place.path_segments_mut().unwrap().extend(["_matrix", "client", "v3"].iter().chain(path));
        if !query.is_empty() {
            place.query_pairs_mut().extend_pairs(query);
        }
        ask(method, place, Some(&self.token), body)
    }

    /// Makes a room where one is let in by invitation; its address.
    pub fn create_room(&self, name: &str, invited: &[&Person], encrypted: bool) -> String {
        let encryption = json!({
            "type": "m.room.encryption", "state_key": "", "content": { "algorithm": "m.megolm.v1.aes-sha2" },
        });
        let wanted = json!({
            "name": name,
            "preset": "private_chat",
            "invite": invited.iter().map(|person| &person.id).collect::<Vec<_>>(),
            "initial_state": if encrypted { vec![encryption] } else { vec![] },
        });
        text(&self.post(&["createRoom"], &wanted), "/room_id")
    }

    /// Asks somebody in.
    pub fn invite(&self, room: &str, who: &Person) {
        self.post(&["rooms", room, "invite"], &json!({ "user_id": who.id }));
    }

    /// Goes in, where one was asked in.
    pub fn join(&self, room: &str) {
        self.post(&["rooms", room, "join"], &json!({}));
    }

    /// Goes out, or declines to come in.
    pub fn leave(&self, room: &str) {
        self.post(&["rooms", room, "leave"], &json!({}));
    }

    /// Puts somebody out.
    pub fn kick(&self, room: &str, who: &Person) {
        self.post(&["rooms", room, "kick"], &json!({ "user_id": who.id }));
    }

    /// Closes a room and opens another in its place; the other's address. Nobody but the
    /// one who did it is in there.
    pub fn upgrade_room(&self, room: &str) -> String {
        let can = self.ask(Method::GET, &["capabilities"], &[], None).done();
        let version = text(&can, "/capabilities/m.room_versions/default");
        let answer = self.post(&["rooms", room, "upgrade"], &json!({ "new_version": version }));
        text(&answer, "/replacement_room")
    }

    /// Whether somebody is in a room (`join`), asked in, out…; `None`: never was.
    pub fn membership(&self, room: &str, who: &Person) -> Option<String> {
        let answer = self.ask(Method::GET, &["rooms", room, "state", "m.room.member", &who.id], &[], None);
        (answer.status != 404).then(|| text(&answer.done(), "/membership"))
    }

    /// Waits until somebody's membership is this one.
    pub fn wait_for_membership(&self, room: &str, who: &Person, membership: &str, patience: Duration) {
        let start = Instant::now();
        loop {
            let now = self.membership(room, who);
            if now.as_deref() == Some(membership) {
                return;
            }
            assert!(start.elapsed() < patience, "{} is not at {membership:?}, but {now:?}", who.id);
            std::thread::sleep(PAUSE);
        }
    }

    /// Sets a part of the room's state, such as `m.room.topic` with an empty key.
    pub fn set_state(&self, room: &str, kind: &str, key: &str, content: &Value) -> String {
        let path = ["rooms", room, "state", kind, key];
        text(&self.ask(Method::PUT, &path, &[], Some(content)).done(), "/event_id")
    }

    /// The name that clients show.
    pub fn set_display_name(&self, name: &str) {
        let wanted = json!({ "displayname": name });
        self.ask(Method::PUT, &["profile", &self.id, "displayname"], &[], Some(&wanted)).done();
    }

    /// Says something; the event, as of all that follow.
    pub fn say(&self, room: &str, text: &str) -> String {
        self.message(room, &json!({ "msgtype": "m.text", "body": text }))
    }

    /// Says it with HTML beside the text.
    pub fn say_html(&self, room: &str, text: &str, html: &str) -> String {
        self.message(
            room,
            &json!({
                "msgtype": "m.text",
                "body": text,
                "format": "org.matrix.custom.html",
                "formatted_body": html,
            }),
        )
    }

    /// Says it as programs do.
    pub fn notice(&self, room: &str, text: &str) -> String {
        self.message(room, &json!({ "msgtype": "m.notice", "body": text }))
    }

    /// Says something else instead of what was said in `event`.
    pub fn edit(&self, room: &str, event: &str, text: &str) -> String {
        self.message(
            room,
            &json!({
                "msgtype": "m.text",
                "body": format!("* {text}"),
                "m.new_content": { "msgtype": "m.text", "body": text },
                "m.relates_to": { "rel_type": "m.replace", "event_id": event },
            }),
        )
    }

    /// Answers a message, outside of any thread.
    pub fn reply(&self, room: &str, event: &str, text: &str) -> String {
        self.message(
            room,
            &json!({
                "msgtype": "m.text",
                "body": text,
                "m.relates_to": { "m.in_reply_to": { "event_id": event } },
            }),
        )
    }

    /// Says something in the thread below `root`, as clients do: those that know no threads
    /// show it as an answer.
    pub fn reply_in_thread(&self, room: &str, root: &str, text: &str) -> String {
        self.message(
            room,
            &json!({
                "msgtype": "m.text",
                "body": text,
                "m.relates_to": {
                    "rel_type": "m.thread",
                    "event_id": root,
                    "is_falling_back": true,
                    "m.in_reply_to": { "event_id": root },
                },
            }),
        )
    }

    /// Puts a sign to a message.
    pub fn react(&self, room: &str, event: &str, key: &str) -> String {
        let content =
            json!({ "m.relates_to": { "rel_type": "m.annotation", "event_id": event, "key": key } });
        text(&self.try_send(room, "m.reaction", &content).done(), "/event_id")
    }

    /// Takes an event back.
    pub fn redact(&self, room: &str, event: &str) -> String {
        let path = ["rooms", room, "redact", event, &transaction()];
        text(&self.ask(Method::PUT, &path, &[], Some(&json!({}))).done(), "/event_id")
    }

    /// Sends an event of any kind; never fails for what is answered.
    pub fn try_send(&self, room: &str, kind: &str, content: &Value) -> Answer {
        self.ask(Method::PUT, &["rooms", room, "send", kind, &transaction()], &[], Some(content))
    }

    /// The messages of a room from its beginning, in order.
    pub fn timeline(&self, room: &str) -> Vec<TimelineEvent> {
        self.events(room).iter().filter(|event| event["type"] == "m.room.message").map(message_of).collect()
    }

    /// The signs put to messages, in order, without those taken back.
    pub fn reactions(&self, room: &str) -> Vec<Reaction> {
        let mut events = self.events(room);
        events.retain(|event| event["type"] == "m.reaction" && event["content"]["m.relates_to"].is_object());
        let reaction = |event: &Value| Reaction {
            id: text(event, "/event_id"),
            sender: text(event, "/sender"),
            event_id: text(event, "/content/m.relates_to/event_id"),
            key: text(event, "/content/m.relates_to/key"),
        };
        events.iter().map(reaction).collect()
    }

    /// Every event of a room, as the server gives it.
    pub fn events(&self, room: &str) -> Vec<Value> {
        let mut events = Vec::new();
        let (limit, mut from) = (PAGE.to_string(), None);
        loop {
            let mut query = vec![("dir", "f"), ("limit", limit.as_str())];
            query.extend(from.as_deref().map(|from: &str| ("from", from)));
            let page = self.ask(Method::GET, &["rooms", room, "messages"], &query, None).done();
            events.extend(page["chunk"].as_array().unwrap().iter().cloned());
            let Some(end) = page["end"].as_str() else { return events };
            from = Some(end.to_owned());
        }
    }

    /// Waits for a message; the first in the room that is like this.
    pub fn wait_for(
        &self,
        room: &str,
        like_this: impl Fn(&TimelineEvent) -> bool,
        patience: Duration,
    ) -> TimelineEvent {
        let start = Instant::now();
        loop {
            let timeline = self.timeline(room);
            if let Some(event) = timeline.iter().find(|event| like_this(event)) {
                return event.clone();
            }
            assert!(start.elapsed() < patience, "no such message came; those there are: {timeline:#?}");
            std::thread::sleep(PAUSE);
        }
    }

    /// Ends the token.
    pub fn log_out(&self) {
        self.post(&["logout"], &json!({}));
    }

    fn message(&self, room: &str, content: &Value) -> String {
        text(&self.try_send(room, "m.room.message", content).done(), "/event_id")
    }

    fn post(&self, path: &[&str], body: &Value) -> Value {
        self.ask(Method::POST, path, &[], Some(body)).done()
    }
}

fn message_of(event: &Value) -> TimelineEvent {
    let content = &event["content"];
    let new = &content["m.new_content"];
    let relation = &content["m.relates_to"];
    TimelineEvent {
        id: text(event, "/event_id"),
        sender: text(event, "/sender"),
        msgtype: text_if(content, "/msgtype").unwrap_or_default(),
        body: text_if(content, "/body").unwrap_or_default(),
        formatted_body: text_if(content, "/formatted_body"),
        relation: text_if(relation, "/rel_type")
            .map(|rel_type| Relation { rel_type, event_id: text(relation, "/event_id") }),
        in_reply_to: text_if(relation, "/m.in_reply_to/event_id"),
        new_content: new.is_object().then(|| NewContent {
            msgtype: text(new, "/msgtype"),
            body: text(new, "/body"),
            formatted_body: text_if(new, "/formatted_body"),
        }),
        redacted: event["unsigned"]["redacted_because"].is_object(),
        content: content.clone(),
    }
}

fn text(value: &Value, at: &str) -> String {
    text_if(value, at).unwrap_or_else(|| panic!("no {at} in {value}"))
}

fn text_if(value: &Value, at: &str) -> Option<String> {
    value.pointer(at)?.as_str().map(str::to_owned)
}

/// Two requests with one of these are one to the server.
fn transaction() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed).to_string()
}

/// What all requests of a test program go through.
static WEB: LazyLock<(Runtime, Client)> = LazyLock::new(|| {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).enable_all().build().unwrap();
    // Nothing here speaks TLS, and still a client wants to know how. Not by a default for
    // the whole program: greffier would find that in tests, and miss it in the field.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let client = Client::builder().tls_backend_preconfigured(tls).no_proxy();
    (runtime, client.build().unwrap())
});

fn ask(method: Method, place: Url, token: Option<&str>, body: Option<&Value>) -> Answer {
    try_ask(method, place, token, body, PATIENCE)
        .unwrap_or_else(|error| panic!("Synapse is not there: {error:?}"))
}

fn try_ask(
    method: Method,
    place: Url,
    token: Option<&str>,
    body: Option<&Value>,
    patience: Duration,
) -> Result<Answer, reqwest::Error> {
    let (runtime, client) = &*WEB;
    let mut request = client.request(method, place).timeout(patience);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some(body) = body {
        request = request.json(body);
    }
    runtime.block_on(async {
        let answer = request.send().await?;
        let retry_after =
            answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
        Ok(Answer { status: answer.status().as_u16(), retry_after, body: answer.json().await? })
    })
}

/// The Python that has Synapse, installed if need be.
static PYTHON: LazyLock<PathBuf> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("synapse");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/fetch-synapse");
    let fetched = Command::new(script).arg(&dir).output().unwrap();
    assert!(
        fetched.status.success(),
        "scripts/fetch-synapse failed, and without Synapse nothing here can be tested: {}",
        String::from_utf8_lossy(&fetched.stderr)
    );
    dir.join("bin/python")
});

/// A port that nobody listens on, below those that connections get by themselves, and none
/// of those that Postfix and its like choose from.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Test programs that run at the same time begin at different places.
    let start = u16::try_from(std::process::id() % 27).unwrap() * 100;
    loop {
        let port = 30_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 2_700;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn write_config(folder: &Path, port: u16, limits: Limits) {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).unwrap();
    let generous = Rate::GENEROUS.setting();
    let (messages, logins) = (limits.messages.setting(), limits.logins.setting());
    let config = json!({
        "server_name": SERVER,
        "public_baseurl": format!("http://127.0.0.1:{port}/"),
        // No resource but this one: it talks to no other server, and asks none for keys.
        "listeners": [{
            "port": port,
            "bind_addresses": ["127.0.0.1"],
            "type": "http",
            "resources": [{ "names": ["client"] }],
        }],
        "federation_domain_whitelist": [],
        "trusted_key_servers": [],
        "suppress_key_server_warning": true,
        "report_stats": false,
        "database": { "name": "sqlite3", "args": { "database": folder.join("homeserver.db") } },
        "media_store_path": folder.join("media"),
        "log_config": folder.join("log.yaml"),
        "signing_key": format!("ed25519 a_essai {}", BASE64_NOPAD.encode(&seed)),
        "macaroon_secret_key": "secret des jetons",
        "form_secret": "secret des formulaires",
        "registration_shared_secret": SECRET,
        // Passwords are cheap to check here.
        "bcrypt_rounds": 4,
        // Nobody looks at these, and they cost time.
        "presence": { "enabled": false },
        "stats": { "enabled": false },
        "rc_message": messages,
        "rc_login": { "address": logins, "account": logins, "failed_attempts": logins },
        "rc_registration": generous,
        "rc_room_creation": generous,
        "rc_joins": { "local": generous, "remote": generous },
        "rc_joins_per_room": generous,
        "rc_invites": { "per_room": generous, "per_user": generous, "per_issuer": generous },
        "rc_profile": generous,
    });
    let log = json!({
        "version": 1,
        "disable_existing_loggers": false,
        "formatters": { "line": { "format": "%(asctime)s %(levelname)s %(name)s: %(message)s" } },
        "handlers": {
            "file": {
                "class": "logging.FileHandler",
                "filename": folder.join("homeserver.log"),
                "formatter": "line",
                "encoding": "utf8",
            },
        },
        "root": { "level": "INFO", "handlers": ["file"] },
    });
    // JSON is YAML, too.
    for (name, content) in [("homeserver.yaml", config), ("log.yaml", log)] {
        fs::write(folder.join(name), serde_json::to_vec_pretty(&content).unwrap()).unwrap();
    }
}

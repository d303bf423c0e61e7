//! A service that only takes messages in: what reaches it, read by the library that Teams shows cards with.

use crate::channel::{PATIENCE, SUBJECT};
use crate::desk::{Desk, Settings, UNTIL_WHEN, question};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::Value;
use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Takes messages in, as a workflow does.
struct Receiver {
    url: String,
    taken: Arc<Mutex<Vec<Value>>>,
    status: Arc<AtomicU16>,
    _runtime: tokio::runtime::Runtime,
}

type Shared = (Arc<Mutex<Vec<Value>>>, Arc<AtomicU16>);

impl Receiver {
    fn new() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (taken, status) = (Arc::new(Mutex::default()), Arc::new(AtomicU16::new(202)));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}/workflows/1?sig=SECRET-SIG", listener.local_addr().unwrap());
        let app = Router::new()
            .route("/workflows/1", post(take))
            .with_state((Arc::clone(&taken), Arc::clone(&status)));
        runtime.spawn(async { axum::serve(listener, app).await.unwrap() });
        Self { url, taken, status, _runtime: runtime }
    }

    fn until_taken(&self, desk: &Desk, count: usize) -> Vec<Value> {
        let begun = Instant::now();
        loop {
            let taken = self.taken.lock().unwrap().clone();
            if taken.len() >= count {
                return taken;
            }
            assert!(begun.elapsed() < PATIENCE, "{} of {count}\n{}", taken.len(), desk.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

async fn take(State((taken, status)): State<Shared>, body: Bytes) -> StatusCode {
    let status = StatusCode::from_u16(status.load(Ordering::SeqCst)).unwrap();
    if status.is_success() {
        taken.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
    }
    status
}

fn desk(receiver: &Receiver, more: &str) -> Desk {
    let more = format!(
        "[chat]\nconsole_url = \"https://greffier.ministere.example\"\n[chat.webhook]\nurl_file = \"url\"\n{more}\n"
    );
    let desk = Desk::with(&Settings { more, ..Settings::default() });
    fs::write(desk.path("url"), &receiver.url).unwrap();
    desk
}

fn asks(desk: &mut Desk, number: u32) {
    let from = format!("Anne Roy <anne.roy@cegep{number}.example>");
    desk.deliver_now(&question(&format!("q{number}@cegep.example"), &from, SUBJECT, UNTIL_WHEN));
}

/// What the library of Adaptive Cards reads in a card: its lines, and the addresses of its buttons.
fn read(message: &Value) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/chat/adaptive-card.mjs");
    let done = Command::new("node").arg(script).arg(message.to_string()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

#[test]
fn teams_gets_a_card_for_each_question_and_no_word_of_it() {
    let receiver = Receiver::new();
    let mut desk = desk(&receiver, "");
    desk.start();
    asks(&mut desk, 1);
    let taken = receiver.until_taken(&desk, 1);
    let card = read(&taken[0]);
    assert_eq!(card["lines"][0], "№ 1 · La durée de la suspension · sûr");
    assert!(card["lines"][1].as_str().unwrap().starts_with("à réviser · reçue le "), "{card}");
    assert_eq!(card["links"][0], "https://greffier.ministere.example/fils/1");
    for secret in ["Anne", "anne.roy", SUBJECT, "Bonjour", "approuver"] {
        assert!(!taken[0].to_string().contains(secret), "{secret}: {}", taken[0]);
    }
    // What happens to it is not said again: nothing can be changed there.
    desk.approve(1);
    desk.until_state(1, "answered");
    asks(&mut desk, 2);
    receiver.until_taken(&desk, 2);
    desk.kill();
    desk.start();
    asks(&mut desk, 3);
    let taken = receiver.until_taken(&desk, 3);
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(receiver.taken.lock().unwrap().len(), 3);
    let first: Vec<String> = taken.iter().map(|message| read(message)["lines"][0].to_string()).collect();
    assert!(first[1].contains("№ 2") && first[2].contains("№ 3"), "{first:?}");
    assert!(!desk.log().contains("SECRET-SIG"), "the address is a secret");
}

#[test]
fn a_service_that_is_away_is_caught_up_with() {
    let receiver = Receiver::new();
    let mut desk = desk(&receiver, "");
    receiver.status.store(503, Ordering::SeqCst);
    desk.start();
    asks(&mut desk, 1);
    desk.until("the chat pauses", || desk.log().contains("the chat pauses").then_some(()));
    desk.kill();
    desk.start();
    receiver.status.store(429, Ordering::SeqCst);
    std::thread::sleep(Duration::from_secs(2));
    receiver.status.store(202, Ordering::SeqCst);
    receiver.until_taken(&desk, 1);
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(receiver.taken.lock().unwrap().len(), 1);
    assert!(!desk.log().contains("SECRET-SIG"), "the address is a secret");
}

#[test]
fn another_service_gets_the_json_that_it_wants_and_a_bad_template_is_told() {
    let receiver = Receiver::new();
    let mut desk = desk(&receiver, "template_file = \"webhook.json\"");
    fs::write(desk.path("webhook.json"), r#"{ "channel": "equipe", "texte": "${text}\n${link}" }"#).unwrap();
    desk.ok(&["check"]);
    desk.start();
    asks(&mut desk, 1);
    let taken = receiver.until_taken(&desk, 1).remove(0);
    let text = taken["texte"].as_str().unwrap();
    assert!(
        text.starts_with("№ 1 · ") && text.ends_with("\nhttps://greffier.ministere.example/fils/1"),
        "{text}"
    );
    assert_eq!(taken["channel"], "equipe");
    fs::write(desk.path("webhook.json"), r#"{ "texte": "${corps}" }"#).unwrap();
    let done = desk.run(&["check"]);
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(
        !done.status.success() && said.contains("chat.webhook.template_file") && said.contains("${corps}"),
        "{said}"
    );
    fs::write(desk.path("webhook.json"), r#"{ "texte": "${text}" }"#).unwrap();
    fs::write(desk.path("url"), "http://ailleurs.example/SECRET-SIG").unwrap();
    let said = String::from_utf8(desk.run(&["check"]).stdout).unwrap();
    assert!(said.contains("chat.webhook.url_file") && said.contains("https"), "{said}");
    fs::remove_file(desk.path("url")).unwrap();
    let said = String::from_utf8(desk.run(&["check"]).stdout).unwrap();
    assert!(said.contains("chat.webhook.url_file"), "{said}");
    assert!(!said.contains("SECRET-SIG"));
}

#[test]
fn many_at_once_are_announced_together() {
    let receiver = Receiver::new();
    let mut desk = desk(&receiver, "");
    desk.start();
    for number in 1..=13 {
        asks(&mut desk, number);
    }
    desk.until_state(13, "to-review");
    let taken = receiver.until_taken(&desk, 11);
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(receiver.taken.lock().unwrap().len(), 11);
    let last = read(&taken[10]);
    assert!(
        last["lines"][0].as_str().unwrap().starts_with("D’autres questions arrivent depuis le "),
        "{last}"
    );
    assert_eq!(last["links"], Value::Array(Vec::new()));
}

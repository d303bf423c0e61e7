//! Killed at any moment: nothing is lost, nothing is sent twice, nothing leaves unapproved.
//!
//! The daemon has no switch for these tests. They watch what everybody can watch (its
//! files, the mail server's side of a conversation) and send SIGKILL at that moment.

mod care;
mod moments;
mod random;
mod sum;
mod uncertain;

use crate::desk::{Desk, Settings, UNTIL_WHEN, question};
use crate::faults::{Killer, Server, sending_log};
use serde_json::Value;
use sha2::Digest as _;
use std::path::Path;
use std::process::{Child, Stdio};

/// A desk whose letters go to `server`.
fn desk(server: &Server) -> Desk {
    Desk::with(&Settings { outbox: server.outbox(), ..Settings::default() })
}

fn ask(number: u64) -> String {
    let from = format!("Anne Roy <anne.roy@cegep{number}.example>");
    question(&mail_id(number), &from, &format!("Suspension {number}"), UNTIL_WHEN)
}

fn mail_id(number: u64) -> String {
    format!("question-{number}@cegep.example")
}

/// One mail, drafted, by a daemon that goes on running.
fn drafted(desk: &mut Desk, killer: &Killer) {
    desk.start();
    killer.aim(desk.pid());
    desk.deliver(&ask(1));
    desk.until_state(1, "to-review");
    choose(desk, 1);
}

/// A person chooses the entry, so that the classifier has no part in these stories.
fn choose(desk: &Desk, id: u64) {
    desk.ok(&["reclassify", &id.to_string(), "duree-suspension", "--as", "Luc Gagnon"]);
}

/// What the size and the times of a file tell of its last change.
fn trace(path: &Path) -> Option<(u64, std::time::SystemTime)> {
    let about = std::fs::metadata(path).ok()?;
    Some((about.len(), about.modified().ok()?))
}

fn says(desk: &Desk, what: &str) -> bool {
    sending_log(&desk.path("data")).iter().any(|line| line["what"] == what)
}

/// A decision in a process of its own, for the daemon will not live to its end.
fn begin_approval(desk: &Desk) -> Child {
    let version = desk.thread(1)["version"].to_string();
    let arguments = ["approve", "1", "--seen", &version, "--as", "Marie Tremblay"];
    desk.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits for an approval whose daemon is killed meanwhile: it was committed before anything left, but
/// its answer may have been cut off. Where the thread rests tells whether it counted.
fn answered_or_not(mut approval: Child) {
    approval.wait().unwrap();
}

/// Where the thread comes to rest.
fn until_rest(desk: &Desk, id: u64) -> String {
    let moving = ["new", "approved", "sending"];
    desk.until(&format!("thread {id} comes to rest"), || {
        let threads = desk.threads();
        let thread = threads.iter().find(|thread| thread["id"] == id)?;
        let state = thread["state"].as_str().unwrap().to_owned();
        (!moving.contains(&state.as_str())).then_some(state)
    })
}

fn sent_folder(desk: &Desk) -> Vec<Vec<u8>> {
    let files = ["new", "cur"].map(|part| std::fs::read_dir(desk.path("mail/.Sent").join(part)).unwrap());
    files.into_iter().flatten().map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

fn seal(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(bytes))
}

fn count(shown: &Value, event: &str) -> usize {
    shown["events"].as_array().unwrap().iter().filter(|line| line["event"] == event).count()
}

fn deliver(inbox: &Path, name: &str, raw: &str) {
    let beside = inbox.join("tmp").join(name);
    std::fs::write(&beside, raw.replace('\n', "\r\n")).unwrap();
    std::fs::rename(beside, inbox.join("new").join(name)).unwrap();
}

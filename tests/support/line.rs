//! The whole line on real servers: a Dovecot, a Postfix that delivers back into it, and the greffier between them.

use crate::desk::{Desk, Settings};
use crate::dovecot::{self, Door, Dovecot};
use crate::postfix::{self, Postfix};
use greffier::config::Tls;
use serde_json::Value;
use sha2::Digest as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The account at Postfix.
pub const SMTP_USER: &str = "envoi-canari";
/// Its password.
pub const SMTP_PASSWORD: &str = "motdepasse-canari-smtp";
/// The folder of the Dovecot into which Postfix delivers: the asker's mail, which greffier does not read.
pub const ASKER: &str = "Anne";

/// What differs from one test to the other.
pub struct Setting {
    pub tls: Tls,
    pub dovecot: dovecot::Options,
    /// `None`: letters go to a folder.
    pub postfix: Option<postfix::Options>,
    pub poll_seconds: u32,
    pub hold_seconds: u32,
    pub since: &'static str,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            tls: Tls::Implicit,
            dovecot: dovecot::Options::default(),
            postfix: None,
            poll_seconds: 1,
            hold_seconds: 0,
            since: "all",
        }
    }
}

/// A Postfix that asks for a log-in.
pub fn with_account() -> postfix::Options {
    postfix::Options { account: Some((SMTP_USER, SMTP_PASSWORD)), ..postfix::Options::default() }
}

/// The running servers, and a greffier that is not started yet.
pub struct Line {
    pub desk: Desk,
    pub dovecot: Dovecot,
    pub postfix: Option<Postfix>,
    sent: &'static str,
}

impl Line {
    pub fn new(setting: Setting) -> Self {
        let Setting { tls, dovecot, postfix, poll_seconds, hold_seconds, since } = setting;
        let sent = dovecot.folders.first().map_or("Sent", |(name, _)| name);
        let dovecot = Dovecot::start(&dovecot);
        let door = if tls == Tls::Implicit { Door::Implicit } else { Door::Plain };
        let mailbox = format!(
            "kind = \"imap\"\n{}user = {:?}\npassword_file = {:?}\nsince = {since:?}\npoll_seconds = {poll_seconds}\n",
            server(tls, dovecot.port(door), &dovecot.ca_file()),
            dovecot::USER,
            dovecot.password_file(),
        );
        let log_in = postfix.as_ref().is_some_and(|options| options.account.is_some());
        let postfix = postfix.map(|options| {
            let maildir = dovecot.folder(ASKER);
            dovecot.make_maildir(&maildir);
            Postfix::start(postfix::Options { maildir: Some(maildir), ..options })
        });
        let mut outbox = match &postfix {
            None => "kind = \"folder\"\npath = \"outbox\"\n".to_owned(),
            Some(postfix) => {
                format!("kind = \"smtp\"\n{}", server(tls, postfix.port(tls), postfix.ca_file()))
            }
        };
        if log_in {
            outbox += &format!("user = {SMTP_USER:?}\npassword_file = \"smtp-password\"\n");
        }
        outbox += &format!("hold_seconds = {hold_seconds}\n");
        let desk = Desk::with(&Settings { mailbox, outbox, more: String::new() });
        fs::write(desk.path("smtp-password"), SMTP_PASSWORD).unwrap();
        // The most talkative log: whatever must not be in it would be in this one.
        desk.edit_config("level = \"debug\"", "level = \"trace\"");
        Self { desk, dovecot, postfix, sent }
    }

    /// Puts a mail into the inbox.
    pub fn deliver(&self, raw: &str) -> PathBuf {
        self.dovecot.deliver(crlf(raw.as_bytes()).as_slice())
    }

    /// Puts a mail into the inbox that came at `at`.
    pub fn deliver_at(&self, raw: &str, at: SystemTime) {
        came_at(&self.deliver(raw), at);
    }

    /// Puts a mail into the folder for sent mail, as Outlook does.
    pub fn send_by_hand(&self, raw: &str) -> PathBuf {
        self.dovecot.deliver_to(self.sent, crlf(raw.as_bytes()).as_slice())
    }

    /// What stands in the folder for sent mail, with CR LF.
    pub fn copies(&self) -> Vec<Vec<u8>> {
        mail_in(&self.dovecot.folder(self.sent))
    }

    /// The names of the events of a thread, oldest first.
    pub fn events(&self, id: u64) -> Vec<String> {
        let shown = self.desk.thread(id);
        let events = shown["events"].as_array().unwrap();
        events.iter().map(|event| event["event"].as_str().unwrap().to_owned()).collect()
    }

    pub fn count(&self, id: u64, event: &str) -> usize {
        self.events(id).iter().filter(|name| *name == event).count()
    }

    /// Waits until so many threads are known.
    pub fn until_threads(&self, count: usize) -> Vec<Value> {
        self.desk.until(&format!("{count} threads"), || {
            let threads = self.desk.threads();
            (threads.len() >= count).then_some(threads)
        })
    }

    /// When the last complete reading began.
    pub fn last_reading(&self) -> Value {
        self.desk.json(&["status", "--json"]).remove(0)["last_reading"].clone()
    }

    /// Waits until a reading that began after this call is complete.
    pub fn until_read_again(&self) {
        // Two changes: the first of them may have begun before the call.
        for _ in 0..2 {
            let before = self.last_reading();
            self.desk.until("another reading", || (self.last_reading() != before).then_some(()));
        }
    }

    /// What holds at the end of every story: the chain is whole, the log tells nothing, no mail was touched.
    pub fn finish(mut self, secrets: &[&str]) {
        self.desk.stop();
        assert!(self.desk.ok(&["store", "verify"]).contains("Journal intact"));
        let log = self.desk.log();
        let always = [
            dovecot::PASSWORD,
            SMTP_PASSWORD,
            SMTP_USER,
            "encadrement.ia",
            "ministere.example",
            "cegep.example",
            "anne.roy",
            "Suspension",
            "suspension",
            "Bonjour",
        ];
        for secret in always.iter().chain(secrets) {
            assert!(!log.contains(secret), "the log tells {secret:?}:\n{log}");
        }
        for name in Dovecot::files(&self.dovecot.inbox()) {
            let flags = name.split_once(":2,").map_or("", |(_, flags)| flags);
            assert!(flags.is_empty(), "the inbox was touched: {name}");
        }
    }
}

fn server(tls: Tls, port: u16, ca_file: &Path) -> String {
    let name = name(tls);
    format!("host = \"localhost\"\nport = {port}\ntls = {name:?}\nca_file = {ca_file:?}\n")
}

/// What a kind of protection is called in the config.
pub fn name(tls: Tls) -> &'static str {
    match tls {
        Tls::None => "none",
        Tls::StartTls => "starttls",
        Tls::Implicit => "implicit",
    }
}

/// The messages of a Maildir, with CR LF.
pub fn mail_in(maildir: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for part in ["new", "cur"] {
        for file in fs::read_dir(maildir.join(part)).unwrap() {
            found.push(crlf(&fs::read(file.unwrap().path()).unwrap()));
        }
    }
    found
}

/// Sets when a file came: a Maildir has no other place for it.
pub fn came_at(path: &Path, at: SystemTime) {
    fs::File::options().write(true).open(path).unwrap().set_modified(at).unwrap();
}

pub fn days_ago(days: u64) -> SystemTime {
    SystemTime::now() - Duration::from_secs(days * 86_400)
}

pub fn sha256(bytes: &[u8]) -> String {
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn crlf(raw: &[u8]) -> Vec<u8> {
    let mut with = Vec::with_capacity(raw.len());
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(line) => {
                with.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
                with.extend_from_slice(b"\r\n");
            }
            None => with.extend_from_slice(line),
        }
    }
    with
}

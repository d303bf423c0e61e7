//! A whole greffier in a temporary folder, driven as people drive it: by mail and by command line.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long anything may take before a test gives up; generous, for two busy cores.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Desk {
    dir: tempfile::TempDir,
    daemon: Option<Child>,
    count: u32,
}

/// Settings of a desk, as TOML for the sections; the rest is filled in.
pub struct Settings {
    pub mailbox: String,
    pub outbox: String,
    pub more: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mailbox:
                "kind = \"maildir\"\npath = \"mail\"\nsent = \".Sent\"\nsince = \"all\"\npoll_seconds = 1\n"
                    .into(),
            outbox: "kind = \"folder\"\npath = \"outbox\"\nhold_seconds = 0\n".into(),
            more: String::new(),
        }
    }
}

/// The shipped calendar up to next year, once it ends before: the program runs by the real clock.
fn longer_calendar() -> Option<String> {
    let shipped = include_str!("../../config/calendar.toml");
    let next = jiff::Timestamp::now().strftime("%Y").to_string().parse::<i32>().unwrap() + 1;
    let missing = (2025..=next).filter(|year| !shipped.contains(&format!("\nyear = {year}\n")));
    let years: String =
        missing.map(|year| format!("\n[[year]]\nyear = {year}\nconfirmed = false\n")).collect();
    (!years.is_empty()).then(|| format!("{shipped}{years}"))
}

impl Desk {
    pub fn new() -> Self {
        Self::with(&Settings::default())
    }

    /// A desk that holds no mail because its sender writes often.
    pub fn unhurried() -> Self {
        let mut settings = Settings::default();
        settings.mailbox.push_str("max_hourly_per_sender = 0\n");
        Self::with(&settings)
    }

    pub fn with(settings: &Settings) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["new", "cur", "tmp", ".Sent/new", ".Sent/cur", ".Sent/tmp"] {
            fs::create_dir_all(dir.path().join("mail").join(folder)).unwrap();
        }
        let replies = Path::new(env!("CARGO_MANIFEST_DIR")).join("replies");
        let config = format!(
            "data_dir = \"data\"\nreplies_dir = {replies:?}\n[replies]\nallow_examples = true\n\
             [mailbox]\naddress = \"encadrement.ia@ministere.example\"\ndisplay_name = \"Boîte Encadrement IA\"\n{}\n\
             [outbox]\n{}\n[log]\nlevel = \"debug\"\n{}",
            settings.mailbox, settings.outbox, settings.more
        );
        fs::write(dir.path().join("greffier.toml"), config).unwrap();
        if let Some(longer) = longer_calendar() {
            fs::write(dir.path().join("calendar.toml"), longer).unwrap();
        }
        Self { dir, daemon: None, count: 0 }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn edit_config(&self, from: &str, to: &str) {
        let path = self.path("greffier.toml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "the config has no {from:?}");
        fs::write(&path, text.replace(from, to)).unwrap();
    }

    /// Gives the desk a copy of the shipped texts, to be changed.
    pub fn own_replies(&self) {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("replies");
        copy(&shipped, &self.path("replies"));
        self.edit_config(&format!("replies_dir = {shipped:?}"), "replies_dir = \"replies\"");
    }

    /// Puts a message into the inbox, as a mail server does.
    pub fn deliver(&mut self, raw: &str) {
        self.put("mail", "new", "", raw);
    }

    /// As [`Desk::deliver`], received now.
    pub fn deliver_now(&mut self, raw: &str) {
        self.count += 1;
        let name = format!("{}.M{}.test", jiff::Timestamp::now().as_second(), self.count);
        let tmp = self.path("mail/tmp").join(&name);
        fs::write(&tmp, raw.replace("\r\n", "\n").replace('\n', "\r\n")).unwrap();
        fs::rename(tmp, self.path("mail/new").join(name)).unwrap();
    }

    /// Puts a message into Sent, as Outlook does.
    pub fn send_by_hand(&mut self, raw: &str) {
        self.put("mail/.Sent", "cur", ":2,S", raw);
    }

    fn put(&mut self, maildir: &str, folder: &str, flags: &str, raw: &str) {
        self.count += 1;
        let name = format!("17429115{:02}.M{}.test{flags}", self.count % 100, self.count);
        let tmp = self.path(maildir).join("tmp").join(&name);
        fs::write(&tmp, raw.replace("\r\n", "\n").replace('\n', "\r\n")).unwrap();
        fs::rename(tmp, self.path(maildir).join(folder).join(name)).unwrap();
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greffier"));
        command.arg("--config").arg(self.path("greffier.toml")).args(arguments).stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// A command that must succeed; its standard output.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// A command that must fail with `code`; its standard error.
    pub fn refused(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        assert!(!error.trim().is_empty(), "{arguments:?} failed without a word");
        error
    }

    pub fn json(&self, arguments: &[&str]) -> Vec<Value> {
        self.ok(arguments).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub fn threads(&self) -> Vec<Value> {
        self.json(&["threads", "--json"])
    }

    pub fn thread(&self, id: u64) -> Value {
        self.json(&["show", &id.to_string(), "--json"]).remove(0)
    }

    pub fn once(&self) {
        self.ok(&["run", "--once"]);
    }

    pub fn start(&mut self) {
        let run = self.command(&["run"]);
        self.spawn(run);
    }

    /// Runs the daemon by this command.
    pub fn spawn(&mut self, mut run: Command) {
        let log = fs::File::options().create(true).append(true).open(self.path("log")).unwrap();
        self.daemon = Some(run.stderr(log).stdout(Stdio::null()).spawn().unwrap());
        let socket = self.path("data/greffier.sock");
        self.until("the socket answers", || {
            std::os::unix::net::UnixStream::connect(&socket).is_ok().then_some(())
        });
    }

    pub fn pid(&self) -> u32 {
        self.daemon.as_ref().unwrap().id()
    }

    pub fn kill(&mut self) {
        let mut child = self.daemon.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Ends the daemon with SIGTERM; how long it took.
    pub fn stop(&mut self) -> Duration {
        let mut child = self.daemon.take().unwrap();
        let begun = Instant::now();
        assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
        let status = child.wait().unwrap();
        assert!(status.success(), "{status}");
        begun.elapsed()
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// The letters that left, in the order of their names.
    pub fn letters(&self) -> Vec<Vec<u8>> {
        let mut paths: Vec<PathBuf> = fs::read_dir(self.path("outbox"))
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
            .collect();
        paths.sort();
        paths.iter().map(|path| fs::read(path).unwrap()).collect()
    }

    pub fn until<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the thread is in `state`.
    pub fn until_state(&self, id: u64, state: &str) -> Value {
        self.until(&format!("thread {id} is {state}"), || {
            self.threads().into_iter().find(|thread| thread["id"] == id && thread["state"] == state)
        })
    }

    /// Approves what is waiting, as it stands, with its unusual recipients confirmed.
    pub fn approve(&self, id: u64) {
        let thread = self.thread(id);
        let version = thread["version"].to_string();
        let mut arguments = vec!["approve".to_owned(), id.to_string(), "--seen".into(), version];
        for recipient in thread["draft"]["recipients"].as_array().unwrap() {
            if !recipient["unusual"].is_null() {
                arguments.push("--confirm-recipient".into());
                arguments.push(recipient["address"]["email"].as_str().unwrap().into());
            }
        }
        arguments.extend(["--as".into(), "Marie Tremblay".into()]);
        self.ok(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(mut child) = self.daemon.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let target = to.join(item.file_name());
        if item.path().is_dir() {
            copy(&item.path(), &target);
        } else {
            fs::copy(item.path(), target).unwrap();
        }
    }
}

/// A question by e-mail.
pub fn question(id: &str, from: &str, subject: &str, text: &str) -> String {
    mail(id, from, "encadrement.ia@ministere.example", subject, "", text)
}

pub fn mail(id: &str, from: &str, to: &str, subject: &str, headers: &str, text: &str) -> String {
    format!(
        "Message-ID: <{id}>\nDate: Tue, 25 Mar 2025 10:05:00 -0400\nFrom: {from}\nTo: {to}\nSubject: {subject}\n\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n{headers}\n{text}\n"
    )
}

/// A question that the FAQ answers without a doubt.
pub const UNTIL_WHEN: &str = "Bonjour,\n\nJusqu’à quand la suspension s’appliquera-t-elle ?\n\nMerci";

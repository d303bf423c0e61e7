//! A real Postfix for one test: own folders, free ports of 127.0.0.1, gone with the value.
//!
//! Every recipient address is local to it and ends in one Maildir, so that nothing can
//! leave the machine. With an account it asks for a log-in, which a Dovecot without any
//! mail protocol checks for it. Needs root, as Postfix does.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use super::certificates::Authority;
use greffier::config::Tls;
use std::ffi::OsStr;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// Where Debian installs it.
const HINT: &str = "install it: apt-get install --no-install-recommends postfix dovecot-core";

/// Longest wait for a server to start, and for a letter to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the Postfix of a test is like.
#[derive(Clone)]
pub struct Options {
    /// The Maildir to deliver into, such as a Dovecot's; `None`: one of its own.
    pub maildir: Option<PathBuf>,
    /// Whose the delivered files are (uid, gid); Postfix does not deliver as root.
    pub owner: (u32, u32),
    /// The one account; `None`: everybody may send without a log-in.
    pub account: Option<(&'static str, &'static str)>,
    /// Addresses that are refused, each with what is said, such as `550 5.1.1 Unknown`.
    pub refusing: Vec<(&'static str, &'static str)>,
}

impl Default for Options {
    fn default() -> Self {
        // 65534: nobody and nogroup.
        Self { maildir: None, owner: (65_534, 65_534), account: None, refusing: Vec::new() }
    }
}

/// The running servers.
pub struct Postfix {
    folder: tempfile::TempDir,
    maildir: PathBuf,
    ca_file: PathBuf,
    ports: [(Tls, u16); 3],
    servers: Vec<Server>,
}

/// A child process that gets SIGTERM, so that it takes its own children with it.
struct Server(Child);

impl Postfix {
    /// Starts it and waits until it takes mail.
    pub fn start(options: Options) -> Self {
        let daemons = daemon_directory();
        let root = fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
        assert!(root, "Postfix starts as root only: run the tests as root (sudo -E scripts/test)");
        let folder = tempfile::Builder::new().prefix("greffier-postfix-").tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["etc", "queue", "data"] {
            fs::create_dir(at(name)).unwrap();
        }
        let postfix_user = fs::read_to_string("/etc/passwd").unwrap();
        let postfix_user = postfix_user.lines().find_map(|line| line.strip_prefix("postfix:x:"));
        let uid = postfix_user.and_then(|rest| rest.split(':').next()?.parse().ok());
        chown(at("data"), Some(uid.expect("the user postfix is missing")), None).unwrap();

        let maildir = options.maildir.clone().unwrap_or_else(|| at("Maildir"));
        make_maildir(&maildir, options.owner);
        let authority = Authority::new();
        let ca_file = authority.write(folder.path());
        let issued = authority.local();
        fs::write(at("server.pem"), issued.certificate + &issued.key).unwrap();

        let mut servers = Vec::new();
        let ports = [(Tls::None, free_port()), (Tls::StartTls, free_port()), (Tls::Implicit, free_port())];
        write_settled(&at("etc/main.cf"), &main_cf(folder.path(), &daemons, &maildir, &options));
        write_settled(&at("etc/master.cf"), &master_cf(ports));
        // Makes the folders of the queue, and says what is wrong with the config.
        let check = limited("postfix").arg("-c").arg(at("etc")).arg("check").output().expect(HINT);
        assert!(check.status.success(), "postfix check: {}", String::from_utf8_lossy(&check.stderr));
        if let Some((user, password)) = options.account {
            // First: without it Postfix refuses to talk at all, and for a minute.
            servers.push(start_log_in(folder.path(), user, password));
        }
        let mut postfix = Self { folder, maildir, ca_file, ports, servers };
        postfix.launch();
        postfix
    }

    /// Starts what takes mail, again after [`stop`](Self::stop).
    pub fn launch(&mut self) {
        let mut master = limited(daemon_directory().join("master"));
        // -e: it ends by itself should this process be killed.
        master.arg("-c").arg(self.folder.path().join("etc")).args(["-s", "-e", "1800"]);
        self.servers.push(Server::spawn(master));
        self.wait_until_ready();
    }

    /// Stops what takes mail; nobody listens on its ports any more.
    pub fn stop(&mut self) {
        self.servers.pop();
        let gone = |port| TcpStream::connect(("127.0.0.1", port)).is_err();
        let start = Instant::now();
        while !self.ports.iter().all(|(_, port)| gone(*port)) {
            assert!(start.elapsed() < PATIENCE, "Postfix does not stop\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The port for this kind of protection.
    pub fn port(&self, tls: Tls) -> u16 {
        self.ports.iter().find(|(of, _)| *of == tls).unwrap().1
    }

    /// The authority that signed its certificate.
    pub fn ca_file(&self) -> &Path {
        &self.ca_file
    }

    /// The letters delivered so far, each as its sender sent it: with CR LF, and without
    /// what the delivery put on top.
    pub fn delivered(&self) -> Vec<Vec<u8>> {
        let mut letters = Vec::new();
        for part in ["new", "cur"] {
            for entry in fs::read_dir(self.maildir.join(part)).unwrap() {
                letters.push(as_sent(&fs::read(entry.unwrap().path()).unwrap()));
            }
        }
        letters
    }

    /// Waits until so many letters have been delivered.
    pub fn wait_for(&self, count: usize) -> Vec<Vec<u8>> {
        let start = Instant::now();
        loop {
            let letters = self.delivered();
            if letters.len() >= count {
                return letters;
            }
            assert!(start.elapsed() < PATIENCE, "{} of {count} letters came\n{}", letters.len(), self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What the servers logged.
    pub fn log(&self) -> String {
        ["log", "dovecot.log"]
            .map(|name| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default())
            .concat()
    }

    fn wait_until_ready(&mut self) {
        let start = Instant::now();
        let greets = |port: u16| {
            let mut greeting = [0; 3];
            TcpStream::connect(("127.0.0.1", port)).is_ok_and(|mut tcp| {
                tcp.set_read_timeout(Some(PATIENCE)).unwrap();
                let greeted = tcp.read_exact(&mut greeting).is_ok();
                tcp.write_all(b"QUIT\r\n").is_ok() && greeted && greeting == *b"220"
            })
        };
        let (plain, start_tls, implicit) =
            (self.port(Tls::None), self.port(Tls::StartTls), self.port(Tls::Implicit));
        let ready =
            || greets(plain) && greets(start_tls) && TcpStream::connect(("127.0.0.1", implicit)).is_ok();
        while !ready() {
            let ended = self.servers.iter_mut().find_map(|server| server.0.try_wait().unwrap());
            assert!(
                ended.is_none() && start.elapsed() < PATIENCE,
                "Postfix does not start ({ended:?})\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Server {
    fn spawn(mut command: Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}; {HINT}")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The child has not been waited for, so its number is still its own.
        let asked = Command::new("kill").arg(self.0.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

/// A command with few file descriptors: these servers close every possible one when they
/// start, which takes seconds where a million are possible.
fn limited(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 1024 && exec \"$0\" \"$@\""]).arg(program);
    command
}

fn daemon_directory() -> PathBuf {
    let Ok(answer) = Command::new("postconf").args(["-d", "-h", "daemon_directory"]).output() else {
        panic!("Postfix is missing; {HINT}");
    };
    PathBuf::from(String::from_utf8(answer.stdout).unwrap().trim())
}

/// A port that nobody listens on, below those that connections get by themselves: one of
/// those could be gone before the server takes it.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Test programs that run at the same time begin at different places.
    let start = u16::try_from(std::process::id() % 200).unwrap() * 100;
    loop {
        let port = 10_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 20_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Writes a config file as if a minute ago: of a younger one, every program of Postfix
/// waits to see whether it is still being written.
fn write_settled(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(60)).unwrap();
}

fn make_maildir(maildir: &Path, (uid, gid): (u32, u32)) {
    for part in ["", "new", "cur", "tmp"] {
        let part = maildir.join(part);
        if !part.exists() {
            fs::create_dir(&part).unwrap();
            chown(&part, Some(uid), Some(gid)).unwrap();
        }
    }
}

fn main_cf(folder: &Path, daemons: &Path, maildir: &Path, options: &Options) -> String {
    let refusing: Vec<String> =
        options.refusing.iter().map(|(address, words)| format!("{{{address} = {words}}}")).collect();
    let refusing = if refusing.is_empty() {
        String::new()
    } else {
        format!("check_recipient_access inline:{{{}}},", refusing.join(", "))
    };
    let (log_in, permit) = match options.account {
        Some(_) => ("yes", "permit_sasl_authenticated"),
        None => ("no", "permit_mynetworks"),
    };
    let (uid, gid) = options.owner;
    let (folder, daemons) = (folder.display(), daemons.display());
    let maildir = maildir.to_str().unwrap().trim_matches('/');
    format!(
        "compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = postfix.example
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtputf8_enable = yes
smtpd_error_sleep_time = 0
# A letter is delivered as it came: nothing is added to its header or rewritten.
local_header_rewrite_clients =
message_size_limit = 60000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
# Every address of every domain is at home here.
virtual_mailbox_domains = static:all
virtual_mailbox_base = /
virtual_mailbox_maps = static:{maildir}/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_relay_restrictions =
smtpd_recipient_restrictions = {refusing} {permit}, reject
smtpd_tls_chain_files =
smtpd_tls_cert_file = {folder}/server.pem
smtpd_tls_key_file = {folder}/server.pem
smtpd_sasl_auth_enable = {log_in}
smtpd_sasl_type = dovecot
smtpd_sasl_path = {folder}/sasl
"
    )
}

fn master_cf(ports: [(Tls, u16); 3]) -> String {
    let mut text = String::new();
    for (tls, port) in ports {
        let options = match tls {
            Tls::None => "-o smtpd_tls_security_level=none",
            // Nothing but EHLO, STARTTLS and QUIT is taken before TLS.
            Tls::StartTls => "-o smtpd_tls_security_level=encrypt",
            Tls::Implicit => "-o smtpd_tls_security_level=encrypt -o smtpd_tls_wrappermode=yes",
        };
        text += &format!("127.0.0.1:{port} inet n - n - - smtpd {options}\n");
    }
    text + "cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"
}

/// A Dovecot that does nothing but check passwords, at the socket `sasl`.
fn start_log_in(folder: &Path, user: &str, password: &str) -> Server {
    let (config, socket, log) =
        (folder.join("dovecot.conf"), folder.join("sasl"), folder.join("dovecot.log"));
    fs::write(folder.join("users"), format!("{user}:{{PLAIN}}{password}\n")).unwrap();
    fs::set_permissions(folder.join("users"), fs::Permissions::from_mode(0o644)).unwrap();
    let folder = folder.display();
    fs::write(
        &config,
        format!(
            "protocols =
ssl = no
base_dir = {folder}/run
state_dir = {folder}
log_path = {folder}/dovecot.log
auth_mechanisms = plain login
disable_plaintext_auth = no
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}}
service auth {{
  unix_listener {folder}/sasl {{
    mode = 0666
  }}
}}
"
        ),
    )
    .unwrap();
    let mut dovecot = limited("dovecot");
    dovecot.arg("-F").arg("-c").arg(&config);
    let mut server = Server::spawn(dovecot);
    let start = Instant::now();
    while UnixStream::connect(&socket).is_err() {
        let ended = server.0.try_wait().unwrap();
        let log = || fs::read_to_string(&log).unwrap_or_default();
        assert!(
            ended.is_none() && start.elapsed() < PATIENCE,
            "Dovecot does not start ({ended:?}); {HINT}\n{}",
            log()
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    server
}

/// Takes off the trace headers of a delivery, and gives every line its CR LF again.
fn as_sent(delivered: &[u8]) -> Vec<u8> {
    const TRACE: [&[u8]; 4] = [b"Return-Path:", b"X-Original-To:", b"Delivered-To:", b"Received:"];
    let mut sent = Vec::new();
    let mut on_top = true;
    for line in delivered.split_inclusive(|byte| *byte == b'\n') {
        let continued = line.starts_with(b" ") || line.starts_with(b"\t");
        on_top = on_top && (continued || TRACE.iter().any(|name| line.starts_with(name)));
        if !on_top {
            let bare = line.strip_suffix(b"\n").unwrap_or(line);
            sent.extend_from_slice(bare);
            sent.extend_from_slice(b"\r\n");
        }
    }
    sent
}

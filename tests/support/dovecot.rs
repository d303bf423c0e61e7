//! A real Dovecot on free loopback ports, in a folder of its own, as the current user.
//!
//! Included by test binaries with `#[path]`. Needs Debian's dovecot-imapd; without it the
//! test fails and says so. The server is stopped by its own process id when dropped.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::fmt::Write as _;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The account's password.
pub const PASSWORD: &str = "mot de passe « d'essai » \"\\";
/// The account's name.
pub const USER: &str = "guichet";

/// What differs from one test's server to the other's.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folders that exist from the start, with their special use (`\\Sent`) or "".
    pub folders: Vec<(&'static str, &'static str)>,
    /// Whether the server has IDLE.
    pub idle: bool,
    /// The certificate it shows.
    pub certificate: Certificate,
}

impl Default for Options {
    fn default() -> Self {
        Self { folders: vec![("Sent", "\\Sent")], idle: true, certificate: Certificate::Good }
    }
}

/// A server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    /// Made out to `localhost`, signed by the authority in `ca_file`.
    Good,
    /// The same, and past its last day.
    Expired,
    /// Made out to another host.
    OtherHost,
}

/// How a client reaches the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// IMAP with STARTTLS, or plain.
    Plain,
    /// TLS from the first byte.
    Implicit,
}

/// A running server.
#[derive(Debug)]
pub struct Dovecot {
    folder: tempfile::TempDir,
    plain: u16,
    implicit: u16,
    process: Option<Child>,
}

impl Dovecot {
    /// Starts a server with an empty mailbox.
    pub fn start(options: &Options) -> Self {
        let folder = tempfile::Builder::new().prefix("dovecot").tempdir().unwrap();
        let (plain, implicit) = free_ports();
        write_certificates(folder.path(), options.certificate);
        write_config(folder.path(), options, plain, implicit);
        // Dovecot's processes run as somebody else if we are root.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut server = Self { folder, plain, implicit, process: None };
        server.make_maildir(&server.inbox());
        for (name, _) in &options.folders {
            server.make_maildir(&server.folder(name));
        }
        server.launch();
        server
    }

    /// The port of a door.
    pub fn port(&self, door: Door) -> u16 {
        match door {
            Door::Plain => self.plain,
            Door::Implicit => self.implicit,
        }
    }

    /// The certificate to trust.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A file that holds the account's password.
    pub fn password_file(&self) -> PathBuf {
        self.folder.path().join("password")
    }

    /// The inbox, a Maildir.
    pub fn inbox(&self) -> PathBuf {
        self.folder.path().join("mail").join(USER)
    }

    /// Another folder by its decoded name, a Maildir, too.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.inbox().join(format!(".{}", utf7_imap::encode_utf7_imap(name.to_owned())))
    }

    /// Delivers into the inbox, as a mail server would.
    pub fn deliver(&self, raw: &[u8]) -> PathBuf {
        deliver(&self.inbox(), raw)
    }

    /// Delivers into another folder.
    pub fn deliver_to(&self, name: &str, raw: &[u8]) -> PathBuf {
        deliver(&self.folder(name), raw)
    }

    /// Stops the server, connections and all.
    pub fn stop(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        let id = process.id().to_string();
        // Those that serve a connection outlive it for a while.
        let children = children_of(process.id());
        // TERM, so that it takes its children along; KILL if it does not.
        let _ = Command::new("kill").arg(&id).status();
        let until = Instant::now() + Duration::from_secs(10);
        while Instant::now() < until {
            if process.try_wait().is_ok_and(|status| status.is_some()) {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = process.kill();
        let _ = process.wait();
        for child in children {
            let _ = Command::new("kill").arg(child).stderr(Stdio::null()).status();
        }
    }

    /// Starts it again on the same ports, with the same mail.
    pub fn launch(&mut self) {
        let binary = ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/usr/bin/dovecot"]
            .into_iter()
            .find(|path| Path::new(path).exists())
            .unwrap_or_else(|| panic!("Dovecot is missing: apt-get install dovecot-imapd"));
        let log = std::fs::File::create(self.folder.path().join("output")).unwrap();
        let process = Command::new(binary)
            .arg("-F")
            .arg("-c")
            .arg(self.folder.path().join("dovecot.conf"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{binary} does not start ({error}): apt-get install dovecot-imapd")
            });
        self.process = Some(process);
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", self.plain)).is_err() {
            let ended = self.process.as_mut().and_then(|process| process.try_wait().ok().flatten());
            assert!(ended.is_none() && Instant::now() < until, "Dovecot did not start:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops and starts.
    pub fn restart(&mut self) {
        self.stop();
        self.launch();
    }

    /// What the server logged, for the messages of failed tests.
    pub fn log(&self) -> String {
        ["output", "log"]
            .map(|name| std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default())
            .join("\n")
    }

    /// The names of the message files in a Maildir, `new` and `cur` together, flags included.
    pub fn files(maildir: &Path) -> Vec<String> {
        let mut names: Vec<String> = ["new", "cur"]
            .iter()
            .flat_map(|part| std::fs::read_dir(maildir.join(part)).unwrap())
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Makes a Maildir that the server may read and write.
    pub fn make_maildir(&self, place: &Path) {
        for part in ["tmp", "new", "cur"] {
            std::fs::create_dir_all(place.join(part)).unwrap();
        }
        if place != self.inbox() {
            std::fs::write(place.join("maildirfolder"), "").unwrap();
        }
        if let Some(owner) = MailOwner::now().other {
            for part in [place.to_owned(), place.join("tmp"), place.join("new"), place.join("cur")] {
                std::os::unix::fs::chown(part, Some(owner), Some(owner)).unwrap();
            }
        }
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.stop();
        if std::thread::panicking() {
            eprintln!("Dovecot's log:\n{}", self.log());
        }
    }
}

/// Puts a message into a Maildir: written to `tmp`, moved to `new`.
pub fn deliver(maildir: &Path, raw: &[u8]) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::SeqCst);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    // Dovecot numbers messages in the order of these names.
    let name =
        format!("{}.M{:06}P{}Q{count:06}.essai", now.as_secs(), now.subsec_micros(), std::process::id());
    let tmp = maildir.join("tmp").join(&name);
    std::fs::write(&tmp, raw).unwrap();
    let path = maildir.join("new").join(&name);
    std::fs::rename(tmp, &path).unwrap();
    path
}

/// The processes that `parent` started and that are still there.
fn children_of(parent: u32) -> Vec<String> {
    let parent = parent.to_string();
    let mut children = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        // `id (name) state parent …`
        if stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1)) == Some(parent.as_str()) {
            children.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    children
}

/// Two ports that nobody listens on.
fn free_ports() -> (u16, u16) {
    let ports = [0, 0].map(|_| TcpListener::bind(("127.0.0.1", 0)).unwrap());
    let [plain, implicit] = ports.map(|listener| listener.local_addr().unwrap().port());
    (plain, implicit)
}

fn write_certificates(folder: &Path, which: Certificate) {
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new(Vec::new()).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    ca.distinguished_name.push(DnType::CommonName, "Autorité d'essai");
    let ca_certificate = ca.self_signed(&ca_key).unwrap();
    let issuer = Issuer::new(ca, ca_key);

    let key = KeyPair::generate().unwrap();
    let name = if which == Certificate::OtherHost { "autre.example" } else { "localhost" };
    let mut server = CertificateParams::new(vec![name.to_owned()]).unwrap();
    if which == Certificate::Expired {
        server.not_before = date_time_ymd(2020, 1, 1);
        server.not_after = date_time_ymd(2021, 1, 1);
    }
    let certificate = server.signed_by(&key, &issuer).unwrap();
    std::fs::write(folder.join("ca.pem"), ca_certificate.pem()).unwrap();
    std::fs::write(folder.join("server.pem"), certificate.pem()).unwrap();
    std::fs::write(folder.join("server.key"), key.serialize_pem()).unwrap();
}

/// Whose mail it is: ours, or nobody's if we are root, whom Dovecot lets have no mail.
struct MailOwner {
    uid: String,
    gid: String,
    other: Option<u32>,
}

impl MailOwner {
    fn now() -> Self {
        const NOBODY: u32 = 65_534;
        match id("-u").as_str() {
            "0" => Self { uid: NOBODY.to_string(), gid: NOBODY.to_string(), other: Some(NOBODY) },
            uid => Self { uid: uid.to_owned(), gid: id("-g"), other: None },
        }
    }
}

fn id(argument: &str) -> String {
    let output = Command::new("id").arg(argument).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn write_config(folder: &Path, options: &Options, plain: u16, implicit: u16) {
    let (user, group) = (id("-un"), id("-gn"));
    let MailOwner { uid, gid, other } = MailOwner::now();
    // Root may be anybody, and then Dovecot insists on its own accounts; anybody else can
    // only be himself.
    let (internal, internal_group, login) = match other {
        Some(_) => ("dovecot", "dovecot", "dovenull"),
        None => (user.as_str(), group.as_str(), user.as_str()),
    };
    let place = folder.display();
    let mut folders = String::new();
    for (name, special) in &options.folders {
        write!(folders, "  mailbox \"{name}\" {{\n    auto = subscribe\n").unwrap();
        if !special.is_empty() {
            writeln!(folders, "    special_use = {special}").unwrap();
        }
        folders.push_str("  }\n");
    }
    let capability = if options.idle {
        String::new()
    } else {
        "imap_capability = IMAP4rev1 SASL-IR LITERAL+ UIDPLUS LIST-EXTENDED SPECIAL-USE".to_owned()
    };
    // Without chroots and with every internal user the current one it runs without root.
    let config = format!(
        "protocols = imap
listen = 127.0.0.1
base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/log
instance_name = greffier-test-{plain}
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{place}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
ssl = yes
ssl_cert = <{place}/server.pem
ssl_key = <{place}/server.key
ssl_dh =
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_max_userip_connections = 50
mailbox_list_index = no
shutdown_clients = yes
{capability}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {place}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={place}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
{folders}}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {implicit}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"
    );
    std::fs::write(folder.join("dovecot.conf"), config).unwrap();
    std::fs::write(folder.join("users"), format!("{USER}:{{PLAIN}}{PASSWORD}\n")).unwrap();
    std::fs::write(folder.join("password"), PASSWORD).unwrap();
}

//! All parts of a greffier in one process and one temporary folder, joined as `app` joins them, under a
//! clock that the test holds. For tests that need weeks, or thousands of mails.

use greffier::calendar::{self, Calendar};
use greffier::clock::Clock;
use greffier::config::{self, Config};
use greffier::intake::Intake;
use greffier::journal::Journal;
use greffier::library::Library;
use greffier::mailbox::{self, Session};
use greffier::organisation::{self, Organisations};
use greffier::outbox::Outbox;
use greffier::people::People;
use greffier::report::Report;
use greffier::review::{Decision, Desk, Refusal};
use greffier::thread::{Actor, Thread, ThreadId};
use greffier::triage::Triage;
use jiff::Timestamp;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::runtime::Runtime;

/// The address of the desk.
pub const DESK: &str = "encadrement.ia@ministere.example";

/// Organisations whose kind is known, one with a name that a spreadsheet would take for a formula.
const ORGANISATIONS: &str = r#"
[[organisation]]
name = "Cégep des Rives"
kind = "cegep"
domains = ["rives.example"]
[[organisation]]
name = "Ville des « Pins »; greffe"
kind = "municipalite"
domains = ["pins.example"]
[[organisation]]
name = "=HYPERLINK(\"http://malveillant.example\";\"Cliquez\")"
kind = "fournisseur"
domains = ["malveillant.example"]
"#;

/// What takes a moment to make and is the same for every desk: the texts, and the classifier that learnt them.
#[derive(Clone)]
pub struct Learned {
    library: Arc<Library>,
    triage: Option<Triage>,
}

impl Learned {
    pub fn new() -> Self {
        let replies = Path::new(env!("CARGO_MANIFEST_DIR")).join("replies");
        let library = Arc::new(Library::open(&replies).unwrap());
        let parts = Parts::new(&Self { library: Arc::clone(&library), triage: None }, Timestamp::UNIX_EPOCH);
        parts.triage.model(&library.current()).unwrap();
        Self { library, triage: Some(parts.triage) }
    }
}

/// The parts.
pub struct Parts {
    dir: tempfile::TempDir,
    pub clock: Clock,
    pub journal: Arc<Journal>,
    pub desk: Desk,
    pub report: Report,
    pub people: People,
    triage: Triage,
    intake: Intake,
    outbox: Outbox,
    session: Session,
    runtime: Runtime,
    count: usize,
}

impl Parts {
    /// A desk whose clock stands at `now`.
    pub fn new(learned: &Learned, now: Timestamp) -> Self {
        Self::in_folder(learned, folder(), Clock::fixed(now))
    }

    /// The process is killed, and the next one starts in the same folder.
    pub fn restart(self, learned: &Learned) -> Self {
        let (dir, clock) = self.end();
        Self::in_folder(learned, dir, clock)
    }

    /// Closes the store, and gives the folder, in which `greffier.toml` is written now.
    pub fn close(self) -> tempfile::TempDir {
        let (dir, _) = self.end();
        fs::write(dir.path().join("greffier.toml"), config_text()).unwrap();
        dir
    }

    /// Whatever is left behind; the store and all that hold it are gone.
    fn end(self) -> (tempfile::TempDir, Clock) {
        let Self { dir, clock, .. } = self;
        (dir, clock)
    }

    fn in_folder(learned: &Learned, dir: tempfile::TempDir, clock: Clock) -> Self {
        for folder in ["new", "cur", "tmp", ".Sent/new", ".Sent/cur", ".Sent/tmp"] {
            fs::create_dir_all(dir.path().join("mail").join(folder)).unwrap();
        }
        let config = Arc::new(config_in(dir.path()));
        let journal = Journal::open(&config.data_dir, clock.clone(), Duration::ZERO).unwrap();
        let journal = Arc::new(journal);
        let organisations = format!("{}\n{ORGANISATIONS}", organisation::DEFAULT);
        let organisations = Arc::new(Organisations::parse(&organisations).unwrap());
        let calendar = Arc::new(Calendar::parse(calendar::DEFAULT).unwrap());
        let desk = Desk {
            journal: Arc::clone(&journal),
            library: Arc::clone(&learned.library),
            config: Arc::clone(&config),
            organisations: Arc::clone(&organisations),
            calendar: Arc::clone(&calendar),
        };
        let mut triage = learned.triage.clone().unwrap_or_else(|| {
            let (journal, config) = (Arc::clone(&journal), Arc::clone(&config));
            Triage::new(journal, Arc::clone(&learned.library), config, calendar.zone().clone())
        });
        triage.journal = Arc::clone(&journal);
        triage.config = Arc::clone(&config);
        let mailbox = Arc::new(config.mailbox.clone());
        let intake = Intake::new(Arc::clone(&journal), mailbox, organisations, Timestamp::MIN);
        intake.clear_spool().unwrap();
        let outbox = Outbox {
            journal: Arc::clone(&journal),
            config: Arc::clone(&config),
            library: Arc::clone(&learned.library),
            calendar: Arc::clone(&calendar),
            started: clock.now(),
        };
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let session = runtime.block_on(mailbox::open(&config.mailbox, intake.setup())).unwrap();
        let people = People {
            journal: Arc::clone(&journal),
            calendar: Arc::clone(&calendar),
            claim: config.desk.claim,
            idle: Duration::ZERO,
            keep_accesses: Duration::MAX,
            failures: Arc::default(),
            sign_in: None,
        };
        let report = Report::new(Arc::clone(&journal), calendar, Arc::clone(&config));
        Self { dir, clock, journal, desk, report, people, triage, intake, outbox, session, runtime, count: 0 }
    }

    /// Puts a mail into the inbox that came at `at`.
    pub fn deliver(&mut self, raw: &str, at: Timestamp) {
        self.put("mail", "new", "", raw, at);
    }

    /// Puts a mail into Sent, as somebody's Outlook did at `at`.
    pub fn send_by_hand(&mut self, raw: &str, at: Timestamp) {
        self.put("mail/.Sent", "cur", ":2,S", raw, at);
    }

    fn put(&mut self, maildir: &str, folder: &str, flags: &str, raw: &str, at: Timestamp) {
        self.count += 1;
        let name = format!("{}.M{:06}.essai{flags}", at.as_second(), self.count);
        let place = self.dir.path().join(maildir);
        let tmp = place.join("tmp").join(&name);
        fs::write(&tmp, raw.replace("\r\n", "\n").replace('\n', "\r\n")).unwrap();
        let file = fs::File::options().write(true).open(&tmp).unwrap();
        file.set_modified(SystemTime::try_from(at).unwrap()).unwrap();
        fs::rename(tmp, place.join(folder).join(name)).unwrap();
    }

    /// What the daemon does when it is rung: reads the mailbox, prepares drafts, sends what is due, files copies.
    pub fn turn(&mut self) {
        self.read();
        self.triage();
        while self.runtime.block_on(self.outbox.step()).unwrap() {}
        self.file_copies();
    }

    /// Reads the mailbox to its end.
    pub fn read(&mut self) {
        let (intake, session) = (&self.intake, &mut self.session);
        self.runtime.block_on(intake.read(session, &|_, _| {})).unwrap();
    }

    /// Files the copies that Sent lacks, as far as it is known; how many.
    pub fn file_copies(&self) -> usize {
        self.runtime.block_on(self.outbox.file_copies()).unwrap()
    }

    /// Prepares the drafts that are missing.
    pub fn triage(&self) {
        while self.triage.step().unwrap() {}
    }

    /// A decision on the thread as it stands.
    pub fn decide(&self, id: ThreadId, decision: Decision, name: &str) -> Result<Thread, Refusal> {
        let seen = self.thread(id).version;
        self.desk.decide(id, Some(seen), decision, &Actor::reviewer(name, None))
    }

    /// Approves with whatever must be confirmed by name.
    pub fn approve(&self, id: ThreadId, name: &str) -> Result<Thread, Refusal> {
        let draft = self.journal.draft_of(&self.thread(id)).unwrap();
        let recipients = draft.map(|draft| draft.recipients).unwrap_or_default();
        let unusual = recipients.into_iter().filter(|recipient| recipient.unusual.is_some());
        let confirmed = unusual.map(|recipient| recipient.address.email).collect();
        self.decide(id, Decision::Approve { confirmed, despite_superseded: Vec::new() }, name)
    }

    pub fn thread(&self, id: ThreadId) -> Thread {
        self.journal.thread(id).unwrap().unwrap()
    }

    /// The letters that left, in the order of their names.
    pub fn letters(&self) -> Vec<Vec<u8>> {
        let outbox = fs::read_dir(self.dir.path().join("outbox")).into_iter().flatten();
        let mut paths: Vec<PathBuf> = outbox.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.iter().map(|path| fs::read(path).unwrap()).collect()
    }
}

/// In memory, where there is room: no power is cut here, and thousands of syncs would be all that takes time.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let room = rustix::fs::statvfs(memory).is_ok_and(|of| of.f_bavail * of.f_frsize > 2 << 30);
    let dir = if room { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    dir.unwrap()
}

fn config_in(dir: &Path) -> Config {
    let text = config_text();
    config::parse(&text, &dir.join("greffier.toml"), &[]).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn config_text() -> String {
    let replies = Path::new(env!("CARGO_MANIFEST_DIR")).join("replies");
    format!(
        "data_dir = \"data\"\nreplies_dir = {replies:?}\n[replies]\nallow_examples = true\n\
         [report]\nby_person = true\n[transfer]\nacces = \"acces@bureau.example\"\n\
         [mailbox]\naddress = {DESK:?}\ndisplay_name = \"Boîte Encadrement IA\"\nkind = \"maildir\"\npath = \"mail\"\n\
         sent = \".Sent\"\nsince = \"all\"\ninternal_domains = [\"ministere.example\"]\n\
         [outbox]\nkind = \"folder\"\npath = \"outbox\"\nhold_seconds = 0\n"
    )
}

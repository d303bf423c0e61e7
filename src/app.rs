//! The only place where parts are joined: open, start the stages, stop in order.

mod check;
mod demo;
mod ear;
mod watched;

pub use check::{CheckLine, check};
pub use demo::{demo, init, write_config};

use crate::api::{self, Local};
use crate::calendar::{self, Calendar};
use crate::clock::Clock;
use crate::config::{self, Config, ProblemKind, Since};
use crate::console::{Console, Listening, Unlistenable};
use crate::intake::{self, Imported, Intake};
use crate::journal::{self, Fault, Journal, blocking};
use crate::library::{EncoderFolder, EncoderProblem, Library};
use crate::mailbox;
use crate::oidc::Provider;
use crate::organisation::{self, Organisations};
use crate::outbox::Outbox;
use crate::people::{By, Failures, People, Role, SignIn, Unchanged};
use crate::replies;
use crate::report::Report;
use crate::review::Desk;
use crate::search::Search;
use crate::tables;
use crate::triage::Triage;
use crate::wording::Wording;
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long the letter in hand may take once we are asked to stop.
const STOPPING: Duration = Duration::from_secs(8);

/// How long a daemon waits for another process to let go of the store.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// What keeps greffier from working: where, what, what to do.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The config.
    #[error("the config has problems")]
    Config(Vec<config::Problem>),
    /// The approved texts.
    #[error("the replies have problems")]
    Replies(Vec<replies::Problem>),
    /// The sentence encoder.
    #[error(transparent)]
    Encoder(#[from] EncoderProblem),
    /// The organisations, or the calendar.
    #[error("a table has problems")]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        problems: Vec<tables::Problem>,
    },
    /// A file of the config cannot be read.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] Fault),
    /// The mailbox.
    #[error(transparent)]
    Mailbox(#[from] mailbox::Fault),
    /// The socket.
    #[error("socket: {0}")]
    Socket(std::io::Error),
    /// The console.
    #[error("console: {0}")]
    Console(#[from] Unlistenable),
}

impl Problem {
    /// Lines for people.
    #[must_use]
    pub fn lines(&self, wording: &Wording, config: Option<&Config>) -> Vec<String> {
        let dir = config.map_or(Path::new(""), |config| &config.data_dir);
        match self {
            Self::Config(problems) => problems.iter().map(|problem| problem.line(wording)).collect(),
            Self::Replies(problems) => problems.iter().map(|problem| problem.line(wording)).collect(),
            Self::Encoder(problem) => vec![problem.line(wording)],
            Self::Table { path, problems } => {
                problems.iter().map(|problem| problem.line(path, wording)).collect()
            }
            Self::File { path, error } => {
                vec![wording.with("app-file", &[("path", path), ("error", error)])]
            }
            Self::Store(fault) => vec![fault.line(wording, dir)],
            Self::Mailbox(fault) => vec![fault.line(wording)],
            Self::Console(Unlistenable::Address { address, error }) => {
                vec![wording.with("app-console-address", &[("address", address), ("error", error)])]
            }
            Self::Console(Unlistenable::Tls { file, why }) => {
                vec![wording.with("app-console-tls", &[("file", file), ("why", why)])]
            }
            Self::Socket(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                vec![wording.text("app-socket-ended")]
            }
            Self::Socket(error) => {
                vec![wording.with("app-socket", &[("dir", &dir.display()), ("error", error)])]
            }
        }
    }

    /// 2 for wrong use or a wrong config, 1 for everything else.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::Replies(_) | Self::Encoder(_) | Self::Table { .. } | Self::Console(_) => {
                2
            }
            _ => 1,
        }
    }
}

/// All parts, joined and at rest.
pub struct App {
    config: Arc<Config>,
    journal: Arc<Journal>,
    organisations: Arc<Organisations>,
    calendar: Arc<Calendar>,
    library: Arc<Library>,
    wording: Wording,
    failures: Arc<Failures>,
    search: Search,
    sign_in: Option<Arc<SignIn>>,
    report: Report,
}

/// The encoder that the config names, if any. What it encodes is kept in the data folder.
///
/// # Errors
/// What is wrong with its weights.
pub fn encoder(config: &Config) -> Result<Option<EncoderFolder>, Problem> {
    let opened = config.encoder.as_ref().map(|dir| EncoderFolder::open(dir, &config.data_dir));
    Ok(opened.transpose()?)
}

impl App {
    /// Reads every file that the config names, and opens the store.
    ///
    /// # Errors
    /// What is wrong, all of it where it concerns one file.
    pub fn open(config: Config, patience: Duration) -> Result<Self, Problem> {
        Self::open_at(config, patience, Clock::system())
    }

    /// As [`App::open`], by another clock than the machine's.
    ///
    /// # Errors
    /// As [`App::open`].
    pub fn open_at(config: Config, patience: Duration, clock: Clock) -> Result<Self, Problem> {
        let organisations = organisations(&config)?;
        let calendar = calendar(&config)?;
        let library = Library::open(&config.replies_dir).map_err(Problem::Replies)?;
        let library = library.with_encoder(encoder(&config)?);
        let journal = Arc::new(Journal::open(&config.data_dir, clock, patience)?);
        let provider = config.console.as_ref().and_then(|console| console.oidc.clone());
        let sign_in = provider.map(|settings| Arc::new(SignIn::new(Provider::new(settings))));
        let config = Arc::new(config);
        let calendar = Arc::new(calendar);
        let search = Search::new(Arc::clone(&journal), Arc::clone(&config), calendar.zone().clone());
        let report = Report::new(Arc::clone(&journal), Arc::clone(&calendar), Arc::clone(&config));
        Ok(Self {
            wording: Wording::new(config.language),
            config,
            journal,
            search,
            report,
            organisations: Arc::new(organisations),
            calendar,
            library: Arc::new(library),
            failures: Arc::default(),
            sign_in,
        })
    }

    /// The local interface; `daemon` says whether a daemon answers.
    #[must_use]
    pub fn local(&self, daemon: bool) -> Local {
        Local {
            desk: self.desk(),
            report: self.report.clone(),
            people: self.people(),
            search: self.search.clone(),
            config: Arc::clone(&self.config),
            wording: self.wording.clone(),
            daemon,
        }
    }

    fn desk(&self) -> Desk {
        Desk {
            journal: Arc::clone(&self.journal),
            library: Arc::clone(&self.library),
            config: Arc::clone(&self.config),
            calendar: Arc::clone(&self.calendar),
            organisations: Arc::clone(&self.organisations),
        }
    }

    /// The account of the demo, with a new password: for whoever started it.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn demo_account(&self, name: &str) -> Result<String, Problem> {
        let people = self.people();
        let issue = || {
            // Whoever tries it out sees all of it.
            people.add(name, Role::DEMO.into(), None, By::Operator)?;
            people.issue_password(name)
        };
        issue().map_err(|why| match why {
            Unchanged::Store(fault) => Problem::Store(fault),
            other => Problem::Store(Fault::Damaged(other.to_string())),
        })
    }

    fn intake_since(&self, since: Timestamp) -> Intake {
        let mailbox = Arc::new(self.config.mailbox.clone());
        Intake::new(Arc::clone(&self.journal), mailbox, Arc::clone(&self.organisations), since)
    }

    fn intake(&self) -> Result<Intake, Problem> {
        let intake = self.intake_since(self.since()?);
        intake.clear_spool()?;
        Ok(intake)
    }

    /// From when on mail gets drafts.
    fn since(&self) -> Result<Timestamp, Problem> {
        match self.config.mailbox.since {
            Some(Since::All) => Ok(Timestamp::MIN),
            Some(Since::FirstStart) => {
                let start = self.journal.first_start()?;
                // Mail servers date by whole seconds (RFC 3501, 2.3.3): what comes right after the start
                // must not look older than it.
                Ok(Timestamp::from_second(start.as_second()).unwrap_or(start))
            }
            Some(Since::Date(date)) => Ok(date
                .to_zoned_datetime(self.calendar.zone().clone())
                .map(|midnight| midnight.timestamp())
                .unwrap_or(Timestamp::MIN)),
            None => Err(since_unset()),
        }
    }

    fn people(&self) -> People {
        let console = self.config.console.clone().unwrap_or_default();
        People {
            journal: Arc::clone(&self.journal),
            calendar: Arc::clone(&self.calendar),
            claim: self.config.desk.claim,
            idle: console.idle,
            keep_accesses: console.keep_accesses,
            failures: Arc::clone(&self.failures),
            sign_in: self.sign_in.clone(),
        }
    }

    fn triage(&self) -> Triage {
        Triage::new(
            Arc::clone(&self.journal),
            Arc::clone(&self.library),
            Arc::clone(&self.config),
            self.calendar.zone().clone(),
        )
    }

    fn outbox(&self) -> Outbox {
        Outbox {
            journal: Arc::clone(&self.journal),
            config: Arc::clone(&self.config),
            library: Arc::clone(&self.library),
            calendar: Arc::clone(&self.calendar),
            started: self.journal.clock().now(),
        }
    }

    /// The console, listening; `None` if the config asks for none.
    ///
    /// # Errors
    /// If its address cannot be had, or its certificate does not serve.
    pub async fn listen(&self) -> Result<Option<Listening>, Problem> {
        let Some(wanted) = &self.config.console else { return Ok(None) };
        let (report, search) = (self.report.clone(), self.search.clone());
        let console = Console::new(self.desk(), self.people(), report, search, Arc::clone(&self.config));
        Ok(Some(console.listen(wanted.listen, wanted.tls.as_ref()).await?))
    }

    /// The daemon: all stages, the socket and the console, until `stop`.
    ///
    /// # Errors
    /// If it cannot start, or the store cannot go on.
    pub async fn run(self, stop: watch::Receiver<bool>) -> Result<(), Problem> {
        let console = self.listen().await?;
        self.run_with(console, stop).await
    }

    /// As [`App::run`], with a console that listens already.
    ///
    /// # Errors
    /// As [`App::run`].
    pub async fn run_with(
        self,
        console: Option<Listening>,
        stop: watch::Receiver<bool>,
    ) -> Result<(), Problem> {
        let metrics = self.metrics(console.as_ref()).await?;
        self.warn_of_calendar();
        let (intake, triage, outbox) = (self.intake()?, self.triage(), self.outbox());
        let recovering = outbox.clone();
        blocking(move || recovering.recover()).await?;
        // Beside all the rest, so that whoever opens the page first does not wait for the whole journal.
        let report = self.report.clone();
        tokio::task::spawn_blocking(move || report.warm());
        let socket = self.config.data_dir.join(api::SOCKET);
        let (local, people, search, log) = (self.local(true), self.people(), self.search.clone(), self.log());
        let chat = self.chat();
        // Each part stops by itself when told; whichever fails takes the others along.
        let (halt, halted) = watch::channel(false);
        let forward = tokio::spawn(async move {
            let mut stop = stop;
            let _ = stop.wait_for(|stop| *stop).await;
            let _ = halt.send(true);
            halt
        });
        let mut ended = halted.clone();
        let stages = async {
            tokio::try_join!(
                async { local.serve(&socket, halted.clone()).await.map_err(Problem::Socket) },
                async {
                    match console {
                        Some(console) => console.serve(halted.clone()).await.map_err(Problem::Socket),
                        None => Ok(()),
                    }
                },
                async { intake.run(halted.clone()).await.map_err(Problem::Store) },
                async { triage.run(halted.clone()).await.map_err(Problem::Store) },
                async { outbox.run(halted.clone()).await.map_err(Problem::Store) },
                async { people.run(halted.clone()).await.map_err(Problem::Store) },
                async {
                    tokio::join!(
                        search.run(halted.clone()),
                        log.run(halted.clone()),
                        chat.run(halted.clone())
                    );
                    Ok(())
                },
                async {
                    match metrics {
                        Some(metrics) => metrics.serve(halted.clone()).await.map_err(Problem::Socket),
                        None => Ok(()),
                    }
                },
            )
        };
        tokio::pin!(stages);
        let done = tokio::select! {
            done = &mut stages => done.map(|_| ()),
            _ = ended.wait_for(|ended| *ended) => match tokio::time::timeout(STOPPING, &mut stages).await {
                Ok(done) => done.map(|_| ()),
                // An attempt whose outcome is still open is uncertain at the next start.
                Err(_) => Ok(()),
            },
        };
        forward.abort();
        self.journal.sync()?;
        done
    }

    /// Fetches, drafts, sends what is due, and stops. Never waits for a hold.
    ///
    /// # Errors
    /// If the mailbox cannot be read to its end, or the store cannot go on.
    pub async fn once(self, progress: &(dyn Fn(usize, usize) + Send + Sync)) -> Result<(), Problem> {
        let (intake, triage, outbox, people) = (self.intake()?, self.triage(), self.outbox(), self.people());
        let recovering = outbox.clone();
        blocking(move || recovering.recover()).await?;
        blocking(move || people.tend().and_then(|()| people.forget_accesses())).await?;
        let mut session = mailbox::open(&self.config.mailbox, intake.setup()).await?;
        let read = intake.read(&mut session, progress).await;
        session.close().await;
        match read {
            Ok(_) => {}
            Err(intake::Fault::Mailbox(fault)) => return Err(fault.into()),
            Err(intake::Fault::Store(fault)) => return Err(fault.into()),
        }
        blocking(move || {
            triage.follow_texts()?;
            while triage.step()? {}
            Ok(())
        })
        .await?;
        outbox.begin_marks().await?;
        while outbox.step().await? {}
        outbox.file_copies().await?;
        outbox.mark_answered().await?;
        outbox.notify().await?;
        self.journal.sync()?;
        self.log_response_times();
        Ok(())
    }

    /// Takes past mail; with `draft`, what is not answered gets one.
    ///
    /// # Errors
    /// If the mail cannot be read or the store cannot be written.
    pub fn import(
        self,
        path: &Path,
        draft: bool,
        progress: &dyn Fn(usize, usize),
    ) -> Result<Imported, Problem> {
        let since = if draft { Timestamp::MIN } else { Timestamp::MAX };
        let intake = self.intake_since(since);
        let imported = intake::import(&intake, path, since, progress)?;
        let triage = self.triage();
        while triage.step()? {}
        self.journal.sync()?;
        self.log_response_times();
        Ok(imported)
    }
}

/// The problem of a config that does not say from when on mail gets drafts.
#[must_use]
pub fn since_unset() -> Problem {
    Problem::Config(vec![config::Problem { key: "mailbox.since".to_owned(), kind: ProblemKind::SinceUnset }])
}

fn organisations(config: &Config) -> Result<Organisations, Problem> {
    let text = optional(&config.organisations_file, organisation::DEFAULT)?;
    let path = config.organisations_file.clone();
    Organisations::parse(&text).map_err(|problems| Problem::Table { path, problems })
}

/// The calendar of a config.
///
/// # Errors
/// What is wrong in its file.
pub fn calendar(config: &Config) -> Result<Calendar, Problem> {
    let text = optional(&config.calendar_file, calendar::DEFAULT)?;
    let path = config.calendar_file.clone();
    Calendar::parse(&text).map_err(|problems| Problem::Table { path, problems })
}

/// A file's text; the one that greffier ships where there is no such file.
fn optional(path: &Path, shipped: &str) -> Result<String, Problem> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(shipped.to_owned()),
        Err(error) => Err(Problem::File { path: path.display().to_string(), error }),
    }
}

/// Restores a backup into the config's data folder.
///
/// # Errors
/// If there is a store already, or the backup is not whole.
pub fn restore(config: &Config, from: &Path) -> Result<journal::Verified, Problem> {
    Ok(Journal::restore(from, &config.data_dir, Clock::system())?)
}

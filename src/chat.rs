//! Stage: the desk in the team's chat. Cards that follow each thread, the morning's list, alerts; and
//! an ear for commands, which a door carries out.
//!
//! Nothing that is typed in a chat becomes mail: this stage reads threads and writes into the chat, and what
//! it hears goes to whoever [`Obey`]s, as an [`Order`]. The desk goes on without chat: a fault here pauses
//! the chat alone.

mod card;
mod channel;
mod follow;
mod kept;
mod listen;
mod matrix;
mod rounds;
#[cfg(test)]
mod tests;
mod webhook;

pub use channel::{Channel, Fault, Heard, News, Part, Say, What};
pub use matrix::{Hindrances, Matrix};
pub use webhook::{BadTemplate, Webhook};

use crate::calendar::Calendar;
use crate::config::{Chat as Settings, Config, Credential, Room};
use crate::journal::{self, Journal};
use crate::library::Library;
use crate::thread::{State, Thread, ThreadId};
use crate::wording::Wording;
use card::Press;
use jiff::Timestamp;
use jiff::civil::Time;
use kept::Drawer;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// A command is obeyed only if it was said after the start, or so shortly before.
const MARGIN: Duration = Duration::from_secs(60);
/// For how long a room that refuses is left alone.
const ALONE: Duration = Duration::from_secs(300);
/// The pauses after the first, second, … fault in a row.
const PAUSES: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(300),
];

/// Somebody's words, for whoever carries them out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Who speaks, by the identity that the service vouches for.
    pub person: String,
    /// The account of whoever speaks; `None`: the config knows nobody of this identity.
    pub name: Option<String>,
    /// What was said.
    pub text: String,
    /// Where.
    pub room: Room,
    /// What people type to call the bot.
    pub names: Vec<String>,
    /// The thread of the card to which it belongs.
    pub thread: Option<ThreadId>,
    /// Whether a process ended over it before it had answered: it may have been carried out.
    pub again: bool,
}

/// Who carries orders out, and may take a while over it.
pub trait Obey: Send + Sync + 'static {
    /// The answer, in lines; `None` if it was not meant for the bot.
    fn obey(&self, order: &Order) -> Option<Vec<String>>;
}

/// What the chat needs.
#[derive(Clone)]
pub struct Chat {
    /// The journal.
    pub journal: Arc<Journal>,
    /// The titles of entries.
    pub library: Arc<Library>,
    /// What the operator decided.
    pub config: Arc<Config>,
    /// Business time.
    pub calendar: Arc<Calendar>,
    /// The language of the team.
    pub wording: Wording,
    /// What has an end, in the order of the days.
    pub credentials: Vec<Credential>,
    /// Who carries orders out.
    pub obey: Arc<dyn Obey>,
}

/// Why a step of the chat was not done.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    #[error(transparent)]
    Service(#[from] Fault),
    #[error(transparent)]
    Store(#[from] journal::Fault),
}

impl Chat {
    /// Talks and listens in every service of the config, until told to stop.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let Some(settings) = self.config.chat.clone() else { return };
        let matrix = settings.matrix.clone().map(Matrix::new);
        let webhook = settings.webhook.clone().map(Webhook::new);
        tokio::join!(
            self.serve(matrix, &settings, stop.clone()),
            self.serve(webhook, &settings, stop.clone())
        );
    }

    async fn serve<C: Channel>(
        &self,
        channel: Option<Result<C, Fault>>,
        settings: &Settings,
        stop: watch::Receiver<bool>,
    ) {
        match channel {
            None => {}
            Some(Err(fault)) => tracing::error!(service = C::NAME, %fault, "no chat"),
            Some(Ok(channel)) => {
                let talk = Talk {
                    chat: self.clone(),
                    settings: settings.clone(),
                    channel,
                    started: Instant::now(),
                    started_at: self.journal.clock().now(),
                    looked: Mutex::default(),
                    refusing: Mutex::default(),
                    unsaid: Mutex::default(),
                };
                tokio::join!(talk.listen(stop.clone()), talk.tell(stop));
            }
        }
    }
}

/// A chat under way.
struct Talk<C> {
    chat: Chat,
    settings: Settings,
    channel: C,
    started: Instant,
    /// The same by the clock of the journal.
    started_at: Timestamp,
    /// When late questions were last looked for.
    looked: Mutex<Option<Instant>>,
    /// Rooms that refuse, and when they last did.
    refusing: Mutex<BTreeMap<String, Instant>>,
    /// What this run has answered but not said yet, by the message that it answers.
    unsaid: Mutex<BTreeMap<String, Vec<String>>>,
}

impl<C: Channel> Talk<C> {
    async fn listen(&self, mut stop: watch::Receiver<bool>) {
        let mut faults = 0;
        while !*stop.borrow() {
            let heard = tokio::select! {
                heard = self.hear(faults) => heard,
                _ = stop.wait_for(|stop| *stop) => return,
            };
            faults = self.after("hearing", heard, faults, &mut stop).await;
        }
    }

    async fn tell(&self, mut stop: watch::Receiver<bool>) {
        let mut bell = self.chat.journal.bell();
        let mut faults = 0;
        while !*stop.borrow() {
            bell.mark_unchanged();
            let told = tokio::select! {
                told = async {
                    // Between batches, too: what fails does not wait for the cards.
                    self.failures().await?;
                    while self.follow().await? {
                        self.failures().await?;
                    }
                    self.catch_up().await?;
                    self.rounds().await
                } => told,
                _ = stop.wait_for(|stop| *stop) => return,
            };
            let well = told.is_ok();
            faults = self.after("telling", told, faults, &mut stop).await;
            if well {
                tokio::select! {
                    _ = bell.changed() => {}
                    // What time alone brings: the morning, a target that passes.
                    () = tokio::time::sleep(Duration::from_secs(20)) => {}
                    _ = stop.wait_for(|stop| *stop) => return,
                }
            }
        }
    }

    /// Rests after a fault, longer after each one in a row. Gives how many there were; a pause that the service
    /// asks for is none.
    async fn after(
        &self,
        part: &str,
        done: Result<(), Stopped>,
        faults: usize,
        stop: &mut watch::Receiver<bool>,
    ) -> usize {
        let Err(stopped) = done else {
            if faults > 0 {
                tracing::info!(service = C::NAME, part, "the chat is back");
            }
            return 0;
        };
        let usual = PAUSES.get(faults).or(PAUSES.last()).copied().unwrap_or_default();
        let (pause, after) = match &stopped {
            Stopped::Service(Fault::Limited(pause)) => (bounded(*pause), faults),
            _ => (usual, faults + 1),
        };
        if faults == 0 && after > 0 {
            tracing::warn!(service = C::NAME, part, fault = %stopped, "the chat pauses");
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
        after
    }

    /// What a room refuses is the room's matter: logged, and over.
    fn shrug(&self, room: &str, done: Result<(), Fault>) -> Result<(), Stopped> {
        match done {
            Err(Fault::Refused(why)) => {
                let place = self.channel.rooms().iter().position(|of| of.id == room);
                // Once a run, or until it is entered anew: every thread has a card there.
                if self.refusing().insert(room.to_owned(), Instant::now()).is_none() {
                    tracing::warn!(why, ?place, "a room of the chat refuses");
                }
                Ok(())
            }
            other => Ok(other?),
        }
    }

    fn refusing(&self) -> MutexGuard<'_, BTreeMap<String, Instant>> {
        self.refusing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a room has refused a short while ago.
    fn is_refusing(&self, room: &str) -> bool {
        self.refusing().get(room).is_some_and(|at| at.elapsed() < ALONE)
    }

    fn in_state(&self, state: State) -> Result<Vec<Thread>, journal::Fault> {
        let journal = &self.chat.journal;
        let threads = journal.in_state(state).map(|id| journal.thread(id?)).filter_map(Result::transpose);
        threads.collect()
    }

    fn press<T>(&self, with: impl FnOnce(&Press<'_>) -> T) -> Result<T, journal::Fault> {
        let (replies, suspensions) = (self.chat.library.current(), self.chat.journal.suspensions()?);
        Ok(with(&Press {
            wording: &self.chat.wording,
            zone: self.chat.calendar.zone(),
            replies: &replies,
            suspensions: &suspensions,
            console_url: self.settings.console_url.as_deref(),
        }))
    }

    /// The number of a transaction. Begun anew with the drawer: after a restore, threads and counts come again,
    /// and the service may remember the numbers of before.
    fn txn(&self, what: &str) -> Result<String, journal::Fault> {
        let made = match self.drawer().get::<Timestamp>("made")? {
            Some(made) => made,
            None => {
                let now = self.now();
                self.drawer().set_synced("made", &now)?;
                now
            }
        };
        Ok(format!("{}-{what}", made.as_microsecond()).replace([' ', '/'], "-"))
    }

    fn drawer(&self) -> Drawer<'_> {
        Drawer { journal: &self.chat.journal, name: C::NAME }
    }

    fn now(&self) -> Timestamp {
        self.chat.journal.clock().now()
    }

    /// A moment as the team reads it.
    fn moment(&self, at: Timestamp) -> String {
        self.chat.wording.moment(&at.to_zoned_datetime(self.chat.calendar.zone().clone()))
    }

    /// The time of the day at the desk.
    fn local_time(&self) -> Time {
        self.chat.calendar.zone().to_datetime(self.now()).time()
    }

    /// Whether these are hours in which nothing new is said but failures.
    fn is_quiet(&self) -> bool {
        self.settings.quiet.is_some_and(|quiet| quiet.holds(self.local_time()))
    }
}

/// A pause that a service asks for, as far as it is taken at its word.
fn bounded(pause: Duration) -> Duration {
    pause.clamp(Duration::from_secs(1), Duration::from_secs(300))
}

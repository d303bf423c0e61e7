//! Stage: the desk in the team's chat. Cards that follow each thread, the morning's list, alerts; and
//! an ear for commands, which a door carries out.
//!
//! Nothing that is typed in a chat becomes mail: this stage reads threads and writes into the chat, and what
//! it hears goes to whoever [`Obey`]s, as an [`Order`]. The desk goes on without chat: a fault here pauses
//! the chat alone.

mod card;
mod kept;
mod matrix;
mod rounds;
mod talk;

pub use matrix::{Hindrances, Matrix};
pub use talk::{Fault, Say};

use crate::calendar::Calendar;
use crate::config::{Chat as Settings, Config, Room};
use crate::journal::{self, Journal, blocking};
use crate::library::Library;
use crate::thread::{State, Thread, ThreadId};
use crate::wording::Wording;
use card::Press;
use jiff::{SignedDuration, Timestamp};
use kept::{Drawer, Posted, Recent};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use talk::{Heard, What};
use tokio::sync::watch;

/// Events looked at in one go.
const BATCH: usize = 500;
/// A command is obeyed only if it was said after the start, or so shortly before.
const MARGIN: Duration = Duration::from_secs(60);
/// In a room, more new cards than this within [`BURST`] make one that counts them.
const MANY: usize = 10;
const BURST: SignedDuration = SignedDuration::from_mins(10);
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
    /// The account of whoever speaks; `None`: the config knows nobody of this identity.
    pub name: Option<String>,
    /// What was said.
    pub text: String,
    /// Whether the room may see drafts.
    pub protected: bool,
    /// The thread of the card to which it belongs.
    pub thread: Option<ThreadId>,
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
    /// Talks and listens until told to stop.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let Some(settings) = self.config.chat.clone() else { return };
        match Matrix::new(settings.matrix.clone()) {
            Ok(matrix) => {
                let talk = Talk {
                    chat: self,
                    settings,
                    matrix,
                    started: Instant::now(),
                    refusing: Mutex::default(),
                };
                tokio::join!(talk.listen(stop.clone()), talk.tell(stop));
            }
            Err(fault) => tracing::error!(%fault, "no chat"),
        }
    }
}

/// The chat under way.
struct Talk {
    chat: Chat,
    settings: Settings,
    matrix: Matrix,
    started: Instant,
    /// Rooms of which the log has said that they refuse.
    refusing: Mutex<BTreeSet<String>>,
}

impl Talk {
    async fn listen(&self, mut stop: watch::Receiver<bool>) {
        let mut faults = 0;
        while !*stop.borrow() {
            let heard = tokio::select! {
                heard = self.hear() => heard,
                _ = stop.wait_for(|stop| *stop) => return,
            };
            faults = self.after(heard, faults, &mut stop).await;
        }
    }

    async fn tell(&self, mut stop: watch::Receiver<bool>) {
        let mut bell = self.chat.journal.bell();
        let mut faults = 0;
        while !*stop.borrow() {
            bell.mark_unchanged();
            let told = tokio::select! {
                told = async {
                    while self.follow().await? {}
                    self.rounds().await
                } => told,
                _ = stop.wait_for(|stop| *stop) => return,
            };
            let well = told.is_ok();
            faults = self.after(told, faults, &mut stop).await;
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

    /// Rests after a fault, longer after each one in a row. Gives how many there were.
    async fn after(
        &self,
        done: Result<(), Stopped>,
        faults: usize,
        stop: &mut watch::Receiver<bool>,
    ) -> usize {
        let Err(stopped) = done else {
            if faults > 0 {
                tracing::info!("the chat is back");
            }
            return 0;
        };
        let usual = PAUSES.get(faults).or(PAUSES.last()).copied().unwrap_or_default();
        let pause = match &stopped {
            Stopped::Service(Fault::Limited(pause)) => *pause,
            _ => usual,
        };
        if faults == 0 {
            tracing::warn!(fault = %stopped, "the chat pauses");
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
        faults + 1
    }

    /// One question for news, and what follows from it.
    async fn hear(&self) -> Result<(), Stopped> {
        let since: Option<String> = self.drawer().get("since")?;
        let news = self.matrix.news(since.as_deref()).await?;
        for (room, by) in &news.invited {
            // Only to the team's rooms, and only by somebody of the team.
            let known = self.settings.matrix.room(room).is_some() && self.settings.people.contains_key(by);
            let done = if known { self.matrix.join(room).await } else { self.matrix.leave(room).await };
            self.shrug(room, done)?;
        }
        for room in &news.encrypted {
            if self.drawer().first_time(&format!("encrypted {room}"))? {
                tracing::warn!("a room of the chat is encrypted: the bot cannot read it, and leaves it");
                let words = Say::lines(&[self.chat.wording.text("chat-encrypted")]);
                let said = self.matrix.say(room, &format!("encrypted-{room}"), &words, None).await;
                self.shrug(room, said.map(drop))?;
                let left = self.matrix.leave(room).await;
                self.shrug(room, left)?;
            }
        }
        for room in &news.gone {
            if self.settings.matrix.room(room).is_some()
                && self.drawer().first_time(&format!("gone {room}"))?
            {
                tracing::warn!("a room of the chat is closed to the bot: the config must name another one");
            }
        }
        for heard in &news.heard {
            self.answer(heard).await?;
        }
        self.drawer().set("since", &news.next)?;
        // What was told before that is not told again.
        if news.heard.is_empty() { Ok(()) } else { Ok(self.drawer().set("heard", &Vec::<String>::new())?) }
    }

    /// Has an order carried out, once, and says what came of it.
    async fn answer(&self, heard: &Heard) -> Result<(), Stopped> {
        let Some(room) = self.settings.matrix.room(&heard.room) else { return Ok(()) };
        if heard.age > self.started.elapsed() + MARGIN {
            return Ok(());
        }
        let thread = match &heard.about {
            Some(message) => self.drawer().get::<ThreadId>(&kept::thread_of(message))?,
            None => None,
        };
        let text = match &heard.what {
            What::Words(words) => words.clone(),
            // A sign on a card takes the thread in hand, and does nothing else.
            What::Sign(sign) if sign.starts_with('✅') && room.protected && thread.is_some() => {
                "!prendre".to_owned()
            }
            What::Sign(_) => return Ok(()),
        };
        let name = self.settings.people.get(&heard.person).cloned();
        let is_stranger = name.is_none();
        let order = Order { name, text, protected: room.protected, thread };
        // Before it is carried out: heard again after a kill it is not done twice.
        let mut done: Vec<String> = self.drawer().get("heard")?.unwrap_or_default();
        if done.contains(&heard.message) {
            return Ok(());
        }
        done.push(heard.message.clone());
        self.drawer().set("heard", &done)?;
        let obey = Arc::clone(&self.chat.obey);
        let answer = tokio::task::spawn_blocking(move || obey.obey(&order)).await.unwrap_or_default();
        let Some(lines) = answer else { return Ok(()) };
        // One explanation for somebody whom nobody knows, and no talk.
        if is_stranger && !self.drawer().first_time(&format!("stranger {}", heard.person))? {
            return Ok(());
        }
        let (say, txn) = (Say::lines(&lines), format!("answer-{}", heard.message));
        self.insist(&heard.room, &txn, &say, heard.about.as_deref()).await
    }

    /// Says an answer; a service that wants a pause gets it.
    async fn insist(&self, room: &str, txn: &str, say: &Say, about: Option<&str>) -> Result<(), Stopped> {
        for pause in PAUSES {
            match self.matrix.say(room, txn, say, about).await {
                Ok(_) => return Ok(()),
                Err(Fault::Limited(wanted)) => tokio::time::sleep(wanted).await,
                Err(Fault::Unreachable(_)) => tokio::time::sleep(pause).await,
                Err(other) => return self.shrug(room, Err(other)),
            }
        }
        tracing::warn!("an answer in the chat was not said");
        Ok(())
    }

    /// What a room refuses is the room's matter: logged, and over.
    fn shrug(&self, room: &str, done: Result<(), Fault>) -> Result<(), Stopped> {
        match done {
            Err(Fault::Refused(why)) => {
                let place = self.settings.matrix.rooms.iter().position(|of| of.id == room);
                // Once a run: every thread has a card there.
                if self.refusing.lock().unwrap_or_else(PoisonError::into_inner).insert(room.to_owned()) {
                    tracing::warn!(why, ?place, "a room of the chat refuses");
                }
                Ok(())
            }
            other => Ok(other?),
        }
    }

    /// Brings the cards of threads up to date; says whether there may be more.
    async fn follow(&self) -> Result<bool, Stopped> {
        let Some(seq) = self.drawer().get::<u64>("seq")? else {
            // What was there before the chat has no cards.
            self.drawer().set("seq", &self.chat.journal.last())?;
            return Ok(true);
        };
        let journal = Arc::clone(&self.chat.journal);
        let touched = blocking(move || journal.touched(seq, BATCH)).await?;
        if touched.last == seq {
            return Ok(false);
        }
        for id in touched.threads {
            let Some(thread) = self.chat.journal.thread(id)?.filter(|thread| thread.id == id) else {
                continue;
            };
            for room in &self.settings.matrix.rooms {
                match self.show(room, &thread).await {
                    Err(Stopped::Service(fault)) => self.shrug(&room.id, Err(fault))?,
                    shown => shown?,
                }
            }
        }
        self.drawer().set("seq", &touched.last)?;
        Ok(true)
    }

    /// Brings the card of a thread in a room up to date.
    async fn show(&self, room: &Room, thread: &Thread) -> Result<(), Stopped> {
        let key = kept::card(&room.id, thread.id);
        let posted: Option<Posted> = self.drawer().get(&key)?;
        if posted.is_none() && (thread.state != State::ToReview || self.is_counted(room).await?) {
            return Ok(());
        }
        let posted = posted.unwrap_or_default();
        let draft = if room.protected { self.chat.journal.draft_of(thread)? } else { None };
        let say = self.press(|press| press.card(thread, draft.as_ref()));
        let posted = self.post(room, &key, posted, say).await?;
        if let Some(message) = &posted.message {
            self.drawer().set(&kept::thread_of(message), &thread.id)?;
        }
        Ok(())
    }

    /// Whether a new card in this room is only counted now; it is, then.
    async fn is_counted(&self, room: &Room) -> Result<bool, Stopped> {
        let key = format!("recent {}", room.id);
        let now = self.now();
        let mut recent: Recent = self.drawer().get(&key)?.unwrap_or_default();
        let is_recent = |at: &Timestamp| now.duration_since(*at) < BURST;
        recent.begun.retain(is_recent);
        recent.counted = recent.counted.filter(|(since, _)| is_recent(since));
        let counts = recent.begun.len() >= MANY || recent.counted.is_some();
        if counts {
            let (since, count) = recent.counted.unwrap_or((now, 0));
            recent.counted = Some((since, count + 1));
            self.drawer().set(&key, &recent)?;
            let at = self.chat.wording.moment(&since.to_zoned_datetime(self.chat.calendar.zone().clone()));
            let values: [(&str, &dyn std::fmt::Display); 2] = [("count", &(count + 1)), ("at", &at)];
            let say = Say::lines(&[self.chat.wording.with("chat-counted", &values)]);
            let key = format!("counted {} {since}", room.id);
            let posted = self.drawer().get(&key)?.unwrap_or_default();
            self.post(room, &key, posted, say).await?;
        } else {
            recent.begun.push(now);
            self.drawer().set(&key, &recent)?;
        }
        Ok(counts)
    }

    /// Says it, or says it in the place of what was said; each change once, whatever is killed when.
    async fn post(&self, room: &Room, key: &str, mut posted: Posted, say: Say) -> Result<Posted, Stopped> {
        let mark = kept::mark(key, &say);
        loop {
            let (txn, words) = match posted.under_way.clone() {
                Some(under_way) => under_way,
                None if posted.said.as_ref() == Some(&mark) => return Ok(posted),
                None => {
                    posted.count += 1;
                    let txn = format!("{key}-{}", posted.count).replace([' ', '/'], "-");
                    posted.under_way = Some((txn.clone(), say.clone()));
                    self.drawer().set(key, &posted)?;
                    (txn, say.clone())
                }
            };
            match posted.message.clone() {
                None => posted.message = Some(self.matrix.say(&room.id, &txn, &words, None).await?),
                Some(message) => self.matrix.change(&room.id, &txn, &message, &words).await?,
            }
            posted.said = Some(kept::mark(key, &words));
            posted.under_way = None;
            self.drawer().set(key, &posted)?;
        }
    }

    fn press<T>(&self, with: impl FnOnce(&Press<'_>) -> T) -> T {
        let replies = self.chat.library.current();
        with(&Press {
            wording: &self.chat.wording,
            zone: self.chat.calendar.zone(),
            replies: &replies,
            console_url: self.settings.console_url.as_deref(),
        })
    }

    fn drawer(&self) -> Drawer<'_> {
        Drawer(&self.chat.journal)
    }

    fn now(&self) -> Timestamp {
        self.chat.journal.clock().now()
    }
}

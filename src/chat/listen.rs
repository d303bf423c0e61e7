//! The ear of the chat: commands, invitations, rooms that cannot be used.

use super::channel::{Channel, Fault, Heard, Say, What};
use super::{MARGIN, Order, PAUSES, Stopped, Talk, kept};
use crate::thread::ThreadId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

/// By the service's number of each message.
type Begun = BTreeMap<String, bool>;

/// What is to be done about a room, for as long as it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Chore {
    /// Enter it.
    Join(String),
    /// Leave it, or decline to enter.
    Leave(String),
    /// Say why, once, and leave.
    LeaveEncrypted(String),
}

/// The key of the chores.
const CHORES: &str = "chores";
/// The key of the messages of the last news that were begun, each with whether it was answered.
const BEGUN: &str = "begun";

impl<C: Channel> Talk<C> {
    /// One question for news, and what follows from it; after so many faults in a row.
    pub(super) async fn hear(&self, faults: usize) -> Result<(), Stopped> {
        let since = self.drawer().get::<Option<String>>("since")?.flatten();
        let news = match self.channel.news(since.as_deref()).await {
            Err(fault) if since.is_some() && is_for_ever(&fault, faults) => {
                tracing::warn!(service = C::NAME, %fault, "the chat is heard from now on only");
                return Ok(self.drawer().set("since", &None::<String>)?);
            }
            news => news?,
        };
        // The ages of what was heard are of this moment.
        let running = self.started.elapsed();
        for heard in &news.heard {
            self.answer(heard, running).await?;
        }
        let mut chores: Vec<Chore> = self.drawer().get(CHORES)?.unwrap_or_default();
        for (room, by) in news.invited {
            // Only to the team's rooms, and only by somebody of the team.
            let known = self.channel.room(&room).is_some() && self.settings.people.contains_key(&by);
            chores.push(if known { Chore::Join(room) } else { Chore::Leave(room) });
        }
        chores.extend(news.encrypted.into_iter().map(Chore::LeaveEncrypted));
        for room in &news.gone {
            let key = gone(room);
            if self.channel.room(room).is_some() && !self.drawer().is_noted(&key)? {
                self.drawer().set(&key, &true)?;
                tracing::warn!("a room of the chat is closed to the bot: the config must name another one");
            }
        }
        if let Some(since) = &since {
            self.tell_missed(since, &news.missed).await?;
        }
        self.drawer().set(CHORES, &chores)?;
        self.drawer().set("since", &news.next)?;
        // What was told before that is not told again.
        if !news.heard.is_empty() {
            self.drawer().set(BEGUN, &Begun::new())?;
            self.unsaid().clear();
        }
        self.do_chores(chores).await
    }

    /// One that cannot be done now waits for the next news, and keeps nobody from being heard.
    async fn do_chores(&self, chores: Vec<Chore>) -> Result<(), Stopped> {
        let mut left = Vec::new();
        for chore in chores {
            let (room, done) = match &chore {
                Chore::Join(room) => (room, self.enter(room).await?),
                Chore::Leave(room) => (room, self.channel.leave(room).await),
                Chore::LeaveEncrypted(room) => (room, self.leave_encrypted(room).await),
            };
            match done {
                Ok(()) => {}
                Err(fault @ Fault::Refused(_)) => self.shrug(room, Err(fault))?,
                Err(_) if left.contains(&chore) => {}
                Err(_) => left.push(chore),
            }
        }
        Ok(self.drawer().set(CHORES, &left)?)
    }

    /// Enters a room, where everything may be said again.
    async fn enter(&self, room: &str) -> Result<Result<(), Fault>, Stopped> {
        let entered = self.channel.join(room).await;
        if entered.is_ok() {
            self.refusing().remove(room);
            self.drawer().set(&gone(room), &false)?;
            self.drawer().set(&entered_lately(room), &true)?;
        }
        Ok(entered)
    }

    /// Nobody waits in vain for the answer to what was not heard.
    async fn tell_missed(&self, since: &str, rooms: &[String]) -> Result<(), Stopped> {
        for room in rooms.iter().filter(|room| self.channel.room(room).is_some()) {
            // What was said there before the bot came is no loss.
            let before = entered_lately(room);
            if self.drawer().is_noted(&before)? {
                self.drawer().set(&before, &false)?;
                continue;
            }
            let say = Say::lines(&[self.chat.wording.text("chat-missed")]);
            self.say_or_shrug(room, &format!("missed-{room}-{since}"), &say, None).await?;
        }
        Ok(())
    }

    async fn leave_encrypted(&self, room: &str) -> Result<(), Fault> {
        tracing::warn!("a room of the chat is encrypted: the bot cannot read it, and leaves it");
        let words = Say::lines(&[self.chat.wording.text("chat-encrypted")]);
        // The same transaction: said once, however often it takes to leave.
        match self.channel.say(room, &format!("encrypted-{room}"), &words, None).await {
            Ok(_) | Err(Fault::Refused(_)) => self.channel.leave(room).await,
            Err(other) => Err(other),
        }
    }

    /// Has an order carried out, once, and says what came of it.
    async fn answer(&self, heard: &Heard, running: Duration) -> Result<(), Stopped> {
        let Some(room) = self.channel.room(&heard.room) else { return Ok(()) };
        // Heard again after a kill it is not done twice, and whoever waits for an answer gets one.
        let begun = self.drawer().get::<Begun>(BEGUN)?.unwrap_or_default().get(&heard.message).copied();
        if begun == Some(true) || begun.is_none() && heard.age > running + MARGIN {
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
        let (person, names) = (heard.person.clone(), self.channel.names());
        // Before it is carried out.
        self.mark_begun(&heard.message, false)?;
        let (room, again) = (room.clone(), begun.is_some());
        let order = Order { person, name, text, room, names, thread, again };
        let known = self.unsaid().get(&heard.message).cloned();
        let answer = match known {
            Some(lines) => Some(lines),
            None => self.obeyed(order).await,
        };
        if let Some(lines) = answer {
            // Until it is said: what cannot be said now is not carried out again.
            self.unsaid().insert(heard.message.clone(), lines.clone());
            self.reply(heard, &lines, is_stranger).await?;
        }
        self.mark_begun(&heard.message, true)
    }

    async fn obeyed(&self, order: Order) -> Option<Vec<String>> {
        let obey = Arc::clone(&self.chat.obey);
        let answer = tokio::task::spawn_blocking(move || obey.obey(&order)).await;
        answer.unwrap_or_else(|_| {
            tracing::error!(service = C::NAME, "a command of the chat ended in a panic");
            Some(vec![self.chat.wording.text("chat-store")])
        })
    }

    fn unsaid(&self) -> MutexGuard<'_, BTreeMap<String, Vec<String>>> {
        self.unsaid.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mark_begun(&self, message: &str, answered: bool) -> Result<(), Stopped> {
        let mut begun = self.drawer().get::<Begun>(BEGUN)?.unwrap_or_default();
        begun.insert(message.to_owned(), answered);
        Ok(self.drawer().set(BEGUN, &begun)?)
    }

    async fn reply(&self, heard: &Heard, lines: &[String], is_stranger: bool) -> Result<(), Stopped> {
        let stranger = format!("stranger {}", heard.person);
        // One explanation for somebody whom nobody knows, and no talk.
        if is_stranger && self.drawer().is_noted(&stranger)? {
            return Ok(());
        }
        let (say, txn) = (Say::lines(lines), format!("answer-{}", heard.message));
        self.say_or_shrug(&heard.room, &txn, &say, heard.about.as_deref()).await?;
        if is_stranger {
            self.drawer().set(&stranger, &true)?;
        }
        Ok(())
    }

    /// A fault is the whole ear's: everything is heard again after a pause, and this said by the same transaction.
    async fn say_or_shrug(
        &self,
        room: &str,
        txn: &str,
        say: &Say,
        about: Option<&str>,
    ) -> Result<(), Stopped> {
        match self.channel.say(room, txn, say, about).await {
            Ok(_) => Ok(()),
            // Whatever it says to that, the next one may be heard.
            Err(Fault::Unsound(why)) => self.shrug(room, Err(Fault::Refused(why))),
            Err(fault) => self.shrug(room, Err(fault)),
        }
    }
}

/// Where it is noted that a room is closed to the bot.
fn gone(room: &str) -> String {
    format!("gone {room}")
}

/// Where it is noted that a room was entered, and nothing heard of it yet.
fn entered_lately(room: &str) -> String {
    format!("entered {room}")
}

/// Whether the service, asked for the same, would say the same; what was said meanwhile is lost, then. A proxy
/// before it may answer nonsense for a while.
fn is_for_ever(fault: &Fault, faults: usize) -> bool {
    match fault {
        Fault::Refused(_) => true,
        Fault::Unsound(_) => faults >= PAUSES.len(),
        _ => false,
    }
}

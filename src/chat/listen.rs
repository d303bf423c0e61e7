//! The ear of the chat: commands, invitations, rooms that cannot be used.

use super::channel::{Channel, Fault, Heard, Say, What};
use super::{MARGIN, Order, PAUSES, Stopped, Talk, bounded, kept};
use crate::thread::ThreadId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
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
    /// One question for news, and what follows from it.
    pub(super) async fn hear(&self) -> Result<(), Stopped> {
        let since = self.drawer().get::<Option<String>>("since")?.flatten();
        let news = match self.channel.news(since.as_deref()).await {
            // Asked for the same it would say the same: from here on, then. What was said meanwhile is lost.
            Err(fault @ (Fault::Refused(_) | Fault::Unsound(_))) if since.is_some() => {
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
            if self.channel.room(room).is_some() && self.drawer().first_time(&format!("gone {room}"))? {
                tracing::warn!("a room of the chat is closed to the bot: the config must name another one");
            }
        }
        self.drawer().set(CHORES, &chores)?;
        self.drawer().set("since", &news.next)?;
        // What was told before that is not told again.
        if !news.heard.is_empty() {
            self.drawer().set(BEGUN, &Begun::new())?;
        }
        self.do_chores(chores).await
    }

    /// One that cannot be done now waits for the next news, and keeps nobody from being heard.
    async fn do_chores(&self, chores: Vec<Chore>) -> Result<(), Stopped> {
        let mut left = Vec::new();
        for chore in chores {
            let (room, done) = match &chore {
                Chore::Join(room) => (room, self.channel.join(room).await),
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
        let obey = Arc::clone(&self.chat.obey);
        let answer = tokio::task::spawn_blocking(move || obey.obey(&order)).await.unwrap_or_default();
        if let Some(lines) = answer {
            self.reply(heard, &lines, is_stranger).await?;
        }
        self.mark_begun(&heard.message, true)
    }

    fn mark_begun(&self, message: &str, answered: bool) -> Result<(), Stopped> {
        let mut begun = self.drawer().get::<Begun>(BEGUN)?.unwrap_or_default();
        begun.insert(message.to_owned(), answered);
        Ok(self.drawer().set(BEGUN, &begun)?)
    }

    async fn reply(&self, heard: &Heard, lines: &[String], is_stranger: bool) -> Result<(), Stopped> {
        // One explanation for somebody whom nobody knows, and no talk.
        if is_stranger && !self.drawer().first_time(&format!("stranger {}", heard.person))? {
            return Ok(());
        }
        let (say, txn) = (Say::lines(lines), format!("answer-{}", heard.message));
        self.insist(&heard.room, &txn, &say, heard.about.as_deref()).await
    }

    /// Says an answer, for as long as people may still wait for it.
    async fn insist(&self, room: &str, txn: &str, say: &Say, about: Option<&str>) -> Result<(), Stopped> {
        let mut pauses = PAUSES.into_iter().take(3);
        loop {
            let pause = match self.channel.say(room, txn, say, about).await {
                Ok(_) => return Ok(()),
                Err(Fault::Limited(wanted)) => pauses.next().map(|_| bounded(wanted)),
                Err(Fault::Unreachable(_)) => pauses.next(),
                Err(other) => return self.shrug(room, Err(other)),
            };
            let Some(pause) = pause else {
                tracing::warn!(service = C::NAME, "an answer in the chat was not said");
                return Ok(());
            };
            tokio::time::sleep(pause).await;
        }
    }
}

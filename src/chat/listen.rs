//! The ear of the chat: invitations, rooms that cannot be used, and commands.

use super::channel::{Channel, Fault, Heard, Say, What};
use super::{MARGIN, Order, PAUSES, Stopped, Talk, kept};
use crate::thread::ThreadId;
use std::sync::Arc;

impl<C: Channel> Talk<C> {
    /// One question for news, and what follows from it.
    pub(super) async fn hear(&self) -> Result<(), Stopped> {
        let since: Option<String> = self.drawer().get("since")?;
        let news = self.channel.news(since.as_deref()).await?;
        for (room, by) in &news.invited {
            // Only to the team's rooms, and only by somebody of the team.
            let known = self.channel.room(room).is_some() && self.settings.people.contains_key(by);
            let done = if known { self.channel.join(room).await } else { self.channel.leave(room).await };
            self.shrug(room, done)?;
        }
        for room in &news.encrypted {
            if self.drawer().first_time(&format!("encrypted {room}"))? {
                tracing::warn!("a room of the chat is encrypted: the bot cannot read it, and leaves it");
                let words = Say::lines(&[self.chat.wording.text("chat-encrypted")]);
                let said = self.channel.say(room, &format!("encrypted-{room}"), &words, None).await;
                self.shrug(room, said.map(drop))?;
                let left = self.channel.leave(room).await;
                self.shrug(room, left)?;
            }
        }
        for room in &news.gone {
            if self.channel.room(room).is_some() && self.drawer().first_time(&format!("gone {room}"))? {
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
        let Some(room) = self.channel.room(&heard.room) else { return Ok(()) };
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
        let (person, names) = (heard.person.clone(), self.channel.names());
        let order = Order { person, name, text, room: room.clone(), names, thread };
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
            match self.channel.say(room, txn, say, about).await {
                Ok(_) => return Ok(()),
                Err(Fault::Limited(wanted)) => tokio::time::sleep(wanted).await,
                Err(Fault::Unreachable(_)) => tokio::time::sleep(pause).await,
                Err(other) => return self.shrug(room, Err(other)),
            }
        }
        tracing::warn!("an answer in the chat was not said");
        Ok(())
    }
}

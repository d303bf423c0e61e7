//! The chat's orders, on their way to the door that carries them out.

use super::App;
use crate::chat::{Chat, Obey, Order};
use crate::commands::{Addressed, Commands, Spoken};
use std::sync::Arc;

/// The commands, and how the bot is called.
struct Ear {
    commands: Commands,
    /// The whole identity, and the part of it that people type.
    names: Vec<String>,
}

impl Obey for Ear {
    fn obey(&self, order: &Order) -> Option<Vec<String>> {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        // Under a card people talk to the bot; in the room they call it.
        let addressed = Addressed { names: &names, bare: order.thread.is_some(), thread: order.thread };
        let (name, protected) = (order.name.as_deref(), order.protected);
        self.commands.obey(&Spoken { name, text: &order.text, addressed, protected })
    }
}

impl App {
    /// The team's chat.
    pub(super) fn chat(&self) -> Chat {
        let user = self.config.chat.as_ref().map(|chat| chat.matrix.user.clone()).unwrap_or_default();
        let local = user.trim_start_matches('@').split(':').next().unwrap_or_default().to_owned();
        let commands = Commands {
            desk: self.desk(),
            report: self.report.clone(),
            people: self.people(),
            config: Arc::clone(&self.config),
            wording: self.wording.clone(),
        };
        Chat {
            journal: Arc::clone(&self.journal),
            library: Arc::clone(&self.library),
            config: Arc::clone(&self.config),
            calendar: Arc::clone(&self.calendar),
            wording: self.wording.clone(),
            obey: Arc::new(Ear { commands, names: vec![user, local] }),
        }
    }
}

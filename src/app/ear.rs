//! The chat's orders, on their way to the door that carries them out.

use super::App;
use crate::chat::{Chat, Obey, Order};
use crate::commands::{Addressed, Commands, Spoken};
use crate::config::{Config, Credential};
use crate::tls;
use crate::wording::Wording;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// The commands.
struct Ear(Commands);

impl Obey for Ear {
    fn obey(&self, order: &Order) -> Option<Vec<String>> {
        let names: Vec<&str> = order.names.iter().map(String::as_str).collect();
        // Under a card people talk to the bot; in the room they call it.
        let addressed = Addressed { names: &names, bare: order.thread.is_some(), thread: order.thread };
        let (person, name) = (order.person.as_str(), order.name.as_deref());
        let (text, room, again) = (order.text.as_str(), &order.room, order.again);
        self.0.obey(&Spoken { person, name, text, addressed, room, again })
    }
}

impl App {
    /// The team's chat.
    pub(super) fn chat(&self) -> Chat {
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
            credentials: credentials(&self.config, self.calendar.zone(), &self.wording),
            obey: Arc::new(Ear(commands)),
        }
    }
}

/// What has an end, in the order of the days: what the config tells, and the console's certificate.
pub(super) fn credentials(config: &Config, zone: &TimeZone, wording: &Wording) -> Vec<Credential> {
    let tls = config.console.as_ref().and_then(|console| console.tls.as_ref());
    let certificate = tls.and_then(|tls| tls::certificate_end(&tls.certificate)).map(|end| {
        let name = wording.text("check-certificate");
        Credential { name, until: zone.to_datetime(end).date() }
    });
    let mut credentials: Vec<Credential> = config.credentials.iter().cloned().chain(certificate).collect();
    credentials.sort_by_key(|credential| credential.until);
    credentials
}

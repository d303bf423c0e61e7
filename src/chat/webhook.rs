//! Edge: a webhook, which takes messages in and tells nothing. A workflow of Teams, for one.
//!
//! Whoever knows its address may speak there, so the address is a secret. It knows no transactions: a kill
//! between its answer and our note of it says one message twice, which harms less than an alert that is lost.

mod template;

pub use template::BadTemplate;

use super::channel::{Channel, Fault, News, Part, Say};
use crate::config::{self, Room};
use crate::http::{Client, is_usable};
use std::time::Duration;
use template::Template;

/// How long it may take over a message.
const PATIENCE: Duration = Duration::from_secs(30);

/// The webhook of the config.
#[derive(Debug, Clone)]
pub struct Webhook {
    client: Client,
    settings: config::Webhook,
    template: Template,
}

impl Webhook {
    /// # Errors
    /// If the template does not hold, or there is no certificate to trust.
    pub fn new(settings: config::Webhook) -> Result<Self, Fault> {
        let template = Template::open(settings.template.as_deref());
        let template = template.map_err(|why| Fault::Unsound(why.to_string()))?;
        let client = Client::new(settings.ca_file.as_deref());
        let client = client.map_err(|error| Fault::Unreachable(error.to_string()))?;
        Ok(Self { client, settings, template })
    }

    /// Whether its settings hold, as far as can be told without a message.
    ///
    /// # Errors
    /// What is wrong with the template, or the file of the address.
    pub fn check(settings: &config::Webhook) -> Result<(), Fault> {
        let webhook = Self::new(settings.clone())?;
        let url = webhook.url()?;
        is_usable(url.expose()).map_err(|why| Fault::Unreachable(why.to_string()))
    }

    /// Read at each use: it may have been renewed.
    fn url(&self) -> Result<config::Secret, Fault> {
        self.settings.url.read().map_err(Fault::Credential)
    }
}

impl Channel for Webhook {
    const NAME: &'static str = "webhook";
    const CHANGES: bool = false;

    fn rooms(&self) -> &[Room] {
        std::slice::from_ref(&self.settings.room)
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }

    async fn news(&self, _since: Option<&str>) -> Result<News, Fault> {
        std::future::pending().await
    }

    async fn say(&self, _room: &str, txn: &str, say: &Say, _about: Option<&str>) -> Result<String, Fault> {
        let url = self.url()?;
        let body = self.template.filled(&lines(say), link(say));
        let answer = self.client.post(url.expose(), &body, PATIENCE).await;
        let answer = answer.map_err(|failed| Fault::Unreachable(failed.to_string()))?;
        match answer.status {
            200..300 => Ok(txn.to_owned()),
            429 => Err(Fault::Limited(answer.retry_after.unwrap_or(Duration::from_secs(5)))),
            401 | 403 => Err(Fault::Unauthorised(answer.status.to_string())),
            408 => Err(Fault::Unreachable("408".to_owned())),
            // What it does not take it will not take later; a redirection is the config's to follow.
            status @ 300..500 => Err(Fault::Refused(status.to_string())),
            status => Err(Fault::Unreachable(status.to_string())),
        }
    }

    async fn change(&self, _: &str, _: &str, _: &str, _: &Say) -> Result<(), Fault> {
        Ok(())
    }

    async fn join(&self, _room: &str) -> Result<(), Fault> {
        Ok(())
    }

    async fn leave(&self, _room: &str) -> Result<(), Fault> {
        Ok(())
    }
}

/// Lines only: nobody can answer there, so nothing tells what to type, and no text is quoted.
fn lines(say: &Say) -> Vec<&str> {
    let lines = say.parts.iter().filter_map(|part| match part {
        Part::Line(line) => Some(line.as_str()),
        Part::Quote(_) | Part::Link(_) | Part::Button { .. } => None,
    });
    lines.collect()
}

fn link(say: &Say) -> Option<&str> {
    say.parts.iter().find_map(|part| match part {
        Part::Link(link) => Some(link.as_str()),
        _ => None,
    })
}

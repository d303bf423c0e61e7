//! Whether the team's chat can be used.

use super::CheckLine;
use crate::chat::{Fault, Matrix, Webhook};
use crate::config;
use crate::wording::Wording;
use std::fmt::Display;

/// A line for each service.
pub(super) async fn lines(settings: &config::Chat, wording: &Wording) -> Vec<CheckLine> {
    let mut lines = Vec::new();
    if let Some(matrix) = &settings.matrix {
        lines.push(CheckLine { part: "check-chat", found: talks(matrix, wording).await, config: false });
    }
    if let Some(webhook) = &settings.webhook {
        lines.push(CheckLine { part: "check-webhook", found: speaks(webhook, wording), config: false });
    }
    lines
}

/// Whether the bot can talk in the team's rooms.
async fn talks(settings: &config::Matrix, wording: &Wording) -> Result<String, Vec<String>> {
    let asked = async { Matrix::new(settings.clone())?.check().await };
    let found = asked.await.map_err(|fault| {
        let key = match fault {
            Fault::Unauthorised(_) => "check-chat-token",
            Fault::Credential(_) => "check-chat-token-file",
            _ => "check-chat-unreachable",
        };
        vec![wording.with(key, &[("why", &fault)])]
    })?;
    let line = |key: &str, rooms: &[String]| wording.with(key, &[("rooms", &rooms.join(", "))]);
    let mut problems = Vec::new();
    if !found.outside.is_empty() {
        problems.push(line("check-chat-outside", &found.outside));
    }
    if !found.encrypted.is_empty() {
        problems.push(line("check-chat-encrypted", &found.encrypted));
    }
    let values: [(&str, &dyn Display); 2] = [("user", &settings.user), ("count", &settings.rooms.len())];
    if problems.is_empty() { Ok(wording.with("check-chat-found", &values)) } else { Err(problems) }
}

/// Whether address and template can be read. No message is sent to try it: people would read it.
fn speaks(settings: &config::Webhook, wording: &Wording) -> Result<String, Vec<String>> {
    match Webhook::check(settings) {
        Ok(()) => Ok(wording.text("check-webhook-found")),
        Err(Fault::Credential(why)) => Err(vec![wording.with("check-webhook-file", &[("why", &why)])]),
        Err(why @ Fault::Unreachable(_)) => Err(vec![wording.with("check-webhook-file", &[("why", &why)])]),
        Err(why) => Err(vec![wording.with("check-webhook-template", &[("why", &why)])]),
    }
}

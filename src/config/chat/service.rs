//! The services: a Matrix server, and one that only takes messages in.

use crate::config::table::Reader;
use crate::config::{ProblemKind, SecretFile};
use std::path::PathBuf;

/// The name of the webhook's only room.
const WEBHOOK_ROOM: &str = "webhook";

/// `[chat.matrix]`.
#[derive(Debug, Clone)]
pub struct Matrix {
    /// The homeserver, without a slash at the end. HTTPS, but on this machine.
    pub homeserver: String,
    /// The bot's own identity: `@greffier:ministere.example`.
    pub user: String,
    /// Where its access token stands.
    pub token: SecretFile,
    /// The rooms, in the order of the config.
    pub rooms: Vec<Room>,
    /// Certificates to trust instead of the system's, PEM.
    pub ca_file: Option<PathBuf>,
}

/// `[chat.webhook]`.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Where its address stands: whoever knows it may speak there.
    pub url: SecretFile,
    /// The JSON that is sent to it; `None`: an Adaptive Card, as Teams Workflows take it.
    pub template: Option<PathBuf>,
    /// Certificates to trust instead of the system's, PEM.
    pub ca_file: Option<PathBuf>,
    /// Where it speaks: nobody can be asked who reads there, so it is never protected.
    pub room: Room,
}

/// A room of the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its identity: `!abc:ministere.example`.
    pub id: String,
    /// Whether drafts may be shown in it.
    pub protected: bool,
}

pub(super) fn matrix(section: &mut Reader) -> Option<Matrix> {
    let homeserver = section.required_url("homeserver");
    let user = section.string("user");
    let user = user.filter(|user| is_identity(user, '@')).or_else(|| {
        section.problem("user", ProblemKind::Wrong("matrix-user"));
        None
    });
    let token = required_secret(section, "token_file");
    let mut rooms = Vec::new();
    for (key, protected) in [("rooms", false), ("protected_rooms", true)] {
        for id in section.strings(key).unwrap_or_default() {
            if !is_identity(&id, '!') {
                section.problem(key, ProblemKind::Wrong("matrix-room"));
            } else if rooms.iter().any(|room: &Room| room.id == id) {
                // Both open and protected, it would show drafts to whom they are not for.
                section.problem(key, ProblemKind::Wrong("rooms-once"));
            } else {
                rooms.push(Room { id, protected });
            }
        }
    }
    if rooms.is_empty() {
        section.require("rooms");
    }
    let ca_file = section.path("ca_file");
    let homeserver = homeserver?.trim_end_matches('/').to_owned();
    Some(Matrix { homeserver, user: user?, token: token?, rooms, ca_file })
}

pub(super) fn webhook(section: &mut Reader) -> Option<Webhook> {
    let url = required_secret(section, "url_file");
    let template = section.path("template_file");
    let ca_file = section.path("ca_file");
    let room = Room { id: WEBHOOK_ROOM.to_owned(), protected: false };
    Some(Webhook { url: url?, template, ca_file, room })
}

fn required_secret(section: &mut Reader, key: &'static str) -> Option<SecretFile> {
    let secret = section.secret(key);
    if secret.is_none() {
        section.require(key);
    }
    secret
}

/// Rooms made by newer servers have no server's name in their identity (room version 12).
fn is_identity(text: &str, sign: char) -> bool {
    text.strip_prefix(sign).is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_graphic()) && (sign == '!' || rest.contains(':'))
    })
}

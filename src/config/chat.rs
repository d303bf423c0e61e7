//! What the operator decides about the team's chat.

use super::table::Reader;
use super::{ProblemKind, SecretFile};
use jiff::civil::Time;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `[chat]`.
#[derive(Debug, Clone)]
pub struct Chat {
    /// The console's own address as browsers see it, without a slash at the end: what cards link to.
    pub console_url: Option<String>,
    /// At what time of a business day the list of open questions is said; `None`: never.
    pub digest: Option<Time>,
    /// The Matrix server.
    pub matrix: Matrix,
    /// Who may command: the identity that the service gives → the name of an account.
    pub people: BTreeMap<String, String>,
}

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

/// A room of the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its identity: `!abc:ministere.example`.
    pub id: String,
    /// Whether drafts may be shown in it.
    pub protected: bool,
}

impl Matrix {
    /// The room of this identity, if it is one of the team's.
    #[must_use]
    pub fn room(&self, id: &str) -> Option<&Room> {
        self.rooms.iter().find(|room| room.id == id)
    }
}

/// `None` without a service under it, or with problems in it.
pub(super) fn read(root: &mut Reader) -> Option<Chat> {
    let mut section = root.section("chat");
    let console_url = section.url("console_url").map(|url| url.trim_end_matches('/').to_owned());
    let digest = section.string("digest");
    let digest = digest.and_then(|digest| match digest.parse::<Time>() {
        Ok(time) => Some(time),
        Err(_) => {
            section.problem("digest", ProblemKind::Wrong("time"));
            None
        }
    });
    let mut of_matrix = section.section("matrix");
    let matrix = if of_matrix.is_empty() { None } else { matrix(&mut of_matrix) };
    section.finish(of_matrix);
    let mut of_people = section.section("people");
    let people = of_people.texts();
    section.finish(of_people);
    root.finish(section);
    Some(Chat { console_url, digest, matrix: matrix?, people })
}

fn matrix(section: &mut Reader) -> Option<Matrix> {
    let homeserver = section.required_url("homeserver");
    let user = section.string("user");
    let user = user.filter(|user| is_identity(user, '@')).or_else(|| {
        section.problem("user", ProblemKind::Wrong("matrix-user"));
        None
    });
    let token = section.secret("token_file");
    if token.is_none() {
        section.require("token_file");
    }
    let mut rooms = Vec::new();
    for (key, protected) in [("rooms", false), ("protected_rooms", true)] {
        for id in section.strings(key).unwrap_or_default() {
            if is_identity(&id, '!') {
                rooms.push(Room { id, protected });
            } else {
                section.problem(key, ProblemKind::Wrong("matrix-room"));
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

/// Rooms made by newer servers have no server's name in their identity (room version 12).
fn is_identity(text: &str, sign: char) -> bool {
    text.strip_prefix(sign).is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_graphic()) && (sign == '!' || rest.contains(':'))
    })
}

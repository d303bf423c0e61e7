//! Who is logged in: sessions, as they begin, go on, are shown and end.

use super::passwords::random;
use super::{Denied, People, Person};
use crate::journal::{Fault, Session, SessionKey};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// How often a session notes that it is in use.
const NOTED: SignedDuration = SignedDuration::from_mins(1);

/// A session that goes on, as it is shown: nothing of it can be used to log in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSession {
    /// By which it can be ended: the first 16 hexadecimal digits of its key.
    pub id: String,
    /// Whose.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
    /// When it was last used, to the minute.
    pub seen: Timestamp,
    /// In which browser, as far as it said.
    pub browser: Option<String>,
}

fn key(token: &str) -> SessionKey {
    Sha256::digest(token).into()
}

fn id(key: &SessionKey) -> String {
    HEXLOWER.encode(key.get(..8).unwrap_or_default())
}

/// By which a session can be ended, out of its token.
#[must_use]
pub fn session_id(token: &str) -> String {
    id(&key(token))
}

impl People {
    /// Opens a session for somebody who has shown who they are: its token, and the session.
    pub(super) fn open_session(
        &self,
        name: &str,
        browser: Option<String>,
    ) -> Result<(String, Session), Denied> {
        let token = BASE64URL_NOPAD.encode(&random()?);
        let now = self.journal.clock().now();
        let form_token = HEXLOWER.encode(&random()?);
        let session = Session { name: name.to_owned(), since: now, seen: now, form_token, browser };
        self.journal.put_session(&key(&token), &session)?;
        // A kill logs nobody out.
        self.journal.sync()?;
        Ok((token, session))
    }

    /// The session of a token with its account, if it is not over and the account counts; it is noted as in
    /// use.
    ///
    /// # Errors
    /// If the store cannot be read or written.
    pub fn session(&self, token: &str) -> Result<Option<(Session, Person)>, Fault> {
        let key = key(token);
        let Some(mut session) = self.journal.session(&key)? else { return Ok(None) };
        let now = self.journal.clock().now();
        let today = self.today();
        let person = self.journal.person(&session.name)?.filter(|person| person.is_active(today));
        let Some(person) = person.filter(|_| self.goes_on(&session, now)) else {
            self.journal.end_session(&key)?;
            return Ok(None);
        };
        if now.duration_since(session.seen) > NOTED {
            session.seen = now;
            self.journal.put_session(&key, &session)?;
        }
        Ok(Some((session, person)))
    }

    fn goes_on(&self, session: &Session, now: Timestamp) -> bool {
        now.duration_since(session.seen).unsigned_abs() <= self.idle
    }

    /// The sessions that go on, somebody's or everybody's, the last used first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn sessions(&self, name: Option<&str>) -> Result<Vec<OpenSession>, Fault> {
        let now = self.journal.clock().now();
        let mut open: Vec<OpenSession> = self
            .journal
            .sessions()?
            .into_iter()
            .filter(|(_, session)| self.goes_on(session, now))
            .filter(|(_, session)| name.is_none_or(|name| session.name == name))
            .map(|(key, Session { name, since, seen, browser, .. })| OpenSession {
                id: id(&key),
                name,
                since,
                seen,
                browser,
            })
            .collect();
        open.sort_by(|a, b| b.seen.cmp(&a.seen).then(a.id.cmp(&b.id)));
        Ok(open)
    }

    /// Ends one session of somebody; `false`: they have none such.
    ///
    /// # Errors
    /// If the store cannot be read or written.
    pub fn end_session(&self, name: &str, ended: &str) -> Result<bool, Fault> {
        let sessions = self.journal.sessions()?;
        let found = sessions.into_iter().find(|(key, session)| session.name == name && id(key) == ended);
        match found {
            Some((key, _)) => self.journal.end_session(&key).map(|()| true),
            None => Ok(false),
        }
    }

    /// Ends the session of a token.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn log_out(&self, token: &str) -> Result<(), Fault> {
        self.journal.end_session(&key(token))
    }

    /// Ends all sessions of somebody, but that of the token `kept`.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn end_sessions(&self, name: &str, kept: Option<&str>) -> Result<(), Fault> {
        let kept = kept.map(key);
        for (key, session) in self.journal.sessions()? {
            if session.name == name && Some(key) != kept {
                self.journal.end_session(&key)?;
            }
        }
        Ok(())
    }
}

//! Passwords and sessions of the console: neither events nor views. Passwords stand in the backup beside
//! the accounts; sessions do not.

use super::{Fault, Journal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// SHA-256 of a session's token: the store cannot be used to log in.
pub type SessionKey = [u8; 32];

/// Somebody who is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Whose.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
    /// When they last asked for something, to the minute.
    pub seen: Timestamp,
    /// What their forms carry, so that no other site can send them. Hex.
    pub form_token: String,
    /// In which browser, as far as it said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
}

impl Journal {
    /// The hash of somebody's password, in the form of PHC strings.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn password(&self, name: &str) -> Result<Option<String>, Fault> {
        let hash = self.trees.passwords.get(name.as_bytes())?;
        Ok(hash.map(|hash| String::from_utf8_lossy(&hash).into_owned()))
    }

    /// All hashes, by name: for the backup.
    pub(super) fn passwords(&self) -> Result<BTreeMap<String, String>, sled::Error> {
        let text = |bytes: sled::IVec| String::from_utf8_lossy(&bytes).into_owned();
        self.trees.passwords.iter().map(|pair| pair.map(|(name, hash)| (text(name), text(hash)))).collect()
    }

    /// Keeps the hash of a password. On disk when this returns.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn put_password(&self, name: &str, hash: &str) -> Result<(), Fault> {
        self.trees.passwords.insert(name.as_bytes(), hash.as_bytes())?;
        self.sync()
    }

    /// A session.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn session(&self, key: &SessionKey) -> Result<Option<Session>, Fault> {
        let bytes = self.trees.sessions.get(key)?;
        bytes.map(|bytes| Ok(serde_json::from_slice(&bytes)?)).transpose()
    }

    /// All sessions.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn sessions(&self) -> Result<Vec<(SessionKey, Session)>, Fault> {
        let mut sessions = Vec::new();
        for pair in self.trees.sessions.iter() {
            let (key, bytes) = pair?;
            if let Ok(key) = SessionKey::try_from(&*key) {
                sessions.push((key, serde_json::from_slice(&bytes)?));
            }
        }
        Ok(sessions)
    }

    /// Keeps a session; on disk only with what is synced later.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn put_session(&self, key: &SessionKey, session: &Session) -> Result<(), Fault> {
        self.trees.sessions.insert(key, serde_json::to_vec(session)?)?;
        Ok(())
    }

    /// Ends a session. On disk when this returns.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn end_session(&self, key: &SessionKey) -> Result<(), Fault> {
        self.trees.sessions.remove(key)?;
        self.sync()
    }
}

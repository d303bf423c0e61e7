//! Who may come in by a password: Argon2id (RFC 9106), and what slows guessing down.

use super::{People, Unchanged};
use crate::journal::{Fault, Session};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use data_encoding::BASE32_NOPAD;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Characters of the shortest password that somebody may choose.
pub const SHORTEST_PASSWORD: usize = 12;
/// Characters of the longest: a longer one costs time and gains nothing.
const LONGEST_PASSWORD: usize = 200;
/// So many wrong passwords in a row are forgiven.
const FORGIVEN: u32 = 5;
/// The first wait after that; each further wrong password doubles it.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(10);
/// The longest wait.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);

/// Why somebody does not come in.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// No such account, no password, or another one: not told apart.
    #[error("wrong name or password")]
    Wrong,
    /// Nobody has come in in this browser meanwhile.
    #[error("no session")]
    Absent,
    /// People come in by the identity provider only.
    #[error("no passwords here")]
    NoPasswords,
    /// Too many wrong passwords.
    #[error("too many wrong passwords")]
    Wait {
        /// Until when no password counts.
        until: Timestamp,
    },
    /// The new password is too short or too long.
    #[error("the password has a wrong length")]
    Length,
    /// The machine has no random numbers, or the hash cannot be computed.
    #[error("the password cannot be hashed")]
    Hash,
    /// The store.
    #[error(transparent)]
    Store(#[from] Fault),
}

/// More names than this are not remembered: whoever makes them up has no account.
const MOST_NAMES: usize = 10_000;

/// Wrong passwords in a row, by name; whether there is such an account makes no difference. In memory: a
/// restart forgives.
#[derive(Debug, Default)]
pub struct Failures(Mutex<BTreeMap<String, (u32, Timestamp)>>);

impl Failures {
    fn until(&self, name: &str) -> Option<Timestamp> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, last) = failures.get(name).copied()?;
        let doublings = count.checked_sub(FORGIVEN)?;
        let wait = FIRST_WAIT.saturating_mul(1_i32.checked_shl(doublings.min(20)).unwrap_or(i32::MAX));
        last.checked_add(wait.min(LONGEST_WAIT)).ok()
    }

    fn count(&self, name: &str, now: Timestamp) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= MOST_NAMES {
            failures.retain(|_, (_, last)| now.duration_since(*last) < LONGEST_WAIT);
        }
        let failure = failures.entry(name.to_owned()).or_insert((0, now));
        *failure = (failure.0.saturating_add(1), now);
    }

    fn forget(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

/// A token of 256 random bits.
pub(super) fn random() -> Result<[u8; 32], Denied> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| Denied::Hash)?;
    Ok(bytes)
}

fn hashed(password: &str) -> Result<String, Denied> {
    Ok(Argon2::default().hash_password(password.as_bytes()).map_err(|_| Denied::Hash)?.to_string())
}

impl People {
    /// Gives an account a new password that nobody chose, and returns it. All its sessions end.
    ///
    /// # Errors
    /// If there is no such account, or the store cannot be written.
    pub fn issue_password(&self, name: &str) -> Result<String, Unchanged> {
        let person = self.known(name)?;
        let random = random().map_err(|_| Fault::Damaged("no random numbers".to_owned()))?;
        let text = BASE32_NOPAD.encode(random.get(..10).unwrap_or_default()).to_lowercase();
        let groups: Vec<&str> =
            [0..4, 4..8, 8..12, 12..16].into_iter().filter_map(|at| text.get(at)).collect();
        let password = groups.join("-");
        let hash = hashed(&password).map_err(|_| Fault::Damaged("no password hash".to_owned()))?;
        self.journal.put_password(&person.name, &hash)?;
        self.end_sessions(&person.name, None)?;
        self.failures.forget(&person.name);
        Ok(password)
    }

    /// Changes the password of somebody who knows the present one. Their other sessions end.
    ///
    /// # Errors
    /// [`Denied`]; nothing has changed then.
    pub fn change_password(&self, token: &str, present: &str, new: &str) -> Result<(), Denied> {
        let (Session { name, .. }, _) = self.session(token)?.ok_or(Denied::Wrong)?;
        self.verify(&name, present)?;
        if !(SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&new.chars().count()) {
            return Err(Denied::Length);
        }
        self.journal.put_password(&name, &hashed(new)?)?;
        self.end_sessions(&name, Some(token))?;
        Ok(())
    }

    /// Logs somebody in: a new token, and the session that it opens.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn log_in(
        &self,
        name: &str,
        password: &str,
        browser: Option<String>,
    ) -> Result<(String, Session), Denied> {
        let name = name.trim();
        self.verify(name, password)?;
        self.open_session(name, browser)
    }

    fn verify(&self, name: &str, password: &str) -> Result<(), Denied> {
        let now = self.journal.clock().now();
        if let Some(until) = self.failures.until(name).filter(|until| now < *until) {
            return Err(Denied::Wait { until });
        }
        let today = self.today();
        let enabled = self.journal.person(name)?.is_some_and(|person| person.is_active(today));
        let hash = match self.journal.password(name)?.filter(|_| enabled) {
            Some(hash) => hash,
            None => {
                // As much work as for an account that exists: the time tells nothing.
                let _ = hashed(password);
                self.failures.count(name, now);
                return Err(Denied::Wrong);
            }
        };
        let hash = PasswordHash::new(&hash).map_err(|_| Denied::Hash)?;
        let sound = password.chars().count() <= LONGEST_PASSWORD;
        if sound && Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() {
            self.failures.forget(name);
            return Ok(());
        }
        self.failures.count(name, now);
        Err(Denied::Wrong)
    }
}

//! Coming in by the identity provider: a log-in under way, and the account that it ends in.
//!
//! The account is known by the provider's own mark for the person, never by the name alone: two people may
//! have one name, and some providers let people choose theirs.

use super::{By, Denied, People, Unchanged};
use crate::account::{Identity, Person, Role};
use crate::journal::{Fault, Session, blocking};
use crate::oidc::{self, Attempt, Claims, Provider};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use tokio::sync::Semaphore;

/// How long somebody may stay at the provider.
const LONGEST: SignedDuration = SignedDuration::from_mins(10);
/// Log-ins under way at one time; the oldest gives way.
const MOST: usize = 1_000;
/// Questions to the provider at one time.
const AT_ONCE: usize = 4;

/// The provider, and who is there at the moment. In memory: after a restart they begin again.
pub struct SignIn {
    provider: Provider,
    under_way: Mutex<BTreeMap<String, UnderWay>>,
    turns: Semaphore,
}

struct UnderWay {
    attempt: Attempt,
    /// The page that they came for.
    back: String,
    since: Timestamp,
}

/// Why nobody came in by the provider.
#[derive(Debug, thiserror::Error)]
pub enum NotSignedIn {
    /// Nobody began it in this browser, it took too long, or it was ended before.
    #[error("no such log-in is under way")]
    NotUnderWay,
    /// The provider.
    #[error(transparent)]
    Provider(#[from] oidc::Fault),
    /// No group of theirs gives a role.
    #[error("no role")]
    NoRole {
        /// Their name.
        name: String,
    },
    /// The provider gives no name that can stand in the history.
    #[error("no name")]
    NoName,
    /// Somebody else has an account of this name.
    #[error("the name is taken")]
    Taken {
        /// The name.
        name: String,
    },
    /// The account is disabled or past its end.
    #[error("not active")]
    NotActive {
        /// The name.
        name: String,
    },
    /// The session cannot be opened.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store.
    #[error(transparent)]
    Store(#[from] Fault),
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").field("provider", &self.provider).finish_non_exhaustive()
    }
}

impl SignIn {
    /// Coming in by this provider.
    #[must_use]
    pub fn new(provider: Provider) -> Self {
        Self { provider, under_way: Mutex::default(), turns: Semaphore::new(AT_ONCE) }
    }

    fn put(&self, state: &str, attempt: Attempt, back: String, now: Timestamp) {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.retain(|_, of| now.duration_since(of.since) < LONGEST);
        while under_way.len() >= MOST {
            let oldest = under_way.iter().min_by_key(|(_, of)| of.since).map(|(state, _)| state.clone());
            under_way.remove(&oldest.unwrap_or_default());
        }
        under_way.insert(state.to_owned(), UnderWay { attempt, back, since: now });
    }

    /// Once only: whoever comes a second time finds nothing.
    fn take(&self, state: &str, now: Timestamp) -> Option<UnderWay> {
        let taken = self.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(state);
        taken.filter(|of| now.duration_since(of.since) < LONGEST)
    }
}

impl People {
    /// Sends somebody to the provider: the address, and the state that their browser keeps meanwhile.
    ///
    /// # Errors
    /// [`NotSignedIn`]; without a provider nothing is under way.
    pub async fn begin_sign_in(&self, back: &str) -> Result<(String, String), NotSignedIn> {
        let sign_in = self.sign_in.as_ref().ok_or(NotSignedIn::NotUnderWay)?;
        let _turn = sign_in.turns.acquire().await;
        let begun = sign_in.provider.begin().await?;
        sign_in.put(&begun.state, begun.attempt, back.to_owned(), self.journal.clock().now());
        Ok((begun.url, begun.state))
    }

    /// Lets somebody in who came back with a code and the state of their browser: token and session, and the
    /// page that they came for.
    ///
    /// # Errors
    /// [`NotSignedIn`].
    pub async fn finish_sign_in(
        &self,
        state: &str,
        code: String,
        browser: Option<String>,
    ) -> Result<(String, Session, String), NotSignedIn> {
        let sign_in = self.sign_in.as_ref().ok_or(NotSignedIn::NotUnderWay)?;
        let UnderWay { attempt, back, .. } =
            sign_in.take(state, self.journal.clock().now()).ok_or(NotSignedIn::NotUnderWay)?;
        let _turn = sign_in.turns.acquire().await;
        let claims = sign_in.provider.finish(attempt, code).await?;
        let roles = sign_in.provider.settings().roles(&claims.groups).collect();
        let people = self.clone();
        let opened = blocking(move || people.let_in(claims, roles, browser).map(Ok).or_else(apart)).await?;
        let (token, session) = opened?;
        Ok((token, session, back))
    }

    /// The account of a person that the provider names, made or brought up to date, and a session of it.
    fn let_in(
        &self,
        claims: Claims,
        roles: BTreeSet<Role>,
        browser: Option<String>,
    ) -> Result<(String, Session), NotSignedIn> {
        let Claims { issuer, subject, name, .. } = claims;
        let identity = Identity::Known { issuer, subject };
        let name = name.map(|name| name.trim().to_owned()).unwrap_or_default();
        let known = self.journal.people()?.into_iter().find(|of| of.identity.as_ref() == Some(&identity));
        let person = match known {
            Some(person) => person,
            None => match self.journal.person(&name)? {
                Some(named) if named.identity == Some(Identity::Awaited) => named,
                Some(_) => return Err(NotSignedIn::Taken { name }),
                None if roles.is_empty() => return Err(NotSignedIn::NoRole { name }),
                None => Person::new(&name, self.journal.clock().now()),
            },
        };
        let changed = person.roles != roles || person.identity.as_ref() != Some(&identity);
        let person = Person { roles, identity: Some(identity), ..person };
        if changed {
            self.keep(person.clone(), By::Operator).map_err(|why| match why {
                Unchanged::Store(fault) => NotSignedIn::Store(fault),
                _ => NotSignedIn::NoName,
            })?;
        }
        let name = person.name.clone();
        if person.roles.is_empty() {
            // Whoever lost the last group is out at once.
            self.end_sessions(&name, None)?;
            return Err(NotSignedIn::NoRole { name });
        }
        if !person.is_active(self.today()) {
            return Err(NotSignedIn::NotActive { name });
        }
        Ok(self.open_session(&name, browser)?)
    }
}

/// What the store says stops the task; everything else is the person's to read.
fn apart<T>(why: NotSignedIn) -> Result<Result<T, NotSignedIn>, Fault> {
    match why {
        NotSignedIn::Store(fault) => Err(fault),
        other => Ok(Err(other)),
    }
}

//! Stage: who works at the desk. Accounts, absences, and what somebody leaves behind who goes.
//!
//! An account is changed first and what follows from it is done by [`People::tend`], which the daemon
//! repeats: so a kill between the two leaves nothing undone.

mod access_log;
mod accounts;
mod passwords;
mod sessions;
mod sign_in;

pub use crate::account::{Absence, Identity, Permission, Person, Role, Settings, Theme};
pub use crate::journal::Session;
pub use crate::oidc::Fault as ProviderFault;
pub use access_log::{Access, AccessFilter, AccessLine, Accessed, Exported};
pub use accounts::{By, Change};
pub use passwords::{Denied, Failures, SHORTEST_PASSWORD};
pub use sessions::{OpenSession, session_id};
pub use sign_in::{NotSignedIn, SignIn};

use crate::calendar::Calendar;
use crate::journal::{Fault, Journal, blocking};
use crate::thread::{Actor, Claim, Event, State, Thread, VoidReason};
use crate::wording::Wording;
use jiff::civil::Date;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How often what absences and the hours of claims mean is looked at.
const EVERY: Duration = Duration::from_secs(60);

/// The states in which somebody may have a thread in hand, or an approval may wait.
const OPEN: [State; 9] = [
    State::New,
    State::ToReview,
    State::ToSign,
    State::Approved,
    State::SetAside,
    State::ForInformation,
    State::AwaitingAsker,
    State::Uncertain,
    State::Failed,
];

/// The accounts of the desk.
#[derive(Debug, Clone)]
pub struct People {
    /// The journal.
    pub journal: Arc<Journal>,
    /// Business hours.
    pub calendar: Arc<Calendar>,
    /// For how long a session lasts without a request.
    pub idle: Duration,
    /// Who gave wrong passwords.
    pub failures: Arc<Failures>,
    /// The identity provider by which people come in, if the config names one.
    pub sign_in: Option<Arc<SignIn>>,
    /// For how long the access log is kept.
    pub keep_accesses: Duration,
    /// For how long a thread stays in hand. Business time; `None`: until it is released.
    pub claim: Option<Duration>,
}

/// Why an account cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum Unchanged {
    /// No name that can stand in the history.
    #[error("not a name")]
    NoName,
    /// There is no such account.
    #[error("no account {0}")]
    NoPerson(String),
    /// There is such an account already.
    #[error("an account {0} is there already")]
    Known(String),
    /// A reader's account has a last day.
    #[error("a reader without a last day")]
    NoEnd,
    /// Nobody could keep the accounts any more.
    #[error("the last administrator")]
    LastAdministrator,
    /// The absence ends before it begins.
    #[error("an absence ends before it begins")]
    Backwards,
    /// The store.
    #[error(transparent)]
    Store(#[from] Fault),
}

impl Unchanged {
    /// One line for people: what is wrong, and what to do.
    #[must_use]
    pub fn line(&self, wording: &Wording, dir: &Path) -> String {
        match self {
            Self::NoName => wording.text("user-no-name"),
            Self::NoPerson(name) => wording.with("user-unknown", &[("name", name)]),
            Self::Known(name) => wording.with("user-known", &[("name", name)]),
            Self::NoEnd => wording.text("user-no-end"),
            Self::LastAdministrator => wording.text("user-last-administrator"),
            Self::Backwards => wording.text("user-backwards"),
            Self::Store(fault) => fault.line(wording, dir),
        }
    }
}

impl People {
    /// The day of the ministry.
    fn today(&self) -> Date {
        self.calendar.date_of(self.journal.clock().now())
    }

    /// Lets go what nobody has in hand any more, and takes back approvals of accounts that are disabled.
    ///
    /// # Errors
    /// If the store cannot be read or written.
    pub fn tend(&self) -> Result<(), Fault> {
        for state in OPEN {
            for id in self.journal.in_state(state).collect::<Result<Vec<_>, _>>()? {
                let Some(thread) = self.journal.thread(id)? else { continue };
                let (let_go, void) = (self.lets_go(&thread)?, self.is_void(&thread)?);
                if !let_go && !void {
                    continue;
                }
                self.journal.write_synced(|writer| -> Result<(), Fault> {
                    let Some(now) = writer.thread(id)? else { return Ok(()) };
                    if let_go && now.claim == thread.claim {
                        writer.append(id, Actor::bot(), writer.now(), Event::Released)?;
                    }
                    // What was attempted is not taken back: its outcome decides.
                    if void && now.letter == thread.letter {
                        writer.void(id, VoidReason::ReviewerDisabled)?;
                    }
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    /// Whether the one who has it in hand is gone, away, or has had it too long.
    fn lets_go(&self, thread: &Thread) -> Result<bool, Fault> {
        let Some(Claim { by, at }) = &thread.claim else { return Ok(false) };
        let now = self.journal.clock().now();
        let today = self.calendar.date_of(now);
        let person = self.journal.person(by)?;
        let away = |person: &Person| !person.is_active(today) || person.absence(today).is_some();
        if person.as_ref().is_some_and(away) {
            return Ok(true);
        }
        let Some(longest) = self.claim else { return Ok(false) };
        // Beyond the calendar nobody can say how long it was.
        Ok(self.calendar.business_between(*at, now).is_ok_and(|held| held > longest))
    }

    fn is_void(&self, thread: &Thread) -> Result<bool, Fault> {
        let Some(letter) = thread.letter.as_ref().filter(|letter| letter.attempts == 0) else {
            return Ok(false);
        };
        let today = self.today();
        for name in std::iter::once(&letter.by).chain(&letter.signed_by) {
            if self.journal.person(name)?.is_some_and(|person| !person.is_active(today)) {
                // A new draft of what has left already would be a second letter.
                return Ok(!self.journal.may_have_left(letter)?);
            }
        }
        Ok(false)
    }

    /// Tends until told to stop.
    ///
    /// # Errors
    /// Only if the store cannot go on.
    pub async fn run(self, mut stop: watch::Receiver<bool>) -> Result<(), Fault> {
        loop {
            let this = self.clone();
            blocking(move || this.tend().and_then(|()| this.forget_accesses())).await?;
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;
    use crate::clock::Clock;
    use crate::message::{Banners, read};
    use crate::organisation::Counterpart;
    use crate::thread::{Arrival, Medium, Place, ThreadId};
    use jiff::Timestamp;

    fn a_thread(journal: &Journal) -> ThreadId {
        let arrival = Arrival {
            blob: "q".to_owned(),
            size: 1,
            place: Place { mailbox: "b".to_owned(), folder: "f".to_owned(), mark: "1".to_owned() },
            counterpart: Counterpart { key: "domain:c.example".to_owned(), name: "C".to_owned(), kind: None },
            message: read(b"From: a@c.example\r\n\r\nQuand ?", &Banners::default()),
            history: false,
            medium: Medium::Mail,
        };
        let appended: Result<Thread, Fault> = journal.write_synced(|writer| {
            let id = writer.next_thread();
            writer.append(id, Actor::bot(), writer.now(), Event::Received(arrival))
        });
        appended.unwrap().id
    }

    #[test]
    fn a_claim_ends_with_its_business_hours() {
        let dir = tempfile::tempdir().unwrap();
        // A Friday at 15:30 in Québec.
        let clock = Clock::fixed("2026-03-27T19:30:00Z".parse::<Timestamp>().unwrap());
        let journal = Journal::open(dir.path(), clock.clone(), Duration::ZERO).unwrap();
        let people = People {
            journal: Arc::new(journal),
            calendar: Arc::new(Calendar::parse(calendar::DEFAULT).unwrap()),
            claim: Some(Duration::from_secs(2 * 3600)),
            idle: Duration::from_secs(3600),
            keep_accesses: Duration::from_secs(3600),
            failures: Arc::default(),
            sign_in: None,
        };
        let id = a_thread(&people.journal);
        let journal = Arc::clone(&people.journal);
        journal
            .write_synced(|writer| {
                writer.append(id, Actor::reviewer("Marie", None), writer.now(), Event::Claimed)
            })
            .unwrap();
        let claimed = || journal.thread(id).unwrap().unwrap().claim.is_some();
        // One hour is left of Friday; a weekend is nobody's working time.
        for (at, held) in
            [("2026-03-29T12:00:00Z", true), ("2026-03-30T13:25:00Z", true), ("2026-03-30T13:35:00Z", false)]
        {
            clock.set(at.parse().unwrap());
            people.tend().unwrap();
            assert_eq!(claimed(), held, "{at}");
        }
        assert_eq!(journal.thread(id).unwrap().unwrap().left_by.as_deref(), Some("Marie"));
    }
}

//! Door: the local interface, one JSON line in and one out over a Unix socket.
//!
//! The command line speaks it while the daemon holds the store, and calls the same
//! [`Local::answer`] on the store itself when no daemon runs. Who is at the other end
//! is the kernel's word (`SO_PEERCRED`), not the client's.

mod access_log;
mod account;
mod report;
mod search;
mod socket;
mod status;

pub use account::{Account, GroupOutcome};
pub use socket::ask;
pub use status::Status;

use crate::classify::Model;
use crate::config::Config;
use crate::library;
use crate::people::{Access, AccessFilter, OpenSession, People, Person};
use crate::report::{
    By, DepositLine, Figures, MissingEntry, Overview, Replayed, Report, ResponseTime, Scope, ToldLine,
};
use crate::review::{
    Adoptable, Call, Decision, Desk, EntryLine, FirstLetter, Group, GroupText, Learned, Refusal, Shown,
    Summary, Verified,
};
use crate::search::{Found, Query, Search};
use crate::thread::{Actor, State, Suspension, ThreadId};
use crate::wording::Wording;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::sync::watch;

/// The socket's name in the data folder.
pub const SOCKET: &str = "greffier.sock";

/// Bytes of one request; the largest files of a letter fit, in Base64.
const LONGEST: u64 = 16 << 20;

/// What a client asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Request {
    /// How it goes.
    Status,
    /// A line a thread.
    Threads {
        /// Only those in this state.
        state: Option<State>,
    },
    /// One thread.
    Show {
        /// Which.
        id: ThreadId,
    },
    /// Threads in which something stands.
    Search {
        /// What is looked for.
        query: Query,
    },
    /// A decision.
    Decide {
        /// On which thread.
        id: ThreadId,
        /// The version that the reviewer saw.
        seen: Option<u64>,
        /// His name.
        name: String,
        /// What he decides.
        decision: Decision,
    },
    /// Record a question that did not come by mail.
    RecordCall {
        /// What was asked.
        call: Call,
        /// Who records it.
        name: String,
    },
    /// Write without being asked.
    WriteFirst {
        /// What.
        letter: FirstLetter,
        /// Who writes.
        name: String,
    },
    /// The accounts.
    Accounts {
        /// What of them.
        account: Account,
    },
    /// Who is logged in to the console.
    Sessions {
        /// Only this person.
        name: Option<String>,
    },
    /// End all sessions of somebody.
    EndSessions {
        /// Whose.
        name: String,
    },
    /// Who looked at what.
    Accesses {
        /// Which lines.
        filter: AccessFilter,
        /// How many at most, the newest.
        most: usize,
    },
    /// Give an account a new password that nobody chose.
    IssuePassword {
        /// Whose.
        name: String,
    },
    /// Threads that wait for the same text.
    Groups,
    /// Approve several of them with one text.
    ApproveGroup {
        /// Each thread with the version that was seen.
        seen: Vec<(ThreadId, u64)>,
        /// The text.
        text: GroupText,
        /// Who approves.
        name: String,
    },
    /// The register of deposits.
    Deposits,
    /// A line a question, or figures.
    ResponseTimes {
        /// Which questions.
        scope: Scope,
        /// Figures put together by this.
        by: Option<By>,
    },
    /// The whole report, with its questions.
    Report {
        /// Which questions.
        scope: Scope,
        /// The table's groups.
        by: By,
    },
    /// What another library would have made of past mail.
    Replay {
        /// Its folder, absolute.
        replies: PathBuf,
    },
    /// Matters that several organisations asked about and no entry answers.
    Gaps,
    /// Let nobody send an entry for now.
    SuspendEntry {
        /// Its slug.
        entry: String,
        /// Why.
        reason: String,
        /// Who says so.
        name: String,
    },
    /// Let an entry be sent again.
    ResumeEntry {
        /// Its slug.
        entry: String,
        /// Who says so.
        name: String,
    },
    /// The texts of the library, with their dates and what is suspended.
    Entries,
    /// Who received which version of an entry.
    Told {
        /// Its slug.
        entry: String,
    },
    /// Walk the chain.
    Verify,
    /// Make views and indexes again.
    Rebuild,
    /// What reviewers taught the classifier.
    Examples,
    /// The same, with the wordings that may stand in a file.
    Adoptable,
    /// Record that one of them went into the files of the library.
    AdoptExample {
        /// Which.
        id: u64,
        /// Who says so.
        name: String,
    },
    /// Forget one of them.
    WithdrawExample {
        /// Which.
        id: u64,
        /// Who says so.
        name: String,
    },
    /// Destroy the content of a thread.
    Purge {
        /// Which.
        id: ThreadId,
        /// The rule that says so.
        rule: String,
        /// On whose authority.
        authority: String,
        /// Who does it.
        name: String,
    },
    /// Write a backup into a new folder.
    Backup {
        /// The folder, absolute.
        to: PathBuf,
    },
    /// Write `.eml` and JSON lines into a new folder.
    Export {
        /// The folder, absolute.
        to: PathBuf,
    },
}

/// What the daemon answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", content = "value", rename_all = "kebab-case")]
#[allow(clippy::large_enum_variant)]
pub enum Answer {
    /// How it goes.
    Status(Status),
    /// A line a thread.
    Threads(Vec<Summary>),
    /// One thread.
    Shown(Shown),
    /// The threads that were found.
    Found(Found),
    /// The thread after the decision.
    Decided(Summary),
    /// The accounts that were asked for.
    Accounts(Vec<Person>),
    /// Sessions that go on.
    Sessions(Vec<OpenSession>),
    /// Lines of the access log, newest first.
    Accesses(Vec<Access>),
    /// A new password; it is kept nowhere in this form.
    Password(String),
    /// Threads that wait for the same text.
    Groups(Vec<Group>),
    /// What came of each.
    GroupApproved(Vec<GroupOutcome>),
    /// The register of deposits.
    Deposits(Vec<DepositLine>),
    /// A line a question.
    ResponseTimes(Vec<ResponseTime>),
    /// A line a group.
    Figures(Vec<Figures>),
    /// What they come to, and the questions.
    Report(Box<Overview>, Vec<ResponseTime>),
    /// What would change.
    Replayed(Replayed),
    /// Matters without an entry.
    Gaps(Vec<MissingEntry>),
    /// The entry that nobody may send now.
    EntrySuspended(Suspension),
    /// The entry that may be sent again.
    EntryResumed(String),
    /// A line a text.
    Entries(Vec<EntryLine>),
    /// A line a letter.
    Told(Vec<ToldLine>),
    /// What verify found.
    Verified(Verified),
    /// How many views were made again.
    Rebuilt(usize),
    /// What reviewers taught.
    Examples(Vec<Learned>),
    /// The same, with wordings for the files.
    Adoptable(Vec<Adoptable>),
    /// The example that went into the files.
    ExampleAdopted(u64),
    /// The example that was withdrawn.
    ExampleWithdrawn(u64),
    /// The thread whose content is gone.
    Purged(ThreadId),
    /// What was written.
    Written {
        /// Events.
        events: u64,
        /// Messages.
        messages: u64,
    },
    /// The desk, or the store, says no; in the words of the config's language.
    Refused {
        /// One line for people.
        line: String,
        /// Whether the request itself was wrong (exit code 2).
        wrong_use: bool,
    },
}

/// The desk with what else the answers need.
#[derive(Clone)]
pub struct Local {
    /// The desk.
    pub desk: Desk,
    /// The figures.
    pub report: Report,
    /// The accounts.
    pub people: People,
    /// The search over the history.
    pub search: Search,
    /// What the operator decided.
    pub config: Arc<Config>,
    /// The language of refusals.
    pub wording: Wording,
    /// Whether a daemon answers.
    pub daemon: bool,
}

impl Local {
    /// Answers one request of the Unix user `uid`.
    #[must_use]
    pub fn answer(&self, request: Request, uid: u32) -> Answer {
        self.try_answer(request, uid).unwrap_or_else(|refusal| Answer::Refused {
            line: self.line(&refusal),
            wrong_use: matches!(refusal, Refusal::NoName | Refusal::SeenMissing | Refusal::Empty),
        })
    }

    fn try_answer(&self, request: Request, uid: u32) -> Result<Answer, Refusal> {
        let accessed = access_log::of(&request);
        let answer = self.carry_out(request, uid)?;
        if let Some(what) = accessed.filter(|_| !matches!(answer, Answer::Refused { .. })) {
            self.people.note(&Actor::reviewer("", Some(uid)), what);
        }
        Ok(answer)
    }

    fn carry_out(&self, request: Request, uid: u32) -> Result<Answer, Refusal> {
        Ok(match request {
            Request::Status => Answer::Status(self.status()?),
            Request::Threads { state } => Answer::Threads(self.desk.threads(state)?),
            Request::Show { id } => Answer::Shown(self.desk.show(id)?.ok_or(Refusal::NoThread { id })?),
            Request::Search { query } => self.found(&query),
            Request::Decide { id, seen, name, decision } => {
                let reviewer = Actor::reviewer(&name, Some(uid));
                let thread = self.desk.decide(id, seen, decision, &reviewer)?;
                Answer::Decided(self.desk.summary(&thread))
            }
            Request::RecordCall { call, name } => {
                let thread = self.desk.record_call(call, &Actor::reviewer(&name, Some(uid)))?;
                Answer::Decided(self.desk.summary(&thread))
            }
            Request::WriteFirst { letter, name } => {
                let thread = self.desk.write_first(letter, &Actor::reviewer(&name, Some(uid)))?;
                Answer::Decided(self.desk.summary(&thread))
            }
            Request::Accounts { account } => return self.account(account).or_else(|why| self.unchanged(why)),
            Request::Sessions { name } => Answer::Sessions(self.people.sessions(name.as_deref())?),
            Request::EndSessions { name } => {
                return self.end_sessions(&name).or_else(|why| self.unchanged(why));
            }
            Request::Accesses { filter, most } => Answer::Accesses(self.people.accesses(&filter, most)?),
            Request::IssuePassword { name } => {
                let issued = self.people.issue_password(&name).map(Answer::Password);
                return issued.or_else(|why| self.unchanged(why));
            }
            Request::Groups => Answer::Groups(self.desk.groups()?),
            Request::ApproveGroup { seen, text, name } => {
                let outcomes = self.desk.approve_group(&seen, &text, &Actor::reviewer(&name, Some(uid)));
                let outcome = |(id, outcome): (ThreadId, Result<Summary, Refusal>)| match outcome {
                    Ok(summary) => GroupOutcome { id, decided: Some(summary), refused: None },
                    Err(refusal) => GroupOutcome { id, decided: None, refused: Some(self.line(&refusal)) },
                };
                Answer::GroupApproved(outcomes.into_iter().map(outcome).collect())
            }
            Request::Deposits => Answer::Deposits(self.report.deposits()?),
            Request::ResponseTimes { scope, by } => return self.response_times(&scope, by),
            Request::Report { scope, by } => return self.full_report(&scope, by),
            Request::Replay { replies } => match library::read(&replies) {
                Ok(other) => {
                    let before = self.desk.library.model(&self.desk.library.current(), self.desk.taught()?.1);
                    let after = self.desk.library.model(&other, self.desk.taught()?.1);
                    Answer::Replayed(self.report.replay(&before, &after, usize::MAX)?)
                }
                Err(problems) => {
                    let lines: Vec<String> =
                        problems.iter().map(|problem| problem.line(&self.wording)).collect();
                    return Ok(Answer::Refused { line: lines.join("\n"), wrong_use: true });
                }
            },
            Request::Gaps => {
                // By the words alone, which its bound was chosen for.
                let model = Model::with(&self.desk.library.current(), self.desk.taught()?.1, None);
                Answer::Gaps(self.report.gaps(&model)?)
            }
            Request::SuspendEntry { entry, reason, name } => {
                let actor = Actor::reviewer(&name, Some(uid));
                Answer::EntrySuspended(self.desk.suspend_entry(&entry, &reason, &actor)?)
            }
            Request::ResumeEntry { entry, name } => {
                self.desk.resume_entry(&entry, &Actor::reviewer(&name, Some(uid)))?;
                Answer::EntryResumed(entry)
            }
            Request::Entries => Answer::Entries(self.desk.entries()?),
            Request::Told { entry } => Answer::Told(self.report.told(&entry)?),
            Request::Verify => Answer::Verified(self.desk.verify()?),
            Request::Rebuild => {
                let rebuilt = self.desk.rebuild()?;
                // Where that fails, the stage says so itself; the views are made again.
                let _ = self.search.rebuild();
                Answer::Rebuilt(rebuilt)
            }
            Request::Examples => Answer::Examples(self.desk.learned()?),
            Request::Adoptable => Answer::Adoptable(self.desk.adoptable()?),
            Request::AdoptExample { id, name } => {
                self.desk.adopt_example(id, &Actor::reviewer(&name, Some(uid)))?;
                Answer::ExampleAdopted(id)
            }
            Request::WithdrawExample { id, name } => {
                self.desk.withdraw_example(id, &Actor::reviewer(&name, Some(uid)))?;
                Answer::ExampleWithdrawn(id)
            }
            Request::Purge { id, rule, authority, name } => {
                self.desk.purge(id, &rule, &authority, Actor::reviewer(&name, Some(uid)))?;
                self.forget_purged();
                Answer::Purged(id)
            }
            Request::Backup { to } => {
                let written = self.desk.backup(&to)?;
                Answer::Written { events: written.events, messages: written.messages }
            }
            Request::Export { to } => {
                let written = self.desk.export(&to)?;
                Answer::Written { events: written.events, messages: written.messages }
            }
        })
    }

    /// A refusal in the words of the config's language.
    fn line(&self, refusal: &Refusal) -> String {
        refusal.line(&self.wording, self.desk.zone(), &self.config.data_dir)
    }

    /// Serves the socket at `path` until told to stop.
    ///
    /// # Errors
    /// If the socket cannot be made.
    pub async fn serve(self, path: &Path, mut stop: watch::Receiver<bool>) -> std::io::Result<()> {
        let listener = socket::listen(path)?;
        loop {
            let stream = tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    Err(error) => {
                        tracing::warn!(%error, "socket");
                        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                        continue;
                    }
                },
                _ = stop.wait_for(|stop| *stop) => break,
            };
            let this = self.clone();
            tokio::spawn(async move {
                if let Err(error) = this.converse(stream).await {
                    tracing::debug!(%error, "a client left");
                }
            });
        }
        let _ = std::fs::remove_file(path);
        Ok(())
    }

    async fn converse(self, stream: UnixStream) -> std::io::Result<()> {
        use tokio::io::AsyncReadExt as _;
        let uid = stream.peer_cred()?.uid();
        let (read, mut write) = stream.into_split();
        let mut line = String::new();
        BufReader::new(read.take(LONGEST)).read_line(&mut line).await?;
        let answer = match serde_json::from_str::<Request>(&line) {
            Ok(request) => {
                let this = self.clone();
                tokio::task::spawn_blocking(move || this.answer(request, uid))
                    .await
                    .map_err(std::io::Error::other)?
            }
            Err(error) => Answer::Refused {
                line: self.wording.with("api-not-understood", &[("error", &error)]),
                wrong_use: true,
            },
        };
        let mut bytes = serde_json::to_vec(&answer)?;
        bytes.push(b'\n');
        write.write_all(&bytes).await?;
        write.shutdown().await
    }
}

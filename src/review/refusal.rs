//! Why the desk says no: one variant a reason, each with what to do next.

use crate::account::Permission;
use crate::journal::Fault;
use crate::letter::NotSealable;
use crate::replies::{Problem, Replies, date_in_words};
use crate::thread::{State, Suspension, ThreadId};
use crate::wording::{Wording, key};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::path::PathBuf;

/// A decision that was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// No name was given.
    #[error("no reviewer named")]
    NoName,
    /// There is no such thread.
    #[error("no thread {id}")]
    NoThread {
        /// The number asked for.
        id: ThreadId,
    },
    /// The thread has changed since the reviewer looked.
    #[error("version {seen} was seen, {now} is current")]
    Stale {
        /// The version that he saw.
        seen: u64,
        /// The version now.
        now: u64,
        /// Who changed it last.
        by: String,
        /// When.
        at: Timestamp,
        /// What he did.
        event: &'static str,
    },
    /// Somebody else has it in hand.
    #[error("claimed by another reviewer")]
    Claimed {
        /// Who.
        by: String,
        /// Since when.
        at: Timestamp,
    },
    /// Approving needs the version that was seen.
    #[error("no version given")]
    SeenMissing,
    /// The thread waits for no decision.
    #[error("the thread is {state}")]
    NotWaiting {
        /// Its state.
        state: State,
    },
    /// There is no draft.
    #[error("no draft")]
    NoDraft,
    /// The classifier is not sure and nobody has chosen.
    #[error("no entry chosen")]
    NotChosen,
    /// The FAQ has no answer and nobody has written one.
    #[error("no text written")]
    NothingWritten,
    /// Fields of the entry are not filled.
    #[error("open fields")]
    OpenFields {
        /// Their labels.
        fields: Vec<String>,
    },
    /// The text is a sample that nobody approved.
    #[error("sample text")]
    Sample,
    /// An entry is no longer in force.
    #[error("entry {entry} is superseded")]
    Superseded {
        /// The entry.
        entry: String,
    },
    /// An entry holds only from a later day on.
    #[error("entry {entry} is not in force yet")]
    NotYetInForce {
        /// The entry.
        entry: String,
        /// Its first day.
        first: Date,
    },
    /// Nobody may send an entry for now.
    #[error("entry {} is suspended", .0.entry)]
    Suspended(Suspension),
    /// An entry is to be resumed that is not suspended.
    #[error("entry {entry} is not suspended")]
    NotSuspended {
        /// The entry.
        entry: String,
    },
    /// A text changed since the draft was prepared.
    #[error("the text of {entry} has changed")]
    TextChanged {
        /// The entry.
        entry: String,
    },
    /// A recipient is unusual and was not confirmed.
    #[error("a recipient needs confirmation")]
    Unconfirmed {
        /// The address.
        address: String,
    },
    /// The letter cannot be made.
    #[error("not sealable: {why}")]
    NotSealable {
        /// Why.
        why: NotSealable,
    },
    /// There is no such entry.
    #[error("no entry {entry}")]
    NoEntry {
        /// What was asked for.
        entry: String,
        /// What there is.
        known: Vec<String>,
    },
    /// No link to that thread was proposed.
    #[error("no link to {other}")]
    NoLink {
        /// The thread.
        other: ThreadId,
    },
    /// No example of this number is learned.
    #[error("no example {id}")]
    NoExample {
        /// The number asked for.
        id: u64,
    },
    /// There are accounts, and this is none that is enabled.
    #[error("not an enabled account: {name}")]
    NotEnabled {
        /// The name.
        name: String,
    },
    /// None of somebody's roles allows it.
    #[error("not the role of {name}")]
    NotYourRole {
        /// The name.
        name: String,
        /// What it asks for.
        permission: Permission,
    },
    /// Whoever wrote in the letter may not approve it.
    #[error("one's own text")]
    OwnText,
    /// It takes a decision of its own, and is no part of a group.
    #[error("flagged")]
    Flagged,
    /// No answer of ours has left.
    #[error("nothing to correct")]
    NothingToCorrect,
    /// The draft is the answer.
    #[error("nothing to discard")]
    NothingToDiscard,
    /// Nothing of ours was found in Sent.
    #[error("nothing outside")]
    NothingOutside,
    /// The config names no such office.
    #[error("no office {office}")]
    NoOffice {
        /// What was asked for.
        office: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The thread has no question of this number.
    #[error("no question {number}")]
    NoQuestion {
        /// The number.
        number: u32,
    },
    /// What is open came after the moment at which it is said to have been answered.
    #[error("not asked yet")]
    NotAskedYet {
        /// When the first of it came.
        received: Timestamp,
    },
    /// The calendar does not list the year.
    #[error("the calendar does not list {year}")]
    BeyondCalendar {
        /// The year.
        year: i16,
        /// Those that it lists.
        known: Vec<i16>,
    },
    /// Its content was destroyed.
    #[error("purged")]
    Purged,
    /// A receipt can only be put earlier.
    #[error("not earlier")]
    NotEarlier {
        /// When the server received it.
        received: Timestamp,
    },
    /// The second signature is somebody else's to give.
    #[error("may not sign")]
    MayNotSign {
        /// Who approved.
        approved_by: String,
        /// Whom the config names.
        by: Vec<String>,
    },
    /// A letter of one of the threads is on its way.
    #[error("a letter is under way")]
    LetterUnderWay,
    /// Nobody and nothing of that name is there to be taken out, put back, added or filled in.
    #[error("nothing to adjust")]
    NothingToAdjust,
    /// The config names no such reason for an English version.
    #[error("no such reason for English")]
    NoEnglishReason {
        /// Those that it names.
        known: Vec<String>,
    },
    /// The library has none of the letter's texts in English, or the letter is not French.
    #[error("no English text")]
    NoEnglish,
    /// An organisation is written to in French.
    #[error("French first")]
    FrenchFirst,
    /// The files of the letter are too large together.
    #[error("files too large")]
    FilesTooLarge {
        /// Bytes allowed.
        most: u64,
    },
    /// There is no such proposal, or it was settled.
    #[error("no proposal {id}")]
    NoProposal {
        /// Its number.
        id: u64,
    },
    /// Nobody approves their own wording.
    #[error("own proposal")]
    OwnProposal,
    /// The text is another than the one that the proposal was written against.
    #[error("{entry} is another text by now")]
    TextMoved {
        /// Which.
        entry: String,
    },
    /// In the place of the text in force it would leave the days until then without one.
    #[error("a text for later")]
    TextForLater {
        /// Its first day.
        first: Date,
    },
    /// The library would not read it.
    #[error("the library would not read it")]
    BadText {
        /// Why.
        problems: Vec<Problem>,
    },
    /// A file of the library cannot be read or written.
    #[error("{}: {error}", path.display())]
    TextFile {
        /// Which.
        path: PathBuf,
        /// The system's words.
        error: String,
    },
    /// Nothing was written.
    #[error("empty text")]
    Empty,
    /// Too much was written.
    #[error("text too long")]
    TooLong {
        /// Characters allowed.
        most: usize,
    },
    /// The store cannot do it, or the thread's state forbids it.
    #[error(transparent)]
    Store(#[from] Fault),
}

impl Refusal {
    /// There is no such entry, but these.
    pub(super) fn no_entry(replies: &Replies, entry: String) -> Self {
        Self::NoEntry { entry, known: replies.slugs().map(ToString::to_string).collect() }
    }

    /// Whether something is wrong with the store, rather than with what was asked.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        matches!(self, Self::Store(fault) if !matches!(fault, Fault::WrongTurn(_)))
    }

    /// One line for people: what happened, to which thread, what to do.
    #[must_use]
    pub fn line(&self, wording: &Wording, zone: &TimeZone, dir: &std::path::Path) -> String {
        let time = |at: &Timestamp| wording.moment(&at.to_zoned_datetime(zone.clone()));
        match self {
            Self::NoName => wording.text("refusal-no-name"),
            Self::NoThread { id } => wording.with("refusal-no-thread", &[("id", id)]),
            Self::Stale { seen, now, by, at, event } => {
                let what = wording.text(&format!("event-{event}"));
                let values: [(&str, &dyn std::fmt::Display); 5] =
                    [("seen", seen), ("now", now), ("by", by), ("at", &time(at)), ("what", &what)];
                wording.with("refusal-stale", &values)
            }
            Self::Claimed { by, at } => wording.with("refusal-claimed", &[("by", by), ("at", &time(at))]),
            Self::SeenMissing => wording.text("refusal-seen-missing"),
            Self::NotWaiting { state } => {
                wording.with("refusal-not-waiting", &[("state", &wording.text(&format!("state-{state}")))])
            }
            Self::NoDraft => wording.text("refusal-no-draft"),
            Self::NotChosen => wording.text("refusal-not-chosen"),
            Self::NothingWritten => wording.text("refusal-nothing-written"),
            Self::OpenFields { fields } => {
                wording.with("refusal-open-fields", &[("fields", &fields.join(", "))])
            }
            Self::Sample => wording.text("refusal-sample"),
            Self::Superseded { entry } => wording.with("refusal-superseded", &[("entry", entry)]),
            Self::NotYetInForce { entry, first } => {
                let day = date_in_words(wording.language(), *first);
                wording.with("refusal-not-yet-in-force", &[("entry", entry), ("day", &day)])
            }
            Self::Suspended(Suspension { entry, reason, by, at }) => wording.with(
                "refusal-suspended",
                &[("entry", entry), ("by", by), ("at", &time(at)), ("reason", reason)],
            ),
            Self::NotSuspended { entry } => wording.with("refusal-not-suspended", &[("entry", entry)]),
            Self::TextChanged { entry } => wording.with("refusal-text-changed", &[("entry", entry)]),
            Self::Unconfirmed { address } => wording.with("refusal-unconfirmed", &[("address", address)]),
            Self::NotSealable { why } => {
                wording.with("refusal-not-sealable", &[("why", &wording.text(not_sealable(why)))])
            }
            Self::NoEntry { entry, known } => {
                wording.with("refusal-no-entry", &[("entry", entry), ("known", &known.join(", "))])
            }
            Self::NoLink { other } => wording.with("refusal-no-link", &[("other", other)]),
            Self::NoExample { id } => wording.with("refusal-no-example", &[("id", id)]),
            Self::NotEnabled { name } => wording.with("refusal-not-enabled", &[("name", name)]),
            Self::NotYourRole { name, permission } => {
                let roles: Vec<String> =
                    permission.roles().map(|role| wording.text(&format!("role-{}", role.key()))).collect();
                let what = wording.text(&format!("permission-{}", key(permission)));
                let values: [(&str, &dyn std::fmt::Display); 3] =
                    [("name", name), ("what", &what), ("roles", &roles.join(", "))];
                wording.with("refusal-role", &values)
            }
            Self::OwnText => wording.text("refusal-own-text"),
            Self::Flagged => wording.text("refusal-flagged"),
            Self::NothingToCorrect => wording.text("refusal-nothing-to-correct"),
            Self::NothingToDiscard => wording.text("refusal-nothing-to-discard"),
            Self::NothingOutside => wording.text("refusal-nothing-outside"),
            Self::NoOffice { known, .. } if known.is_empty() => wording.text("refusal-no-offices"),
            Self::NoOffice { office, known } => {
                wording.with("refusal-no-office", &[("office", office), ("known", &known.join(", "))])
            }
            Self::NoQuestion { number } => wording.with("refusal-no-question", &[("number", number)]),
            Self::NotEarlier { received } => {
                wording.with("refusal-not-earlier", &[("received", &time(received))])
            }
            Self::NotAskedYet { received } => {
                wording.with("refusal-not-asked-yet", &[("received", &time(received))])
            }
            Self::BeyondCalendar { year, known } => {
                let known: Vec<String> = known.iter().map(ToString::to_string).collect();
                let values: [(&str, &dyn std::fmt::Display); 2] =
                    [("year", year), ("known", &known.join(", "))];
                wording.with("refusal-beyond-calendar", &values)
            }
            Self::Purged => wording.text("refusal-purged"),
            Self::MayNotSign { approved_by, by } if by.is_empty() => {
                wording.with("refusal-sign-other", &[("by", approved_by)])
            }
            Self::MayNotSign { by, .. } => wording.with("refusal-may-not-sign", &[("by", &by.join(", "))]),
            Self::LetterUnderWay => wording.text("refusal-letter-under-way"),
            Self::NoProposal { id } => wording.with("refusal-no-proposal", &[("id", id)]),
            Self::OwnProposal => wording.text("refusal-own-proposal"),
            Self::TextMoved { entry } => wording.with("refusal-text-moved", &[("entry", entry)]),
            Self::TextForLater { first } => {
                let day = date_in_words(wording.language(), *first);
                wording.with("refusal-text-for-later", &[("day", &day)])
            }
            Self::BadText { problems } => {
                problems.iter().map(|problem| problem.line(wording)).collect::<Vec<_>>().join("\n")
            }
            Self::TextFile { path, error } => {
                wording.with("app-file", &[("path", &path.display()), ("error", error)])
            }
            Self::NothingToAdjust => wording.text("refusal-nothing-to-adjust"),
            Self::NoEnglishReason { known } if known.is_empty() => wording.text("refusal-no-english-reasons"),
            Self::NoEnglishReason { known } => {
                wording.with("refusal-english-reason", &[("known", &known.join(" · "))])
            }
            Self::NoEnglish => wording.text("refusal-no-english"),
            Self::FrenchFirst => wording.text("refusal-french-first"),
            Self::FilesTooLarge { most } => {
                wording.with("refusal-files-too-large", &[("megabytes", &(most / 1_000_000))])
            }
            Self::Empty => wording.text("refusal-empty"),
            Self::TooLong { most } => wording.with("refusal-too-long", &[("most", most)]),
            Self::Store(Fault::WrongTurn(turn)) => wording.with(
                "refusal-wrong-turn",
                &[
                    ("state", &wording.text(&format!("state-{}", turn.state))),
                    ("what", &wording.text(&format!("event-{}", turn.event))),
                ],
            ),
            Self::Store(fault) => fault.line(wording, dir),
        }
    }
}

fn not_sealable(why: &NotSealable) -> &'static str {
    match why {
        NotSealable::OtherDraft => "not-sealable-other-draft",
        NotSealable::NoRecipient => "not-sealable-no-recipient",
        NotSealable::OpenFields(_) => "not-sealable-open-fields",
        NotSealable::NoText => "not-sealable-no-text",
        NotSealable::UnusableAddress(_) => "not-sealable-address",
        NotSealable::OtherAttachment(_) => "not-sealable-attachment",
        NotSealable::BadDate => "not-sealable-date",
        NotSealable::Unsound(_) => "not-sealable-unsound",
    }
}

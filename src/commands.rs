//! The command language of the chat: `approuver 12 K7QM2X`, in French with English aliases.
//!
//! A door calls [`parse()`] with what somebody wrote and how the bot was called, and gets
//! [`Said`]: not for the bot, for it but wrong, or a [`Command`]. Reading is apart from
//! obeying: nothing here does I/O or knows the desk, and the same text gives the same
//! answer. Parser, help and errors all come from one table, in `grammar`.
//!
//! What it promises:
//!
//! - a command is only what somebody *says*: never what is quoted, shown as code, or
//!   further down in a message;
//! - a command is what it looks like: characters that could be taken for others are
//!   refused, not read;
//! - no command carries words into a letter ([`Command`] says how that is held).

mod grammar;
mod help;
mod obey;
mod parse;
mod spelling;
#[cfg(test)]
mod tests;
mod wrong;

pub use crate::draft::{BadCode, Code};
pub use grammar::Verb;
pub use help::help;
pub use obey::{Commands, Spoken};
pub use parse::{LONGEST, parse};
pub use wrong::{Mistake, Wrong};

use crate::replies::{BadName, Slug};
use crate::thread::{Settlement, ThreadId};
use crate::wording::Language;
use std::fmt;
use std::str::FromStr;

/// How somebody could have spoken to the bot, in the place where they wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Addressed<'a> {
    /// What the bot is called: local name, full identifier, display name. Case does not
    /// count, and an `@` may stand before.
    pub names: &'a [&'a str],
    /// Whether any message that begins with a verb is meant for the bot: its own room, or
    /// a direct talk.
    pub bare: bool,
    /// The thread of the card under which the message stands. Its number may then be left
    /// out, and one that is given must be the same.
    pub thread: Option<ThreadId>,
}

/// What a message is to the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// People talk among themselves; the bot keeps quiet.
    NotForMe,
    /// It was meant for the bot, but is no command. Nothing is done but to say so.
    Wrong(Wrong),
    /// It is to be done.
    Command(Command),
}

/// What somebody asks for, one variant a verb.
///
/// **No variant carries text that could become mail.** A letter is made of approved
/// entries, which a command can only name ([`EntryName`] is an identifier), and of what
/// somebody writes in the console, to which `Edit` answers with a link. Only `Reject` and
/// `Note` carry words: [`Remark`]s, which stay at the desk and are never part of a letter.
/// A test matches every variant, so that a new one has to take a stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// What waits.
    Queue,
    /// One thread with its draft.
    Show(ThreadId),
    /// Why the draft is what it is.
    Explain(ThreadId),
    /// Take a thread in charge.
    Claim(ThreadId),
    /// Give it back.
    Release(ThreadId),
    /// Choose other entries, in the order of the letter; at least one.
    Reclassify(ThreadId, Vec<EntryName>),
    /// Asks where to edit the draft; no text comes in this way.
    Edit(ThreadId),
    /// Approve the letter whose card showed this code.
    Approve(ThreadId, Code),
    /// End the thread without a reply. The reason stays at the desk.
    Reject(ThreadId, Remark),
    /// Take an approval back while the letter is held.
    Withdraw(ThreadId),
    /// Say what became of an uncertain letter.
    Settle(ThreadId, Settlement),
    /// Leave a note to colleagues. It stays at the desk.
    Note(ThreadId, Remark),
    /// How the service is.
    Status,
    /// Response times of a span; of everything, if `None`.
    Times(Option<Span>),
    /// The list of verbs, or one verb.
    Help(Option<Verb>),
}

impl Command {
    /// The thread that it is about.
    #[must_use]
    pub fn thread(&self) -> Option<ThreadId> {
        match self {
            Self::Show(id)
            | Self::Explain(id)
            | Self::Claim(id)
            | Self::Release(id)
            | Self::Reclassify(id, _)
            | Self::Edit(id)
            | Self::Approve(id, _)
            | Self::Reject(id, _)
            | Self::Withdraw(id)
            | Self::Settle(id, _)
            | Self::Note(id, _) => Some(*id),
            Self::Queue | Self::Status | Self::Times(_) | Self::Help(_) => None,
        }
    }

    /// Whether it changes anything at the desk, rather than asking.
    #[must_use]
    pub fn changes(&self) -> bool {
        match self {
            Self::Claim(_)
            | Self::Release(_)
            | Self::Reclassify(..)
            | Self::Approve(..)
            | Self::Reject(..)
            | Self::Withdraw(_)
            | Self::Settle(..)
            | Self::Note(..) => true,
            Self::Queue
            | Self::Show(_)
            | Self::Explain(_)
            | Self::Edit(_)
            | Self::Status
            | Self::Times(_)
            | Self::Help(_) => false,
        }
    }

    /// Its verb.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Self::Queue => Verb::Queue,
            Self::Show(_) => Verb::Show,
            Self::Explain(_) => Verb::Explain,
            Self::Claim(_) => Verb::Claim,
            Self::Release(_) => Verb::Release,
            Self::Reclassify(..) => Verb::Reclassify,
            Self::Edit(_) => Verb::Edit,
            Self::Approve(..) => Verb::Approve,
            Self::Reject(..) => Verb::Reject,
            Self::Withdraw(_) => Verb::Withdraw,
            Self::Settle(..) => Verb::Settle,
            Self::Note(..) => Verb::Note,
            Self::Status => Verb::Status,
            Self::Times(_) => Verb::Times,
            Self::Help(_) => Verb::Help,
        }
    }

    /// Its canonical form in a language, which is read as the same command in either.
    #[must_use]
    pub fn written(&self, language: Language) -> String {
        let mut parts = vec![self.verb().word(language).to_owned()];
        parts.extend(self.thread().map(|id| id.to_string()));
        match self {
            Self::Reclassify(_, entries) => parts.extend(entries.iter().map(ToString::to_string)),
            Self::Approve(_, code) => parts.push(code.to_string()),
            Self::Reject(_, remark) | Self::Note(_, remark) => parts.push(remark.as_str().to_owned()),
            Self::Settle(_, outcome) => parts.push(grammar::settlement(*outcome, language).to_owned()),
            Self::Times(span) => parts.extend(span.map(|span| span.written(language))),
            Self::Help(verb) => parts.extend(verb.map(|verb| verb.word(language).to_owned())),
            Self::Queue
            | Self::Show(_)
            | Self::Explain(_)
            | Self::Claim(_)
            | Self::Release(_)
            | Self::Edit(_)
            | Self::Withdraw(_)
            | Self::Status => {}
        }
        parts.join(" ")
    }
}

/// The canonical form in French.
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written(Language::Fr))
    }
}

/// A colleague's words: a note, or why a thread ends without a reply. They are kept at the
/// desk and **are never part of a letter**.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark(String);

impl Remark {
    /// The words, trimmed, with plain ends of lines and no blanks before them; `None` if
    /// there is nothing to read.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.replace("\r\n", "\n").replace(parse::LINE_ENDS, "\n");
        let lines: Vec<&str> = text.split('\n').map(str::trim_end).collect();
        let text = lines.join("\n");
        let text = text.trim();
        let seen = |c: char| !c.is_whitespace() && !spelling::invisible(c);
        text.contains(seen).then(|| Self(text.to_owned()))
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An entry as a reviewer names it: `slug` or `slug.variant`. An identifier, no text; the
/// desk says whether there is such an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryName {
    /// The entry.
    pub slug: Slug,
    /// Its variant, of the same characters; the default one, if `None`.
    pub variant: Option<Slug>,
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.slug)?;
        self.variant.as_ref().map_or(Ok(()), |variant| write!(f, ".{variant}"))
    }
}

impl FromStr for EntryName {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        match text.split_once('.') {
            Some((slug, variant)) => Ok(Self { slug: slug.parse()?, variant: Some(variant.parse()?) }),
            None => Ok(Self { slug: text.parse()?, variant: None }),
        }
    }
}

/// A span of time, as people name it. Which days it holds is for whoever knows today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// This week.
    Week,
    /// This month.
    Month,
    /// This year.
    Year,
    /// A month of a year: `2025-03`.
    MonthOf {
        /// From 1000 to 9999.
        year: i16,
        /// From 1 to 12.
        month: i8,
    },
    /// A year: `2025`.
    YearOf(i16),
}

impl Span {
    /// As it is typed.
    #[must_use]
    pub fn written(self, language: Language) -> String {
        match self {
            Self::MonthOf { year, month } => format!("{year:04}-{month:02}"),
            Self::YearOf(year) => format!("{year:04}"),
            Self::Week | Self::Month | Self::Year => grammar::span(self, language).to_owned(),
        }
    }
}

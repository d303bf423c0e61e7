//! What is wrong with a command, in words, with the nearest right form.

use super::grammar::Verb;
use crate::thread::ThreadId;
use crate::wording::Wording;

/// The thread in examples where none is known.
pub(super) const SAMPLE_THREAD: ThreadId = 12;

/// A message that was meant for the bot and is no command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong.
    pub mistake: Mistake,
    /// The verb that stands there, or the nearest one.
    pub verb: Option<Verb>,
    /// The thread of the card under which it stands.
    pub thread: Option<ThreadId>,
}

/// What is wrong. Words are kept short and harmless, ready to be repeated in the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// The bot was called, and nothing was asked.
    NoVerb,
    /// There is no such verb.
    UnknownVerb {
        /// What was typed.
        word: String,
    },
    /// The thread's number is missing.
    MissingNumber,
    /// It stands where the thread's number should, and is none from 1 to `u64::MAX`.
    NotANumber {
        /// What was typed.
        word: String,
    },
    /// The letter's code is missing.
    MissingCode,
    /// It is no code.
    BadCode {
        /// What was typed.
        word: String,
    },
    /// The reason or the text is missing.
    MissingWords,
    /// No entry is named.
    MissingEntry,
    /// It cannot be the name of an entry.
    BadEntry {
        /// What was typed.
        word: String,
    },
    /// What became of the letter is missing.
    MissingSettlement,
    /// It is none of the two.
    UnknownSettlement {
        /// What was typed.
        word: String,
    },
    /// There is no such span of time.
    UnknownSpan {
        /// What was typed.
        word: String,
    },
    /// The command was over before this word.
    TooManyWords {
        /// The first word too many.
        word: String,
    },
    /// Only notes and reasons go on over lines.
    SeveralLines,
    /// A character that is not seen, or that could be taken for another.
    Strange(char),
    /// The number is another than that of the card.
    OtherThread {
        /// What was typed.
        given: ThreadId,
        /// The card's.
        card: ThreadId,
    },
    /// The message is longer than [`LONGEST`](super::LONGEST).
    TooLong,
}

impl Wrong {
    /// One line for people: what is wrong, and what would be right.
    #[must_use]
    pub fn line(&self, wording: &Wording) -> String {
        let word = |key: &str, word: &str| wording.with(key, &[("word", &word)]);
        let what = match &self.mistake {
            Mistake::NoVerb => wording.text("chat-no-verb"),
            Mistake::UnknownVerb { word: typed } => word("chat-unknown-verb", typed),
            Mistake::MissingNumber => wording.text("chat-missing-number"),
            Mistake::NotANumber { word: typed } => word("chat-not-a-number", typed),
            Mistake::MissingCode => wording.text("chat-missing-code"),
            Mistake::BadCode { word: typed } => word("chat-bad-code", typed),
            Mistake::MissingWords if self.verb == Some(Verb::Reject) => wording.text("chat-missing-reason"),
            Mistake::MissingWords => wording.text("chat-missing-text"),
            Mistake::MissingEntry => wording.text("chat-missing-entry"),
            Mistake::BadEntry { word: typed } => word("chat-bad-entry", typed),
            Mistake::MissingSettlement => wording.text("chat-missing-settlement"),
            Mistake::UnknownSettlement { word: typed } => word("chat-unknown-settlement", typed),
            Mistake::UnknownSpan { word: typed } => word("chat-unknown-span", typed),
            Mistake::TooManyWords { word: typed } => word("chat-too-many-words", typed),
            Mistake::SeveralLines => wording.text("chat-several-lines"),
            // By its number: the character itself would not be seen, or not be told apart.
            Mistake::Strange(found) => {
                wording.with("chat-strange", &[("code", &format!("U+{:04X}", u32::from(*found)))])
            }
            Mistake::OtherThread { given, card } => {
                wording.with("chat-other-thread", &[("given", given), ("card", card)])
            }
            Mistake::TooLong => wording.with("chat-too-long", &[("count", &super::LONGEST)]),
        };
        format!("{what} {}", self.way_out(wording))
    }

    /// The nearest right form, or where to find it.
    fn way_out(&self, wording: &Wording) -> String {
        let examples = self
            .verb
            .map(|verb| verb.examples(wording, self.thread.unwrap_or(SAMPLE_THREAD)))
            .unwrap_or_default();
        // `délais` alone would not show what a span looks like, nor `aide` alone a verb.
        let place = match &self.mistake {
            Mistake::UnknownSpan { .. } => 1,
            Mistake::UnknownVerb { .. } if self.verb == Some(Verb::Help) => 1,
            _ => 0,
        };
        match examples.get(place).or(examples.first()) {
            Some(example) => {
                wording.with("chat-example", &[("example", &example.written(wording.language()))])
            }
            None => {
                let help = Verb::Help.word(wording.language());
                wording.with("chat-see-help", &[("help", &help)])
            }
        }
    }
}

//! The table of verbs, from which parser, help and errors come.

use super::spelling::{distance, fold, odd, skeleton};
use super::{Code, Command, EntryName, Remark, Span};
use crate::thread::{Settlement, ThreadId};
use crate::wording::Language;
use serde::Serialize;

/// What somebody can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// What waits.
    Queue,
    /// One thread.
    Show,
    /// Why its draft is what it is.
    Explain,
    /// Take in charge.
    Claim,
    /// Give back.
    Release,
    /// Choose other entries.
    Reclassify,
    /// Where to edit.
    Edit,
    /// Approve a letter.
    Approve,
    /// End without a reply.
    Reject,
    /// Take an approval back.
    Withdraw,
    /// Say what became of an uncertain letter.
    Settle,
    /// A note to colleagues.
    Note,
    /// How the service is.
    Status,
    /// Response times.
    Times,
    /// What can be typed.
    Help,
}

/// What follows a verb, and the command that it makes.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// Nothing.
    Alone(fn() -> Command),
    /// A thread.
    Thread(fn(ThreadId) -> Command),
    /// A thread and one or more entries.
    Entries(fn(ThreadId, Vec<EntryName>) -> Command),
    /// A thread and the code of its letter.
    Code(fn(ThreadId, Code) -> Command),
    /// A thread and words, under the key of what they are called; they may go on over lines.
    Words(fn(ThreadId, Remark) -> Command, &'static str),
    /// A thread and what became of its letter.
    Settlement(fn(ThreadId, Settlement) -> Command),
    /// A span of time, or nothing.
    Span(fn(Option<Span>) -> Command),
    /// A verb, or nothing.
    Verb(fn(Option<Verb>) -> Command),
}

impl Shape {
    /// Whether a thread's number follows.
    pub fn has_thread(self) -> bool {
        !matches!(self, Self::Alone(_) | Self::Span(_) | Self::Verb(_))
    }
}

/// One line of the table.
struct Row {
    verb: Verb,
    french: &'static str,
    english: &'static str,
    shape: Shape,
}

const fn row(verb: Verb, french: &'static str, english: &'static str, shape: Shape) -> Row {
    Row { verb, french, english, shape }
}

/// Each verb once, in the order of the help. As French writes it; accents need not be typed.
static TABLE: [Row; 15] = [
    row(Verb::Queue, "file", "queue", Shape::Alone(|| Command::Queue)),
    row(Verb::Show, "voir", "show", Shape::Thread(Command::Show)),
    row(Verb::Explain, "expliquer", "explain", Shape::Thread(Command::Explain)),
    row(Verb::Claim, "prendre", "claim", Shape::Thread(Command::Claim)),
    row(Verb::Release, "libérer", "release", Shape::Thread(Command::Release)),
    row(Verb::Reclassify, "reclasser", "reclassify", Shape::Entries(Command::Reclassify)),
    row(Verb::Edit, "modifier", "edit", Shape::Thread(Command::Edit)),
    row(Verb::Approve, "approuver", "approve", Shape::Code(Command::Approve)),
    row(Verb::Reject, "rejeter", "reject", Shape::Words(Command::Reject, "reason")),
    row(Verb::Withdraw, "reprendre", "withdraw", Shape::Thread(Command::Withdraw)),
    row(Verb::Settle, "régler", "settle", Shape::Settlement(Command::Settle)),
    row(Verb::Note, "note", "note", Shape::Words(Command::Note, "text")),
    row(Verb::Status, "état", "status", Shape::Alone(|| Command::Status)),
    row(Verb::Times, "délais", "times", Shape::Span(Command::Times)),
    row(Verb::Help, "aide", "help", Shape::Verb(Command::Help)),
];

/// What became of an uncertain letter: French, English.
pub(super) const SETTLEMENTS: [(Settlement, &str, &str); 2] =
    [(Settlement::Sent, "envoyé", "sent"), (Settlement::Resend, "renvoyer", "resend")];

/// Spans that have a name: French, English.
pub(super) const SPANS: [(Span, &str, &str); 3] =
    [(Span::Week, "semaine", "week"), (Span::Month, "mois", "month"), (Span::Year, "année", "year")];

/// The word in the language.
pub(super) fn pick(language: Language, french: &'static str, english: &'static str) -> &'static str {
    match language {
        Language::Fr => french,
        Language::En => english,
    }
}

/// How a settlement is typed.
pub(super) fn settlement(outcome: Settlement, language: Language) -> &'static str {
    let found = SETTLEMENTS.iter().find(|(of, ..)| *of == outcome);
    found.map(|(_, french, english)| pick(language, french, english)).unwrap_or_default()
}

/// How a span with a name is typed.
pub(super) fn span(span: Span, language: Language) -> &'static str {
    let found = SPANS.iter().find(|(of, ..)| *of == span);
    found.map(|(_, french, english)| pick(language, french, english)).unwrap_or_default()
}

/// The value of a word in a table of words, in either language; the word is folded.
fn in_table<T: Copy>(table: &[(T, &str, &str)], word: &str) -> Option<T> {
    let same = |(_, french, english): &&(T, &str, &str)| fold(french) == word || *english == word;
    table.iter().find(same).map(|(value, ..)| *value)
}

/// The settlement of a folded word.
pub(super) fn settlement_of(word: &str) -> Option<Settlement> {
    in_table(&SETTLEMENTS, word)
}

/// The span of a folded word: `semaine`, `2025-03`, `2025`.
pub(super) fn span_of(word: &str) -> Option<Span> {
    if let Some(span) = in_table(&SPANS, word) {
        return Some(span);
    }
    let digits = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    let year = |text: &str| text.parse::<i16>().ok().filter(|year| digits(text, 4) && *year >= 1000);
    match word.split_once('-') {
        Some((of, month)) => {
            let month =
                month.parse::<i8>().ok().filter(|number| digits(month, 2) && (1..=12).contains(number))?;
            Some(Span::MonthOf { year: year(of)?, month })
        }
        None => year(word).map(Span::YearOf),
    }
}

/// The verb that a word is, or nearly is.
pub(super) enum Look {
    /// It is this one.
    Is(Verb),
    /// It looks like this one, or like none, and holds a character that deceives.
    Odd(char, Option<Verb>),
    /// It is none; perhaps this one was meant.
    Near(Option<Verb>),
}

/// Looks a word up. `close` asks for a nearer likeness: among words that people say to
/// each other, many are two slips away from a verb.
pub(super) fn look_up(word: &str, close: bool) -> Look {
    if let Some(odd) = odd(word) {
        let read = skeleton(word);
        return Look::Odd(odd, nearest(read.trim_start_matches('!'), close));
    }
    let word = fold(word);
    match TABLE.iter().find(|row| fold(row.french) == word || row.english == word) {
        Some(row) => Look::Is(row.verb),
        None => Look::Near(nearest(&word, close)),
    }
}

/// The verb that differs from a folded word by slips only.
fn nearest(word: &str, close: bool) -> Option<Verb> {
    let first = word.chars().next().filter(char::is_ascii_alphabetic)?;
    // Longer than any verb with all its slips: not worth the comparison.
    if word.chars().count() > 16 {
        return None;
    }
    let slips = |known: &str| {
        let most = match known.len() {
            ..=4 => 1,
            5..=7 if close => 1,
            _ if close && !known.starts_with(first) => 1,
            _ => 2,
        };
        Some(distance(word, known)).filter(|slips| *slips <= most)
    };
    let best = |row: &Row| [slips(&fold(row.french)), slips(row.english)].into_iter().flatten().min();
    TABLE.iter().filter_map(|row| Some((best(row)?, row.verb))).min().map(|(_, verb)| verb)
}

impl Verb {
    /// All of them, in the order of the help.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.verb)
    }

    /// How it is typed in a language.
    #[must_use]
    pub fn word(self, language: Language) -> &'static str {
        self.row().map(|row| pick(language, row.french, row.english)).unwrap_or_default()
    }

    /// What follows it.
    pub(super) fn shape(self) -> Shape {
        self.row().map_or(Shape::Alone(|| Command::Help(None)), |row| row.shape)
    }

    /// Every verb has its row; a test says so.
    fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.verb == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::CHAT_VERBS;
    use crate::wording::{Wording, key};
    use std::collections::BTreeSet;

    #[test]
    fn no_word_means_two_things() {
        let mut words = BTreeSet::new();
        for row in &TABLE {
            let own: BTreeSet<String> = [fold(row.french), fold(row.english)].into();
            for word in own {
                assert!(word.bytes().all(|byte| byte.is_ascii_lowercase()), "{word}");
                assert!(words.insert(word.clone()), "{word} stands twice");
            }
        }
        assert_eq!(Verb::all().collect::<BTreeSet<_>>().len(), TABLE.len());
        assert_eq!(Verb::Help as usize + 1, TABLE.len(), "a verb has no row");
        // The config restricts them by these names.
        let named: Vec<String> = Verb::all().map(|verb| key(&verb)).collect();
        assert_eq!(named, CHAT_VERBS);
    }

    #[test]
    fn a_row_makes_commands_of_its_own_verb() {
        for language in Language::ALL {
            for verb in Verb::all() {
                let examples = verb.examples(Wording::of(language), 12);
                assert!(!examples.is_empty(), "{verb:?}");
                assert!(examples.iter().all(|command| command.verb() == verb), "{verb:?}");
                assert!(
                    examples.iter().all(|command| command.thread().is_some() == verb.shape().has_thread())
                );
            }
        }
    }

    #[test]
    fn spans_are_known() {
        assert_eq!(span_of("2025"), Some(Span::YearOf(2025)));
        assert_eq!(span_of("2025-03"), Some(Span::MonthOf { year: 2025, month: 3 }));
        for word in
            ["", "25", "0999", "2025-3", "2025-13", "2025-00", "2025-03-01", "+202", "2025-+3", "hier"]
        {
            assert_eq!(span_of(word), None, "{word}");
        }
    }
}

//! Reads what somebody wrote. Pure; looks at no more than [`LONGEST`] characters.

use super::grammar::{self, Look, Shape, Verb, look_up};
use super::spelling::{fold, invisible, odd, shown};
use super::wrong::{Mistake, Wrong};
use super::{Addressed, Code, Command, Remark, Said};
use crate::thread::ThreadId;

/// Characters of the longest message that is read.
pub const LONGEST: usize = 2_000;

/// Where a line may end.
pub(super) const LINE_ENDS: [char; 7] = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

/// How a number may be introduced: `#12`, `nº 12`.
const NUMBER_SIGNS: [&str; 10] = ["#", "nº", "n°", "nᵒ", "Nº", "N°", "Nᵒ", "№", "no", "No"];

/// What a message is to the bot.
///
/// `text` is what somebody wrote, as plain text or Markdown. Where a service puts the
/// message that is answered before it (Matrix once did, as lines with `>`), the door takes
/// that away first: a message that begins with a quote is never a command here.
#[must_use]
pub fn parse(text: &str, addressed: &Addressed<'_>) -> Said {
    let end = text.char_indices().nth(LONGEST).map(|(end, _)| end);
    let Some((line, more)) = said(end.and_then(|end| text.get(..end)).unwrap_or(text)) else {
        return Said::NotForMe;
    };
    let seen = line.trim_start_matches(invisible);
    let hidden = line.chars().next().filter(|c| invisible(*c));
    let (rest, called) = match called(seen, addressed.names) {
        Some(rest) => (rest, true),
        None if addressed.bare => (seen, false),
        None => return Said::NotForMe,
    };
    // What is quoted or shown as code is somebody else's, or an example.
    if rest.starts_with(['>', '`']) || rest.starts_with("~~~") {
        return Said::NotForMe;
    }
    let wrong = |mistake, verb| Said::Wrong(Wrong { mistake, verb, thread: addressed.thread });
    let (word, rest) = next_word(rest);
    let verb = match look_up(word, !called) {
        _ if called && word.is_empty() => return wrong(Mistake::NoVerb, None),
        Look::Is(verb) => verb,
        Look::Odd(found, near) if called || near.is_some() => return wrong(Mistake::Strange(found), near),
        Look::Near(near) if called || near.is_some_and(|near| likely(near, rest)) => {
            return wrong(Mistake::UnknownVerb { word: shown(word) }, near);
        }
        Look::Odd(..) | Look::Near(_) => return Said::NotForMe,
    };
    let mistake = match hidden {
        _ if end.is_some() => Mistake::TooLong,
        Some(found) => Mistake::Strange(found),
        None if !matches!(verb.shape(), Shape::Words(..)) && !more.is_empty() => Mistake::SeveralLines,
        None => match (Reading { rest, thread: addressed.thread }).command(verb.shape(), more) {
            Ok(command) => return Said::Command(command),
            Err(mistake) => mistake,
        },
    };
    wrong(mistake, Some(verb))
}

/// The first line of what is said, and the lines after it. Four blanks or a tab before it
/// make it code in Markdown.
fn said(text: &str) -> Option<(&str, &str)> {
    let mut text = text;
    loop {
        let (line, more) = text.split_once(LINE_ENDS).unwrap_or((text, ""));
        let plain = line.trim();
        if !plain.is_empty() {
            let indent = line.chars().take_while(|c| c.is_whitespace());
            let is_code = indent.clone().count() >= 4 || indent.clone().any(|c| c == '\t');
            return (!is_code).then_some((plain, more.trim_end()));
        }
        if more.is_empty() {
            return None;
        }
        text = more;
    }
}

/// What follows the call: `!`, or one of the names and `:`, `,` or a blank.
fn called<'a>(line: &'a str, names: &[&str]) -> Option<&'a str> {
    if let Some(rest) = line.strip_prefix('!') {
        return Some(rest.trim_start());
    }
    let after = |name: &str| {
        let rest = without(line, name).or_else(|| without(line.strip_prefix('@')?, name))?;
        // French sets a blank before the colon.
        let trimmed = rest.trim_start();
        let signed = trimmed.strip_prefix([':', ',']);
        let rest = signed.or_else(|| rest.starts_with(char::is_whitespace).then_some(trimmed))?.trim_start();
        Some(rest.strip_prefix('!').map_or(rest, str::trim_start))
    };
    // Of two names that fit, the longer one was meant: the full identifier holds a colon.
    let named = names.iter().filter(|name| !name.trim().is_empty()).filter_map(|name| after(name.trim()));
    named.min_by_key(|rest| rest.len())
}

/// The text without `prefix` before it; case does not count.
fn without<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    for wanted in prefix.chars() {
        let found = rest.next()?;
        if found != wanted && !found.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    Some(rest.as_str())
}

/// The first word, and what follows.
fn next_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

/// Whether a message that begins with nearly a verb is a command that slipped, rather than
/// people talking: « Notre ministère… » is near `note`.
fn likely(verb: Verb, rest: &str) -> bool {
    let more = rest.split_whitespace().count();
    let short = verb.word(crate::wording::Language::Fr).chars().count() <= 4;
    match verb.shape() {
        Shape::Alone(_) => more == 0,
        Shape::Span(_) | Shape::Verb(_) => more <= 1,
        _ => numbered(rest).is_some() || more == 0 || (!short && more <= 2),
    }
}

/// The number that stands first, in whatever digits, without its sign; and what follows.
fn numbered(text: &str) -> Option<(&str, &str)> {
    let digits = |word: &str| {
        word.chars().any(char::is_numeric) && word.chars().all(|c| c.is_numeric() || invisible(c))
    };
    let (word, after) = next_word(text);
    if digits(word) {
        return Some((word, after));
    }
    let rest = NUMBER_SIGNS.iter().find_map(|sign| word.strip_prefix(sign))?;
    let (word, after) = if rest.is_empty() { next_word(after) } else { (rest, after) };
    digits(word).then_some((word, after))
}

/// A thread's number in ASCII digits. Anything else that looks like one deceives.
fn number(word: &str) -> Result<ThreadId, Mistake> {
    if let Some(found) = odd(word) {
        return Err(Mistake::Strange(found));
    }
    let digits = word.bytes().all(|byte| byte.is_ascii_digit());
    let number = word.parse::<ThreadId>().ok().filter(|number| digits && *number > 0);
    number.ok_or_else(|| Mistake::NotANumber { word: shown(word) })
}

/// What follows a verb on its line, read from left to right.
struct Reading<'a> {
    rest: &'a str,
    thread: Option<ThreadId>,
}

impl<'a> Reading<'a> {
    fn command(mut self, shape: Shape, more: &str) -> Result<Command, Mistake> {
        let command = match shape {
            Shape::Alone(make) => make(),
            Shape::Thread(make) => make(self.only_thread()?),
            Shape::Entries(make) => {
                let id = self.thread()?;
                let apart = |c: char| c.is_whitespace() || c == ',';
                let words = std::mem::take(&mut self.rest).split(apart).filter(|word| !word.is_empty());
                let entries = words.map(|word| {
                    let folded = plain(word)?;
                    folded.parse().map_err(|_| Mistake::BadEntry { word: shown(word) })
                });
                let entries = entries.collect::<Result<Vec<_>, _>>()?;
                if entries.is_empty() {
                    return Err(Mistake::MissingEntry);
                }
                make(id, entries)
            }
            Shape::Code(make) => {
                let id = self.thread_before_code()?;
                let word = self.word().ok_or(Mistake::MissingCode)?;
                odd(word).map_or(Ok(()), |found| Err(Mistake::Strange(found)))?;
                make(id, word.parse().map_err(|_| Mistake::BadCode { word: shown(word) })?)
            }
            Shape::Words(make, _) => {
                let id = self.thread()?;
                let words = format!("{}\n{more}", std::mem::take(&mut self.rest));
                make(id, Remark::new(&words).ok_or(Mistake::MissingWords)?)
            }
            Shape::Settlement(make) => {
                let id = self.thread()?;
                let word = self.word().ok_or(Mistake::MissingSettlement)?;
                let outcome = grammar::settlement_of(&plain(word)?);
                make(id, outcome.ok_or_else(|| Mistake::UnknownSettlement { word: shown(word) })?)
            }
            Shape::Span(make) => make(match self.word() {
                Some(word) => {
                    let span = grammar::span_of(&plain(word)?);
                    Some(span.ok_or_else(|| Mistake::UnknownSpan { word: shown(word) })?)
                }
                None => None,
            }),
            Shape::Verb(make) => make(match self.word() {
                Some(word) => match look_up(word.trim_start_matches('!'), false) {
                    Look::Is(verb) => Some(verb),
                    Look::Odd(found, _) => return Err(Mistake::Strange(found)),
                    Look::Near(_) => return Err(Mistake::UnknownVerb { word: shown(word) }),
                },
                None => None,
            }),
        };
        match self.word() {
            None => Ok(command),
            Some(word) => {
                Err(odd(word).map_or_else(|| Mistake::TooManyWords { word: shown(word) }, Mistake::Strange))
            }
        }
    }

    fn word(&mut self) -> Option<&'a str> {
        let (word, after) = next_word(self.rest);
        self.rest = after;
        (!word.is_empty()).then_some(word)
    }

    /// The thread, where nothing else may follow: whatever stands there is meant as its number.
    fn only_thread(&mut self) -> Result<ThreadId, Mistake> {
        if numbered(self.rest).is_none()
            && let Some(word) = self.word()
        {
            return Err(number(word).err().unwrap_or(Mistake::MissingNumber));
        }
        self.thread()
    }

    /// The thread: the number that stands first; under a card, that of the card.
    fn thread(&mut self) -> Result<ThreadId, Mistake> {
        let Some((word, after)) = numbered(self.rest) else {
            return self.thread.map_or_else(|| Err(self.no_number()), Ok);
        };
        let given = number(word)?;
        match self.thread {
            Some(card) if card != given => Err(Mistake::OtherThread { given, card }),
            _ => {
                self.rest = after;
                Ok(given)
            }
        }
    }

    /// The thread before a code. Under a card a single word is the code, even if it is made
    /// of digits; unless it is the card's number, and the code was forgotten.
    fn thread_before_code(&mut self) -> Result<ThreadId, Mistake> {
        let mut words = self.rest.split_whitespace();
        match (self.thread, words.next(), words.next()) {
            (Some(card), Some(word), None) if word.parse::<Code>().is_ok() && word.parse() != Ok(card) => {
                Ok(card)
            }
            _ => self.thread(),
        }
    }

    /// No number stands where one must: nothing does, or something else.
    fn no_number(&self) -> Mistake {
        let (word, _) = next_word(self.rest);
        match odd(word) {
            Some(found) => Mistake::Strange(found),
            None if word.is_empty() || word.starts_with(char::is_alphabetic) => Mistake::MissingNumber,
            None => Mistake::NotANumber { word: shown(word) },
        }
    }
}

/// A word of the language, folded.
fn plain(word: &str) -> Result<String, Mistake> {
    odd(word).map_or_else(|| Ok(fold(word)), |found| Err(Mistake::Strange(found)))
}

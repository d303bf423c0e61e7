//! The newest text: what the sender wrote in this very message.
//!
//! Called by [`super::read`]; pure, on lines, in linear time. Every line that is not
//! blank is put either in the text or in a cut, so nothing is lost and all can be shown.
//!
//! In order: banners (anywhere), quotes, legal footers, signature. Then the doubtful
//! cases, decided so that a question is rather read with too much around it than missed:
//! - nothing new above a forwarded header, or a forward with a few words above it: the
//!   forwarded text (itself without quotes, signature and so on) is the text;
//! - one or two new words above a quote (« Merci ! », « Oui ») are the text: the quote
//!   must not be answered a second time;
//! - one or two new words without a quote: the signature comes back, then all the rest.

mod banner;
mod footer;
mod line;
mod quotes;
mod signature;

use super::{Cut, CutReason, Newest};
pub use banner::Banners;
pub(crate) use line::fold;
use line::{Line, lines};

/// Forwards inside each other that are opened.
const MAX_FORWARDS: usize = 5;
/// Fewer new words than this are looked at twice.
const FEW_WORDS: usize = 3;
/// More words than this above an explicit forward are a message of their own.
const INTRODUCTION_WORDS: usize = 40;

/// The newest text of `text` under `subject`, whose prefix (`TR :`, `Fwd:`) tells a forward.
#[must_use]
pub fn newest(subject: &str, text: &str, banners: &Banners) -> Newest {
    let mut lines = lines(text);
    banner::mark(&mut lines, banners);
    let mut start = 0;
    let mut forwarded = false;
    let mut explicit = super::subject_origin(subject) == super::SubjectOrigin::Forwarded;
    for level in 0..=MAX_FORWARDS {
        let boundary = quotes::mark(&mut lines, start);
        footer::mark(&mut lines, start);
        signature::mark(&mut lines, start);
        let Some(boundary) = boundary.filter(|_| level < MAX_FORWARDS) else { break };
        explicit |= boundary.forward;
        let words = new_words(&lines, start);
        let asks = lines.iter().skip(start).any(|line| line.is_new() && line.asks());
        let bare = words == 0 || (explicit && words <= INTRODUCTION_WORDS && !asks);
        if !(bare && boundary.header) {
            break;
        }
        forwarded = true;
        // Only the header stays cut; what it stands above is read as a message.
        quotes::open(&mut lines, &boundary);
        start = boundary.body;
        explicit = false;
    }
    if new_words(&lines, 0) < FEW_WORDS {
        restore(&mut lines);
    }
    assemble(&lines, forwarded)
}

/// Too little is left: takes back, in turn, what may have been cut in error.
fn restore(lines: &mut [Line<'_>]) {
    let quoted = lines.iter().any(|line| line.cut == Some(CutReason::Quote));
    for reason in [CutReason::Signature, CutReason::Footer, CutReason::Banner, CutReason::Quote] {
        let words = new_words(lines, 0);
        // One word above a quote is an answer: « Oui ». Without a quote it needs company.
        if words >= FEW_WORDS || (quoted && words > 0) {
            return;
        }
        for line in lines.iter_mut().filter(|line| line.cut == Some(reason)) {
            line.cut = None;
        }
    }
}

/// Words of the new lines from `start` on; greetings and « pour information » are none.
fn new_words(lines: &[Line<'_>], start: usize) -> usize {
    lines
        .iter()
        .skip(start)
        .filter(|line| line.is_new() && !signature::is_formula(&line.folded))
        .map(Line::words)
        .sum()
}

fn assemble(lines: &[Line<'_>], forwarded: bool) -> Newest {
    let mut newest = Newest { forwarded, ..Newest::default() };
    let mut last: Option<Option<CutReason>> = None;
    for line in lines {
        let same = last == Some(line.cut);
        match line.cut {
            None => {
                if !newest.text.is_empty() {
                    newest.text.push_str(if line.gap || !same { "\n\n" } else { "\n" });
                }
                newest.text.push_str(line.text);
            }
            Some(reason) => match newest.cut.last_mut().filter(|_| same) {
                Some(cut) => {
                    cut.text.push_str(if line.gap { "\n\n" } else { "\n" });
                    cut.text.push_str(line.text);
                }
                None => newest.cut.push(Cut { reason, text: line.text.to_owned() }),
            },
        }
        last = Some(line.cut);
    }
    newest
}

#[cfg(test)]
mod tests;

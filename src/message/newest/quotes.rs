//! What an earlier message said: Outlook, Gmail, Apple Mail, Thunderbird, French and English.
//!
//! Two kinds: lines that begin with `>`, between which answers may stand, and everything
//! below a separator or a header (« De : … Envoyé : … Objet : … »).

use super::line::Line;
use crate::message::CutReason;
use std::borrow::Cow;

/// Lines within which a quoted header must show its fields; long lists of people wrap.
const HEADER_WINDOW: usize = 14;
/// Lines over which an attribution (« Le … a écrit : ») may be wrapped.
const ATTRIBUTION_LINES: usize = 3;
const MAX_ATTRIBUTION: usize = 320;

/// Where an unmarked quote begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Boundary {
    /// The first line of the separator or header.
    at: usize,
    /// The first line behind it.
    pub(super) body: usize,
    /// It says « transféré » or "forwarded".
    pub(super) forward: bool,
    /// It shows who wrote, so what follows is a message.
    pub(super) header: bool,
}

/// Marks the quotes from line `start` on; gives where the unmarked one begins.
pub(super) fn mark(lines: &mut [Line<'_>], start: usize) -> Option<Boundary> {
    let mut at = start;
    while at < lines.len() {
        if let Some(line) = lines.get(at).filter(|line| line.quoted) {
            // Too short to say anything: there may be a million of them.
            let says = line.text.len() >= 10;
            let boundary = if says { quoted_boundary(lines, start, at) } else { None };
            if boundary.is_some() {
                cut(lines, at, lines.len());
                return boundary;
            }
            let end = at + 1 + wrapped(lines, at);
            cut(lines, at, end);
            at = end;
            continue;
        }
        if let Some(boundary) = boundary(lines, at) {
            cut(lines, boundary.at, lines.len());
            return Some(boundary);
        }
        if let Some(after) = attribution(lines, at) {
            // With `>` below, answers may follow; without, all the rest is the quote.
            if lines.get(after).is_none_or(|line| line.quoted) {
                cut(lines, at, after);
                at = after;
                continue;
            }
            // « Le 24 mars, le ministère a écrit : » may also cite; with a time or an
            // address a mail program wrote it.
            if lines.get(at..after).is_some_and(|lines| lines.iter().any(|line| is_stamped(&line.folded))) {
                cut(lines, at, lines.len());
                return Some(Boundary { at, body: after, forward: false, header: false });
            }
        }
        at += 1;
    }
    None
}

/// How many lines after the quoted line `at` are its end: some clients wrap quotes anew
/// and leave the second half without its mark.
fn wrapped(lines: &[Line<'_>], at: usize) -> usize {
    const MAX_WRAPPED: usize = 6;
    let Some(line) = lines.get(at).filter(|line| line.text.len() >= 50) else { return 0 };
    let full = line.text.chars().count() >= 50 && !line.text.ends_with(['.', '!', '?', ':', ';', '…']);
    let next = lines.get(at + 1).filter(|next| full && !next.quoted && !next.gap);
    // An answer begins with a capital; half a sentence does not.
    if !next.is_some_and(|next| next.text.starts_with(char::is_lowercase)) {
        return 0;
    }
    let length =
        lines.iter().skip(at + 1).take(MAX_WRAPPED + 1).take_while(|line| !line.quoted && !line.gap).count();
    let marked_again = lines.get(at + 1 + length).is_none_or(|line| line.quoted);
    if length <= MAX_WRAPPED && marked_again { length } else { 0 }
}

/// `>>> Nom <a@b.example> 2025-03-24 15:00 >>>`: GroupWise, which marks nothing below it.
fn is_groupwise(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 300
        && text.starts_with(">>> ")
        && text.ends_with(">>>")
        && text.bytes().any(|b| b.is_ascii_digit())
}

/// An address, or a time such as `10:06`, `10 h 06`, `10h06`.
fn is_stamped(folded: &str) -> bool {
    let bytes = folded.as_bytes();
    folded.contains('@')
        || bytes.windows(3).any(|three| matches!(three, [a, b':' | b'h', c] if a.is_ascii_digit() && c.is_ascii_digit()))
        || folded.split(' ').collect::<Vec<_>>().windows(3).any(|three| {
            matches!(three, [a, "h", c] if a.starts_with(|a: char| a.is_ascii_digit()) && c.starts_with(|c: char| c.is_ascii_digit()))
        })
}

/// Apple Mail may quote even the line that says that this is a forward; GroupWise draws
/// its header with `>`.
fn quoted_boundary(lines: &[Line<'_>], start: usize, at: usize) -> Option<Boundary> {
    if lines.get(at).is_some_and(|line| is_groupwise(line.text)) {
        return Some(Boundary { at, body: at + 1, forward: false, header: false });
    }
    let begins = at == start || lines.get(at.wrapping_sub(1)).is_some_and(|line| !line.quoted);
    let text =
        lines.get(at).filter(|line| begins && line.text.len() <= 100)?.text.trim_start_matches(['>', ' ']);
    let forward = separator(&super::fold(text)).filter(|forward| *forward)?;
    let mut body = at + 1;
    // The blank line under it is quoted, too.
    while lines.get(body).is_some_and(|line| line.quoted && line.words() == 0) && body < at + 4 {
        body += 1;
    }
    let body = header_end(lines, body, true)?;
    Some(Boundary { at, body, forward, header: true })
}

/// Makes what stands under the header new again.
pub(super) fn open(lines: &mut [Line<'_>], boundary: &Boundary) {
    // Apple Mail quotes a forward as a whole.
    let quoted = lines.get(boundary.body).is_some_and(|line| line.quoted);
    for line in lines.iter_mut().skip(boundary.body) {
        if line.cut == Some(CutReason::Quote) {
            line.cut = None;
        }
        if quoted && line.quoted {
            line.unquote();
        }
    }
}

fn cut(lines: &mut [Line<'_>], from: usize, to: usize) {
    for line in lines.iter_mut().take(to).skip(from) {
        // A banner inside a quote is part of it, but it is already known for what it is.
        if line.cut != Some(CutReason::Banner) {
            line.cut = Some(CutReason::Quote);
        }
    }
}

fn boundary(lines: &[Line<'_>], at: usize) -> Option<Boundary> {
    let line = lines.get(at)?;
    if let Some(forward) = separator(&line.folded) {
        let end = header_end(lines, at + 1, true);
        return Some(Boundary { at, body: end.unwrap_or(at + 1), forward, header: end.is_some() });
    }
    if is_rule(&line.folded)
        && let Some(body) = header_end(lines, at + 1, false)
    {
        return Some(Boundary { at, body, forward: false, header: true });
    }
    header_end(lines, at, false).map(|body| Boundary { at, body, forward: false, header: true })
}

/// « -----Message d'origine----- » and its kin; whether it says that it is a forward.
fn separator(folded: &str) -> Option<bool> {
    if folded.len() > 100 {
        return None;
    }
    let dashes = |c: char| matches!(c, '-' | '_' | '=' | '#' | ' ');
    let inner = folded.trim_matches(dashes).trim_end_matches(':');
    let drawn = folded.starts_with("--") || folded.starts_with("__") || folded.starts_with("==");
    match inner {
        "message d'origine"
        | "message original"
        | "message initial"
        | "original message"
        | "courriel d'origine"
        | "message precedent"
        | "rendez-vous d'origine"
        | "original appointment"
            if drawn =>
        {
            Some(false)
        }
        "message transfere" | "forwarded message" | "courriel transfere" | "message reexpedie"
        | "forwarded by"
            if drawn =>
        {
            Some(true)
        }
        "debut du message transfere"
        | "debut du message reexpedie"
        | "begin forwarded message"
        | "debut du courriel transfere"
            if folded.ends_with(':') =>
        {
            Some(true)
        }
        _ => None,
    }
}

/// A drawn line, as Outlook puts above the header of the quote.
fn is_rule(folded: &str) -> bool {
    folded.len() >= 5 && folded.bytes().all(|b| matches!(b, b'_' | b'-' | b'='))
        || folded.chars().all(|c| c == '─')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    From,
    Date,
    To,
    Copy,
    Subject,
    Other,
}

fn label(folded: &str) -> Option<Label> {
    let (name, _) = folded.get(..folded.floor_char_boundary(40))?.split_once(':')?;
    Some(match name.trim_start_matches(['>', '|', ' ']).trim_end() {
        "de" | "from" | "expediteur" => Label::From,
        "envoye" | "envoye le" | "date" | "sent" | "le" | "date d'envoi" => Label::Date,
        "a" | "to" | "pour" | "destinataire" | "destinataires" => Label::To,
        "cc" | "cci" | "bcc" | "copie a" | "copie" => Label::Copy,
        "objet" | "subject" | "sujet" => Label::Subject,
        "importance" | "repondre a" | "reply-to" | "priorite" | "priority" | "pieces jointes"
        | "attachments" | "piece jointe" | "organisation" => Label::Other,
        _ => return None,
    })
}

/// If a quoted header starts at `at`, the line behind it. It names the sender and at
/// least two more of date, recipients and subject; `known`: a separator stands above, so
/// one more is enough.
fn header_end(lines: &[Line<'_>], at: usize, known: bool) -> Option<usize> {
    fn fold_of<'l>(line: &'l Line<'_>) -> Cow<'l, str> {
        if !line.quoted {
            return Cow::Borrowed(&line.folded);
        }
        let inner = line.text.trim_start_matches(['>', ' ']);
        Cow::Owned(super::fold(inner.get(..inner.floor_char_boundary(MAX_ATTRIBUTION)).unwrap_or(inner)))
    }
    let first = lines.get(at)?;
    if first.quoted && !known {
        return None;
    }
    let text = fold_of(first);
    let kind = label(&text)?;
    if kind == Label::From && one_line_header(&text) {
        return Some(at + 1);
    }
    let mut kinds = vec![kind];
    let mut end = at + 1;
    let mut wrapped = 0;
    for (nth, line) in lines.iter().enumerate().skip(at + 1).take(HEADER_WINDOW) {
        match label(&fold_of(line)) {
            Some(kind) if !kinds.contains(&kind) || kind == Label::Other => {
                kinds.push(kind);
                (end, wrapped) = (nth + 1, 0);
            }
            // Another header begins.
            Some(Label::From) => break,
            // A field that wraps; behind a blank line the body begins.
            _ if line.gap || wrapped >= 6 => break,
            _ => wrapped += 1,
        }
    }
    let others =
        kinds.iter().filter(|kind| !matches!(kind, Label::From | Label::Other | Label::Copy)).count();
    (kinds.contains(&Label::From) && others >= if known { 1 } else { 2 }).then_some(end)
}

/// The whole header on one line, as badly converted HTML gives it.
fn one_line_header(folded: &str) -> bool {
    [" envoye:", " sent:", " date:"].iter().any(|label| folded.contains(label))
        && [" objet:", " subject:", " sujet:"].iter().any(|label| folded.contains(label))
}

/// If an attribution starts at `at`, the line behind it.
fn attribution(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let first = lines.get(at)?;
    let opens = ["le ", "on ", "en date du ", "il y a "].iter().any(|start| first.folded.starts_with(start));
    // Most lines are refused here, before anything is put together.
    if !lines.iter().skip(at).take(ATTRIBUTION_LINES).any(|line| line.folded.ends_with(':')) {
        return None;
    }
    let mut joined = String::new();
    for (nth, line) in lines.iter().enumerate().skip(at).take(ATTRIBUTION_LINES) {
        if line.quoted || (nth > at && line.gap) || line.is_long() {
            return None;
        }
        if nth > at {
            joined.push(' ');
        }
        joined.push_str(&line.folded);
        if joined.len() > MAX_ATTRIBUTION {
            return None;
        }
        let closes = ["a ecrit:", "wrote:", "a ecrit le:", "ecrit:", "ecrivait:"]
            .iter()
            .any(|end| joined.ends_with(end));
        if closes {
            // Without « Le » or "On" in front, only an address shows that this is no prose.
            let shown = if opens { has_date(&joined) || joined.contains('@') } else { joined.contains('@') };
            return shown.then_some(nth + 1);
        }
        if !opens {
            // « Julie Roy <j@…> a écrit le 25 mars 2025 à 10:06 : »
            let dated = joined.ends_with(':')
                && (joined.contains(" a ecrit le ") || joined.contains(" wrote on "))
                && has_date(&joined);
            return dated.then_some(nth + 1);
        }
    }
    None
}

/// A year, or a day and a month, or a time.
fn has_date(folded: &str) -> bool {
    const MONTHS: [&str; 20] = [
        "janv", "fevr", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec", "jan",
        "feb", "mar", "apr", "may", "jun", "jul", "aug",
    ];
    let digits = folded.bytes().any(|b| b.is_ascii_digit());
    let month =
        folded.split(|c: char| !c.is_alphanumeric()).any(|word| MONTHS.iter().any(|m| word.starts_with(m)));
    let numbers = folded.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()).count();
    digits && (month || numbers >= 3)
}

//! Signatures and client lines at the end of what was written.

use super::line::Line;
use crate::message::CutReason;

/// Lines that a signature block may have.
const MAX_BLOCK: usize = 16;
/// Characters of a line of a signature block: a title and an address fit.
const MAX_BLOCK_LINE: usize = 120;

/// Lines that end a letter; folded, compared as a whole or with what [`is_closing`] allows.
const CLOSINGS: [&str; 44] = [
    "cordialement",
    "bien cordialement",
    "tres cordialement",
    "salutations",
    "salutations cordiales",
    "salutations distinguees",
    "sinceres salutations",
    "meilleures salutations",
    "mes salutations",
    "cordiales salutations",
    "mes meilleures salutations",
    "respectueusement",
    "bien a vous",
    "a bientot",
    "au plaisir",
    "bonne journee",
    "bonne fin de journee",
    "bonne soiree",
    "bonne semaine",
    "bonne fin de semaine",
    "excellente journee",
    "belle journee",
    "passez une bonne journee",
    "merci",
    "merci bien",
    "merci beaucoup",
    "merci infiniment",
    "un grand merci",
    "mille mercis",
    "merci d'avance",
    "merci a l'avance",
    "merci de votre aide",
    "merci pour votre aide",
    "merci de votre collaboration",
    "merci de votre attention",
    "best regards",
    "kind regards",
    "regards",
    "warm regards",
    "sincerely",
    "yours truly",
    "thanks",
    "thank you",
    "many thanks",
];

const MORE_CLOSINGS: [&str; 10] = [
    "best",
    "cheers",
    "thanks in advance",
    "thank you in advance",
    "thank you very much",
    "thanks again",
    "have a good day",
    "have a nice day",
    "have a great day",
    "yours sincerely",
];

/// Formulas that may go on: « Veuillez agréer, Madame, … ».
const POLITE: [&str; 8] = [
    "veuillez agreer",
    "veuillez recevoir",
    "je vous prie d'agreer",
    "je vous prie de recevoir",
    "nous vous prions d'agreer",
    "recevez, ",
    "dans l'attente de votre reponse",
    "en vous remerciant",
];

/// What a mail program adds by itself.
const CLIENT_LINES: [&str; 17] = [
    "envoye de mon ",
    "envoye depuis ",
    "envoye a partir d",
    "envoye avec ",
    "envoye par outlook",
    "telecharger outlook pour",
    "telechargez outlook pour",
    "obtenir outlook pour",
    "obtenez outlook pour",
    "get outlook for",
    "sent from my ",
    "sent from outlook",
    "sent from mail for",
    "sent from yahoo",
    "sent with proton",
    "provenance: courrier pour windows",
    "provenance: ",
];

/// Greetings and stock words above a forward: they say nothing new.
const FORMULAS: [&str; 24] = [
    "bonjour",
    "bonjour a tous",
    "bonjour a toutes et a tous",
    "bonsoir",
    "allo",
    "salut",
    "hello",
    "hi",
    "dear all",
    "madame",
    "monsieur",
    "madame, monsieur",
    "fyi",
    "pvi",
    "p.v.i",
    "pour information",
    "pour votre information",
    "pour info",
    "pour suite",
    "pour suivi",
    "voir ci-dessous",
    "voir plus bas",
    "see below",
    "for your information",
];

/// Whether a folded line is nothing but a greeting or a stock phrase.
pub(super) fn is_formula(folded: &str) -> bool {
    FORMULAS.contains(&folded.trim_end_matches(['.', ',', '!', ' ', ':', ';']))
}

/// Marks the signature at the end of each stretch of new lines from `start` on.
pub(super) fn mark(lines: &mut [Line<'_>], start: usize) {
    let mut at = start;
    while at < lines.len() {
        let length = lines.iter().skip(at).take_while(|line| line.cut != Some(CutReason::Quote)).count();
        if length > 0 {
            mark_stretch(lines, at, at + length);
        }
        at += length.max(1);
    }
}

fn mark_stretch(lines: &mut [Line<'_>], from: usize, to: usize) {
    // Client lines first: what stands above them is then the end.
    let tail = to.saturating_sub(MAX_BLOCK * 2).max(from);
    for line in lines.iter_mut().take(to).skip(tail) {
        let client =
            line.text.len() <= 160 && CLIENT_LINES.iter().any(|start| line.folded.starts_with(start));
        if line.is_new() && client && line.words() <= 14 {
            line.cut = Some(CutReason::Signature);
        }
    }
    let new: Vec<usize> = (from..to)
        .filter(|at| lines.get(*at).is_some_and(|line| line.cut.is_none() && !line.quoted))
        .collect();
    let Some(first) = signature_start(lines, &new) else { return };
    for at in new.into_iter().skip(first) {
        if let Some(line) = lines.get_mut(at) {
            line.cut = Some(CutReason::Signature);
        }
    }
}

/// Where the signature starts, as a place in `new`.
fn signature_start(lines: &[Line<'_>], new: &[usize]) -> Option<usize> {
    let line = |place: usize| new.get(place).and_then(|at| lines.get(*at));
    let window = new.len().saturating_sub(MAX_BLOCK * 2 + 8);
    // RFC 3676: two dashes and a space; the space is often lost.
    let dashes = (window..new.len()).find(|place| line(*place).is_some_and(|line| line.text.trim() == "--"));
    // Thanks with nothing above them are what the mail has to say.
    let said = new.iter().position(|at| lines.get(*at).is_some_and(|line| !is_formula(&line.folded)));
    let closing = (window..new.len()).find(|place| {
        line(*place).is_some_and(|line| is_closing(line) && (Some(*place) != said || !is_thanks(line)))
            && new.len() - place <= MAX_BLOCK + 1
            && (place + 1..new.len()).all(|after| line(after).is_some_and(is_block_line))
    });
    let start = match (dashes, closing) {
        (Some(dashes), Some(closing)) => Some(dashes.min(closing)),
        (found, None) | (None, found) => found,
    };
    let end = start.unwrap_or(new.len());
    if dashes.is_some() && start == dashes {
        // The closing formula above the dashes belongs to the signature.
        let above = (end.saturating_sub(4)..end).find(|place| {
            line(*place).is_some_and(is_closing)
                && (place + 1..end).all(|after| line(after).is_some_and(is_block_line))
        });
        return above.or(start);
    }
    start.or_else(|| contact_block(lines, new))
}

/// Whether a line ends a letter: « Cordialement, », « Merci et bonne journée ! ».
fn is_closing(line: &Line<'_>) -> bool {
    let folded = line.folded.trim_end_matches([',', '.', '!', ' ', ';', ':', ')', '-']);
    if line.asks() || line.is_long() {
        return false;
    }
    if POLITE.iter().any(|start| folded.starts_with(start)) {
        return folded.len() <= 260;
    }
    let known = |part: &str| {
        let part = part.trim().trim_end_matches([',', '.', '!', ' ']);
        CLOSINGS.contains(&part) || MORE_CLOSINGS.contains(&part)
    };
    if folded.len() > 90 {
        return false;
    }
    // « Merci pour votre temps », but not « Merci de me répondre ».
    let thanked = ["merci pour ", "merci de ", "merci a ", "merci encore", "thank you for ", "thanks for "]
        .iter()
        .filter_map(|start| folded.strip_prefix(start))
        .any(|rest| {
            ["votre ", "vos ", "ton ", "tout", "l'aide", "l'avance", "your ", "all ", ""]
                .iter()
                .any(|next| if next.is_empty() { rest.is_empty() } else { rest.starts_with(next) })
        });
    if thanked && line.words() <= 8 {
        return true;
    }
    // « Merci de votre aide et bonne journée », « Merci, bonne journée »
    known(folded)
        || [" et ", ", ", ". ", "! ", " and ", " - "].iter().any(|between| {
            folded
                .split_once(between)
                .is_some_and(|(one, other)| known(one) && known(other.trim_start_matches('!')))
        })
}

fn is_thanks(line: &Line<'_>) -> bool {
    ["merci", "un grand merci", "mille merci", "thank", "many thanks"]
        .iter()
        .any(|start| line.folded.starts_with(start))
}

/// Whether a line can stand in a signature: short, no question, no sentence.
fn is_block_line(line: &Line<'_>) -> bool {
    let text = line.text.trim();
    if line.asks() || text.chars().count() > MAX_BLOCK_LINE {
        return false;
    }
    if text.starts_with("PS")
        || text.starts_with("P.-S.")
        || text.starts_with("P.S.")
        || text.starts_with("P. S.")
    {
        return false;
    }
    let sentence = text.ends_with(['.', '!', ';', ':']) && line.words() >= 7 && !has_contact(line);
    !sentence && !["- ", "• ", "* ", "1. "].iter().any(|bullet| text.starts_with(bullet))
}

/// A telephone number, an address of any kind, a postal code.
fn has_contact(line: &Line<'_>) -> bool {
    let folded = &line.folded;
    let digits = line.text.bytes().filter(u8::is_ascii_digit).count();
    (10..=24).contains(&digits)
        || (folded.contains('@') && line.words() <= 6)
        || ["http://", "https://", "www."].iter().any(|start| folded.contains(start)) && line.words() <= 4
        || ["tel.", "tel:", "telephone", "telec", "poste ", "cell", "phone", "fax", "mobile:"]
            .iter()
            .any(|word| folded.contains(word))
            && digits >= 3
        || has_postal_code(line.text)
}

/// `G1R 5M8`
fn has_postal_code(text: &str) -> bool {
    let shape: Vec<char> = text
        .chars()
        .take(300)
        .filter(|c| *c != ' ' && *c != '\u{A0}')
        .map(|c| {
            if c.is_ascii_uppercase() {
                'A'
            } else if c.is_ascii_digit() {
                '9'
            } else {
                '.'
            }
        })
        .collect();
    shape.windows(6).any(|six| six == ['A', '9', 'A', '9', 'A', '9'])
}

/// A block of name, title and contact at the end without a closing formula above it.
fn contact_block(lines: &[Line<'_>], new: &[usize]) -> Option<usize> {
    let line = |place: usize| new.get(place).and_then(|at| lines.get(*at));
    let lowest = new.len().saturating_sub(MAX_BLOCK);
    let mut found = None;
    let mut contact = false;
    for place in (lowest..new.len()).rev() {
        let line = line(place)?;
        if !is_block_line(line) {
            break;
        }
        contact |= has_contact(line);
        // A block begins behind a blank line, with a name, and never is the whole text.
        if contact && line.gap && place > 0 && is_name(line.text) {
            found = Some(place);
        }
    }
    found
}

/// « Jean-François Untel-Roy, ing. »: two to five words, each with a capital.
fn is_name(text: &str) -> bool {
    let name = text.split([',', '|', '(']).next().unwrap_or(text).trim().trim_matches('*');
    let words: Vec<&str> = name.split_whitespace().collect();
    (2..=5).contains(&words.len())
        && !name.ends_with(['.', '!', ':', ';'])
        && words.iter().all(|word| {
            matches!(*word, "de" | "du" | "la" | "le" | "des" | "d'" | "van" | "von")
                || word.starts_with(char::is_uppercase)
                    && word.chars().all(|c| c.is_alphabetic() || "-'’.".contains(c))
        })
}

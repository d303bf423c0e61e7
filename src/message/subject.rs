//! Subjects: shown clean, and reduced to what the thread is about.

use super::newest::fold;
use super::{charset, words};

/// Characters of a subject that are kept.
const MAX_SUBJECT: usize = 500;

/// What stands before the colon of a subject that answers, forwards or marks: folded.
const PREFIXES: [&str; 23] = [
    "re",
    "rep",
    "reponse",
    "ref",
    "tr",
    "transf",
    "transfert",
    "transfere",
    "fw",
    "fwd",
    "aw",
    "wg",
    "sv",
    "reponse automatique",
    "automatic reply",
    "absence du bureau",
    "out of office",
    "auto",
    "lu",
    "read",
    "non remis",
    "undeliverable",
    "accuse de reception",
];
/// Marks in brackets that gateways put in front.
const MARKS: [&str; 10] = [
    "externe",
    "external",
    "ext",
    "exterieur",
    "courriel externe",
    "external email",
    "spam",
    "spam?",
    "non securise",
    "attention externe",
];

/// The subject as shown: decoded, on one line, at most 500 characters.
pub(super) fn subject(value: &str) -> (String, bool) {
    let (text, repaired) = words::decode(value, str::to_owned);
    (charset::one_line(&text, MAX_SUBJECT), repaired)
}

/// The base subject: without RE:, TR:, Rép:, `[EXTERNE]` and the like, however many there are.
///
/// `format!("RE: {}", thread_subject(s))` never piles up.
///
/// At most 490 characters, so that a prefix still fits into what a subject may hold.
#[must_use]
pub fn thread_subject(subject: &str) -> String {
    let clean = charset::one_line(subject, MAX_SUBJECT * 2);
    let mut rest = clean.as_str();
    while let Some(shorter) = without_prefix(rest) {
        rest = shorter;
    }
    let end = rest.trim_start().char_indices().nth(MAX_SUBJECT - 10).map(|(at, _)| at);
    let mut base = rest.trim_start().get(..end.unwrap_or(rest.trim_start().len())).unwrap_or(rest).trim_end();
    // Some clients put the mark of a forward behind: « … (tr) », "… (fwd)".
    while let Some(shorter) = ["(fwd)", "(tr)", "(fw)"].iter().find_map(|mark| {
        let (before, tail) = base.split_at_checked(base.len().checked_sub(mark.len())?)?;
        tail.eq_ignore_ascii_case(mark).then_some(before)
    }) {
        base = shorter.trim_end();
    }
    base.to_owned()
}

/// Where the words of a subject come from, by its first prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectOrigin {
    /// Whoever wrote the message wrote them.
    Own,
    /// The message that is answered (`RE:`).
    Answered,
    /// The message that is passed on (`TR:`, `Fwd:`).
    Forwarded,
}

/// Tells by the first prefix where the words of a subject come from.
#[must_use]
pub fn subject_origin(subject: &str) -> SubjectOrigin {
    let mut rest = subject.trim();
    while let Some(inner) = mark(rest) {
        rest = inner;
    }
    let Some((name, _)) = named(rest) else { return SubjectOrigin::Own };
    match name.as_str() {
        "tr" | "fw" | "fwd" | "transf" | "transfert" | "transfere" | "wg" => SubjectOrigin::Forwarded,
        name if PREFIXES.contains(&name) => SubjectOrigin::Answered,
        _ => SubjectOrigin::Own,
    }
}

fn mark(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let (name, after) = match text.strip_prefix('[') {
        Some(inner) => inner.split_once(']')?,
        None => text.strip_prefix('(')?.split_once(')')?,
    };
    (name.len() <= 40 && MARKS.contains(&fold(name).trim_matches([' ', '*', '!']))).then_some(after)
}

fn without_prefix(text: &str) -> Option<&str> {
    let text = text.trim_start();
    if let Some(after) = mark(text) {
        return Some(after);
    }
    let (name, after) = named(text)?;
    (PREFIXES.contains(&name.as_str()) || MARKS.contains(&name.as_str())).then_some(after)
}

/// What stands before the first colon, folded and without its count, and what stands behind.
fn named(text: &str) -> Option<(String, &str)> {
    let (prefix, after) = text.split_once(':')?;
    if prefix.len() > 40 {
        return None;
    }
    let folded = fold(prefix);
    let name = folded.trim_end_matches('.');
    // « RE[2]: » and « RE(3): » count answers.
    let name = name.split_once(['[', '(']).map_or(name, |(name, count)| {
        if count.trim_end_matches([']', ')']).bytes().all(|b| b.is_ascii_digit()) {
            name
        } else {
            folded.as_str()
        }
    });
    Some((name.trim().trim_end_matches('.').to_owned(), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_come_off_and_do_not_pile_up() {
        for (given, base) in [
            ("RE: Question", "Question"),
            ("Re : RE: TR : Question", "Question"),
            ("RE\u{a0}: RE\u{202f}: Rép\u{a0}: Réf. : Question", "Question"),
            ("[EXTERNE] RE: [EXTERNE] Question", "Question"),
            ("RE: [EXTERNE] TR: Fwd: Transf. : Question", "Question"),
            ("Réponse automatique : RE: Question", "Question"),
            ("RE[2]: Question", "Question"),
            ("*EXT* Question", "*EXT* Question"),
            ("[Projet] RE: Question", "[Projet] RE: Question"),
            ("Suspension : question", "Suspension : question"),
            ("Rémunération: question", "Rémunération: question"),
            ("RE:", ""),
            ("", ""),
        ] {
            assert_eq!(thread_subject(given), base, "{given}");
            assert_eq!(thread_subject(&format!("RE: {}", thread_subject(given))), base);
        }
    }

    /// Found by fuzzing: « RE: » in front of a base as long as a subject cut its end off.
    #[test]
    fn a_long_base_leaves_room_for_its_prefix() {
        let base = thread_subject(&"mot ".repeat(300));
        assert!(base.chars().count() <= 490);
        assert_eq!(thread_subject(&format!("RE: {base}")), base);
        assert_eq!(thread_subject("RE: Question (TR) (fwd)"), "Question");
    }

    #[test]
    fn the_first_prefix_tells_whose_words_a_subject_has() {
        for (given, origin) in [
            ("TR : Question", SubjectOrigin::Forwarded),
            ("[EXTERNE] Fwd: x", SubjectOrigin::Forwarded),
            ("FW: RE: x", SubjectOrigin::Forwarded),
            ("RE: TR: Question", SubjectOrigin::Answered),
            ("Rép. : Question", SubjectOrigin::Answered),
            ("[EXTERNE] RE[2]: Question", SubjectOrigin::Answered),
            ("Trottoirs: x", SubjectOrigin::Own),
            ("[EXTERNE] Question", SubjectOrigin::Own),
            ("Regards", SubjectOrigin::Own),
            ("", SubjectOrigin::Own),
        ] {
            assert_eq!(subject_origin(given), origin, "{given}");
        }
    }

    #[test]
    fn a_subject_stays_on_its_line() {
        let (text, _) = subject("=?utf-8?Q?Question=0D=0ABcc:_a@b?=\u{202E}");
        assert_eq!(text, "Question Bcc: a@b");
        assert_eq!(subject(&"é".repeat(2_000)).0.chars().count(), 500);
    }
}

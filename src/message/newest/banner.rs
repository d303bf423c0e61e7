//! The "external mail" warnings that gateways put into a message.
//!
//! They stand above the text, in the middle of it, or in two pieces with the second one
//! behind the signature, so each line is looked at for itself.

use super::line::{Line, fold};
use crate::message::CutReason;

/// Lines that one banner may take.
const MAX_LINES: usize = 8;

/// How banners begin; folded, without the marks in front.
const OPENINGS: [&str; 24] = [
    "attention: ce courriel provient",
    "attention: courriel externe",
    "attention: ce courriel est externe",
    "attention: ce message provient",
    "attention! ce courriel provient",
    "attention ! ce courriel provient",
    "avertissement: ce courriel provient",
    "avertissement: courriel externe",
    "mise en garde: ce courriel provient",
    "mise en garde: courriel externe",
    "courriel externe:",
    "ce courriel provient de l'exterieur",
    "ce courriel provient d'une source externe",
    "ce courriel provient d'un expediteur externe",
    "ce message provient de l'exterieur",
    "ce message provient d'un expediteur externe",
    "caution: this email originated",
    "caution: this e-mail originated",
    "caution: external",
    "warning: this email originated",
    "warning: external",
    "external email:",
    "this email originated from outside",
    "this message originated from outside",
];

/// Whole lines that are banners by themselves.
const MARKS: [&str; 12] = [
    "[externe]",
    "[external]",
    "[ext]",
    "externe",
    "external",
    "courriel externe",
    "external email",
    "external sender",
    "expediteur externe",
    "[courriel externe]",
    "[external email]",
    "caution",
];

/// The warnings of one's own gateways, where they are none of the usual ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Banners(Vec<String>);

impl Banners {
    /// Takes the phrases by which they are known; case, accents and blanks do not count.
    #[must_use]
    pub fn new(phrases: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let folded = phrases.into_iter().map(|phrase| fold(phrase.as_ref().trim()));
        Self(folded.filter(|phrase| !phrase.is_empty()).collect())
    }

    fn stand_in(&self, folded: &str) -> bool {
        self.0.iter().any(|phrase| folded.contains(phrase))
    }
}

pub(super) fn mark(lines: &mut [Line<'_>], own: &Banners) {
    let mut opened = false;
    let mut at = 0;
    // What each line says, once: the rules below look at a line from several sides.
    let said: Vec<usize> =
        lines.iter().map(|line| if line.quoted { 0 } else { advice(&line.folded) }).collect();
    while at < lines.len() {
        let (rest, said) = (lines.get(at..).unwrap_or_default(), said.get(at..).unwrap_or_default());
        let length = banner_length(rest, said, opened, own);
        opened |= length > 0;
        for line in lines.iter_mut().skip(at).take(length) {
            line.cut = Some(CutReason::Banner);
        }
        at += length.max(1);
    }
}

/// How many lines of a banner start here. `opened`: its beginning stood further above.
fn banner_length(lines: &[Line<'_>], said: &[usize], opened: bool, own: &Banners) -> usize {
    let Some(first) = lines.first().filter(|line| !line.quoted && !line.is_long()) else { return 0 };
    let text = bare(&first.folded);
    if first.text.len() <= 40 && (MARKS.contains(&first.folded.as_str()) || MARKS.contains(&text)) {
        return 1;
    }
    if own.stand_in(&first.folded) {
        return whole_length(lines, said);
    }
    if OPENINGS.iter().any(|opening| text.starts_with(opening)) && !text.contains('?') {
        return whole_length(lines, said);
    }
    // Cheap refusal first: few lines hold any of this.
    let says = |nth: usize| said.get(nth).copied().unwrap_or_default();
    if says(0) == 0 {
        return 0;
    }
    let run = lines
        .iter()
        .take(MAX_LINES)
        .enumerate()
        .take_while(|(nth, line)| {
            let goes_on = !line.gap && !ends_sentence(lines.get(nth.wrapping_sub(1)));
            !line.quoted && (*nth == 0 || (says(*nth) > 0 && !line.gap) || goes_on)
        })
        .count();
    let run_text: String =
        lines.iter().take(run).map(|line| line.folded.as_str()).collect::<Vec<_>>().join(" ");
    let needed = if opened { 2 } else { 3 };
    if run_text.len() <= 700 && !run_text.contains('?') && advice(&run_text) >= needed { run } else { 0 }
}

/// The lines of a banner whose first line begins as one.
fn whole_length(lines: &[Line<'_>], said: &[usize]) -> usize {
    let mut length = 1;
    for (nth, line) in lines.iter().enumerate().take(MAX_LINES).skip(1) {
        let goes_on = !ends_sentence(lines.get(nth - 1)) && !is_greeting(&line.folded);
        // A second sentence on its own line or in its own paragraph must speak as one.
        let speaks = said.get(nth).copied().unwrap_or_default() >= if line.gap { 2 } else { 1 };
        let taken = !line.quoted
            && !line.is_long()
            && !line.folded.contains('?')
            && (speaks || (goes_on && !line.gap && advice_near(lines, said, nth)));
        if !taken {
            break;
        }
        length = nth + 1;
    }
    length
}

/// Whether this line or the next still speaks as a banner: text wrapped in its middle.
fn advice_near(lines: &[Line<'_>], said: &[usize], nth: usize) -> bool {
    said.iter().skip(nth).take(2).any(|said| *said > 0)
        || lines
            .get(nth)
            .is_some_and(|line| line.text.trim_end().ends_with(['*', '.', ']']) && line.words() <= 8)
}

fn is_greeting(folded: &str) -> bool {
    ["bonjour", "bonsoir", "allo", "salut", "hello", "hi ", "hi,", "dear", "madame", "monsieur"]
        .iter()
        .any(|greeting| folded.starts_with(greeting))
}

fn ends_sentence(line: Option<&Line<'_>>) -> bool {
    line.is_none_or(|line| line.text.ends_with(['.', '!', '*', ']', '?', ':', ';']))
}

/// Without stars, brackets, dashes and signs in front.
fn bare(folded: &str) -> &str {
    let start = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
    for mark in ["externe] ", "external] ", "ext] "] {
        if let Some(rest) = start.strip_prefix(mark) {
            return rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        }
    }
    start
}

/// How many of the things that such warnings say are said here.
fn advice(folded: &str) -> usize {
    // Shorter lines say none of it, and there may be a great many of them.
    if folded.len() < 10 {
        return 0;
    }
    let has = |word: &str| folded.contains(word);
    [
        has("cliqu") && (has("lien") || has("sur les") || has("aucun") || has("pas")),
        has("piece jointe") || has("pieces jointes") || has("fichiers joints"),
        has("expediteur")
            && (has("connai") || has("reconn") || has("confiance") || has("sur") || has("verifi")),
        has("provient de l'exterieur") || has("l'exterieur de votre organisation") || has("source externe"),
        has("contenu est sur") || has("contenu est securitaire") || has("contenu est legitime"),
        has("soyez vigilant") || has("faites preuve de prudence") || has("faites preuve de vigilance"),
        has("hameconnage") || has("phishing"),
        has("renseignements personnels ou") || has("informations confidentielles") || has("mot de passe"),
        has("click") && (has("link") || has("do not") || has("on")),
        has("open") && has("attachment"),
        has("sender") && (has("recogni") || has("know") || has("trust") || has("verif")),
        has("originated from outside") || has("outside of the organi") || has("outside your organi"),
        has("content is safe") || has("exercise caution") || has("use caution"),
    ]
    .into_iter()
    .filter(|said| *said)
    .count()
}

//! Legal notices and pleas not to print: paragraphs that mail systems add below what was
//! written.

use super::line::Line;
use crate::message::CutReason;

/// Marks legal notices, paragraph by paragraph.
pub(super) fn mark(lines: &mut [Line<'_>], start: usize) {
    let mut at = start;
    while at < lines.len() {
        let length = 1 + lines
            .iter()
            .skip(at + 1)
            .take(40)
            .take_while(|line| !line.gap && line.is_new() && !is_rule(line.text))
            .count();
        let paragraph = lines.get(at..at + length).unwrap_or_default();
        // A notice may stand right under the signature, without a blank line.
        let inside = paragraph
            .iter()
            .skip(1)
            .position(|line| opens_footer(&line.folded))
            .map(|nth| nth + 1)
            .filter(|nth| is_footer(paragraph.get(*nth..).unwrap_or_default()));
        let from = inside.or_else(|| is_footer(paragraph).then_some(0));
        if let Some(from) = from.filter(|_| lines.get(at).is_some_and(Line::is_new)) {
            for line in lines.iter_mut().take(at + length).skip(at + from) {
                line.cut = Some(CutReason::Footer);
            }
        }
        at += length;
    }
}

fn is_rule(text: &str) -> bool {
    text.len() >= 3 && text.chars().all(|c| matches!(c, '_' | '-' | '=' | '*' | '─'))
}

/// What a notice begins with that is one whatever follows.
const FOOTERS: [&str; 11] = [
    "avis de confidentialite",
    "mise en garde: ce courriel et",
    "confidentiality notice",
    "avis important: ce",
    "avertissement de confidentialite",
    "devez-vous vraiment imprimer",
    "pensez a l'environnement",
    "avant d'imprimer",
    "please consider the environment",
    "think before you print",
    "priere de penser a l'environnement",
];

/// What a notice may begin with; the rest must speak like one.
const FOOTER_OPENINGS: [&str; 22] = [
    "ce courriel",
    "ce message",
    "le present courriel",
    "le present message",
    "ce courrier electronique",
    "l'information contenue",
    "l'information apparaissant",
    "l'information transmise",
    "les informations contenues",
    "les renseignements contenus",
    "le contenu de ce courriel",
    "si vous n'etes pas le destinataire",
    "si vous avez recu ce",
    "si ce courriel vous est parvenu",
    "this e-mail",
    "this email",
    "this message",
    "this communication",
    "the information contained in",
    "the contents of this",
    "if you are not the intended",
    "if you have received this",
];

fn opens_footer(folded: &str) -> bool {
    let text = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
    FOOTERS.iter().chain(&FOOTER_OPENINGS).any(|opening| text.starts_with(opening))
}

/// Whether a paragraph is a confidentiality notice or asks not to print.
fn is_footer(paragraph: &[Line<'_>]) -> bool {
    let text = paragraph.iter().map(|line| line.folded.as_str()).collect::<Vec<_>>().join(" ");
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    if FOOTERS.iter().any(|opening| text.starts_with(opening)) {
        return text.len() <= 2_000;
    }
    if text.contains('?') || text.split(' ').take(11).count() < 10 {
        return false;
    }
    let says = |words: &[&str]| usize::from(words.iter().any(|word| text.contains(word)));
    let features = says(&["confidenti", "privilegi", "privileged", "secret professionnel"])
        + says(&["destinataire", "intended", "addressee", "recipient"])
        + says(&["par erreur", "in error", "by mistake"])
        + says(&["detruire", "supprimer", "delete", "destroy"])
        + says(&["interdit", "prohibited", "strictement", "strictly"])
        + says(&["aviser", "notify", "informer l'expediteur"])
        + says(&["peut contenir", "peuvent contenir", "may contain", "au sens de la loi"]);
    features >= if opens_footer(text) { 2 } else { 3 }
}

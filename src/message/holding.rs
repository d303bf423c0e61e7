//! A *message d'attente*: « bien reçu, on vous revient ». It says that the answer will come, and is none.

use super::Message;
use regex::Regex;
use std::sync::LazyLock;

/// Words of a message that may only say that the answer will come; a longer one says more.
const LONGEST: usize = 60;

/// That the answer comes later, in both languages.
static PROMISE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let phrases = [
        r"\b(vous|te) (reviens|revient|reviendrons|reviendrai|reviendra|revenons)\b",
        r"\b(retour|réponse) (vous parviendra|suivra|sous peu|prochainement|dans les (meilleurs|plus brefs) délais)",
        r"\b(répondrons|répondrai|répondra|écrirons) (dès que|sous peu|prochainement|dans les|plus tard|d’ici|d'ici)",
        r"\b(donnerons|donnerai|ferons|ferai) suite\b",
        r"\b(traitons|étudions|analysons|analyserons|vérifions) (actuellement |présentement )?votre (demande|question|message)",
        r"\b(get|be|come) back to you\b",
        r"\bwill (reply|answer|respond|follow up)\b",
        r"\bare (looking|checking) into\b",
    ];
    Regex::new(&format!("(?i){}", phrases.join("|"))).ok()
});

/// Whether a message of ours says only that the answer will come.
#[must_use]
pub fn is_holding(message: &Message) -> bool {
    let text = &message.newest.text;
    text.split_whitespace().count() <= LONGEST
        && message.attachments.is_empty()
        && PROMISE.as_ref().is_some_and(|promise| promise.is_match(text))
}

#[cfg(test)]
mod tests {
    use crate::message::{Banners, read};

    fn is_holding(text: &str) -> bool {
        let raw = format!("From: b@m.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}");
        super::is_holding(&read(raw.as_bytes(), &Banners::default()))
    }

    #[test]
    fn what_only_promises_an_answer_is_none() {
        assert!(is_holding("Bonjour,\n\nBien reçu, on vous revient.\n\nMarie"));
        assert!(is_holding("Nous accusons réception de votre message et vous reviendrons sous peu."));
        assert!(is_holding("Thank you, we will get back to you next week."));
        assert!(!is_holding("Bonjour,\n\nLa suspension s’applique jusqu’à nouvel ordre.\n\nMarie"));
        assert!(!is_holding("Bien reçu, merci."));
        let long = "La suspension s’applique à votre organisme, et voici pourquoi. ".repeat(8);
        assert!(!is_holding(&format!("{long} Nous vous reviendrons sur le second point.")));
    }
}

//! The subject of an answer: `RE:` and what the question's subject is about.

use super::clean;

/// Prefixes that mail programs put before a subject, without accents, in lower case.
const PREFIXES: &[&str] = &[
    "re",
    "rep",
    "ref",
    "reponse",
    "reponse automatique",
    "automatic reply",
    "fw",
    "fwd",
    "tr",
    "trans",
    "transf",
    "transfere",
    "transfert",
    "aw",
    "wg",
    "sv",
    "vs",
    "rv",
];

/// Tags that gateways put before a subject.
const TAGS: &[&str] =
    &["externe", "external", "ext", "courriel externe", "external email", "external mail", "spam"];

/// `RE: ` and the base of `subject`, as one clean line of at most 250 characters.
///
/// The prefix never piles up, whatever program, language or gateway wrote it before:
/// `TR : [EXTERNE] RE[2] : Licences` gives `RE: Licences`. `otherwise` is the base
/// where the question has none.
#[must_use]
pub fn reply_subject(subject: &str, otherwise: &str) -> String {
    let cleaned = clean::line(subject, clean::LONGEST_SUBJECT);
    let base = match base(&cleaned) {
        "" => otherwise,
        base => base,
    };
    clean::line(&format!("RE: {base}"), clean::LONGEST_SUBJECT)
}

fn base(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some(shorter) = without_tag(rest).or_else(|| without_prefix(rest)) {
        rest = shorter.trim_start();
    }
    rest
}

fn without_tag(subject: &str) -> Option<&str> {
    let (open, close) = match subject.chars().next()? {
        '[' => ('[', ']'),
        '(' => ('(', ')'),
        '*' => ('*', '*'),
        _ => return None,
    };
    let inner = subject.trim_start_matches(open);
    let (tag, rest) = inner.split_once(close)?;
    TAGS.contains(&plain(tag).trim()).then(|| rest.trim_start_matches(close))
}

fn without_prefix(subject: &str) -> Option<&str> {
    let (before, rest) = subject.split_once([':', '：'])?;
    let before = before.trim_end();
    // Counters: RE[2]:, RE (3):, RE^2:.
    let before = before
        .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')' | '^'))
        .trim_end()
        .trim_end_matches('.');
    PREFIXES.contains(&plain(before).as_str()).then_some(rest)
}

/// Lower case without the accents that these few words can have.
fn plain(word: &str) -> String {
    word.chars()
        .flat_map(char::to_lowercase)
        .filter(|c| *c != '\u{0301}')
        .map(|c| match c {
            'é' | 'è' | 'ê' => 'e',
            '\u{00A0}' | '\u{202F}' => ' ',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_prefix_never_piles_up() {
        for subject in [
            "Licences Copilot",
            "RE: Licences Copilot",
            "Re : Licences Copilot",
            "RE\u{00A0}: Licences Copilot",
            "RE\u{202F}: re: Licences Copilot",
            "RÉ: Licences Copilot",
            "Rép. : Licences Copilot",
            "Réf : Licences Copilot",
            "Re\u{301}p : Licences Copilot",
            "TR : Licences Copilot",
            "Transf. : RE : Licences Copilot",
            "Fwd: FW: Licences Copilot",
            "[EXTERNE] RE: Licences Copilot",
            "RE: [EXTERNE] Licences Copilot",
            "[Courriel externe] Licences Copilot",
            "*EXTERNAL* Licences Copilot",
            "RE[2]: Licences Copilot",
            "RE (3) : Licences Copilot",
            "Réponse automatique : Licences Copilot",
            "AW: WG: Licences Copilot",
            "RE： Licences Copilot",
        ] {
            assert_eq!(reply_subject(subject, "Votre question"), "RE: Licences Copilot", "{subject}");
        }
    }

    #[test]
    fn words_of_the_subject_stay() {
        assert_eq!(reply_subject("Référence : dossier 12", ""), "RE: Référence : dossier 12");
        assert_eq!(reply_subject("[Cégep] Question : IA", ""), "RE: [Cégep] Question : IA");
        assert_eq!(reply_subject("Retour: prévu", ""), "RE: Retour: prévu");
        assert_eq!(reply_subject("10:30", ""), "RE: 10:30");
    }

    #[test]
    fn an_empty_subject_takes_the_other_one() {
        assert_eq!(reply_subject("", "Votre question"), "RE: Votre question");
        assert_eq!(reply_subject("RE: TR :\u{00A0}", "Votre question"), "RE: Votre question");
        assert_eq!(reply_subject("", ""), "RE:");
    }

    #[test]
    fn a_second_header_in_the_subject_becomes_words() {
        assert_eq!(reply_subject("IA\r\nBcc: x@y.example\r\n\r\n<b>", ""), "RE: IA Bcc: x@y.example <b>");
        assert_eq!(reply_subject(&"é".repeat(5_000), "").chars().count(), 250);
    }

    proptest! {
        #[test]
        fn answering_an_answer_changes_nothing(subject in any::<String>(), prefixed in "(RE|Re|TR|Fwd) ?: ?.{0,300}") {
            for subject in [subject, prefixed] {
                let once = reply_subject(&subject, "Votre question");
                prop_assert_eq!(reply_subject(&once, "Votre question"), once.clone());
                prop_assert!(once.chars().count() <= 250);
                prop_assert!(!once.chars().any(char::is_control));
            }
        }
    }
}

//! A mail's text → sentences, and which of them ask for something.

use super::phrases::{ABBREVIATIONS, CLOSINGS, CUES, GREETINGS, HANDED_OVER, NO_REQUESTS, OPENERS};
use super::words::plain;

/// More sentences than this are not read: nobody asks after so many.
pub(super) const MOST_SENTENCES: usize = 80;
/// More text than this is not read, in bytes.
const MOST_TEXT: usize = 24_000;
/// A line that is longer than this is taken to be wrapped if it has no end. Characters.
const WRAPPED: usize = 60;
/// So is a shorter one that had no room for the next word, where lines are at least so long. Characters.
const NARROWEST: usize = 45;

/// How clearly a sentence asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Request {
    /// It tells.
    No,
    /// It asks by its words: « pourriez-vous », "I would like to know".
    Cue,
    /// It ends with a question mark.
    Mark,
}

/// One sentence of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    /// Trimmed, on one line.
    pub text: String,
    /// How clearly it asks.
    pub request: Request,
}

impl Sentence {
    pub fn of(text: &str) -> Self {
        Self { text: text.to_owned(), request: request(text) }
    }
}

/// Whether a sentence of the text asks.
pub(super) fn bears_a_sign(text: &str) -> bool {
    sentences(text).iter().any(|sentence| sentence.request != Request::No)
}

/// The sentences of the text, without greeting and without what follows the closing words.
pub(super) fn sentences(text: &str) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    for paragraph in paragraphs(text) {
        for sentence in split(&paragraph) {
            if sentences.len() == MOST_SENTENCES {
                return sentences;
            }
            sentences.push(Sentence::of(&sentence));
        }
    }
    sentences
}

/// Lines, joined where a mail program wrapped them.
fn paragraphs(text: &str) -> Vec<String> {
    let end = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= MOST_TEXT).last();
    let text = text.get(..end.unwrap_or_default()).unwrap_or_default();
    let mut paragraphs: Vec<String> = Vec::new();
    let mut open = false;
    let mut any = false;
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    // Thanks that stand before a request close nothing.
    let asked = lines.iter().rposition(|line| request(line) != Request::No);
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or_default();
    for (number, line) in lines.iter().copied().enumerate() {
        if line.is_empty() {
            open = false;
            continue;
        }
        if any && asked.is_none_or(|asked| number > asked) && is_closing(line) {
            break;
        }
        if is_greeting(line) && !any {
            continue;
        }
        any = true;
        let item = line.trim_start_matches(['-', '–', '—', '•', '*', '·', '>', ' ', '\u{a0}']);
        let numbered = item.split_once([')', '.']).filter(|(number, rest)| {
            number.len() <= 2
                && !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_alphanumeric())
                && rest.starts_with(' ')
        });
        let content = numbered.map_or(item, |(_, rest)| rest).trim();
        let starts_new = item.len() < line.len() || numbered.is_some();
        match paragraphs.last_mut() {
            Some(last) if open && !starts_new => {
                last.push(' ');
                last.push_str(content);
            }
            _ => paragraphs.push(content.to_owned()),
        }
        let next = lines.get(number + 1).and_then(|next| next.split_whitespace().next());
        let length = line.chars().count();
        let full = width >= NARROWEST && next.is_some_and(|word| length + 1 + word.chars().count() > width);
        open = (length > WRAPPED && !line.ends_with(':') || full) && !line.ends_with(['.', '?', '!', ';']);
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// Cuts after `.`, `?`, `!`, `…` before a blank, but not after an abbreviation.
fn split(paragraph: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut current = String::new();
    let mut chars = paragraph.chars().peekable();
    while let Some(c) = chars.next() {
        current.push(c);
        let ends = match c {
            '?' | '!' | '…' => true,
            '.' => !ends_in_abbreviation(&current),
            _ => false,
        };
        if ends && chars.peek().is_none_or(|next| next.is_whitespace()) {
            push(&mut sentences, &mut current);
        }
    }
    push(&mut sentences, &mut current);
    sentences
}

fn push(sentences: &mut Vec<String>, current: &mut String) {
    let sentence = current.split_whitespace().collect::<Vec<_>>().join(" ");
    current.clear();
    // A question mark that stands alone, after a blank that French puts before it.
    if sentence.chars().any(char::is_alphanumeric) {
        sentences.push(sentence);
    } else if sentence.contains('?')
        && let Some(last) = sentences.last_mut()
    {
        last.push_str(" ?");
    }
}

fn ends_in_abbreviation(text: &str) -> bool {
    let word = text.trim_end_matches('.').rsplit(|c: char| c.is_whitespace() || "('’".contains(c)).next();
    let word = plain(word.unwrap_or_default());
    word.chars().count() == 1 || ABBREVIATIONS.split(' ').any(|known| known == word)
}

fn is_greeting(line: &str) -> bool {
    let spaced = spaced(line);
    spaced.split_whitespace().count() <= 6 && !line.contains('?') && GREETINGS.open(&spaced)
}

/// Words that close a letter and stand on a line of their own: after them come names.
fn is_closing(line: &str) -> bool {
    let spaced = spaced(line);
    // « Merci de nous indiquer… » asks; « merci de votre réponse » does not.
    let asks = spaced.strip_prefix(" merci de ").is_some_and(|rest| {
        let verb =
            rest.split_whitespace().find(|word| !["me", "m", "nous", "bien", "vouloir"].contains(word));
        verb.is_some_and(|verb| {
            ["er", "ir", "re"].iter().any(|end| verb.ends_with(end)) && !["votre", "notre"].contains(&verb)
        })
    });
    spaced.split_whitespace().count() <= 9 && !line.contains('?') && !asks && CLOSINGS.open(&spaced)
}

fn request(sentence: &str) -> Request {
    let spaced = spaced(sentence);
    if NO_REQUESTS.stand_in(&spaced) {
        return Request::No;
    }
    if sentence.contains('?') {
        return Request::Mark;
    }
    let asks =
        CUES.stand_in(&HANDED_OVER.left_out_of(&spaced)) || OPENERS.open(&spaced) || is_inverted(sentence);
    if asks { Request::Cue } else { Request::No }
}

/// « est-il », « devons-nous », « y a-t-on »: a question though its mark is missing.
fn is_inverted(sentence: &str) -> bool {
    sentence.split_whitespace().any(|word| {
        let word = plain(word.trim_matches(|c: char| !c.is_alphanumeric()));
        let Some((verb, subject)) = word.rsplit_once(['-', '\u{2011}']) else { return false };
        ["il", "ils", "elle", "elles", "on", "nous", "vous", "je"].contains(&subject)
            && !["rendez", "chez", "entre", "excusez", "dites", "assurez"].contains(&verb)
    })
}

/// The plain words with one blank before, between and after them.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + 2);
    spaced.push(' ');
    for c in plain(text).chars() {
        if c.is_alphanumeric() {
            spaced.push(c);
        } else if !spaced.ends_with(' ') {
            spaced.push(' ');
        }
    }
    if !spaced.ends_with(' ') {
        spaced.push(' ');
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        sentences(text).into_iter().map(|sentence| sentence.text).collect()
    }

    #[test]
    fn greeting_closing_and_names_are_no_sentences() {
        let text = "Bonjour Madame,\n\nSommes-nous visés ? Nous avons un projet.\n\nMerci d'avance,\n\nÉva Roy\nConseillère";
        assert_eq!(texts(text), ["Sommes-nous visés ?", "Nous avons un projet."]);
        // Thanks at the beginning do not close.
        let text = "Merci pour la FAQ.\n\nSommes-nous visés ?\n\nMerci\nÉva";
        assert_eq!(texts(text), ["Merci pour la FAQ.", "Sommes-nous visés ?"]);
        // A mail that only thanks keeps its thanks.
        assert_eq!(
            texts("Merci beaucoup pour votre réponse !\n\nÉva"),
            ["Merci beaucoup pour votre réponse !", "Éva"]
        );
    }

    #[test]
    fn wrapped_lines_are_joined_and_list_items_are_not() {
        let text = "Nous voudrions savoir si notre agent conversationnel, mis en service\nen décembre, est visé.\n- Qui décide ?\n2) Jusqu'à quand ?";
        assert_eq!(
            texts(text),
            [
                "Nous voudrions savoir si notre agent conversationnel, mis en service en décembre, est visé.",
                "Qui décide ?",
                "Jusqu'à quand ?"
            ]
        );
    }

    #[test]
    fn abbreviations_and_lone_marks_do_not_cut() {
        assert_eq!(
            texts("Selon l'art. 2 et M. Roy, est-ce permis \u{a0}? Oui."),
            ["Selon l'art. 2 et M. Roy, est-ce permis ?", "Oui."]
        );
    }

    #[test]
    fn requests_are_known_by_mark_words_or_inversion() {
        for (text, expected) in [
            ("Sommes-nous visés ?", Request::Mark),
            ("Pourriez-vous nous éclairer.", Request::Cue),
            ("je voudrais savoir jusqua quand ca dure", Request::Cue),
            ("nos projets sont-ils suspendus", Request::Cue),
            ("We would like to know who decides.", Request::Cue),
            ("N'hésitez pas à nous écrire pour toute question.", Request::No),
            ("Do not hesitate to contact us, would you?", Request::No),
            ("Nous avons pris rendez-vous avec eux.", Request::No),
            ("Nous avons suspendu nos travaux.", Request::No),
            ("Veuillez trouver ci-joint notre dossier.", Request::No),
            ("Please find attached our notice.", Request::No),
            ("Veuillez trouver ci-joint notre projet et nous dire s'il est visé ?", Request::Mark),
            ("Please find our file attached and let us know who decides.", Request::Cue),
        ] {
            assert_eq!(request(text), expected, "{text}");
        }
    }

    #[test]
    fn endless_text_is_read_up_to_a_limit() {
        let text = "Est-ce permis ? ".repeat(100_000);
        assert_eq!(sentences(&text).len(), MOST_SENTENCES);
        assert!(sentences(&"é".repeat(1_000_000)).len() <= 1);
    }
}

//! The question, quoted beneath the answer.

use super::clean;
use crate::message::Message;
use crate::wording::{Language, Wording};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// The longest quoted text. Characters.
pub const LONGEST_QUOTE: usize = 20_000;

/// The quoted question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Who wrote when: `Le 25 mars 2025 à 10 h 06, Marie Roy a écrit :`.
    pub intro: String,
    /// The question's own text, LF line ends, without quote marks.
    pub text: String,
}

/// Quotes what the asker wrote, and nothing that anybody else wrote before.
///
/// `None` for a forward, whose text is somebody else's, and where there is no text or
/// nobody to name.
pub(super) fn quote(question: &Message, language: Language, zone: &TimeZone) -> Option<Quote> {
    if question.newest.forwarded {
        return None;
    }
    let from = question.from.as_ref()?;
    let who = from.name.as_deref().and_then(clean::name);
    let who = who.unwrap_or_else(|| clean::line(&from.email, clean::LONGEST_SUBJECT));
    let text = own_text(&question.newest.text, language);
    if text.is_empty() || who.is_empty() {
        return None;
    }
    let wording = Wording::of(language);
    let intro = match question.date {
        None => wording.with("letter-quote-undated", &[("name", &who)]),
        Some(date) => {
            let at = date.to_zoned_datetime(zone.clone());
            let month = wording.text(&format!("month-{}", at.month()));
            let key = if at.day() == 1 { "letter-date-first" } else { "letter-date" };
            let day = wording.with(key, &[("day", &at.day()), ("month", &month), ("year", &at.year())]);
            let hour12 = match at.hour() % 12 {
                0 => 12,
                hour => hour,
            };
            let half = if at.hour() < 12 { "am" } else { "pm" };
            let key = if at.minute() == 0 { "letter-time-sharp" } else { "letter-time" };
            let minute = format!("{:02}", at.minute());
            let time = wording.with(
                key,
                &[("hour", &at.hour()), ("hour12", &hour12), ("half", &half), ("minute", &minute)],
            );
            wording.with("letter-quote", &[("date", &day), ("time", &time), ("name", &who)])
        }
    };
    Some(Quote { intro, text })
}

fn own_text(newest: &str, language: Language) -> String {
    let cleaned = clean::block(newest);
    // Lines still marked as quoted are what others wrote, even where the cut missed them.
    let own = cleaned.lines().filter(|line| !line.trim_start().starts_with('>')).map(str::trim_end);
    let mut text = String::new();
    let mut empty = 0;
    for line in own {
        // Removed lines and generous mail programs leave holes: one empty line is enough.
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty <= 1 {
            text.push_str(line);
            text.push('\n');
        }
    }
    let text = text.trim_matches('\n');
    match text.char_indices().nth(LONGEST_QUOTE) {
        None => text.to_owned(),
        Some((end, _)) => {
            let kept = text.get(..end).unwrap_or_default();
            format!("{}\n{}", kept.trim_end(), Wording::of(language).text("letter-quote-cut"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{question, toronto};
    use super::*;

    fn intro(at: &str, language: Language) -> String {
        let mut question = question();
        question.date = Some(at.parse().unwrap());
        quote(&question, language, &toronto()).unwrap().intro
    }

    #[test]
    fn the_moment_is_written_as_in_quebec() {
        assert_eq!(
            intro("2025-03-25T14:06:00Z", Language::Fr),
            "Le 25 mars 2025 à 10\u{00A0}h\u{00A0}06, Marie Roy a écrit\u{00A0}:"
        );
        assert_eq!(
            intro("2025-04-01T20:00:00Z", Language::Fr),
            "Le 1er avril 2025 à 16\u{00A0}h, Marie Roy a écrit\u{00A0}:"
        );
        assert_eq!(
            intro("2025-03-25T14:06:00Z", Language::En),
            "On March 25, 2025, at 10:06\u{00A0}a.m., Marie Roy wrote:"
        );
        // 12:30 in the night and at noon, winter time.
        assert_eq!(
            intro("2025-01-15T05:30:00Z", Language::En),
            "On January 15, 2025, at 12:30\u{00A0}a.m., Marie Roy wrote:"
        );
        assert_eq!(
            intro("2025-01-15T17:00:00Z", Language::En),
            "On January 15, 2025, at 12\u{00A0}p.m., Marie Roy wrote:"
        );
    }

    #[test]
    fn without_a_date_the_name_remains() {
        let mut question = question();
        question.date = None;
        question.from.as_mut().unwrap().name = None;
        let quote = quote(&question, Language::Fr, &toronto()).unwrap();
        assert_eq!(quote.intro, "marie.roy@cegep.example a écrit\u{00A0}:");
    }

    #[test]
    fn nothing_that_others_wrote_is_quoted() {
        let mut question = question();
        question.newest.text =
            "Bonjour,\r\n\r\n> Secret du collègue\n  > autre\n\n\n\nMerci\u{202E} !\n".to_owned();
        let made = quote(&question, Language::Fr, &toronto()).unwrap();
        assert_eq!(made.text, "Bonjour,\n\nMerci !");
        question.newest.forwarded = true;
        assert_eq!(quote(&question, Language::Fr, &toronto()), None);
        question.newest.forwarded = false;
        question.newest.text = "> tout cité".to_owned();
        assert_eq!(quote(&question, Language::Fr, &toronto()), None);
    }

    #[test]
    fn a_long_question_is_cut_and_says_so() {
        let mut question = question();
        question.newest.text = "é".repeat(1_000_000);
        let made = quote(&question, Language::Fr, &toronto()).unwrap();
        assert!(made.text.ends_with("é\n[…]"));
        assert_eq!(made.text.chars().count(), LONGEST_QUOTE + 4);
    }
}

//! What somebody looks for: words, phrases in quotes, and filters. Any text is a query; none is an error.

use super::analysis::{self, terms};
use super::index::Fields;
use crate::organisation::Kind;
use crate::thread::State;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::Bound;
use tantivy::Term;
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, Occur, PhraseQuery, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

/// More words than this are not looked for: whoever pastes a whole mail has found it by then.
const MOST_WORDS: usize = 40;

/// Characters of a query that are logged.
const LONGEST_LINE: usize = 500;

/// How much more a word counts in a subject.
const SUBJECT: f32 = 3.0;

/// The quotes that hold a phrase together.
const QUOTES: [(char, char); 3] = [('«', '»'), ('"', '"'), ('“', '”')];

/// What is looked for. Everything said must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Words, and phrases in quotes.
    pub words: String,
    /// Words of the organisation's name, or its domain.
    pub organisation: String,
    /// The sort of body.
    pub kind: Option<Kind>,
    /// An entry that answers it, or is suggested. Its slug.
    pub entry: String,
    /// Where the thread stands.
    pub state: Option<State>,
    /// Who did something in it.
    pub by: String,
    /// A message of it came or left on this day or later, in the calendar's zone.
    pub from: Option<Date>,
    /// A message of it came or left on this day or earlier.
    pub to: Option<Date>,
    /// Whether the newest come first; otherwise those in which the words stand most.
    pub newest_first: bool,
    /// So many hits are passed over.
    pub skip: usize,
}

impl Query {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { newest_first: self.newest_first, skip: self.skip, ..Self::default() }
    }

    /// What was asked for in one line, as it was typed: for the access log.
    #[must_use]
    pub fn typed(&self) -> String {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let filters = [
            ("organisation", self.organisation.clone()),
            ("kind", self.kind.map(|kind| kind.to_string()).unwrap_or_default()),
            ("entry", self.entry.clone()),
            ("state", self.state.map(|state| state.to_string()).unwrap_or_default()),
            ("by", self.by.clone()),
            ("from", day(self.from)),
            ("to", day(self.to)),
        ];
        let filters = filters.into_iter().filter(|(_, value)| !value.is_empty());
        let filters = filters.map(|(name, value)| format!("{name}={value}"));
        let words = Some(self.words.clone()).filter(|words| !words.is_empty());
        let line: Vec<String> = words.into_iter().chain(filters).collect();
        line.join(" ").chars().take(LONGEST_LINE).collect()
    }

    /// Whether there are words to look for, and not filters alone.
    pub(super) fn has_words(&self) -> bool {
        !phrases(&self.words).is_empty()
    }

    /// The terms that are marked in what is shown; what says nothing by itself is not, unless it is all.
    pub(super) fn marked(&self) -> BTreeSet<String> {
        let terms: BTreeSet<String> = phrases(&self.words).into_iter().flatten().collect();
        let saying: BTreeSet<String> =
            terms.iter().filter(|term| !analysis::is_empty(term)).cloned().collect();
        if saying.is_empty() { terms } else { saying }
    }

    /// As the index understands it.
    pub(super) fn in_index(&self, fields: Fields, zone: &TimeZone) -> BooleanQuery {
        let mut all: Vec<(Occur, Box<dyn tantivy::query::Query>)> = vec![(Occur::Must, Box::new(AllQuery))];
        let mut must = |query: Box<dyn tantivy::query::Query>| all.push((Occur::Must, query));
        for phrase in phrases(&self.words) {
            let (text, subject) = (phrase_in(fields.text, &phrase), phrase_in(fields.subject, &phrase));
            let subject = Box::new(BoostQuery::new(subject, SUBJECT));
            must(Box::new(BooleanQuery::new(vec![(Occur::Must, text), (Occur::Should, subject)])));
        }
        for term in terms(&self.organisation).into_iter().take(MOST_WORDS) {
            must(exactly(fields.organisation, &term.text));
        }
        if let Some(kind) = self.kind {
            must(exactly(fields.kind, kind.as_str()));
        }
        if let Some(state) = self.state {
            must(exactly(fields.state, state.name()));
        }
        if !self.entry.trim().is_empty() {
            must(exactly(fields.entry, self.entry.trim()));
        }
        if !self.by.trim().is_empty() {
            must(exactly(fields.by, &analysis::name(&self.by)));
        }
        if self.from.is_some() || self.to.is_some() {
            let begins = |day: Date| Term::from_field_i64(fields.moment, midnight(day, zone));
            let from = self.from.map_or(Bound::Unbounded, |from| Bound::Included(begins(from)));
            let after = self.to.map(|to| to.tomorrow().unwrap_or(Date::MAX));
            let to = after.map_or(Bound::Unbounded, |after| Bound::Excluded(begins(after)));
            must(Box::new(RangeQuery::new(from, to)));
        }
        BooleanQuery::new(all)
    }
}

/// When a day begins. Seconds; the last of them for a day on which the zone has no clock any more.
fn midnight(day: Date, zone: &TimeZone) -> i64 {
    day.to_zoned_datetime(zone.clone()).map_or(i64::MAX, |midnight| midnight.timestamp().as_second())
}

/// The phrases of a text, as terms; a word is a phrase of one term or, like an address, of several.
/// Words that say nothing by themselves are left out, unless there are no others.
fn phrases(text: &str) -> Vec<Vec<String>> {
    let of = |text: &str| terms(text).into_iter().map(|term| term.text).collect::<Vec<_>>();
    let (quoted, words) = cut(text);
    let quoted: Vec<_> = quoted.into_iter().map(of).collect();
    let words: Vec<_> = words.into_iter().flat_map(str::split_whitespace).map(of).collect();
    let says = |phrase: &Vec<String>| phrase.iter().any(|term| !analysis::is_empty(term));
    let only_empty = !quoted.iter().chain(&words).any(says);
    let words = words.into_iter().filter(|phrase| only_empty || says(phrase));
    let mut phrases: Vec<Vec<String>> = Vec::new();
    let mut left = MOST_WORDS;
    for mut phrase in quoted.into_iter().chain(words) {
        phrase.truncate(left);
        if !phrase.is_empty() && !phrases.contains(&phrase) {
            left -= phrase.len();
            phrases.push(phrase);
        }
    }
    phrases
}

/// What stands in quotes, and what does not. A quote that nothing closes is no quote.
fn cut(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut quoted, mut words) = (Vec::new(), Vec::new());
    let mut rest = text;
    loop {
        let next = rest.char_indices().find_map(|(at, c)| {
            let (open, close) = QUOTES.iter().find(|(open, _)| *open == c)?;
            let (before, after) = (rest.get(..at)?, rest.get(at + open.len_utf8()..)?);
            let (phrase, after) = after.split_once(*close)?;
            Some((before, phrase, after))
        });
        let Some((before, phrase, after)) = next else { break };
        words.push(before);
        quoted.push(phrase);
        rest = after;
    }
    words.push(rest);
    (quoted, words)
}

fn exactly(field: Field, text: &str) -> Box<dyn tantivy::query::Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
}

fn phrase_in(field: Field, phrase: &[String]) -> Box<dyn tantivy::query::Query> {
    let mut terms: Vec<Term> = phrase.iter().map(|term| Term::from_field_text(field, term)).collect();
    match terms.pop() {
        Some(only) if terms.is_empty() => Box::new(TermQuery::new(only, IndexRecordOption::WithFreqs)),
        Some(last) => {
            terms.push(last);
            Box::new(PhraseQuery::new(terms))
        }
        None => Box::new(AllQuery),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_words_together_and_empty_words_are_left_out() {
        let said =
            |text: &str| phrases(text).iter().map(|phrase| phrase.join(" ")).collect::<Vec<_>>().join(" | ");
        assert_eq!(said("l'avis de suspension"), "avi | suspension");
        assert_eq!(said("« de la suspension » avis"), "de la suspension | avi");
        assert_eq!(said("“two words” \"et d'autres\""), "two word | et autr");
        assert_eq!(said("anne.roy@cegep.example"), "ann roy cegep exampl");
        assert_eq!(said("de la"), "de | la");
        assert_eq!(said("avis avis L'AVIS"), "avi");
    }

    #[test]
    fn no_query_is_an_error() {
        for text in [
            "\"",
            "« avis",
            "avis »",
            "\"\"\"",
            "AND OR NOT",
            "+-&|!(){}[]^~*?:\\/",
            "\0\u{202e}\u{301}",
            "“",
        ] {
            let _ = phrases(text);
        }
        assert_eq!(phrases("« avis").len(), 1);
        assert_eq!(phrases("+-&|!(){}[]^~*?:\\/"), Vec::<Vec<String>>::new());
        let long = "question « de suspension » ".repeat(400);
        assert!(long.len() > 10_000);
        assert_eq!(phrases(&long).len(), 2);
        let many: String = (0..2_000).map(|n| format!("mot{n} ")).collect();
        assert_eq!(phrases(&many).len(), MOST_WORDS);
    }
}

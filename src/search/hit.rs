//! What a search finds: a line a thread, with the words in their context.

use super::analysis::{Analysis, terms};
use super::content::{Content, Place};
use crate::thread::{State, ThreadId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use tantivy::schema::Field;
use tantivy::snippet::{Snippet, SnippetGenerator};
use tantivy::tokenizer::TextAnalyzer;

/// Characters of the context that is shown.
const CONTEXT: usize = 220;

/// A stretch of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// The text, as it stands: whoever shows it as markup escapes it.
    pub text: String,
    /// Whether it was looked for.
    pub hit: bool,
}

/// Where the words stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extract {
    /// In what.
    pub place: Place,
    /// Whether the text begins before.
    pub cut_before: bool,
    /// Whether the text goes on.
    pub cut_after: bool,
    /// The words, and what is around them.
    pub stretches: Vec<Stretch>,
}

/// A thread that was found: `greffier search --json` writes one a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Its number.
    pub id: ThreadId,
    /// Where it stands.
    pub state: State,
    /// Who writes.
    pub organisation: String,
    /// The subject of its first message.
    pub subject: String,
    /// The same, with the words marked.
    pub marked_subject: Vec<Stretch>,
    /// When its last message came or left.
    pub latest: Timestamp,
    /// The words in their context; `None` where they stand in the subject alone, or none were looked for.
    pub extract: Option<Extract>,
}

/// Marks words.
pub(super) struct Marker {
    marked: BTreeSet<String>,
    generator: SnippetGenerator,
}

impl Marker {
    /// Of these terms.
    pub fn new(marked: BTreeSet<String>) -> Self {
        let scores: BTreeMap<String, f32> = marked.iter().map(|term| (term.clone(), 1.0)).collect();
        let analysis = TextAnalyzer::from(Analysis);
        let generator = SnippetGenerator::new(scores, analysis, Field::from_field_id(0), CONTEXT);
        Self { marked, generator }
    }

    /// The line of a thread.
    pub fn hit(&self, content: &Content) -> Hit {
        let thread = &content.thread;
        Hit {
            id: thread.id,
            state: thread.state,
            organisation: thread.counterpart.name.clone(),
            subject: thread.subject.clone(),
            marked_subject: self.whole(&thread.subject),
            latest: content.latest(),
            extract: self.extract(content),
        }
    }

    /// A short text with its words marked.
    fn whole(&self, text: &str) -> Vec<Stretch> {
        let marked = terms(text).into_iter().filter(|term| self.marked.contains(&term.text));
        stretches(text, marked.map(|term| term.offset_from..term.offset_to))
    }

    /// The text in which most of the words stand together; the first of several.
    fn extract(&self, content: &Content) -> Option<Extract> {
        if self.marked.is_empty() {
            return None;
        }
        let mut best: Option<(usize, Extract)> = None;
        for part in content.parts.iter().filter(|part| part.place != Place::Subject) {
            let snippet = self.generator.snippet(&part.text);
            let words = self.words(&snippet);
            if words > best.as_ref().map_or(0, |(words, _)| *words) {
                best = Some((words, extract(part.place, &snippet, part.text.len())));
            }
        }
        best.map(|(_, extract)| extract)
    }

    /// How many different words are marked in it.
    fn words(&self, snippet: &Snippet) -> usize {
        let marked = snippet.highlighted().iter().filter_map(|range| snippet.fragment().get(range.clone()));
        let terms = marked.flat_map(terms).map(|term| term.text);
        terms.filter(|term| self.marked.contains(term)).collect::<BTreeSet<_>>().len()
    }
}

fn extract(place: Place, snippet: &Snippet, length: usize) -> Extract {
    let range = snippet.fragment_range();
    Extract {
        place,
        cut_before: range.start > 0,
        cut_after: range.end < length,
        stretches: stretches(snippet.fragment(), snippet.highlighted().iter().cloned()),
    }
}

/// A text, cut where words are marked.
fn stretches(text: &str, marked: impl Iterator<Item = Range<usize>>) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut push = |from: usize, to: usize, hit: bool| {
        let mut text = text.get(from..to).unwrap_or_default().to_owned();
        // Lines of a mail are no lines here.
        text = text.replace(['\r', '\n', '\t'], " ");
        if !text.is_empty() {
            stretches.push(Stretch { text, hit });
        }
    };
    let mut at = 0;
    for range in marked {
        push(at, range.start, false);
        push(range.start, range.end, true);
        at = range.end;
    }
    push(at, text.len(), false);
    stretches
}

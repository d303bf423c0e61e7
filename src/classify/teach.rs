//! The library as lessons, and mail in the forms that the callers hold it.

use super::{Case, Classification, Label, Lesson, Mail, Model, NO_QUESTION, OFF_FAQ, Sentences, Source};
use crate::message::{self, Banners};
use crate::replies::{ELSEWHERE, Entry, Example, Floors, Replies};
use crate::wording::Language;
use std::sync::Arc;

/// Shortest sentence of an answer that teaches anything. Characters.
const SENTENCE: usize = 20;

/// The library as lessons: wordings, questions, titles, keywords and answers of the entries, and
/// the wordings that no entry answers.
fn lessons(replies: &Replies) -> Vec<Lesson> {
    let mut lessons = Vec::new();
    for entry in replies.entries() {
        lessons.extend(lessons_of(entry));
    }
    for language in Language::ALL {
        for slug in replies.slugs() {
            let label = Label::Entry(slug.to_string());
            lessons.extend(wordings(&label, language, replies.examples(language, slug.as_str())));
        }
        for (name, label) in [(OFF_FAQ, Label::OffFaq), (NO_QUESTION, Label::NoQuestion)] {
            lessons.extend(wordings(&label, language, replies.examples(language, name)));
        }
        let elsewhere = wordings(&Label::OffFaq, language, replies.examples(language, ELSEWHERE));
        lessons.extend(elsewhere.map(|lesson| Lesson {
            source: Source::Elsewhere,
            weight: Source::Elsewhere.weight(),
            ..lesson
        }));
    }
    lessons
}

impl Model {
    /// Learns the library, and believes the scores as far as its floors say.
    #[must_use]
    pub fn of(replies: &Replies) -> Self {
        Self::with(replies, std::iter::empty(), None)
    }

    /// Learns the library and what reviewers taught: label, language, wording; with an encoder
    /// beside the words, if there is one.
    #[must_use]
    pub fn with(
        replies: &Replies,
        taught: impl IntoIterator<Item = (Label, Language, String)>,
        sentences: Option<Arc<Sentences>>,
    ) -> Self {
        let taught = taught
            .into_iter()
            // Of an entry that is gone nothing can be drafted.
            .filter(|(label, ..)| {
                label.entry().is_none_or(|slug| replies.slugs().any(|of| of.as_str() == slug))
            })
            .map(|(label, language, text)| Lesson::new(label, language, text, Source::Learned));
        let lessons = lessons(replies).into_iter().chain(taught);
        let floors = match &sentences {
            None => replies.floors().clone(),
            Some(_) => replies.encoder_floors().cloned().unwrap_or_default(),
        };
        Self::train(lessons, replies.lexicon(), floors, sentences)
    }

    /// The floors of a library, measured on its own wordings; and the share of them whose label
    /// comes first while their situation is left out.
    #[must_use]
    pub fn floors_of(replies: &Replies, sentences: Option<Arc<Sentences>>) -> (Floors, f64) {
        Self::measure(lessons(replies), replies.lexicon(), sentences)
    }

    /// Says what a labelled mail asks, without a look at its labels.
    #[must_use]
    pub fn read_case(&self, case: &Case) -> Classification {
        let newest = message::newest(&case.subject, &case.body, &Banners::default());
        self.decide(&Mail::new(&case.subject, &newest.text, case.language))
    }
}

fn wordings<'a>(
    label: &'a Label,
    language: Language,
    examples: &'a [Example],
) -> impl Iterator<Item = Lesson> + 'a {
    examples.iter().map(move |example| Lesson {
        situation: example.situation.clone(),
        ..Lesson::new(label.clone(), language, &example.text, Source::Example)
    })
}

fn lessons_of(entry: &Entry) -> Vec<Lesson> {
    let label = Label::Entry(entry.id.slug.to_string());
    let lesson = |text: &str, source| Lesson::new(label.clone(), entry.id.language, text, source);
    let mut lessons = vec![lesson(&entry.title, Source::Title), lesson(&entry.question, Source::Question)];
    lessons.extend(entry.keywords.iter().map(|keyword| lesson(keyword, Source::Keyword)));
    let sentences = entry.markdown().split(['.', '\n', '?', '!']).map(str::trim);
    lessons.extend(
        sentences
            .filter(|sentence| sentence.chars().count() >= SENTENCE)
            .map(|sentence| lesson(sentence, Source::Body)),
    );
    lessons
}

/// Reads a corpus: one JSON object a line, blank lines left out.
///
/// # Errors
/// The number of the first line, from 1, that is no labelled mail.
pub fn read_corpus(text: &str) -> Result<Vec<Case>, usize> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| serde_json::from_str(line).map_err(|_| number)).collect()
}

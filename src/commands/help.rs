//! What can be typed: the list of verbs, or one verb with its forms and examples.

use super::grammar::{SETTLEMENTS, SPANS, Shape, Verb, pick};
use super::wrong::SAMPLE_THREAD;
use super::{Code, Command, Remark, Span};
use crate::thread::ThreadId;
use crate::wording::{Language, Wording, key};

/// The help, a line an item, as plain text. Its examples are read by
/// [`parse()`](super::parse()) as they stand; a test sees to it.
#[must_use]
pub fn help(wording: &Wording, verb: Option<Verb>) -> Vec<String> {
    match verb {
        Some(verb) => one(wording, verb),
        None => list(wording),
    }
}

fn list(wording: &Wording) -> Vec<String> {
    let mut lines = vec![wording.text("chat-help-head")];
    lines.extend(Verb::all().map(|verb| in_short(wording, verb)));
    lines.push(wording.text("chat-help-called"));
    let more = format!("{} {}", Verb::Help.word(wording.language()), Verb::Approve.word(wording.language()));
    lines.push(wording.with("chat-help-more", &[("example", &more)]));
    lines
}

fn one(wording: &Wording, verb: Verb) -> Vec<String> {
    let other = match wording.language() {
        Language::Fr => Language::En,
        Language::En => Language::Fr,
    };
    let mut lines = vec![in_short(wording, verb)];
    if verb.word(other) != verb.word(wording.language()) {
        lines.push(wording.with("chat-help-other", &[("usage", &verb.usage(Wording::of(other)))]));
    }
    if verb.shape().has_thread() {
        lines.push(wording.text("chat-help-number"));
    }
    match verb.shape() {
        Shape::Code(_) => lines.push(wording.text("chat-help-code")),
        Shape::Words(..) => lines.push(wording.text("chat-help-words")),
        Shape::Thread(_) if verb == Verb::Claim => lines.push(wording.text("chat-help-sign")),
        _ => {}
    }
    let examples = verb.examples(wording, SAMPLE_THREAD);
    lines.extend(
        examples.iter().map(|example| {
            wording.with("chat-example", &[("example", &example.written(wording.language()))])
        }),
    );
    lines
}

/// What to type, and what it does.
fn in_short(wording: &Wording, verb: Verb) -> String {
    let what = wording.text(&format!("chat-verb-{}", key(&verb)));
    wording.with("chat-help-verb", &[("usage", &verb.usage(wording)), ("what", &what)])
}

impl Verb {
    /// What to type, with names for what is to be filled in: `approuver N CODE`.
    pub(super) fn usage(self, wording: &Wording) -> String {
        let language = wording.language();
        let named = |what: &str| wording.text(&format!("chat-arg-{what}"));
        let rest = match self.shape() {
            Shape::Alone(_) | Shape::Thread(_) => None,
            Shape::Entries(_) => Some(named("entries")),
            Shape::Code(_) => Some(named("code")),
            Shape::Words(_, what) => Some(named(what)),
            Shape::Settlement(_) => {
                Some(SETTLEMENTS.map(|(_, french, english)| pick(language, french, english)).join("|"))
            }
            Shape::Span(_) => Some(format!("[{}]", named("span"))),
            Shape::Verb(_) => Some(format!("[{}]", named("verb"))),
        };
        let number = self.shape().has_thread().then(|| named("number"));
        let parts = [Some(self.word(language).to_owned()), number, rest];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// Commands as somebody would give them, on thread `id`. The first one is the plainest
    /// that shows everything which must be given.
    pub(super) fn examples(self, wording: &Wording, id: ThreadId) -> Vec<Command> {
        let entries = |names: &[&str]| names.iter().filter_map(|name| name.parse().ok()).collect();
        match self.shape() {
            Shape::Alone(make) => vec![make()],
            Shape::Thread(make) => vec![make(id)],
            Shape::Entries(make) => {
                vec![
                    make(id, entries(&["contact"])),
                    make(id, entries(&["contact", "demarche-structuree.courriel"])),
                ]
            }
            Shape::Code(make) => vec![make(id, Code::SAMPLE)],
            Shape::Words(make, what) => {
                let remark = Remark::new(&wording.text(&format!("chat-sample-{what}")));
                remark.map(|remark| make(id, remark)).into_iter().collect()
            }
            Shape::Settlement(make) => SETTLEMENTS.map(|(outcome, ..)| make(id, outcome)).to_vec(),
            Shape::Span(make) => {
                let dated = [Span::MonthOf { year: 2025, month: 3 }, Span::YearOf(2025)];
                let named = SPANS.map(|(span, ..)| span);
                let spans = named.into_iter().chain(dated).map(Some);
                std::iter::once(None).chain(spans).map(make).collect()
            }
            Shape::Verb(make) => vec![make(None), make(Some(Self::Approve))],
        }
    }
}

//! One mail, read with what was learned.

use super::asks::{Request, Sentence, sentences};
use super::evidence::{contrast, evidence, nearest};
use super::floors::{best, confidences, confidences_of, is_entry};
use super::space::Prepared;
use super::words::{Word, plain};
use super::{Ask, Candidate, Classification, Flag, Kind, Label, Level, Mail, Model};
use crate::message::{self, SubjectOrigin};
use crate::replies::FlagName;
use crate::wording::Language;

/// With this many words of its own an ask counts as much as all that stands around it.
const WORDS_OF_ITS_OWN: f64 = 4.0;
/// More asks than this are not told apart.
const MOST_ASKS: usize = 5;
/// A mail of up to this many words is short: it may ask without any sign, « version gratuite permise ».
const TERSE: u32 = 15;
/// An ask with fewer words than this is read with the sentences before it: « Est-ce permis ? ».
const WORDS_TO_STAND_ALONE: u32 = 8;

/// How much the mail as a whole counts in the reading of its one ask, and of one ask among others.
const WHOLE_OF_ONE: f64 = 0.5;
const WHOLE_OF_SEVERAL: f64 = 0.3;
/// From this confidence on a mail that looks as if it asked nothing is believed, though some of its sentences
/// bear signs of asking, if these look so by themselves, too: thanks that repeat the question, a notice with
/// a question in its title.
const ASKS_NOTHING: f64 = 0.6;

/// Where a sentence stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The subject, which whoever wrote the mail wrote, too: a heading.
    Heading,
    /// The subject, taken over from the mail that is answered or passed on.
    TakenOver,
    /// The text.
    Text,
}

/// A sentence, taken apart.
#[derive(Clone)]
struct Part {
    place: Place,
    sentence: Sentence,
    prepared: Prepared,
}

impl Part {
    /// A subject that was taken over is as good as quoted: it explains what stands below, and asks nothing.
    fn is_own(&self) -> bool {
        self.place != Place::TakenOver
    }

    fn asks(&self) -> bool {
        self.is_own() && self.sentence.request != Request::No && !self.prepared.words.is_empty()
    }
}

/// Sentences that ask the same thing.
struct Group {
    /// Places in the list of parts.
    parts: Vec<usize>,
    /// The label on which one of them is clear by itself.
    clear: Option<usize>,
}

/// A group with its verdict.
struct Judged {
    group: Group,
    /// The places that were read for it.
    read: Vec<usize>,
    confidences: Vec<f64>,
    level: Level,
    /// The best entry, as an index of labels.
    entry: Option<usize>,
}

/// `explained`: with the evidence, which costs as much as all the rest.
pub(super) fn read(model: &Model, mail: &Mail<'_>, explained: bool) -> Classification {
    let reason = mail.automatic.or_else(|| automatic_subject(mail.subject)).map(str::to_owned);
    if reason.is_some() {
        return nothing(Kind::Automatic, mail.language, reason);
    }
    let mut parts = parts(model, mail);
    let wordless = |part: &Part| part.prepared.words.is_empty();
    let silent = parts.iter().filter(|part| part.is_own()).all(wordless);
    if silent {
        // All that there is; but not enough to be sure of.
        parts.iter_mut().for_each(|part| part.place = Place::Heading);
    }
    if parts.iter().all(wordless) {
        // What it asks may be in an attachment or a picture: a person looks.
        return nothing(Kind::Question, mail.language, None);
    }
    // Who passes a request on without a word of their own still hands it over.
    let passed_on = message::subject_origin(mail.subject) == SubjectOrigin::Forwarded;
    let telling = parts.iter().filter(|part| passed_on || part.is_own());
    let flags = model.flags.raised(telling.map(|part| part.prepared.words.as_slice()));
    let request = flags.iter().find(|flag| flag.name == FlagName::AccessRequest);
    if let Some(found) = request.and_then(|request| besides(model, &parts, request, mail.language, explained))
    {
        return Classification { flags, ..found };
    }
    match asked(model, &parts, !flags.is_empty(), mail.language, explained) {
        Some(found) if silent => flagged(unsure(found), flags),
        Some(found) if found.level == Level::Sure => flagged(at_home(model, &parts, mail, found), flags),
        Some(found) => flagged(found, flags),
        None => nothing(Kind::NoQuestion, mail.language, None),
    }
}

/// What these sentences ask; `None` if nothing. `flagged`: they ask something, whatever it looks like.
fn asked(
    model: &Model,
    parts: &[Part],
    flagged: bool,
    language: Language,
    explained: bool,
) -> Option<Classification> {
    let mut groups = if !flagged && asks_nothing(model, parts) { Vec::new() } else { groups(model, parts) };
    if groups.is_empty() && flagged {
        // « Veuillez me transmettre copie… »: a request without any sign of asking.
        groups.push(Group { parts: (0..parts.len()).collect(), clear: None });
    }
    if groups.is_empty() {
        return None;
    }
    let judged = judge(model, parts, groups);
    Some(answer(model, parts, &judged, language, explained))
}

/// Whether a mail looks as if it asked nothing: as a whole, and where it bears signs of asking.
fn asks_nothing(model: &Model, parts: &[Part]) -> bool {
    let asks_nothing = |parts: &[&Part], least: f64| {
        best(&confidences_for(model, parts), |_| true).is_some_and(|(label, confidence)| {
            model.labels.get(label) == Some(&Label::NoQuestion) && confidence >= least
        })
    };
    let own: Vec<&Part> = parts.iter().filter(|part| part.is_own()).collect();
    asks_nothing(&own, ASKS_NOTHING)
        && parts.iter().filter(|part| part.asks()).all(|part| asks_nothing(&[part], 0.0))
}

/// What is clearly asked beside a request for documents, in sentences of its own: a person may answer that.
fn besides(
    model: &Model,
    parts: &[Part],
    request: &Flag,
    language: Language,
    explained: bool,
) -> Option<Classification> {
    let phrase = plain(&request.phrase);
    let rest: Vec<Part> =
        parts.iter().filter(|part| !plain(&part.sentence.text).contains(&phrase)).cloned().collect();
    let mut found = asked(model, &rest, false, language, explained)?;
    found.asks.retain(|ask| ask.level == Level::Sure);
    if found.asks.is_empty() {
        return None;
    }
    found.suggestions.retain(|entry| found.asks.iter().any(|ask| ask.entry.as_ref() == Some(entry)));
    found.level = Level::Sure;
    Some(unsure(found))
}

fn nothing(kind: Kind, language: Language, reason: Option<String>) -> Classification {
    Classification {
        kind,
        level: Level::None,
        asks: Vec::new(),
        suggestions: Vec::new(),
        candidates: Vec::new(),
        flags: Vec::new(),
        evidence: Vec::new(),
        contrasts: Vec::new(),
        unfamiliar: Vec::new(),
        likenesses: Vec::new(),
        language,
        reason,
    }
}

/// What takes a decision is never sure, and documents are asked of another office.
fn flagged(mut found: Classification, flags: Vec<Flag>) -> Classification {
    if flags.iter().any(|flag| flag.name == FlagName::AccessRequest) {
        found.suggestions.clear();
        found.asks.iter_mut().for_each(|ask| (ask.level, ask.entry) = (Level::None, None));
        found.level = Level::None;
    } else if !flags.is_empty() {
        found = unsure(found);
    }
    found.flags = flags;
    found
}

/// Sure only of what is about the library's matter, as far as the words tell.
fn at_home(model: &Model, parts: &[Part], mail: &Mail<'_>, found: Classification) -> Classification {
    let all: Vec<&[Word]> = parts.iter().map(|part| part.prepared.words.as_slice()).collect();
    let own = parts.iter().filter(|part| part.is_own());
    let own: Vec<&[Word]> = own.map(|part| part.prepared.words.as_slice()).collect();
    match model.matter.unfamiliar(&model.space, &all, &own, mail.language) {
        words if words.is_empty() => found,
        words => Classification { unfamiliar: words, ..unsure(found) },
    }
}

/// Whatever it asks, a person chooses.
fn unsure(mut found: Classification) -> Classification {
    found.asks.iter_mut().for_each(|ask| ask.level = ask.level.max(Level::Unsure));
    found.level = found.level.max(Level::Unsure);
    found
}

/// An automatic answer whose headers do not say so, known by the subject that programs put.
fn automatic_subject(subject: &str) -> Option<&'static str> {
    let subject = plain(subject);
    let starts =
        ["reponse automatique", "automatic reply", "out of office", "absence du bureau", "autoreply"];
    starts.iter().any(|start| subject.trim_start().starts_with(start)).then_some("auto-reply")
}

/// The subject, without its prefixes, then the sentences of the text.
fn parts(model: &Model, mail: &Mail<'_>) -> Vec<Part> {
    let taken_over = mail.answers || message::subject_origin(mail.subject) != SubjectOrigin::Own;
    let place = if taken_over { Place::TakenOver } else { Place::Heading };
    let subject = (place, Sentence::of(&message::thread_subject(mail.subject)));
    std::iter::once(subject)
        .chain(sentences(mail.text).into_iter().map(|sentence| (Place::Text, sentence)))
        .map(|(place, sentence)| {
            let prepared = model.space.prepare(&sentence.text, mail.language);
            Part { place, sentence, prepared }
        })
        .collect()
}

/// Which parts ask, sorted by what they ask.
fn groups(model: &Model, parts: &[Part]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    // A subject is a heading: it asks by itself only where the text does not.
    let text_asks = parts.iter().any(|part| part.place == Place::Text && part.asks());
    let asking = |part: &Part| part.asks() && (part.place == Place::Text || !text_asks);
    for (place, part) in parts.iter().enumerate().filter(|(_, part)| asking(part)) {
        let own = confidences_for(model, &[part]);
        let Some((label, confidence)) = best(&own, |_| true) else { continue };
        let is_nothing = model.labels.get(label) == Some(&Label::NoQuestion);
        if is_nothing && part.sentence.request != Request::Mark && confidence >= model.floors.split {
            continue;
        }
        let clear = (!is_nothing && confidence >= model.floors.split).then_some(label);
        let room = groups.len() < MOST_ASKS;
        let same = groups.iter_mut().find(|group| clear.is_some() && group.clear == clear);
        match (same, clear) {
            (Some(group), _) => group.parts.push(place),
            (None, Some(_)) => match groups.last_mut() {
                // What came before was unclear: it led up to this.
                Some(group) if group.clear.is_none() => {
                    group.parts.push(place);
                    group.clear = clear;
                }
                _ if room => groups.push(Group { parts: vec![place], clear }),
                _ => {}
            },
            (None, None) => match groups.last_mut() {
                Some(group) => group.parts.push(place),
                None => groups.push(Group { parts: vec![place], clear }),
            },
        }
    }
    if groups.is_empty() && asks_silently(model, parts) {
        let text = (0..parts.len()).filter(|at| parts.get(*at).is_some_and(|part| part.place == Place::Text));
        let places: Vec<usize> = text.collect();
        let places = if places.is_empty() { (0..parts.len()).collect() } else { places };
        groups.push(Group { parts: places, clear: None });
    }
    groups
}

/// Whether a mail without any sign of asking still asks, by what was learned. A long one must be
/// surer than a short one: it has room for the signs.
fn asks_silently(model: &Model, parts: &[Part]) -> bool {
    let text = parts.iter().filter(|part| part.place == Place::Text);
    let length: u32 = text.map(|part| part.prepared.content).sum();
    let floor = if length <= TERSE { model.floors.none } else { model.floors.split };
    let own: Vec<&Part> = parts.iter().filter(|part| part.is_own()).collect();
    best(&confidences_for(model, &own), |_| true).is_some_and(|(label, confidence)| {
        model.labels.get(label) != Some(&Label::NoQuestion) && confidence >= floor
    })
}

fn confidences_for(model: &Model, parts: &[&Part]) -> Vec<f64> {
    let vector = model.space.vector(parts.iter().map(|part| &part.prepared));
    confidences(&model.linear.scores(&vector), model.floors.temperature)
}

/// Scores each group with what stands around it, and with the mail as a whole.
fn judge(model: &Model, parts: &[Part], groups: Vec<Group>) -> Vec<Judged> {
    let whole = model.linear.scores(&model.space.vector(parts.iter().map(|part| &part.prepared)));
    let asking: Vec<usize> = groups.iter().flat_map(|group| group.parts.iter().copied()).collect();
    let around = parts.iter().enumerate().filter(|(place, _)| !asking.contains(place));
    let around = model.space.vector(around.map(|(_, part)| &part.prepared));
    let around = model.linear.scores(&around);
    let of_whole = if groups.len() == 1 { WHOLE_OF_ONE } else { WHOLE_OF_SEVERAL };
    let mut judged: Vec<Judged> = Vec::new();
    for group in groups {
        let places = with_what_led_up(parts, &group, &asking);
        let own = || places.iter().filter_map(|place| parts.get(*place)).map(|part| &part.prepared);
        let vector = model.space.vector(own());
        let words: f64 = own().map(|part| f64::from(part.content)).sum();
        // The fewer words an ask has, the more it leans on what was said before it.
        let share = WORDS_OF_ITS_OWN / (words + WORDS_OF_ITS_OWN);
        let own = model.linear.scores(&vector);
        let scores: Vec<f64> = own
            .iter()
            .zip(&around)
            .zip(&whole)
            .map(|((own, around), whole)| (1.0 - of_whole) * (own + share * around) + of_whole * whole)
            .collect();
        let asks = group.parts.iter().any(|place| parts.get(*place).is_some_and(Part::asks));
        let confidences = confidences_of(&model.labels, &scores, model.floors.temperature, asks);
        let (level, entry) = verdict(model, &confidences);
        match judged.iter_mut().find(|other| entry.is_some() && other.entry == entry) {
            Some(other) => {
                other.group.parts.extend(group.parts);
                other.read.extend(places);
                other.read.sort_unstable();
                other.read.dedup();
                other.level = other.level.min(level);
                for (kept, new) in other.confidences.iter_mut().zip(confidences) {
                    *kept = kept.max(new);
                }
            }
            None => judged.push(Judged { group, read: places, confidences, level, entry }),
        }
    }
    judged
}

/// The places of a group and, where its own words are few, of the sentences before it that ask
/// nothing, nearest first. The subject is not among them; it stands around everything.
fn with_what_led_up(parts: &[Part], group: &Group, asking: &[usize]) -> Vec<usize> {
    let mut places = group.parts.clone();
    let content = |place: &usize| parts.get(*place).map_or(0, |part| part.prepared.content);
    let mut words: u32 = places.iter().map(content).sum();
    let first = places.iter().copied().min().unwrap_or_default();
    for place in (0..first).rev() {
        let is_text = parts.get(place).is_some_and(|part| part.place == Place::Text);
        if !is_text || words >= WORDS_TO_STAND_ALONE || asking.contains(&place) {
            break;
        }
        words += content(&place);
        places.push(place);
    }
    places.sort_unstable();
    places
}

fn verdict(model: &Model, confidences: &[f64]) -> (Level, Option<usize>) {
    let Some((entry, confidence)) = best(confidences, |label| is_entry(&model.labels, label)) else {
        return (Level::None, None);
    };
    let off = best(confidences, |label| model.labels.get(label) == Some(&Label::OffFaq));
    let off = off.map_or(0.0, |(_, confidence)| confidence);
    let first = best(confidences, |_| true).is_some_and(|(label, _)| label == entry);
    let slug = model.labels.get(entry).and_then(Label::entry).unwrap_or_default();
    if first && model.floors.sure.get(slug).is_some_and(|floor| confidence >= *floor) {
        (Level::Sure, Some(entry))
    } else if confidence >= model.floors.none && confidence >= off {
        (Level::Unsure, Some(entry))
    } else {
        (Level::None, None)
    }
}

fn answer(
    model: &Model,
    parts: &[Part],
    judged: &[Judged],
    language: Language,
    explained: bool,
) -> Classification {
    let slug = |label: usize| model.labels.get(label).and_then(Label::entry).map(str::to_owned);
    let asks: Vec<Ask> = judged
        .iter()
        .map(|judged| {
            let mut places = judged.group.parts.clone();
            places.sort_unstable();
            let texts =
                places.iter().filter_map(|place| parts.get(*place)).map(|part| part.sentence.text.as_str());
            Ask {
                text: texts.collect::<Vec<_>>().join(" "),
                level: judged.level,
                entry: judged.entry.and_then(slug),
            }
        })
        .collect();
    let level = if asks.iter().all(|ask| ask.level == Level::Sure) {
        Level::Sure
    } else if asks.iter().all(|ask| ask.entry.is_none()) {
        Level::None
    } else {
        Level::Unsure
    };
    let suggested: Vec<usize> = judged.iter().filter_map(|judged| judged.entry).collect();
    let mut candidates: Vec<(bool, usize, f64)> = (0..model.labels.len())
        .filter(|label| is_entry(&model.labels, *label))
        .map(|label| {
            let highest =
                judged.iter().filter_map(|judged| judged.confidences.get(label).copied()).fold(0.0, f64::max);
            let place = suggested.iter().position(|of| *of == label);
            (place.is_none(), place.unwrap_or(label), highest)
        })
        .collect();
    candidates.sort_by(|a, b| {
        let by_place = if a.0 { b.2.total_cmp(&a.2) } else { a.1.cmp(&b.1) };
        a.0.cmp(&b.0).then(by_place).then(a.1.cmp(&b.1))
    });
    let label_of =
        |(other, at, _): &(bool, usize, f64)| if *other { Some(*at) } else { suggested.get(*at).copied() };
    let first = candidates.first().and_then(label_of);
    let explained: Vec<(usize, &Judged, Vec<&Prepared>)> = judged
        .iter()
        .filter(|_| explained)
        .filter_map(|judged| {
            let label = judged.entry.or(if suggested.is_empty() { first } else { None })?;
            let read = judged.read.iter().filter_map(|place| parts.get(*place));
            Some((label, judged, read.map(|part| &part.prepared).collect()))
        })
        .collect();
    let evidence = explained.iter().flat_map(|(label, _, own)| evidence(model, own, *label)).collect();
    let likenesses = explained.iter().filter_map(|(label, _, own)| nearest(model, own, *label)).collect();
    let contrasts = explained
        .iter()
        .filter_map(|(label, judged, own)| {
            let other = best(&judged.confidences, |of| of != *label && is_entry(&model.labels, of))?.0;
            contrast(model, own, *label, other)
        })
        .collect();
    let candidates = candidates
        .iter()
        .filter_map(|candidate| {
            Some(Candidate { entry: label_of(candidate).and_then(slug)?, confidence: candidate.2 })
        })
        .collect();
    Classification {
        kind: Kind::Question,
        level,
        suggestions: suggested.into_iter().filter_map(slug).collect(),
        asks,
        candidates,
        flags: Vec::new(),
        evidence,
        contrasts,
        unfamiliar: Vec::new(),
        likenesses,
        language,
        reason: None,
    }
}

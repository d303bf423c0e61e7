//! What the classifier costs, alone: learning the library, and reading one mail.
//!
//! `scripts/bench` builds and runs it: `classifier REPLIES CORPUS [ENCODER]`. One JSON object
//! comes out; with the folder of the encoder's weights, that of words and encoder together.

use greffier::classify::{self, Case, Mail, Model};
use greffier::library::{self, EncoderFolder};
use greffier::message::{self, Banners};
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often the model is learned; the median counts.
const MODELS: usize = 9;
/// How often the corpus is read.
const ROUNDS: u32 = 2;

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let (replies, corpus, encoder) = match arguments.as_slice() {
        [replies, corpus] => (replies, corpus, None),
        [replies, corpus, encoder] => (replies, corpus, Some(Path::new(encoder))),
        _ => return Err("wanted: REPLIES CORPUS [ENCODER]".to_owned()),
    };
    let replies = library::read(Path::new(replies)).map_err(|problems| format!("{problems:?}"))?;
    let corpus = std::fs::read_to_string(corpus).map_err(|error| format!("{corpus}: {error}"))?;
    let cases = classify::read_corpus(&corpus).map_err(|line| format!("line {line} is no labelled mail"))?;
    let encoder = encoder.map(|dir| EncoderFolder::open(dir, dir)).transpose();
    let encoder = encoder.map_err(|problem| problem.to_string())?;
    let learn = || Model::with(&replies, [], encoder.as_ref().map(EncoderFolder::sentences));
    // The first time the encoder may still have to read the wordings.
    let (model, first) = timed(learn);
    if let Some(encoder) = &encoder {
        encoder.keep();
    }
    let mut times: Vec<Duration> = (0..MODELS).map(|_| timed(learn).1).collect();
    times.sort();
    let (_, left_out) = Model::floors_of(&replies, encoder.as_ref().map(EncoderFolder::sentences));
    let figures = json!({
        "lessons": model.lessons(),
        "first_ms": first.as_secs_f64() * 1e3,
        "model_ms": times.get(MODELS / 2).map(|time| time.as_secs_f64() * 1e3),
        "decide_us": each(&cases, |mail| model.decide(mail).asks.len()),
        "classify_us": each(&cases, |mail| model.classify(mail).asks.len()),
        "left_out": left_out,
    });
    println!("{figures}");
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let done = work();
    (done, begun.elapsed())
}

/// Microseconds a mail, by one thread.
fn each(cases: &[Case], read: impl Fn(&Mail<'_>) -> usize) -> f64 {
    let newest: Vec<String> = cases
        .iter()
        .map(|case| message::newest(&case.subject, &case.body, &Banners::default()).text)
        .collect();
    let mails: Vec<Mail<'_>> =
        cases.iter().zip(&newest).map(|(case, text)| Mail::new(&case.subject, text, case.language)).collect();
    let (read, time) = timed(|| (0..ROUNDS).map(|_| mails.iter().map(&read).sum::<usize>()).sum::<usize>());
    // So that the work cannot be left out.
    std::hint::black_box(read);
    let all = f64::from(ROUNDS) * f64::from(u32::try_from(mails.len()).unwrap_or(u32::MAX));
    time.as_secs_f64() * 1e6 / all
}

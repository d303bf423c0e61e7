//! A month of the desk, about two thousand mails, of which everything is known because it was planned.

use crate::letters::Letter;
use crate::matters::plan;
use crate::parts::{Learned, Parts};
use crate::time::{BEGIN, Chance, HOUR, timestamp};
use crate::truth::{
    ACCESS, Asked, COLLEAGUES, COMPLEMENT, Kind, MONTH, NOTHING, NOTICE, OFF_FAQ, OPINION, SEVERAL, SURE,
    Truth,
};
use crate::world::{Plan, World, asks};
use greffier::classify::Level;
use greffier::report::log::{Log, LogLine, What};
use greffier::report::{DepositLine, ResponseTime, Scope};
use greffier::thread::{Question, State};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Two days on which a circular letter makes everybody ask the same within the hour.
const FLOODS: [(i64, &str); 2] = [(8, SURE[0]), (22, SURE[3])];
const FLOOD: usize = 150;
/// Days at which a report is kept, to be compared with what is told afterwards of that moment.
const LOOKS: [i64; 4] = [2, 9, 16, 24];

/// The plan of the month, and what must come of it.
fn month(seed: u64) -> (Plan, Vec<Truth>) {
    let (mut chance, mut all, mut truths) = (Chance::new(seed), Plan::default(), Vec::new());
    for (kind, count) in MONTH {
        for _ in 0..count {
            let at = chance.moment();
            let matter = truths.len();
            truths.push(plan(&mut all, &mut chance, kind, matter, at, None));
        }
    }
    for (day, text) in FLOODS {
        for number in 0..FLOOD {
            let at = BEGIN + day * 24 * HOUR + 10 * HOUR + chance.between(0, HOUR);
            let matter = truths.len();
            // Not everybody has an answer at the end of the month.
            let kind = if number % 5 == 0 { Kind::Open } else { Kind::Sure };
            truths.push(plan(&mut all, &mut chance, kind, matter, at, Some(text)));
        }
    }
    (all, truths)
}

#[test]
fn a_month_of_mail_comes_out_as_it_was_planned() {
    let learned = Learned::new();
    the_texts_are_read_as_they_are_meant(&learned);
    let (plan, truths) = month(20_250_331);
    assert!((1_900..2_300).contains(&plan.mails()), "{} mails", plan.mails());
    assert!(plan.most_in_an_hour() >= FLOOD);
    let mut world = World::new(&learned);
    let mut shown = Vec::new();
    world.live(&plan, |parts| {
        let now = parts.clock.now();
        if LOOKS.get(shown.len()).is_some_and(|day| timestamp(BEGIN + day * 24 * HOUR) <= now) {
            shown.push((now, parts.report.response_times(&Scope::default()).unwrap()));
        }
    });
    assert_eq!(shown.len(), LOOKS.len());
    for (then, rows) in shown {
        let again = world.parts.report.response_times(&Scope { as_of: Some(then), ..Scope::default() });
        assert!(again.unwrap() == rows, "as of {then} it is not what was shown then");
    }
    states(&world, &truths);
    response_times(&world, &truths);
    logged(&world);
    deposits(&world, &truths);
    letters(&world, &truths);
    let verified = world.parts.journal.verify().unwrap();
    assert!(verified.problems.is_empty(), "{:?}", verified.problems);
}

/// If the classifier changes its mind on one of these texts, this says so, rather than one of a thousand matters.
fn the_texts_are_read_as_they_are_meant(learned: &Learned) {
    let mut parts = Parts::new(learned, timestamp(BEGIN));
    let mut wanted = Vec::new();
    let drafted: Vec<&str> = SURE.iter().chain(&OFF_FAQ).copied().chain([SEVERAL]).collect();
    let noted: Vec<&str> = NOTHING.iter().copied().chain([COMPLEMENT, ACCESS]).collect();
    for (texts, state) in [(drafted, State::ToReview), (noted, State::ForInformation)] {
        wanted.extend(texts.into_iter().map(|text| (text, state)));
    }
    wanted.push((NOTICE, State::ToReview));
    for (number, (text, _)) in wanted.iter().enumerate() {
        let (id, from) = (format!("t{number}@asker.example"), format!("p@organisme{number}.example"));
        parts.deliver(&asks(&id, &from, "Référence 12", &[], text), timestamp(BEGIN));
    }
    parts.turn();
    let threads: Vec<_> = parts.journal.threads().map(Result::unwrap).collect();
    assert_eq!(threads.len(), wanted.len());
    for (thread, (text, state)) in threads.iter().zip(&wanted) {
        assert_eq!(thread.state, *state, "{text}");
        let sure = thread.level == Some(Level::Sure);
        assert!(sure || !SURE.contains(text), "{:?}: {text}", thread.level);
    }
}

fn states(world: &World, truths: &[Truth]) {
    for truth in truths {
        let thread = world.thread(truth.matter);
        assert_eq!(thread.state, truth.state, "{:?} {}", truth.kind, truth.matter);
        let opinions = thread.messages.iter().filter(|line| line.opinion).count();
        assert_eq!(opinions, truth.opinions, "{:?} {}", truth.kind, truth.matter);
    }
    // No other thread began, and none was left out.
    let theirs: BTreeSet<u64> = truths.iter().map(|truth| world.thread(truth.matter).id).collect();
    let all: BTreeSet<u64> = world.parts.journal.threads().map(|thread| thread.unwrap().id).collect();
    assert_eq!((theirs.len(), &theirs), (truths.len(), &all));
    // What the desk shows, state by state, is the same sum.
    let mut planned: BTreeMap<State, usize> = BTreeMap::new();
    truths.iter().for_each(|truth| *planned.entry(truth.state).or_default() += 1);
    for state in State::ALL {
        let lines = world.parts.desk.threads(Some(state)).unwrap();
        let shown: BTreeSet<u64> = lines.iter().map(|line| line.id).filter(|id| all.contains(id)).collect();
        assert_eq!(shown.len(), planned.get(&state).copied().unwrap_or(0), "{state}");
    }
}

fn response_times(world: &World, truths: &[Truth]) {
    let rows = world.parts.report.response_times(&Scope::default()).unwrap();
    // What is kept up as it happens is what the events alone say.
    let now = Some(world.parts.clock.now());
    let again = world.parts.report.response_times(&Scope { as_of: now, ..Scope::default() }).unwrap();
    assert!(rows == again, "the figures cannot be recomputed");
    for row in rows.iter().filter(|row| row.answered.is_some()) {
        let sum: u64 = row.stages.iter().map(|stage| stage.taken.wall_seconds).sum();
        assert_eq!(Some(sum), row.wall_seconds, "thread {}", row.thread);
    }
    let planned: usize = truths.iter().map(|truth| truth.asked.len()).sum();
    let answered = |asked: &&Asked| asked.answered.is_some();
    let planned_answers = truths.iter().flat_map(|truth| &truth.asked).filter(answered).count();
    let answers = rows.iter().filter(|row| row.answered.is_some()).count();
    assert_eq!((rows.len(), answers), (planned, planned_answers));
    let mut of_thread: BTreeMap<u64, Vec<&ResponseTime>> = BTreeMap::new();
    for row in &rows {
        of_thread.entry(row.thread).or_default().push(row);
    }
    for truth in truths {
        let mut rows = of_thread.remove(&world.thread(truth.matter).id).unwrap_or_default();
        rows.sort_by_key(|row| row.question);
        let told: Vec<Asked> = rows.into_iter().map(as_asked).collect();
        assert_eq!(told, truth.asked, "{:?} {}", truth.kind, truth.matter);
    }
}

fn as_asked(row: &ResponseTime) -> Asked {
    let signed = |seconds: u64| i64::try_from(seconds).unwrap();
    Asked {
        received: row.received.as_second(),
        claimed: row.claimed.map(|at| at.as_second()),
        answered: row.answered.map(|channel| (channel, row.handed_over.unwrap().as_second())),
        paused: signed(row.paused_seconds),
        wall: row.wall_seconds.map(signed),
        business: row.business_seconds.map(signed),
    }
}

/// The log, written once at the end: its last line on a question says where the question stands.
fn logged(world: &World) {
    let (journal, desk) = (&world.parts.journal, &world.parts.desk);
    let log = Log::new(Arc::clone(journal), Arc::clone(&desk.calendar), Arc::clone(&desk.config));
    log.catch_up().unwrap();
    // A file a month; the one that is written now comes last by its name, too.
    let path = &desk.config.report.log.path;
    let stem = path.file_stem().unwrap().to_str().unwrap();
    let whole = || -> String {
        let folder = std::fs::read_dir(path.parent().unwrap()).unwrap();
        let mut files: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
        let name = |path: &std::path::Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        files.retain(|path| name(path).starts_with(stem) && name(path).ends_with(".log"));
        files.sort();
        assert!(files.len() > 1, "{files:?}");
        files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
    };
    let text = whole();
    let mut last: BTreeMap<u64, LogLine> = BTreeMap::new();
    let mut seq = 0;
    for line in text.lines() {
        let line: LogLine = serde_json::from_str(line).unwrap();
        assert!(line.seq >= seq, "in the order of the journal");
        seq = line.seq;
        last.insert(line.received_seq, line);
    }
    let counted =
        |question: &Question| question.counts && !question.history && question.transferred.is_none();
    let threads = || journal.threads().map(Result::unwrap).filter(|thread| thread.merged_into.is_none());
    for question in threads().flat_map(|thread| thread.questions).filter(counted) {
        let line = last.get(&question.seq);
        let channel = question.answer.as_ref().map(|answer| answer.channel);
        assert_eq!(line.and_then(|line| line.answered), channel, "{question:?} {line:?}");
        let closed = line.is_some_and(|line| line.what == What::Closed);
        assert_eq!(closed, question.closed.is_some(), "{question:?} {line:?}");
        if let Some(line) = line.filter(|line| line.answered.is_some()) {
            let taken: u64 = line.stages.iter().map(|of| of.taken.wall_seconds).sum();
            assert_eq!(line.wall_seconds, Some(taken), "{line:?}");
        }
    }
    log.catch_up().unwrap();
    assert!(whole() == text, "nothing new, nothing twice");
}

fn deposits(world: &World, truths: &[Truth]) {
    let mut planned: Vec<DepositLine> = Vec::new();
    for truth in truths {
        let Some((project, received, acknowledged)) = truth.deposit.clone() else { continue };
        let thread = world.thread(truth.matter);
        planned.push(DepositLine {
            thread: thread.id,
            organisation: thread.counterpart.name,
            project,
            received: timestamp(received),
            documents: vec!["fiche.pdf".to_owned()],
            acknowledged: Some(timestamp(acknowledged)),
        });
    }
    planned.sort_by_key(|line| (line.received, line.thread));
    assert_eq!(world.parts.report.deposits().unwrap(), planned);
}

fn letters(world: &World, truths: &[Truth]) {
    let letters: Vec<Letter> = world.parts.letters().iter().map(|raw| Letter::read(raw)).collect();
    let mut planned: Vec<(Vec<String>, Vec<String>)> = truths
        .iter()
        .flat_map(|truth| &truth.letters)
        .map(|(to, answers)| (vec![to.clone()], answers.iter().cloned().collect()))
        .collect();
    let mut left: Vec<(Vec<String>, Vec<String>)> =
        letters.iter().map(|letter| (letter.recipients.clone(), letter.in_reply_to.clone())).collect();
    planned.sort();
    left.sort();
    assert_eq!(left.len(), planned.len());
    for (left, planned) in left.iter().zip(&planned) {
        assert_eq!(left, planned);
    }
    for letter in &letters {
        for trace in [OPINION, COLLEAGUES, "@serveur.example"] {
            assert!(!letter.text.contains(trace) && !letter.all.contains(trace), "{trace}:\n{}", letter.all);
        }
    }
}

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
use greffier::report::{DepositLine, ResponseTime, Scope};
use greffier::thread::State;
use std::collections::{BTreeMap, BTreeSet};

/// Two days on which a circular letter makes everybody ask the same within the hour.
const FLOODS: [(i64, &str); 2] = [(8, SURE[0]), (22, SURE[3])];
const FLOOD: usize = 150;

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
    world.live(&plan);
    states(&world, &truths);
    response_times(&world, &truths);
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

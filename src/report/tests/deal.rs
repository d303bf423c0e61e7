//! What is dealt: answered question *k* waits `60 + 5k` seconds of business time, and the digits of *k* in mixed
//! radix are its entry, its kind, its month and its hour. What follows from the day on which it came (wall time,
//! business days, stages) is counted by [`Office`].

use super::office::{DAY, Moment, Office, day};
use super::{question, thread};
use crate::config::Target;
use crate::journal::LetterOutcome;
use crate::organisation::Kind;
use crate::report::{ResponseTime, Stage};
use crate::thread::{Answer, Channel, Fate, Line, Pause, Question, Thread};
use jiff::Timestamp;
use serde_json::json;

/// Eight entries (the last is none), five kinds, twelve months, twenty-four hours, four of each.
pub const ANSWERED: usize = 8 * 5 * 12 * 24 * 4;
const OPEN: usize = 2_920;
const CLOSED: usize = 1_000;
/// Those that the figures must not hold: they ask nothing, went to another office, or are old.
const SILENT: usize = 600;

pub const KINDS: [Kind; 5] =
    [Kind::Cegep, Kind::Universite, Kind::Ministere, Kind::Municipalite, Kind::Citoyen];

/// The business time that answered question `k` waits. Seconds.
pub fn wait(k: usize) -> i64 {
    60 + 5 * i64::try_from(k).unwrap()
}

/// For how many questions a digit stays the same before it changes, and how many values it has.
pub type Digit = (usize, usize);
pub const ENTRY: Digit = (1, 8);
pub const KIND: Digit = (8, 5);
pub const MONTH: Digit = (40, 12);
pub const HOUR: Digit = (480, 24);

pub fn digit(k: usize, (stride, radix): Digit) -> usize {
    k / stride % radix
}

/// What is known of a question beforehand. Seconds.
#[derive(Debug, Clone)]
pub struct Dealt {
    pub thread: u64,
    pub received: Moment,
    pub organisation: String,
    pub kind: Kind,
    pub entry: Option<String>,
    pub reviewer: Option<String>,
    /// Channel, wall time, business time, business days.
    pub answered: Option<(Channel, u64, u64, u32)>,
    pub closed: bool,
    /// Of an open one: wall time, business time, business days.
    pub age: Option<(u64, u64, u32)>,
    pub paused: u64,
    pub reopened: u32,
    pub offered: Option<(Fate, u8)>,
    /// Wall time and business time of each.
    pub stages: Vec<(Stage, u64, u64)>,
    pub target: u32,
}

/// All that is dealt.
pub struct Deal {
    office: Office,
    pub now: Moment,
    pub target: Target,
    pub dealt: Vec<Dealt>,
    threads: Vec<(Thread, Vec<LetterOutcome>)>,
    blank: Question,
}

pub fn timestamp(at: Moment) -> Timestamp {
    Timestamp::from_second(at.instant()).unwrap()
}

fn wall(from: Moment, to: Moment) -> i64 {
    to.instant() - from.instant()
}

/// A day of the month, a minute and a second that have nothing to do with the digits.
fn received(k: usize, month: usize, hour: usize) -> Moment {
    let scattered = k * 7_919 % 100_003;
    let mut number = day(month, scattered % 28 + 1);
    // Nothing comes in an hour that is there twice, or not at all.
    if number == day(3, 9) || number == day(11, 2) {
        number += 1;
    }
    let second = i64::try_from(hour * 3_600 + scattered % 3_600).unwrap();
    Moment { day: number, second }
}

impl Deal {
    /// As things stand on a Friday at noon.
    pub fn new() -> Self {
        let mut target = Target::default();
        target.entries.insert("entree-1".to_owned(), 5);
        target.kinds.insert(Kind::Municipalite, 1);
        let mut deal = Self {
            office: Office::new(),
            now: Moment { day: day(13, 30), second: 12 * 3_600 },
            target,
            dealt: Vec::with_capacity(50_000),
            threads: Vec::new(),
            blank: question(json!({})),
        };
        (0..ANSWERED).for_each(|k| deal.answered(k));
        (0..OPEN).for_each(|k| deal.open(k));
        (0..CLOSED).for_each(|k| deal.closed(k));
        (0..SILENT).for_each(|k| deal.silent(k));
        deal
    }

    /// What every question has: whose it is, and within how many days it should be answered.
    fn begin(&mut self, k: usize, kind: Kind, received: Moment) -> (Dealt, Question) {
        // Four questions in a row are one thread's.
        if k.is_multiple_of(4) {
            let mut thread = thread(Vec::new());
            thread.id = self.threads.len() as u64 + 1;
            thread.counterpart.kind = Some(kind);
            thread.counterpart.name = format!("Organisme {}", thread.id % 300);
            self.threads.push((thread, Vec::new()));
        }
        let (thread, _) = self.threads.last().unwrap();
        let entry = Some(digit(k, ENTRY)).filter(|entry| *entry < 7).map(|entry| format!("entree-{entry}"));
        let target = match (entry.as_deref(), kind) {
            (Some("entree-1"), _) => 5,
            (_, Kind::Municipalite) => 1,
            _ => 2,
        };
        let number = u32::try_from(thread.questions.len() + 1).unwrap();
        let question = Question {
            number,
            seq: thread.id * 100 + u64::from(number),
            received: timestamp(received),
            entries: entry.iter().cloned().chain(entry.iter().map(|_| "contact".to_owned())).collect(),
            reopened: if k.is_multiple_of(17) { 1 + u32::try_from(k % 3).unwrap() } else { 0 },
            ..self.blank.clone()
        };
        let dealt = Dealt {
            thread: thread.id,
            received,
            organisation: thread.counterpart.name.clone(),
            kind,
            entry,
            reviewer: None,
            answered: None,
            closed: false,
            age: None,
            paused: 0,
            reopened: question.reopened,
            offered: None,
            stages: Vec::new(),
            target,
        };
        (dealt, question)
    }

    fn put(&mut self, dealt: Dealt, question: Question) {
        self.threads.last_mut().unwrap().0.questions.push(question);
        self.dealt.push(dealt);
    }

    fn answered(&mut self, k: usize) {
        let received = received(k, digit(k, MONTH) + 1, digit(k, HOUR));
        let (mut dealt, mut question) = self.begin(k, KINDS[digit(k, KIND)], received);
        let (begins, wait) = (self.office.place(received), wait(k));
        // After how much of the wait the clock stands still, and for how long of business time.
        let pauses: Vec<(i64, i64)> = match k % 49 {
            3 => vec![(wait / 2, 1_800), (wait / 2 + wait / 8, 70_000)],
            of if of % 7 == 3 => vec![(wait / 2, 1_800 + i64::try_from(k % 5).unwrap() * 28_800)],
            _ => Vec::new(),
        };
        let mut stretches = Vec::new();
        let mut still = 0;
        for (after, long) in pauses {
            let from = begins + after + still;
            stretches.push((from, from + long));
            still += long;
        }
        let moment = |place: i64| self.office.moment(place);
        let walls: Vec<i64> = stretches.iter().map(|(from, to)| wall(moment(*from), moment(*to))).collect();
        let paused: i64 = walls.iter().sum();
        // The pauses lie between taking it in hand and approving it.
        let (drafted, claimed) = (moment(begins + wait / 8), moment(begins + wait / 4));
        let approved = moment(begins + still + wait * 3 / 4);
        let answered = moment(begins + still + wait);
        let channel = match k % 11 {
            5 => Channel::Outside,
            6 => Channel::Telephone,
            7 => Channel::Meeting,
            8 => Channel::Other,
            _ => Channel::Inside,
        };
        let inside = channel == Channel::Inside;
        let stage = |stage, from, to, paused: i64, business: i64| {
            (stage, (wall(from, to) - paused).cast_unsigned(), business.cast_unsigned())
        };
        dealt.stages = vec![
            stage(Stage::Draft, received, drafted, 0, wait / 8),
            stage(Stage::Claim, drafted, claimed, 0, wait / 4 - wait / 8),
        ];
        dealt.stages.extend(match inside {
            true => vec![
                stage(Stage::Writing, claimed, approved, paused, wait * 3 / 4 - wait / 4),
                stage(Stage::Delivery, approved, answered, 0, wait - wait * 3 / 4),
            ],
            false => vec![stage(Stage::Elsewhere, claimed, answered, paused, wait - wait / 4)],
        });
        let spared: i64 = stretches.iter().map(|(from, to)| Office::whole_days(*from, *to)).sum();
        let days = self.office.days_after(received.day, answered.day) - spared;
        let total = (wall(received, answered) - paused).cast_unsigned();
        dealt.answered = Some((channel, total, wait.cast_unsigned(), u32::try_from(days).unwrap()));
        dealt.paused = paused.cast_unsigned();
        dealt.reviewer = inside.then(|| ["Luc Gagnon", "Marie Tremblay"][k / 3 % 2].to_owned());

        question.pauses = stretches
            .iter()
            .map(|(from, to)| Pause {
                from: timestamp(moment(*from)),
                to: Some(timestamp(moment(*to))),
                reason: "numéro".to_owned(),
            })
            .collect();
        (question.drafted, question.claimed) = (Some(timestamp(drafted)), Some(timestamp(claimed)));
        question.approved = inside.then(|| timestamp(approved));
        let message_id = inside.then(|| format!("lettre-{k}@ministere.example"));
        question.answer = Some(Answer {
            at: timestamp(answered),
            channel,
            message_id: message_id.as_deref().map(|id| serde_json::from_value(json!(id)).unwrap()),
            by: dealt.reviewer.clone(),
        });
        if let (Some(id), Some(entry), 0) = (message_id, &dealt.entry, k % 3) {
            let changed = u8::try_from(k % 90 + 6).unwrap();
            let (fate, changed) = [(Fate::AsIs, 0), (Fate::Edited, changed), (Fate::Rejected, 0)][k / 3 % 3];
            dealt.offered = Some((fate, changed));
            let (thread, letters) = self.threads.last_mut().unwrap();
            let seq = question.seq + 50;
            letters.push(LetterOutcome { seq, slug: entry.clone(), fate, changed });
            let line: Line = serde_json::from_value(json!({
                "blob": "", "direction": "outgoing", "seq": seq, "occurred": timestamp(answered),
                "message_id": id, "cites": [], "human": true,
            }))
            .unwrap();
            thread.messages.push(line);
        }
        self.put(dealt, question);
    }

    /// Some of them wait for whoever asked, since ten minutes of business time after they came.
    fn open(&mut self, k: usize) {
        let received = received(k, k % 13 + 1, k / 13 % 24);
        let (mut dealt, mut question) = self.begin(k, KINDS[k / 4 % 5], received);
        let begins = self.office.place(received);
        let days = self.office.days_after(received.day, self.now.day);
        let (wall_time, business, days) = if k.is_multiple_of(5) {
            let from = begins + 600;
            question.pauses = vec![Pause {
                from: timestamp(self.office.moment(from)),
                to: None,
                reason: "numéro".to_owned(),
            }];
            dealt.paused = wall(self.office.moment(from), self.now).cast_unsigned();
            // Of this day, too, nothing was ours so far: it is only half over, but the clock stands still.
            let today = self.office.place(Moment { second: 86_399, ..self.now });
            let spared = Office::whole_days(from, today);
            (wall(received, self.office.moment(from)), 600, days - spared)
        } else {
            (wall(received, self.now), self.office.place(self.now) - begins, days)
        };
        let days = u32::try_from(days).unwrap();
        dealt.age = Some((wall_time.cast_unsigned(), business.cast_unsigned(), days));
        self.put(dealt, question);
    }

    fn closed(&mut self, k: usize) {
        let received = received(k, k % 12 + 1, k / 12 % 24);
        let (mut dealt, mut question) = self.begin(k, KINDS[k / 4 % 5], received);
        question.closed = Some(timestamp(self.office.moment(self.office.place(received) + 1_000)));
        dealt.closed = true;
        self.put(dealt, question);
    }

    /// Answered after four weeks, if it were a question of ours.
    fn silent(&mut self, k: usize) {
        let received = received(k, k % 12 + 1, 10);
        let (_, mut question) = self.begin(k, Kind::Cegep, received);
        let at = received.instant() + 28 * DAY;
        let at = Timestamp::from_second(at).unwrap();
        question.answer = Some(Answer { at, channel: Channel::Inside, message_id: None, by: None });
        match k % 3 {
            0 => question.counts = false,
            1 => question.transferred = Some(at),
            _ => (question.history, question.answer) = (true, None),
        }
        self.threads.last_mut().unwrap().0.questions.push(question);
    }

    /// What the code under test makes of it, in the order of receipt.
    pub fn lines(&self) -> Vec<ResponseTime> {
        let calendar = confirmed();
        let all = self.threads.iter();
        let mut lines: Vec<ResponseTime> = all
            .flat_map(|(thread, letters)| ResponseTime::of_thread(thread, letters, &calendar, &self.target))
            .map(Result::unwrap)
            .collect();
        lines.iter_mut().for_each(|line| line.grow_older(&calendar, timestamp(self.now)));
        lines.sort_by_key(|line| (line.received, line.thread, line.question));
        lines
    }
}

/// The shipped calendar, as if somebody had compared all its years with the published one.
pub fn confirmed() -> crate::calendar::Calendar {
    let text = crate::calendar::DEFAULT.replace("confirmed = false", "confirmed = true");
    crate::calendar::Calendar::parse(&text).unwrap()
}

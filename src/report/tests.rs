//! Figures of questions that are known by construction; and the example of the documentation.

use super::figures::{distribution, groups, stages};
use super::*;
use crate::config::Target;
use crate::journal::LetterOutcome;
use crate::organisation::{Counterpart, Kind};
use crate::thread::{Fate, Question, State, Thread};
use serde_json::{Value, json};

mod deal;
mod office;
mod year;

/// A moment by the clock of Québec.
pub(super) fn at(text: &str) -> Timestamp {
    let zone = calendar().zone().clone();
    text.parse::<jiff::civil::DateTime>().unwrap().to_zoned_datetime(zone).unwrap().timestamp()
}

pub(super) fn calendar() -> Calendar {
    Calendar::parse(crate::calendar::DEFAULT).unwrap()
}

/// A question with these fields, and nothing else.
pub(super) fn question(fields: Value) -> Question {
    let mut whole = json!({
        "number": 1, "blob": "", "seq": 1, "received": Timestamp::UNIX_EPOCH, "history": false, "counts": true,
        "entries": ["contact"], "drafted": null, "claimed": null, "approved": null, "answer": null,
        "closed": null,
    });
    for (name, value) in fields.as_object().unwrap() {
        whole[name] = value.clone();
    }
    serde_json::from_value(whole).unwrap()
}

/// A thread of a cégep with these questions.
pub(super) fn thread(questions: Vec<Question>) -> Thread {
    let counterpart = Counterpart {
        key: "domain:cegep.example".to_owned(),
        name: "Cégep des Rives".to_owned(),
        kind: Some(Kind::Cegep),
    };
    let mut thread: Thread = serde_json::from_value(json!({
        "id": 1, "version": 1, "state": State::Answered, "counterpart": counterpart, "subject": "",
        "received": Timestamp::UNIX_EPOCH, "level": null, "suggestions": [], "chosen": false, "messages": [],
        "questions": [], "draft": null, "edited": false, "letter": null, "sent": [], "claim": null, "links": [],
        "refused_links": [], "merged_into": null, "merged": [], "reason": null, "server_said": null,
        "purged": false,
    }))
    .unwrap();
    thread.questions = questions;
    thread
}

fn lines(questions: Vec<Question>, now: Timestamp) -> Vec<ResponseTime> {
    let (calendar, target) = (calendar(), Target::default());
    let lines = ResponseTime::of_thread(&thread(questions), &[], &calendar, &target);
    let mut lines: Vec<_> = lines.into_iter().map(Result::unwrap).collect();
    lines.iter_mut().for_each(|line| line.grow_older(&calendar, now));
    lines
}

/// Ten questions, each asked at 9 o'clock of a working day and answered so many business days later.
fn ten() -> Vec<ResponseTime> {
    let days = ["24", "25", "26", "27", "28", "31"];
    let answered = |from: usize, to: usize, channel: &str| {
        let (from, to) = (format!("2025-03-{} 09:00", days[from]), format!("2025-03-{} 10:00", days[to]));
        question(json!({
            "received": at(&from), "answer": { "at": at(&to), "channel": channel }, "reopened": from.len() % 2,
        }))
    };
    let mut questions = vec![
        answered(0, 0, "inside"),
        answered(0, 1, "inside"),
        answered(0, 2, "inside"),
        answered(0, 3, "outside"),
        answered(1, 1, "telephone"),
        answered(1, 5, "inside"),
        answered(2, 2, "inside"),
    ];
    questions.push(question(json!({ "received": at("2025-03-24 09:00"), "entries": [] })));
    questions.push(question(json!({ "received": at("2025-03-31 09:00") })));
    questions.push(question(json!({
        "received": at("2025-03-24 09:00"), "closed": at("2025-03-24 09:30"), "reopened": 1,
    })));
    lines(questions, at("2025-03-31 12:00"))
}

#[test]
fn the_figures_of_a_group_are_those_of_its_questions() {
    let lines = ten();
    let figures = Figures::of(String::new(), &lines.iter().collect::<Vec<_>>());
    assert_eq!((figures.questions, figures.count, figures.open, figures.closed), (10, 7, 2, 1));
    assert_eq!((figures.within, figures.overdue), (5, 1), "the one of the 24th is late");
    assert_eq!(figures.share, Some(5.0 / 8.0), "what is open and late missed its target, too");
    assert_eq!((figures.outside, figures.spoken, figures.off_faq, figures.reopened), (1, 1, 1, 1));
    // 1 h; then 8 h a day: 1, 1, 1, 9, 17, 25, 33.
    let hour = 3600;
    assert_eq!(figures.business_median, Some(9 * hour));
    assert_eq!(figures.business.p75, Some(25 * hour));
    assert_eq!((figures.business_p90, figures.business_max), (Some(33 * hour), Some(33 * hour)));
}

#[test]
fn every_figure_opens_as_many_questions_as_it_counts() {
    let calendar = calendar();
    let mut lines = ten();
    lines.extend(texts());
    let all: Vec<&ResponseTime> = lines.iter().collect();
    let figures = Figures::of(String::new(), &all);
    let found = |behind: Behind| lines.iter().flat_map(|line| behind.lines(line, &calendar)).count();
    let behind = |counted: Counted| found(Behind { group: None, counted });
    let expected = [
        (Counted::All, figures.questions),
        (Counted::Answered, figures.count),
        (Counted::Within, figures.within),
        (Counted::Late, figures.count - figures.within + figures.overdue),
        (Counted::Open, figures.open),
        (Counted::Overdue, figures.overdue),
        (Counted::Closed, figures.closed),
        (Counted::Outside, figures.outside),
        (Counted::Spoken, figures.spoken),
        (Counted::Reopened, figures.reopened),
        (Counted::OffFaq, figures.off_faq),
        (Counted::AsIs, figures.as_is),
        (Counted::Edited, figures.edited),
        (Counted::Rejected, figures.rejected),
    ];
    for (counted, count) in expected {
        assert_eq!(behind(counted), count, "{counted}");
    }
    for band in distribution(&all) {
        assert_eq!(behind(Counted::Days(band.business_days)), band.count);
    }
    for stage in stages(&all) {
        assert_eq!(behind(Counted::Stage(stage.stage)), stage.business.n);
    }
    for by in By::ALL {
        for group in groups(&lines, by, &calendar) {
            let of = |counted| found(Behind { group: Some((by, group.group.clone())), counted });
            let counts = [
                (Counted::All, group.questions),
                (Counted::Answered, group.count),
                (Counted::Open, group.open),
                (Counted::AsIs, group.as_is),
                (Counted::Edited, group.edited),
                (Counted::Rejected, group.rejected),
            ];
            for (counted, count) in counts {
                assert_eq!(of(counted), count, "{by:?} {} {counted}", group.group);
            }
        }
    }
}

/// A letter with two texts, one of them edited, that answers two questions; and one for which `contact` was sent
/// in place of what was offered.
fn texts() -> Vec<ResponseTime> {
    let asked = |number: u32, letter: &str, entries: &[&str]| {
        question(json!({
            "number": number, "received": at("2025-03-24 09:00"), "entries": entries,
            "answer": { "at": at("2025-03-24 10:00"), "channel": "inside", "message_id": letter },
        }))
    };
    let both = ["organismes-vises", "duree-suspension"];
    let (one, two) = ("a@desk.example", "b@desk.example");
    let questions = vec![asked(1, one, &both), asked(2, one, &both[1..]), asked(3, two, &["contact"])];
    let mut thread = thread(questions);
    let letter = |seq: u64, id: &str| {
        serde_json::from_value(json!({
            "blob": "", "direction": "outgoing", "seq": seq, "occurred": at("2025-03-24 10:00"),
            "message_id": id, "cites": [], "human": true,
        }))
        .unwrap()
    };
    thread.messages = vec![letter(7, one), letter(8, two)];
    let text = |seq, slug: &str, fate, changed| LetterOutcome { seq, slug: slug.to_owned(), fate, changed };
    let letters = [
        text(7, both[0], Fate::AsIs, 0),
        text(7, both[1], Fate::Edited, 30),
        text(8, both[1], Fate::Rejected, 0),
    ];
    let lines = ResponseTime::of_thread(&thread, &letters, &calendar(), &Target::default());
    lines.into_iter().map(Result::unwrap).collect()
}

#[test]
fn a_text_counts_once_a_letter_and_under_its_own_entry() {
    let lines = texts();
    let fates = |of: &Figures| (of.group.clone(), of.questions, of.as_is, of.edited, of.rejected);
    let by_entry: Vec<_> = groups(&lines, By::Entry, &calendar()).iter().map(fates).collect();
    let of = |name: &str, questions, as_is, edited, rejected| {
        (name.to_owned(), questions, as_is, edited, rejected)
    };
    let expected =
        [of("contact", 1, 0, 0, 0), of("duree-suspension", 1, 0, 1, 1), of("organismes-vises", 1, 1, 0, 0)];
    assert_eq!(by_entry, expected);
    let whole: Vec<_> = groups(&lines, By::Kind, &calendar()).iter().map(fates).collect();
    assert_eq!(whole, [of("cegep", 3, 1, 1, 1)]);
    // The list names the text that the number counts, and leads to the question that its letter answered.
    let (group, counted) = (Some((By::Entry, "duree-suspension".to_owned())), Counted::Rejected);
    let behind = Behind { group, counted };
    let calendar = calendar();
    let found: Vec<_> = lines.iter().flat_map(|line| behind.lines(line, &calendar)).collect();
    let told: Vec<_> = found.iter().map(|line| (line.question, line.offered[0].entry.as_str())).collect();
    assert_eq!(told, [(3, "duree-suspension")]);
}

#[test]
fn groups_are_cut_by_the_clock_of_the_desk() {
    // 3 a.m. in London is the evening before in Québec; 1 January 2027 lies in the last week of 2026.
    let asked = |moment: &str| question(json!({ "received": moment }));
    let lines = lines(
        vec![asked("2025-04-01T03:00:00Z"), asked("2027-01-01T15:00:00Z")],
        "2027-01-04T15:00:00Z".parse().unwrap(),
    );
    let names = |by| -> Vec<String> {
        groups(&lines, by, &calendar()).into_iter().map(|group| group.group).collect()
    };
    assert_eq!(names(By::Day), ["2025-03-31", "2027-01-01"]);
    assert_eq!(names(By::Week), ["2025-W14", "2026-W53"]);
    assert_eq!(names(By::Month), ["2025-03", "2027-01"]);
    assert_eq!(names(By::Hour), ["10", "23"]);
    assert_eq!(names(By::Kind), ["cegep"]);
}

#[test]
fn an_entry_or_a_kind_may_have_days_of_its_own() {
    let mut target = Target::default();
    target.kinds.insert(Kind::Cegep, 5);
    assert_eq!(target.days_for(Some("contact"), Some(Kind::Cegep)), 5);
    target.entries.insert("contact".to_owned(), 1);
    assert_eq!(target.days_for(Some("contact"), Some(Kind::Cegep)), 1, "the entry goes first");
    assert_eq!(target.days_for(None, None), 2);
}

#[test]
fn a_question_is_late_from_the_day_after_its_last_business_day() {
    let asked =
        |received: &str| thread(vec![question(json!({ "received": at(received), "entries": ["contact"] }))]);
    let mut target = Target::default();
    // Asked on a Thursday: Friday and Monday are its two business days.
    let thursday = asked("2025-03-27 16:00");
    assert!(!target.is_late(&thursday, &calendar(), at("2025-03-31 23:59")));
    assert!(target.is_late(&thursday, &calendar(), at("2025-04-01 00:00")));
    target.entries.insert("contact".to_owned(), 3);
    assert!(!target.is_late(&thursday, &calendar(), at("2025-04-01 00:00")));
    assert!(
        !target.is_late(&asked("2199-12-31 09:00"), &calendar(), Timestamp::MAX),
        "nobody knows those days"
    );
    // A second message does not make the first one younger, and days of rest make nothing late.
    let twice = thread(vec![
        question(json!({ "received": at("2025-03-25 10:00"), "entries": ["contact"] })),
        question(json!({ "received": at("2025-03-28 16:00"), "entries": ["contact"] })),
    ]);
    assert!(!target.is_late(&twice, &calendar(), at("2025-03-30 12:00")));
    assert!(target.is_late(&twice, &calendar(), at("2025-03-31 00:00")));
    assert_eq!(target.late(&twice, &calendar(), at("2025-03-31 00:00")).count(), 1, "the older of the two");
    // What the asker owes us is nobody's delay.
    let paused = thread(vec![question(json!({
        "received": at("2025-03-25 10:00"), "entries": ["contact"],
        "pauses": [{ "from": at("2025-03-25 11:00"), "to": null, "reason": "dossier" }],
    }))]);
    assert!(!target.is_late(&paused, &calendar(), at("2025-05-30 12:00")));
    let answered = thread(vec![question(json!({
        "received": at("2025-03-03 09:00"), "entries": ["contact"],
        "answer": { "at": at("2025-03-03 10:00"), "channel": "inside", "message_id": "a@desk.example" },
    }))]);
    assert!(!target.is_late(&answered, &calendar(), at("2025-04-01 00:00")));
}

#[test]
fn texts_stand_in_the_order_of_the_letter_wherever_they_were_found() {
    let mut thread = thread(vec![question(json!({
        "received": at("2025-03-24 09:00"), "entries": ["organismes-vises", "duree-suspension"],
        "answer": { "at": at("2025-03-24 10:00"), "channel": "inside", "message_id": "a@desk.example" },
    }))]);
    thread.messages = vec![
        serde_json::from_value(json!({
            "blob": "", "direction": "outgoing", "seq": 7, "occurred": at("2025-03-24 10:00"),
            "message_id": "a@desk.example", "cites": [], "human": true,
        }))
        .unwrap(),
    ];
    let outcome = |slug: &str| LetterOutcome { seq: 7, slug: slug.to_owned(), fate: Fate::AsIs, changed: 0 };
    let mut letters = ["contact", "duree-suspension", "organismes-vises"].map(outcome);
    for _ in 0..2 {
        let line =
            ResponseTime::of_thread(&thread, &letters, &calendar(), &Target::default()).remove(0).unwrap();
        let entries: Vec<&str> = line.offered.iter().map(|of| of.entry.as_str()).collect();
        // What the letter no longer holds was offered, too.
        assert_eq!(entries, ["organismes-vises", "duree-suspension", "contact"]);
        letters.reverse();
    }
}

/// The example of `docs/delais.md`, computed; every row of its table must be what the code says.
#[test]
fn the_documentation_s_example_is_what_the_code_computes() {
    let text = include_str!("../../docs/delais.md");
    let asked = question(json!({
        "received": at("2025-04-17 15:30"), "drafted": at("2025-04-17 15:31"),
        "claimed": at("2025-04-22 09:00"), "approved": at("2025-04-24 10:10"),
        "answer": { "at": at("2025-04-24 10:11"), "channel": "inside" },
        "pauses": [{ "from": at("2025-04-22 09:40"), "to": at("2025-04-24 10:00"), "reason": "numéro" }],
    }));
    let line = lines(vec![asked], at("2025-04-25 12:00")).remove(0);
    let wording = Wording::of(crate::wording::Language::Fr);
    let duration = |seconds: u64| format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60);
    let row = |name: &str, wall: u64, business: u64| {
        format!("| {name} | {} | {} |", duration(wall), duration(business))
    };
    let mut rows: Vec<String> = line
        .stages
        .iter()
        .map(|StageTime { stage, taken }| {
            let name = wording.text(&format!("report-stage-{}", stage.key()));
            row(&name, taken.wall_seconds, taken.business_seconds)
        })
        .collect();
    rows.push(row("**total**", line.wall_seconds.unwrap(), line.business_seconds.unwrap()));
    rows.push(format!("pauses : {}", duration(line.paused_seconds)));
    rows.push(format!("jours ouvrables : {}", line.business_days.unwrap()));
    for row in rows {
        assert!(text.contains(&row), "docs/delais.md lacks: {row}");
    }
}

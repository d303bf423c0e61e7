//! The whole table of turns, and the stories that the states exist for.

mod week;

use super::*;
use crate::classify::{Label, Level};
use crate::draft::{Adjustment, Adjustments, Draft, LetterKind};
use crate::message::{Address, Automatic, Message, Newest};
use crate::wording::Language;

pub(crate) fn message(id: &str, from: &str) -> Message {
    Message {
        id: MessageId::parse(id).unwrap(),
        in_reply_to: Vec::new(),
        references: Vec::new(),
        from: Some(Address { name: None, email: from.to_owned() }),
        reply_to: Vec::new(),
        to: Vec::new(),
        cc: Vec::new(),
        date: None,
        subject: "Question".to_owned(),
        text: String::new(),
        newest: Newest { text: "Jusqu’à quand ?".to_owned(), ..Newest::default() },
        attachments: Vec::new(),
        automatic: None,
        language: Language::Fr,
        letter: None,
        defects: Vec::new(),
    }
}

fn counterpart() -> Counterpart {
    serde_json::from_str(r#"{"key":"domain:cegep.example","name":"cegep.example","kind":null}"#).unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_742_911_560 + second).unwrap()
}

fn place() -> Place {
    Place { mailbox: "b@m.example".into(), folder: "INBOX".into(), mark: "1:1".into() }
}

fn arrival(blob: &str, message: Message) -> Event {
    Event::Received(Arrival {
        blob: blob.to_owned(),
        size: 1,
        place: place(),
        counterpart: counterpart(),
        message,
        history: false,
        medium: Medium::Mail,
    })
}

fn received(blob: &str, id: &str) -> Event {
    arrival(blob, message(id, "a@cegep.example"))
}

fn automatic(blob: &str, id: &str) -> Event {
    arrival(blob, Message { automatic: Some(Automatic::AutoReply), ..message(id, "a@cegep.example") })
}

fn outgoing(blob: &str, id: &str, cites: &str) -> Outgoing {
    let message =
        Message { in_reply_to: MessageId::parse(cites).into_iter().collect(), ..message(id, "b@m.example") };
    Outgoing { blob: blob.to_owned(), size: 1, place: place(), counterpart: counterpart(), message }
}

pub(crate) fn draft() -> Draft {
    Draft {
        kind: LetterKind::Answer,
        language: Language::Fr,
        recipients: Vec::new(),
        left_out: Vec::new(),
        subject: "RE: Question".to_owned(),
        body: "Bonjour,".to_owned(),
        quote: None,
        in_reply_to: None,
        references: Vec::new(),
        entries: Vec::new(),
        english: Vec::new(),
        open_fields: Vec::new(),
        sample: false,
        attachments: Vec::new(),
        adjustments: Adjustments::default(),
    }
}

fn approved() -> Event {
    Event::Approved(Approval {
        // As the journal gives it back.
        seal: serde_json::from_value(serde_json::json!({
            "sha256": "s",
            "digest": "d",
            "message_id": "letter@m.example",
            "envelope_from": "b@m.example",
            "recipients": ["a@cegep.example"],
        }))
        .unwrap(),
        blob: "letter".into(),
        due: at(100),
        seen: 3,
        confirmed: Vec::new(),
        despite_superseded: Vec::new(),
        entries: vec!["duree-suspension".into()],
        changed: Vec::new(),
        kind: LetterKind::Answer,
        to_sign: false,
    })
}

fn prepared() -> Event {
    Event::DraftPrepared { draft: draft(), edited: false }
}

fn letter(kind: LetterKind) -> Event {
    Event::DraftPrepared { draft: Draft { kind, ..draft() }, edited: false }
}

fn approved_as(kind: LetterKind, to_sign: bool) -> Event {
    match approved() {
        Event::Approved(approval) => Event::Approved(Approval { kind, to_sign, ..approval }),
        other => other,
    }
}

fn opinion(blob: &str, id: &str) -> Event {
    match received(blob, id) {
        Event::Received(arrival) => Event::OpinionReceived(arrival),
        other => other,
    }
}

/// A letter of this kind, from its draft to its departure.
fn sent_as(kind: LetterKind) -> Vec<Event> {
    let attempt = Event::SendAttempted { attempt: 1, seal: "s".into() };
    vec![letter(kind), approved_as(kind, false), attempt, Event::Sent { reply: String::new() }]
}

fn bounced() -> Event {
    Event::Bounced { blob: "bounce".into(), letter: MessageId::parse("letter@m.example").unwrap() }
}

/// One of each, in the order of the enum.
fn events() -> Vec<Event> {
    let taken = Box::new(thread(&[received("other", "other@cegep.example")]));
    let reply = String::new;
    let cause = || "outbox-cause-answer".to_owned();
    vec![
        received("new", "new@cegep.example"),
        automatic("auto", "auto@cegep.example"),
        Event::SetAside { blob: "q".into(), reason: SetAsideReason::AutoReply },
        Event::Noted { blob: "q".into(), reason: NoteReason::NoQuestion },
        Event::Classified {
            blob: "q".into(),
            level: Level::Sure,
            suggestions: Vec::new(),
            first: None,
            flags: Vec::new(),
            doubts: Vec::new(),
        },
        prepared(),
        Event::Claimed,
        Event::Released,
        Event::DraftEdited { draft: draft() },
        Event::DraftAdjusted { draft: draft(), what: Adjustment::FieldsFilled },
        Event::Reclassified { entries: Vec::new(), draft: draft() },
        Event::NoteAdded { text: "n".into() },
        approved(),
        Event::ApprovalVoided { reason: VoidReason::NewerMail },
        Event::Withdrawn,
        Event::ClosedWithoutReply(CloseReason { text: "r".into() }),
        Event::SendAttempted { attempt: 1, seal: "s".into() },
        Event::Sent { reply: reply() },
        Event::SendDeferred { until: at(500), cause: cause(), reply: reply() },
        Event::SendFailed { cause: cause(), reply: reply() },
        Event::SendUncertain { cause: cause(), reply: reply() },
        Event::UncertainSettled { outcome: Settlement::Sent },
        Event::CopyFiled { digest: "d".into() },
        Event::AnsweredOutside(outgoing("o", "o@m.example", "q@cegep.example")),
        Event::SentSeen(outgoing("o", "o@m.example", "q@cegep.example")),
        Event::AnswerFound { blob: "o".into() },
        bounced(),
        Event::LinkProposed { other: 9 },
        Event::LinkConfirmed { other: 9 },
        Event::LinkRefused { other: 9 },
        Event::Merged { from: 9, taken },
        Event::MergedInto { into: 1 },
        Event::ExampleAdded {
            label: Label::OffFaq,
            language: Language::Fr,
            text: "Quand ?".into(),
            question: 1,
        },
        Event::ExampleWithdrawn { example: 1 },
        Event::ExampleAdopted { example: 1 },
        Event::SignedOff { seal: "s".into(), due: at(200) },
        Event::HoldingSent(outgoing("h", "h@m.example", "q@cegep.example")),
        Event::OutsideJudged { blob: "o".into(), answers: true },
        Event::OpinionAsked {
            to: Vec::new(),
            message: Some(outgoing("f", "f@m.example", "q@cegep.example")),
        },
        opinion("op", "op@m.example"),
        Event::AwaitingAsker { reason: "le projet".into() },
        Event::Resumed { reason: ResumeReason::Reviewer },
        Event::AnsweredOtherwise { medium: Medium::Telephone, summary: "oui".into(), questions: Vec::new() },
        Event::ReceivedCorrected { question: 1, received: at(-500), reason: "r".into() },
        Event::Deposited { blob: "q".into(), project: "p".into(), documents: Vec::new() },
        Event::DraftDiscarded,
        Event::Opened { counterpart: counterpart(), subject: "s".into() },
        letter(LetterKind::Holding),
        letter(LetterKind::Acknowledgement),
        letter(LetterKind::Correction),
        letter(LetterKind::Transfer),
        Event::EntrySuspended { entry: "contact".into(), reason: "r".into() },
        Event::EntryResumed { entry: "contact".into() },
        Event::Reopened,
        Event::Purged { rule: "r".into(), authority: "a".into() },
    ]
}

fn thread(events: &[Event]) -> Thread {
    let mut thread: Option<Thread> = None;
    for (event, seq) in events.iter().zip(1..) {
        let recorded = Recorded {
            seq,
            thread: 7,
            recorded: at(seq as i64),
            occurred: at(seq as i64),
            actor: Actor::reviewer("Marie", None),
            event: event.clone(),
        };
        match &mut thread {
            Some(thread) => thread.apply(&recorded).unwrap(),
            None => thread = Some(Thread::begin(&recorded).unwrap()),
        }
    }
    thread.unwrap()
}

fn then(thread: &Thread, event: &Event) -> Result<Thread, WrongTurn> {
    let mut thread = thread.clone();
    let recorded = Recorded {
        seq: 1000,
        thread: 7,
        recorded: at(1000),
        occurred: at(1000),
        actor: Actor::reviewer("Marie", None),
        event: event.clone(),
    };
    thread.apply(&recorded).map(|()| thread)
}

/// A thread in each state that can be reached now.
fn in_each_state() -> Vec<Thread> {
    let attempt = Event::SendAttempted { attempt: 1, seal: "s".into() };
    let (cause, reply) = ("outbox-cause-answer".to_owned(), String::new());
    let sent = Event::Sent { reply: reply.clone() };
    let uncertain = Event::SendUncertain { cause: cause.clone(), reply: reply.clone() };
    let failed = Event::SendFailed { cause, reply };
    let way: Vec<Event> = vec![received("q", "q@cegep.example"), prepared(), approved(), attempt];
    let after = |count: usize, more: &[Event]| {
        let mut events = way[..count].to_vec();
        events.extend_from_slice(more);
        thread(&events)
    };
    vec![
        after(1, &[]),
        after(2, &[]),
        after(3, &[]),
        after(4, &[]),
        after(4, &[sent]),
        thread(&[
            automatic("q", "q@cegep.example"),
            Event::SetAside { blob: "q".into(), reason: SetAsideReason::AutoReply },
        ]),
        after(1, &[Event::Noted { blob: "q".into(), reason: NoteReason::OnlyCc }]),
        after(4, &[uncertain]),
        after(4, &[failed]),
        after(2, &[Event::ClosedWithoutReply(CloseReason { text: "r".into() })]),
        after(2, &[approved_as(LetterKind::Answer, true)]),
        after(2, &[Event::AwaitingAsker { reason: "le projet".into() }]),
        after(2, &sent_as(LetterKind::Transfer)),
    ]
}

#[test]
fn the_table_of_turns() {
    let mut table = String::new();
    for thread in in_each_state() {
        for event in events() {
            let kind = match &event {
                Event::Received(arrival) if arrival.message.automatic.is_some() => "Received(automatic)",
                Event::DraftPrepared { draft, .. } if draft.kind != LetterKind::Answer => draft.kind.key(),
                other => other.name(),
            };
            let turn = match then(&thread, &event) {
                Ok(after) => after.state.to_string(),
                Err(refused) => {
                    assert_eq!(refused.state, thread.state);
                    "refused".to_owned()
                }
            };
            table.push_str(&format!("{:16} {kind:20} {turn}\n", thread.state.to_string()));
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/thread/turns.expected");
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if table != expected {
        std::fs::write(path.replace(".expected", ".actual"), &table).unwrap();
    }
    let changed: Vec<_> =
        table.lines().filter(|line| !expected.lines().any(|known| known == *line)).collect();
    assert_eq!(changed, Vec::<&str>::new(), "new turns; if they are meant, accept turns.actual");
    assert!(table == expected, "the table differs from turns.expected; if it is meant, accept turns.actual");
}

#[test]
fn every_state_is_reached() {
    let reached: Vec<State> = in_each_state().iter().map(|thread| thread.state).collect();
    for state in State::ALL {
        assert!(reached.contains(&state), "{state}");
    }
}

#[test]
fn only_a_letter_or_an_outside_answer_stops_the_clock() {
    for event in events() {
        for thread in in_each_state() {
            let before = thread.questions.iter().filter(|question| question.answer.is_some()).count();
            let Ok(after) = then(&thread, &event) else { continue };
            let answered = after.questions.iter().filter(|question| question.answer.is_some()).count();
            if answered > before {
                assert!(
                    matches!(
                        event,
                        Event::Sent { .. }
                            | Event::UncertainSettled { .. }
                            | Event::AnsweredOutside(_)
                            | Event::AnswerFound { .. }
                            | Event::OutsideJudged { .. }
                            | Event::AnsweredOtherwise { .. }
                    ),
                    "{} answered a question in {}",
                    event.name(),
                    thread.state
                );
            }
        }
    }
}

#[test]
fn a_follow_up_has_a_clock_of_its_own() {
    let mut events = vec![
        received("q", "q@cegep.example"),
        prepared(),
        approved(),
        Event::SendAttempted { attempt: 1, seal: "s".into() },
        received("q2", "q2@cegep.example"),
        Event::Sent { reply: String::new() },
    ];
    let waiting = thread(&events);
    assert_eq!(waiting.state, State::New, "what came during the attempt still waits");
    assert_eq!(waiting.questions[0].answer.as_ref().unwrap().at, at(6));
    assert!(waiting.questions[1].is_open());
    events.push(prepared());
    assert_eq!(thread(&events).state, State::ToReview);
}

#[test]
fn a_bounce_opens_the_question_again() {
    let answered = thread(&[
        received("q", "q@cegep.example"),
        prepared(),
        approved(),
        Event::SendAttempted { attempt: 1, seal: "s".into() },
        Event::Sent { reply: String::new() },
    ]);
    let back = then(&answered, &bounced()).unwrap();
    assert_eq!(back.state, State::ToReview);
    assert!(back.questions[0].is_open());
}

#[test]
fn a_reply_from_outlook_answers_what_it_cites_and_what_came_before() {
    let two = thread(&[
        received("q", "q@cegep.example"),
        received("q2", "q2@cegep.example"),
        prepared(),
        Event::AnsweredOutside(outgoing("o", "o@m.example", "q@cegep.example")),
    ]);
    assert_eq!(two.questions[0].answer.as_ref().unwrap().channel, Channel::Outside);
    assert!(two.questions[1].is_open());
    assert_eq!(two.state, State::New);
    let both =
        then(&two, &Event::AnsweredOutside(outgoing("o2", "o2@m.example", "q2@cegep.example"))).unwrap();
    assert_eq!(both.state, State::Answered);
}

#[test]
fn a_resend_after_newer_mail_goes_back_to_triage() {
    let uncertain = thread(&[
        received("q", "q@cegep.example"),
        prepared(),
        approved(),
        Event::SendAttempted { attempt: 1, seal: "s".into() },
        Event::SendUncertain { cause: "outbox-cause-silence".into(), reply: String::new() },
    ]);
    let resend = Event::UncertainSettled { outcome: Settlement::Resend };
    assert_eq!(then(&uncertain, &resend).unwrap().state, State::Approved);
    let newer = then(&uncertain, &received("q2", "q2@cegep.example")).unwrap();
    assert_eq!(newer.state, State::Uncertain);
    let again = then(&newer, &resend).unwrap();
    assert_eq!((again.state, again.letter), (State::New, None));
}

#[test]
fn versions_rise_with_what_changes_the_letter_and_nothing_else() {
    let thread = thread(&[received("q", "q@cegep.example"), prepared()]);
    for event in [Event::Claimed, Event::Released, Event::NoteAdded { text: "n".into() }] {
        assert_eq!(then(&thread, &event).unwrap().version, thread.version, "{}", event.name());
    }
    for event in [Event::DraftEdited { draft: draft() }, approved(), received("n", "n@cegep.example")] {
        assert_eq!(then(&thread, &event).unwrap().version, thread.version + 1, "{}", event.name());
    }
}

/// After any two events: what is open stands where somebody sees it, and a clock that stands still can be
/// started again.
#[test]
fn nothing_that_is_open_is_lost_from_sight() {
    let mut events = events();
    events.push(Event::OutsideJudged { blob: "o".into(), answers: false });
    let resumed = Event::Resumed { reason: ResumeReason::Reviewer };
    let check = |thread: &Thread, names: &[&str]| {
        if thread.merged_into.is_some() {
            return;
        }
        let out_of_sight = matches!(
            thread.state,
            State::Answered | State::ForInformation | State::SetAside | State::Transferred | State::Closed
        );
        assert!(!out_of_sight || thread.open_questions().next().is_none(), "{names:?} {thread:?}");
        // An approval is withdrawn first.
        let withdrawn = then(thread, &Event::Withdrawn);
        let thread = withdrawn.as_ref().unwrap_or(thread);
        if thread.waiting_for().is_some() {
            let goes_on = then(thread, &resumed).unwrap();
            assert_eq!(goes_on.waiting_for(), None, "{names:?}");
        }
    };
    for thread in in_each_state() {
        for first in &events {
            let Ok(once) = then(&thread, first) else { continue };
            check(&once, &[thread.state.name(), first.name()]);
            for second in &events {
                let Ok(twice) = then(&once, second) else { continue };
                check(&twice, &[thread.state.name(), first.name(), second.name()]);
            }
        }
    }
}

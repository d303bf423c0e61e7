//! The stories of a week at the desk: other letters, opinions, waits, second signatures.

use super::*;

#[test]
fn only_an_answer_of_ours_stops_the_clock() {
    for kind in LetterKind::ALL.into_iter().filter(|kind| *kind != LetterKind::Correction) {
        let mut events = vec![received("q", "q@cegep.example"), prepared()];
        events.extend(sent_as(kind));
        let thread = thread(&events);
        let answered = thread.questions[0].answer.is_some();
        assert_eq!(answered, kind == LetterKind::Answer, "{kind:?}");
        let state = match kind {
            LetterKind::Answer => State::Answered,
            LetterKind::Transfer => State::Transferred,
            // What was asked still waits.
            _ => State::New,
        };
        assert_eq!(thread.state, state, "{kind:?}");
    }
}

#[test]
fn a_correction_marks_what_it_puts_right_and_moves_no_clock() {
    let mut events = vec![received("q", "q@cegep.example")];
    events.extend(sent_as(LetterKind::Answer));
    let answered = thread(&events);
    events.extend(sent_as(LetterKind::Correction));
    let corrected = thread(&events);
    assert_eq!(corrected.state, State::Answered);
    assert_eq!(corrected.questions[0].answer, answered.questions[0].answer);
    assert_eq!(corrected.sent.iter().map(|letter| letter.rectified).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn an_opinion_is_no_question_and_no_voice_of_the_asker() {
    let before = thread(&[received("q", "q@cegep.example"), prepared(), approved()]);
    let after = then(&before, &opinion("op", "op@m.example")).unwrap();
    assert_eq!((after.state, after.version), (State::Approved, before.version), "nothing is void");
    assert_eq!(after.questions, before.questions);
    assert_eq!(after.last_human(), before.last_human());
    assert_eq!(after.opinion_ids().len(), 1);
}

#[test]
fn the_clock_stands_still_while_the_asker_owes_us_something() {
    let waiting = thread(&[
        received("q", "q@cegep.example"),
        prepared(),
        Event::AwaitingAsker { reason: "le projet".into() },
    ]);
    assert_eq!(waiting.questions[0].pauses[0].to, None);
    let mut back = vec![
        received("q", "q@cegep.example"),
        prepared(),
        Event::AwaitingAsker { reason: "le projet".into() },
        received("q2", "q2@cegep.example"),
        Event::Resumed { reason: ResumeReason::AskerWrote },
    ];
    let resumed = thread(&back);
    assert_eq!(resumed.state, State::New);
    let pause = &resumed.questions[0].pauses[0];
    assert_eq!((pause.from, pause.to), (at(3), Some(at(5))));
    // An answer ends a wait, too.
    back.truncate(3);
    back.push(Event::AnsweredOtherwise {
        medium: Medium::Telephone,
        summary: "oui".into(),
        questions: Vec::new(),
    });
    let answered = thread(&back);
    assert_eq!(answered.state, State::Answered);
    assert_eq!(answered.questions[0].answer.as_ref().unwrap().channel, Channel::Telephone);
    assert_eq!(answered.questions[0].pauses[0].to, Some(at(4)));
}

#[test]
fn what_only_made_somebody_wait_is_no_answer() {
    let answered = thread(&[
        received("q", "q@cegep.example"),
        prepared(),
        Event::AnsweredOutside(outgoing("o", "o@m.example", "q@cegep.example")),
    ]);
    assert_eq!(answered.state, State::Answered);
    let judged = then(&answered, &Event::OutsideJudged { blob: "o".into(), answers: false }).unwrap();
    assert_eq!(judged.state, State::New);
    assert!(judged.questions[0].is_open());
    let again = then(&judged, &Event::OutsideJudged { blob: "o".into(), answers: true }).unwrap();
    assert_eq!(again.questions[0].answer, answered.questions[0].answer);
}

#[test]
fn a_second_signature_is_for_the_letter_that_was_approved() {
    let events = [received("q", "q@cegep.example"), prepared(), approved_as(LetterKind::Answer, true)];
    let to_sign = thread(&events);
    assert_eq!(to_sign.state, State::ToSign);
    assert!(then(&to_sign, &Event::SendAttempted { attempt: 1, seal: "s".into() }).is_err());
    let signed = then(&to_sign, &Event::SignedOff { seal: "s".into(), due: at(200) }).unwrap();
    let letter = signed.letter.unwrap();
    assert_eq!(
        (signed.state, letter.due, letter.signed_by.as_deref()),
        (State::Approved, at(200), Some("Marie"))
    );
    let newer = received("q2", "q2@cegep.example");
    assert!(then(&to_sign, &newer).is_err(), "mail voids first");
}

#[test]
fn what_another_office_gives_back_is_open_again_from_its_receipt_on() {
    let mut events = vec![received("q", "q@cegep.example"), received("q2", "q2@cegep.example")];
    events.extend(sent_as(LetterKind::Transfer));
    let handed_over = thread(&events);
    assert_eq!(handed_over.state, State::Transferred);
    // The office says so, and a person opens it again; or the letter never reached the office.
    for back in [Event::Reopened, bounced()] {
        let open = then(&handed_over, &back).unwrap();
        assert_eq!((open.state, open.transferred), (State::New, None), "{}", back.name());
        for question in &open.questions {
            assert!(question.is_open(), "{question:?}");
            assert_eq!((question.transferred, question.reopened), (None, 1));
        }
        let prepared = then(&open, &prepared()).unwrap();
        assert_eq!(prepared.state, State::ToReview);
    }
}

#[test]
fn a_letter_that_makes_them_wait_leaves_the_clock_as_it_stands() {
    let mut events = vec![
        received("q", "q@cegep.example"),
        prepared(),
        Event::AwaitingAsker { reason: "le projet".into() },
    ];
    let holding = sent_as(LetterKind::Holding);
    let resumed = Event::Resumed { reason: ResumeReason::Reviewer };
    // A person may let it go on while the letter is written.
    let written = thread(&[events.clone(), holding[..1].to_vec()].concat());
    let goes_on = then(&written, &resumed).unwrap();
    assert_eq!((goes_on.state, goes_on.waiting_for()), (State::ToReview, None));
    events.extend(holding);
    let left = thread(&events);
    assert_eq!(left.state, State::AwaitingAsker);
    assert!(left.waiting_for().is_some());
    assert_eq!(then(&left, &resumed).unwrap().state, State::New);
}

#[test]
fn no_clock_stands_still_in_what_is_opened_again() {
    let waits = [
        received("q", "q@cegep.example"),
        prepared(),
        Event::AwaitingAsker { reason: "le projet".into() },
        Event::ClosedWithoutReply(CloseReason { text: "r".into() }),
    ];
    for count in [3, 4] {
        let open = then(&thread(&waits[..count]), &Event::Reopened).unwrap();
        assert_eq!((open.state, open.waiting_for()), (State::New, None), "{count}");
    }
    // Between the closing and the opening it did not stand still.
    let open = then(&thread(&waits), &Event::Reopened).unwrap();
    assert_eq!(open.questions[0].pauses[0].to, Some(at(4)));
}

#[test]
fn an_answer_by_telephone_answers_the_questions_that_it_names() {
    let two = thread(&[received("q", "q@cegep.example"), received("q2", "q2@cegep.example"), prepared()]);
    let by_telephone = |questions: Vec<u64>| {
        let event = Event::AnsweredOtherwise { medium: Medium::Telephone, summary: "oui".into(), questions };
        then(&two, &event).unwrap()
    };
    let first = by_telephone(vec![1]);
    assert_eq!(first.state, State::New);
    assert!(first.questions[0].answer.is_some() && first.questions[1].is_open());
    // A journal of an earlier build names none: all that was open.
    assert_eq!(by_telephone(Vec::new()).state, State::Answered);
}

#[test]
fn an_answer_that_a_person_undoes_is_counted_and_the_question_waits_somewhere() {
    let mut events = vec![
        received("q", "q@cegep.example"),
        prepared(),
        Event::AnsweredOutside(outgoing("o", "o@m.example", "q@cegep.example")),
    ];
    let holding = Event::OutsideJudged { blob: "o".into(), answers: false };
    let undone = then(&thread(&events), &holding).unwrap();
    assert_eq!((undone.state, undone.questions[0].reopened), (State::New, 1));
    // Their thanks came in between.
    events.push(received("q2", "q2@cegep.example"));
    events.push(Event::Noted { blob: "q2".into(), reason: NoteReason::NoQuestion });
    let thanked = thread(&events);
    assert_eq!(thanked.state, State::ForInformation);
    assert_eq!(then(&thanked, &holding).unwrap().state, State::New);
}

#[test]
fn a_question_keeps_what_it_asks_first_in_a_letter_that_answers_several() {
    let classified = |blob: &str, entry: &str| Event::Classified {
        blob: blob.to_owned(),
        level: Level::Sure,
        suggestions: vec![entry.to_owned()],
        first: None,
        flags: Vec::new(),
        doubts: Vec::new(),
    };
    let entries = |entries: &[&str]| entries.iter().map(ToString::to_string).collect::<Vec<_>>();
    let letter = match approved() {
        Event::Approved(of) => {
            Event::Approved(Approval { entries: entries(&["duree-suspension", "organismes-vises"]), ..of })
        }
        other => other,
    };
    let answered = thread(&[
        received("q", "q@cegep.example"),
        classified("q", "duree-suspension"),
        received("q2", "q2@cegep.example"),
        classified("q2", "organismes-vises"),
        received("q3", "q3@cegep.example"),
        classified("q3", "contact"),
        prepared(),
        letter,
    ]);
    let of: Vec<&[String]> = answered.questions.iter().map(|question| &*question.entries).collect();
    let expected = [
        entries(&["duree-suspension", "organismes-vises"]),
        entries(&["organismes-vises", "duree-suspension"]),
        // What the letter does not hold it does not answer.
        entries(&["duree-suspension", "organismes-vises"]),
    ];
    assert_eq!(of, expected.iter().map(Vec::as_slice).collect::<Vec<_>>());
}

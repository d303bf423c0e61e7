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
    back.push(Event::AnsweredOtherwise { medium: Medium::Telephone, summary: "oui".into() });
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

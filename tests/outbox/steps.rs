//! Every step of the conversation, gone wrong in every way.

use crate::smtp_script::{Act, SmtpScript, Step};
use crate::{JEAN, MARIE, letter, limits, long_letter, sealed, server};
use greffier::letter::Letter;
use greffier::outbox::smtp::{Limits, send};
use greffier::outbox::{Cause, Phase, Verdict};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The steps before the final dot at which a server without log-in answers, with the
/// phase that a failure belongs to.
const BEFORE_DOT: [(Step, Phase); 5] = [
    (Step::Greeting, Phase::Connect),
    (Step::Ehlo, Phase::Connect),
    (Step::Mail, Phase::MailFrom),
    (Step::Rcpt, Phase::RcptTo),
    (Step::Data, Phase::Data),
];

/// Sends `letter`, and says how often the dot was announced.
async fn attempt(
    script: SmtpScript,
    letter: &Letter,
    limits: &Limits,
) -> (Verdict, usize, crate::smtp_script::Seen) {
    let running = script.start().await;
    let dots = AtomicUsize::new(0);
    let verdict = send(&server(running.port), letter, limits, || {
        dots.fetch_add(1, Ordering::SeqCst);
    })
    .await;
    (verdict, dots.load(Ordering::SeqCst), running.seen())
}

fn assert_deferred(verdict: &Verdict, at: Phase, why: Cause, what: &str) {
    let Verdict::Deferred { phase, cause, .. } = verdict else { panic!("{what}: {verdict:?}") };
    assert_eq!((*phase, *cause), (at, why), "{what}: {verdict:?}");
}

#[tokio::test]
async fn the_server_gets_the_sealed_bytes_and_its_words_are_kept() {
    for letter in [letter(&[MARIE, JEAN]), long_letter(1_000_000), sealed(b"\r\n".to_vec(), &[MARIE])] {
        let (verdict, dots, seen) = attempt(SmtpScript::new(), &letter, &limits()).await;
        assert_eq!(verdict, Verdict::Accepted { reply: "250 2.0.0 Ok: queued as SCRIPT1".to_owned() });
        assert_eq!(dots, 1);
        assert!(seen.letters == [letter.bytes()], "not the sealed bytes");
        let mut expected = vec!["MAIL FROM:<clinique@ministere.example>".to_owned()];
        expected.extend(letter.seal().recipients().iter().map(|to| format!("RCPT TO:<{to}>")));
        expected.extend(["DATA".to_owned(), "QUIT".to_owned()]);
        assert!(seen.commands[0].starts_with("EHLO "), "{:?}", seen.commands);
        assert_eq!(seen.commands[1..], expected);
    }
}

#[tokio::test]
async fn a_temporary_no_before_the_dot_is_deferred() {
    for (step, phase) in BEFORE_DOT {
        let script = SmtpScript::new().at(step, Act::Say("451 4.3.0 Try again later"));
        let (verdict, dots, seen) = attempt(script, &letter(&[MARIE]), &limits()).await;
        assert_deferred(&verdict, phase, Cause::Answer, &format!("{step:?}"));
        let Verdict::Deferred { reply, .. } = verdict else { unreachable!() };
        assert!(reply.ends_with("451 4.3.0 Try again later"), "{reply}");
        assert_eq!((dots, seen.letters.len()), (0, 0), "{step:?}");
    }
}

#[tokio::test]
async fn a_final_no_before_the_dot_is_refused() {
    for (step, at) in BEFORE_DOT {
        let script = SmtpScript::new().at(step, Act::Say("554 5.7.1 Never"));
        let (verdict, dots, seen) = attempt(script, &letter(&[MARIE]), &limits()).await;
        let Verdict::Refused { phase, cause, reply } = verdict else { panic!("{step:?}: {verdict:?}") };
        assert_eq!((phase, cause), (at, Cause::Answer), "{step:?}");
        assert!(reply.ends_with("554 5.7.1 Never"), "{reply}");
        assert_eq!((dots, seen.letters.len()), (0, 0), "{step:?}");
    }
}

#[tokio::test]
async fn a_cut_before_the_dot_is_deferred() {
    for (step, phase) in BEFORE_DOT {
        let (verdict, dots, _) =
            attempt(SmtpScript::new().at(step, Act::Close), &letter(&[MARIE]), &limits()).await;
        assert_deferred(&verdict, phase, Cause::Broken, &format!("{step:?}"));
        assert_eq!(dots, 0, "{step:?}");
    }
}

#[tokio::test]
async fn silence_before_the_dot_is_deferred_within_the_limit() {
    let short = Duration::from_millis(200);
    for (step, phase) in BEFORE_DOT {
        let mut limits = Limits { quit: short, ..limits() };
        match step {
            Step::Greeting | Step::Ehlo => limits.greeting = short,
            Step::Data => limits.data = short,
            _ => limits.command = short,
        }
        let start = Instant::now();
        let (verdict, dots, _) =
            attempt(SmtpScript::new().at(step, Act::Hang), &letter(&[MARIE]), &limits).await;
        assert_deferred(&verdict, phase, Cause::Silence, &format!("{step:?}"));
        assert!(start.elapsed() < Duration::from_secs(5), "{step:?} took {:?}", start.elapsed());
        assert_eq!(dots, 0, "{step:?}");
    }
}

#[tokio::test]
async fn garbage_before_the_dot_is_deferred() {
    for (step, phase) in BEFORE_DOT {
        for garbage in [&b"bonjour"[..], b"", b"999 what", b"25", b"250-one\r\n354 two"] {
            let act = Act::SayBytes(garbage);
            let (verdict, dots, _) =
                attempt(SmtpScript::new().at(step, act), &letter(&[MARIE]), &limits()).await;
            let what = format!("{step:?} {:?}", String::from_utf8_lossy(garbage));
            assert_deferred(&verdict, phase, Cause::Garbage, &what);
            assert_eq!(dots, 0, "{what}");
        }
        // Not even text: lettre takes it for a fault of the network.
        let act = Act::SayBytes(b"250 \xff\xfe");
        let (verdict, dots, _) = attempt(SmtpScript::new().at(step, act), &letter(&[MARIE]), &limits()).await;
        assert_deferred(&verdict, phase, Cause::Broken, &format!("{step:?} bytes"));
        assert_eq!(dots, 0);
    }
}

#[tokio::test]
async fn an_answer_that_belongs_elsewhere_never_leads_to_the_letter() {
    // 250 to DATA is the answer to something else: the server and we are out of step.
    for (step, words, phase) in [
        (Step::Mail, "354 go on", Phase::MailFrom),
        (Step::Rcpt, "354 go on", Phase::RcptTo),
        (Step::Data, "250 2.0.0 Ok", Phase::Data),
        (Step::Rcpt, "250 2.1.5 Ok\r\n250 2.1.5 Ok", Phase::Data),
    ] {
        let (verdict, dots, seen) =
            attempt(SmtpScript::new().at(step, Act::Say(words)), &letter(&[MARIE]), &limits()).await;
        assert_deferred(&verdict, phase, Cause::Garbage, &format!("{step:?} {words}"));
        assert_eq!((dots, seen.letters.len()), (0, 0));
    }
}

#[tokio::test]
async fn answers_of_many_lines_are_one_answer() {
    let script = SmtpScript::new()
        .at(Step::Greeting, Act::Say("220-script.example\r\n220-welcomes\r\n220 you"))
        .at(Step::Mail, Act::Say("250-2.1.0 Sender\r\n250 2.1.0 Ok"))
        .at(Step::Dot, Act::Say("250-2.6.0 <neuf@exchange.example>\r\n250 2.6.0 Queued mail for delivery"));
    let (verdict, _, seen) = attempt(script, &letter(&[MARIE]), &limits()).await;
    let Verdict::Accepted { reply } = verdict else { panic!("{verdict:?}") };
    assert_eq!(reply, "250 2.6.0 <neuf@exchange.example> 2.6.0 Queued mail for delivery");
    assert_eq!(seen.letters.len(), 1);

    let script = SmtpScript::new().at(Step::Rcpt, Act::Say("550-5.1.1 Nobody of\r\n550 5.1.1 that name"));
    let (verdict, _, _) = attempt(script, &letter(&[MARIE]), &limits()).await;
    let Verdict::Refused { reply, .. } = verdict else { panic!("{verdict:?}") };
    assert_eq!(reply, format!("<{MARIE}>: 550 5.1.1 Nobody of that name"));
}

#[tokio::test]
async fn a_long_answer_is_cut_to_one_line_of_500_characters() {
    let lines = "250-un mot puis un autre\tet la suite de cette ligne qui est longue\r\n".repeat(60);
    let words: &'static str = Box::leak(format!("{lines}250 fin").into_boxed_str());
    let (verdict, _, _) =
        attempt(SmtpScript::new().at(Step::Dot, Act::Say(words)), &letter(&[MARIE]), &limits()).await;
    let Verdict::Accepted { reply } = verdict else { panic!("{verdict:?}") };
    assert_eq!(reply.chars().count(), 500);
    assert!(!reply.contains(char::is_control), "{reply:?}");
}

#[tokio::test]
async fn one_refused_recipient_is_enough_and_nobody_gets_the_letter() {
    for (words, refused) in [("550 5.1.1 User unknown", true), ("450 4.2.1 Greylisted", false)] {
        for recipients in [[MARIE, JEAN], [JEAN, MARIE]] {
            let script = SmtpScript::new().refusing(JEAN, words);
            let (verdict, dots, seen) = attempt(script, &letter(&recipients), &limits()).await;
            let reply = match &verdict {
                Verdict::Refused { phase: Phase::RcptTo, cause: Cause::Answer, reply } if refused => reply,
                Verdict::Deferred { phase: Phase::RcptTo, cause: Cause::Answer, reply } if !refused => reply,
                _ => panic!("{verdict:?}"),
            };
            assert_eq!(*reply, format!("<{JEAN}>: {words}"));
            assert_eq!((dots, seen.letters.len()), (0, 0));
            assert!(!seen.commands.contains(&"DATA".to_owned()), "{:?}", seen.commands);
            assert_eq!(seen.commands.last().unwrap(), "QUIT");
        }
    }
}

#[tokio::test]
async fn a_never_counts_for_more_than_a_not_now_and_both_are_named() {
    let script =
        SmtpScript::new().refusing(MARIE, "450 4.2.1 Greylisted").refusing(JEAN, "550 5.1.1 Unknown");
    let (verdict, _, _) = attempt(script, &letter(&[MARIE, JEAN]), &limits()).await;
    let Verdict::Refused { reply, .. } = verdict else { panic!("{verdict:?}") };
    assert_eq!(reply, format!("<{MARIE}>: 450 4.2.1 Greylisted; <{JEAN}>: 550 5.1.1 Unknown"));
}

#[tokio::test]
async fn a_no_within_the_letter_is_that_no() {
    // More than fits into any buffer, so that the letter is still on its way.
    let letter = long_letter(30_000_000);
    let script = SmtpScript::new().at(Step::Body, Act::SayAndClose("552 5.3.4 Message too big"));
    let (verdict, dots, _) = attempt(script, &letter, &limits()).await;
    match &verdict {
        Verdict::Refused { phase: Phase::Data, cause: Cause::Answer, reply } => {
            assert_eq!(reply, "552 5.3.4 Message too big");
        }
        // The network may drop the words together with the connection.
        other => assert_deferred(other, Phase::Data, Cause::Broken, "no within"),
    }
    assert_eq!(dots, 0);
}

#[tokio::test]
async fn a_cut_within_the_letter_is_deferred() {
    let script = SmtpScript::new().at(Step::Body, Act::Close);
    let (verdict, dots, seen) = attempt(script, &long_letter(30_000_000), &limits()).await;
    assert_deferred(&verdict, Phase::Data, Cause::Broken, "cut within");
    assert_eq!((dots, seen.letters.len()), (0, 0));
}

#[tokio::test]
async fn a_server_that_stops_reading_within_the_letter_is_deferred() {
    let script = SmtpScript::new().at(Step::Body, Act::Hang);
    let limits = Limits { piece: Duration::from_millis(300), ..limits() };
    let (verdict, dots, _) = attempt(script, &long_letter(30_000_000), &limits).await;
    assert_deferred(&verdict, Phase::Data, Cause::Silence, "hang within");
    assert_eq!(dots, 0);
}

#[tokio::test]
async fn after_the_dot_only_an_answer_settles_it() {
    let short = Limits { answer: Duration::from_millis(200), ..limits() };
    for (act, limits, expected) in [
        (Act::Close, limits(), Cause::Broken),
        (Act::Hang, short, Cause::Silence),
        (Act::SayLate(Duration::from_millis(600), "250 2.0.0 Ok"), short, Cause::Silence),
        (Act::Say("merci"), limits(), Cause::Garbage),
        (Act::SayBytes(b"250 \xe9"), limits(), Cause::Broken),
        (Act::SayAndClose("250-2.0.0 and then nothing"), limits(), Cause::Broken),
        (Act::Say("354 go on"), limits(), Cause::Garbage),
    ] {
        let (verdict, dots, seen) =
            attempt(SmtpScript::new().at(Step::Dot, act), &letter(&[MARIE]), &limits).await;
        let Verdict::Unknown { cause, .. } = verdict else { panic!("{act:?}: {verdict:?}") };
        assert_eq!(cause, expected, "{act:?}");
        // The server has it: sending again would be sending twice.
        assert_eq!((dots, seen.letters.len()), (1, 1), "{act:?}");
    }
}

#[tokio::test]
async fn a_no_after_the_dot_means_not_sent() {
    for (words, refused) in [("451 4.3.0 Queue full", false), ("554 5.6.0 Rejected as spam", true)] {
        let (verdict, dots, _) =
            attempt(SmtpScript::new().at(Step::Dot, Act::Say(words)), &letter(&[MARIE]), &limits()).await;
        match verdict {
            Verdict::Refused { phase: Phase::AfterDot, cause: Cause::Answer, reply } if refused => {
                assert_eq!(reply, words);
            }
            Verdict::Deferred { phase: Phase::AfterDot, cause: Cause::Answer, reply } if !refused => {
                assert_eq!(reply, words);
            }
            other => panic!("{words}: {other:?}"),
        }
        assert_eq!(dots, 1);
    }
}

#[tokio::test]
async fn a_late_answer_within_the_limit_counts() {
    let late = Act::SayLate(Duration::from_millis(500), "250 2.0.0 Ok: queued as LATE");
    // The other limits are shorter than the wait: each step has its own.
    let limits = Limits { piece: Duration::from_millis(300), data: Duration::from_millis(300), ..limits() };
    let (verdict, _, _) = attempt(SmtpScript::new().at(Step::Dot, late), &letter(&[MARIE]), &limits).await;
    assert_eq!(verdict, Verdict::Accepted { reply: "250 2.0.0 Ok: queued as LATE".to_owned() });
}

#[tokio::test]
async fn the_next_letter_never_hears_the_answer_to_the_one_before() {
    // The first letter's refusal comes too late; the second must hear its own answer.
    let late = Act::SayLate(Duration::from_millis(400), "554 5.6.0 REJECTED");
    let running = SmtpScript::new().at(Step::Dot, late).start().await;
    let short = Limits { answer: Duration::from_millis(100), ..limits() };
    let first = send(&server(running.port), &letter(&[MARIE]), &short, || ()).await;
    assert!(matches!(first, Verdict::Unknown { cause: Cause::Silence, .. }), "{first:?}");
    let second = send(&server(running.port), &letter(&[JEAN]), &limits(), || ()).await;
    assert!(matches!(second, Verdict::Refused { phase: Phase::AfterDot, .. }), "{second:?}");
}

#[tokio::test]
async fn a_cut_or_silent_farewell_changes_nothing() {
    for act in [Act::Close, Act::Hang, Act::Say("554 no")] {
        let limits = Limits { quit: Duration::from_millis(100), ..limits() };
        let (verdict, _, _) =
            attempt(SmtpScript::new().at(Step::Quit, act), &letter(&[MARIE]), &limits).await;
        assert!(matches!(verdict, Verdict::Accepted { .. }), "{act:?}: {verdict:?}");
    }
}

#[tokio::test]
async fn nothing_listens_or_nobody_has_the_name() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let verdict = send(&server(port), &letter(&[MARIE]), &limits(), || ()).await;
    assert_deferred(&verdict, Phase::Connect, Cause::Unreachable, "closed port");
    // RFC 6761: a name under .invalid never has an address.
    let mut nowhere = server(25);
    nowhere.host = "smtp.greffier.invalid".to_owned();
    let verdict = send(&nowhere, &letter(&[MARIE]), &limits(), || ()).await;
    assert_deferred(&verdict, Phase::Connect, Cause::UnknownHost, "unknown host");
}

#[tokio::test]
async fn bytes_beyond_ascii_need_a_server_that_takes_them() {
    let eight_bit = sealed("Subject: a\r\n\r\nÉté\r\n".as_bytes().to_vec(), &[MARIE]);
    let (verdict, _, seen) = attempt(SmtpScript::new(), &eight_bit, &limits()).await;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    assert!(seen.commands[1].ends_with("> BODY=8BITMIME"), "{:?}", seen.commands);
    assert_eq!(seen.letters, [eight_bit.bytes()]);
    let (verdict, _, seen) = attempt(SmtpScript::new().offering(&[]), &eight_bit, &limits()).await;
    assert!(
        matches!(verdict, Verdict::Refused { phase: Phase::MailFrom, cause: Cause::No8BitMime, .. }),
        "{verdict:?}"
    );
    assert!(!seen.commands.iter().any(|line| line.starts_with("MAIL")));

    let accented = letter(&["rené@cégep.example"]);
    let (verdict, _, seen) = attempt(SmtpScript::new(), &accented, &limits()).await;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    assert!(seen.commands[1].ends_with("> SMTPUTF8"), "{:?}", seen.commands);
    assert_eq!(seen.commands[2], "RCPT TO:<rené@cégep.example>");
    let (verdict, _, _) = attempt(SmtpScript::new().offering(&["8BITMIME"]), &accented, &limits()).await;
    assert!(
        matches!(verdict, Verdict::Refused { phase: Phase::MailFrom, cause: Cause::NoSmtpUtf8, .. }),
        "{verdict:?}"
    );
}

#[tokio::test]
async fn an_unfit_letter_or_address_is_refused_before_any_connection() {
    let unreachable = server(1);
    for bytes in [&b"Subject: a\n\nb\n"[..], b"a\r\n\n.\r\nMAIL FROM:<x@y.example>\r\n", b"Subject: no end"] {
        let verdict = send(&unreachable, &sealed(bytes.to_vec(), &[MARIE]), &limits(), || ()).await;
        assert!(
            matches!(verdict, Verdict::Refused { phase: Phase::Data, cause: Cause::Unfit, .. }),
            "{verdict:?}"
        );
    }
    for recipients in [
        &["a@b.example>\r\nRCPT TO:<c@d.example"][..],
        &["a@b.example\r\nDATA"],
        &["no address"],
        &[MARIE, ""],
        &[],
    ] {
        let verdict = send(&unreachable, &letter(recipients), &limits(), || ()).await;
        assert!(
            matches!(verdict, Verdict::Refused { phase: Phase::RcptTo, cause: Cause::Address, .. }),
            "{recipients:?}: {verdict:?}"
        );
    }
}

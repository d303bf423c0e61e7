//! TLS and log-in against the scripted server: what must not work, does not.

use crate::certificates::{Authority, Issued};
use crate::smtp_script::{Act, Running, SmtpScript, Step};
use crate::{MARIE, configured, letter, limits};
use greffier::config::{Server, Tls};
use greffier::outbox::smtp::{Limits, check, send};
use greffier::outbox::{Cause, Phase, Verdict};
use std::time::Duration;
use tempfile::TempDir;

const USER: &str = "clinique";
const PASSWORD: &str = "chêne rouge";

/// A scripted server under TLS, and how to reach it.
async fn secured(script: SmtpScript, tls: Tls, issued: &Issued) -> Running {
    match tls {
        Tls::Implicit => script.implicit_tls(issued.server_config()).start().await,
        Tls::StartTls => script.starttls(issued.server_config()).start().await,
        Tls::None => script.start().await,
    }
}

fn trusting(folder: &TempDir, authority: &Authority, port: u16, tls: Tls) -> Server {
    let mut server = configured(folder.path(), port, tls, None);
    server.ca_file = Some(authority.write(folder.path()));
    server
}

#[tokio::test]
async fn a_letter_goes_under_tls_both_ways() {
    let (folder, authority) = (TempDir::new().unwrap(), Authority::new());
    for tls in [Tls::Implicit, Tls::StartTls] {
        let running = secured(SmtpScript::new(), tls, &authority.local()).await;
        let server = trusting(&folder, &authority, running.port, tls);
        let verdict = send(&server, &letter(&[MARIE]), &limits(), || ()).await;
        assert!(matches!(verdict, Verdict::Accepted { .. }), "{tls:?}: {verdict:?}");
        let seen = running.seen();
        assert_eq!(seen.letters, [letter(&[MARIE]).bytes()]);
        let hellos = seen.commands.iter().filter(|line| line.starts_with("EHLO")).count();
        assert_eq!(hellos, if tls == Tls::StartTls { 2 } else { 1 }, "{:?}", seen.commands);
    }
}

#[tokio::test]
async fn a_certificate_that_we_do_not_trust_is_refused() {
    let (folder, authority) = (TempDir::new().unwrap(), Authority::new());
    let stranger = Authority::named("Autorité inconnue");
    for (expected, issued) in [
        (Cause::CertificateExpired, authority.issue(&["127.0.0.1"], 2021)),
        (Cause::CertificateOtherHost, authority.issue(&["smtp.autre.example"], 2099)),
        (Cause::CertificateUntrusted, stranger.local()),
    ] {
        for tls in [Tls::Implicit, Tls::StartTls] {
            let running = secured(SmtpScript::new().account(USER, PASSWORD), tls, &issued).await;
            let mut server = configured(folder.path(), running.port, tls, Some((USER, PASSWORD)));
            server.ca_file = Some(authority.write(folder.path()));
            let verdict = send(&server, &letter(&[MARIE]), &limits(), || ()).await;
            let Verdict::Refused { phase: Phase::Connect, cause, reply } = verdict else {
                panic!("{expected:?}, {tls:?}: {verdict:?}");
            };
            assert_eq!(cause, expected, "{tls:?}");
            assert!(!reply.is_empty());
            let spoken = running.seen().commands;
            assert!(!spoken.iter().any(|line| line.starts_with("AUTH")), "{expected:?}: {spoken:?}");
        }
    }
}

#[tokio::test]
async fn without_ca_file_the_systems_certificates_count() {
    let (folder, authority) = (TempDir::new().unwrap(), Authority::new());
    let running = secured(SmtpScript::new(), Tls::Implicit, &authority.local()).await;
    let server = configured(folder.path(), running.port, Tls::Implicit, None);
    let verdict = send(&server, &letter(&[MARIE]), &limits(), || ()).await;
    // Either the system has certificates, and ours is not among them, or it has none.
    let Verdict::Refused { phase: Phase::Connect, cause: Cause::CertificateUntrusted | Cause::Roots, .. } =
        verdict
    else {
        panic!("{verdict:?}");
    };
}

#[tokio::test]
async fn an_unreadable_ca_file_says_so() {
    let (folder, authority) = (TempDir::new().unwrap(), Authority::new());
    let running = secured(SmtpScript::new(), Tls::Implicit, &authority.local()).await;
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "nothing here").unwrap();
    for path in [folder.path().join("missing.pem"), empty] {
        let mut server = configured(folder.path(), running.port, Tls::Implicit, None);
        server.ca_file = Some(path.clone());
        let verdict = send(&server, &letter(&[MARIE]), &limits(), || ()).await;
        let Verdict::Refused { phase: Phase::Connect, cause: Cause::Roots, reply } = verdict else {
            panic!("{verdict:?}");
        };
        assert!(reply.contains(path.to_str().unwrap()), "{reply}");
    }
}

#[tokio::test]
async fn nothing_is_said_to_a_server_without_starttls() {
    let folder = TempDir::new().unwrap();
    let running = SmtpScript::new().account(USER, PASSWORD).offering(&["AUTH PLAIN"]).start().await;
    let server = configured(folder.path(), running.port, Tls::StartTls, Some((USER, PASSWORD)));
    let verdict = send(&server, &letter(&[MARIE]), &limits(), || ()).await;
    assert!(
        matches!(verdict, Verdict::Refused { phase: Phase::Connect, cause: Cause::NoStartTls, .. }),
        "{verdict:?}"
    );
    let commands = running.seen().commands;
    assert!(commands.iter().all(|line| line.starts_with("EHLO")), "{commands:?}");
}

#[tokio::test]
async fn what_is_said_in_plain_text_after_starttls_was_agreed_ends_it() {
    let (folder, authority) = (TempDir::new().unwrap(), Authority::new());
    let script =
        SmtpScript::new().at(Step::StartTls, Act::Say("220 go\r\n250-script.example\r\n250 AUTH PLAIN"));
    let running = secured(script, Tls::StartTls, &authority.local()).await;
    let server = trusting(&folder, &authority, running.port, Tls::StartTls);
    let verdict = send(&server, &letter(&[MARIE]), &limits(), || ()).await;
    assert!(
        matches!(verdict, Verdict::Refused { phase: Phase::Connect, cause: Cause::Garbage, .. }),
        "{verdict:?}"
    );
}

#[tokio::test]
async fn starttls_that_fails_is_never_a_plain_connection() {
    let (folder, authority) = (TempDir::new().unwrap(), Authority::new());
    let short =
        Limits { greeting: Duration::from_millis(200), connect: Duration::from_millis(400), ..limits() };
    for (act, limits, refused, expected) in [
        (Act::Say("454 4.7.0 TLS not available"), limits(), false, Cause::Answer),
        (Act::Say("554 5.7.0 No"), limits(), true, Cause::Answer),
        (Act::Say("bonjour"), limits(), false, Cause::Garbage),
        (Act::Close, limits(), false, Cause::Broken),
        (Act::Hang, short, false, Cause::Silence),
    ] {
        let running =
            secured(SmtpScript::new().at(Step::StartTls, act), Tls::StartTls, &authority.local()).await;
        let server = trusting(&folder, &authority, running.port, Tls::StartTls);
        let verdict = send(&server, &letter(&[MARIE]), &limits, || ()).await;
        match &verdict {
            Verdict::Refused { phase: Phase::Connect, cause, .. } if refused => assert_eq!(*cause, expected),
            Verdict::Deferred { phase: Phase::Connect, cause, .. } if !refused => {
                assert_eq!(*cause, expected)
            }
            _ => panic!("{act:?}: {verdict:?}"),
        }
        let commands = running.seen().commands;
        assert!(!commands.iter().any(|line| line.starts_with("MAIL")), "{commands:?}");
    }
}

#[tokio::test]
async fn tls_to_a_port_that_does_not_speak_it_is_deferred() {
    let (folder, authority) = (TempDir::new().unwrap(), Authority::new());
    let running = SmtpScript::new().start().await;
    let server = trusting(&folder, &authority, running.port, Tls::Implicit);
    let verdict = send(&server, &letter(&[MARIE]), &limits(), || ()).await;
    assert!(
        matches!(verdict, Verdict::Deferred { phase: Phase::Connect, cause: Cause::Tls, .. }),
        "{verdict:?}"
    );
}

#[tokio::test]
async fn the_log_in_works_by_plain_and_by_login() {
    let folder = TempDir::new().unwrap();
    for (offer, expected) in [("AUTH PLAIN LOGIN", "AUTH PLAIN "), ("AUTH LOGIN", "AUTH LOGIN")] {
        let running = SmtpScript::new().account(USER, PASSWORD).offering(&[offer]).start().await;
        let server = configured(folder.path(), running.port, Tls::None, Some((USER, PASSWORD)));
        let verdict = send(&server, &letter(&[MARIE]), &limits(), || ()).await;
        assert!(matches!(verdict, Verdict::Accepted { .. }), "{offer}: {verdict:?}");
        assert!(running.seen().commands[1].starts_with(expected), "{:?}", running.seen().commands);
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_never_repeated_in_words() {
    let folder = TempDir::new().unwrap();
    for offer in ["AUTH PLAIN", "AUTH LOGIN"] {
        let running = SmtpScript::new().account(USER, PASSWORD).offering(&[offer]).start().await;
        let server = configured(folder.path(), running.port, Tls::None, Some((USER, "sapin bleu")));
        for verdict in [
            send(&server, &letter(&[MARIE]), &limits(), || ()).await,
            check(&server, &limits()).await.unwrap_err(),
        ] {
            let Verdict::Refused { phase: Phase::Login, cause: Cause::Answer, reply } = verdict else {
                panic!("{verdict:?}");
            };
            assert_eq!(reply, "535 5.7.8 Authentication failed");
        }
        assert!(running.seen().letters.is_empty());
    }
}

#[tokio::test]
async fn a_log_in_that_goes_wrong_otherwise() {
    let folder = TempDir::new().unwrap();
    let short = Limits { command: Duration::from_millis(200), ..limits() };
    let plain = &["AUTH PLAIN"][..];
    for (offers, act, limits, refused, expected) in [
        (&["AUTH GSSAPI"][..], None, limits(), true, Cause::NoLogin),
        (&[], None, limits(), true, Cause::NoLogin),
        (plain, Some(Act::Say("454 4.7.0 Temporary failure")), limits(), false, Cause::Answer),
        (plain, Some(Act::Say("250 2.0.0 Ok")), limits(), false, Cause::Garbage),
        (plain, Some(Act::Say("334 bm9uCg==")), limits(), true, Cause::Garbage),
        (plain, Some(Act::Say("quoi")), limits(), false, Cause::Garbage),
        (plain, Some(Act::Close), limits(), false, Cause::Broken),
        (plain, Some(Act::Hang), short, false, Cause::Silence),
    ] {
        let mut script = SmtpScript::new().account(USER, PASSWORD).offering(offers);
        if let Some(act) = act {
            script = script.at(Step::Auth, act);
        }
        let running = script.start().await;
        let server = configured(folder.path(), running.port, Tls::None, Some((USER, PASSWORD)));
        let verdict = send(&server, &letter(&[MARIE]), &limits, || ()).await;
        match &verdict {
            Verdict::Refused { phase: Phase::Login, cause, .. } if refused => assert_eq!(*cause, expected),
            Verdict::Deferred { phase: Phase::Login, cause, .. } if !refused => assert_eq!(*cause, expected),
            _ => panic!("{offers:?} {act:?}: {verdict:?}"),
        }
        assert!(running.seen().letters.is_empty());
    }
}

#[tokio::test]
async fn a_missing_password_file_is_named_before_any_connection() {
    let folder = TempDir::new().unwrap();
    let server = configured(folder.path(), 1, Tls::None, Some((USER, PASSWORD)));
    std::fs::remove_file(folder.path().join("password")).unwrap();
    let verdict = send(&server, &letter(&[MARIE]), &limits(), || ()).await;
    let Verdict::Refused { phase: Phase::Login, cause: Cause::Secret, reply } = verdict else {
        panic!("{verdict:?}");
    };
    assert!(reply.contains("password") && !reply.contains(PASSWORD), "{reply}");
}

#[tokio::test]
async fn the_check_logs_in_and_sends_nothing() {
    let (folder, authority) = (TempDir::new().unwrap(), Authority::new());
    let script = SmtpScript::new().account(USER, PASSWORD).offering(&["AUTH PLAIN"]);
    let running = secured(script, Tls::StartTls, &authority.local()).await;
    let mut server = configured(folder.path(), running.port, Tls::StartTls, Some((USER, PASSWORD)));
    server.ca_file = Some(authority.write(folder.path()));
    assert_eq!(check(&server, &limits()).await, Ok("script.example".to_owned()));
    let verbs: Vec<String> =
        running.seen().commands.iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(verbs, ["EHLO", "STARTTLS", "EHLO", "AUTH", "NOOP", "QUIT"]);
}

#[tokio::test]
async fn a_check_that_fails_says_where() {
    let script = SmtpScript::new().at(Step::Noop, Act::Say("421 4.3.2 Shutting down"));
    let running = script.start().await;
    let verdict = check(&crate::server(running.port), &limits()).await.unwrap_err();
    assert!(matches!(verdict, Verdict::Deferred { cause: Cause::Answer, .. }), "{verdict:?}");
}

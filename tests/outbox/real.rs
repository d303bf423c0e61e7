//! A real Postfix: what it delivers is what was sealed.

use crate::postfix::{Options, Postfix};
use crate::{JEAN, MARIE, configured, letter, limits, long_letter, sealed};
use greffier::config::{Server, Tls};
use greffier::outbox::smtp::{check, send};
use greffier::outbox::{Cause, Phase, Verdict};
use tempfile::TempDir;

const USER: &str = "clinique@ministere.example";
const PASSWORD: &str = "érable à sucre";

fn reaching(postfix: &Postfix, folder: &TempDir, tls: Tls, login: Option<(&str, &str)>) -> Server {
    let mut server = configured(folder.path(), postfix.port(tls), tls, login);
    server.ca_file = Some(postfix.ca_file().to_owned());
    server
}

#[tokio::test]
async fn postfix_delivers_the_sealed_bytes_under_every_protection() {
    let folder = TempDir::new().unwrap();
    let postfix = Postfix::start(Options {
        refusing: vec![(JEAN, "550 5.1.1 Personne ici"), ("plus.tard@cegep.example", "450 4.2.1 Later")],
        ..Options::default()
    });
    let eight_bit = sealed(
        "From: a@ministere.example\r\nTo: b@cegep.example\r\nSubject: Ete\r\nMessage-ID: <8@ministere.example>\r\n\
         Date: Tue, 25 Mar 2025 16:17:00 -0400\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n« Été »\r\n.fin\r\n"
            .as_bytes()
            .to_vec(),
        &["rené@cégep.example"],
    );
    let mut expected = Vec::new();
    for tls in [Tls::None, Tls::StartTls, Tls::Implicit] {
        let server = reaching(&postfix, &folder, tls, None);
        assert_eq!(check(&server, &limits()).await, Ok("postfix.example".to_owned()), "{tls:?}");
        for letter in [&letter(&[MARIE]), &long_letter(3_000_000), &eight_bit] {
            let verdict = send(&server, letter, &limits(), || ()).await;
            let Verdict::Accepted { reply } = verdict else {
                panic!("{tls:?}: {verdict:?}\n{}", postfix.log())
            };
            assert!(reply.starts_with("250 2.0.0 Ok: queued as "), "{reply}");
            expected.push(letter.bytes().to_vec());
        }

        let verdict = send(&server, &letter(&[MARIE, JEAN]), &limits(), || ()).await;
        let Verdict::Refused { phase: Phase::RcptTo, cause: Cause::Answer, reply } = verdict else {
            panic!("{tls:?}: {verdict:?}");
        };
        assert!(reply.starts_with(&format!("<{JEAN}>: 550 5.1.1 ")), "{reply}");
        let verdict = send(&server, &letter(&[MARIE, "plus.tard@cegep.example"]), &limits(), || ()).await;
        assert!(matches!(verdict, Verdict::Deferred { phase: Phase::RcptTo, .. }), "{tls:?}: {verdict:?}");
    }
    let mut delivered = postfix.wait_for(expected.len());
    expected.sort();
    delivered.sort();
    assert!(delivered == expected, "{} letters came, not all as they were sealed", delivered.len());
}

#[tokio::test]
async fn postfix_takes_letters_after_the_log_in_only() {
    let folder = TempDir::new().unwrap();
    let postfix = Postfix::start(Options { account: Some((USER, PASSWORD)), ..Options::default() });
    for tls in [Tls::None, Tls::StartTls, Tls::Implicit] {
        let known = reaching(&postfix, &folder, tls, Some((USER, PASSWORD)));
        assert!(check(&known, &limits()).await.is_ok(), "{tls:?}\n{}", postfix.log());
        let verdict = send(&known, &letter(&[MARIE]), &limits(), || ()).await;
        assert!(matches!(verdict, Verdict::Accepted { .. }), "{tls:?}: {verdict:?}\n{}", postfix.log());

        let nobody = reaching(&postfix, &folder, tls, None);
        let verdict = send(&nobody, &letter(&[MARIE]), &limits(), || ()).await;
        assert!(matches!(verdict, Verdict::Refused { phase: Phase::RcptTo, .. }), "{tls:?}: {verdict:?}");
    }
    let other = TempDir::new().unwrap();
    let wrong = reaching(&postfix, &other, Tls::Implicit, Some((USER, "sapin")));
    let verdict = send(&wrong, &letter(&[MARIE]), &limits(), || ()).await;
    assert!(
        matches!(verdict, Verdict::Refused { phase: Phase::Login, cause: Cause::Answer, .. }),
        "{verdict:?}"
    );
    let delivered = postfix.wait_for(3);
    assert!(delivered.iter().all(|bytes| bytes == letter(&[MARIE]).bytes()));
}

#[tokio::test]
async fn a_port_that_demands_tls_gets_no_plain_letter() {
    let folder = TempDir::new().unwrap();
    let postfix = Postfix::start(Options::default());
    let mut plain = reaching(&postfix, &folder, Tls::None, None);
    plain.port = postfix.port(Tls::StartTls);
    let verdict = send(&plain, &letter(&[MARIE]), &limits(), || ()).await;
    let Verdict::Refused { phase: Phase::MailFrom, cause: Cause::Answer, reply } = verdict else {
        panic!("{verdict:?}");
    };
    assert!(reply.starts_with("530 5.7.0 "), "{reply}");
    assert!(postfix.delivered().is_empty());
}

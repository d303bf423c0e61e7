//! Getting in: TLS, certificates, log-in, and what is said when it fails.

use crate::desk::{bytes, for_dovecot, inbox, mail, mailbox, open, read_all, refusal};
use crate::dovecot::{Certificate, Door, Dovecot, Options};
use greffier::mailbox::{Barrier, Fault, Refusal};
use greffier::tls::CertificateFault;
use greffier::wording::{Language, Wording};

#[tokio::test]
async fn reads_through_every_door() {
    let server = Dovecot::start(&Options::default());
    for number in 0..3 {
        server.deliver(&mail(number));
    }
    for (door, tls) in [(Door::Plain, "none"), (Door::Plain, "starttls"), (Door::Implicit, "implicit")] {
        let mut session = open(&for_dovecot(&server, door, tls, "")).await;
        let mut cursor = None;
        let messages = read_all(&mut session, &inbox(), &mut cursor).await;
        let bodies: Vec<Vec<u8>> = messages.iter().map(bytes).collect();
        assert_eq!(bodies, [mail(0), mail(1), mail(2)], "{tls}");
        assert!(read_all(&mut session, &inbox(), &mut cursor).await.is_empty());
        session.close().await;
    }
}

#[tokio::test]
async fn a_wrong_password_is_named() {
    let server = Dovecot::start(&Options::default());
    std::fs::write(server.password_file(), "autre-canari\n").unwrap();
    let fault = refusal(&for_dovecot(&server, Door::Implicit, "implicit", "")).await;
    assert!(matches!(fault, Fault::Refused(Refusal::Password { .. })), "{fault:?}");
    let line = fault.line(&Wording::new(Language::Fr));
    assert!(line.contains("mailbox.password_file") && !line.contains("canari"), "{line}");
    assert!(!format!("{fault:?}").contains("canari"));
}

#[tokio::test]
async fn a_missing_password_file_is_named() {
    let server = Dovecot::start(&Options::default());
    std::fs::remove_file(server.password_file()).unwrap();
    let fault = refusal(&for_dovecot(&server, Door::Implicit, "implicit", "")).await;
    assert!(matches!(fault, Fault::Refused(Refusal::Secret { .. })), "{fault:?}");
}

#[tokio::test]
async fn a_bad_certificate_stops_before_the_password() {
    for (certificate, expected) in [
        (Certificate::Expired, CertificateFault::Expired),
        (Certificate::OtherHost, CertificateFault::OtherHost),
    ] {
        let server = Dovecot::start(&Options { certificate, ..Options::default() });
        for (door, tls) in [(Door::Plain, "starttls"), (Door::Implicit, "implicit")] {
            let fault = refusal(&for_dovecot(&server, door, tls, "")).await;
            assert!(
                matches!(&fault, Fault::Refused(Refusal::Certificate { fault, .. }) if *fault == expected),
                "{fault:?}"
            );
        }
        assert!(!server.log().contains("Login:"));
    }
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted() {
    let (server, other) = (Dovecot::start(&Options::default()), Dovecot::start(&Options::default()));
    std::fs::copy(other.ca_file(), server.ca_file()).unwrap();
    let fault = refusal(&for_dovecot(&server, Door::Implicit, "implicit", "")).await;
    let Fault::Refused(Refusal::Certificate { fault: CertificateFault::Untrusted, .. }) = fault else {
        panic!("{fault:?}")
    };
}

#[tokio::test]
async fn tls_towards_a_plain_port_is_a_failed_handshake() {
    let server = Dovecot::start(&Options::default());
    let fault = refusal(&for_dovecot(&server, Door::Plain, "implicit", "")).await;
    assert!(matches!(fault, Fault::Unreachable(Barrier::Handshake { .. })), "{fault:?}");
}

#[tokio::test]
async fn an_unknown_host_is_named() {
    let config = mailbox(
        "kind = \"imap\"\nhost = \"nulle-part.invalid\"\nuser = \"u\"\npassword_file = \"/nulle-part\"",
    );
    let fault = refusal(&config).await;
    assert!(matches!(fault, Fault::Unreachable(Barrier::UnknownHost { .. })), "{fault:?}");
    assert!(fault.line(&Wording::new(Language::Fr)).contains("nulle-part.invalid"));
}

#[tokio::test]
async fn a_server_that_is_off_does_not_answer() {
    let mut server = Dovecot::start(&Options::default());
    server.stop();
    let fault = refusal(&for_dovecot(&server, Door::Implicit, "implicit", "")).await;
    assert!(matches!(fault, Fault::Unreachable(Barrier::NoAnswer { .. })), "{fault:?}");
}

//! `greffier check` on real servers: what is good is said to be good, and each mistake gets one clear line.

use crate::certificates::Authority;
use crate::dovecot::{self, Certificate, Options};
use crate::line::{self, Line, SMTP_PASSWORD, SMTP_USER, Setting};
use greffier::config::Tls;

/// What `check` must find wrong: its standard output, and the one line about `part`.
fn one_bad_line(line: &Line, part: &str) -> String {
    let output = line.desk.run(&["check"]);
    let (said, complained) = (plain(output.stdout), plain(output.stderr));
    assert_eq!(output.status.code(), Some(1), "{said}{complained}");
    for secret in [dovecot::PASSWORD, SMTP_PASSWORD, "mot de passe «", "faux-canari"] {
        assert!(!said.contains(secret) && !complained.contains(secret), "{secret:?}: {said}{complained}");
    }
    assert!(complained.contains("Au moins une partie est à corriger."), "{complained}");
    let bad: Vec<&str> = said.lines().filter(|line| line.contains("À CORRIGER")).collect();
    assert_eq!(bad.len(), 1, "{said}");
    assert!(bad[0].starts_with(&format!("{part} : À CORRIGER")), "{said}");
    assert_eq!(said.lines().count(), 7, "{said}");
    bad[0].to_owned()
}

/// Text with ordinary spaces for the narrow and the unbreakable ones of French.
fn plain(text: Vec<u8>) -> String {
    String::from_utf8(text).unwrap().replace(['\u{a0}', '\u{202f}'], " ")
}

/// Changes the config for the length of one check.
fn with(line: &Line, from: &str, to: &str, part: &str) -> String {
    line.desk.edit_config(from, to);
    let bad = one_bad_line(line, part);
    line.desk.edit_config(to, from);
    bad
}

#[test]
fn mistakes_in_reaching_the_servers_get_one_line_each() {
    let setting = Setting { postfix: Some(line::with_account()), ..Setting::default() };
    let line = Line::new(setting);
    let good = line.desk.ok(&["check"]);
    assert!(good.lines().count() == 7 && !good.contains("À CORRIGER"), "{good}");
    assert!(good.contains("INBOX, Sent") && good.contains("postfix.example"), "{good}");

    let path = line.desk.path("faux");
    std::fs::write(&path, "faux-canari").unwrap();
    let other = Authority::named("Une autre").write(&line.desk.path("mail"));
    let imap_ca = format!("{:?}", line.dovecot.ca_file());
    let smtp_ca = format!("{:?}", line.postfix.as_ref().unwrap().ca_file());
    let imap_password = format!("{:?}", line.dovecot.password_file());
    let imap_port = line.dovecot.port(dovecot::Door::Implicit);
    let smtp_port = line.postfix.as_ref().unwrap().port(Tls::Implicit);
    let host = |port: u16, name: &str| format!("host = \"{name}\"\nport = {port}\n");
    let (other, imap, smtp) = (format!("{other:?}"), "Boîte", "Envoi");
    for (from, to, part, says) in [
        (imap_password.as_str(), "\"faux\"", imap, "refuse la connexion"),
        (&host(imap_port, "localhost"), &host(imap_port, "imap.invalid"), imap, "est introuvable"),
        (&imap_ca, &other, imap, "n’est signé par aucune autorité reconnue"),
        (&imap_ca, "\"nulle-part.pem\"", imap, "« mailbox.ca_file »"),
        ("\"smtp-password\"", "\"faux\"", smtp, "535 5.7.8"),
        (&host(smtp_port, "localhost"), &host(smtp_port, "smtp.invalid"), smtp, "introuvable"),
        (&smtp_ca, &other, smtp, "n’est signé par aucune autorité de confiance"),
        ("\"smtp-password\"", "\"nulle-part\"", smtp, "« password_file »"),
    ] {
        let bad = with(&line, from, to, part);
        assert!(bad.contains(says), "{says}: {bad}");
        assert!(!bad.contains(SMTP_USER) && !bad.contains(dovecot::USER), "{bad}");
    }
    assert_eq!(line.desk.ok(&["check"]), good, "nothing has changed");
    assert!(line.postfix.as_ref().unwrap().delivered().is_empty() && line.copies().is_empty());
}

#[test]
fn a_bad_certificate_is_named_for_what_it_is() {
    for (tls, certificate, says) in [
        (Tls::StartTls, Certificate::Expired, "expiré"),
        (Tls::Implicit, Certificate::Expired, "expiré"),
        (Tls::StartTls, Certificate::OtherHost, "n’est pas celui du serveur « localhost »"),
        (Tls::Implicit, Certificate::OtherHost, "n’est pas celui du serveur « localhost »"),
    ] {
        let dovecot = Options { certificate, ..Options::default() };
        let line = Line::new(Setting { tls, dovecot, ..Setting::default() });
        let bad = one_bad_line(&line, "Boîte");
        assert!(bad.contains(says), "{tls:?} {certificate:?}: {bad}");
    }
}

//! The ways out: SMTP against a scripted server and a real Postfix, and the folder.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../support/certificates.rs"]
mod certificates;
mod folder;
#[path = "../support/postfix.rs"]
mod postfix;
mod protection;
mod real;
#[path = "../support/smtp_script.rs"]
mod smtp_script;
mod steps;

use greffier::config::{self, OutboxKind, Server, Tls};
use greffier::letter::Letter;
use greffier::outbox::smtp::Limits;
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::time::Duration;

const SENDER: &str = "clinique@ministere.example";
const MARIE: &str = "marie.tremblay@cegep.example";
const JEAN: &str = "jean.roy@reseau.example";

/// A letter whose text has everything that dot-stuffing and line ends can get wrong.
fn letter(recipients: &[&str]) -> Letter {
    let mut text = String::from(
        "From: Clinique <clinique@ministere.example>\r\nTo: Marie <marie.tremblay@cegep.example>\r\n\
         Subject: =?utf-8?q?RE=3A_Arr=C3=AAt=C3=A9?=\r\nMessage-ID: <lettre.1@ministere.example>\r\n\
         Date: Tue, 25 Mar 2025 16:17:00 -0400\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n",
    );
    text.push_str(".\r\n..\r\n.debut\r\nBonjour,\r\n\r\n  deux espaces  \r\nQUIT\r\n");
    text.push_str(&"x".repeat(998));
    text.push_str("\r\nfin\r\n.\r\n\r\n");
    sealed(text.into_bytes(), recipients)
}

/// A letter of so many bytes and a little more.
fn long_letter(length: usize) -> Letter {
    let mut bytes = letter(&[MARIE]).bytes().to_vec();
    while bytes.len() < length {
        bytes.extend_from_slice(b".une ligne parmi beaucoup d'autres, qui commence par un point\r\n");
    }
    sealed(bytes, &[MARIE])
}

fn sealed(bytes: Vec<u8>, recipients: &[&str]) -> Letter {
    with_id(bytes, recipients, "lettre.1@ministere.example")
}

fn with_id(bytes: Vec<u8>, recipients: &[&str], id: &str) -> Letter {
    // As the journal gives it back.
    let seal = serde_json::json!({
        "sha256": data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes)),
        "digest": "0".repeat(64),
        "message_id": id,
        "envelope_from": SENDER,
        "recipients": recipients,
    });
    Letter::reopen(serde_json::from_value(seal).unwrap(), bytes).unwrap()
}

/// A server on this machine, without TLS and log-in.
fn server(port: u16) -> Server {
    configured(Path::new("."), port, Tls::None, None)
}

/// A server on this machine as the config gives it; the password goes into `folder`.
fn configured(folder: &Path, port: u16, tls: Tls, login: Option<(&str, &str)>) -> Server {
    let tls = match tls {
        Tls::None => "none",
        Tls::StartTls => "starttls",
        Tls::Implicit => "implicit",
    };
    let login = login.map_or(String::new(), |(user, password)| {
        std::fs::write(folder.join("password"), format!("{password}\n")).unwrap();
        format!("user = \"{user}\"\npassword_file = \"password\"\n")
    });
    let text = format!(
        "[mailbox]\nkind = \"maildir\"\npath = \"courriel\"\naddress = \"{SENDER}\"\nsince = \"all\"\n\
         [outbox]\nkind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"{tls}\"\n{login}"
    );
    let config = config::parse(&text, &folder.join("greffier.toml"), &[]).unwrap();
    let OutboxKind::Smtp(server) = config.outbox.kind else { panic!("not an SMTP server") };
    server
}

/// Limits under which a hang shows quickly, and a busy machine does not fail.
fn limits() -> Limits {
    Limits {
        connect: Duration::from_secs(10),
        greeting: Duration::from_secs(10),
        command: Duration::from_secs(10),
        data: Duration::from_secs(10),
        piece: Duration::from_secs(10),
        answer: Duration::from_secs(10),
        quit: Duration::from_secs(1),
    }
}

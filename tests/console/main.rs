//! The review console: stories in a real Chromium, and what nobody may do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[allow(dead_code, reason = "other stories use the rest of it")]
#[path = "../support/certificates.rs"]
mod certificates;
mod delays;
#[allow(dead_code, reason = "other stories use the rest of it")]
#[path = "../support/desk.rs"]
mod desk;
mod http;
mod people;
mod proposals;
mod security;
mod stories;

use desk::{Desk, Settings, UNTIL_WHEN, question};
use std::net::TcpListener;
use std::time::Duration;

/// The reviewer of the stories.
const NAME: &str = "Camille Roy";

/// A desk with a running console.
struct House {
    desk: Desk,
    port: u16,
    password: String,
    scheme: &'static str,
}

impl House {
    /// With these mails drafted, and letters held for so many seconds.
    fn with(hold: u32, mails: &[String]) -> Self {
        Self::configured(hold, mails, None, |_| {})
    }

    /// The same, with a certificate of its own, and with what `prepare` does before the start.
    fn configured(
        hold: u32,
        mails: &[String],
        tls: Option<&certificates::Issued>,
        prepare: impl FnOnce(&Desk),
    ) -> Self {
        // Free now; whoever takes it before the daemon does would be a fault of the machine.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = Settings::default();
        let mut desk = Desk::with(&Settings {
            outbox: settings.outbox.replace("hold_seconds = 0", &format!("hold_seconds = {hold}")),
            more: format!("[console]\nlisten = \"127.0.0.1:{port}\"\n"),
            ..settings
        });
        if let Some(issued) = tls {
            for (name, content) in [("chain.pem", &issued.certificate), ("key.pem", &issued.key)] {
                std::fs::write(desk.path(name), content).unwrap();
            }
            desk.edit_config(
                "[console]",
                "[console]\ntls_certificate = \"chain.pem\"\ntls_key = \"key.pem\"",
            );
        }
        prepare(&desk);
        mails.iter().for_each(|mail| desk.deliver(mail));
        desk.start();
        desk.until("the drafts are ready", || {
            let waiting = desk.ok(&["threads", "--state", "to-review", "--json"]);
            (waiting.lines().count() == mails.len()).then_some(())
        });
        let mut house = Self {
            desk,
            port,
            password: String::new(),
            scheme: if tls.is_some() { "https" } else { "http" },
        };
        house.password = house.account(NAME, "reviewer");
        house
    }

    /// Adds an account; its first password.
    fn account(&self, name: &str, role: &str) -> String {
        // A reader's account has an end.
        let until: &[&str] = if role == "reader" { &["--until", "2099-12-31"] } else { &[] };
        self.desk.ok(&[&["user", "add", name, "--role", role], until].concat());
        let said = self.desk.ok(&["user", "password", name]);
        let password = said.split_whitespace().find(|word| word.len() == 19 && word.contains('-'));
        password.expect("a password is shown").to_owned()
    }

    /// Three questions: a sure one, one beyond the FAQ, and a sure one of another organisation.
    fn usual(hold: u32) -> Self {
        let beyond =
            "Bonjour,\n\nNotre logiciel de traduction neuronale est-il permis pour nos documents ?\n\nMerci";
        Self::with(
            hold,
            &[
                question("q1@cegep.example", "anne.roy@cegep.example", "Durée", UNTIL_WHEN),
                question("q2@ville.example", "luc.cote@ville.example", "Traduction", beyond),
                question("q3@musee.example", "eve.caron@musee.example", "Durée", UNTIL_WHEN),
            ],
        )
    }

    fn url(&self) -> String {
        format!("{}://127.0.0.1:{}/", self.scheme, self.port)
    }

    /// Until a letter lies in the outbox; all of them.
    fn letters(&self, count: usize) -> Vec<String> {
        self.desk.until("the letters leave", || (self.desk.letters().len() >= count).then_some(()));
        std::thread::sleep(Duration::from_millis(300));
        self.desk.letters().into_iter().map(|letter| String::from_utf8(letter).unwrap()).collect()
    }
}

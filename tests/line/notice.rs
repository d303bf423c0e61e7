//! The internal notice of the morning on real servers: what a colleague's mailbox gets, and what comes back.

use crate::desk::{UNTIL_WHEN, question};
use crate::letters::Letter;
use crate::line::{self, Line, SMTP_PASSWORD, SMTP_USER, Setting};
use greffier::config::Tls;
use std::fs;

const TEAM: &str = "equipe@ministere.example";

/// Every day is a business day, all day.
fn calendar() -> String {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let mut text = format!(
        "zone = \"America/Toronto\"\n[[hours]]\nfrom = 2020-01-01\ndays = {days:?}\nstart = \"00:00\"\nend = \"23:59\"\n"
    );
    for year in 2025..=2060 {
        text += &format!("[[year]]\nyear = {year}\nconfirmed = true\nholidays = []\n");
    }
    text
}

#[test]
fn a_colleague_gets_numbers_and_the_desk_takes_none_of_it_for_mail() {
    let mut line =
        Line::new(Setting { tls: Tls::StartTls, postfix: Some(line::with_account()), ..Setting::default() });
    let notice = format!("[notice]\nto = [{TEAM:?}]\nat = \"00:00\"\n");
    line.desk.edit_config("[outbox]", &format!("{notice}[outbox]"));
    fs::write(line.desk.path("calendar.toml"), calendar()).unwrap();
    line.deliver_at(
        &question(
            "canari@cegep.example",
            "Anne Canari <anne.roy@cegep.example>",
            "Objet-canari",
            &format!("{UNTIL_WHEN}\n\nCorps-canari"),
        ),
        line::days_ago(10),
    );
    line.desk.start();
    let delivered = line.postfix.as_ref().unwrap().wait_for(1);
    let read = Letter::read(&delivered[0]);
    assert_eq!(
        (read.recipients, read.subject),
        (vec![TEAM.to_owned()], "1 fil attend une décision".to_owned())
    );
    assert_eq!(
        read.text.replace("\r\n", "\n"),
        "Bonjour.\n\n1 fil attend une décision, hors cible.\n\nAvis automatique de greffier; ne répondez pas.\n"
    );
    for secret in ["canari", "Canari", "anne.roy", "cegep", "suspension"] {
        assert!(!read.all.contains(secret), "the notice tells {secret:?}: {}", read.all);
    }

    // It comes back: the server's own copy in Sent, and through the list to which it went.
    let raw = String::from_utf8(delivered[0].clone()).unwrap();
    line.desk.until_state(1, "to-review");
    let before = line.events(1);
    line.send_by_hand(&raw);
    line.deliver(&format!("List-Id: <equipe.ministere.example>\r\n{raw}"));
    line.until_read_again();
    assert_eq!((line.desk.threads().len(), line.events(1)), (1, before));

    line.desk.approve(1);
    line.desk.until_state(1, "answered");
    let delivered = line.postfix.as_ref().unwrap().wait_for(2);
    let to: Vec<Vec<String>> = delivered.iter().map(|raw| Letter::read(raw).recipients).collect();
    assert!(to.contains(&vec!["anne.roy@cegep.example".to_owned()]), "{to:?}");
    assert_eq!(delivered.len(), 2);
    line.finish(&["canari", "equipe", SMTP_USER, SMTP_PASSWORD]);
}

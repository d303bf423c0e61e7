//! What the stories share: configs, cursors, mails.

use crate::dovecot::{Door, Dovecot, USER};
use greffier::config::{self, Mailbox};
use greffier::mailbox::{
    self, After, Batch, Content, Fault, Fetched, Folder, Limit, Mark, Role, Session, Setup, Times, UidCursor,
};
use std::path::Path;
use std::time::Duration;

/// `[mailbox]` as an operator would write it.
pub fn mailbox(lines: &str) -> Mailbox {
    let text = format!(
        "[mailbox]\n{lines}\naddress = \"guichet@ministere.example\"\nsince = \"all\"\n\
         [outbox]\nkind = \"folder\"\npath = \"sortie\"\n"
    );
    config::parse(&text, Path::new("/nulle-part/greffier.toml"), &[]).expect("a good config").mailbox
}

/// The config for a Dovecot of ours; `extra` are further lines.
pub fn for_dovecot(server: &Dovecot, door: Door, tls: &str, extra: &str) -> Mailbox {
    mailbox(&format!(
        "kind = \"imap\"\nhost = \"localhost\"\nport = {}\ntls = \"{tls}\"\nuser = \"{USER}\"\n\
         password_file = \"{}\"\nca_file = \"{}\"\n{extra}",
        server.port(door),
        server.password_file().display(),
        server.ca_file().display(),
    ))
}

/// Short limits, so that a test of silence is short, too.
pub fn setup() -> Setup {
    let times = Times {
        connect: Duration::from_secs(5),
        command: Duration::from_secs(10),
        body: Duration::from_secs(20),
        idle: Duration::from_secs(20),
        idle_done: Duration::from_secs(5),
    };
    Setup { times, ..Setup::default() }
}

pub async fn open(config: &Mailbox) -> Session {
    mailbox::open(config, setup()).await.unwrap_or_else(|fault| panic!("{fault:?}"))
}

pub async fn refusal(config: &Mailbox) -> Fault {
    match mailbox::open(config, setup()).await {
        Ok(_) => panic!("it opened"),
        Err(fault) => fault,
    }
}

pub fn inbox() -> Folder {
    Folder { name: "INBOX".to_owned(), role: Role::Inbox }
}

pub fn after(cursor: Option<UidCursor>) -> After<'static> {
    After { cursor, known: &|_| false }
}

/// Reads a folder on from `cursor` until there is no more, and moves the cursor.
pub async fn read_all(
    session: &mut Session,
    folder: &Folder,
    cursor: &mut Option<UidCursor>,
) -> Vec<Fetched> {
    let mut messages = Vec::new();
    loop {
        let batch = session.fetch(folder, &after(*cursor), &Limit::default()).await.unwrap();
        let Batch { messages: found, left, cursor: next, .. } = batch;
        messages.extend(found);
        *cursor = next.or(*cursor);
        if left == 0 {
            return messages;
        }
    }
}

/// A mail with `number` in its subject and its body.
pub fn mail(number: usize) -> Vec<u8> {
    format!(
        "From: Camille Roy <camille@cegep.example>\r\nTo: guichet@ministere.example\r\n\
         Subject: Question {number}\r\nMessage-ID: <{number}@cegep.example>\r\n\r\nBonjour,\r\nquestion {number}.\r\n"
    )
    .into_bytes()
}

/// The bytes of a message, wherever they are; a file is removed.
pub fn bytes(message: &Fetched) -> Vec<u8> {
    match &message.content {
        Content::Whole(bytes) | Content::Head(bytes) => bytes.clone(),
        Content::File(path) => {
            let bytes = std::fs::read(path).unwrap();
            std::fs::remove_file(path).unwrap();
            bytes
        }
    }
}

pub fn uid(message: &Fetched) -> u32 {
    match message.mark {
        Mark::Uid { uid, .. } => uid,
        Mark::Name(_) => panic!("no UID"),
    }
}

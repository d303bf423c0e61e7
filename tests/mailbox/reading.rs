//! Reading from a real Dovecot: everything once, nothing changed.

use crate::desk::{after, bytes, for_dovecot, inbox, mail, open, read_all, uid};
use crate::dovecot::{Door, Dovecot, Options};
use greffier::mailbox::{Content, Cut, Fault, Folder, Limit, Refusal, Role};
use std::collections::BTreeSet;

fn mailbox(server: &Dovecot, extra: &str) -> greffier::config::Mailbox {
    for_dovecot(server, Door::Plain, "none", extra)
}

#[tokio::test]
async fn nothing_is_marked_moved_or_removed() {
    let server = Dovecot::start(&Options::default());
    for number in 0..3 {
        server.deliver(&mail(number));
    }
    let seen = server.inbox().join("cur").join("1700000000.P1Q1.essai:2,S");
    std::fs::write(&seen, mail(9)).unwrap();
    let flags = |names: Vec<String>| {
        let flags = names.iter().map(|name| name.split_once(":2,").map_or("", |(_, flags)| flags).to_owned());
        flags.collect::<Vec<_>>()
    };

    let mut session = open(&mailbox(&server, "")).await;
    assert_eq!(read_all(&mut session, &inbox(), &mut None).await.len(), 4);
    session.close().await;
    assert_eq!(flags(Dovecot::files(&server.inbox())), ["S", "", "", ""]);
    // Not even \Recent: that is what still lies in `new`.
    assert_eq!(std::fs::read_dir(server.inbox().join("new")).unwrap().count(), 3);
}

#[tokio::test]
async fn batches_are_bounded_in_number_and_in_bytes() {
    let server = Dovecot::start(&Options::default());
    for number in 0..25 {
        server.deliver(&mail(number));
    }
    let mut session = open(&mailbox(&server, "")).await;
    let size = mail(0).len() as u64;
    for limit in [
        Limit { messages: 7, bytes: u64::MAX },
        Limit { messages: 200, bytes: size * 4 },
        Limit { messages: 1, bytes: 0 },
    ] {
        let (mut cursor, mut seen) = (None, Vec::new());
        loop {
            let batch = session.fetch(&inbox(), &after(cursor), &limit).await.unwrap();
            assert!(batch.messages.len() <= limit.messages);
            let bytes: u64 = batch.messages.iter().map(|message| message.size).sum();
            assert!(bytes <= limit.bytes || batch.messages.len() == 1, "{bytes}");
            seen.extend(batch.messages.iter().map(bytes_of));
            cursor = batch.cursor;
            if batch.left == 0 {
                break;
            }
        }
        assert_eq!(seen, (0..25).map(mail).collect::<Vec<_>>());
    }
}

fn bytes_of(message: &greffier::mailbox::Fetched) -> Vec<u8> {
    bytes(message)
}

#[tokio::test]
async fn an_empty_folder_has_a_cursor_too() {
    let server = Dovecot::start(&Options::default());
    let mut session = open(&mailbox(&server, "")).await;
    let batch = session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap();
    assert!(batch.messages.is_empty() && batch.left == 0 && batch.reset.is_none());
    let mut cursor = batch.cursor;
    assert_eq!(cursor.unwrap().next_uid, 1);
    server.deliver(&mail(1));
    assert_eq!(read_all(&mut session, &inbox(), &mut cursor).await.len(), 1);
}

#[tokio::test]
async fn a_large_message_comes_in_ranges_and_is_the_same() {
    let server = Dovecot::start(&Options::default());
    let mut large = mail(1);
    for line in 0..90_000_u32 {
        large.extend(format!("{:057x}\r\n", u64::from(line).wrapping_mul(0x9e37_79b9_7f4a_7c15)).bytes());
    }
    assert!(large.len() > 5_000_000);
    // One exactly as long as a range, one just beyond it.
    let exact: Vec<u8> = mail(2).into_iter().chain(std::iter::repeat(b'x')).take(1 << 20).collect();
    let beyond: Vec<u8> = mail(3).into_iter().chain(std::iter::repeat(b'y')).take((1 << 20) + 1).collect();
    for raw in [&large, &mail(4), &exact, &beyond] {
        server.deliver(raw);
    }
    let spool = tempfile::tempdir().unwrap();
    let setup = greffier::mailbox::Setup { spool: Some(spool.path().to_owned()), ..crate::desk::setup() };
    let mut session = greffier::mailbox::open(&mailbox(&server, ""), setup).await.unwrap();
    let messages = read_all(&mut session, &inbox(), &mut None).await;
    assert!(matches!(&messages[0].content, Content::File(path) if path.starts_with(spool.path())));
    assert!(matches!(&messages[1].content, Content::Whole(_)));
    assert!(matches!(&messages[2].content, Content::Whole(_)));
    assert!(matches!(&messages[3].content, Content::File(_)));
    for (message, raw) in messages.iter().zip([&large, &mail(4), &exact, &beyond]) {
        assert_eq!(message.size, raw.len() as u64);
        assert!(&bytes(message) == raw, "a message of {} bytes differs", raw.len());
    }
    assert_eq!(std::fs::read_dir(spool.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn over_the_limit_only_the_head_comes() {
    let server = Dovecot::start(&Options::default());
    let mut over = mail(1);
    over.resize(1_500_000, b'x');
    let header = format!("X-Long: {}\r\n", "y".repeat(900)).repeat(200);
    let long_header = [header.as_bytes(), &over].concat();
    for raw in [&over, &long_header, &mail(2)] {
        server.deliver(raw);
    }
    let mut session = open(&mailbox(&server, "max_message_mb = 1")).await;
    let messages = read_all(&mut session, &inbox(), &mut None).await;
    let Content::Head(head) = &messages[0].content else { panic!("{:?}", messages[0]) };
    assert!(head == &over[..64 << 10]);
    assert_eq!(messages[0].size, 1_500_000);
    let Content::Head(head) = &messages[1].content else { panic!("{:?}", messages[1]) };
    assert!(long_header.starts_with(head) && head.ends_with(b"<1@cegep.example>\r\n\r\n"));
    assert!(matches!(messages[2].content, Content::Whole(_)));
}

#[tokio::test]
async fn what_was_removed_in_between_is_passed() {
    let server = Dovecot::start(&Options::default());
    let paths: Vec<_> = (0..10).map(|number| server.deliver(&mail(number))).collect();
    let mut session = open(&mailbox(&server, "")).await;
    let limit = Limit { messages: 4, ..Limit::default() };
    let first = session.fetch(&inbox(), &after(None), &limit).await.unwrap();
    assert_eq!(first.messages.iter().map(uid).collect::<Vec<_>>(), [1, 2, 3, 4]);
    // Behind the server's back, while the folder is open: 6 and all from 9 on.
    for path in [&paths[5], &paths[8], &paths[9]] {
        std::fs::remove_file(path).unwrap();
    }
    let mut cursor = first.cursor;
    let mut seen = Vec::new();
    // A server that finds out in the middle may drop the connection: then open another.
    for _ in 0..5 {
        let Ok(batch) = session.fetch(&inbox(), &after(cursor), &limit).await else {
            session = open(&mailbox(&server, "")).await;
            continue;
        };
        seen.extend(batch.messages.iter().map(uid));
        cursor = batch.cursor;
        if batch.left == 0 {
            break;
        }
    }
    assert_eq!(seen, [5, 7, 8]);
    assert_eq!(cursor.unwrap().next_uid, 11);
    server.deliver(&mail(11));
    assert_eq!(read_all(&mut session, &inbox(), &mut cursor).await.iter().map(uid).collect::<Vec<_>>(), [11]);
}

#[tokio::test]
async fn a_restarted_server_loses_and_doubles_nothing() {
    let mut server = Dovecot::start(&Options::default());
    for number in 0..6 {
        server.deliver(&mail(number));
    }
    let config = mailbox(&server, "");
    let mut session = open(&config).await;
    let limit = Limit { messages: 2, ..Limit::default() };
    let mut cursor = None;
    let mut seen = Vec::new();
    let batch = session.fetch(&inbox(), &after(cursor), &limit).await.unwrap();
    seen.extend(batch.messages.iter().map(bytes));
    cursor = batch.cursor.or(cursor);

    server.restart();
    let fault = session.fetch(&inbox(), &after(cursor), &limit).await.unwrap_err();
    assert!(matches!(fault, Fault::Dropped(Cut::Bye(_) | Cut::Closed)), "{fault:?}");
    // And stays over.
    let fault = session.fetch(&inbox(), &after(cursor), &limit).await.unwrap_err();
    assert!(matches!(fault, Fault::Dropped(_)), "{fault:?}");

    server.deliver(&mail(6));
    let mut session = open(&config).await;
    seen.extend(read_all(&mut session, &inbox(), &mut cursor).await.iter().map(bytes));
    assert_eq!(seen, (0..7).map(mail).collect::<Vec<_>>());
}

#[tokio::test]
async fn french_folders_are_found_by_their_special_use() {
    let folders =
        vec![("Brouillons", "\\Drafts"), ("Sent", ""), ("Courriels expédiés", "\\Sent"), ("Guichet/Été", "")];
    let server = Dovecot::start(&Options { folders, ..Options::default() });
    server.deliver_to("Courriels expédiés", &mail(1));
    let mut session = open(&mailbox(&server, "")).await;
    let folders = session.folders().await.unwrap();
    let sent = Folder { name: "Courriels expédiés".to_owned(), role: Role::Sent };
    assert_eq!(folders, [inbox(), sent.clone()]);
    assert_eq!(read_all(&mut session, &sent, &mut None).await.len(), 1);
}

#[tokio::test]
async fn folders_are_found_by_name_and_by_config() {
    let folders = vec![("Éléments envoyés", ""), ("Archivés", ""), ("Guichet", ""), ("Été 2024 & suite", "")];
    let server = Dovecot::start(&Options { folders, ..Options::default() });
    server.deliver_to("Archivés", &mail(1));
    let names = |folders: Vec<Folder>| folders.into_iter().map(|folder| folder.name).collect::<Vec<_>>();

    let mut session = open(&mailbox(&server, "folders = [\"guichet\", \"Été 2024 & suite\"]")).await;
    assert_eq!(
        names(session.folders().await.unwrap()),
        ["INBOX", "Guichet", "Été 2024 & suite", "Éléments envoyés"]
    );

    let mut session = open(&mailbox(&server, "inbox = \"Archivés\"\nsent = \"Guichet\"")).await;
    let folders = session.folders().await.unwrap();
    assert_eq!(read_all(&mut session, &folders[0], &mut None).await.len(), 1);
    assert_eq!(names(folders), ["Archivés", "Guichet"]);

    let mut session = open(&mailbox(&server, "sent = \"Envoyés\"")).await;
    let fault = session.folders().await.unwrap_err();
    assert_eq!(fault, Fault::Refused(Refusal::NoFolder { folder: "Envoyés".to_owned() }));
}

#[tokio::test]
async fn without_a_folder_for_sent_mail_there_is_none() {
    let server = Dovecot::start(&Options { folders: vec![("Archives/Sent", "")], ..Options::default() });
    let mut session = open(&mailbox(&server, "")).await;
    assert_eq!(session.folders().await.unwrap(), [inbox()]);
}

#[tokio::test]
async fn a_folder_that_vanished_is_named() {
    let server = Dovecot::start(&Options::default());
    let mut session = open(&mailbox(&server, "")).await;
    let gone = Folder { name: "Été 2024".to_owned(), role: Role::Inbox };
    let fault = session.fetch(&gone, &after(None), &Limit::default()).await.unwrap_err();
    assert_eq!(fault, Fault::Refused(Refusal::NoFolder { folder: gone.name }));
}

#[tokio::test]
async fn ten_thousand_are_read_in_batches() {
    let server = Dovecot::start(&Options::default());
    for number in 0..10_000 {
        server.deliver(&mail(number));
    }
    let mut session = open(&mailbox(&server, "")).await;
    let messages = read_all(&mut session, &inbox(), &mut None).await;
    let uids: BTreeSet<u32> = messages.iter().map(uid).collect();
    assert_eq!((messages.len(), uids.len()), (10_000, 10_000));
}

//! The server numbers its messages anew: the folder is read a second time, and no further
//! back than sixty days.

use crate::desk::{after, bytes, for_dovecot, inbox, mail, open, read_all, uid};
use crate::dovecot::{Door, Dovecot, Options};
use greffier::mailbox::{Limit, ResetWhy, UidCursor};
use std::time::{Duration, SystemTime};

const DAY: Duration = Duration::from_secs(86_400);

/// Forgets all numbers, as after a restore from a backup of the files only.
fn renumber(server: &mut Dovecot) {
    server.stop();
    for entry in std::fs::read_dir(server.inbox()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name == "dovecot-uidlist" || name.starts_with("dovecot.index") {
            std::fs::remove_file(path).unwrap();
        }
    }
    server.launch();
}

fn age(path: &std::path::Path, days: u32) {
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - DAY * days).unwrap();
}

#[tokio::test]
async fn another_uidvalidity_reads_the_last_sixty_days_again() {
    let mut server = Dovecot::start(&Options::default());
    let paths: Vec<_> = (0..8).map(|number| server.deliver(&mail(number))).collect();
    for (path, days) in paths.iter().zip([400, 90, 61, 59, 30, 2, 1, 0]) {
        age(path, days);
    }
    let config = for_dovecot(&server, Door::Plain, "none", "");
    let mut session = open(&config).await;
    let mut cursor = None;
    assert_eq!(read_all(&mut session, &inbox(), &mut cursor).await.len(), 8);
    session.close().await;
    let before = cursor.unwrap();
    // UIDVALIDITY is the second in which the folder was made.
    std::thread::sleep(Duration::from_millis(1_100));
    renumber(&mut server);

    let mut session = open(&config).await;
    let limit = Limit { messages: 2, ..Limit::default() };
    let mut seen = Vec::new();
    let batches = loop {
        let batch = session.fetch(&inbox(), &after(cursor), &limit).await.unwrap();
        assert_eq!(batch.reset.unwrap().why, ResetWhy::UidValidity);
        seen.extend(batch.messages.iter().map(bytes));
        // Until its end the stored cursor stays, so that a new session begins it again.
        assert_eq!(batch.cursor.is_some(), batch.left == 0);
        cursor = batch.cursor.or(cursor);
        if batch.left == 0 {
            break seen.len();
        }
    };
    assert_eq!(batches, 5);
    assert_eq!(seen, (3..8).map(mail).collect::<Vec<_>>());
    assert_ne!(cursor.unwrap().uid_validity, before.uid_validity);

    server.deliver(&mail(8));
    let batch = session.fetch(&inbox(), &after(cursor), &limit).await.unwrap();
    assert!(batch.reset.is_none());
    assert_eq!(batch.messages.iter().map(bytes).collect::<Vec<_>>(), [mail(8)]);
}

#[tokio::test]
async fn a_second_reading_that_broke_off_begins_again() {
    let mut server = Dovecot::start(&Options::default());
    for number in 0..5 {
        server.deliver(&mail(number));
    }
    let config = for_dovecot(&server, Door::Plain, "none", "");
    let old = Some(UidCursor { uid_validity: 1, next_uid: 4 });
    let limit = Limit { messages: 2, ..Limit::default() };
    let mut session = open(&config).await;
    let batch = session.fetch(&inbox(), &after(old), &limit).await.unwrap();
    assert_eq!((batch.messages.iter().map(uid).collect::<Vec<_>>(), batch.cursor), (vec![1, 2], None));
    server.restart();

    let mut session = open(&config).await;
    let mut cursor = old;
    let seen = read_all(&mut session, &inbox(), &mut cursor).await;
    assert_eq!(seen.iter().map(uid).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(cursor.unwrap().next_uid, 6);
}

#[tokio::test]
async fn a_uidnext_that_went_back_is_noticed() {
    let server = Dovecot::start(&Options::default());
    let path = server.deliver(&mail(0));
    age(&path, 100);
    server.deliver(&mail(1));
    let mut session = open(&for_dovecot(&server, Door::Plain, "none", "")).await;
    let mut cursor = None;
    read_all(&mut session, &inbox(), &mut cursor).await;
    let real = cursor.unwrap();
    let ahead = Some(UidCursor { next_uid: real.next_uid + 50, ..real });
    let batch = session.fetch(&inbox(), &after(ahead), &Limit::default()).await.unwrap();
    assert_eq!(batch.reset.unwrap().why, ResetWhy::UidNext);
    assert_eq!(batch.messages.iter().map(uid).collect::<Vec<_>>(), [2]);
    assert_eq!(batch.cursor, Some(real));
}

//! The Maildir back end, on disk.

use crate::desk::{bytes, inbox, mail, mailbox, open, refusal, setup};
use crate::dovecot::{Dovecot, deliver};
use greffier::config::Mailbox;
use greffier::mailbox::{
    After, Batch, Content, Fault, Fetched, Folder, Limit, Mark, Refusal, Role, Session, Setup,
};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::Notify;

fn maildir(place: &Path) {
    for part in ["tmp", "new", "cur"] {
        std::fs::create_dir_all(place.join(part)).unwrap();
    }
}

fn config(root: &Path, extra: &str) -> Mailbox {
    mailbox(&format!("kind = \"maildir\"\npath = \"{}\"\n{extra}", root.display()))
}

fn root() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    maildir(root.path());
    root
}

async fn fetch(session: &mut Session, folder: &Folder, known: &BTreeSet<String>, limit: &Limit) -> Batch {
    let known = |name: &str| known.contains(name);
    session.fetch(folder, &After { cursor: None, known: &known }, limit).await.unwrap()
}

fn name(message: &Fetched) -> String {
    match &message.mark {
        Mark::Name(name) => name.clone(),
        Mark::Uid { .. } => panic!("a UID"),
    }
}

#[tokio::test]
async fn reads_new_and_cur_oldest_first_and_changes_nothing() {
    let root = root();
    let files = [("cur/b:2,RS", 300), ("new/c", 200), ("cur/a:2,", 100), ("new/d", 200)];
    for (number, (file, age)) in files.iter().enumerate() {
        let path = root.path().join(file);
        std::fs::write(&path, mail(number)).unwrap();
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 - age)).unwrap();
    }
    std::fs::write(root.path().join("new/.hidden"), "x").unwrap();
    std::fs::create_dir(root.path().join("new/folder")).unwrap();
    let before = Dovecot::files(root.path());

    let mut session = open(&config(root.path(), "")).await;
    let batch = fetch(&mut session, &inbox(), &BTreeSet::new(), &Limit::default()).await;
    assert_eq!(batch.messages.iter().map(name).collect::<Vec<_>>(), ["b", "c", "d", "a"]);
    assert_eq!(batch.messages.iter().map(bytes).collect::<Vec<_>>(), [0, 1, 3, 2].map(mail));
    assert_eq!(batch.messages[0].received, Timestamp::from_second(999_700).unwrap());
    assert!(batch.left == 0 && batch.cursor.is_none());
    assert_eq!(Dovecot::files(root.path()), before);
}

#[tokio::test]
async fn a_message_that_moves_to_cur_is_the_same() {
    let root = root();
    let path = deliver(root.path(), &mail(1));
    let mut session = open(&config(root.path(), "")).await;
    let batch = fetch(&mut session, &inbox(), &BTreeSet::new(), &Limit::default()).await;
    let known: BTreeSet<String> = batch.messages.iter().map(name).collect();
    let file_name = path.file_name().unwrap().to_string_lossy().into_owned();
    std::fs::rename(&path, root.path().join("cur").join(format!("{file_name}:2,S"))).unwrap();
    assert!(fetch(&mut session, &inbox(), &known, &Limit::default()).await.messages.is_empty());
}

#[tokio::test]
async fn ten_thousand_are_read_in_batches() {
    let root = root();
    for number in 0..10_000 {
        deliver(root.path(), &mail(number));
    }
    let mut session = open(&config(root.path(), "")).await;
    let mut known = BTreeSet::new();
    let limit = Limit { messages: 500, bytes: u64::MAX };
    let started = Instant::now();
    loop {
        let batch = fetch(&mut session, &inbox(), &known, &limit).await;
        assert!(batch.messages.len() <= 500);
        for message in &batch.messages {
            assert!(known.insert(name(message)), "twice");
        }
        if batch.left == 0 {
            break;
        }
    }
    assert_eq!(known.len(), 10_000);
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
}

#[tokio::test]
async fn large_messages_become_files_and_larger_ones_heads() {
    let root = root();
    let (mut large, mut over) = (mail(1), mail(2));
    large.resize(1_900_000, b'x');
    over.resize(2_100_000, b'y');
    for raw in [&large, &over, &mail(3)] {
        deliver(root.path(), raw);
        std::thread::sleep(Duration::from_millis(5));
    }
    let spool = tempfile::tempdir().unwrap();
    let setup = Setup { spool: Some(spool.path().to_owned()), ..setup() };
    let mut session =
        greffier::mailbox::open(&config(root.path(), "max_message_mb = 2"), setup).await.unwrap();
    let limit = Limit { messages: 10, bytes: 1 };
    let mut known = BTreeSet::new();
    let mut messages = Vec::new();
    loop {
        let batch = fetch(&mut session, &inbox(), &known, &limit).await;
        assert_eq!(batch.messages.len(), 1);
        known.extend(batch.messages.iter().map(name));
        messages.extend(batch.messages);
        if batch.left == 0 {
            break;
        }
    }
    assert!(matches!(&messages[0].content, Content::File(path) if path.starts_with(spool.path())));
    assert!(bytes(&messages[0]) == large);
    let Content::Head(head) = &messages[1].content else { panic!() };
    assert!(head == &over[..64 << 10]);
    assert_eq!(messages[1].size, 2_100_000);
    assert!(matches!(messages[2].content, Content::Whole(_)));
    // The mailbox's own file stays.
    assert_eq!(Dovecot::files(root.path()).len(), 3);
}

#[tokio::test]
async fn folders_are_found_as_dovecot_and_people_write_them() {
    let root = root();
    maildir(&root.path().join(".&AMk-l&AOk-ments envoy&AOk-s"));
    maildir(&root.path().join(".Guichet.Été"));
    let names = |folders: &[Folder]| folders.iter().map(|folder| folder.name.clone()).collect::<Vec<_>>();
    let mut session = open(&config(root.path(), "folders = [\"guichet/été\"]")).await;
    let folders = session.folders().await.unwrap();
    assert_eq!(names(&folders), ["INBOX", "Guichet.Été", "Éléments envoyés"]);
    assert_eq!(folders[2].role, Role::Sent);

    deliver(&root.path().join(".Guichet.Été"), &mail(1));
    assert_eq!(fetch(&mut session, &folders[1], &BTreeSet::new(), &Limit::default()).await.messages.len(), 1);
    assert!(fetch(&mut session, &folders[0], &BTreeSet::new(), &Limit::default()).await.messages.is_empty());

    let mut session = open(&config(root.path(), "sent = \".Guichet.Été\"")).await;
    assert_eq!(names(&session.folders().await.unwrap()), ["INBOX", "Guichet.Été"]);
    let fault = refusal(&config(root.path(), "sent = \"Sent\"")).await;
    assert_eq!(fault, Fault::Refused(Refusal::NoFolder { folder: "Sent".to_owned() }));
}

#[tokio::test]
async fn what_is_no_maildir_is_named() {
    let root = tempfile::tempdir().unwrap();
    for place in [root.path().to_owned(), root.path().join("absent")] {
        let fault = refusal(&config(&place, "")).await;
        assert_eq!(fault, Fault::Refused(Refusal::NoMaildir { path: place }));
    }
}

#[tokio::test]
async fn an_arrival_wakes_at_once() {
    let root = root();
    maildir(&root.path().join(".Sent"));
    let mut session = open(&config(root.path(), "")).await;
    for place in [root.path().to_owned(), root.path().join(".Sent")] {
        let waiting = async {
            session.wait(Duration::from_secs(20), &Notify::new()).await.unwrap();
            Instant::now()
        };
        let delivering = tokio::task::spawn_blocking(move || {
            std::thread::sleep(Duration::from_millis(200));
            deliver(&place, &mail(1));
            Instant::now()
        });
        let (woken, delivered) = tokio::join!(waiting, delivering);
        let delay = woken.saturating_duration_since(delivered.unwrap());
        assert!(delay < Duration::from_millis(100), "{delay:?}");
        // The other events of the same delivery.
        while tokio::time::timeout(
            Duration::from_millis(100),
            session.wait(Duration::from_secs(1), &Notify::new()),
        )
        .await
        .is_ok()
        {}
    }
}

#[tokio::test]
async fn the_bell_and_the_time_end_a_wait() {
    let root = root();
    let mut session = open(&config(root.path(), "")).await;
    let bell = Notify::new();
    bell.notify_one();
    session.wait(Duration::from_secs(20), &bell).await.unwrap();
    let started = Instant::now();
    session.wait(Duration::from_millis(200), &bell).await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn an_eml_copied_into_new_is_read_when_it_is_whole() {
    let root = root();
    let mut session = open(&config(root.path(), "")).await;
    let raw = mail(1);
    let (first, rest) = raw.split_at(20);
    let path = root.path().join("new").join("Question d'été.EML");
    std::fs::write(&path, first).unwrap();
    let none = BTreeSet::new();
    assert!(fetch(&mut session, &inbox(), &none, &Limit::default()).await.messages.is_empty());
    // Somebody is still writing.
    let started = Instant::now();
    session.wait(Duration::from_secs(20), &Notify::new()).await.unwrap();
    std::io::Write::write_all(&mut std::fs::File::options().append(true).open(&path).unwrap(), rest).unwrap();
    let batch = loop {
        let batch = fetch(&mut session, &inbox(), &none, &Limit::default()).await;
        if !batch.messages.is_empty() {
            break batch;
        }
        session.wait(Duration::from_secs(20), &Notify::new()).await.unwrap();
    };
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    assert_eq!(bytes(&batch.messages[0]), raw);
    assert_eq!(name(&batch.messages[0]), "Question d'été.EML");
}

#[tokio::test]
async fn a_copy_is_filed_read_and_dated() {
    let root = root();
    maildir(&root.path().join(".Sent"));
    let mut session = open(&config(root.path(), "")).await;
    let sent = session.folders().await.unwrap().pop().unwrap();
    let date: Timestamp = "2025-03-25T20:17:00Z".parse().unwrap();
    session.append(&sent, &mail(1), date).await.unwrap();
    session.append(&sent, &mail(2), date).await.unwrap();
    let names = Dovecot::files(&root.path().join(".Sent"));
    assert!(names.len() == 2 && names.iter().all(|name| name.ends_with(":2,S")), "{names:?}");
    assert_eq!(std::fs::read_dir(root.path().join(".Sent/tmp")).unwrap().count(), 0);
    let batch = fetch(&mut session, &sent, &BTreeSet::new(), &Limit::default()).await;
    assert_eq!(batch.messages.iter().map(bytes).collect::<Vec<_>>(), [mail(1), mail(2)]);
    assert_eq!(batch.messages[0].received, date);
}

#[tokio::test]
async fn what_was_not_kept_comes_again_and_moves_are_followed() {
    let root = root();
    let paths: Vec<_> = (0..6)
        .map(|number| {
            std::thread::sleep(Duration::from_millis(5));
            deliver(root.path(), &mail(number))
        })
        .collect();
    let mut session = open(&config(root.path(), "")).await;
    let limit = Limit { messages: 2, ..Limit::default() };
    let mut known = BTreeSet::new();
    let first = fetch(&mut session, &inbox(), &known, &limit).await;
    let again = fetch(&mut session, &inbox(), &known, &limit).await;
    assert_eq!(
        first.messages.iter().map(name).collect::<Vec<_>>(),
        again.messages.iter().map(name).collect::<Vec<_>>()
    );
    known.extend(first.messages.iter().map(name));
    // A colleague reads everything, and throws one away.
    for path in &paths {
        let file_name = path.file_name().unwrap().to_string_lossy().into_owned();
        std::fs::rename(path, root.path().join("cur").join(format!("{file_name}:2,S"))).unwrap();
    }
    let gone = paths[3].file_name().unwrap().to_string_lossy().into_owned();
    std::fs::remove_file(root.path().join("cur").join(format!("{gone}:2,S"))).unwrap();
    let mut seen = Vec::new();
    for _ in 0..10 {
        let batch = fetch(&mut session, &inbox(), &known, &limit).await;
        known.extend(batch.messages.iter().map(name));
        seen.extend(batch.messages.iter().map(bytes));
        if batch.left == 0 {
            break;
        }
    }
    assert_eq!(seen, [mail(2), mail(4), mail(5)]);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_does_not_stop_the_others() {
    let root = root();
    // May only be written to: reading it fails for everybody, root included.
    let odd = Path::new("/sys/bus/platform/uevent");
    assert!(std::fs::metadata(odd).unwrap().is_file() && std::fs::read(odd).is_err());
    std::os::unix::fs::symlink(odd, root.path().join("new/1.odd")).unwrap();
    // And these are no files at all.
    std::os::unix::fs::symlink("2.odd", root.path().join("new/2.odd")).unwrap();
    std::os::unix::fs::symlink("nowhere", root.path().join("new/3.odd")).unwrap();
    let mut session = open(&config(root.path(), "")).await;
    let nothing = After { cursor: None, known: &|_| false };
    let fault = session.fetch(&inbox(), &nothing, &Limit::default()).await.unwrap_err();
    assert!(matches!(fault, Fault::Refused(Refusal::Files { .. })), "{fault:?}");
    deliver(root.path(), &mail(2));
    let batch = fetch(&mut session, &inbox(), &BTreeSet::new(), &Limit::default()).await;
    assert_eq!(batch.messages.iter().map(name).filter(|name| name == "1.odd").count(), 1);
    assert_eq!(batch.messages.iter().map(bytes).collect::<BTreeSet<_>>(), BTreeSet::from([vec![], mail(2)]));
}

//! Marking what was answered: in a real Dovecot, in servers that do not want it, and in a Maildir.

use crate::desk::{for_dovecot, inbox, mail, mailbox, open, read_all};
use crate::dovecot::{Door, Dovecot, Options};
use crate::imap_script::{Script, ScriptedImap};
use greffier::mailbox::{Fault, Mark, Marked, Session};

fn flags(names: &[String]) -> Vec<String> {
    let mut flags: Vec<String> =
        names.iter().map(|name| name.split_once(":2,").map_or("", |(_, flags)| flags).to_owned()).collect();
    flags.sort();
    flags
}

#[tokio::test]
async fn a_dovecot_marks_the_one_message_and_no_other() {
    let server = Dovecot::start(&Options::default());
    server.deliver(&mail(1));
    server.deliver(&mail(2));
    let mut session = open(&for_dovecot(&server, Door::Implicit, "implicit", "")).await;
    session.folders().await.unwrap();
    let mut cursor = None;
    let read = read_all(&mut session, &inbox(), &mut cursor).await;
    let Mark::Uid { uid_validity, uid } = read[1].mark else { panic!("no UID") };
    // Numbered anew, the number is another message's.
    let other = Mark::Uid { uid_validity: uid_validity + 1, uid };
    assert_eq!(session.mark_answered(&inbox(), &other).await.unwrap(), Marked::Gone);
    assert_eq!(flags(&Dovecot::files(&server.inbox())), ["", ""]);
    assert_eq!(session.mark_answered(&inbox(), &read[1].mark).await.unwrap(), Marked::Done);
    assert_eq!(flags(&Dovecot::files(&server.inbox())), ["", "RS"]);
    // Once more changes nothing, and a message that is gone is no mistake.
    let gone = Mark::Uid { uid_validity, uid: uid + 100 };
    for mark in [&read[1].mark, &gone] {
        assert_eq!(session.mark_answered(&inbox(), mark).await.unwrap(), Marked::Done);
    }
    assert_eq!(flags(&Dovecot::files(&server.inbox())), ["", "RS"]);
    // The session goes on reading, and flags are no news.
    server.deliver(&mail(3));
    let news = read_all(&mut session, &inbox(), &mut cursor).await;
    assert_eq!(news.iter().map(crate::desk::uid).collect::<Vec<_>>(), [uid + 1]);
}

async fn scripted(script: Script) -> (Session, ScriptedImap) {
    let server = script.start().await;
    let password = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(password.path(), "secret\n").unwrap();
    let lines = format!(
        "kind = \"imap\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nuser = \"u\"\npassword_file = {:?}",
        server.port,
        password.path()
    );
    let mut session = open(&mailbox(&lines)).await;
    session.folders().await.unwrap();
    (session, server)
}

fn selected(permanent: &str) -> String {
    format!(
        "* 3 EXISTS\r\n{permanent}* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n{{tag}} OK selected\r\n"
    )
}

const FIRST: Mark = Mark::Uid { uid_validity: 7, uid: 1 };

#[tokio::test]
async fn a_server_that_keeps_no_flags_is_left_alone() {
    let permanent = "* OK [PERMANENTFLAGS ()] read-only\r\n";
    let (mut session, server) = scripted(Script::default().on("SELECT", &selected(permanent))).await;
    assert_eq!(session.mark_answered(&inbox(), &FIRST).await.unwrap(), Marked::NotKept);
    assert!(server.heard().iter().all(|command| !command.contains("STORE")), "{:?}", server.heard());
}

#[tokio::test]
async fn only_the_flags_that_are_kept_are_set() {
    for (permanent, set) in [
        ("* OK [PERMANENTFLAGS (\\Seen \\Deleted)] some\r\n", "(\\Seen)"),
        ("* OK [PERMANENTFLAGS (\\Answered \\Seen \\*)] all\r\n", "(\\Answered \\Seen)"),
        ("", "(\\Answered \\Seen)"),
    ] {
        let (mut session, server) = scripted(Script::default().on("SELECT", &selected(permanent))).await;
        assert_eq!(session.mark_answered(&inbox(), &FIRST).await.unwrap(), Marked::Done);
        let stored = server.heard().into_iter().find(|command| command.contains("STORE")).unwrap();
        assert_eq!(stored, format!("UID STORE 1 +FLAGS.SILENT {set}"));
    }
}

#[tokio::test]
async fn a_refusal_is_a_fault_and_the_session_goes_on() {
    let script = Script::default()
        .on("SELECT", "{tag} NO [NOPERM] no\r\n")
        .on("SELECT", &selected(""))
        .on("UID STORE", "{tag} NO not here\r\n");
    let (mut session, _server) = scripted(script).await;
    for _ in 0..2 {
        let fault = session.mark_answered(&inbox(), &FIRST).await.unwrap_err();
        assert!(matches!(fault, Fault::Refused(_)), "{fault:?}");
    }
    assert_eq!(read_all(&mut session, &inbox(), &mut None).await.len(), 3);
}

#[tokio::test]
async fn a_maildir_gets_r_and_s_in_the_name() {
    let root = tempfile::tempdir().unwrap();
    for part in ["tmp", "new", "cur"] {
        std::fs::create_dir_all(root.path().join(part)).unwrap();
    }
    std::fs::write(root.path().join("new/a"), mail(1)).unwrap();
    std::fs::write(root.path().join("cur/b:2,F"), mail(2)).unwrap();
    std::fs::write(root.path().join("cur/c:2,"), mail(3)).unwrap();
    let config = mailbox(&format!("kind = \"maildir\"\npath = {:?}", root.path()));
    let mut session = open(&config).await;
    for name in ["a", "b"] {
        let mark = Mark::Name(name.to_owned());
        for _ in 0..2 {
            assert_eq!(session.mark_answered(&inbox(), &mark).await.unwrap(), Marked::Done);
        }
    }
    let gone = Mark::Name("d".to_owned());
    assert_eq!(session.mark_answered(&inbox(), &gone).await.unwrap(), Marked::Gone);
    assert_eq!(Dovecot::files(root.path()), ["a:2,RS", "b:2,FRS", "c:2,"]);
    assert!(root.path().join("cur/a:2,RS").exists());
}

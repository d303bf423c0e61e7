//! A server that misbehaves: never a wrong "nothing new", never a message passed over.

use crate::desk::{after, inbox, mailbox, uid};
use crate::imap_script::{Script, ScriptedImap, Then};
use greffier::config::Mailbox;
use greffier::mailbox::{self, Content, Fault, Folder, Limit, Role, Session, Setup, Times, UidCursor};
use jiff::Timestamp;
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Answers, what happens then, and the fault that they must become.
const BAD_ANSWERS: [(&str, Then, &str); 8] = [
    ("{tag} BAD What?\r\n", Then::GoOn, "command-refused"),
    ("* BYE Session invalidated - AccessTokenExpired\r\n", Then::Close, "server-bye"),
    ("", Then::Close, "connection-closed"),
    ("* 1 FETCH (UID 1 BODY[]<0> {500}\r\nSubject: canari", Then::Close, "connection-closed"),
    ("* 1 FETCH (UID 1 RFC822.SIZE 30", Then::Close, "connection-closed"),
    ("", Then::Silence, "server-silent"),
    ("* 1 FETCH (UID 1 BODY[]<0> {500}\r\nSubject: canari", Then::Silence, "server-silent"),
    ("canari !? ))((\r\n", Then::GoOn, "not-imap"),
];

async fn config(server: &ScriptedImap) -> (Mailbox, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let password = folder.path().join("password");
    std::fs::write(&password, "canari-secret").unwrap();
    let config = mailbox(&format!(
        "kind = \"imap\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nuser = \"guichet\"\npassword_file = \"{}\"",
        server.port,
        password.display()
    ));
    (config, folder)
}

fn setup() -> Setup {
    let short = Duration::from_millis(400);
    let times =
        Times { connect: short, command: short, body: short, idle: Duration::from_secs(2), idle_done: short };
    Setup { times, ..Setup::default() }
}

async fn session(script: Script) -> (Session, ScriptedImap) {
    let server = script.start().await;
    let (config, _password) = config(&server).await;
    let session = mailbox::open(&config, setup()).await.unwrap_or_else(|fault| panic!("{fault:?}"));
    (session, server)
}

async fn open_fault(script: Script) -> Fault {
    let server = script.start().await;
    let (config, _password) = config(&server).await;
    match mailbox::open(&config, setup()).await {
        Ok(_) => panic!("it opened"),
        Err(fault) => fault,
    }
}

/// Reads once more over a new connection, and expects all three messages.
async fn reads_well_again(server: &ScriptedImap) {
    let (config, _password) = config(server).await;
    let mut session = mailbox::open(&config, setup()).await.unwrap();
    let batch = session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap();
    assert_eq!(batch.messages.iter().map(uid).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(batch.cursor, Some(UidCursor { uid_validity: 7, next_uid: 4 }));
}

#[tokio::test]
async fn a_bad_answer_is_a_fault_at_every_step() {
    for command in ["EXAMINE", "UID FETCH 1:3 (UID RFC822.SIZE", "UID FETCH 1:3 (UID BODY.PEEK"] {
        for (answer, then, class) in BAD_ANSWERS {
            let (mut session, server) = session(Script::default().on_then(command, answer, then)).await;
            let fault = session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap_err();
            assert_eq!(fault.class(), class, "{command} answered by {answer:?}");
            assert!(!format!("{fault} {fault:?}").contains("canari"), "{fault:?}");
            // The script's rule is used up: the next connection finds a good server.
            reads_well_again(&server).await;
        }
    }
}

#[tokio::test]
async fn a_no_to_examine_or_to_sizes_is_a_fault() {
    for (command, answer, class) in [
        ("EXAMINE", "{tag} NO [NONEXISTENT] No such folder\r\n", "folder-missing"),
        ("EXAMINE", "{tag} NO Access denied\r\n", "folder-refused"),
        ("EXAMINE", "{tag} BAD User is authenticated but not connected.\r\n", "command-refused"),
        ("EXAMINE", "* 3 EXISTS\r\n{tag} OK no UIDVALIDITY\r\n", "no-uidvalidity"),
        ("UID FETCH", "{tag} NO [UNAVAILABLE] later\r\n", "command-refused"),
        ("UID FETCH", "g99 OK somebody else\r\n", "not-imap"),
    ] {
        let (mut session, server) = session(Script::default().on(command, answer)).await;
        let fault = session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap_err();
        assert_eq!(fault.class(), class, "{command} answered by {answer:?}");
        reads_well_again(&server).await;
    }
}

#[tokio::test]
async fn a_server_that_refuses_every_body_is_waited_for() {
    let mut script = Script::default();
    for command in [
        "UID FETCH 1:3 (UID BODY",
        "UID FETCH 1 (UID BODY.PEEK[]",
        "UID FETCH 2 (UID BODY.PEEK[]",
        "UID FETCH 3 (UID BODY.PEEK[]",
    ] {
        script = script.on(command, "{tag} NO [SERVERBUG] not today\r\n");
    }
    for number in 1..=3 {
        script = script.on(&format!("UID FETCH {number} (UID BODY.PEEK[HEADER]"), "{tag} NO not today\r\n");
    }
    let (mut session, server) = session(script).await;
    let fault = session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap_err();
    assert_eq!(fault.class(), "command-refused");
    reads_well_again(&server).await;
}

#[tokio::test]
async fn one_message_that_is_withheld_does_not_stop_the_others() {
    for (withheld, header, expected) in [
        ("{tag} NO cannot be converted\r\n", "{tag} NO cannot be converted\r\n", ""),
        (
            "{tag} OK done\r\n",
            "* 2 FETCH (UID 2 BODY[HEADER]<0> {6}\r\nA: b\r\n)\r\n{tag} OK done\r\n",
            "A: b\r\n",
        ),
        ("* 2 FETCH (UID 2 BODY[]<0> NIL)\r\n{tag} OK done\r\n", "{tag} OK done\r\n", ""),
    ] {
        let script = Script::default()
            .on("UID FETCH 1:3 (UID BODY", "{tag} NO some cannot be converted\r\n")
            .on("UID FETCH 2 (UID BODY.PEEK[]", withheld)
            .on("UID FETCH 2 (UID BODY.PEEK[HEADER]", header);
        let (mut session, _server) = session(script).await;
        let batch = session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap();
        assert_eq!(batch.messages.iter().map(uid).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(matches!(&batch.messages[0].content, Content::Whole(_)));
        let Content::Head(head) = &batch.messages[1].content else { panic!("{:?}", batch.messages[1]) };
        assert_eq!(head, expected.as_bytes());
        assert!(matches!(&batch.messages[2].content, Content::Whole(_)));
        assert_eq!(batch.cursor.unwrap().next_uid, 4);
    }
}

#[tokio::test]
async fn a_large_message_that_is_withheld_does_not_stop_the_others() {
    let meta = "* 1 FETCH (UID 1 RFC822.SIZE 2000000 INTERNALDATE \" 5-Mar-2025 10:06:00 -0500\")\r\n\
                * 2 FETCH (UID 2 RFC822.SIZE 25 INTERNALDATE \" 5-Mar-2025 10:06:00 -0500\")\r\n{tag} OK done\r\n";
    // One that is there, and one that is gone when its turn comes.
    for (there, expected) in [(true, vec![1, 2]), (false, vec![2])] {
        let mut script = Script::default()
            .on("UID FETCH 1:3 (UID RFC822", meta)
            .on("UID FETCH 1 (UID BODY.PEEK[]", "{tag} NO cannot be converted\r\n")
            .on("UID FETCH 1 (UID BODY.PEEK[HEADER]", "{tag} NO cannot be converted\r\n");
        if !there {
            script = script.on("UID FETCH 1:1", "{tag} OK done\r\n");
        }
        let server = script.start().await;
        let (config, _password) = config(&server).await;
        let spool = tempfile::tempdir().unwrap();
        let setup = Setup { spool: Some(spool.path().to_owned()), ..setup() };
        let mut session = mailbox::open(&config, setup).await.unwrap();
        let batch = session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap();
        assert_eq!(batch.messages.iter().map(uid).collect::<Vec<_>>(), expected);
        assert_eq!(batch.cursor.unwrap().next_uid, 4);
        assert_eq!(std::fs::read_dir(spool.path()).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn a_message_removed_between_size_and_body_is_passed() {
    let one_and_three = "* 1 FETCH (UID 1 BODY[]<0> {1}\r\na)\r\n* 3 FETCH (UID 3 BODY[]<0> {1}\r\nc)\r\n{tag} OK [EXPUNGEISSUED] done\r\n";
    let script = Script::default()
        .on("UID FETCH 1:3 (UID BODY", one_and_three)
        .on("NOOP", "* 2 EXPUNGE\r\n{tag} OK done\r\n")
        .on("UID FETCH 2 (UID BODY", "{tag} OK done\r\n")
        .on("UID FETCH 2:2", "{tag} OK done\r\n");
    let (mut session, _server) = session(script).await;
    let batch = session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap();
    assert_eq!(batch.messages.iter().map(uid).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(batch.cursor.unwrap().next_uid, 4);
}

#[tokio::test]
async fn what_nobody_asked_for_is_ignored() {
    let noise = "* 9 EXISTS\r\n* 0 RECENT\r\n* OK Still here\r\n* 2 FETCH (FLAGS (\\Seen) UID 2)\r\n\
                 * 3 FETCH (FLAGS (\\Seen))\r\n* 9 FETCH (UID 9 RFC822.SIZE 4 INTERNALDATE \" 5-Mar-2025 10:06:00 -0500\")\r\n\
                 * 9 FETCH (UID 9 BODY[]<0> {4}\r\nelse)\r\n* 1 FETCH (UID 1 BODY[]<100> {4}\r\npart)\r\n\
                 * 1 FETCH (UID 1 BODY[TEXT] {4}\r\ntext)\r\n";
    let sizes = format!(
        "{noise}{}{noise}{{tag}} OK done\r\n",
        "* 1 FETCH (RFC822.SIZE 5 UID 1 INTERNALDATE \" 5-Mar-2025 10:06:00 -0500\")\r\n\
         * 3 FETCH (UID 3 RFC822.SIZE 5 INTERNALDATE \"32-Mar-2025 10:06:00 -0500\")\r\n"
    );
    let bodies = format!(
        "{noise}* 1 FETCH (BODY[]<0> {{5}}\r\nright UID 1)\r\n{noise}* 3 FETCH (UID 3 BODY[]<0> \"three\")\r\n{{tag}} OK done\r\n"
    );
    let script = Script::default()
        .on(
            "EXAMINE",
            &format!("{noise}* 3 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 4]\r\n{{tag}} OK done\r\n"),
        )
        .on("UID FETCH", &sizes)
        .on("UID FETCH", &bodies);
    let (mut session, _server) = session(script).await;
    let batch = session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap();
    let bodies: Vec<_> = batch.messages.iter().map(crate::desk::bytes).collect();
    assert_eq!(bodies, [b"right".to_vec(), b"three".to_vec()]);
    assert_eq!(batch.messages.iter().map(uid).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(batch.messages[0].received.to_string(), "2025-03-05T15:06:00Z");
    assert_eq!(batch.cursor.unwrap().next_uid, 4);
}

#[tokio::test]
async fn a_size_that_is_wrong_loses_no_byte() {
    // Exchange only estimates. Too small: 10 bytes said, 2.5 MB there.
    let long = "x".repeat(2_500_000);
    let range = |from: usize, length: usize| {
        let data = &long[from.min(long.len())..(from + length).min(long.len())];
        format!("* 1 FETCH (UID 1 BODY[]<{from}> {{{}}}\r\n{data})\r\n{{tag}} OK done\r\n", data.len())
    };
    let meta = |size: usize| {
        format!(
            "* 1 FETCH (UID 1 RFC822.SIZE {size} INTERNALDATE \" 5-Mar-2025 10:06:00 -0500\")\r\n{{tag}} OK done\r\n"
        )
    };
    let mib = 1 << 20;
    for size in [10, 1_100_000, 2_500_000, 9_000_000] {
        let mut script = Script::default().on("UID FETCH", &meta(size));
        if size == 10 {
            script = script.on("UID FETCH 1 (UID BODY.PEEK[]<0.1048577>)", &range(0, mib + 1));
        }
        for step in 0..3 {
            script =
                script.on(&format!("UID FETCH 1 (UID BODY.PEEK[]<{}.", step * mib), &range(step * mib, mib));
        }
        script = script.on("UID FETCH 1 (UID BODY.PEEK[]<2500000.", &range(2_500_000, mib));
        script.messages.truncate(1);
        let (mut session, _server) = session(script).await;
        let batch = session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap();
        assert!(matches!(batch.messages[0].content, Content::File(_)));
        assert!(crate::desk::bytes(&batch.messages[0]) == long.as_bytes(), "said to be {size}");
    }
}

#[tokio::test]
async fn a_server_without_uidnext_is_asked_for_its_last_message() {
    let examine = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n{tag} OK done\r\n";
    let script = Script::default()
        .on("EXAMINE", examine)
        .on("FETCH * (UID)", "* 3 FETCH (UID 3)\r\n{tag} OK done\r\n");
    let (mut session, _server) = session(script).await;
    let batch = session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap();
    assert_eq!(batch.messages.len(), 3);
    assert_eq!(batch.cursor.unwrap().next_uid, 4);
}

#[tokio::test]
async fn rare_uids_do_not_need_many_commands() {
    let messages = [7, 1_000_000, 30_000_000].map(|uid| (uid, "Subject: x\r\n\r\ny".to_owned()));
    let mut script = Script::default();
    script.messages = messages.to_vec();
    let (mut session, server) = session(script).await;
    let batch = session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap();
    assert_eq!(batch.messages.iter().map(uid).collect::<Vec<_>>(), [7, 1_000_000, 30_000_000]);
    assert_eq!(batch.cursor.unwrap().next_uid, 30_000_001);
    assert!(server.heard().len() < 30, "{}", server.heard().len());
}

#[tokio::test]
async fn an_endless_line_is_cut_off() {
    let script = Script::default().on_then("UID FETCH", &"x".repeat(17 << 20), Then::Silence);
    let (mut session, _server) = session(script).await;
    let fault = session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap_err();
    assert!(matches!(fault.class(), "not-imap" | "server-silent"), "{fault:?}");
}

#[tokio::test]
async fn greetings_that_are_none() {
    for (greeting, class) in [
        ("* BYE too many connections\r\n", "server-busy"),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", "not-imap"),
        ("", "server-silent"),
    ] {
        assert_eq!(open_fault(Script::default().greeting(greeting)).await.class(), class, "{greeting}");
    }
}

#[tokio::test]
async fn log_ins_that_fail() {
    for (answer, class) in [
        ("{tag} NO [AUTHENTICATIONFAILED] no\r\n", "password-refused"),
        ("{tag} NO [UNAVAILABLE] try later\r\n", "server-busy"),
        ("{tag} BAD canari-secret?\r\n", "command-refused"),
    ] {
        let fault = open_fault(Script::default().on("AUTHENTICATE", answer)).await;
        assert_eq!(fault.class(), class);
        assert!(!format!("{fault:?}").contains("canari"));
    }
    let disabled = Script::default().capabilities("IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2");
    assert_eq!(open_fault(disabled).await.class(), "no-login-method");
}

#[tokio::test]
async fn logs_in_by_login_where_there_is_no_plain() {
    let (_session, server) = session(Script::default().capabilities("IMAP4rev1")).await;
    assert!(server.heard().contains(&"LOGIN {7}".to_owned()), "{:?}", server.heard());
}

#[tokio::test]
async fn no_starttls_no_password() {
    for script in [
        Script::default().on("STARTTLS", "{tag} NO not here\r\n"),
        Script::default().on("STARTTLS", "{tag} BAD what?\r\n"),
        Script::default().greeting("* PREAUTH welcome\r\n"),
    ] {
        let server = script.start().await;
        let (mut config, _password) = config(&server).await;
        let greffier::config::MailboxKind::Imap(imap) = &mut config.kind else { unreachable!() };
        imap.tls = greffier::config::Tls::StartTls;
        let fault = mailbox::open(&config, setup()).await.err().unwrap();
        assert_eq!(fault.class(), "no-starttls");
        assert!(
            !server.heard().iter().any(|command| command.starts_with("AUTH") || command.starts_with("LOGIN"))
        );
    }
}

/// A session that has read everything, so that it waits.
async fn waiting(script: Script) -> (Session, ScriptedImap) {
    let (mut session, server) = session(script).await;
    session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap();
    (session, server)
}

#[tokio::test]
async fn news_before_the_idle_is_confirmed_is_heard() {
    // Exchange does it.
    let script = Script::default().on("IDLE", "* 4 EXISTS\r\n+ idling\r\n");
    let (mut session, _server) = waiting(script).await;
    let started = Instant::now();
    session.wait(Duration::from_secs(2), &Notify::new()).await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn a_refused_idle_becomes_a_poll() {
    let script = Script::default().on("IDLE", "{tag} NO not now\r\n");
    let (mut session, server) = waiting(script).await;
    for _ in 0..2 {
        let started = Instant::now();
        session.wait(Duration::from_millis(300), &Notify::new()).await.unwrap();
        assert!(started.elapsed() >= Duration::from_millis(300));
    }
    assert_eq!(server.heard().iter().filter(|command| *command == "IDLE").count(), 1);
    session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap();
}

#[tokio::test]
async fn an_idle_that_breaks_is_a_fault() {
    for (answer, then, class) in [
        ("+ idling\r\n* BYE restart\r\n", Then::GoOn, "server-bye"),
        ("+ idling\r\n", Then::Close, "connection-closed"),
        ("", Then::Silence, "server-silent"),
        // Nobody answers DONE; keepalives do not prolong it.
        ("+ idling\r\n* OK Still here\r\n", Then::Silence, "server-silent"),
    ] {
        let (mut session, _server) = waiting(Script::default().on_then("IDLE", answer, then)).await;
        let started = Instant::now();
        let fault = session.wait(Duration::from_millis(500), &Notify::new()).await.unwrap_err();
        assert_eq!(fault.class(), class, "{answer:?}");
        assert!(started.elapsed() < Duration::from_secs(2));
    }
}

#[tokio::test]
async fn filing_survives_noise_and_notices_a_refusal() {
    let sent = Folder { name: "Sent".to_owned(), role: Role::Sent };
    let file = async |script: Script| {
        let (mut session, _server) = session(script).await;
        session.append(&sent, b"A: b\r\n\r\nc", Timestamp::UNIX_EPOCH).await
    };
    file(Script::default()).await.unwrap();
    for (answer, then, class) in [
        ("{tag} NO [TRYCREATE] no such folder\r\n", Then::GoOn, "folder-missing"),
        ("{tag} NO [OVERQUOTA] full\r\n", Then::GoOn, "folder-refused"),
        ("{tag} BAD what?\r\n", Then::GoOn, "command-refused"),
        ("{tag} OK but how?\r\n", Then::GoOn, "not-imap"),
        ("* 4 EXISTS\r\n+ go on\r\n", Then::Close, "connection-closed"),
        ("* 4 EXISTS\r\n+ go on\r\n", Then::Silence, "server-silent"),
        ("* 4 EXISTS\r\n", Then::Silence, "server-silent"),
    ] {
        let fault = file(Script::default().on_then("APPEND", answer, then)).await.unwrap_err();
        assert_eq!(fault.class(), class, "{answer:?}");
    }
}

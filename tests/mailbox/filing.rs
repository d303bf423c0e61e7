//! Filing a copy with a real Dovecot.

use crate::desk::{bytes, for_dovecot, mail, open, read_all};
use crate::dovecot::{Door, Dovecot, Options};
use greffier::mailbox::{Fault, Folder, Refusal, Role};
use jiff::Timestamp;

#[tokio::test]
async fn a_copy_is_filed_read_and_dated() {
    let folders = vec![("Éléments envoyés", "\\Sent")];
    let server = Dovecot::start(&Options { folders, ..Options::default() });
    let mut session = open(&for_dovecot(&server, Door::Implicit, "implicit", "")).await;
    let sent = session.folders().await.unwrap().pop().unwrap();
    assert_eq!(sent.role, Role::Sent);
    let date: Timestamp = "2025-03-05T15:06:07Z".parse().unwrap();
    let mut large = mail(2);
    large.resize(3_000_000, b'z');
    session.append(&sent, &mail(1), date).await.unwrap();
    session.append(&sent, &large, date).await.unwrap();

    let filed = read_all(&mut session, &sent, &mut None).await;
    assert_eq!(filed.iter().map(|message| message.received).collect::<Vec<_>>(), [date, date]);
    assert_eq!(bytes(&filed[0]), mail(1));
    assert!(bytes(&filed[1]) == large);
    let names = Dovecot::files(&server.folder("Éléments envoyés"));
    assert!(names.len() == 2 && names.iter().all(|name| name.ends_with(":2,S")), "{names:?}");
}

#[tokio::test]
async fn a_missing_folder_is_named_and_the_session_goes_on() {
    let server = Dovecot::start(&Options::default());
    let mut session = open(&for_dovecot(&server, Door::Plain, "none", "")).await;
    let gone = Folder { name: "Envoyés".to_owned(), role: Role::Sent };
    let fault = session.append(&gone, &mail(1), Timestamp::UNIX_EPOCH).await.unwrap_err();
    assert_eq!(fault, Fault::Refused(Refusal::NoFolder { folder: "Envoyés".to_owned() }));
    let sent = session.folders().await.unwrap().pop().unwrap();
    session.append(&sent, &mail(1), Timestamp::UNIX_EPOCH).await.unwrap();
}

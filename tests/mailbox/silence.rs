//! What must never be logged: passwords, mail, what servers say.

use crate::desk::{after, for_dovecot, inbox, open};
use crate::dovecot::{Door, Dovecot, Options};
use greffier::mailbox::Limit;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_and_no_mail_in_the_most_talkative_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let server = Dovecot::start(&Options::default());
    server.deliver(b"From: canari@ministere.example\r\nSubject: canari\r\n\r\ncanari\r\n");
    let config = for_dovecot(&server, Door::Plain, "starttls", "");
    let mut session = open(&config).await;
    let folders = session.folders().await.unwrap();
    let batch = session.fetch(&inbox(), &after(None), &Limit::default()).await.unwrap();
    session.wait(Duration::from_millis(100), &Notify::new()).await.unwrap();
    session.append(&folders[1], b"Subject: canari\r\n\r\ncanari", jiff::Timestamp::UNIX_EPOCH).await.unwrap();
    // What a careless line of ours would print.
    tracing::info!(?batch, ?session, "all of it");
    session.close().await;
    std::fs::write(server.password_file(), "canari").unwrap();
    let fault = crate::desk::refusal(&config).await;
    tracing::warn!(%fault, ?fault, "refused");

    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(log.contains("all of it") && log.contains("password-refused"), "{log}");
    assert!(!log.contains("canari") && !log.contains(crate::dovecot::PASSWORD), "{log}");
}

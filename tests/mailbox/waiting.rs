//! Waiting for news from a real Dovecot.

use crate::desk::{for_dovecot, inbox, mail, open, read_all};
use crate::dovecot::{Door, Dovecot, Options};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;

const LONG: Duration = Duration::from_secs(20);

#[tokio::test]
async fn an_arrival_ends_the_wait() {
    let server = Dovecot::start(&Options::default());
    let mut session = open(&for_dovecot(&server, Door::Implicit, "implicit", "")).await;
    let mut cursor = None;
    read_all(&mut session, &inbox(), &mut cursor).await;
    for number in 0..3 {
        let inbox_path = server.inbox();
        let delivery = tokio::task::spawn_blocking(move || {
            std::thread::sleep(Duration::from_millis(300));
            crate::dovecot::deliver(&inbox_path, &mail(number));
        });
        let started = Instant::now();
        session.wait(LONG, &Notify::new()).await.unwrap();
        // Dovecot itself waits half a second before it tells.
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        delivery.await.unwrap();
        assert_eq!(read_all(&mut session, &inbox(), &mut cursor).await.len(), 1);
    }
}

#[tokio::test]
async fn what_came_since_the_reading_is_not_slept_over() {
    let server = Dovecot::start(&Options::default());
    let mut session = open(&for_dovecot(&server, Door::Plain, "none", "")).await;
    let mut cursor = None;
    read_all(&mut session, &inbox(), &mut cursor).await;
    server.deliver(&mail(1));
    let started = Instant::now();
    session.wait(LONG, &Notify::new()).await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    assert_eq!(read_all(&mut session, &inbox(), &mut cursor).await.len(), 1);
}

#[tokio::test]
async fn the_bell_ends_the_wait_even_if_it_rang_before() {
    for idle in [true, false] {
        let server = Dovecot::start(&Options { idle, ..Options::default() });
        let mut session = open(&for_dovecot(&server, Door::Plain, "none", "")).await;
        let mut cursor = None;
        read_all(&mut session, &inbox(), &mut cursor).await;
        let bell = Arc::new(Notify::new());
        bell.notify_one();
        let started = Instant::now();
        session.wait(LONG, &bell).await.unwrap();
        let later = Arc::clone(&bell);
        let ringer = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(300)).await;
            later.notify_one();
        });
        session.wait(LONG, &bell).await.unwrap();
        ringer.await.unwrap();
        let took = started.elapsed();
        assert!(took >= Duration::from_millis(300) && took < Duration::from_secs(5), "{took:?}");
        assert!(read_all(&mut session, &inbox(), &mut cursor).await.is_empty());
    }
}

#[tokio::test]
async fn a_wait_ends_in_time_and_is_issued_again() {
    let server = Dovecot::start(&Options::default());
    let mut session = open(&for_dovecot(&server, Door::Plain, "none", "")).await;
    let mut cursor = None;
    for _ in 0..3 {
        read_all(&mut session, &inbox(), &mut cursor).await;
        let started = Instant::now();
        session.wait(Duration::from_millis(300), &Notify::new()).await.unwrap();
        let took = started.elapsed();
        assert!(took >= Duration::from_millis(300) && took < Duration::from_secs(3), "{took:?}");
    }
}

#[tokio::test]
async fn without_idle_the_poll_decides() {
    let server = Dovecot::start(&Options { idle: false, ..Options::default() });
    let mut session = open(&for_dovecot(&server, Door::Plain, "none", "poll_seconds = 1")).await;
    let mut cursor = None;
    read_all(&mut session, &inbox(), &mut cursor).await;
    let started = Instant::now();
    session.wait(LONG, &Notify::new()).await.unwrap();
    let took = started.elapsed();
    assert!(took >= Duration::from_secs(1) && took < Duration::from_secs(3), "{took:?}");
    server.deliver(&mail(1));
    assert_eq!(read_all(&mut session, &inbox(), &mut cursor).await.len(), 1);
}

#[tokio::test]
async fn a_server_that_stops_ends_the_wait_with_a_fault() {
    let mut server = Dovecot::start(&Options::default());
    let mut session = open(&for_dovecot(&server, Door::Plain, "none", "")).await;
    read_all(&mut session, &inbox(), &mut None).await;
    let waiting = tokio::spawn(async move { session.wait(LONG, &Notify::new()).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    tokio::task::spawn_blocking(move || server.stop()).await.unwrap();
    assert!(waiting.await.unwrap().is_err());
}

#[tokio::test]
async fn a_wait_that_was_dropped_leaves_no_usable_session() {
    let server = Dovecot::start(&Options::default());
    let mut session = open(&for_dovecot(&server, Door::Plain, "none", "")).await;
    let mut cursor = None;
    read_all(&mut session, &inbox(), &mut cursor).await;
    let bell = Notify::new();
    let cut_short = tokio::time::timeout(Duration::from_millis(300), session.wait(LONG, &bell)).await;
    assert!(cut_short.is_err());
    let fault = session.fetch(&inbox(), &crate::desk::after(cursor), &Default::default()).await.unwrap_err();
    assert_eq!(fault.class(), "session-unusable");
}

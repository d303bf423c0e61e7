//! The store: what is written is there, what is damaged is named, what is purged is gone.

use super::*;
use crate::organisation::Counterpart;
use crate::thread::{Actor, Arrival, CloseReason, Event, Medium, Place, Thread};

fn counterpart() -> Counterpart {
    serde_json::from_str(r#"{"key":"domain:cegep.example","name":"cegep.example","kind":null}"#).unwrap()
}

fn arrival(journal: &Journal, id: &str) -> Event {
    let raw = format!("Message-ID: <{id}>\r\n\r\nJusqu’à quand ?\r\n");
    let json = format!(
        r#"{{"id":"{id}","in_reply_to":[],"references":["root@cegep.example"],"from":null,"reply_to":[],"to":[],
        "cc":[],"date":null,"subject":"Question","text":"","newest":{{"text":"","cut":[],"forwarded":false}},
        "attachments":[],"automatic":null,"language":"fr","letter":null,"defects":[]}}"#
    );
    Event::Received(Arrival {
        blob: journal.blobs().put(raw.as_bytes()).unwrap(),
        size: raw.len() as u64,
        place: Place { mailbox: "b@m.example".into(), folder: "INBOX".into(), mark: "1:1".into() },
        counterpart: counterpart(),
        message: serde_json::from_str(&json).unwrap(),
        history: false,
        medium: Medium::Mail,
    })
}

fn open(dir: &Path) -> Journal {
    Journal::open(dir, Clock::system(), Duration::ZERO).unwrap()
}

fn receive(journal: &Journal, thread: Option<u64>, id: &str) -> Thread {
    let event = arrival(journal, id);
    journal
        .write_synced(|writer| {
            let thread = thread.unwrap_or_else(|| writer.next_thread());
            writer.append(thread, Actor::bot(), writer.now(), event)
        })
        .unwrap()
}

#[test]
fn what_is_written_is_there_after_opening_again() {
    let dir = tempfile::tempdir().unwrap();
    let first = {
        let journal = open(dir.path());
        let first = receive(&journal, None, "a@cegep.example");
        receive(&journal, Some(1), "b@cegep.example");
        receive(&journal, None, "c@cegep.example");
        first
    };
    let journal = open(dir.path());
    assert_eq!(first.id, 1);
    let thread = journal.thread(1).unwrap().unwrap();
    assert_eq!((thread.messages.len(), thread.version), (2, 2));
    assert_eq!(journal.citing(&MessageId::parse("root@cegep.example").unwrap()).unwrap(), [1, 2]);
    assert_eq!(journal.in_state(State::New).map(Result::unwrap).collect::<Vec<_>>(), [1, 2]);
    let verified = journal.verify().unwrap();
    assert_eq!((verified.events, verified.problems.len()), (3, 0), "{verified:?}");
    assert_eq!(receive(&journal, None, "d@cegep.example").id, 3);
}

#[test]
fn an_append_that_is_refused_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    receive(&journal, None, "a@cegep.example");
    let refused = journal.write(|writer| -> Result<(), Fault> {
        writer.append(1, Actor::bot(), writer.now(), Event::NoteAdded { text: "n".into() })?;
        writer.append(1, Actor::bot(), writer.now(), Event::Withdrawn).map(|_| ())
    });
    assert!(matches!(refused, Err(Fault::WrongTurn(_))));
    assert_eq!(journal.last(), 1);
    assert!(journal.verify().unwrap().problems.is_empty());
}

#[test]
fn a_second_process_is_refused_and_a_newer_format_too() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    assert!(matches!(Journal::open(dir.path(), Clock::system(), Duration::ZERO), Err(Fault::Busy)));
    journal.trees.meta.insert("format", &(FORMAT + 1).to_be_bytes()).unwrap();
    drop(journal);
    let newer = Journal::open(dir.path(), Clock::system(), Duration::ZERO);
    assert!(matches!(newer, Err(Fault::Newer(found)) if found == FORMAT + 1));
}

#[test]
fn every_change_of_an_event_its_content_or_its_file_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    receive(&journal, None, "a@cegep.example");
    receive(&journal, None, "b@cegep.example");
    let key = 1_u64.to_be_bytes();
    let stored = journal.trees.events.get(key).unwrap().unwrap().to_vec();
    let actor = stored.windows(5).position(|bytes| bytes == b"\"bot\"").unwrap();
    let mut changed = stored.clone();
    changed[actor + 1] = b'r';
    journal.trees.events.insert(key, changed).unwrap();
    assert!(!journal.verify().unwrap().problems.is_empty(), "an event was changed");
    journal.trees.events.insert(key, stored).unwrap();

    let key = chain::payload_key(1, 1);
    let payload = journal.trees.payloads.get(key).unwrap().unwrap().to_vec();
    journal.trees.payloads.remove(key).unwrap();
    let mut changed = payload.clone();
    changed[0] ^= 1;
    journal.trees.payloads.insert(key, changed).unwrap();
    assert!(
        journal.verify().is_err() || !journal.verify().unwrap().problems.is_empty(),
        "a content was changed"
    );
    journal.trees.payloads.insert(key, payload).unwrap();

    let blob = journal.thread(1).unwrap().unwrap().messages[0].blob.clone();
    journal.blobs().remove(&blob).unwrap();
    assert_eq!(journal.verify().unwrap().problems, [format!("blob {blob}: missing or changed")]);
}

#[test]
fn a_rebuild_gives_the_same_views() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    receive(&journal, None, "a@cegep.example");
    receive(&journal, None, "b@cegep.example");
    journal.write(|writer| writer.merge(1, 2)).unwrap();
    let before: Vec<_> = journal.trees.threads.iter().map(Result::unwrap).collect();
    journal.trees.threads.clear().unwrap();
    journal.trees.ids.clear().unwrap();
    assert_eq!(journal.rebuild().unwrap(), 2);
    let after: Vec<_> = journal.trees.threads.iter().map(Result::unwrap).collect();
    assert_eq!(before, after);
    assert!(journal.verify().unwrap().problems.is_empty());
    assert_eq!(
        journal.thread(2).unwrap().unwrap().id,
        1,
        "a thread that was taken over gives the one that goes on"
    );
    assert_eq!(journal.citing(&MessageId::parse("b@cegep.example").unwrap()).unwrap(), [2]);
}

#[test]
fn a_purge_destroys_the_content_and_the_chain_still_verifies() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    let thread = receive(&journal, None, "a@cegep.example");
    receive(&journal, None, "b@cegep.example");
    let blob = thread.messages[0].blob.clone();
    journal.purge(1, Actor::reviewer("Archives", None), "règle 12", "Direction des archives").unwrap();
    assert!(journal.blobs().get(&blob).is_err());
    assert!(journal.citing(&MessageId::parse("a@cegep.example").unwrap()).unwrap().is_empty());
    assert_eq!(journal.thread_of_blob(&blob).unwrap(), None);
    let purged = journal.thread(1).unwrap().unwrap();
    assert!(purged.purged && purged.subject.is_empty());
    let verified = journal.verify().unwrap();
    assert_eq!((verified.purged, verified.problems), (1, Vec::<String>::new()));
    journal.rebuild().unwrap();
    assert!(journal.verify().unwrap().problems.is_empty());
}

#[test]
fn an_index_of_letters_that_is_not_what_the_events_say_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    receive(&journal, None, "a@cegep.example");
    let key = [b"contact\0digest\0".as_slice(), &1_u64.to_be_bytes()].concat();
    journal.trees.outcomes.insert(key, br#"{"thread":1,"fate":"as-is","changed":0}"#.as_slice()).unwrap();
    let problems = journal.verify().unwrap().problems;
    assert_eq!(problems, ["event 1: the index of letters differs from the events"]);
    journal.rebuild().unwrap();
    assert!(journal.verify().unwrap().problems.is_empty());
}

#[test]
fn a_backup_restores_to_the_same_chain() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&dir.path().join("data"));
    receive(&journal, None, "a@cegep.example");
    receive(&journal, None, "b@cegep.example");
    journal.purge(2, Actor::bot(), "r", "a").unwrap();
    let backup = dir.path().join("backup");
    journal.backup(&backup).unwrap();
    assert!(matches!(journal.backup(&backup), Err(Fault::NotEmpty)));
    let link = journal.verify().unwrap().link;
    let again = dir.path().join("again");
    let verified = Journal::restore(&backup, &again, Clock::system()).unwrap();
    assert_eq!((verified.link, verified.problems), (link, Vec::<String>::new()));
    assert!(matches!(Journal::restore(&backup, &again, Clock::system()), Err(Fault::NotEmpty)));
    let restored = open(&again);
    assert_eq!(restored.message_id_key().unwrap(), journal.message_id_key().unwrap());
    assert!(restored.restored().unwrap().is_some());
    assert_eq!((journal.restored_to().unwrap(), restored.restored_to().unwrap()), (0, 3));
    assert_eq!(receive(&restored, None, "c@cegep.example").id, 3);
}

#[test]
fn a_torn_line_of_the_sending_journal_hides_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let at = jiff::Timestamp::UNIX_EPOCH;
    let attempt = |seal: &str, what| Attempt { seal: seal.into(), thread: 1, at, what };
    {
        let journal = open(dir.path());
        journal.sending().add(attempt("a", What::Attempted)).unwrap();
        journal.sending().add(attempt("a", What::Sent)).unwrap();
    }
    let path = dir.path().join("sending.log");
    let mut text = std::fs::read_to_string(&path).unwrap();
    text.push_str("{\"seal\":\"b\",\"thr");
    std::fs::write(&path, text).unwrap();
    {
        let journal = open(dir.path());
        assert_eq!(journal.sending().last("a").unwrap().what, What::Sent);
        journal.sending().add(attempt("c", What::Attempted)).unwrap();
    }
    let journal = open(dir.path());
    assert_eq!(journal.sending().last("c").unwrap().what, What::Attempted);
    assert!(journal.sending().last("b").is_none());
}

#[test]
fn a_purge_cut_off_by_a_kill_is_finished_at_the_next_opening() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    let blob = receive(&journal, None, "a@cegep.example").messages[0].blob.clone();
    // As far as the kill let it come: the mark and the event are there, the content, too.
    journal.trees.meta.insert(PURGING, serde_json::to_vec(&[1_u64]).unwrap()).unwrap();
    journal
        .write_synced(|writer| -> Result<(), Fault> {
            let event = Event::Purged { rule: "r".into(), authority: "a".into() };
            writer.append(1, Actor::bot(), writer.now(), event).map(drop)
        })
        .unwrap();
    drop(journal);
    let journal = open(dir.path());
    assert!(journal.blobs().get(&blob).is_err());
    let verified = journal.verify().unwrap();
    assert_eq!((verified.purged, verified.problems), (1, Vec::<String>::new()));
    assert!(journal.thread_of_blob(&blob).unwrap().is_none());
}

#[test]
fn equal_bytes_are_kept_once_whoever_writes_them_at_the_same_time() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    for round in 0..50_u32 {
        let raw = format!("mail {round}").repeat(500);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| journal.blobs().put_unsynced(raw.as_bytes()).unwrap());
            }
        });
        assert_eq!(journal.blobs().get(&Blobs::key(raw.as_bytes())).unwrap(), raw.as_bytes());
    }
    assert_eq!(std::fs::read_dir(dir.path().join("blobs/tmp")).unwrap().count(), 0);
}

#[test]
fn the_desks_own_record_is_in_the_chain_and_makes_no_thread() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    let suspended = || Event::EntrySuspended { entry: "contact".into(), reason: "r".into() };
    let refused = journal.write(|writer| writer.append_to_desk(Actor::bot(), Event::Claimed));
    assert!(matches!(refused, Err(Fault::WrongTurn(_))));
    receive(&journal, None, "a@cegep.example");
    let refused = journal.write(|writer| writer.append(1, Actor::bot(), writer.now(), suspended()).map(drop));
    assert!(matches!(refused, Err(Fault::WrongTurn(_))));
    let actor = Actor::reviewer("Marie", Some(7));
    journal.write_synced(|writer| writer.append_to_desk(actor.clone(), suspended())).unwrap();
    let verified = journal.verify().unwrap();
    assert_eq!((verified.events, verified.problems.len()), (2, 0), "{verified:?}");
    assert_eq!(journal.rebuild().unwrap(), 1);
    assert_eq!(journal.suspensions().unwrap().of("contact").unwrap().by, "Marie");
    assert!(journal.thread(0).unwrap().is_none());
    assert_eq!(receive(&journal, None, "b@cegep.example").id, 2);
    // A change of it breaks the chain's word like any other.
    let key = chain::payload_key(0, 2);
    let mut payload = journal.trees.payloads.get(key).unwrap().unwrap().to_vec();
    payload[0] ^= 1;
    journal.trees.payloads.insert(key, payload).unwrap();
    assert_eq!(journal.verify().unwrap().problems, ["event 2: its content was changed"]);
}

#[test]
fn threads_are_counted_as_they_move() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    let scanned = |journal: &Journal| {
        State::ALL.map(|state| (state, journal.in_state(state).map(Result::unwrap).count())).to_vec()
    };
    assert_eq!(journal.counts().unwrap(), scanned(&journal));
    let threads: Vec<Thread> = (0..4).map(|n| receive(&journal, None, &format!("c{n}@a.example"))).collect();
    assert_eq!(journal.counts().unwrap(), scanned(&journal));
    let close = |id| {
        journal.write(|writer| {
            let reason = CloseReason { text: "fini".into() };
            writer.append(id, Actor::reviewer("Marie", None), writer.now(), Event::ClosedWithoutReply(reason))
        })
    };
    let closed: Result<Thread, Fault> = close(threads[1].id);
    closed.unwrap();
    let of = |journal: &Journal, state| {
        journal.counts().unwrap().into_iter().find(|(of, _)| *of == state).unwrap().1
    };
    assert_eq!((of(&journal, State::New), of(&journal, State::Closed)), (3, 1));
    let around = |thread: &Thread| journal.around(thread.id, State::New).unwrap();
    assert_eq!(around(&threads[2]), (Some(threads[0].id), Some(threads[3].id)));
    assert_eq!((around(&threads[0]).0, around(&threads[3]).1), (None, None));
    journal.write(|writer| writer.merge(threads[0].id, threads[3].id)).unwrap();
    assert_eq!(journal.counts().unwrap(), scanned(&journal));
    journal.rebuild().unwrap();
    assert_eq!(journal.counts().unwrap(), scanned(&journal));
    drop(journal);
    let journal = open(dir.path());
    assert_eq!(of(&journal, State::New), 2);
}

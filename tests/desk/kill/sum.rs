//! The sum of everything, read from outside.

use super::{count, mail_id, seal, sent_folder};
use crate::desk::Desk;
use crate::faults::{Server, sending_log};
use mail_parser::MessageParser;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The sum of everything, read from outside: mails by id, letters by what the server took,
/// approvals by what `store export` writes, attempts by `sending.log`.
pub(super) struct Sum<'a> {
    pub(super) desk: &'a Desk,
    pub(super) server: &'a Server,
    /// The Message-IDs that were delivered.
    pub(super) mails: BTreeSet<String>,
    /// The threads whose approval was acknowledged.
    pub(super) acknowledged: BTreeSet<u64>,
    /// Whether a person ordered a second sending.
    pub(super) resent: bool,
}

impl Sum<'_> {
    pub(super) fn check(&self) {
        let desk = self.desk;
        assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
        let states = self.every_mail_is_there_once();
        let approved = self.approvals();
        let log = sending_log(&desk.path("data"));
        let mut taken: BTreeMap<String, usize> = BTreeMap::new();
        let mut ids: BTreeMap<String, usize> = BTreeMap::new();
        for letter in self.server.taken() {
            let seal = seal(&letter);
            assert!(approved.contains_key(&seal), "a letter left that nobody approved");
            assert!(
                log.iter().any(|line| line["seal"] == seal.as_str() && line["what"] == "attempted"),
                "a letter left that sending.log does not know"
            );
            let message_id =
                MessageParser::default().parse(&letter).unwrap().message_id().unwrap().to_owned();
            *taken.entry(seal).or_default() += 1;
            *ids.entry(message_id).or_default() += 1;
        }
        if !self.resent {
            assert!(taken.values().all(|count| *count == 1), "a letter left twice: {taken:?}");
            assert!(ids.values().all(|count| *count == 1), "a Message-ID left twice: {ids:?}");
        }
        let mut last: BTreeMap<String, (u64, String)> = BTreeMap::new();
        for line in &log {
            let seal = line["seal"].as_str().unwrap().to_owned();
            last.insert(seal, (line["thread"].as_u64().unwrap(), line["what"].as_str().unwrap().to_owned()));
        }
        for (seal, (thread, what)) in &last {
            assert!(approved.contains_key(seal), "sending.log names a letter that nobody approved");
            let state = states[thread].as_str();
            match what.as_str() {
                "sent" => {
                    assert!(taken.contains_key(seal), "thread {thread}: the server never had it");
                    assert_eq!(state, "answered", "thread {thread} is sent");
                }
                "attempted" | "unknown" => {
                    assert!(["uncertain", "answered"].contains(&state), "thread {thread}: {what}, {state}");
                    if state == "answered" {
                        assert!(self.settled(*thread), "thread {thread} is answered, {what}, by nobody");
                    }
                }
                other => assert_eq!(other, "not-sent", "thread {thread} ({state})"),
            }
        }
        for (thread, state) in &states {
            let approved = approved.values().any(|of| of == thread);
            if ["answered", "uncertain", "failed"].contains(&state.as_str()) {
                assert!(approved, "thread {thread} is {state} without an approval");
                // Where the kill struck between the two records of an attempt, the journal has it alone.
                let noted = last.values().any(|(of, _)| of == thread);
                let attempted = || count(&desk.thread(*thread), "SendAttempted") > 0;
                assert!(noted || state == "uncertain" && attempted(), "thread {thread}: {state}, no attempt");
            }
            if self.acknowledged.contains(thread) {
                assert!(approved, "the acknowledged approval of thread {thread} is lost");
                assert_ne!(state, "to-review", "the acknowledged approval of thread {thread} is lost");
            }
        }
        self.at_most_one_copy();
    }

    /// Every mail once in the threads; the state of each thread.
    fn every_mail_is_there_once(&self) -> BTreeMap<u64, String> {
        let mut states = BTreeMap::new();
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for thread in self.desk.threads() {
            let id = thread["id"].as_u64().unwrap();
            states.insert(id, thread["state"].as_str().unwrap().to_owned());
            let shown = self.desk.thread(id);
            let received = count(&shown, "Received");
            let messages = shown["messages"].as_array().unwrap().iter();
            let incoming: Vec<&Value> =
                messages.filter(|message| message["direction"] == "incoming").collect();
            assert_eq!(received, incoming.len(), "thread {id}");
            for message in incoming {
                *found.entry(message["id"].as_str().unwrap().to_owned()).or_default() += 1;
            }
        }
        let expected: BTreeMap<String, usize> = self.mails.iter().map(|id| (id.clone(), 1)).collect();
        assert_eq!(found, expected, "mails");
        states
    }

    /// Seal → thread of every approval, read from an export.
    fn approvals(&self) -> BTreeMap<String, u64> {
        let to = tempfile::tempdir().unwrap();
        let folder = to.path().join("export");
        self.desk.ok(&["store", "export", folder.to_str().unwrap()]);
        let mut approvals = BTreeMap::new();
        for thread in std::fs::read_dir(folder.join("threads")).unwrap().flatten() {
            let number: u64 = thread.file_name().to_str().unwrap().parse().unwrap();
            for file in std::fs::read_dir(thread.path()).unwrap().flatten() {
                if file.file_name().to_str().unwrap().ends_with("-Approved.json") {
                    let event: Value = serde_json::from_slice(&std::fs::read(file.path()).unwrap()).unwrap();
                    let seal = event["data"]["seal"]["sha256"].as_str().unwrap().to_owned();
                    approvals.insert(seal, number);
                }
            }
        }
        approvals
    }

    /// Whether a person, or a copy in Sent, settled what was uncertain.
    fn settled(&self, thread: u64) -> bool {
        let shown = self.desk.thread(thread);
        count(&shown, "UncertainSettled") + count(&shown, "CopyFiled") > 0
    }

    fn at_most_one_copy(&self) {
        let mut copies: BTreeMap<String, usize> = BTreeMap::new();
        for letter in sent_folder(self.desk) {
            *copies.entry(seal(&letter)).or_default() += 1;
        }
        assert!(copies.values().all(|count| *count == 1), "a copy was filed twice: {copies:?}");
    }
}

pub(super) fn one_mail<'a>(desk: &'a Desk, server: &'a Server) -> Sum<'a> {
    Sum { desk, server, mails: [mail_id(1)].into(), acknowledged: BTreeSet::new(), resent: false }
}

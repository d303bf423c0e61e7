//! Whatever the order in which mail arrives, the same messages lie together.

use super::accept::{Context, Taken, accept};
use crate::clock::Clock;
use crate::journal::{Blobs, Fault, Journal};
use crate::mailbox::Role;
use crate::message;
use crate::organisation::Organisations;
use crate::thread::Place;
use jiff::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::time::Duration;

/// A message of the test: who writes, which ids it cites.
#[derive(Debug, Clone)]
struct Mail {
    organisation: usize,
    ours: bool,
    cites: Vec<usize>,
}

const ORGANISATIONS: [&str; 3] = ["cegep.example", "ville.example", "cisss.example"];

impl Mail {
    fn raw(&self, number: usize) -> String {
        let them = format!("anne@{}", ORGANISATIONS[self.organisation]);
        let us = "boite@ministere.example".to_owned();
        let (from, to) = if self.ours { (us, them) } else { (them, us) };
        let cites: Vec<String> = self.cites.iter().map(|id| format!("<id{id}@x.example>")).collect();
        let references =
            if cites.is_empty() { String::new() } else { format!("References: {}\r\n", cites.join(" ")) };
        format!(
            "Message-ID: <id{number}@x.example>\r\nFrom: {from}\r\nTo: {to}\r\nSubject: Question\r\n{references}\r\n\
             Message {number}\r\n"
        )
    }
}

/// The groups of messages that lie in one thread, by their numbers.
fn partition(mails: &[Mail], order: &[usize]) -> BTreeSet<Vec<usize>> {
    let dir = tempfile::tempdir().unwrap();
    let journal = Journal::open(dir.path(), Clock::system(), Duration::ZERO).unwrap();
    let organisations = Organisations::parse("").unwrap();
    let ours = ["boite@ministere.example".to_owned()];
    let context = Context {
        organisations: &organisations,
        ours: &ours,
        internal: &[],
        since: Timestamp::MIN,
        pace: None,
    };
    for number in order {
        let mail = &mails[*number];
        let raw = mail.raw(*number);
        let taken = Taken {
            blob: journal.blobs().put_unsynced(raw.as_bytes()).unwrap(),
            size: raw.len() as u64,
            place: Place { mailbox: "b".into(), folder: "f".into(), mark: number.to_string() },
            role: if mail.ours { Role::Sent } else { Role::Inbox },
            received: Timestamp::from_second(1_742_900_000 + *number as i64).unwrap(),
            message: message::read(raw.as_bytes(), &message::Banners::default()),
        };
        journal.write(|writer| -> Result<(), Fault> { accept(writer, &context, taken) }).unwrap();
    }
    let mut groups = std::collections::BTreeMap::<u64, Vec<usize>>::new();
    for (number, mail) in mails.iter().enumerate() {
        let blob = Blobs::key(mail.raw(number).as_bytes());
        let thread = journal.thread_of_blob(&blob).unwrap().expect("every message has a thread");
        groups.entry(journal.thread(thread).unwrap().unwrap().id).or_default().push(number);
    }
    assert!(journal.verify().unwrap().problems.is_empty());
    groups.into_values().collect()
}

fn mails() -> impl Strategy<Value = Vec<Mail>> {
    // Ids 7 and 8 are cited, but never arrive.
    let cites = proptest::collection::vec(0..9_usize, 0..3);
    let mail = (0..ORGANISATIONS.len(), cites).prop_map(|(organisation, cites)| Mail {
        organisation,
        ours: false,
        cites,
    });
    proptest::collection::vec(mail, 1..7)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_arrival_does_not_matter(
        (mails, order) in mails().prop_flat_map(|mails| {
            let order: Vec<usize> = (0..mails.len()).collect();
            (Just(mails), Just(order).prop_shuffle())
        }),
        answered in any::<Option<prop::sample::Index>>(),
    ) {
        let mut mails = mails;
        let mut order = order;
        if let Some(answered) = answered {
            // A reply of ours to one of them, read at whatever moment.
            let question = answered.index(mails.len());
            let reply = Mail { organisation: mails[question].organisation, ours: true, cites: vec![question] };
            mails.push(reply);
            order.insert(answered.index(order.len()), mails.len() - 1);
        }
        let straight: Vec<usize> = (0..mails.len()).collect();
        prop_assert_eq!(partition(&mails, &straight), partition(&mails, &order));
        for group in partition(&mails, &order) {
            let sides: BTreeSet<usize> = group.iter().map(|number| mails[*number].organisation).collect();
            prop_assert_eq!(sides.len(), 1, "two organisations share a thread");
        }
    }
}

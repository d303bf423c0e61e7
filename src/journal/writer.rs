//! One append: collects events, views and indexes, and commits them together.

use super::counts::moved;
use super::cursors::COPIES;
use super::{Fault, Head, Journal, chain, state_byte};
use crate::message::{Message, MessageId};
use crate::thread::{
    Actor, Direction, Event, Line, Recorded, ResumeReason, State, Thread, ThreadId, VoidReason,
};
use jiff::Timestamp;
use serde::Serialize;
use sled::transaction::{ConflictableTransactionError, TransactionError, Transactional as _};
use std::collections::BTreeMap;

/// How many threads an id may belong to; more would be an attack on the index.
const THREADS_AN_ID: usize = 50;

/// What one append will write. Reads see what was appended so far.
pub struct Writer<'a> {
    pub(super) journal: &'a Journal,
    head: Head,
    now: Timestamp,
    threads: BTreeMap<ThreadId, Thread>,
    ids: BTreeMap<String, Vec<ThreadId>>,
    blob_threads: BTreeMap<String, ThreadId>,
    /// Messages of this append, which no tree holds yet.
    new: BTreeMap<u64, Event>,
    events: sled::Batch,
    payloads: sled::Batch,
    cursors: sled::Batch,
    marks: sled::Batch,
    pub(super) examples: sled::Batch,
    pub(super) outcomes: sled::Batch,
    touched: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(journal: &'a Journal, head: Head) -> Self {
        Self {
            journal,
            head,
            now: journal.clock.now(),
            threads: BTreeMap::new(),
            ids: BTreeMap::new(),
            blob_threads: BTreeMap::new(),
            new: BTreeMap::new(),
            events: sled::Batch::default(),
            payloads: sled::Batch::default(),
            cursors: sled::Batch::default(),
            marks: sled::Batch::default(),
            examples: sled::Batch::default(),
            outcomes: sled::Batch::default(),
            touched: false,
        }
    }

    /// The moment of this append.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// One thread as it stands; a thread that was taken over gives the one that goes on.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn thread(&self, id: ThreadId) -> Result<Option<Thread>, Fault> {
        let mut id = id;
        while let Some(thread) = self.view(id)? {
            match thread.merged_into {
                Some(into) if into < id => id = into,
                _ => return Ok(Some(thread)),
            }
        }
        Ok(None)
    }

    fn view(&self, id: ThreadId) -> Result<Option<Thread>, Fault> {
        if let Some(thread) = self.threads.get(&id) {
            return Ok(Some(thread.clone()));
        }
        let bytes = self.journal.trees.threads.get(id.to_be_bytes())?;
        bytes.map(|bytes| Ok(serde_json::from_slice(&bytes)?)).transpose()
    }

    /// The threads that hold or cite one of `ids`, those taken over replaced by the one that goes on.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn citing<'i>(&self, ids: impl IntoIterator<Item = &'i MessageId>) -> Result<Vec<Thread>, Fault> {
        let mut found: BTreeMap<ThreadId, Thread> = BTreeMap::new();
        for id in ids {
            let threads = match self.ids.get(id.as_str()) {
                Some(threads) => threads.clone(),
                None => self.journal.citing(id)?,
            };
            for number in threads {
                if let Some(thread) = self.thread(number)? {
                    found.insert(thread.id, thread);
                }
            }
        }
        Ok(found.into_values().collect())
    }

    /// The message that the event `seq` received.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn received_message(&self, seq: u64) -> Result<Option<Message>, Fault> {
        Ok(self.event(seq)?.and_then(|event| match event {
            Event::Received(arrival) => Some(arrival.message),
            _ => None,
        }))
    }

    /// The message that the event `seq` found in Sent.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn outgoing_message(&self, seq: u64) -> Result<Option<Message>, Fault> {
        Ok(self.event(seq)?.and_then(|event| event.outgoing().map(|outgoing| outgoing.message.clone())))
    }

    /// An event, of this append or of an earlier one.
    fn event(&self, seq: u64) -> Result<Option<Event>, Fault> {
        match self.new.get(&seq) {
            Some(event) => Ok(Some(event.clone())),
            None => Ok(self.journal.event(seq)?.map(|recorded| recorded.event)),
        }
    }

    /// The thread that holds the message with these raw bytes.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn thread_of_blob(&self, blob: &str) -> Result<Option<ThreadId>, Fault> {
        match self.blob_threads.get(blob) {
            Some(thread) => Ok(Some(*thread)),
            None => self.journal.thread_of_blob(blob),
        }
    }

    /// The number of the next new thread. It is given away by appending to it.
    #[must_use]
    pub fn next_thread(&self) -> ThreadId {
        self.head.thread + 1
    }

    /// Appends an event and applies it to its thread.
    ///
    /// # Errors
    /// [`Fault::WrongTurn`] if it cannot happen now; nothing is appended then.
    pub fn append(
        &mut self,
        thread: ThreadId,
        actor: Actor,
        occurred: Timestamp,
        event: Event,
    ) -> Result<Thread, Fault> {
        let recorded = self.recorded(thread, actor, occurred, event);
        let view = match self.view(thread)? {
            Some(mut view) => {
                view.apply(&recorded)?;
                view
            }
            None => Thread::begin(&recorded)?,
        };
        self.add(&recorded)?;
        self.index(&recorded)?;
        self.threads.insert(thread, view.clone());
        if recorded.event.arrival().is_some() || recorded.event.outgoing().is_some() {
            self.new.insert(recorded.seq, recorded.event);
        }
        Ok(view)
    }

    /// An event with its place after the last one.
    pub(super) fn recorded(
        &self,
        thread: ThreadId,
        actor: Actor,
        occurred: Timestamp,
        event: Event,
    ) -> Recorded {
        let (seq, recorded) = (self.head.seq + 1, self.now);
        Recorded { seq, thread, recorded, occurred: occurred.min(recorded), actor, event }
    }

    /// Adds an event to the chain; what it means for views and indexes is the caller's to write.
    pub(super) fn add(&mut self, recorded: &Recorded) -> Result<(), Fault> {
        let thread = recorded.thread;
        let stored = chain::write(recorded, &self.head.link)?;
        self.events.insert(&recorded.seq.to_be_bytes(), stored.event);
        self.payloads.insert(&chain::payload_key(thread, recorded.seq), stored.payload);
        self.head = Head { seq: recorded.seq, link: stored.link, thread: self.head.thread.max(thread) };
        self.touched = true;
        Ok(())
    }

    /// Takes an approval back, if there is one, because of what has just happened.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn void(&mut self, thread: ThreadId, reason: VoidReason) -> Result<(), Fault> {
        if self.thread(thread)?.is_some_and(|thread| matches!(thread.state, State::Approved | State::ToSign))
        {
            self.append(thread, Actor::bot(), self.now, Event::ApprovalVoided { reason })?;
        }
        Ok(())
    }

    /// Joins `other` to `thread`, the lower number; `false` while a letter of either is under way.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn merge(&mut self, thread: ThreadId, other: ThreadId) -> Result<bool, Fault> {
        for number in [thread, other] {
            let view = self.thread(number)?;
            if view.is_none_or(|view| matches!(view.state, State::Sending | State::Uncertain)) {
                return Ok(false);
            }
        }
        self.void(thread, VoidReason::Merged)?;
        self.void(other, VoidReason::Merged)?;
        let Some(taken) = self.thread(other)? else { return Ok(false) };
        self.append(other, Actor::bot(), self.now, Event::MergedInto { into: thread })?;
        let merged = Event::Merged { from: other, taken: Box::new(taken) };
        let view = self.append(thread, Actor::bot(), self.now, merged)?;
        if let Some(at) = goes_on(&view, self.now) {
            // What came under the other number may be what was waited for.
            let event = Event::Resumed { reason: ResumeReason::AskerWrote };
            self.append(thread, Actor::bot(), at, event)?;
        }
        Ok(true)
    }

    /// Keeps where the reading of a folder stands.
    ///
    /// # Errors
    /// If the cursor cannot be written as JSON.
    pub fn set_cursor(&mut self, mailbox: &str, folder: &str, cursor: &impl Serialize) -> Result<(), Fault> {
        self.cursors.insert(chain::path_key(&[mailbox, folder]), serde_json::to_vec(cursor)?);
        self.touched = true;
        Ok(())
    }

    /// Remembers that a copy of a letter of this thread is to be filed in Sent.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn owe_copy(&mut self, thread: ThreadId) -> Result<(), Fault> {
        let mut owed = self.journal.owed_copies()?;
        if !owed.contains(&thread) {
            owed.push(thread);
        }
        self.set_cursor("", COPIES, &owed)
    }

    /// Forgets that copies of this thread are to be filed.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn copies_filed(&mut self, thread: ThreadId) -> Result<(), Fault> {
        let mut owed = self.journal.owed_copies()?;
        owed.retain(|of| *of != thread);
        self.set_cursor("", COPIES, &owed)
    }

    /// Remembers that a Maildir message was taken.
    pub fn mark(&mut self, mailbox: &str, folder: &str, name: &str) {
        self.marks.insert(chain::path_key(&[mailbox, folder, name]), &[]);
        self.touched = true;
    }

    /// What an event adds to the indexes; the same at a rebuild.
    pub(super) fn index(&mut self, recorded: &Recorded) -> Result<(), Fault> {
        let thread = recorded.thread;
        if let Some(arrival) = recorded.event.arrival() {
            return self.index_message(thread, &arrival.blob, &arrival.message);
        }
        if let Some(outgoing) = recorded.event.outgoing() {
            return self.index_message(thread, &outgoing.blob, &outgoing.message);
        }
        match &recorded.event {
            // People answer to our letters, so their ids must be known before they do.
            Event::Approved(approval) => self.index_id(thread, approval.seal.message_id()),
            _ => {
                self.index_example(recorded)?;
                self.index_outcome(recorded)
            }
        }
    }

    fn index_message(&mut self, thread: ThreadId, blob: &str, message: &Message) -> Result<(), Fault> {
        self.blob_threads.insert(blob.to_owned(), thread);
        self.index_id(thread, &message.id)?;
        for id in message.references.iter().chain(&message.in_reply_to) {
            self.index_id(thread, id)?;
        }
        Ok(())
    }

    fn index_id(&mut self, thread: ThreadId, id: &MessageId) -> Result<(), Fault> {
        let mut threads = match self.ids.get(id.as_str()) {
            Some(threads) => threads.clone(),
            None => self.journal.citing(id)?,
        };
        if !threads.contains(&thread) && threads.len() < THREADS_AN_ID {
            threads.push(thread);
            self.ids.insert(id.as_str().to_owned(), threads);
        }
        Ok(())
    }

    /// Puts a view in place without an event: for a rebuild.
    pub(super) fn put_view(&mut self, thread: Thread) {
        self.threads.insert(thread.id, thread);
        self.touched = true;
    }

    pub(super) fn commit(self) -> Result<Option<Head>, Fault> {
        if !self.touched {
            return Ok(None);
        }
        let trees = &self.journal.trees;
        let (mut threads, mut states) = (sled::Batch::default(), sled::Batch::default());
        let mut counterparts = sled::Batch::default();
        let mut moves = Vec::new();
        for (id, thread) in &self.threads {
            let key = id.to_be_bytes();
            let to = thread.merged_into.is_none().then_some(thread.state);
            let mut from = None;
            if let Some(before) = trees.threads.get(key)? {
                let before: Thread = serde_json::from_slice(&before)?;
                from = before.merged_into.is_none().then_some(before.state);
                states.remove(state_key(&before));
                counterparts.remove(counterpart_key(&before.counterpart.key, Some(*id)));
            }
            if thread.merged_into.is_none() {
                states.insert(state_key(thread), &[]);
                if !thread.counterpart.key.is_empty() {
                    counterparts.insert(counterpart_key(&thread.counterpart.key, Some(*id)), &[]);
                }
            }
            moves.push((from, to));
            threads.insert(&key, serde_json::to_vec(thread)?);
        }
        let mut ids = sled::Batch::default();
        for (id, numbers) in &self.ids {
            ids.insert(id.as_bytes(), serde_json::to_vec(numbers)?);
        }
        let mut blobs = sled::Batch::default();
        for (blob, thread) in &self.blob_threads {
            blobs.insert(blob.as_bytes(), &thread.to_be_bytes());
        }
        let all = (
            &trees.events,
            &trees.payloads,
            &trees.threads,
            &trees.states,
            &trees.ids,
            &trees.blobs,
            &trees.cursors,
            &trees.marks,
            &trees.examples,
            &trees.outcomes,
            &trees.counterparts,
        );
        let batches = [
            &self.events,
            &self.payloads,
            &threads,
            &states,
            &ids,
            &blobs,
            &self.cursors,
            &self.marks,
            &self.examples,
            &self.outcomes,
            &counterparts,
        ];
        let mut counts = self.journal.counts.lock();
        let committed = all.transaction(|(a, b, c, d, e, f, g, h, i, j, k)| {
            for (tree, batch) in [a, b, c, d, e, f, g, h, i, j, k].into_iter().zip(batches) {
                tree.apply_batch(batch)?;
            }
            Ok::<(), ConflictableTransactionError<()>>(())
        });
        match committed {
            Ok(()) => {
                if let Some(counts) = &mut *counts {
                    moves.into_iter().for_each(|(from, to)| moved(counts, from, to));
                }
                Ok(Some(self.head))
            }
            Err(TransactionError::Storage(error)) => Err(error.into()),
            Err(TransactionError::Abort(())) => Err(Fault::Damaged("a transaction was aborted".to_owned())),
        }
    }
}

/// From when on the clocks of a thread that has just taken another one over do not stand still any more:
/// since the asker wrote, or now, if something else is open. `None` if they do, or never did.
fn goes_on(thread: &Thread, now: Timestamp) -> Option<Timestamp> {
    let lasting = thread.open_questions().filter_map(|question| question.pauses.last());
    let from = lasting.filter(|pause| pause.to.is_none()).map(|pause| pause.from).max()?;
    let theirs = |line: &&Line| line.direction == Direction::Incoming && line.human && line.occurred > from;
    let wrote = thread.messages.iter().filter(theirs).map(|line| line.occurred).min();
    wrote.or((thread.state != State::AwaitingAsker).then_some(now))
}

fn state_key(thread: &Thread) -> Vec<u8> {
    let mut key = vec![state_byte(thread.state)];
    key.extend(thread.id.to_be_bytes());
    key
}

/// The key of a thread under its side; without a number, the beginning that all of them share.
pub(super) fn counterpart_key(counterpart: &str, thread: Option<ThreadId>) -> Vec<u8> {
    let mut key = counterpart.as_bytes().to_vec();
    key.push(0);
    key.extend(thread.into_iter().flat_map(u64::to_be_bytes));
    key
}

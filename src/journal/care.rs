//! Care of the store: verify, rebuild, backup, restore, export, purge.

use super::{Fault, Journal, PURGING, REBUILDING, STORE, Writer, chain};
use crate::clock::Clock;
use crate::draft::Adjustment;
use crate::thread::{Actor, Event, Recorded, Thread, ThreadId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::sync::PoisonError;
use std::time::Duration;

/// The folder of a database that is being restored.
const RESTORING: &str = "store.restoring";

/// What `store verify` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Events in the chain.
    pub events: u64,
    /// Events whose content was lawfully destroyed.
    pub purged: u64,
    /// Blobs that were read and compared with their names.
    pub blobs: u64,
    /// The last link of the chain, in hex: write it down elsewhere, and nobody can shorten the chain unseen.
    pub link: String,
    /// What is wrong, one line each; empty if all is well.
    pub problems: Vec<String>,
}

/// What an export wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Export {
    /// Events, one JSON line each.
    pub events: u64,
    /// Messages, one `.eml` each.
    pub messages: u64,
}

/// One event in a backup: bytes as stored, so that the chain still verifies afterwards.
#[derive(Serialize, Deserialize)]
struct Kept {
    record: String,
    /// Salt and payload, base64; absent after a purge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
}

/// What a backup knows beside the events.
#[derive(Serialize, Deserialize)]
struct About {
    format: u32,
    message_id_key: String,
    first_start: String,
}

impl Journal {
    /// Walks the whole chain, compares every payload and blob with its hash, and every view and the index of
    /// letters with the events.
    ///
    /// # Errors
    /// If the store cannot be read at all; what is wrong *in* it is in the answer.
    pub fn verify(&self) -> Result<Verified, Fault> {
        let mut verified =
            Verified { events: 0, purged: 0, blobs: 0, link: String::new(), problems: Vec::new() };
        let mut link = [0; 32];
        let mut purged_later: BTreeSet<ThreadId> = BTreeSet::new();
        let mut without: Vec<(u64, ThreadId)> = Vec::new();
        let mut blobs: BTreeSet<String> = BTreeSet::new();
        for item in &self.trees.events {
            let (key, stored) = item?;
            verified.events += 1;
            let seq = <[u8; 8]>::try_from(&*key).map(u64::from_be_bytes).unwrap_or_default();
            let (kept, bytes) = chain::split(&stored)?;
            link = chain::link(&link, bytes);
            if kept != link || seq != verified.events {
                verified.problems.push(format!("event {seq}: the chain is broken"));
                link = kept;
            }
            let record: chain::Record = serde_json::from_slice(bytes)?;
            if record.seq != seq {
                verified.problems.push(format!("event {seq}: calls itself {}", record.seq));
            }
            if record.kind == "Purged" {
                purged_later.insert(record.thread);
            }
            match self.trees.payloads.get(chain::payload_key(record.thread, seq))? {
                None => without.push((seq, record.thread)),
                Some(payload) if !chain::matches(&record, &payload) => {
                    verified.problems.push(format!("event {seq}: its content was changed"));
                }
                Some(payload) => blobs.extend(blob_of(&chain::read(record, &payload)?.event)),
            }
        }
        for (seq, thread) in without {
            if purged_later.contains(&thread) {
                verified.purged += 1;
            } else {
                verified.problems.push(format!("event {seq}: its content is missing"));
            }
        }
        for blob in blobs {
            match self.blobs.get(&blob) {
                Ok(_) => verified.blobs += 1,
                Err(Fault::Damaged(what)) => verified.problems.push(format!("{what}: missing or changed")),
                Err(other) => return Err(other),
            }
        }
        let threads = self.folded()?;
        for seq in self.wrong_outcomes(&threads)? {
            verified.problems.push(format!("event {seq}: the index of letters differs from the events"));
        }
        for thread in threads {
            if self.trees.threads.get(thread.id.to_be_bytes())?.as_deref()
                != Some(serde_json::to_vec(&thread)?.as_slice())
            {
                verified.problems.push(format!("thread {}: its view differs from its events", thread.id));
            }
        }
        verified.link = chain::hex(&link);
        Ok(verified)
    }

    /// Makes views and indexes again from the events alone. Nobody appends meanwhile; what a kill
    /// leaves unfinished is made at the next opening.
    ///
    /// # Errors
    /// If the store cannot be read or written.
    pub fn rebuild(&self) -> Result<usize, Fault> {
        let mut head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
        let threads = self.fold(self.events_until(head.seq))?;
        self.trees.meta.insert(REBUILDING, &[])?;
        self.sync()?;
        let trees = &self.trees;
        for tree in [
            &trees.threads,
            &trees.states,
            &trees.ids,
            &trees.blobs,
            &trees.examples,
            &trees.outcomes,
            &trees.counterparts,
        ] {
            tree.clear()?;
        }
        self.counts.forget();
        let count = threads.len();
        for thread in threads {
            head.thread = head.thread.max(thread.id);
            let mut writer = Writer::new(self, *head);
            self.index_again(&mut writer, thread.id)?;
            writer.put_view(thread);
            writer.commit()?;
        }
        // Before the word is taken back, all of it is on disk.
        self.sync()?;
        self.trees.meta.remove(REBUILDING)?;
        self.sync()?;
        Ok(count)
    }

    fn index_again(&self, writer: &mut Writer<'_>, number: ThreadId) -> Result<(), Fault> {
        for item in self.trees.payloads.scan_prefix(number.to_be_bytes()) {
            let (key, payload) = item?;
            if let Some(recorded) = self.record(chain::seq_of(&key)?, Some(&payload))? {
                writer.index(&recorded)?;
            }
        }
        Ok(())
    }

    /// Every thread as its events make it, those taken over included.
    ///
    /// # Errors
    /// If the store cannot be read, or an event cannot follow the one before it.
    pub fn folded(&self) -> Result<Vec<Thread>, Fault> {
        self.fold(self.all_events())
    }

    /// The threads as they stood at `moment`, from the events alone that the journal had taken by then.
    ///
    /// # Errors
    /// As [`Journal::folded`].
    pub fn folded_until(&self, moment: Timestamp) -> Result<Vec<Thread>, Fault> {
        let by_then = |event: &Result<Recorded, Fault>| {
            event.as_ref().map_or(true, |recorded| recorded.recorded <= moment)
        };
        self.fold(self.all_events().take_while(by_then))
    }

    fn fold(&self, events: impl Iterator<Item = Result<Recorded, Fault>>) -> Result<Vec<Thread>, Fault> {
        let mut threads: std::collections::BTreeMap<ThreadId, Thread> = std::collections::BTreeMap::new();
        for recorded in events {
            let recorded = recorded?;
            if super::desk::is_of_the_desk(&recorded)? {
                continue;
            }
            match threads.get_mut(&recorded.thread) {
                Some(thread) => thread.apply(&recorded)?,
                None => {
                    threads.insert(recorded.thread, Thread::begin(&recorded)?);
                }
            }
        }
        Ok(threads.into_values().collect())
    }

    /// Destroys the content of a thread: payloads with their salts, files and index entries.
    /// What stays is the chain, which says that it happened, by which rule and on whose authority.
    ///
    /// # Errors
    /// If there is no such thread, or the store cannot be written.
    pub fn purge(&self, id: ThreadId, actor: Actor, rule: &str, authority: &str) -> Result<(), Fault> {
        // Nobody appends meanwhile: what arrives for the thread comes before or after all of it.
        let mut head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
        let thread = self.thread(id)?.ok_or_else(|| Fault::Damaged(format!("no thread {id}")))?;
        let numbers: Vec<ThreadId> = thread.numbers().collect();
        self.trees.meta.insert(PURGING, serde_json::to_vec(&numbers)?)?;
        let recorded = self.write_under(&mut head, |writer| -> Result<(), Fault> {
            for number in &numbers {
                let event = Event::Purged { rule: rule.to_owned(), authority: authority.to_owned() };
                writer.append(*number, actor.clone(), writer.now(), event)?;
            }
            Ok(())
        });
        if let Err(fault) = recorded {
            self.trees.meta.remove(PURGING)?;
            return Err(fault);
        }
        // Recorded first: what a kill leaves is destroyed at the next opening.
        self.sync()?;
        self.finish_purge(&numbers)?;
        let seq = head.seq;
        drop(head);
        self.bell.send_replace(seq);
        Ok(())
    }

    /// Destroys what recorded purges have left of these threads: first what only their events name.
    pub(super) fn finish_purge(&self, numbers: &[ThreadId]) -> Result<(), Fault> {
        for number in numbers {
            let purged = self.trees.threads.get(number.to_be_bytes())?;
            let purged = purged.map(|bytes| serde_json::from_slice::<Thread>(&bytes)).transpose()?;
            if !purged.is_some_and(|thread| thread.purged) {
                // The kill came before the word: nothing was ordered.
                continue;
            }
            for item in self.trees.payloads.scan_prefix(number.to_be_bytes()) {
                let (key, payload) = item?;
                let recorded = self.record(chain::seq_of(&key)?, Some(&payload))?;
                if matches!(&recorded, Some(recorded) if matches!(recorded.event, Event::Purged { .. })) {
                    continue;
                }
                if let Some(blob) = recorded.and_then(|recorded| blob_of(&recorded.event)) {
                    self.blobs.remove(&blob)?;
                }
                self.trees.payloads.remove(key)?;
            }
            self.forget(*number)?;
        }
        self.trees.meta.remove(PURGING)?;
        self.sync()
    }

    /// Takes a thread out of the indexes.
    fn forget(&self, number: ThreadId) -> Result<(), Fault> {
        for item in &self.trees.blobs {
            let (key, value) = item?;
            if *value == number.to_be_bytes() {
                self.trees.blobs.remove(key)?;
            }
        }
        for item in &self.trees.ids {
            let (key, value) = item?;
            let mut threads: Vec<ThreadId> = serde_json::from_slice(&value)?;
            let before = threads.len();
            threads.retain(|thread| *thread != number);
            if threads.is_empty() {
                self.trees.ids.remove(key)?;
            } else if threads.len() < before {
                self.trees.ids.insert(key, serde_json::to_vec(&threads)?)?;
            }
        }
        for learned in self.learned()?.iter().filter(|learned| learned.thread == number) {
            self.trees.examples.remove(learned.id.to_be_bytes())?;
        }
        self.forget_outcomes(number)
    }

    /// Writes everything into the new folder `to`: events as stored, blobs, the sending journal.
    ///
    /// # Errors
    /// If `to` exists or cannot be written.
    pub fn backup(&self, to: &Path) -> Result<Export, Fault> {
        if to.exists() {
            return Err(Fault::NotEmpty);
        }
        // Written beside and renamed: a backup that has its name is whole.
        let beside = to.with_extension("partial");
        let _ = fs::remove_dir_all(&beside);
        fs::create_dir_all(beside.join("blobs")).map_err(Fault::io("backup"))?;
        let about = About {
            format: super::FORMAT,
            message_id_key: chain::hex(&self.message_id_key()?),
            first_start: self.first_start()?.to_string(),
        };
        fs::write(beside.join("about.json"), serde_json::to_vec_pretty(&about)?)
            .map_err(Fault::io("backup"))?;
        let events = File::create(beside.join("events.jsonl")).map_err(Fault::io("backup"))?;
        let mut events = BufWriter::new(events);
        let mut export = Export { events: 0, messages: 0 };
        for item in &self.trees.events {
            let (_, stored) = item?;
            let (_, bytes) = chain::split(&stored)?;
            let record: chain::Record = serde_json::from_slice(bytes)?;
            let payload = self.trees.payloads.get(chain::payload_key(record.thread, record.seq))?;
            if let Some(payload) = &payload
                && let Some(blob) = blob_of(&chain::read(record, payload)?.event)
            {
                let path = beside.join("blobs").join(&blob);
                if !path.exists() {
                    fs::write(path, self.blobs.get(&blob)?).map_err(Fault::io("backup"))?;
                    export.messages += 1;
                }
            }
            let kept = Kept {
                record: String::from_utf8_lossy(bytes).into_owned(),
                payload: payload.map(|payload| data_encoding::BASE64.encode(&payload)),
            };
            serde_json::to_writer(&mut events, &kept)?;
            events.write_all(b"\n").map_err(Fault::io("backup"))?;
            export.events += 1;
        }
        let file = events.into_inner().map_err(|error| Fault::io("backup")(error.into_error()))?;
        file.sync_all().map_err(Fault::io("backup"))?;
        fs::copy(self.dir.join("sending.log"), beside.join("sending.log")).map_err(Fault::io("backup"))?;
        self.write_accounts(&beside)?;
        self.write_accesses(&beside)?;
        rustix::fs::syncfs(&file).map_err(|error| Fault::io("backup")(error.into()))?;
        fs::rename(&beside, to).map_err(Fault::io("backup"))?;
        Ok(export)
    }

    /// Makes a store in the empty folder `dir` from a backup. Letters that waited when the backup was
    /// made are uncertain afterwards: nobody knows whether they have left since.
    ///
    /// # Errors
    /// [`Fault::NotEmpty`] if there is a store already. What does not verify in a backup is in the answer:
    /// a store with a defect is better than none.
    pub fn restore(from: &Path, dir: &Path, clock: Clock) -> Result<Verified, Fault> {
        if dir.join(STORE).exists() {
            return Err(Fault::NotEmpty);
        }
        let about = fs::read(from.join("about.json")).map_err(Fault::io("backup"))?;
        let about: About = serde_json::from_slice(&about)?;
        if about.format > super::FORMAT {
            return Err(Fault::Newer(about.format));
        }
        let bad = |what: &str| Fault::Damaged(format!("backup: {what}"));
        // Made beside and renamed: a store that has its name is whole, whatever a kill left before.
        let beside = dir.join(RESTORING);
        match fs::remove_dir_all(&beside) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Fault::io("store")(error));
            }
            _ => {}
        }
        let journal = Self::open_as(RESTORING, dir, clock, Duration::ZERO)?;
        let key =
            data_encoding::HEXLOWER.decode(about.message_id_key.as_bytes()).map_err(|_| bad("about.json"))?;
        journal.trees.meta.insert("message-id-key", key)?;
        journal.trees.meta.insert("first-start", about.first_start.as_bytes())?;
        for entry in fs::read_dir(from.join("blobs")).map_err(Fault::io("backup"))? {
            let raw = fs::read(entry.map_err(Fault::io("backup"))?.path()).map_err(Fault::io("backup"))?;
            journal.blobs.put_unsynced(&raw)?;
        }
        journal.blobs.sync()?;
        let events = File::open(from.join("events.jsonl")).map_err(Fault::io("backup"))?;
        let mut link = [0; 32];
        for line in BufReader::new(events).lines() {
            let kept: Kept = serde_json::from_str(&line.map_err(Fault::io("backup"))?)?;
            let record: chain::Record = serde_json::from_str(&kept.record)?;
            link = chain::link(&link, kept.record.as_bytes());
            journal
                .trees
                .events
                .insert(record.seq.to_be_bytes(), [link.as_slice(), kept.record.as_bytes()].concat())?;
            if let Some(payload) = kept.payload {
                let payload =
                    data_encoding::BASE64.decode(payload.as_bytes()).map_err(|_| bad("a payload"))?;
                journal.trees.payloads.insert(chain::payload_key(record.thread, record.seq), payload)?;
            }
        }
        *journal.head.lock().unwrap_or_else(PoisonError::into_inner) = super::head(&journal.trees)?;
        journal.mark_restored()?;
        journal.rebuild()?;
        journal.take_over_attempts(&from.join("sending.log"))?;
        journal.take_accounts(from)?;
        journal.take_accesses(from)?;
        journal.sync()?;
        let verified = journal.verify()?;
        drop(journal);
        fs::rename(&beside, dir.join(STORE)).map_err(Fault::io("store"))?;
        super::blobs::sync_folder(dir)?;
        Ok(verified)
    }

    /// Adds to our sending journal what another one knows: it only ever grows.
    fn take_over_attempts(&self, other: &Path) -> Result<(), Fault> {
        let text = fs::read(other).map_err(Fault::io("sending.log"))?;
        let mut sending = self.sending();
        for line in text.split(|byte| *byte == b'\n') {
            if let Ok(attempt) = serde_json::from_slice::<super::Attempt>(line)
                && sending.last(&attempt.seal).is_none_or(|known| known.at < attempt.at)
            {
                sending.add(attempt)?;
            }
        }
        Ok(())
    }

    /// Writes every thread for other tools into the new folder `to`: `.eml` files and JSON lines.
    ///
    /// # Errors
    /// If `to` exists or cannot be written.
    pub fn export(&self, to: &Path) -> Result<Export, Fault> {
        if to.exists() {
            return Err(Fault::NotEmpty);
        }
        fs::create_dir_all(to).map_err(Fault::io("export"))?;
        let mut export = Export { events: 0, messages: 0 };
        let events = File::create(to.join("events.jsonl")).map_err(Fault::io("export"))?;
        let mut events = BufWriter::new(events);
        for item in &self.trees.events {
            let (_, stored) = item?;
            let (_, bytes) = chain::split(&stored)?;
            let record: chain::Record = serde_json::from_slice(bytes)?;
            let payload = self.trees.payloads.get(chain::payload_key(record.thread, record.seq))?;
            events.write_all(bytes).map_err(Fault::io("export"))?;
            events.write_all(b"\n").map_err(Fault::io("export"))?;
            export.events += 1;
            let Some(payload) = payload else { continue };
            let folder = to.join(super::desk::folder(&record));
            fs::create_dir_all(&folder).map_err(Fault::io("export"))?;
            let recorded = chain::read(record, &payload)?;
            let content = folder.join(format!("{:08}-{}.json", recorded.seq, recorded.event.name()));
            fs::write(content, serde_json::to_vec_pretty(&recorded.event)?).map_err(Fault::io("export"))?;
            if let Some(blob) = blob_of(&recorded.event) {
                let (end, raw) = match recorded.event {
                    Event::DraftAdjusted { .. } => ("bin", self.enclosed(&blob)?),
                    Event::TextProposed { .. } => ("json", self.blobs.get(&blob)?),
                    _ => ("eml", self.blobs.get(&blob)?),
                };
                let path = folder.join(format!("{:08}.{end}", recorded.seq));
                fs::write(path, raw).map_err(Fault::io("export"))?;
                export.messages += u64::from(end == "eml");
            }
        }
        events.flush().map_err(Fault::io("export"))?;
        Ok(export)
    }
}

/// The blob that an event brought.
fn blob_of(event: &Event) -> Option<String> {
    match event {
        Event::Approved(approval) => Some(approval.blob.clone()),
        Event::DraftAdjusted { what: Adjustment::Attached { blob, .. }, .. }
        | Event::TextProposed { blob, .. } => Some(blob.clone()),
        other => {
            let arrived = other.arrival().map(|arrival| arrival.blob.clone());
            arrived.or_else(|| other.outgoing().map(|outgoing| outgoing.blob.clone()))
        }
    }
}

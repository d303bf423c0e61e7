//! One link of the chain: how an event becomes bytes and comes back.
//!
//! The chain covers number, thread, kind, times, actor and a *salted* hash of the
//! content. The content lies elsewhere, so that it can be destroyed and the chain
//! still verifies; without the salt, the hash tells nothing about it.

use super::Fault;
use crate::thread::{Actor, Event, Recorded, ThreadId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Bytes of salt before every payload.
pub(super) const SALT: usize = 16;

/// What the chain knows of an event. Its bytes are JSON, the very line that an export writes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Record {
    pub v: u8,
    pub seq: u64,
    pub thread: ThreadId,
    pub kind: String,
    pub recorded: Timestamp,
    pub occurred: Timestamp,
    pub actor: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
    /// SHA-256(salt ‖ payload), in hex.
    pub content: String,
}

/// An event as it will be stored.
pub(super) struct Stored {
    pub link: [u8; 32],
    pub event: Vec<u8>,
    pub payload: Vec<u8>,
}

/// Makes the link that follows `previous`.
pub(super) fn write(recorded: &Recorded, previous: &[u8; 32]) -> Result<Stored, Fault> {
    let mut payload = vec![0; SALT];
    getrandom::fill(&mut payload).map_err(|_| Fault::Damaged("no random numbers".to_owned()))?;
    serde_json::to_writer(&mut payload, &recorded.event)?;
    let record = Record {
        v: 1,
        seq: recorded.seq,
        thread: recorded.thread,
        kind: recorded.event.name().to_owned(),
        recorded: recorded.recorded,
        occurred: recorded.occurred,
        actor: recorded.actor.name.clone(),
        uid: recorded.actor.uid,
        content: hex(&Sha256::digest(&payload)),
    };
    let bytes = serde_json::to_vec(&record)?;
    let link = link(previous, &bytes);
    let event = [link.as_slice(), &bytes].concat();
    Ok(Stored { link, event, payload })
}

/// SHA-256(previous ‖ stored bytes).
pub(super) fn link(previous: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(previous).chain_update(bytes).finalize().into()
}

/// The link and the record's bytes.
pub(super) fn split(stored: &[u8]) -> Result<([u8; 32], &[u8]), Fault> {
    let damaged = || Fault::Damaged("an event is cut short".to_owned());
    let (link, bytes) = stored.split_at_checked(32).ok_or_else(damaged)?;
    Ok((link.try_into().map_err(|_| damaged())?, bytes))
}

/// Whether `payload` is what `record` was made with.
pub(super) fn matches(record: &Record, payload: &[u8]) -> bool {
    hex(&Sha256::digest(payload)) == record.content
}

/// An event from its record and its payload.
pub(super) fn read(record: Record, payload: &[u8]) -> Result<Recorded, Fault> {
    let json = payload.get(SALT..).ok_or_else(|| Fault::Damaged(format!("event {}", record.seq)))?;
    let event: Event = serde_json::from_slice(json)
        .map_err(|error| Fault::Damaged(format!("event {}: {error}", record.seq)))?;
    Ok(Recorded {
        seq: record.seq,
        thread: record.thread,
        recorded: record.recorded,
        occurred: record.occurred,
        actor: Actor { name: record.actor, uid: record.uid },
        event,
    })
}

pub(super) fn payload_key(thread: ThreadId, seq: u64) -> [u8; 16] {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&thread.to_be_bytes());
    key[8..].copy_from_slice(&seq.to_be_bytes());
    key
}

pub(super) fn seq_of(payload_key: &[u8]) -> Result<u64, Fault> {
    let seq = payload_key.get(8..).and_then(|rest| <[u8; 8]>::try_from(rest).ok());
    seq.map(u64::from_be_bytes).ok_or_else(|| Fault::Damaged("payloads".to_owned()))
}

/// Names joined by NUL, which stands in no name.
pub(super) fn path_key(names: &[&str]) -> Vec<u8> {
    names.join("\0").into_bytes()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

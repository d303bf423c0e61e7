//! Whether what stands beside the journal was written of this very journal, and from where to go on if it
//! was not: a store made from a backup gives numbers again that were given before.

use super::{Fault, Journal, chain};
use jiff::Timestamp;

const RESTORED: &str = "restored";
const RESTORED_TO: &str = "restored-to";

impl Journal {
    /// Keeps that this store was made from a backup just now.
    pub(super) fn mark_restored(&self) -> Result<(), Fault> {
        self.trees.meta.insert(RESTORED, self.clock.now().to_string().as_bytes())?;
        self.trees.meta.insert(RESTORED_TO, &self.last().to_be_bytes())?;
        Ok(())
    }

    /// When this store was made from a backup, if it was.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn restored(&self) -> Result<Option<Timestamp>, Fault> {
        let stored = self.trees.meta.get(RESTORED)?;
        Ok(stored.and_then(|text| std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok())))
    }

    /// The number of the last event of the backup that this store was made from; 0 if it was made from none.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn restored_to(&self) -> Result<u64, Fault> {
        let stored = self.trees.meta.get(RESTORED_TO)?;
        Ok(stored.and_then(|seq| <[u8; 8]>::try_from(&*seq).ok()).map_or(0, u64::from_be_bytes))
    }

    /// When the journal took an event, its content destroyed or not; `None` if there is no such event.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn recorded_at(&self, seq: u64) -> Result<Option<Timestamp>, Fault> {
        let Some(stored) = self.trees.events.get(seq.to_be_bytes())? else { return Ok(None) };
        let record: chain::Record = serde_json::from_slice(chain::split(&stored)?.1)?;
        Ok(Some(record.recorded))
    }
}

//! Digests that depend on what a text says, not on how its file is laid out.

use sha2::{Digest as _, Sha256};

/// Feeds named values to SHA-256; lengths keep neighbours apart.
pub(super) struct Canonical(Sha256);

impl Canonical {
    /// A digest for this purpose; digests of different purposes never agree.
    pub fn new(purpose: &str) -> Self {
        Self(Sha256::new()).with(purpose)
    }

    /// Adds one value.
    pub fn add(&mut self, value: impl AsRef<[u8]>) {
        let value = value.as_ref();
        self.0.update((value.len() as u64).to_be_bytes());
        self.0.update(value);
    }

    /// Adds one value, in a row of calls.
    pub fn with(mut self, value: impl AsRef<[u8]>) -> Self {
        self.add(value);
        self
    }

    /// Adds a list, its length first.
    pub fn list<T: AsRef<[u8]>>(mut self, values: impl ExactSizeIterator<Item = T>) -> Self {
        self.add((values.len() as u64).to_be_bytes());
        for value in values {
            self.add(value);
        }
        self
    }

    /// A value that may be missing; missing is not the same as empty.
    pub fn optional(self, value: Option<impl AsRef<[u8]>>) -> Self {
        match value {
            Some(value) => self.with([1]).with(value),
            None => self.with([0]),
        }
    }

    /// The digest, in hex.
    pub fn hex(self) -> String {
        data_encoding::HEXLOWER.encode(&self.0.finalize())
    }
}

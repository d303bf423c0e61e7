//! Raw mail and sealed letters: compressed files named by the SHA-256 of their content.
//!
//! A file is whole when it has its name: it is written beside, synced and renamed.
//! In bulk the files share one sync, before the transaction that names them.

use super::Fault;
use crate::thread::BlobKey;
use sha2::{Digest as _, Sha256};
use std::cell::RefCell;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use zstd::bulk::Compressor;

/// zstd's level: nearly as fast as 1 on mail, and a fifth smaller.
const LEVEL: i32 = 3;

/// The folder of blobs.
#[derive(Debug)]
pub struct Blobs {
    dir: PathBuf,
    /// Files begun since the opening.
    written: AtomicU64,
}

thread_local! {
    /// To make a compressor's tables anew takes longer than to pack a mail, and each job begins anew.
    static PACKER: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
}

fn pack(raw: &[u8]) -> std::io::Result<Vec<u8>> {
    PACKER.with_borrow_mut(|packer| match packer {
        Some(packer) => packer.compress(raw),
        None => packer.insert(Compressor::new(LEVEL)?).compress(raw),
    })
}

impl Blobs {
    pub(super) fn open(dir: &Path) -> Result<Self, Fault> {
        fs::create_dir_all(dir.join("tmp")).map_err(Fault::io("blobs"))?;
        // What a kill cut off is mail that no purge would find. The store is ours: nobody writes there.
        for file in fs::read_dir(dir.join("tmp")).map_err(Fault::io("blobs"))? {
            let file = file.map_err(Fault::io("blobs"))?;
            if file.file_type().map_err(Fault::io("blobs"))?.is_file() {
                fs::remove_file(file.path()).map_err(Fault::io("blobs"))?;
            }
        }
        Ok(Self { dir: dir.to_owned(), written: AtomicU64::new(0) })
    }

    /// The name that `raw` has as a blob.
    #[must_use]
    pub fn key(raw: &[u8]) -> BlobKey {
        data_encoding::HEXLOWER.encode(&Sha256::digest(raw))
    }

    /// Keeps `raw`; on disk when it returns.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn put(&self, raw: &[u8]) -> Result<BlobKey, Fault> {
        let key = self.write(raw, true)?;
        if let Some(folder) = self.path(&key).parent() {
            sync_folder(folder)?;
        }
        Ok(key)
    }

    /// Keeps `raw`; on disk only after [`Blobs::sync`].
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn put_unsynced(&self, raw: &[u8]) -> Result<BlobKey, Fault> {
        self.write(raw, false)
    }

    /// Everything put so far is on disk when this returns.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn sync(&self) -> Result<(), Fault> {
        let folder = File::open(&self.dir).map_err(Fault::io("blobs"))?;
        rustix::fs::syncfs(&folder).map_err(|error| Fault::io("blobs")(error.into()))
    }

    /// The content of a blob.
    ///
    /// # Errors
    /// [`Fault::Damaged`] if it is missing or not what its name says.
    pub fn get(&self, key: &str) -> Result<Vec<u8>, Fault> {
        let damaged = || Fault::Damaged(format!("blob {key}"));
        let packed = match fs::read(self.path(key)) {
            Ok(packed) => packed,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(damaged()),
            Err(error) => return Err(Fault::io("blobs")(error)),
        };
        let raw = zstd::decode_all(packed.as_slice()).map_err(|_| damaged())?;
        if Self::key(&raw) == key { Ok(raw) } else { Err(damaged()) }
    }

    /// Destroys a blob; one that is gone already is no error.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn remove(&self, key: &str) -> Result<(), Fault> {
        match fs::remove_file(self.path(key)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Fault::io("blobs")(error)),
            _ => Ok(()),
        }
    }

    fn write(&self, raw: &[u8], synced: bool) -> Result<BlobKey, Fault> {
        let key = Self::key(raw);
        let path = self.path(&key);
        // A file of that name may be torn by a power cut before its group was synced.
        if path.exists() && self.get(&key).is_ok() {
            return Ok(key);
        }
        let packed = pack(raw).map_err(Fault::io("blobs"))?;
        let folder = path.parent().unwrap_or(&self.dir);
        // The same mail may come twice in one batch, and on two threads at once.
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let beside = self.dir.join("tmp").join(format!("{key}.{number}"));
        let mut file = File::create(&beside).map_err(Fault::io("blobs"))?;
        file.write_all(&packed).map_err(Fault::io("blobs"))?;
        if synced {
            file.sync_all().map_err(Fault::io("blobs"))?;
        }
        drop(file);
        match fs::rename(&beside, &path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                fs::create_dir_all(folder).map_err(Fault::io("blobs"))?;
                fs::rename(&beside, &path).map_err(Fault::io("blobs"))?;
                if synced {
                    sync_folder(&self.dir)?;
                }
            }
            other => other.map_err(Fault::io("blobs"))?,
        }
        Ok(key)
    }

    fn path(&self, key: &str) -> PathBuf {
        let folder = key.get(..2).unwrap_or("xx");
        self.dir.join(folder).join(format!("{key}.zst"))
    }
}

/// The names in a folder are on disk when this returns.
pub(super) fn sync_folder(folder: &Path) -> Result<(), Fault> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(Fault::io("blobs"))
}

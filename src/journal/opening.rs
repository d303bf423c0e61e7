//! Opening the store: one process at a time.

use super::Fault;
use std::fs::File;
use std::path::Path;
use std::time::Duration;

/// How long sled's own lock may outlive ours.
const LETTING_GO: Duration = Duration::from_secs(2);
/// Bytes of sled's page cache; its own default would be 1 GiB.
const CACHE: u64 = 64 * 1024 * 1024;

pub(super) fn lock(dir: &Path, patience: Duration) -> Result<File, Fault> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join("lock"))
        .map_err(Fault::io("lock"))?;
    let start = std::time::Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(std::fs::TryLockError::WouldBlock) if start.elapsed() < patience => {
                std::thread::sleep(Duration::from_millis(50));
            }
            Err(std::fs::TryLockError::WouldBlock) => return Err(Fault::Busy),
            Err(std::fs::TryLockError::Error(error)) => return Err(Fault::io("lock")(error)),
        }
    }
}

/// Opens the database. Our own lock says that nobody has it; a child that a process of ours forked may
/// still hold sled's for the moment until it runs its own program.
pub(super) fn database(path: &Path) -> Result<sled::Db, Fault> {
    let open = || sled::Config::new().path(path).cache_capacity(CACHE).open();
    let start = std::time::Instant::now();
    loop {
        // A damaged file can make sled panic; that must not look like a bug of the moment.
        let opened = std::panic::catch_unwind(open);
        match opened.map_err(|_| Fault::Damaged("sled cannot open it".to_owned()))? {
            Err(sled::Error::Io(error))
                if error.to_string().contains("could not acquire lock") && start.elapsed() < LETTING_GO =>
            {
                std::thread::sleep(Duration::from_millis(20));
            }
            opened => return Ok(opened?),
        }
    }
}

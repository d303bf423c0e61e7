//! The floor that `scripts/bench` measures greffier against: what cannot be saved.
//!
//! Fetches each message (from a Maildir, or over IMAP in batches), parses it, and keeps
//! it durably as greffier must: one compressed file a message, a record in sled, both
//! synced once a batch. Nothing else: no threads, no classes, no drafts, no chain.
//!
//! ```text
//! floor maildir MAILDIR STORE
//! floor imap PORT USER PASSWORD_FILE STORE
//! floor csv FILE
//! ```
//!
//! The last writes the cells of a report's file anew: nothing but the CSV, and the seconds count that alone.
//!
//! Prints one line of JSON. A program and no timed loop: the script reads processor time
//! and memory of the whole process, as it does for greffier.

use anyhow::{Context as _, Result, bail};
use async_imap::Client;
use futures_util::TryStreamExt as _;
use mail_parser::MessageParser;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// How many messages commit together, as in greffier.
const BATCH: usize = 200;
/// Bytes of sled's page cache, as in greffier.
const CACHE: u64 = 64 * 1024 * 1024;
/// zstd's level, as in greffier.
const LEVEL: i32 = 3;

fn main() -> Result<()> {
    // `cargo bench` adds an argument of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let begun = std::time::Instant::now();
    let kept = match *arguments.as_slice() {
        ["maildir", maildir, store] => from_maildir(Path::new(maildir), Store::open(Path::new(store))?)?,
        ["imap", port, user, password, store] => {
            let password = fs::read_to_string(password)?;
            let store = Store::open(Path::new(store))?;
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(
                from_imap(port.parse()?, user, password.lines().next().unwrap_or_default(), store),
            )?
        }
        ["csv", file] => {
            let (rows, seconds) = written_anew(Path::new(file))?;
            println!("{{\"rows\":{rows},\"seconds\":{seconds:.4}}}");
            return Ok(());
        }
        // Called by `cargo bench` without anything to read.
        [] => return Ok(()),
        _ => bail!("floor maildir MAILDIR STORE | floor imap PORT USER PASSWORD_FILE STORE | floor csv FILE"),
    };
    println!("{{\"messages\":{kept},\"seconds\":{:.3}}}", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Rows, and seconds to write them; the best of ten.
fn written_anew(file: &Path) -> Result<(usize, f64)> {
    let rows = csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_path(file)?;
    let rows = rows.into_records().collect::<Result<Vec<_>, _>>()?;
    let mut best = f64::INFINITY;
    for _ in 0..10 {
        let begun = std::time::Instant::now();
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row)?;
        }
        let bytes = writer.into_inner()?;
        best = best.min(begun.elapsed().as_secs_f64());
        if bytes.is_empty() {
            bail!("nothing was written");
        }
    }
    Ok((rows.len(), best))
}

fn from_maildir(maildir: &Path, mut store: Store) -> Result<usize> {
    let mut files: Vec<PathBuf> = Vec::new();
    for part in ["new", "cur"] {
        for entry in fs::read_dir(maildir.join(part))? {
            files.push(entry?.path());
        }
    }
    files.sort();
    for batch in files.chunks(BATCH) {
        let messages = batch.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
        store.keep(&messages)?;
    }
    store.finish()
}

async fn from_imap(port: u16, user: &str, password: &str, mut store: Store) -> Result<usize> {
    let stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let mut client = Client::new(stream);
    client.read_response().await?.context("no greeting")?;
    let mut session = client.login(user, password).await.map_err(|(error, _)| error)?;
    let until = session.examine("INBOX").await?.uid_next.context("no UIDNEXT")?;
    let mut from = 1;
    while from < until {
        let last = (from + BATCH as u32 - 1).min(until - 1);
        let range = format!("{from}:{last}");
        let messages: Vec<Vec<u8>> = session
            .uid_fetch(range, "(UID RFC822.SIZE INTERNALDATE BODY.PEEK[])")
            .await?
            .try_filter_map(|fetched| async move { Ok(fetched.body().map(<[u8]>::to_vec)) })
            .try_collect()
            .await?;
        // Off the async threads, as greffier does it.
        store = tokio::task::spawn_blocking(move || store.keep(&messages).map(|()| store)).await??;
        from = last + 1;
    }
    session.logout().await?;
    store.finish()
}

/// The least that a durable store can be.
struct Store {
    dir: PathBuf,
    db: sled::Db,
    parser: MessageParser,
    kept: usize,
}

impl Store {
    fn open(dir: &Path) -> Result<Self> {
        fs::create_dir_all(dir.join("blobs"))?;
        let db = sled::Config::new().path(dir.join("store")).cache_capacity(CACHE).open()?;
        Ok(Self { dir: dir.to_owned(), db, parser: MessageParser::default(), kept: 0 })
    }

    fn keep(&mut self, messages: &[Vec<u8>]) -> Result<()> {
        let mut batch = sled::Batch::default();
        for raw in messages {
            let record = self.record(raw)?;
            batch.insert(&(self.kept as u64).to_be_bytes(), record);
            let folder = self.dir.join("blobs").join(format!("{:02x}", self.kept % 256));
            if self.kept < 256 {
                fs::create_dir_all(&folder)?;
            }
            fs::write(folder.join(format!("{}.zst", self.kept)), zstd::encode_all(raw.as_slice(), LEVEL)?)?;
            self.kept += 1;
        }
        // The files first, then the records that name them.
        rustix::fs::syncfs(File::open(&self.dir)?)?;
        self.db.apply_batch(batch)?;
        self.sync()
    }

    fn record(&self, raw: &[u8]) -> Result<Vec<u8>> {
        let message = self.parser.parse(raw).context("a message that cannot be parsed")?;
        let from = message.from().and_then(|from| from.first()).and_then(|from| from.address());
        Ok(serde_json::to_vec(&serde_json::json!({
            "id": message.message_id(),
            "from": from,
            "date": message.date().map(mail_parser::DateTime::to_timestamp),
            "subject": message.subject(),
            "text": message.body_text(0),
        }))?)
    }

    fn sync(&self) -> Result<()> {
        self.db.flush()?;
        Ok(File::open(self.dir.join("store").join("db"))?.sync_data()?)
    }

    fn finish(self) -> Result<usize> {
        self.sync()?;
        Ok(self.kept)
    }
}

//! What strikes a running greffier: a kill at a chosen moment, and a mail server that stops there.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Kills one process, once, from whatever thread sees that the moment has come.
#[derive(Clone, Default)]
pub struct Killer(Arc<AtomicI32>);

impl Killer {
    pub fn aim(&self, pid: u32) {
        self.0.store(i32::try_from(pid).unwrap(), Ordering::SeqCst);
    }

    pub fn has_fired(&self) -> bool {
        self.0.load(Ordering::SeqCst) == 0
    }

    /// SIGKILL; says whether there was somebody to kill.
    pub fn fire(&self) -> bool {
        let pid = self.0.swap(0, Ordering::SeqCst);
        let Some(pid) = rustix::process::Pid::from_raw(pid) else { return false };
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        true
    }

    /// Fires as soon as `come` says so, looking again without a pause: the moments are short.
    pub fn fire_when(&self, what: &str, mut come: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !come() {
            assert!(begun.elapsed() < Duration::from_secs(30), "waited in vain: {what}");
            std::hint::spin_loop();
        }
        assert!(self.fire(), "nobody to kill: {what}");
    }
}

/// The moments of a letter's way into the mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The connection stands; nothing was said.
    Connected,
    /// DATA was asked for; nothing was answered.
    Data,
    /// The final dot is here, so the server has the letter; nothing was answered.
    Dot,
    /// The answer to the final dot was written.
    Answered,
}

/// What the server does then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    GoOn,
    Say(&'static str),
    /// Keeps the connection open and says nothing.
    Silence,
    Close,
}

type Hook = Box<dyn FnMut(Moment) -> Then + Send>;

/// A mail server in this process, of threads that may block.
pub struct Server {
    pub port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    taken: Mutex<Vec<Vec<u8>>>,
    hook: Mutex<Hook>,
}

impl Server {
    /// Takes every letter.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared =
            Arc::new(Shared { taken: Mutex::new(Vec::new()), hook: Mutex::new(Box::new(|_| Then::GoOn)) });
        let of_all = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = Arc::clone(&of_all);
                // A client that is killed ends its conversation with an error, which means nothing here.
                std::thread::spawn(move || stream.and_then(|stream| shared.converse(stream)));
            }
        });
        Self { port, shared }
    }

    /// Asks `hook` at each moment from now on.
    pub fn at_each_moment(&self, hook: impl FnMut(Moment) -> Then + Send + 'static) {
        *self.shared.hook.lock().unwrap() = Box::new(hook);
    }

    /// Does `then` at this moment, each time.
    pub fn at(&self, moment: Moment, then: Then) {
        self.at_each_moment(move |now| if now == moment { then } else { Then::GoOn });
    }

    /// The letters that came to their final dot and were not refused, without dot-stuffing:
    /// a server may deliver each of them, whatever became of the answer.
    pub fn taken(&self) -> Vec<Vec<u8>> {
        self.shared.taken.lock().unwrap().clone()
    }

    /// The outbox's part of a config.
    pub fn outbox(&self) -> String {
        format!(
            "kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nhold_seconds = 0\n",
            self.port
        )
    }
}

impl Shared {
    fn ask(&self, moment: Moment) -> Then {
        (self.hook.lock().unwrap())(moment)
    }

    fn converse(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut write = stream.try_clone()?;
        let mut read = BufReader::new(stream);
        let mut say = |words: &str| write.write_all(format!("{words}\r\n").as_bytes());
        if self.answer(Moment::Connected, "220 faults.example ESMTP", &mut say, &mut read)?.is_none() {
            return Ok(());
        }
        loop {
            let mut line = String::new();
            if read.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let verb = line.split([' ', ':', '\r']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => say("250-faults.example\r\n250 8BITMIME")?,
                "DATA" => {
                    if self.answer(Moment::Data, "354 go ahead", &mut say, &mut read)? != Some(true) {
                        return Ok(());
                    }
                    let letter = letter(&mut read)?;
                    let then = self.ask(Moment::Dot);
                    if !matches!(then, Then::Say(_)) {
                        self.taken.lock().unwrap().push(letter);
                    }
                    if carry_out(then, "250 2.0.0 taken", &mut say, &mut read)?.is_none() {
                        return Ok(());
                    }
                    self.ask(Moment::Answered);
                }
                "QUIT" => return say("221 bye"),
                _ => say("250 Ok")?,
            }
        }
    }

    fn answer(
        &self,
        moment: Moment,
        usual: &str,
        say: &mut impl FnMut(&str) -> std::io::Result<()>,
        read: &mut BufReader<TcpStream>,
    ) -> std::io::Result<Option<bool>> {
        carry_out(self.ask(moment), usual, say, read)
    }
}

/// `None`: the conversation is over; else whether the usual was said.
fn carry_out(
    then: Then,
    usual: &str,
    say: &mut impl FnMut(&str) -> std::io::Result<()>,
    read: &mut BufReader<TcpStream>,
) -> std::io::Result<Option<bool>> {
    match then {
        Then::GoOn => say(usual).map(|()| Some(true)),
        Then::Say(words) => say(words).map(|()| Some(false)),
        Then::Close => Ok(None),
        Then::Silence => {
            // Until the other side gives up.
            std::io::copy(read, &mut std::io::sink())?;
            Ok(None)
        }
    }
}

fn letter(read: &mut BufReader<TcpStream>) -> std::io::Result<Vec<u8>> {
    let mut letter = Vec::new();
    loop {
        let start = letter.len();
        if read.read_until(b'\n', &mut letter)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if letter[start..] == *b".\r\n" {
            letter.truncate(start);
            return Ok(letter);
        }
        if letter[start] == b'.' {
            letter.remove(start);
        }
    }
}

/// The finished blobs in a data folder.
pub fn blobs(data: &Path) -> Vec<PathBuf> {
    let folders = std::fs::read_dir(data.join("blobs")).into_iter().flatten().flatten();
    folders
        .flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten())
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "zst"))
        .collect()
}

/// What `sending.log` says, line by line.
pub fn sending_log(data: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(data.join("sending.log")).unwrap_or_default();
    // A kill may tear a line; what it announced did not begin.
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// A generator of numbers that a seed repeats (SplitMix64).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

/// Puts bytes into the `new` of a Maildir under this name, as they are.
pub fn place(maildir: &Path, name: &str, raw: &[u8]) {
    let beside = maildir.join("tmp").join(name);
    std::fs::write(&beside, raw).unwrap();
    std::fs::rename(beside, maildir.join("new").join(name)).unwrap();
}

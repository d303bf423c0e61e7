//! An SMTP server in this process that misbehaves exactly where a test wants it to.
//!
//! Without a script it takes every letter. `at(step, act)` replaces what it does at one
//! step; `refusing(address, words)` what it says to one recipient.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// A moment at which the server says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// After the first 100 kB of the letter.
    Body,
    Dot,
    Noop,
    Quit,
}

/// What it does instead of what it should. CR LF is added to what it says.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    Say(&'static str),
    SayBytes(&'static [u8]),
    SayAndClose(&'static str),
    SayLate(Duration, &'static str),
    Close,
    Hang,
}

/// What the server was told.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    /// Every command line, over all connections.
    pub commands: Vec<String>,
    /// Every letter that came to its final dot, without dot-stuffing.
    pub letters: Vec<Vec<u8>>,
}

/// The script.
#[derive(Clone)]
pub struct SmtpScript {
    acts: HashMap<Step, Act>,
    refused: HashMap<String, &'static str>,
    offers: Vec<&'static str>,
    accounts: Vec<(&'static str, &'static str)>,
    tls: Option<(Arc<ServerConfig>, bool)>,
}

/// The running server; it stops when dropped.
pub struct Running {
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
}

trait Line: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Line for T {}
type Peer = BufReader<Pin<Box<dyn Line>>>;

/// Why a connection is over.
struct Over;

impl From<std::io::Error> for Over {
    fn from(_: std::io::Error) -> Self {
        Over
    }
}

impl SmtpScript {
    pub fn new() -> Self {
        Self {
            acts: HashMap::new(),
            refused: HashMap::new(),
            offers: vec!["8BITMIME", "SMTPUTF8"],
            accounts: Vec::new(),
            tls: None,
        }
    }

    pub fn at(mut self, step: Step, act: Act) -> Self {
        self.acts.insert(step, act);
        self
    }

    pub fn refusing(mut self, recipient: &str, words: &'static str) -> Self {
        self.refused.insert(recipient.to_owned(), words);
        self
    }

    /// Replaces what EHLO offers (STARTTLS is offered by itself where TLS is set).
    pub fn offering(mut self, offers: &[&'static str]) -> Self {
        self.offers = offers.to_vec();
        self
    }

    pub fn account(mut self, user: &'static str, password: &'static str) -> Self {
        self.accounts.push((user, password));
        self
    }

    pub fn starttls(mut self, config: Arc<ServerConfig>) -> Self {
        self.tls = Some((config, false));
        self
    }

    pub fn implicit_tls(mut self, config: Arc<ServerConfig>) -> Self {
        self.tls = Some((config, true));
        self
    }

    /// Listens on a free port of 127.0.0.1.
    pub async fn start(self) -> Running {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (script, shared) = (Arc::new(self), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            let mut sessions = tokio::task::JoinSet::new();
            while let Ok((tcp, _)) = listener.accept().await {
                let (script, seen) = (Arc::clone(&script), Arc::clone(&shared));
                sessions.spawn(async move {
                    let _over = script.serve(tcp, &seen).await;
                });
            }
        });
        Running { port, seen, task }
    }

    async fn serve(&self, tcp: tokio::net::TcpStream, seen: &Mutex<Seen>) -> Result<(), Over> {
        let mut peer: Peer = match &self.tls {
            Some((config, true)) => {
                BufReader::new(Box::pin(TlsAcceptor::from(Arc::clone(config)).accept(tcp).await?))
            }
            _ => BufReader::new(Box::pin(tcp)),
        };
        let mut secure = matches!(self.tls, Some((_, true)));
        self.act(&mut peer, Step::Greeting, "220 script.example ESMTP").await?;
        loop {
            let line = read_line(&mut peer).await?;
            seen.lock().unwrap().commands.push(line.clone());
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => self.act(&mut peer, Step::Ehlo, &self.ehlo(secure)).await?,
                "STARTTLS" => {
                    self.act(&mut peer, Step::StartTls, "220 go ahead").await?;
                    let (config, _) = self.tls.as_ref().ok_or(Over)?;
                    let inner = peer.into_inner();
                    let tls = TlsAcceptor::from(Arc::clone(config)).accept(inner).await?;
                    peer = BufReader::new(Box::pin(tls));
                    secure = true;
                }
                "AUTH" => self.auth(&mut peer, &line).await?,
                "MAIL" => self.act(&mut peer, Step::Mail, "250 2.1.0 Ok").await?,
                "RCPT" => {
                    let to = line.split(['<', '>']).nth(1).unwrap_or_default();
                    match self.refused.get(to) {
                        Some(words) => say(&mut peer, words.as_bytes()).await?,
                        None => self.act(&mut peer, Step::Rcpt, "250 2.1.5 Ok").await?,
                    }
                }
                "DATA" => {
                    self.act(&mut peer, Step::Data, "354 End data with <CR><LF>.<CR><LF>").await?;
                    let letter = self.letter(&mut peer).await?;
                    seen.lock().unwrap().letters.push(letter);
                    self.act(&mut peer, Step::Dot, "250 2.0.0 Ok: queued as SCRIPT1").await?;
                }
                "NOOP" => self.act(&mut peer, Step::Noop, "250 2.0.0 Ok").await?,
                "QUIT" => {
                    self.act(&mut peer, Step::Quit, "221 2.0.0 Bye").await?;
                    return Ok(());
                }
                _ => say(&mut peer, b"500 5.5.1 What?").await?,
            }
        }
    }

    fn ehlo(&self, secure: bool) -> String {
        let mut lines = vec!["script.example".to_owned()];
        lines.extend(self.offers.iter().map(ToString::to_string));
        if matches!(self.tls, Some((_, false))) && !secure {
            lines.push("STARTTLS".to_owned());
        }
        let last = lines.len() - 1;
        let lines = lines.iter().enumerate();
        lines
            .map(|(n, line)| format!("250{}{line}", if n == last { " " } else { "-" }))
            .collect::<Vec<_>>()
            .join("\r\n")
    }

    async fn auth(&self, peer: &mut Peer, line: &str) -> Result<(), Over> {
        let base64 = data_encoding::BASE64;
        let mut words = line.split(' ').skip(1);
        let (user, password) = match (words.next(), words.next()) {
            (Some("PLAIN"), Some(first)) => {
                let text = String::from_utf8(base64.decode(first.as_bytes()).unwrap()).unwrap();
                let mut parts = text.split('\0').skip(1).map(str::to_owned);
                (parts.next().unwrap(), parts.next().unwrap())
            }
            (Some("LOGIN"), None) => {
                let mut answers = Vec::new();
                for question in ["Username:", "Password:"] {
                    say(peer, format!("334 {}", base64.encode(question.as_bytes())).as_bytes()).await?;
                    let line = read_line(peer).await?;
                    answers.push(String::from_utf8(base64.decode(line.as_bytes()).unwrap()).unwrap());
                }
                (answers.remove(0), answers.remove(0))
            }
            _ => return say(peer, b"504 5.5.4 Unknown mechanism").await,
        };
        let known = self.accounts.iter().any(|(u, p)| (*u, *p) == (user.as_str(), password.as_str()));
        let usual = if known { "235 2.7.0 Welcome" } else { "535 5.7.8 Authentication failed" };
        self.act(peer, Step::Auth, usual).await
    }

    /// Reads to the final dot and takes the stuffing off.
    async fn letter(&self, peer: &mut Peer) -> Result<Vec<u8>, Over> {
        let mut letter = Vec::new();
        loop {
            let start = letter.len();
            if peer.read_until(b'\n', &mut letter).await? == 0 {
                return Err(Over);
            }
            if letter.get(start..) == Some(b".\r\n") {
                letter.truncate(start);
                return Ok(letter);
            }
            if letter.get(start) == Some(&b'.') {
                letter.remove(start);
            }
            if letter.len() > 100_000
                && let Some(act) = self.acts.get(&Step::Body)
            {
                perform(peer, *act).await?;
                return Err(Over);
            }
        }
    }

    async fn act(&self, peer: &mut Peer, step: Step, usual: &str) -> Result<(), Over> {
        match self.acts.get(&step) {
            Some(act) => perform(peer, *act).await,
            None => say(peer, usual.as_bytes()).await,
        }
    }
}

async fn perform(peer: &mut Peer, act: Act) -> Result<(), Over> {
    match act {
        Act::Say(words) => say(peer, words.as_bytes()).await,
        Act::SayBytes(bytes) => say(peer, bytes).await,
        Act::SayAndClose(words) => {
            say(peer, words.as_bytes()).await?;
            Err(Over)
        }
        Act::SayLate(after, words) => {
            tokio::time::sleep(after).await;
            say(peer, words.as_bytes()).await
        }
        Act::Close => Err(Over),
        // Neither reading nor writing, until the server is dropped.
        Act::Hang => std::future::pending().await,
    }
}

async fn say(peer: &mut Peer, words: &[u8]) -> Result<(), Over> {
    peer.write_all(&[words, b"\r\n"].concat()).await?;
    peer.flush().await?;
    Ok(())
}

async fn read_line(peer: &mut Peer) -> Result<String, Over> {
    let mut line = Vec::new();
    if peer.take(10_000).read_until(b'\n', &mut line).await? == 0 {
        return Err(Over);
    }
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

impl Running {
    pub fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

//! An IMAP server that follows a script: for the faults that no real server shows on
//! request.
//!
//! Commands without a rule get the answer of a good server with three short messages.
//! Rules are used up in their order; `{tag}` in an answer is the command's tag.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What happens after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The next command is read.
    GoOn,
    /// The connection ends.
    Close,
    /// Nothing more is said, and the connection stays.
    Silence,
}

#[derive(Debug, Clone)]
struct Rule {
    command: String,
    answer: String,
    then: Then,
}

/// What the server will do.
#[derive(Debug, Clone)]
pub struct Script {
    greeting: String,
    capabilities: String,
    rules: Vec<Rule>,
    /// UID and text of the messages, in rising order.
    pub messages: Vec<(usize, String)>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            greeting: "* OK ready\r\n".to_owned(),
            capabilities: "IMAP4rev1 AUTH=PLAIN IDLE".to_owned(),
            rules: Vec::new(),
            messages: (1..=3).map(|uid| (uid, format!("Subject: {uid}\r\n\r\nmessage {uid}\r\n"))).collect(),
        }
    }
}

impl Script {
    /// Greets like this instead.
    pub fn greeting(mut self, greeting: &str) -> Self {
        greeting.clone_into(&mut self.greeting);
        self
    }

    /// Has these capabilities instead.
    pub fn capabilities(mut self, capabilities: &str) -> Self {
        capabilities.clone_into(&mut self.capabilities);
        self
    }

    /// Answers the next command that begins like this so.
    pub fn on(self, command: &str, answer: &str) -> Self {
        self.on_then(command, answer, Then::GoOn)
    }

    /// The same, and what then.
    pub fn on_then(mut self, command: &str, answer: &str, then: Then) -> Self {
        self.rules.push(Rule { command: command.to_owned(), answer: answer.to_owned(), then });
        self
    }

    /// Starts the server on a free loopback port, within the test's runtime.
    pub async fn start(self) -> ScriptedImap {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&heard);
        let script = Arc::new(Mutex::new(self));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // The rules that one connection used up are gone for the next.
                tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&log)));
            }
        });
        ScriptedImap { port, heard }
    }
}

/// A running scripted server; it ends with the test's runtime.
#[derive(Debug)]
pub struct ScriptedImap {
    /// Where it listens.
    pub port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl ScriptedImap {
    /// The commands so far, without their tags.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

async fn serve(stream: TcpStream, script: Arc<Mutex<Script>>, heard: Arc<Mutex<Vec<String>>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let greeting = script.lock().unwrap().greeting.clone();
    stream.write_all(greeting.as_bytes()).await.ok()?;
    let (mut line, mut tag) = (String::new(), String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        // The end of an IDLE has no tag of its own.
        let command = match line.trim_end().split_once(' ') {
            Some((own, command)) => {
                own.clone_into(&mut tag);
                command
            }
            None => line.trim_end(),
        };
        heard.lock().unwrap().push(command.to_owned());
        let rule = {
            let rules = &mut script.lock().unwrap().rules;
            let found = rules.iter().position(|rule| command.starts_with(&rule.command));
            found.map(|index| rules.remove(index))
        };
        let then = match rule {
            Some(rule) => {
                stream.write_all(rule.answer.replace("{tag}", &tag).as_bytes()).await.ok()?;
                rule.then
            }
            None => {
                obey(&mut stream, &script, &tag, command).await?;
                Then::GoOn
            }
        };
        match then {
            Then::GoOn => {}
            Then::Close => return None,
            Then::Silence => std::future::pending().await,
        }
    }
}

/// What a good server does.
async fn obey(
    stream: &mut BufReader<TcpStream>,
    script: &Mutex<Script>,
    tag: &str,
    command: &str,
) -> Option<()> {
    let script = script.lock().unwrap().clone();
    let (count, last) = (script.messages.len(), script.messages.last().map_or(0, |(uid, _)| *uid));
    let mut answer = String::new();
    if command == "CAPABILITY" {
        answer = format!("* CAPABILITY {}\r\n", script.capabilities);
    } else if command == "AUTHENTICATE PLAIN" {
        stream.write_all(b"+ \r\n").await.ok()?;
        stream.read_line(&mut String::new()).await.ok()?;
    } else if let Some(user) = command.strip_prefix("LOGIN ") {
        // User and password as literals.
        let mut literal = user.to_owned();
        while let Some((_, length)) = literal.rsplit_once('{') {
            let length: usize = length.trim_end_matches('}').parse().ok()?;
            stream.write_all(b"+ go on\r\n").await.ok()?;
            stream.read_exact(&mut vec![0; length]).await.ok()?;
            literal.clear();
            stream.read_line(&mut literal).await.ok()?;
            literal.truncate(literal.trim_end().len());
        }
    } else if command.starts_with("LIST") {
        answer = "* LIST (\\HasNoChildren) \"/\" INBOX\r\n* LIST (\\Sent) \"/\" Sent\r\n".to_owned();
    } else if command.starts_with("EXAMINE") {
        answer = format!(
            "* {count} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT {}] ok\r\n* OK [UNSEEN 1] ok\r\n",
            last + 1
        );
    } else if let Some(rest) = command.strip_prefix("UID FETCH ") {
        let (set, items) = rest.split_once(' ')?;
        for (uid, body) in script.messages.iter().filter(|(uid, _)| contains(set, *uid)) {
            if items.contains("BODY.PEEK[]") {
                answer += &format!("* {uid} FETCH (UID {uid} BODY[]<0> {{{}}}\r\n{body})\r\n", body.len());
            } else {
                answer += &format!(
                    "* {uid} FETCH (UID {uid} RFC822.SIZE {} INTERNALDATE \" 5-Mar-2025 10:06:00 -0500\")\r\n",
                    body.len()
                );
            }
        }
    } else if command == "IDLE" {
        stream.write_all(b"+ idling\r\n").await.ok()?;
        return Some(());
    } else if command.starts_with("APPEND") {
        let length: usize = command.rsplit_once('{')?.1.trim_end_matches('}').parse().ok()?;
        stream.write_all(b"+ go on\r\n").await.ok()?;
        stream.read_exact(&mut vec![0; length + 2]).await.ok()?;
    }
    answer += &format!("{tag} OK done\r\n");
    stream.write_all(answer.as_bytes()).await.ok()?;
    Some(())
}

/// Whether a sequence set such as `1:3,7` has `number` in it.
fn contains(set: &str, number: usize) -> bool {
    set.split(',').any(|run| {
        let (first, last) = run.split_once(':').unwrap_or((run, run));
        let number_of = |text: &str| text.parse().unwrap_or(usize::MAX);
        (number_of(first)..=number_of(last)).contains(&number)
    })
}

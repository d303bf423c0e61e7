//! What can go wrong with a mailbox, cut by what to do about it.
//!
//! Returned by both back ends; intake waits and tries again after any of them, and shows
//! [`Fault::line`] to people. Logs get [`Fault::class`] only, which is also its
//! `Display`: the server's own words may hold addresses and go to people alone.

use crate::tls::{self, CertificateFault};
use crate::wording::Wording;
use std::fmt::{self, Display};
use std::path::{Path, PathBuf};

/// Why the mailbox could not be read. The session that returned it is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Somebody must act: config, password, rights, certificate.
    Refused(Refusal),
    /// The network or the server is not there; it may come back by itself.
    Unreachable(Barrier),
    /// The connection was there and is lost; connect again.
    Dropped(Cut),
    /// The server does not keep to the protocol, or refuses what it must not refuse.
    Odd(Oddity),
}

/// What somebody must put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The server does not accept user and password.
    Password {
        /// The server.
        host: String,
        /// What it says.
        words: Words,
    },
    /// The password file cannot be read.
    Secret {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The server offers no way to log in that we know.
    NoLogin {
        /// The server.
        host: String,
    },
    /// The server does not do STARTTLS, and without it nothing is said.
    NoStartTls {
        /// The server.
        host: String,
    },
    /// The server's certificate.
    Certificate {
        /// The server.
        host: String,
        /// What is wrong with it.
        fault: CertificateFault,
    },
    /// The host in the config is neither a name nor an address.
    BadHost {
        /// As written.
        host: String,
    },
    /// `ca_file` cannot be used.
    CaFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it; `None`: it holds no certificate.
        why: Option<String>,
    },
    /// The system trusts nobody.
    NoTrust,
    /// A folder of the config does not exist.
    NoFolder {
        /// Its name.
        folder: String,
    },
    /// The server does not let us into a folder, or let us file a copy there.
    Folder {
        /// Its name.
        folder: String,
        /// What the server says.
        words: Words,
    },
    /// The folder is no Maildir: `new` or `cur` is missing.
    NoMaildir {
        /// The folder.
        path: PathBuf,
    },
    /// A file or folder on this machine cannot be read or written.
    Files {
        /// Which.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
}

/// What stands between us and the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Barrier {
    /// No address is known for the host.
    UnknownHost {
        /// The host.
        host: String,
    },
    /// Nobody answers at host and port.
    NoAnswer {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// What the system says; `None`: no answer in time.
        why: Option<String>,
    },
    /// No TLS came about, and the certificate is not the reason.
    Handshake {
        /// The server.
        host: String,
    },
    /// The server is there and takes nobody now.
    Busy {
        /// The server.
        host: String,
        /// What it says.
        words: Words,
    },
}

/// How the connection was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cut {
    /// It ended.
    Closed,
    /// The server took its leave (BYE); also how Exchange ends an expired token.
    Bye(Words),
    /// No answer in time.
    Silent,
    /// An earlier fault or a broken-off call left it in the middle of an answer.
    Unusable,
}

/// What the server must not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// What it sends is not IMAP, or too long.
    Garbage,
    /// A folder without UIDVALIDITY: nothing in it could be remembered.
    NoUidValidity {
        /// The folder.
        folder: String,
    },
    /// It says NO or BAD to something every server does.
    Command {
        /// The command's name, `UID FETCH`.
        command: &'static str,
        /// What it says.
        words: Words,
    },
}

/// What a server said: one line, at most 200 characters, for people only.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Words(String);

impl Words {
    /// Takes over what a server said, without control characters.
    #[must_use]
    pub fn new(said: &str) -> Self {
        Self(said.chars().filter(|c| !c.is_control()).take(200).collect::<String>().trim().to_owned())
    }

    /// The words, to be shown to people and never logged.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Words {
    /// Not the words: what is printed with `{:?}` lands in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({} bytes)", self.0.len())
    }
}

impl Fault {
    /// A name for logs and counts: a constant, without anything that came from outside.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => match refusal {
                Refusal::Password { .. } => "password-refused",
                Refusal::Secret { .. } => "password-file-unreadable",
                Refusal::NoLogin { .. } => "no-login-method",
                Refusal::NoStartTls { .. } => "no-starttls",
                Refusal::Certificate { fault, .. } => match fault {
                    CertificateFault::Expired => "certificate-expired",
                    CertificateFault::Untrusted => "certificate-untrusted",
                    CertificateFault::OtherHost => "certificate-other-host",
                    CertificateFault::Unusable => "certificate-unusable",
                },
                Refusal::BadHost { .. } => "bad-host",
                Refusal::CaFile { .. } => "ca-file-unusable",
                Refusal::NoTrust => "no-trusted-certificates",
                Refusal::NoFolder { .. } => "folder-missing",
                Refusal::Folder { .. } => "folder-refused",
                Refusal::NoMaildir { .. } => "no-maildir",
                Refusal::Files { .. } => "files",
            },
            Self::Unreachable(barrier) => match barrier {
                Barrier::UnknownHost { .. } => "unknown-host",
                Barrier::NoAnswer { .. } => "no-answer",
                Barrier::Handshake { .. } => "tls-handshake",
                Barrier::Busy { .. } => "server-busy",
            },
            Self::Dropped(cut) => match cut {
                Cut::Closed => "connection-closed",
                Cut::Bye(_) => "server-bye",
                Cut::Silent => "server-silent",
                Cut::Unusable => "session-unusable",
            },
            Self::Odd(oddity) => match oddity {
                Oddity::Garbage => "not-imap",
                Oddity::NoUidValidity { .. } => "no-uidvalidity",
                Oddity::Command { .. } => "command-refused",
            },
        }
    }

    /// One line for people: what happened and what to do.
    #[must_use]
    pub fn line(&self, wording: &Wording) -> String {
        let key = format!("mail-fault-{}", self.class());
        let say = |values: &[(&str, &dyn Display)]| wording.with(&key, values);
        match self {
            Self::Refused(refusal) => match refusal {
                Refusal::Password { host, words } | Refusal::Folder { folder: host, words } => {
                    with_words(say(&[("name", host)]), words, wording)
                }
                Refusal::Secret { path, why } | Refusal::Files { path, why } => {
                    say(&[("path", &path.display()), ("why", why)])
                }
                Refusal::NoLogin { host }
                | Refusal::NoStartTls { host }
                | Refusal::Certificate { host, .. }
                | Refusal::BadHost { host }
                | Refusal::NoFolder { folder: host } => say(&[("name", host)]),
                Refusal::CaFile { path, why: None } => {
                    say(&[("path", &path.display()), ("why", &wording.text("mail-fault-no-certificate"))])
                }
                Refusal::CaFile { path, why: Some(why) } => say(&[("path", &path.display()), ("why", why)]),
                Refusal::NoTrust => say(&[]),
                Refusal::NoMaildir { path } => say(&[("path", &path.display())]),
            },
            Self::Unreachable(barrier) => match barrier {
                Barrier::UnknownHost { host } | Barrier::Handshake { host } => say(&[("name", host)]),
                Barrier::NoAnswer { host, port, why } => {
                    let slow = wording.text("mail-fault-no-answer-in-time");
                    say(&[("name", host), ("port", port), ("why", why.as_ref().unwrap_or(&slow))])
                }
                Barrier::Busy { host, words } => with_words(say(&[("name", host)]), words, wording),
            },
            Self::Dropped(Cut::Bye(words)) => with_words(say(&[]), words, wording),
            Self::Dropped(_) | Self::Odd(Oddity::Garbage) => say(&[]),
            Self::Odd(Oddity::NoUidValidity { folder }) => say(&[("name", folder)]),
            Self::Odd(Oddity::Command { command, words }) => {
                with_words(say(&[("name", command)]), words, wording)
            }
        }
    }

    /// A file or folder of this machine that failed.
    pub(super) fn files(path: &Path, error: &std::io::Error) -> Self {
        Self::Refused(Refusal::Files { path: path.to_owned(), why: error.to_string() })
    }
}

/// Adds what the server said, if it said anything.
fn with_words(line: String, words: &Words, wording: &Wording) -> String {
    if words.0.is_empty() {
        return line;
    }
    wording.with("mail-fault-words", &[("line", &line), ("words", &words.0)])
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.class())
    }
}

impl std::error::Error for Fault {}

impl From<tls::Problem> for Fault {
    fn from(problem: tls::Problem) -> Self {
        Self::Refused(match problem {
            tls::Problem::Unreadable { path, why } => Refusal::CaFile { path, why: Some(why) },
            tls::Problem::Empty { path } => Refusal::CaFile { path, why: None },
            tls::Problem::NoSystemStore => Refusal::NoTrust,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::Language;

    fn every_fault() -> Vec<Fault> {
        let host = || "courriel.example".to_owned();
        let path = || PathBuf::from("/srv/courriel");
        let words = || Words::new("Pas maintenant");
        let certificate = |fault| Fault::Refused(Refusal::Certificate { host: host(), fault });
        vec![
            Fault::Refused(Refusal::Password { host: host(), words: words() }),
            Fault::Refused(Refusal::Secret { path: path(), why: "absent".to_owned() }),
            Fault::Refused(Refusal::NoLogin { host: host() }),
            Fault::Refused(Refusal::NoStartTls { host: host() }),
            certificate(CertificateFault::Expired),
            certificate(CertificateFault::Untrusted),
            certificate(CertificateFault::OtherHost),
            certificate(CertificateFault::Unusable),
            Fault::Refused(Refusal::BadHost { host: host() }),
            Fault::Refused(Refusal::CaFile { path: path(), why: None }),
            Fault::Refused(Refusal::CaFile { path: path(), why: Some("absent".to_owned()) }),
            Fault::Refused(Refusal::NoTrust),
            Fault::Refused(Refusal::NoFolder { folder: "Guichet".to_owned() }),
            Fault::Refused(Refusal::Folder { folder: "Guichet".to_owned(), words: words() }),
            Fault::Refused(Refusal::NoMaildir { path: path() }),
            Fault::Refused(Refusal::Files { path: path(), why: "plein".to_owned() }),
            Fault::Unreachable(Barrier::UnknownHost { host: host() }),
            Fault::Unreachable(Barrier::NoAnswer { host: host(), port: 993, why: None }),
            Fault::Unreachable(Barrier::NoAnswer { host: host(), port: 993, why: Some("non".to_owned()) }),
            Fault::Unreachable(Barrier::Handshake { host: host() }),
            Fault::Unreachable(Barrier::Busy { host: host(), words: words() }),
            Fault::Dropped(Cut::Closed),
            Fault::Dropped(Cut::Bye(words())),
            Fault::Dropped(Cut::Silent),
            Fault::Dropped(Cut::Unusable),
            Fault::Odd(Oddity::Garbage),
            Fault::Odd(Oddity::NoUidValidity { folder: "Guichet".to_owned() }),
            Fault::Odd(Oddity::Command { command: "UID FETCH", words: words() }),
        ]
    }

    #[test]
    fn every_fault_has_its_line_in_both_languages() {
        for language in Language::ALL {
            let wording = Wording::new(language);
            for fault in every_fault() {
                let line = fault.line(&wording);
                assert!(!line.contains("mail-fault"), "{language}: {line}");
                assert!(!line.contains(['{', '\n']), "{language}: {line}");
            }
        }
    }

    #[test]
    fn the_servers_words_reach_people_and_no_log() {
        let words = Words::new("NON\r\n canari@ministere.example");
        let fault = Fault::Refused(Refusal::Password { host: "h.example".to_owned(), words });
        assert!(fault.line(&Wording::new(Language::Fr)).contains("canari@ministere.example"));
        assert!(!format!("{fault} {fault:?}").contains("canari"));
    }
}

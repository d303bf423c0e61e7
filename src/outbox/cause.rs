//! Why an attempt did not end in an acceptance: cause → words for people.
//!
//! Made by the two ways out ([`super::smtp`], [`super::folder`]), kept in the journal
//! with the [`Verdict`], and put into the reader's language here. The cause says which
//! sentence is right; nobody ever has to read it out of the server's own text.

use super::{Phase, Verdict};
use crate::wording::Wording;
use serde::{Deserialize, Serialize};

/// Why an attempt did not end in an acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The server said so; the reply holds its words.
    Answer,
    /// The server said nothing within the time limit.
    Silence,
    /// The connection broke, or the server closed it.
    Broken,
    /// The server said something that is no answer to what it was asked.
    Garbage,
    /// Nobody knows the host's address.
    UnknownHost,
    /// No address of the host takes connections.
    Unreachable,
    /// The server's certificate is past its last day, or not valid yet.
    CertificateExpired,
    /// The server's certificate was signed by nobody that we trust.
    CertificateUntrusted,
    /// The server's certificate is made out to another host.
    CertificateOtherHost,
    /// The server's certificate is unusable in another way.
    Certificate,
    /// The `ca_file`, or the system's certificates, cannot be read.
    Roots,
    /// TLS failed for a reason other than the certificate.
    Tls,
    /// The server does not offer STARTTLS, without which we do not talk to it.
    NoStartTls,
    /// Plain connections are for this machine only, and the host is another one.
    PlainBeyondLoopback,
    /// The password file cannot be read.
    Secret,
    /// The server offers no way to log in that we know (PLAIN, LOGIN).
    NoLogin,
    /// An address has letters outside ASCII, and the server lacks SMTPUTF8 (RFC 6531).
    NoSmtpUtf8,
    /// The letter has bytes outside ASCII, and the server lacks 8BITMIME (RFC 6152).
    No8BitMime,
    /// An envelope address cannot stand in an SMTP command.
    Address,
    /// SMTP could not carry the letter's bytes unchanged (RFC 5321, 2.3.8 and 4.5.3.1.6).
    Unfit,
    /// The folder for letters cannot be written.
    Folder,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 21] = [
        Self::Answer,
        Self::Silence,
        Self::Broken,
        Self::Garbage,
        Self::UnknownHost,
        Self::Unreachable,
        Self::CertificateExpired,
        Self::CertificateUntrusted,
        Self::CertificateOtherHost,
        Self::Certificate,
        Self::Roots,
        Self::Tls,
        Self::NoStartTls,
        Self::PlainBeyondLoopback,
        Self::Secret,
        Self::NoLogin,
        Self::NoSmtpUtf8,
        Self::No8BitMime,
        Self::Address,
        Self::Unfit,
        Self::Folder,
    ];

    /// The key of its sentence in `locales/*/outbox.ftl`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Answer => "outbox-cause-answer",
            Self::Silence => "outbox-cause-silence",
            Self::Broken => "outbox-cause-broken",
            Self::Garbage => "outbox-cause-garbage",
            Self::UnknownHost => "outbox-cause-unknown-host",
            Self::Unreachable => "outbox-cause-unreachable",
            Self::CertificateExpired => "outbox-cause-certificate-expired",
            Self::CertificateUntrusted => "outbox-cause-certificate-untrusted",
            Self::CertificateOtherHost => "outbox-cause-certificate-other-host",
            Self::Certificate => "outbox-cause-certificate",
            Self::Roots => "outbox-cause-roots",
            Self::Tls => "outbox-cause-tls",
            Self::NoStartTls => "outbox-cause-no-starttls",
            Self::PlainBeyondLoopback => "outbox-cause-plain",
            Self::Secret => "outbox-cause-secret",
            Self::NoLogin => "outbox-cause-no-login",
            Self::NoSmtpUtf8 => "outbox-cause-no-smtputf8",
            Self::No8BitMime => "outbox-cause-no-8bitmime",
            Self::Address => "outbox-cause-address",
            Self::Unfit => "outbox-cause-unfit",
            Self::Folder => "outbox-cause-folder",
        }
    }
}

impl Phase {
    /// The key of its name in `locales/*/outbox.ftl`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Connect => "outbox-phase-connect",
            Self::Login => "outbox-phase-login",
            Self::MailFrom => "outbox-phase-mail-from",
            Self::RcptTo => "outbox-phase-rcpt-to",
            Self::Data => "outbox-phase-data",
            Self::AfterDot => "outbox-phase-after-dot",
        }
    }
}

impl Verdict {
    /// One line for people: what became of the attempt, where it stopped, why, and the
    /// server's words. It may name a recipient, so it is for the desk and not for logs.
    #[must_use]
    pub fn line(&self, wording: &Wording) -> String {
        let (key, phase, cause, reply) = match self {
            Self::Accepted { reply } => return wording.with("outbox-accepted", &[("reply", reply)]),
            Self::Deferred { phase, cause, reply } => ("outbox-deferred", *phase, *cause, reply),
            Self::Refused { phase, cause, reply } => ("outbox-refused", *phase, *cause, reply),
            Self::Unknown { cause, reply } => ("outbox-unknown", Phase::AfterDot, *cause, reply),
        };
        let why = wording.text(cause.key());
        let why = if reply.is_empty() {
            why
        } else {
            wording.with("outbox-why", &[("why", &why), ("reply", reply)])
        };
        wording.with(key, &[("phase", &wording.text(phase.key())), ("why", &why)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::Language;

    const PHASES: [Phase; 6] =
        [Phase::Connect, Phase::Login, Phase::MailFrom, Phase::RcptTo, Phase::Data, Phase::AfterDot];

    #[test]
    fn every_cause_and_phase_has_words_in_both_languages() {
        for language in Language::ALL {
            let wording = Wording::new(language);
            for key in Cause::ALL.map(Cause::key).into_iter().chain(PHASES.map(Phase::key)) {
                assert!(wording.has(key), "{key} is missing in {language}");
            }
        }
    }

    #[test]
    fn a_line_says_what_where_why_and_the_servers_words() {
        let wording = Wording::new(Language::Fr);
        let verdict = Verdict::Refused {
            phase: Phase::RcptTo,
            cause: Cause::Answer,
            reply: "550 5.1.1 User unknown".to_owned(),
        };
        let line = verdict.line(&wording);
        assert!(line.contains("refusé"), "{line}");
        assert!(line.contains("destinataire"), "{line}");
        assert!(line.contains("550 5.1.1 User unknown"), "{line}");
        assert!(!line.contains("outbox-"), "{line}");
        let silent = Verdict::Unknown { cause: Cause::Silence, reply: String::new() }.line(&wording);
        assert!(silent.contains("incertain") && !silent.contains("outbox-"), "{silent}");
    }
}

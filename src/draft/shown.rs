//! What an approval binds: one hash over everything that the reviewer was shown.

use super::{Draft, Field, Reason, Recipient, Unusual};
use crate::message::{Attachment, MessageId};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

impl Draft {
    /// SHA-256 in hex over what the reviewer was shown and what shapes the letter.
    ///
    /// Length-prefixed, so that no text can move from one field into the next.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut sum = Canonical::new("greffier draft 1");
        if !self.kind.is_answer() {
            sum.text(self.kind.key());
        }
        sum.text(self.language.code());
        sum.count(self.recipients.len());
        for recipient in &self.recipients {
            let Recipient { address, field, reason, unusual } = recipient;
            sum.optional(address.name.as_deref());
            sum.text(&address.email);
            sum.text(match field {
                Field::To => "to",
                Field::Cc => "cc",
            });
            sum.text(match reason {
                Reason::AskerReplyTo => "asker-reply-to",
                Reason::AskerFrom => "asker-from",
                Reason::InToOfQuestion => "in-to-of-question",
                Reason::InCcOfQuestion => "in-cc-of-question",
                Reason::GotEarlierLetter => "got-earlier-letter",
                Reason::Office => "office",
                Reason::ChosenByReviewer => "chosen-by-reviewer",
            });
            sum.optional(unusual.map(|unusual| match unusual {
                Unusual::OtherDomain => "other-domain",
                Unusual::SharedDomain => "shared-domain",
                Unusual::NewToThread => "new-to-thread",
                Unusual::DoubtfulSender => "doubtful-sender",
            }));
        }
        sum.text(&self.subject);
        sum.text(&self.body);
        sum.optional(self.quote.as_ref().map(|quote| quote.intro.as_str()));
        sum.optional(self.quote.as_ref().map(|quote| quote.text.as_str()));
        sum.optional(self.in_reply_to.as_ref().map(MessageId::as_str));
        sum.count(self.references.len());
        for id in &self.references {
            sum.text(id.as_str());
        }
        sum.text(if self.sample { "sample" } else { "approved texts" });
        sum.count(self.attachments.len());
        for Attachment { name, media_type, size, sha256 } in &self.attachments {
            sum.text(name);
            sum.text(media_type);
            sum.text(&size.to_string());
            sum.text(sha256);
        }
        sum.hex()
    }
}

/// A hash over fields that cannot run into each other.
struct Canonical(Sha256);

impl Canonical {
    fn new(what: &str) -> Self {
        let mut sum = Self(Sha256::new());
        sum.text(what);
        sum
    }

    fn count(&mut self, count: usize) {
        self.0.update((count as u64).to_be_bytes());
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.update(text);
    }

    fn optional(&mut self, text: Option<&str>) {
        self.count(usize::from(text.is_some()));
        if let Some(text) = text {
            self.text(text);
        }
    }

    fn hex(self) -> String {
        HEXLOWER.encode(&self.0.finalize())
    }
}

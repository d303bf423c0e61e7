//! What a reviewer decides on a letter beside its text.

use super::{Desk, Refusal};
use crate::draft::{Adjustment, Draft, Enclosed};
use crate::message::Attachment;
use crate::thread::{Event, Thread};
use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// Bytes of all files of one letter: most mail servers take no more once it is encoded.
const LARGEST_FILES: u64 = 10_000_000;

/// One such decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "adjust", rename_all = "kebab-case")]
pub enum Adjusting {
    /// Send somebody no copy.
    RemoveRecipient {
        /// Whose address.
        email: String,
    },
    /// Send somebody a copy after all.
    RestoreRecipient {
        /// Whose address.
        email: String,
    },
    /// Let a file of the library go with the letter.
    AttachApproved {
        /// Its name in the folder of attachments.
        name: String,
    },
    /// Let a file of one's own go with the letter.
    AttachOwn {
        /// The name that the letter gives it.
        name: String,
        /// Its bytes, in Base64 (RFC 4648).
        content: String,
    },
    /// Leave out a file that somebody added.
    Detach {
        /// Its name.
        name: String,
    },
    /// Put the English version beneath.
    JoinEnglish {
        /// Why: one of the reasons that the config knows.
        reason: String,
    },
    /// Leave the English version out again.
    LeaveEnglish,
    /// Fill in open fields.
    Fill {
        /// Words, by the field as it stands in the text.
        fields: BTreeMap<String, String>,
    },
}

impl Desk {
    /// The event of such a decision.
    pub(super) fn adjusted(&self, thread: &Thread, adjusting: Adjusting) -> Result<Event, Refusal> {
        let present = self.journal.draft_of(thread)?.ok_or(Refusal::NoDraft)?;
        let (draft, what) = match adjusting {
            Adjusting::RemoveRecipient { email } => {
                (present.without_recipient(&email), Adjustment::RecipientRemoved { email })
            }
            Adjusting::RestoreRecipient { email } => {
                (present.with_recipient(&email), Adjustment::RecipientRestored { email })
            }
            Adjusting::AttachApproved { name } => {
                let replies = self.library.current();
                let bytes = replies.attachment(&name).ok_or(Refusal::NothingToAdjust)?;
                self.attached(&present, name, bytes)?
            }
            Adjusting::AttachOwn { name, content } => {
                let bytes = BASE64.decode(content.as_bytes()).map_err(|_| Refusal::NothingToAdjust)?;
                self.attached(&present, name, &bytes)?
            }
            Adjusting::Detach { name } => (present.without_attachment(&name), Adjustment::Detached { name }),
            Adjusting::JoinEnglish { reason } => {
                let known = &self.config.desk.english_reasons;
                if !known.contains(&reason) {
                    return Err(Refusal::NoEnglishReason { known: known.clone() });
                }
                let joined = self.with_english(thread, &present, &reason)?;
                (Some(joined), Adjustment::EnglishJoined { reason })
            }
            Adjusting::LeaveEnglish => {
                let joined = present.adjustments.english.is_some();
                (joined.then(|| present.without_english()), Adjustment::EnglishLeft)
            }
            Adjusting::Fill { fields } => (present.with_fields(&fields), Adjustment::FieldsFilled),
        };
        Ok(Event::DraftAdjusted { draft: draft.ok_or(Refusal::NothingToAdjust)?, what })
    }

    fn with_english(&self, thread: &Thread, draft: &Draft, reason: &str) -> Result<Draft, Refusal> {
        let (replies, ours) = (self.library.current(), self.config.mailbox.ours());
        self.answering(thread, |asked| {
            let joined = draft.with_english(&replies, &asked, reason, &ours, self.zone());
            joined.ok_or(Refusal::NoEnglish)
        })
    }

    fn attached(
        &self,
        present: &Draft,
        name: String,
        bytes: &[u8],
    ) -> Result<(Option<Draft>, Adjustment), Refusal> {
        let before: u64 = present.attachments.iter().map(|file| file.size).sum();
        if bytes.is_empty() {
            return Err(Refusal::Empty);
        }
        if before.saturating_add(bytes.len() as u64) > LARGEST_FILES {
            return Err(Refusal::FilesTooLarge { most: LARGEST_FILES });
        }
        let file = Attachment {
            name: name.clone(),
            media_type: "application/octet-stream".to_owned(),
            size: bytes.len() as u64,
            sha256: HEXLOWER.encode(&Sha256::digest(bytes)),
        };
        // On disk before the event that names it.
        let blob = self.journal.enclose(bytes)?;
        let draft = present.with_attachment(&Enclosed { file, blob: blob.clone() });
        Ok((draft, Adjustment::Attached { name, blob }))
    }

    /// The bytes of a draft's files, in their order: the library's, a reviewer's own, or for a transfer
    /// the mail itself.
    pub(super) fn files_of(&self, draft: &Draft) -> Result<Vec<Vec<u8>>, Refusal> {
        let replies = self.library.current();
        let bytes = |file: &Attachment| {
            if let Some(own) = draft.adjustments.attached.iter().find(|enclosed| enclosed.file == *file) {
                return self.journal.enclosed(&own.blob);
            }
            match replies.attachment(&file.name) {
                // Whether it is still the same file, the seal finds out.
                Some(bytes) => Ok(bytes.to_vec()),
                None => self.journal.blobs().get(&file.sha256),
            }
        };
        Ok(draft.attachments.iter().map(bytes).collect::<Result<_, _>>()?)
    }
}

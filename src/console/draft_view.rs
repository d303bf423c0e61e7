//! The letter in words: who gets it, its text, its files, and what was decided beside it.

use super::Console;
use super::page::bytes;
use crate::draft::{self, Change, ChangedLine, Draft, EntryUse, LetterKind, Recipient};
use crate::message::Attachment;
use crate::replies::{Entry, Replies};
use crate::wording::{Wording, key};

/// Somebody who gets the letter, or would have.
pub(super) struct RecipientPart {
    pub field: String,
    pub address: String,
    pub email: String,
    pub reason: String,
    /// Why a person must look twice; empty if nobody must.
    pub unusual: String,
    /// Whether a reviewer may take them out.
    pub is_copy: bool,
}

/// A file that goes with the letter.
pub(super) struct FilePart {
    pub name: String,
    pub size: String,
    /// Whether a reviewer added it, and may take it out.
    pub is_added: bool,
}

/// Another wording of an entry that the letter uses.
pub(super) struct VariantPart {
    /// What sets it apart.
    pub title: String,
    /// The entries of the letter with it in the place of the present one.
    pub entries: Vec<String>,
    /// Its lines beside those of the present one.
    pub changes: Vec<(&'static str, String)>,
}

/// The letter as it stands.
pub(super) struct DraftPart {
    pub kind: Option<String>,
    pub recipients: Vec<RecipientPart>,
    /// Who was taken out.
    pub removed: Vec<RecipientPart>,
    /// Addresses that no letter can go to, or that were too many.
    pub left_out: Vec<String>,
    pub subject: String,
    /// As it is edited: Markdown.
    pub body: String,
    /// As it is read.
    pub html: String,
    pub quote: Option<(String, String)>,
    pub files: Vec<FilePart>,
    /// Files of the library that do not go with it.
    pub approved_files: Vec<String>,
    /// What the open fields ask for.
    pub fields: Vec<String>,
    pub entries: Vec<String>,
    pub variants: Vec<VariantPart>,
    /// Superseded entries, to be meant.
    pub superseded: Vec<String>,
    /// What is not approved wording: `+`, `-` or ` `, and the line.
    pub changes: Vec<(&'static str, String)>,
    pub is_answer: bool,
    /// Whether an English version stands beneath.
    pub has_english: bool,
}

impl DraftPart {
    pub fn made(console: &Console, wording: &Wording, draft: &Draft, changes: &[ChangedLine]) -> Self {
        let (replies, today) = (console.desk.library.current(), console.desk.today());
        let is_added =
            |file: &Attachment| draft.adjustments.attached.iter().any(|enclosed| enclosed.file == *file);
        let goes_with = |name: &str| draft.attachments.iter().any(|file| file.name == name);
        let people = |list: &[Recipient]| list.iter().map(|of| recipient(wording, of)).collect();
        Self {
            kind: (draft.kind != LetterKind::Answer)
                .then(|| wording.text(&format!("letter-kind-{}", draft.kind.key()))),
            recipients: people(&draft.recipients),
            removed: people(&draft.adjustments.removed),
            left_out: draft.left_out.iter().map(ToString::to_string).collect(),
            subject: draft.subject.clone(),
            body: draft.body.clone(),
            html: draft.body_html(),
            quote: draft.quote.as_ref().map(|quote| (quote.intro.clone(), quote.text.clone())),
            files: draft
                .attachments
                .iter()
                .map(|file| FilePart {
                    name: file.name.clone(),
                    size: bytes(wording, file.size),
                    is_added: is_added(file),
                })
                .collect(),
            approved_files: replies
                .attachments()
                .filter(|name| !goes_with(name))
                .map(str::to_owned)
                .collect(),
            fields: draft.open_fields.iter().map(|field| draft::label(field).to_owned()).collect(),
            entries: draft.entries.iter().map(EntryUse::name).collect(),
            variants: variants(&replies, draft),
            superseded: draft
                .entries
                .iter()
                .filter(|entry| entry.is_superseded_on(&replies, draft.language, today))
                .map(|entry| entry.slug.clone())
                .collect(),
            changes: signed(changes),
            is_answer: draft.kind == LetterKind::Answer,
            has_english: !draft.english.is_empty(),
        }
    }
}

/// Lines with `+`, `-` or ` ` before them.
pub(super) fn signed(changes: &[ChangedLine]) -> Vec<(&'static str, String)> {
    let sign = |change: Change| match change {
        Change::Kept => " ",
        Change::Removed => "-",
        Change::Added => "+",
    };
    changes.iter().map(|line| (sign(line.change), line.text.clone())).collect()
}

fn recipient(wording: &Wording, recipient: &Recipient) -> RecipientPart {
    RecipientPart {
        field: wording.text(&format!("field-{}", key(&recipient.field))),
        address: recipient.address.to_string(),
        email: recipient.address.email.clone(),
        reason: wording.text(&format!("recipient-{}", key(&recipient.reason))),
        unusual: recipient
            .unusual
            .as_ref()
            .map(|unusual| wording.text(&format!("unusual-{}", key(unusual))))
            .unwrap_or_default(),
        is_copy: recipient.field == draft::Field::Cc,
    }
}

/// The other wordings of the entries that an answer uses.
fn variants(replies: &Replies, draft: &Draft) -> Vec<VariantPart> {
    if draft.kind != LetterKind::Answer {
        return Vec::new();
    }
    let mut variants = Vec::new();
    for (place, used) in draft.entries.iter().enumerate() {
        let Some(present) = used.in_library(replies, draft.language) else { continue };
        let others = replies.variants(present.id.language, &present.id.slug);
        variants.extend(others.filter(|other| other.id != present.id).map(|other: &Entry| {
            let mut entries: Vec<String> = draft.entries.iter().map(EntryUse::name).collect();
            if let Some(entry) = entries.get_mut(place) {
                *entry = other.id.name();
            }
            VariantPart {
                title: other.variant_title.clone().unwrap_or_else(|| other.id.name()),
                entries,
                changes: signed(&draft::diff(present.markdown(), other.markdown())),
            }
        }));
    }
    variants
}

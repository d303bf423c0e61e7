//! Entries + question → draft: chooses the texts and their language, and fills them.

use super::{Draft, EntryUse, LetterKind, Ours, Parts, Section, find_on, prepare};
use crate::message::{Attachment, Message, MessageId};
use crate::organisation::Counterpart;
use crate::replies::{Entry, Replies, Slug, Values};
use crate::wording::{Language, Wording};
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

/// What is answered.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The question.
    pub question: &'a Message,
    /// The other mails of the thread, oldest first.
    pub earlier: &'a [&'a Message],
    /// Who asks.
    pub counterpart: &'a Counterpart,
    /// The language of the letter: French, unless a reviewer chose another that the library has.
    pub language: Language,
    /// Why an English version goes beneath a French letter, where one does.
    pub english: Option<&'a str>,
    /// The day of the letter.
    pub today: Date,
    /// Messages of colleagues, which no letter may cite.
    pub opinions: &'a [MessageId],
}

/// An entry that is not in the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownEntry(pub String);

/// A draft from `entries`, each `slug` or `slug.variant`, in the order of the letter.
///
/// # Errors
/// At the first entry that the library does not have.
pub fn compose(
    replies: &Replies,
    asked: &Asked<'_>,
    entries: &[String],
    ours: &Ours<'_>,
    zone: &TimeZone,
) -> Result<Draft, UnknownEntry> {
    let mut found = Vec::new();
    for name in entries {
        let entry =
            find_on(replies, asked.language, name, asked.today).ok_or_else(|| UnknownEntry(name.clone()))?;
        found.push(entry);
    }
    Ok(from_entries(replies, asked, &found, ours, zone))
}

/// As [`compose`], leaving out entries that the library no longer has.
#[must_use]
pub fn compose_known(
    replies: &Replies,
    asked: &Asked<'_>,
    entries: &[String],
    ours: &Ours<'_>,
    zone: &TimeZone,
) -> Draft {
    let found: Vec<&Entry> =
        entries.iter().filter_map(|name| find_on(replies, asked.language, name, asked.today)).collect();
    from_entries(replies, asked, &found, ours, zone)
}

/// A letter that is no answer, with the library's text for its kind; a correction begins with that text
/// and answers from `entries`.
///
/// # Errors
/// As [`compose`].
pub fn compose_kind(
    replies: &Replies,
    asked: &Asked<'_>,
    kind: LetterKind,
    entries: &[String],
    ours: &Ours<'_>,
    zone: &TimeZone,
) -> Result<Draft, UnknownEntry> {
    let draft = Draft { kind, ..compose(replies, asked, entries, ours, zone)? };
    let texts = replies.letter(draft.language);
    let text = texts.text_of(kind.key());
    let body = match draft.entries.is_empty() {
        true => {
            [texts.salutation.as_str(), text, &texts.closing, &texts.signature].map(str::trim).join("\n\n")
        }
        // Its own beginning takes the place of the thanks.
        false => {
            let several = draft.entries.len() > 1;
            let thanks = if several { &texts.introduction_several } else { &texts.introduction };
            draft.body.replacen(thanks.trim(), text.trim(), 1)
        }
    };
    Ok(draft.with_body(&body))
}

/// The entry called `slug` or `slug.variant`, in `language` where there is one.
#[must_use]
pub fn find<'a>(replies: &'a Replies, language: Language, name: &str) -> Option<&'a Entry> {
    let Some((slug, variant)) = name.split_once('.') else {
        return replies.entry(language, &name.parse().ok()?);
    };
    let slug: Slug = slug.parse().ok()?;
    let named = |entry: &&Entry| entry.id.variant.as_deref() == Some(variant);
    let mut languages = Language::ALL;
    languages.sort_by_key(|of| *of != language);
    languages.into_iter().find_map(|language| replies.variants(language, &slug).find(named))
}

pub(super) fn from_entries(
    replies: &Replies,
    asked: &Asked<'_>,
    entries: &[&Entry],
    ours: &Ours<'_>,
    zone: &TimeZone,
) -> Draft {
    // Two questions with the same answer get it once, and headings are numbered without gaps.
    let mut once: Vec<&Entry> = Vec::new();
    for entry in entries {
        if !once.iter().any(|known| known.id == entry.id) {
            once.push(entry);
        }
    }
    let entries = once;
    // One letter, one language: the first entry's, where the library lacks the asker's.
    let language = entries.first().map_or(asked.language, |entry| entry.id.language);
    let texts = replies.letter(language);
    let values = Values {
        organisation: Some(asked.counterpart.name.clone()).filter(|name| !name.is_empty()),
        date: Some(asked.today),
        salutation: Some(texts.salutation.clone()),
        fields: std::collections::BTreeMap::new(),
    };
    let sections: Vec<Section> = entries
        .iter()
        .enumerate()
        .map(|(number, entry)| section(replies, entry, texts.heading(number + 1, &entry.title), &values))
        .collect();
    let several = sections.len() > 1;
    let parts = Parts {
        language,
        subject: &texts.subject,
        salutation: &texts.salutation,
        introduction: if several { &texts.introduction_several } else { &texts.introduction },
        sections,
        conclusion: &texts.conclusion,
        closing: &texts.closing,
        signature: &texts.signature,
        shared_domain: asked.counterpart.is_address(),
    };
    let mut draft = prepare(asked.question, asked.earlier, &parts, ours, zone);
    draft.references.retain(|id| !asked.opinions.contains(id));
    match asked.english.filter(|_| language == Language::Fr) {
        // Where the library has no English, the letter is French alone.
        Some(reason) => draft.with_english(replies, asked, reason, ours, zone).unwrap_or(draft),
        None => draft,
    }
}

fn section(replies: &Replies, entry: &Entry, heading: String, values: &Values) -> Section {
    let rendered = entry.render(values);
    // As it stands in the text, so that it is seen to be gone once it was replaced.
    let words = Wording::of(entry.id.language);
    let attachments = entry.attachments.iter().filter_map(|name| {
        let bytes = replies.attachment(name)?;
        Some(Attachment {
            name: name.clone(),
            media_type: "application/octet-stream".to_owned(),
            size: bytes.len() as u64,
            sha256: HEXLOWER.encode(&Sha256::digest(bytes)),
        })
    });
    Section {
        entry: EntryUse {
            slug: entry.id.slug.to_string(),
            variant: entry.id.variant.clone(),
            version: entry.version,
            digest: entry.digest().to_owned(),
            approved: entry.is_approved(),
            superseded: entry.superseded,
        },
        heading: Some(heading),
        attachments: attachments.collect(),
        markdown: rendered.markdown,
        open_fields: rendered
            .open
            .into_iter()
            .map(|field| words.with("replies-to-fill-in", &[("label", &field.label)]))
            .collect(),
    }
}

impl EntryUse {
    /// The name under which a reviewer chooses it: `slug` or `slug.variant`.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.variant {
            Some(variant) => format!("{}.{variant}", self.slug),
            None => self.slug.clone(),
        }
    }

    /// Whether the library still holds the very text that was used.
    #[must_use]
    pub fn is_current(&self, replies: &Replies) -> bool {
        replies.entries().any(|entry| {
            entry.id.slug.as_str() == self.slug
                && entry.id.variant == self.variant
                && entry.digest() == self.digest
                && entry.superseded == self.superseded
                && entry.is_approved() == self.approved
        })
    }
}

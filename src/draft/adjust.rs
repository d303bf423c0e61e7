//! What a reviewer decides on a letter beside its text: who gets no copy, which files go with it, what
//! stands in its open fields. It outlives the preparing of the draft again.

use super::{Draft, Field, Recipient, clean};
use crate::message::Attachment;
use crate::replies::plain;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was decided beside the text of one draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustments {
    /// Who would have got a copy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Recipient>,
    /// Files beside those of the entries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attached: Vec<Enclosed>,
    /// Why an English version stands beneath the letter, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub english: Option<String>,
    /// What was filled in, by the open field as it stands in the text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub filled: BTreeMap<String, String>,
}

/// A file that a reviewer lets go with the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosed {
    /// What the letter says of it.
    pub file: Attachment,
    /// Where its bytes are kept.
    pub blob: String,
}

/// One decision beside the text, as the history tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "adjustment", rename_all = "kebab-case")]
pub enum Adjustment {
    /// Somebody gets no copy.
    RecipientRemoved {
        /// Whose address.
        email: String,
    },
    /// Somebody gets a copy again.
    RecipientRestored {
        /// Whose address.
        email: String,
    },
    /// A file goes with the letter.
    Attached {
        /// Its name.
        name: String,
        /// Where its bytes are kept.
        blob: String,
    },
    /// A file that was added goes no longer.
    Detached {
        /// Its name.
        name: String,
    },
    /// An English version stands beneath the letter.
    EnglishJoined {
        /// Why, as the config words it.
        reason: String,
    },
    /// The letter is in French alone again.
    EnglishLeft,
    /// Open fields were filled in.
    FieldsFilled,
}

impl Adjustment {
    /// Its name in JSON and in wording keys.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::RecipientRemoved { .. } => "recipient-removed",
            Self::RecipientRestored { .. } => "recipient-restored",
            Self::Attached { .. } => "attached",
            Self::Detached { .. } => "detached",
            Self::EnglishJoined { .. } => "english-joined",
            Self::EnglishLeft => "english-left",
            Self::FieldsFilled => "fields-filled",
        }
    }

    /// Whom or what it is about: an address, the name of a file, a reason.
    #[must_use]
    pub fn of(&self) -> Option<&str> {
        match self {
            Self::RecipientRemoved { email: of }
            | Self::RecipientRestored { email: of }
            | Self::Attached { name: of, .. }
            | Self::Detached { name: of }
            | Self::EnglishJoined { reason: of } => Some(of),
            Self::EnglishLeft | Self::FieldsFilled => None,
        }
    }
}

impl Adjustments {
    /// Whether nothing was decided.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Draft {
    /// The same draft without one of its recipients in Cc; `None` if nobody in Cc has this address. Whoever
    /// stands in To stays.
    #[must_use]
    pub fn without_recipient(&self, email: &str) -> Option<Self> {
        let gone =
            |recipient: &Recipient| recipient.field == Field::Cc && recipient.address.same_mailbox(email);
        let (removed, kept): (Vec<_>, Vec<_>) = self.recipients.iter().cloned().partition(gone);
        if removed.is_empty() {
            return None;
        }
        let mut changed = Self { recipients: kept, ..self.clone() };
        changed.adjustments.removed.extend(removed);
        Some(changed)
    }

    /// The same draft with somebody again who was taken out; `None` if nobody was who has this address.
    #[must_use]
    pub fn with_recipient(&self, email: &str) -> Option<Self> {
        let mut changed = self.clone();
        let place = changed.adjustments.removed.iter().position(|gone| gone.address.same_mailbox(email))?;
        let back = changed.adjustments.removed.remove(place);
        changed.recipients.push(back);
        Some(changed)
    }

    /// The same draft with one more file; `None` if that very file goes with it already.
    #[must_use]
    pub fn with_attachment(&self, enclosed: &Enclosed) -> Option<Self> {
        let name = clean::line(&enclosed.file.name, clean::LONGEST_SUBJECT);
        let file = Attachment { name, ..enclosed.file.clone() };
        let same = |known: &Attachment| known.sha256 == file.sha256 && known.name == file.name;
        if self.attachments.iter().any(same) {
            return None;
        }
        let mut changed = self.clone();
        changed.attachments.push(file.clone());
        changed.adjustments.attached.push(Enclosed { file, blob: enclosed.blob.clone() });
        Some(changed)
    }

    /// The same draft without a file that a reviewer added; `None` if nobody added one of that name. The
    /// files of an entry belong to its text.
    #[must_use]
    pub fn without_attachment(&self, name: &str) -> Option<Self> {
        let mut changed = self.clone();
        let place = changed.adjustments.attached.iter().position(|enclosed| enclosed.file.name == name)?;
        let gone = changed.adjustments.attached.remove(place).file;
        changed.attachments.retain(|file| *file != gone);
        Some(changed)
    }

    /// The same draft with open fields filled in, each by the mark that stands in the text or by its label
    /// alone; `None` if none of them is open, or all stay empty.
    #[must_use]
    pub fn with_fields(&self, values: &BTreeMap<String, String>) -> Option<Self> {
        let mut changed = self.clone();
        let mut body = self.body.clone();
        for field in &self.open_fields {
            let Some(value) = values.get(field).or_else(|| values.get(label(field))) else { continue };
            // A value is words: it must not become a heading, a link or HTML.
            let words = plain(value);
            if words.is_empty() {
                continue;
            }
            body = body.replace(field.as_str(), &words);
            changed.adjustments.filled.insert(field.clone(), value.clone());
        }
        (body != self.body).then(|| changed.with_body(&body))
    }

    /// This draft, prepared again, with what was decided beside the text of `before`; an English version
    /// takes the library, and is joined by [`Draft::with_english`] before.
    #[must_use]
    pub fn adjusted_as(self, before: &Self) -> Self {
        let Adjustments { removed, attached, filled, english: _ } = &before.adjustments;
        let mut draft = self;
        for recipient in removed {
            draft = draft.without_recipient(&recipient.address.email).unwrap_or(draft);
        }
        for file in attached {
            draft = draft.with_attachment(file).unwrap_or(draft);
        }
        draft.with_fields(filled).unwrap_or(draft)
    }
}

/// What an open field asks for: `jour` of `[à compléter : jour]`.
#[must_use]
pub fn label(field: &str) -> &str {
    let inside = field.trim_start_matches('[').trim_end_matches(']');
    inside.split_once(':').map_or(inside, |(_, label)| label).trim()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{address, ours, question};
    use super::super::{Parts, Section, prepare};
    use super::*;
    use crate::draft::EntryUse;
    use crate::wording::Language;
    use jiff::tz::TimeZone;

    fn draft() -> Draft {
        let mut question = question();
        question.cc = vec![address("ti@cegep.example"), address("federation@federation.example")];
        let entry = EntryUse {
            slug: "contact".to_owned(),
            variant: None,
            version: 1,
            digest: String::new(),
            approved: true,
            superseded: None,
        };
        let section = Section {
            entry,
            heading: None,
            markdown: "Le [à compléter : jour], à [à compléter : lieu].".to_owned(),
            open_fields: vec!["[à compléter : jour]".to_owned(), "[à compléter : lieu]".to_owned()],
            attachments: Vec::new(),
        };
        let parts = Parts {
            language: Language::Fr,
            subject: "Votre question",
            salutation: "Bonjour,",
            introduction: "",
            sections: vec![section],
            conclusion: "",
            closing: "Cordialement,",
            signature: "Le bureau",
            shared_domain: false,
        };
        prepare(&question, &[], &parts, &ours(), &TimeZone::UTC)
    }

    fn file(name: &str) -> Enclosed {
        let file = Attachment {
            name: name.to_owned(),
            media_type: "application/pdf".to_owned(),
            size: 3,
            sha256: format!("hash of {name}"),
        };
        Enclosed { file, blob: format!("blob of {name}") }
    }

    fn filled(mark: &str, value: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(mark.to_owned(), value.to_owned())])
    }

    #[test]
    fn what_was_decided_outlives_the_preparing_again() {
        let before = draft()
            .without_recipient("TI@cegep.example")
            .and_then(|draft| draft.with_attachment(&file("guide.pdf")))
            .and_then(|draft| draft.with_fields(&filled("[à compléter : jour]", "25 mars")))
            .unwrap();
        assert_eq!(before.recipients.len(), 2);
        assert!(before.body.contains("Le 25 mars, à [à compléter"));
        assert_eq!(before.open_fields, ["[à compléter : lieu]"]);
        assert_eq!(draft().adjusted_as(&before), before);
        assert_ne!(before.digest(), draft().digest(), "the approval binds what was decided");
    }

    #[test]
    fn each_of_it_can_be_undone() {
        let out = draft().without_recipient("ti@cegep.example").unwrap();
        let back = out.with_recipient("ti@cegep.example").unwrap();
        assert_eq!(back.recipients.len(), draft().recipients.len());
        assert!(back.adjustments.is_empty());
        let with = draft().with_attachment(&file("guide.pdf")).unwrap();
        assert_eq!(with.with_attachment(&file("guide.pdf")), None);
        assert_eq!(with.without_attachment("guide.pdf"), Some(draft()));
    }

    #[test]
    fn the_asker_the_files_of_an_entry_and_empty_values_stay() {
        let mut draft = draft();
        draft.attachments.push(file("annexe.pdf").file);
        assert_eq!(draft.without_recipient("marie.roy@cegep.example"), None);
        assert_eq!(draft.without_attachment("annexe.pdf"), None);
        assert_eq!(draft.with_fields(&filled("[à compléter : jour]", " \n")), None);
        assert_eq!(draft.with_fields(&filled("Bonjour,", "Salut")), None);
    }

    #[test]
    fn a_value_is_words_and_nothing_else() {
        let draft =
            draft().with_fields(&filled("[à compléter : jour]", "<b>1</b>\n# [x](http://y)")).unwrap();
        assert!(!draft.body_html().contains("<b>") && !draft.body_html().contains("<a"));
        assert!(!draft.body_html().contains("<h1"));
    }
}

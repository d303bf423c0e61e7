//! The head of a letter in a few lines, for whoever is to approve it from a message.

use super::{Draft, Field, LONGEST_SHOWN};
use crate::wording::Wording;

impl Draft {
    /// To whom, about what, with which files: what the eye looks for before it reads.
    #[must_use]
    pub fn head(&self, wording: &Wording) -> Vec<String> {
        let people = |field: Field| {
            let of_field = self.recipients.iter().filter(|recipient| recipient.field == field);
            of_field.map(|recipient| recipient.address.to_string()).collect::<Vec<_>>().join(", ")
        };
        let files: Vec<&str> = self.attachments.iter().map(|file| file.name.as_str()).collect();
        let lines = [
            ("chat-letter-to", "people", people(Field::To)),
            ("chat-letter-cc", "people", people(Field::Cc)),
            ("chat-letter-subject", "subject", self.subject.clone()),
            ("chat-letter-files", "files", files.join(", ")),
        ];
        let sample = self.sample.then(|| Wording::of(self.language).text("letter-sample"));
        let filled = lines.into_iter().filter(|(.., value)| !value.is_empty());
        let told = filled.map(|(text, name, value)| wording.with(text, &[(name, &value)]));
        told.chain(sample).collect()
    }

    /// The text, as far as a message shows it: whole, unless [`Draft::code`] says that it is too long.
    #[must_use]
    pub fn in_message(&self) -> String {
        self.body_text().trim_end().chars().take(LONGEST_SHOWN).collect()
    }
}

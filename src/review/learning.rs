//! What the desk teaches: a reviewer's choice is a labelled example from the next mail on.

use super::anonymous::Anonymous;
use super::{Desk, Refusal};
use crate::account::Permission;
use crate::classify::Label;
use crate::journal::{Fault, Learned, Writer};
use crate::thread::{Actor, BlobKey, Event, NoteReason, Thread, WrongTurn};
use crate::wording::Language;
use serde::{Deserialize, Serialize};

/// Characters of a question that are learned: nobody asks after so many.
const LONGEST: usize = 2_000;

/// What the classifier learns: label, language, wording.
pub type Taught = (Label, Language, String);

/// What was taught, with the wording that may stand in a file of the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoptable {
    /// What was taught.
    #[serde(flatten)]
    pub learned: Learned,
    /// Its text without people, organisations, numbers and addresses.
    pub wording: String,
}

impl Desk {
    /// Chooses entries; or says with one of the two special labels that none answers, or that nothing
    /// is asked.
    pub(super) fn reclassify(
        &self,
        writer: &mut Writer<'_>,
        thread: &Thread,
        entries: Vec<String>,
        language: Option<Language>,
        reviewer: &Actor,
    ) -> Result<Thread, Refusal> {
        if language == Some(Language::En) && !thread.counterpart.is_address() {
            return Err(Refusal::FrenchFirst);
        }
        let now = writer.now();
        let special = match entries.as_slice() {
            [only] => Some(Label::from(only.clone())).filter(|label| label.entry().is_none()),
            _ => None,
        };
        let entries = if special.is_some() { Vec::new() } else { entries };
        self.may_choose(&entries)?;
        let draft = self.draft_from(thread, &entries, language)?;
        let label = special.clone().or_else(|| match draft.entries.as_slice() {
            [entry] => Some(Label::Entry(entry.slug.clone())),
            _ => None,
        });
        let open: Vec<(u64, BlobKey)> =
            thread.open_questions().map(|question| (question.seq, question.blob.clone())).collect();
        let event = Event::Reclassified { entries, draft };
        if !thread.state.may(&event) {
            return Err(Fault::from(WrongTurn { state: thread.state, event: event.name() }).into());
        }
        self.learn(writer, thread, label.as_ref(), reviewer)?;
        if special != Some(Label::NoQuestion) {
            return Ok(writer.append(thread.id, reviewer.clone(), now, event)?);
        }
        let mut noted = thread.clone();
        for (_, blob) in open {
            let event = Event::Noted { blob, reason: NoteReason::NoQuestion };
            noted = writer.append(thread.id, reviewer.clone(), now, event)?;
        }
        Ok(noted)
    }

    /// Learns what the one open question asks, if the reviewer's choice gives it one label. An earlier
    /// choice for the same question was another opinion, and is withdrawn.
    pub(super) fn learn(
        &self,
        writer: &mut Writer<'_>,
        thread: &Thread,
        label: Option<&Label>,
        reviewer: &Actor,
    ) -> Result<(), Fault> {
        let open: Vec<u64> = thread.open_questions().map(|question| question.seq).collect();
        for earlier in self.journal.learned()?.iter().filter(|learned| open.contains(&learned.question)) {
            let event = Event::ExampleWithdrawn { example: earlier.id };
            // Where it was added: the index is made again thread by thread.
            writer.append(earlier.thread, reviewer.clone(), writer.now(), event)?;
        }
        let (Some(label), [question], true) = (label, open.as_slice(), self.config.learn) else {
            return Ok(());
        };
        let Some(message) = writer.received_message(*question)? else { return Ok(()) };
        let text: String =
            format!("{}. {}", message.subject, message.newest.text).chars().take(LONGEST).collect();
        let label = label.clone();
        let event = Event::ExampleAdded { label, language: message.language, text, question: *question };
        writer.append(thread.id, reviewer.clone(), writer.now(), event)?;
        Ok(())
    }

    /// What was taught and not withdrawn, oldest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn learned(&self) -> Result<Vec<Learned>, Fault> {
        self.journal.learned()
    }

    /// What the classifier learns beside the library's own wordings, and the numbers of it; nothing where
    /// the config says so.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn taught(&self) -> Result<(Vec<u64>, Vec<Taught>), Fault> {
        let learned = if self.config.learn { self.journal.learned()? } else { Vec::new() };
        Ok((learned.iter().map(|of| of.id).collect(), learned.into_iter().map(Learned::taught).collect()))
    }

    /// As [`Desk::learned`], each with the wording that may stand in a file.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn adoptable(&self) -> Result<Vec<Adoptable>, Fault> {
        let anonymous = Anonymous::new(&self.library.current());
        let with_wording = |learned: Learned| -> Result<Adoptable, Fault> {
            let names = self.names(&learned)?;
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let wording = anonymous.wording(&learned.text, &names);
            Ok(Adoptable { learned, wording })
        };
        self.journal.learned()?.into_iter().map(with_wording).collect()
    }

    /// Who is named in the head of the thread's mail.
    fn names(&self, learned: &Learned) -> Result<Vec<String>, Fault> {
        let Some(thread) = self.journal.thread(learned.thread)? else { return Ok(Vec::new()) };
        let mut names = vec![thread.counterpart.name.clone()];
        for (_, message) in self.journal.received(&thread)? {
            let people = message.from.iter().chain(&message.to).chain(&message.cc);
            for person in people {
                names.extend(person.name.clone());
                names.push(person.email.clone());
            }
        }
        Ok(names)
    }

    /// Withdraws an example; the classifier forgets it with the next mail.
    ///
    /// # Errors
    /// A refusal without a name or such an example; or if the store cannot be written.
    pub fn withdraw_example(&self, id: u64, actor: &Actor) -> Result<(), Refusal> {
        self.end_example(id, actor, Event::ExampleWithdrawn { example: id })
    }

    /// Records that an example went into the files of the library, where it is learned from now on.
    ///
    /// # Errors
    /// As [`Desk::withdraw_example`].
    pub fn adopt_example(&self, id: u64, actor: &Actor) -> Result<(), Refusal> {
        self.end_example(id, actor, Event::ExampleAdopted { example: id })
    }

    fn end_example(&self, id: u64, actor: &Actor, event: Event) -> Result<(), Refusal> {
        self.may(actor, Permission::TendTexts)?;
        self.journal.write_synced(|writer| -> Result<(), Refusal> {
            let learned = self.journal.learned_by_id(id)?.ok_or(Refusal::NoExample { id })?;
            writer.append(learned.thread, actor.clone(), writer.now(), event)?;
            Ok(())
        })
    }
}

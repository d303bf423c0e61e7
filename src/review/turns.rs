//! What happens to a question besides its answer: waiting, opinions, other channels, other letters.

use super::{Desk, Refusal, sound};
use crate::account::Permission;
use crate::draft::{self, Asked, Draft, Field, LetterKind, Reason, Recipient};
use crate::journal::{Fault, Writer};
use crate::message::{Address, Attachment, Message};
use crate::organisation::Counterpart;
use crate::thread::{
    Actor, Arrival, Direction, Event, Medium, Place, Question, ResumeReason, SentLetter, State, Thread,
    ThreadId, WrongTurn,
};
use crate::wording::Language;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A question that did not come by mail, as a reviewer took it down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// How it reached us.
    pub medium: Medium,
    /// When; now, if `None`.
    pub at: Option<Timestamp>,
    /// Who asked: a name.
    pub name: String,
    /// The asker's address, if an answer by mail is wanted.
    pub email: Option<String>,
    /// The matter in a few words.
    pub subject: String,
    /// The question.
    pub text: String,
}

/// A letter that the desk writes without being asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstLetter {
    /// To whom.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text, in Markdown.
    pub body: String,
}

impl Desk {
    /// Prepares a letter that is no answer, or the answer again.
    pub(super) fn prepare_letter(
        &self,
        writer: &mut Writer<'_>,
        thread: &Thread,
        kind: LetterKind,
        office: Option<&str>,
        reviewer: &Actor,
    ) -> Result<Thread, Refusal> {
        let draft = match kind {
            // Who answers all the same lets the clock go on first.
            LetterKind::Answer if thread.state == State::AwaitingAsker => {
                return Err(Fault::from(WrongTurn { state: thread.state, event: "DraftPrepared" }).into());
            }
            LetterKind::Answer => {
                let entries = self.journal.suspensions()?.allowed(&thread.suggestions);
                self.draft_from(thread, &entries, None)?
            }
            LetterKind::Holding | LetterKind::Acknowledgement => self.letter_of(thread, kind, &[])?,
            LetterKind::Correction => self.correction(thread)?,
            LetterKind::Transfer => {
                let office = office.map(str::to_owned).or_else(|| self.office_of(thread));
                self.transfer(thread, &office.unwrap_or_default())?
            }
        };
        let event = Event::DraftPrepared { draft, edited: false };
        Ok(writer.append(thread.id, reviewer.clone(), writer.now(), event)?)
    }

    /// A letter of this kind to whoever wrote last, what an answer to them would quote and cite.
    fn letter_of(&self, thread: &Thread, kind: LetterKind, entries: &[String]) -> Result<Draft, Refusal> {
        let (replies, ours) = (self.library.current(), self.config.mailbox.ours());
        self.answering(thread, |asked| {
            draft::compose_kind(&replies, &asked, kind, entries, &ours, self.zone())
                .map_err(|unknown| Refusal::no_entry(&replies, unknown.0))
        })
    }

    /// The same recipients as the letter that is put right, and its entries as they stand now.
    fn correction(&self, thread: &Thread) -> Result<Draft, Refusal> {
        let answer = |letter: &&SentLetter| {
            matches!(letter.kind, LetterKind::Answer | LetterKind::Correction) && !letter.rectified
        };
        let earlier = thread.sent.iter().rev().find(answer).ok_or(Refusal::NothingToCorrect)?;
        let mut events = self.journal.events(thread)?;
        let approved = events.iter().rposition(|recorded| {
            matches!(&recorded.event, Event::Approved(approval) if approval.seal.digest() == earlier.digest)
        });
        events.truncate(approved.ok_or(Refusal::NothingToCorrect)?);
        let mut drafts = events.into_iter().rev().filter_map(|recorded| recorded.event.into_draft());
        let sent = drafts.next().ok_or(Refusal::NothingToCorrect)?;
        let replies = self.library.current();
        let suspensions = self.journal.suspensions()?;
        // An entry that is gone or suspended is no reason not to put right what was said.
        let known = |name: &String| {
            suspensions.of(name).is_none() && draft::find(&replies, sent.language, name).is_some()
        };
        let entries: Vec<String> = sent.entries.iter().map(|used| used.name()).filter(known).collect();
        let corrected = self.letter_of(thread, LetterKind::Correction, &entries)?;
        let recipients = sent
            .recipients
            .into_iter()
            .map(|recipient| Recipient { reason: Reason::GotEarlierLetter, unusual: None, ..recipient })
            .collect();
        Ok(Draft { recipients, ..corrected })
    }

    /// The office to which the config hands what its mail is flagged for.
    pub(super) fn office_of(&self, thread: &Thread) -> Option<String> {
        let offices = &self.config.desk.office_of;
        thread.flags().find_map(|(_, flag)| offices.get(&flag.name).cloned())
    }

    /// The last message of the asker, attached, to an office that the config names.
    fn transfer(&self, thread: &Thread, office: &str) -> Result<Draft, Refusal> {
        let offices = &self.config.desk.offices;
        let email = offices.get(office).ok_or_else(|| Refusal::NoOffice {
            office: office.to_owned(),
            known: offices.keys().cloned().collect(),
        })?;
        let line = thread.last_human().ok_or(Refusal::NoDraft)?;
        let draft = self.letter_of(thread, LetterKind::Transfer, &[])?;
        let raw = self.journal.blobs().get(&line.blob)?;
        let recipient = Recipient {
            address: Address { name: None, email: email.clone() },
            field: Field::To,
            reason: Reason::Office,
            unusual: None,
        };
        Ok(Draft {
            recipients: vec![recipient],
            left_out: Vec::new(),
            // The office was no part of the exchange: it gets the message itself, and no thread of ids.
            quote: None,
            in_reply_to: None,
            references: Vec::new(),
            attachments: vec![Attachment {
                name: "message.eml".to_owned(),
                media_type: "application/octet-stream".to_owned(),
                size: raw.len() as u64,
                sha256: line.blob.clone(),
            }],
            ..draft
        })
    }

    /// Says what became of the last message of ours in Sent that is no letter.
    pub(super) fn judged(&self, thread: &Thread, answers: bool) -> Result<Event, Refusal> {
        let letter = |blob: &str| thread.sent.iter().any(|letter| letter.blob == blob);
        let outside =
            |line: &&crate::thread::Line| line.direction == Direction::Outgoing && !letter(&line.blob);
        let line = thread.messages.iter().rev().find(outside).ok_or(Refusal::NothingOutside)?;
        Ok(Event::OutsideJudged { blob: line.blob.clone(), answers })
    }

    /// The event that puts the receipt of a question right.
    pub(super) fn corrected(
        &self,
        thread: &Thread,
        number: u32,
        received: Timestamp,
        reason: String,
    ) -> Result<Event, Refusal> {
        let question = thread
            .questions
            .iter()
            .find(|question| question.number == number)
            .ok_or(Refusal::NoQuestion { number })?;
        let before = question.received_here.unwrap_or(question.received);
        // It lay elsewhere before it came here, never after.
        if received > before {
            return Err(Refusal::NotEarlier { received: before });
        }
        self.listed(received)?;
        Ok(Event::ReceivedCorrected { question: question.seq, received, reason: sound(reason)? })
    }

    /// A clock that starts outside the calendar's years would never show anything.
    fn listed(&self, received: Timestamp) -> Result<(), Refusal> {
        let day = self.calendar.date_of(received);
        let known = || self.calendar.years().map(|(year, _)| year).collect();
        match self.calendar.covers(day) {
            true => Ok(()),
            false => Err(Refusal::BeyondCalendar { year: day.year(), known: known() }),
        }
    }

    /// Records a question that did not come by mail, as a thread of its own.
    ///
    /// # Errors
    /// A refusal without a name or text, or if the store cannot be written.
    pub fn record_call(&self, call: Call, reviewer: &Actor) -> Result<Thread, Refusal> {
        self.may(reviewer, Permission::Decide)?;
        let (subject, text) = (sound(call.subject)?, sound(call.text)?);
        let name = sound(call.name)?;
        let from = Address { name: draft::clean_name(&name), email: call.email.unwrap_or_default() };
        if !from.email.is_empty() && !draft::usable_address(&from.email) {
            return Err(Refusal::NotSealable {
                why: crate::letter::NotSealable::UnusableAddress(from.email),
            });
        }
        let now = self.journal.clock().now();
        let at = call.at.unwrap_or(now).min(now);
        if call.at.is_some() {
            self.listed(at)?;
        }
        let raw = written_down(&from, &draft::clean_line(&subject, draft::LONGEST_SUBJECT), &text);
        let message = crate::message::read(raw.as_bytes(), &self.config.mailbox.banners);
        let blob = self.journal.blobs().put(raw.as_bytes())?;
        let counterpart = match from.email.is_empty() {
            // Each such call stands alone: nothing says who belongs together.
            true => Counterpart { key: format!("nobody:{blob}"), name, kind: None },
            false => self.organisations.of(&from.email),
        };
        self.journal.write_synced(|writer| -> Result<Thread, Refusal> {
            let arrival = Arrival {
                blob,
                size: raw.len() as u64,
                place: Place {
                    mailbox: self.config.mailbox.address.clone(),
                    folder: call.medium.key().to_owned(),
                    mark: String::new(),
                },
                counterpart,
                message,
                history: false,
                medium: call.medium,
            };
            Ok(writer.append(writer.next_thread(), reviewer.clone(), at, Event::Received(arrival))?)
        })
    }

    /// Opens a thread with a letter that nobody asked for.
    ///
    /// # Errors
    /// A refusal without a name, a text or a usable address, or if the store cannot be written.
    pub fn write_first(&self, letter: FirstLetter, reviewer: &Actor) -> Result<Thread, Refusal> {
        self.may(reviewer, Permission::Decide)?;
        let body = sound(letter.body)?;
        let subject = draft::clean_line(&sound(letter.subject)?, draft::LONGEST_SUBJECT);
        if !draft::usable_address(&letter.to) {
            let why = crate::letter::NotSealable::UnusableAddress(letter.to);
            return Err(Refusal::NotSealable { why });
        }
        let counterpart = self.organisations.of(&letter.to);
        let recipient = Recipient {
            address: Address { name: None, email: letter.to },
            field: Field::To,
            reason: Reason::ChosenByReviewer,
            unusual: None,
        };
        let draft = Draft::first(recipient, &subject, &body);
        self.journal.write_synced(|writer| -> Result<Thread, Refusal> {
            let id: ThreadId = writer.next_thread();
            let now = writer.now();
            writer.append(id, reviewer.clone(), now, Event::Opened { counterpart, subject })?;
            // What a reviewer wrote is chosen text.
            let event = Event::DraftPrepared { draft, edited: true };
            Ok(writer.append(id, reviewer.clone(), now, event)?)
        })
    }

    /// Hands over what a letter to whoever wrote last answers: in French alone, as of today.
    pub(super) fn answering<T>(
        &self,
        thread: &Thread,
        work: impl FnOnce(Asked<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let received = self.journal.received(thread)?;
        let Some(((_, question), earlier)) = received.split_last() else { return Err(Refusal::NoDraft) };
        let earlier: Vec<&Message> = earlier.iter().map(|(_, message)| message).collect();
        work(Asked {
            question,
            earlier: &earlier,
            counterpart: &thread.counterpart,
            language: Language::Fr,
            english: None,
            today: self.today(),
            opinions: &self.journal.opinions(thread)?,
        })
    }
}

/// The event that ends a wait.
pub(super) fn resumed(thread: &Thread) -> Result<Event, Refusal> {
    let event = Event::Resumed { reason: ResumeReason::Reviewer };
    match thread.waiting_for() {
        Some(_) => Ok(event),
        None => Err(Fault::from(WrongTurn { state: thread.state, event: event.name() }).into()),
    }
}

/// The event of an answer given by telephone or in a meeting at this moment. It answers what had been asked
/// by then.
pub(super) fn answered_otherwise(
    thread: &Thread,
    medium: Medium,
    at: Timestamp,
    summary: String,
) -> Result<Event, Refusal> {
    let by_then = |question: &&Question| question.received <= at;
    let questions: Vec<u64> = thread.open_questions().filter(by_then).map(|question| question.seq).collect();
    match thread.open_questions().map(|question| question.received).min() {
        Some(received) if questions.is_empty() => Err(Refusal::NotAskedYet { received }),
        _ => Ok(Event::AnsweredOtherwise { medium, summary, questions }),
    }
}

/// A call as a message without an id of its own: nobody's mail program knows it, so no letter cites it.
fn written_down(from: &Address, subject: &str, text: &str) -> String {
    let from = if from.email.is_empty() { String::new() } else { format!("From: {from}\r\n") };
    let encoded = data_encoding::BASE64.encode(text.as_bytes());
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(76).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!(
        "{from}Subject: =?utf-8?B?{}?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        data_encoding::BASE64.encode(subject.as_bytes()),
        lines.join("\r\n")
    )
}

//! The desk: what waits, one thread, and [`Desk::decide`].
//!
//! Every door (command line, chat, console) decides through here and nowhere else. A
//! decision carries the version that the reviewer saw; a stale one gets a [`Refusal`]
//! that says who decided what, and when.

mod adjusting;
mod anonymous;
mod authority;
mod care;
mod checks;
mod decision;
mod entries;
mod group;
mod learning;
mod proposals;
mod queue;
mod refusal;
mod turns;
mod versions;
mod view;
mod why;

pub use crate::journal::{Export, Learned, Lost, Verified};
pub use adjusting::Adjusting;
pub use care::Standing;
pub use checks::Check;
pub use decision::Decision;
pub use entries::{EntryLine, EntryState, Outdated};
pub use group::{Group, GroupText, Member};
pub use learning::{Adoptable, Taught};
pub use proposals::ProposalView;
pub use queue::{Counted, QueueLine};
pub use refusal::Refusal;
pub use turns::{Call, FirstLetter};
pub use versions::{Precedent, Version};
pub use view::{HistoryLine, MessageView, Shown, Summary};
pub use why::Why;

use crate::calendar::Calendar;
use crate::config::Config;
use crate::draft::{self, Asked, Draft, LetterKind};
use crate::journal::{Attempt, Fault, Journal, What, Writer};
use crate::letter;
use crate::library::Library;
use crate::message::Address;
use crate::organisation::Organisations;
use crate::thread::{
    Actor, Approval, ChangedText, CloseReason, Event, Lacking, Settlement, State, Thread, ThreadId,
};
use crate::wording::Language;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// Characters of a body, a note or a reason; more is no letter.
const LONGEST: usize = 50_000;

/// The desk of the ministry.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The journal.
    pub journal: Arc<Journal>,
    /// The approved texts.
    pub library: Arc<Library>,
    /// What the operator decided.
    pub config: Arc<Config>,
    /// Business days, and the zone of dates in letters.
    pub calendar: Arc<Calendar>,
    /// Who writes from where.
    pub organisations: Arc<Organisations>,
}

impl Desk {
    /// Decides on a thread. `seen` is the version that the reviewer had before his eyes.
    ///
    /// # Errors
    /// [`Refusal`] if the decision cannot be carried out now; nothing has changed then.
    pub fn decide(
        &self,
        id: ThreadId,
        seen: Option<u64>,
        decision: Decision,
        reviewer: &Actor,
    ) -> Result<Thread, Refusal> {
        self.may(reviewer, decision.permission())?;
        match decision {
            Decision::Approve { confirmed, despite_superseded } => {
                self.approve(id, seen, confirmed, despite_superseded, reviewer)
            }
            Decision::Settle { outcome } => self.settle(id, seen, outcome, reviewer),
            other => self.journal.write_synced(|writer| {
                let thread = self.look(writer, id, seen, reviewer, &other)?;
                self.carry_out(writer, &thread, seen, other, reviewer)
            }),
        }
    }

    /// The zone of dates in letters.
    pub fn zone(&self) -> &TimeZone {
        self.calendar.zone()
    }

    /// The day of the ministry.
    #[must_use]
    pub fn today(&self) -> Date {
        self.calendar.date_of(self.journal.clock().now())
    }

    /// The thread, if the reviewer may decide on it as it stands.
    fn look(
        &self,
        writer: &Writer<'_>,
        id: ThreadId,
        seen: Option<u64>,
        reviewer: &Actor,
        decision: &Decision,
    ) -> Result<Thread, Refusal> {
        let thread = writer.thread(id)?.ok_or(Refusal::NoThread { id })?;
        if thread.purged {
            return Err(Refusal::Purged);
        }
        if let Some(seen) = seen
            && seen != thread.version
        {
            return Err(self.stale(&thread, seen)?);
        }
        if let Some(claim) = &thread.claim
            && claim.by != reviewer.name
            && decision.needs_hand()
        {
            return Err(Refusal::Claimed { by: claim.by.clone(), at: claim.at });
        }
        Ok(thread)
    }

    /// Who decided what since the reviewer looked.
    fn stale(&self, thread: &Thread, seen: u64) -> Result<Refusal, Fault> {
        let last =
            self.journal.events(thread)?.into_iter().rev().find(|recorded| recorded.event.raises_version());
        let (by, at, event) = match last {
            Some(recorded) => (recorded.actor.name, recorded.recorded, recorded.event.name()),
            None => (String::new(), thread.received, ""),
        };
        Ok(Refusal::Stale { seen, now: thread.version, by, at, event })
    }

    fn carry_out(
        &self,
        writer: &mut Writer<'_>,
        thread: &Thread,
        seen: Option<u64>,
        decision: Decision,
        reviewer: &Actor,
    ) -> Result<Thread, Refusal> {
        let id = thread.id;
        let now = writer.now();
        let event = match decision {
            Decision::Claim => {
                if thread.claim.as_ref().is_some_and(|claim| claim.by == reviewer.name) {
                    return Ok(thread.clone());
                }
                Event::Claimed
            }
            Decision::Release => {
                if thread.claim.is_none() {
                    return Ok(thread.clone());
                }
                Event::Released
            }
            Decision::Note { text } => Event::NoteAdded { text: sound(text)? },
            Decision::Close { reason } => Event::ClosedWithoutReply(CloseReason { text: sound(reason)? }),
            Decision::Withdraw => Event::Withdrawn,
            Decision::Reopen => Event::Reopened,
            Decision::Edit { body } => {
                let draft = self.journal.draft_of(thread)?.ok_or(Refusal::NoDraft)?;
                Event::DraftEdited { draft: draft.with_body(&sound(body)?) }
            }
            Decision::Adjust { adjust } => self.adjusted(thread, adjust)?,
            Decision::Reclassify { entries, language } => {
                return self.reclassify(writer, thread, entries, language, reviewer);
            }
            Decision::RefuseLink { other } => {
                if !thread.links.contains(&other) {
                    return Err(Refusal::NoLink { other });
                }
                Event::LinkRefused { other }
            }
            Decision::ConfirmLink { other } => return confirm_link(writer, thread, other, reviewer),
            Decision::Prepare { kind, office } => {
                return self.prepare_letter(writer, thread, kind, office.as_deref(), reviewer);
            }
            Decision::Discard if thread.draft_kind == LetterKind::Answer => {
                return Err(Refusal::NothingToDiscard);
            }
            Decision::Discard => Event::DraftDiscarded,
            Decision::Sign => self.signature(thread, seen, now, reviewer)?,
            Decision::Wait { reason } => Event::AwaitingAsker { reason: sound(reason)? },
            Decision::Resume => turns::resumed(thread)?,
            Decision::AskOpinion { to } => {
                let to = vec![Address { name: None, email: sound(to)? }];
                Event::OpinionAsked { to, message: None }
            }
            Decision::AnswerOtherwise { medium, at, summary } => {
                let at = at.map_or(now, |at| at.min(now));
                let event = turns::answered_otherwise(thread, medium, at, sound(summary)?)?;
                return Ok(writer.append(id, reviewer.clone(), at, event)?);
            }
            Decision::JudgeOutside { answers } => self.judged(thread, answers)?,
            Decision::CorrectReceipt { question, received, reason } => {
                self.corrected(thread, question, received, reason)?
            }
            Decision::Approve { .. } | Decision::Settle { .. } => return Err(Refusal::NoDraft),
        };
        Ok(writer.append(id, reviewer.clone(), now, event)?)
    }

    fn approve(
        &self,
        id: ThreadId,
        seen: Option<u64>,
        confirmed: Vec<String>,
        despite_superseded: Vec<String>,
        reviewer: &Actor,
    ) -> Result<Thread, Refusal> {
        let seen = seen.ok_or(Refusal::SeenMissing)?;
        let decision = Decision::Approve {
            confirmed: confirmed.clone(),
            despite_superseded: despite_superseded.clone(),
        };
        self.journal.write_synced(|writer| {
            let thread = self.look(writer, id, Some(seen), reviewer, &decision)?;
            self.not_own_text(&thread, reviewer)?;
            let draft = self.approvable(&thread, &confirmed, &despite_superseded, writer.now())?;
            let now = writer.now();
            let approval = letter::Approval {
                reviewer: reviewer.name.clone(),
                thread: thread.id,
                version: thread.version,
                digest: draft.digest(),
                at: now,
            };
            let mut nonce = [0; 12];
            getrandom::fill(&mut nonce).map_err(|_| Fault::Damaged("no random numbers".to_owned()))?;
            let key = self.journal.message_id_key()?;
            let domain =
                self.config.mailbox.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
            let message_id = letter::message_id::issue(&key, thread.id, &nonce, domain)
                .ok_or_else(|| Fault::Damaged("the key of the Message-IDs".to_owned()))?;
            let dated = now.to_zoned_datetime(self.zone().clone());
            let replies = self.library.current();
            let files = self.files_of(&draft)?;
            let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
            let letter =
                letter::seal(&approval, &draft, &self.config.mailbox.ours(), message_id, &dated, &files)
                    .map_err(|why| Refusal::NotSealable { why })?;
            // The bytes are on disk before the event that names them.
            let blob = self.journal.blobs().put(letter.bytes())?;
            let due = now.saturating_add(self.config.outbox.hold).unwrap_or(now);
            let event = Event::Approved(Approval {
                seal: letter.seal().clone(),
                blob,
                due,
                seen,
                confirmed,
                despite_superseded,
                changed: if thread.edited { ChangedText::of(&draft, &replies) } else { Vec::new() },
                kind: draft.kind,
                to_sign: self.needs_signature(&thread, &draft),
                entries: draft.entries.iter().map(|entry| entry.slug.clone()).collect(),
            });
            Ok(writer.append(thread.id, reviewer.clone(), now, event)?)
        })
    }

    /// Whether a letter of this thread leaves only with a second signature.
    fn needs_signature(&self, thread: &Thread, draft: &Draft) -> bool {
        let entries = draft.entries.iter().map(|entry| entry.slug.as_str());
        self.config.desk.sign_off.is_needed(entries, thread.flags().map(|(_, flag)| flag.name))
    }

    /// The second signature, by somebody else than the first, of the very letter that was approved.
    fn signature(
        &self,
        thread: &Thread,
        seen: Option<u64>,
        now: Timestamp,
        reviewer: &Actor,
    ) -> Result<Event, Refusal> {
        if thread.state != State::ToSign {
            return Err(Refusal::NotWaiting { state: thread.state });
        }
        // What is signed must have been seen, as what is approved.
        seen.ok_or(Refusal::SeenMissing)?;
        let letter = thread.letter.as_ref().ok_or(Refusal::NoDraft)?;
        let today = self.calendar.date_of(now);
        let rules = &self.config.desk.sign_off;
        if letter.by == reviewer.name || !rules.may_sign(&reviewer.name, today) {
            return Err(Refusal::MayNotSign { approved_by: letter.by.clone(), by: rules.by.clone() });
        }
        let draft = self.journal.draft_of(thread)?.ok_or(Refusal::NoDraft)?;
        self.none_suspended(thread, &draft)?;
        let due = now.saturating_add(self.config.outbox.hold).unwrap_or(now);
        Ok(Event::SignedOff { seal: letter.seal.clone(), due })
    }

    /// The draft, if it may be approved: every reason against it has its own refusal.
    fn approvable(
        &self,
        thread: &Thread,
        confirmed: &[String],
        despite_superseded: &[String],
        now: jiff::Timestamp,
    ) -> Result<Draft, Refusal> {
        if thread.state != State::ToReview {
            return Err(Refusal::NotWaiting { state: thread.state });
        }
        let draft = self.journal.draft_of(thread)?.ok_or(Refusal::NoDraft)?;
        self.none_suspended(thread, &draft)?;
        if draft.kind != LetterKind::Answer {
            let texts = self.library.current();
            if !thread.edited && texts.letter(draft.language).text_of(draft.kind.key()).is_empty() {
                return Err(Refusal::NothingWritten);
            }
        } else {
            match Lacking::of(&draft.kind, thread.level, thread.chosen) {
                Some(Lacking::Choice) => return Err(Refusal::NotChosen),
                Some(Lacking::Text) => return Err(Refusal::NothingWritten),
                None => {}
            }
        }
        if !draft.open_fields.is_empty() {
            return Err(Refusal::OpenFields { fields: draft.open_fields.clone() });
        }
        if draft.sample && !self.config.allow_examples {
            return Err(Refusal::Sample);
        }
        let today = self.calendar.date_of(now);
        self.texts_hold(thread, &draft, despite_superseded, today)?;
        for recipient in &draft.recipients {
            let named = confirmed.iter().any(|address| recipient.address.same_mailbox(address));
            if recipient.unusual.is_some() && !named {
                return Err(Refusal::Unconfirmed { address: recipient.address.email.clone() });
            }
        }
        Ok(draft)
    }

    fn settle(
        &self,
        id: ThreadId,
        seen: Option<u64>,
        outcome: Settlement,
        reviewer: &Actor,
    ) -> Result<Thread, Refusal> {
        self.journal.write_synced(|writer| -> Result<Thread, Refusal> {
            let thread = self.look(writer, id, seen, reviewer, &Decision::Settle { outcome })?;
            let now = writer.now();
            let occurred = match outcome {
                // A letter that went, went when it was attempted, as far as anybody knows.
                Settlement::Sent => self.last_attempt(&thread)?.unwrap_or(now),
                Settlement::Resend => now,
            };
            let event = Event::UncertainSettled { outcome };
            let settled = writer.append(thread.id, reviewer.clone(), occurred, event)?;
            match (outcome, thread.letter) {
                (Settlement::Sent, Some(_)) if self.config.outbox.save_to_sent => {
                    writer.owe_copy(thread.id)?;
                }
                // On disk before the outbox can see the order: it asks there whether it may.
                (Settlement::Resend, Some(letter)) => {
                    let (seal, what) = (letter.seal, What::Resend);
                    self.journal.sending().add(Attempt { seal, thread: thread.id, at: now, what })?;
                }
                _ => {}
            }
            Ok(settled)
        })
    }

    /// When the letter of a thread was last attempted.
    fn last_attempt(&self, thread: &Thread) -> Result<Option<Timestamp>, Fault> {
        let events = self.journal.events(thread)?.into_iter().rev();
        let mut attempts = events.filter(|recorded| matches!(recorded.event, Event::SendAttempted { .. }));
        Ok(attempts.next().map(|recorded| recorded.occurred))
    }

    /// A draft from the entries that a reviewer chose, each `slug` or `slug.variant`.
    fn draft_from(
        &self,
        thread: &Thread,
        entries: &[String],
        language: Option<Language>,
    ) -> Result<Draft, Refusal> {
        let (replies, ours) = (self.library.current(), self.config.mailbox.ours());
        let present = self.journal.draft_of(thread)?;
        let language = language.or(present.as_ref().map(|draft| draft.language)).unwrap_or_default();
        let english = present.as_ref().and_then(|draft| draft.adjustments.english.as_deref());
        let english = english.filter(|_| thread.draft_waits());
        let composed = self.answering(thread, |asked| {
            let asked = Asked { language, english, ..asked };
            draft::compose(&replies, &asked, entries, &ours, self.zone())
                .map_err(|unknown| Refusal::no_entry(&replies, unknown.0))
        })?;
        Ok(match present.as_ref().filter(|_| thread.draft_waits()) {
            Some(before) => composed.adjusted_as(before),
            None => composed,
        })
    }
}

fn confirm_link(
    writer: &mut Writer<'_>,
    thread: &Thread,
    other: ThreadId,
    reviewer: &Actor,
) -> Result<Thread, Refusal> {
    if !thread.links.contains(&other) {
        return Err(Refusal::NoLink { other });
    }
    let now = writer.now();
    writer.append(thread.id, reviewer.clone(), now, Event::LinkConfirmed { other })?;
    let other = writer.thread(other)?.ok_or(Refusal::NoThread { id: other })?.id;
    let (low, high) = (thread.id.min(other), thread.id.max(other));
    if low != high && !writer.merge(low, high)? {
        return Err(Refusal::LetterUnderWay);
    }
    writer.thread(low)?.ok_or(Refusal::NoThread { id: low })
}

/// Text of a reviewer: not empty, not endless, without controls but line ends and tabs.
fn sound(text: String) -> Result<String, Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    if text.chars().count() > LONGEST {
        return Err(Refusal::TooLong { most: LONGEST });
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Ok(text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect())
}

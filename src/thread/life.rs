//! From one state to the next: [`Thread::begin`] and [`Thread::apply`].
//!
//! [`State::may`] holds the table of turns; what it refuses leaves the thread untouched.

use super::{
    Actor, Arrival, Claim, Deposit, Direction, Event, Line, Outgoing, Question, Recorded, Settlement, State,
    Thread, WrongTurn,
};
use crate::classify::Level;
use crate::draft::LetterKind;
use crate::organisation::Counterpart;
use jiff::Timestamp;

impl Thread {
    /// The thread that begins with this event: a receipt, mail of ours whose question is not known, or the
    /// purge that left nothing before it.
    ///
    /// # Errors
    /// If a thread cannot begin so.
    pub fn begin(recorded: &Recorded) -> Result<Self, WrongTurn> {
        let (counterpart, subject) = match &recorded.event {
            Event::Received(Arrival { counterpart, message, .. })
            | Event::SentSeen(Outgoing { counterpart, message, .. }) => (counterpart, &message.subject),
            Event::Opened { counterpart, subject } => (counterpart, subject),
            Event::Purged { .. } => return Ok(Self::purged(recorded)),
            other => return Err(WrongTurn { state: State::New, event: other.name() }),
        };
        let mut thread = Self::blank(recorded, counterpart.clone(), subject.clone());
        if let Event::Received(arrival) = &recorded.event
            && !arrival.history
        {
            thread.state = State::New;
        }
        thread.apply(recorded)?;
        Ok(thread)
    }

    /// What is left of a thread whose content was destroyed.
    fn purged(recorded: &Recorded) -> Self {
        let nobody = Counterpart { key: String::new(), name: String::new(), kind: None };
        Self { version: 1, purged: true, ..Self::blank(recorded, nobody, String::new()) }
    }

    fn blank(recorded: &Recorded, counterpart: Counterpart, subject: String) -> Self {
        Self {
            id: recorded.thread,
            version: 0,
            state: State::Closed,
            counterpart,
            subject,
            received: recorded.occurred,
            level: None,
            suggestions: Vec::new(),
            chosen: false,
            messages: Vec::new(),
            questions: Vec::new(),
            draft: None,
            draft_kind: LetterKind::Answer,
            edited: false,
            letter: None,
            sent: Vec::new(),
            deposit: None,
            transferred: None,
            claim: None,
            left_by: None,
            links: Vec::new(),
            refused_links: Vec::new(),
            merged_into: None,
            merged: Vec::new(),
            reason: None,
            server_said: None,
            purged: false,
        }
    }

    /// What the thread is after this event.
    ///
    /// # Errors
    /// If the event cannot happen in the present state; nothing has changed then.
    pub fn apply(&mut self, recorded: &Recorded) -> Result<(), WrongTurn> {
        let event = &recorded.event;
        if !self.state.may(event) {
            return Err(WrongTurn { state: self.state, event: event.name() });
        }
        match event {
            Event::Received(arrival) => self.receive(arrival, recorded),
            Event::SetAside { blob, reason } => {
                self.uncount(blob);
                if self.state == State::New && self.open_questions().next().is_none() {
                    self.state = State::SetAside;
                    self.reason = Some(reason.key().to_owned());
                }
            }
            Event::Noted { blob, reason } => {
                self.uncount(blob);
                // Triage says so before there is a draft, a reviewer afterwards.
                let waits = matches!(self.state, State::New | State::ToReview | State::Failed);
                if waits && self.open_questions().next().is_none() {
                    self.state = State::ForInformation;
                    self.reason = Some(reason.key().to_owned());
                }
            }
            Event::Classified { blob, level, suggestions, flags, doubts, .. } => {
                for question in self.questions.iter_mut().filter(|question| question.blob == *blob) {
                    question.entries.clone_from(suggestions);
                    question.level = Some(*level);
                    question.flags.clone_from(flags);
                    question.doubts.clone_from(doubts);
                }
                self.sum_up(*level, suggestions);
            }
            Event::DraftPrepared { draft, edited } => {
                self.draft = Some(recorded.seq);
                self.draft_kind = draft.kind;
                self.edited = *edited;
                self.chosen = *edited;
                self.state = State::ToReview;
                for question in self.questions.iter_mut().filter(|question| question.is_open()) {
                    question.drafted.get_or_insert(recorded.occurred);
                }
            }
            Event::Claimed => {
                self.left_by = None;
                self.claim = Some(Claim { by: recorded.actor.name.clone(), at: recorded.occurred });
                for question in self.questions.iter_mut().filter(|question| question.is_open()) {
                    question.claimed.get_or_insert(recorded.occurred);
                }
            }
            Event::Released => {
                let ended = self.claim.take().filter(|_| recorded.actor == Actor::bot());
                self.left_by = ended.map(|claim| claim.by);
            }
            Event::DraftEdited { .. } => {
                self.draft = Some(recorded.seq);
                self.edited = true;
                self.chosen = true;
                self.state = State::ToReview;
            }
            Event::DraftAdjusted { .. } => {
                self.draft = Some(recorded.seq);
                self.state = State::ToReview;
            }
            Event::Reclassified { entries, .. } => {
                self.draft = Some(recorded.seq);
                self.draft_kind = LetterKind::Answer;
                self.edited = false;
                self.chosen = !entries.is_empty();
                if entries.is_empty() {
                    self.level = Some(Level::None);
                }
                self.suggestions.clone_from(entries);
                self.state = State::ToReview;
                for question in self.questions.iter_mut().filter(|question| question.is_open()) {
                    question.entries.clone_from(entries);
                }
            }
            Event::Approved(approval) => self.approve(approval, recorded),
            Event::SignedOff { due, .. } => self.sign(&recorded.actor.name, *due, recorded.occurred),
            Event::ApprovalVoided { .. } | Event::Withdrawn => {
                self.letter = None;
                self.state = State::ToReview;
                self.questions
                    .iter_mut()
                    .filter(|question| question.is_open())
                    .for_each(Question::unapprove);
            }
            Event::ClosedWithoutReply(_) => {
                for question in self.questions.iter_mut().filter(|question| question.is_open()) {
                    question.closed = Some(recorded.occurred);
                    question.resume(recorded.occurred);
                }
                self.claim = None;
                self.state = State::Closed;
            }
            Event::SendAttempted { attempt, .. } => {
                if let Some(letter) = &mut self.letter {
                    letter.attempts = *attempt;
                }
                self.state = State::Sending;
            }
            Event::Sent { reply } => {
                self.server_said = Some(reply.clone());
                self.letter_left(recorded.occurred, recorded.seq);
            }
            Event::SendDeferred { until, cause, reply } => {
                if let Some(letter) = &mut self.letter {
                    letter.due = *until;
                }
                self.say(cause, reply);
                self.state = State::Approved;
            }
            Event::SendFailed { cause, reply } => {
                self.letter = None;
                self.say(cause, reply);
                self.state = State::Failed;
            }
            Event::SendUncertain { cause, reply } => {
                self.say(cause, reply);
                self.state = State::Uncertain;
            }
            Event::UncertainSettled { outcome: Settlement::Sent } => {
                self.letter_left(recorded.occurred, recorded.seq);
            }
            Event::UncertainSettled { outcome: Settlement::Resend } => self.resend(recorded.occurred),
            Event::CopyFiled { digest } => {
                for letter in self.sent.iter_mut().filter(|letter| letter.digest == *digest) {
                    letter.copy_filed = true;
                }
                if let Some(letter) = self.letter.as_mut().filter(|letter| letter.digest == *digest) {
                    letter.copy_seen = true;
                }
            }
            Event::AnsweredOutside(outgoing) => {
                self.outgoing(outgoing, recorded);
                self.answer_outside(&outgoing.message, recorded.occurred);
            }
            Event::SentSeen(outgoing) | Event::HoldingSent(outgoing) => self.outgoing(outgoing, recorded),
            Event::OpinionAsked { message, .. } => {
                if let Some(outgoing) = message {
                    self.outgoing(outgoing, recorded);
                }
                for question in self.questions.iter_mut().filter(|question| question.is_open()) {
                    question.ask_opinion(recorded.occurred);
                }
            }
            Event::OpinionReceived(arrival) => self.opinion(arrival, recorded),
            Event::OutsideJudged { blob, answers } => self.judge_outside(blob, *answers),
            Event::AwaitingAsker { reason } => self.pause(recorded.occurred, reason),
            Event::Resumed { .. } => self.resume(recorded.occurred),
            Event::AnsweredOtherwise { medium, questions, .. } => {
                self.answer_otherwise(*medium, questions, &recorded.actor.name, recorded.occurred);
            }
            Event::ReceivedCorrected { question, received, .. } => {
                self.questions
                    .iter_mut()
                    .filter(|of| of.seq == *question)
                    .for_each(|question| question.correct_receipt(*received));
            }
            Event::Deposited { blob, project, documents } => {
                self.uncount(blob);
                if let Some(line) = self.messages.iter().find(|line| line.blob == *blob) {
                    self.deposit = Some(Deposit {
                        seq: line.seq,
                        at: line.occurred,
                        project: project.clone(),
                        documents: documents.clone(),
                        acknowledged: None,
                    });
                }
                if self.state == State::New && self.open_questions().next().is_none() {
                    self.state = State::ForInformation;
                    self.reason = Some("deposit".to_owned());
                }
            }
            Event::DraftDiscarded => self.discard(),
            Event::Opened { .. } => self.state = State::ToReview,
            Event::AnswerFound { blob } => {
                if let Some(line) = self.messages.iter().find(|line| line.blob == *blob).cloned() {
                    self.answer_cited(&line.cites, &line.message_id, line.occurred);
                }
            }
            Event::Bounced { letter, .. } => self.bounce(letter),
            Event::LinkProposed { other } => {
                if !self.links.contains(other) {
                    self.links.push(*other);
                }
            }
            Event::LinkConfirmed { other } => self.links.retain(|link| link != other),
            Event::LinkRefused { other } => {
                self.links.retain(|link| link != other);
                self.refused_links.push(*other);
            }
            Event::Merged { from, taken } => self.take_over(*from, taken),
            Event::MergedInto { into } => {
                self.merged_into = Some(*into);
                self.claim = None;
                self.state = State::Closed;
            }
            Event::NoteAdded { .. }
            | Event::ExampleAdded { .. }
            | Event::ExampleWithdrawn { .. }
            | Event::ExampleAdopted { .. }
            // No thread may take these.
            | Event::EntrySuspended { .. }
            | Event::EntryResumed { .. }
            | Event::TextProposed { .. }
            | Event::TextApproved { .. }
            | Event::TextDeclined { .. } => {}
            Event::Reopened => {
                self.reopen(recorded.occurred);
                self.state = State::New;
            }
            Event::Purged { .. } => {
                *self = Self::purged(recorded);
                return Ok(());
            }
        }
        if event.raises_version() {
            self.version += 1;
        }
        Ok(())
    }

    fn take_over(&mut self, from: u64, taken: &Self) {
        self.merged.push(from);
        self.merged.extend(&taken.merged);
        self.merged.sort_unstable();
        self.messages.extend(taken.messages.iter().cloned());
        self.messages.sort_by_key(|line| line.seq);
        self.questions.extend(taken.questions.iter().cloned());
        self.number_questions();
        self.sent.extend(taken.sent.iter().cloned());
        if self.is_outgoing_only() || self.counterpart.key.is_empty() {
            self.counterpart = taken.counterpart.clone();
        }
        if taken.received < self.received {
            self.received = taken.received;
            self.subject.clone_from(&taken.subject);
        }
        self.links.retain(|link| *link != from);
        self.links.extend(taken.links.iter().filter(|link| **link != self.id));
        self.links.sort_unstable();
        self.links.dedup();
        if self.open_questions().next().is_some() {
            self.rest();
        } else if self.state == State::Closed || taken.state == State::ForInformation {
            self.state = taken.state;
            self.reason.clone_from(&taken.reason);
        }
    }

    fn reopen(&mut self, at: Timestamp) {
        // The last message of a person is asked again; its first answer, if any, stays in the events.
        if self.last_human().is_none() {
            // A person says that this automatic mail is none. What a colleague wrote asks nothing all the same.
            let theirs = |line: &&mut Line| line.direction == Direction::Incoming && !line.opinion;
            let Some(line) = self.messages.iter_mut().rev().find(theirs) else { return };
            line.human = true;
            let question = Question::new(line.seq, line.blob.clone(), line.occurred, false);
            self.questions.push(question);
            self.number_questions();
        }
        let Some(seq) = self.last_human().map(|line| line.seq) else { return };
        let handed = self.questions.iter().find(|question| question.seq == seq);
        let handed = handed.and_then(|question| question.transferred);
        for question in self.questions.iter_mut().filter(|question| question.seq == seq) {
            question.counts = true;
            question.asked_again = true;
            question.history = false;
            question.undo();
        }
        self.undo_transfer(handed);
        // No clock stands still behind the back of whoever works on it.
        self.questions.iter_mut().for_each(|question| question.resume(at));
    }
}

//! What becomes of a letter: approved, signed, left, refused, come back.

use super::{
    Answer, Approval, Channel, Direction, Line, OnItsWay, Question, Recorded, SentLetter, State, Thread,
};
use crate::draft::LetterKind;
use crate::message::MessageId;
use jiff::Timestamp;

impl Thread {
    pub(super) fn approve(&mut self, approval: &Approval, recorded: &Recorded) {
        let mut numbers = Vec::new();
        // Only an answer concerns the clocks.
        let answers = approval.kind == LetterKind::Answer;
        for question in self.questions.iter_mut().filter(|question| answers && question.is_open()) {
            question.approved = Some(recorded.occurred);
            // What it asks first is its own, where one letter answers several questions.
            let own =
                question.entries.first().and_then(|own| approval.entries.iter().position(|of| of == own));
            question.entries.clone_from(&approval.entries);
            if let Some(asked_first) = own.and_then(|place| question.entries.get_mut(..=place)) {
                asked_first.rotate_right(1);
            }
            numbers.push(question.seq);
        }
        self.letter = Some(OnItsWay {
            seq: recorded.seq,
            by: recorded.actor.name.clone(),
            at: recorded.occurred,
            due: approval.due,
            digest: approval.seal.digest().to_owned(),
            seal: approval.seal.sha256().to_owned(),
            blob: approval.blob.clone(),
            message_id: approval.seal.message_id().clone(),
            copy_seen: false,
            attempts: 0,
            questions: numbers,
            kind: approval.kind,
            signed_by: None,
        });
        self.state = if approval.to_sign { State::ToSign } else { State::Approved };
    }

    /// The second signature: the letter may leave after its hold.
    pub(super) fn sign(&mut self, by: &str, due: Timestamp, at: Timestamp) {
        if let Some(letter) = &mut self.letter {
            for question in &mut self.questions {
                if letter.questions.contains(&question.seq) {
                    question.signed = Some(at);
                }
            }
            letter.signed_by = Some(by.to_owned());
            letter.due = due;
        }
        self.state = State::Approved;
    }

    pub(super) fn letter_left(&mut self, at: Timestamp, seq: u64) {
        if let Some(letter) = self.letter.take() {
            for question in &mut self.questions {
                if letter.questions.contains(&question.seq) && question.is_unanswered() {
                    question.answer = Some(Answer {
                        at,
                        channel: Channel::Inside,
                        message_id: Some(letter.message_id.clone()),
                        by: Some(letter.by.clone()),
                    });
                    question.resume(at);
                }
            }
            self.messages.push(Line {
                blob: letter.blob.clone(),
                direction: Direction::Outgoing,
                seq,
                occurred: at,
                message_id: letter.message_id.clone(),
                cites: Vec::new(),
                human: true,
                opinion: false,
            });
            self.left_as(letter.kind, at);
            self.sent.push(SentLetter {
                message_id: letter.message_id,
                digest: letter.digest,
                blob: letter.blob,
                at,
                copy_filed: letter.copy_seen,
                kind: letter.kind,
                rectified: false,
            });
        }
        self.claim = None;
        self.rest();
    }

    /// What a letter of this kind means beyond its questions.
    fn left_as(&mut self, kind: LetterKind, at: Timestamp) {
        match kind {
            LetterKind::Answer | LetterKind::Holding => {}
            LetterKind::Acknowledgement => {
                if let Some(deposit) = &mut self.deposit {
                    deposit.acknowledged = Some(at);
                }
            }
            LetterKind::Correction => {
                let corrected = |letter: &&mut SentLetter| {
                    matches!(letter.kind, LetterKind::Answer | LetterKind::Correction)
                };
                if let Some(letter) = self.sent.iter_mut().rev().find(corrected) {
                    letter.rectified = true;
                }
            }
            LetterKind::Transfer => {
                self.transferred = Some(at);
                for question in self.questions.iter_mut().filter(|question| question.is_open()) {
                    question.transferred = Some(at);
                    question.resume(at);
                }
            }
        }
        if kind != LetterKind::Answer {
            self.draft = None;
            self.draft_kind = LetterKind::Answer;
        }
    }

    /// What was handed over at this moment is ours again.
    pub(super) fn undo_transfer(&mut self, at: Option<Timestamp>) {
        let handed = |question: &&mut Question| question.transferred.is_some() && question.transferred == at;
        self.questions.iter_mut().filter(handed).for_each(Question::undo);
        if self.questions.iter().all(|question| question.transferred.is_none()) {
            self.transferred = None;
        }
    }

    /// Whether the present draft was made since the last letter left: what left is a draft no more.
    #[must_use]
    pub fn draft_waits(&self) -> bool {
        let letter = |line: &&Line| self.sent.iter().any(|letter| letter.blob == line.blob);
        let left = self.messages.iter().filter(letter).map(|line| line.seq).max();
        self.draft > left
    }

    /// A draft that is no answer is given up.
    pub(super) fn discard(&mut self) {
        self.draft = None;
        self.draft_kind = LetterKind::Answer;
        self.edited = false;
        self.rest();
    }

    /// Where a thread stands once nothing is under way.
    pub(super) fn rest(&mut self) {
        let answered = self.questions.iter().any(|question| question.answer.is_some())
            || self.sent.iter().any(|letter| letter.kind == LetterKind::Answer);
        self.state = if self.all_stand_still() {
            State::AwaitingAsker
        } else if self.open_questions().next().is_some() {
            State::New
        } else if self.transferred.is_some() {
            State::Transferred
        } else if answered {
            State::Answered
        } else if self.is_outgoing_only() {
            State::Closed
        } else {
            State::ForInformation
        };
    }

    pub(super) fn say(&mut self, cause: &str, reply: &str) {
        self.reason = Some(cause.to_owned());
        self.server_said = Some(reply.to_owned());
    }

    pub(super) fn resend(&mut self, now: Timestamp) {
        let newer = self.letter.as_ref().is_none_or(|letter| {
            letter.kind == LetterKind::Answer
                && self.open_questions().any(|question| !letter.questions.contains(&question.seq))
        });
        if newer {
            // The letter does not answer what has come since; a person must look again.
            self.letter = None;
            self.state = State::New;
        } else if let Some(letter) = &mut self.letter {
            letter.due = now;
            self.state = State::Approved;
        }
    }

    pub(super) fn bounce(&mut self, letter: &MessageId) {
        let mut reopened = false;
        for question in &mut self.questions {
            let by_it = |answer: &Answer| answer.message_id.as_ref() == Some(letter);
            if question.answer.as_ref().is_some_and(by_it) {
                question.undo();
                reopened = true;
            }
        }
        // What was no answer came back, too: a person looks.
        let back = self.sent.iter().find(|sent| sent.message_id == *letter);
        if let Some((kind, at)) = back.map(|sent| (sent.kind, sent.at)).filter(|(kind, _)| !kind.is_answer())
        {
            reopened = true;
            if kind == LetterKind::Transfer {
                self.undo_transfer(Some(at));
            }
        }
        if reopened && !matches!(self.state, State::Sending | State::Uncertain) {
            self.state = if self.draft.is_some() { State::ToReview } else { State::New };
            self.reason = Some("bounced".to_owned());
        }
    }
}

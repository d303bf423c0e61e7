//! What mail does to a thread: lines, questions and their answers.

use super::{
    Answer, Arrival, Channel, Direction, Line, Medium, Outgoing, Pause, Question, Recorded, State, Thread,
};
use crate::message::{Message, MessageId};
use jiff::Timestamp;

/// How many cited ids of an outgoing message a thread remembers.
const CITES: usize = 20;

impl Thread {
    pub(super) fn receive(&mut self, arrival: &Arrival, recorded: &Recorded) {
        let human = arrival.is_human();
        self.messages.push(Line { human, ..incoming(arrival, recorded) });
        self.received = self.received.min(recorded.occurred);
        if !human {
            return;
        }
        if self.questions.is_empty() {
            // Until now the thread had only mail of ours, or automatic mail.
            self.counterpart = arrival.counterpart.clone();
            self.subject.clone_from(&arrival.message.subject);
        }
        let (blob, language) = (arrival.blob.clone(), arrival.message.language);
        let question = Question::new(recorded.seq, blob, recorded.occurred, arrival.history);
        self.questions.push(Question { language, ..question });
        self.number_questions();
        if !arrival.history && !matches!(self.state, State::Sending | State::Uncertain) {
            self.state = State::New;
        }
    }

    /// Questions are numbered by receipt, whatever the order in which they were read.
    pub(super) fn number_questions(&mut self) {
        self.questions.sort_by_key(|question| (question.received, question.seq));
        for (number, question) in (1..).zip(&mut self.questions) {
            question.number = number;
        }
    }

    pub(super) fn uncount(&mut self, blob: &str) {
        for question in self.questions.iter_mut().filter(|question| question.blob == blob) {
            question.counts = false;
        }
    }

    pub(super) fn outgoing(&mut self, outgoing: &Outgoing, recorded: &Recorded) {
        let mut cites = cited(&outgoing.message);
        cites.drain(..cites.len().saturating_sub(CITES));
        self.messages.push(Line {
            blob: outgoing.blob.clone(),
            direction: Direction::Outgoing,
            seq: recorded.seq,
            occurred: recorded.occurred,
            message_id: outgoing.message.id.clone(),
            cites,
            human: outgoing.message.automatic.is_none(),
            opinion: false,
        });
    }

    pub(super) fn answer_outside(&mut self, message: &Message, at: Timestamp) {
        self.answer_cited(&cited(message), &message.id, at);
    }

    /// Answers every question up to the latest message that is cited.
    pub(super) fn answer_cited(&mut self, cites: &[MessageId], by: &MessageId, at: Timestamp) {
        let latest = self
            .messages
            .iter()
            .filter(|line| cites.contains(&line.message_id) && line.message_id != *by)
            .map(|line| line.occurred)
            .max();
        let Some(latest) = latest else { return };
        let mut answered = false;
        for question in &mut self.questions {
            if question.is_unanswered() && question.received <= latest {
                question.answer =
                    Some(Answer { at, channel: Channel::Outside, message_id: Some(by.clone()), by: None });
                question.resume(at);
                answered = true;
            }
        }
        if answered && !matches!(self.state, State::Sending | State::Uncertain) {
            self.claim = None;
            self.rest();
        }
    }

    /// A colleague's mail: a line that no letter may quote, cite or answer.
    pub(super) fn opinion(&mut self, arrival: &Arrival, recorded: &Recorded) {
        self.messages.push(Line { opinion: true, ..incoming(arrival, recorded) });
        for question in self.questions.iter_mut().filter(|question| question.is_open()) {
            question.receive_opinion(recorded.occurred);
        }
    }

    /// Answered by telephone, in a meeting…: what is open of these questions, of all if none is named.
    pub(super) fn answer_otherwise(&mut self, medium: Medium, these: &[u64], by: &str, at: Timestamp) {
        let meant = |question: &Question| these.is_empty() || these.contains(&question.seq);
        for question in self.questions.iter_mut().filter(|question| question.is_open() && meant(question)) {
            question.answer =
                Some(Answer { at, channel: Channel::of(medium), message_id: None, by: Some(by.to_owned()) });
            question.resume(at);
        }
        self.claim = None;
        self.rest();
    }

    /// Whether a message of ours answers is a person's word now.
    pub(super) fn judge_outside(&mut self, blob: &str, answers: bool) {
        let Some(line) = self.messages.iter().find(|line| line.blob == blob).cloned() else { return };
        if answers {
            self.answer_cited(&line.cites, &line.message_id, line.occurred);
            return;
        }
        let by_it = |answer: &Answer| answer.message_id.as_ref() == Some(&line.message_id);
        let mut undone = false;
        for question in
            self.questions.iter_mut().filter(|question| question.answer.as_ref().is_some_and(by_it))
        {
            question.undo();
            undone = true;
        }
        let at_rest = matches!(
            self.state,
            State::Answered
                | State::AwaitingAsker
                | State::ForInformation
                | State::SetAside
                | State::Transferred
                | State::Closed
        );
        if undone && at_rest {
            self.rest();
        }
    }

    /// The clocks of what is open stand still.
    pub(super) fn pause(&mut self, at: Timestamp, reason: &str) {
        for question in self.questions.iter_mut().filter(|question| question.is_open()) {
            question.resume(at);
            question.pauses.push(Pause { from: at, to: None, reason: reason.to_owned() });
        }
        self.state = State::AwaitingAsker;
    }

    /// They go on.
    pub(super) fn resume(&mut self, at: Timestamp) {
        self.questions.iter_mut().for_each(|question| question.resume(at));
        if self.state == State::AwaitingAsker {
            self.rest();
        }
    }
}

/// In-Reply-To and References together, oldest first.
fn cited(message: &Message) -> Vec<MessageId> {
    let mut ids = message.references.clone();
    for id in &message.in_reply_to {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    ids
}

/// The line of a message that came in; nobody's voice so far.
fn incoming(arrival: &Arrival, recorded: &Recorded) -> Line {
    Line {
        blob: arrival.blob.clone(),
        direction: Direction::Incoming,
        seq: recorded.seq,
        occurred: recorded.occurred,
        message_id: arrival.message.id.clone(),
        cites: Vec::new(),
        human: false,
        opinion: false,
    }
}

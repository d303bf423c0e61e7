//! What the doors show: a line a thread, and one thread whole.

use super::{Check, Desk, Outdated};
use crate::classify::{Flag, Level};
use crate::draft::Draft;
use crate::journal::Fault;
use crate::message::{self, Attachment, Defect, Message};
use crate::replies::FlagName;
use crate::thread::{Actor, Direction, Doubt, Event, Medium, Recorded, State, Suspension, Thread, ThreadId};
use crate::wording::{Language, Wording};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

/// Calendar days that the Act respecting Access to documents held by public bodies (A-2.1, section 47) gives
/// for an answer; on notice, ten more.
const ACCESS_DAYS: i64 = 20;

/// A thread that changes so often is shown as it was found.
const MOST_LOOKS: u32 = 5;

/// A thread in one line: `greffier threads --json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Its number.
    pub id: ThreadId,
    /// Its version.
    pub version: u64,
    /// Where it stands.
    pub state: State,
    /// Who writes: a name, or the address where no organisation is known.
    pub organisation: String,
    /// Whether that is a person rather than an organisation, which is written to in French.
    #[serde(default)]
    pub person: bool,
    /// The subject of the first message.
    pub subject: String,
    /// How sure the classifier is.
    pub level: Option<Level>,
    /// The entries for the draft.
    pub suggestions: Vec<String>,
    /// The language of the last question; the draft is French until a reviewer chooses otherwise.
    pub language: Language,
    /// What its mail asks for that takes a decision.
    pub flags: Vec<Flag>,
    /// Why a suggestion that the classifier is sure of is left to a person.
    pub doubts: Vec<Doubt>,
    /// Until when the law wants an answer to a request for documents: 20 days from its receipt.
    pub legal_deadline: Option<Date>,
    /// The office to which the config hands what it is flagged for.
    #[serde(default)]
    pub transfer_to: Option<String>,
    /// Whether a request for documents has been here for more than one business day: it is another office's.
    pub overdue: bool,
    /// When the last message of a person came, or else the first message.
    pub received: Timestamp,
    /// Why it was set aside or came back, as a wording key.
    pub reason: Option<String>,
    /// Who has it in hand.
    pub claimed_by: Option<String>,
    /// Who is proposed for it: the delegate of whoever had it in hand and is away.
    pub proposed_to: Option<String>,
    /// Threads that may belong here.
    pub links: Vec<ThreadId>,
    /// Suggested entries that nobody may send for now.
    #[serde(default)]
    pub suspended: Vec<String>,
}

/// A message of a thread, with what was cut from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageView {
    /// The number of the event that brought it.
    #[serde(default)]
    pub seq: u64,
    /// From them or from us.
    pub direction: Direction,
    /// When it came or left.
    pub at: Timestamp,
    /// Whether a colleague wrote it: it appears in no letter.
    #[serde(default)]
    pub opinion: bool,
    /// How it reached us; of what did not come by mail, it is a reviewer's record.
    #[serde(default)]
    pub medium: Medium,
    /// What was read.
    #[serde(flatten)]
    pub message: Message,
}

/// One event, for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// Its number in the journal.
    pub seq: u64,
    /// When the journal took it.
    pub recorded: Timestamp,
    /// When it happened.
    pub occurred: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// Its name.
    pub event: String,
    /// What there is to say of it in a few words: a reason, the server's words, a note.
    pub detail: Option<String>,
    /// Which decision beside the text it is, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjustment: Option<String>,
    /// Whether it changed the letter, or who may decide: it raised the version.
    #[serde(skip)]
    pub decisive: bool,
}

impl HistoryLine {
    /// What happened, in words.
    #[must_use]
    pub fn said(&self, wording: &Wording) -> String {
        let what = match &self.adjustment {
            Some(adjustment) => wording.text(&format!("adjustment-{adjustment}")),
            None => wording.text(&format!("event-{}", self.event)),
        };
        match (&self.detail, self.event.as_str()) {
            (None, _) => what,
            (Some(reason), "ApprovalVoided") => {
                format!("{what} ({})", wording.text(&format!("void-{reason}")))
            }
            (Some(reason), "SetAside" | "Noted") => {
                format!("{what} ({})", wording.text(&format!("reason-{reason}")))
            }
            (Some(detail), _) => format!("{what} ({detail})"),
        }
    }
}

/// One thread whole: `greffier show --json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// The line.
    #[serde(flatten)]
    pub summary: Summary,
    /// Other threads of the same organisation in the last 90 days, newest first.
    pub neighbours: Vec<Summary>,
    /// What a reviewer should look at before approving.
    pub checks: Vec<Check>,
    /// Its messages.
    pub messages: Vec<MessageView>,
    /// The draft as it stands.
    pub draft: Option<Draft>,
    /// The digest that an approval of this draft would bind.
    pub digest: Option<String>,
    /// When answers left that a later letter put right.
    pub rectified: Vec<Timestamp>,
    /// Entries of it that nobody may send for now.
    #[serde(default)]
    pub suspensions: Vec<Suspension>,
    /// Texts that are no longer what the draft was made from.
    #[serde(default)]
    pub outdated: Vec<Outdated>,
    /// Who approved the letter that waits for a second signature.
    pub to_sign: Option<String>,
    /// Since when, and for what, we wait for whoever wrote.
    pub waiting_for: Option<(Timestamp, String)>,
    /// When an approved letter may leave.
    pub due: Option<Timestamp>,
    /// The mail server's words on the last attempt.
    pub server_said: Option<String>,
    /// Whether a person has chosen the entries or written the text.
    #[serde(default)]
    pub chosen: bool,
    /// What happened.
    pub events: Vec<HistoryLine>,
}

impl Desk {
    /// The delegate of whoever had the thread in hand; an account that cannot be read proposes nobody.
    fn proposed_to(&self, thread: &Thread) -> Option<String> {
        let person = self.journal.person(thread.left_by.as_ref()?).ok().flatten()?;
        person.absence(self.today())?.delegate.clone()
    }

    /// A thread in one line.
    #[must_use]
    pub fn summary(&self, thread: &Thread) -> Summary {
        let mut flags: Vec<Flag> = Vec::new();
        for (_, flag) in thread.flags() {
            if !flags.iter().any(|known| known.name == flag.name) {
                flags.push(flag.clone());
            }
        }
        let asks_access = |flag: &Flag| flag.name == FlagName::AccessRequest;
        let requested =
            thread.flags().find(|(_, flag)| asks_access(flag)).map(|(question, _)| question.received);
        let day = |at: Timestamp| self.calendar.date_of(at);
        let waits = thread.transferred.is_none() && thread.state != State::Closed;
        let handed_over_by = requested.and_then(|at| self.calendar.next_business_day(day(at)));
        Summary {
            transfer_to: self.office_of(thread).filter(|_| waits),
            overdue: waits && handed_over_by.is_some_and(|last| self.today() > last),
            language: thread.questions.last().map(|question| question.language).unwrap_or_default(),
            flags,
            doubts: thread.doubts(),
            legal_deadline: requested.map(|at| day(at).saturating_add(ACCESS_DAYS.days())),
            id: thread.id,
            version: thread.version,
            state: thread.state,
            organisation: thread.counterpart.name.clone(),
            person: thread.counterpart.is_address(),
            subject: thread.subject.clone(),
            level: thread.level,
            suggestions: thread.suggestions.clone(),
            received: thread.last_human().map_or(thread.received, |line| line.occurred),
            reason: thread.reason.clone(),
            claimed_by: thread.claim.as_ref().map(|claim| claim.by.clone()),
            proposed_to: self.proposed_to(thread),
            links: thread.links.clone(),
            suspended: Vec::new(),
        }
    }

    /// A line for every thread, or for those in one state, oldest number first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn threads(&self, state: Option<State>) -> Result<Vec<Summary>, Fault> {
        let lines: Result<Vec<Summary>, Fault> = match state {
            None => self.journal.threads().map(|thread| Ok(self.summary(&thread?))).collect(),
            Some(state) => {
                let mut lines = Vec::new();
                for id in self.journal.in_state(state) {
                    lines.extend(self.journal.thread(id?)?.as_ref().map(|thread| self.summary(thread)));
                }
                Ok(lines)
            }
        };
        self.mark_suspended(lines?)
    }

    /// One thread whole, as of one moment.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn show(&self, id: ThreadId) -> Result<Option<Shown>, Fault> {
        let mut looks = 0;
        while let Some(thread) = self.journal.thread(id)? {
            let shown = self.whole(&thread)?;
            looks += 1;
            // View and events are read one after the other; what came between shows in the view.
            if looks == MOST_LOOKS || self.journal.thread(id)?.as_ref() == Some(&thread) {
                return Ok(Some(self.with_texts(shown)?));
            }
        }
        Ok(None)
    }

    /// A file that came with a message of a thread: the message by the number of its event, the file by
    /// its place among the message's attachments.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn attachment(
        &self,
        id: ThreadId,
        message: u64,
        place: usize,
    ) -> Result<Option<(Attachment, Vec<u8>)>, Fault> {
        let Some(thread) = self.journal.thread(id)? else { return Ok(None) };
        let Some(line) = thread.messages.iter().find(|line| line.seq == message) else { return Ok(None) };
        Ok(message::attached(&self.journal.blobs().get(&line.blob)?, place))
    }

    fn whole(&self, thread: &Thread) -> Result<Shown, Fault> {
        let banners = &self.config.mailbox.banners;
        let mut messages = Vec::new();
        for line in &thread.messages {
            let event = self.journal.event(line.seq)?.map(|recorded| recorded.event);
            let message = match self.journal.blobs().get(&line.blob) {
                Ok(raw) if event.as_ref().is_some_and(is_head_only) => message::read_head(&raw, banners),
                Ok(raw) => message::read(&raw, banners),
                // The thread is still shown; verify names the file.
                Err(Fault::Damaged(_)) => continue,
                Err(other) => return Err(other),
            };
            let medium =
                event.as_ref().and_then(Event::arrival).map_or(Medium::Mail, |arrival| arrival.medium);
            let (direction, at, opinion) = (line.direction, line.occurred, line.opinion);
            messages.push(MessageView { seq: line.seq, direction, at, opinion, medium, message });
        }
        let draft = self.journal.draft_of(thread)?;
        let neighbours = self.neighbours(thread)?;
        let events = self.journal.events(thread)?.into_iter().map(history_line).collect();
        Ok(Shown {
            summary: self.summary(thread),
            neighbours: neighbours.iter().map(|other| self.summary(other)).collect(),
            checks: self.checks(thread, draft.as_ref(), &neighbours)?,
            messages,
            digest: draft.as_ref().map(Draft::digest),
            draft,
            suspensions: Vec::new(),
            outdated: Vec::new(),
            rectified: thread.sent.iter().filter(|letter| letter.rectified).map(|letter| letter.at).collect(),
            to_sign: thread
                .letter
                .as_ref()
                .filter(|_| thread.state == State::ToSign)
                .map(|letter| letter.by.clone()),
            waiting_for: thread.waiting_for().map(|pause| (pause.from, pause.reason.clone())),
            due: thread.letter.as_ref().filter(|_| thread.state != State::ToSign).map(|letter| letter.due),
            server_said: thread.server_said.clone(),
            chosen: thread.chosen,
            events,
        })
    }
}

/// Whether only the beginning of the message of this event was kept.
fn is_head_only(event: &Event) -> bool {
    let arrived = event.arrival().map(|arrival| &arrival.message);
    let message = arrived.or_else(|| event.outgoing().map(|outgoing| &outgoing.message));
    message.is_some_and(|message| message.defects.contains(&Defect::TooLarge))
}

pub(super) fn history_line(recorded: Recorded) -> HistoryLine {
    let detail = match &recorded.event {
        Event::SetAside { reason, .. } => Some(reason.key().to_owned()),
        Event::Noted { reason, .. } => Some(reason.key().to_owned()),
        Event::ApprovalVoided { reason } => Some(reason.key().to_owned()),
        Event::NoteAdded { text } => Some(text.clone()),
        Event::ClosedWithoutReply(reason) => Some(reason.text.clone()),
        Event::Classified { suggestions, .. } => Some(suggestions.join(", ")),
        Event::Reclassified { entries, .. } => Some(entries.join(", ")),
        Event::DraftAdjusted { what, .. } => what.of().map(str::to_owned),
        Event::AwaitingAsker { reason } | Event::ReceivedCorrected { reason, .. } => Some(reason.clone()),
        Event::AnsweredOtherwise { summary, .. } => Some(summary.clone()),
        Event::OpinionAsked { to, .. } => {
            Some(to.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
        Event::Deposited { documents, .. } => Some(documents.join(", ")),
        Event::Sent { reply }
        | Event::SendDeferred { reply, .. }
        | Event::SendFailed { reply, .. }
        | Event::SendUncertain { reply, .. } => Some(reply.clone()),
        Event::LinkProposed { other } | Event::LinkConfirmed { other } | Event::LinkRefused { other } => {
            Some(other.to_string())
        }
        Event::Merged { from, .. } => Some(from.to_string()),
        Event::MergedInto { into } => Some(into.to_string()),
        Event::Purged { rule, authority } => Some(format!("{rule} ({authority})")),
        _ => None,
    };
    let adjustment = match &recorded.event {
        Event::DraftAdjusted { what, .. } => Some(what.key().to_owned()),
        _ => None,
    };
    HistoryLine {
        adjustment,
        decisive: recorded.event.raises_version(),
        seq: recorded.seq,
        recorded: recorded.recorded,
        occurred: recorded.occurred,
        actor: recorded.actor,
        event: recorded.event.name().to_owned(),
        detail: detail.filter(|detail| !detail.is_empty()),
    }
}

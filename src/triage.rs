//! Stage: received → drafted.
//!
//! Takes every thread that is new, reads its open questions with the classifier, and
//! prepares one draft that answers them. Mail that asks us nothing waits as
//! information, without a draft. History is classified, for the figures only.

mod texts;

use crate::classify::{Classification, Flag, Kind, Level, Mail, Model};
use crate::config::Config;
use crate::draft::{self, Draft, LetterKind};
use crate::journal::{Fault, Journal, Learned, Writer, blocking};
use crate::library::Library;
use crate::message::{self, Attachment, Message, MessageId};
use crate::replies::{FlagName, Replies};
use crate::thread::{
    Actor, Arrival, BlobKey, Doubt, Event, LOOKED_AT, NoteReason, State, Suspensions, Thread, ThreadId,
};
use crate::wording::Language;
use jiff::tz::TimeZone;
use rayon::prelude::*;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use texts::Texts;
use tokio::sync::watch;

/// The cursor behind the last history message that was classified.
const HISTORY: &str = "history";

/// How many history messages are classified between two looks at new mail.
const HISTORY_BATCH: usize = 200;

/// How many threads get their drafts in one append: in bulk they share a sync, and one that comes alone
/// waits for nobody.
const GROUP: usize = 100;

/// What triage needs.
#[derive(Clone)]
pub struct Triage {
    /// The journal.
    pub journal: Arc<Journal>,
    /// The approved texts.
    pub library: Arc<Library>,
    /// What the operator decided.
    pub config: Arc<Config>,
    /// The zone of dates in letters.
    pub zone: TimeZone,
    texts: Arc<Mutex<Option<Texts>>>,
}

/// A thread with its open questions, looked at before the append.
struct Looked {
    thread: Thread,
    read: Vec<Read>,
    earlier: Vec<(u64, Message)>,
    opinions: Vec<MessageId>,
    /// The answer that a reviewer may have worked on, if it has not left. What left, and words for another
    /// kind of letter, are no part of the next answer; they stay in the events.
    before: Option<Draft>,
}

/// One open question with what the classifier says of it.
struct Read {
    arrival: Arrival,
    seq: u64,
    classification: Classification,
    doubts: Vec<Doubt>,
}

impl Triage {
    /// The stage; the model is trained at the first need.
    #[must_use]
    pub fn new(journal: Arc<Journal>, library: Arc<Library>, config: Arc<Config>, zone: TimeZone) -> Self {
        Self { journal, library, config, zone, texts: Arc::default() }
    }

    /// Trains the model, if the replies or what was taught are not what it knows.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn model(&self, replies: &Replies) -> Result<Arc<Model>, Fault> {
        let taught = if self.config.learn { self.journal.learned()? } else { Vec::new() };
        let ids: Vec<u64> = taught.iter().map(|learned| learned.id).collect();
        Ok(self.library.learned(replies, ids, taught.into_iter().map(Learned::taught)))
    }

    /// Does a group of threads, or a batch of history; says whether there was any work.
    ///
    /// # Errors
    /// If the store cannot be read or written.
    pub fn step(&self) -> Result<bool, Fault> {
        let new = self.journal.in_state(State::New).take(GROUP).collect::<Result<Vec<_>, _>>()?;
        if new.is_empty() {
            return self.classify_history();
        }
        let begun = std::time::Instant::now();
        let replies = self.library.current();
        let model = self.model(&replies)?;
        let looked = new.into_par_iter().filter_map(|id| self.look(id, &model, &replies).transpose());
        let group = looked.collect::<Result<Vec<_>, _>>()?;
        self.journal.write_synced(|writer| {
            // Read under the lock: a suspension after it finds these drafts and prepares them again.
            let suspensions = self.journal.suspensions()?;
            group.iter().try_for_each(|looked| self.triage(writer, looked, &replies, &suspensions))
        })?;
        for looked in &group {
            tracing::info!(thread.id = looked.thread.id, wait_ms = begun.elapsed().as_millis(), "triaged");
        }
        Ok(true)
    }

    fn look(&self, id: ThreadId, model: &Model, replies: &Replies) -> Result<Option<Looked>, Fault> {
        let Some(thread) = self.journal.thread(id)? else { return Ok(None) };
        let mut read = Vec::new();
        for question in thread.open_questions() {
            if let Some(Event::Received(arrival)) =
                self.journal.event(question.seq)?.map(|recorded| recorded.event)
            {
                let mut classification = model.decide(&Mail::of(&arrival.message));
                let doubts = self.doubts(&classification, replies)?;
                if !doubts.is_empty() {
                    classification.level = Level::Unsure;
                }
                if thread.is_short_follow_up(question.seq, &arrival.message.newest.text) {
                    classification.level = classification.level.max(Level::Unsure);
                }
                // Of a request for documents the classifier leaves only what is asked besides.
                let no_draft = |flag: &Flag| {
                    flag.name != FlagName::AccessRequest && self.config.desk.no_draft.contains(&flag.name)
                };
                if classification.flags.iter().any(no_draft) {
                    // A person writes it; the candidates are still shown.
                    classification.level = Level::None;
                    classification.suggestions.clear();
                }
                read.push(Read { arrival, seq: question.seq, classification, doubts });
            }
        }
        let earlier = self.journal.received(&thread)?;
        let opinions = self.journal.opinions(&thread)?;
        let goes_on = thread.draft_kind == LetterKind::Answer && thread.draft_waits();
        let before = if goes_on { self.journal.draft_of(&thread)? } else { None };
        Ok(Some(Looked { thread, read, earlier, opinions, before }))
    }

    /// Why a suggestion that the classifier is sure of is left to a person: what became of its last drafts.
    fn doubts(&self, found: &Classification, replies: &Replies) -> Result<Vec<Doubt>, Fault> {
        let mut doubts = Vec::new();
        if found.level == Level::Sure {
            for slug in &found.suggestions {
                let Some(entry) = draft::find_on(replies, Language::Fr, slug, self.today()) else { continue };
                doubts.extend(Doubt::of(slug, &self.journal.fates(slug, entry.digest(), LOOKED_AT)?));
            }
        }
        Ok(doubts)
    }

    fn triage(
        &self,
        writer: &mut Writer<'_>,
        looked: &Looked,
        replies: &Replies,
        suspensions: &Suspensions,
    ) -> Result<(), Fault> {
        let Looked { thread, read, .. } = looked;
        let id = thread.id;
        // Mail may have come, or a person may have decided, since the look.
        if writer.thread(id)?.is_none_or(|now| now.version != thread.version || now.state != State::New) {
            return Ok(());
        }
        let now = writer.now();
        // What asks nothing goes first, so that the sum is that of what is left.
        let reasons = read.iter().map(|read| (read, self.noted(thread, read, replies)));
        let (noted, asked): (Vec<_>, Vec<_>) = reasons.partition(|(_, reason)| reason.is_some());
        let mut deposit: Option<&Read> = None;
        for (read, reason) in noted {
            let blob = read.arrival.blob.clone();
            let Some(reason) = reason else { continue };
            if reason == NoteReason::Deposit {
                deposit = Some(read);
                writer.append(id, Actor::bot(), now, deposited(&read.arrival))?;
                continue;
            }
            if reason == NoteReason::AccessRequest {
                writer.append(id, Actor::bot(), now, classified(&blob, &read.classification, &[]))?;
            }
            writer.append(id, Actor::bot(), now, Event::Noted { blob, reason })?;
        }
        let mut view = None;
        for (read, _) in &asked {
            let event = classified(&read.arrival.blob, &read.classification, &read.doubts);
            view = Some(writer.append(id, Actor::bot(), now, event)?);
        }
        let (Some((last, _)), Some(view)) = (asked.last(), view) else {
            if let Some(read) = deposit {
                let event = Event::DraftPrepared {
                    draft: self.letter(replies, looked, read, LetterKind::Acknowledgement, &[]),
                    edited: false,
                };
                writer.append(id, Actor::bot(), now, event)?;
                return Ok(());
            }
            if read.is_empty() {
                // Nothing is asked here any more, and no event said so.
                let blob = thread.messages.last().map(|line| line.blob.clone()).unwrap_or_default();
                let event = Event::Noted { blob, reason: NoteReason::NoQuestion };
                writer.append(id, Actor::bot(), now, event)?;
            }
            return Ok(());
        };
        let entries = suspensions.allowed(&view.suggestions);
        let mut draft = self.letter(replies, looked, last, LetterKind::Answer, &entries);
        // What a reviewer decided is never thrown away by a machine.
        let edited = thread.edited && looked.before.is_some();
        if let Some(before) = &looked.before {
            draft = draft.adjusted_as(before);
            if edited {
                draft = draft.with_body(&before.body);
            }
        }
        writer.append(id, Actor::bot(), now, Event::DraftPrepared { draft, edited }).map(|_| ())
    }

    /// Why a message gets no draft; `None` if it does, or if a person has said that it should.
    fn noted(&self, thread: &Thread, read: &Read, replies: &Replies) -> Option<NoteReason> {
        if thread.questions.iter().any(|question| question.seq == read.seq && question.asked_again) {
            return None;
        }
        if draft::only_in_cc(&read.arrival.message, &self.config.mailbox.ours()) {
            return Some(NoteReason::OnlyCc);
        }
        let asks_access = |flag: &Flag| flag.name == FlagName::AccessRequest;
        // What is asked besides may be answered; the request never is.
        if read.classification.suggestions.is_empty() && read.classification.flags.iter().any(asks_access) {
            return Some(NoteReason::AccessRequest);
        }
        (read.classification.kind == Kind::NoQuestion).then(|| {
            let is_deposit = is_deposit(&read.arrival.message, replies);
            if is_deposit { NoteReason::Deposit } else { NoteReason::NoQuestion }
        })
    }

    /// A letter of this kind to whoever wrote what was read; the library's texts for `suggestions`, if it is
    /// an answer.
    fn letter(
        &self,
        replies: &Replies,
        looked: &Looked,
        read: &Read,
        kind: LetterKind,
        suggestions: &[String],
    ) -> Draft {
        let Looked { thread, earlier, opinions, before, .. } = looked;
        let earlier: Vec<&Message> =
            earlier.iter().filter(|(seq, _)| *seq != read.seq).map(|(_, message)| message).collect();
        let asked = draft::Asked {
            question: &read.arrival.message,
            earlier: &earlier,
            counterpart: &thread.counterpart,
            language: Language::Fr,
            english: before.as_ref().and_then(|draft| draft.adjustments.english.as_deref()),
            today: self.today(),
            opinions,
        };
        let answer =
            || draft::compose_known(replies, &asked, suggestions, &self.config.mailbox.ours(), &self.zone);
        match kind {
            LetterKind::Answer => answer(),
            // Without entries there is none that could be unknown.
            kind => draft::compose_kind(replies, &asked, kind, &[], &self.config.mailbox.ours(), &self.zone)
                .unwrap_or_else(|_| answer()),
        }
    }

    fn today(&self) -> jiff::civil::Date {
        self.journal.clock().now().to_zoned_datetime(self.zone.clone()).date()
    }

    /// Classifies history, and what was answered before triage saw it, behind the cursor; says whether
    /// there were events to look at.
    fn classify_history(&self) -> Result<bool, Fault> {
        let from: u64 = self.journal.cursor("", HISTORY)?.unwrap_or(0);
        let last = self.journal.last();
        if from >= last {
            return Ok(false);
        }
        let to = last.min(from + HISTORY_BATCH as u64);
        let replies = self.library.current();
        let model = self.model(&replies)?;
        let past = |seq| -> Result<Option<(ThreadId, Event)>, Fault> {
            let Some(recorded) = self.journal.event(seq)? else { return Ok(None) };
            let Event::Received(arrival) = recorded.event else { return Ok(None) };
            let wanted = arrival.is_human()
                && (arrival.history || self.was_answered_first(recorded.thread, &arrival.blob)?);
            if !wanted {
                return Ok(None);
            }
            let found = model.decide(&Mail::of(&arrival.message));
            let event = if found.kind != Kind::NoQuestion {
                classified(&arrival.blob, &found, &[])
            } else if is_deposit(&arrival.message, &replies) {
                deposited(&arrival)
            } else {
                Event::Noted { blob: arrival.blob, reason: NoteReason::NoQuestion }
            };
            Ok(Some((recorded.thread, event)))
        };
        let found = (from + 1..to + 1).into_par_iter().filter_map(|seq| past(seq).transpose());
        let found = found.collect::<Result<Vec<_>, _>>()?;
        self.journal.write(|writer| -> Result<(), Fault> {
            for (id, event) in found {
                let Some(thread) = writer.thread(id)? else { continue };
                if thread.state.may(&event) {
                    writer.append(thread.id, Actor::bot(), writer.now(), event)?;
                }
            }
            writer.set_cursor("", HISTORY, &to)
        })?;
        Ok(true)
    }

    /// Whether a question was answered from outside before triage could look at it.
    fn was_answered_first(&self, thread: ThreadId, blob: &str) -> Result<bool, Fault> {
        let Some(thread) = self.journal.thread(thread)? else { return Ok(false) };
        Ok(thread
            .questions
            .iter()
            .any(|question| question.blob == blob && question.answer.is_some() && question.level.is_none()))
    }

    /// Triages until told to stop.
    ///
    /// # Errors
    /// Only if the store cannot go on.
    pub async fn run(self, mut stop: watch::Receiver<bool>) -> Result<(), Fault> {
        let mut bell = self.journal.bell();
        let mut changed = self.library.changed();
        // Learning takes a moment, which the first mail need not wait for.
        let this = self.clone();
        blocking(move || this.model(&this.library.current()).map(drop)).await?;
        loop {
            bell.mark_unchanged();
            let this = self.clone();
            blocking(move || this.follow_texts()).await?;
            loop {
                let this = self.clone();
                if *stop.borrow() || !blocking(move || this.step()).await? {
                    break;
                }
            }
            tokio::select! {
                _ = bell.changed() => {}
                Ok(()) = changed.changed() => {}
                // A day begins without a ring.
                () = tokio::time::sleep(Duration::from_secs(60)) => {}
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
            }
            if *stop.borrow() {
                return Ok(());
            }
        }
    }
}

/// Whether mail that asks nothing brings something: documents, or the words of a notice. Pictures
/// are mostly signatures.
fn is_deposit(message: &Message, replies: &Replies) -> bool {
    !documents(message).is_empty()
        || replies.lexicon().notice_in(&format!("{}. {}", message.subject, message.newest.text)).is_some()
}

fn documents(message: &Message) -> Vec<String> {
    let document = |attachment: &&Attachment| !attachment.media_type.starts_with("image/");
    message.attachments.iter().filter(document).map(|attachment| attachment.name.clone()).collect()
}

fn deposited(arrival: &Arrival) -> Event {
    Event::Deposited {
        blob: arrival.blob.clone(),
        project: message::thread_subject(&arrival.message.subject),
        documents: documents(&arrival.message),
    }
}

/// The event that says what was read of a message.
fn classified(blob: &BlobKey, found: &Classification, doubts: &[Doubt]) -> Event {
    Event::Classified {
        blob: blob.clone(),
        level: found.level,
        suggestions: found.suggestions.clone(),
        first: found.candidates.first().map(|candidate| candidate.entry.clone()),
        flags: found.flags.clone(),
        doubts: doubts.to_vec(),
    }
}

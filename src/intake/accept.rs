//! One message into the journal: which thread, which events.
//!
//! Called inside an append, so that message, thread and cursor commit together.

use super::pace::Pace;
use crate::config::is_internal;
use crate::journal::{Fault, Writer};
use crate::mailbox::Role;
use crate::message::{Address, Automatic, Defect, Message, MessageId, is_holding};
use crate::organisation::{Counterpart, Organisations};
use crate::thread::{
    Actor, Arrival, BlobKey, Direction, Event, Line, Medium, Outgoing, Place, ResumeReason, SetAsideReason,
    Settlement, State, Thread, ThreadId, VoidReason,
};
use crate::threading::{self, Known};
use jiff::Timestamp;

/// Bytes of newest text that an event keeps; the rest is in the blob.
const KEPT_TEXT: usize = 16 * 1024;

/// What placing a message needs to know.
#[derive(Debug, Clone)]
pub(super) struct Context<'a> {
    pub organisations: &'a Organisations,
    /// Our address and its aliases.
    pub ours: &'a [String],
    /// Domains of colleagues, whose mail in a thread is an opinion.
    pub internal: &'a [String],
    /// Older mail is history.
    pub since: Timestamp,
    /// How fast senders write, and how many mails an hour are too many; `None` where the times of
    /// arrival say nothing.
    pub pace: Option<(&'a Pace, u64)>,
}

/// A message read and kept, but not placed yet.
#[derive(Debug)]
pub(super) struct Taken {
    pub blob: BlobKey,
    pub size: u64,
    pub place: Place,
    pub role: Role,
    pub received: Timestamp,
    pub message: Message,
}

/// Appends what the message means. Bytes that are known already mean nothing new.
pub(super) fn accept(writer: &mut Writer<'_>, context: &Context<'_>, taken: Taken) -> Result<(), Fault> {
    if writer.thread_of_blob(&taken.blob)?.is_some() {
        return Ok(());
    }
    if is_own_notice(context, &taken.message) {
        return Ok(());
    }
    let taken = Taken { message: slim(taken.message), ..taken };
    match taken.role {
        Role::Sent => accept_sent(writer, context, taken),
        Role::Inbox => accept_received(writer, context, taken),
    }
}

/// Whether it is our own notice of the morning, filed in Sent or brought back by the list that it went to:
/// numbers from this journal, which say nothing new to it. Other mail with our From is kept and set aside
/// (a web form may send so), as is a notice that somebody else sends on.
fn is_own_notice(context: &Context<'_>, message: &Message) -> bool {
    message.automatic == Some(Automatic::Notice)
        && message.from.as_ref().is_some_and(|from| is_ours(context, from))
}

/// A message without what its blob keeps anyway.
fn slim(mut message: Message) -> Message {
    message.text.clear();
    message.newest.cut.clear();
    let mut end = message.newest.text.len().min(KEPT_TEXT);
    while !message.newest.text.is_char_boundary(end) {
        end -= 1;
    }
    message.newest.text.truncate(end);
    message
}

fn accept_received(writer: &mut Writer<'_>, context: &Context<'_>, taken: Taken) -> Result<(), Fault> {
    let sender = taken.message.from.as_ref();
    let counterpart = match sender.map(|from| context.organisations.of(&from.email)) {
        Some(counterpart) if !counterpart.key.is_empty() => counterpart,
        // Nobody to answer: each such message stands alone.
        _ => Counterpart { key: format!("nobody:{}", taken.blob), name: String::new(), kind: None },
    };
    let own = sender.is_some_and(|from| is_ours(context, from));
    if let Some(Automatic::Bounce { original: Some(original), permanent, .. }) = &taken.message.automatic
        && let Some(thread) = sender_of(writer, original)?
    {
        let (letter, permanent) = (original.clone(), *permanent);
        return accept_bounce(writer, taken, thread, counterpart, letter, permanent);
    }

    let found = writer.citing(threading::ids(&taken.message))?;
    if let Some(thread) = opinion_on(context, &found, &taken.message, &counterpart)
        && !own
    {
        let received = taken.received;
        let event = Event::OpinionReceived(arrival(taken, counterpart, false));
        writer.append(thread, Actor::bot(), received, event)?;
        return Ok(());
    }
    let placement = threading::place(&known(&found, &taken.message.id), &counterpart.key);
    let human = taken.message.automatic.is_none();
    let mut joins = placement.joins.into_iter();
    let mut proposes = placement.proposes;
    let thread = joins.next().unwrap_or_else(|| writer.next_thread());
    for other in joins {
        if !writer.merge(thread, other)? {
            proposes.push(other);
        }
    }
    let history = taken.received < context.since;
    if human && !history {
        writer.void(thread, VoidReason::NewerMail)?;
    }
    let reason = set_aside_reason(&taken.message, own).or_else(|| {
        let (pace, limit) = context.pace.filter(|_| human && !history)?;
        let from = taken.message.from.as_ref()?;
        pace.exceeds(limit, &from.email, taken.received).then_some(SetAsideReason::TooMany)
    });
    let (blob, received, id) = (taken.blob.clone(), taken.received, taken.message.id.clone());
    let event = Event::Received(arrival(taken, counterpart, history));
    let view = writer.append(thread, Actor::bot(), received, event)?;
    if human && !history && view.waiting_for().is_some() {
        let event = Event::Resumed { reason: ResumeReason::AskerWrote };
        writer.append(thread, Actor::bot(), received, event)?;
    }
    if let Some(reason) = reason {
        writer.append(thread, Actor::bot(), writer.now(), Event::SetAside { blob, reason })?;
    } else {
        find_answer(writer, context, &view, &id)?;
    }
    for other in proposes {
        if !view.links.contains(&other) && !view.refused_links.contains(&other) && human {
            writer.append(thread, Actor::bot(), writer.now(), Event::LinkProposed { other })?;
        }
    }
    Ok(())
}

fn arrival(taken: Taken, counterpart: Counterpart, history: bool) -> Arrival {
    Arrival {
        blob: taken.blob,
        size: taken.size,
        place: taken.place,
        counterpart,
        message: taken.message,
        history,
        medium: Medium::Mail,
    }
}

/// The thread that a colleague's mail speaks of: it answers or cites a message there, and the colleague's
/// side is not the one that asked.
fn opinion_on(
    context: &Context<'_>,
    found: &[Thread],
    message: &Message,
    from: &Counterpart,
) -> Option<ThreadId> {
    let sender = message.from.as_ref()?;
    if message.automatic.is_some() || !is_internal(context.internal, sender.domain()) {
        return None;
    }
    let speaks_of = |thread: &&Thread, ids: &[MessageId]| {
        thread.counterpart.key != from.key
            && thread.messages.iter().any(|line| ids.contains(&line.message_id))
    };
    let by = |ids: &[MessageId]| found.iter().find(|thread| speaks_of(thread, ids)).map(|thread| thread.id);
    by(&message.in_reply_to).or_else(|| by(&message.references))
}

fn accept_bounce(
    writer: &mut Writer<'_>,
    taken: Taken,
    thread: ThreadId,
    counterpart: Counterpart,
    letter: MessageId,
    permanent: bool,
) -> Result<(), Fault> {
    let (blob, received) = (taken.blob.clone(), taken.received);
    let event = Event::Received(arrival(taken, counterpart, false));
    writer.append(thread, Actor::bot(), received, event)?;
    let reason = SetAsideReason::Bounce;
    writer.append(thread, Actor::bot(), writer.now(), Event::SetAside { blob: blob.clone(), reason })?;
    if permanent {
        writer.void(thread, VoidReason::NewerMail)?;
        writer.append(thread, Actor::bot(), received, Event::Bounced { blob, letter })?;
    }
    Ok(())
}

fn accept_sent(writer: &mut Writer<'_>, context: &Context<'_>, taken: Taken) -> Result<(), Fault> {
    let found = writer.citing(threading::ids(&taken.message))?;
    if let Some(digest) = &taken.message.letter
        && let Some(thread) = found.iter().find(|thread| knows_letter(thread, digest))
    {
        return our_copy(writer, thread, digest.clone(), taken.received);
    }
    let recipients: Vec<Counterpart> = sides(context, &taken.message);
    let cited = |thread: &&Thread| {
        thread.messages.iter().any(|line| taken.message.in_reply_to.contains(&line.message_id))
    };
    let goes_there = |thread: &&Thread| recipients.iter().any(|side| side.key == thread.counterpart.key);
    let thread = found
        .iter()
        .find(|thread| cited(thread) && goes_there(thread))
        .or_else(|| found.iter().find(goes_there))
        .or_else(|| found.iter().find(cited));
    let Some(thread) = thread else {
        return begin_with_ours(writer, recipients, taken);
    };
    // It may be what shows that several threads of theirs are one.
    let theirs = found.iter().filter(|other| other.counterpart.key == thread.counterpart.key);
    let mut numbers: Vec<ThreadId> = theirs.map(|thread| thread.id).collect();
    numbers.sort_unstable();
    let number = numbers.first().copied().unwrap_or(thread.id);
    for other in numbers.into_iter().skip(1) {
        writer.merge(number, other)?;
    }
    let Some(thread) = writer.thread(number)? else { return Ok(()) };
    let answers = answers(writer, context, &thread, &taken.message)?;
    let holding = answers && is_holding(&taken.message);
    let asks_others = !answers && asks_others(context, &thread, &taken.message);
    let to: Vec<Address> = taken.message.to.iter().chain(&taken.message.cc).cloned().collect();
    let (outgoing, at) = outgoing(taken, thread.counterpart);
    if answers && !holding {
        writer.void(number, VoidReason::AnsweredOutside)?;
    }
    let event = if holding {
        Event::HoldingSent(outgoing)
    } else if answers {
        Event::AnsweredOutside(outgoing)
    } else if asks_others {
        let to = to.into_iter().filter(|address| !is_ours(context, address)).collect();
        Event::OpinionAsked { to, message: Some(outgoing) }
    } else {
        Event::SentSeen(outgoing)
    };
    writer.append(number, Actor::bot(), at, event)?;
    Ok(())
}

/// Mail of ours whose question is not known, or not known yet.
fn begin_with_ours(writer: &mut Writer<'_>, recipients: Vec<Counterpart>, taken: Taken) -> Result<(), Fault> {
    let counterpart = recipients.into_iter().next().unwrap_or_else(|| Counterpart {
        key: format!("nobody:{}", taken.blob),
        name: String::new(),
        kind: None,
    });
    let (outgoing, at) = outgoing(taken, counterpart);
    writer.append(writer.next_thread(), Actor::bot(), at, Event::SentSeen(outgoing))?;
    Ok(())
}

/// The event's content, and when it was sent.
fn outgoing(taken: Taken, counterpart: Counterpart) -> (Outgoing, Timestamp) {
    let outgoing = Outgoing {
        blob: taken.blob,
        size: taken.size,
        place: taken.place,
        counterpart,
        message: taken.message,
    };
    (outgoing, taken.received)
}

/// A copy of a letter of ours: it proves that an uncertain one has left.
fn our_copy(writer: &mut Writer<'_>, thread: &Thread, digest: String, at: Timestamp) -> Result<(), Fault> {
    if thread.sent.iter().any(|letter| letter.digest == digest && letter.copy_filed) {
        return Ok(());
    }
    let waits = thread.letter.as_ref().is_some_and(|letter| letter.digest == digest);
    writer.append(thread.id, Actor::bot(), at, Event::CopyFiled { digest })?;
    if waits && thread.state == State::Uncertain {
        let event = Event::UncertainSettled { outcome: Settlement::Sent };
        writer.append(thread.id, Actor::bot(), at, event)?;
    }
    Ok(())
}

fn knows_letter(thread: &Thread, digest: &str) -> bool {
    thread.letter.as_ref().is_some_and(|letter| letter.digest == digest)
        || thread.sent.iter().any(|letter| letter.digest == digest)
}

/// A reply known before its question: it answers now.
fn find_answer(
    writer: &mut Writer<'_>,
    context: &Context<'_>,
    thread: &Thread,
    question: &MessageId,
) -> Result<(), Fault> {
    let replies: Vec<_> = thread
        .messages
        .iter()
        .filter(|line| line.direction == Direction::Outgoing && line.human && line.cites.contains(question))
        .cloned()
        .collect();
    for reply in replies {
        if let Some(message) = writer.outgoing_message(reply.seq)?
            && answers(writer, context, thread, &message)?
            && !is_holding(&message)
        {
            let event = Event::AnswerFound { blob: reply.blob };
            writer.append(thread.id, Actor::bot(), reply.occurred, event)?;
        }
    }
    Ok(())
}

/// Whether a message of ours answers the one who asked: a person wrote it, it cites a message of theirs,
/// and it goes to their side. A forward to a colleague carries the same headers and answers nobody.
fn answers(
    writer: &Writer<'_>,
    context: &Context<'_>,
    thread: &Thread,
    message: &Message,
) -> Result<bool, Fault> {
    if message.automatic.is_some() {
        return Ok(false);
    }
    let cites = |id: &MessageId| message.in_reply_to.contains(id) || message.references.contains(id);
    let mut cited = thread
        .messages
        .iter()
        .filter(|line| line.direction == Direction::Incoming && line.human && cites(&line.message_id))
        .peekable();
    if cited.peek().is_none() {
        return Ok(false);
    }
    if sides(context, message).iter().any(|side| side.key == thread.counterpart.key) {
        return Ok(true);
    }
    // Someone may ask to be answered elsewhere.
    for line in cited {
        if let Some(question) = writer.received_message(line.seq)? {
            let asked = question.reply_to.iter().chain(&question.from);
            let mut to = message.to.iter().chain(&message.cc);
            if to.any(|to| asked.clone().any(|address| address.same_mailbox(&to.email))) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether a person of ours passes on what was asked to somebody else.
fn asks_others(context: &Context<'_>, thread: &Thread, message: &Message) -> bool {
    let cites = |id: &MessageId| message.in_reply_to.contains(id) || message.references.contains(id);
    let cited = |line: &Line| line.direction == Direction::Incoming && line.human && cites(&line.message_id);
    let mut to = message.to.iter().chain(&message.cc).filter(|address| !is_ours(context, address));
    message.automatic.is_none()
        && thread.messages.iter().any(cited)
        && to.next().is_some()
        && sides(context, message).iter().all(|side| side.key != thread.counterpart.key)
}

/// The sides that a message of ours goes to.
fn sides(context: &Context<'_>, message: &Message) -> Vec<Counterpart> {
    message
        .to
        .iter()
        .chain(&message.cc)
        .filter(|address| !is_ours(context, address))
        .map(|address| context.organisations.of(&address.email))
        .filter(|side| !side.key.is_empty())
        .collect()
}

fn is_ours(context: &Context<'_>, address: &Address) -> bool {
    context.ours.iter().any(|own| address.same_mailbox(own))
}

fn known<'a>(threads: &'a [Thread], message: &MessageId) -> Vec<Known<'a>> {
    threads
        .iter()
        .map(|thread| Known {
            thread: thread.id,
            counterpart: &thread.counterpart.key,
            outgoing_only: thread.is_outgoing_only(),
            cites_it: thread.messages.iter().any(|line| line.cites.contains(message)),
        })
        .collect()
}

/// The thread that sent the letter `id`.
fn sender_of(writer: &Writer<'_>, id: &MessageId) -> Result<Option<ThreadId>, Fault> {
    let threads = writer.citing([id])?;
    let sent = |thread: &&Thread| {
        thread.sent.iter().any(|letter| letter.message_id == *id)
            || thread
                .messages
                .iter()
                .any(|line| line.direction == Direction::Outgoing && line.message_id == *id)
    };
    Ok(threads.iter().find(sent).map(|thread| thread.id))
}

fn set_aside_reason(message: &Message, own: bool) -> Option<SetAsideReason> {
    if own {
        return Some(SetAsideReason::OwnAddress);
    }
    match &message.automatic {
        Some(Automatic::Bounce { .. }) => return Some(SetAsideReason::Bounce),
        Some(Automatic::AutoReply) => return Some(SetAsideReason::AutoReply),
        Some(Automatic::Generated | Automatic::Notice) => return Some(SetAsideReason::Generated),
        Some(Automatic::List) => return Some(SetAsideReason::List),
        Some(Automatic::Calendar) => return Some(SetAsideReason::Calendar),
        Some(Automatic::Receipt) => return Some(SetAsideReason::Receipt),
        None => {}
    }
    message.defects.iter().find_map(|defect| match defect {
        Defect::TooLarge => Some(SetAsideReason::TooLarge),
        Defect::Unparsable => Some(SetAsideReason::Unparsable),
        Defect::NotConverted => Some(SetAsideReason::NotConverted),
        _ => None,
    })
}

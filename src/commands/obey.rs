//! Carries commands out at the desk, and answers in a few lines.
//!
//! In a room that is not protected an answer says what a card may say: no name of who wrote, no address,
//! no subject, no text. What is refused is in the access log.

use super::{Addressed, Code, Command, Said, Span, Verb, help, parse};
use crate::account::Permission;
use crate::config::{Config, Room};
use crate::people::{Accessed, People};
use crate::report::{By, FEW, Period, Report, Scope};
use crate::review::{Decision, Desk, HistoryLine, MessageView, QueueLine, Refusal, Shown};
use crate::thread::{Actor, Direction, Lacking, State, ThreadId};
use crate::wording::{Wording, key};
use jiff::ToSpan as _;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::fmt::Display;
use std::sync::Arc;

/// Lines of a list; the others are counted.
const LISTED: usize = 20;
/// Characters of a question that are shown.
const QUOTED: usize = 2_000;
/// Words that are shown of those that decided.
const WORDS: usize = 6;

/// The desk, as the chat commands it.
#[derive(Clone)]
pub struct Commands {
    /// The desk.
    pub desk: Desk,
    /// Response times.
    pub report: Report,
    /// Who somebody is, and the access log.
    pub people: People,
    /// Where the console is.
    pub config: Arc<Config>,
    /// The language of the answers.
    pub wording: Wording,
}

/// Something that was said where the bot hears it.
#[derive(Debug, Clone, Copy)]
pub struct Spoken<'a> {
    /// Who spoke, by the identity that the chat vouches for.
    pub person: &'a str,
    /// Their account; `None`: nobody knows them.
    pub name: Option<&'a str>,
    /// The words.
    pub text: &'a str,
    /// How the bot may have been called.
    pub addressed: Addressed<'a>,
    /// Where.
    pub room: &'a Room,
    /// Whether it was heard before, by a process that ended before it had answered.
    pub again: bool,
}

/// Why a command was not carried out.
enum No {
    /// The desk's reason.
    Refused(Refusal),
    /// The key of a text.
    Said(&'static str),
    /// A line of its own.
    Line(String),
}

impl<T: Into<Refusal>> From<T> for No {
    fn from(why: T) -> Self {
        Self::Refused(why.into())
    }
}

impl Commands {
    /// The answer to what was said, in lines; `None` if it was not meant for the bot.
    #[must_use]
    pub fn obey(&self, spoken: &Spoken<'_>) -> Option<Vec<String>> {
        let asked = match parse(spoken.text, &spoken.addressed) {
            Said::NotForMe => return None,
            Said::Wrong(wrong) => Err(wrong),
            Said::Command(command) => Ok(command),
        };
        let Some(name) = spoken.name else {
            self.refused(&Actor::reviewer(spoken.person, None), asked.as_ref().ok());
            return Some(vec![self.wording.text("chat-stranger")]);
        };
        let actor = Actor::reviewer(name, None);
        let done = match &asked {
            // Done or not: who said it looks before saying it again.
            Ok(command) if spoken.again && command.changes() => Err(self.interrupted(command)),
            Ok(command) => self.carry_out(command, &actor, spoken.room).map_err(|no| {
                self.refused(&actor, Some(command));
                self.why_not(no)
            }),
            Err(wrong) => Err(wrong.line(&self.wording)),
        };
        Some(done.unwrap_or_else(|line| vec![line]))
    }

    /// What to tell where nobody knows any more whether it was done.
    fn interrupted(&self, command: &Command) -> String {
        let id = command.thread().unwrap_or_default();
        let state = match self.desk.standing_of(id) {
            Ok(Some((_, state))) => self.wording.text(&format!("state-{state}")),
            Ok(None) => return self.why_not(Refusal::NoThread { id }.into()),
            Err(fault) => return self.why_not(fault.into()),
        };
        let values: [(&str, &dyn Display); 2] = [("id", &id), ("state", &state)];
        self.wording.with("chat-interrupted", &values)
    }

    /// Into the access log; without a command, where none was said.
    fn refused(&self, actor: &Actor, command: Option<&Command>) {
        let verb = command.map(|command| key(&command.verb())).unwrap_or_default();
        self.people.note(actor, Accessed::Refused { verb, thread: command.and_then(Command::thread) });
    }

    fn why_not(&self, no: No) -> String {
        match no {
            No::Refused(refusal) if refusal.is_fault() => {
                tracing::error!(fault = %refusal, "a command of the chat was not carried out");
                self.wording.text("chat-store")
            }
            // The console's to settle: their lines name addresses, or what the command line would want.
            No::Refused(
                Refusal::Unconfirmed { .. }
                | Refusal::OpenFields { .. }
                | Refusal::Superseded { .. }
                | Refusal::NotSealable { .. }
                | Refusal::Sample,
            ) => self.wording.text("chat-look-closer"),
            No::Refused(Refusal::NotChosen) => self.wording.text(Lacking::Choice.key()),
            No::Refused(Refusal::NothingWritten) => self.wording.text(Lacking::Text.key()),
            // With a colleague's reason, which an open room does not see.
            No::Refused(Refusal::Suspended(suspension)) => {
                let title = self.desk.library.current().title(&suspension.entry);
                self.wording.with("chat-suspended", &[("entry", &title)])
            }
            No::Refused(Refusal::NotEnabled { .. }) => self.wording.text("chat-not-enabled"),
            No::Refused(refusal) => refusal.line(&self.wording, self.desk.zone(), &self.config.data_dir),
            No::Said(key) => self.wording.text(key),
            No::Line(line) => line,
        }
    }

    /// Whether the config lets this verb be obeyed here, from this person.
    fn may_here(&self, verb: Verb, actor: &Actor, room: &Room) -> Result<(), No> {
        let rule = self.config.chat.as_ref().and_then(|chat| chat.verbs.get(key(&verb).as_str()));
        let Some(rule) = rule else { return Ok(()) };
        if rule.rooms.as_ref().is_some_and(|rooms| !rooms.contains(&room.id)) {
            return Err(No::Said("chat-verb-not-here"));
        }
        if let Some(roles) = &rule.roles {
            let person = self.people.known(&actor.name);
            if !person.is_ok_and(|person| !person.roles.is_disjoint(roles)) {
                return Err(No::Said("chat-verb-not-you"));
            }
        }
        Ok(())
    }

    fn carry_out(&self, command: &Command, actor: &Actor, room: &Room) -> Result<Vec<String>, No> {
        self.may_here(command.verb(), actor, room)?;
        let protected = room.protected;
        let decide = |id: ThreadId, decision| self.decide(id, None, decision, actor);
        match command {
            Command::Help(verb) => {
                let mut lines = help(&self.wording, *verb);
                if *verb == Some(Verb::Reclassify) {
                    let replies = self.desk.library.current();
                    lines.extend(replies.slugs().map(|slug| self.named(slug, &replies.title(slug.as_str()))));
                }
                Ok(lines)
            }
            Command::Queue => {
                self.desk.may(actor, Permission::Read)?;
                self.queue(protected)
            }
            Command::Status => {
                self.desk.may(actor, Permission::Read)?;
                self.status()
            }
            Command::Times(span) => {
                self.desk.may(actor, Permission::ReadFigures)?;
                self.times(*span)
            }
            Command::Show(id) => {
                self.may_see(*id, actor, protected)?;
                let shown = self.desk.show(*id)?.ok_or(Refusal::NoThread { id: *id })?;
                Ok(self.shown(&shown))
            }
            Command::Explain(id) => {
                self.may_see(*id, actor, protected)?;
                self.explained(*id)
            }
            Command::Edit(id) => {
                self.desk.may(actor, Permission::Decide)?;
                let url = self.config.chat.as_ref().and_then(|chat| chat.console_url.as_deref());
                let url = url.ok_or(No::Said("chat-no-console"))?;
                Ok(vec![format!("{url}/fils/{id}?modifier=1")])
            }
            Command::Claim(id) => decide(*id, Decision::Claim),
            Command::Release(id) => decide(*id, Decision::Release),
            Command::Withdraw(id) => decide(*id, Decision::Withdraw),
            Command::Settle(id, outcome) => decide(*id, Decision::Settle { outcome: *outcome }),
            Command::Reject(id, reason) => {
                decide(*id, Decision::Close { reason: reason.as_str().to_owned() })
            }
            Command::Note(id, text) => decide(*id, Decision::Note { text: text.as_str().to_owned() }),
            Command::Reclassify(id, entries) => {
                let entries = entries.iter().map(ToString::to_string).collect();
                decide(*id, Decision::Reclassify { entries, language: None })
            }
            Command::Approve(id, code) => self.approve(*id, *code, actor, protected),
        }
    }

    fn decide(
        &self,
        id: ThreadId,
        seen: Option<u64>,
        decision: Decision,
        actor: &Actor,
    ) -> Result<Vec<String>, No> {
        let is_note = matches!(decision, Decision::Note { .. });
        let thread = self.desk.decide(id, seen, decision, actor)?;
        if is_note {
            return Ok(vec![self.wording.with("chat-noted", &[("id", &thread.id)])]);
        }
        let state = self.wording.text(&format!("state-{}", thread.state));
        let claim = thread.claim.filter(|_| thread.state == State::ToReview);
        let claimed = claim.map(|claim| self.wording.with("chat-card-claimed", &[("name", &claim.by)]));
        let stands = [Some(state), claimed].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let values: [(&str, &dyn Display); 2] = [("id", &thread.id), ("state", &stands)];
        Ok(vec![self.wording.with("chat-done", &values)])
    }

    /// Approves what the card showed, and nothing newer: the code says what that was.
    fn approve(&self, id: ThreadId, code: Code, actor: &Actor, protected: bool) -> Result<Vec<String>, No> {
        // Before anything is told of the thread.
        self.desk.may(actor, Permission::Decide)?;
        let shown = self.desk.show(id)?.ok_or(Refusal::NoThread { id })?;
        // Somebody was faster: who, and what they did.
        let last = shown.events.iter().rev().find(|event| event.actor.name != Actor::bot().name);
        if let Some(event) = last.filter(|_| shown.summary.state != State::ToReview) {
            let state = self.wording.text(&format!("state-{}", shown.summary.state));
            let what = self.told(event, protected);
            let values: [(&str, &dyn Display); 4] =
                [("id", &id), ("state", &state), ("what", &what), ("name", &event.actor.name)];
            return Err(No::Line(self.wording.with("chat-too-late", &values)));
        }
        let draft = shown.draft.as_ref().ok_or(Refusal::NoDraft)?;
        match draft.code() {
            Ok(now) if now == code => {}
            Err(why) => return Err(No::Said(why.key())),
            Ok(_) => {
                let changed = shown.events.iter().rev().find(|event| event.decisive);
                let what = changed.map(|event| self.told(event, protected)).unwrap_or_default();
                let values: [(&str, &dyn Display); 2] = [("id", &id), ("what", &what)];
                return Err(No::Line(self.wording.with("chat-other-code", &values)));
            }
        }
        let decision = Decision::Approve { confirmed: Vec::new(), despite_superseded: Vec::new() };
        self.decide(id, Some(shown.summary.version), decision, actor)
    }

    /// What happened; its detail may hold a colleague's words, which an open room does not see.
    fn told(&self, event: &HistoryLine, protected: bool) -> String {
        let detail = event.detail.clone().filter(|_| protected);
        HistoryLine { detail, ..event.clone() }.said(&self.wording)
    }

    /// Whether a thread is there, and may be shown to this person and in this room; noted as read, then.
    fn may_see(&self, id: ThreadId, actor: &Actor, protected: bool) -> Result<(), No> {
        self.desk.may(actor, Permission::Read)?;
        if !protected {
            return Err(No::Said("chat-not-here"));
        }
        self.desk.standing_of(id)?.ok_or(Refusal::NoThread { id })?;
        self.people.note(actor, Accessed::Thread { thread: id });
        Ok(())
    }

    fn shown(&self, shown: &Shown) -> Vec<String> {
        let of = &shown.summary;
        let state = self.wording.text(&format!("state-{}", of.state));
        let number = self.wording.with("chat-card-number", &[("id", &of.id)]);
        let mut lines = vec![format!("{number} · {} · {} · {state}", of.organisation, of.subject)];
        let theirs = |message: &&MessageView| message.direction == Direction::Incoming && !message.opinion;
        if let Some(asked) = shown.messages.iter().rev().find(theirs) {
            let text = &asked.message.newest.text;
            let cut: String = text.chars().take(QUOTED).collect();
            lines.extend(cut.lines().map(|line| format!("> {line}")));
            lines.extend((cut.len() < text.len()).then(|| self.wording.text("chat-cut")));
        }
        let Some(draft) = &shown.draft else { return lines };
        lines.push(String::new());
        lines.extend(draft.head(&self.wording));
        lines.push(String::new());
        lines.extend(draft.in_message().lines().map(str::to_owned));
        if of.state == State::ToReview {
            lines.push(String::new());
            let lacking = Lacking::of(&draft.kind, of.level, shown.chosen).map(Lacking::key);
            lines.push(match (lacking, draft.code()) {
                (Some(lacking), _) => self.wording.text(lacking),
                (None, Ok(code)) => {
                    self.wording.with("chat-card-approve", &[("id", &of.id), ("code", &code)])
                }
                (None, Err(why)) => self.wording.text(why.key()),
            });
        }
        lines
    }

    fn named(&self, name: &dyn Display, value: &dyn Display) -> String {
        self.wording.with("chat-named", &[("name", name), ("value", value)])
    }

    fn queue(&self, protected: bool) -> Result<Vec<String>, No> {
        let (mut waiting, mut count) = (Vec::new(), 0);
        for state in State::WAITING {
            let counted = self.desk.queue(state)?;
            waiting.extend(counted.lines);
            count += counted.count;
        }
        waiting.sort_by_key(|line| (Reverse(line.age), line.summary.id));
        let mut lines = vec![self.wording.with("chat-queue", &[("count", &count)])];
        lines.extend(waiting.iter().take(LISTED).map(|line| self.queue_line(line, protected)));
        if count > LISTED {
            let more = count - LISTED;
            lines.push(self.wording.with("chat-morning-more", &[("count", &more)]));
        }
        Ok(lines)
    }

    fn queue_line(&self, line: &QueueLine, protected: bool) -> String {
        let of = &line.summary;
        let replies = self.desk.library.current();
        let entries: Vec<String> = of.suggestions.iter().map(|slug| replies.title(slug)).collect();
        let level = of.level.map(|level| self.wording.text(&format!("level-{}", key(&level))));
        let claimed =
            of.claimed_by.as_ref().map(|name| self.wording.with("chat-card-claimed", &[("name", name)]));
        let state = (of.state != State::ToReview).then(|| self.wording.text(&format!("state-{}", of.state)));
        let parts = [
            Some(self.wording.with("chat-card-number", &[("id", &of.id)])),
            protected.then(|| of.organisation.clone()),
            Some(entries.join(", ")),
            level,
            state,
            line.age.map(|age| self.wording.duration(age)),
            claimed,
        ];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    fn explained(&self, id: ThreadId) -> Result<Vec<String>, No> {
        let Some(found) = self.desk.why(id)?.classification else { return Err(No::Said("chat-no-reasons")) };
        let replies = self.desk.library.current();
        let mut lines: Vec<String> = Vec::new();
        for candidate in found.candidates.iter().take(3) {
            let words = found.evidence.iter().filter(|word| word.entry == candidate.entry).take(WORDS);
            let words: Vec<&str> = words.map(|word| word.word.as_str()).collect();
            let percent = format!("{:.0}", candidate.confidence * 100.0);
            let values: [(&str, &dyn Display); 3] = [
                ("entry", &replies.title(&candidate.entry)),
                ("percent", &percent),
                ("words", &words.join(", ")),
            ];
            let text = if words.is_empty() { "chat-candidate" } else { "chat-candidate-words" };
            lines.push(self.wording.with(text, &values));
        }
        if lines.is_empty() { Err(No::Said("chat-no-reasons")) } else { Ok(lines) }
    }

    fn status(&self) -> Result<Vec<String>, No> {
        let standing = self.desk.standing()?;
        let states = standing.states.iter().filter(|(_, count)| *count > 0);
        let line = |(state, count): &(State, usize)| {
            self.named(&self.wording.text(&format!("state-{state}")), count)
        };
        let mut lines: Vec<String> = states.map(line).collect();
        lines.push(self.wording.text(match standing.mailbox_lost {
            Some(_) => "chat-mailbox-lost",
            None => "chat-mailbox-well",
        }));
        Ok(lines)
    }

    fn times(&self, span: Option<Span>) -> Result<Vec<String>, No> {
        let scope = Scope { provisional: true, ..Scope::of(self.period(span)) };
        let overview = self.report.overview(&scope, By::Entry);
        let overview = overview.map_err(|_| No::Said("chat-no-times"))?;
        let of = &overview.headline;
        if of.count == 0 {
            let values: [(&str, &dyn Display); 2] = [("count", &of.questions), ("open", &of.open)];
            return Ok(vec![self.wording.with("chat-times-none", &values)]);
        }
        let seconds = |seconds: Option<u64>| {
            seconds.map_or("—".to_owned(), |of| self.wording.duration(std::time::Duration::from_secs(of)))
        };
        let share = of.share.map_or("—".to_owned(), |share| self.wording.percent(share));
        // Of a few values, no quantile says more than they do themselves.
        let few: Vec<String> = of.business.values.iter().map(|of| seconds(Some(*of))).collect();
        let values: [(&str, &dyn Display); 7] = [
            ("values", &few.join(", ")),
            ("count", &of.questions),
            ("answered", &of.count),
            ("share", &share),
            ("median", &seconds(of.business_median)),
            ("p90", &seconds(of.business_p90)),
            ("open", &of.open),
        ];
        let text = if of.count < FEW { "chat-times-few" } else { "chat-times" };
        let provisional =
            overview.unconfirmed.map(|year| self.wording.with("report-provisional", &[("year", &year)]));
        Ok([Some(self.wording.with(text, &values)), provisional].into_iter().flatten().collect())
    }

    /// The days of a span, as of today.
    fn period(&self, span: Option<Span>) -> Period {
        let today = self.desk.today();
        let Some(span) = span else { return Period::default() };
        let month_of = |first: Date| (first, first.saturating_add(1.month()).saturating_sub(1.day()));
        let (from, to) = match span {
            Span::Week => {
                let monday = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
                (monday, today)
            }
            Span::Month => (today.first_of_month(), today),
            Span::Year => (today.first_of_year(), today),
            Span::MonthOf { year, month } => match Date::new(year, month, 1) {
                Ok(first) => month_of(first),
                Err(_) => (today, today),
            },
            Span::YearOf(year) => {
                let first = Date::new(year, 1, 1).unwrap_or(today);
                (first, first.last_of_year())
            }
        };
        Period { from: Some(from), to: Some(to) }
    }
}

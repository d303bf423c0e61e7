//! What is going to happen, quarter by quarter, and the desk to which it happens.

use crate::desk::mail;
use crate::parts::{DESK, Learned, Parts};
use crate::time::{BEGIN, quarter, timestamp};
use greffier::draft::LetterKind;
use greffier::message::MessageId;
use greffier::people::{Absence, By, Change, Role};
use greffier::review::{Call, Decision, FirstLetter, Refusal};
use greffier::thread::{Actor, Medium, Thread, ThreadId};
use jiff::ToSpan as _;
use std::collections::{BTreeMap, HashMap};

/// The number of a matter: one asker's exchange with the desk.
pub type Matter = usize;

/// Who decides.
pub const STAFF: [&str; 3] = ["Marie Tremblay", "Luc Gagnon", "Anne Directrice"];

/// The raw mail, once it is known what came before: a mail may cite a letter of ours.
type Raw = Box<dyn Fn(&World) -> String>;

/// One thing that happens.
pub enum Action {
    /// A mail comes, or is found in Sent.
    Mail { raw: Raw, at: i64, sent: bool },
    /// Somebody decides.
    Deed { matter: Matter, deed: Deed, by: &'static str },
}

/// What somebody at the desk does with a matter.
pub enum Deed {
    Approve,
    /// Another one has it in hand.
    ApproveInVain,
    Write(String),
    Choose(Vec<&'static str>),
    Claim,
    Release,
    /// A trainee of this matter alone takes it in hand.
    TraineeClaims,
    /// And is away from that day on.
    TraineeLeaves,
    Wait,
    Resume,
    /// Some seconds ago.
    Telephoned(i64),
    NoAnswer,
    Correct,
    Transfer,
    Close,
    /// It was received at this moment already.
    CameEarlier(i64),
    /// A call came in some seconds ago.
    TakeCall(i64),
    /// The desk writes to this address first.
    WriteFirst(String),
}

/// What is planned.
#[derive(Default)]
pub struct Plan(BTreeMap<i64, Vec<Action>>);

impl Plan {
    pub fn mail(&mut self, at: i64, raw: impl Fn(&World) -> String + 'static) {
        let action = Action::Mail { raw: Box::new(raw), at, sent: false };
        self.0.entry(quarter(at)).or_default().push(action);
    }

    pub fn sent(&mut self, at: i64, raw: impl Fn(&World) -> String + 'static) {
        let action = Action::Mail { raw: Box::new(raw), at, sent: true };
        self.0.entry(quarter(at)).or_default().push(action);
    }

    pub fn deed(&mut self, at: i64, matter: Matter, by: usize, deed: Deed) {
        assert_eq!(at, quarter(at), "the desk works at the quarter");
        self.0.entry(at).or_default().push(Action::Deed { matter, deed, by: STAFF[by % STAFF.len()] });
    }

    /// How many mails it has.
    pub fn mails(&self) -> usize {
        self.0.values().flatten().filter(|action| matches!(action, Action::Mail { .. })).count()
    }

    /// The most mails of one hour.
    pub fn most_in_an_hour(&self) -> usize {
        let mut hours: BTreeMap<i64, usize> = BTreeMap::new();
        for action in self.0.values().flatten() {
            if let Action::Mail { at, .. } = action {
                *hours.entry(at / 3600).or_default() += 1;
            }
        }
        hours.into_values().max().unwrap_or(0)
    }
}

/// The desk, and which thread each matter became.
pub struct World {
    pub parts: Parts,
    begun: HashMap<Matter, ThreadId>,
}

impl World {
    pub fn new(learned: &Learned) -> Self {
        let parts = Parts::new(learned, timestamp(BEGIN));
        for name in STAFF {
            let roles = [Role::Reviewer, Role::Signer].into();
            parts.people.add(name, roles, None, By::Operator).unwrap();
        }
        Self { parts, begun: HashMap::new() }
    }

    /// Lets everything happen that is planned; `look` sees the desk after every quarter.
    pub fn live(&mut self, plan: &Plan, mut look: impl FnMut(&Parts)) {
        for (now, actions) in &plan.0 {
            self.parts.clock.set(timestamp(*now));
            self.parts.people.tend().unwrap();
            for action in actions {
                match action {
                    Action::Mail { raw, at, sent: false } => {
                        let raw = raw(self);
                        self.parts.deliver(&raw, timestamp(*at));
                    }
                    Action::Mail { raw, at, sent: true } => {
                        let raw = raw(self);
                        self.parts.send_by_hand(&raw, timestamp(*at));
                    }
                    Action::Deed { matter, deed, by } => self.carry_out(*now, *matter, deed, by),
                }
            }
            self.parts.turn();
            look(&self.parts);
        }
    }

    /// The thread of a matter.
    pub fn thread(&self, matter: Matter) -> Thread {
        let begun = self.begun.get(&matter).copied();
        let id = begun.unwrap_or_else(|| {
            let first = MessageId::parse(&first_id(matter)).unwrap();
            *self.parts.journal.citing(&first).unwrap().first().unwrap()
        });
        self.parts.thread(id)
    }

    /// The Message-ID of the last letter that left in a matter.
    pub fn letter(&self, matter: Matter) -> String {
        self.thread(matter).sent.last().unwrap().message_id.as_str().to_owned()
    }

    fn carry_out(&mut self, now: i64, matter: Matter, deed: &Deed, by: &str) {
        let reviewer = Actor::reviewer(by, None);
        let prepare =
            |kind, office: Option<&str>| Decision::Prepare { kind, office: office.map(str::to_owned) };
        let decision = match deed {
            Deed::TakeCall(before) => {
                let call = Call {
                    medium: Medium::Telephone,
                    at: Some(timestamp(now - before)),
                    name: format!("Appelant {matter}"),
                    email: None,
                    subject: "Appel".to_owned(),
                    text: "Jusqu’à quand la suspension s’applique-t-elle ?".to_owned(),
                };
                let thread = self.parts.desk.record_call(call, &reviewer).unwrap();
                self.begun.insert(matter, thread.id);
                return;
            }
            Deed::WriteFirst(to) => {
                let subject = "Votre projet".to_owned();
                let body = "Bonjour,\n\nVotre projet est inscrit à notre registre.".to_owned();
                let letter = FirstLetter { to: to.clone(), subject, body };
                let thread = self.parts.desk.write_first(letter, &reviewer).unwrap();
                self.begun.insert(matter, thread.id);
                return;
            }
            Deed::TraineeClaims => {
                let trainee = trainee(matter);
                self.parts.people.add(&trainee, [Role::Reviewer].into(), None, By::Operator).unwrap();
                self.parts.decide(self.thread(matter).id, Decision::Claim, &trainee).unwrap();
                return;
            }
            Deed::TraineeLeaves => {
                let today = self.parts.report.calendar().date_of(timestamp(now));
                let back = today.saturating_add(14.days());
                let away = Change::Absent(Absence { from: today, to: back, delegate: None });
                self.parts.people.change(&trainee(matter), away, By::Operator).unwrap();
                assert_eq!(self.thread(matter).claim, None);
                return;
            }
            Deed::Approve => {
                let approved = self.parts.approve(self.thread(matter).id, by);
                assert!(approved.is_ok(), "matter {matter}: {approved:?}");
                return;
            }
            Deed::ApproveInVain => {
                let refused = self.parts.approve(self.thread(matter).id, by);
                assert!(matches!(refused, Err(Refusal::Claimed { .. })), "matter {matter}: {refused:?}");
                return;
            }
            Deed::Write(body) => Decision::Edit { body: body.clone() },
            Deed::Choose(entries) => Decision::Reclassify {
                entries: entries.iter().map(ToString::to_string).collect(),
                language: None,
            },
            Deed::Claim => Decision::Claim,
            Deed::Release => Decision::Release,
            Deed::Wait => Decision::Wait { reason: "le nom du projet".to_owned() },
            Deed::Resume => Decision::Resume,
            Deed::Telephoned(before) => Decision::AnswerOtherwise {
                medium: Medium::Telephone,
                at: Some(timestamp(now - before)),
                summary: "Répondu de vive voix.".to_owned(),
            },
            Deed::NoAnswer => Decision::JudgeOutside { answers: false },
            Deed::Correct => prepare(LetterKind::Correction, None),
            Deed::Transfer => prepare(LetterKind::Transfer, Some("acces")),
            Deed::Close => Decision::Close { reason: "Hors de notre ressort".to_owned() },
            Deed::CameEarlier(received) => Decision::CorrectReceipt {
                question: 1,
                received: timestamp(*received),
                reason: "Resté chez un collègue".to_owned(),
            },
        };
        let done = self.parts.decide(self.thread(matter).id, decision, by);
        assert!(done.is_ok(), "matter {matter}: {done:?}");
    }
}

fn trainee(matter: Matter) -> String {
    format!("Stagiaire {matter}")
}

/// The Message-ID of the mail with which a matter begins.
pub fn first_id(matter: Matter) -> String {
    format!("q{matter}@asker.example")
}

/// A mail from an asker to the desk, or from the desk (`from` is [`DESK`]), that cites others, oldest first.
pub fn written(id: &str, from: &str, to: &str, subject: &str, cites: &[&str], text: &str) -> String {
    let headers = match cites.last() {
        None => String::new(),
        Some(last) => {
            let all: Vec<String> = cites.iter().map(|id| format!("<{id}>")).collect();
            format!("In-Reply-To: <{last}>\nReferences: {}\n", all.join(" "))
        }
    };
    mail(id, from, to, subject, &headers, text)
}

/// A mail from an asker.
pub fn asks(id: &str, from: &str, subject: &str, cites: &[&str], text: &str) -> String {
    written(id, from, DESK, subject, cites, text)
}

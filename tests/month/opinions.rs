//! What a colleague thinks is in no letter, whatever came before it, after it and between: neither its text,
//! nor its address, nor its Message-ID.

use crate::desk::mail;
use crate::letters::Letter;
use crate::parts::{DESK, Learned, Parts};
use greffier::draft::LetterKind;
use greffier::review::{Decision, FirstLetter};
use greffier::thread::{Actor, Event, Medium};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::sync::LazyLock;

static LEARNED: LazyLock<Learned> = LazyLock::new(Learned::new);

const ASKERS: [&str; 3] = ["anne.roy@cegep.example", "luc.dube@ville.example", "zoe.lavoie@hopital.example"];

/// What happens next. Numbers that choose something are taken modulo what there is.
#[derive(Debug, Clone)]
enum Step {
    /// An asker writes, and cites whatever is there, opinions included.
    Asks { who: usize, text: usize, cites: Vec<usize> },
    /// Somebody of ours passes a mail on to a colleague, from Outlook.
    Forwards { cites: Vec<usize> },
    /// A colleague writes back, and cites a mail of an asker's thread besides anything else.
    Opines { about: usize, cites: Vec<usize>, asks: bool },
    /// Somebody of ours writes to an asker from Outlook, beneath whatever is there.
    Writes { who: usize, promise: bool, cites: Vec<usize> },
    /// The desk writes first.
    Begins { who: usize },
    /// Somebody decides on a thread.
    Decides { thread: usize, what: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let cites = || proptest::collection::vec(0..40_usize, 0..4);
    prop_oneof![
        4 => (0..ASKERS.len(), 0..TEXTS.len(), cites())
            .prop_map(|(who, text, cites)| Step::Asks { who, text, cites }),
        2 => cites().prop_map(|cites| Step::Forwards { cites }),
        4 => (0..40_usize, cites(), any::<bool>())
            .prop_map(|(about, cites, asks)| Step::Opines { about, cites, asks }),
        1 => (0..ASKERS.len(), any::<bool>(), cites())
            .prop_map(|(who, promise, cites)| Step::Writes { who, promise, cites }),
        1 => (0..ASKERS.len()).prop_map(|who| Step::Begins { who }),
        5 => (0..8_usize, 0..DECISIONS).prop_map(|(thread, what)| Step::Decides { thread, what }),
    ]
}

const TEXTS: [&str; 4] = [
    "Bonjour,\n\nJusqu’à quand la suspension s’appliquera-t-elle ?\n\nMerci",
    "Bonjour,\n\nNotre organisme est-il visé par la suspension ?\n\nMerci",
    "Bonjour,\n\nMerci beaucoup, c’est très clair.",
    "Bonjour,\n\nLa présente vous avise de notre projet Boréal, conformément à la démarche structurée.",
];

/// A message that was sent or received, by whoever it was.
struct Known {
    id: String,
    /// Whether an asker or the desk wrote it in an asker's thread: what a colleague can be asked about.
    theirs: bool,
}

/// A desk, and all ids that somebody could cite.
struct Story {
    parts: Parts,
    now: Timestamp,
    known: Vec<Known>,
    /// For each opinion what no letter may hold.
    opinions: Vec<[String; 3]>,
}

impl Story {
    fn new() -> Self {
        let now: Timestamp = "2025-03-25T14:00:00Z".parse().unwrap();
        Self { parts: Parts::new(&LEARNED, now), now, known: Vec::new(), opinions: Vec::new() }
    }

    fn cited(&self, cites: &[usize]) -> Vec<String> {
        let ids =
            cites.iter().filter_map(|cite| Some(self.known[cite.checked_rem(self.known.len())?].id.clone()));
        ids.collect()
    }

    /// The headers that cite these, the last as what is answered.
    fn headers(ids: &[String]) -> String {
        let Some(last) = ids.last() else { return String::new() };
        let all: Vec<String> = ids.iter().map(|id| format!("<{id}>")).collect();
        format!("In-Reply-To: <{last}>\nReferences: {}\n", all.join(" "))
    }

    fn take(&mut self, step: &Step) {
        self.now = self.now.checked_add(SignedDuration::from_mins(7)).unwrap();
        self.parts.clock.set(self.now);
        let number = self.known.len();
        match step {
            Step::Asks { who, text, cites } => {
                let id = format!("q{number}@asker.example");
                let headers = Self::headers(&self.cited(cites));
                let raw = mail(&id, ASKERS[*who], DESK, "Votre boîte", &headers, TEXTS[*text]);
                self.parts.deliver(&format!("{raw}\nMessage {number}\n"), self.now);
                self.known.push(Known { id, theirs: true });
            }
            Step::Forwards { cites } => {
                let id = format!("f{number}@outlook.example");
                let headers = Self::headers(&self.cited(cites));
                let to = format!("collegue{number}@juridique.ministere.example");
                let raw = mail(&id, DESK, &to, "TR: Votre boîte", &headers, "Qu’en dis-tu ?");
                self.parts.send_by_hand(&raw, self.now);
                self.known.push(Known { id, theirs: false });
            }
            Step::Opines { about, cites, asks } => self.opine(*about, cites, *asks),
            Step::Writes { who, promise, cites } => {
                let id = format!("o{number}@outlook.example");
                let headers = Self::headers(&self.cited(cites));
                let text =
                    if *promise { "Bien reçu, on vous revient." } else { "Voici notre réponse : oui." };
                let raw = mail(&id, DESK, ASKERS[*who], "RE: Votre boîte", &headers, text);
                self.parts.send_by_hand(&raw, self.now);
                self.known.push(Known { id, theirs: false });
            }
            Step::Begins { who } => {
                let letter = FirstLetter {
                    to: ASKERS[*who].to_owned(),
                    subject: "Votre projet".to_owned(),
                    body: "Bonjour,\n\nVotre projet est inscrit.".to_owned(),
                };
                let thread = self.parts.desk.write_first(letter, &marie()).unwrap();
                self.parts.approve(thread.id, "Marie Tremblay").unwrap();
            }
            Step::Decides { thread, what } => self.decide(*thread, *what),
        }
        self.parts.turn();
        self.learn_letters();
    }

    /// A colleague answers what somebody was asked, from whichever address of the ministry.
    fn opine(&mut self, about: usize, cites: &[usize], asks: bool) {
        let asked: Vec<String> =
            self.known.iter().filter(|known| known.theirs).map(|of| of.id.clone()).collect();
        let Some(place) = about.checked_rem(asked.len()) else { return };
        let mut ids = self.cited(cites);
        // Before or after what else is cited: not always what In-Reply-To names.
        ids.insert(about.checked_rem(ids.len() + 1).unwrap_or(0), asked[place].clone());
        let number = self.known.len();
        let id = format!("avis{number}@serveur.example");
        let from = format!("collegue{number}@juridique.ministere.example");
        let text = format!("OPINION-{number}-CONFIDENTIELLE");
        let words = if asks {
            "Jusqu’à quand la suspension s’appliquera-t-elle ?"
        } else {
            "Je dirais que non."
        };
        let raw =
            mail(&id, &from, DESK, "RE: Votre boîte", &Self::headers(&ids), &format!("{text}. {words}"));
        self.parts.deliver(&raw, self.now);
        self.opinions.push([text, from, id.clone()]);
        self.known.push(Known { id, theirs: false });
    }

    /// Letters of ours are known to whoever got them.
    fn learn_letters(&mut self) {
        for raw in self.parts.letters() {
            let id = Letter::read(&raw).message_id;
            if !self.known.iter().any(|known| known.id == id) {
                self.known.push(Known { id, theirs: true });
            }
        }
    }

    /// A decision; what cannot be carried out now is refused, and nothing has happened.
    fn decide(&mut self, thread: usize, what: usize) {
        let ids: Vec<u64> = self.parts.journal.threads().map(|thread| thread.unwrap().id).collect();
        let Some(place) = thread.checked_rem(ids.len()) else { return };
        let (id, name) = (ids[place], "Marie Tremblay");
        let prepare =
            |kind, office: Option<&str>| Decision::Prepare { kind, office: office.map(str::to_owned) };
        let decision = match what {
            0 => prepare(LetterKind::Holding, None),
            1 => prepare(LetterKind::Correction, None),
            2 => prepare(LetterKind::Transfer, Some("acces")),
            3 => prepare(LetterKind::Acknowledgement, None),
            4 => prepare(LetterKind::Answer, None),
            5 => Decision::Reclassify { entries: vec!["duree-suspension".to_owned()], language: None },
            6 => Decision::Reopen,
            7 => Decision::Discard,
            8 => Decision::Wait { reason: "le nom du projet".to_owned() },
            9 => Decision::JudgeOutside { answers: self.now.as_second() % 2 == 0 },
            10 => Decision::AnswerOtherwise {
                medium: Medium::Telephone,
                at: None,
                summary: "Répondu de vive voix.".to_owned(),
            },
            11 => match self.parts.thread(id).links.first() {
                Some(other) => Decision::ConfirmLink { other: *other },
                None => Decision::Claim,
            },
            _ => {
                let _ = self.parts.approve(id, name);
                return;
            }
        };
        let _ = self.parts.decide(id, decision, name);
    }

    /// Looks through every draft that was ever prepared and every letter that was ever sealed.
    fn check(&self) -> Result<(), TestCaseError> {
        let mut questions = 0;
        for recorded in self.parts.journal.all_events().map(Result::unwrap) {
            if let Event::Approved(approval) = &recorded.event {
                let letter = Letter::read(&self.parts.journal.blobs().get(&approval.blob).unwrap());
                self.is_clean(&letter.all, "letter")?;
            }
            if let Some(draft) = recorded.event.into_draft() {
                self.is_clean(&serde_json::to_string(&draft).unwrap(), "draft")?;
            }
        }
        let mut opinions = 0;
        for thread in self.parts.journal.threads().map(Result::unwrap) {
            let is_opinion =
                |blob: &str| thread.messages.iter().any(|line| line.blob == blob && line.opinion);
            opinions += thread.messages.iter().filter(|line| line.opinion).count();
            questions += thread.questions.iter().filter(|question| is_opinion(&question.blob)).count();
        }
        // What no opinion was found in would prove nothing.
        prop_assert_eq!(opinions, self.opinions.len(), "opinions that were taken for one");
        prop_assert_eq!(questions, 0, "opinions that became questions");
        prop_assert!(self.parts.journal.verify().unwrap().problems.is_empty());
        Ok(())
    }

    fn is_clean(&self, text: &str, what: &str) -> Result<(), TestCaseError> {
        for trace in self.opinions.iter().flatten() {
            prop_assert!(!text.contains(trace.as_str()), "{} holds {}:\n{}", what, trace, text);
        }
        Ok(())
    }
}

/// How many kinds of decisions [`Story::decide`] knows; approvals stand for several.
const DECISIONS: usize = 17;

fn marie() -> Actor {
    Actor::reviewer("Marie Tremblay", None)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_letter_ever_holds_an_opinion(steps in proptest::collection::vec(step(), 4..28)) {
        let mut story = Story::new();
        for step in &steps {
            story.take(step);
        }
        story.check()?;
    }
}

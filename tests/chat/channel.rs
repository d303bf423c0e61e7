//! What every chat service must do for the desk. A new one implements [`Service`], and `contract!` makes
//! its tests; whatever is here holds for all of them alike.

use crate::desk::{Desk, Settings, UNTIL_WHEN, mail, question};
use std::time::{Duration, Instant};

/// How long the bot may take over anything, on two busy cores; longer than its pauses after a few faults.
pub const PATIENCE: Duration = Duration::from_secs(100);
/// After so long without a word the bot has nothing more to say.
const SILENCE: Duration = Duration::from_secs(4);

pub const ANNE: &str = "Anne Roy <anne.roy@cegep.example>";
pub const SUBJECT: &str = "Un objet confidentiel";

/// A team of three, and somebody whom the config does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Marie Tremblay, who reviews.
    Marie,
    /// Paul Roy, who reviews, too.
    Paul,
    /// Sylvie Côté, who supervises and decides nothing.
    Sylvie,
    Stranger,
}

/// The accounts at the desk.
pub const ACCOUNTS: [(Who, &str, &str); 3] = [
    (Who::Marie, "Marie Tremblay", "reviewer"),
    (Who::Paul, "Paul Roy", "reviewer"),
    (Who::Sylvie, "Sylvie Côté", "supervisor"),
];

/// The team's rooms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Where anybody may listen.
    Open,
    /// Where drafts may be shown.
    Safe,
}

/// A message of the bot, as people see it now.
#[derive(Debug, Clone)]
pub struct Seen {
    pub id: String,
    /// What it says now.
    pub now: String,
    /// All that it ever said, in order.
    pub versions: Vec<String>,
    /// All of it as the service has it.
    pub whole: String,
}

/// A chat service under test: a real server, real accounts, and the bot as one of them.
pub trait Service: Sized {
    /// A team with its rooms; `own` asks for a server of its own, which can be stopped.
    fn open(name: &str, own: bool) -> Self;
    /// The sections of the config.
    fn config(&self) -> String;
    /// Puts beside the config what it names.
    fn prepare(&self, desk: &Desk);
    /// Once the desk runs: until the bot is in its rooms.
    fn settle(&self);
    /// Calls the bot in a room: `words` are a command, without a sign before it.
    fn call(&self, who: Who, place: Place, words: &str);
    /// Says something beneath a card.
    fn answer(&self, who: Who, place: Place, card: &Seen, words: &str);
    /// Puts a sign on a card.
    fn sign(&self, who: Who, place: Place, card: &Seen, sign: &str);
    /// What the bot has said in a room.
    fn seen(&self, place: Place) -> Vec<Seen>;
    fn stop(&mut self);
    fn launch(&mut self);
}

/// A desk with its team.
pub struct Team<S> {
    pub desk: Desk,
    pub service: S,
}

impl<S: Service> Team<S> {
    pub fn new(service: S) -> Self {
        Self::with(service, "")
    }

    /// With further lines of config.
    pub fn with(service: S, more: &str) -> Self {
        let more = format!("{}\n{more}", service.config());
        let desk = Desk::with(&Settings { more, ..Settings::default() });
        service.prepare(&desk);
        for (_, name, role) in ACCOUNTS {
            desk.ok(&["user", "add", name, "--role", role]);
        }
        Self { desk, service }
    }

    pub fn start(&mut self) {
        self.desk.start();
        self.service.settle();
    }

    pub fn asked(&mut self, number: u32) {
        let from = format!("Anne Roy <anne.roy@cegep{number}.example>");
        let from = if number == 1 { ANNE } else { &from };
        self.desk.deliver_now(&question(&format!("q{number}@cegep.example"), from, SUBJECT, UNTIL_WHEN));
    }

    pub fn until_said(&self, place: Place, words: &str) -> Seen {
        let begun = Instant::now();
        loop {
            let seen = self.service.seen(place);
            if let Some(found) = seen.iter().rev().find(|seen| seen.now.contains(words)) {
                return found.clone();
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "nobody says {words:?} in {place:?}: {seen:#?}\n{}",
                self.desk.log()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Until the bot has said nothing new anywhere for a while; how much it has said, changes included.
    pub fn until_silent(&self) -> usize {
        let count = || -> usize {
            let places = [Place::Open, Place::Safe].into_iter().flat_map(|place| self.service.seen(place));
            places.map(|seen| seen.versions.len()).sum()
        };
        let (mut before, mut since) = (count(), Instant::now());
        while since.elapsed() < SILENCE {
            std::thread::sleep(Duration::from_millis(200));
            let seen = count();
            if seen != before {
                (before, since) = (seen, Instant::now());
            }
        }
        before
    }

    /// No message says the same twice in a row.
    pub fn each_change_is_said_once(&self) {
        for seen in [Place::Open, Place::Safe].into_iter().flat_map(|place| self.service.seen(place)) {
            let again = seen.versions.windows(2).find(|pair| pair[0] == pair[1]);
            assert_eq!(again, None, "{:#?}", seen.versions);
        }
    }
}

/// The code of a card in a protected room.
pub fn code(card: &Seen) -> String {
    let line = card.now.lines().find(|line| line.contains("Pour approuver")).expect("a code");
    line.rsplit(' ').next().unwrap().to_owned()
}

pub fn what_is_approved_leaves_and_the_cards_follow<S: Service>() {
    let mut team = Team::new(S::open("approuve", false));
    team.start();
    team.asked(1);
    let (open, safe) = (team.until_said(Place::Open, "№ 1"), team.until_said(Place::Safe, "№ 1"));
    assert!(open.now.contains("à réviser") && safe.now.contains("à réviser"), "{open:#?}");
    // A sign takes it in hand, and approves nothing.
    team.service.sign(Who::Marie, Place::Safe, &safe, "✅");
    let taken = team.until_said(Place::Open, "en main\u{a0}: Marie Tremblay");
    assert_eq!(taken.id, open.id, "the card says it, not another message");
    assert_eq!(team.desk.thread(1)["state"], "to-review");
    assert!(team.desk.letters().is_empty());
    // The very letter that the card shows, beneath it, without its number.
    team.service.answer(Who::Marie, Place::Safe, &safe, &format!("approuver {}", code(&safe)));
    assert_eq!(team.until_said(Place::Open, "répondu").id, open.id);
    assert_eq!(team.until_said(Place::Safe, "sûr\nrépondu").id, safe.id);
    assert_eq!(team.desk.letters().len(), 1);
    let events = team.desk.thread(1)["events"].to_string();
    assert!(events.contains("Marie Tremblay"), "{events}");
    team.until_silent();
    team.each_change_is_said_once();
}

pub fn what_was_done_is_taken_back_from_the_chat<S: Service>() {
    let mut team = Team::new(S::open("retour", false));
    team.desk.edit_config("hold_seconds = 0", "hold_seconds = 600");
    team.start();
    team.asked(1);
    let card = team.until_said(Place::Open, "№ 1");
    let code = code(&team.until_said(Place::Safe, "Pour approuver"));
    for (words, then) in [
        ("prendre 1".to_owned(), "à réviser · en main\u{a0}: Marie Tremblay · reçue"),
        ("libérer 1".to_owned(), "sûr\nà réviser · reçue"),
        (format!("approuver 1 {code}"), "sûr\napprouvé par Marie Tremblay · reçue"),
        ("reprendre 1".to_owned(), "sûr\nà réviser · reçue"),
        ("rejeter 1 déjà répondu par téléphone".to_owned(), "sûr\nfermé · reçue"),
    ] {
        team.service.call(Who::Marie, Place::Open, &words);
        assert_eq!(team.until_said(Place::Open, then).id, card.id, "{words}");
    }
    let reason = team.desk.thread(1)["events"].to_string();
    assert!(reason.contains("déjà répondu par téléphone"), "{reason}");
    assert!(team.desk.letters().is_empty());
}

pub fn a_code_of_another_letter_approves_nothing<S: Service>() {
    let mut team = Team::new(S::open("code", false));
    team.start();
    team.asked(1);
    let safe = team.until_said(Place::Safe, "№ 1");
    let old = code(&safe);
    team.service.call(Who::Marie, Place::Safe, "approuver 1 000000");
    team.until_said(Place::Safe, "Ce code n’est plus celui du fil 1");
    // A colleague chooses another text: the card shows it, with its own code.
    team.service.call(Who::Paul, Place::Safe, "reclasser 1 contact");
    let changed = team.until_said(Place::Safe, "Les coordonnées");
    assert_eq!(changed.id, safe.id);
    let new = code(&changed);
    assert_ne!(new, old);
    let before = team.until_silent();
    team.service.call(Who::Marie, Place::Safe, &format!("approuver 1 {old}"));
    let refusal = team.until_said(Place::Safe, "Ce code n’est plus celui du fil 1\u{a0}: Reclassé");
    assert!(!refusal.now.contains(&new), "the refusal must not hand out the code: {refusal:#?}");
    assert_eq!(team.until_silent(), before + 1);
    assert!(team.desk.letters().is_empty());
    team.service.call(Who::Marie, Place::Safe, &format!("approuver 1 {new}"));
    team.until_said(Place::Open, "répondu");
    assert_eq!(team.desk.letters().len(), 1);
}

pub fn the_second_of_two_hears_who_was_first<S: Service>() {
    let mut team = Team::new(S::open("second", false));
    team.start();
    team.asked(1);
    let safe = team.until_said(Place::Safe, "№ 1");
    let code = code(&safe);
    team.service.call(Who::Paul, Place::Safe, "prendre 1");
    team.until_said(Place::Open, "en main\u{a0}: Paul Roy");
    team.service.call(Who::Marie, Place::Safe, &format!("approuver 1 {code}"));
    team.until_said(Place::Safe, "Paul Roy a pris ce fil en charge");
    team.service.call(Who::Paul, Place::Safe, &format!("approuver 1 {code}"));
    team.until_said(Place::Open, "répondu");
    team.service.call(Who::Marie, Place::Safe, &format!("approuver 1 {code}"));
    let late = team.until_said(Place::Safe, "n’attend plus d’approbation");
    assert!(late.now.contains("Paul Roy"), "{late:#?}");
    assert_eq!(team.desk.letters().len(), 1);
}

pub fn a_stranger_gets_one_explanation_and_the_log_has_every_refusal<S: Service>() {
    let mut team = Team::new(S::open("inconnu", false));
    team.start();
    team.asked(1);
    let code = code(&team.until_said(Place::Safe, "№ 1"));
    let before = team.until_silent();
    team.service.call(Who::Stranger, Place::Safe, &format!("approuver 1 {code}"));
    team.until_said(Place::Safe, "Je ne vous connais pas");
    team.service.call(Who::Stranger, Place::Safe, "file");
    team.service.call(Who::Stranger, Place::Open, "bonjour");
    team.desk.until("three refusals in the log of accesses", || {
        (team.desk.ok(&["user", "log"]).matches("commande refusée").count() == 3).then_some(())
    });
    assert_eq!(team.until_silent(), before + 1);
    assert_eq!(team.desk.thread(1)["state"], "to-review");
}

pub fn a_role_that_does_not_allow_it_is_refused<S: Service>() {
    let rule = "[chat.verbs]\nqueue = { roles = [\"supervisor\"] }\n";
    let mut team = Team::with(S::open("role", false), rule);
    team.start();
    team.asked(1);
    let code = code(&team.until_said(Place::Safe, "№ 1"));
    for words in [format!("approuver 1 {code}"), "prendre 1".to_owned()] {
        team.service.call(Who::Sylvie, Place::Safe, &words);
        team.until_said(Place::Safe, "n’a aucun rôle qui permette");
    }
    team.service.call(Who::Sylvie, Place::Safe, "délais");
    team.until_said(Place::Safe, "1 question, encore sans réponse");
    // The config takes one verb away from reviewers, and leaves it to supervisors.
    team.service.call(Who::Marie, Place::Safe, "file");
    team.until_said(Place::Safe, "n’est pas permise à vos rôles");
    team.service.call(Who::Sylvie, Place::Safe, "file");
    team.until_said(Place::Safe, "1 fil attend");
    assert_eq!(team.desk.thread(1)["state"], "to-review");
}

pub fn an_open_room_sees_no_word_of_a_mail<S: Service>() {
    let mut team = Team::new(S::open("salons", false));
    team.start();
    team.asked(1);
    team.until_said(Place::Open, "№ 1");
    team.until_said(Place::Safe, "№ 1");
    for (words, answer) in [
        ("voir 1", "pas protégé"),
        ("expliquer 1", "pas protégé"),
        ("file", "1 fil attend"),
        ("note 1 PAROLE-INTERNE", "La note est au fil 1"),
        ("approuver 1 000000", "Ce code n’est plus"),
        ("état", "La boîte de courriel répond"),
        ("modifier 1", "/fils/1"),
    ] {
        team.service.call(Who::Marie, Place::Open, words);
        team.until_said(Place::Open, answer);
    }
    // A colleague's reason is for the desk.
    team.desk.ok(&[
        "entry",
        "suspend",
        "duree-suspension",
        "--as",
        "Paul Roy",
        "--reason",
        "PAROLE sur Anne",
    ]);
    team.until_said(Place::Open, "à choisir");
    team.service.call(Who::Marie, Place::Open, "reclasser 1 duree-suspension");
    team.until_said(Place::Open, "est suspendue");
    team.until_said(Place::Safe, "est suspendue. La raison se lit dans la console");
    team.desk.ok(&["entry", "resume", "duree-suspension", "--as", "Paul Roy"]);
    let safe = team.until_said(Place::Safe, "La suspension reste active");
    let code = code(&safe);
    team.service.call(Who::Marie, Place::Safe, "voir 1");
    let shown = team.until_said(Place::Safe, "> Jusqu’à quand la suspension");
    for word in [SUBJECT, "Anne Roy", "La suspension reste active", &code] {
        assert!(shown.now.contains(word), "{word}: {shown:#?}");
    }
    team.service.call(Who::Paul, Place::Open, &format!("approuver 1 {code}"));
    team.until_said(Place::Open, "répondu");
    // What gets no draft is announced, too, if it must not be overlooked.
    let access = "Bonjour,\n\nEn vertu de la Loi sur l’accès, je demande copie de vos courriels à propos de l’IA.\n\nMerci";
    team.desk.deliver_now(&question(
        "acces@cegep.example",
        "Anne Roy <anne.roy@ailleurs.example>",
        SUBJECT,
        access,
    ));
    team.until_said(Place::Open, "demande d’accès\nà prendre connaissance");
    team.until_silent();
    for seen in team.service.seen(Place::Open) {
        for secret in ["Anne", "anne.roy", SUBJECT, "MCN", "Bonjour", "PAROLE", "Pour approuver", &code] {
            assert!(!seen.whole.contains(secret), "{secret}: {seen:#?}");
        }
    }
    let letter = String::from_utf8(team.desk.letters().remove(0)).unwrap();
    assert!(!letter.contains("PAROLE-INTERNE"));
    let log = team.desk.log();
    for secret in [SUBJECT, "anne.roy", "PAROLE-INTERNE", &code] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

pub fn a_letter_that_may_not_leave_now_has_no_code_though_it_was_edited<S: Service>() {
    let mut team = Team::new(S::open("suspendu", false));
    team.start();
    team.asked(1);
    team.until_said(Place::Safe, "№ 1");
    let body = team.desk.path("texte.md");
    std::fs::write(&body, "Bonjour Anne,\n\nUn texte de Paul.\n").unwrap();
    team.desk.ok(&["edit", "1", "--body-file", body.to_str().unwrap(), "--as", "Paul Roy"]);
    let edited = team.until_said(Place::Safe, "Un texte de Paul");
    assert!(edited.now.contains("Pour approuver"), "{edited:#?}");
    let entry = |verb: &str, more: &[&str]| {
        team.desk.ok(&[&["entry", verb, "duree-suspension", "--as", "Paul Roy"], more].concat());
    };
    entry("suspend", &["--reason", "le décret change"]);
    let suspended = team.until_said(Place::Safe, "est suspendue. La raison se lit dans la console");
    assert_eq!(suspended.id, edited.id);
    assert!(!suspended.now.contains("Pour approuver"), "{suspended:#?}");
    entry("resume", &[]);
    assert_eq!(team.until_said(Place::Safe, "Pour approuver").id, edited.id);
}

pub fn a_thread_that_went_on_in_another_says_so_and_shows_no_letter<S: Service>() {
    let mut team = Team::new(S::open("reuni", false));
    team.start();
    team.asked(1);
    team.until_said(Place::Safe, "№ 1");
    team.desk.deliver_now(&question("autre@cegep.example", ANNE, SUBJECT, UNTIL_WHEN));
    let other = team.until_said(Place::Safe, "№ 2");
    let both = "References: <q1@cegep.example> <autre@cegep.example>\n";
    team.desk.deliver_now(&mail(
        "suite@cegep.example",
        ANNE,
        "encadrement.ia@ministere.example",
        SUBJECT,
        both,
        UNTIL_WHEN,
    ));
    for place in [Place::Open, Place::Safe] {
        let merged = team.until_said(place, "№ 2 · réuni au fil 1");
        assert!(!merged.now.contains("Pour approuver") && !merged.now.contains("Bonjour"), "{merged:#?}");
    }
    assert_eq!(team.until_said(Place::Safe, "№ 2 · réuni").id, other.id);
    team.until_silent();
    team.each_change_is_said_once();
}

pub fn an_outage_is_caught_up_with_and_nothing_is_said_twice<S: Service>() {
    let mut team = Team::new(S::open("panne", true));
    team.start();
    team.asked(1);
    let card = team.until_said(Place::Open, "№ 1");
    team.until_said(Place::Safe, "№ 1");
    team.service.stop();
    // The desk goes on without chat, and is killed meanwhile.
    team.asked(2);
    team.desk.until_state(2, "to-review");
    team.desk.ok(&["claim", "1", "--as", "Paul Roy"]);
    team.desk.kill();
    team.desk.start();
    team.service.launch();
    team.until_said(Place::Open, "№ 2");
    assert_eq!(team.until_said(Place::Open, "en main\u{a0}: Paul Roy").id, card.id);
    team.until_said(Place::Safe, "№ 2");
    let before = team.until_silent();
    for place in [Place::Open, Place::Safe] {
        assert_eq!(team.service.seen(place).len(), 2, "{:#?}", team.service.seen(place));
    }
    team.each_change_is_said_once();
    // A kill by itself says nothing.
    team.desk.kill();
    team.desk.start();
    assert_eq!(team.until_silent(), before);
}

/// The tests of a service.
macro_rules! contract {
    ($service:ty: $($test:ident),* $(,)?) => {
        $(#[test]
        fn $test() {
            $crate::channel::$test::<$service>();
        })*
    };
    ($service:ty) => {
        $crate::channel::contract! {
            $service:
            what_is_approved_leaves_and_the_cards_follow,
            what_was_done_is_taken_back_from_the_chat,
            a_code_of_another_letter_approves_nothing,
            the_second_of_two_hears_who_was_first,
            a_stranger_gets_one_explanation_and_the_log_has_every_refusal,
            a_role_that_does_not_allow_it_is_refused,
            an_open_room_sees_no_word_of_a_mail,
            a_letter_that_may_not_leave_now_has_no_code_though_it_was_edited,
            a_thread_that_went_on_in_another_says_so_and_shows_no_letter,
            an_outage_is_caught_up_with_and_nothing_is_said_twice,
        }
    };
}
pub(crate) use contract;

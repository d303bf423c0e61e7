//! Matrix: the contract, and what is of its own making, in a real homeserver.

use crate::SYNAPSE;
use crate::channel::{PATIENCE, Place, Seen, Service, Team, Who, code, contract};
use crate::desk::Desk;
use crate::synapse::{Limits, Person, Rate, Synapse, TimelineEvent};
use serde_json::json;
use std::fs;

/// People and rooms in a homeserver.
pub struct Matrix {
    /// A homeserver of its own, where the test stops it or has limits.
    own: Option<Synapse>,
    url: String,
    pub marie: Person,
    pub paul: Person,
    sylvie: Person,
    pub stranger: Person,
    pub bot: Person,
    pub open: String,
    pub safe: String,
}

impl Matrix {
    fn at(synapse: &Synapse, name: &str) -> Self {
        let [marie, paul, sylvie, stranger, bot] = ["marie", "paul", "sylvie", "inconnue", "greffier"]
            .map(|who| synapse.register(&format!("{who}-{name}")));
        let [open, safe] = ["ouvert", "protege"].map(|room| {
            let people = [&paul, &sylvie, &stranger, &bot];
            let room = marie.create_room(&format!("{room}-{name}"), &people, false);
            people[..3].iter().for_each(|person| person.join(&room));
            room
        });
        Self { own: None, url: synapse.url(), marie, paul, sylvie, stranger, bot, open, safe }
    }

    fn limited(name: &str, limits: Limits) -> Self {
        let synapse = Synapse::with(limits);
        Self { own: None, ..Self::at(&synapse, name) }.owning(synapse)
    }

    fn owning(self, synapse: Synapse) -> Self {
        Self { own: Some(synapse), ..self }
    }

    fn person(&self, who: Who) -> &Person {
        match who {
            Who::Marie => &self.marie,
            Who::Paul => &self.paul,
            Who::Sylvie => &self.sylvie,
            Who::Stranger => &self.stranger,
        }
    }

    pub fn room(&self, place: Place) -> &str {
        match place {
            Place::Open => &self.open,
            Place::Safe => &self.safe,
        }
    }
}

impl Service for Matrix {
    fn open(name: &str, own: bool) -> Self {
        if !own {
            return Self::at(&SYNAPSE, name);
        }
        let synapse = Synapse::start();
        Self::at(&synapse, name).owning(synapse)
    }

    fn config(&self) -> String {
        let Self { url, open, safe, .. } = self;
        format!(
            "[chat]\nconsole_url = \"https://greffier.ministere.example\"\n\
             [chat.matrix]\nhomeserver = {url:?}\nuser = {:?}\ntoken_file = \"token\"\nrooms = [{open:?}]\n\
             protected_rooms = [{safe:?}]\n\
             [chat.people]\n{:?} = \"Marie Tremblay\"\n{:?} = \"Paul Roy\"\n{:?} = \"Sylvie Côté\"\n",
            self.bot.id, self.marie.id, self.paul.id, self.sylvie.id
        )
    }

    fn prepare(&self, desk: &Desk) {
        fs::write(desk.path("token"), &self.bot.token).unwrap();
    }

    fn settle(&self) {
        for room in [&self.open, &self.safe] {
            self.marie.wait_for_membership(room, &self.bot, "join", PATIENCE);
        }
    }

    fn call(&self, who: Who, place: Place, words: &str) {
        self.person(who).say(self.room(place), &format!("!{words}"));
    }

    fn answer(&self, who: Who, place: Place, card: &Seen, words: &str) {
        self.person(who).reply_in_thread(self.room(place), &card.id, words);
    }

    fn sign(&self, who: Who, place: Place, card: &Seen, sign: &str) {
        self.person(who).react(self.room(place), &card.id, sign);
    }

    fn seen(&self, place: Place) -> Vec<Seen> {
        let mut events = self.marie.timeline(self.room(place));
        events.retain(|event| event.sender == self.bot.id);
        let mut seen: Vec<Seen> = Vec::new();
        for event in events {
            let whole = event.content.to_string();
            let changed = event.relation.as_ref().filter(|of| of.rel_type == "m.replace");
            let now = event.new_content.map_or(event.body, |new| new.body);
            match changed.and_then(|of| seen.iter_mut().find(|seen| seen.id == of.event_id)) {
                Some(seen) => {
                    seen.versions.push(now.clone());
                    seen.now = now;
                    seen.whole.push_str(&whole);
                }
                None => seen.push(Seen { id: event.id, versions: vec![now.clone()], now, whole }),
            }
        }
        seen
    }

    fn stop(&mut self) {
        self.own.as_mut().expect("a homeserver of its own").stop();
    }

    fn launch(&mut self) {
        self.own.as_mut().expect("a homeserver of its own").launch();
    }
}

contract!(Matrix);

fn team(name: &str) -> Team<Matrix> {
    Team::new(Matrix::open(name, false))
}

#[test]
fn quotes_edits_and_notices_move_nothing() {
    let mut team = team("mots");
    team.start();
    team.asked(1);
    let code = code(&team.until_said(Place::Safe, "№ 1"));
    let command = format!("!approuver 1 {code}");
    let (marie, safe) = (&team.service.marie, &team.service.safe);
    let before = team.until_silent();
    // Quoted, shown as code, changed later, said by a program, and talk among people.
    marie.say(safe, &format!("> {command}"));
    marie.say(safe, &format!("`{command}`"));
    let talk = marie.say(safe, "On en parle demain?");
    marie.edit(safe, &talk, &command);
    marie.notice(safe, &command);
    let forwarded = json!({ "msgtype": "m.text", "body": command, "m.forwarded": { "event_id": "$1" } });
    marie.try_send(safe, "m.room.message", &forwarded).done();
    let bridged =
        json!({ "msgtype": "m.text", "body": command, "external_url": "https://ailleurs.example/1" });
    marie.try_send(safe, "m.room.message", &bridged).done();
    assert_eq!(team.until_silent(), before);
    // All of that was heard: what was said after it is answered.
    team.service.call(Who::Marie, Place::Safe, "état");
    team.until_said(Place::Safe, "La boîte de courriel répond");
    assert_eq!(team.desk.thread(1)["state"], "to-review");
    // A wrong word gets the right form.
    team.service.call(Who::Marie, Place::Safe, "aprouver 1");
    team.until_said(Place::Safe, "« aprouver »".replace(' ', "\u{a0}").as_str());
    assert!(!team.desk.log().contains(&team.service.bot.token));
}

#[test]
fn what_deceives_the_eye_is_refused_and_what_is_huge_is_not_read() {
    let mut team = team("oeil");
    team.start();
    team.asked(1);
    let code = code(&team.until_said(Place::Safe, "№ 1"));
    for words in [
        // A zero-width space in the code, a Cyrillic letter in the verb, full-width digits.
        format!("approuver 1 {}\u{200b}{}", &code[..3], &code[3..]),
        format!("\u{430}pprouver 1 {code}"),
        format!("approuver １ {code}"),
    ] {
        team.service.call(Who::Marie, Place::Safe, &words);
        team.until_said(Place::Safe, "caractère invisible, ou qui ressemble");
    }
    // As long as the server lets through.
    team.service.call(Who::Marie, Place::Safe, &format!("note 1 {}", "mot ".repeat(14_000)));
    team.until_said(Place::Safe, "trop long");
    team.until_silent();
    assert_eq!(team.desk.thread(1)["state"], "to-review");
    assert!(team.desk.letters().is_empty());
    team.service.call(Who::Marie, Place::Safe, &format!("approuver 1 {code}"));
    team.until_said(Place::Open, "répondu");
}

#[test]
fn a_name_with_markup_stays_a_name_and_calls_nobody() {
    let service = Matrix::open("balises", false);
    let name = "<b>@room</b> **Marie**";
    let line = format!("{:?} = \"Marie Tremblay\"", service.marie.id);
    let mut team = Team::new(service);
    team.desk.ok(&["user", "add", name, "--role", "reviewer"]);
    team.desk.edit_config(&line, &line.replace("Marie Tremblay", name));
    team.start();
    team.asked(1);
    team.until_said(Place::Open, "№ 1");
    team.service.call(Who::Marie, Place::Open, "prendre 1");
    let taken = team.until_said(Place::Open, name);
    assert!(taken.whole.contains("&lt;b&gt;@room&lt;/b&gt;"), "{taken:#?}");
    assert!(taken.whole.contains("\"m.mentions\":{}"), "{taken:#?}");
}

#[test]
fn a_verb_may_be_kept_to_a_room() {
    let service = Matrix::open("verbe", false);
    let rule = format!("[chat.verbs]\nclaim = {{ rooms = [{:?}] }}\n", service.safe);
    let mut team = Team::with(service, &rule);
    team.start();
    team.asked(1);
    team.until_said(Place::Open, "№ 1");
    team.service.call(Who::Marie, Place::Open, "prendre 1");
    team.until_said(Place::Open, "pas permise dans ce salon");
    team.service.call(Who::Marie, Place::Safe, "prendre 1");
    team.until_said(Place::Safe, "en main\u{a0}: Marie Tremblay");
    team.service.call(Who::Marie, Place::Safe, "aide reclasser");
    team.until_said(Place::Safe, "contact\u{a0}: Les coordonnées");
    team.service.call(Who::Marie, Place::Safe, "aide prendre");
    team.until_said(Place::Safe, "réaction ✅");
}

#[test]
fn two_bots_in_a_room_do_not_talk_to_each_other() {
    let mut first = team("duo");
    // A second desk, with a bot of its own, in the same rooms.
    let [open, safe] = [first.service.open.clone(), first.service.safe.clone()];
    let service = Matrix { open, safe, ..Matrix::at(&SYNAPSE, "duo-2") };
    first.service.marie.invite(&service.open, &service.bot);
    first.service.marie.invite(&service.safe, &service.bot);
    let host = first.service.marie.id.clone();
    let mut second = Team::new(service);
    let line = format!("{:?} = \"Marie Tremblay\"", second.service.marie.id);
    second.desk.edit_config(&line, &format!("{line}\n{host:?} = \"Marie Tremblay\""));
    first.start();
    second.desk.start();
    for room in [&second.service.open, &second.service.safe] {
        first.service.marie.wait_for_membership(room, &second.service.bot, "join", PATIENCE);
    }
    // Both hear it, both answer it once, and neither answers the other.
    first.service.marie.say(&first.service.open, "!file");
    let answered = |bot: &Person| {
        let timeline = first.service.marie.timeline(&first.service.open);
        timeline.iter().filter(|event| event.sender == bot.id && event.body.contains("Aucun fil")).count()
    };
    let (one, other) = (&first.service.bot, &second.service.bot);
    first.desk.until("both answer", || (answered(one) == 1 && answered(other) == 1).then_some(()));
    first.until_silent();
    assert_eq!((answered(one), answered(other)), (1, 1));
}

#[test]
fn a_dozen_questions_at_once_make_one_card_that_counts_them() {
    let mut team = team("foule");
    team.start();
    for number in 1..=10 {
        team.asked(number);
    }
    team.until_said(Place::Open, "№ 10");
    for number in 11..=14 {
        team.asked(number);
    }
    team.until_said(Place::Open, "4 autres questions");
    // What happens to one of those makes no further card, and is not counted again.
    team.service.call(Who::Paul, Place::Open, "prendre 12");
    team.until_said(Place::Open, "Fil 12");
    team.service.call(Who::Paul, Place::Open, "file");
    team.until_said(Place::Open, "14 fils attendent");
    team.until_silent();
    let cards = team.service.seen(Place::Open).iter().filter(|seen| seen.now.starts_with("№ ")).count();
    assert_eq!(cards, 10);
    team.until_said(Place::Open, "4 autres questions");
}

#[test]
fn a_room_that_is_encrypted_is_left_with_an_explanation() {
    let mut team = team("chiffre");
    let service = &team.service;
    let secret = service.marie.create_room("secret", &[&service.bot], true);
    team.desk.edit_config("\nrooms = [", &format!("\nrooms = [{secret:?}, "));
    team.start();
    team.service.marie.wait_for_membership(&secret, &team.service.bot, "leave", PATIENCE);
    let is_ours = |event: &TimelineEvent| event.sender == team.service.bot.id;
    let words = team.service.marie.wait_for(&secret, is_ours, PATIENCE);
    assert!(words.body.contains("chiffré"), "{words:#?}");
    // The others go on.
    team.asked(1);
    team.until_said(Place::Open, "№ 1");
}

#[test]
fn a_server_that_wants_less_gets_less_and_loses_nothing() {
    let limits = Limits { messages: Rate::TIGHT, ..Limits::default() };
    let mut team = Team::new(Matrix::limited("lent", limits));
    team.start();
    for number in 1..=6 {
        team.asked(number);
    }
    for number in 1..=6 {
        team.until_said(Place::Open, &format!("№ {number}"));
        team.until_said(Place::Safe, &format!("№ {number}"));
    }
    team.until_silent();
    for place in [Place::Open, Place::Safe] {
        assert_eq!(team.service.seen(place).len(), 6);
    }
    team.each_change_is_said_once();
}

#[test]
fn a_room_that_closes_costs_one_line_and_the_others_go_on() {
    let mut team = team("porte");
    team.start();
    team.service.marie.kick(&team.service.open, &team.service.bot);
    team.asked(1);
    let card = team.until_said(Place::Safe, "№ 1");
    team.service.answer(Who::Marie, Place::Safe, &card, "prendre");
    team.until_said(Place::Safe, "en main\u{a0}: Marie Tremblay");
    assert!(team.service.seen(Place::Open).is_empty());
    team.service.marie.upgrade_room(&team.service.safe);
    team.asked(2);
    team.desk.until_state(2, "to-review");
    let closed = || team.desk.log().matches("a room of the chat is closed to the bot").count();
    team.desk.until("both rooms are closed", || (closed() == 2).then_some(()));
    team.until_silent();
    assert_eq!(closed(), 2);
    assert!(team.desk.log().matches("a room of the chat refuses").count() <= 2, "{}", team.desk.log());
}

#[test]
fn a_room_that_is_entered_again_shows_what_was_missed() {
    let mut team = team("revenu");
    team.start();
    let closed =
        |team: &Team<Matrix>| team.desk.log().matches("a room of the chat is closed to the bot").count();
    team.service.marie.kick(&team.service.open, &team.service.bot);
    team.desk.until("the room is closed", || (closed(&team) == 1).then_some(()));
    team.asked(1);
    team.until_said(Place::Safe, "№ 1");
    team.desk.ok(&["claim", "1", "--as", "Paul Roy"]);
    team.until_said(Place::Safe, "en main\u{a0}: Paul Roy");
    assert!(team.service.seen(Place::Open).is_empty());
    team.service.marie.invite(&team.service.open, &team.service.bot);
    team.until_said(Place::Open, "en main\u{a0}: Paul Roy");
    team.until_silent();
    assert_eq!(team.service.seen(Place::Open).len(), 1, "{:#?}", team.service.seen(Place::Open));
    // The next time is told, too.
    team.service.marie.kick(&team.service.open, &team.service.bot);
    team.desk.until("the room is closed again", || (closed(&team) == 2).then_some(()));
}

#[test]
fn the_check_says_what_keeps_the_bot_from_its_rooms() {
    let mut team = team("verif");
    let checked = |team: &Team<Matrix>| {
        let done = team.desk.run(&["check"]);
        (done.status.code(), String::from_utf8(done.stdout).unwrap())
    };
    let (code, said) = checked(&team);
    assert_eq!(code, Some(1));
    let Matrix { open, safe, .. } = &team.service;
    assert!(said.contains("n’est pas dans") && said.contains(open) && said.contains(safe), "{said}");
    team.start();
    let (code, said) = checked(&team);
    assert_eq!(code, Some(0));
    assert!(said.contains(&team.service.bot.id) && said.contains("2 salons"), "{said}");
    let encrypted = json!({ "algorithm": "m.megolm.v1.aes-sha2" });
    let Matrix { marie, open, bot, .. } = &team.service;
    marie.set_state(open, "m.room.encryption", "", &encrypted);
    marie.wait_for_membership(open, bot, "leave", PATIENCE);
    fs::write(team.desk.path("token"), "nobody's\n").unwrap();
    let (_, said) = checked(&team);
    assert!(said.contains("ne reconnaît pas le jeton"), "{said}");
    fs::remove_file(team.desk.path("token")).unwrap();
    let (code, said) = checked(&team);
    assert_eq!(code, Some(1));
    assert!(said.contains("chat.matrix.token_file"), "{said}");
}

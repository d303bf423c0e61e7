//! A team in its rooms: questions come, are taken in hand, approved and answered, in a real Matrix server.

use crate::SYNAPSE;
use crate::desk::{Desk, Settings, UNTIL_WHEN, question};
use crate::synapse::{Limits, Person, Rate, Synapse, TimelineEvent};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

/// How long the bot may take over anything, on two busy cores.
const PATIENCE: Duration = Duration::from_secs(40);
/// After so long without a word the bot has nothing more to say.
const SILENCE: Duration = Duration::from_secs(4);

const ANNE: &str = "Anne Roy <anne.roy@cegep.example>";
const SUBJECT: &str = "Un objet confidentiel";

struct Team {
    desk: Desk,
    marie: Person,
    paul: Person,
    stranger: Person,
    bot: Person,
    /// Where anybody may listen.
    open: String,
    /// Where drafts may be shown.
    safe: String,
}

impl Team {
    fn new(name: &str) -> Self {
        Self::at(&SYNAPSE, name)
    }

    fn at(synapse: &Synapse, name: &str) -> Self {
        let [marie, paul, stranger, bot] =
            ["marie", "paul", "inconnue", "greffier"].map(|who| synapse.register(&format!("{who}-{name}")));
        let [open, safe] = ["ouvert", "protege"].map(|room| {
            let room = marie.create_room(&format!("{room}-{name}"), &[&paul, &stranger, &bot], false);
            paul.join(&room);
            stranger.join(&room);
            room
        });
        let more = format!(
            "[chat]\nconsole_url = \"https://greffier.ministere.example\"\n\
             [chat.matrix]\nhomeserver = {:?}\nuser = {:?}\ntoken_file = \"token\"\nrooms = [{open:?}]\n\
             protected_rooms = [{safe:?}]\n\
             [chat.people]\n{:?} = \"Marie Tremblay\"\n{:?} = \"Paul Roy\"\n",
            synapse.url(),
            bot.id,
            marie.id,
            paul.id
        );
        let desk = Desk::with(&Settings { more, ..Settings::default() });
        fs::write(desk.path("token"), &bot.token).unwrap();
        Self { desk, marie, paul, stranger, bot, open, safe }
    }

    fn start(&mut self) {
        self.desk.start();
        for room in [&self.open, &self.safe] {
            self.marie.wait_for_membership(room, &self.bot, "join", PATIENCE);
        }
    }

    fn asked(&mut self, number: u32) {
        let id = format!("q{number}@cegep.example");
        self.desk.deliver_now(&question(&id, ANNE, SUBJECT, UNTIL_WHEN));
    }

    /// What the bot said in a room.
    fn said(&self, room: &str) -> Vec<TimelineEvent> {
        let mut events = self.marie.timeline(room);
        events.retain(|event| event.sender == self.bot.id);
        events
    }

    fn until_said(&self, room: &str, words: &str) -> TimelineEvent {
        self.marie.wait_for(room, |event| event.sender == self.bot.id && now(event).contains(words), PATIENCE)
    }

    /// Until the bot has said nothing new in any room for a while.
    fn until_silent(&self) -> usize {
        let count = || self.said(&self.open).len() + self.said(&self.safe).len();
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
}

/// What a message says from then on.
fn now(event: &TimelineEvent) -> &str {
    event.new_content.as_ref().map_or(&event.body, |new| &new.body)
}

fn code(card: &str) -> String {
    let line = card.lines().find(|line| line.contains("Pour approuver")).expect("a code");
    line.rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn a_question_is_taken_in_hand_approved_and_answered_from_the_chat() {
    let mut team = Team::new("jour");
    team.start();
    team.asked(1);
    // Two cards, and only the protected room sees the text.
    let (open, safe) = (team.until_said(&team.open, "№ 1"), team.until_said(&team.safe, "№ 1"));
    assert!(open.body.contains("à réviser") && safe.body.contains("à réviser"), "{open:#?}");
    assert!(safe.body.contains("MCN"), "{safe:#?}");
    for secret in ["Anne", "anne.roy", SUBJECT, "MCN", "Bonjour", "Pour approuver"] {
        assert!(!open.content.to_string().contains(secret), "{secret}: {open:#?}");
    }
    // A sign takes it in hand, and approves nothing.
    team.marie.react(&team.safe, &safe.id, "✅");
    let taken = team.until_said(&team.open, "en main\u{a0}: Marie Tremblay");
    assert_eq!(
        taken.relation.as_ref().map(|of| (of.rel_type.as_str(), of.event_id.as_str())),
        Some(("m.replace", open.id.as_str()))
    );
    assert_eq!(team.desk.thread(1)["state"], "to-review");
    // Somebody else's hands, an old code, a code of nothing.
    team.paul.say(&team.safe, &format!("!approuver 1 {}", code(&safe.body)));
    team.until_said(&team.safe, "Marie Tremblay a pris ce fil en charge");
    team.marie.reply_in_thread(&team.safe, &safe.id, "approuver 000000");
    team.until_said(&team.safe, "Ce code n’est plus celui du fil 1");
    assert!(team.desk.letters().is_empty());
    // The very letter that the card shows.
    team.marie.reply_in_thread(&team.safe, &safe.id, &format!("approuver {}", code(&safe.body)));
    team.until_said(&team.open, "répondu");
    team.until_said(&team.safe, "répondu");
    let letters = team.desk.letters();
    assert_eq!(letters.len(), 1);
    let events = team.desk.thread(1)["events"].to_string();
    assert!(events.contains("Marie Tremblay"), "{events}");
    // Each change of a card once.
    team.until_silent();
    for room in [&team.open, &team.safe] {
        let changes: Vec<String> = team
            .said(room)
            .iter()
            .filter(|event| event.new_content.is_some())
            .map(|event| now(event).to_owned())
            .collect();
        assert_eq!(changes.len(), changes.iter().collect::<BTreeSet<_>>().len(), "{changes:#?}");
    }
    // A kill repeats nothing.
    let before = team.until_silent();
    team.desk.kill();
    team.desk.start();
    team.asked(2);
    team.until_said(&team.open, "№ 2");
    team.until_said(&team.safe, "№ 2");
    assert_eq!(team.until_silent(), before + 2);
}

#[test]
fn words_of_strangers_quotes_and_edits_move_nothing_and_no_word_becomes_mail() {
    let mut team = Team::new("mots");
    team.start();
    team.asked(1);
    let safe = team.until_said(&team.safe, "№ 1");
    let code = code(&safe.body);
    // Nobody of the team: one explanation, and no second one.
    team.stranger.say(&team.safe, &format!("!approuver 1 {code}"));
    team.until_said(&team.safe, "Je ne vous connais pas");
    team.stranger.say(&team.safe, "!file");
    // Quoted, shown as code, changed later, and talk among people.
    team.marie.say(&team.safe, &format!("> !approuver 1 {code}"));
    team.marie.say(&team.safe, &format!("`!approuver 1 {code}`"));
    let talk = team.marie.say(&team.safe, "On en parle demain?");
    team.marie.edit(&team.safe, &talk, &format!("!approuver 1 {code}"));
    team.marie.notice(&team.safe, &format!("!approuver 1 {code}"));
    team.marie.say(&team.safe, "!note 1 PAROLES-INTERNES");
    team.until_said(&team.safe, "Fil 1");
    team.until_silent();
    assert_eq!(team.desk.thread(1)["state"], "to-review");
    let strangers =
        team.said(&team.safe).iter().filter(|event| event.body.contains("Je ne vous connais pas")).count();
    assert_eq!(strangers, 1);
    // A wrong word gets the right form; an open room gets no text.
    team.marie.say(&team.safe, "!aprouver 1");
    team.until_said(&team.safe, "approuver");
    team.marie.say(&team.open, "!voir 1");
    team.until_said(&team.open, "pas protégé");
    team.marie.say(&team.safe, &format!("!approuver 1 {code}"));
    team.until_said(&team.safe, "répondu");
    let letter = String::from_utf8(team.desk.letters().remove(0)).unwrap();
    assert!(!letter.contains("PAROLES-INTERNES"));
    let log = team.desk.log();
    for secret in [SUBJECT, "anne.roy", "PAROLES-INTERNES", &team.bot.token] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[test]
fn a_dozen_questions_at_once_make_one_card_that_counts_them() {
    let mut team = Team::new("foule");
    team.start();
    for number in 1..=10 {
        let from = format!("Anne Roy <anne.roy@cegep{number}.example>");
        team.desk.deliver_now(&question(&format!("f{number}@x.example"), &from, SUBJECT, UNTIL_WHEN));
    }
    team.until_said(&team.open, "№ 10");
    for number in 11..=14 {
        let from = format!("Anne Roy <anne.roy@cegep{number}.example>");
        team.desk.deliver_now(&question(&format!("f{number}@x.example"), &from, SUBJECT, UNTIL_WHEN));
    }
    team.until_said(&team.open, "4 autres questions");
    team.until_silent();
    let cards = team.said(&team.open).iter().filter(|event| event.new_content.is_none()).count();
    assert_eq!(cards, 11);
    team.paul.say(&team.open, "!file");
    team.until_said(&team.open, "14 questions attendent");
}

#[test]
fn a_room_that_is_encrypted_is_left_with_an_explanation() {
    let mut team = Team::new("chiffre");
    let team_room = team.marie.create_room("secret", &[&team.bot], true);
    team.desk.edit_config("\nrooms = [", &format!("\nrooms = [{team_room:?}, "));
    team.start();
    team.marie.wait_for_membership(&team_room, &team.bot, "leave", PATIENCE);
    let words = team.marie.wait_for(&team_room, |event| event.sender == team.bot.id, PATIENCE);
    assert!(words.body.contains("chiffré"), "{words:#?}");
    // The others go on.
    team.asked(1);
    team.until_said(&team.open, "№ 1");
}

#[test]
fn a_server_that_is_away_is_caught_up_with_and_nothing_is_said_twice() {
    let mut synapse = Synapse::start();
    let mut team = Team::at(&synapse, "panne");
    team.start();
    team.asked(1);
    let card = team.until_said(&team.open, "№ 1");
    synapse.stop();
    // The desk goes on without chat.
    team.asked(2);
    team.desk.until_state(2, "to-review");
    team.desk.ok(&["claim", "1", "--as", "Paul Roy"]);
    team.desk.kill();
    team.desk.start();
    synapse.launch();
    team.until_said(&team.open, "№ 2");
    let taken = team.until_said(&team.open, "en main\u{a0}: Paul Roy");
    assert_eq!(taken.relation.map(|of| of.event_id), Some(card.id));
    team.until_silent();
    let said = team.said(&team.open);
    assert_eq!(said.iter().filter(|event| event.new_content.is_none()).count(), 2, "{said:#?}");
    assert_eq!(said.iter().filter(|event| now(event).contains("Paul Roy")).count(), 1, "{said:#?}");
}

#[test]
fn a_server_that_wants_less_gets_less_and_loses_nothing() {
    let synapse = Synapse::with(Limits { messages: Rate::TIGHT, ..Limits::default() });
    let mut team = Team::at(&synapse, "lent");
    team.start();
    for number in 1..=6 {
        let from = format!("Anne Roy <anne.roy@cegep{number}.example>");
        team.desk.deliver_now(&question(&format!("l{number}@x.example"), &from, SUBJECT, UNTIL_WHEN));
    }
    for number in 1..=6 {
        team.until_said(&team.open, &format!("№ {number}"));
        team.until_said(&team.safe, &format!("№ {number}"));
    }
    team.until_silent();
    for room in [&team.open, &team.safe] {
        assert_eq!(team.said(room).iter().filter(|event| event.new_content.is_none()).count(), 6);
    }
}

#[test]
fn a_room_that_closes_costs_one_line_and_the_others_go_on() {
    let mut team = Team::new("porte");
    team.start();
    team.marie.kick(&team.open, &team.bot);
    team.asked(1);
    let card = team.until_said(&team.safe, "№ 1");
    team.marie.reply_in_thread(&team.safe, &card.id, "prendre");
    team.until_said(&team.safe, "en main\u{a0}: Marie Tremblay");
    assert!(team.said(&team.open).is_empty());
    team.marie.upgrade_room(&team.safe);
    team.asked(2);
    team.desk.until_state(2, "to-review");
    let closed = || team.desk.log().matches("a room of the chat is closed to the bot").count();
    team.desk.until("both rooms are closed", || (closed() == 2).then_some(()));
    team.until_silent();
    assert_eq!(closed(), 2);
    assert!(team.desk.log().matches("a room of the chat refuses").count() <= 2, "{}", team.desk.log());
}

#[test]
fn the_check_says_what_keeps_the_bot_from_its_rooms() {
    let mut team = Team::new("verif");
    let checked = |team: &Team| {
        let done = team.desk.run(&["check"]);
        (done.status.code(), String::from_utf8(done.stdout).unwrap())
    };
    let (code, said) = checked(&team);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("n’est pas dans") && said.contains(&team.open) && said.contains(&team.safe),
        "{said}"
    );
    team.start();
    let (code, said) = checked(&team);
    assert_eq!(code, Some(0));
    assert!(said.contains(&team.bot.id) && said.contains("2 salons"), "{said}");
    let encrypted = json!({ "algorithm": "m.megolm.v1.aes-sha2" });
    team.marie.set_state(&team.open, "m.room.encryption", "", &encrypted);
    team.marie.wait_for_membership(&team.open, &team.bot, "leave", PATIENCE);
    fs::write(team.desk.path("token"), "nobody's\n").unwrap();
    let (_, said) = checked(&team);
    assert!(said.contains("ne reconnaît pas le jeton"), "{said}");
    fs::remove_file(team.desk.path("token")).unwrap();
    let (code, said) = checked(&team);
    assert_eq!(code, Some(1));
    assert!(said.contains("chat.matrix.token_file"), "{said}");
}

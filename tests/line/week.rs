//! A week at the desk, told on real servers: what moves a clock and what does not, who else reads, which
//! letter goes to whom. Stories of different organisations share the servers, as they do in life.

use crate::desk::{UNTIL_WHEN, mail, question};
use crate::letters::Letter;
use crate::line::{Line, Setting};
use crate::postfix;
use greffier::config::Tls;
use jiff::Timestamp;
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;

const DESK: &str = "encadrement.ia@ministere.example";
const ANNE: &str = "Anne Roy <anne.roy@cegep.example>";
const LUC: &str = "Luc Dubé <luc.dube@ville.example>";
/// A subject that asks nothing by itself, so that what is written under it later may ask nothing either.
const TOWN: &str = "Ville de Val-Boisé";
const PAUL: &str = "Paul Juriste <paul@juridique.ministere.example>";
const MARIE: [&str; 2] = ["--as", "Marie Tremblay"];

/// The servers, and the letters that were looked at already.
pub struct Week {
    pub line: Line,
    looked_at: Vec<String>,
}

impl Week {
    /// A running line; `sections` goes into its config.
    pub fn open(sections: &str) -> Self {
        let postfix = Some(postfix::Options::default());
        let mut line = Line::new(Setting { tls: Tls::StartTls, postfix, ..Setting::default() });
        let internal = "internal_domains = [\"ministere.example\"]\n";
        line.desk.edit_config("[outbox]", &format!("{internal}{sections}[outbox]"));
        line.desk.start();
        Self { line, looked_at: Vec::new() }
    }

    /// Delivers a question and waits for its draft; the thread's number.
    pub fn asked(&self, id: &str, from: &str, subject: &str) -> u64 {
        self.line.deliver(&question(id, from, subject, UNTIL_WHEN));
        self.drafted(subject)
    }

    fn drafted(&self, subject: &str) -> u64 {
        self.line.desk.until(&format!("a draft for {subject}"), || {
            let ready = |thread: &&Value| thread["subject"] == subject && thread["state"] == "to-review";
            self.line.desk.threads().iter().find(ready).and_then(|thread| thread["id"].as_u64())
        })
    }

    pub fn decide(&self, id: u64, arguments: &[&str]) {
        let id = id.to_string();
        self.line.desk.ok(&[&arguments[..1], &[&id], &arguments[1..], &MARIE].concat());
    }

    fn until_event(&self, id: u64, event: &str) {
        let happened = || (self.line.count(id, event) > 0).then_some(());
        self.line.desk.until(&format!("{event} in {id}"), happened);
    }

    /// Approves, and waits for the letter in the receiver's mailbox.
    pub fn sent(&mut self, id: u64) -> Letter {
        self.line.desk.approve(id);
        self.delivered()
    }

    /// The one letter that was delivered since the last look.
    fn delivered(&mut self) -> Letter {
        self.letters(1).remove(0)
    }

    /// So many letters that were delivered since the last look.
    pub fn letters(&mut self, count: usize) -> Vec<Letter> {
        let all = self.line.postfix.as_ref().unwrap().wait_for(self.looked_at.len() + count);
        let all = all.iter().map(|raw| Letter::read(raw));
        let new: Vec<Letter> = all.filter(|one| !self.looked_at.contains(&one.message_id)).collect();
        assert_eq!(new.len(), count, "no more than these");
        self.looked_at.extend(new.iter().map(|letter| letter.message_id.clone()));
        new
    }

    /// The line of a thread in the report of response times; a thread of these stories has at most one.
    pub fn row(&self, id: u64) -> Option<Value> {
        let rows = self.line.desk.json(&["report", "response-times", "--format", "json"]);
        let mut rows = rows.into_iter().filter(|row| row["thread"] == id);
        let row = rows.next();
        assert!(rows.next().is_none());
        row
    }

    pub fn state(&self, id: u64) -> String {
        self.line.desk.thread(id)["state"].as_str().unwrap().to_owned()
    }

    /// When the last event of this name happened.
    fn when(&self, id: u64, event: &str) -> Timestamp {
        let shown = self.line.desk.thread(id);
        let found = shown["events"].as_array().unwrap().iter().rev().find(|of| of["event"] == event);
        found.unwrap()["occurred"].as_str().unwrap().parse().unwrap()
    }

    /// Whoever wrote to whomever: nothing was delivered that these stories have not looked at.
    pub fn finish(self, secrets: &[&str]) {
        self.line.until_read_again();
        assert_eq!(self.line.postfix.as_ref().unwrap().delivered().len(), self.looked_at.len());
        self.line.finish(secrets);
    }
}

/// A mail that answers the last of `cited`, as mail programs write it.
fn reply(id: &str, from: &str, to: &str, subject: &str, cited: &[&str], text: &str) -> String {
    let last = cited.last().unwrap();
    let references: Vec<String> = cited.iter().map(|id| format!("<{id}>")).collect();
    let headers = format!("In-Reply-To: <{last}>\nReferences: {}\n", references.join(" "));
    mail(id, from, to, &format!("RE: {subject}"), &headers, text)
}

fn seconds(from: Timestamp, to: Timestamp) -> u64 {
    to.duration_since(from).as_secs().try_into().unwrap()
}

#[test]
fn a_promise_stops_no_clock_and_a_wait_does() {
    let mut week = Week::open("");
    // Anne gets « bien reçu » from somebody’s Outlook.
    let anne = week.asked("q1@cegep.example", ANNE, "Fin de la suspension");
    let promise = "Bonjour,\n\nBien reçu, on vous revient d’ici vendredi.\n\nMarie";
    let to = "anne.roy@cegep.example";
    let cites = ["q1@cegep.example"];
    week.line.send_by_hand(&reply("h1@outlook.example", DESK, to, "Fin de la suspension", &cites, promise));
    week.until_event(anne, "HoldingSent");
    assert_eq!(week.state(anne), "to-review");
    assert!(week.row(anne).unwrap()["answered"].is_null());
    // A person may say that it was the answer, and take that back.
    week.decide(anne, &["outside", "answer"]);
    let row = week.row(anne).unwrap();
    let received = week.when(anne, "Received");
    let wall = seconds(received, week.when(anne, "HoldingSent"));
    assert_eq!((&row["answered"], &row["wall_seconds"]), (&"outside".into(), &wall.into()));
    assert_eq!(week.state(anne), "answered");
    week.decide(anne, &["outside", "holding"]);
    week.line.desk.until_state(anne, "to-review");
    assert!(week.row(anne).unwrap()["answered"].is_null());

    // Luc is asked for the name of his project, and takes a few seconds to find it.
    let luc = week.asked("q2@ville.example", LUC, TOWN);
    week.decide(luc, &["wait", "--reason", "le nom du projet"]);
    assert_eq!(week.state(luc), "awaiting-asker");
    std::thread::sleep(Duration::from_millis(3100));
    let complement = "Bonjour,\n\nVoici le nom du projet : Boréal.\n\nLuc";
    week.line.deliver(&reply("q3@ville.example", LUC, DESK, TOWN, &["q2@ville.example"], complement));
    week.until_event(luc, "Resumed");
    week.drafted(TOWN);
    let letter = week.sent(luc);
    assert_eq!(letter.recipients, ["luc.dube@ville.example"]);
    assert_eq!(letter.in_reply_to, ["q2@ville.example"], "the question is answered, not its complement");
    week.line.desk.until_state(luc, "answered");
    let row = week.row(luc).unwrap();
    let paused = seconds(week.when(luc, "AwaitingAsker"), week.when(luc, "Resumed"));
    assert!((2..30).contains(&paused), "{paused}");
    let wall = seconds(row["received"].as_str().unwrap().parse().unwrap(), week.when(luc, "Sent"));
    assert_eq!(row["paused_seconds"], paused);
    // The report subtracts before it drops what is less than a second.
    assert!(row["wall_seconds"].as_u64().unwrap().abs_diff(wall - paused) <= 1, "{row} {wall} {paused}");

    // And Anne has her answer all the same.
    let letter = week.sent(anne);
    assert_eq!(letter.recipients, ["anne.roy@cegep.example"]);
    week.line.desk.until_state(anne, "answered");
    assert_eq!(week.row(anne).unwrap()["answered"], "inside");
    week.finish(&["Boréal", "Dubé", "ville.example"]);
}

#[test]
fn an_opinion_voids_nothing_and_a_newer_mail_voids_what_waits_to_be_signed() {
    let mut week = Week::open("[sign_off]\nentries = [\"duree-suspension\"]\nby = [\"Anne Directrice\"]\n");
    let anne = week.asked("q1@cegep.example", ANNE, "Fin de la suspension");
    week.line.desk.approve(anne);
    assert_eq!(week.state(anne), "to-sign");
    // While it waits to be signed, a colleague is asked and answers.
    let cites = ["q1@cegep.example"];
    let forward = "Paul, qu’en dis-tu ?";
    week.line.send_by_hand(&reply("f1@outlook.example", DESK, PAUL, "Fin de la suspension", &cites, forward));
    week.until_event(anne, "OpinionAsked");
    let cites = ["q1@cegep.example", "f1@outlook.example"];
    let opinion = "AVIS CONFIDENTIEL : à mon sens, l’échéance n’est pas fixée. Es-tu d’accord ?\n\nPaul";
    week.line.deliver(&reply("op1@juridique.example", PAUL, DESK, "Fin de la suspension", &cites, opinion));
    week.until_event(anne, "OpinionReceived");
    assert_eq!((week.state(anne), week.line.count(anne, "ApprovalVoided")), ("to-sign".into(), 0));
    assert_eq!(week.line.desk.threads().len(), 1);
    // Nobody signs alone, nor who may not, and nothing leaves meanwhile.
    let version = week.line.desk.thread(anne)["version"].to_string();
    let (id, sign) = (anne.to_string(), |name| ["--seen", &version, "--as", name].map(str::to_owned));
    for name in ["Marie Tremblay", "Paul Juriste"] {
        let arguments = [&["sign".to_owned(), id.clone()][..], &sign(name)].concat();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        assert!(week.line.desk.refused(1, &arguments).contains("Anne Directrice"));
    }
    // A newer mail of the asker: what was approved is not what she asks any more. Her mail program
    // cites the colleague's, whose id somebody let slip.
    let cites = ["q1@cegep.example", "op1@juridique.example"];
    let newer = "Bonjour,\n\nPouvez-vous aussi me dire jusqu’à quand la suspension s’appliquera ?\n\nAnne";
    week.line.deliver(&reply("q2@cegep.example", ANNE, DESK, "Fin de la suspension", &cites, newer));
    week.until_event(anne, "ApprovalVoided");
    week.drafted("Fin de la suspension");
    let arguments = ["sign", &id, "--seen", &version, "--as", "Anne Directrice"];
    week.line.desk.refused(1, &arguments);
    week.line.until_read_again();
    assert!(week.line.postfix.as_ref().unwrap().delivered().is_empty(), "one name is not enough");
    // Approved again and signed, it leaves with both names in the journal.
    week.line.desk.approve(anne);
    let version = week.line.desk.thread(anne)["version"].to_string();
    week.line.desk.ok(&["sign", &id, "--seen", &version, "--as", "Anne Directrice"]);
    let letter = week.delivered();
    week.line.desk.until_state(anne, "answered");
    let shown = week.line.desk.thread(anne);
    let actor = |event: &str| {
        let events = shown["events"].as_array().unwrap().iter().rev();
        events.filter(|of| of["event"] == event).map(|of| of["actor"]["name"].clone()).next().unwrap()
    };
    assert_eq!((actor("Approved"), actor("SignedOff")), ("Marie Tremblay".into(), "Anne Directrice".into()));
    assert_eq!(letter.recipients, ["anne.roy@cegep.example"]);
    assert_eq!(
        (letter.in_reply_to.as_slice(), letter.references.contains(&"q1@cegep.example".into())),
        (&["q2@cegep.example".to_owned()][..], true)
    );
    for trace in ["AVIS CONFIDENTIEL", "échéance n’est pas fixée", "op1@juridique", "juridique", "Paul"]
    {
        assert!(!letter.tells(trace), "{trace} in\n{}", letter.all);
    }
    week.finish(&["AVIS", "Paul", "juridique", "Directrice"]);
}

/// A mail with one attached file.
fn with_file(id: &str, from: &str, subject: &str, text: &str, name: &str, bytes: &str) -> String {
    format!(
        "Message-ID: <{id}>\nDate: Tue, 25 Mar 2025 10:05:00 -0400\nFrom: {from}\nTo: {DESK}\nSubject: {subject}\n\
         MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=limite\n\n--limite\n\
         Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n--limite\n\
         Content-Type: application/pdf; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\n\
         Content-Transfer-Encoding: base64\n\n{bytes}\n--limite--\n"
    )
}

#[test]
fn a_deposit_a_correction_and_a_transfer_each_reach_the_right_people() {
    let mut week = Week::open("[transfer]\nacces = \"acces@ministere.example\"\n");
    // Anne brings what her cégep owes; nothing is asked.
    let notice = "Bonjour,\n\nLa présente vous avise de notre projet Boréal, conformément à la démarche \
                  structurée. Vous trouverez ci-joint la fiche du projet.\n\nCordialement,\nAnne";
    let subject = "Avis de projet Boréal";
    let file = with_file("d1@cegep.example", ANNE, subject, notice, "fiche-boreal.pdf", "JVBERi0xLjQK");
    week.line.deliver(&file);
    let deposit = week.drafted(subject);
    let register = |week: &Week| week.line.desk.json(&["deposits", "--json"]);
    let open = register(&week);
    assert_eq!((open.len(), &open[0]["thread"], &open[0]["project"]), (1, &deposit.into(), &subject.into()));
    assert_eq!(open[0]["documents"], serde_json::json!(["fiche-boreal.pdf"]));
    assert!(open[0]["acknowledged"].is_null());
    let letter = week.sent(deposit);
    assert_eq!(letter.recipients, ["anne.roy@cegep.example"]);
    assert_eq!(
        (letter.in_reply_to.as_slice(), letter.attachments.len()),
        (&["d1@cegep.example".to_owned()][..], 0)
    );
    assert!(letter.tells("Nous accusons réception de votre envoi"), "{}", letter.text);
    week.line.desk.until_state(deposit, "for-information");
    let acknowledged: Timestamp = register(&week)[0]["acknowledged"].as_str().unwrap().parse().unwrap();
    assert_eq!(acknowledged, week.when(deposit, "Sent"));
    assert!(week.row(deposit).is_none(), "a deposit asks nothing");

    // Luc was answered, and the answer is put right.
    let luc = week.asked("q2@ville.example", LUC, TOWN);
    let first = week.sent(luc);
    week.line.desk.until_state(luc, "answered");
    let before = week.row(luc);
    week.decide(luc, &["corriger"]);
    let second = week.sent(luc);
    week.line.desk.until_state(luc, "answered");
    assert_eq!(second.recipients, first.recipients);
    assert_eq!(second.subject, first.subject);
    // His mail program lays a letter beside what it cites: the same mail of his as the first one.
    assert_eq!(second.in_reply_to, ["q2@ville.example"]);
    assert!(second.references.contains(&"q2@ville.example".to_owned()), "{:?}", second.references);
    assert!(second.tells("remplace celle que nous vous avons envoyée") && !first.tells("remplace celle"));
    let shown = week.line.desk.thread(luc);
    assert_eq!(shown["rectified"].as_array().unwrap().len(), 1);
    let left = week.line.desk.thread(luc)["messages"].as_array().unwrap().clone();
    let left: Vec<&Value> = left.iter().filter(|message| message["direction"] == "outgoing").collect();
    assert_eq!((left.len(), &shown["rectified"][0]), (2, &left[0]["at"]), "the earlier one is");
    assert_eq!(week.row(luc), before, "a correction moves no clock");
    // He answers the correction, and that is this thread.
    let cites = ["q2@ville.example", &second.message_id];
    week.line.deliver(&reply("q3@ville.example", LUC, DESK, TOWN, &cites, "Merci beaucoup !\n\nLuc"));
    week.line.desk.until("his thanks", || (week.line.count(luc, "Received") == 2).then_some(()));
    week.line.desk.until_state(luc, "for-information");
    assert_eq!((week.row(luc), week.line.desk.threads().len()), (before, 2));

    // What is another office's goes there, with the very mail that was received.
    let from = "Zoé Lavoie <zoe.lavoie@hopital.example>";
    let path: PathBuf =
        week.line.deliver(&question("q4@hopital.example", from, "Votre calendrier", UNTIL_WHEN));
    let zoe = week.drafted("Votre calendrier");
    week.decide(zoe, &["transfer", "acces"]);
    let letter = week.sent(zoe);
    week.line.desk.until_state(zoe, "transferred");
    assert_eq!(letter.recipients, ["acces@ministere.example"]);
    assert_eq!((letter.in_reply_to.len(), letter.references.len()), (0, 0));
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    let inbox = week.line.dovecot.inbox();
    // Dovecot moves what it has seen from new to cur and adds flags.
    let original = ["new", "cur"].iter().find_map(|part| {
        let files = std::fs::read_dir(inbox.join(part)).unwrap();
        let mut files = files.map(|file| file.unwrap().path());
        files.find(|file| file.file_name().unwrap().to_str().unwrap().starts_with(&name))
    });
    let original = std::fs::read(original.unwrap()).unwrap();
    assert_eq!(letter.attachments, [("message.eml".to_owned(), original)]);
    assert!(week.row(zoe).is_none(), "it left the response times");
    // The envelopes, which no header can gainsay.
    let log = week.line.postfix.as_ref().unwrap().log();
    let to = |address: &str| log.lines().filter(|line| line.contains(&format!("to=<{address}>"))).count();
    assert_eq!((to("acces@ministere.example"), to("zoe.lavoie@hopital.example")), (1, 0), "{log}");
    assert_eq!((to("luc.dube@ville.example"), to("anne.roy@cegep.example")), (2, 1));
    week.finish(&["Boréal", "ville.example", "hopital.example", "acces@"]);
}

#[test]
fn the_telephone_the_meeting_and_a_letter_that_nobody_asked_for() {
    let mut week = Week::open("");
    let text = "Jusqu’à quand la suspension s’applique-t-elle ?";
    let call = ["record", "--by", "telephone", "--at", "2025-03-25T10:06", "--name", "Luc Dubé"];
    week.line.desk.ok(&[&call[..], &["--subject", "Appel de Luc", "--text", text], &MARIE].concat());
    let luc = week.drafted("Appel de Luc");
    assert_eq!(week.line.desk.thread(luc)["received"], "2025-03-25T14:06:00Z");
    let summary = ["--summary", "Jusqu’à nouvel ordre."];
    week.decide(luc, &[&["answered", "--by", "meeting", "--at", "2025-03-26T09:30"], &summary[..]].concat());
    let row = week.row(luc).unwrap();
    // From 10:06 on a Tuesday to 9:30 on the Wednesday; the office is open from 8:30 to 16:30.
    let (wall, business) = (23 * 3600 + 24 * 60, 7 * 3600 + 24 * 60);
    assert_eq!((&row["answered"], &row["handed_over"]), (&"meeting".into(), &"2025-03-26T13:30:00Z".into()));
    assert_eq!((&row["wall_seconds"], &row["business_seconds"]), (&wall.into(), &business.into()));

    // A mail is answered by telephone: no letter leaves for it.
    let anne = week.asked("q1@cegep.example", ANNE, "Fin de la suspension");
    week.decide(anne, &[&["answered", "--by", "telephone"], &summary[..]].concat());
    assert_eq!(week.state(anne), "answered");
    assert_eq!(week.row(anne).unwrap()["answered"], "telephone");

    // The desk writes first, and the organisation's answer lies in the same thread.
    let file = week.line.desk.path("lettre.md");
    std::fs::write(&file, "Bonjour,\n\nVotre projet « Boréal » est inscrit à notre registre.\n").unwrap();
    let write = ["write", "--to", "zoe.lavoie@hopital.example", "--subject", "Votre projet"];
    week.line.desk.ok(&[&write[..], &["--body-file", file.to_str().unwrap()], &MARIE].concat());
    let zoe = week.drafted("Votre projet");
    assert!(week.row(zoe).is_none());
    let letter = week.sent(zoe);
    week.line.desk.until_state(zoe, "answered");
    assert_eq!(letter.recipients, ["zoe.lavoie@hopital.example"]);
    assert_eq!((letter.in_reply_to.len(), letter.references.len()), (0, 0));
    assert!(letter.tells("« Boréal » est inscrit"));
    let from = "Zoé Lavoie <zoe.lavoie@hopital.example>";
    let cites = [letter.message_id.as_str()];
    week.line.deliver(&reply("q9@hopital.example", from, DESK, "Votre projet", &cites, UNTIL_WHEN));
    week.line.desk.until_state(zoe, "to-review");
    assert_eq!(week.line.desk.threads().len(), 3, "it joined the thread that the desk began");
    assert!(week.row(zoe).unwrap()["answered"].is_null());
    // A few words after an exchange are never sure, and what left is no draft of the next answer.
    week.decide(zoe, &["reclassify", "duree-suspension"]);
    let letter = week.sent(zoe);
    assert!(!letter.tells("« Boréal » est inscrit"));
    assert_eq!(letter.in_reply_to, ["q9@hopital.example"]);
    assert_eq!(letter.references, [cites[0], "q9@hopital.example"]);
    week.line.desk.until_state(zoe, "answered");
    assert_eq!(week.row(zoe).unwrap()["answered"], "inside");
    week.finish(&["Boréal", "hopital.example", "Dubé"]);
}

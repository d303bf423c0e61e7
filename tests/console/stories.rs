//! Stories told in `browser/*.mjs`, and what the desk has to show for them.

use crate::House;
use crate::certificates::Authority;
use crate::desk::{UNTIL_WHEN, mail, question};
use crate::http::Client;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Runs a story in Chromium; `more` is what it needs beside the address and the account.
pub fn tell(house: &House, story: &str, more: Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/console/browser");
    assert!(
        folder.join("node_modules").exists(),
        "the browser's modules are missing: npm ci --prefix tests/console/browser"
    );
    let mut world = json!({
        "url": house.url(),
        "name": crate::NAME,
        "password": house.password,
        "mail": house.desk.path("mail"),
        "chromium": std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned()),
    });
    world.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let told = Command::new("node").arg(folder.join(story)).arg(world.to_string()).output().unwrap();
    assert!(
        told.status.success(),
        "{story} {more}\n{}{}",
        String::from_utf8_lossy(&told.stdout),
        String::from_utf8_lossy(&told.stderr)
    );
}

fn a_day(way: &str) {
    let house = House::usual(3);
    tell(&house, "day.mjs", json!({ "way": way }));
    let letters = house.letters(2);
    assert_eq!(letters.len(), 2, "one letter an approval, none for what was taken back or closed");
    assert!(letters.iter().any(|letter| letter.contains("To: anne.roy@cegep.example")));
    assert!(letters.iter().any(|letter| letter.contains("To: luc.cote@ville.example")));
    let events = house.desk.thread(1)["events"].clone();
    let by = |name: &str| {
        let events = events.as_array().unwrap().iter();
        events.filter(|event| event["event"] == name).map(|event| event["actor"]["name"].clone()).collect()
    };
    let (approved, withdrawn): (Vec<Value>, Vec<Value>) = (by("Approved"), by("Withdrawn"));
    assert_eq!((approved.len(), withdrawn.len()), (2, 1));
    assert!(approved.iter().all(|name| name == crate::NAME));
    assert_eq!(house.desk.thread(3)["state"], "closed");
}

#[test]
fn a_reviewers_day_by_mouse() {
    a_day("mouse");
}

#[test]
fn a_reviewers_day_by_keys_alone() {
    a_day("keys");
}

#[test]
fn a_reviewers_day_without_javascript() {
    a_day("plain");
}

#[test]
fn a_reviewers_day_on_a_phone() {
    a_day("phone");
}

#[test]
fn two_people_and_one_mail() {
    let house = House::usual(60);
    let answer = "In-Reply-To: <q2@ville.example>\nReferences: <q2@ville.example>\n";
    let address = "encadrement.ia@ministere.example";
    let more = "Bonjour,\n\nJ'ajoute que nos documents sont publics. Est-ce permis dans ce cas ?";
    let follow_up =
        mail("q4@ville.example", "luc.cote@ville.example", address, "RE: Traduction", answer, more);
    let other = question("q5@port.example", "max.roy@port.example", "Durée", UNTIL_WHEN);
    let password = house.account("Lou Gagnon", "reviewer");
    let colleague = json!({ "followUp": follow_up, "other": other, "colleague": "Lou Gagnon",
        "colleaguePassword": password });
    tell(&house, "two.mjs", colleague);
    let events = house.desk.thread(1)["events"].clone();
    let count = events.as_array().unwrap().iter().filter(|event| event["event"] == "Approved").count();
    assert_eq!(count, 1, "the second click decided nothing");
}

#[test]
fn a_session_that_ends_while_somebody_types() {
    tell(&House::usual(60), "session.mjs", json!({}));
}

#[test]
fn a_letter_is_made_right_before_it_is_approved() {
    let address = "encadrement.ia@ministere.example";
    let text = "Bonjour,\n\nQue faut-il démontrer pour une démarche structurée ?\n";
    let copies = "Cc: ti@cegep.example, luc@cegep.example\n";
    let earlier = mail("q1@musee.example", "eve@musee.example", address, "Démarche", "", text);
    let asked = mail("q2@cegep.example", "anne.roy@cegep.example", address, "Démarche", copies, text);
    // The other wording asks for a field, and the library has a file that may go with any letter.
    let house = House::configured(0, &[earlier, asked], None, |desk| {
        desk.own_replies();
        let entry = desk.path("replies/fr/demarche-structuree.courriel.md");
        let text = fs::read_to_string(&entry).unwrap();
        let asks = "asks = [{ name = \"dossier\", label = \"numéro du dossier\" }]";
        fs::write(&entry, text.replace("asks = []", asks) + "\nDossier : {{ field.dossier }}.\n").unwrap();
        fs::create_dir_all(desk.path("replies/attachments")).unwrap();
        fs::write(desk.path("replies/attachments/gabarit.txt"), "Le gabarit.").unwrap();
    });
    fs::write(house.desk.path("plan.txt"), "Le plan.").unwrap();
    tell(&house, "letter.mjs", json!({ "file": house.desk.path("plan.txt") }));
    let letters = house.letters(2);
    let letter = letters.iter().find(|letter| letter.contains("To: anne.roy@cegep.example")).unwrap();
    assert!(letter.contains("luc@cegep.example") && !letter.contains("ti@cegep.example"));
    for part in ["Dossier : 2025-14.", "gabarit.txt", "plan.txt"] {
        assert!(letter.contains(part), "{part} is not in {letter}");
    }
}

#[test]
fn what_does_not_begin_with_a_mail_and_a_flood() {
    let house = House::usual(0);
    tell(&house, "other.mjs", json!({}));
    let letters = house.letters(2);
    assert!(letters.iter().all(|letter| !letter.contains("ugo.roy")), "nobody approved that one");
}

#[test]
fn the_history_is_searched() {
    let text = "Bonjour,\n\nLes Marionnettes <img src=x onerror=alert(1)> sont-elles permises ?";
    let hostile = question("q7@theatre.example", "zoe.roy@theatre.example", "Spectacle", text);
    tell(&House::usual(60), "search.mjs", json!({ "hostile": hostile }));
}

#[test]
fn a_supervisor_goes_from_the_headline_to_the_events_and_to_paper() {
    let house = House::usual(0);
    let threads = house.desk.threads();
    let asked = threads.iter().filter(|thread| thread["organisation"] == "cegep.example").count();
    let secret = house.account("Sam Roy", "supervisor");
    tell(&house, "delays.mjs", json!({ "supervisor": "Sam Roy", "secret": secret, "asked": asked }));
}

/// Whatever is typed gives a page: nothing of it is an error, and nothing of it is markup.
#[test]
fn no_search_is_an_error() {
    let house = House::usual(60);
    let client = Client::of(house.port, crate::NAME, &house.password);
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let found = |query: &str| client.get(&format!("/recherche?{query}"));
    house
        .desk
        .until("the mail is found", || found("q=bonjour").body.contains("class=\"hits\"").then_some(()));
    let long = "mot« \"".repeat(1_200);
    for words in [
        "\"",
        "« avis",
        "+-&|!(){}[]^~*?:\\/",
        "AND OR NOT",
        "\0\u{202e}",
        "<script>alert(1)</script>",
        &long,
    ] {
        let answer = found(&format!("q={}", encode(words)));
        assert_eq!(answer.status, 200, "{words}");
        assert!(!answer.body.contains("<script>alert"), "{words}");
    }
    for query in [
        "q=bonjour&page=0",
        "q=bonjour&page=99999999999999999999",
        "q=bonjour&page=1000000",
        "par=%00",
        "du=9999-12-31",
        "au=-9999-01-01",
        "du=hier&au=demain",
        "etat=perdu&type=rien",
        "q=%FF%FE",
    ] {
        assert_eq!(found(query).status, 200, "{query}");
    }
    found("q=bonjour&par=Camille%20Roy");
    let log = house.desk.json(&["user", "log", "--format", "json", "--person", crate::NAME]);
    assert_eq!(log[0]["query"], "bonjour by=Camille Roy");
}

#[test]
fn over_tls_the_session_never_travels_in_the_open() {
    let question = question("q1@cegep.example", "anne.roy@cegep.example", "Durée", UNTIL_WHEN);
    let house = House::configured(60, &[question], Some(&Authority::new().local()), |_| {});
    house.desk.ok(&["check"]);
    tell(&house, "tls.mjs", json!({}));
    // A key that is another's is named before anything starts.
    fs::write(house.desk.path("key.pem"), Authority::new().local().key).unwrap();
    let said = house.desk.run(&["check"]);
    assert_eq!(said.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&said.stdout).contains("chain.pem"), "{said:?}");
}

/// A house whose people come in by an identity provider, and where that is to listen.
fn with_provider(mut house: House) -> (House, String) {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    // By another name than the console's: a browser takes the two for strangers, as they will be.
    let issuer = format!("http://localhost:{port}");
    house.desk.stop();
    std::fs::write(house.desk.path("secret"), "un secret\n").unwrap();
    let url = house.url();
    let section = format!(
        "[console.oidc]\nissuer = \"{issuer}\"\nclient_id = \"greffier\"\nclient_secret_file = \"secret\"\n\
         console_url = \"{url}\"\nscopes = [\"groups\"]\n[console.oidc.roles]\n\
         reviewer = [\"greffier-revision\"]\nreader = [\"greffier-lecture\"]\n[console]"
    );
    house.desk.edit_config("[console]", &section);
    house.desk.start();
    (house, issuer)
}

#[test]
fn people_come_in_by_the_identity_provider() {
    let (house, issuer) = with_provider(House::usual(60));
    let said = String::from_utf8_lossy(&house.desk.run(&["check"]).stdout).into_owned();
    assert!(said.contains("Fournisseur d’identité") && said.contains("ne répond pas"), "{said}");
    tell(&house, "sso.mjs", json!({ "issuer": issuer }));
    let people = house.desk.json(&["user", "list", "--json"]);
    let names: Vec<&str> = people.iter().map(|person| person["name"].as_str().unwrap()).collect();
    assert_eq!(names, [crate::NAME, "Marie Tremblay"], "nobody else got an account");
    assert_eq!(people[1]["roles"], json!(["reviewer"]));
    assert_eq!(people[1]["identity"]["known"]["subject"], "marie");
    assert_eq!(people[0]["identity"], Value::Null, "an account is not taken over by its name");
    let log = house.desk.log();
    assert!(log.contains("nobody came in by the identity provider"), "{log}");
    assert!(!log.contains("un secret") && !log.contains("marie") && !log.contains("Marie"), "{log}");
}

#[test]
fn an_account_of_before_is_joined_and_passwords_end() {
    let (mut house, issuer) = with_provider(House::usual(60));
    house.desk.stop();
    house.desk.edit_config("[console]\nlisten", "[console]\npasswords = false\nlisten");
    house.desk.start();
    assert!(house.desk.ok(&["user", "link", crate::NAME]).contains(crate::NAME));
    tell(&house, "joined.mjs", json!({ "issuer": issuer }));
    let people = house.desk.json(&["user", "list", "--json"]);
    assert_eq!((people.len(), &people[0]["identity"]["known"]["issuer"]), (1, &json!(issuer)));
    let fields = [("nom", crate::NAME), ("motdepasse", house.password.as_str())];
    let answer = crate::http::Client::new(house.port).post("/connexion", &fields, &[]);
    assert_eq!((answer.status, answer.headers.contains_key("set-cookie")), (403, false));
    assert!(answer.body.contains("On n’entre pas ici par mot de passe"));
    house.desk.ok(&["user", "disable", crate::NAME]);
    tell(&house, "joined.mjs", json!({ "issuer": issuer, "disabled": true }));
}

#[test]
fn every_page_is_accessible() {
    let house = House::usual(60);
    // One person for all pages, and another to look at.
    house.account("Lou", "signer");
    let roles = ["reviewer", "supervisor", "reader", "administrator"].map(|role| ["--role", role]).concat();
    house.desk.ok(&[&["user", "add", crate::NAME, "--until", "2099-12-31"], &roles[..]].concat());
    let absence = ["user", "absent", "Lou", "--from", "2000-01-01", "--to", "2099-12-31", "--delegate"];
    house.desk.ok(&[&absence[..], &[crate::NAME]].concat());
    tell(&house, "axe.mjs", json!({}));
}

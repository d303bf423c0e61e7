//! Accounts, sessions, settings and the access log, as a browser and the command line meet them.

use crate::House;
use crate::http::{Client, Response};

const ADMINISTRATOR: &str = "Alain Compte";

fn administrator(house: &House) -> Client {
    Client::of(house.port, ADMINISTRATOR, &house.account(ADMINISTRATOR, "administrator"))
}

/// A form of a page of the console, sent with the token of its session.
fn send(client: &Client, path: &str, fields: &[(&str, &str)]) -> Response {
    let token = client.form_token();
    client.post(path, &[&[("jeton", token.as_str())], fields].concat(), &[])
}

/// The password that a page shows once.
fn shown(answer: &Response) -> String {
    let at = answer.body.find("class=\"once\">").expect("a password is shown") + 13;
    answer.body[at..].split('<').next().unwrap().to_owned()
}

#[test]
fn an_administrator_keeps_the_accounts_and_reads_no_mail() {
    let house = House::usual(60);
    let client = administrator(&house);
    assert_eq!(client.get("/").headers["location"], "/comptes");
    assert!(!client.get("/comptes").body.contains("/fils?etat="), "no counts, no queue");
    let added = send(&client, "/comptes", &[("nom", "Léa Lit"), ("role", "reader"), ("fin", "2099-12-31")]);
    assert_eq!(added.status, 200);
    let password = shown(&added);
    let reader = Client::of(house.port, "Léa Lit", &password);
    assert_eq!(reader.get("/fils/1").status, 200);
    // The same name again, no name, a reader without an end: said, and what was typed stays.
    for (fields, said) in [
        (vec![("nom", "Léa Lit"), ("role", "reviewer")], "a déjà un compte"),
        (vec![("nom", " "), ("role", "reviewer")], "Donnez un nom"),
        (vec![("nom", "Nouvel Auditeur"), ("role", "reader")], "a une fin"),
    ] {
        let answer = send(&client, "/comptes", &fields);
        assert_eq!(answer.status, 409, "{said}");
        assert!(answer.body.contains(said) && answer.body.contains(fields[0].1), "{}", answer.body);
    }
    let page = client.get("/comptes/personne?nom=L%C3%A9a%20Lit").body;
    assert!(!page.contains(&password), "a password is shown once");
    // Other roles count from the next page on.
    let change = [("nom", "Léa Lit"), ("role", "reviewer"), ("role", "signer")];
    assert_eq!(send(&client, "/comptes/roles", &change).status, 303);
    assert_eq!(send(&reader, "/fils/1/prendre", &[]).status, 303);
    let absence = [("nom", "Léa Lit"), ("du", "2000-01-01"), ("au", "2099-12-31"), ("delegue", crate::NAME)];
    assert_eq!(send(&client, "/comptes/absence", &absence).status, 303);
    assert_eq!(house.desk.thread(1)["proposed_to"], crate::NAME);
    let backwards = [("nom", "Léa Lit"), ("du", "2026-02-02"), ("au", "2026-02-01")];
    assert!(send(&client, "/comptes/absence", &backwards).body.contains("finit avant"));
    // A new password and the end of the account end what was open.
    let again = shown(&send(&client, "/comptes/motdepasse", &[("nom", "Léa Lit")]));
    assert_eq!(reader.get("/fils").status, 303);
    let reader = Client::of(house.port, "Léa Lit", &again);
    assert_eq!(send(&client, "/comptes/desactiver", &[("nom", "Léa Lit")]).status, 303);
    assert_eq!(reader.get("/fils").status, 303);
    assert_eq!(send(&client, "/comptes/activer", &[("nom", "Léa Lit")]).status, 303);
    Client::of(house.port, "Léa Lit", &again);
    for (path, nom) in [("/comptes/roles", "Personne"), ("/comptes/desactiver", "")] {
        assert_eq!(send(&client, path, &[("nom", nom)]).status, 404, "{path}");
    }
    assert_eq!(send(&client, "/comptes/inconnu", &[("nom", "Léa Lit")]).status, 400);
    // Who did it is in the access log.
    let log = house.desk.json(&["user", "log", "--person", ADMINISTRATOR, "--format", "json"]);
    let changes: Vec<&str> = log.iter().map(|line| line["change"].as_str().unwrap()).collect();
    assert_eq!(changes, ["enable", "disable", "password", "absent", "roles", "add"]);
}

#[test]
fn the_last_administrator_is_not_locked_out() {
    let house = House::usual(60);
    let client = administrator(&house);
    let ended = [("nom", ADMINISTRATOR), ("role", "administrator"), ("fin", "2020-01-01")];
    for (path, fields) in [
        ("/comptes/desactiver", &ended[..1]),
        ("/comptes/roles", &[("nom", ADMINISTRATOR), ("role", "reviewer")][..]),
        ("/comptes/roles", &ended[..]),
    ] {
        let answer = send(&client, path, fields);
        assert_eq!(answer.status, 409, "{path}");
        assert!(answer.body.contains("Plus personne n’administrerait"), "{}", answer.body);
        assert_eq!(client.get("/comptes").status, 200);
    }
    // With a second one the first may go; the operator may take the last.
    assert_eq!(send(&client, "/comptes", &[("nom", "Anne"), ("role", "administrator")]).status, 200);
    assert_eq!(send(&client, "/comptes/desactiver", &[("nom", ADMINISTRATOR)]).status, 303);
    assert_eq!(client.get("/comptes").status, 303);
    house.desk.ok(&["user", "disable", "Anne"]);
}

#[test]
fn sessions_are_seen_and_ended() {
    let house = House::usual(60);
    let agent = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0";
    let mut other = Client::new(house.port);
    let fields = [("nom", crate::NAME), ("motdepasse", house.password.as_str())];
    let answer = other.post("/connexion", &fields, &[("User-Agent", agent)]);
    other.cookie = answer.headers["set-cookie"].split(';').next().unwrap().to_owned();
    let mine = Client::of(house.port, crate::NAME, &house.password);
    let page = mine.get("/compte").body;
    assert!(page.contains("Firefox · Windows") && page.contains("navigateur inconnu"), "{page}");
    assert_eq!(page.matches("cette session").count(), 1);
    let open = house.desk.json(&["user", "sessions", "--json"]);
    assert_eq!(open.len(), 2);
    let id = open.iter().find(|session| session["browser"] == "Firefox · Windows").unwrap()["id"].clone();
    // Somebody else's is not theirs to end.
    let third = Client::of(house.port, "Lou", &house.account("Lou", "reviewer"));
    assert_eq!(send(&third, "/compte/session", &[("session", id.as_str().unwrap())]).status, 303);
    assert_eq!(other.get("/fils").status, 200);
    assert_eq!(send(&mine, "/compte/session", &[("session", id.as_str().unwrap())]).status, 303);
    assert_eq!((other.get("/fils").status, mine.get("/fils").status), (303, 200));
    // An administrator ends anybody's, one or all; the operator, too.
    let client = administrator(&house);
    let page = client.get("/comptes/personne?nom=Camille%20Roy").body;
    let at = page.find("name=\"session\" value=\"").unwrap() + 22;
    assert_eq!(
        send(&client, "/comptes/session", &[("nom", crate::NAME), ("session", &page[at..at + 16])]).status,
        303
    );
    assert_eq!((mine.get("/fils").status, third.get("/fils").status), (303, 200));
    assert_eq!(send(&client, "/comptes/sessions", &[("nom", "Lou")]).status, 303);
    assert_eq!(third.get("/fils").status, 303);
    assert!(house.desk.ok(&["user", "logout", ADMINISTRATOR]).contains("terminées"));
    assert_eq!(client.get("/comptes").status, 303);
    assert!(house.desk.ok(&["user", "sessions"]).contains("Personne n’est connecté"));
    assert!(house.desk.refused(2, &["user", "logout", "Personne"]).contains("n’est pas inscrit"));
}

#[test]
fn settings_stay_with_the_account() {
    let house = House::usual(60);
    let client = Client::of(house.port, crate::NAME, &house.password);
    let page = client.get("/fils").body;
    assert!(page.contains("<html lang=\"fr\" data-theme=\"auto\">"), "{page}");
    assert_eq!(send(&client, "/compte/reglages", &[("langue", "en"), ("theme", "dark")]).status, 303);
    // In another browser, too.
    let other = Client::of(house.port, crate::NAME, &house.password);
    assert!(other.get("/fils").body.contains("<html lang=\"en\" data-theme=\"dark\" data-keys=\"off\">"));
    // What no form offers is what it was made for.
    let odd = [("langue", "xx"), ("theme", "<b>"), ("touches", "oui")];
    assert_eq!(send(&other, "/compte/reglages", &odd).status, 303);
    assert!(other.get("/fils").body.contains("<html lang=\"fr\" data-theme=\"auto\">"));
    let roles = house.desk.json(&["user", "list", "--json"])[0]["roles"].clone();
    assert_eq!(roles, serde_json::json!(["reviewer"]), "nothing else changed");
}

#[test]
fn what_is_looked_at_is_logged_and_nowhere_else() {
    let mut house = House::usual(60);
    let client = Client::of(house.port, crate::NAME, &house.password);
    for path in ["/fils", "/fils/1", "/fils/2", "/fils/99", "/fils/1/version", "/textes"] {
        client.get(path);
    }
    client.get("/fils/2/versions");
    house.desk.ok(&["show", "3"]);
    house.desk.ok(&["report", "response-times"]);
    house.desk.ok(&["deposits"]);
    let copy = house.desk.path("copie");
    house.desk.ok(&["store", "export", copy.to_str().unwrap()]);
    let log =
        |arguments: &[&str]| house.desk.json(&[&["user", "log", "--format", "json"], arguments].concat());
    let mine = log(&["--person", crate::NAME]);
    let threads: Vec<u64> = mine.iter().map(|line| line["thread"].as_u64().unwrap()).collect();
    assert_eq!(threads, [2, 2, 1], "opened, by its letters too, not listed; newest first");
    assert_eq!(log(&["--thread", "3"])[0]["uid"], rustix::process::getuid().as_raw());
    let all = log(&[]);
    let exports: Vec<&str> = all.iter().filter_map(|line| line["export"].as_str()).collect();
    // The log itself was looked at twice before this.
    assert_eq!(exports, ["access-log", "access-log", "store", "deposits", "response-times"]);
    let table = house.desk.ok(&["user", "log", "--thread", "1"]);
    assert!(table.contains("Camille Roy · fil ouvert · 1"), "{table}");
    // On the page, for those whose business it is; and as a file, which no spreadsheet takes for a formula.
    assert_eq!(client.get("/acces").status, 403);
    let password = house.account("=Léa Lit", "reader");
    let reader = Client::of(house.port, "=Léa Lit", &password);
    reader.get("/fils/2");
    let page = reader.get("/acces?fil=2").body;
    assert!(
        page.contains("Camille Roy") && page.contains("=Léa Lit") && !page.contains("/fils/1\""),
        "{page}"
    );
    assert!(!reader.get("/acces?personne=Camille%20Roy").body.contains("<td>=Léa Lit"));
    let file = reader.get("/acces.csv?fil=2");
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"acces.csv\"");
    assert!(file.body.contains("'=Léa Lit;fil ouvert;2;"), "{}", file.body);
    assert_eq!(log(&["--person", "=Léa Lit"])[0]["export"], "access-log", "taking it out is logged");
    // It survives a kill once its half second has passed, and is no part of the chain.
    std::thread::sleep(std::time::Duration::from_millis(1200));
    let before = house.desk.json(&["user", "log", "--thread", "2", "--format", "json"]);
    house.desk.kill();
    assert_eq!(house.desk.json(&["user", "log", "--thread", "2", "--format", "json"]), before);
    assert!(house.desk.ok(&["store", "verify"]).contains("Journal intact"));
    assert!(!house.desk.log().contains("Léa"), "no name of an access in the technical log");
}

#[test]
fn the_access_log_is_kept_in_a_backup_and_goes_with_its_days() {
    let mut house = House::usual(60);
    Client::of(house.port, crate::NAME, &house.password).get("/fils/1");
    house.desk.stop();
    let backup = house.desk.path("copie");
    house.desk.ok(&["store", "backup", backup.to_str().unwrap()]);
    // A line of long ago, as a backup of then holds it.
    let file = backup.join("accesses.jsonl");
    let old = "{\"at\":\"2020-01-01T10:00:00Z\",\"name\":\"Camille Roy\",\"what\":\"search\",\"query\":\"Tremblay\"}\n";
    std::fs::write(&file, old.to_owned() + &std::fs::read_to_string(&file).unwrap()).unwrap();
    std::fs::rename(house.desk.path("data"), house.desk.path("perdu")).unwrap();
    house.desk.ok(&["store", "restore", backup.to_str().unwrap()]);
    let log = || house.desk.json(&["user", "log", "--person", crate::NAME, "--format", "json"]);
    assert_eq!(log().len(), 2);
    assert!(house.desk.ok(&["user", "log"]).contains("Camille Roy · recherche · Tremblay"));
    house.desk.once();
    assert_eq!(log().len(), 1, "a year is over");
}

#[test]
fn who_wrote_in_a_letter_does_not_approve_it_here_either() {
    let mut house = House::usual(60);
    house.desk.stop();
    house.desk.edit_config("[console]", "[desk]\nauthor_may_approve = false\n[console]");
    house.desk.start();
    let client = Client::of(house.port, crate::NAME, &house.password);
    let version = || house.desk.thread(1)["version"].to_string();
    let text = "Bonjour,\n\nLa suspension dure jusqu’à nouvel ordre.\n";
    assert_eq!(send(&client, "/fils/1/modifier", &[("vu", &version()), ("texte", text)]).status, 303);
    let answer = send(&client, "/fils/1/approuver", &[("vu", &version())]);
    assert_eq!(answer.status, 409);
    assert!(answer.body.contains("une autre personne l’approuve"), "{}", answer.body);
    let other = Client::of(house.port, "Lou", &house.account("Lou", "reviewer"));
    assert_eq!(send(&other, "/fils/1/approuver", &[("vu", &version())]).status, 303);
    assert_eq!(house.desk.thread(1)["state"], "approved");
}

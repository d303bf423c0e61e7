//! New wordings: proposed by one person, approved by another, written by the program.

use crate::House;
use crate::desk::{Desk, UNTIL_WHEN, copy, question};
use crate::http::Client;
use crate::stories::tell;
use serde_json::json;
use std::fs;

/// A desk with texts of its own and one question.
fn house() -> House {
    let asked = question("q1@cegep.example", "anne.roy@cegep.example", "Durée", UNTIL_WHEN);
    House::configured(60, &[asked], None, Desk::own_replies)
}

/// The fields of the form as they stand, with one of them changed.
fn fields(client: &Client, text: &str, name: &str, value: &str) -> Vec<(String, String)> {
    let page = client.get(&format!("/propositions/nouvelle?texte={text}")).body;
    let said = |name: &str| {
        let place = format!("name=\"{name}\"");
        let rest = &page[page.find(&place).unwrap_or_else(|| panic!("no field {name}"))..];
        let (tag, after) = rest.split_once('>').unwrap();
        let value = match tag.split_once("value=\"") {
            Some((_, value)) => value.trim_end_matches(" readonly").trim_end_matches('"'),
            None => after.split_once("</textarea>").unwrap().0.trim_start_matches('\n'),
        };
        value.replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#38;", "&")
    };
    let names = [
        "jeton", "base", "texte", "titre", "question", "variante", "corps", "champs", "document", "section",
        "debut", "fin", "exemples",
    ];
    names
        .into_iter()
        .map(|field| (field.to_owned(), if field == name { value.to_owned() } else { said(field) }))
        .collect()
}

fn propose(client: &Client, text: &str, name: &str, value: &str) -> crate::http::Response {
    let fields = fields(client, text, name, value);
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    client.post("/propositions", &fields, &[])
}

#[test]
fn a_text_is_proposed_and_approved_by_somebody_else() {
    let house = house();
    let password = house.account("Lou Gagnon", "content-owner");
    tell(&house, "proposal.mjs", json!({ "owner": "Lou Gagnon", "ownerPassword": password }));
    let file = fs::read_to_string(house.desk.path("replies/fr/duree-suspension.md")).unwrap();
    for line in [
        "version = 2\n",
        "approved_by = \"Lou Gagnon\"\n",
        "La suspension prend fin bientôt.\n",
        "keywords = [",
    ] {
        assert!(file.contains(line), "{line} is not in {file}");
    }
    let examples = fs::read_to_string(house.desk.path("replies/examples/fr/duree-suspension.txt")).unwrap();
    assert!(examples.contains("Le dégel des perroquets mécaniques, c’est pour quand ?"));
    // The draft that waited is made of it.
    house.desk.until("the draft is prepared again", || {
        let draft = house.desk.thread(1)["draft"].clone();
        draft["body"].as_str().unwrap().contains("La suspension prend fin bientôt.").then_some(())
    });
    assert!(house.desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn what_cannot_be_the_text_is_refused_and_nothing_typed_is_lost() {
    let house = house();
    let owner = Client::of(house.port, "Lou Gagnon", &house.account("Lou Gagnon", "content-owner"));
    let text = "fr/duree-suspension";
    for (name, value, why) in [
        ("corps", "Le {{ inconnu }}.", ">fr/duree-suspension.md, ligne"),
        ("titre", " ", "Il manque le titre"),
        ("debut", "hier", "AAAA-MM-JJ"),
        ("debut", "2099-01-01", "nom de variante"),
        ("champs", "jour : lequel", "Un champ à remplir"),
        ("texte", "../../etc/passwd", "Le nom du texte"),
        ("base", "0000", "a changé depuis"),
    ] {
        let answer = propose(&owner, text, name, value);
        assert!(matches!(answer.status, 409 | 422), "{name}: {}", answer.status);
        let line = answer.body.split_once("role=\"alert\"").unwrap().1.split_once("</div>").unwrap().0;
        assert!(line.contains(why), "{name}: {line}");
        let kept = value.replace('<', "&#60;");
        assert!(answer.body.contains(kept.trim()), "{name}: what was typed is gone");
    }
    assert!(owner.get("/propositions").body.contains("Personne n’a proposé"));
    // Nobody approves what they proposed themselves, and nothing that was written against another text.
    let answer = propose(&owner, text, "corps", "Bientôt.");
    assert_eq!(answer.status, 303, "{}", answer.body);
    let place = answer.headers["location"].clone();
    let token = owner.form_token();
    let own = owner.post(&format!("{place}/approuver"), &[("jeton", &token)], &[]);
    assert!(own.status == 409 && own.body.contains("Une autre personne"), "{}", own.body);
    let file = house.desk.path("replies/fr/duree-suspension.md");
    let changed = fs::read_to_string(&file).unwrap().replace("version = 1", "version = 7");
    fs::write(&file, &changed).unwrap();
    let other = Client::of(house.port, "Max Roy", &house.account("Max Roy", "content-owner"));
    house.desk.until("the file is read", || {
        other.get(&place).body.contains("Le texte a changé depuis cette proposition").then_some(())
    });
    let late = other.post(&format!("{place}/approuver"), &[("jeton", &other.form_token())], &[]);
    assert!(late.status == 409 && late.body.contains("a changé depuis"), "{}", late.body);
    assert_eq!(fs::read_to_string(&file).unwrap(), changed);
    // Its author withdraws it; it cannot be approved any more.
    let withdrawn =
        owner.post(&format!("{place}/decliner"), &[("jeton", &token), ("raison", "à refaire")], &[]);
    assert_eq!(withdrawn.status, 303, "{}", withdrawn.body);
    assert!(owner.get(&place).body.contains("Refusé par Lou Gagnon"));
}

#[test]
fn a_kill_between_the_file_and_the_word_writes_no_second_version() {
    let mut house = house();
    let author = Client::of(house.port, crate::NAME, &house.password);
    let owner = Client::of(house.port, "Lou Gagnon", &house.account("Lou Gagnon", "content-owner"));
    let answer = propose(&author, "fr/duree-suspension", "corps", "Bientôt.");
    let approve = format!("{}/approuver", answer.headers["location"]);
    let token = owner.form_token();
    house.desk.kill();
    // A socket cannot be copied.
    fs::remove_file(house.desk.path("data/greffier.sock")).unwrap();
    copy(&house.desk.path("data"), &house.desk.path("before"));
    house.desk.start();
    assert_eq!(owner.post(&approve, &[("jeton", &token)], &[]).status, 303);
    let file = house.desk.path("replies/fr/duree-suspension.md");
    let written = fs::read_to_string(&file).unwrap();
    assert!(written.contains("version = 2\n"));
    // As if the word had never reached the disk.
    house.desk.kill();
    fs::remove_dir_all(house.desk.path("data")).unwrap();
    fs::rename(house.desk.path("before"), house.desk.path("data")).unwrap();
    house.desk.start();
    let again = owner.post(&approve, &[("jeton", &token)], &[]);
    assert_eq!(again.status, 303, "{}", again.body);
    assert_eq!(fs::read_to_string(&file).unwrap(), written);
    assert!(owner.get("/propositions").body.contains("Approuvé par Lou Gagnon"));
}

//! The page of the response times, the questions behind its figures, and its files.

use crate::House;
use crate::http::Client;

#[test]
fn every_figure_opens_the_questions_behind_it() {
    let house = House::usual(0);
    let version = house.desk.thread(1)["version"].to_string();
    house.desk.ok(&["approve", "1", "--seen", &version, "--as", crate::NAME]);
    house.desk.until_state(1, "answered");
    let supervisor = Client::of(house.port, "Sam Roy", &house.account("Sam Roy", "supervisor"));
    // The mail is of this year, whose holidays somebody may not have confirmed.
    let page = supervisor.get("/delais?provisoire=1");
    assert_eq!(page.status, 200, "{}", page.body);
    let figure = |name: &str| -> (String, String) {
        let rest = page.body.split_once(&format!("<dt>{name}</dt>")).unwrap_or_else(|| panic!("no {name}")).1;
        let link = rest.split_once("href=\"").unwrap().1;
        let (address, rest) = link.split_once("\">").unwrap();
        (address.replace("&#38;", "&"), rest.split_once("</a>").unwrap().0.to_owned())
    };
    for (name, value) in [
        ("questions reçues", "3"),
        ("avec réponse (n)", "1"),
        ("ouvertes", "2"),
        ("questions rouvertes", "0"),
    ] {
        let (address, shown) = figure(name);
        assert_eq!(shown, value, "{name}");
        let behind = supervisor.get(&address);
        assert_eq!(behind.status, 200, "{address}: {}", behind.body);
        assert_eq!(behind.body.matches("data-row").count(), value.parse::<usize>().unwrap(), "{name}");
    }
    // Of one answer, the page shows how long it took, and no quantile of it.
    assert!(page.body.contains("<dt>délais en temps ouvrable</dt>"));
    assert!(!page.body.contains("<dt>90e centile ouvrable</dt>"));
    assert!(page.body.matches("<svg").count() >= 3 && page.body.matches("<desc").count() >= 3);
    // By every group, and with filters that find nothing or are none.
    for query in ["par=kind", "par=hour", "par=week", "entree=contact", "du=&au=&type=", "organisme=%22%3E"] {
        let answer = supervisor.get(&format!("/delais?provisoire=1&{query}"));
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        assert!(!answer.body.contains("value=\"\">\""), "{query}");
    }
    assert_eq!(supervisor.get("/delais?provisoire=1&par=person").status, 409, "nobody is named by default");
}

#[test]
fn a_filter_that_cannot_be_read_is_no_filter_less() {
    let house = House::usual(0);
    let supervisor = Client::of(house.port, "Sam Roy", &house.account("Sam Roy", "supervisor"));
    for (query, field) in [
        ("du=2026-13-01", "du"),
        ("du=hier&au=2026-01-01", "du"),
        ("au=%00", "au"),
        ("type=x", "type"),
        ("compte=x", "compte"),
        ("selon=x&compte=late", "selon"),
        ("par=%3Cb%3E", "par"),
    ] {
        for page in ["/delais", "/delais/questions", "/delais/fichier/csv"] {
            let answer = supervisor.get(&format!("{page}?provisoire=1&entree=contact&{query}"));
            assert_eq!(answer.status, 400, "{page} {query}: {}", answer.body);
            assert!(answer.body.contains(&format!("«\u{a0}{field}\u{a0}»")), "{}", answer.body);
            assert!(!answer.body.contains("<b>"), "{}", answer.body);
            // The way on keeps the rest.
            assert!(answer.body.contains("entree=%63%6F%6E%74%61%63%74"), "{}", answer.body);
        }
    }
}

#[test]
fn every_number_opens_as_many_rows_as_it_says() {
    let house = House::usual(0);
    let version = house.desk.thread(1)["version"].to_string();
    house.desk.ok(&["approve", "1", "--seen", &version, "--as", crate::NAME]);
    house.desk.until_state(1, "answered");
    let supervisor = Client::of(house.port, "Sam Roy", &house.account("Sam Roy", "supervisor"));
    let mut checked = std::collections::BTreeMap::new();
    for by in ["entry", "kind", "hour"] {
        let page = supervisor.get(&format!("/delais?provisoire=1&par={by}")).body;
        for link in ["<dd><a href=\"", "<td><a href=\""].iter().flat_map(|before| page.split(before).skip(1))
        {
            let (address, rest) = link.split_once('"').unwrap();
            let shown = rest.split_once('>').unwrap().1.split_once("</a>").unwrap().0;
            if !address.starts_with("/delais/questions") || checked.contains_key(address) {
                continue;
            }
            let behind = supervisor.get(&address.replace("&#38;", "&"));
            assert_eq!(behind.status, 200, "{address}: {}", behind.body);
            let rows = behind.body.matches("data-row").count();
            if let Ok(number) = shown.parse::<usize>() {
                assert_eq!(rows, number, "{address}");
            }
            // Times and shares open those that they are of.
            assert!(rows > 0 || ["0", "—", "0\u{a0}%"].contains(&shown), "{address}: {shown}");
            checked.insert(address.to_owned(), rows);
        }
    }
    let of = |counted: &str| {
        let encoded: String = counted.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let wanted = format!("compte={encoded}&");
        checked
            .iter()
            .filter(move |(address, _)| format!("{}&", address.replace("&#38;", "&")).contains(&wanted))
    };
    // The text that was sent is there by its entry, by the kind of who asked, and by the hour.
    assert_eq!(of("as-is").map(|(_, rows)| rows).collect::<Vec<_>>(), [&1, &1, &1], "{checked:?}");
    assert_eq!(of("late").count(), 3, "{checked:?}");
}

#[test]
fn the_report_is_a_file_and_its_taking_is_logged() {
    let house = House::usual(0);
    let supervisor = Client::of(house.port, "Sam Roy", &house.account("Sam Roy", "supervisor"));
    let csv = supervisor.get("/delais/fichier/csv?provisoire=1");
    assert!(csv.body.starts_with("\u{feff}fil;question;organisme"), "{}", csv.body);
    assert!(csv.headers["content-disposition"].contains("delais.csv"));
    assert_eq!(csv.body.lines().count(), 4);
    assert!(supervisor.get("/delais/fichier/xlsx?provisoire=1").body.starts_with("PK"));
    let json: serde_json::Value =
        serde_json::from_str(&supervisor.get("/delais/fichier/json?provisoire=1").body).unwrap();
    assert_eq!(json["headline"]["questions"], 3);
    assert_eq!(supervisor.get("/delais/fichier/exe").status, 404);
    // As on the command line: a list stands on its own, and says itself what it rests on.
    assert_eq!(supervisor.get("/delais/fichier/csv").body, csv.body);
    let log = house.desk.json(&["user", "log", "--format", "json", "--person", "Sam Roy"]);
    assert!(log.iter().any(|line| line["export"] == "response-times"), "{log:?}");
}

#[test]
fn where_the_calendar_does_not_reach_the_page_leads_to_what_it_covers() {
    let mut house = House::usual(0);
    house.desk.ok(&["received", "1", "--at", "2025-11-14T10:00", "--reason", "relais", "--as", crate::NAME]);
    // Somebody takes that year out of the calendar.
    house.desk.kill();
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config/calendar.toml")).unwrap();
    let blocks: Vec<&str> = text.split("[[year]]").collect();
    let left: Vec<&str> = blocks.iter().copied().filter(|block| !block.contains("\nyear = 2025\n")).collect();
    assert_eq!(left.len() + 1, blocks.len());
    std::fs::write(house.desk.path("calendar.toml"), left.join("[[year]]")).unwrap();
    house.desk.start();
    let supervisor = Client::of(house.port, "Sam Roy", &house.account("Sam Roy", "supervisor"));
    let refused = supervisor.get("/delais?provisoire=1");
    assert_eq!(refused.status, 409, "{}", refused.body);
    let (_, rest) = refused.body.split_once("class=\"button\" href=\"").unwrap();
    let address = rest.split_once('"').unwrap().0.replace("&#38;", "&");
    let page = supervisor.get(&address);
    assert_eq!(page.status, 200, "{address}: {}", page.body);
    assert!(page.body.contains("value=\"2026-01-01\""), "{}", page.body);
}

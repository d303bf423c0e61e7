//! What nobody may do: without an account, with another role, from another site, by a hostile mail.

use crate::House;
use crate::desk::question;
use crate::http::Client;
use std::io::{Read as _, Write as _};
use std::time::Duration;

/// The roles in the order of the tables below. Nobody and whoever has several come from these.
const ROLES: [&str; 6] = ["reviewer", "signer", "content-owner", "supervisor", "reader", "administrator"];
/// For all of them.
const ALL: [bool; 6] = [true; 6];
/// For all who read mail.
const READ: [bool; 6] = [true, true, true, true, true, false];
/// A reviewer's.
const DECIDE: [bool; 6] = [true, false, false, false, false, false];
/// A signer's.
const SIGN: [bool; 6] = [false, true, false, false, false, false];
/// An administrator's.
const KEEP: [bool; 6] = [false, false, false, false, false, true];
/// For whoever reads the access log.
const LOG: [bool; 6] = [false, false, false, false, true, true];
/// For whoever tends the texts.
const TEND: [bool; 6] = [true, false, true, false, false, false];

/// Whose the figures are.
const FIGURES: [bool; 6] = [false, false, false, true, false, false];
/// A content owner's.
const OWN: [bool; 6] = [false, false, true, false, false, false];

/// Each address that answers a GET: whether it needs a session, and for whom it is.
const PAGES: [(&str, bool, [bool; 6]); 27] = [
    ("/", true, ALL),
    ("/connexion", false, ALL),
    ("/fils", true, READ),
    ("/fils?etat=answered", true, READ),
    ("/fils/1", true, READ),
    ("/fils/1/version", true, READ),
    ("/fils/1/versions", true, READ),
    // Of a thread that is not there: a file of nobody.
    ("/fils/99/pieces/1/0", true, READ),
    ("/evenements", true, READ),
    ("/aide", true, ALL),
    ("/compte", true, ALL),
    ("/comptes", true, KEEP),
    ("/comptes/personne?nom=Camille%20Roy", true, KEEP),
    ("/acces", true, LOG),
    ("/acces.csv", true, LOG),
    ("/groupes", true, READ),
    ("/recherche", true, READ),
    ("/recherche?q=suspension", true, READ),
    ("/nouveau", true, DECIDE),
    ("/textes", true, READ),
    ("/textes/fr/contact", true, READ),
    ("/delais?provisoire=1", true, FIGURES),
    ("/delais/questions", true, FIGURES),
    ("/delais/fichier/csv?provisoire=1", true, FIGURES),
    ("/propositions", true, READ),
    ("/propositions/nouvelle?texte=fr/contact", true, READ),
    ("/propositions/1", true, READ),
];

/// Each address that takes a form, and whose it is. Of a thread that is not there, and with nothing in
/// the form: what counts is whether the role is asked first.
const FORMS: [(&str, [bool; 6]); 42] = [
    ("/fils/99/approuver", DECIDE),
    ("/fils/99/viser", SIGN),
    ("/fils/99/modifier", DECIDE),
    ("/fils/99/ajuster", DECIDE),
    ("/fils/99/remplir", DECIDE),
    ("/fils/99/apercu", DECIDE),
    // What comes here is a form of another kind; of this kind it has no token.
    ("/fils/99/joindre", [false; 6]),
    ("/fils/99/reclasser", DECIDE),
    ("/fils/99/fermer", DECIDE),
    ("/fils/99/noter", DECIDE),
    ("/fils/99/prendre", DECIDE),
    ("/fils/99/liberer", DECIDE),
    ("/fils/99/reprendre", DECIDE),
    ("/fils/99/rouvrir", DECIDE),
    ("/fils/99/rectifier", DECIDE),
    ("/fils/99/accuser", DECIDE),
    ("/fils/99/reponse", DECIDE),
    ("/fils/99/abandonner", DECIDE),
    ("/fils/99/transferer", DECIDE),
    ("/fils/99/attendre", DECIDE),
    ("/fils/99/relancer", DECIDE),
    ("/fils/99/avis", DECIDE),
    ("/fils/99/repondu", DECIDE),
    ("/fils/99/regler", DECIDE),
    ("/fils/99/lier", DECIDE),
    ("/fils/99/delier", DECIDE),
    ("/fils/99/inconnu", READ),
    ("/compte/reglages", ALL),
    ("/compte/motdepasse", ALL),
    ("/compte/session", ALL),
    ("/comptes", KEEP),
    ("/comptes/roles", KEEP),
    ("/comptes/motdepasse", KEEP),
    ("/comptes/inconnu", KEEP),
    ("/groupes", DECIDE),
    ("/nouveau/appel", DECIDE),
    ("/nouveau/lettre", DECIDE),
    ("/textes/contact/suspendre", TEND),
    ("/textes/contact/reprendre", TEND),
    ("/propositions", TEND),
    ("/propositions/1/approuver", OWN),
    ("/propositions/1/decliner", TEND),
];

#[test]
fn every_route_by_every_role() {
    let house = House::usual(60);
    let nobody = Client::new(house.port);
    for (path, closed, _) in PAGES {
        let answer = nobody.get(path);
        if closed {
            assert_eq!(answer.status, 303, "{path}");
            assert!(answer.headers["location"].starts_with("/connexion?retour="), "{path}");
        } else {
            assert_eq!(answer.status, 200, "{path}");
        }
    }
    for (path, _) in FORMS {
        let answer = nobody.post(path, &[("vu", "1")], &[]);
        assert_eq!(answer.status, 401, "{path}");
    }
    for (place, role) in ROLES.into_iter().enumerate() {
        let name = format!("Essai {role}");
        let client = Client::of(house.port, &name, &house.account(&name, role));
        let token = client.form_token();
        for (path, _, may) in PAGES.iter().filter(|(path, ..)| *path != "/evenements") {
            let answer = client.get(path);
            assert_eq!(answer.status == 403, !may[place], "{role} {path}: {}", answer.status);
            assert!(matches!(answer.status, 200 | 303 | 403 | 404), "{role} {path}: {}", answer.status);
        }
        for (path, may) in FORMS {
            let answer = client.post(path, &[("jeton", &token), ("vu", "1"), ("retirer", "x")], &[]);
            assert_eq!(answer.status == 403, !may[place], "{role} {path}: {} {}", answer.status, answer.body);
        }
    }
    assert_eq!(house.desk.thread(1)["state"], "to-review", "nothing was decided");
    assert_eq!(house.desk.json(&["entry", "list", "--json"])[0]["suspension"], serde_json::Value::Null);
}

#[test]
fn the_addresses_of_the_tables_are_those_of_the_router() {
    let router = include_str!("../../src/console.rs");
    let routes = regex::Regex::new(r#"\.route\("([^"]+)", ([^\n]+)\)\n"#).unwrap();
    // What needs no session, and the way out of one.
    let open = [
        "/connexion",
        "/connexion/fournisseur",
        "/deconnexion",
        "/langue",
        "/statique/theme/{name}",
        "/statique/{digest}/{name}",
    ];
    let mut seen = 0;
    for found in routes.captures_iter(router) {
        let (route, methods) = (&found[1], &found[2]);
        seen += 1;
        if open.contains(&route) {
            continue;
        }
        let fits = |path: &&str| {
            let (path, route) = (path.split('?').next().unwrap().split('/'), route.split('/'));
            path.clone().count() == route.clone().count()
                && path.zip(route).all(|(said, of)| of.starts_with('{') || said == of)
        };
        let pages = PAGES.iter().any(|(path, ..)| fits(path));
        let forms = FORMS.iter().any(|(path, _)| fits(path));
        assert!(!methods.contains("get(") || pages, "no page stands for {route}");
        assert!(!methods.contains("post(") || forms, "no form stands for {route}");
    }
    assert!(seen > 15, "only {seen} routes found");
}

#[test]
fn a_file_is_attached_by_a_reviewer_alone_and_its_name_is_only_a_name() {
    let house = House::usual(60);
    let version = house.desk.thread(1)["version"].to_string();
    let file = |client: &Client, token: &str, name: &str, content: &str| {
        client.post_file("/fils/1/joindre", &[("jeton", token), ("vu", &version)], name, content).status
    };
    assert_eq!(file(&Client::new(house.port), "", "a.txt", "a"), 401);
    let supervisor = Client::of(house.port, "Sam Roy", &house.account("Sam Roy", "supervisor"));
    assert_eq!(file(&supervisor, &supervisor.form_token(), "a.txt", "a"), 403);
    let reviewer = Client::of(house.port, crate::NAME, &house.password);
    assert_eq!(file(&reviewer, "", "a.txt", "a"), 403);
    let token = reviewer.form_token();
    assert_eq!(reviewer.post("/fils/1/joindre", &[("jeton", &token)], &[]).status, 403, "no such form");
    assert_eq!(file(&reviewer, &token, "a.txt", ""), 409, "nothing in it");
    assert_eq!(house.desk.thread(1)["draft"]["attachments"].as_array().unwrap().len(), 0);
    assert_eq!(file(&reviewer, &token, "../../a\u{202e}<b>.txt", "a"), 303);
    assert_eq!(file(&reviewer, &token, "b.txt", "b"), 409, "the version is another");
    let attached = house.desk.thread(1)["draft"]["attachments"].clone();
    assert_eq!(attached.as_array().unwrap().len(), 1);
    assert!(!attached[0]["name"].as_str().unwrap().contains('\u{202e}'), "{attached}");
    let page = reviewer.get("/fils/1").body;
    assert!(!page.contains("a<b>.txt") && page.contains("&#60;b&#62;.txt"), "a name is no markup");
    let version = house.desk.thread(1)["version"].to_string();
    house.desk.ok(&["approve", "1", "--seen", &version, "--as", crate::NAME]);
}

#[test]
fn a_theme_is_the_files_of_its_folder_and_nothing_else() {
    let none = House::usual(60);
    let answer = Client::new(none.port).get("/statique/theme/theme.css");
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    let house = House::configured(60, &[], None, |desk| {
        desk.edit_config("[console]", "[console]\ntheme_dir = \"theme\"");
        std::fs::create_dir(desk.path("theme")).unwrap();
        std::fs::write(desk.path("theme/theme.css"), ":root { --blue: #123456; }").unwrap();
        std::fs::write(desk.path("theme/logo.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap();
        std::fs::write(desk.path("theme/notes.txt"), "secret").unwrap();
        std::fs::write(desk.path("secret.css"), "secret").unwrap();
    });
    let client = Client::new(house.port);
    assert!(client.get("/statique/theme/theme.css").body.contains("#123456"));
    assert_eq!(client.get("/statique/theme/logo.svg").headers["content-type"], "image/svg+xml");
    for path in ["notes.txt", "..%2Fsecret.css", "%2e%2e%2fsecret.css", "autre.css", "..", ".theme.css"] {
        let answer = client.get(&format!("/statique/theme/{path}"));
        assert!(answer.status == 404 && !answer.body.contains("secret"), "{path}: {}", answer.status);
    }
}

#[test]
fn no_other_site_sends_forms() {
    let house = House::usual(60);
    let client = Client::of(house.port, crate::NAME, &house.password);
    let token = client.form_token();
    let version = house.desk.thread(1)["version"].to_string();
    let with = |token: &str, headers: &[(&str, &str)]| {
        client.post("/fils/1/approuver", &[("jeton", token), ("vu", &version)], headers).status
    };
    assert_eq!(with("", &[]), 403);
    assert_eq!(with(&token.replace(&token[..1], "g"), &[]), 403);
    assert_eq!(with(&token, &[("Sec-Fetch-Site", "cross-site")]), 403);
    // The token of one session is nothing in another.
    let other = Client::of(house.port, crate::NAME, &house.password);
    assert_eq!(with(&other.form_token(), &[]), 403);
    assert_eq!(client.get("/fils/1/approuver").status, 405, "nothing is decided by a GET");
    assert_eq!(house.desk.thread(1)["state"], "to-review");
    assert_eq!(with(&token, &[("Sec-Fetch-Site", "same-origin")]), 303);
    assert_eq!(house.desk.thread(1)["state"], "approved");
}

#[test]
fn sessions_are_new_at_each_log_in_and_end_when_told() {
    let house = House::usual(60);
    let mut fixed = Client::new(house.port);
    fixed.cookie = "greffier-session=chosen".to_owned();
    let answer = fixed.post("/connexion", &[("nom", crate::NAME), ("motdepasse", &house.password)], &[]);
    let cookie = answer.headers["set-cookie"].clone();
    assert!(!cookie.contains("chosen"), "a session that somebody chose is not taken: {cookie}");
    assert!(["HttpOnly", "SameSite=Strict", "Path=/"].iter().all(|part| cookie.contains(part)), "{cookie}");
    let client = Client::of(house.port, crate::NAME, &house.password);
    assert_eq!(client.get("/fils").status, 200);
    // A restart keeps it; leaving ends it; a new password ends all others.
    let mut house = house;
    house.desk.kill();
    house.desk.start();
    assert_eq!(client.get("/fils").status, 200, "a kill logs nobody out");
    assert_eq!(client.post("/deconnexion", &[("jeton", &client.form_token())], &[]).status, 303);
    assert_eq!(client.get("/fils").status, 303);
    let client = Client::of(house.port, crate::NAME, &house.password);
    let other = Client::of(house.port, crate::NAME, &house.password);
    let fields = |new| {
        [
            ("jeton", client.form_token()),
            ("present", house.password.clone()),
            ("nouveau", new),
            ("encore", "a".repeat(12)),
        ]
    };
    let change = |new: &str| {
        let fields = fields(new.to_owned());
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        client.post("/compte/motdepasse", &fields, &[]).status
    };
    assert_eq!((change("court"), change(&"b".repeat(12)), change(&"a".repeat(12))), (409, 409, 303));
    assert_eq!((client.get("/fils").status, other.get("/fils").status), (200, 303));
    house.desk.ok(&["user", "disable", crate::NAME]);
    assert_eq!(client.get("/fils").status, 303, "a disabled account has no session");
}

#[test]
fn guessing_passwords_is_slowed_down() {
    let house = House::usual(60);
    let client = Client::new(house.port);
    let attempt =
        |password: &str| client.post("/connexion", &[("nom", crate::NAME), ("motdepasse", password)], &[]);
    for _ in 0..5 {
        assert_eq!(attempt("faux").status, 403);
    }
    let answer = attempt(&house.password);
    assert_eq!(answer.status, 403, "even the right one has to wait");
    assert!(answer.body.contains("Trop d’essais"), "{}", answer.body);
    // Whether there is such an account makes no difference.
    let other = |_| client.post("/connexion", &[("nom", "Personne"), ("motdepasse", "faux")], &[]);
    let answers: Vec<_> = (0..6).map(other).collect();
    assert!(answers[5].body.contains("Trop d’essais") && !answers[4].body.contains("Trop d’essais"));
    assert!(!answer.body.contains(&house.password), "a password is never shown again");
}

#[test]
fn what_a_mail_brings_is_never_markup() {
    let script = "<script>alert(1)</script><img src=x onerror=alert(1)>";
    let hostile = question(
        "x@pirate.example",
        &format!("\"{script}\" <x@pirate.example>"),
        script,
        &format!(
            "Bonjour,\n\n{script}\n\nJusqu’à quand la suspension s’appliquera-t-elle ?\n\n[clic](javascript:alert(1))"
        ),
    );
    let house = House::with(60, &[hostile]);
    let client = Client::of(house.port, crate::NAME, &house.password);
    let token = client.form_token();
    let version = house.desk.thread(1)["version"].to_string();
    let body = format!("{script}\n\n[clic](javascript:alert(1))\n");
    let edited =
        client.post("/fils/1/modifier", &[("jeton", &token), ("vu", &version), ("texte", &body)], &[]);
    assert_eq!(edited.status, 303);
    for path in [
        "/fils",
        "/fils/1",
        "/fils/1?modifier=1",
        "/fils?organisme=%3Cscript%3E",
        "/connexion?nom=%22%3E%3Cscript%3E",
    ] {
        let page = client.get(path);
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.body.matches("<script").count(), 1, "{path}: only our own\n{}", page.body);
        assert!(!page.body.contains("<img"), "{path}");
        assert!(!page.body.contains("href=\"javascript:"), "{path}");
        let policy = &page.headers["content-security-policy"];
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(
            (page.headers["x-content-type-options"].as_str(), page.headers["cache-control"].as_str()),
            ("nosniff", "no-store")
        );
    }
}

#[test]
fn bad_requests_get_an_answer_and_change_nothing() {
    let house = House::usual(60);
    let client = Client::of(house.port, crate::NAME, &house.password);
    let token = client.form_token();
    let before = house.desk.thread(1)["version"].clone();
    let version = before.to_string();
    // Five megabytes of text: too long for a letter, but it comes back.
    let long = "a".repeat(5 << 20);
    let answer =
        client.post("/fils/2/modifier", &[("jeton", &token), ("vu", "1"), ("texte", &long[..1 << 20])], &[]);
    assert_eq!(answer.status, 409);
    assert!(answer.body.contains(&"a".repeat(1 << 20)), "what was typed is kept");
    let raw = format!("jeton={token}&vu={version}&texte={long}");
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let answer = client.send("POST", "/fils/2/modifier", &form, &raw);
    assert_eq!((answer.status, answer.body.contains(&long)), (409, true));
    let answer = client.send("POST", "/fils/2/modifier", &form, &format!("{raw}{}", "a".repeat(9 << 20)));
    assert_eq!((answer.status, answer.body.contains("trop long")), (413, true));
    for (path, fields, status) in [
        ("/fils/99/approuver", vec![("vu", "1")], 404),
        ("/fils/1/approuver", vec![("vu", "0")], 409),
        ("/fils/1/approuver", vec![], 409),
        ("/fils/1/fermer", vec![("vu", version.as_str())], 409),
        ("/fils/1/viser", vec![("vu", version.as_str())], 403),
    ] {
        let fields = [vec![("jeton", token.as_str())], fields].concat();
        assert_eq!(client.post(path, &fields, &[]).status, status, "{path}");
    }
    for path in [
        "/fils/abc",
        "/fils/99",
        "/statique/x/console.css",
        "/statique/../../etc/passwd",
        "/nulle/part",
        "/fils/1/../../x",
    ] {
        let answer = client.get(path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(
            answer.body.contains("<h1>") && answer.body.contains("file"),
            "{path}: in words\n{}",
            answer.body
        );
    }
    let answer = client.get("/fils?etat=%00%FF&langue=xx&entree=%3C");
    assert_eq!(answer.status, 200);
    assert!(client.get("/connexion?retour=//pirate.example").body.contains("value=\"/\""));
    assert_eq!(house.desk.thread(1)["version"], before);
}

#[test]
fn attachments_are_downloads_with_their_own_bytes_and_nothing_else() {
    let attached = "Message-ID: <f1@pirate.example>\nDate: Tue, 25 Mar 2025 10:05:00 -0400\n\
        From: x@pirate.example\nTo: encadrement.ia@ministere.example\nSubject: Fichiers\nMIME-Version: 1.0\n\
        Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n\
        Bonjour,\n\nJusqu’à quand la suspension s’appliquera-t-elle ?\n--b\nContent-Type: text/html\n\
        Content-Disposition: attachment; filename=\"../../a b.html\"\n\n<script>alert(1)</script>\n--b--\n";
    let house = House::with(60, &[attached.to_owned()]);
    let client = Client::of(house.port, crate::NAME, &house.password);
    let page = client.get("/fils/1").body;
    let at = page.find("/fils/1/pieces/").expect("the file is offered");
    let path: String = page[at..].chars().take_while(|c| *c != '"').collect();
    let file = client.get(&path);
    assert_eq!((file.status, file.body.trim()), (200, "<script>alert(1)</script>"));
    assert_eq!(file.headers["content-disposition"], "attachment; filename*=UTF-8''a%20b.html");
    assert_eq!(file.headers["content-type"], "text/html");
    assert_eq!(file.headers["x-content-type-options"], "nosniff");
    for other in ["/fils/1/pieces/1/7", "/fils/1/pieces/999/0", "/fils/9/pieces/1/0", "/fils/1/pieces/../0"] {
        assert!(matches!(client.get(other).status, 400 | 404), "{other}");
    }
    assert_eq!(Client::new(house.port).get(&path).status, 303, "for nobody without a session");
}

#[test]
fn whoever_sends_slowly_is_not_waited_for() {
    let house = House::usual(60);
    let begun = std::time::Instant::now();
    let mut slow = std::net::TcpStream::connect(("127.0.0.1", house.port)).unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    slow.write_all(b"GET /fils HTTP/1.1\r\nHost: 127.0.0.1\r\nX-").unwrap();
    // Others are served meanwhile.
    assert_eq!(Client::new(house.port).get("/connexion").status, 200);
    let mut said = Vec::new();
    slow.read_to_end(&mut said).expect("the server hangs up");
    assert!((5..25).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
}

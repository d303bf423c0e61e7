//! Reading the config: the example loads, every problem is found, the environment overrides.

use super::*;
use crate::wording::Wording;

const SMALL: &str = r#"
[mailbox]
kind = "maildir"
path = "mail"
address = "boite@ministere.example"
since = "all"

[outbox]
kind = "folder"
path = "outbox"
"#;

fn read(text: &str) -> Result<Config, Vec<Problem>> {
    parse(text, Path::new("/etc/greffier/greffier.toml"), &[])
}

fn problems(text: &str) -> Vec<(String, ProblemKind)> {
    read(text).unwrap_err().into_iter().map(|problem| (problem.key, problem.kind)).collect()
}

#[test]
fn the_example_loads_and_shows_every_key() {
    let example = include_str!("../../config/example.toml");
    let config = read(example).unwrap();
    assert_eq!(config.mailbox.since, Some(Since::FirstStart));
    assert_eq!(config.data_dir, Path::new("/etc/greffier/data"));
    let source = [
        include_str!("../config.rs"),
        include_str!("table.rs"),
        include_str!("chat.rs"),
        include_str!("chat/service.rs"),
        include_str!("chat/verbs.rs"),
        include_str!("notice.rs"),
        include_str!("console.rs"),
        include_str!("oidc.rs"),
    ]
    .concat();
    let asked = regex::Regex::new(
        r#"(?:string|strings|boolean|number|one_of|path|required_path|secret|address|date_or_string|section|url|time)\((?:&mut section, )?"([a-z_]+)""#,
    )
    .unwrap();
    let mut keys = 0;
    for key in asked.captures_iter(&source).map(|found| found[1].to_owned()) {
        let shown = regex::Regex::new(&format!(r"(?m)^(# )?\[?(?:[a-z]+\.)*{key}(\]| =)")).unwrap();
        assert!(shown.is_match(example), "config/example.toml does not document {key}");
        keys += 1;
    }
    assert!(keys > 30, "only {keys} keys found: has the reader changed its verbs?");
}

#[test]
fn a_chat_has_a_server_a_user_and_rooms() {
    let chat = |matrix: &str| {
        format!(
            "{SMALL}\n[chat]\ndigest = \"08:30\"\n[chat.matrix]\n{matrix}\n[chat.people]\n\"@a:x.example\" = \"Anne\"\n"
        )
    };
    let whole = "homeserver = \"https://x.example/\"\nuser = \"@g:x.example\"\ntoken_file = \"t\"\n\
                 rooms = [\"!a:x.example\"]\nprotected_rooms = [\"!b\"]";
    let config = read(&chat(whole)).unwrap().chat.unwrap();
    let matrix = config.matrix.unwrap();
    assert_eq!(
        (matrix.homeserver.as_str(), config.people["@a:x.example"].as_str()),
        ("https://x.example", "Anne")
    );
    let rooms: Vec<(&str, bool)> =
        matrix.rooms.iter().map(|room| (room.id.as_str(), room.protected)).collect();
    assert_eq!(rooms, [("!a:x.example", false), ("!b", true)]);
    let missing = |key: &str| (format!("chat.matrix.{key}"), ProblemKind::Missing);
    let found = problems(&chat("user = \"greffier\""));
    for problem in [missing("homeserver"), missing("token_file"), missing("rooms")] {
        assert!(found.contains(&problem), "{found:?}");
    }
    assert!(found.contains(&("chat.matrix.user".into(), ProblemKind::Wrong("matrix-user"))), "{found:?}");
    for (from, to, key, form) in
        [("https://x", "http://x", "homeserver", "url"), ("!a:x.example", "a", "rooms", "matrix-room")]
    {
        let found = problems(&chat(&whole.replace(from, to)));
        assert!(found.contains(&(format!("chat.matrix.{key}"), ProblemKind::Wrong(form))), "{found:?}");
    }
    let twice = whole.replace("[\"!b\"]", "[\"!b\", \"!a:x.example\"]");
    let found = problems(&chat(&twice));
    assert!(
        found.contains(&("chat.matrix.protected_rooms".into(), ProblemKind::Wrong("rooms-once"))),
        "{found:?}"
    );
    for wrong in ["morning", "08:30-05:00"] {
        let text = format!("{SMALL}\n[chat]\ndigest = \"{wrong}\"\n");
        assert!(problems(&text).contains(&("chat.digest".into(), ProblemKind::Wrong("time"))), "{wrong}");
    }
    let text = format!("{SMALL}\n[chat]\ndigest = \"08:30\"\n");
    assert_eq!(problems(&text), [("chat.matrix".to_owned(), ProblemKind::Missing)]);
}

#[test]
fn rooms_and_roles_of_a_chat_are_known_ones() {
    let text = format!("{SMALL}\n[chat]\nHERE\n[chat.webhook]\nurl_file = \"u\"\n[chat.verbs]\nTHERE\n");
    let with = |here: &str, there: &str| text.replace("THERE", there).replace("HERE", here);
    let rule = "times = { rooms = [\"webhook\"], roles = [\"supervisor\"] }";
    let config =
        read(&with("alert_rooms = [\"webhook\"]\nquiet = \"18:00-07:00\"", rule)).unwrap().chat.unwrap();
    assert_eq!(config.verbs["times"].rooms.as_deref(), Some(&["webhook".to_owned()][..]));
    assert!(config.quiet.is_some() && config.matrix.is_none());
    let only = || ProblemKind::OneOf("\"webhook\"".to_owned());
    for (here, there, problem) in [
        ("alert_rooms = []", "", ("chat.alert_rooms", only())),
        ("digest_rooms = [\"!a\"]", "", ("chat.digest_rooms", only())),
        ("", "claim = { rooms = [\"!a\"] }", ("chat.verbs.claim.rooms", only())),
        ("quiet = \"evening\"", "", ("chat.quiet", ProblemKind::Wrong("times"))),
        ("", "prendre = {}", ("chat.verbs.prendre", ProblemKind::Unknown(None))),
    ] {
        let found = problems(&with(here, there));
        assert_eq!(found, [(problem.0.to_owned(), problem.1)], "{here} {there}");
    }
    let found = problems(&with("", "claim = { roles = [\"boss\"] }"));
    assert!(
        matches!(&found[..], [(key, ProblemKind::OneOf(_))] if key == "chat.verbs.claim.roles"),
        "{found:?}"
    );
}

#[test]
fn ends_are_dates_and_stand_in_their_order() {
    let text = format!("{SMALL}\n[credentials]\nlate = 2027-03-01\n\"early one\" = \"2027-01-31\"\n");
    let named = |config: &Config| config.credentials.iter().map(|of| of.name.clone()).collect::<Vec<_>>();
    assert_eq!(named(&read(&text).unwrap()), ["early one", "late"]);
    let found = problems(&text.replace("2027-03-01", "3"));
    assert_eq!(found, [("credentials.late".to_owned(), ProblemKind::Wrong("date"))]);
}

#[test]
fn a_notice_goes_to_colleagues_only() {
    let notice = |lines: &str| {
        let internal = "aliases = [\"ia@ministere.example\"]\ninternal_domains = [\"Reseau.example\"]\nsince";
        format!("{}\n[notice]\n{lines}\n", SMALL.replacen("since", internal, 1))
    };
    assert!(read(SMALL).unwrap().notice.is_none() && read(&notice("")).unwrap().notice.is_none());
    let to = "to = [\"equipe@Ministere.example\", \"greffe@sud.reseau.example\"]";
    let rules = read(&notice(to)).unwrap().notice.unwrap();
    assert_eq!(rules.frame.recipients(), ["equipe@Ministere.example", "greffe@sud.reseau.example"]);
    assert_eq!(rules.at, jiff::civil::time(8, 30, 0, 0));
    let all = format!("{to}\nat = \"07:45\"\nconsole_url = \"https://x.example/g/\"");
    assert_eq!(read(&notice(&all)).unwrap().notice.unwrap().at, jiff::civil::time(7, 45, 0, 0));

    let of = |lines: &str| problems(&notice(lines));
    let problem = |key: &str, kind| (format!("notice.{key}"), kind);
    for missing in ["at = \"08:30\"", "to = []"] {
        assert_eq!(of(missing), [problem("to", ProblemKind::Missing)], "{missing}");
    }
    for stranger in ["a@cegep.example", "a@autreseau.example", "a@sud.ministere.example"] {
        let found = of(&format!("to = [\"equipe@ministere.example\", \"{stranger}\"]"));
        assert_eq!(found, [problem("to", ProblemKind::NotInternal(stranger.into()))]);
    }
    for own in ["Boite@ministere.example", "ia@MINISTERE.example"] {
        assert_eq!(of(&format!("to = [\"{own}\"]")), [problem("to", ProblemKind::OwnAddress(own.into()))]);
    }
    for bad in ["equipe", "a b@ministere.example", "équipe@ministere.example"] {
        assert_eq!(
            of(&format!("to = [\"{bad}\"]")),
            [problem("to", ProblemKind::Wrong("addresses"))],
            "{bad}"
        );
    }
    assert_eq!(of("to = \"equipe@ministere.example\"").len(), 1);
    assert_eq!(of(&format!("{to}\nat = \"matin\"")), [problem("at", ProblemKind::Wrong("time"))]);
    assert_eq!(
        of(&format!("{to}\nconsole_url = \"http://x.example\"")),
        [problem("console_url", ProblemKind::Wrong("url"))]
    );
    let ours = notice(to).replace("boite@ministere.example", "boîte@ministere.example");
    assert_eq!(problems(&ours), [("mailbox.address".into(), ProblemKind::Wrong("address"))]);
}

#[test]
fn the_demo_loads() {
    let config = read(include_str!("../../config/demo.toml")).unwrap();
    assert!(config.allow_examples);
    assert_eq!(config.mailbox.since, Some(Since::All));
}

#[test]
fn all_problems_come_at_once_with_the_nearest_key() {
    let text =
        SMALL.replace("path = \"mail\"", "paht = \"mail\"").replace("\"folder\"", "\"carrier pigeon\"");
    let found = problems(&text);
    assert!(found.contains(&("mailbox.path".into(), ProblemKind::Missing)), "{found:?}");
    assert!(
        found.contains(&("mailbox.paht".into(), ProblemKind::Unknown(Some("mailbox.path".into())))),
        "{found:?}"
    );
    assert!(
        found.contains(&("outbox.kind".into(), ProblemKind::OneOf("\"folder\", \"smtp\"".into()))),
        "{found:?}"
    );
}

#[test]
fn plain_connections_are_for_loopback_only() {
    let imap = |host: &str| {
        format!(
            "[mailbox]\nkind = \"imap\"\nhost = \"{host}\"\ntls = \"none\"\nuser = \"u\"\npassword_file = \"p\"\n\
             address = \"boite@ministere.example\"\n[outbox]\nkind = \"folder\"\npath = \"o\"\n"
        )
    };
    assert!(read(&imap("127.0.0.1")).is_ok());
    assert!(read(&imap("localhost")).is_ok());
    assert!(
        problems(&imap("mail.example")).contains(&("mailbox.tls".into(), ProblemKind::PlainBeyondLoopback))
    );
}

#[test]
fn the_environment_overrides_the_file() {
    let overrides = [
        ("GREFFIER_MAILBOX_POLL_SECONDS".to_owned(), "7".to_owned()),
        ("GREFFIER_OUTBOX_SAVE_TO_SENT".to_owned(), "false".to_owned()),
        ("GREFFIER_DATA_DIR".to_owned(), "/var/lib/greffier".to_owned()),
        ("GREFFIER_REPLIES_DIR".to_owned(), "/srv/replies".to_owned()),
    ];
    let config = parse(SMALL, Path::new("greffier.toml"), &overrides).unwrap();
    assert_eq!(config.mailbox.poll, Duration::from_secs(7));
    assert!(!config.outbox.save_to_sent);
    assert_eq!(config.data_dir, Path::new("/var/lib/greffier"));
    assert_eq!(config.replies_dir, Path::new("/srv/replies"));
    let typo = [("GREFFIER_MAILBOX_HOTS".to_owned(), "x".to_owned())];
    let found = parse(SMALL, Path::new("greffier.toml"), &typo).unwrap_err();
    assert_eq!(found.first().map(|problem| problem.key.as_str()), Some("mailbox.hots"));
}

#[test]
fn secrets_print_as_stars() {
    assert_eq!(format!("{:?}", Secret("mot de passe".into())), "***");
}

#[test]
fn every_problem_has_its_line_in_both_languages() {
    for language in Language::ALL {
        let wording = Wording::new(language);
        for kind in [
            ProblemKind::Unreadable("x".into()),
            ProblemKind::NotToml("x".into()),
            ProblemKind::Unknown(None),
            ProblemKind::Unknown(Some("x".into())),
            ProblemKind::Missing,
            ProblemKind::Wrong("number"),
            ProblemKind::OneOf("x".into()),
            ProblemKind::PlainBeyondLoopback,
            ProblemKind::HalfLogin,
            ProblemKind::SinceUnset,
            ProblemKind::NotInternal("x".into()),
            ProblemKind::OwnAddress("x".into()),
        ] {
            let line = Problem { key: "k".into(), kind }.line(&wording);
            assert!(line.contains(' ') && !line.contains("{ $"), "{line}");
        }
    }
}

const SSO: &str = r#"
[console]
listen = "127.0.0.1:8025"
[console.oidc]
issuer = "https://connexion.ministere.example/"
client_id = "greffier"
client_secret_file = "secrets/oidc"
console_url = "https://greffier.ministere.example/"
[console.oidc.roles]
reviewer = ["a", "b"]
content-owner = ["c"]
"#;

#[test]
fn groups_give_roles_and_the_way_back_is_one_address() {
    let oidc = read(&format!("{SMALL}{SSO}")).unwrap().console.unwrap().oidc.unwrap();
    assert_eq!(oidc.redirect_url(), "https://greffier.ministere.example/connexion/fournisseur/retour");
    assert_eq!(oidc.client_secret.path(), Path::new("/etc/greffier/secrets/oidc"));
    let roles = |groups: &[&str]| {
        let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        oidc.roles(&groups).map(crate::account::Role::key).collect::<Vec<_>>()
    };
    assert_eq!(roles(&["b", "z"]), ["reviewer"]);
    assert_eq!(roles(&["a", "b", "c"]), ["reviewer", "content-owner"]);
    assert!(roles(&["A", ""]).is_empty() && roles(&[]).is_empty());
}

#[test]
fn a_provider_is_asked_by_https_but_on_this_machine() {
    let text = format!("{SMALL}{SSO}");
    let with = |issuer: &str| text.replace("https://connexion.ministere.example/", issuer);
    for good in ["http://localhost:4000", "http://127.0.0.1:4000/a", "http://[::1]:4000", "https://x.example"]
    {
        assert!(read(&with(good)).is_ok(), "{good}");
    }
    for bad in ["http://x.example", "http://localhost.x.example", "http://127.0.0.1@x.example", "x.example"] {
        let found = problems(&with(bad));
        assert_eq!(found, [("console.oidc.issuer".into(), ProblemKind::Wrong("url"))], "{bad}");
    }
    let without = |line: &str| problems(&text.replace(line, ""));
    for (line, key) in [
        ("issuer = \"https://connexion.ministere.example/\"\n", "issuer"),
        ("client_id = \"greffier\"\n", "client_id"),
        ("client_secret_file = \"secrets/oidc\"\n", "client_secret_file"),
        ("reviewer = [\"a\", \"b\"]\ncontent-owner = [\"c\"]\n", "roles"),
    ] {
        assert_eq!(without(line), [(format!("console.oidc.{key}"), ProblemKind::Missing)]);
    }
    let unknown = problems(&text.replace("reviewer =", "reviewers ="));
    assert_eq!(unknown[0].0, "console.oidc.roles.reviewers");
    let closed = problems(&format!("{SMALL}[console]\npasswords = false\n"));
    assert_eq!(closed, [("console.passwords".into(), ProblemKind::NoWayIn)]);
}

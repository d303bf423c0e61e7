//! Reading the config: the example loads, every problem is found, the environment overrides.

use super::*;

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
    let source = [include_str!("../config.rs"), include_str!("table.rs")].concat();
    let asked = regex::Regex::new(
        r#"(?:string|strings|boolean|number|one_of|path|required_path|secret|address|date_or_string|section)\("([a-z_]+)""#,
    )
    .unwrap();
    let mut keys = 0;
    for key in asked.captures_iter(&source).map(|found| found[1].to_owned()) {
        let shown = regex::Regex::new(&format!(r"(?m)^(# )?\[?{key}(\]| =)")).unwrap();
        assert!(shown.is_match(example), "config/example.toml does not document {key}");
        keys += 1;
    }
    assert!(keys > 30, "only {keys} keys found: has the reader changed its verbs?");
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
        ] {
            let line = Problem { key: "k".into(), kind }.line(&wording);
            assert!(line.contains(' ') && !line.contains("{ $"), "{line}");
        }
    }
}

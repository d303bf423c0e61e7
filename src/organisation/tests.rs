//! Whose address it is; and every way to write the table wrong.

use super::*;
use crate::wording::{Language, Wording};
use proptest::prelude::*;
use std::path::Path;

const TABLE: &str = r#"
own_suffixes = ["gouv.qc.ca", "ssss.gouv.qc.ca", "etat.example"]
shared_domains = ["gmail.com", "videotron.ca", "reseau.example"]

[[kinds]]
kind = "cisss"
under = ["ssss.gouv.qc.ca"]

[[organisation]]
name = "Cégep de l'Étang"
kind = "cegep"
domains = ["cegep-etang.example", "étang.example"]

[[organisation]]
name = "Centre de recherche de l'Étang"
kind = "organisme"
domains = ["recherche.cegep-etang.example"]
addresses = ["labo-*@cegep-etang.example"]

[[organisation]]
name = "Ville de Saint-Clair"
kind = "municipalite"
addresses = ["*.stclair@reseau.example", "mairie@gmail.com"]
"#;

fn table() -> Organisations {
    Organisations::parse(TABLE).unwrap()
}

fn key(email: &str) -> String {
    table().of(email).key
}

fn kinds_of(problems: &[Problem]) -> Vec<(Option<usize>, &ProblemKind)> {
    problems.iter().map(|problem| (problem.line, &problem.kind)).collect()
}

#[test]
fn the_table_names_domains_with_their_subdomains() {
    let college = table().of("Annie.Roy@Cegep-Etang.example");
    assert_eq!(college.key, "name:cegep-de-l-etang");
    assert_eq!(college.name, "Cégep de l'Étang");
    assert_eq!(college.kind, Some(Kind::Cegep));
    assert_eq!(key("x@ti.cegep-etang.example"), college.key);
    assert_eq!(key("x@notcegep-etang.example"), "domain:notcegep-etang.example");
}

#[test]
fn the_longest_match_wins_whatever_its_form() {
    assert_eq!(key("x@recherche.cegep-etang.example"), "name:centre-de-recherche-de-l-etang");
    assert_eq!(key("x@a.recherche.cegep-etang.example"), "name:centre-de-recherche-de-l-etang");
    assert_eq!(key("LABO-3@cegep-etang.example"), "name:centre-de-recherche-de-l-etang");
    assert_eq!(key("labo@cegep-etang.example"), "name:cegep-de-l-etang");
}

#[test]
fn ministries_under_one_suffix_stay_apart() {
    assert_eq!(key("a@mcn.gouv.qc.ca"), "domain:mcn.gouv.qc.ca");
    assert_eq!(key("a@education.gouv.qc.ca"), "domain:education.gouv.qc.ca");
    assert_eq!(key("a@dgti.education.gouv.qc.ca"), "domain:education.gouv.qc.ca");
    assert!(!table().same("a@mcn.gouv.qc.ca", "a@education.gouv.qc.ca"));
    assert_eq!(key("a@hopital.ssss.gouv.qc.ca"), "domain:hopital.ssss.gouv.qc.ca");
    assert_eq!(table().of("a@hopital.ssss.gouv.qc.ca").kind, Some(Kind::Cisss));
}

#[test]
fn a_bare_suffix_names_nobody() {
    assert_eq!(key("a@gouv.qc.ca"), "address:a@gouv.qc.ca");
    assert_eq!(key("a@ssss.gouv.qc.ca"), "address:a@ssss.gouv.qc.ca");
    assert_eq!(table().of("a@ssss.gouv.qc.ca").kind, Some(Kind::Cisss));
    assert_eq!(key("a@qc.ca"), "address:a@qc.ca");
    assert_eq!(key("a@localhost"), "address:a@localhost");
    assert_eq!(key("a@co.uk"), "address:a@co.uk");
}

#[test]
fn the_public_suffix_list_gives_the_registrable_domain() {
    assert_eq!(key("a@mail.ville.qc.ca"), "domain:ville.qc.ca");
    assert_eq!(key("a@x.y.co.uk"), "domain:y.co.uk");
    assert_eq!(key("a@projet.github.io"), "domain:projet.github.io");
    assert_eq!(key("a@b.c.fournisseur.example"), "domain:fournisseur.example");
}

#[test]
fn free_mail_is_known_by_its_address() {
    assert_eq!(key("Jean.Roy@GMAIL.com"), "address:jean.roy@gmail.com");
    assert_eq!(key("jean@mail.videotron.ca"), "address:jean@mail.videotron.ca");
    assert!(table().is_shared("jean@gmail.com"));
    assert!(!table().same("jean@gmail.com", "anne@gmail.com"));
    assert!(table().same("jean@gmail.com", "JEAN@gmail.com."));
    assert_eq!(key("mairie@gmail.com"), "name:ville-de-saint-clair");
    assert!(!table().is_shared("mairie@gmail.com"));
}

#[test]
fn patterns_tell_people_of_a_shared_domain_apart() {
    assert_eq!(key("paul.stclair@reseau.example"), "name:ville-de-saint-clair");
    assert_eq!(key("paul.stclaire@reseau.example"), "address:paul.stclaire@reseau.example");
    assert_eq!(key("paul.stclair@autre.example"), "domain:autre.example");
}

#[test]
fn international_domains_are_one_in_every_form() {
    let unicode = table().of("a@étang.example");
    assert_eq!(unicode.key, "name:cegep-de-l-etang");
    assert_eq!(key("a@xn--tang-9oa.example"), unicode.key);
    assert_eq!(key("a@E\u{301}TANG.example."), unicode.key);
    let unlisted = table().of("a@forêt.example");
    assert_eq!(unlisted.name, "forêt.example");
    assert_eq!(unlisted.key, table().of("a@FORÊT.example").key);
    // A Cyrillic а must not read as a Latin one.
    let disguised = table().of("a@cegep-etаng.example");
    assert!(disguised.name.starts_with("xn--"), "{}", disguised.name);
    assert_eq!(disguised.kind, None);
}

#[test]
fn odd_addresses_stand_for_themselves() {
    for (email, expected) in [
        ("\"jean\"@gmail.com", "address:jean@gmail.com"),
        ("\"a@b\"@cegep-etang.example", "name:cegep-de-l-etang"),
        ("a@[192.0.2.1]", "address:a@[192.0.2.1]"),
        ("a@192.0.2.1", "address:a@192.0.2.1"),
        ("a@..", "address:a@.."),
        ("pas une adresse", "address:pas une adresse"),
        ("a@x y.example", "address:a@x y.example"),
        ("<a@cegep-etang.example>", "name:cegep-de-l-etang"),
        ("a@cegep-etang.example\r\n", "name:cegep-de-l-etang"),
    ] {
        assert_eq!(key(email), expected, "{email:?}");
    }
    let split = table().of("jean\r\nBcc: x@gmail.com");
    assert!(!split.key.contains(['\r', '\n']) && split.key != "address:jean@gmail.com", "{split:?}");
    assert!(!table().same("je\u{200b}an@gmail.com", "jean@gmail.com"));
}

#[test]
fn who_names_nobody_is_the_same_as_nobody() {
    let long = format!("{}@gmail.com", "a".repeat(5000));
    for email in ["", "  ", "<>", long.as_str()] {
        let counterpart = table().of(email);
        assert_eq!(counterpart.key, "", "{email:?}");
        assert!(!counterpart.same(&counterpart) && counterpart.is_address());
    }
}

#[test]
fn every_problem_is_reported_at_once_with_its_line() {
    let problems = Organisations::parse(
        r#"own_suffixes = ["gouv.qc.ca", "pas un domaine"]
shared_domains = ["gmail.com", "GMAIL.com"]
couleur = 1
[[organisation]]
name = "A"
kind = "college"
domains = ["gmail.com", "gouv.qc.ca", "a.example"]
[[organisation]]
name = "B"
kind = "cegep"
domains = ["A.example"]
addresses = ["*@gmail.com", "sans-arobase", "x@*.b.example"]
site = "b.example"
[[organisation]]
name = "b"
kind = "cegep"
"#,
    )
    .unwrap_err();
    let text = |text: &str| text.to_owned();
    assert_eq!(
        kinds_of(&problems),
        vec![
            (Some(1), &ProblemKind::Wrong(text("own_suffixes"), Form::Domain)),
            (Some(2), &ProblemKind::Twice(text("GMAIL.com"))),
            (Some(3), &ProblemKind::UnknownKey(text("couleur"))),
            (
                Some(6),
                &ProblemKind::OneOf(
                    text("organisation.kind"),
                    KINDS.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
                )
            ),
            (Some(7), &ProblemKind::TooWide(text("gmail.com"))),
            (Some(7), &ProblemKind::TooWide(text("gouv.qc.ca"))),
            (Some(11), &ProblemKind::Twice(text("A.example"))),
            (Some(12), &ProblemKind::TooWide(text("*@gmail.com"))),
            (Some(12), &ProblemKind::Wrong(text("organisation.addresses"), Form::Pattern)),
            (Some(12), &ProblemKind::Wrong(text("organisation.addresses"), Form::Pattern)),
            (Some(13), &ProblemKind::UnknownKey(text("organisation.site"))),
            (Some(14), &ProblemKind::NoAddress(text("b"))),
            (Some(15), &ProblemKind::Twice(text("b"))),
        ]
    );
    for language in Language::ALL {
        let wording = Wording::new(language);
        for problem in &problems {
            let line = problem.line(Path::new("organisations.toml"), &wording);
            assert!(line.starts_with("organisations.toml, lin") || line.contains("ligne"), "{line}");
            assert!(!line.contains("tables-"), "a text is missing: {line}");
        }
    }
}

#[test]
fn what_is_not_toml_is_one_problem() {
    let problems = Organisations::parse("own_suffixes = [\n\"a\"\n = 3").unwrap_err();
    assert!(matches!(problems.as_slice(), [Problem { line: Some(_), kind: ProblemKind::NotToml(_) }]));
}

#[test]
fn the_shipped_table_is_sound() {
    let shipped = Organisations::parse(DEFAULT).unwrap();
    assert_eq!(shipped.of("a@mcn.gouv.qc.ca").key, "domain:mcn.gouv.qc.ca");
    assert_eq!(shipped.of("a@outlook.com").key, "address:a@outlook.com");
    assert_eq!(shipped.of("a.b.cisss@ssss.gouv.qc.ca").key, "address:a.b.cisss@ssss.gouv.qc.ca");
}

#[test]
fn the_sample_in_the_shipped_table_is_sound() {
    let sample: String = DEFAULT
        .lines()
        .skip_while(|line| !line.starts_with("# [[organisation]]"))
        .map(|line| format!("{}\n", line.trim_start_matches('#')))
        .collect();
    let sample = Organisations::parse(&sample).unwrap();
    assert_eq!(sample.of("x@saules.example").kind, Some(Kind::Cegep));
}

#[test]
fn kinds_have_the_same_name_in_json_as_in_the_table() {
    for (name, kind) in KINDS {
        assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{name}\""));
        assert_eq!(kind.to_string(), *name);
    }
}

proptest! {
    #[test]
    fn any_text_gives_a_clean_counterpart(email in "\\PC{0,40}|[a-z@.\"\\[\\] \\r\\n\\x00\u{200b}]{0,30}") {
        let counterpart = table().of(&email);
        prop_assert!(!counterpart.key.chars().any(char::is_control));
        prop_assert!(!counterpart.name.chars().any(char::is_control));
        prop_assert_eq!(&table().of(&email), &counterpart);
    }

    #[test]
    fn case_and_a_final_dot_change_nothing(local in "[a-z.-]{1,12}", domain in "[a-z]{1,8}(\\.[a-z]{2,8}){1,3}") {
        let plain = format!("{local}@{domain}");
        prop_assert_eq!(key(&plain), key(&plain.to_uppercase()));
        prop_assert_eq!(key(&plain), key(&format!("{plain}.")));
    }

    /// Two addresses are joined by domain only if one body registered a domain that both lie in.
    #[test]
    fn a_domain_key_is_a_parent_of_the_address(domain in "[a-z]{1,8}(\\.[a-z]{2,8}){1,3}(\\.gouv\\.qc\\.ca)?") {
        if let Some(registered) = key(&format!("x@{domain}")).strip_prefix("domain:") {
            prop_assert!(parents(&domain).any(|parent| parent == registered));
            prop_assert!(registered.contains('.') && registered != "gouv.qc.ca");
        }
    }

    #[test]
    fn a_pattern_matches_what_a_plain_reading_matches(pattern in "[ab*]{1,6}", local in "[ab]{0,8}") {
        fn plain(pattern: &[u8], text: &[u8]) -> bool {
            match (pattern.split_first(), text.split_first()) {
                (None, None) => true,
                (Some((b'*', rest)), _) => plain(rest, text) || (!text.is_empty() && plain(pattern, &text[1..])),
                (Some((p, rest)), Some((t, after))) => p == t && plain(rest, after),
                _ => false,
            }
        }
        let parsed = Pattern::parse(&format!("{pattern}@x.example")).unwrap();
        prop_assert_eq!(parsed.matches(&local, "x.example"), plain(pattern.as_bytes(), local.as_bytes()));
    }
}

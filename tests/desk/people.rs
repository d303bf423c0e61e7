//! People come and go: accounts, absences, and what they had in hand.

use crate::desk::{Desk, Settings, UNTIL_WHEN, question};

fn asked(desk: &mut Desk) {
    for number in 1..3 {
        let host = format!("cegep{number}.example");
        desk.deliver(&question(&format!("q@{host}"), &format!("a@{host}"), "Fin", UNTIL_WHEN));
    }
    desk.once();
}

#[test]
fn once_there_are_accounts_only_they_decide() {
    let mut desk = Desk::new();
    asked(&mut desk);
    assert!(desk.ok(&["user", "list"]).contains("Aucune personne"));
    desk.ok(&["claim", "1", "--as", "N’importe qui"]);
    desk.ok(&["release", "1", "--as", "N’importe qui"]);
    desk.ok(&["user", "add", "Marie Roy", "--role", "reviewer", "--role", "supervisor"]);
    assert!(desk.refused(1, &["claim", "1", "--as", "N’importe qui"]).contains("N’importe qui"));
    desk.ok(&["claim", "1", "--as", "Marie Roy"]);
    let people = desk.json(&["user", "list", "--json"]);
    assert_eq!(people[0]["roles"].as_array().unwrap().len(), 2, "roles combine");
    assert!(desk.ok(&["user", "list"]).contains("Marie Roy · révision, supervision"));
    assert!(desk.refused(2, &["user", "disable", "Personne"]).contains("Personne"));
    // They are in the backup.
    let backup = desk.path("copie");
    desk.ok(&["store", "backup", backup.to_str().unwrap()]);
    std::fs::rename(desk.path("data"), desk.path("perdu")).unwrap();
    desk.ok(&["store", "restore", backup.to_str().unwrap()]);
    assert_eq!(desk.json(&["user", "list", "--json"]), people);
}

#[test]
fn who_is_away_has_nothing_in_hand_and_a_delegate_is_proposed() {
    let mut desk = Desk::new();
    asked(&mut desk);
    desk.ok(&["user", "add", "Marie Roy"]);
    desk.ok(&["user", "add", "Luc Dubé"]);
    desk.ok(&["claim", "1", "--as", "Marie Roy"]);
    let absence = ["user", "absent", "Marie Roy", "--from", "2000-01-01", "--to", "2099-12-31"];
    desk.ok(&[&absence[..], &["--delegate", "Luc Dubé"]].concat());
    let thread = desk.thread(1);
    assert_eq!(
        (&thread["claimed_by"], &thread["proposed_to"]),
        (&serde_json::Value::Null, &"Luc Dubé".into())
    );
    assert!(desk.ok(&["show", "1"]).contains("Proposé à Luc Dubé"));
    desk.ok(&["claim", "1", "--as", "Luc Dubé"]);
    assert!(desk.thread(1)["proposed_to"].is_null());
    let backwards = ["user", "absent", "Marie Roy", "--from", "2026-02-02", "--to", "2026-02-01"];
    assert!(desk.refused(2, &backwards).contains("finit avant"));
}

#[test]
fn who_is_disabled_leaves_no_approval_in_its_hold_and_a_name_in_the_history() {
    let mut settings = Settings::default();
    settings.outbox = settings.outbox.replace("hold_seconds = 0", "hold_seconds = 3600");
    let mut desk = Desk::with(&settings);
    desk.ok(&["user", "add", "Marie Tremblay"]);
    desk.ok(&["user", "add", "Luc Dubé"]);
    asked(&mut desk);
    desk.approve(1);
    desk.ok(&["claim", "2", "--as", "Marie Tremblay"]);
    desk.ok(&["user", "disable", "Marie Tremblay"]);
    let thread = desk.thread(1);
    assert_eq!(thread["state"], "to-review");
    let events = thread["events"].as_array().unwrap();
    assert!(events.iter().any(|event| event["actor"]["name"] == "Marie Tremblay"));
    assert!(desk.thread(2)["claimed_by"].is_null());
    let version = thread["version"].to_string();
    let late = ["approve", "1", "--seen", &version, "--as", "Marie Tremblay"];
    assert!(desk.refused(1, &late).contains("n’est pas une personne active"));
    assert!(desk.ok(&["user", "list"]).contains("désactivée"));
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

/// Every entry of the letter needs a second signature.
fn desk_that_signs() -> Desk {
    let mut desk = Desk::with(&Settings {
        more: "[sign_off]\nentries = [\"duree-suspension\"]\n".to_owned(),
        ..Settings::default()
    });
    asked(&mut desk);
    desk
}

#[test]
fn what_a_role_does_not_allow_is_refused_at_the_command_line_too() {
    let desk = desk_that_signs();
    desk.ok(&["user", "add", "Marie Tremblay", "--role", "reviewer"]);
    for (name, role) in
        [("Sara Signe", "signer"), ("Sonia Vise", "supervisor"), ("Alain Compte", "administrator")]
    {
        desk.ok(&["user", "add", name, "--role", role]);
    }
    assert!(desk.refused(2, &["user", "add", "Léa Lit", "--role", "reader"]).contains("--until"));
    desk.ok(&["user", "add", "Léa Lit", "--role", "reader", "--until", "2099-12-31"]);
    assert!(desk.ok(&["user", "list"]).contains("Léa Lit · lecture · jusqu’au 31 décembre 2099"));
    for name in ["Sara Signe", "Sonia Vise", "Alain Compte", "Léa Lit"] {
        let version = desk.thread(1)["version"].to_string();
        let said = desk.refused(1, &["approve", "1", "--seen", &version, "--as", name]);
        assert!(said.contains("décider") && said.contains("révision"), "{said}");
        assert!(desk.refused(1, &["claim", "1", "--as", name]).contains(name));
    }
    desk.approve(1);
    let version = desk.thread(1)["version"].to_string();
    for name in ["Marie Tremblay", "Sonia Vise", "Alain Compte", "Léa Lit"] {
        let said = desk.refused(1, &["sign", "1", "--seen", &version, "--as", name]);
        assert!(said.contains("seconde signature") && said.contains("signature)"), "{said}");
    }
    assert_eq!(desk.thread(1)["state"], "to-sign");
    desk.ok(&["sign", "1", "--seen", &version, "--as", "Sara Signe"]);
    assert_eq!(desk.thread(1)["state"], "approved");
}

#[test]
fn whoever_could_sign_before_signing_was_a_role_still_can() {
    let desk = desk_that_signs();
    desk.ok(&["user", "add", "Marie Tremblay", "--role", "reviewer"]);
    // A store of before, by way of its backup.
    let backup = desk.path("copie");
    desk.ok(&["store", "backup", backup.to_str().unwrap()]);
    let old = r#"[
        {"name":"Marie Tremblay","roles":["reviewer"],"since":"2026-01-05T14:00:00Z","disabled":null,"absences":[]},
        {"name":"Anne Directrice","roles":["supervisor"],"since":"2026-01-05T14:00:00Z","disabled":null,"absences":[]}
    ]"#;
    std::fs::write(backup.join("people.json"), old).unwrap();
    std::fs::rename(desk.path("data"), desk.path("perdu")).unwrap();
    desk.ok(&["store", "restore", backup.to_str().unwrap()]);
    assert!(desk.ok(&["user", "list"]).contains("Anne Directrice · signature, supervision"));
    desk.approve(1);
    let version = desk.thread(1)["version"].to_string();
    desk.ok(&["sign", "1", "--seen", &version, "--as", "Anne Directrice"]);
}

#[test]
fn an_account_past_its_end_is_as_if_disabled() {
    let desk = desk_that_signs();
    desk.ok(&["user", "add", "Marie Tremblay", "--until", "2020-12-31"]);
    let said = desk.refused(1, &["claim", "1", "--as", "Marie Tremblay"]);
    assert!(said.contains("n’est pas une personne active"), "{said}");
    desk.ok(&["user", "add", "Marie Tremblay", "--until", "2099-12-31"]);
    desk.ok(&["claim", "1", "--as", "Marie Tremblay"]);
    desk.ok(&["user", "add", "Marie Tremblay", "--until", "2020-12-31"]);
    desk.once();
    assert!(desk.thread(1)["claimed_by"].is_null(), "what they had in hand goes back");
}

#[test]
fn who_wrote_in_a_letter_does_not_approve_it_if_the_config_wants_two_people() {
    let mut desk = Desk::new();
    asked(&mut desk);
    let edit = |name: &str| {
        std::fs::write(desk.path("texte.md"), format!("Bonjour,\n\nUn texte de {name}.\n")).unwrap();
        let file = desk.path("texte.md");
        let version = desk.thread(1)["version"].to_string();
        desk.ok(&["edit", "1", "--seen", &version, "--body-file", file.to_str().unwrap(), "--as", name]);
    };
    let approve = |name: &str| {
        let version = desk.thread(1)["version"].to_string();
        desk.run(&["approve", "1", "--seen", &version, "--as", name])
    };
    desk.edit_config("[mailbox]", "[desk]\nauthor_may_approve = false\n[mailbox]");
    edit("Marie");
    let said = approve("Marie");
    assert_eq!(said.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&said.stderr).contains("une autre personne l’approuve"), "{said:?}");
    // Whoever wrote before counts as well; a third person approves what two wrote.
    edit("Luc");
    assert!(!approve("Marie").status.success() && !approve("Luc").status.success());
    assert!(approve("Anne").status.success());
    // One text for a group is its author's, too.
    let (file, version) = (desk.path("texte.md"), desk.thread(2)["version"].clone());
    let group =
        ["approve-group", &format!("2:{version}"), "--body-file", file.to_str().unwrap(), "--as", "Marie"];
    let said = desk.run(&group);
    let words = [said.stdout, said.stderr].concat();
    assert!(String::from_utf8_lossy(&words).contains("une autre personne l’approuve"));
    let thread = desk.thread(2);
    assert_eq!((&thread["version"], &thread["state"]), (&version, &"to-review".into()), "nothing half done");
    // Approved texts in the place of what was written are nobody's own.
    desk.ok(&["edit", "2", "--seen", &version.to_string(), "--body-file", group[3], "--as", "Marie"]);
    let version = desk.thread(2)["version"].to_string();
    desk.ok(&["reclassify", "2", "duree-suspension", "--seen", &version, "--as", "Luc"]);
    desk.ok(&["approve", "2", "--seen", &desk.thread(2)["version"].to_string(), "--as", "Marie"]);
}

//! What the command line says: in French, with what to do, and with the right exit code.

use crate::desk::Desk;

#[test]
fn help_and_mistakes_are_french_and_english_on_request() {
    let desk = Desk::new();
    let help = desk.ok(&["--help"]);
    for word in ["Utilisation", "Commandes", "Approuve la lettre", "Options"] {
        assert!(help.contains(word), "{word} is missing:\n{help}");
    }
    for english in ["Usage:", "Commands:", "Print help"] {
        assert!(!help.contains(english), "{english} is not French:\n{help}");
    }
    let error = desk.refused(2, &["aprove", "1"]);
    assert!(error.contains("commande inconnue") && error.contains("approve"), "{error}");
    let error = desk.refused(2, &["approve", "1", "--as", "Marie"]);
    assert!(error.contains("--seen"), "{error}");
    let error = desk.refused(2, &["threads", "--state", "perdu"]);
    assert!(error.contains("to-review"), "{error}");
    desk.edit_config("data_dir", "language = \"en\"\ndata_dir");
    assert!(desk.ok(&["--help"]).contains("Usage:"));
}

#[test]
fn a_wrong_config_gets_every_problem_and_exit_code_2() {
    let desk = Desk::new();
    desk.edit_config("sent = \".Sent\"", "snet = \".Sent\"");
    desk.edit_config("hold_seconds = 0", "hold_seconds = \"vite\"");
    let error = desk.refused(2, &["threads"]);
    assert!(error.contains("mailbox.snet") && error.contains("mailbox.sent"), "{error}");
    assert!(error.contains("outbox.hold_seconds"), "{error}");
}

#[test]
fn nothing_runs_until_since_is_set() {
    let desk = Desk::new();
    desk.edit_config("since = \"all\"\n", "");
    for command in [&["check"][..], &["run", "--once"], &["run"]] {
        let output = desk.run(command);
        let said =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{command:?}: {said}");
        assert!(said.contains("mailbox.since"), "{said}");
    }
}

#[test]
fn check_says_a_line_a_part() {
    let desk = Desk::new();
    let said = desk.ok(&["check"]);
    assert_eq!(said.lines().count(), 7, "{said}");
    std::fs::remove_dir_all(desk.path("mail")).unwrap();
    let output = desk.run(&["check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("Boîte\u{a0}: À CORRIGER"), "{output:?}");
}

#[test]
fn an_encoder_without_sound_weights_gets_one_line_and_stops_the_start() {
    let desk = Desk::new();
    desk.edit_config("[replies]", "[classify]\nencoder = \"encoder\"\n[replies]");
    std::fs::create_dir(desk.path("encoder")).unwrap();
    std::fs::write(desk.path("encoder/encoder.weights"), "PK").unwrap();
    let output = desk.run(&["check"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(said.lines().count(), 8, "{said}");
    assert!(
        said.contains("Encodeur de phrases\u{a0}: À CORRIGER") && said.contains("fetch-encoder"),
        "{said}"
    );
    let refused = desk.refused(2, &["run", "--once"]);
    assert!(refused.contains("encoder.weights"), "{refused}");
    std::fs::remove_file(desk.path("encoder/encoder.weights")).unwrap();
    assert!(desk.refused(2, &["run", "--once"]).contains("ne se lisent pas"));
}

#[test]
fn a_data_folder_that_cannot_be_used_is_named_with_what_to_do() {
    let desk = Desk::new();
    std::fs::write(desk.path("data"), "a file in the way").unwrap();
    let error = desk.refused(1, &["threads"]);
    assert!(error.contains("data") && error.contains("droits"), "{error}");
}

#[test]
fn backups_exports_and_restores_work_from_the_command_line() {
    let mut desk = Desk::new();
    desk.deliver(&crate::desk::question(
        "a@cegep.example",
        "anne@cegep.example",
        "Suspension",
        crate::desk::UNTIL_WHEN,
    ));
    desk.start();
    desk.until_state(1, "to-review");
    let (backup, export) = (desk.path("backup"), desk.path("export"));
    desk.ok(&["store", "backup", backup.to_str().unwrap()]);
    desk.ok(&["store", "export", export.to_str().unwrap()]);
    assert!(std::fs::read_dir(export.join("threads/1")).unwrap().count() >= 2);
    desk.stop();
    let before = desk.thread(1);
    std::fs::remove_dir_all(desk.path("data")).unwrap();
    desk.ok(&["store", "restore", backup.to_str().unwrap()]);
    assert_eq!(desk.thread(1), before);
    let again = desk.refused(1, &["store", "restore", backup.to_str().unwrap()]);
    assert!(again.contains("existe déjà"), "{again}");
    desk.once();
    assert_eq!(desk.threads().len(), 1, "mail that the backup holds is not taken a second time");
}

#[test]
fn a_mailbox_out_of_reach_is_said_and_comes_back() {
    let mut desk = Desk::new();
    std::fs::rename(desk.path("mail"), desk.path("elsewhere")).unwrap();
    desk.start();
    desk.until("the loss is said", || desk.ok(&["status"]).contains("HORS D’ATTEINTE").then_some(()));
    std::fs::rename(desk.path("elsewhere"), desk.path("mail")).unwrap();
    desk.until("it is back", || (!desk.ok(&["status"]).contains("HORS D’ATTEINTE")).then_some(()));
}

//! The same library and the same mail: the same bytes, whoever learns, wherever, on how many cores.

use crate::{MODEL, REPLIES, cases, root};
use greffier::classify::Model;
use std::process::Command;

#[test]
fn the_same_library_gives_the_same_bytes() {
    let again = Model::of(&REPLIES);
    assert_eq!(again.digest(), MODEL.digest());
    for case in cases("tests/classify/mails.jsonl") {
        let [one, two] =
            [&*MODEL, &again].map(|model| serde_json::to_string(&model.read_case(&case)).unwrap());
        assert_eq!(one, two, "{}", case.id);
    }
}

/// Sums of fractions depend on their order; two processes also hash with other keys.
#[test]
fn two_processes_with_one_and_two_threads_print_the_same_bytes() {
    let [one, two] = ["1", "2"].map(|threads| {
        let output = Command::new(env!("CARGO_BIN_EXE_greffier"))
            .current_dir(root())
            .args(["classify", "--json", "--replies", "replies", "demo/mail"])
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    });
    assert!(one.iter().filter(|byte| **byte == b'\n').count() >= 20, "hardly a mail was read");
    assert!(one == two, "{}\n{}", String::from_utf8_lossy(&one), String::from_utf8_lossy(&two));
}

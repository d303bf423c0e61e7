//! What the machine does to a store: a full disk, no right to write, another version, another process.

use super::{good, seal};
use crate::desk::{Desk, PATIENCE};
use crate::faults::{blobs, place, sending_log};
use std::process::{Command, Stdio};
use std::time::Instant;

/// One line that names what happened, exit code 1; what it said.
fn one_line(desk: &Desk, arguments: &[&str]) -> String {
    let error = desk.refused(1, arguments);
    assert_eq!(complaints(&error).len(), 1, "{arguments:?}: {error}");
    error
}

/// The lines that are no log.
fn complaints(error: &str) -> Vec<&str> {
    let levels = [" INFO ", " WARN ", "DEBUG "];
    error.trim().lines().filter(|line| !levels.iter().any(|level| line.contains(level))).collect()
}

fn deliver(desk: &Desk, number: usize) -> Vec<u8> {
    let raw = good(&format!("good-{number}@cegep{number}.example"), number).into_bytes();
    place(&desk.path("mail"), &format!("174291{number:04}.M{number}.good"), &raw);
    raw
}

fn store(desk: &Desk, format: u32) {
    let db = sled::open(desk.path("data/store")).unwrap();
    db.open_tree("meta").unwrap().insert("format", &format.to_be_bytes()).unwrap();
    db.flush().unwrap();
}

#[test]
fn a_store_of_another_version_is_left_alone() {
    let desk = Desk::new();
    deliver(&desk, 1);
    desk.once();
    let before = desk.threads();
    store(&desk, 7);
    deliver(&desk, 2);
    for arguments in [&["run", "--once"][..], &["run"], &["threads"], &["status"], &["store", "verify"]] {
        let error = one_line(&desk, arguments);
        assert!(error.contains("format 7"), "{error}");
    }
    store(&desk, 1);
    assert_eq!(desk.threads(), before);
    desk.once();
    assert_eq!(desk.threads().len(), 2);
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn a_store_that_is_no_store_costs_one_line() {
    let desk = Desk::new();
    deliver(&desk, 1);
    desk.once();
    let path = desk.path("data/store/db");
    let whole = std::fs::read(&path).unwrap();
    let mut noise = whole.clone();
    noise.iter_mut().skip(64).step_by(7).for_each(|byte| *byte = byte.wrapping_mul(31).wrapping_add(5));
    for bytes in [noise, b"not a database".to_vec()] {
        std::fs::write(&path, bytes).unwrap();
        let output = desk.run(&["run", "--once"]);
        let error = String::from_utf8_lossy(&output.stderr);
        // What sled takes for an empty store must not pass for one either: the mail is read again.
        if !output.status.success() {
            assert_eq!(output.status.code(), Some(1), "{error}");
            assert_eq!(error.trim().lines().count(), 1, "{error}");
        }
    }
}

#[test]
fn a_data_folder_that_cannot_be_written_costs_one_line() {
    let desk = Desk::new();
    deliver(&desk, 1);
    // Beneath a file there is no folder, whoever asks.
    desk.edit_config("data_dir = \"data\"", "data_dir = \"greffier.toml/data\"");
    for arguments in [&["run", "--once"][..], &["run"], &["threads"]] {
        let error = one_line(&desk, arguments);
        assert!(error.contains("greffier.toml/data"), "{error}");
    }
    desk.edit_config("greffier.toml/data", "data");
    desk.once();
    assert_eq!(desk.threads().len(), 1);
}

#[test]
fn a_second_process_changes_nothing() {
    let mut desk = Desk::new();
    desk.start();
    deliver(&desk, 1);
    desk.until_state(1, "to-review");
    let begun = Instant::now();
    for arguments in [&["run", "--once"][..], &["import", "mail"], &["run"]] {
        let error = one_line(&desk, arguments);
        assert!(error.contains("déjà ouvert"), "{error}");
    }
    assert!(begun.elapsed() < PATIENCE);
    // The first one never noticed.
    deliver(&desk, 2);
    desk.until_state(2, "to-review");
    desk.stop();
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

/// Runs a command with files limited to `blocks` of 512 bytes, as a full disk would.
fn limited(desk: &Desk, blocks: u64, arguments: &str) -> (Option<i32>, String) {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" --config \"$1\" {arguments}");
    let output = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_greffier")])
        .arg(desk.path("greffier.toml"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_store_that_cannot_grow_loses_nothing() {
    let desk = Desk::new();
    deliver(&desk, 1);
    desk.once();
    let size = std::fs::metadata(desk.path("data/store/db")).unwrap().len();
    let blocks = size / 512;
    // Attachments that do not shrink, so that something must give way.
    let mut mails = Vec::new();
    for number in 2..12 {
        mails.push(deliver(&desk, number));
    }
    for blocks in [blocks, blocks / 2, 8, 1] {
        let (code, error) = limited(&desk, blocks, "run --once");
        if code != Some(0) {
            assert_eq!(code, Some(1), "{error}");
            assert_eq!(complaints(&error).len(), 1, "{error}");
        }
    }
    desk.once();
    assert_eq!(desk.threads().len(), 11);
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn no_room_for_a_mail_is_said_and_made_good() {
    let desk = Desk::new();
    desk.once();
    let raw = deliver(&desk, 1);
    // Every byte written there meets a full disk.
    let beside = desk.path("data/blobs/tmp").join(format!("{}.0", seal(&raw)));
    std::os::unix::fs::symlink("/dev/full", &beside).unwrap();
    let error = one_line(&desk, &["run", "--once"]);
    assert!(error.contains("plein"), "{error}");
    assert!(desk.threads().is_empty() && blobs(&desk.path("data")).is_empty());
    std::fs::remove_file(beside).unwrap();
    desk.once();
    assert_eq!(desk.threads().len(), 1);
    assert!(desk.ok(&["store", "verify"]).contains("Journal intact"));
}

#[test]
fn no_room_for_the_attempt_keeps_the_letter_here() {
    let desk = Desk::new();
    deliver(&desk, 1);
    desk.once();
    desk.ok(&["reclassify", "1", "duree-suspension", "--as", "Luc Gagnon"]);
    desk.approve(1);
    // A file as long as any may become: the line of the attempt breaks off.
    let log = desk.path("data/sending.log");
    let blocks = 65_536;
    std::fs::File::options().write(true).open(&log).unwrap().set_len(blocks * 512 - 20).unwrap();
    let (code, error) = limited(&desk, blocks, "run --once");
    assert_eq!((code, complaints(&error).len()), (Some(1), 1), "{error}");
    assert!(error.contains("sending.log"), "{error}");
    assert!(desk.letters().is_empty(), "a letter left without its attempt on disk");
    assert_eq!(std::fs::metadata(&log).unwrap().len(), blocks * 512);
    // Written down in the journal, not in sending.log: nobody but a person decides.
    desk.once();
    assert_eq!(desk.thread(1)["state"], "uncertain");
    assert!(desk.letters().is_empty() && sending_log(&desk.path("data")).is_empty());
    desk.ok(&["settle", "1", "resend", "--as", "Marie Tremblay"]);
    desk.once();
    assert_eq!(desk.letters().len(), 1);
    // The broken line swallowed none of those behind it.
    let log = sending_log(&desk.path("data"));
    let whats: Vec<&str> = log.iter().map(|line| line["what"].as_str().unwrap()).collect();
    assert_eq!(whats, ["resend", "attempted", "sent"]);
}

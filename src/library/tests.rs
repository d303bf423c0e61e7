//! The folder on disk: read, watched, broken and mended.

use super::*;
use tempfile::TempDir;

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("replies")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let target = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy(&item.path(), &target);
        } else {
            fs::copy(item.path(), target).unwrap();
        }
    }
}

fn a_copy() -> TempDir {
    let dir = TempDir::new().unwrap();
    copy(&shipped(), dir.path());
    dir
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(file, text.replace(from, to)).unwrap();
}

/// Waits until `done`; far longer than a notice takes, so that a busy machine passes.
fn until(what: &str, done: impl Fn() -> bool) {
    let latest = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < latest, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn kinds(dir: &Path) -> Vec<(PathBuf, Option<usize>, ProblemKind)> {
    let problems = read(dir).unwrap_err();
    let relative = |file: PathBuf| file.strip_prefix(dir).map(Path::to_owned).unwrap_or(file);
    problems.into_iter().map(|problem| (relative(problem.file), problem.line, problem.kind)).collect()
}

#[test]
fn the_shipped_folder_is_sound() {
    let replies = read(&shipped()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(replies.slugs().count(), 11);
}

#[test]
fn an_edit_is_picked_up_and_a_broken_one_keeps_the_last_good_version() {
    let dir = a_copy();
    let library = Library::open(dir.path()).unwrap();
    let changed = library.changed();
    assert_eq!(*changed.borrow(), 1);
    let first = library.current();
    let file = dir.path().join("fr/contact.md");

    edit(&file, "version = 1", "version = 2");
    until("the edit is seen", || *changed.borrow() == 2);
    let second = library.current();
    assert_ne!(first.digest(), second.digest());
    assert_eq!(library.problems(), []);

    edit(&file, "version = 2", "version = zwei");
    until("the broken edit is reported", || !library.problems().is_empty());
    let problems = library.problems();
    assert_eq!((problems.len(), &problems[0].file), (1, &file));
    assert!(problems[0].line.is_some());
    assert!(Arc::ptr_eq(&library.current(), &second), "the last good version stays");
    assert_eq!(*changed.borrow(), 2);

    edit(&file, "version = zwei", "version = 3");
    until("the mended file is taken", || *changed.borrow() == 3);
    assert_eq!(library.problems(), []);
    let id = "fr/contact".parse().unwrap();
    assert_eq!(library.current().by_id(&id).unwrap().version, 3);
}

#[test]
fn a_file_that_goes_or_comes_is_seen() {
    let dir = a_copy();
    let library = Library::open(dir.path()).unwrap();
    let changed = library.changed();
    for language in ["fr", "en"] {
        fs::remove_file(dir.path().join("examples").join(language).join("sans-budget.txt")).unwrap();
        fs::remove_file(dir.path().join(language).join("sans-budget.md")).unwrap();
    }
    until("the entry is gone", || library.current().slugs().count() == 10);
    // The texts come first, then the word that there are others.
    until("the loss is told", || *changed.borrow() > 1);
    let before = *changed.borrow();
    // As editors do: a file beside it, renamed into place.
    let written = dir.path().join("fr/.nouveau.tmp");
    fs::copy(shipped().join("fr/sans-budget.md"), &written).unwrap();
    fs::rename(written, dir.path().join("fr/sans-budget.md")).unwrap();
    until("the entry is back", || library.current().slugs().count() == 11);
    until("the return is told", || *changed.borrow() > before);
}

#[test]
fn reading_causes_no_reading() {
    let dir = a_copy();
    let library = Library::open(dir.path()).unwrap();
    let (sender, receiver) = channel();
    let _watcher = watch_folder(dir.path(), &sender).unwrap();
    read(dir.path()).unwrap();
    library.reload();
    assert!(matches!(receiver.recv_timeout(Duration::from_millis(300)), Err(RecvTimeoutError::Timeout)));
    assert_eq!(*library.changed().borrow(), 1, "the same texts are no news");
}

#[test]
fn the_thread_ends_with_the_library() {
    let dir = a_copy();
    let library = Library::open(dir.path()).unwrap();
    let shared = Arc::downgrade(&library.shared);
    let other = library.clone();
    drop(library);
    assert!(shared.upgrade().is_some());
    drop(other);
    until("nothing holds the texts any more", || shared.upgrade().is_none());
}

#[test]
fn a_missing_folder_is_a_problem() {
    let dir = TempDir::new().unwrap();
    let nowhere = dir.path().join("rien");
    assert_eq!(read(&nowhere).unwrap_err(), [Problem::of(&nowhere, ProblemKind::NoFolder)]);
    assert!(Library::open(&nowhere).is_err());
    assert_eq!(read(dir.path()).unwrap_err(), [Problem::of(dir.path(), ProblemKind::NoEntries)]);
}

#[test]
fn bytes_that_are_not_text_are_named_with_their_line() {
    let dir = a_copy();
    fs::write(dir.path().join("fr/_letter.md"), b"+++\nsalutation = \"\xe9\"\n+++\n").unwrap();
    assert_eq!(kinds(dir.path()), [("fr/_letter.md".into(), Some(2), ProblemKind::NotUtf8)]);
}

#[test]
fn texts_in_the_wrong_place_are_not_left_out_in_silence() {
    let dir = a_copy();
    for wrong in ["contact.md", "fr/contact.txt", "fr/Autre.MD", "examples/autre.txt"] {
        fs::write(dir.path().join(wrong), "x").unwrap();
    }
    fs::create_dir(dir.path().join("FR")).unwrap();
    fs::write(dir.path().join("FR/contact.md"), "x").unwrap();
    fs::create_dir(dir.path().join("fr/dossier.md")).unwrap();
    let found: Vec<PathBuf> = kinds(dir.path())
        .into_iter()
        .map(|(file, _, kind)| {
            assert_eq!(kind, ProblemKind::Misplaced, "{}", file.display());
            file
        })
        .collect();
    let expected =
        ["FR", "contact.md", "examples/autre.txt", "fr/Autre.MD", "fr/contact.txt", "fr/dossier.md"];
    assert_eq!(found, expected.map(PathBuf::from));
}

#[test]
fn hidden_files_and_editors_leavings_do_not_count() {
    let dir = a_copy();
    for other in ["fr/.contact.md.swp", "fr/contact.md~", "fr/#contact.md#", ".git", "fr/4913", "Thumbs.db"] {
        fs::write(dir.path().join(other), b"\xff\x00").unwrap();
    }
    assert!(read(dir.path()).is_ok());
}

#[test]
fn too_long_files_are_refused_unread() {
    let dir = a_copy();
    fs::write(dir.path().join("fr/contact.md"), vec![b'x'; LONGEST_FILE + 1]).unwrap();
    assert_eq!(kinds(dir.path()), [("fr/contact.md".into(), None, ProblemKind::TooLong(LONGEST_FILE))]);
}

#[test]
fn attachments_come_from_their_folder() {
    let dir = a_copy();
    edit(&dir.path().join("fr/contact.md"), "attachments = []", "attachments = [\"guide.pdf\"]");
    let missing = ProblemKind::NoAttachment("guide.pdf".into());
    assert_eq!(kinds(dir.path()), [("fr/contact.md".into(), None, missing)]);
    fs::create_dir(dir.path().join("attachments")).unwrap();
    fs::write(dir.path().join("attachments/guide.pdf"), b"%PDF").unwrap();
    assert_eq!(read(dir.path()).unwrap().attachment("guide.pdf"), Some(&b"%PDF"[..]));
}

/// The recipe of `replies/README.md`: a new entry is a copied file with a new name.
#[test]
fn a_copied_file_is_a_new_entry() {
    let dir = a_copy();
    let file = dir.path().join("fr/conservation-donnees.md");
    fs::copy(dir.path().join("fr/contact.md"), &file).unwrap();
    edit(&file, "encadrement.ia@mcn.gouv.qc.ca", "[adresse]({{ field.lien }})");
    edit(&file, "asks = []", "asks = [{ name = \"lien\", label = \"lien du guide\" }]");
    let replies = read(dir.path()).unwrap();
    assert_eq!(replies.slugs().count(), 12);
    let slug = "conservation-donnees".parse().unwrap();
    let entry = replies.entry(crate::wording::Language::Fr, &slug).unwrap();
    assert_eq!(entry.render(&crate::replies::Values::default()).open.len(), 1);
}

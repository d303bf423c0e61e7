//! The report of a week as every file that it is written to, in both languages, by the program itself: as the
//! golden files have it, byte for byte, and as readers of their own read it back.
//!
//! A mismatch writes `golden/x.actual`; `scripts/golden` accepts it.

use crate::parts::{DESK, Learned, Parts};
use crate::truth::{OFF_FAQ, SEVERAL, SURE};
use crate::world::{asks, written};
use greffier::report::{By, Period, Scope, file};
use greffier::review::Decision;
use greffier::thread::{Medium, State, ThreadId};
use greffier::wording::{Language, Wording};
use jiff::Timestamp;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

static LEARNED: LazyLock<Learned> = LazyLock::new(Learned::new);

const MARIE: &str = "Marie Tremblay";
const LUC: &str = "Luc Gagnon";

const CEGEP: &str = "anne.roy@rives.example";
const VILLE: &str = "greffe@pins.example";
const SUPPLIER: &str = "ventes@malveillant.example";
const UNLISTED: &str = "info@inconnu.example";

/// The moment as of which the report is made: Tuesday, 1 April 2025, at noon.
const AS_OF: &str = "2025-04-01T16:00:00Z";
const LANGUAGES: [&str; 2] = ["fr", "en"];
/// The list of the questions, and groups: by a word of the library, a word of ours, and a number.
const GROUPS: [(&str, &[&str]); 4] =
    [("lines", &[]), ("entry", &["--by", "entry"]), ("kind", &["--by", "kind"]), ("hour", &["--by", "hour"])];

/// The desk while the week passes.
struct Week {
    parts: Parts,
    threads: u64,
}

impl Week {
    fn new() -> Self {
        Self { parts: Parts::new(&LEARNED, timestamp("2025-03-24T08:00:00")), threads: 0 }
    }

    /// It is now this moment, by the clock of Québec; summer time holds.
    fn at(&mut self, moment: &str) -> &mut Self {
        self.parts.clock.set(timestamp(moment));
        self
    }

    /// Somebody writes, and it becomes a thread of its own.
    fn asks(&mut self, moment: &str, from: &str, text: &str) -> ThreadId {
        self.threads += 1;
        let id = self.threads;
        let raw = asks(&format!("q{id}@asker.example"), from, &format!("Référence {id}"), &[], text);
        self.at(moment).parts.deliver(&raw, timestamp(moment));
        self.parts.turn();
        assert_eq!(self.parts.thread(id).state, State::ToReview, "{text}");
        id
    }

    fn decides(&mut self, moment: &str, id: ThreadId, decision: Decision, name: &str) {
        self.at(moment).parts.decide(id, decision, name).unwrap();
        self.parts.turn();
    }

    /// Approved at one moment, taken by the mail server at another.
    fn letter(&mut self, approved: &str, sent: &str, id: ThreadId, name: &str) {
        self.at(approved).parts.approve(id, name).unwrap();
        self.at(sent).parts.turn();
        assert_eq!(self.parts.thread(id).state, State::Answered);
    }

    /// Changes the words of the draft.
    fn rewrites(&mut self, moment: &str, id: ThreadId, name: &str) {
        let body = "Bonjour,\n\nComme nous vous l’écrivions, oui.\n\nCordialement".to_owned();
        self.decides(moment, id, Decision::Edit { body }, name);
    }
}

fn timestamp(moment: &str) -> Timestamp {
    format!("{moment}-04:00").parse().unwrap()
}

/// A week in which everything happens once that a report tells apart; its folder.
fn week() -> tempfile::TempDir {
    let mut week = Week::new();
    let claim = || Decision::Claim;

    // Sent as it was offered.
    let sure = week.asks("2025-03-24T08:41:12", CEGEP, SURE[0]);
    week.decides("2025-03-24T09:10:00", sure, claim(), MARIE);
    week.letter("2025-03-24T09:32:05", "2025-03-24T09:33:00", sure, MARIE);
    // Two entries, asked after hours.
    let several = week.asks("2025-03-24T16:52:00", VILLE, SEVERAL);
    let entries = vec!["organismes-vises".to_owned(), "duree-suspension".to_owned()];
    week.decides("2025-03-25T09:00:30", several, Decision::Reclassify { entries, language: None }, LUC);
    week.letter("2025-03-25T09:20:00", "2025-03-25T09:21:00", several, LUC);
    // No entry answers it; asked at night by somebody unknown.
    let off_faq = week.asks("2025-03-25T00:20:00", UNLISTED, OFF_FAQ[0]);
    week.rewrites("2025-03-26T10:00:00", off_faq, MARIE);
    week.letter("2025-03-26T10:30:00", "2025-03-26T10:31:40", off_faq, MARIE);
    // The clock stands still for two days, for a reason that looks like a formula.
    let waited = week.asks("2025-03-25T10:00:00", SUPPLIER, SURE[1]);
    let reason = || "+1 pièce : le nom du projet".to_owned();
    week.decides("2025-03-25T11:00:00", waited, Decision::Wait { reason: reason() }, LUC);
    week.decides("2025-03-27T10:00:00", waited, Decision::Resume, LUC);
    week.letter("2025-03-28T14:00:00", "2025-03-28T14:00:20", waited, LUC);
    // Late, and still open.
    week.asks("2025-03-25T15:00:00", "info@autre.example", OFF_FAQ[1]);
    // Answered from Outlook.
    let outside = week.asks("2025-03-26T09:15:00", CEGEP, SURE[2]);
    let text = "Bonjour,\n\nLa suspension s’applique jusqu’à nouvel ordre.\n\nMarie";
    let cited = format!("q{outside}@asker.example");
    let raw = written("o@outlook.example", DESK, CEGEP, "RE: Référence", &[&cited], text);
    let moment = "2025-03-27T15:00:00";
    week.at(moment).parts.send_by_hand(&raw, timestamp(moment));
    week.parts.turn();
    // Answered by telephone.
    let called = week.asks("2025-03-26T11:00:00", VILLE, OFF_FAQ[1]);
    let (medium, summary) = (Medium::Telephone, "Répondu de vive voix.".to_owned());
    let answer = Decision::AnswerOtherwise { medium, at: None, summary };
    week.decides("2025-03-31T10:00:00", called, answer, LUC);
    // Closed without a reply.
    let closed = week.asks("2025-03-27T13:00:00", UNLISTED, OFF_FAQ[0]);
    let reason_of_closing = "Hors de notre ressort".to_owned();
    week.decides("2025-03-28T09:00:00", closed, Decision::Close { reason: reason_of_closing }, MARIE);
    // Answered, opened again, and answered again.
    let again = week.asks("2025-03-27T14:00:00", CEGEP, SURE[3]);
    week.letter("2025-03-27T15:10:00", "2025-03-27T15:11:00", again, MARIE);
    week.decides("2025-03-28T10:00:00", again, Decision::Reopen, MARIE);
    week.rewrites("2025-03-31T10:30:00", again, MARIE);
    week.letter("2025-03-31T11:00:00", "2025-03-31T11:01:00", again, MARIE);
    // Sent with other words.
    let edited = week.asks("2025-03-28T10:00:00", VILLE, SURE[0]);
    week.rewrites("2025-03-28T14:30:00", edited, LUC);
    week.letter("2025-03-28T15:00:00", "2025-03-28T15:02:00", edited, LUC);
    // A colleague was asked for an opinion.
    let opinion = week.asks("2025-03-28T11:00:00", CEGEP, SURE[1]);
    let to = "juriste@juridique.ministere.example".to_owned();
    week.decides("2025-03-28T13:00:00", opinion, Decision::AskOpinion { to }, MARIE);
    let raw = written(
        "avis@serveur.example",
        "juriste@juridique.ministere.example",
        DESK,
        "RE: Référence",
        &[&format!("q{opinion}@asker.example")],
        "Je dirais que oui.",
    );
    let moment = "2025-03-31T09:00:00";
    week.at(moment).parts.deliver(&raw, timestamp(moment));
    week.parts.turn();
    week.letter("2025-03-31T13:00:00", "2025-03-31T13:01:00", opinion, MARIE);
    // Another text was sent than the one offered.
    let rejected = week.asks("2025-03-31T08:45:00", VILLE, SURE[2]);
    let entries = vec!["contact".to_owned()];
    week.decides("2025-03-31T09:30:00", rejected, Decision::Reclassify { entries, language: None }, LUC);
    week.letter("2025-03-31T09:45:00", "2025-03-31T09:46:00", rejected, LUC);
    // Open, in time, and in nobody's hand.
    week.asks("2025-03-31T15:00:00", SUPPLIER, SURE[1]);
    // Open, and the clock stands still.
    let still = week.asks("2025-03-27T09:00:00", CEGEP, SURE[2]);
    week.decides("2025-03-27T10:00:00", still, Decision::Wait { reason: reason() }, MARIE);
    week.parts.close()
}

/// The report as one file, written by the program.
fn written_file(dir: &Path, language: &str, format: &str, more: &[&str], name: &str) -> PathBuf {
    let written = dir.join(name);
    let output = Command::new(env!("CARGO_BIN_EXE_greffier"))
        .arg("--config")
        .arg(dir.join("greffier.toml"))
        .args(["report", "response-times", "--as-of", AS_OF, "--format", format])
        .args(more)
        .arg("--output")
        .arg(&written)
        .env("GREFFIER_LANGUAGE", language)
        .output()
        .unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    written
}

/// Runs the reader with a Python that has openpyxl: the system's, if it is not the first in the path.
fn reader(arguments: &[&str], path: &Path) -> Vec<u8> {
    let has = |python: &&str| {
        Command::new(python).args(["-c", "import openpyxl"]).output().is_ok_and(|of| of.status.success())
    };
    let python = ["python3", "/usr/bin/python3"].into_iter().find(has);
    let python = python
        .expect("no Python with openpyxl, which reads the workbooks back: apt-get install python3-openpyxl");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/month/reader.py");
    let output = Command::new(python).arg(script).args(arguments).arg(path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?} {}: {said}", path.display());
    output.stdout
}

/// Compares with the golden file; what is wrong, if anything is.
fn compare(name: &str, actual: &[u8]) -> Option<String> {
    let golden =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/month/golden").join(format!("{name}.expected"));
    let beside = golden.with_extension("actual");
    let expected = fs::read(&golden).unwrap_or_default();
    if expected == actual {
        let _ = fs::remove_file(beside);
        return None;
    }
    fs::write(beside, actual).unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (actual, expected) = (text(actual), text(&expected));
    let first = actual.lines().zip(expected.lines()).find(|(actual, expected)| actual != expected);
    Some(match first {
        Some((actual, expected)) => format!("{name}: {actual:?}\n    instead of {expected:?}"),
        None => format!("{name}: {} bytes instead of {}", actual.len(), expected.len()),
    })
}

#[test]
fn a_report_is_the_golden_one_in_every_format_and_language() {
    let dir = week();
    let mut wrong = Vec::new();
    for (name, by) in GROUPS {
        let json = LANGUAGES.map(|language| {
            for format in ["table", "csv"] {
                let written = written_file(dir.path(), language, format, by, "report");
                wrong.extend(compare(&format!("{name}-{language}.{format}"), &fs::read(written).unwrap()));
            }
            fs::read(written_file(dir.path(), language, "json", by, "report")).unwrap()
        });
        assert_eq!(json[0], json[1], "JSON is for programs, in whatever language people read");
        wrong.extend(compare(&format!("{name}.json"), &json[0]));
    }
    for language in LANGUAGES {
        let book = written_file(dir.path(), language, "xlsx", &[], "report.xlsx");
        wrong.extend(compare(&format!("book-{language}.txt"), &reader(&["dump"], &book)));
        let bytes = fs::read(&book).unwrap();
        let again = written_file(dir.path(), language, "xlsx", &[], "again.xlsx");
        assert!(bytes == fs::read(again).unwrap(), "the same report, the same bytes");
    }
    assert!(
        wrong.is_empty(),
        "{} reports differ; see tests/month/golden/*.actual, accept them with scripts/golden:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn other_programs_read_in_the_files_what_the_json_says() {
    let dir = week();
    let by = |name| vec!["--by", name];
    written_file(dir.path(), "fr", "json", &[], "lines.json");
    written_file(dir.path(), "fr", "json", &by("entry"), "entry.json");
    written_file(dir.path(), "fr", "json", &by("day"), "day.json");
    written_file(dir.path(), "fr", "csv", &[], "lines.csv");
    written_file(dir.path(), "fr", "csv", &by("entry"), "entry.csv");
    written_file(dir.path(), "fr", "xlsx", &[], "fr.xlsx");
    written_file(dir.path(), "en", "xlsx", &[], "en.xlsx");
    reader(&["check"], dir.path());
}

/// The console gives again what it has made, and must never give what was before.
#[test]
fn what_is_given_again_is_what_would_be_made_now() {
    let mut week = Week::new();
    let mut before = Vec::new();
    let mut check = |week: &Week, what: &str| {
        let report = &week.parts.report;
        let (days, none) =
            (Period { from: None, to: Some("2025-03-24".parse().unwrap()) }, Period::default());
        let mut now = Vec::new();
        for (language, period) in [(Language::Fr, none), (Language::En, none), (Language::En, days)] {
            let (wording, scope) = (Wording::new(language), Scope::of(period));
            let lines = report.response_times(&scope).unwrap();
            let made = file::csv(&wording, report.calendar().zone(), &lines);
            for _ in 0..2 {
                assert!(*report.csv(&scope, &wording).unwrap() == *made, "{what} {language}");
            }
            now.push(made);
            let (summed_up, _) = report.full(&scope, By::Kind).unwrap();
            let again = report.overview(&scope, By::Kind).unwrap();
            assert_eq!((&again.headline, &again.groups), (&summed_up.headline, &summed_up.groups), "{what}");
        }
        assert!(now != before, "{what} changes nothing");
        before = now;
    };
    let first = week.asks("2025-03-24T09:00:00", CEGEP, SURE[0]);
    check(&week, "a question");
    // Within the minute, and at once.
    week.decides("2025-03-24T09:00:10", first, Decision::Wait { reason: "le nom".to_owned() }, MARIE);
    check(&week, "a pause");
    week.at("2025-03-24T10:00:00");
    check(&week, "an hour of it");
    week.decides("2025-03-24T10:00:00", first, Decision::Resume, MARIE);
    week.letter("2025-03-24T10:00:20", "2025-03-24T10:00:30", first, MARIE);
    check(&week, "an answer");
    week.asks("2025-03-25T09:00:00", VILLE, SURE[1]);
    check(&week, "a question of the day after");
}

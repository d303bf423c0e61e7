//! Files read back by a reader of their own.

use super::*;
use crate::report::tests::{at, calendar, question, thread};
use crate::wording::Language;
use serde_json::json;

fn lines(organisation: &str) -> Vec<ResponseTime> {
    let mut thread = thread(vec![question(json!({
        "received": at("2025-03-25 10:06"), "drafted": at("2025-03-25 10:07"),
        "claimed": at("2025-03-25 15:00"), "approved": at("2025-03-25 16:16"),
        "answer": { "at": at("2025-03-25 16:17"), "channel": "inside" },
    }))]);
    thread.counterpart.name = organisation.to_owned();
    let calendar = calendar();
    let lines = ResponseTime::of_thread(&thread, &[], &calendar, &crate::config::Target::default());
    lines.into_iter().map(Result::unwrap).collect()
}

fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap().strip_prefix('\u{feff}').expect("no mark");
    let mut reader =
        ::csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn csv_opens_right_in_excel_of_quebec() {
    let wording = Wording::new(Language::Fr);
    let bytes = csv(&wording, calendar().zone(), &lines("Cégep; des « Rives »"));
    let text = std::str::from_utf8(&bytes).unwrap();
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let rows = rows(&bytes);
    let cell = |name: &str| {
        let place = rows[0].iter().position(|head| head == name).unwrap_or_else(|| panic!("{name}"));
        rows[1][place].as_str()
    };
    assert_eq!(cell("organisme"), "Cégep; des « Rives »");
    assert_eq!(cell("reçue"), "2025-03-25 10:06:00");
    assert_eq!(cell("délai (h ouvrables)"), "6,18");
    assert_eq!(cell("secondes ouvrables"), "22260");
    assert_eq!(cell("dans la cible"), "oui");
    assert_eq!(cell("attente d’une personne (h ouvrables)"), "4,88");
    assert!(rows[0].iter().all(|head| !head.starts_with("report-")), "{:?}", rows[0]);
}

#[test]
fn no_cell_of_a_stranger_is_a_formula() {
    for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "  =HYPERLINK(\"http://x.example\")", "＝1"] {
        let bytes = csv(&Wording::new(Language::Fr), calendar().zone(), &lines(cell));
        assert_eq!(rows(&bytes)[1][2], format!("'{cell}"));
    }
    let bytes = csv(&Wording::new(Language::Fr), calendar().zone(), &lines("a=b"));
    assert_eq!(rows(&bytes)[1][2], "a=b");
}

/// The parts of a workbook by their names, read by another program's eyes.
fn parts(bytes: Vec<u8>) -> std::collections::BTreeMap<String, String> {
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..book.len())
        .map(|place| {
            let mut file = book.by_index(place).unwrap();
            let name = file.name().unwrap().into_owned();
            let mut text = String::new();
            std::io::Read::read_to_string(&mut file, &mut text).unwrap();
            (name, text)
        })
        .collect()
}

/// What stands between `<name …>` and `</name>`, each time.
fn elements<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut found = Vec::new();
    for piece in xml.split(&open).skip(1).filter(|piece| piece.starts_with([' ', '>'])) {
        let Some((head, rest)) = piece.split_once('>') else { continue };
        if !head.ends_with('/') {
            found.push(rest.split_once(&close).unwrap().0);
        }
    }
    found
}

fn workbook(language: Language, organisation: &str) -> Vec<u8> {
    workbook_of(language, &lines(organisation))
}

fn workbook_of(language: Language, lines: &[ResponseTime]) -> Vec<u8> {
    let refs: Vec<&ResponseTime> = lines.iter().collect();
    let (scope, target) = (crate::report::Scope::default(), crate::config::Target::default());
    let now = at("2025-03-26 09:00");
    let overview = Overview::of(&scope, By::Entry, &refs, now, &calendar(), &target);
    xlsx(&Wording::new(language), calendar().zone(), &overview, lines, &std::env::temp_dir()).unwrap()
}

#[test]
fn a_workbook_holds_the_figures_their_charts_and_the_questions() {
    let parts = parts(workbook(Language::Fr, "=HYPERLINK(\"http://x.example\")"));
    let sheets = elements(&parts["xl/workbook.xml"], "sheets")[0];
    for name in ["Sommaire", "Évolution", "Répartition", "Étapes", "Tableau", "Questions"] {
        assert!(sheets.contains(&format!("name=\"{name}\"")), "{sheets}");
    }
    assert_eq!(parts.keys().filter(|name| name.starts_with("xl/charts/chart")).count(), 5);
    let texts = elements(&parts["xl/sharedStrings.xml"], "t");
    assert!(texts.contains(&"Délais de réponse"));
    // A stranger's name is a text, whatever it begins with.
    let questions = &parts["xl/worksheets/sheet6.xml"];
    assert!(elements(questions, "t").iter().any(|text| text.starts_with("=HYPERLINK")), "{questions}");
    assert!(parts.iter().all(|(name, xml)| !name.starts_with("xl/worksheets") || !xml.contains("<f>")));
    // The question: 22260 business seconds, 6.18 hours.
    let values = elements(questions, "v");
    assert!(values.contains(&"22260") && values.contains(&"6.18"), "{values:?}");
    // The stages' chart is drawn over the stages' rows.
    let chart = &parts["xl/charts/chart5.xml"];
    assert!(elements(chart, "c:f").contains(&"Étapes!$N$2:$N$5"), "{:?}", elements(chart, "c:f"));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for language in Language::ALL {
        assert_eq!(workbook(language, "Cégep"), workbook(language, "Cégep"));
    }
}

#[test]
fn a_text_that_no_cell_can_hold_is_cut_and_says_so() {
    let mut lines = lines("Cégep des Rives");
    let reasons = ["é".repeat(40_000), "😀".repeat(40_000), "x".repeat(32_767)];
    for (reason, kept) in reasons.into_iter().zip([32_766, 16_383, 32_767]) {
        let pause = crate::thread::Pause { from: at("2025-03-25 11:00"), to: None, reason: reason.clone() };
        lines[0].pauses = vec![pause];
        let parts = parts(workbook_of(Language::Fr, &lines));
        let texts = elements(&parts["xl/worksheets/sheet6.xml"], "t");
        let text = texts.iter().max_by_key(|text| text.len()).unwrap();
        assert_eq!(text.trim_end_matches('…').chars().count(), kept);
        assert_eq!(text.ends_with('…'), **text != reason);
        assert!(text.encode_utf16().count() <= 32_767);
    }
}

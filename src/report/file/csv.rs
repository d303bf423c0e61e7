//! CSV as Excel opens it with the settings of Québec.

use super::{Cell, Table};
use std::fmt::Write as _;

/// What tells Excel that the file is UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// A table as such a file, row by row: a year of questions is never there as cells all at once.
pub(super) fn bytes(table: Table<impl Iterator<Item = Vec<Cell>>>) -> Vec<u8> {
    let mut writer = writer();
    // Writing into memory does not fail.
    let _ = writer.write_record(table.head.into_iter().map(harmless));
    let mut shown = String::new();
    for row in table.rows {
        for cell in row {
            shown.clear();
            show(cell, &mut shown);
            let _ = writer.write_field(&shown);
        }
        let _ = writer.write_record(None::<&[u8]>);
    }
    writer.into_inner().unwrap_or_default()
}

/// Rows of text as such a file.
pub fn written(rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = writer();
    for row in rows {
        let _ = writer.write_record(row.into_iter().map(harmless));
    }
    writer.into_inner().unwrap_or_default()
}

fn writer() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(MARK.to_vec())
}

/// A cell that a spreadsheet would take for a formula comes from a stranger's name or subject; an apostrophe
/// before it makes it text. Those that begin so after spaces are treated alike.
fn harmless(cell: String) -> String {
    let first = cell.trim_start_matches(' ').chars().next();
    let formula =
        matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'));
    if formula { format!("'{cell}") } else { cell }
}

fn show(cell: Cell, to: &mut String) {
    let _ = match cell {
        Cell::Empty => Ok(()),
        Cell::Text(text) => to.write_str(&harmless(text)),
        Cell::Whole(number) => write!(to, "{number}"),
        Cell::Hours(seconds) => to.write_str(&hours(seconds)),
        Cell::Moment(at) => write!(
            to,
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            at.second()
        ),
        Cell::Share(share) => to.write_str(&format!("{share:.4}").replace('.', ",")),
    };
}

/// Seconds as hours, with two decimals after a comma, halves upwards.
pub(super) fn hours(seconds: u64) -> String {
    let hundredths = seconds.saturating_add(18) / 36;
    format!("{},{:02}", hundredths / 100, hundredths % 100)
}

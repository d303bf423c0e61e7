//! CSV as Excel opens it with the settings of Québec.

use super::{Cell, Table};

/// What tells Excel that the file is UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

pub(super) fn bytes(table: &Table) -> Vec<u8> {
    let rows = table.rows.iter().map(|row| row.iter().map(shown).collect());
    written(std::iter::once(table.head.clone()).chain(rows))
}

/// Rows of text as such a file.
pub fn written(rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(MARK.to_vec());
    for row in rows {
        // Writing into memory does not fail.
        let _ = writer.write_record(row.into_iter().map(harmless));
    }
    writer.into_inner().unwrap_or_default()
}

/// A cell that a spreadsheet would take for a formula comes from a stranger's name or subject; an apostrophe
/// before it makes it text. Those that begin so after spaces are treated alike.
fn harmless(cell: String) -> String {
    let first = cell.trim_start_matches(' ').chars().next();
    let formula =
        matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'));
    if formula { format!("'{cell}") } else { cell }
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Whole(number) => number.to_string(),
        Cell::Hours(seconds) => decimal(Cell::hours(*seconds)),
        Cell::Moment(moment) => moment.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Cell::Share(share) => format!("{share:.4}").replace('.', ","),
    }
}

/// Two decimals after a comma.
pub(super) fn decimal(number: f64) -> String {
    format!("{number:.2}").replace('.', ",")
}

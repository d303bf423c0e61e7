//! Comma-separated values, as spreadsheets read them.

/// Rows of cells, the head first, as one text. A cell that a spreadsheet would take for a formula is quoted
/// by an apostrophe: it may come from a stranger's name.
#[must_use]
pub fn csv(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        let row = row
            .into_iter()
            .map(|cell| if cell.starts_with(['=', '+', '-', '@', '\t']) { format!("'{cell}") } else { cell });
        // Writing into memory does not fail.
        let _ = writer.write_record(row);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_cell_is_a_formula() {
        let rows = vec![vec!["nom".to_owned()], vec!["=1+1".to_owned()], vec!["a,b".to_owned()]];
        assert_eq!(super::csv(rows), "nom\n'=1+1\n\"a,b\"");
    }
}

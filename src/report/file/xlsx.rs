//! A workbook: the overview, a sheet with a chart for each picture, the table, and the questions.

use super::{Cell, Table, column, group_name, groups, questions};
use crate::report::overview::Overview;
use crate::report::{LAST_BAND, ResponseTime};
use crate::wording::Wording;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{
    Chart, ChartType, ColNum, DocProperties, ExcelDateTime, Format, RowNum, Workbook, Worksheet, XlsxError,
};
use std::borrow::Cow;
use std::path::Path;

/// Column widths, in characters.
const WIDTH: f64 = 18.0;
/// Of a first column of names, which must not be cut off by the figure beside them.
const WIDTH_OF_NAMES: f64 = 38.0;
/// Columns that can still be read side by side on a page.
const COLUMNS_A_PAGE: usize = 10;
/// Of the text of a cell, in UTF-16 units: a longer one makes the whole workbook impossible.
const LONGEST: usize = 32_767;
/// Rows from the top of a chart to that of the next.
const CHART_ROWS: RowNum = 18;

pub(super) fn bytes(
    wording: &Wording,
    zone: &TimeZone,
    overview: &Overview,
    lines: &[ResponseTime],
    spool: &Path,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_tempdir(spool)?;
    let made = overview.as_of.to_zoned_datetime(zone.clone()).datetime();
    // The moment of the report, not that of the file: the same report gives the same bytes.
    book.set_properties(
        &DocProperties::new().set_title(wording.text("report-title")).set_creation_datetime(&excel(made)?),
    );
    let mut sheet = |name: &str, table: &Table, charts: Vec<Chart>| -> Result<(), XlsxError> {
        let sheet = book.add_worksheet();
        sheet.set_name(wording.text(&format!("report-sheet-{name}")))?;
        fill(sheet, &table.head, &table.rows)?;
        // Beneath the table: beside it, nobody would find them behind its many columns.
        let mut row = RowNum::try_from(table.rows.len()).map_err(|_| XlsxError::RowColumnLimitError)? + 2;
        for chart in &charts {
            sheet.insert_chart(row, 0, chart)?;
            row += CHART_ROWS;
        }
        Ok(())
    };
    sheet("summary", &about(wording, overview, made), Vec::new())?;
    let mut trend = groups(wording, overview.trend_by, &overview.trend);
    let drawn = add_drawn(wording, &mut trend, overview.trend.iter().map(|of| of.business_median))?;
    // Columns of the groups' table: 1 questions, 4 share.
    let name = wording.text("report-sheet-trend");
    let mut share = chart(ChartType::Line, &name, &trend, 4, wording.text("report-chart-share"))?;
    share.y_axis().set_max(1).set_num_format("0%");
    let charts = vec![
        chart(ChartType::Column, &name, &trend, 1, wording.text("report-chart-volume"))?,
        chart(ChartType::Line, &name, &trend, drawn, wording.text("report-chart-median"))?,
        share,
    ];
    sheet("trend", &trend, charts)?;
    let distribution = distribution(wording, overview);
    let name = wording.text("report-sheet-distribution");
    let title = wording.text("report-chart-distribution");
    sheet("distribution", &distribution, vec![chart(ChartType::Column, &name, &distribution, 1, title)?])?;
    let mut stages = stages(wording, overview);
    let drawn = add_drawn(wording, &mut stages, overview.stages.iter().map(|of| of.business.median))?;
    let name = wording.text("report-sheet-stages");
    let title = wording.text("report-chart-stages");
    sheet("stages", &stages, vec![chart(ChartType::Bar, &name, &stages, drawn, title)?])?;
    sheet("groups", &groups(wording, overview.by, &overview.groups), Vec::new())?;
    let by_person = lines.iter().any(|line| line.reviewer.is_some());
    let Table { head, rows } = questions(wording, zone, lines.iter(), by_person);
    // Each row goes to the disk as it is written: it may be by far the longest sheet.
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name(wording.text("report-sheet-questions"))?;
    fill(sheet, &head, rows)?;
    book.save_to_buffer()
}

/// The period, what is aimed at, and the figures of the whole, one a row.
fn about(wording: &Wording, overview: &Overview, made: DateTime) -> Table {
    let mut rows = Vec::new();
    let mut row = |name: String, cell: Cell| rows.push(vec![Cell::Text(name), cell]);
    let scope = &overview.scope;
    let day = |day: Option<jiff::civil::Date>| Cell::or_empty(day, |day| Cell::Text(day.to_string()));
    row(column(wording, "from"), day(scope.period.from));
    row(column(wording, "to"), day(scope.period.to));
    for (name, wanted) in [("entry", &scope.entry), ("organisation", &scope.organisation)] {
        if let Some(wanted) = wanted {
            row(column(wording, name), Cell::Text(wanted.clone()));
        }
    }
    if let Some(kind) = scope.kind {
        let kind = group_name(wording, crate::report::By::Kind, kind.as_str());
        row(column(wording, "kind"), Cell::Text(kind));
    }
    row(column(wording, "as-of"), Cell::Moment(made));
    row(column(wording, "target-days"), Cell::Whole(overview.target.business_days.into()));
    row(column(wording, "target-share"), Cell::Share(overview.target.share));
    if let Some(year) = overview.unconfirmed {
        let provisional = wording.with("report-provisional", &[("year", &year)]);
        row(column(wording, "confirmed"), Cell::Text(provisional));
    }
    let whole = groups(wording, overview.by, std::slice::from_ref(&overview.headline));
    let cells = whole.rows.into_iter().flatten();
    // The first column is the group's name, which the whole has not.
    whole.head.into_iter().zip(cells).skip(1).for_each(|(name, cell)| row(name, cell));
    Table { head: vec![wording.text("report-title"), String::new()], rows }
}

fn distribution(wording: &Wording, overview: &Overview) -> Table {
    let rows = overview.distribution.iter().map(|band| {
        let days = if band.business_days == LAST_BAND {
            wording.with("report-days-or-more", &[("days", &band.business_days)])
        } else {
            band.business_days.to_string()
        };
        vec![Cell::Text(days), Cell::Whole(band.count as u64)]
    });
    Table { head: vec![column(wording, "business-days"), column(wording, "count")], rows: rows.collect() }
}

fn stages(wording: &Wording, overview: &Overview) -> Table {
    let names = [
        "stage-name",
        "count",
        "business-median",
        "business-p75",
        "business-p90",
        "business-max",
        "business-values",
        "wall-median",
        "wall-p75",
        "wall-p90",
        "wall-max",
        "wall-values",
        "stage-share",
    ];
    let rows = overview.stages.iter().map(|of| {
        let name = wording.text(&format!("report-stage-{}", of.stage.key()));
        let mut row = vec![Cell::Text(name), Cell::Whole(of.business.n as u64)];
        row.extend(super::quantiles(&of.business));
        row.extend(super::quantiles(&of.wall));
        row.push(Cell::or_empty(of.share, Cell::Share));
        row
    });
    Table { rows: rows.collect(), head: super::columns(wording, &names) }
}

/// Row by row: a year of questions is never there as cells all at once.
fn fill(
    sheet: &mut Worksheet,
    head: &[String],
    rows: impl IntoIterator<Item = impl AsRef<[Cell]>>,
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_text_wrap();
    let hours = Format::new().set_num_format("0.00");
    let share = Format::new().set_num_format("0.0%");
    let moment = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    for (place, name) in head.iter().enumerate() {
        sheet.write_string_with_format(0, index(place)?, name, &bold)?;
        sheet.set_column_width(index(place)?, WIDTH)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    // On paper, too, every page has the headings.
    sheet.set_landscape();
    sheet.set_repeat_rows(0, 0)?;
    let pages =
        u16::try_from(head.len().div_ceil(COLUMNS_A_PAGE)).map_err(|_| XlsxError::RowColumnLimitError)?;
    sheet.set_print_fit_to_pages(pages, 0);
    for (line, row) in (1..).zip(rows) {
        if line == 1 && matches!(row.as_ref().first(), Some(Cell::Text(_))) {
            sheet.set_column_width(0, WIDTH_OF_NAMES)?;
        }
        for (place, cell) in row.as_ref().iter().enumerate() {
            let place = index(place)?;
            match cell {
                Cell::Empty => continue,
                // As a string, which is never a formula whatever it begins with.
                Cell::Text(text) => sheet.write_string(line, place, fitting(text))?,
                #[allow(clippy::cast_precision_loss)]
                Cell::Whole(number) => sheet.write_number(line, place, *number as f64)?,
                Cell::Hours(seconds) => {
                    sheet.write_number_with_format(line, place, Cell::hours(*seconds), &hours)?
                }
                Cell::Moment(at) => sheet.write_datetime_with_format(line, place, &excel(*at)?, &moment)?,
                Cell::Share(part) => sheet.write_number_with_format(line, place, *part, &share)?,
            };
        }
    }
    Ok(())
}

/// A text as a cell can hold it; `…` at its end says that there is more.
fn fitting(text: &str) -> Cow<'_, str> {
    if text.encode_utf16().count() <= LONGEST {
        return text.into();
    }
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units < LONGEST
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    cut.push('…');
    cut.into()
}

/// Adds the medians that a chart is drawn from, as hours, and gives their column: the table shows few values
/// themselves instead, and a chart of those days would be empty.
fn add_drawn(
    wording: &Wording,
    table: &mut Table,
    medians: impl Iterator<Item = Option<u64>>,
) -> Result<ColNum, XlsxError> {
    table.head.push(column(wording, "drawn"));
    for (row, median) in table.rows.iter_mut().zip(medians) {
        row.push(Cell::or_empty(median, Cell::Hours));
    }
    index(table.head.len() - 1)
}

/// A chart of one column of a table, over its first column.
fn chart(
    kind: ChartType,
    sheet: &str,
    table: &Table,
    place: ColNum,
    title: String,
) -> Result<Chart, XlsxError> {
    let last = RowNum::try_from(table.rows.len().max(1)).map_err(|_| XlsxError::RowColumnLimitError)?;
    let mut chart = Chart::new(kind);
    chart.title().set_name(&title);
    chart.set_alt_text(title);
    chart.legend().set_hidden();
    chart.y_axis().set_min(0);
    chart
        .add_series()
        .set_name((sheet, 0, place))
        .set_categories((sheet, 1, 0, last, 0))
        .set_values((sheet, 1, place, last, place));
    Ok(chart)
}

fn index(place: usize) -> Result<ColNum, XlsxError> {
    ColNum::try_from(place).map_err(|_| XlsxError::RowColumnLimitError)
}

fn excel(at: DateTime) -> Result<ExcelDateTime, XlsxError> {
    let whole = |number: i8| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(at.year()).unwrap_or_default();
    let second = f64::from(at.second());
    ExcelDateTime::from_ymd(year, whole(at.month()), whole(at.day()))?.and_hms(
        u16::from(whole(at.hour())),
        whole(at.minute()),
        second,
    )
}

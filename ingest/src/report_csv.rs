//! The batch report as CSV: what became of every row that is not plainly loaded, before its original cells, in a shape that can be corrected and delivered again.

use std::borrow::Cow;
use std::io::Write;

/// The columns before the original ones. The reader ignores them when a report comes back.
pub const OWN_COLUMNS: [&str; 5] = ["sheet", "line", "outcome", "codes", "message"];

const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// One row of the report.
#[derive(Debug, Clone, Copy)]
pub struct ReportLine<'a> {
    /// Name of the sheet; empty where the format has none.
    pub sheet: &'a str,
    /// Physical line of the file, from 1.
    pub line: u64,
    /// Code of the outcome.
    pub outcome: &'a str,
    /// Codes of the findings, separated by blanks.
    pub codes: &'a str,
    /// The findings in words.
    pub message: &'a str,
}

/// Writes a report in UTF-8 with a byte order mark, quoted after RFC 4180.
pub struct ReportWriter<W: Write> {
    rows: csv::Writer<W>,
}

impl<W: Write> std::fmt::Debug for ReportWriter<W> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ReportWriter").finish_non_exhaustive()
    }
}

/// The report could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the report cannot be written: check that the disk has room")]
pub struct ReportError(#[from] csv::Error);

impl<W: Write> ReportWriter<W> {
    /// Writes the header: the report's own columns and the original titles.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn new<'a>(mut writer: W, titles: impl IntoIterator<Item = &'a str>) -> Result<Self, ReportError> {
        writer.write_all(BYTE_ORDER_MARK.as_bytes()).map_err(csv::Error::from)?;
        let rows = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(writer);
        let mut report = Self { rows };
        report.write_cells(OWN_COLUMNS.into_iter(), titles)?;
        Ok(report)
    }

    /// Writes one row: the report's own cells and the original ones.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write<'a>(&mut self, line: &ReportLine<'_>, cells: impl IntoIterator<Item = &'a str>) -> Result<(), ReportError> {
        let number = line.line.to_string();
        self.write_cells([line.sheet, &number, line.outcome, line.codes, line.message].into_iter(), cells)
    }

    /// Writes what is still buffered and gives the writer back.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn finish(self) -> Result<W, ReportError> {
        self.rows.into_inner().map_err(|error| csv::Error::from(error.into_error()).into())
    }

    fn write_cells<'a, 'b>(
        &mut self,
        own: impl Iterator<Item = &'b str>,
        original: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), ReportError> {
        for cell in own {
            self.rows.write_field(neutralised(cell).as_bytes())?;
        }
        for cell in original {
            self.rows.write_field(neutralised(cell).as_bytes())?;
        }
        Ok(self.rows.write_record(None::<&[u8]>)?)
    }
}

/// A cell that no spreadsheet program takes for a formula: one that begins like a formula, behind apostrophes or not, gets an apostrophe in front.
#[must_use]
pub fn neutralised(cell: &str) -> Cow<'_, str> {
    if begins_like_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell as it was before [`neutralised`].
#[must_use]
pub fn freed(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if begins_like_formula(rest) => rest,
        Some(_) | None => cell,
    }
}

fn begins_like_formula(cell: &str) -> bool {
    let bare = cell.trim_start_matches('\'');
    bare.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::delimited::{Delimited, Delimiter, Limits};

    fn written(titles: &[&str], rows: &[&[&str]]) -> String {
        let mut report = ReportWriter::new(Vec::new(), titles.iter().copied()).unwrap();
        for cells in rows {
            let line = ReportLine { sheet: "", line: 7, outcome: "held", codes: "a b", message: "说,明" };
            report.write(&line, cells.iter().copied()).unwrap();
        }
        String::from_utf8(report.finish().unwrap()).unwrap()
    }

    #[test]
    fn a_report_has_a_mark_its_own_columns_and_the_original_ones() {
        assert_eq!(
            written(&["姓名", "=备注"], &[&["张\"三", "a\nb"], &["李四"]]),
            "\u{FEFF}sheet,line,outcome,codes,message,姓名,'=备注\r\n\
             ,7,held,a b,\"说,明\",\"张\"\"三\",\"a\nb\"\r\n,7,held,a b,\"说,明\",李四\r\n"
        );
    }

    #[test]
    fn cells_like_formulas_are_neutralised_and_freed_again() {
        let table = [
            ("=1+1", "'=1+1"),
            ("+86", "'+86"),
            ("-", "'-"),
            ("@a", "'@a"),
            ("\ta", "'\ta"),
            ("\ra", "'\ra"),
            ("＝a", "'＝a"),
            ("'=a", "''=a"),
            ("'610", "'610"),
            ("a=b", "a=b"),
            ("", ""),
        ];
        for (cell, expected) in table {
            assert_eq!(neutralised(cell), expected);
            assert_eq!(freed(expected), cell);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn what_is_written_reads_back(cells in proptest::collection::vec("['=+@,\"\r\n甲 -]{0,6}", 1..6)) {
            let refs: Vec<&str> = cells.iter().map(String::as_str).collect();
            let text = written(&refs, &[&refs]);
            let records: Vec<_> = Delimited::new(text.trim_start_matches('\u{FEFF}').as_bytes(), Delimiter::Comma, Limits::default())
                .map(Result::unwrap)
                .collect();
            prop_assert_eq!(records.len(), 2);
            for record in records {
                prop_assert_eq!(record.fields().skip(5).map(freed).collect::<Vec<_>>(), refs.clone());
            }
        }
    }
}

//! The titles above the rows of a delivery that stand in no row of it: keys and names of fields that the format keeps elsewhere, and columns that a profile
//! knows by their place. Reports and corrections take their titles from here; header rows are found among the rows themselves.

use std::sync::Arc;

use domain::finding::{Finding, FindingCode, Outcome};
use store::intake_titles::TitlesFrom;

use crate::header::ColumnMap;

/// Follows the titles while the rows go by.
#[derive(Debug, Default)]
pub(crate) struct TitlesInForce {
    last: Option<Arc<ColumnMap>>,
    found: Vec<TitlesFrom>,
}

/// A row as far as its titles are concerned.
pub(crate) struct RowBelow<'a> {
    pub(crate) row_no: i64,
    pub(crate) sheet: &'a str,
    pub(crate) outcome: Outcome,
    pub(crate) findings: &'a [Finding],
}

impl TitlesInForce {
    /// Looks at the next row and the columns in force for it.
    pub(crate) fn note(&mut self, row: &RowBelow<'_>, columns: Option<&Arc<ColumnMap>>) {
        let Some(columns) = columns.filter(|columns| !columns.titles().is_empty()) else { return };
        if self.last.as_ref().is_some_and(|last| Arc::ptr_eq(last, columns)) {
            return;
        }
        let is_header = row.findings.iter().any(|finding| finding.code == FindingCode::HeaderRow);
        // What stands above a header needs no titles, unless it is kept.
        if !is_header && row.outcome == Outcome::Dropped {
            return;
        }
        self.last = Some(Arc::clone(columns));
        if !is_header {
            let titles = columns.titles().iter().map(ToString::to_string).collect();
            self.found.push(TitlesFrom { from_row: row.row_no, sheet: row.sheet.to_owned(), titles });
        }
    }

    /// What was found since this was asked last.
    pub(crate) fn take(&mut self) -> Vec<TitlesFrom> {
        std::mem::take(&mut self.found)
    }
}

#[cfg(test)]
mod tests {
    use domain::kind::Kind;

    use super::*;
    use crate::delimited::Record;
    use crate::dictionary::Dictionary;

    fn columns(titles: &str) -> Arc<ColumnMap> {
        Arc::new(ColumnMap::recognise(&Record::of(1, titles.split(',')), Dictionary::of(Kind::SafetyPersonnel)).unwrap())
    }

    #[test]
    fn titles_that_stand_in_no_row_are_found_where_the_first_row_below_them_is_kept() {
        let (keys, header) = (columns("姓名,身份证号,证书编号"), columns("证书编号,姓名,身份证号"));
        let grown = columns("姓名,身份证号,证书编号,备注");
        let (title, above, head) =
            (Finding::new(FindingCode::TitleRow), Finding::new(FindingCode::AboveHeader), Finding::new(FindingCode::HeaderRow));
        let mut titles = TitlesInForce::default();
        let mut note = |row_no, sheet, findings: &[Finding], columns: &Arc<ColumnMap>| {
            titles.note(&RowBelow { row_no, sheet, outcome: Finding::worst(findings), findings }, Some(columns));
        };
        // JSON Lines, whose keys grow.
        note(1, "一", &[], &keys);
        note(2, "一", &[], &keys);
        note(3, "一", &[], &grown);
        // A table with a header row has its titles there, but for a row above it.
        note(4, "二", std::slice::from_ref(&title), &header);
        note(5, "二", std::slice::from_ref(&head), &header);
        note(6, "二", &[], &header);
        let other = columns("证书编号,姓名,身份证号");
        note(7, "三", std::slice::from_ref(&above), &other);
        note(8, "三", &[head], &other);
        note(9, "四", &[], &Arc::new(ColumnMap::none()));
        let found: Vec<_> = titles.take().into_iter().map(|found| (found.from_row, found.sheet, found.titles.len())).collect();
        assert_eq!(found, [(1, "一".to_owned(), 3), (3, "一".to_owned(), 4), (7, "三".to_owned(), 3)]);
        assert_eq!(titles.take(), []);
    }
}

//! A look at a delivery without importing it: how it is read, what its columns hold, and what its rows would be. Writes nothing; samples are masked, since
//! people look over shoulders.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use domain::finding::{Finding, FindingCode, Outcome};
use domain::kind::Kind;
use store::intake_rows::StagedFields;
use store::preview::{Beside, Fate};

use self::cross_rows::CrossRows;
use crate::certificate_file::{self, CertificateFile, OpenError, ReadError};
use crate::certificate_row::{Context, ReadRow};
use crate::column::Column;
use crate::delimited::Record;
use crate::header::ColumnMap;
use crate::import_job::STEP_BYTES;
use crate::staging;

mod cross_rows;
mod masked;
mod records;

pub use self::masked::masked;
pub use self::records::look_at_records;

/// Rows with their reason that are shown.
pub const FIRST_BAD: usize = 10;
/// Different values of a column that are shown.
const SAMPLES: usize = 3;

/// A register that is being looked at.
#[derive(Debug)]
pub struct DryRun {
    file: CertificateFile,
    rows: CrossRows,
    /// What was seen so far.
    pub summary: Summary,
}

/// What was seen of a register.
#[derive(Debug, Default)]
pub struct Summary {
    /// Format of the file.
    pub format: String,
    /// Encoding of its text.
    pub encoding: &'static str,
    /// The sheets in their order, each with its rows.
    pub sheets: Vec<(String, i64)>,
    /// The columns of the file under their titles, in the order in which they came.
    pub columns: Vec<ColumnSeen>,
    /// Required columns that no title means; empty, or the file could not be opened.
    pub missing: Vec<String>,
    /// Columns that the dictionary knows and the file lacks.
    pub absent: Vec<Column>,
    /// Data rows, by which the columns' fill rates are measured.
    pub data_rows: i64,
    /// Rows by outcome.
    pub totals: BTreeMap<Outcome, i64>,
    /// Findings by code.
    pub findings: BTreeMap<FindingCode, i64>,
    /// The first rows that would be held or rejected.
    pub first_bad: Vec<BadRow>,
    /// What the taken rows would do to the register.
    pub would: Would,
}

/// Certificates by what a delivery would do to them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Would {
    /// New ones.
    pub created: i64,
    /// Known ones that would change.
    pub updated: i64,
    /// Known ones that would stay as they are.
    pub unchanged: i64,
    /// Rows that would be held for what other rows or the register say.
    pub held: i64,
}

/// A column of the file.
#[derive(Debug)]
pub struct ColumnSeen {
    /// Its title.
    pub title: String,
    /// What it is read as; none for a column that is kept and not used.
    pub column: Option<Column>,
    /// Data rows in which it is not empty.
    pub filled: i64,
    /// Its first different values, masked.
    pub samples: Vec<String>,
    /// How many columns of the same title stand before it.
    nth: usize,
}

/// A row that would be held or rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Its sheet; empty where the format has none.
    pub sheet: String,
    /// Its line.
    pub line: u64,
    /// What would become of it.
    pub outcome: Outcome,
    /// Why.
    pub codes: Vec<FindingCode>,
    /// The titles that the reasons concern.
    pub columns: Vec<String>,
}

impl DryRun {
    /// Opens a register of `kind`.
    ///
    /// # Errors
    /// What an import would refuse the file for.
    pub fn open(path: &Path, kind: Kind, context: &Context) -> Result<Self, OpenError> {
        let file = certificate_file::open(path, kind, context.clone())?;
        let mut summary = Summary { format: format!("{:?}", file.format()), encoding: file.encoding().as_str(), ..Summary::default() };
        let header = Arc::clone(file.header());
        summary.see_titles(&header);
        let dictionary = context.dictionary(kind);
        summary.missing = header.missing(dictionary).into_iter().map(|column| dictionary.preferred_title(column).to_owned()).collect();
        let given = |column: Column| header.place(column).is_none() && dictionary.preferred_title(column) != column.as_str();
        summary.absent = Column::ALL.iter().copied().filter(|&column| column != Column::Report && given(column)).collect();
        Ok(Self { file, rows: CrossRows::default(), summary })
    }

    /// Reads up to `limit` rows on; gives those of which number, name and identity were read, for [`DryRun::beside`], and nothing after the last.
    ///
    /// # Errors
    /// When the file cannot be read on.
    pub fn read_on(&mut self, limit: usize) -> Result<Option<Vec<StagedFields>>, ReadError> {
        let (mut read, mut rows, mut bytes) = (Vec::new(), 0, 0);
        while rows < limit && bytes < STEP_BYTES {
            let Some(row) = self.file.next().transpose()? else {
                return Ok((rows > 0).then_some(read));
            };
            rows += 1;
            bytes += row.record.size_bytes();
            self.summary.add_certificate(&row);
            let Some(certificate) = row.row.as_deref().filter(|_| row.outcome <= Outcome::Held) else { continue };
            let fields = staging::fields(certificate);
            let sheet = u32::try_from(self.summary.sheets.len().saturating_sub(1)).unwrap_or(u32::MAX);
            self.rows.add(row.line(), sheet, row.outcome, &fields);
            read.push(fields);
        }
        Ok(Some(read))
    }

    /// Takes in what the register says about the rows that [`DryRun::read_on`] gave last.
    pub fn beside(&mut self, answers: &[Beside]) {
        let from = self.rows.rows.len() - answers.len().min(self.rows.rows.len());
        for (row, beside) in self.rows.rows[from..].iter_mut().zip(answers) {
            row.beside = *beside;
        }
    }

    /// Judges the rows by each other and by the register, as the import would.
    #[must_use]
    pub fn judged(mut self) -> Summary {
        let before: Vec<Outcome> = self.rows.rows.iter().map(|row| row.outcome).collect();
        self.rows.judge();
        for (row, before) in self.rows.rows.iter().zip(before) {
            self.summary.judge(row, before);
        }
        let sheet_place = |bad: &BadRow, sheets: &[(String, i64)]| sheets.iter().position(|(name, _)| *name == bad.sheet);
        let sheets = std::mem::take(&mut self.summary.sheets);
        self.summary.first_bad.sort_by_key(|bad| (sheet_place(bad, &sheets), bad.line));
        self.summary.first_bad.truncate(FIRST_BAD);
        self.summary.sheets = sheets;
        self.summary
    }
}

impl Summary {
    /// The rows that would be held or rejected.
    #[must_use]
    pub fn bad(&self) -> i64 {
        [Outcome::Held, Outcome::Rejected].iter().filter_map(|outcome| self.totals.get(outcome)).sum()
    }

    /// All rows.
    #[must_use]
    pub fn read(&self) -> i64 {
        self.totals.values().sum()
    }

    fn add_certificate(&mut self, row: &ReadRow) {
        self.add(&row.record, row.outcome, &row.findings, &row.columns);
    }

    fn add(&mut self, record: &Record, outcome: Outcome, findings: &[Finding], columns: &ColumnMap) {
        *self.totals.entry(outcome).or_default() += 1;
        let sheet = record.sheet();
        match self.sheets.last_mut() {
            Some((name, rows)) if name == sheet => *rows += 1,
            Some(_) | None => self.sheets.push((sheet.to_owned(), 1)),
        }
        let mut told = Vec::new();
        for finding in findings {
            if !told.contains(&finding.code) {
                told.push(finding.code);
                *self.findings.entry(finding.code).or_default() += 1;
            }
        }
        if outcome == Outcome::Dropped {
            return;
        }
        self.data_rows += 1;
        let titles = columns.titles();
        let mut before: HashMap<&str, usize> = HashMap::new();
        for (place, cell) in record.fields().enumerate() {
            let title = titles.get(place).map_or("", |title| &**title);
            let nth = before.entry(title).or_default();
            self.see(columns, place, (title, *nth), cell.trim());
            *nth += 1;
        }
        if matches!(outcome, Outcome::Held | Outcome::Rejected) && self.first_bad.len() < FIRST_BAD {
            let worst = findings.iter().filter(|finding| finding.outcome() >= Outcome::Held);
            let (codes, columns) = worst.map(|finding| (finding.code, finding.column.clone().unwrap_or_default())).unzip();
            self.first_bad.push(BadRow { sheet: sheet.to_owned(), line: record.line(), outcome, codes, columns });
        }
    }

    /// Counts a row as the other rows and the register make it.
    fn judge(&mut self, row: &cross_rows::Seen, before: Outcome) {
        let codes: Vec<FindingCode> = row.found.codes().collect();
        for code in &codes {
            *self.findings.entry(*code).or_default() += 1;
        }
        if row.outcome != before {
            *self.totals.entry(before).or_default() -= 1;
            *self.totals.entry(row.outcome).or_default() += 1;
        }
        if row.outcome == Outcome::Held && before != Outcome::Held {
            self.would.held += 1;
            if self.first_bad.len() < 2 * FIRST_BAD {
                let sheet =
                    usize::try_from(row.sheet).ok().and_then(|at| self.sheets.get(at)).map_or_else(String::new, |(name, _)| name.clone());
                let codes: Vec<FindingCode> = codes.into_iter().filter(|code| code.outcome() == Outcome::Held).collect();
                let columns = vec![String::new(); codes.len()];
                self.first_bad.push(BadRow { sheet, line: row.line, outcome: Outcome::Held, codes, columns });
            }
        }
        if row.outcome <= Outcome::Warned && !row.is_superseded {
            match row.beside.fate {
                Fate::Created => self.would.created += 1,
                Fate::Updated => self.would.updated += 1,
                Fate::Unchanged | Fate::Older => self.would.unchanged += 1,
            }
        }
    }

    /// The columns of the first header, which are told where no row stands below it, too.
    fn see_titles(&mut self, columns: &ColumnMap) {
        let mut before: HashMap<&str, usize> = HashMap::new();
        for (place, title) in columns.titles().iter().enumerate().take(columns.width()) {
            let nth = before.entry(title).or_default();
            self.see(columns, place, (title, *nth), "");
            *nth += 1;
        }
    }

    /// Counts a cell under its title and the number of columns of that title before it: a title may stand twice.
    fn see(&mut self, columns: &ColumnMap, place: usize, (title, nth): (&str, usize), cell: &str) {
        let is_it = |seen: &ColumnSeen| seen.nth == nth && seen.title == title;
        let known = self.columns.get(place).is_some_and(is_it);
        let at = if known { Some(place) } else { self.columns.iter().position(is_it) };
        let at = at.unwrap_or_else(|| {
            let column = Column::ALL.iter().copied().find(|&column| columns.place(column) == Some(place));
            self.columns.push(ColumnSeen { title: title.to_owned(), column, filled: 0, samples: Vec::new(), nth });
            self.columns.len() - 1
        });
        let seen = &mut self.columns[at];
        if cell.is_empty() {
            return;
        }
        seen.filled += 1;
        if seen.samples.len() < SAMPLES {
            // The second column of a title is not read, and may be a person's all the same.
            let again = columns.again().iter().find(|(_, other)| *other == place).map(|(column, _)| *column);
            let sample = masked(seen.column.or(again), &seen.title, cell);
            if !seen.samples.contains(&sample) {
                seen.samples.push(sample);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::settings::Settings;
    use time::macros::date;

    use super::*;

    #[test]
    fn a_title_that_stands_twice_is_two_columns_and_none_is_filled_more_than_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("登记.csv");
        let text = "姓名,身份证号,证书编号,发证日期,有效期至,有效期至\n\
            王小明,610103198001011233,陕建安B（2017）0000001,2026-05-18,2029-05-17,2029-05-17\n\
            李大海,610103198001021239,陕建安B（2017）0000002,2026-05-18,2029-05-17,2026-05-17\n";
        std::fs::write(&path, text).unwrap();
        let context = Context::new(date!(2026 - 10 - 31), Settings::default());
        let mut run = DryRun::open(&path, Kind::SafetyPersonnel, &context).unwrap();
        while run.read_on(10).unwrap().is_some() {}
        let ends: Vec<_> =
            run.summary.columns.iter().filter(|seen| seen.title == "有效期至").map(|seen| (seen.column, seen.filled)).collect();
        assert_eq!(ends, [(Some(Column::ValidUntil), 2), (None, 2)]);
        assert_eq!(run.summary.findings.get(&FindingCode::ColumnTwice), Some(&1));
    }

    #[test]
    fn a_register_is_summed_up_and_shows_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("登记.csv");
        let text = "安管人员\n姓名,身份证号,证书编号,发证日期,有效期至,手机号,内部号\n\
            张三,610103198001011233,陕建安B（2017）0000001,2026-05-18,2029-05-17,19900000001,a610103198001011233\n\
            张三,610103198001011233,陕建安B（2017）0000001,2026-05-18,2029-05-17,,\n\
            李四,?,陕建安B（2017）0000002,2026-05-18,2029-05-17,,\n\
            欧阳五,610103198101011230,陕建安B（2017）0000003,2026-05-18,2029-05-17,１９９００００００02,６１0103198001011233\n\
            欧阳六,610103198201011238,陕建安B（2017）0000003,2026-05-18,2029-05-17,,\n";
        std::fs::write(&path, text).unwrap();
        let context = Context::new(date!(2026 - 10 - 31), Settings::default());
        let mut run = DryRun::open(&path, Kind::SafetyPersonnel, &context).unwrap();
        let mut read = 0;
        while let Some(rows) = run.read_on(2).unwrap() {
            read += rows.len();
        }
        let summary = run.judged();
        assert_eq!((read, summary.would.created, summary.data_rows, summary.read()), (4, 1, 5, 7));
        assert_eq!(summary.findings.get(&FindingCode::DuplicateRow), Some(&1));
        // The row without an ID number, and two people under one number.
        let bad: Vec<(u64, FindingCode)> = summary.first_bad.iter().map(|bad| (bad.line, bad.codes[0])).collect();
        let two = FindingCode::NumberOfTwoPeople;
        assert_eq!(bad, [(5, FindingCode::IdentityUnrecognised), (6, two), (7, two)]);
        assert_eq!((summary.bad(), summary.would.held), (3, 2));
        let seen = |title: &str| summary.columns.iter().find(|seen| seen.title == title).unwrap();
        assert_eq!((seen("手机号").filled, seen("内部号").column, seen("姓名").column), (2, None, Some(Column::Name)));
        let all: String = summary.columns.iter().flat_map(|seen| seen.samples.clone()).collect();
        for personal in ["610103198001011233", "19900000001", "１９９００００００02", "６１0103198001011233", "张三", "李四", "欧阳五"]
        {
            assert!(text.contains(personal) && !all.contains(personal), "{personal} in {all}");
        }
        assert!(!seen("姓名").samples.is_empty() && !seen("内部号").samples.is_empty());
        assert!(summary.absent.contains(&Column::Employer) && summary.missing.is_empty());
    }
}

//! A staged row read once more, with cells that a person set. What was delivered stays as it was; the corrections are findings of their own.

use std::collections::HashSet;
use std::sync::Arc;

use domain::finding::{Finding, FindingCode};
use domain::kind::Kind;
use store::intake_rows::StagedFields;

use crate::certificate_row::{self, Context};
use crate::column::Column;
use crate::delimited::Record;
use crate::dictionary::{Dictionary, title_key};
use crate::header::ColumnMap;
use crate::staging;

mod judgement;

pub use judgement::{cannot_be_true, is_unread, name_may_be_decided};

/// What cannot be corrected so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CorrectionError {
    /// The header above the row is not known.
    #[error("the titles above the row are not known; correct it in the batch report and deliver that")]
    NoHeader,
    /// Neither a title of the file nor the code of a column.
    #[error("{name:?} is neither a title of the file nor a column's code; the file has {titles}")]
    UnknownColumn {
        /// What was named.
        name: String,
        /// The titles that there are.
        titles: String,
    },
    /// The same column, under one name or two.
    #[error("the column {title:?} is set twice; say once what stands there")]
    SetTwice {
        /// The title.
        title: String,
    },
    /// What was set is nothing that the column can hold.
    #[error("{title:?} cannot be set to {text:?}: {} / {}; nothing was decided, give it another value", .code.zh(), .code.en())]
    Unread {
        /// The title.
        title: String,
        /// What was set.
        text: String,
        /// Why it cannot be read.
        code: FindingCode,
    },
    /// The file has no such column, so the cell would stand nowhere.
    #[error("the file has no column {name:?}; it has {titles}")]
    NotInFile {
        /// What was named.
        name: String,
        /// The titles that there are.
        titles: String,
    },
}

/// A row as it reads with the corrections.
#[derive(Debug, Clone)]
pub struct Corrected {
    /// Everything found, the corrections first.
    pub findings: Vec<Finding>,
    /// What may go into the register; none where number, name or identity cannot be taken.
    pub fields: Option<StagedFields>,
    /// Code of the column, or its title, and the text that was set.
    pub changes: Vec<(String, String)>,
}

/// Reads the cells below the titles once more, with some of them set: each by a title of the file or by the code of a column.
/// A name that was held because it looks like none is a person's to decide: whoever sets it, or accepts the row (`accepts`), has.
///
/// # Errors
/// When a column is not known or set twice, a text cannot be read as its column, or the header is not known.
pub fn read_again(
    kind: Kind,
    titles: &[String],
    cells: &[String],
    set: &[(String, String)],
    accepts: bool,
    line: u64,
    context: &Context,
) -> Result<Corrected, CorrectionError> {
    let dictionary = context.dictionary(kind);
    let header = Record::of(1, titles.iter().map(String::as_str));
    let columns = ColumnMap::recognise(&header, dictionary).ok_or(CorrectionError::NoHeader)?;
    let mut corrected: Vec<String> = cells.to_vec();
    // A row that was too short or too long is as wide as its header once a person has looked at it and said what stands in its cells.
    if !set.is_empty() {
        corrected.resize(corrected.len().clamp(columns.width(), columns.width().max(titles.len())), String::new());
    }
    let (mut findings, mut changes, mut places) = (Vec::new(), Vec::new(), HashSet::new());
    for (name, text) in set {
        let place = place_of(name, titles, &columns, dictionary)?;
        if !places.insert(place) {
            let title = titles.get(place).map_or(name.as_str(), |title| title.trim());
            return Err(CorrectionError::SetTwice { title: title.to_owned() });
        }
        if corrected.len() <= place {
            corrected.resize(place + 1, String::new());
        }
        let before = std::mem::replace(&mut corrected[place], text.clone());
        let title = titles.get(place).map_or(name.as_str(), |title| title.trim());
        findings.push(Finding::repair(FindingCode::RowCorrected, before, text.as_str()).in_column(title));
        changes.push((title.to_owned(), text.clone()));
    }
    let sets_name = columns.place(Column::Name).is_some_and(|place| places.contains(&place));
    let context = Context { takes_decided_names: accepts || sets_name, ..context.clone() };
    let row = certificate_row::read(kind, &Arc::new(columns), Record::of(line, corrected.iter().map(String::as_str)), &context);
    for (title, text) in &changes {
        let about = |finding: &&Finding| finding.column.as_deref().map(str::trim) == Some(title) && is_unread(finding.code);
        if let Some(finding) = row.findings.iter().find(about) {
            return Err(CorrectionError::Unread { title: title.clone(), text: text.clone(), code: finding.code });
        }
    }
    findings.extend(row.findings);
    Ok(Corrected { findings, fields: row.row.as_deref().map(staging::fields), changes })
}

fn place_of(name: &str, titles: &[String], columns: &ColumnMap, dictionary: &Dictionary) -> Result<usize, CorrectionError> {
    let there = || titles.iter().map(|title| title.trim()).filter(|title| !title.is_empty()).collect::<Vec<_>>().join(", ");
    if let Some(place) = titles.iter().position(|title| title_key(title) == title_key(name)) {
        return Ok(place);
    }
    let column = name.parse::<Column>().ok().or_else(|| dictionary.meaning(name).map(|meaning| meaning.column));
    let column = column.ok_or_else(|| CorrectionError::UnknownColumn { name: name.to_owned(), titles: there() })?;
    columns.place(column).ok_or_else(|| CorrectionError::NotInFile { name: name.to_owned(), titles: there() })
}

#[cfg(test)]
mod tests {
    use domain::settings::Settings;
    use time::macros::date;

    use super::*;

    fn texts(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    fn again(set: &[(&str, &str)]) -> Result<Corrected, CorrectionError> {
        let titles = texts("姓名,身份证号,证书编号,发证日期,有效期至");
        let cells = texts("张三,610103198001011233,陕建安B（2017）0000001,2026-05-18,");
        let set: Vec<(String, String)> = set.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        read_again(Kind::SafetyPersonnel, &titles, &cells, &set, false, 2, &Context::new(date!(2026 - 10 - 31), Settings::default()))
    }

    #[test]
    fn a_text_that_cannot_be_read_as_its_column_is_refused_and_a_column_is_set_once() {
        for (name, text) in [("发证日期", "2024-13-45"), ("有效期至", "2029-02-30"), ("发证日期", "不详"), ("有效期至", "长期")]
        {
            let error = again(&[(name, text)]).unwrap_err().to_string();
            assert!(error.starts_with(&format!("\"{name}\" cannot be set to \"{text}\": ")), "{error}");
        }
        let twice = again(&[("有效期至", "2029-05-17"), ("valid-until", "2029-05-18")]).unwrap_err().to_string();
        assert_eq!(twice, "the column \"有效期至\" is set twice; say once what stands there");
    }

    #[test]
    fn a_name_that_looks_like_none_is_taken_at_a_persons_word_with_its_finding() {
        for (name, code) in [("WANG XIAOMING", FindingCode::NameLatin), ("买买提艾力江", FindingCode::NameDotMissing)] {
            let row = again(&[("姓名", name), ("有效期至", "2029-05-17")]).unwrap();
            assert_eq!(row.fields.unwrap().name, name);
            assert!(row.findings.iter().any(|finding| finding.code == code), "{:?}", row.findings);
        }
        for name in ["王□明", "锟斤拷", ""] {
            assert!(again(&[("姓名", name), ("有效期至", "2029-05-17")]).is_err(), "{name}");
        }
    }

    #[test]
    fn a_cell_is_set_by_its_title_by_another_title_or_by_its_code() {
        for name in ["有效期至", "有效期截止日期", "valid-until"] {
            let row = again(&[(name, "2029-05-17")]).unwrap();
            let codes: Vec<_> = row.findings.iter().map(|finding| finding.code).collect();
            assert_eq!(codes, [FindingCode::RowCorrected], "{name}");
            assert_eq!(row.fields.unwrap().valid_until, Some(date!(2029 - 05 - 17)));
            assert_eq!(row.changes, [("有效期至".to_owned(), "2029-05-17".to_owned())]);
        }
        assert!(again(&[]).unwrap().findings.iter().any(|finding| finding.code == FindingCode::EndMissing));
    }

    #[test]
    fn a_row_with_more_cells_than_titles_is_cured_by_saying_what_stands_in_it() {
        let titles = texts("姓名,身份证号,证书编号,发证日期,有效期至");
        let cells = texts("张三,,610103198001011233,陕建安B（2017）0000001,2026-05-18,2029-05-17");
        let set = [
            ("身份证号", "610103198001011233"),
            ("证书编号", "陕建安B（2017）0000001"),
            ("发证日期", "2026-05-18"),
            ("有效期至", "2029-05-17"),
        ];
        let set: Vec<(String, String)> = set.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let context = Context::new(date!(2026 - 10 - 31), Settings::default());
        let read = |set: &[(String, String)]| read_again(Kind::SafetyPersonnel, &titles, &cells, set, false, 2, &context).unwrap();
        let is_too_long = |row: &Corrected| row.findings.iter().any(|finding| finding.code == FindingCode::TooManyFields);
        assert!(is_too_long(&read(&[])));
        let cured = read(&set);
        assert!(
            !is_too_long(&cured) && cured.findings.iter().all(|finding| finding.code == FindingCode::RowCorrected),
            "{:?}",
            cured.findings
        );
        assert_eq!(cured.fields.unwrap().valid_until, Some(date!(2029 - 05 - 17)));
    }

    #[test]
    fn what_is_no_column_of_the_file_is_told_with_those_that_are() {
        let told = |name| again(&[(name, "x")]).unwrap_err().to_string();
        assert_eq!(
            told("鞋码"),
            "\"鞋码\" is neither a title of the file nor a column's code; the file has 姓名, 身份证号, 证书编号, 发证日期, 有效期至"
        );
        assert!(told("phone").starts_with("the file has no column \"phone\""), "{}", told("phone"));
    }
}

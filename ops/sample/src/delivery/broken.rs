//! A table that broke off while it was copied: what is there of its last record, and how many never came.

use domain::finding::FindingCode;
use domain::kind::Kind;

use super::draft::Draft;
use super::expectation::{Counting, of_sheets};
use super::format::dbase;
use super::register::{self, Dress, Source};
use super::sheet::{Cell, Expected, Line};
use super::{FIELDS, Files};

/// Records that the table announces, and those of them that are whole.
const ANNOUNCED: usize = 60;
const WHOLE: usize = 40;

/// Bytes that are there of the record behind the last whole one.
const REST: usize = 100;

const HELD: &[&str] = &["held"];

/// A dBASE table that ends within a record.
pub(super) fn table(source: &mut Source, files: &mut Files<'_>) -> anyhow::Result<()> {
    let kind = Kind::Constructor;
    let mut drafts = source.sound(kind, ANNOUNCED);
    drafts.iter_mut().for_each(Draft::flatten);
    let mut sheet = register::sheet("", kind, drafts, Dress::Plain);
    let mut bytes = dbase(&sheet, FIELDS, 0x7A)?;
    let record_bytes = 1 + FIELDS.iter().map(|field| usize::from(field.width)).sum::<usize>();
    let records_at = bytes.len() - 1 - ANNOUNCED * record_bytes;
    bytes.truncate(records_at + WHOLE * record_bytes + REST);
    // Behind the titles.
    sheet.lines.truncate(1 + WHOLE);
    let told = |code, why| Line::new(vec![Cell::empty()], String::new(), Expected::row(HELD, &[code], why, Some(38)));
    sheet.lines.push(told(FindingCode::RecordTruncated, "record in which the table breaks off"));
    sheet.lines.push(told(FindingCode::RecordsMissing, "records that the table announces and lacks, counted in one row"));
    let expected = of_sheets(std::slice::from_ref(&sheet), Counting::Records);
    files.register("二级建造师_中断.dbf", kind, &bytes, &expected)
}

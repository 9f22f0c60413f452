//! Deliveries of other years in every format that old systems write, full of planted faults, each with what must become of its rows
//! beside it as `NAME.expect.json`.
//!
//! They are about people and numbers of their own, so that a province and its deliveries may go into one database.

mod broken;
mod business;
mod draft;
mod expectation;
mod format;
mod from_1904;
mod plant;
mod register;
mod sheet;
#[cfg(test)]
mod tests;
mod two_rows;

use std::path::Path;

use anyhow::{Context, ensure};
use domain::kind::Kind;
use serde_json::Value;

use crate::Plan;
use crate::province::DeliveredFile;
use business::Subjects;
use draft::Draft;
use expectation::{Counting, Heading};
use format::{Field, Stored, Text};
use plant::{CERTIFICATE, HOLDER, PERIOD, PRIVATE_USE, Plant, WITHOUT_BASE, WORKBOOK};
use register::{Dress, Source};
use sheet::{Expected, Line, Sheet};

/// Faults of files in Chinese encodings, of those in Unicode, and of workbooks.
const OLD: &[&[Plant]] = &[HOLDER, CERTIFICATE, PERIOD, WITHOUT_BASE];
const UNICODE: &[&[Plant]] = &[HOLDER, PRIVATE_USE, CERTIFICATE, PERIOD, WITHOUT_BASE];
const TYPED: &[&[Plant]] = &[HOLDER, PRIVATE_USE, CERTIFICATE, PERIOD, WORKBOOK];

/// The register that applications, decisions, violations and business under way are about.
const SUBJECT: &str = "安管人员_导出.csv";

/// Writes the deliveries into the folder `out`, which is created where it is missing; gives them in the order of delivery.
///
/// The number of rows follows `plan.rows`; a register has at least 400, so that every fault finds a place among sound rows.
///
/// # Errors
///
/// When the plan has an impossible day, or a file cannot be written.
pub fn deliveries(plan: &Plan, out: &Path) -> anyhow::Result<Vec<DeliveredFile>> {
    ensure!((2000..=2199).contains(&plan.as_of.year()), "{} lies outside the years 2000 to 2199", plan.as_of);
    std::fs::create_dir_all(out).with_context(|| format!("create the folder {}", out.display()))?;
    let rows = (plan.rows / 10).clamp(400, 1500);
    let mut files = Files { out, written: Vec::new() };
    let mut source = Source::new(plan.seed, plan.as_of, plan.rows);
    let subjects = safety(&mut source, rows, &mut files)?;
    constructors(&mut source, rows, &mut files)?;
    web_tables(&mut source, rows, &mut files)?;
    other_formats(&mut source, rows, &mut files)?;
    broken::table(&mut source, &mut files)?;
    from_1904::workbook(&mut source, &mut files)?;
    two_rows::registers(&mut source, &mut files)?;
    business(subjects, &mut files)?;
    Ok(files.written)
}

/// The files that are written.
struct Files<'a> {
    out: &'a Path,
    written: Vec<DeliveredFile>,
}

impl Files<'_> {
    fn register(&mut self, name: &str, kind: Kind, bytes: &[u8], rows: &[Value]) -> anyhow::Result<()> {
        self.put(name, bytes, &Heading { shape: "certificates", kind: Some(kind.as_str()), requires: &[] }, Some(kind), rows)
    }

    fn put(&mut self, name: &str, bytes: &[u8], heading: &Heading<'_>, kind: Option<Kind>, rows: &[Value]) -> anyhow::Result<()> {
        let path = self.out.join(name);
        std::fs::write(&path, bytes).with_context(|| format!("write {}", path.display()))?;
        expectation::write(&path, heading, rows)?;
        let count = rows.iter().filter(|row| row["outcome"] != "dropped").count();
        let shape = match heading.shape {
            "decisions" => "decisions",
            "applications" => "applications",
            "violations" => "violations",
            "pending" => "pending",
            _ => "certificates",
        };
        self.written.push(DeliveredFile { path, kind, shape, rows: count });
        Ok(())
    }
}

fn safety(source: &mut Source, rows: usize, files: &mut Files<'_>) -> anyhow::Result<Subjects> {
    let kind = Kind::SafetyPersonnel;
    let drafts = source.drafts(kind, rows, OLD);
    let subjects = Subjects::new(&drafts, source.as_of);
    let sheet = register::sheet("", kind, drafts, Dress::Paged);
    let expected = expectation::of_sheets(std::slice::from_ref(&sheet), Counting::Lines);
    files.register(SUBJECT, kind, &format::delimited(&sheet, Text::Gb18030Comma)?, &expected)?;

    let sheet = register::sheet("", kind, source.drafts(kind, rows, UNICODE), Dress::Framed);
    let expected = expectation::of_sheets(std::slice::from_ref(&sheet), Counting::Lines);
    files.register("安管人员_补充.txt", kind, &format::delimited(&sheet, Text::Utf16Tab)?, &expected)?;

    let sheets = ledger(source.drafts(kind, rows, TYPED), source.sound(kind, 40));
    let expected = expectation::of_sheets(&sheets, Counting::Rows);
    files.register("安管人员台账.xlsx", kind, &format::workbook(&sheets)?, &expected)?;
    Ok(subjects)
}

/// A ledger in sheets by category, with the export of an earlier year in a hidden sheet.
fn ledger(drafts: Vec<Draft>, earlier: Vec<Draft>) -> Vec<Sheet> {
    let kind = Kind::SafetyPersonnel;
    let (leaders, others): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(|draft| draft.row.trade_code() == "B");
    let (principals, staff): (Vec<Draft>, Vec<Draft>) = others.into_iter().partition(|draft| draft.row.trade_code() == "A");
    let mut shown = register::sheet("B类", kind, leaders, Dress::Paged);
    register::merge_employer(&mut shown);
    let mut hidden = register::sheet("往年导出", kind, earlier, Dress::Plain);
    register::hide(&mut hidden);
    vec![shown, register::sheet("A类", kind, principals, Dress::Framed), register::sheet("C类", kind, staff, Dress::Framed), hidden]
}

/// Fields of odd widths, so that a text that is too long ends in half a character.
const FIELDS: &[Field] = &[
    Field { name: "姓名", width: 31 },
    Field { name: "性别", width: 4 },
    Field { name: "出生日期", width: 10 },
    Field { name: "身份证号", width: 40 },
    Field { name: "聘用企业", width: 61 },
    Field { name: "信用代码", width: 18 },
    Field { name: "注册专业", width: 30 },
    Field { name: "注册编号", width: 30 },
    Field { name: "初领日期", width: 20 },
    Field { name: "发证日期", width: 20 },
    Field { name: "有效期至", width: 20 },
    Field { name: "证书状态", width: 10 },
    Field { name: "手机号", width: 30 },
    Field { name: "备注", width: 40 },
    Field { name: "发证机关", width: 30 },
];

/// The same fields as an older program called them.
const OLD_NAMES: [&str; 15] =
    ["XM", "XB", "CSRQ", "SFZH", "DWMC", "ZZJGDM", "ZY", "ZSBH", "CCLZRQ", "FZRQ", "YXQ", "ZT", "SJH", "BZ", "FZJG"];

fn constructors(source: &mut Source, rows: usize, files: &mut Files<'_>) -> anyhow::Result<()> {
    let kind = Kind::Constructor;
    let old_fields: Vec<Field> = FIELDS.iter().zip(OLD_NAMES).map(|(field, name)| Field { name, ..*field }).collect();
    for (name, fields, code_page) in [("二级建造师.dbf", FIELDS, 0x7A), ("二级建造师_旧.dbf", old_fields.as_slice(), 0x00)] {
        let mut drafts = source.drafts(kind, rows, &[HOLDER, CERTIFICATE, PERIOD, WITHOUT_BASE, plant::CUT]);
        // Fields hold one line.
        drafts.iter_mut().for_each(Draft::flatten);
        let mut sheet = register::sheet("", kind, drafts, Dress::Plain);
        let deleted = source.sound(kind, 5).into_iter().map(|draft| Line {
            is_deleted: true,
            expected: Expected::any(&["dropped"], "record marked as deleted", None),
            ..draft.into_line()
        });
        sheet.lines.extend(deleted);
        let expected = expectation::of_sheets(std::slice::from_ref(&sheet), Counting::Records);
        files.register(name, kind, &format::dbase(&sheet, fields, code_page)?, &expected)?;
    }
    Ok(())
}

fn web_tables(source: &mut Source, rows: usize, files: &mut Files<'_>) -> anyhow::Result<()> {
    for (name, kind, is_gbk, plants) in [
        ("特种作业_网页导出.xls", Kind::SpecialOperation, true, OLD),
        ("结构工程师_网页导出.xls", Kind::StructuralEngineer, false, UNICODE),
    ] {
        let mut drafts = source.drafts(kind, rows, plants);
        drafts.iter_mut().for_each(Draft::flatten);
        let sheet = register::sheet("", kind, drafts, Dress::Framed);
        let expected = expectation::of_sheets(std::slice::from_ref(&sheet), Counting::Rows);
        files.register(name, kind, &format::html(&sheet, is_gbk), &expected)?;
    }
    Ok(())
}

fn other_formats(source: &mut Source, rows: usize, files: &mut Files<'_>) -> anyhow::Result<()> {
    let kind = Kind::Architect;
    let mut sheet = register::sheet("二级注册建筑师", kind, source.drafts(kind, rows, TYPED), Dress::Framed);
    register::merge_employer(&mut sheet);
    let expected = expectation::of_sheets(std::slice::from_ref(&sheet), Counting::Rows);
    files.register("二级建筑师.ods", kind, &format::open_document(std::slice::from_ref(&sheet))?, &expected)?;

    let kind = Kind::SpecialOperation;
    let sheet = register::sheet("", kind, source.drafts(kind, rows, UNICODE), Dress::Plain);
    let expected = expectation::of_sheets(std::slice::from_ref(&sheet), Counting::Lines);
    files.register("特种作业_补录.csv", kind, &format::delimited(&sheet, Text::Utf8MarkComma)?, &expected)?;

    let kind = Kind::PostTraining;
    let lines = register::sheet("", kind, source.drafts(kind, rows, UNICODE), Dress::Plain);
    let expected = expectation::of_sheets(std::slice::from_ref(&lines), Counting::Records);
    files.register("岗位培训.jsonl", kind, &format::json_lines(&lines), &expected)?;

    let first = register::sheet("2016年.csv", kind, source.sound(kind, 60), Dress::Framed);
    let second = register::sheet("2017年.jsonl", kind, source.sound(kind, 60), Dress::Plain);
    let mut expected = expectation::of_sheets(std::slice::from_ref(&first), Counting::Lines);
    expected.extend(expectation::of_sheets(std::slice::from_ref(&second), Counting::Records));
    let archive = format::zip_archive(&[
        Stored { name: "2016年.csv", bytes: &format::delimited(&first, Text::Gb18030Comma)?, is_plain: false },
        Stored { name: "2017年.jsonl", bytes: &format::json_lines(&second), is_plain: false },
    ])?;
    files.register("岗位培训_历年.zip", kind, &archive, &expected)
}

fn business(mut subjects: Subjects, files: &mut Files<'_>) -> anyhow::Result<()> {
    let requires = [SUBJECT.to_owned()];
    for (name, shape, sheet) in [
        ("决定.csv", "decisions", business::decisions(&mut subjects)),
        ("违规名单.csv", "violations", business::violations(&mut subjects)),
        ("在办业务.csv", "pending", business::pending(&mut subjects)),
        ("申请.csv", "applications", business::applications(&mut subjects)),
    ] {
        let expected = expectation::of_sheets(std::slice::from_ref(&sheet), Counting::Lines);
        let bytes = format::delimited(&sheet, Text::Utf8MarkComma)?;
        files.put(name, &bytes, &Heading { shape, kind: None, requires: &requires }, None, &expected)?;
    }
    Ok(())
}

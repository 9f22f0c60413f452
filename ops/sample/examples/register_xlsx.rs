//! Writes a register for measurements as a workbook with shared texts, as programs save it:
//! `cargo run --release -p sample --example register_xlsx -- ROWS FILE`.

use anyhow::Context;
use rust_xlsxwriter::Workbook;
use time::macros::date;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [rows, path] = arguments.as_slice() else { anyhow::bail!("usage: register_xlsx ROWS FILE") };
    let rows: u32 = rows.parse().context("the number of rows is a number")?;
    let mut text = Vec::new();
    sample::register_csv(u64::from(rows), 1, date!(2026 - 10 - 31), &mut text)?;
    let mut records = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_slice());
    let mut book = Workbook::new();
    let page = book.add_worksheet().set_name("安管人员")?;
    for (row, record) in (0_u32..).zip(records.records()) {
        for (column, cell) in (0_u16..).zip(record?.iter()).filter(|(_, cell)| !cell.is_empty()) {
            page.write_string(row, column, cell)?;
        }
    }
    book.save(path).with_context(|| format!("write {path}"))
}

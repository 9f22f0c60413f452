//! Writes a register for measurements to a file and says how fast: `cargo run --release -p sample --example register_csv -- ROWS FILE`.

use std::fs::File;
use std::time::Instant;

use anyhow::Context;
use time::macros::date;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [rows, path] = arguments.as_slice() else { anyhow::bail!("usage: register_csv ROWS FILE") };
    let rows: u32 = rows.parse().context("the number of rows is a number")?;
    let mut file = File::create(path).with_context(|| format!("create {path}"))?;
    let started = Instant::now();
    sample::register_csv(u64::from(rows), 1, date!(2026 - 10 - 31), &mut file)?;
    let seconds = started.elapsed().as_secs_f64();
    println!("{rows} rows in {seconds:.2} s: {:.0} rows/s", f64::from(rows) / seconds);
    Ok(())
}

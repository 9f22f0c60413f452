//! Draws a contact sheet of twelve portraits: `cargo run -p sample --example contact_sheet -- SHEET.png [SEED]`.

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().context("usage: contact_sheet SHEET.png [SEED]")?;
    let seed = arguments.next().map_or(Ok(1), |seed| seed.parse()).context("the seed is a number")?;
    sample::contact_sheet::contact_sheet(6, 2, seed)?.save(&path).with_context(|| format!("write {path}"))
}

//! Writes portraits into a folder, good ones and one of each fault: `cargo run -p sample --example portraits -- DIR [SEED]`.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use sample::portraits::{self, Fault};

/// So many good ones.
const GOOD: usize = 24;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().context("usage: portraits DIR [SEED]")?);
    let seed = arguments.next().map_or(Ok(1), |seed| seed.parse()).context("the seed is a number")?;
    fs::create_dir_all(&folder).with_context(|| format!("create the folder {}", folder.display()))?;
    let write = |name: String, bytes: Vec<u8>| fs::write(folder.join(&name), bytes).with_context(|| format!("write {name}"));
    for index in 0..GOOD {
        write(format!("good-{index:02}.jpg"), portraits::good(index, seed)?)?;
    }
    for (index, &fault) in Fault::ALL.iter().enumerate() {
        write(format!("{}.{}", fault.as_str(), fault.extension()), portraits::faulty(fault, index, seed)?)?;
    }
    Ok(())
}

//! Writes a specimen of a certificate as a PDF file without a signature: `specimen FILE.pdf [KIND] [ordinary|extreme]`.

mod drawn_portrait;

use std::error::Error;
use std::time::Instant;

use domain::kind::Kind;
use render::{Assets, FontPaths, PrintedCertificate, render, specimen};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let started = Instant::now();
    let assets = Assets::read(&FontPaths::debian())?;
    println!("assets in {:.0?}", started.elapsed());
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [file] => write(&assets, file, &specimen::ordinary(Kind::SafetyPersonnel)),
        [file, kind] | [file, kind, "ordinary"] => write(&assets, file, &specimen::ordinary(kind.parse()?)),
        [file, kind, "extreme"] => write(&assets, file, &specimen::extreme(kind.parse()?)),
        _ => Err("usage: specimen FILE.pdf [KIND] [ordinary|extreme]".into()),
    }
}

fn write(assets: &Assets, file: &str, page: &PrintedCertificate) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let unsigned = render(page, &drawn_portrait::jpeg()?, assets)?;
    println!("{} bytes, first page in {:.1?}", unsigned.bytes.len(), started.elapsed());
    Ok(std::fs::write(file, unsigned.bytes)?)
}

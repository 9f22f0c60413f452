//! Packs photos of the people of `register_csv` for measurements and says how fast:
//! `cargo run --release -p sample --example photo_archive -- PHOTOS FILE.zip|FILE.tar|FILE.tar.gz`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Instant;

use anyhow::Context;
use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, Header};
use time::macros::date;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [count, path] = arguments.as_slice() else { anyhow::bail!("usage: photo_archive PHOTOS FILE.zip|FILE.tar|FILE.tar.gz") };
    let count: u32 = count.parse().context("the number of photos is a number")?;
    let started = Instant::now();
    let photos = sample::register_photos(u64::from(count), 1, date!(2026 - 10 - 31))?;
    let file = BufWriter::with_capacity(1 << 20, File::create(path).with_context(|| format!("create {path}"))?);
    match path.as_str() {
        path if path.ends_with(".zip") => write_zip(photos, file)?,
        path if path.ends_with(".tar") => _ = write_tar(photos, file)?,
        path if path.ends_with(".tar.gz") || path.ends_with(".tgz") => {
            write_tar(photos, GzEncoder::new(file, Compression::fast()))?.finish()?.flush()?;
        }
        other => anyhow::bail!("{other}: the name says no form; end it with .zip, .tar or .tar.gz"),
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{count} photos in {seconds:.2} s: {:.0} photos/s", f64::from(count) / seconds);
    Ok(())
}

fn write_zip(photos: impl Iterator<Item = (String, Vec<u8>)>, file: BufWriter<File>) -> anyhow::Result<()> {
    let mut archive = ZipWriter::new(file);
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).last_modified_time(zip::DateTime::default());
    for (name, bytes) in photos {
        archive.start_file(name, options)?;
        archive.write_all(&bytes)?;
    }
    Ok(archive.finish()?.flush()?)
}

fn write_tar<W: Write>(photos: impl Iterator<Item = (String, Vec<u8>)>, file: W) -> anyhow::Result<W> {
    let mut archive = Builder::new(file);
    for (name, bytes) in photos {
        let mut header = Header::new_gnu();
        header.set_size(u64::try_from(bytes.len())?);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, bytes.as_slice())?;
    }
    let mut file = archive.into_inner()?;
    file.flush()?;
    Ok(file)
}

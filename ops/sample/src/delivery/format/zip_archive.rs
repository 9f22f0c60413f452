//! A ZIP archive of files.

use std::io::{Cursor, Write};

use anyhow::Context;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// An entry: its name, its bytes, and whether they are stored as they are.
pub(crate) struct Stored<'a> {
    pub(crate) name: &'a str,
    pub(crate) bytes: &'a [u8],
    pub(crate) is_plain: bool,
}

/// Packs the entries in their order; the same entries give the same bytes.
pub(crate) fn zip_archive(entries: &[Stored<'_>]) -> anyhow::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        let method = if entry.is_plain { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method).last_modified_time(zip::DateTime::default());
        archive.start_file(entry.name, options).context("begin an entry")?;
        archive.write_all(entry.bytes).context("write an entry")?;
    }
    Ok(archive.finish().context("end an archive")?.into_inner())
}

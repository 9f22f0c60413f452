//! Which form an archive is of, told by its first bytes and never by its name.

use std::fmt;
use std::io::{self, BufRead, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use tar::Header;

use super::{ArchiveError, open_buffered};

/// The forms of archives that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveForm {
    /// A ZIP archive.
    Zip,
    /// A TAR archive.
    Tar,
    /// A TAR archive packed by gzip, in one member or several.
    TarGz,
}

impl fmt::Display for ArchiveForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Zip => "ZIP",
            Self::Tar => "TAR",
            Self::TarGz => "TAR.GZ",
        })
    }
}

/// Bytes of a header and of each block of a TAR archive.
pub(super) const BLOCK_BYTES: u64 = 512;

/// Archives and packed files that people have and that are not read.
const OTHERS: &[(&[u8], &str)] = &[
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive"),
    (b"Rar!\x1A\x07", "a RAR archive"),
    (b"\xFD7zXZ\x00", "a file packed by xz"),
    (b"BZh", "a file packed by bzip2"),
    (b"\x28\xB5\x2F\xFD", "a file packed by zstd"),
    (b"\x1F\x9D", "a file packed by compress"),
    (b"MSCF", "a CAB archive"),
    (b"PK\x07\x08", "a part of a ZIP archive in several parts"),
];

/// Tells the form of the file at a path.
pub(super) fn of_file(path: &Path) -> Result<ArchiveForm, ArchiveError> {
    let mut file = open_buffered(path)?;
    let unreadable = |source| ArchiveError::Unreadable { path: path.to_owned(), source };
    // Buffered bytes are looked at in place, so that gzip is unpacked from its beginning.
    let is_gzip = file.fill_buf().map_err(unreadable)?.starts_with(b"\x1F\x8B");
    if is_gzip {
        return of_gzip(path, file);
    }
    let head = head_of(file).map_err(unreadable)?;
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(ArchiveForm::Zip);
    }
    if is_tar(&head) {
        return Ok(ArchiveForm::Tar);
    }
    let path = path.to_owned();
    Err(match OTHERS.iter().find(|(signature, _)| head.starts_with(signature)) {
        Some(&(_, found)) => ArchiveError::OtherForm { path, found },
        None => ArchiveError::NotAnArchive { path },
    })
}

fn of_gzip(path: &Path, file: impl BufRead) -> Result<ArchiveForm, ArchiveError> {
    let head = head_of(MultiGzDecoder::new(file)).map_err(|source| ArchiveError::on_opening(path, ArchiveForm::TarGz, source))?;
    if is_tar(&head) {
        Ok(ArchiveForm::TarGz)
    } else {
        Err(ArchiveError::OtherForm { path: path.to_owned(), found: "a single file packed by gzip" })
    }
}

/// The first two blocks, fewer where there are fewer or they are damaged.
fn head_of(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    match reader.take(2 * BLOCK_BYTES).read_to_end(&mut head) {
        // What is damaged behind a header is told when the entries are read.
        Err(error) if head.len() as u64 <= BLOCK_BYTES => Err(error),
        Ok(_) | Err(_) => Ok(head),
    }
}

/// A first block whose checksum holds, or the two empty ones that end an archive without entries.
fn is_tar(head: &[u8]) -> bool {
    let Some((first, second)) = head.split_at_checked(512) else { return false };
    if first.iter().all(|&byte| byte == 0) {
        return second.len() == 512 && second.iter().all(|&byte| byte == 0);
    }
    let header = Header::from_byte_slice(first);
    let sum = first.iter().enumerate().map(|(at, &byte)| u32::from(if (148..156).contains(&at) { b' ' } else { byte })).sum::<u32>();
    header.cksum().is_ok_and(|stated| stated == sum)
}

//! A delivered file of whatever format as a stream of records. The content decides, never the name; what is no table is refused with its name and a remedy.

use std::fmt;
use std::fs::File;
use std::io::{self, Seek};
use std::path::{Path, PathBuf};

use crate::delimited::{Delimited, Delimiter, Limits, Record};
use crate::text_encoding::{Decoding, TextEncoding};

mod background;
mod biff;
mod bounds;
mod dbase;
mod format;
mod html;
mod json_lines;
mod memo;
mod merged;
mod ods;
mod refusal;
mod row;
mod xls;
mod xlsx;
mod xml;
mod zip_archive;

#[cfg(test)]
pub(crate) mod tests;

pub use format::Format;
pub use refusal::Refusal;

/// Why a file cannot be opened as records.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Nothing is there.
    #[error("{path}: there is no such file: check the path")]
    Missing {
        /// The path asked for.
        path: PathBuf,
    },
    /// A folder.
    #[error("{path}: it is a folder: name the files in it one by one; a folder of photos goes with --as photos")]
    IsFolder {
        /// The path asked for.
        path: PathBuf,
    },
    /// No table, or one that cannot be read.
    #[error("{path}: {reason}")]
    Refused {
        /// The path asked for.
        path: PathBuf,
        /// What it is, and what to do.
        reason: Refusal,
    },
}

impl OpenError {
    /// The same error of a file that goes by another name.
    #[must_use]
    pub fn told_of(mut self, name: &str) -> Self {
        match &mut self {
            Self::Missing { path } | Self::IsFolder { path } | Self::Refused { path, .. } => *path = PathBuf::from(name),
        }
        self
    }
}

type Records = Box<dyn Iterator<Item = io::Result<Record>> + Send>;

/// The records of a file, in their order, sheet after sheet. Ends after the last record, or after the first error.
pub struct Source {
    format: Format,
    encoding: TextEncoding,
    delimiter: Option<Delimiter>,
    is_disguised: bool,
    records: Records,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("format", &self.format).field("encoding", &self.encoding).finish_non_exhaustive()
    }
}

/// Opens a file.
///
/// # Errors
/// When there is no such file, or it is no table of a known format.
pub fn open(path: &Path) -> Result<Source, OpenError> {
    open_forced(path, Forced::default())
}

/// What is said of delimited text from outside, whatever it looks like.
#[derive(Debug, Clone, Copy, Default)]
pub struct Forced {
    /// The encoding.
    pub encoding: Option<TextEncoding>,
    /// The delimiter.
    pub delimiter: Option<Delimiter>,
}

/// Opens a file of which something is known beforehand; formats that know it themselves, and what lies in an archive, are not forced.
///
/// # Errors
/// As [`open`].
pub fn open_forced(path: &Path, forced: Forced) -> Result<Source, OpenError> {
    let refused = |reason| OpenError::Refused { path: path.to_owned(), reason };
    let file = File::open(path).map_err(|source| {
        if source.kind() == io::ErrorKind::NotFound {
            OpenError::Missing { path: path.to_owned() }
        } else {
            refused(Refusal::Unreadable(source))
        }
    })?;
    if file.metadata().map_err(|source| refused(Refusal::Unreadable(source)))?.is_dir() {
        return Err(OpenError::IsFolder { path: path.to_owned() });
    }
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let memo = |kind: &str| memo::beside(path, kind);
    let mut source = open_file(file, &memo, Nesting::Outermost, forced).map_err(refused)?;
    source.is_disguised = extension.is_some_and(|extension| source.format.is_disguised_as(&extension));
    Ok(source)
}

/// Whether archives may be opened in what is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nesting {
    Outermost,
    InArchive,
}

/// Gives the memo file of a kind (`dbt`, `fpt`) that belongs to the file.
type FindMemo<'a> = &'a dyn Fn(&str) -> Option<File>;

fn open_file(mut file: File, memo: FindMemo<'_>, nesting: Nesting, forced: Forced) -> Result<Source, Refusal> {
    let (format, encoding) = format::detect(&mut file)?;
    file.rewind()?;
    let encoding = forced.encoding.filter(|_| format == Format::Delimited).unwrap_or(encoding);
    let mut delimiter = None;
    let records: Records = match format {
        Format::Delimited => {
            let text = Decoding::new(file, encoding);
            let records = match forced.delimiter {
                Some(delimiter) => Delimited::new(text, delimiter, Limits::default()),
                None => Delimited::sniffed(text, Limits::default())?,
            };
            delimiter = Some(records.delimiter());
            Box::new(records)
        }
        Format::Xlsx => Box::new(xlsx::open(file)?),
        Format::Xls => Box::new(xls::open(file)?),
        Format::OpenDocument => Box::new(ods::open(file)?),
        Format::Dbase => Box::new(dbase::open(file, memo)?),
        Format::Html => Box::new(html::open(file, encoding)),
        Format::JsonLines => Box::new(json_lines::open(Decoding::new(file, encoding))),
        Format::Zip if nesting == Nesting::InArchive => return Err(Refusal::NestedArchive),
        Format::Zip => Box::new(zip_archive::open(file)?),
    };
    Ok(Source { format, encoding, delimiter, is_disguised: false, records })
}

impl Source {
    /// The format that was found.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// The encoding of the text; of a format that knows its own, that one.
    #[must_use]
    pub fn encoding(&self) -> TextEncoding {
        self.encoding
    }

    /// The delimiter of delimited text.
    #[must_use]
    pub fn delimiter(&self) -> Option<Delimiter> {
        self.delimiter
    }

    /// Whether the file's extension names another format.
    #[must_use]
    pub fn is_disguised(&self) -> bool {
        self.is_disguised
    }
}

impl Iterator for Source {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        self.records.next()
    }
}

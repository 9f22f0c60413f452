//! What cannot be read as a table: its name and what to do about it, on one line.

/// Why a content cannot be read as records.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Nothing, or nothing but white space and marks.
    #[error("it is empty: export it again and deliver a file with a header row")]
    Empty,
    /// A PDF document.
    #[error("it is a PDF document, not a table: deliver the table it was made from, as a workbook or CSV")]
    Pdf,
    /// A picture.
    #[error("it is a picture, not a table: photos go with --as photos, as a folder or a ZIP, TAR or TAR.GZ archive")]
    Picture,
    /// An archive of another form than ZIP.
    #[error("it is a compressed archive ({0}), not a table: unpack it and deliver the tables in it, or pack them as ZIP")]
    Archive(&'static str),
    /// An archive in an archive.
    #[error("it is a ZIP archive within a ZIP archive: unpack it and deliver its tables by themselves")]
    NestedArchive,
    /// A database of Access.
    #[error("it is an Access database: export its table as a workbook or CSV (UTF-8) and deliver that")]
    Access,
    /// A workbook or archive with a password.
    #[error("it is protected by a password: remove the password and deliver it again")]
    Encrypted,
    /// A workbook of a form that is not read.
    #[error("it is a {0}: open it in a spreadsheet program, save it as XLSX or CSV (UTF-8) and deliver that")]
    OtherWorkbook(&'static str),
    /// A document that is no table.
    #[error("it is {0}, not a table: deliver the table it was made from, as a workbook or CSV")]
    Document(&'static str),
    /// JSON that is no JSON Lines.
    #[error("it is a JSON file, but not JSON Lines: write one object a line and deliver that")]
    Json,
    /// Binary content of no known form.
    #[error("it is binary data of no known format: deliver the table as a workbook or CSV (UTF-8)")]
    Unknown,
    /// Damaged or cut off.
    #[error("it is damaged or cut off ({0}): export it again and deliver the whole file")]
    Damaged(String),
    /// More than is unpacked.
    #[error("{what} unfolds to more than {limit}: it may be a bomb; deliver it in smaller parts, or as CSV")]
    TooLarge {
        /// The part that is too large.
        what: String,
        /// How much is read of one.
        limit: String,
    },
    /// An entry of an archive that holds more or less than the archive says.
    #[error(
        "the archive says that it unfolds to {0} bytes, which is not true: the archive is damaged or made to deceive; pack the tables anew and deliver that"
    )]
    SizeLies(u64),
    /// The bytes could not be read.
    #[error("it cannot be read: check the disk and the permissions")]
    Unreadable(#[source] std::io::Error),
}

impl Refusal {
    /// A damage, with what the reader of the format says of it, cut to a line. No text of the file is told.
    pub(super) fn damaged(error: impl std::fmt::Display) -> Self {
        let text: String = error.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).take(120).collect();
        Self::Damaged(text)
    }
}

/// Errors of the content travel through readers of the standard library; here they are told from those of the system.
impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        if error.get_ref().is_some_and(|inner| inner.is::<Self>()) {
            return match error.into_inner().map(<dyn std::error::Error + Send + Sync>::downcast::<Self>) {
                Some(Ok(refusal)) => *refusal,
                Some(Err(other)) => Self::damaged(other),
                None => Self::Unknown,
            };
        }
        let of_content = [std::io::ErrorKind::InvalidData, std::io::ErrorKind::UnexpectedEof, std::io::ErrorKind::InvalidInput];
        if of_content.contains(&error.kind()) { Self::damaged(error) } else { Self::Unreadable(error) }
    }
}

impl From<Refusal> for std::io::Error {
    fn from(refusal: Refusal) -> Self {
        if let Refusal::Unreadable(error) = refusal { error } else { Self::new(std::io::ErrorKind::InvalidData, refusal) }
    }
}

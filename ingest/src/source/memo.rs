//! Memo files of dBASE (`.dbt`) and FoxPro (`.fpt`): texts in blocks, found by their number.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// The longest text that is taken.
const LONGEST_BYTES: u64 = 1 << 20;
/// How many times its size a file may give: each text belongs to one record, or to few where records were copied.
const TIMES_GIVEN: u64 = 4;
/// What it may give however small it is.
const FREE_BYTES: u64 = 16 << 20;
/// Texts of dBASE III end with a mark and tell no length; they are read so many bytes at a time.
const STEP_BYTES: u64 = 512;

/// Finds the memo file of a kind beside a table, whatever the case of its extension.
pub(super) fn beside(table: &Path, kind: &str) -> Option<File> {
    [kind.to_owned(), kind.to_uppercase()].iter().find_map(|extension| File::open(table.with_extension(extension)).ok())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    DbaseThree,
    DbaseFour,
    FoxPro,
}

#[derive(Debug)]
pub(super) struct MemoFile {
    file: File,
    form: Form,
    block_bytes: u64,
    /// Bytes that may still be read: a table that points to one text over and over would unfold without end.
    left: u64,
}

impl MemoFile {
    /// Opens a memo file whose kind its extension tells.
    pub(super) fn open(mut file: File, kind: &str) -> io::Result<Self> {
        let mut head = [0; 24];
        file.rewind()?;
        file.read_exact(&mut head)?;
        let (form, block_bytes) = if kind == "fpt" {
            (Form::FoxPro, u64::from(u16::from_be_bytes([head[6], head[7]])))
        } else if u16::from_le_bytes([head[20], head[21]]) != 0 && head[16] != 0x03 {
            (Form::DbaseFour, u64::from(u16::from_le_bytes([head[20], head[21]])))
        } else {
            (Form::DbaseThree, 512)
        };
        let left = file.metadata()?.len().saturating_mul(TIMES_GIVEN).max(FREE_BYTES);
        Ok(Self { file, form, block_bytes: block_bytes.max(1), left })
    }

    /// The text at a block; nothing where it is longer than `most` bytes, or the file gave all that it may.
    pub(super) fn text(&mut self, block: u64, most: usize) -> io::Result<Option<Vec<u8>>> {
        self.file.seek(SeekFrom::Start(block.saturating_mul(self.block_bytes)))?;
        let most = LONGEST_BYTES.min(most as u64).min(self.left);
        let text = match self.form {
            Form::DbaseThree => self.up_to_mark(most)?,
            Form::DbaseFour | Form::FoxPro => self.of_length(most)?,
        };
        self.left = self.left.saturating_sub(text.as_ref().map_or(most, |text| text.len() as u64));
        Ok(text)
    }

    fn up_to_mark(&mut self, most: u64) -> io::Result<Option<Vec<u8>>> {
        let mut text = Vec::new();
        loop {
            let before = text.len();
            let read = self.file.by_ref().take(STEP_BYTES).read_to_end(&mut text)?;
            let end = text[before..].iter().position(|&byte| byte == 0x1A);
            if let Some(end) = end {
                text.truncate(before + end);
            }
            if text.len() as u64 > most {
                return Ok(None);
            }
            if end.is_some() || read == 0 {
                return Ok(Some(text));
            }
        }
    }

    fn of_length(&mut self, most: u64) -> io::Result<Option<Vec<u8>>> {
        let mut head = [0; 8];
        self.file.read_exact(&mut head)?;
        let length = [head[4], head[5], head[6], head[7]];
        let bytes = if self.form == Form::FoxPro {
            u64::from(u32::from_be_bytes(length))
        } else {
            u64::from(u32::from_le_bytes(length)).saturating_sub(8)
        };
        let mut text = Vec::new();
        // What the length claims beyond the end of the file is not there to be long.
        let read = self.file.by_ref().take(bytes.min(most.saturating_add(1))).read_to_end(&mut text)?;
        Ok((read as u64 <= most).then_some(text))
    }
}

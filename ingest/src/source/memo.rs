//! Memo files of dBASE (`.dbt`) and FoxPro (`.fpt`): texts in blocks, found by their number.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// The longest text that is taken.
const LONGEST_BYTES: u64 = 1 << 20;

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
        Ok(Self { file, form, block_bytes: block_bytes.max(1) })
    }

    /// The text at a block; what is longer than is taken is cut.
    pub(super) fn text(&mut self, block: u64) -> io::Result<Vec<u8>> {
        self.file.seek(SeekFrom::Start(block.saturating_mul(self.block_bytes)))?;
        let mut text = Vec::new();
        match self.form {
            Form::DbaseThree => {
                self.file.by_ref().take(LONGEST_BYTES).read_to_end(&mut text)?;
                let end = text.iter().position(|&byte| byte == 0x1A).unwrap_or(text.len());
                text.truncate(end);
            }
            Form::DbaseFour | Form::FoxPro => {
                let mut head = [0; 8];
                self.file.read_exact(&mut head)?;
                let length = [head[4], head[5], head[6], head[7]];
                let bytes = if self.form == Form::FoxPro {
                    u64::from(u32::from_be_bytes(length))
                } else {
                    u64::from(u32::from_le_bytes(length)).saturating_sub(8)
                };
                self.file.by_ref().take(bytes.min(LONGEST_BYTES)).read_to_end(&mut text)?;
            }
        }
        Ok(text)
    }
}

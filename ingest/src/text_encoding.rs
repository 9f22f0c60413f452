//! Which encoding a delivered text is in, judged by its content alone, and the streaming decoder to UTF-8.
//! It never trusts a file's name, and never turns a file that is no text into rows.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

mod content;
#[cfg(test)]
mod tests;

pub use content::SniffError;
pub(crate) use content::utf8_or_gb18030;

/// How many bytes are looked at from the first byte that is not ASCII.
const WINDOW_BYTES: usize = 256 * 1024;
/// Bytes decoded at a time.
const CHUNK_BYTES: usize = 64 * 1024;

/// The encodings that deliveries come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextEncoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// GB 18030, of which GBK, CP936 and GB 2312 are parts.
    Gb18030,
    /// UTF-16, little end first (what Windows calls Unicode text).
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
}

impl TextEncoding {
    /// The name under which the encoding is registered, for people and for `intake_file.encoding`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        }
    }

    fn of_encoding_rs(self) -> &'static Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Gb18030 => GB18030,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
        }
    }
}

/// Says in which encoding the text of `reader` is. Reads past plain ASCII until something tells, then looks at one bounded window; memory stays bounded
/// whatever the size.
///
/// # Errors
/// When the content is empty or no text, or cannot be read.
pub fn sniff(reader: &mut impl Read) -> Result<TextEncoding, SniffError> {
    let mut head = Vec::new();
    reader.by_ref().take(WINDOW_BYTES as u64).read_to_end(&mut head)?;
    content::refuse_what_is_no_text(&head)?;
    if let Some(encoding) = content::byte_order(&head) {
        return Ok(encoding);
    }
    let mut window = head;
    // A plain ASCII beginning says nothing yet: the first other byte may stand far behind it.
    while window.is_ascii() {
        window.clear();
        if reader.by_ref().take(WINDOW_BYTES as u64).read_to_end(&mut window)? == 0 {
            return Ok(TextEncoding::Utf8);
        }
    }
    // One window more, so that the first other byte never stands alone at the end.
    reader.by_ref().take(WINDOW_BYTES as u64).read_to_end(&mut window)?;
    Ok(content::utf8_or_gb18030(&window))
}

/// Decodes a byte stream to UTF-8 as it is read: bytes that mean nothing become U+FFFD, byte order marks are left out.
#[derive(Debug)]
pub struct Decoding<R> {
    reader: R,
    decoder: Decoder,
    input: Vec<u8>,
    input_range: std::ops::Range<usize>,
    output: Vec<u8>,
    output_range: std::ops::Range<usize>,
    input_ended: bool,
    finished: bool,
    at_start: bool,
}

const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

impl<R: Read> Decoding<R> {
    /// Reads `reader` as text in `encoding`.
    #[must_use]
    pub fn new(reader: R, encoding: TextEncoding) -> Self {
        Self {
            reader,
            decoder: encoding.of_encoding_rs().new_decoder_without_bom_handling(),
            input: vec![0; CHUNK_BYTES],
            input_range: 0..0,
            // Three bytes of UTF-8 can come from one byte of input.
            output: vec![0; 3 * CHUNK_BYTES + 64],
            output_range: 0..0,
            input_ended: false,
            finished: false,
            at_start: true,
        }
    }

    fn fill_input(&mut self) -> io::Result<()> {
        let mut length = 0;
        // Enough for any mark at the start to be whole.
        while length < 4 {
            match self.reader.read(&mut self.input[length..]) {
                Ok(0) => {
                    self.input_ended = true;
                    break;
                }
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.input_range = 0..length;
        Ok(())
    }

    fn fill_output(&mut self) -> io::Result<()> {
        while self.output_range.is_empty() && !self.finished {
            if self.input_range.is_empty() && !self.input_ended {
                self.fill_input()?;
            }
            if self.at_start && self.input[self.input_range.clone()].starts_with(BYTE_ORDER_MARK) {
                // Also before GB18030: some programs write the mark of UTF-8 in front of whatever follows.
                self.input_range.start += BYTE_ORDER_MARK.len();
            }
            let (result, read, written, _) =
                self.decoder.decode_to_utf8(&self.input[self.input_range.clone()], &mut self.output, self.input_ended);
            self.input_range.start += read;
            self.output_range = 0..written;
            if self.at_start && written > 0 {
                self.at_start = false;
                if self.output[..written].starts_with(BYTE_ORDER_MARK) {
                    self.output_range.start = BYTE_ORDER_MARK.len();
                }
            }
            self.finished = self.input_ended && result == encoding_rs::CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.fill_output()?;
        let length = buffer.len().min(self.output_range.len());
        buffer[..length].copy_from_slice(&self.output[self.output_range.start..][..length]);
        self.output_range.start += length;
        Ok(length)
    }
}

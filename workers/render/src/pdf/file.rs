//! Writes objects one behind the other and remembers where each begins, for the cross-reference table.

use std::io::Write as _;

use super::Stream;

#[derive(Debug, Clone)]
pub(crate) struct FileWriter {
    pub(crate) bytes: Vec<u8>,
    /// Offset of object n at n - 1; 0 for one not written.
    offsets: Vec<usize>,
}

impl FileWriter {
    /// Begins a file: the header, with a comment that marks it as binary.
    pub(crate) fn new() -> FileWriter {
        FileWriter { bytes: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(), offsets: Vec::new() }
    }

    /// A copy with room for what will follow.
    pub(crate) fn continued(&self, more_bytes: usize) -> FileWriter {
        let mut bytes = Vec::with_capacity(self.bytes.len() + more_bytes);
        bytes.extend_from_slice(&self.bytes);
        FileWriter { bytes, offsets: self.offsets.clone() }
    }

    pub(crate) fn object(&mut self, number: usize, content: &str) {
        self.begin(number);
        self.bytes.extend_from_slice(content.as_bytes());
        self.end();
    }

    pub(crate) fn stream(&mut self, number: usize, stream: &Stream<'_>) {
        self.begin(number);
        // Writing into a vector cannot fail.
        let _ = write!(self.bytes, "<<{}/Length {}>>\nstream\n", stream.dict, stream.body.len());
        self.bytes.extend_from_slice(&stream.body);
        self.bytes.extend_from_slice(b"\nendstream");
        self.end();
    }

    pub(crate) fn begin(&mut self, number: usize) {
        if self.offsets.len() < number {
            self.offsets.resize(number, 0);
        }
        if let Some(slot) = number.checked_sub(1).and_then(|n| self.offsets.get_mut(n)) {
            *slot = self.bytes.len();
        }
        let _ = writeln!(self.bytes, "{number} 0 obj");
    }

    pub(crate) fn end(&mut self) {
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// Cross-reference table in one section (ISO 32000-1, 7.5.4) and trailer. Returns where the 32 hexadecimal digits of
    /// the file identifier stand, twice; they are zeros so far.
    pub(crate) fn finish(&mut self, root: usize, info: usize) -> [usize; 2] {
        let table = self.bytes.len();
        let size = self.offsets.len() + 1;
        let _ = write!(self.bytes, "xref\n0 {size}\n0000000000 65535 f \n");
        for offset in &self.offsets {
            let _ = writeln!(self.bytes, "{offset:010} 00000 n ");
        }
        let _ = write!(self.bytes, "trailer\n<</Size {size}/Root {root} 0 R/Info {info} 0 R/ID[<");
        let zeros = [b'0'; 32];
        let first = self.bytes.len();
        self.bytes.extend_from_slice(&zeros);
        self.bytes.extend_from_slice(b"><");
        let second = self.bytes.len();
        self.bytes.extend_from_slice(&zeros);
        let _ = write!(self.bytes, ">]>>\nstartxref\n{table}\n%%EOF\n");
        [first, second]
    }
}

//! The framing of one record in a slice of bytes: fields, quotation marks, line ends, limits. Pure; the caller brings the bytes.

use std::borrow::Cow;

use super::record::{Record, RecordFault};

/// How large one record may be. Beyond, it is one faulty record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a record in UTF-8, quotation marks included.
    pub bytes: usize,
    /// Physical lines that a record with quoted line breaks may span.
    pub lines: u64,
    /// Fields of a record.
    pub fields: usize,
}

impl Default for Limits {
    /// 1 MiB, 64 lines, 2,000 fields: far beyond any row of a register, far below what hurts.
    fn default() -> Self {
        Self { bytes: 1 << 20, lines: 64, fields: 2000 }
    }
}

/// What was found at the head of the bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Framed {
    /// The bytes end before the record does, and more may come.
    Incomplete,
    /// The record took so many bytes and physical lines.
    Record { bytes: usize, lines: u64 },
    /// The record's first line does not end within the limit: these bytes are taken, the rest of the line is to be passed over.
    EndlessLine { bytes: usize },
}

/// Where the line at the head of `bytes` ends, line end included; a carriage return alone ends a line too.
pub(super) fn line_end(bytes: &[u8], is_last: bool) -> Option<usize> {
    let at = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
    match (bytes[at], bytes.get(at + 1)) {
        (b'\r', Some(b'\n')) => Some(at + 2),
        (b'\r', None) if !is_last => None,
        _ => Some(at + 1),
    }
}

/// Frames the record at the head of `bytes` into `record`, whose former content is lost.
pub(super) fn frame(bytes: &[u8], delimiter: u8, is_last: bool, limits: Limits, record: &mut Record) -> Framed {
    match scan(bytes, delimiter, is_last, limits, Quotes::Enclose, record) {
        Scan::Ended { bytes, lines } => Framed::Record { bytes, lines },
        Scan::NeedsMore => Framed::Incomplete,
        Scan::Astray(fault) => first_line_alone(bytes, delimiter, is_last, limits, fault, record),
    }
}

/// Falls back to the first physical line, quotation marks being ordinary characters in it, so that the lines behind it are read as records of their own.
fn first_line_alone(bytes: &[u8], delimiter: u8, is_last: bool, limits: Limits, fault: RecordFault, record: &mut Record) -> Framed {
    let (line, framed) = match line_end(bytes, is_last) {
        Some(end) if end <= limits.bytes => (&bytes[..end], Framed::Record { bytes: end, lines: 1 }),
        None if is_last && bytes.len() <= limits.bytes => (bytes, Framed::Record { bytes: bytes.len(), lines: 1 }),
        Some(_) | None => {
            let cut = bytes.len().min(limits.bytes);
            (&bytes[..cut], Framed::EndlessLine { bytes: cut })
        }
    };
    // The line is whole here, so that the scan ends with it; what a limit cuts stays in the record.
    let _ = scan(line, delimiter, true, limits, Quotes::AreText, record);
    record.fault = Some(fault);
    framed
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Enclose,
    AreText,
}

enum Scan {
    Ended { bytes: usize, lines: u64 },
    NeedsMore,
    Astray(RecordFault),
}

struct Fields<'a> {
    record: &'a mut Record,
    limit: usize,
}

impl Fields<'_> {
    fn end(&mut self) {
        if self.record.ends.len() < self.limit {
            self.record.ends.push(self.record.text.len());
        } else {
            self.record.fault = Some(RecordFault::TooManyFields);
            self.record.text.truncate(self.record.ends.last().copied().unwrap_or(0));
        }
    }

    /// Takes bytes that stand between two ASCII characters, so that no character is ever cut.
    fn push(&mut self, run: &[u8]) {
        let text = match std::str::from_utf8(run) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(run),
        };
        if text.contains('\0') {
            // A zero byte belongs to no text; databases refuse it.
            self.record.text.push_str(&text.replace('\0', "\u{FFFD}"));
        } else {
            self.record.text.push_str(&text);
        }
    }
}

fn scan(bytes: &[u8], delimiter: u8, is_last: bool, limits: Limits, quotes: Quotes, record: &mut Record) -> Scan {
    record.text.clear();
    record.ends.clear();
    record.fault = None;
    let mut fields = Fields { record, limit: limits.fields };
    let mut at = 0;
    let mut lines = 1;
    loop {
        if quotes == Quotes::Enclose && bytes.get(at) == Some(&b'"') {
            match quoted(bytes, at + 1, delimiter, is_last, limits, &mut lines, &mut fields) {
                Quoted::Closed { after } => at = after,
                Quoted::NeedsMore => return Scan::NeedsMore,
                Quoted::Astray(fault) => return Scan::Astray(fault),
            }
        }
        let run = bytes[at..].iter().position(|&byte| byte == delimiter || byte == b'\n' || byte == b'\r').unwrap_or(bytes.len() - at);
        if at + run > limits.bytes {
            return Scan::Astray(RecordFault::TooLong);
        }
        fields.push(&bytes[at..at + run]);
        at += run;
        match (bytes.get(at), bytes.get(at + 1)) {
            (None, _) | (Some(b'\r'), None) if !is_last => return Scan::NeedsMore,
            (None, _) => {
                fields.end();
                return Scan::Ended { bytes: at, lines };
            }
            (Some(b'\r'), Some(b'\n')) => {
                fields.end();
                return Scan::Ended { bytes: at + 2, lines };
            }
            (Some(b'\r' | b'\n'), _) => {
                fields.end();
                return Scan::Ended { bytes: at + 1, lines };
            }
            (Some(_), _) => {
                fields.end();
                at += 1;
            }
        }
    }
}

enum Quoted {
    Closed { after: usize },
    NeedsMore,
    Astray(RecordFault),
}

/// Reads a quoted field from behind its opening mark. A mark that no delimiter or line end follows is text, as people write `"甲"分公司"`; but where the field
/// has gone over a line end by then, its opening mark was a stray one.
fn quoted(bytes: &[u8], start: usize, delimiter: u8, is_last: bool, limits: Limits, lines: &mut u64, fields: &mut Fields<'_>) -> Quoted {
    let first_line = *lines;
    let mut at = start;
    loop {
        let run = bytes[at..].iter().position(|&byte| matches!(byte, b'"' | b'\n' | b'\r')).unwrap_or(bytes.len() - at);
        if at + run > limits.bytes {
            return Quoted::Astray(RecordFault::TooLong);
        }
        fields.push(&bytes[at..at + run]);
        at += run;
        let Some(&byte) = bytes.get(at) else {
            return if is_last { Quoted::Astray(RecordFault::UnbalancedQuote) } else { Quoted::NeedsMore };
        };
        let next = bytes.get(at + 1).copied();
        if next.is_none() && !is_last {
            return Quoted::NeedsMore;
        }
        match (byte, next) {
            (b'"', Some(b'"')) => {
                fields.push(b"\"");
                at += 2;
            }
            (b'"', None | Some(b'\n' | b'\r')) => return Quoted::Closed { after: at + 1 },
            (b'"', Some(next)) if next == delimiter => return Quoted::Closed { after: at + 1 },
            (b'"', Some(_)) if *lines > first_line => {
                return Quoted::Astray(RecordFault::UnbalancedQuote);
            }
            (b'"', Some(_)) => {
                fields.push(b"\"");
                at += 1;
            }
            (line_end, next) => {
                let length = if line_end == b'\r' && next == Some(b'\n') { 2 } else { 1 };
                fields.push(&bytes[at..at + length]);
                at += length;
                *lines += 1;
                if *lines > limits.lines {
                    return Quoted::Astray(RecordFault::UnbalancedQuote);
                }
            }
        }
    }
}

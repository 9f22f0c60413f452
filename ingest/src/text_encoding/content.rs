//! What the bytes of a text say about it: byte order, UTF-8 against GB18030, and that it is a text at all.

use super::TextEncoding;

/// Why a content cannot be read as text.
#[derive(Debug, thiserror::Error)]
pub enum SniffError {
    /// Nothing, or nothing but white space and marks.
    #[error("it is empty")]
    Empty,
    /// No text.
    #[error("it is binary data")]
    Binary,
    /// The bytes could not be read.
    #[error("it cannot be read")]
    Unreadable(#[from] std::io::Error),
}

pub(super) fn refuse_what_is_no_text(head: &[u8]) -> Result<(), SniffError> {
    if byte_order(head).is_some() {
        return if head.len() <= 2 { Err(SniffError::Empty) } else { Ok(()) };
    }
    if without_mark(head).trim_ascii().is_empty() {
        return Err(SniffError::Empty);
    }
    // A damaged cell may hold a few control characters; a binary file is full of them.
    let control = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    if control * 50 > head.len() { Err(SniffError::Binary) } else { Ok(()) }
}

fn without_mark(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xEF\xBB\xBF").or_else(|| head.strip_prefix(b"\x84\x31\x95\x33")).unwrap_or(head)
}

/// The byte order of UTF-16, by its mark or by where the zero bytes of commas, digits and line ends stand.
pub(super) fn byte_order(head: &[u8]) -> Option<TextEncoding> {
    if head.starts_with(b"\xFF\xFE") {
        return Some(TextEncoding::Utf16Le);
    }
    if head.starts_with(b"\xFE\xFF") {
        return Some(TextEncoding::Utf16Be);
    }
    let (pairs, _) = head.as_chunks::<2>();
    let wide = |ordinary: usize, zero: usize| {
        pairs.iter().filter(|pair| pair[zero] == 0 && matches!(pair[ordinary], b'\t' | b'\r' | b'\n' | 0x20..=0x7E)).count()
    };
    let zeros = pairs.iter().flatten().filter(|&&byte| byte == 0).count();
    let (little, big) = (wide(0, 1), wide(1, 0));
    // U+4E00 and its like end in zero bytes too, and count against neither.
    let enough = |count: usize| count * 10 > pairs.len() && count * 10 > zeros * 9;
    if enough(little) {
        Some(TextEncoding::Utf16Le)
    } else if enough(big) {
        Some(TextEncoding::Utf16Be)
    } else {
        None
    }
}

#[derive(Default)]
struct Utf8Sequences {
    of_two: usize,
    of_more: usize,
    middle_dots: usize,
    faults: usize,
}

fn utf8_sequences(bytes: &[u8]) -> Utf8Sequences {
    let mut found = Utf8Sequences::default();
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        for character in chunk.valid().chars() {
            match character.len_utf8() {
                1 => {}
                2 => {
                    found.of_two += 1;
                    found.middle_dots += usize::from(character == '·');
                }
                _ => found.of_more += 1,
            }
        }
        // A sequence cut by the window's end is no fault.
        if !chunk.invalid().is_empty() && (chunks.peek().is_some() || chunk.invalid().len() > 3) {
            found.faults += 1;
        }
    }
    found
}

/// Chinese in UTF-8 is made of three-byte sequences, which GB18030 text forms by chance only now and then.
pub(crate) fn utf8_or_gb18030(window: &[u8]) -> TextEncoding {
    let body = window.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(window);
    let found = utf8_sequences(body);
    let only_pairs = found.of_more == 0 && found.of_two > found.middle_dots;
    let utf8 = if found.faults == 0 { !only_pairs } else { found.of_more > found.faults };
    if utf8 { TextEncoding::Utf8 } else { TextEncoding::Gb18030 }
}

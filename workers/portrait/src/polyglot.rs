//! Files that are a picture and something else at once, made to pass one gate as the one and another gate as the other.

use crate::format::Format;

/// What a reader of documents looks through for the beginning of a PDF (ISO 32000-1, annex H).
const PDF_WITHIN: usize = 1024;

/// The list of a ZIP archive ends within the last 64 KB and the length of its longest comment.
const ZIP_WITHIN: usize = 65_557;

/// What else a picture is, as far as programs would take it for that. `behind` is how many bytes follow the end of the picture, as far as that is known.
pub(crate) fn other_format(bytes: &[u8], behind: usize) -> Option<Format> {
    let head = &bytes[..bytes.len().min(PDF_WITHIN)];
    let tail = &bytes[bytes.len().saturating_sub(ZIP_WITHIN)..];
    if contains(head, b"%PDF-") {
        return Some(Format::Pdf);
    }
    if contains(tail, b"PK\x05\x06") && contains(bytes, b"PK\x01\x02") {
        return Some(Format::Zip);
    }
    if [b"<?php".as_slice(), b"<script", b"<html", b"<!doctype html"].iter().any(|mark| contains_in_any_case(bytes, mark)) {
        return Some(Format::Html);
    }
    // Cameras put previews and films behind the picture; archives, documents and programs are put there by people.
    let other = Format::of(&bytes[bytes.len() - behind..]);
    matches!(other, Format::Zip | Format::Archive | Format::Program | Format::Office | Format::Pdf | Format::Html).then_some(other)
}

fn contains(bytes: &[u8], mark: &[u8]) -> bool {
    memchr::memmem::find(bytes, mark).is_some()
}

/// Only letters of the mark are compared without their case.
fn contains_in_any_case(bytes: &[u8], mark: &[u8]) -> bool {
    let Some((&first, rest)) = mark.split_first() else { return false };
    memchr::memchr_iter(first, bytes).any(|at| bytes.get(at + 1..at + mark.len()).is_some_and(|found| found.eq_ignore_ascii_case(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jpeg_markers::walk;

    /// The smallest file that the walk takes for a whole JPEG, with a comment.
    fn jpeg(comment: &[u8]) -> Vec<u8> {
        let length = u16::try_from(comment.len() + 2).unwrap().to_be_bytes();
        [b"\xFF\xD8\xFF\xFE".as_slice(), &length, comment, b"\xFF\xDA\x00\x02\x11\xFF\xD9"].concat()
    }

    #[test]
    fn a_picture_with_something_else_in_it_is_told() {
        let zip = b"PK\x03\x04 ... PK\x01\x02 ... PK\x05\x06\0\0";
        let table: [(&str, Vec<u8>, Option<Format>); 9] = [
            ("nothing else", jpeg(b"Canon"), None),
            ("film behind it", [jpeg(b""), b"\0\0\0\x18ftypmp42".to_vec()].concat(), None),
            ("zeros behind it", [jpeg(b""), vec![0; 64]].concat(), None),
            ("ZIP behind it", [jpeg(b""), zip.to_vec()].concat(), Some(Format::Zip)),
            ("program behind it", [jpeg(b""), b"MZ\x90\0".to_vec()].concat(), Some(Format::Program)),
            ("RAR behind it", [jpeg(b""), b"Rar!\x1A\x07\x01\0".to_vec()].concat(), Some(Format::Archive)),
            ("PDF in a comment", jpeg(b"\n%PDF-1.4 obj"), Some(Format::Pdf)),
            ("script in a comment", jpeg(b"<SCRIPT>alert(1)</SCRIPT>"), Some(Format::Html)),
            ("PHP in a comment", jpeg(b"<?php system($_GET[0]); ?>"), Some(Format::Html)),
        ];
        for (name, bytes, other) in table {
            assert_eq!(other_format(&bytes, walk(&bytes).behind), other, "{name}");
        }
        assert_eq!(other_format(&[b"GIF89a ... ".as_slice(), zip].concat(), 0), Some(Format::Zip));
    }
}

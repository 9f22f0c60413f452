//! Finds the signature dictionary the way a PDF reader does: trailer, catalog, form, the one field, its value.
//!
//! Only the plain structure of our own documents is accepted: one revision, one cross-reference table in clear,
//! nothing encrypted, nothing behind the end. Nothing is unpacked, so that no file can cost more than its length.

use std::ops::Range;

use super::pdf_object::{Dictionary, Object, Parser};

/// Why the structure is not that of our documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StructureFault {
    /// The file is encrypted.
    Encrypted,
    /// The file was updated after it had been written (ISO 32000-1, 7.5.6).
    Updated,
    /// Something is missing, damaged or unlike our documents; the words say what.
    Unlike(&'static str),
}

/// What the signature dictionary (ISO 32000-1, 12.8.1) says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SignatureDictionary<'a> {
    /// The four numbers of ByteRange.
    pub(super) byte_range: [usize; 4],
    /// Where Contents stands, angle brackets included.
    pub(super) contents: Range<usize>,
    /// The bytes of M, the signing time.
    pub(super) signing_time: Option<&'a [u8]>,
}

type Found<T> = Result<T, StructureFault>;

fn unlike<T>(what: &'static str) -> Found<T> {
    Err(StructureFault::Unlike(what))
}

/// Follows the structure from the end of the file to the value of its only form field.
pub(super) fn signature_dictionary(bytes: &[u8]) -> Found<SignatureDictionary<'_>> {
    let file = File::open(bytes)?;
    let Some(Object::Reference(catalog)) = file.trailer.get("Root") else {
        return unlike("the trailer names no catalog");
    };
    let catalog = file.dictionary(*catalog)?;
    let form = match catalog.get("AcroForm") {
        Some(Object::Dictionary(form)) => form.clone(),
        Some(Object::Reference(number)) => file.dictionary(*number)?,
        Some(_) | None => return unlike("the catalog has no form"),
    };
    let Some(Object::Array(fields)) = form.get("Fields") else {
        return unlike("the form has no fields");
    };
    let [Object::Reference(field)] = fields.as_slice() else {
        return unlike("the form has not exactly one field");
    };
    let field = file.dictionary(*field)?;
    if !field.has_name("FT", "Sig") || field.get("Kids").is_some() {
        return unlike("the field is no signature field");
    }
    let Some(Object::Reference(value)) = field.get("V") else {
        return unlike("the field is not signed");
    };
    check_certification(&catalog, *value)?;
    read_signature(&file.dictionary(*value)?)
}

/// A certifying signature (ISO 32000-1, 12.8.4) must be the signature of the field.
fn check_certification(catalog: &Dictionary<'_>, signature: u32) -> Found<()> {
    match catalog.get("Perms") {
        None => Ok(()),
        Some(Object::Dictionary(permissions)) if permissions.get("DocMDP") == Some(&Object::Reference(signature)) => Ok(()),
        Some(_) => unlike("the certification is by another signature"),
    }
}

fn read_signature<'a>(dictionary: &Dictionary<'a>) -> Found<SignatureDictionary<'a>> {
    if !dictionary.has_name("Filter", "Adobe.PPKLite") || !dictionary.has_name("SubFilter", "ETSI.CAdES.detached") {
        return unlike("the signature is not of the kind ETSI.CAdES.detached");
    }
    let Some(Object::Array(range)) = dictionary.get("ByteRange") else {
        return unlike("the signature has no ByteRange");
    };
    let Some(Object::Hexadecimal(contents)) = dictionary.get("Contents") else {
        return unlike("the signature has no Contents");
    };
    let number = |object: &Object<'_>| match object {
        Object::Integer(value) => usize::try_from(*value).ok(),
        Object::Other
        | Object::Name(_)
        | Object::Literal(_)
        | Object::Hexadecimal(_)
        | Object::Array(_)
        | Object::Dictionary(_)
        | Object::Reference(_) => None,
    };
    let numbers: Option<Vec<usize>> = range.iter().map(number).collect();
    let Some(byte_range) = numbers.and_then(|numbers| numbers.try_into().ok()) else {
        return unlike("ByteRange has not four numbers");
    };
    let signing_time = match dictionary.get("M") {
        Some(Object::Literal(text)) => Some(*text),
        Some(_) | None => None,
    };
    Ok(SignatureDictionary { byte_range, contents: contents.clone(), signing_time })
}

/// A file of one revision with one cross-reference table (ISO 32000-1, 7.5.4).
struct File<'a> {
    bytes: &'a [u8],
    table: Vec<Section<'a>>,
    trailer: Dictionary<'a>,
}

/// Entries of 20 bytes for objects with consecutive numbers.
struct Section<'a> {
    first: usize,
    entries: &'a [u8],
}

const ENTRY_BYTES: usize = 20;
/// A table in more sections than this is not ours; it would cost more memory than the file has bytes.
const MAX_SECTIONS: usize = 1_000;

impl<'a> File<'a> {
    fn open(bytes: &'a [u8]) -> Found<Self> {
        let (table_offset, end_marker) = end_of_file(bytes)?;
        let mut parser = Parser::at(bytes, table_offset);
        let Some((table, trailer)) = cross_references(&mut parser) else {
            return unlike("there is no cross-reference table in clear");
        };
        if trailer.get("Encrypt").is_some() {
            return Err(StructureFault::Encrypted);
        }
        if trailer.get("Prev").is_some() || trailer.get("XRefStm").is_some() {
            return Err(StructureFault::Updated);
        }
        parser.skip_white_space();
        if parser.position() != end_marker {
            return unlike("the trailer is not at the end");
        }
        Ok(Self { bytes, table, trailer })
    }

    /// The indirect object of this number, which must be a dictionary and no stream.
    fn dictionary(&self, number: u32) -> Found<Dictionary<'a>> {
        let found = usize::try_from(number).ok().and_then(|number| {
            let mut parser = Parser::at(self.bytes, self.offset(number)?);
            if parser.number()? != number || parser.number()? != 0 {
                return None;
            }
            parser.word("obj")?;
            let object = parser.object()?;
            parser.word("endobj")?;
            Some(object)
        });
        match found {
            Some(Object::Dictionary(dictionary)) => Ok(dictionary),
            Some(_) | None => unlike("an object is not where the cross-references say"),
        }
    }

    /// The place of an object of generation 0 that the table names exactly once.
    fn offset(&self, number: usize) -> Option<usize> {
        let mut entries = self.table.iter().filter_map(|section| {
            let index = number.checked_sub(section.first)?;
            let start = index.checked_mul(ENTRY_BYTES)?;
            section.entries.get(start..start.checked_add(ENTRY_BYTES)?)
        });
        let entry = entries.next()?;
        if entries.next().is_some() {
            return None;
        }
        let (offset, rest) = entry.split_at_checked(10)?;
        let in_use = rest.starts_with(b" 00000 n") && matches!(&rest[8..], b" \n" | b" \r" | b"\r\n");
        if !in_use || !offset.iter().all(u8::is_ascii_digit) {
            return None;
        }
        std::str::from_utf8(offset).ok()?.parse().ok()
    }
}

/// The offset behind the last `startxref`, and where that word stands. Behind `%%EOF` one line end may follow.
fn end_of_file(bytes: &[u8]) -> Found<(usize, usize)> {
    let end = [b"\r\n".as_slice(), b"\n", b"\r"].into_iter().find_map(|line_end| bytes.strip_suffix(line_end)).unwrap_or(bytes);
    let Some(before) = end.strip_suffix(b"%%EOF") else {
        return unlike("the file does not end with %%EOF");
    };
    let Some(marker) = memchr::memmem::rfind(before, b"startxref") else {
        return unlike("the file has no startxref");
    };
    let mut parser = Parser::at(before, marker);
    let offset = parser.word("startxref").and_then(|()| parser.number());
    parser.skip_white_space();
    match offset {
        Some(offset) if parser.position() == before.len() => Ok((offset, marker)),
        Some(_) | None => unlike("the end of the file is damaged"),
    }
}

/// The sections of a table, and the trailer behind them.
fn cross_references<'a>(parser: &mut Parser<'a>) -> Option<(Vec<Section<'a>>, Dictionary<'a>)> {
    parser.word("xref")?;
    let mut table = Vec::new();
    while parser.word("trailer").is_none() {
        if table.len() == MAX_SECTIONS {
            return None;
        }
        let first = parser.number()?;
        let count = parser.number()?;
        parser.skip_white_space();
        let entries = parser.take(count.checked_mul(ENTRY_BYTES)?)?;
        table.push(Section { first, entries });
    }
    match parser.object()? {
        Object::Dictionary(trailer) => Some((table, trailer)),
        Object::Other
        | Object::Integer(_)
        | Object::Name(_)
        | Object::Literal(_)
        | Object::Hexadecimal(_)
        | Object::Array(_)
        | Object::Reference(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of one object under a table written as `sections`.
    fn file(sections: &str) -> Vec<u8> {
        let head = "%PDF-1.7\n1 0 obj\n<</A 1>>\nendobj\n";
        let table = head.len();
        format!("{head}xref\n{sections}trailer\n<</Root 1 0 R>>\nstartxref\n{table}\n%%EOF").into_bytes()
    }

    fn finds_the_object(sections: &str) -> bool {
        let bytes = file(sections);
        File::open(&bytes).is_ok_and(|file| file.dictionary(1).is_ok())
    }

    #[test]
    fn objects_are_found_where_the_table_says() {
        for sections in [
            "1 1\n0000000009 00000 n \n",
            "1 1\n0000000009 00000 n\r\n",
            "0 2\n0000000000 65535 f \n0000000009 00000 n \n",
            "0 1\n0000000000 65535 f \n1 1\n0000000009 00000 n \n",
        ] {
            assert!(finds_the_object(sections), "{sections}");
        }
    }

    #[test]
    fn objects_that_are_free_elsewhere_or_named_twice_are_not_found() {
        for sections in [
            "",
            "2 1\n0000000009 00000 n \n",
            "1 1\n0000000009 00000 f \n",
            "1 1\n0000000009 00001 n \n",
            "1 1\n0000000010 00000 n \n",
            "1 1\n9999999999 00000 n \n",
            "1 1\n00000000+9 00000 n \n",
            "1 1\n0000000009 00000 n  \n",
            "1 2\n0000000009 00000 n \n",
            "1 1\n0000000009 00000 n \n1 1\n0000000009 00000 n \n",
        ] {
            assert!(!finds_the_object(sections), "{sections}");
        }
    }

    #[test]
    fn a_table_in_countless_sections_is_refused() {
        let proper = "1 1\n0000000009 00000 n \n";
        assert!(finds_the_object(&format!("{}{proper}", "9 0\n".repeat(999))));
        assert!(!finds_the_object(&format!("{}{proper}", "9 0\n".repeat(1_000))));
    }
}

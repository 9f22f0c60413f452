//! Reads single PDF objects (ISO 32000-1, 7.3) where they lie, within limits and without unpacking anything.

use std::ops::Range;

/// Arrays and dictionaries may be nested this deep.
const MAX_DEPTH: usize = 16;
/// One object may consist of this many.
const MAX_PARTS: usize = 4_096;

/// A PDF object; numbers that are not whole, booleans and null are read and forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Object<'a> {
    /// A boolean, null, or a number that is not whole.
    Other,
    Integer(i64),
    /// Without the slash; names with `#` escapes are refused.
    Name(&'a [u8]),
    /// A string in parentheses, the bytes between them with their escapes.
    Literal(&'a [u8]),
    /// A string in hexadecimal digits: its place in the file, angle brackets included.
    Hexadecimal(Range<usize>),
    Array(Vec<Object<'a>>),
    Dictionary(Dictionary<'a>),
    /// The number of an indirect object of generation 0.
    Reference(u32),
}

/// A dictionary in the order of the file; no key stands twice.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Dictionary<'a>(Vec<(&'a [u8], Object<'a>)>);

impl<'a> Dictionary<'a> {
    /// The value under `key`, which is written without the slash.
    pub(super) fn get(&self, key: &str) -> Option<&Object<'a>> {
        let found = self.0.iter().find(|(name, _)| *name == key.as_bytes());
        found.map(|(_, value)| value)
    }

    /// Whether the value under `key` is the name `name`.
    pub(super) fn has_name(&self, key: &str, name: &str) -> bool {
        self.get(key) == Some(&Object::Name(name.as_bytes()))
    }
}

/// Reads on from one place of a file.
pub(super) struct Parser<'a> {
    bytes: &'a [u8],
    position: usize,
    parts_left: usize,
}

impl<'a> Parser<'a> {
    /// Begins at the offset `position`, which may lie outside: then nothing can be read.
    pub(super) fn at(bytes: &'a [u8], position: usize) -> Self {
        Self { bytes, position, parts_left: MAX_PARTS }
    }

    /// Where the next byte lies.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// Reads the next object; `None` when it is damaged or beyond the limits.
    pub(super) fn object(&mut self) -> Option<Object<'a>> {
        self.nested(MAX_DEPTH)
    }

    /// Reads a whole number without sign.
    pub(super) fn number(&mut self) -> Option<usize> {
        self.skip_white_space();
        let digits = self.run(|byte| byte.is_ascii_digit());
        if digits.len() > 10 {
            return None;
        }
        std::str::from_utf8(digits).ok()?.parse().ok()
    }

    /// Reads exactly this word, with white space before it.
    pub(super) fn word(&mut self, word: &str) -> Option<()> {
        self.skip_white_space();
        self.exactly(word.as_bytes())?;
        let ends = self.peek().is_none_or(|byte| is_white_space(byte) || is_delimiter(byte));
        ends.then_some(())
    }

    /// Passes over white space and comments.
    pub(super) fn skip_white_space(&mut self) {
        loop {
            self.run(is_white_space);
            if self.peek() != Some(b'%') {
                return;
            }
            self.run(|byte| byte != b'\n' && byte != b'\r');
        }
    }

    /// Takes the next `length` bytes as they are.
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let end = self.position.checked_add(length)?;
        let taken = self.bytes.get(self.position..end)?;
        self.position = end;
        Some(taken)
    }

    fn nested(&mut self, depth: usize) -> Option<Object<'a>> {
        self.parts_left = self.parts_left.checked_sub(1)?;
        let depth = depth.checked_sub(1)?;
        self.skip_white_space();
        match self.peek()? {
            b'/' => self.name().map(Object::Name),
            b'(' => self.literal().map(Object::Literal),
            b'[' => self.array(depth),
            b'<' if self.bytes.get(self.position + 1) == Some(&b'<') => self.dictionary(depth),
            b'<' => self.hexadecimal(),
            b'+' | b'-' | b'.' | b'0'..=b'9' => self.number_or_reference(),
            _ => self.keyword(),
        }
    }

    fn name(&mut self) -> Option<&'a [u8]> {
        self.exactly(b"/")?;
        let name = self.run(is_regular);
        (!name.is_empty() && !name.contains(&b'#')).then_some(name)
    }

    fn literal(&mut self) -> Option<&'a [u8]> {
        self.exactly(b"(")?;
        let start = self.position;
        let mut open = 1_usize;
        loop {
            let byte = self.peek()?;
            self.position += 1;
            match byte {
                b'\\' => self.position += 1,
                b'(' => open += 1,
                b')' => open -= 1,
                _ => {}
            }
            if open == 0 {
                return self.bytes.get(start..self.position - 1);
            }
        }
    }

    fn hexadecimal(&mut self) -> Option<Object<'a>> {
        let start = self.position;
        let length = memchr::memchr(b'>', self.bytes.get(start..)?)?;
        self.position = start + length + 1;
        Some(Object::Hexadecimal(start..self.position))
    }

    fn array(&mut self, depth: usize) -> Option<Object<'a>> {
        self.exactly(b"[")?;
        let mut items = Vec::new();
        loop {
            self.skip_white_space();
            if self.exactly(b"]").is_some() {
                return Some(Object::Array(items));
            }
            items.push(self.nested(depth)?);
        }
    }

    fn dictionary(&mut self, depth: usize) -> Option<Object<'a>> {
        self.exactly(b"<<")?;
        let mut dictionary = Dictionary::default();
        loop {
            self.skip_white_space();
            if self.exactly(b">>").is_some() {
                return Some(Object::Dictionary(dictionary));
            }
            let key = self.name()?;
            let value = self.nested(depth)?;
            if dictionary.0.iter().any(|(known, _)| *known == key) {
                return None;
            }
            dictionary.0.push((key, value));
        }
    }

    fn number_or_reference(&mut self) -> Option<Object<'a>> {
        let text = self.run(|byte| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9'));
        let text = std::str::from_utf8(text).ok()?;
        if text.contains('.') {
            return text.parse::<f64>().ok().map(|_| Object::Other);
        }
        let value: i64 = text.parse().ok()?;
        let behind = self.position;
        if let Some(number) = u32::try_from(value).ok().filter(|number| *number > 0) {
            if self.number() == Some(0) && self.word("R").is_some() {
                return Some(Object::Reference(number));
            }
            self.position = behind;
        }
        Some(Object::Integer(value))
    }

    fn keyword(&mut self) -> Option<Object<'a>> {
        let word = self.run(is_regular);
        matches!(word, b"true" | b"false" | b"null").then_some(Object::Other)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn exactly(&mut self, expected: &[u8]) -> Option<()> {
        self.bytes.get(self.position..)?.starts_with(expected).then(|| self.position += expected.len())
    }

    fn run(&mut self, belongs: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let length = rest.iter().position(|byte| !belongs(*byte)).unwrap_or(rest.len());
        self.position += length;
        &rest[..length]
    }
}

fn is_white_space(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn is_regular(byte: u8) -> bool {
    !is_white_space(byte) && !is_delimiter(byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<Object<'_>> {
        Parser::at(text.as_bytes(), 0).object()
    }

    #[test]
    fn every_kind_of_object_is_read() {
        for (text, object) in [
            ("true", Object::Other),
            ("null", Object::Other),
            ("-1.5", Object::Other),
            (" 42 ", Object::Integer(42)),
            ("-7", Object::Integer(-7)),
            ("/Sig", Object::Name(b"Sig")),
            ("(a(b)\\)c)", Object::Literal(b"a(b)\\)c")),
            ("<0A>", Object::Hexadecimal(0..4)),
            ("12 0 R", Object::Reference(12)),
            ("%comment\n7", Object::Integer(7)),
            ("[1 2 0 R 3]", Object::Array(vec![Object::Integer(1), Object::Reference(2), Object::Integer(3)])),
            ("<</A/B/C 1>>", Object::Dictionary(Dictionary(vec![(b"A", Object::Name(b"B")), (b"C", Object::Integer(1))]))),
        ] {
            assert_eq!(read(text), Some(object), "{text}");
        }
    }

    #[test]
    fn damaged_and_ambiguous_objects_are_refused() {
        for text in [
            "",
            "/",
            "/A#42",
            "(a",
            "(a\\",
            "<0A",
            "[1",
            "<</A 1",
            "<</A 1/A 2>>",
            "<<1 2>>",
            "nul",
            "1-1",
            "--1",
            ">>",
            "}",
            "99999999999999999999",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn deep_and_long_objects_are_refused_before_they_cost_anything() {
        assert!(read(&format!("{}1{}", "[".repeat(15), "]".repeat(15))).is_some());
        assert_eq!(read(&format!("{}1{}", "[".repeat(16), "]".repeat(16))), None);
        assert_eq!(read(&"[".repeat(1_000_000)), None);
        assert_eq!(read(&format!("[{}]", "1 ".repeat(1_000_000))), None);
    }

    #[test]
    fn reading_outside_the_file_gives_nothing() {
        for position in [1, 2, usize::MAX] {
            let mut parser = Parser::at(b"1", position);
            assert_eq!(parser.object(), None);
            assert_eq!(parser.take(1), None);
            assert_eq!(parser.number(), None);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn no_bytes_make_the_parser_panic(text in "[\\[\\]<>/()%\\\\0-9 R.#a-c+-]{0,60}") {
            let _ = read(&text);
        }
    }
}

//! Events of XML from an archive, one at a time, none of them longer than memory bears. Document types are refused, and with them every entity of their own.

use std::io::{BufReader, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader};

use super::bounds::Pieces;
use super::refusal::Refusal;

pub(super) struct Xml<R: Read> {
    reader: Reader<Pieces<BufReader<R>>>,
    buffer: Vec<u8>,
}

impl<R: Read> Xml<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader: Reader::from_reader(Pieces::new(BufReader::new(reader))), buffer: Vec::new() }
    }

    /// The next event; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Event<'_>>, Refusal> {
        self.reader.get_mut().begin();
        self.buffer.clear();
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Eof) => Ok(None),
            Ok(Event::DocType(_)) => Err(Refusal::Damaged("it declares a document type, which no workbook does".to_owned())),
            Ok(event) => Ok(Some(event)),
            Err(error) => Err(refusal(&error)),
        }
    }
}

/// An error of the reader below stays what it is.
fn refusal(error: &Error) -> Refusal {
    let inner = if let Error::Io(io) = error { io.get_ref().and_then(|inner| inner.downcast_ref::<Refusal>()) } else { None };
    match inner {
        Some(Refusal::TooLarge { what, limit }) => Refusal::TooLarge { what: what.clone(), limit: limit.clone() },
        Some(other) => Refusal::damaged(other),
        // The library's words may quote the file.
        None => Refusal::Damaged("its XML is not well formed".to_owned()),
    }
}

/// The value of an attribute by its local name.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(quick_xml::escape::unescape(&found.value).map_or_else(|_| String::new(), std::borrow::Cow::into_owned))
}

/// The value of an attribute that is a number.
pub(super) fn number(element: &BytesStart<'_>, name: &str) -> Option<u64> {
    attribute(element, name)?.parse().ok()
}

//! What a QR code states of a certificate, and its form as a CBOR map.

use time::macros::date;
use time::{Date, Duration};

use super::QrError;
use crate::cbor::{self, Major, Reader};

/// The kinds that have a number on the wire; another kind is written out. Numbers are never given anew.
const KIND_NUMBERS: [(i64, &str); 6] = [
    (1, "constructor"),
    (2, "architect"),
    (3, "structural-engineer"),
    (4, "safety-personnel"),
    (5, "special-operation"),
    (6, "post-training"),
];

/// Days are counted from here, as in RFC 8943.
const DAY_ZERO: Date = date!(1970 - 01 - 01);

/// What a QR code states of a certificate. Of the person it holds name and the last four characters of the ID number.
///
/// On the wire it is a map with these integer keys, in ascending order; `key_id` stands in the COSE header.
/// A form that differs from this one will say so under key 0, which is absent here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// 1: the stable code of the certificate's kind; the six known ones are written as a number.
    pub kind: String,
    /// 2: the certificate's number (证书编号).
    pub number: String,
    /// 3: the holder's name as printed.
    pub name: String,
    /// 4: the last four characters of the holder's ID number.
    pub id_last_four: String,
    /// 5, absent if none: the last day of validity, a civil day of Asia/Shanghai, as days since 1970-01-01.
    pub valid_until: Option<Date>,
    /// 6: the version of the certificate, counted from 1.
    pub version: u16,
    /// 7: the status list that speaks of this version.
    pub status_list: u32,
    /// 8: the place of this version in the list.
    pub status_index: u32,
    /// The key that signs the statement.
    pub key_id: String,
    /// 9: when it was signed, in seconds since 1970-01-01T00:00:00Z.
    pub issued_at: i64,
}

impl Statement {
    /// Writes the map.
    pub(super) fn to_cbor(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(128);
        let pairs = 8 + u64::from(self.valid_until.is_some());
        cbor::push_head(&mut bytes, Major::Map, pairs);
        cbor::push_integer(&mut bytes, 1);
        match KIND_NUMBERS.iter().find(|(_, code)| *code == self.kind) {
            Some((number, _)) => cbor::push_integer(&mut bytes, *number),
            None => cbor::push_text(&mut bytes, &self.kind),
        }
        for (key, text) in [(2, &self.number), (3, &self.name), (4, &self.id_last_four)] {
            cbor::push_integer(&mut bytes, key);
            cbor::push_text(&mut bytes, text);
        }
        let valid_until = self.valid_until.map(|day| (day - DAY_ZERO).whole_days());
        let integers = [
            (5, valid_until),
            (6, Some(self.version.into())),
            (7, Some(self.status_list.into())),
            (8, Some(self.status_index.into())),
            (9, Some(self.issued_at)),
        ];
        for (key, value) in integers {
            if let Some(value) = value {
                cbor::push_integer(&mut bytes, key);
                cbor::push_integer(&mut bytes, value);
            }
        }
        bytes
    }

    /// Reads the map; refuses every form but the one that [`Self::to_cbor`] writes.
    pub(super) fn from_cbor(bytes: &[u8], key_id: &str) -> Result<Self, QrError> {
        if let Some(version) = later_form(bytes) {
            return Err(QrError::UnsupportedVersion(version));
        }
        let statement = read(bytes, key_id).ok_or(QrError::Unreadable)?;
        if statement.to_cbor() != bytes {
            return Err(QrError::Unreadable);
        }
        Ok(statement)
    }
}

/// The number under key 0, which only later forms have.
fn later_form(bytes: &[u8]) -> Option<u64> {
    let mut reader = Reader::new(bytes);
    reader.head(Major::Map)?;
    if reader.integer()? != 0 {
        return None;
    }
    reader.head(Major::Unsigned)
}

fn read(bytes: &[u8], key_id: &str) -> Option<Statement> {
    let mut reader = Reader::new(bytes);
    let pairs = reader.head(Major::Map)?;
    let expect = |reader: &mut Reader<'_>, key: i64| (reader.integer()? == key).then_some(());

    expect(&mut reader, 1)?;
    let kind = read_kind(&mut reader)?;
    expect(&mut reader, 2)?;
    let number = reader.text()?.to_owned();
    expect(&mut reader, 3)?;
    let name = reader.text()?.to_owned();
    expect(&mut reader, 4)?;
    let id_last_four = reader.text()?.to_owned();
    let valid_until = if pairs == 9 {
        expect(&mut reader, 5)?;
        let days = Duration::seconds(reader.integer()?.checked_mul(86_400)?);
        Some(DAY_ZERO.checked_add(days)?)
    } else {
        None
    };
    expect(&mut reader, 6)?;
    let version = reader.integer()?.try_into().ok()?;
    expect(&mut reader, 7)?;
    let status_list = reader.integer()?.try_into().ok()?;
    expect(&mut reader, 8)?;
    let status_index = reader.integer()?.try_into().ok()?;
    expect(&mut reader, 9)?;
    let issued_at = reader.integer()?;
    reader.is_at_end().then_some(Statement {
        kind,
        number,
        name,
        id_last_four,
        valid_until,
        version,
        status_list,
        status_index,
        key_id: key_id.to_owned(),
        issued_at,
    })
}

fn read_kind(reader: &mut Reader<'_>) -> Option<String> {
    if reader.is_text_next() {
        return reader.text().map(str::to_owned);
    }
    let number = reader.integer()?;
    let (_, code) = KIND_NUMBERS.iter().find(|(known, _)| *known == number)?;
    Some((*code).to_owned())
}

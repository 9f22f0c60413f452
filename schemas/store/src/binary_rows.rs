//! Rows in the binary form that COPY writes: what only passes through is not decoded.
//!
//! Source: the PostgreSQL manual, COPY, "Binary Format", and the send functions of the types.

use bytes::Bytes;
use futures::TryStreamExt as _;
use futures::stream::BoxStream;
use sqlx::PgConnection;

/// Signature, flags and the length of the header's extension, which no version has used.
const HEADER: usize = 19;

/// Rows as they came, in messages of whole rows.
#[derive(Debug)]
pub(crate) struct BinaryRows(Vec<Bytes>);

impl BinaryRows {
    /// What a query says, whose text has its values in it: COPY takes no parameters, so they must be numbers and dates.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn of(conn: &mut PgConnection, query: &str) -> sqlx::Result<Self> {
        Ok(Self(copied(conn, query).await?.try_collect().await?))
    }

    /// Reads each row by its fields, in the order of the query's columns.
    ///
    /// # Errors
    /// What `read` says, and [`sqlx::Error::Decode`] where the rows are not what COPY writes.
    pub(crate) fn read<'a, T>(&'a self, mut read: impl FnMut(&mut Fields<'a>) -> sqlx::Result<T>) -> sqlx::Result<Vec<T>> {
        let mut rows = Vec::with_capacity(self.0.len());
        let mut place = Place::Header;
        for message in &self.0 {
            place = place.after(message, |fields| read(fields).map(|row| rows.push(row)))?;
        }
        place.ended().map(|()| rows)
    }

    /// Reads each row of a query as it comes, so that they are not kept; the query is as for [`Self::of`].
    ///
    /// # Errors
    /// The database's, and those of [`Self::read`].
    pub(crate) async fn each(
        conn: &mut PgConnection,
        query: &str,
        mut read: impl FnMut(&mut Fields<'_>) -> sqlx::Result<()>,
    ) -> sqlx::Result<()> {
        let mut messages = copied(conn, query).await?;
        let mut place = Place::Header;
        while let Some(message) = messages.try_next().await? {
            place = place.after(&message, &mut read)?;
        }
        place.ended()
    }
}

async fn copied<'c>(conn: &'c mut PgConnection, query: &str) -> sqlx::Result<BoxStream<'c, sqlx::Result<Bytes>>> {
    // COPY is one of the two statements that the checked macros cannot express.
    conn.copy_out_raw(&format!("copy ({query}) to stdout (format binary)")).await
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Header,
    Row,
    Nothing,
}

impl Place {
    /// Reads the rows of a message, which holds whole ones.
    fn after<'a>(self, message: &'a [u8], mut read: impl FnMut(&mut Fields<'a>) -> sqlx::Result<()>) -> sqlx::Result<Self> {
        let mut fields = Fields { bytes: message, left: 0 };
        if self == Self::Header {
            fields.split(HEADER)?;
        }
        while !fields.bytes.is_empty() {
            fields.left = i16::from_be_bytes(fields.take()?);
            // After the last row.
            if fields.left == -1 {
                return Ok(Self::Nothing);
            }
            read(&mut fields)?;
            if fields.left != 0 {
                return Err(unlike("a row has another number of fields"));
            }
        }
        Ok(Self::Row)
    }

    fn ended(self) -> sqlx::Result<()> {
        if self == Self::Nothing { Ok(()) } else { Err(unlike("they have no end")) }
    }
}

/// What is left of the fields of a row, and of the rows after it.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    bytes: &'a [u8],
    /// Fields of the row that are not read yet.
    left: i16,
}

impl<'a> Fields<'a> {
    fn split(&mut self, length: usize) -> sqlx::Result<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or_else(|| unlike("the rows end too early"))?;
        self.bytes = rest;
        Ok(taken)
    }

    fn take<const N: usize>(&mut self) -> sqlx::Result<[u8; N]> {
        fixed(self.split(N)?)
    }

    /// The next field as it stands; none where it is null.
    pub(crate) fn raw(&mut self) -> sqlx::Result<Option<&'a [u8]>> {
        self.left -= 1;
        match usize::try_from(i32::from_be_bytes(self.take()?)) {
            Ok(length) => self.split(length).map(Some),
            Err(_) => Ok(None),
        }
    }

    /// The next field, which is not null.
    pub(crate) fn known(&mut self) -> sqlx::Result<&'a [u8]> {
        self.raw()?.ok_or_else(|| unlike("a field is null"))
    }

    /// The next field, a text or null.
    pub(crate) fn text(&mut self) -> sqlx::Result<Option<&'a str>> {
        self.raw()?.map(|bytes| std::str::from_utf8(bytes).map_err(|error| sqlx::Error::Decode(error.into()))).transpose()
    }

    /// The next field, a `bigint` or null.
    pub(crate) fn bigint(&mut self) -> sqlx::Result<Option<i64>> {
        self.raw()?.map(|bytes| fixed(bytes).map(i64::from_be_bytes)).transpose()
    }

    /// The next field, a `boolean` that is not null.
    pub(crate) fn boolean(&mut self) -> sqlx::Result<bool> {
        fixed(self.known()?).map(|[byte]| byte != 0)
    }
}

fn fixed<const N: usize>(bytes: &[u8]) -> sqlx::Result<[u8; N]> {
    bytes.try_into().map_err(|_| unlike("a field has another length"))
}

fn unlike(what: &'static str) -> sqlx::Error {
    sqlx::Error::Decode(format!("the database's binary rows are not as COPY writes them: {what}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second row and the end in messages of their own.
    fn rows(body: &[u8], at: usize) -> BinaryRows {
        let text = [b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".as_slice(), &body[..at]].concat();
        BinaryRows(vec![text.into(), body[at..].to_vec().into()])
    }

    #[test]
    fn fields_are_read_in_their_order() {
        let two = rows(b"\0\x03\0\0\0\x08\0\0\0\0\0\0\0\x07\xff\xff\xff\xff\0\0\0\x01\x01\0\x03\xff\xff\xff\xff\0\0\0\x03\xe5\xbc\xa0\0\0\0\x01\0\xff\xff", 23);
        let read = two.read(|row| Ok((row.bigint()?, row.text()?, row.boolean()?))).unwrap();
        assert_eq!(read, [(Some(7), None, true), (None, Some("张"), false)]);
    }

    #[test]
    fn rows_that_end_too_early_are_an_error() {
        for body in [b"".as_slice(), b"\0", b"\0\x01", b"\0\x01\0\0\0\x02\x01", b"\0\x01\0\0\0\x02\x01\x02"] {
            let error = rows(body, 0).read(|row| row.boolean()).unwrap_err().to_string();
            assert!(error.contains("not as COPY writes them"), "{error}");
        }
        assert!(BinaryRows(vec![Bytes::new()]).read(|row| row.raw().map(drop)).is_err());
    }

    #[test]
    fn a_row_with_more_or_fewer_fields_than_are_read_is_an_error() {
        for body in [b"\0\x02\0\0\0\x01\x01\0\0\0\x01\x01\xff\xff".as_slice(), b"\0\0\0\0\0\x01\x01\xff\xff"] {
            let error = rows(body, 0).read(|row| row.boolean()).unwrap_err().to_string();
            assert!(error.contains("another number of fields"), "{error}");
        }
    }
}

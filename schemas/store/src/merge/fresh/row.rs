//! A row whose certificate nobody knows, as the database gives it.

use domain::ids::{BatchId, PersonId};
use domain::status::Stage;
use sqlx::PgConnection;
use time::Date;

use crate::binary_rows::{BinaryRows, Fields};
use crate::intake_steps::Step;

/// A field that passes through as it is.
pub(super) type Raw<'a> = Option<&'a [u8]>;

/// A row that may become a certificate; bytes are in the form of their type that COPY reads.
#[derive(Debug)]
pub(super) struct FreshRow<'a> {
    pub(super) row_no: i64,
    pub(super) number: &'a [u8],
    pub(super) number_printed: Raw<'a>,
    pub(super) number_year: Raw<'a>,
    pub(super) category: Raw<'a>,
    pub(super) specialties: Raw<'a>,
    pub(super) name: &'a [u8],
    pub(super) id_kind: &'a [u8],
    pub(super) id_number: &'a [u8],
    pub(super) id_original: Raw<'a>,
    pub(super) sex: Raw<'a>,
    pub(super) birth_date: Raw<'a>,
    pub(super) phone: Raw<'a>,
    /// Match key and code.
    pub(super) employer: Option<(&'a str, &'a str)>,
    pub(super) duty: Raw<'a>,
    pub(super) first_issued_on: Raw<'a>,
    pub(super) issued_on: Raw<'a>,
    pub(super) issued_on_printed: Raw<'a>,
    pub(super) valid_from: Raw<'a>,
    pub(super) valid_until: Raw<'a>,
    /// As it is today.
    pub(super) legal_status: &'a str,
    pub(super) request: bool,
    pub(super) locked: bool,
    pub(super) person: Option<PersonId>,
    /// The holder has a portrait or a lock: the request is decided about by itself.
    pub(super) asked_singly: bool,
}

impl<'a> FreshRow<'a> {
    /// In the order of the query's columns.
    pub(super) fn read(row: &mut Fields<'a>) -> sqlx::Result<Self> {
        Ok(Self {
            row_no: row.bigint()?.unwrap_or_default(),
            number: row.known()?,
            number_printed: row.raw()?,
            number_year: row.raw()?,
            category: row.raw()?,
            specialties: row.raw()?,
            name: row.known()?,
            id_kind: row.known()?,
            id_number: row.known()?,
            id_original: row.raw()?,
            sex: row.raw()?,
            birth_date: row.raw()?,
            phone: row.raw()?,
            employer: row.text()?.zip(row.text()?),
            duty: row.raw()?,
            first_issued_on: row.raw()?,
            issued_on: row.raw()?,
            issued_on_printed: row.raw()?,
            valid_from: row.raw()?,
            valid_until: row.raw()?,
            legal_status: row.text()?.unwrap_or_default(),
            request: row.boolean()?,
            locked: row.boolean()?,
            person: row.bigint()?.map(PersonId),
            asked_singly: row.boolean()?,
        })
    }

    /// Where the electronic one is asked for and its holder has neither a portrait nor a lock, the certificate waits for the
    /// photo from the start.
    pub(super) fn waits_for_photo(&self) -> bool {
        self.request && !self.asked_singly
    }

    pub(super) fn stage(&self) -> Stage {
        if self.waits_for_photo() { Stage::AwaitingPhoto } else { Stage::Paper }
    }
}

/// The rows of a step whose certificates the register does not know.
pub(super) async fn of_step(conn: &mut PgConnection, batch: BatchId, step: Step, today: Date) -> sqlx::Result<BinaryRows> {
    let query = include_str!("../../../queries/merge/fresh.sql")
        .replace("$1", &batch.0.to_string())
        .replace("$2", &step.after.to_string())
        .replace("$3", &step.upto.to_string())
        .replace("$4", &format!("date '{today}'"));
    BinaryRows::of(conn, &query).await
}

//! Rows whose certificate nobody knows yet become certificates, their holders persons, each with the first event of its chain.

use std::collections::HashMap;

use domain::ids::{CertificateId, PersonId};
use domain::status::Stage;
use serde_json::Value;
use sqlx::PgConnection;
use time::Date;

use super::lane::Lane;
use crate::intake_steps::Step;

mod copies;

use copies::Copies;

/// A row that may become a certificate.
#[derive(Debug)]
struct FreshRow {
    row_no: i64,
    number: String,
    number_printed: String,
    number_year: Option<i32>,
    category: Option<String>,
    specialties: Option<Value>,
    name: String,
    id_kind: String,
    id_number: String,
    id_original: String,
    sex: Option<String>,
    birth_date: Option<Date>,
    phone: Option<String>,
    employer_key: Option<String>,
    employer_code: String,
    duty: Option<String>,
    first_issued_on: Option<Date>,
    issued_on: Option<Date>,
    issued_on_printed: Option<String>,
    valid_from: Option<Date>,
    valid_until: Option<Date>,
    /// As it is today.
    legal_status: String,
    request: bool,
    locked: bool,
    person: Option<PersonId>,
    /// The holder has a portrait or a lock: the request is decided about by itself.
    asked_singly: bool,
}

impl FreshRow {
    /// Where the electronic one is asked for and its holder has neither a portrait nor a lock, the certificate waits for the
    /// photo from the start.
    fn waits_for_photo(&self) -> bool {
        self.request && !self.asked_singly
    }

    fn stage(&self) -> Stage {
        if self.waits_for_photo() { Stage::AwaitingPhoto } else { Stage::Paper }
    }
}

/// What became of the rows.
#[derive(Debug, Default)]
pub(super) struct Created {
    pub(super) count: i64,
    /// New certificates whose request must be decided about.
    pub(super) ask: Vec<CertificateId>,
    /// Holders of new certificates that wait for a photo.
    pub(super) wait: Vec<PersonId>,
    /// New certificates that their register calls locked, with their rows.
    pub(super) locked: Vec<(CertificateId, i64)>,
    /// Rows that name another holder than a row before them, under the same document.
    pub(super) hold: Vec<(i64, &'static str)>,
}

/// Creates the certificates of a step that the register does not know.
pub(super) async fn create(conn: &mut PgConnection, lane: &mut Lane<'_>, step: Step) -> sqlx::Result<Created> {
    let batch = lane.batch.id;
    let rows = sqlx::query_file_as!(FreshRow, "queries/merge/fresh.sql", batch.0, step.after, step.upto, lane.rules.today)
        .fetch_all(&mut *conn)
        .await?;
    let mut created = Created::default();
    if rows.is_empty() {
        return Ok(created);
    }
    let mut holders = Holders::default();
    let places: Vec<Place> = rows.iter().map(|row| row.person.map_or_else(|| holders.meet(row), Place::Known)).collect();
    lane.meet(conn, rows.iter().filter_map(|row| Some((row.employer_key.as_deref()?, row.employer_code.as_str())))).await?;
    let reserved = reserve(conn, rows.len(), holders.newcomers.len()).await?;
    let mut copies = Copies::new(lane, reserved.now);
    // In the order of the largest index of persons.
    let mut newcomers: Vec<(&FreshRow, PersonId)> = holders.newcomers.into_iter().zip(reserved.persons.iter().copied()).collect();
    newcomers.sort_unstable_by_key(|(row, _)| &row.id_number);
    newcomers.iter().for_each(|(row, person)| copies.person(*person, row));
    for ((row, place), certificate) in rows.iter().zip(places).zip(reserved.certificates) {
        let person = match place {
            Place::Known(person) => person,
            Place::New(place) => reserved.persons[place],
            Place::Taken => {
                created.hold.push((row.row_no, "same-id-other-name"));
                continue;
            }
        };
        if row.waits_for_photo() {
            created.wait.push(person);
        } else if row.request {
            created.ask.push(certificate);
        }
        if row.locked {
            created.locked.push((certificate, row.row_no));
        }
        created.count += 1;
        copies.certificate(certificate, person, row)?;
    }
    copies.send(conn).await?;
    Ok(created)
}

/// Who the holder of a row is.
#[derive(Debug, Clone, Copy)]
enum Place {
    Known(PersonId),
    /// The newcomer at this place.
    New(usize),
    /// A row before it names somebody else under the same document.
    Taken,
}

/// The holders whom the register does not know, each with the first row that names them.
#[derive(Debug, Default)]
struct Holders<'rows> {
    newcomers: Vec<&'rows FreshRow>,
    by_document: HashMap<(&'rows str, &'rows str), usize>,
}

impl<'rows> Holders<'rows> {
    fn meet(&mut self, row: &'rows FreshRow) -> Place {
        let place = *self.by_document.entry((&row.id_number, &row.id_kind)).or_insert(self.newcomers.len());
        match self.newcomers.get(place) {
            Some(first) if first.name != row.name => Place::Taken,
            Some(_) => Place::New(place),
            None => {
                self.newcomers.push(row);
                Place::New(place)
            }
        }
    }
}

/// Ids that nobody else gets, and the time of the transaction in microseconds since 1970.
struct Reserved {
    certificates: Vec<CertificateId>,
    persons: Vec<PersonId>,
    now: i64,
}

async fn reserve(conn: &mut PgConnection, certificates: usize, persons: usize) -> sqlx::Result<Reserved> {
    let (certificates, persons) = (i64::try_from(certificates).unwrap_or(i64::MAX), i64::try_from(persons).unwrap_or(i64::MAX));
    sqlx::query_as!(
        Reserved,
        r#"select array(select nextval('certificate_id_seq') from generate_series(1, $1::bigint)) as "certificates!: Vec<CertificateId>",
                  array(select nextval('person_id_seq') from generate_series(1, $2::bigint)) as "persons!: Vec<PersonId>",
                  (extract(epoch from now()) * 1000000)::bigint as "now!""#,
        certificates,
        persons
    )
    .fetch_one(conn)
    .await
}

//! Rows whose certificate nobody knows yet become certificates, their holders persons, each with the first event of its chain.

use std::collections::HashMap;

use domain::ids::{CertificateId, PersonId};
use sqlx::PgConnection;

use super::lane::Lane;
use crate::intake_steps::Step;

mod copies;
mod row;

use copies::Copies;
use row::FreshRow;

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
    let rows = row::of_step(conn, lane.batch.id, step, lane.rules.today).await?;
    let rows = rows.read(FreshRow::read)?;
    let mut created = Created::default();
    if rows.is_empty() {
        return Ok(created);
    }
    let mut holders = Holders::default();
    let places: Vec<Place> = rows.iter().map(|row| row.person.map_or_else(|| holders.meet(row), Place::Known)).collect();
    let employers = lane.employers(conn, rows.iter().map(|row| row.employer)).await?;
    let reserved = reserve(conn, rows.len(), holders.newcomers.len()).await?;
    let mut copies = Copies::new(lane, reserved.now);
    // In the order of the largest index of persons.
    let mut newcomers: Vec<(&FreshRow<'_>, PersonId)> = holders.newcomers.into_iter().zip(reserved.persons.iter().copied()).collect();
    newcomers.sort_unstable_by_key(|(row, _)| row.id_number);
    newcomers.iter().for_each(|(row, person)| copies.person(*person, row));
    for (((row, place), employer), certificate) in rows.iter().zip(places).zip(employers).zip(reserved.certificates) {
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
        copies.certificate(certificate, person, employer, row)?;
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
    newcomers: Vec<&'rows FreshRow<'rows>>,
    by_document: HashMap<(&'rows [u8], &'rows [u8]), usize>,
}

impl<'rows> Holders<'rows> {
    fn meet(&mut self, row: &'rows FreshRow<'rows>) -> Place {
        let place = *self.by_document.entry((row.id_number, row.id_kind)).or_insert(self.newcomers.len());
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

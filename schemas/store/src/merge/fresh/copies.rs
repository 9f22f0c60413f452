//! The rows of the register that a step makes, on their way by COPY.

use domain::ids::{CertificateId, EmployerId, PersonId};
use serde_json::Value;
use sqlx::PgConnection;
use time::Date;
use time::macros::format_description;

use super::row::{FreshRow, Raw};
use crate::binary_copy::BinaryCopy;
use crate::events::{FirstEvent, first_hash};
use crate::merge::lane::Lane;

const PERSONS: &str = "copy person (id, name, id_kind, id_number, id_original, sex, birth_date, phone) from stdin (format binary)";
const CERTIFICATES: &str = "copy certificate (id, kind, number, number_printed, number_year, person_id, employer_id, category, duty,
    first_issued_on, issued_on, issued_on_printed, valid_from, valid_until, legal_status, stage, issue_requested, batch_id,
    delivered_as_of, event_seq, event_hash) from stdin (format binary)";
const SPECIALTIES: &str = "copy certificate_specialty (certificate_id, position, category, valid_until) from stdin (format binary)";
const EVENTS: &str =
    "copy certificate_event (certificate_id, seq, at, actor, event, legal_status, stage, detail, hash) from stdin (format binary)";

/// Persons, certificates, specialties and first events, each kind for one COPY.
pub(super) struct Copies<'a> {
    lane: &'a Lane<'a>,
    /// Microseconds since 1970.
    now: i64,
    persons: BinaryCopy,
    certificates: BinaryCopy,
    specialties: BinaryCopy,
    events: BinaryCopy,
}

impl<'a> Copies<'a> {
    pub(super) fn new(lane: &'a Lane<'a>, now: i64) -> Self {
        Self {
            lane,
            now,
            persons: BinaryCopy::new(8),
            certificates: BinaryCopy::new(21),
            specialties: BinaryCopy::new(4),
            events: BinaryCopy::new(9),
        }
    }

    pub(super) fn person(&mut self, id: PersonId, row: &FreshRow<'_>) {
        let copy = &mut self.persons;
        copy.row();
        copy.bigint(id.0);
        copy.raw(Some(row.name));
        copy.raw(Some(row.id_kind));
        copy.raw(Some(row.id_number));
        copy.raw(row.id_original.or(Some(row.id_number)));
        copy.raw(row.sex);
        copy.raw(row.birth_date);
        copy.raw(row.phone);
    }

    pub(super) fn certificate(
        &mut self,
        id: CertificateId,
        person: PersonId,
        employer: Option<EmployerId>,
        row: &FreshRow<'_>,
    ) -> sqlx::Result<()> {
        let hash = self.first_event(id, row);
        let waits = row.waits_for_photo();
        let stage = row.stage();
        let Lane { batch, kind, .. } = self.lane;
        let copy = &mut self.certificates;
        copy.row();
        copy.bigint(id.0);
        copy.text(kind.as_str());
        copy.raw(Some(row.number));
        copy.raw(row.number_printed.or(Some(row.number)));
        copy.raw(row.number_year);
        copy.bigint(person.0);
        match employer {
            Some(employer) => copy.bigint(employer.0),
            None => copy.null(),
        }
        copy.raw(row.category);
        copy.raw(row.duty);
        copy.raw(row.first_issued_on);
        copy.raw(row.issued_on);
        copy.raw(row.issued_on_printed);
        copy.raw(row.valid_from);
        copy.raw(row.valid_until);
        copy.text(row.legal_status);
        copy.text(stage.as_str());
        copy.boolean(waits);
        copy.bigint(batch.id.0);
        copy.date(Some(batch.as_of));
        copy.integer(Some(1));
        copy.bytea(&hash);
        self.specialties(id, row.specialties)
    }

    fn first_event(&mut self, id: CertificateId, row: &FreshRow<'_>) -> [u8; 32] {
        let event = FirstEvent {
            certificate: id,
            at: self.now,
            actor: self.lane.rules.actor,
            event: "imported",
            legal_status: row.legal_status,
            stage: row.stage(),
            detail: detail(self.lane.batch.id.0, row),
        };
        let hash = first_hash(&event);
        let copy = &mut self.events;
        copy.row();
        copy.bigint(id.0);
        copy.integer(Some(1));
        copy.instant(event.at);
        copy.text(event.actor);
        copy.text(event.event);
        copy.text(event.legal_status);
        copy.text(event.stage.as_str());
        copy.jsonb(&event.detail);
        copy.bytea(&hash);
        hash
    }

    fn specialties(&mut self, id: CertificateId, specialties: Raw<'_>) -> sqlx::Result<()> {
        let Some(specialties) = specialties else { return Ok(()) };
        // Of `jsonb` the binary form is its version, 1, and its text.
        let [1, text @ ..] = specialties else { return Err(sqlx::Error::Decode("jsonb of a version that is not known".into())) };
        let items: Vec<Value> = serde_json::from_slice(text).map_err(|error| sqlx::Error::Decode(error.into()))?;
        for (position, item) in (1..).zip(&items) {
            self.specialties.row();
            self.specialties.bigint(id.0);
            self.specialties.integer(Some(position));
            self.specialties.text(item["category"].as_str().unwrap_or_default());
            self.specialties.date(item["valid_until"].as_str().map(day).transpose()?);
        }
        Ok(())
    }

    /// Copies everything in the caller's transaction, what is referred to first.
    pub(super) async fn send(self, conn: &mut PgConnection) -> sqlx::Result<()> {
        self.persons.send(conn, PERSONS).await?;
        self.certificates.send(conn, CERTIFICATES).await?;
        self.specialties.send(conn, SPECIALTIES).await?;
        self.events.send(conn, EVENTS).await?;
        Ok(())
    }
}

/// The detail of a first event as `jsonb` writes it, since its hash is made of that text: shorter keys first.
fn detail(batch: i64, row: &FreshRow<'_>) -> String {
    let requested = if row.waits_for_photo() { r#", "requested": true"# } else { "" };
    format!(r#"{{"row": {}, "batch": {batch}{requested}}}"#, row.row_no)
}

fn day(text: &str) -> sqlx::Result<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).map_err(|error| sqlx::Error::Decode(error.into()))
}

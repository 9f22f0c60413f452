//! A row on its way into the register, beside what is known of its certificate and its holder.

use domain::ids::{CertificateId, PersonId};
use domain::status::LegalStatus;
use time::Date;

/// A row that may become a certificate.
#[derive(Debug, Clone)]
pub(super) struct MergeRow {
    pub(super) row_no: i64,
    pub(super) name: String,
    #[expect(dead_code, reason = "read for the comparison that the query makes")]
    pub(super) valid_from: Option<Date>,
    pub(super) valid_until: Option<Date>,
    pub(super) first_issued_on: Option<Date>,
    pub(super) issued_on: Option<Date>,
    pub(super) number_year: Option<i32>,
    pub(super) legal_status: String,
    /// The register calls the certificate locked.
    pub(super) locked: bool,
    /// The holder, where the register knows one.
    pub(super) person: Option<PersonId>,
    pub(super) person_name: Option<String>,
    pub(super) known: Option<CertificateId>,
    pub(super) known_person: Option<PersonId>,
    pub(super) known_status: Option<String>,
    pub(super) known_as_of: Option<Date>,
    pub(super) known_valid_until: Option<Date>,
    pub(super) same: bool,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Update(CertificateId),
    Unchanged(CertificateId),
    /// A newer delivery says otherwise.
    Overtaken(CertificateId),
    Hold(&'static str),
}

/// Decides about a row; `as_of` is the day on which its delivery was true, `delivered` its legal status as it is today.
pub(super) fn fate(row: &MergeRow, as_of: Date, delivered: LegalStatus) -> Fate {
    if row.person_name.as_ref().is_some_and(|name| *name != row.name) {
        return Fate::Hold("same-id-other-name");
    }
    let Some(known) = row.known else { return Fate::Hold("same-id-other-name") };
    if row.known_person != row.person {
        return Fate::Hold("number-of-two-people");
    }
    let differs = !row.same || row.known_status.as_deref() != Some(delivered.as_str());
    match row.known_as_of.is_none_or(|known| known <= as_of) {
        true if differs => Fate::Update(known),
        false if differs => Fate::Overtaken(known),
        true | false => Fate::Unchanged(known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn row() -> MergeRow {
        MergeRow {
            row_no: 1,
            name: "张三".to_owned(),
            valid_from: None,
            valid_until: None,
            first_issued_on: None,
            issued_on: None,
            number_year: None,
            legal_status: "valid".to_owned(),
            locked: false,
            person: Some(PersonId(1)),
            person_name: Some("张三".to_owned()),
            known: Some(CertificateId(7)),
            known_person: Some(PersonId(1)),
            known_status: Some("valid".to_owned()),
            known_as_of: Some(date!(2026 - 10 - 31)),
            known_valid_until: None,
            same: true,
        }
    }

    #[test]
    fn each_row_has_one_fate() {
        let day = date!(2026 - 10 - 31);
        let table = [
            ("as it was", row(), Fate::Unchanged(CertificateId(7))),
            ("corrected", MergeRow { same: false, ..row() }, Fate::Update(CertificateId(7))),
            (
                "older delivery",
                MergeRow { same: false, known_as_of: Some(date!(2026 - 11 - 01)), ..row() },
                Fate::Overtaken(CertificateId(7)),
            ),
            ("contradicts an expiry", MergeRow { known_status: Some("expired".to_owned()), ..row() }, Fate::Update(CertificateId(7))),
            ("cancelled since", MergeRow { legal_status: "cancelled".to_owned(), ..row() }, Fate::Update(CertificateId(7))),
            ("of another person", MergeRow { known_person: Some(PersonId(2)), ..row() }, Fate::Hold("number-of-two-people")),
            ("of a holder whom nobody knows", MergeRow { person: None, person_name: None, ..row() }, Fate::Hold("number-of-two-people")),
            ("under another name", MergeRow { person_name: Some("李四".to_owned()), ..row() }, Fate::Hold("same-id-other-name")),
        ];
        for (case, row, fate_wanted) in table {
            let delivered = row.legal_status.parse().unwrap();
            assert_eq!(fate(&row, day, delivered), fate_wanted, "{case}");
        }
    }
}

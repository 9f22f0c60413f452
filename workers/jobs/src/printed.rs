//! What a certificate prints: the order's snapshot, put into words from the stored facts, and back into a page.

use domain::category::Category;
use domain::civil_date::format_zh;
use domain::identity::{IdentityDocument, IdentityKind};
use domain::kind::Kind;
use domain::printed_field::PrintedField;
use domain::sex::Sex;
use render::{PrintedCertificate, PrintedValue};
use serde::{Deserialize, Serialize};
use store::orders::{Order, Printable};
use time::{Date, OffsetDateTime};

/// Every value that a document shows, as the order stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Code of the kind.
    pub kind: String,
    /// Printed title.
    pub title: String,
    /// Certificate number.
    pub number: String,
    /// The holder's name, as printed.
    pub holder_name: String,
    /// Last four characters of the holder's document number: what the QR statement tells of it.
    pub id_last_four: String,
    /// Last day of the period, as YYYY-MM-DD.
    pub valid_until: Option<String>,
    /// The values by the code of their field ([`PrintedField`]), each as its lines. Labels and order are the template's.
    pub values: Vec<(String, Vec<String>)>,
    /// Issuing authority.
    pub authority: String,
    /// The contact line.
    pub contact: String,
}

/// Puts a certificate into words: whatever is known of the facts that the kind's template prints.
///
/// # Errors
/// When a stored code is unknown to this program.
pub fn snapshot(of: &Printable, printed: &[PrintedField], contact: &str) -> anyhow::Result<Snapshot> {
    let kind: Kind = of.kind.parse()?;
    let id_kind: IdentityKind = of.id_kind.parse()?;
    let document = IdentityDocument::from_stored(id_kind, of.id_number.clone());
    let category = of.category.as_deref().map(str::parse::<Category>).transpose()?.map(|category| category.zh().to_owned());
    let specialties = specialties(of.specialties.as_ref(), of.valid_until)?;
    let one = |value: Option<String>| Vec::from_iter(value.filter(|value| !value.is_empty()));
    let mut values = Vec::with_capacity(printed.len());
    for field in printed {
        let lines = match field {
            PrintedField::HolderName => one(Some(of.holder_name.clone())),
            PrintedField::Sex => one(of.sex.as_deref().map(str::parse::<Sex>).transpose()?.map(|sex| sex.zh().to_owned())),
            PrintedField::BirthDate => one(of.birth_date.map(format_zh)),
            PrintedField::IdNumber => one(Some(of.id_number.clone())),
            PrintedField::Employer => one(of.employer_name.clone()),
            // Whoever is trained for a post that has no code keeps its name.
            PrintedField::Category if kind == Kind::PostTraining => one(category.clone().or_else(|| of.duty.clone())),
            PrintedField::Duty => one(of.duty.clone()),
            // The specialties tell the category.
            PrintedField::Category if !specialties.is_empty() => Vec::new(),
            PrintedField::Category => one(category.clone()),
            PrintedField::Specialties => specialties.clone(),
            PrintedField::FirstIssuedOn => one(of.first_issued_on.map(format_zh)),
            PrintedField::Validity => one(period(of.valid_from.or(of.issued_on), of.valid_until)),
        };
        // A field without a value is not printed: a blank would look like a loss.
        if !lines.is_empty() {
            values.push((field.as_str().to_owned(), lines));
        }
    }
    Ok(Snapshot {
        kind: of.kind.clone(),
        title: kind.title_zh().to_owned(),
        number: of.number.clone(),
        holder_name: of.holder_name.clone(),
        id_last_four: document.last_four().to_owned(),
        valid_until: of.valid_until.map(|day| day.to_string()),
        values,
        authority: kind.authority_zh().to_owned(),
        contact: contact.to_owned(),
    })
}

/// A constructor's specialties, each with its last day: its own, else the certificate's.
fn specialties(stored: Option<&serde_json::Value>, valid_until: Option<Date>) -> anyhow::Result<Vec<String>> {
    let stored: Vec<StoredSpecialty> = stored.map(|value| serde_json::from_value(value.clone())).transpose()?.unwrap_or_default();
    stored
        .into_iter()
        .map(|specialty| {
            let category: Category = specialty.category.parse()?;
            let own = specialty.valid_until.map(|day| Date::parse(&day, DAY)).transpose()?;
            Ok(match own.or(valid_until) {
                Some(until) => format!("{}（有效期至{}）", category.zh(), format_zh(until)),
                None => category.zh().to_owned(),
            })
        })
        .collect()
}

/// As the database writes a day into JSON.
const DAY: &[time::format_description::BorrowedFormatItem<'_>] = time::macros::format_description!("[year]-[month]-[day]");

#[derive(Deserialize)]
struct StoredSpecialty {
    category: String,
    valid_until: Option<String>,
}

fn period(from: Option<Date>, until: Option<Date>) -> Option<String> {
    match (from, until) {
        (Some(from), Some(until)) => Some(format!("{} 至 {}", format_zh(from), format_zh(until))),
        (None, Some(until)) => Some(format!("至 {}", format_zh(until))),
        (Some(_) | None, None) => None,
    }
}

/// The page of an order. A function of the order alone.
///
/// # Errors
/// When the stored snapshot cannot be read.
pub fn page(order: &Order, snapshot: &Snapshot, signer_name: &str, qr_text: String) -> anyhow::Result<PrintedCertificate> {
    let draft = draft(snapshot, order.version, order.signing_time, signer_name, qr_text)?;
    Ok(PrintedCertificate { identifier: order.identifier.clone(), ..draft })
}

/// The page that an order of this snapshot would have, but for its identifier.
///
/// # Errors
/// When the snapshot cannot be read.
pub fn draft(
    snapshot: &Snapshot,
    version: i32,
    signing_time: OffsetDateTime,
    signer_name: &str,
    qr_text: String,
) -> anyhow::Result<PrintedCertificate> {
    let signing_time = signing_time.to_offset(domain::civil_date::SHANGHAI);
    Ok(PrintedCertificate {
        kind: snapshot.kind.parse()?,
        title: snapshot.title.clone(),
        number: snapshot.number.clone(),
        identifier: None,
        version: u16::try_from(version)?,
        values: snapshot
            .values
            .iter()
            .map(|(field, lines)| Ok(PrintedValue { field: field.parse()?, lines: lines.clone() }))
            .collect::<anyhow::Result<_>>()?,
        authority: snapshot.authority.clone(),
        issued_on_text: format_zh(signing_time.date()),
        contact: snapshot.contact.clone(),
        signer_name: signer_name.to_owned(),
        signing_time,
        holder_name: snapshot.holder_name.clone(),
        qr_text,
    })
}

/// Every text that the page prints in the certificate's fonts, with the name of its field: asked for missing characters
/// before an order is made.
#[must_use]
pub fn texts(snapshot: &Snapshot) -> Vec<(&str, &str)> {
    let mut texts = vec![("title", snapshot.title.as_str()), ("number", &snapshot.number), ("authority", &snapshot.authority)];
    texts.extend(snapshot.values.iter().flat_map(|(field, lines)| lines.iter().map(|line| (field.as_str(), line.as_str()))));
    texts.push(("contact", &snapshot.contact));
    texts
}

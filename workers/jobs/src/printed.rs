//! What a certificate prints: the order's snapshot, put into words from the stored facts, and back into a page.

use domain::category::Category;
use domain::civil_date::format_zh;
use domain::identity::{IdentityDocument, IdentityKind};
use domain::kind::Kind;
use domain::sex::Sex;
use render::{PrintedCertificate, PrintedField};
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
    /// Labels and values in their order.
    pub fields: Vec<(String, String)>,
    /// Issuing authority.
    pub authority: String,
    /// The contact line.
    pub contact: String,
}

/// Puts a certificate into words.
///
/// The fields of safety personnel and special operations are those of the national interfaces; for kinds whose field list is
/// not published they are the sensible ones (`domain.md` §1.2).
///
/// # Errors
/// When a stored code is unknown to this program.
pub fn snapshot(of: &Printable, contact: &str) -> anyhow::Result<Snapshot> {
    let kind: Kind = of.kind.parse()?;
    let id_kind: IdentityKind = of.id_kind.parse()?;
    let document = IdentityDocument::from_stored(id_kind, of.id_number.clone());
    let category = of.category.as_deref().map(str::parse::<Category>).transpose()?;
    let sex = of.sex.as_deref().map(str::parse::<Sex>).transpose()?;
    let mut fields = Fields(Vec::new());
    fields.put("姓名", Some(of.holder_name.clone()));
    fields.put("性别", sex.map(|sex| sex.zh().to_owned()));
    match kind {
        Kind::SafetyPersonnel => {
            fields.put("出生日期", of.birth_date.map(format_zh));
            fields.put("企业名称", of.employer_name.clone());
            fields.put("职务", of.duty.clone());
            fields.put("人员类别", category.map(|category| category.zh().to_owned()));
        }
        Kind::SpecialOperation => {
            fields.put("身份证号", Some(of.id_number.clone()));
            fields.put("操作类别", category.map(|category| category.zh().to_owned()));
        }
        Kind::Constructor => {
            fields.put("出生日期", of.birth_date.map(format_zh));
            fields.put("聘用企业", of.employer_name.clone());
            let specialties = specialties(of.specialties.as_ref(), of.valid_until)?;
            if specialties.is_empty() {
                fields.put("注册专业", category.map(|category| category.zh().to_owned()));
            }
            for (place, specialty) in specialties.into_iter().enumerate() {
                // An empty label continues the field above it.
                fields.put(if place == 0 { "注册专业" } else { "" }, Some(specialty));
            }
        }
        Kind::Architect | Kind::StructuralEngineer => {
            fields.put("身份证号", Some(of.id_number.clone()));
            fields.put("聘用单位", of.employer_name.clone());
        }
        Kind::PostTraining => {
            fields.put("身份证号", Some(of.id_number.clone()));
            fields.put("岗位", category.map(|category| category.zh().to_owned()).or_else(|| of.duty.clone()));
        }
    }
    fields.put("初次领证", of.first_issued_on.map(format_zh));
    fields.put("有效期限", period(of.valid_from.or(of.issued_on), of.valid_until));
    Ok(Snapshot {
        kind: of.kind.clone(),
        title: kind.title_zh().to_owned(),
        number: of.number.clone(),
        holder_name: of.holder_name.clone(),
        id_last_four: document.last_four().to_owned(),
        valid_until: of.valid_until.map(|day| day.to_string()),
        fields: fields.0,
        authority: kind.authority_zh().to_owned(),
        contact: contact.to_owned(),
    })
}

/// A constructor's specialties, each with its own end date where that is not the certificate's.
fn specialties(stored: Option<&serde_json::Value>, valid_until: Option<Date>) -> anyhow::Result<Vec<String>> {
    let stored: Vec<StoredSpecialty> = stored.map(|value| serde_json::from_value(value.clone())).transpose()?.unwrap_or_default();
    let several = stored.len() > 1;
    stored
        .into_iter()
        .map(|specialty| {
            let category: Category = specialty.category.parse()?;
            let until = specialty.valid_until.filter(|until| several || Some(until) != valid_until.map(|day| day.to_string()).as_ref());
            Ok(match until {
                Some(until) => format!("{}（有效期至 {}）", category.zh(), until),
                None => category.zh().to_owned(),
            })
        })
        .collect()
}

#[derive(Deserialize)]
struct StoredSpecialty {
    category: String,
    valid_until: Option<String>,
}

struct Fields(Vec<(String, String)>);

impl Fields {
    /// A field without a value is not printed: a blank would look like a loss.
    fn put(&mut self, label: &str, value: Option<String>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.0.push((label.to_owned(), value));
        }
    }
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
    let signing_time: OffsetDateTime = order.signing_time.to_offset(domain::civil_date::SHANGHAI);
    Ok(PrintedCertificate {
        kind: snapshot.kind.parse()?,
        title: snapshot.title.clone(),
        number: snapshot.number.clone(),
        identifier: order.identifier.clone(),
        version: u16::try_from(order.version)?,
        fields: snapshot.fields.iter().map(|(label, value)| PrintedField { label: label.clone(), value: value.clone() }).collect(),
        authority: snapshot.authority.clone(),
        issued_on_text: format_zh(signing_time.date()),
        contact: snapshot.contact.clone(),
        verify_hint: "扫描二维码，或在查询网站输入证书编号，核验本证书的真伪和状态。".to_owned(),
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
    texts.extend(snapshot.fields.iter().map(|(label, value)| (label.as_str(), value.as_str())));
    texts.push(("contact", &snapshot.contact));
    texts
}

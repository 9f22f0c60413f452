//! One data record of a register, normalised and typed, with everything that has to be said about it. Rules that need other rows are not judged here.

use std::sync::Arc;

use domain::category::{Category, Duty, Specialty};
use domain::employer::EmployerCode;
use domain::finding::{Finding, FindingCode, Outcome};
use domain::identity::IdentityDocument;
use domain::kind::Kind;
use domain::name::PersonName;
use domain::number::CertificateNumber;
use domain::settings::Settings;
use domain::sex::Sex;
use domain::state_word::StateWord;
use domain::status::LegalStatus;
use time::Date;

use crate::column::Column;
use crate::delimited::{Record, RecordFault};
use crate::dictionary::Dictionary;
use crate::header::ColumnMap;
use crate::profile::Profile;
use crate::serial_days;

pub(crate) mod cells;
mod dates;
pub(crate) mod holder;
mod profiled;
#[cfg(test)]
mod tests;

use cells::Cells;

/// What rows are judged against.
#[derive(Debug, Clone)]
pub struct Context {
    /// The day on which the delivery was true; state words and dates are judged on it.
    pub as_of: Date,
    /// What the province decided: the cut-over of each kind.
    pub settings: Settings,
    /// How these files differ from others, where the operator said so.
    pub profile: Option<Arc<Profile>>,
    /// Whether a person decided that the name is one, although it looks like none; no delivery says so by itself.
    pub takes_decided_names: bool,
}

impl Context {
    /// What rows are judged against where no profile is given.
    #[must_use]
    pub fn new(as_of: Date, settings: Settings) -> Self {
        Self { as_of, settings, profile: None, takes_decided_names: false }
    }

    /// The dictionary for registers of a kind, with what the profile changes in it.
    #[must_use]
    pub fn dictionary(&self, kind: Kind) -> &'static Dictionary {
        profiled::dictionary(kind, self.profile.as_deref())
    }
}

/// A certificate as a register states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRow {
    /// Kind of the register.
    pub kind: Kind,
    /// Certificate number (证书编号) in canonical text.
    pub number: CertificateNumber,
    /// The number as delivered.
    pub number_original: String,
    /// The year that the number carries.
    pub number_year: Option<u16>,
    /// The category that the number carries, else the one stated; the first of several specialties.
    pub category: Option<Category>,
    /// Every specialty of a constructor, each with its end date where the cell gives one.
    pub specialties: Vec<Specialty>,
    /// Name of the holder (姓名).
    pub name: PersonName,
    /// Identity document of the holder.
    pub identity: IdentityDocument,
    /// Sex, by the identity number where it tells.
    pub sex: Option<Sex>,
    /// Date of birth, by the identity number where it tells.
    pub birth_date: Option<Date>,
    /// Employer as printed, without blanks around it.
    pub employer_name: Option<String>,
    /// Code of the employer.
    pub employer_code: Option<EmployerCode>,
    /// Duty (职务) in the closed list.
    pub duty: Option<Duty>,
    /// Duty as delivered.
    pub duty_printed: Option<String>,
    /// Day of the first issue (初次领证日期).
    pub first_issued_on: Option<Date>,
    /// Day of the issue of the present period (发证日期).
    pub issued_on: Option<Date>,
    /// The issue date as delivered, where it is no plain YYYY-MM-DD: a month without its day is printed as it was.
    pub issued_on_printed: Option<String>,
    /// First day of the period: as stated, else the issue date.
    pub valid_from: Option<Date>,
    /// Last day of the period, that day included.
    pub valid_until: Option<Date>,
    /// The state word of the register.
    pub state: StateWord,
    /// Legal status on the day of the delivery.
    pub legal_status: LegalStatus,
    /// Mobile number.
    pub phone: Option<String>,
    /// Remark as delivered.
    pub remark: Option<String>,
    /// Issuing authority as delivered.
    pub authority: Option<String>,
}

/// One record of a delivery with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRow {
    /// What becomes of the record, as far as it alone decides: that of the worst finding.
    pub outcome: Outcome,
    /// Everything noticed, in the order of the columns' meaning.
    pub findings: Vec<Finding>,
    /// The certificate; absent for dropped records, and where number, name or identity cannot be taken as they are.
    pub row: Option<Box<CertificateRow>>,
    /// The record as delivered.
    pub record: Record,
    /// The header in force for the record.
    pub columns: Arc<ColumnMap>,
}

impl ReadRow {
    /// The physical line on which the record begins, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.record.line()
    }

    /// The sheet, archive entry or both in which the record stands; empty where the format has none.
    #[must_use]
    pub fn sheet(&self) -> &str {
        self.record.sheet()
    }

    /// The delivered cells with their titles, in order; a cell beyond the header has an empty title.
    pub fn original(&self) -> impl Iterator<Item = (&str, &str)> {
        let titles = self.columns.titles();
        self.record.fields().enumerate().map(|(place, cell)| (titles.get(place).map_or("", |title| &**title), cell))
    }

    pub(crate) fn of_findings(findings: Vec<Finding>, row: Option<CertificateRow>, record: Record, columns: &Arc<ColumnMap>) -> Self {
        Self { outcome: Finding::worst(&findings), findings, row: row.map(Box::new), record, columns: Arc::clone(columns) }
    }
}

/// Reads a data record of a register of `kind` below the header `columns`.
#[must_use]
pub fn read(kind: Kind, columns: &Arc<ColumnMap>, record: Record, context: &Context) -> ReadRow {
    if let Some(fault) = record.fault() {
        return ReadRow::of_findings(vec![form_finding(fault)], None, record, columns);
    }
    let (record, serials) = serial_days::settled(columns, record);
    let values = context.profile.as_deref().map(|profile| profile.values(columns, &record)).unwrap_or_default();
    let mut cells = Cells::new(columns, &record).with_values(&values);
    check_fields(&mut cells);
    serials.into_iter().for_each(|finding| cells.add(finding));
    let row = read_certificate(kind, &mut cells, context);
    let findings = cells.into_findings();
    ReadRow::of_findings(findings, row, record, columns)
}

pub(crate) fn form_finding(fault: RecordFault) -> Finding {
    match fault {
        RecordFault::UnbalancedQuote => Finding::new(FindingCode::UnbalancedQuote),
        RecordFault::TooLong | RecordFault::TooManyFields => Finding::new(FindingCode::RecordTooLarge),
        RecordFault::NotAnObject => Finding::new(FindingCode::LineUnreadable),
        RecordFault::Truncated => Finding::new(FindingCode::RecordTruncated),
        RecordFault::Missing { records, announced } => Finding::about(
            FindingCode::RecordsMissing,
            format!("声明{announced}条，缺{records}条 / {announced} announced, {records} missing"),
        ),
        RecordFault::DroppedBefore => Finding::new(FindingCode::DroppedBefore),
        RecordFault::Deleted => Finding::new(FindingCode::DeletedRecord),
        RecordFault::UnreadableEntry => Finding::new(FindingCode::EntryUnreadable),
        RecordFault::ArchiveFurniture => Finding::new(FindingCode::ArchiveFurniture),
    }
}

/// A row of another length than its header may have its cells under wrong titles.
pub(crate) fn check_fields(cells: &mut Cells<'_>) {
    let width = cells.columns().width();
    if cells.record().len() < width {
        cells.add(Finding::new(FindingCode::TooFewFields));
    }
    if cells.record().fields().skip(width.max(cells.columns().titles().len())).any(|cell| !cell.trim().is_empty()) {
        cells.add(Finding::new(FindingCode::TooManyFields));
    }
    cells.find_unreadable();
    cells.find_noted();
    cells.find_repeated();
}

/// A word that ends or stops a certificate, in a column whose title nobody knows, must not be passed over: the row would come in
/// as valid.
fn state_elsewhere(state: &StateWord, cells: &mut Cells<'_>) {
    if !matches!(
        state,
        StateWord::Valid | StateWord::Initial | StateWord::Renewed | StateWord::Changed | StateWord::Reissued | StateWord::Blank
    ) {
        return;
    }
    let columns = cells.columns();
    for (place, title) in columns.unread() {
        let cell = cells.record().get(place).unwrap_or_default().trim();
        let ends = match StateWord::parse(cell) {
            StateWord::Expired
            | StateWord::Cancelled
            | StateWord::Withdrawn
            | StateWord::Revoked
            | StateWord::Suspended
            | StateWord::TransferredOut
            | StateWord::Locked
            | StateWord::Void => true,
            StateWord::Valid
            | StateWord::Initial
            | StateWord::Renewed
            | StateWord::Changed
            | StateWord::Reissued
            | StateWord::Pending
            | StateWord::Blank
            | StateWord::Unknown(_) => false,
        };
        if ends {
            cells.add(Finding::about(FindingCode::StateElsewhere, cell).in_column(title));
        }
    }
}

fn read_certificate(kind: Kind, cells: &mut Cells<'_>, context: &Context) -> Option<CertificateRow> {
    let name = holder::name(cells).or_else(|| holder::decided_name(cells).filter(|_| context.takes_decided_names));
    let identity = holder::identity(cells);
    let number = match CertificateNumber::parse(kind, cells.text(Column::Number)) {
        Ok(mut parsed) => {
            cells.note_all(Column::Number, std::mem::take(&mut parsed.findings));
            Some(parsed)
        }
        Err(fault) => {
            cells.note(Column::Number, fault.finding(cells.text(Column::Number)));
            None
        }
    };
    let (sex, birth_date) = holder::sex_and_birth(cells, identity.as_ref());
    let (employer_name, employer_code) = employer(cells);
    let in_number = number.as_ref().and_then(|number| number.category);
    let specialties = category(kind, cells, in_number);
    let (duty, duty_printed) = duty(kind, cells, in_number);
    let dates = dates::read(kind, cells, specialties.iter().filter_map(|specialty| specialty.valid_until).max());
    let category = in_number.or_else(|| specialties.first().map(|specialty| specialty.category));
    let state = StateWord::parse(cells.text(Column::State));
    state_elsewhere(&state, cells);
    dates::judge_period(kind, category, &dates, &state, cells);
    dates::judge_years(kind, &dates, specialties.iter().filter_map(|specialty| specialty.valid_until), context.as_of, cells);
    let number_year = number.as_ref().and_then(|number| number.year);
    let issued_on = dates.issued_on.or(dates.valid_from);
    if context.settings.kind(kind).forbids_paper(dates.first_issued_on, number_year, issued_on) {
        cells.add(Finding::new(FindingCode::PaperAfterCutOver));
    }
    let (legal_status, findings) = domain::state_word::legal_status(&state, dates.valid_until, context.as_of);
    let word = cells.text(Column::State);
    cells.note_all(Column::State, findings.into_iter().map(|finding| told_in_full(finding, word, legal_status)));
    let phone = phone(cells);
    let authority = cells.printed(Column::Authority);
    if authority.as_deref().is_some_and(|authority| authority.contains("建设厅") && !authority.contains("住房")) {
        cells.note(Column::Authority, Finding::about(FindingCode::FormerAuthority, authority.as_deref().unwrap_or_default()));
    }
    let (name, identity, number) = (name?, identity?, number?);
    Some(CertificateRow {
        kind,
        number: number.number,
        number_original: cells.text(Column::Number).to_owned(),
        number_year,
        category,
        specialties: if kind == Kind::Constructor { specialties } else { Vec::new() },
        name,
        identity,
        sex,
        birth_date,
        employer_name,
        employer_code,
        duty,
        duty_printed,
        first_issued_on: dates.first_issued_on,
        issued_on: dates.issued_on,
        issued_on_printed: dates.issued_on_printed,
        valid_from: dates.valid_from,
        valid_until: dates.valid_until,
        state,
        legal_status,
        phone,
        remark: cells.printed(Column::Remark),
        authority,
    })
}

/// A finding about a state word with the word and, where another status was taken than it names, that.
fn told_in_full(finding: Finding, word: &str, taken: LegalStatus) -> Finding {
    if matches!(finding.code, FindingCode::StateContradictsDates | FindingCode::StateVoid) {
        Finding::repair(finding.code, word, taken.zh())
    } else {
        Finding { original: Some(word.to_owned()), ..finding }
    }
}

fn employer(cells: &mut Cells<'_>) -> (Option<String>, Option<EmployerCode>) {
    let (name, findings) = domain::employer::parse_name(&cells.recovered(Column::Employer));
    cells.note_all(Column::Employer, findings);
    let text = cells.text(Column::EmployerCode);
    if text.is_empty() {
        return (name, None);
    }
    let (code, findings) = EmployerCode::parse(text);
    cells.note_all(Column::EmployerCode, findings);
    (name, Some(code))
}

/// The stated category; for constructors each specialty of the cell, for others one without an end date.
fn category(kind: Kind, cells: &mut Cells<'_>, in_number: Option<Category>) -> Vec<Specialty> {
    let text = cells.recovered(Column::Category);
    let text = text.as_ref();
    if text.is_empty() {
        return Vec::new();
    }
    let read = if kind == Kind::Constructor {
        domain::category::read_specialties(text)
    } else {
        Category::read(kind, text)
            .map(|(category, finding)| (vec![Specialty { category, valid_until: None }], finding.into_iter().collect()))
    };
    match read {
        Ok((specialties, findings)) => {
            cells.note_all(Column::Category, findings);
            let stated = specialties.first().map(|specialty| specialty.category);
            cells.note_all(Column::Category, domain::category::category_finding(in_number, stated));
            specialties
        }
        Err(unknown) => {
            cells.note(Column::Category, unknown.finding());
            Vec::new()
        }
    }
}

fn duty(kind: Kind, cells: &mut Cells<'_>, in_number: Option<Category>) -> (Option<Duty>, Option<String>) {
    let printed = Some(cells.recovered(Column::Duty).into_owned()).filter(|text| !text.is_empty());
    let duty = printed.as_deref().and_then(Duty::parse);
    if kind == Kind::SafetyPersonnel {
        cells.note_all(Column::Duty, domain::category::duty_finding(in_number, duty));
    }
    (duty, printed)
}

fn phone(cells: &mut Cells<'_>) -> Option<String> {
    let text = cells.text(Column::Phone);
    if text.is_empty() {
        return None;
    }
    let (phone, findings) = domain::phone::parse(text);
    cells.note_all(Column::Phone, findings);
    phone
}

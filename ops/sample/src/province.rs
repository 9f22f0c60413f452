//! Writes a province into a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use domain::kind::Kind;
use serde_json::json;
use time::Date;

use crate::Plan;
use crate::calendar::{iso, month_start};
use crate::certificate_file::{CertificateFile, form};
use crate::config;
use crate::employer::Employers;
use crate::person::Population;
use crate::photo_archive::{self, Entry, Sort};
use crate::register::Register;

/// A file of the province as it is delivered to `ecert ingest`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Kind of its certificates; `None` for photos.
    pub kind: Option<Kind>,
    /// Shape on the command line: `certificates` or `photos`.
    pub shape: &'static str,
    /// Data rows, or photos.
    pub rows: usize,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Province {
    /// The certificate files, then the photo archive, in the order of delivery.
    pub files: Vec<DeliveredFile>,
    /// The configuration with the cut-over dates that the province needs.
    pub config: PathBuf,
    /// What must become of the files, as JSON.
    pub expected: PathBuf,
    /// Rows that load by themselves and are in force on the day of the plan, of kinds that can be issued.
    pub in_force: usize,
    /// Those of them whose last day is the day of the plan.
    pub ends_tonight: usize,
    /// Those of them whose holder has a good photo: they can be issued at once.
    pub issuable: usize,
    /// Entries of the photo archive, faulty ones included.
    pub photos: usize,
}

/// Share of the rows in thousandths; safety personnel have the rest.
const SHARES: &[(Kind, usize)] = &[
    (Kind::Constructor, 240),
    (Kind::SpecialOperation, 240),
    (Kind::Architect, 35),
    (Kind::StructuralEngineer, 35),
    (Kind::PostTraining, 100),
];

/// Writes the province into the folder `out`, which is created where it is missing. Files of the same name are overwritten.
///
/// # Errors
///
/// When the plan has no rows or an impossible day, or a file cannot be written.
pub fn generate(plan: &Plan, out: &Path) -> anyhow::Result<Province> {
    ensure!(plan.rows > 0, "a province needs at least one row");
    ensure!((2000..=2199).contains(&plan.as_of.year()), "{} lies outside the years 2000 to 2199", plan.as_of);
    std::fs::create_dir_all(out).with_context(|| format!("create the folder {}", out.display()))?;
    let mut tally = Tally::default();
    let mut population = Population::new(plan.seed, plan.as_of);
    let employers = Employers::new(plan.seed, plan.rows);
    let registers = registers(plan);
    for (place, register) in registers.iter().enumerate().filter(|(_, register)| register.rows > 0) {
        let elsewhere = registers.first().filter(|_| place > 0);
        tally.files.push(write_register(register, elsewhere, plan.as_of, out, &mut population, &employers, &mut tally.alive)?);
    }
    let entries = tally.photo_entries(plan);
    let archive = out.join("照片.zip");
    photo_archive::write(&archive, &entries, plan.seed, &mut population)?;
    let province = tally.into_province(plan, &entries, archive, out)?;
    Ok(province)
}

/// The registers, safety personnel first: the others share holders with it.
fn registers(plan: &Plan) -> Vec<Register> {
    let others: Vec<(Kind, usize)> =
        SHARES.iter().map(|&(kind, share)| (kind, (plan.rows * share / 1000).max(usize::from(plan.rows >= 12)))).collect();
    let safety = plan.rows - others.iter().map(|(_, rows)| rows).sum::<usize>();
    let mut first_person = 0;
    std::iter::once((Kind::SafetyPersonnel, safety))
        .chain(others)
        .map(|(kind, rows)| {
            let register = Register::new(kind, rows, first_person, plan.seed, plan.as_of);
            first_person += rows;
            register
        })
        .collect()
}

/// A certificate in force that loads by itself.
struct Alive {
    kind: Kind,
    person: usize,
    ends_tonight: bool,
}

/// A written file with what must become of its rows.
struct WrittenFile {
    delivered: DeliveredFile,
    outcomes: BTreeMap<String, usize>,
}

/// What has been written so far.
#[derive(Default)]
struct Tally {
    files: Vec<WrittenFile>,
    alive: Vec<Alive>,
}

fn write_register(
    register: &Register,
    elsewhere: Option<&Register>,
    as_of: Date,
    out: &Path,
    population: &mut Population,
    employers: &Employers,
    alive: &mut Vec<Alive>,
) -> anyhow::Result<WrittenFile> {
    let kind = register.kind;
    let subject = form(kind).name.trim_end_matches(".csv");
    let title = format!("陕西省{subject}证书导出（截至{}年{}月{}日）", as_of.year(), u8::from(as_of.month()), as_of.day());
    let mut file = CertificateFile::create(out, kind, &title, register.rows, as_of)?;
    let mut outcomes = BTreeMap::new();
    for index in 0..register.rows {
        let written = register.row(index, elsewhere, population, employers);
        file.write(&written.row, written.expectation)?;
        *outcomes.entry(written.expectation.outcomes.join(" or ")).or_insert(0) += 1;
        if written.loads && written.row.is_alive() {
            let ends_tonight = written.row.period.until == Some(as_of);
            alive.push(Alive { kind, person: written.row.person.index, ends_tonight });
        }
    }
    let path = file.finish(register.rows)?;
    Ok(WrittenFile { delivered: DeliveredFile { path, kind: Some(kind), shape: "certificates", rows: register.rows }, outcomes })
}

impl Tally {
    fn photo_entries(&self, plan: &Plan) -> Vec<Entry> {
        let mut people: Vec<usize> = self.alive.iter().map(|alive| alive.person).collect();
        people.sort_unstable();
        people.dedup();
        photo_archive::choose(&people, plan.rows, plan.seed, plan.photos)
    }

    fn into_province(self, plan: &Plan, entries: &[Entry], archive: PathBuf, out: &Path) -> anyhow::Result<Province> {
        let good: Vec<usize> = entries.iter().filter(|entry| entry.sort == Sort::Good).map(|entry| entry.person).collect();
        let can_be_issued: Vec<&Alive> = self.alive.iter().filter(|alive| alive.kind != Kind::PostTraining).collect();
        let in_force = can_be_issued.len();
        let ends_tonight = can_be_issued.iter().filter(|alive| alive.ends_tonight).count();
        let issuable = can_be_issued.iter().filter(|alive| good.binary_search(&alive.person).is_ok()).count();
        let sorts: serde_json::Map<String, serde_json::Value> =
            Sort::all().map(|sort| (sort.as_str().to_owned(), entries.iter().filter(|entry| entry.sort == sort).count().into())).collect();
        let certificates = self.files.iter().map(|file| {
            json!({
                "file": file_name(&file.delivered.path),
                "kind": file.delivered.kind.map(Kind::as_str),
                "shape": file.delivered.shape,
                "rows": file.delivered.rows,
                "outcomes": file.outcomes,
            })
        });
        let photos = json!({ "file": file_name(&archive), "kind": null, "shape": "photos", "rows": entries.len(), "sorts": sorts });
        let document = json!({
            "seed": plan.seed,
            "as_of": iso(plan.as_of),
            "cut_over": iso(month_start(plan.as_of)),
            "rows": plan.rows,
            "files": certificates.chain([photos]).collect::<Vec<_>>(),
            "photos": entries.len(),
            "in_force": in_force,
            "ends_tonight": ends_tonight,
            "issuable": issuable,
        });
        let expected = out.join("expected.json");
        let text = serde_json::to_string_pretty(&document).context("write the expectations as JSON")?;
        std::fs::write(&expected, text + "\n").with_context(|| format!("write {}", expected.display()))?;
        let config = config::write(out, plan.as_of)?;
        let archive = DeliveredFile { path: archive, kind: None, shape: "photos", rows: entries.len() };
        let files = self.files.into_iter().map(|file| file.delivered).chain([archive]).collect();
        Ok(Province { files, config, expected, in_force, ends_tonight, issuable, photos: entries.len() })
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests;

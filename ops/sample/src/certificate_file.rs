//! Writes one certificate file in its encoding, and beside it what must become of every row.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use domain::finding::FindingCode;
use domain::kind::Kind;
use serde::Serialize;
use time::Date;

use crate::fault::Expectation;
use crate::row::{COLUMNS, Row, titles};

/// How a file spells its characters, as old and newer systems do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Gb18030,
    Utf8,
    Utf8WithMark,
}

/// The file of one kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form {
    pub(crate) name: &'static str,
    pub(crate) encoding: Encoding,
    /// A title row above the header and a row with the total below the data, as exports for print have them.
    pub(crate) is_framed: bool,
}

/// The form in which the kind's register is exported.
pub(crate) const fn form(kind: Kind) -> Form {
    match kind {
        Kind::SafetyPersonnel => Form { name: "安管人员.csv", encoding: Encoding::Gb18030, is_framed: true },
        Kind::Constructor => Form { name: "二级建造师.csv", encoding: Encoding::Utf8WithMark, is_framed: false },
        Kind::SpecialOperation => Form { name: "特种作业.csv", encoding: Encoding::Gb18030, is_framed: true },
        Kind::Architect => Form { name: "二级建筑师.csv", encoding: Encoding::Utf8, is_framed: false },
        Kind::StructuralEngineer => Form { name: "二级结构工程师.csv", encoding: Encoding::Utf8, is_framed: false },
        Kind::PostTraining => Form { name: "岗位培训.csv", encoding: Encoding::Utf8, is_framed: false },
    }
}

#[derive(Serialize)]
struct ExpectedRow<'a> {
    sheet: &'a str,
    line: usize,
    key: &'a str,
    outcome: Outcomes,
    why: &'a str,
    case: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    codes: Option<BTreeSet<&'static str>>,
    record: usize,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    optional: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Outcomes {
    One(&'static str),
    OneOf(&'static [&'static str]),
}

const TITLE: Expectation = Expectation { outcomes: &["dropped"], why: "title", case: Some(34), codes: &[] };
const HEADER: Expectation = Expectation { outcomes: &["dropped"], why: "header", case: Some(34), codes: &[] };
const TOTAL: Expectation =
    Expectation { outcomes: &["dropped"], why: "footer with the total", case: Some(34), codes: &[FindingCode::TotalRow] };

/// A file that is being written, record by record.
pub(crate) struct CertificateFile {
    pub(crate) path: PathBuf,
    form: Form,
    as_of: Date,
    out: BufWriter<File>,
    expected: BufWriter<File>,
    line: usize,
    record: usize,
    text: Vec<u8>,
}

impl CertificateFile {
    /// Creates the file with its title and header. `rows` is the number of data rows to come.
    pub(crate) fn create(folder: &Path, kind: Kind, title: &str, rows: usize, as_of: Date) -> anyhow::Result<CertificateFile> {
        let form = form(kind);
        let path = folder.join(form.name);
        let expected_path = folder.join(format!("{}.expect.json", form.name));
        let create = |path: &Path| File::create(path).with_context(|| format!("create {}", path.display()));
        let mut file = CertificateFile {
            out: BufWriter::with_capacity(1 << 16, create(&path)?),
            expected: BufWriter::with_capacity(1 << 16, create(&expected_path)?),
            path,
            form,
            as_of,
            line: 0,
            record: 0,
            text: Vec::new(),
        };
        write!(file.expected, "{{\"kind\": \"{kind}\", \"shape\": \"certificates\", \"rows\": {rows}, \"outcomes\": [")?;
        if form.encoding == Encoding::Utf8WithMark {
            file.out.write_all("\u{feff}".as_bytes())?;
        }
        if form.is_framed {
            let mut cells = [""; COLUMNS];
            cells[0] = title;
            file.put(&cells, "", TITLE, &[], true)?;
        }
        file.put(&titles(kind), "", HEADER, &[], true)?;
        Ok(file)
    }

    /// Writes a data row.
    pub(crate) fn write(&mut self, row: &Row, expectation: Expectation) -> anyhow::Result<()> {
        let mut codes = row.consequences(self.as_of);
        if expectation.codes.contains(&FindingCode::TooFewFields) && row.kind != Kind::PostTraining {
            codes.push(FindingCode::EndMissing);
        }
        self.put(row.cells(), row.key(), expectation, &codes, false)
    }

    /// Ends the file; a framed one with its total.
    pub(crate) fn finish(mut self, rows: usize) -> anyhow::Result<PathBuf> {
        if self.form.is_framed {
            let count = rows.to_string();
            let mut cells = [""; COLUMNS];
            cells[0] = "合计";
            cells[1] = &count;
            self.put(&cells, "", TOTAL, &[], false)?;
        }
        self.expected.write_all(b"\n]}\n")?;
        self.expected.flush()?;
        self.out.flush()?;
        Ok(self.path)
    }

    fn put(
        &mut self,
        cells: &[impl AsRef<str>],
        key: &str,
        expectation: Expectation,
        more: &[FindingCode],
        optional: bool,
    ) -> anyhow::Result<()> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(std::mem::take(&mut self.text));
        writer.write_record(cells.iter().map(|cell| cell.as_ref().as_bytes()))?;
        let mut text = writer.into_inner().context("end a record")?;
        match self.form.encoding {
            Encoding::Utf8 | Encoding::Utf8WithMark => self.out.write_all(&text)?,
            Encoding::Gb18030 => {
                let (bytes, ..) = encoding_rs::GB18030.encode(std::str::from_utf8(&text).context("cells are text")?);
                self.out.write_all(&bytes)?;
            }
        }
        let lines = text.iter().filter(|&&byte| byte == b'\n').count();
        text.clear();
        self.text = text;
        self.record += 1;
        self.expect(key, expectation, more, optional)?;
        self.line += lines;
        Ok(())
    }

    fn expect(&mut self, key: &str, expectation: Expectation, more: &[FindingCode], optional: bool) -> anyhow::Result<()> {
        let outcome = match expectation.outcomes {
            [one] => Outcomes::One(one),
            several => Outcomes::OneOf(several),
        };
        let (line, record) = (self.line + 1, self.record);
        let codes = expectation.codes.iter().chain(more).map(|code| code.as_str()).collect();
        let codes = Some(codes).filter(|_| !optional);
        let row = ExpectedRow { sheet: "", line, key, outcome, why: expectation.why, case: expectation.case, codes, record, optional };
        self.expected.write_all(if record == 1 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut self.expected, &row).context("write an expectation")
    }
}

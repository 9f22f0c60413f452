//! Whole files, ordinary and hostile: every record gives exactly one row, and what is no register gives a clear error.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use domain::finding::{FindingCode, Outcome};
use domain::kind::Kind;
use domain::settings::Settings;
use encoding_rs::GB18030;
use proptest::prelude::*;
use tempfile::NamedTempFile;
use time::macros::date;

mod by_place;
mod cut_off;
mod days_of_1904;
mod not_passed_over;
mod two_rows;

use super::{CertificateFile, OpenError, open};
use crate::certificate_row::{Context, ReadRow};
use crate::report_csv::{ReportLine, ReportWriter};
use crate::shapes::{RecordShape, delivery};
use crate::source;
use crate::text_encoding::TextEncoding;

fn written(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn context() -> Context {
    Context::new(date!(2026 - 10 - 31), Settings::default())
}

fn open_at(path: &Path) -> Result<CertificateFile, OpenError> {
    open(path, Kind::SafetyPersonnel, context())
}

fn rows(bytes: &[u8]) -> Vec<ReadRow> {
    open_at(written(bytes).path()).unwrap().map(Result::unwrap).collect()
}

fn shown(bytes: &[u8]) -> Vec<String> {
    rows(bytes)
        .iter()
        .map(|row| {
            let codes: Vec<_> = row.findings.iter().map(|finding| finding.code.as_str()).collect();
            format!("{} {} {}", row.line(), row.outcome, codes.join("+")).trim_end().to_owned()
        })
        .collect()
}

const HEADER: &str = "姓名,身份证号码,证书编号,发证日期,有效期至";
const ROW: &str = "张三,610103198001011233,陕建安B（2017）0000001,2017-05-18,2020-05-17";

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gb18030(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

#[test]
fn every_record_of_a_list_gives_one_row() {
    let list = format!("名册,,,,\n\n{HEADER}\n{ROW}\n张三,\"6101\n03\",,,\n{HEADER}\n{ROW},多\n\n合计,2,,,\n{ROW}");
    let expected = [
        "1 dropped title-row",
        "2 dropped blank-row",
        "3 dropped header-row",
        "4 loaded",
        "5 rejected identity-unrecognised+required-missing+end-missing",
        "7 dropped repeated-header",
        "8 held too-many-fields",
        "9 dropped blank-row",
        "10 dropped total-row",
        "11 loaded",
    ];
    assert_eq!(shown(list.as_bytes()), expected);
    assert_eq!(shown(&gb18030(&list)), expected);
    assert_eq!(shown(&gb18030(&list.replace('\n', "\r\n"))), expected);
    assert_eq!(shown(list.replace('\n', "\r").as_bytes()), expected);
    assert_eq!(shown([&b"\xEF\xBB\xBF"[..], &gb18030(&list)].concat().as_slice()), expected);
}

#[test]
fn encoding_and_titles_are_told() {
    let file = written(&gb18030(&format!("{HEADER}\n{ROW}\n")));
    let register = open_at(file.path()).unwrap();
    assert_eq!(register.encoding(), TextEncoding::Gb18030);
    assert_eq!(register.header().titles().join(","), HEADER);
}

#[test]
fn a_broken_row_costs_no_other_row() {
    let giant = "长".repeat(500_000);
    let text = format!("{HEADER}\n\"{ROW}\n{ROW}\n{giant}\n{ROW}\n{}\n{ROW}\n", ",".repeat(5_000));
    assert_eq!(
        shown(text.as_bytes()),
        [
            "1 dropped header-row",
            "2 rejected record-too-large",
            "3 loaded",
            "4 rejected record-too-large",
            "5 loaded",
            "6 dropped blank-row",
            "7 loaded"
        ]
    );
}

#[test]
fn a_row_in_another_encoding_is_held_and_the_others_go_on() {
    let mut bytes = format!("{HEADER}\n{ROW}\n").into_bytes();
    bytes.extend(gb18030(&format!("{ROW}\n")));
    bytes.extend(format!("{ROW}\n").into_bytes());
    let outcomes: Vec<_> = rows(&bytes).iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes, [Outcome::Dropped, Outcome::Loaded, Outcome::Held, Outcome::Loaded]);
    let with_zero = format!("{HEADER}\n{ROW}\n{}\n{ROW}\n", ROW.replace("张三", "张\0三"));
    let outcomes: Vec<_> = rows(with_zero.as_bytes()).iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes, [Outcome::Dropped, Outcome::Loaded, Outcome::Held, Outcome::Loaded]);
}

#[test]
fn a_report_that_comes_back_reads_like_the_original() {
    let mut report = ReportWriter::new(Vec::new(), HEADER.split(',').chain(["=备注"])).unwrap();
    let line = ReportLine { sheet: "", line: 4, outcome: "held", codes: "a b", message: "说明" };
    report.write(&line, ROW.split(',').chain(["-"])).unwrap();
    let bytes = report.finish().unwrap();
    assert_eq!(shown(&bytes), ["1 dropped header-row", "2 loaded"]);
    let row = &rows(&bytes)[1];
    let titles: Vec<_> = row.original().map(|(title, _)| title).collect();
    assert_eq!(titles.join(","), format!("{HEADER},=备注"));
    assert_eq!(row.original().last(), Some(("=备注", "-")));
}

#[test]
fn what_is_no_register_is_told_in_one_line_with_a_remedy() {
    let wide = vec!["甲"; 5_000].join(",");
    let cases: &[(&[u8], &[&str])] = &[
        (b"", &["empty", "header row"]),
        (b"\n\n \n", &["empty"]),
        (b"\0\0\0\0\0\0\0\0", &["binary data"]),
        (b"PK\x03\x04xl/", &["damaged", "export it again"]),
        ("姓名,性别,证书编号\n张三,男,1\n".as_bytes(), &["missing 身份证号码", "found the titles 姓名, 性别, 证书编号"]),
        ("张三,610103198001011233\n".as_bytes(), &["missing 姓名, 身份证号码,", "no row has such titles"]),
        (wide.as_bytes(), &["no row has such titles"]),
        ("\"姓名,身份证号码,证书编号\n".as_bytes(), &["no row has such titles"]),
    ];
    for (bytes, parts) in cases {
        let message = open_at(written(bytes).path()).unwrap_err().to_string();
        for part in *parts {
            assert!(message.contains(part), "{message}");
        }
        assert!(!message.contains('\n') && !message.contains("张三"), "{message}");
    }
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(open_at(folder.path()), Err(OpenError::Source(source::OpenError::IsFolder { .. }))));
    assert!(matches!(open_at(&folder.path().join("none.csv")), Err(OpenError::Source(source::OpenError::Missing { .. }))));
}

#[test]
fn sheets_without_a_header_are_dropped() {
    let long = "说明,无\n".repeat(30);
    let register = format!("{HEADER}\n{ROW}\n");
    let read = rows(&archive(&[("一.csv", long.as_bytes()), ("二.csv", register.as_bytes()), ("三.csv", long.as_bytes())]));
    let count = |sheet: &str, code: FindingCode| {
        read.iter().filter(|row| row.sheet() == sheet && row.findings[..].first().is_some_and(|f| f.code == code)).count()
    };
    assert_eq!((count("一.csv", FindingCode::SheetWithoutHeader), count("三.csv", FindingCode::SheetWithoutHeader)), (30, 30));
    assert_eq!((read.len(), read[31].outcome), (62, Outcome::Loaded));
}

#[test]
fn an_archive_whose_files_cannot_be_read_names_one_and_the_cause_and_no_header() {
    let inner = archive(&[("名册.csv", format!("{HEADER}\n{ROW}\n").as_bytes())]);
    let size = u32::try_from(HEADER.len() + ROW.len() + 2).unwrap().to_le_bytes();
    let lying = |stated: u32| {
        let mut bytes = inner.clone();
        let places: Vec<usize> = bytes.windows(4).enumerate().filter(|(_, window)| *window == size).map(|(place, _)| place).collect();
        places.into_iter().for_each(|place| bytes[place..place + 4].copy_from_slice(&stated.to_le_bytes()));
        bytes
    };
    let cases: &[(Vec<u8>, &[&str])] = &[
        (archive(&[("一.pdf", b"%PDF-1.7")]), &["\"一.pdf\"", "PDF", "as a workbook or CSV"]),
        (archive(&[("甲\n乙.zip", &inner), ("二.zip", &inner)]), &["\"甲\\n乙.zip\"", "ZIP archive within", "unpack it", "(1 more"]),
        (lying(10), &["\"名册.csv\"", "unfolds to 10 bytes", "pack the tables anew"]),
        (lying(1_000), &["\"名册.csv\"", "unfolds to 1000 bytes", "pack the tables anew"]),
    ];
    for (bytes, parts) in cases {
        let file = written(bytes);
        let messages = [
            open_at(file.path()).unwrap_err().to_string(),
            delivery::open(file.path(), RecordShape::Decisions, None).unwrap_err().to_string(),
        ];
        for message in messages {
            assert!(parts.iter().all(|part| message.contains(part)), "{message}");
            assert!(!message.contains('\n') && !message.contains("header"), "{message}");
        }
    }
    let titles = archive(&[("一.csv", "姓名,身份证号,性别\n".as_bytes()), ("二.zip", &inner)]);
    let message = open_at(written(&titles).path()).unwrap_err().to_string();
    assert!(message.contains("missing 证书编号") && message.contains("\"二.zip\""), "{message}");
}

#[test]
fn a_header_is_looked_for_among_the_first_rows_only() {
    let with_titles = |count: usize| format!("{}{HEADER}\n{ROW}\n", "说明\n".repeat(count));
    assert_eq!(rows(with_titles(19).as_bytes()).len(), 21);
    assert!(open_at(written(with_titles(20).as_bytes()).path()).is_err());
}

#[test]
fn a_register_of_a_header_alone_has_no_rows() {
    assert_eq!(shown(HEADER.as_bytes()), ["1 dropped header-row"]);
}

/// Cases that only other rows decide.
const CROSS_ROW_CASES: &[u64] = &[14, 15, 16, 18, 49];

/// The deliveries that other programs wrote, with the kinds of their certificates.
const SAMPLES: &[(&str, Kind)] = &[
    ("安管人员台账_2017.xlsx", Kind::SafetyPersonnel),
    ("安管_导出.csv", Kind::SafetyPersonnel),
    ("安管_导出.txt", Kind::SafetyPersonnel),
    ("特种作业_2016.xls", Kind::SpecialOperation),
    ("二级建造师.dbf", Kind::Constructor),
    ("二级建造师_旧.dbf", Kind::Constructor),
    ("结构工程师.xls", Kind::StructuralEngineer),
    ("二级建筑师.ods", Kind::Architect),
];

#[test]
fn registers_written_by_other_programs_read_as_expected() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/samples");
    if !samples.is_dir() {
        eprintln!("passed over: {} is not there", samples.display());
        return;
    }
    for (name, kind) in SAMPLES {
        let expected = fs::read_to_string(samples.join(format!("{name}.expect.json"))).unwrap();
        let expected: serde_json::Value = serde_json::from_str(&expected).unwrap();
        let register = open(&samples.join(name), *kind, context()).unwrap();
        let outcomes = expected["outcomes"].as_array().unwrap();
        let has_sheets = outcomes[0]["sheet"] != "";
        let read: BTreeMap<(String, u64), Outcome> = register
            .map(Result::unwrap)
            .map(|row| ((if has_sheets { row.sheet().to_owned() } else { String::new() }, row.line()), row.outcome))
            .collect();
        assert_eq!(read.len(), outcomes.len(), "{name}");
        for row in outcomes.iter().filter(|row| row["case"].as_u64().is_none_or(|case| !CROSS_ROW_CASES.contains(&case))) {
            let place = (row["sheet"].as_str().unwrap().to_owned(), row["line"].as_u64().unwrap());
            let outcome = read[&place].as_str();
            let wanted = &row["outcome"];
            assert!(
                wanted == outcome || wanted.as_array().is_some_and(|list| list.contains(&outcome.into())),
                "{name} {row} was {outcome}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn any_bytes_below_a_header_are_accounted_for(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'\n'), Just(b','), Just(b'"'), Just(b'\r')], 0..300)) {
        let file = written(&[HEADER.as_bytes(), b"\n", ROW.as_bytes(), b"\n", &bytes].concat());
        if let Ok(register) = open_at(file.path()) {
            let rows: Vec<_> = register.map(Result::unwrap).collect();
            prop_assert!(rows.len() >= 2);
            prop_assert!(rows.windows(2).all(|pair| pair[0].line() < pair[1].line()));
            prop_assert!(rows.iter().all(|row| (row.outcome == Outcome::Dropped) <= row.row.is_none()));
        }
    }

    #[test]
    fn any_bytes_open_or_are_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Err(error) = open_at(written(&bytes).path()) {
            prop_assert!(!error.to_string().contains('\n'));
        }
    }
}

//! Profiles that know columns by their place, and profiles that do not fit the file.

use std::sync::Arc;

use domain::kind::Kind;

use super::super::open;
use super::{HEADER, ROW, context, gb18030, written};
use crate::certificate_row::Context;
use crate::profile::Profile;

const PLACES: &str = "[columns]\nname = { position = 1 }\nidentity = { letter = \"B\" }\nnumber = { position = 3 }\nissued-on = { position = 4 }\nvalid-until = { position = 5 }\n";

fn read(profile: &str, bytes: &[u8]) -> Result<(String, Vec<String>), String> {
    let context = Context { profile: Some(Arc::new(Profile::parse(profile).unwrap())), ..context() };
    let file = open(written(bytes).path(), Kind::SafetyPersonnel, context).map_err(|error| error.to_string())?;
    let titles = file.header().titles().join(",");
    let rows = file.map(Result::unwrap).map(|row| {
        let codes: Vec<_> = row.findings.iter().map(|finding| finding.code.as_str()).collect();
        format!("{} {} {}", row.line(), row.outcome, codes.join("+")).trim_end().to_owned()
    });
    Ok((titles, rows.collect()))
}

const TITLES: &str = "姓名,身份证号码,证书编号,发证日期,有效期至";

#[test]
fn without_a_header_the_first_row_is_data_and_nobody_stands_among_the_titles() {
    let (titles, rows) = read(PLACES, format!("{ROW}\n{ROW}\n").as_bytes()).unwrap();
    assert_eq!(rows, ["1 loaded", "2 loaded"]);
    assert!(!titles.contains("6101") && titles.starts_with("姓名,") && titles.split(',').count() == TITLES.split(',').count(), "{titles}");
}

#[test]
fn a_header_of_unknown_titles_is_still_one() {
    let (titles, rows) = read(PLACES, format!("甲,乙,丙,丁,戊\n{ROW}\n").as_bytes()).unwrap();
    assert_eq!((titles.as_str(), rows), ("甲,乙,丙,丁,戊", vec!["1 dropped header-row".to_owned(), "2 loaded".to_owned()]));
    let (_, rows) = read(PLACES, "甲,乙,丙,丁,戊\n张三,无,无,2017-05-18,2020-05-17\n甲,乙,丙,丁,戊\n".as_bytes()).unwrap();
    assert!(rows[1].starts_with("2 ") && !rows[1].contains("repeated-header"), "{rows:?}");
    assert_eq!(rows[2], "3 dropped repeated-header");
}

#[test]
fn a_file_that_is_said_to_have_no_header_has_only_rows() {
    let profile = format!("header = false\n{PLACES}");
    let damaged = "张三,6.10103E+17,不详,2017-05-18,2020-05-17";
    let (_, rows) = read(&profile, format!("{damaged}\n{ROW}\n").as_bytes()).unwrap();
    assert!(rows[0].starts_with("1 rejected"), "{rows:?}");
    assert_eq!((rows.len(), rows[1].as_str()), (2, "2 loaded"));
    let report = format!("sheet,line,outcome,codes,message,{}\n,1,held,c,m,{ROW}\n", read(&profile, ROW.as_bytes()).unwrap().0);
    assert_eq!(read(&profile, report.as_bytes()).unwrap().1, ["1 dropped header-row", "2 loaded"], "its report has one");
    let (_, rows) = read(&format!("skip_rows = 1\n{profile}"), format!("说明\n{ROW}\n").as_bytes()).unwrap();
    assert_eq!(rows, ["1 dropped title-row", "2 loaded"]);
}

#[test]
fn the_key_of_a_profile_that_does_not_fit_is_named() {
    let register = format!("{HEADER}\n{ROW}\n");
    let told = |profile: &str, bytes: &[u8]| read(profile, bytes).unwrap_err();
    let cases = [
        (told("encoding = \"utf-8\"", &gb18030(&register)), "its key encoding is wrong: the file is gb18030"),
        (told("delimiter = \";\"", register.as_bytes()), "its key delimiter is wrong: the file has comma"),
        (told("skip_rows = 1", register.as_bytes()), "its key skip_rows passes over the header"),
        (told("[columns]\nnumber = \"本证号\"", register.as_bytes()), "the header has no column \"本证号\" (number)"),
        (told("[columns]\nnumber = { position = 12 }", register.as_bytes()), "the header has no column 12 (number)"),
        (told("encoding = \"utf-8\"\ndelimiter = \";\"", &gb18030(&register)), "without encoding, delimiter a header is found"),
        (
            told("[columns]\nname = { position = 8 }\nidentity = { position = 9 }\nnumber = { position = 10 }", ROW.as_bytes()),
            "correct the positions",
        ),
    ];
    for (message, part) in cases {
        assert!(message.contains(part) && message.contains("the profile does not fit"), "{message}");
        assert!(!message.contains('\n') && !message.contains("张三") && !message.contains("6101"), "{message}");
    }
    let message = told("encoding = \"utf-8\"", "甲,乙\n1,2\n".as_bytes());
    assert!(message.contains("no row has such titles"), "{message}");
}

#[test]
fn the_report_of_a_batch_fits_the_profile_of_the_batch() {
    let report = format!("sheet,line,outcome,codes,message,{HEADER}\n,2,held,x,y,{ROW}\n");
    for profile in [
        "skip_rows = 1",
        "encoding = \"gb18030\"",
        "delimiter = \"semicolon\"",
        "encoding = \"gb18030\"\ndelimiter = \"tab\"\nskip_rows = 3\n[columns]\nnumber = { position = 3 }",
    ] {
        let (_, rows) = read(profile, report.as_bytes()).unwrap_or_else(|error| panic!("{profile}: {error}"));
        assert_eq!(rows, ["1 dropped header-row", "2 loaded"], "{profile}");
    }
}

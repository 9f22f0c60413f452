//! Damage behind the header: the delivered file, the place, the reason and the remedy are told.

use super::{archive, open_at, written};
use crate::shapes::{RecordShape, delivery};
use crate::source::tests::made::xlsx;

/// A workbook with a header and a row, whose sheet then says what no sheet may.
fn damaged(header: &str, row: &str) -> Vec<u8> {
    let cells = |text: &str| text.split(',').map(|cell| format!("<c t=\"str\"><v>{cell}</v></c>")).collect::<String>();
    let rows = format!("<row r=\"1\">{}</row><row r=\"2\">{}</row>", cells(header), cells(row));
    xlsx("", &[("甲", "", &format!("<sheetData>{rows}<row r=\"3\"><c t=\"s\"><v>99</v></c></row></sheetData>"))], "")
}

#[test]
fn a_sheet_that_breaks_off_is_told_with_its_place_reason_and_remedy() {
    let bytes = damaged("姓名,身份证号码,证书编号", "张三,610103198001011233,陕建安B（2017）0000001");
    let file = written(&bytes);
    let Ok(register) = open_at(file.path()) else { panic!("the damage stands behind the header") };
    let Some(error) = register.told_as("台账.xlsx").find_map(Result::err) else { panic!("a sheet that breaks off is no whole sheet") };
    let message = error.to_string();
    assert!(error.is_of_content() && message.starts_with("台账.xlsx: sheet \"甲\", after line"), "{message}");
    assert!(message.contains("damaged") && message.contains("export it again") && !message.contains("disk"), "{message}");

    let bytes =
        damaged("姓名,身份证号码,证书编号,决定文号,决定类型,决定日期", "张三,610103198001011233,陕建安B（2017）0000001,一,注销,2020-01-01");
    let file = written(&bytes);
    let error = match delivery::open(file.path(), RecordShape::Decisions, None) {
        Err(error) => error.told_of("决定.xlsx").to_string(),
        Ok(delivery) => delivery.told_as("决定.xlsx").find_map(Result::err).unwrap().to_string(),
    };
    assert!(error.starts_with("决定.xlsx: ") && error.contains("damaged"), "{error}");
}

#[test]
fn an_error_of_opening_is_told_of_the_delivered_file() {
    let file = written(&archive(&[("一.pdf", b"%PDF-1.7")]));
    let message = open_at(file.path()).unwrap_err().told_of("台账.zip").to_string();
    assert!(message.starts_with("台账.zip: its file \"一.pdf\""), "{message}");
    let message = open_at(written(b"").path()).unwrap_err().told_of("空.csv").to_string();
    assert!(message.starts_with("空.csv: it is empty"), "{message}");
}

//! What every format gives of a small file.

use domain::civil_date::SerialBase;

use super::super::Format;
use super::made::{dbf, gb18030, ods, opened, records, refused, shown, xlsx, zipped};
use crate::delimited::{CellNote, RecordFault};

fn lines(bytes: &[u8]) -> Vec<String> {
    records(bytes).iter().map(shown).collect()
}

#[test]
fn a_workbook_gives_its_sheets_with_numbers_days_errors_and_merged_cells() {
    let first = "<sheetData>\
        <row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"B2\"><v>610103198001011200</v></c><c r=\"D2\" s=\"1\"><v>42434</v></c></row>\
        <row r=\"3\" hidden=\"1\"><c r=\"A3\" t=\"inlineStr\"><is><t>李四</t></is></c><c r=\"B3\"><v>42434</v></c><c r=\"C3\" t=\"e\"><v>#N/A</v></c></row>\
        <row r=\"4\"><c r=\"A4\" t=\"str\"><f>A1</f><v>王五</v></c></row><row r=\"5\"><c r=\"A5\"/></row>\
        </sheetData><mergeCells><mergeCell ref=\"D2:D3\"/><mergeCell ref=\"A4:B4\"/></mergeCells>";
    let second = "<sheetData><row><c t=\"b\"><v>1</v></c></row></sheetData>";
    let bytes =
        xlsx("date1904=\"1\"", &[("甲", "", first), ("乙", "state=\"hidden\"", second)], "<si><r><t>张</t></r><r><t>三</t></r></si>");
    let read = records(&bytes);
    let shown: Vec<_> = read.iter().map(shown).collect();
    assert_eq!(shown, ["甲 2: 张三|610103198001011000||2020-03-06", "甲 3: 李四|42434|#N/A|2020-03-06", "甲 4: 王五", "乙 1: TRUE"]);
    assert_eq!(read[0].cell_notes(), [(1, CellNote::Number)]);
    assert_eq!(read[1].cell_notes(), [(1, CellNote::Number), (3, CellNote::Merged)]);
    assert!(read[1].is_hidden_row() && !read[0].is_hidden_row());
    assert!(read[3].is_in_hidden_sheet() && !read[0].is_in_hidden_sheet());
    assert_eq!(read[0].serial_base(), SerialBase::From1904);
    // To the right a merged range is filled when the row turns out to be data.
    assert_eq!(read[2].clone().completed(3).fields().collect::<Vec<_>>(), ["王五", "王五", ""]);
}

#[test]
fn a_spreadsheet_in_open_document_form_gives_cells_as_they_are_shown() {
    let styles = "<style:style style:name=\"ta2\"><style:table-properties table:display=\"false\"/></style:style>";
    let content = "<table:table table:name=\"甲\">\
        <table:table-row><table:table-cell office:value-type=\"string\" table:number-rows-spanned=\"2\"><text:p>张<text:s text:c=\"2\"/>三&amp;&#20108;</text:p><text:p>二</text:p></table:table-cell>\
        <table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"float\" office:value=\"6.10103198001011E17\"><text:p>6.1E+17</text:p></table:table-cell>\
        <table:table-cell table:number-columns-repeated=\"16380\"/></table:table-row>\
        <table:table-row table:visibility=\"filter\" table:number-rows-repeated=\"2\"><table:covered-table-cell/>\
        <table:table-cell office:value-type=\"date\" office:date-value=\"2016-03-05\"><office:annotation><text:p>注</text:p></office:annotation><text:p>5.3.16</text:p></table:table-cell></table:table-row>\
        <table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row></table:table>\
        <table:table table:name=\"乙\" table:style-name=\"ta2\"><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>";
    let read = records(&ods(styles, content));
    let shown: Vec<_> = read.iter().map(shown).collect();
    let first = "甲 1: 张  三&二\n二|610103198001011000|610103198001011000";
    assert_eq!(shown, [first, "甲 2: 张  三&二\n二|2016-03-05", "甲 3: 张  三&二\n二|2016-03-05", "乙 1: x"]);
    assert!(read[0].has_note(1, CellNote::Number) && read[1].has_note(0, CellNote::Merged));
    assert!(read[1].is_hidden_row() && read[3].is_in_hidden_sheet());
}

#[test]
fn a_dbase_table_is_read_whatever_its_code_page_says() {
    let fields = [("XM", b'C', 5), ("FZRQ", b'D', 8), ("N", b'N', 4)];
    let rows = [[b" ", &gb18030("张三")[..], b" 20160305  12"].concat(), [b"*", &gb18030("李四")[..], b"\xCB20160305    "].concat()];
    for code_page in [0x7A, 0x00, 0x03] {
        let read = records(&dbf(0x03, code_page, &fields, &rows));
        let shown: Vec<_> = read.iter().map(shown).collect();
        assert_eq!(shown, ["titles  0: XM|FZRQ|N", " 1: 张三|2016-03-05|12", " 2: 李四|2016-03-05|"]);
        assert_eq!(read[2].fault(), Some(RecordFault::Deleted));
        assert_eq!(read[2].cell_notes(), [(0, CellNote::HalfCharacter)]);
    }
}

#[test]
fn a_dbase_table_that_breaks_off_says_so_in_a_record_and_counts_what_is_missing() {
    let whole = dbf(0x03, 0, &[("XM", b'C', 4)], &[b" abcd".to_vec(), b" efgh".to_vec(), b"*ijkl".to_vec()]);
    let missing = |records| Some(RecordFault::Missing { records, announced: 3 });
    let (deleted, half) = (Some(RecordFault::Deleted), Some(RecordFault::Truncated));
    let check = |cut: usize, names: &str, faults: &[Option<RecordFault>]| {
        let read = records(&whole[..whole.len() - cut]);
        assert_eq!(read[1..].iter().map(|record| record.get(0).unwrap()).collect::<Vec<_>>().join(","), names, "{cut}");
        assert_eq!(read[1..].iter().map(|record| record.fault()).collect::<Vec<_>>(), faults, "{cut}");
        assert!(read[1..].iter().map(|record| record.line()).eq(1..=faults.len() as u64), "{cut}");
    };
    // Without its last bytes: the mark of the end, half a record, a record but for its mark of deletion, and more.
    check(0, "abcd,efgh,ijkl", &[None, None, deleted]);
    check(1, "abcd,efgh,ijkl", &[None, None, deleted]);
    check(4, "abcd,efgh,i", &[None, None, half]);
    check(5, "abcd,efgh,", &[None, None, missing(1)]);
    check(6, "abcd,efgh,", &[None, None, missing(1)]);
    check(9, "abcd,e,", &[None, half, missing(1)]);
    check(16, "", &[missing(3)]);
    let with_end = [&whole[..whole.len() - 6], b"\x1A"].concat();
    assert_eq!(records(&with_end)[3].fault(), missing(1), "the mark of the end stands too early");
}

#[test]
fn records_that_a_dbase_table_does_not_announce_are_read_and_padding_is_none() {
    let mut table = dbf(0x03, 0, &[("XM", b'C', 4)], &[b" abcd".to_vec(), b" efgh".to_vec()]);
    table[4] = 1;
    table.pop();
    for padding in [&b""[..], b"\0\0\0", b"   ", b"\x1A\0\0"] {
        let read = records(&[&table, padding].concat());
        assert_eq!(read.iter().map(|record| record.fault()).collect::<Vec<_>>(), [None; 3], "{padding:?}");
    }
    assert_eq!(records(&[&table, &b" ij"[..]].concat())[3].fault(), Some(RecordFault::Truncated));
}

#[test]
fn a_dbase_table_that_breaks_off_within_its_header_is_no_table_of_fewer_columns() {
    let whole = dbf(0x03, 0, &[("XM", b'C', 4), ("SFZH", b'C', 18), ("ZSBH", b'C', 20)], &[]);
    assert!(refused(&whole[..100]).contains("within its header"));
}

#[test]
fn memo_texts_stand_in_the_file_beside_the_table() {
    let table = dbf(0x83, 0, &[("BZ", b'M', 10)], &[b"          1".to_vec()]);
    let alone = records(&table);
    assert_eq!(alone[1].cell_notes(), [(0, CellNote::MemoMissing)]);
    let mut memo = vec![0; 512];
    memo[16] = 3;
    memo.extend(gb18030("备注一"));
    memo.extend(b"\x1A\x1A");
    let read = lines(&zipped(&[("a.DBF", &table), ("A.dbt", &memo)]));
    assert_eq!(read, ["titles a.DBF 0: BZ", "a.DBF 1: 备注一", "A.dbt 1: A.dbt"]);
}

#[test]
fn tables_of_a_page_are_read_with_their_spans() {
    let page = "<html><head><style>td{}</style><script>var a='<tr><td>no';</script></head><body><table><caption>册</caption>\
        <tr><th colspan=2>名册</th></tr><tr><td rowspan='2'>张&middot;三<br>甲 </td><td>610103&nbsp;</td></tr>\
        <tr style='DISPLAY: none'><td>二</td></tr><tr><td>&nbsp;<td>&#181083;<table><tr><td>内</table></td></tr></table></body>";
    for bytes in [page.as_bytes().to_vec(), gb18030(page)] {
        let read = records(&bytes);
        let shown: Vec<_> = read.iter().map(shown).collect();
        assert_eq!(shown, [" 1: 名册|", " 2: 张·三 甲|610103", " 3: 张·三 甲|二", " 4: |\u{2C35B} 内"]);
        assert!(read[2].is_hidden_row() && read[2].has_note(0, CellNote::Merged));
    }
}

#[test]
fn a_line_of_json_that_is_no_object_is_rejected_alone() {
    let text =
        "{\"姓名\":\"张三\",\"n\":610103198001011233}\n\n{\"姓名\":\n[1]\n{\"姓名\":\"李四\",\"新\":null,\"n\":1.5e20}\r\n{\"新\":[1]}";
    let read = records(text.as_bytes());
    let shown: Vec<_> = read.iter().map(shown).collect();
    let expected = [
        "titles  1: 姓名|n",
        " 1: 张三|610103198001011233",
        " 2: ",
        " 3: {\"姓名\":",
        " 4: [1]",
        "titles  5: 姓名|n|新",
        " 5: 李四|150000000000000000000|",
        " 6: ||[1]",
    ];
    assert_eq!(shown, expected);
    assert_eq!((read[3].fault(), read[4].fault()), (Some(RecordFault::NotAnObject), Some(RecordFault::NotAnObject)));
}

#[test]
fn an_archive_gives_its_tables_entry_by_entry() {
    let workbook = xlsx("", &[("甲", "", "<sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>x</v></c></row></sheetData>")], "");
    let nested = zipped(&[("a.csv", b"a,b\n")]);
    let read = records(&zipped(&[
        ("夹/", b""),
        ("夹/一.csv", "姓名,号\n张三,1\n".as_bytes()),
        ("__MACOSX/._一.csv", b"x"),
        ("../../二.xlsx", &workbook),
        ("说明.pdf", b"%PDF-1.7"),
        ("三.zip", &nested),
        ("四.txt", &gb18030("姓名\t号\n李四\t2\n")),
    ]));
    let shown: Vec<_> = read.iter().map(shown).collect();
    assert_eq!(shown[0..4], ["夹/ 1: 夹/", "夹/一.csv 1: 姓名|号", "夹/一.csv 2: 张三|1", "__MACOSX/._一.csv 1: __MACOSX/._一.csv"]);
    assert_eq!(shown[4], "../../二.xlsx/甲 1: x");
    assert!(shown[5].contains("PDF") && shown[6].contains("ZIP archive within"), "{shown:?}");
    assert_eq!(read[5].fault(), Some(RecordFault::UnreadableEntry));
    assert_eq!(shown[7..], ["四.txt 1: 姓名|号", "四.txt 2: 李四|2"]);
}

#[test]
fn what_is_no_table_is_named_with_a_remedy() {
    let cases: &[(&[u8], &[&str])] = &[
        (b"%PDF-1.7\n", &["PDF", "CSV"]),
        (b"\x89PNG\r\n\x1A\n", &["picture", "--as photos"]),
        (b"\xFF\xD8\xFF\xE0", &["picture"]),
        (b"Rar!\x1A\x07\x01\0", &["RAR", "unpack"]),
        (b"7z\xBC\xAF\x27\x1C\0", &["7z", "unpack"]),
        (b"\0\x01\0\0Standard Jet DB\0", &["Access", "CSV"]),
        (b"<?xml version=\"1.0\"?><Workbook/>", &["XML", "XLSX"]),
        (b"[{\"a\":1}]", &["JSON Lines", "one object a line"]),
        (b"PK\x03\x04xl/", &["damaged", "export it again"]),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0", &["damaged"]),
        (b"", &["empty", "header row"]),
        (&[0; 4096], &["binary data"]),
    ];
    for (bytes, parts) in cases {
        let message = refused(bytes);
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }
    assert!(refused(&zipped(&[("word/document.xml", b"")])).contains("Word"));
    assert!(refused(&zipped(&[("xl/workbook.bin", b""), ("[Content_Types].xml", b"")])).contains("XLSB"));
    assert!(refused(&office_file("/EncryptedPackage")).contains("password"));
    assert!(refused(&office_file("/WordDocument")).contains("Word"));
}

fn office_file(stream: &str) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    file.create_stream(stream).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn the_content_decides_and_not_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("名册.xls");
    std::fs::write(&path, "姓名,号\n").unwrap();
    let source = super::super::open(&path).unwrap();
    assert_eq!((source.format(), source.is_disguised()), (Format::Delimited, true));
    assert_eq!(opened("姓名,号\n".as_bytes()).unwrap().format(), Format::Delimited);
}

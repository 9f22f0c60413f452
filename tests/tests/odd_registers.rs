//! Registers whose titles need a second look: headers of two rows, and columns that nobody knows. Nobody here is real.

use serde_json::json;
use tests::home::{Home, argument};

const DELIVERY: [&str; 6] = ["--as", "certificates", "--kind", "safety-personnel", "--as-of", "2026-10-31"];

const TWO_ROWS: &str = "\
姓名,身份证号,证书编号,发证,,有效期,,档案,
,,,日期,机关,起,止,柜号,内部号
甲一,610103198001011233,陕建安B（2017）0000001,2026-05-18,陕西省住房和城乡建设厅,2026-05-18,2029-05-17,3,a
乙二,610103198101011230,陕建安B（2017）0000002,2026-05-18,陕西省住房和城乡建设厅,2026-05-18,,3,b
";

#[test]
fn a_header_of_two_rows_serves_report_correction_and_return_and_unknown_columns_are_named() {
    let home = Home::new();
    let file = home.file("登记.csv", TWO_ROWS);
    let run = home.done(&[&["ingest", &file], &DELIVERY[..], &["--wait"]].concat());
    let batch = run["batches"][0]["id"].as_str().unwrap().to_owned();
    let shown = home.done(&["batch", "show", &batch]);
    let totals = ["read", "loaded", "held", "dropped"].map(|outcome| shown["totals"][outcome].as_i64().unwrap());
    assert_eq!(totals, [4, 1, 1, 2], "{shown}");
    assert_eq!(shown["columns_not_used"], json!(["档案柜号", "档案内部号"]));
    let text = home.run(&["batch", "show", &batch]).ended_with(0).stdout;
    assert!(text.contains("columns kept, not used: 档案柜号, 档案内部号"), "{text}");
    let until = home.sql_value("select valid_from || ' ' || valid_until from certificate");
    assert_eq!(until, "2026-05-18 2029-05-17");

    let report = argument(&home.beside("报告.csv"));
    home.done(&["batch", "report", &batch, "--out", &report]);
    let report_text = std::fs::read_to_string(&report).unwrap();
    let titles = "姓名,身份证号,证书编号,发证日期,发证机关,有效期起,有效期止,档案柜号,档案内部号";
    assert!(report_text.lines().next().unwrap().ends_with(titles), "{report_text}");
    let corrected = home.file("更正.csv", report_text.replace("2026-05-18,,3,b", "2026-05-18,2029-05-17,3,b"));
    let look = home.done(&[&["ingest", &corrected], &DELIVERY[..], &["--dry-run"]].concat());
    assert_eq!(look["dry_run"][0]["totals"], json!({ "dropped": 1, "loaded": 1 }), "{look}");

    let row = home.done(&["row", "list", "--batch", &batch])["rows"][0]["id"].as_str().unwrap().to_owned();
    home.done(&["row", "resolve", &row, "--set", "有效期止=2029-05-17", "--why", "看过原件"]);
    assert_eq!(home.sql_value("select count(*) from certificate where valid_until = '2029-05-17'"), "2");
}

#[test]
fn a_day_number_whose_base_is_unclear_stays_so_until_the_day_is_given() {
    let home = Home::new();
    let province = home.beside("province");
    let told = home.done(&["sample", "--rows", "50", "--photos", "0", "--as-of", "2026-10-31", "--out", &argument(&province)]);
    home.configure(&std::fs::read_to_string(province.join("ecert.toml")).unwrap());
    let file = argument(&std::path::Path::new(told["other_years"]["folder"].as_str().unwrap()).join("特种作业_苹果机.xls"));
    let kind = ["--as", "certificates", "--kind", "special-operation", "--as-of", "2026-10-31", "--wait"];
    let run = home.done(&[&["ingest", &file], &kind[..]].concat());
    let batch = run["batches"][0]["id"].as_str().unwrap().to_owned();
    let held = home.done(&["row", "list", "--batch", &batch]);
    let [row] = held["rows"].as_array().unwrap().as_slice() else { panic!("{held}") };
    let id = row["id"].as_str().unwrap();
    let open = home.run(&["row", "resolve", id, "--set", "备注=已核", "--accept", "--why", "看过原件"]).ended_with(1);
    assert!(open.stderr.contains("发证日期：日期序列值的起算年不明"), "{open}");
    let shown = home.done(&["row", "show", id]);
    let cell = |title: &str| shown["cells"].as_array().unwrap().iter().find(|cell| cell["title"] == title).unwrap()["text"].clone();
    let days: i64 = cell("发证日期").as_str().unwrap().parse().unwrap();
    let day = home.sql_value(&format!("select date '1904-01-01' + {days}"));
    home.done(&["row", "resolve", id, "--set", &format!("发证日期={day}"), "--why", "看过原件"]);
    let number = cell("证书编号").as_str().unwrap().to_owned();
    assert_eq!(home.sql_value(&format!("select issued_on from certificate where number = '{number}'")), day);
}

//! Decisions on single certificates, delivered as an office would.

use crate::home::Home;

/// Name, ID number and id of a certificate's holder.
#[must_use]
pub fn holder(home: &Home, number: &str) -> Vec<String> {
    let query = "select p.name, p.id_number, p.id from certificate c join person p on p.id = c.person_id where c.number";
    home.sql(&format!("{query} = '{number}'")).remove(0)
}

/// Delivers one decision (延续, 变更, 注销 …) on a certificate and waits until it is imported; `employer` is the new one of a change.
pub fn deliver(home: &Home, number: &str, kind: &str, day: &str, employer: &str) {
    let holder = holder(home, number);
    let (name, id_number) = (&holder[0], &holder[1]);
    let file = home.file(
        &format!("{kind}.csv"),
        format!(
            "决定文号,决定类型,决定日期,证书编号,姓名,身份证号,新有效期起,新有效期止,新企业,新企业统一社会信用代码,决定事由\n\
             {kind}9号,{kind},{day},{number},{name},{id_number},,,{employer},,\n"
        ),
    );
    home.done(&["ingest", &file, "--as", "decisions", "--wait"]);
}

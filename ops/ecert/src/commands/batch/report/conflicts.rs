//! Which rows of the delivery and which person of the register a held row contradicts, in words for its message.

use std::collections::HashMap;

use domain::finding::FindingCode;
use domain::identity::IdentityDocument;
use domain::ids::BatchId;
use serde_json::Value;
use store::pool::PgConnection;
use store::rows::{self, Conflict};

/// Other lines that a message names.
const NAMED: usize = 5;

/// What two rows have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Common {
    Number,
    Document,
    NameAndBirth,
}

/// The conflicts of a batch.
pub(super) struct Conflicts {
    rows: HashMap<i64, Conflict>,
    lines: HashMap<(Common, String), Vec<i64>>,
}

impl Conflicts {
    pub(super) async fn read(conn: &mut PgConnection, batch: BatchId) -> anyhow::Result<Self> {
        Ok(Self::of(rows::conflicts(conn, batch).await?))
    }

    fn of(all: Vec<Conflict>) -> Self {
        let mut lines: HashMap<(Common, String), Vec<i64>> = HashMap::new();
        for row in &all {
            for (is, common) in [(row.by_number, Common::Number), (row.by_document, Common::Document), (row.by_birth, Common::NameAndBirth)]
            {
                if is {
                    lines.entry((common, key(row, common))).or_default().push(row.line);
                }
            }
        }
        Self { rows: all.into_iter().map(|row| (row.row_no, row)).collect(), lines }
    }

    /// What a finding of a row contradicts; nothing for one that is no conflict.
    pub(super) fn words(&self, row_no: i64, finding: &Value) -> String {
        let code = finding["code"].as_str().and_then(|code| code.parse::<FindingCode>().ok());
        let (Some(row), Some(common)) = (self.rows.get(&row_no), code.and_then(common_of)) else { return String::new() };
        let others: Vec<String> = self
            .lines
            .get(&(common, key(row, common)))
            .into_iter()
            .flatten()
            .filter(|line| **line != row.line)
            .map(i64::to_string)
            .collect();
        let mut told = Vec::new();
        if !others.is_empty() {
            let rest = if others.len() > NAMED { "…" } else { "" };
            let named = others.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>();
            told.push(format!("另见第{}{rest}行 / see lines {}{rest}", named.join("、"), named.join(", ")));
        }
        if common != Common::Number || code == Some(FindingCode::NumberOfTwoPeople) {
            told.extend(known_person(row).map(|known| format!("登记在册：{known} / known in the register: {known}")));
        }
        if told.is_empty() { String::new() } else { format!("（{}）", told.join("；")) }
    }
}

fn common_of(code: FindingCode) -> Option<Common> {
    if matches!(code, FindingCode::NumberOfTwoPeople | FindingCode::Tie) {
        return Some(Common::Number);
    }
    if code == FindingCode::SameIdOtherName {
        return Some(Common::Document);
    }
    (code == FindingCode::SameNameBirthOtherId).then_some(Common::NameAndBirth)
}

fn key(row: &Conflict, common: Common) -> String {
    match common {
        Common::Number => row.number.clone(),
        Common::Document => format!("{} {}", row.id_kind, row.id_number),
        Common::NameAndBirth => format!("{} {:?}", row.name, row.birth_date),
    }
}

/// Person, name and masked ID number.
fn known_person(row: &Conflict) -> Option<String> {
    let (Some(person), Some(name), Some(kind), Some(number)) = (row.person, &row.person_name, &row.person_id_kind, &row.person_id_number)
    else {
        return None;
    };
    let masked = IdentityDocument::from_stored(kind.parse().ok()?, number.clone()).masked();
    Some(format!("{name} {masked}（person {person}）"))
}

#[cfg(test)]
mod tests {
    use domain::ids::PersonId;
    use serde_json::json;

    use super::*;

    fn held(row_no: i64, number: &str, id_number: &str) -> Conflict {
        Conflict {
            row_no,
            line: row_no + 1,
            number: number.to_owned(),
            name: "王小明".to_owned(),
            id_kind: "resident".to_owned(),
            id_number: id_number.to_owned(),
            birth_date: None,
            by_number: true,
            by_document: false,
            by_birth: false,
            person: (row_no == 3).then_some(PersonId(9)),
            person_name: Some("李大海".to_owned()),
            person_id_kind: Some("resident".to_owned()),
            person_id_number: Some("610103198001011233".to_owned()),
        }
    }

    #[test]
    fn a_conflict_names_the_other_lines_and_the_person_of_the_register_masked() {
        let conflicts = Conflicts::of(vec![held(1, "N1", "A"), held(2, "N1", "B"), held(3, "N3", "C")]);
        let finding = json!({ "code": "number-of-two-people" });
        assert_eq!(conflicts.words(1, &finding), "（另见第3行 / see lines 3）");
        assert_eq!(conflicts.words(2, &finding), "（另见第2行 / see lines 2）");
        let known = conflicts.words(3, &finding);
        assert!(known.contains("李大海 6101**********1233（person 9）") && !known.contains("19800101"), "{known}");
        assert_eq!(conflicts.words(1, &json!({ "code": "period-not-of-kind" })), "");
        assert_eq!(conflicts.words(7, &finding), "");
    }
}

//! What rows of one file say about each other and the register about them, judged in memory by the rules that the import follows in the database
//! (dirty-data cases 14, 15, 16, 18 and 49). Hashes stand for the texts, so that a row takes the same few bytes however long its cells are.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash, RandomState};

use domain::finding::{FindingCode, Outcome};
use store::intake_rows::StagedFields;
use store::preview::Beside;
use time::Date;

/// A row of which number, name and identity were read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) line: u64,
    /// Place among the sheets of the summary.
    pub(super) sheet: u32,
    pub(super) outcome: Outcome,
    number: u64,
    document: u64,
    name: u64,
    /// Of name and birth date, where the latter is known.
    birth: Option<u64>,
    content: u64,
    issued_on: Option<Date>,
    pub(super) beside: Beside,
    pub(super) found: Found,
    pub(super) is_superseded: bool,
}

/// What the rules found about a row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Found {
    number_of_two_people: bool,
    same_id_other_name: bool,
    same_name_birth_other_id: bool,
    of_its_number: Option<FindingCode>,
    is_older: bool,
}

impl Found {
    /// The findings in the order in which the import makes them.
    pub(super) fn codes(self) -> impl Iterator<Item = FindingCode> {
        let all = [
            self.number_of_two_people.then_some(FindingCode::NumberOfTwoPeople),
            self.same_id_other_name.then_some(FindingCode::SameIdOtherName),
            self.same_name_birth_other_id.then_some(FindingCode::SameNameBirthOtherId),
            self.of_its_number,
            self.is_older.then_some(FindingCode::OlderDelivery),
        ];
        all.into_iter().flatten()
    }
}

/// The rows of a file.
#[derive(Debug, Default)]
pub(super) struct CrossRows {
    hasher: RandomState,
    pub(super) rows: Vec<Seen>,
}

impl CrossRows {
    pub(super) fn add(&mut self, line: u64, sheet: u32, outcome: Outcome, fields: &StagedFields) {
        let f = fields;
        let document = self.hasher.hash_one((&f.id_kind, &f.id_number));
        let content = format!(
            "{}\u{1f}{}\u{1f}{:?}",
            f.name,
            f.id_number,
            (
                &f.category,
                &f.specialties,
                &f.employer_name,
                &f.employer_code,
                &f.duty,
                f.first_issued_on,
                f.issued_on,
                f.valid_from,
                f.valid_until,
                &f.legal_status
            )
        );
        self.rows.push(Seen {
            line,
            sheet,
            outcome,
            number: self.hasher.hash_one(&f.number),
            document,
            name: self.hasher.hash_one(&f.name),
            birth: f.birth_date.map(|day| self.hasher.hash_one((&f.name, day))),
            content: self.hasher.hash_one(content),
            issued_on: f.issued_on,
            beside: Beside::default(),
            found: Found::default(),
            is_superseded: false,
        });
    }

    /// Applies the rules, each on what the one before left.
    pub(super) fn judge(&mut self) {
        let candidates = |rows: &[Seen]| -> Vec<usize> { (0..rows.len()).filter(|&at| rows[at].outcome <= Outcome::Held).collect() };
        let all = candidates(&self.rows);
        let by_number = contested(&self.rows, &all, |row| Some(row.number), |row| row.document);
        let by_document = contested(&self.rows, &all, |row| Some(row.document), |row| row.name);
        let by_birth = contested(&self.rows, &all, |row| row.birth, |row| row.document);
        for at in all {
            let row = &mut self.rows[at];
            let beside = row.beside;
            row.found.number_of_two_people = by_number.contains(&row.number) || beside.number_is_anothers;
            row.found.same_id_other_name = by_document.contains(&row.document) || beside.has_other_name;
            let is_alike = row.birth.is_some_and(|birth| by_birth.contains(&birth)) || beside.has_namesake;
            row.found.same_name_birth_other_id = is_alike && !beside.is_known;
            if row.found.codes().next().is_some() {
                row.outcome = Outcome::Held;
            }
        }
        self.judge_rows_of_one_number();
        for row in &mut self.rows {
            if row.outcome <= Outcome::Warned && !row.is_superseded && row.beside.fate == store::preview::Fate::Older {
                row.found.is_older = true;
                row.outcome = Outcome::Warned;
            }
        }
    }

    /// Identical rows collapse into the first; of different ones the newest by issue date speaks; without a newest one all are held.
    fn judge_rows_of_one_number(&mut self) {
        let mut groups: HashMap<u64, Vec<usize>> = HashMap::new();
        for (at, row) in self.rows.iter().enumerate().filter(|(_, row)| row.outcome <= Outcome::Warned) {
            groups.entry(row.number).or_default().push(at);
        }
        for group in groups.into_values().filter(|group| group.len() > 1) {
            let newest = group.iter().filter_map(|&at| self.rows[at].issued_on).max();
            let is_undated = group.iter().any(|&at| self.rows[at].issued_on.is_none());
            let mut contents: Vec<u64> =
                group.iter().filter(|&&at| self.rows[at].issued_on == newest).map(|&at| self.rows[at].content).collect();
            contents.sort_unstable();
            contents.dedup();
            let is_tie = contents.len() > 1 || (is_undated && newest.is_some());
            let mut known = Vec::new();
            for at in group {
                let row = &mut self.rows[at];
                let code = if known.contains(&row.content) {
                    FindingCode::DuplicateRow
                } else if is_tie {
                    FindingCode::Tie
                } else if row.issued_on < newest {
                    FindingCode::OlderRowOfNumber
                } else {
                    known.push(row.content);
                    continue;
                };
                known.push(row.content);
                row.found.of_its_number = Some(code);
                if code == FindingCode::Tie {
                    row.outcome = Outcome::Held;
                } else {
                    row.is_superseded = true;
                }
            }
        }
    }
}

/// The keys under which rows differ in what should be one.
fn contested<T: Eq + Hash + Copy>(
    rows: &[Seen],
    all: &[usize],
    key: impl Fn(&Seen) -> Option<u64>,
    one: impl Fn(&Seen) -> T,
) -> std::collections::HashSet<u64> {
    let mut first: HashMap<u64, T> = HashMap::new();
    let mut contested = std::collections::HashSet::new();
    for &at in all {
        let row = &rows[at];
        if let Some(key) = key(row)
            && *first.entry(key).or_insert_with(|| one(row)) != one(row)
        {
            contested.insert(key);
        }
    }
    contested
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn row(number: &str, id_number: &str, name: &str) -> StagedFields {
        StagedFields {
            number: number.to_owned(),
            name: name.to_owned(),
            id_kind: "resident".to_owned(),
            id_number: id_number.to_owned(),
            issued_on: Some(date!(2026 - 05 - 18)),
            ..StagedFields::default()
        }
    }

    /// Outcome and codes of each row.
    fn judged(rows: &[StagedFields]) -> Vec<String> {
        let mut all = CrossRows::default();
        for (line, fields) in (1..).zip(rows) {
            all.add(line, 0, Outcome::Loaded, fields);
        }
        all.judge();
        let told = |row: &Seen| row.found.codes().fold(row.outcome.as_str().to_owned(), |text, code| format!("{text} {code}"));
        all.rows.iter().map(told).collect()
    }

    #[test]
    fn rows_of_a_file_are_judged_as_the_import_does() {
        assert_eq!(judged(&[row("N1", "A", "王"), row("N2", "A", "王")]), ["loaded", "loaded"]);
        assert_eq!(judged(&[row("N1", "A", "王"), row("N1", "B", "李")]), ["held number-of-two-people"; 2]);
        assert_eq!(judged(&[row("N1", "A", "王"), row("N2", "A", "李")]), ["held same-id-other-name"; 2]);
        let born = |row: StagedFields| StagedFields { birth_date: Some(date!(1980 - 01 - 02)), ..row };
        assert_eq!(judged(&[born(row("N1", "A", "王")), born(row("N2", "B", "王"))]), ["held same-name-birth-other-id"; 2]);
        let older = StagedFields { issued_on: Some(date!(2020 - 05 - 18)), ..row("N1", "A", "王") };
        assert_eq!(judged(&[older.clone(), row("N1", "A", "王")]), ["loaded older-row-of-number", "loaded"]);
        assert_eq!(judged(&[row("N1", "A", "王"), row("N1", "A", "王")]), ["loaded", "loaded duplicate-row"]);
        let other = StagedFields { duty: Some("经理".to_owned()), ..row("N1", "A", "王") };
        assert_eq!(judged(&[row("N1", "A", "王"), other]), ["held tie-of-number"; 2]);
        let undated = StagedFields { issued_on: None, ..row("N1", "A", "王") };
        assert_eq!(judged(&[undated, row("N1", "A", "王")]), ["held tie-of-number"; 2]);
    }
}

//! Faults between two rows of one file.

use domain::check_digit;
use domain::finding::FindingCode as Code;
use domain::kind::Kind;

use super::{HELD, LOADED};
use crate::calendar::{add_days, add_years, iso};
use crate::delivery::draft::Draft;
use crate::delivery::sheet::Expected;
use crate::row::Column::{Employer, EmployerCode, First, Identity, Issued, Name, Number, Sex, State};

/// A fault of two rows: the first is sound at first, the second is made from both.
pub(crate) struct Pair {
    pub(crate) fits: fn(&Draft) -> bool,
    pub(crate) put: fn(&mut Draft, &mut Draft),
}

fn expect(first: &mut Draft, second: &mut Draft, outcome: &'static [&'static str], code: Code, why: &'static str, case: u8) {
    for draft in [first, second] {
        draft.expected = Expected::row(outcome, &[code], why, Some(case));
    }
}

/// Every pair.
pub(crate) const PAIRS: &[Pair] = &[
    Pair {
        fits: |_| true,
        put: |first, second| {
            become_holder_of(first, second);
            let other = format!("{}改", second.cell(Name).chars().take(1).collect::<String>());
            second.set(Name, other);
            expect(first, second, HELD, Code::SameIdOtherName, "one ID number with two names", 14);
        },
    },
    Pair {
        fits: |_| true,
        put: |first, second| {
            become_holder_of(first, second);
            let body = format!("6198{}", &first.cell(Identity)[4..17]);
            second.set(Identity, body.chars().chain(check_digit::gb11643(&body)).collect::<String>());
            expect(first, second, HELD, Code::SameNameBirthOtherId, "one name and birth date with two ID numbers", 15);
        },
    },
    Pair {
        fits: |_| true,
        put: |first, second| {
            *second = first.clone();
            second.expected = Expected::row(LOADED, &[Code::DuplicateRow], "identical row twice", Some(16));
            first.expected = Expected::row(LOADED, &[], "row that comes again", Some(16));
        },
    },
    Pair {
        fits: |_| true,
        put: |first, second| {
            let (employer, code) = (second.cell(Employer).to_owned(), second.cell(EmployerCode).to_owned());
            *second = first.clone();
            second.set(Employer, format!("{employer}（新）"));
            second.set(EmployerCode, code);
            expect(first, second, HELD, Code::DuplicateRowDiffers, "one certificate twice with other content, neither newer", 16);
        },
    },
    Pair {
        fits: |_| true,
        put: |first, second| {
            become_holder_of(first, second);
            for draft in [first, second] {
                draft.expected = Expected::row(LOADED, &[], "one person with two certificates, which is normal", Some(17));
            }
        },
    },
    Pair {
        fits: |_| true,
        put: |first, second| {
            second.set(Number, first.cell(Number).to_owned());
            // The number tells the trade; nothing else may be wrong with the second row.
            let category = first.cell(crate::row::Column::Category).to_owned();
            second.set(crate::row::Column::Category, category);
            expect(first, second, HELD, Code::NumberOfTwoPeople, "one certificate number for two people", 18);
        },
    },
    Pair {
        fits: |draft| {
            let period = draft.row.period;
            let is_renewable = matches!(draft.kind(), Kind::SafetyPersonnel | Kind::Constructor | Kind::StructuralEngineer);
            is_renewable && period.first_issued < period.issued && period.issued.day() < 28
        },
        put: |first, second| {
            *second = first.clone();
            let older = add_years(first.row.period.issued, -3);
            first.set(Issued, iso(older));
            first.set(First, iso(second.row.period.first_issued.min(older)));
            first.set_end(add_days(second.row.period.issued, -1));
            first.set(State, "注销");
            first.expected = Expected::row(LOADED, &[Code::OlderRowOfNumber], "older row of the number, cancelled", Some(49));
            second.expected = Expected::row(LOADED, &[], "newer row of the number", Some(49));
        },
    },
];

/// The second row is another certificate of the first row's holder.
fn become_holder_of(first: &Draft, second: &mut Draft) {
    second.row.person = first.row.person.clone();
    for column in [Name, Sex, crate::row::Column::Birth, Identity, crate::row::Column::Phone] {
        second.set(column, first.cell(column).to_owned());
    }
}

//! The register of one kind: which row is clean, which ends tonight, which is faulty, and who holds it.

use domain::kind::Kind;
use time::Date;

use crate::dice::Dice;
use crate::employer::Employers;
use crate::fault::{CLEAN, Expectation, Fault, SHARES};
use crate::period::{self, Standing};
use crate::person::Population;
use crate::row::{Column, Row};
use crate::shuffle::Shuffle;
use crate::trade::{self, Numbers};

/// What is decided about a row by its place in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lot {
    Clean,
    EndsTonight,
    Faulty(Fault),
    /// The number is that of this other row.
    NumberOf(usize),
}

/// All rows of a kind. A row follows from its index; none has to be remembered.
pub(crate) struct Register {
    pub(crate) kind: Kind,
    pub(crate) rows: usize,
    seed: u64,
    as_of: Date,
    first_person: usize,
    order: Shuffle,
    ends_tonight: usize,
    faulty: Vec<(Fault, usize)>,
    numbers: Numbers,
}

/// A row as it is written.
pub(crate) struct Written {
    pub(crate) row: Row,
    pub(crate) expectation: Expectation,
    /// Whether a certificate comes of it without anybody's help.
    pub(crate) loads: bool,
}

impl Register {
    /// A register of so many rows, whose own people begin at this index.
    pub(crate) fn new(kind: Kind, rows: usize, first_person: usize, seed: u64, as_of: Date) -> Register {
        let salt = Dice::new(seed, kind.as_str(), rows).next();
        let ends_tonight = match kind {
            Kind::PostTraining => 0,
            Kind::SafetyPersonnel => rows.div_ceil(100),
            Kind::Constructor | Kind::Architect | Kind::StructuralEngineer | Kind::SpecialOperation => (rows + 50) / 100,
        };
        // Small registers have at least one of each fault, so that a demonstration shows them all.
        let least = usize::from(rows >= 400);
        let faulty = SHARES.iter().map(|&(fault, share)| (fault, ((rows * share + 5000) / 10_000).max(least))).map(|(fault, count)| {
            // Two people share a number: such rows come in pairs.
            (fault, if fault == Fault::NumberOfTwoPeople { count.next_multiple_of(2) } else { count })
        });
        Register {
            kind,
            rows,
            seed,
            as_of,
            first_person,
            order: Shuffle::new(rows, salt),
            ends_tonight,
            faulty: faulty.collect(),
            numbers: Numbers::new(kind, rows, salt),
        }
    }

    /// Row `index`. Holders of certificates of the register `elsewhere` may hold one of this kind, too.
    pub(crate) fn row(&self, index: usize, elsewhere: Option<&Register>, population: &mut Population, employers: &Employers) -> Written {
        let lot = self.lot(index);
        let mut row = self.clean(index, lot, elsewhere, population, employers);
        let fault = match lot {
            Lot::Clean => self.occasional(&row, index),
            Lot::EndsTonight => None,
            Lot::Faulty(fault) => fault.fits(&row).then_some(fault),
            Lot::NumberOf(other) => {
                let other = self.clean(other, self.lot(other), elsewhere, population, employers);
                // The number tells the category; nothing else may be wrong with the row.
                for column in [Column::Number, Column::Category] {
                    row.set(column, other.cell(column).to_owned());
                }
                Some(Fault::NumberOfTwoPeople)
            }
        };
        if let Some(fault) = fault {
            fault.put_into(&mut row);
        }
        let expectation = fault.map_or(CLEAN, Fault::expectation);
        Written { row, expectation, loads: fault.is_none_or(Fault::loads) }
    }

    /// The index of the person who holds row `index`.
    fn holder(&self, index: usize, elsewhere: Option<&Register>) -> usize {
        let shared = elsewhere
            .filter(|other| index < other.rows && Dice::new(self.seed, "second certificate", self.first_person + index).per_mille(80));
        if let Some(other) = shared {
            let row = other.order.at(index);
            // A name or number that is faulty over there would contradict the sound one here.
            if matches!(other.lot(row), Lot::Clean | Lot::EndsTonight) {
                return other.first_person + row;
            }
        }
        self.first_person + index
    }

    fn lot(&self, index: usize) -> Lot {
        let mut place = self.order.place_of(index);
        if place < self.ends_tonight {
            return Lot::EndsTonight;
        }
        place -= self.ends_tonight;
        for &(fault, count) in &self.faulty {
            if place < count {
                let is_second = fault == Fault::NumberOfTwoPeople && place % 2 == 1;
                return if is_second { Lot::NumberOf(self.order.at(self.order.place_of(index) - 1)) } else { Lot::Faulty(fault) };
            }
            place -= count;
        }
        Lot::Clean
    }

    fn clean(&self, index: usize, lot: Lot, elsewhere: Option<&Register>, population: &mut Population, employers: &Employers) -> Row {
        let mut dice = Dice::new(self.seed, self.kind.as_str(), index);
        let standing = match lot {
            Lot::EndsTonight => Standing::EndsTonight,
            Lot::Faulty(Fault::StateContradictsDates) => Standing::Expired,
            Lot::Clean | Lot::Faulty(_) | Lot::NumberOf(_) => {
                if dice.per_mille(660) {
                    Standing::InForce
                } else {
                    Standing::Expired
                }
            }
        };
        // What has no end stays in force.
        let standing = if self.kind == Kind::PostTraining { Standing::InForce } else { standing };
        let person = population.person(self.holder(index, elsewhere));
        let employer = employers.of_person(person.index);
        let period = period::draw(self.kind, standing, self.as_of, &mut dice);
        let trade = trade::draw(self.kind, &mut dice);
        let number = self.numbers.number(index, trade, period.first_issued, &mut dice);
        Row::clean(self.kind, person, employer, trade, number, (period, standing))
    }

    /// Faults that need a row that happens to fit.
    fn occasional(&self, row: &Row, index: usize) -> Option<Fault> {
        let mut dice = Dice::new(self.seed, "occasional fault", self.first_person + index);
        [(Fault::LowerCaseX, 60), (Fault::AnotherDot, 300)]
            .into_iter()
            .find(|(fault, cases)| fault.fits(row) && dice.per_mille(*cases))
            .map(|(fault, _)| fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};
    use time::macros::date;

    fn written(kind: Kind, rows: usize) -> Vec<Written> {
        let as_of = date!(2026 - 10 - 31);
        let (mut population, employers) = (Population::new(4, as_of), Employers::new(4, rows));
        let register = Register::new(kind, rows, 0, 4, as_of);
        (0..rows).map(|index| register.row(index, None, &mut population, &employers)).collect()
    }

    #[test]
    fn every_fault_occurs_and_about_three_rows_in_a_hundred_are_faulty() {
        let rows = written(Kind::SafetyPersonnel, 5000);
        let whys: HashSet<_> = rows.iter().map(|row| row.expectation.why).collect();
        let all = SHARES.iter().map(|(fault, _)| *fault).chain([Fault::LowerCaseX, Fault::AnotherDot]);
        for fault in all {
            assert!(whys.contains(fault.expectation().why), "{fault:?}");
        }
        let faulty = rows.iter().filter(|row| row.expectation != CLEAN).count();
        assert!((125..=275).contains(&faulty), "{faulty} of 5,000");
    }

    #[test]
    fn only_the_rows_marked_so_share_their_number_and_always_two_of_them() {
        let rows = written(Kind::SafetyPersonnel, 3000);
        let mut holders: HashMap<&str, Vec<&str>> = HashMap::new();
        for row in &rows {
            let marked = row.expectation == Fault::NumberOfTwoPeople.expectation();
            let people = holders.entry(row.row.cell(Column::Number)).or_default();
            people.push(&row.row.person.identity);
            assert!(marked || people.len() == 1, "{}", row.row.key());
        }
        let shared: Vec<_> = holders.values().filter(|people| people.len() > 1).collect();
        assert_eq!(shared.len() * 2, rows.iter().filter(|row| row.expectation == Fault::NumberOfTwoPeople.expectation()).count());
        assert!(!shared.is_empty() && shared.iter().all(|people| people.len() == 2 && people[0] != people[1]));
    }

    #[test]
    fn paper_that_ends_tonight_is_clean_and_one_in_a_hundred() {
        let as_of = date!(2026 - 10 - 31);
        for kind in [Kind::SafetyPersonnel, Kind::Constructor, Kind::SpecialOperation, Kind::Architect] {
            let rows = written(kind, 1000);
            let tonight: Vec<_> = rows.iter().filter(|row| row.row.period.until == Some(as_of)).collect();
            assert_eq!(tonight.len(), 10, "{kind}");
            assert!(tonight.iter().all(|row| row.expectation == CLEAN && row.row.cell(Column::Until) == "2026-10-31"));
        }
    }
}

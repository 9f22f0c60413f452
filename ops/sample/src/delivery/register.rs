//! The rows of one delivered register: mostly sound ones, and each fault that its format and kind can carry.

use domain::finding::FindingCode;
use domain::kind::Kind;
use time::Date;

use super::draft::{Draft, register_titles};
use super::plant::{PAIRS, Plant};
use super::sheet::{Cell, Expected, Line, Merge, Sheet};
use crate::dice::Dice;
use crate::employer::Employers;
use crate::period::{self, Standing};
use crate::person::Population;
use crate::row::{Column, Row};
use crate::shuffle::Shuffle;
use crate::trade::{self, Numbers};

/// Each fault stands once in so many rows.
const ROWS_A_FAULT: usize = 600;

/// Everybody and every firm of the deliveries, and how many people and numbers are spoken for.
pub(crate) struct Source {
    pub(crate) seed: u64,
    pub(crate) as_of: Date,
    pub(crate) population: Population,
    pub(crate) employers: Employers,
    next_person: usize,
    taken: Vec<(Kind, usize)>,
}

impl Source {
    pub(crate) fn new(seed: u64, as_of: Date, rows: usize) -> Source {
        // Older than everybody of the province, so that nobody is met in both.
        let population = Population::of_ages(seed, as_of, 57, 60);
        Source { seed, as_of, population, employers: Employers::new(seed, rows), next_person: 0, taken: Vec::new() }
    }

    /// Sound rows of people and numbers that nobody else has.
    pub(crate) fn sound(&mut self, kind: Kind, rows: usize) -> Vec<Draft> {
        let before: usize = self.taken.iter().filter(|(other, _)| *other == kind).map(|(_, rows)| rows).sum();
        self.taken.push((kind, rows));
        let numbers = Numbers::of_other_years(kind, before, rows, self.seed);
        let first = self.next_person;
        self.next_person += rows;
        (0..rows)
            .map(|index| {
                let mut dice = Dice::new(self.seed, "delivered row", first + index);
                let in_force = kind == Kind::PostTraining || dice.per_mille(660);
                let standing = if in_force { Standing::InForce } else { Standing::Expired };
                let person = self.population.person(first + index);
                let employer = self.employers.of_person(person.index);
                let period = period::draw(kind, standing, self.as_of, &mut dice);
                let trade = trade::draw(kind, &mut dice);
                let number = numbers.number(index, trade, period.first_issued, &mut dice);
                Draft::sound(Row::clean(kind, person, employer, trade, number, (period, standing)), self.as_of)
            })
            .collect()
    }

    /// Rows with the faults planted: every plant and every pair that finds rows to fit. Of a pair, the first row stands first.
    pub(crate) fn drafts(&mut self, kind: Kind, rows: usize, plants: &[&[Plant]]) -> Vec<Draft> {
        let mut drafts = self.sound(kind, rows);
        let order = Shuffle::new(rows, Dice::new(self.seed, "places of faults", self.next_person).next());
        let mut free: Vec<usize> = (0..rows).map(|place| order.at(place)).collect();
        for _ in 0..rows.div_ceil(ROWS_A_FAULT) {
            for plant in plants.iter().flat_map(|plants| plants.iter()) {
                if let Some(found) = free.iter().position(|&at| (plant.fits)(&drafts[at])) {
                    plant.put_into(&mut drafts[free.remove(found)]);
                }
            }
            for pair in PAIRS {
                let Some(found) = free.iter().position(|&at| (pair.fits)(&drafts[at])) else { continue };
                let first = free.remove(found);
                let Some(other) = free.pop() else { break };
                let (first, second) = if (pair.fits)(&drafts[other]) { (first.min(other), first.max(other)) } else { (first, other) };
                let (mut one, mut other) = (drafts[first].clone(), drafts[second].clone());
                (pair.put)(&mut one, &mut other);
                (drafts[first], drafts[second]) = (one, other);
            }
        }
        drafts
    }
}

/// How a table is dressed for print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dress {
    /// A header alone.
    Plain,
    /// A title above and a total below.
    Framed,
    /// As framed, and the header again in the middle, as on the second page.
    Paged,
}

/// The table of a register.
pub(crate) fn sheet(name: &str, kind: Kind, drafts: Vec<Draft>, dress: Dress) -> Sheet {
    let titles = register_titles(kind);
    let header = |expected| Line::of_texts(titles.iter().copied(), expected);
    let rows = drafts.len();
    let mut lines = Vec::with_capacity(rows + 4);
    if dress != Dress::Plain {
        lines.push(Line::of_texts(["陕西省住房和城乡建设领域证书台账（历年导出）"], Expected::heading("title")));
    }
    lines.push(header(Expected::heading("header")));
    for (place, draft) in drafts.into_iter().enumerate() {
        if dress == Dress::Paged && place == rows / 2 {
            lines.push(header(Expected::furniture(FindingCode::RepeatedHeader, "header repeated for the second page")));
        }
        lines.push(draft.into_line());
    }
    if dress != Dress::Plain {
        let count = rows.to_string();
        lines.push(Line::of_texts(["合计", &count], Expected::furniture(FindingCode::TotalRow, "footer with the total")));
    }
    Sheet::new(name, lines)
}

/// Merges the employer's cell over three neighbouring sound rows, as clerks do who write a firm once (case 35).
pub(crate) fn merge_employer(sheet: &mut Sheet) {
    let is_sound = |line: &Line| line.expected.why == "clean row" && !line.is_hidden;
    let Some(first) = sheet.lines.windows(3).position(|three| three.iter().all(is_sound)) else { return };
    let column = Column::Employer as usize;
    let code = sheet.lines[first].cells[Column::EmployerCode as usize].clone();
    for place in first..=first + 2 {
        let line = &mut sheet.lines[place];
        line.expected.why = "employer stands in a merged cell";
        line.expected.case = Some(35);
        line.cells[Column::EmployerCode as usize] = code.clone();
        if place > first {
            line.cells[column] = Cell::empty();
            line.expected.warn(FindingCode::MergedCellFilled);
        }
    }
    sheet.merges.push(Merge { column, last_column: column, first, last: first + 2 });
}

/// Hides a sheet: every row of it is imported and warned of (case 36).
pub(crate) fn hide(sheet: &mut Sheet) {
    sheet.is_hidden = true;
    for line in sheet.lines.iter_mut().filter(|line| line.expected.outcomes != ["dropped"]) {
        line.expected.why = "row of a hidden sheet: counted and warned of, never dropped";
        line.expected.case = Some(36);
        line.expected.warn(FindingCode::HiddenSheet);
    }
}

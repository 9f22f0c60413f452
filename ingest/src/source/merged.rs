//! Merged ranges of a sheet: the value stands in the first cell, and the rows below and the cells to the right have it too.

/// Ranges of a sheet that are followed; the others of a hostile file are left as they are.
const MOST_RANGES: usize = 100_000;
/// Ranges that may reach over one row.
const MOST_ACTIVE: usize = 2_000;
/// Bytes of their values.
const MOST_ACTIVE_BYTES: usize = 4 << 20;

/// A range of cells, counted from 0, the last row and column included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CellRange {
    pub(super) first_row: u64,
    pub(super) first_column: u32,
    pub(super) last_row: u64,
    pub(super) last_column: u32,
}

/// The ranges of one sheet while its rows go by from the first to the last.
#[derive(Debug, Default)]
pub(super) struct MergedRanges {
    /// Those that are known beforehand and begin at a later row, the last of them first.
    ahead: Vec<CellRange>,
    /// Those that reach below their first row, with their value.
    active: Vec<(CellRange, String)>,
}

impl MergedRanges {
    pub(super) fn new(mut ranges: Vec<CellRange>) -> Self {
        ranges.truncate(MOST_RANGES);
        ranges.retain(|range| range.first_row <= range.last_row && range.first_column <= range.last_column);
        ranges.sort_unstable_by(|a, b| b.cmp(a));
        ranges.dedup();
        Self { ahead: ranges, active: Vec::new() }
    }

    /// Goes on to a row, which must not lie before the present one, and gives the ranges that begin in it.
    pub(super) fn go_to(&mut self, row: u64) -> Vec<CellRange> {
        self.active.retain(|(range, _)| range.last_row >= row);
        let mut beginning = Vec::new();
        while let Some(range) = self.ahead.pop_if(|range| range.first_row <= row) {
            if range.first_row == row {
                beginning.push(range);
            }
        }
        beginning
    }

    /// Keeps the value of a range for the rows below.
    pub(super) fn keep(&mut self, range: CellRange, value: &str) {
        let bytes = || self.active.iter().map(|(_, value)| value.len()).sum::<usize>() + value.len();
        let is_known = || self.active.iter().any(|(known, _)| *known == range);
        if range.last_row > range.first_row && self.active.len() < MOST_ACTIVE && !is_known() && bytes() <= MOST_ACTIVE_BYTES {
            self.active.push((range, value.to_owned()));
        }
    }

    /// The ranges from above that reach over a row.
    pub(super) fn reaching_down_to(&self, row: u64) -> impl Iterator<Item = &(CellRange, String)> {
        self.active.iter().filter(move |(range, _)| range.first_row < row && range.last_row >= row)
    }

    /// Whether a range from above covers the cell.
    pub(super) fn covers(&self, row: u64, column: u32) -> bool {
        self.reaching_down_to(row).any(|(range, _)| (range.first_column..=range.last_column).contains(&column))
    }
}

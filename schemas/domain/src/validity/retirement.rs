//! The retirement ladder of 2025 to 2039, by which provinces raise their age limits month by month.

use time::Date;

/// The three ladders, by the retirement age of before 2025.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RetirementLadder {
    /// Men: 60 years, a month more for every 4 months, up to 63.
    Men60,
    /// Women: 55 years, a month more for every 4 months, up to 58.
    Women55,
    /// Women: 50 years, a month more for every 2 months, up to 55.
    Women50,
}

impl RetirementLadder {
    const fn base_years(self) -> u16 {
        match self {
            Self::Men60 => 60,
            Self::Women55 => 55,
            Self::Women50 => 50,
        }
    }

    const fn step_months(self) -> u16 {
        match self {
            Self::Men60 | Self::Women55 => 4,
            Self::Women50 => 2,
        }
    }

    const fn most_added_months(self) -> u16 {
        match self {
            Self::Men60 | Self::Women55 => 36,
            Self::Women50 => 60,
        }
    }
}

/// The months added for somebody who would have retired in the given month: one for each begun step since 2025-01.
pub fn retirement_added_months(year: i32, month: u8, step_months: u16, most: u16) -> u16 {
    let since_start = (year - 2025) * 12 + i32::from(month);
    let begun = u16::try_from(since_start.max(0)).unwrap_or(u16::MAX).div_ceil(step_months.max(1));
    begun.min(most)
}

/// Age at retirement in months of a person born on a day.
pub fn retirement_age_months(ladder: RetirementLadder, born_on: Date) -> u16 {
    let base = ladder.base_years();
    let year = born_on.year() + i32::from(base);
    let added = retirement_added_months(year, u8::from(born_on.month()), ladder.step_months(), ladder.most_added_months());
    base * 12 + added
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn published_steps_of_the_ladder_recompute() {
        #[derive(serde::Deserialize)]
        struct Vectors {
            retire_add_months: Vec<(i32, u8, u16, u16, u16)>,
        }
        let text = include_str!("../../tests/fixtures/check-digits.json");
        let vectors: Vectors = serde_json::from_str(text).unwrap();
        assert!(!vectors.retire_add_months.is_empty());
        for (year, month, step, most, added) in vectors.retire_add_months {
            assert_eq!(retirement_added_months(year, month, step, most), added, "{year}-{month} by {step}");
        }
    }

    #[test]
    fn the_age_at_retirement_follows_the_month_of_birth() {
        let table = [
            (RetirementLadder::Men60, date!(1964 - 12 - 31), 60 * 12),
            (RetirementLadder::Men60, date!(1965 - 01 - 01), 60 * 12 + 1),
            (RetirementLadder::Men60, date!(1966 - 01 - 15), 60 * 12 + 4),
            (RetirementLadder::Men60, date!(1980 - 01 - 01), 63 * 12),
            (RetirementLadder::Women55, date!(1970 - 05 - 01), 55 * 12 + 2),
            (RetirementLadder::Women50, date!(1975 - 05 - 01), 50 * 12 + 3),
            (RetirementLadder::Women50, date!(1990 - 01 - 01), 55 * 12),
        ];
        for (ladder, born, months) in table {
            assert_eq!(retirement_age_months(ladder, born), months, "{ladder:?} {born}");
        }
    }
}

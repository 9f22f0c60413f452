//! When a renewal may be applied for: some kinds set the latest day, others the first.

use super::{days_after, months_before};
use time::{Date, Weekday};

/// Unit of a renewal window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WindowUnit {
    /// Calendar days.
    Days,
    /// Calendar months.
    Months,
    /// Mondays to Fridays. Public holidays are not known here, so the real last day may be earlier.
    WorkingDays,
}

/// The time before the end date in which a renewal may be applied for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RenewalWindow {
    /// How long before the end it opens (届满前3个月内); `None`: at any time.
    pub opens_before: Option<u16>,
    /// How long before the end it closes (届满30日前); `None`: on the end date.
    pub closes_before: Option<u16>,
    /// The unit of both.
    pub unit: WindowUnit,
}

impl RenewalWindow {
    /// The first day on which an application may be made for a certificate that ends on `end`.
    pub fn opens_on(&self, end: Date) -> Option<Date> {
        self.opens_before.and_then(|count| self.before(end, count))
    }

    /// The last day on which an application may be made.
    pub fn closes_on(&self, end: Date) -> Option<Date> {
        match self.closes_before {
            Some(count) => self.before(end, count),
            None => Some(end),
        }
    }

    fn before(&self, end: Date, count: u16) -> Option<Date> {
        match self.unit {
            WindowUnit::Days => days_after(end, -i64::from(count)),
            WindowUnit::Months => months_before(end, count),
            WindowUnit::WorkingDays => (0..count).try_fold(end, |day, _| {
                std::iter::successors(day.previous_day(), |day| day.previous_day())
                    .find(|day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rule;
    use crate::kind::Kind;
    use time::macros::date;

    #[test]
    fn windows_open_and_close_as_each_kind_says() {
        let table = [
            (Kind::Constructor, date!(2020 - 03 - 31), date!(2023 - 03 - 30), None, date!(2023 - 02 - 28)),
            (Kind::SafetyPersonnel, date!(2020 - 06 - 01), date!(2023 - 05 - 31), Some(date!(2023 - 02 - 28)), date!(2023 - 05 - 31)),
            (Kind::SpecialOperation, date!(2025 - 01 - 01), date!(2026 - 12 - 31), Some(date!(2026 - 09 - 30)), date!(2026 - 12 - 31)),
            (Kind::SpecialOperation, date!(2026 - 06 - 01), date!(2029 - 05 - 31), None, date!(2029 - 04 - 19)),
        ];
        for (kind, decided, end, opens, closes) in table {
            let window = rule(kind, None, None, decided).window;
            assert_eq!(window.opens_on(end), opens, "{kind}");
            assert_eq!(window.closes_on(end), Some(closes), "{kind}");
        }
    }
}

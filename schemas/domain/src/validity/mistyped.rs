//! Dates that a register cannot hold on the day on which it was true: years that were mistyped (case 31).

use super::{days_after, longest_years, months_after, years_after};
use crate::finding::{Finding, FindingCode};
use crate::kind::Kind;
use time::Date;

/// How long before its first day a period is granted at most. Renewals open three months before the end where the rules set an
/// opening at all; twice that leaves room for early ones, and is less than a mistyped year.
const GRANTED_AHEAD_MONTHS: u16 = 6;

/// A certificate that is issued after the day on which its register was true.
pub fn issue_after_delivery(issued_on: Date, as_of: Date) -> Option<Finding> {
    (as_of < issued_on).then(|| Finding::about(FindingCode::IssuedAfterDelivery, format!("{issued_on} > {as_of}")))
}

/// A period that begins too long after that day.
pub fn start_too_late(start: Date, as_of: Date) -> Option<Finding> {
    let last = months_after(as_of, GRANTED_AHEAD_MONTHS)?;
    (last < start).then(|| Finding::about(FindingCode::StartTooLate, format!("{start} > {last}")))
}

/// An end further away than the longest period of the kind reaches, counted from that day, or from a plausible first day after
/// it; a day more is in use. Kinds without an end are exempt.
pub fn end_too_late(kind: Kind, start: Option<Date>, end: Date, as_of: Date) -> Option<Finding> {
    let begins = start.filter(|start| start_too_late(*start, as_of).is_none()).map_or(as_of, |start| start.max(as_of));
    let last = days_after(years_after(begins, i32::from(longest_years(kind)?))?, 1)?;
    (last < end).then(|| Finding::about(FindingCode::EndTooLate, format!("{end} > {last}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    const AS_OF: Date = date!(2026 - 10 - 31);

    #[test]
    fn what_is_issued_after_the_day_of_the_register_is_mistyped() {
        assert_eq!(issue_after_delivery(AS_OF, AS_OF), None);
        let finding = issue_after_delivery(date!(2027 - 05 - 18), AS_OF).unwrap();
        assert_eq!((finding.code, finding.original.as_deref()), (FindingCode::IssuedAfterDelivery, Some("2027-05-18 > 2026-10-31")));
    }

    #[test]
    fn a_period_may_begin_half_a_year_ahead_and_no_later() {
        assert_eq!(start_too_late(date!(2027 - 04 - 30), AS_OF), None);
        assert_eq!(start_too_late(date!(2027 - 05 - 01), AS_OF).map(|f| f.code), Some(FindingCode::StartTooLate));
    }

    #[test]
    fn no_end_lies_further_away_than_the_longest_period_of_its_kind() {
        let start = date!(2027 - 01 - 31);
        let table = [
            (Kind::SafetyPersonnel, None, date!(2029 - 11 - 01), false),
            (Kind::SafetyPersonnel, None, date!(2029 - 11 - 02), true),
            (Kind::SafetyPersonnel, Some(start), date!(2030 - 01 - 31), false),
            (Kind::SafetyPersonnel, Some(start), date!(2031 - 01 - 30), true),
            (Kind::SafetyPersonnel, Some(date!(2062 - 01 - 31)), date!(2065 - 01 - 30), true),
            (Kind::Architect, Some(date!(2020 - 01 - 31)), date!(2028 - 11 - 02), true),
            (Kind::SpecialOperation, None, date!(2032 - 10 - 31), false),
            (Kind::SpecialOperation, None, date!(2033 - 10 - 31), true),
            (Kind::PostTraining, None, date!(2062 - 10 - 31), false),
        ];
        for (kind, start, end, late) in table {
            assert_eq!(end_too_late(kind, start, end, AS_OF).is_some(), late, "{kind} {start:?} {end}");
        }
    }
}

//! Whether a period as printed is that of its rule.

use super::{Period, Rule, days_after, years_after};
use crate::finding::{Finding, FindingCode};
use time::Date;

/// The two end dates that are both in use for a period that starts on a day: N years less a day, and N years.
/// `None` where the rule knows no end.
pub fn expected_end(start: Date, rule: &Rule) -> Option<[Date; 2]> {
    match rule.period {
        Period::Years(years) => {
            let full = years_after(start, i32::from(years))?;
            Some([full.previous_day()?, full])
        }
        Period::Unlimited => None,
    }
}

/// Judges a printed period (case 31). The end date is the last day in force. `start` is the first day of the present
/// period: the start column, else the issue date. A day more or less is warned of, anything else is held.
pub fn period_finding(start: Date, end: Date, first_issued_on: Option<Date>, rule: &Rule) -> Option<Finding> {
    let about = |code| Some(Finding::about(code, format!("{start} – {end}")));
    if end < start {
        return about(FindingCode::EndBeforeStart);
    }
    if let Some(first) = first_issued_on.filter(|first| start < *first) {
        let code = if days_after(start, 1) == Some(first) { FindingCode::PeriodOffByADay } else { FindingCode::StartBeforeFirstIssue };
        return Some(Finding::about(code, format!("{start} < {first}")));
    }
    let [short, full] = expected_end(start, rule)?;
    if end == short || end == full {
        return None;
    }
    if days_after(short, -1) == Some(end) || days_after(full, 1) == Some(end) {
        return about(FindingCode::PeriodOffByADay);
    }
    about(FindingCode::PeriodNotOfKind)
}

#[cfg(test)]
mod tests {
    use super::super::rule;
    use super::*;
    use crate::kind::Kind;
    use proptest::prelude::*;
    use time::macros::date;

    #[test]
    fn printed_periods_are_judged_by_the_rule_of_their_day() {
        use FindingCode::{EndBeforeStart, PeriodNotOfKind, PeriodOffByADay, StartBeforeFirstIssue};
        let safety = Kind::SafetyPersonnel;
        let special = Kind::SpecialOperation;
        let first = Some(date!(2015 - 05 - 04));
        let table = [
            (safety, date!(2024 - 05 - 04), date!(2027 - 05 - 03), first, None),
            (safety, date!(2024 - 05 - 04), date!(2027 - 05 - 04), first, None),
            (safety, date!(2024 - 05 - 04), date!(2027 - 05 - 05), first, Some(PeriodOffByADay)),
            (safety, date!(2024 - 05 - 04), date!(2027 - 05 - 02), first, Some(PeriodOffByADay)),
            (safety, date!(2024 - 05 - 04), date!(2027 - 05 - 01), first, Some(PeriodNotOfKind)),
            (safety, date!(2026 - 04 - 28), date!(2034 - 04 - 27), first, Some(PeriodNotOfKind)),
            (safety, date!(2018 - 03 - 01), date!(2015 - 03 - 02), first, Some(EndBeforeStart)),
            (safety, date!(2015 - 05 - 03), date!(2018 - 05 - 02), first, Some(PeriodOffByADay)),
            (safety, date!(2015 - 05 - 02), date!(2018 - 05 - 01), first, Some(StartBeforeFirstIssue)),
            (safety, date!(2016 - 02 - 29), date!(2019 - 02 - 27), None, None),
            (safety, date!(2016 - 02 - 29), date!(2019 - 02 - 28), None, None),
            (safety, date!(2016 - 02 - 29), date!(2019 - 03 - 01), None, Some(PeriodOffByADay)),
            (Kind::Architect, date!(2017 - 05 - 24), date!(2019 - 05 - 23), None, None),
            (special, date!(2022 - 05 - 01), date!(2028 - 05 - 01), None, None),
            (special, date!(2016 - 12 - 22), date!(2024 - 12 - 21), None, Some(PeriodNotOfKind)),
            (special, date!(2024 - 02 - 27), date!(2026 - 02 - 26), None, None),
            (special, date!(2026 - 06 - 01), date!(2029 - 05 - 31), None, None),
            (Kind::PostTraining, date!(2016 - 06 - 01), date!(2046 - 05 - 31), None, None),
        ];
        for (kind, start, end, first, code) in table {
            let rule = rule(kind, None, first, start);
            let finding = period_finding(start, end, first, rule);
            assert_eq!(finding.map(|f| f.code), code, "{kind} {start} {end}");
        }
    }

    proptest! {
        #[test]
        fn what_a_rule_expects_it_accepts(days in 0_i64..40_000, kind in prop::sample::select(Kind::ALL)) {
            let start = days_after(date!(1985 - 01 - 01), days).unwrap();
            let rule = rule(kind, None, None, start);
            if let Some(ends) = expected_end(start, rule) {
                for end in ends {
                    prop_assert!(end > start);
                    prop_assert_eq!(period_finding(start, end, Some(start), rule), None);
                }
            }
        }

        #[test]
        fn an_end_away_from_the_rule_is_always_noticed(days in 0_i64..20_000, off in 2_i64..4_000) {
            let start = days_after(date!(1985 - 01 - 01), days).unwrap();
            let rule = rule(Kind::SafetyPersonnel, None, None, start);
            let [short, full] = expected_end(start, rule).unwrap();
            for end in [days_after(short, -off).unwrap(), days_after(full, off).unwrap()] {
                prop_assert!(period_finding(start, end, None, rule).is_some());
            }
        }
    }
}

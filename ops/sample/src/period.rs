//! When paper was issued and how long it is valid, by the rules of its kind.

use domain::kind::Kind;
use time::Date;
use time::macros::date;

use crate::calendar::{add_days, add_years, days_between, month_start};
use crate::dice::Dice;

/// How a certificate stands on the day of the delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Valid, and tomorrow too.
    InForce,
    /// Its last day is the day of the delivery: still valid, and run out when the night is over.
    EndsTonight,
    /// Run out before.
    Expired,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) first_issued: Date,
    pub(crate) issued: Date,
    /// Last valid day; `None` for kinds without an end.
    pub(crate) until: Option<Date>,
}

/// A validity rule: so many years for what was issued from one day until before another.
#[derive(Debug, Clone, Copy)]
struct Term {
    years: i32,
    from: Date,
    before: Date,
}

const EVER: Date = date!(1990 - 01 - 01);
const NEVER: Date = date!(9000 - 01 - 01);

/// Special operations: six years, two from 2024-02-27 (陕建质发〔2024〕11号), three from 2026-06-01 (Order 60).
const SPECIAL_OPERATION: &[Term] = &[
    Term { years: 6, from: EVER, before: date!(2024 - 02 - 27) },
    Term { years: 2, from: date!(2024 - 02 - 27), before: date!(2026 - 06 - 01) },
    Term { years: 3, from: date!(2026 - 06 - 01), before: NEVER },
];

/// Order 153 for constructors, Order 17 for safety personnel, Order 137 for structural engineers.
const THREE_YEARS: &[Term] = &[Term { years: 3, from: EVER, before: NEVER }];

/// Order 167 for architects.
const TWO_YEARS: &[Term] = &[Term { years: 2, from: EVER, before: NEVER }];

fn terms(kind: Kind) -> &'static [Term] {
    match kind {
        Kind::Constructor | Kind::SafetyPersonnel | Kind::StructuralEngineer => THREE_YEARS,
        Kind::Architect => TWO_YEARS,
        Kind::SpecialOperation => SPECIAL_OPERATION,
        Kind::PostTraining => &[],
    }
}

/// Draws a period of the kind with this standing. Nothing is issued on or after the first day of the month of `as_of`, when the
/// province changed over to electronic certificates.
pub(crate) fn draw(kind: Kind, standing: Standing, as_of: Date, dice: &mut Dice) -> Period {
    let last_paper_day = add_days(month_start(as_of), -1);
    let mut windows: Vec<(Term, Date, Date)> = terms(kind)
        .iter()
        .filter_map(|&term| {
            let (earliest, latest) = issue_window(term.years, standing, as_of);
            let first = earliest.max(term.from);
            let last = latest.min(add_days(term.before, -1)).min(last_paper_day);
            (first <= last).then_some((term, first, last))
        })
        .collect();
    if windows.is_empty() {
        let issued = add_days(last_paper_day, -dice.between(60, 3500));
        return Period { first_issued: issued, issued, until: None };
    }
    let (term, first, last) = windows.swap_remove(dice.below(windows.len()));
    let mut issued = add_days(first, dice.between(0, days_between(first, last)));
    let mut until = last_day(issued, term.years);
    match standing {
        Standing::EndsTonight => until = as_of,
        Standing::InForce | Standing::Expired => {
            // Paper of a leap day would run three years and a day, or a day less: both conventions are in use, neither is wanted here.
            if (issued.month(), issued.day()) == (time::Month::February, 29) {
                issued = add_days(issued, -1);
                until = last_day(issued, term.years);
            }
        }
    }
    let renewals = if terms(kind).len() == 1 && dice.per_mille(450) { i32::try_from(dice.between(1, 2)).unwrap_or(1) } else { 0 };
    Period { first_issued: add_years(issued, -renewals * term.years), issued, until: Some(until) }
}

/// The last valid day of a period: so many years less one day.
fn last_day(issued: Date, years: i32) -> Date {
    add_days(add_years(issued, years), -1)
}

/// The days of issue that give the standing, first and last.
fn issue_window(years: i32, standing: Standing, as_of: Date) -> (Date, Date) {
    match standing {
        // Two days of distance keep clear of the leap day's edges.
        Standing::InForce => (add_days(add_years(as_of, -years), 3), as_of),
        Standing::EndsTonight => {
            let issued = add_years(add_days(as_of, 1), -years);
            (issued, issued)
        }
        Standing::Expired => (add_days(add_years(as_of, -years - 5), 1), add_days(add_years(as_of, -years), -1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_day() -> impl Strategy<Value = Date> {
        (0_i64..9000).prop_map(|days| add_days(date!(2012 - 01 - 01), days))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn every_period_has_its_standing_and_obeys_its_rule(as_of in any_day(), at in 0_usize..1000, kind in proptest::sample::select(Kind::ALL.to_vec())) {
            for standing in [Standing::InForce, Standing::EndsTonight, Standing::Expired] {
                let period = draw(kind, standing, as_of, &mut Dice::new(5, "period", at));
                prop_assert!(period.first_issued <= period.issued);
                prop_assert!(period.issued < month_start(as_of), "{period:?}");
                let Some(until) = period.until else {
                    prop_assert_eq!(kind, Kind::PostTraining);
                    continue;
                };
                match standing {
                    Standing::InForce => prop_assert!(until > as_of, "{period:?}"),
                    Standing::EndsTonight => prop_assert_eq!(until, as_of),
                    Standing::Expired => prop_assert!(until < as_of, "{period:?}"),
                }
                let term = terms(kind).iter().find(|term| (term.from..term.before).contains(&period.issued)).unwrap();
                let off = days_between(last_day(period.issued, term.years), until);
                prop_assert!((0..=1).contains(&off), "{period:?}: {off} days off");
            }
        }
    }

    #[test]
    fn special_operations_follow_the_rule_of_their_day_of_issue() {
        let as_of = date!(2026 - 11 - 23);
        let years: Vec<i32> = (0..300)
            .map(|at| draw(Kind::SpecialOperation, Standing::InForce, as_of, &mut Dice::new(1, "period", at)))
            .map(|period| add_days(period.until.unwrap(), 1).year() - period.issued.year())
            .collect();
        assert!([2, 3, 6].iter().all(|term| years.contains(term)), "all three rules occur");
    }
}

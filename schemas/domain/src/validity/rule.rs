//! The effective-dated table of validity periods.

use super::window::{RenewalWindow, WindowUnit};
use crate::category::Category;
use crate::kind::Kind;
use time::Date;
use time::macros::date;

/// Length of a period of validity (有效期).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// So many years.
    Years(u8),
    /// No national end date; provinces tie it to continuing education.
    Unlimited,
}

/// One line of the table. It applies to a decision of its kind within its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The kind.
    pub kind: Kind,
    /// The category, where the rule is for one only.
    pub category: Option<Category>,
    /// Where the rule is for certificates first issued before a day only: that day.
    pub first_issued_before: Option<Date>,
    /// First day of decisions under the rule.
    pub in_force_from: Date,
    /// Last day of decisions under the rule.
    pub in_force_to: Option<Date>,
    /// The period that a decision gives.
    pub period: Period,
    /// When a renewal may be applied for.
    pub window: RenewalWindow,
    /// Where the rule stands.
    pub source: &'static str,
}

/// The rule for a certificate: by kind, category, day of the first issue, and day of the decision that gave the period.
pub fn rule(kind: Kind, category: Option<Category>, first_issued_on: Option<Date>, decided_on: Date) -> &'static Rule {
    let applies = |rule: &&Rule| {
        rule.kind == kind
            && rule.category.is_none_or(|only| category == Some(only))
            && rule.first_issued_before.is_none_or(|day| first_issued_on.is_some_and(|first| first < day))
            && rule.in_force_from <= decided_on
            && rule.in_force_to.is_none_or(|to| decided_on <= to)
    };
    RULES.iter().copied().find(applies).unwrap_or_else(|| fallback(kind))
}

/// The longest period of any decision of a kind, in years; `None` where there is one without an end.
pub fn longest_years(kind: Kind) -> Option<u8> {
    RULES.iter().filter(|rule| rule.kind == kind).try_fold(0, |longest, rule| match rule.period {
        Period::Years(years) => Some(years.max(longest)),
        Period::Unlimited => None,
    })
}

/// Decisions of before every rule of their kind fall under its oldest.
fn fallback(kind: Kind) -> &'static Rule {
    match kind {
        Kind::Constructor => &CONSTRUCTOR,
        Kind::Architect => &ARCHITECT,
        Kind::StructuralEngineer => &STRUCTURAL_ENGINEER,
        Kind::SafetyPersonnel => &SAFETY_PERSONNEL,
        Kind::SpecialOperation => &SPECIAL_OPERATION_SIX,
        Kind::PostTraining => &POST_TRAINING,
    }
}

const LONG_AGO: Date = date!(1980 - 01 - 01);

const fn always(kind: Kind, period: Period, window: RenewalWindow, source: &'static str) -> Rule {
    Rule { kind, category: None, first_issued_before: None, in_force_from: LONG_AGO, in_force_to: None, period, window, source }
}

const THIRTY_DAYS_BEFORE: RenewalWindow = RenewalWindow { opens_before: None, closes_before: Some(30), unit: WindowUnit::Days };

const LAST_THREE_MONTHS: RenewalWindow = RenewalWindow { opens_before: Some(3), closes_before: None, unit: WindowUnit::Months };

const THIRTY_WORKING_DAYS_BEFORE: RenewalWindow =
    RenewalWindow { opens_before: None, closes_before: Some(30), unit: WindowUnit::WorkingDays };

const NO_WINDOW: RenewalWindow = RenewalWindow { opens_before: None, closes_before: None, unit: WindowUnit::Days };

static CONSTRUCTOR: Rule = always(Kind::Constructor, Period::Years(3), THIRTY_DAYS_BEFORE, "建设部令第153号 第十二条");

static ARCHITECT: Rule = always(Kind::Architect, Period::Years(2), THIRTY_DAYS_BEFORE, "建设部令第167号");

static STRUCTURAL_ENGINEER: Rule = always(Kind::StructuralEngineer, Period::Years(3), THIRTY_DAYS_BEFORE, "建设部令第137号");

static SAFETY_PERSONNEL: Rule =
    always(Kind::SafetyPersonnel, Period::Years(3), LAST_THREE_MONTHS, "住房和城乡建设部令第17号；建质〔2015〕206号");

static SPECIAL_OPERATION_SIX: Rule = Rule {
    in_force_to: Some(date!(2024 - 02 - 26)),
    ..always(Kind::SpecialOperation, Period::Years(6), LAST_THREE_MONTHS, "陕建质发〔2024〕11号：2024年2月27日前核发的有效期6年")
};

static SPECIAL_OPERATION_TWO: Rule = Rule {
    in_force_from: date!(2024 - 02 - 27),
    in_force_to: Some(date!(2026 - 05 - 31)),
    ..always(Kind::SpecialOperation, Period::Years(2), LAST_THREE_MONTHS, "建质〔2008〕75号；陕建质发〔2024〕11号")
};

static SPECIAL_OPERATION_THREE: Rule = Rule {
    in_force_from: date!(2026 - 06 - 01),
    ..always(Kind::SpecialOperation, Period::Years(3), THIRTY_WORKING_DAYS_BEFORE, "住房和城乡建设部令第60号（2026年6月1日起施行）")
};

static POST_TRAINING: Rule = always(Kind::PostTraining, Period::Unlimited, NO_WINDOW, "建人〔2012〕19号；JGJ/T 250");

/// The first line that applies holds; narrower lines stand before wider ones.
static RULES: [&Rule; 8] = [
    &CONSTRUCTOR,
    &ARCHITECT,
    &STRUCTURAL_ENGINEER,
    &SAFETY_PERSONNEL,
    &SPECIAL_OPERATION_SIX,
    &SPECIAL_OPERATION_TWO,
    &SPECIAL_OPERATION_THREE,
    &POST_TRAINING,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_and_day_has_its_period() {
        use Period::{Unlimited, Years};
        let table = [
            (Kind::Constructor, date!(2018 - 11 - 01), Years(3)),
            (Kind::Architect, date!(2018 - 11 - 01), Years(2)),
            (Kind::StructuralEngineer, date!(2018 - 11 - 01), Years(3)),
            (Kind::SafetyPersonnel, date!(2018 - 11 - 01), Years(3)),
            (Kind::SpecialOperation, date!(1970 - 01 - 01), Years(6)),
            (Kind::SpecialOperation, date!(2024 - 02 - 26), Years(6)),
            (Kind::SpecialOperation, date!(2024 - 02 - 27), Years(2)),
            (Kind::SpecialOperation, date!(2026 - 05 - 31), Years(2)),
            (Kind::SpecialOperation, date!(2026 - 06 - 01), Years(3)),
            (Kind::PostTraining, date!(2018 - 11 - 01), Unlimited),
        ];
        for (kind, decided, period) in table {
            let rule = rule(kind, None, None, decided);
            assert_eq!((rule.kind, rule.period), (kind, period), "{kind} {decided}");
            assert!(!rule.source.is_empty());
        }
    }

    #[test]
    fn no_day_from_1980_on_is_without_a_rule_or_under_two() {
        let narrow = |rule: &&&Rule| rule.category.is_none() && rule.first_issued_before.is_none();
        for kind in Kind::ALL {
            for day in (0..26_000).step_by(7).filter_map(|days| super::super::days_after(LONG_AGO, days)) {
                let count = RULES
                    .iter()
                    .filter(narrow)
                    .filter(|rule| rule.kind == *kind && rule.in_force_from <= day && rule.in_force_to.is_none_or(|to| day <= to))
                    .count();
                assert_eq!(count, 1, "{kind} {day}");
            }
        }
    }
}

//! Ages: how a limit in whole years is counted. The limits themselves are settings, since most are provincial.

use super::years_after;
use time::Date;

/// The last day on which somebody is not over an age: the birthday itself (满…周岁当日). Births of 29 February count to
/// 28 February in common years.
pub fn last_day_of_age(born_on: Date, years: u8) -> Option<Date> {
    years_after(born_on, i32::from(years))
}

/// Whether somebody is over an age on a day: from the day after the birthday on.
pub fn is_over(born_on: Date, years: u8, today: Date) -> bool {
    last_day_of_age(born_on, years).is_some_and(|last| last < today)
}

/// Whether somebody has not reached an age on a day.
pub fn is_under(born_on: Date, years: u8, today: Date) -> bool {
    years_after(born_on, i32::from(years)).is_some_and(|birthday| today < birthday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn the_birthday_still_counts_and_the_day_after_does_not() {
        let table = [
            (date!(1961 - 10 - 31), date!(2026 - 10 - 31), false),
            (date!(1961 - 10 - 30), date!(2026 - 10 - 31), true),
            (date!(1960 - 02 - 29), date!(2025 - 02 - 28), false),
            (date!(1960 - 02 - 29), date!(2025 - 03 - 01), true),
        ];
        for (born, today, over) in table {
            assert_eq!(is_over(born, 65, today), over, "{born}");
        }
    }

    #[test]
    fn an_age_is_reached_on_the_birthday() {
        let born = date!(2008 - 11 - 01);
        assert!(is_under(born, 18, date!(2026 - 10 - 31)));
        assert!(!is_under(born, 18, date!(2026 - 11 - 01)));
    }
}

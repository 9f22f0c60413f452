//! How long certificates are valid, when they may be renewed, and ages: tables with dates in force and sources.

mod age;
mod mistyped;
mod period;
mod retirement;
mod rule;
mod window;

pub use age::{is_over, is_under, last_day_of_age};
pub use mistyped::{end_too_late, issue_after_delivery, start_too_late};
pub use period::{expected_end, period_finding};
pub use retirement::{RetirementLadder, retirement_added_months, retirement_age_months};
pub use rule::{Period, Rule, longest_years, rule};
pub use window::{RenewalWindow, WindowUnit};

use time::{Date, Duration, Month};

/// The same day some years later; 29 February becomes 28 February in a common year.
pub(crate) fn years_after(date: Date, years: i32) -> Option<Date> {
    let year = date.year().checked_add(years)?;
    date.replace_year(year).ok().or_else(|| Date::from_calendar_date(year, Month::February, 28).ok())
}

/// The same day some months earlier, or the last day of a shorter month.
pub(crate) fn months_before(date: Date, months: u16) -> Option<Date> {
    by_months(date, -i32::from(months))
}

/// The same day some months later, or the last day of a shorter month.
pub(crate) fn months_after(date: Date, months: u16) -> Option<Date> {
    by_months(date, i32::from(months))
}

fn by_months(date: Date, months: i32) -> Option<Date> {
    let month_index = date.year() * 12 + i32::from(u8::from(date.month())) - 1 + months;
    let month = Month::try_from(u8::try_from(month_index.rem_euclid(12) + 1).ok()?).ok()?;
    let year = month_index.div_euclid(12);
    let day = date.day().min(month.length(year));
    Date::from_calendar_date(year, month, day).ok()
}

/// A whole number of days later or earlier.
pub(crate) fn days_after(date: Date, days: i64) -> Option<Date> {
    date.checked_add(Duration::days(days))
}

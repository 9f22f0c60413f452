//! Civil days and years.

use time::{Date, Duration, Month};

/// The same day so many years later (or earlier); 29 February becomes 28 where the year has none.
pub(crate) fn add_years(date: Date, years: i32) -> Date {
    let year = (date.year() + years).clamp(1, 9998);
    date.replace_year(year).or_else(|_| Date::from_calendar_date(year, Month::February, 28)).unwrap_or(date)
}

/// So many days later (or earlier).
pub(crate) fn add_days(date: Date, days: i64) -> Date {
    date.checked_add(Duration::days(days)).unwrap_or(date)
}

/// The first day of the month.
pub(crate) fn month_start(date: Date) -> Date {
    date.replace_day(1).unwrap_or(date)
}

/// Days from the first date to the second; negative where it lies before.
pub(crate) fn days_between(first: Date, second: Date) -> i64 {
    (second - first).whole_days()
}

/// `2016-03-05`.
pub(crate) fn iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn years_keep_the_day_except_the_leap_day() {
        for (from, years, to) in [
            (date!(2018 - 05 - 04), 3, date!(2021 - 05 - 04)),
            (date!(2020 - 02 - 29), 3, date!(2023 - 02 - 28)),
            (date!(2024 - 02 - 29), -4, date!(2020 - 02 - 29)),
        ] {
            assert_eq!(add_years(from, years), to);
        }
        assert_eq!(month_start(date!(2026 - 10 - 31)), date!(2026 - 10 - 01));
        assert_eq!(iso(date!(2016 - 03 - 05)), "2016-03-05");
    }
}

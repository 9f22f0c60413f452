//! Faults of dates and periods.

use domain::finding::FindingCode as Code;
use domain::kind::Kind;
use time::Date;
use time::macros::date;

use super::{HELD, LOADED, Plant, REJECTED, WARNED, any, plant};
use crate::calendar::{add_days, add_years, days_between, month_start};
use crate::delivery::draft::Draft;
use crate::row::Column::{Birth, First, Issued, Until};

/// Faults that every format can carry.
pub(crate) const PERIOD: &[Plant] = &[
    plant(27, "dates in words", LOADED, &[Code::DateForm], any, |d| {
        let day = d.row.period.issued;
        d.set(Issued, format!("{}年{}月{}日", day.year(), u8::from(day.month()), day.day()));
    }),
    plant(27, "dates with dots", LOADED, &[Code::DateForm], any, |d| {
        let day = d.row.period.issued;
        d.set(Issued, format!("{}.{}.{}", day.year(), u8::from(day.month()), day.day()));
    }),
    plant(27, "dates of eight digits", LOADED, &[Code::DateForm], any, |d| {
        let day = d.row.period.first_issued;
        d.set(First, format!("{}{:02}{:02}", day.year(), u8::from(day.month()), day.day()));
    }),
    plant(27, "dates with the time of day", LOADED, &[Code::DateForm], any, |d| {
        let day = d.row.period.first_issued;
        d.set(First, format!("{}-{}-{} 0:00:00", day.year(), u8::from(day.month()), day.day()));
    }),
    plant(27, "issue date gives only year and month", WARNED, &[Code::MonthOnly], any, |d| {
        let day = d.row.period.issued;
        d.set(Issued, format!("{}年{}月", day.year(), u8::from(day.month())));
    }),
    plant(29, "date with a year of two digits", HELD, &[Code::DateAmbiguous], any, |d| {
        let day = d.row.period.issued;
        d.set(Issued, format!("{:02}.{}.{}", day.year() % 100, u8::from(day.month()), day.day()));
    }),
    plant(29, "date of the lunar calendar", HELD, &[Code::DateAmbiguous], any, |d| d.set(Issued, "农历三月初五")),
    plant(30, "first issue on a day that no calendar has", WARNED, &[Code::DateImpossible], any, |d| {
        d.set(First, format!("{}-02-30", d.row.period.first_issued.year()));
    }),
    plant(30, "placeholder in a date column", WARNED, &[Code::DateSentinel], any, |d| d.set(First, "1900-01-01")),
    plant(30, "end date that does not exist", REJECTED, &[Code::EndDateImpossible], has_end, |d| d.spoil_end("2027-02-30")),
    plant(30, "placeholder as end date", REJECTED, &[Code::EndDateSentinel], has_end, |d| d.spoil_end("0000-00-00")),
    plant(31, "end before start", HELD, &[Code::EndBeforeStart], has_end, |d| d.set_end(add_days(d.row.period.issued, -40))),
    plant(31, "period is not that of the kind", HELD, &[Code::PeriodNotOfKind], has_end, |d| {
        if let Some(end) = d.row.period.until {
            d.set_end(add_years(end, -1));
        }
    }),
    plant(31, "period a day too short", WARNED, &[Code::PeriodOffByADay], is_of_plain_length, |d| {
        if let Some(end) = d.row.period.until {
            d.set_end(add_days(end, -1));
        }
    }),
    plant(31, "issued before the first issue", HELD, &[Code::StartBeforeFirstIssue], has_room_before_cut_over, |d| {
        d.set(First, crate::calendar::iso(add_days(d.row.period.issued, 60)));
    }),
    plant(32, "no end date", HELD, &[Code::EndMissing], has_end, |d| d.spoil_end("")),
    plant(32, "without end", HELD, &[Code::EndUnlimited], has_end, |d| d.spoil_end("长期")),
    plant(33, "end date of year and month only", HELD, &[Code::EndMonthOnly], has_end, |d| {
        if let Some(end) = d.row.period.until {
            d.spoil_end(format!("有效期至{}年{}月", end.year(), u8::from(end.month())));
        }
    }),
    plant(10, "birth date that no calendar has, beside an ID number that tells it", WARNED, &[Code::BirthDateDiffers], any, |d| {
        d.set(Birth, format!("{}-02-30", d.row.person.birth.year()));
    }),
    plant(0, "paper first issued on the day of the cut-over", HELD, &[Code::PaperAfterCutOver], is_of_three_years, |d| {
        let day = month_start(d.as_of);
        d.set(First, crate::calendar::iso(day));
        d.set(Issued, crate::calendar::iso(day));
        d.set(crate::row::Column::State, "有效");
        d.set_end(add_days(add_years(day, 3), -1));
    }),
    plant(27, "end date in words", LOADED, &[Code::DateForm], has_end, |d| {
        if let Some(end) = d.row.period.until {
            d.set(Until, format!("{}年{:02}月{:02}日", end.year(), u8::from(end.month()), end.day()));
        }
    }),
];

/// Faults of files that do not say from which day they count.
pub(crate) const WITHOUT_BASE: &[Plant] =
    &[plant(28, "day number of a spreadsheet, its base unknown", HELD, &[Code::DateSerialAmbiguous], any, |d| {
        d.set(First, day_number(d.row.period.first_issued).to_string());
    })];

/// Days since the end of 1899, as spreadsheets count them since March 1900.
pub(super) fn day_number(day: Date) -> i64 {
    days_between(date!(1899 - 12 - 30), day)
}

fn has_end(draft: &Draft) -> bool {
    draft.row.end.is_some()
}

/// The last day is the eve of an anniversary of the issue; a day less is then one too few.
fn is_of_plain_length(draft: &Draft) -> bool {
    let issued = draft.row.period.issued;
    draft.row.end.is_some_and(|end| {
        let next = add_days(end, 1);
        (next.month(), next.day()) == (issued.month(), issued.day()) && issued.day() < 28
    })
}

fn is_of_three_years(draft: &Draft) -> bool {
    matches!(draft.kind(), Kind::SafetyPersonnel | Kind::Constructor | Kind::StructuralEngineer)
}

fn has_room_before_cut_over(draft: &Draft) -> bool {
    draft.row.end.is_some() && add_days(draft.row.period.issued, 60) < month_start(draft.as_of)
}

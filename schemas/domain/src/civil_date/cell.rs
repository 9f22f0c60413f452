//! A date cell: the day, if any, and what has to be said about the way it was written.

use super::{DateText, SerialBase, has_offset, is_canonical, parse_with};
use crate::finding::{Finding, FindingCode};
use crate::kind::Kind;
use time::Date;

/// What a date column is for; the end date of a certificate is treated more strictly than others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateUse {
    /// The last day of the period of a certificate of this kind.
    End(Kind),
    /// Any other day, which may be unknown.
    Other,
}

/// What was read from a date cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateCell {
    /// The day, where one was read.
    pub day: Option<Date>,
    /// What the text said.
    pub text: DateText,
    /// What has to be said about it.
    pub finding: Option<Finding>,
}

impl DateCell {
    /// Reads a cell of a column (cases 27 to 30, 32 and 33). Certificates of post training have no end.
    pub fn read(text: &str, date_use: DateUse) -> Self {
        Self::read_with(text, date_use, SerialBase::Unknown)
    }

    /// The same for a file that may say from which day its day numbers count.
    pub fn read_with(text: &str, date_use: DateUse, base: SerialBase) -> Self {
        let read = parse_with(text, base);
        let day = match read {
            DateText::Day(day) => Some(day),
            DateText::Month { .. }
            | DateText::Sentinel
            | DateText::Ambiguous
            | DateText::SerialAmbiguous
            | DateText::Impossible
            | DateText::Empty
            | DateText::LongTerm => None,
        };
        let finding = match day {
            Some(_) if is_canonical(text) => None,
            Some(day) => {
                let serial = text.trim().split('.').next().is_some_and(|whole| whole.len() == 5);
                let code = match serial {
                    true => FindingCode::DateSerial,
                    false if has_offset(text) => FindingCode::DateOffset,
                    false => FindingCode::DateForm,
                };
                Some(Finding::repair(code, text, day.to_string()))
            }
            None => no_day(read, date_use).map(|code| Finding::about(code, text)),
        };
        Self { day, text: read, finding }
    }
}

fn no_day(read: DateText, date_use: DateUse) -> Option<FindingCode> {
    let endless = date_use == DateUse::End(Kind::PostTraining);
    let is_end = matches!(date_use, DateUse::End(_));
    match read {
        DateText::Day(_) => None,
        DateText::Month { .. } if is_end => Some(FindingCode::EndMonthOnly),
        DateText::Month { .. } => Some(FindingCode::MonthOnly),
        DateText::Sentinel if endless => Some(FindingCode::DateSentinel),
        DateText::Sentinel if is_end => Some(FindingCode::EndDateSentinel),
        DateText::Impossible if is_end => Some(FindingCode::EndDateImpossible),
        DateText::Sentinel => Some(FindingCode::DateSentinel),
        DateText::Impossible => Some(FindingCode::DateImpossible),
        DateText::Ambiguous => Some(FindingCode::DateAmbiguous),
        DateText::SerialAmbiguous => Some(FindingCode::DateSerialAmbiguous),
        DateText::Empty if is_end && !endless => Some(FindingCode::EndMissing),
        DateText::LongTerm if is_end && !endless => Some(FindingCode::EndUnlimited),
        DateText::Empty | DateText::LongTerm => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_date_is_treated_more_strictly_than_others() {
        use FindingCode as Code;
        let end = DateUse::End(Kind::SafetyPersonnel);
        let endless = DateUse::End(Kind::PostTraining);
        let table = [
            ("2016-03-05", DateUse::Other, None),
            ("2016-03-05", end, None),
            ("2016年3月5日", end, Some(Code::DateForm)),
            ("42434", DateUse::Other, Some(Code::DateSerialAmbiguous)),
            ("51000", DateUse::Other, Some(Code::DateSerial)),
            ("2026-05-17T16:00:00.000Z", DateUse::Other, Some(Code::DateOffset)),
            ("2026-05-17 00:00:00", end, Some(Code::DateForm)),
            ("2016年9月", DateUse::Other, Some(Code::MonthOnly)),
            ("有效期至2019年6月", end, Some(Code::EndMonthOnly)),
            ("2016-02-30", DateUse::Other, Some(Code::DateImpossible)),
            ("2019-02-30", end, Some(Code::EndDateImpossible)),
            ("0000-00-00", end, Some(Code::EndDateSentinel)),
            ("有效期至 2099-12-31", end, Some(Code::EndDateSentinel)),
            ("1900-01-01", DateUse::Other, Some(Code::DateSentinel)),
            ("2099-12-31", endless, Some(Code::DateSentinel)),
            ("16.3.5", end, Some(Code::DateAmbiguous)),
            ("", end, Some(Code::EndMissing)),
            ("长期", end, Some(Code::EndUnlimited)),
            ("", endless, None),
            ("长期", endless, None),
            ("", DateUse::Other, None),
        ];
        for (text, date_use, code) in table {
            let cell = DateCell::read(text, date_use);
            assert_eq!(cell.finding.map(|f| f.code), code, "{text} {date_use:?}");
        }
        let known = DateCell::read_with("42434", DateUse::Other, SerialBase::From1900);
        assert_eq!(known.finding.map(|f| f.code), Some(Code::DateSerial), "a workbook says its base");
    }
}

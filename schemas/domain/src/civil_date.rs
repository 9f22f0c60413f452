//! Civil days of Asia/Shanghai as they were written: read where the text leaves no choice, never completed by guessing.

mod cell;
mod chinese_numeral;
mod offset;

pub use cell::{DateCell, DateUse};
pub use offset::has_offset;

use crate::characters::{half_width, is_spacing};
use time::{Date, Month, UtcOffset};

/// The offset of Asia/Shanghai, which has had no daylight saving time since 1991.
pub const SHANGHAI: UtcOffset = time::macros::offset!(+8);

/// What a text says about a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateText {
    /// A day.
    Day(Date),
    /// A month without its day (case 27).
    Month {
        /// The year.
        year: i32,
        /// The month.
        month: Month,
    },
    /// A value that systems write for "none", such as 0000-00-00 or 2099-12-31 (case 30).
    Sentinel,
    /// A text that may mean several days: a two-digit year, another calendar, day and month in unknown order (case 29).
    Ambiguous,
    /// A day number of a spreadsheet that may count from either base (case 28).
    SerialAmbiguous,
    /// A day that does not exist (case 30).
    Impossible,
    /// Nothing.
    Empty,
    /// Without end (长期, case 32).
    LongTerm,
}

/// Reads a date. Day numbers of spreadsheets count from 1900 (case 28: days of 1990 to 2040 only).
pub fn parse(text: &str) -> DateText {
    parse_with(text, SerialBase::From1900)
}

/// The day from which a workbook counts its day numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum SerialBase {
    /// 1 is 1900-01-01, with the leap day of 1900 that never was.
    From1900,
    /// 0 is 1904-01-01.
    From1904,
    /// The file does not say: texts, tables of a database, web pages.
    #[default]
    Unknown,
}

/// Reads a date of a workbook whose base is known.
pub fn parse_with(text: &str, base: SerialBase) -> DateText {
    if let Some(day) = iso(text.as_bytes()) {
        return day;
    }
    let tidied: String = text.chars().map(|c| if is_spacing(c) { ' ' } else { half_width(c).unwrap_or(c) }).collect();
    let told = tidied.trim().trim_start_matches('\'').trim();
    if let Some(day) = offset::shanghai_day(told) {
        return DateText::Day(day);
    }
    let trimmed = strip_words(told);
    match trimmed {
        "" | "-" | "--" | "—" | "/" | "\\" | "无" | "NULL" | "null" | "None" | "空" => {
            return DateText::Empty;
        }
        "长期" | "长期有效" | "永久" | "永久有效" | "无限期" | "终身" | "终身有效" => {
            return DateText::LongTerm;
        }
        _ => {}
    }
    match chinese_numeral::to_digits(trimmed) {
        Some(digits) => written(&digits, base),
        None => written(trimmed, base),
    }
}

/// A day number of a spreadsheet, where it is a day of 1990 to 2040; of an unknown base, where only one makes it such a day.
pub fn from_serial(days: u32, base: SerialBase) -> Option<Date> {
    let origin = match base {
        // The false leap day of 1900 moves every later day by one.
        SerialBase::From1900 => time::macros::date!(1899 - 12 - 30),
        SerialBase::From1904 => time::macros::date!(1904 - 01 - 01),
        SerialBase::Unknown => {
            let [one, other] = [SerialBase::From1900, SerialBase::From1904].map(|base| from_serial(days, base));
            return one.xor(other);
        }
    };
    let day = origin.checked_add(time::Duration::days(i64::from(days)))?;
    (1990..=2040).contains(&day.year()).then_some(day)
}

/// The form printed on certificates: 2019年03月05日.
pub fn format_zh(date: Date) -> String {
    format!("{:04}年{:02}月{:02}日", date.year(), u8::from(date.month()), date.day())
}

/// Whether a text is already the canonical YYYY-MM-DD.
pub fn is_canonical(text: &str) -> bool {
    matches!(iso(text.as_bytes()), Some(DateText::Day(_)))
}

/// Reads `2016-03-05` without allocating, since nearly every cell has this form.
fn iso(bytes: &[u8]) -> Option<DateText> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else {
        return None;
    };
    let number =
        |digits: &[u8]| digits.iter().try_fold(0_u16, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u16::from(byte - b'0')));
    Some(day(number(&[*y1, *y2, *y3, *y4])?, number(&[*m1, *m2])?, number(&[*d1, *d2])?))
}

/// Takes off what stands around a date: 有效期至…, …止, a time of day, the decimals of a number cell.
fn strip_words(text: &str) -> &str {
    let mut text = text;
    for prefix in ["有效期限", "有效期", "截止日期", "截止", "到期", "至", "到", "：", ":"] {
        text = text.strip_prefix(prefix).unwrap_or(text).trim_start();
    }
    text = text.trim_end_matches("止").trim_end();
    let before_time = text
        .split_once([' ', 'T'])
        .filter(|(_, time)| time.contains(':') && time.bytes().all(|b| matches!(b, b'0'..=b'9' | b':' | b'.' | b' ' | b'Z' | b'+')));
    let text = before_time.map_or(text, |(date, _)| date);
    let decimals = text.split_once('.').filter(|(whole, fraction)| {
        whole.len() >= 5
            && whole.bytes().all(|b| b.is_ascii_digit())
            && !fraction.is_empty()
            && fraction.bytes().all(|b| b.is_ascii_digit())
    });
    decimals.map_or(text, |(whole, _)| whole)
}

fn written(text: &str, base: SerialBase) -> DateText {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return digits_only(text, base);
    }
    let mut parts = [0_u16; 3];
    let mut lengths = [0_usize; 3];
    let mut count = 0;
    for part in text.split(['-', '/', '.', '年', '月', '日', '号', ' ', '－', '．', '／', '、']) {
        if part.is_empty() {
            continue;
        }
        let Some(number) = part.parse().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit())) else {
            return DateText::Ambiguous;
        };
        if count == parts.len() {
            return DateText::Ambiguous;
        }
        (parts[count], lengths[count]) = (number, part.len());
        count += 1;
    }
    let short = |i: usize| (1..=2).contains(&lengths[i]);
    match count {
        3 if lengths[0] == 4 && short(1) && short(2) => day(parts[0], parts[1], parts[2]),
        2 if lengths[0] == 4 && short(1) => month(parts[0], parts[1]),
        _ => DateText::Ambiguous,
    }
}

fn digits_only(text: &str, base: SerialBase) -> DateText {
    let number = |range: std::ops::Range<usize>| text[range].parse::<u16>().unwrap_or(u16::MAX);
    match text.len() {
        8 => day(number(0..4), number(4..6), number(6..8)),
        // 201603 is a month, 160305 a day of a short year, 201112 may be either.
        6 => {
            let is_month = matches!(month(number(0..4), number(4..6)), DateText::Month { .. });
            let is_short_day = day(2000 + number(0..2), number(2..4), number(4..6));
            if is_month && !matches!(is_short_day, DateText::Day(_)) { month(number(0..4), number(4..6)) } else { DateText::Ambiguous }
        }
        5 => match text.parse().ok().and_then(|days| from_serial(days, base)) {
            Some(date) => DateText::Day(date),
            None if base == SerialBase::Unknown && parse_with(text, SerialBase::From1900) != DateText::Ambiguous => {
                DateText::SerialAmbiguous
            }
            None => DateText::Ambiguous,
        },
        _ if text.bytes().all(|b| b == b'0') => DateText::Sentinel,
        _ => DateText::Ambiguous,
    }
}

fn day(year: u16, month: u16, day: u16) -> DateText {
    match (year, month, day) {
        (0, 0, 0) | (1, 1, 1) | (1753, 1, 1) | (1899, 12, 30 | 31) | (1900, 1, 0 | 1) => {
            return DateText::Sentinel;
        }
        (2099 | 2999 | 9999, 12, 31) => return DateText::Sentinel,
        _ => {}
    }
    let date = u8::try_from(month)
        .ok()
        .and_then(|month| Month::try_from(month).ok())
        .zip(u8::try_from(day).ok())
        .and_then(|(month, day)| Date::from_calendar_date(i32::from(year), month, day).ok())
        .filter(|_| (1850..=2100).contains(&year));
    date.map_or(DateText::Impossible, DateText::Day)
}

fn month(year: u16, month: u16) -> DateText {
    let read = u8::try_from(month).ok().and_then(|month| Month::try_from(month).ok());
    match read {
        Some(month) if (1850..=2100).contains(&year) => DateText::Month { year: i32::from(year), month },
        Some(_) | None => DateText::Impossible,
    }
}

#[cfg(test)]
mod tests;

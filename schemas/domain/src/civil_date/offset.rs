//! Moments with an offset, as programs export them: the civil day is that of Shanghai, not the one that stands in the text.

use super::{DateText, SHANGHAI, day};
use time::{Date, Time, UtcOffset};

/// Whether a text is a moment with an offset from UTC.
pub fn has_offset(text: &str) -> bool {
    shanghai_day(text.trim().trim_start_matches('\'').trim()).is_some()
}

/// The civil day in Shanghai of `2026-05-17T16:00:00.000Z`, `2026-05-17 16:00:00+00:00` and the like (case 27).
pub(super) fn shanghai_day(text: &str) -> Option<Date> {
    let (date, rest) = text.split_once(['T', ' '])?;
    let rest = rest.trim();
    let at = rest.find(['Z', 'z', '+', '-'])?;
    let (time, offset) = (time_of(rest[..at].trim())?, offset_of(&rest[at..])?);
    let mut parts = date.split(['-', '/']).map(|part| part.parse::<u16>().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit())));
    let (year, month, day_of_month) = (parts.next()??, parts.next()??, parts.next()??);
    let DateText::Day(date) = day(year, month, day_of_month) else { return None };
    let none_left = parts.next().is_none();
    none_left.then(|| date.with_time(time).assume_offset(offset).checked_to_offset(SHANGHAI)).flatten().map(time::OffsetDateTime::date)
}

/// `16:00`, `16:00:00`, `16:00:00.000`; what lies below a second does not matter.
fn time_of(text: &str) -> Option<Time> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let mut parts = whole.split(':').map(two_digits);
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().map_or(Some(0), |second| second)?;
    parts.next().is_none().then(|| Time::from_hms(hour, minute, second).ok()).flatten()
}

/// `Z`, `+08:00`, `+0800`, `+08`.
fn offset_of(text: &str) -> Option<UtcOffset> {
    if matches!(text, "Z" | "z") {
        return Some(UtcOffset::UTC);
    }
    let digits = text.get(1..)?.replace(':', "");
    let (hours, minutes) = match digits.len() {
        2 => (two_digits(&digits)?, 0),
        4 => (two_digits(digits.get(..2)?)?, two_digits(digits.get(2..)?)?),
        _ => return None,
    };
    let sign = if text.starts_with('-') { -1 } else { 1 };
    UtcOffset::from_hms(sign * i8::try_from(hours).ok()?, sign * i8::try_from(minutes).ok()?, 0).ok()
}

fn two_digits(text: &str) -> Option<u8> {
    text.parse().ok().filter(|_| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn a_moment_with_an_offset_is_a_day_of_shanghai() {
        let table = [
            ("2026-05-17T16:00:00.000Z", Some(date!(2026 - 05 - 18))),
            ("2026-05-17T15:59:59Z", Some(date!(2026 - 05 - 17))),
            ("2026-05-18T00:00:00+08:00", Some(date!(2026 - 05 - 18))),
            ("2026-05-18 00:00:00+0800", Some(date!(2026 - 05 - 18))),
            ("2026-05-17 16:00:00 +00", Some(date!(2026 - 05 - 18))),
            ("2026-12-31T23:30:00-05:00", Some(date!(2027 - 01 - 01))),
            ("2026-05-18T00:30:00+09:00", Some(date!(2026 - 05 - 17))),
            ("2026-05-18T00:00:00", None),
            ("2026-05-18 0:00:00", None),
            ("2026-05-18", None),
            ("2026-02-30T16:00:00Z", None),
            ("2026-05-17T25:00:00Z", None),
            ("2026-05-17T16:00:00+8", None),
            ("T+", None),
            ("", None),
        ];
        for (text, day) in table {
            assert_eq!(shanghai_day(text), day, "{text}");
        }
        assert!(has_offset(" 2026-05-17T16:00:00Z") && !has_offset("2026-05-17"));
    }
}

//! Dates as PDF writes them (ISO 32000-1, 7.9.4), complete ones only.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// Reads `D:YYYYMMDDHHmmSS` with `Z`, or with an offset as in `+08'00'`; the last apostrophe may be missing.
pub(super) fn parse(text: &[u8]) -> Option<OffsetDateTime> {
    let text = std::str::from_utf8(text).ok()?.strip_prefix("D:")?;
    let (clock, offset) = text.split_at_checked(14)?;
    let field = |start: usize, width: usize| digits(clock.get(start..start + width)?);
    let month = Month::try_from(u8::try_from(field(4, 2)?).ok()?).ok()?;
    let day = u8::try_from(field(6, 2)?).ok()?;
    let date = Date::from_calendar_date(i32::from(field(0, 4)?), month, day).ok()?;
    let time =
        Time::from_hms(u8::try_from(field(8, 2)?).ok()?, u8::try_from(field(10, 2)?).ok()?, u8::try_from(field(12, 2)?).ok()?).ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_offset(parse_offset(offset)?))
}

fn parse_offset(text: &str) -> Option<UtcOffset> {
    if text == "Z" {
        return Some(UtcOffset::UTC);
    }
    let (sign, rest) = text.split_at_checked(1)?;
    let sign: i8 = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = rest.strip_suffix('\'').unwrap_or(rest).split_once('\'')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let signed = |value: u16| i8::try_from(value).ok().map(|value| sign * value);
    UtcOffset::from_hms(signed(hours)?, signed(minutes)?, 0).ok()
}

fn digits(text: &str) -> Option<u16> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn complete_dates_are_read_with_their_offset() {
        for (text, expected) in [
            ("D:20261031080910+08'00'", datetime!(2026-10-31 08:09:10 +8)),
            ("D:20261031080910+08'00", datetime!(2026-10-31 08:09:10 +8)),
            ("D:20261031080910-05'30'", datetime!(2026-10-31 08:09:10 -5:30)),
            ("D:20260228235959Z", datetime!(2026-02-28 23:59:59 UTC)),
        ] {
            assert_eq!(parse(text.as_bytes()), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in [
            "",
            "D:",
            "20261031080910Z",
            "D:2026",
            "D:20261031080910",
            "D:20260229080910Z",
            "D:20261301080910Z",
            "D:20261031250910Z",
            "D:20261031080910+8'00'",
            "D:20261031080910+24'00'",
            "D:20261031080910+08'60'",
            "D:20261031080910+0800",
            "D:2026103108091０Z",
            "D:+0261031080910Z",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }
}

//! The form of a date as a profile declares it: YYYY, YY, MM, M, DD, D, and what stands between them.

use time::{Date, Month};

/// A declared form of dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateFormat(Vec<Part>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Digits, from so many to so many.
    Year(usize),
    Month(usize, usize),
    Day(usize, usize),
    Literal(char),
}

impl DateFormat {
    /// Reads a form such as `DD.MM.YYYY`. `M` and `D` take one digit or two; `YY` is a year of 1950 to 2049.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = text.trim();
        while let Some(first) = rest.chars().next() {
            let known = [
                ("YYYY", Part::Year(4)),
                ("YY", Part::Year(2)),
                ("MM", Part::Month(2, 2)),
                ("M", Part::Month(1, 2)),
                ("DD", Part::Day(2, 2)),
                ("D", Part::Day(1, 2)),
            ];
            let (word, part) = known.into_iter().find(|(word, _)| rest.starts_with(word)).unwrap_or(("", Part::Literal(first)));
            if matches!(part, Part::Literal(letter) if letter.is_ascii_alphanumeric()) {
                return None;
            }
            parts.push(part);
            rest = if word.is_empty() { &rest[first.len_utf8()..] } else { &rest[word.len()..] };
        }
        let count = |of: fn(&Part) -> bool| parts.iter().filter(|part| of(part)).count();
        let whole = count(|part| matches!(part, Part::Year(_))) == 1
            && count(|part| matches!(part, Part::Month(..))) == 1
            && count(|part| matches!(part, Part::Day(..))) == 1;
        whole.then_some(Self(parts))
    }

    /// The day of a text that has this form; none of a text of another form, or of a day that does not exist.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Date> {
        let (mut year, mut month, mut day) = (0_i32, 0_u8, 0_u8);
        let mut rest = text.trim();
        for part in &self.0 {
            match *part {
                Part::Year(digits) => {
                    let number: i32 = take(&mut rest, digits, digits)?;
                    year = match (digits, number) {
                        (4, year) => year,
                        (_, year @ 50..) => 1900 + year,
                        (_, year) => 2000 + year,
                    };
                }
                Part::Month(least, most) => month = take(&mut rest, least, most)?,
                Part::Day(least, most) => day = take(&mut rest, least, most)?,
                Part::Literal(letter) => rest = rest.strip_prefix(letter)?,
            }
        }
        if !rest.is_empty() {
            return None;
        }
        Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
    }
}

/// Takes `least` to `most` ASCII digits from the front.
fn take<T: std::str::FromStr>(rest: &mut &str, least: usize, most: usize) -> Option<T> {
    let digits = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if digits < least {
        return None;
    }
    let (number, after) = rest.split_at(digits);
    *rest = after;
    number.parse().ok()
}

//! What a command prints: one JSON document for programs, or plain text for people; errors on one line.

use std::io::{IsTerminal as _, Write as _};

use domain::civil_date::SHANGHAI;
use serde_json::Value;
use time::OffsetDateTime;

/// Prints the answer in the form that was asked for.
///
/// # Errors
/// When standard output is closed.
pub(crate) fn answer(json: bool, document: &Value, text: impl FnOnce() -> String) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let printed = if json { writeln!(out, "{document}") } else { write!(out, "{}", text()) };
    match printed.and_then(|()| out.flush()) {
        // A reader that has seen enough, such as `head`, is no failure.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        printed => Ok(printed?),
    }
}

/// An error with all its causes on one line.
pub(crate) fn one_line(error: &anyhow::Error) -> String {
    let mut causes: Vec<String> = Vec::new();
    for cause in error.chain() {
        let text = cause.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        // Some errors of libraries repeat their source.
        if !causes.iter().any(|known| known.contains(&text)) {
            causes.push(text);
        }
    }
    causes.join(": ")
}

/// Whether somebody watches: progress bars there, plain lines elsewhere.
pub(crate) fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}

/// A table with two spaces between its columns, the first row being its head. Wide characters count twice.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> =
        (0..columns).map(|c| rows.iter().filter_map(|row| row.get(c)).map(|cell| width(cell)).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, wanted) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(wanted - width(cell) + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn width(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) >= 0x1100 && !c.is_ascii() { 2 } else { 1 }).sum()
}

/// A moment as people in the department read it: civil time of Asia/Shanghai, to the minute.
pub(crate) fn civil_minute(at: OffsetDateTime) -> String {
    let at = at.to_offset(SHANGHAI);
    format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
}

/// A number with thousands apart, for people.
pub(crate) fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if n < 0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_and_says_nothing_twice() {
        let error = anyhow::anyhow!("no such\nfile").context("cannot read x: no such file").context("demo");
        assert_eq!(one_line(&error), "demo: cannot read x: no such file");
    }

    #[test]
    fn columns_of_chinese_text_line_up() {
        let text = table(&[vec!["a".to_owned(), "b".to_owned()], vec!["中文".to_owned(), "c".to_owned()]]);
        assert_eq!(text, "a     b\n中文  c\n");
    }

    #[test]
    fn a_moment_is_told_on_the_civil_day() {
        assert_eq!(civil_minute(time::macros::datetime!(2026-10-31 16:05:59 UTC)), "2026-11-01 00:05");
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1000, -1_234_567].map(grouped), ["0", "999", "1,000", "-1,234,567"]);
    }
}

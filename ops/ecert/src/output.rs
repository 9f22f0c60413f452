//! What a command prints: one JSON document for programs, or plain text for people; errors on one line.

use std::borrow::Cow;
use std::io::{IsTerminal as _, Write as _};

use domain::civil_date::SHANGHAI;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Prints the answer in the form that was asked for.
///
/// # Errors
/// When standard output is closed.
pub(crate) fn answer(json: bool, document: &Value, text: impl FnOnce() -> String) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let printed = if json { writeln!(out, "{document}") } else { write!(out, "{}", shown_lines(&text())) };
    match printed.and_then(|()| out.flush()) {
        // A reader that has seen enough, such as `head`, is no failure.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        printed => Ok(printed?),
    }
}

/// Tells a program that a command failed. Standard output then holds this one document; a reader that is gone is told nothing.
pub(crate) fn failure(text: &str) {
    let document = serde_json::json!({ "error": { "message": text } });
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{document}").and_then(|()| out.flush());
}

/// A delivered text as a terminal may show it: on one line, and without characters that steer the terminal or turn the writing around. Each of them is
/// replaced by its picture, so that nothing is hidden.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if text.chars().any(steers) { Cow::Owned(text.chars().map(picture).collect()) } else { Cow::Borrowed(text) }
}

/// Lines that a command composed; what was not replaced in a cell is replaced here at the latest.
fn shown_lines(text: &str) -> String {
    text.split('\n').map(plain).collect::<Vec<_>>().join("\n")
}

fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn picture(c: char) -> char {
    match u32::from(c) {
        code @ 0..0x20 => char::from_u32(0x2400 + code).unwrap_or(char::REPLACEMENT_CHARACTER),
        0x7F => '\u{2421}',
        _ if steers(c) => char::REPLACEMENT_CHARACTER,
        _ => c,
    }
}

/// An error with all its causes on one line.
pub(crate) fn one_line(error: &anyhow::Error) -> String {
    let mut causes: Vec<String> = Vec::new();
    for cause in error.chain() {
        let text = plain(&cause.to_string().split_whitespace().collect::<Vec<_>>().join(" ")).into_owned();
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
    let rows: Vec<Vec<Cow<'_, str>>> = rows.iter().map(|row| row.iter().map(|cell| plain(cell)).collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> =
        (0..columns).map(|c| rows.iter().filter_map(|row| row.get(c)).map(|cell| width(cell)).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for row in &rows {
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
    text.chars().map(|c| if u32::from(c) >= 0x1100 && !matches!(c, '\u{2400}'..='\u{243F}') { 2 } else { 1 }).sum()
}

/// A moment as programs read it: ISO 8601 with the offset of Asia/Shanghai, to the second.
pub(crate) fn iso(at: OffsetDateTime) -> String {
    let at = at.to_offset(SHANGHAI);
    at.replace_nanosecond(0).unwrap_or(at).format(&Rfc3339).unwrap_or_else(|_| at.to_string())
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
    fn what_steers_a_terminal_is_shown_as_its_picture() {
        assert_eq!(plain("张\u{1B}[2J三\u{7}\n\u{202E}x"), "张\u{241B}[2J三\u{2407}\u{240A}\u{FFFD}x");
        assert_eq!(plain("张三"), "张三");
        assert_eq!(table(&[vec!["a\nb".to_owned(), "c".to_owned()]]), "a\u{240A}b  c\n");
        assert_eq!(shown_lines("a\n\u{1B}b\n"), "a\n\u{241B}b\n");
        let error = anyhow::anyhow!("no file \u{1B}[31mx");
        assert_eq!(one_line(&error), "no file \u{241B}[31mx");
    }

    #[test]
    fn a_moment_is_told_on_the_civil_day() {
        assert_eq!(iso(time::macros::datetime!(2026-10-31 16:05:59.5 UTC)), "2026-11-01T00:05:59+08:00");
        assert_eq!(civil_minute(time::macros::datetime!(2026-10-31 16:05:59 UTC)), "2026-11-01 00:05");
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1000, -1_234_567].map(grouped), ["0", "999", "1,000", "-1,234,567"]);
    }
}

//! Where a line may end: by the line breaking algorithm of Unicode (UAX #14), and a little more narrowly where Chinese
//! typesetting (GB/T 15834) and Latin words with a stroke in them ask for it.

use std::ops::Range;

use unicode_linebreak::linebreaks;

use crate::font::is_space;
use crate::text::{Letter, width_pt};

/// Signs that begin no line, though UAX #14 would let them.
const NOT_FIRST: &str = "·—～〜";
/// Ideographs and their punctuation begin here; what lies below is written in words.
const FIRST_WIDE: char = '\u{2E80}';

/// A text in lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) lines: Vec<Range<usize>>,
    /// Whether a line had to end where none may: a word is wider than the lines.
    pub(super) cut: bool,
}

/// For each letter whether a line may begin with it.
pub(super) fn beginnings(letters: &[Letter]) -> Vec<bool> {
    let text: String = letters.iter().map(|letter| letter.character).collect();
    let mut allowed = linebreaks(&text).map(|(at, _)| at).peekable();
    let mut before = ' ';
    text.char_indices()
        .map(|(at, character)| {
            let begins = allowed.next_if_eq(&at).is_some();
            let inside_word = before == '/' && character.is_alphabetic() && character < FIRST_WIDE;
            before = character;
            begins && !inside_word && !NOT_FIRST.contains(character)
        })
        .collect()
}

/// Breaks into lines of at most `width` points; `beginnings` are those of the letters. Blanks at the end of a line take no room,
/// so that none begins the next. `None` when one letter alone is wider.
pub(super) fn break_lines(letters: &[Letter], beginnings: &[bool], size_pt: f32, width: f32) -> Option<Broken> {
    let mut broken = Broken { lines: Vec::new(), cut: false };
    let mut start = 0;
    while start < letters.len() {
        let mut end = start;
        let mut used = 0.0;
        while let Some(letter) = letters.get(end) {
            used += width_pt(std::slice::from_ref(letter), size_pt);
            if width < used && !is_space(letter.character) {
                break;
            }
            end += 1;
        }
        if end == start {
            return None;
        }
        if end < letters.len() {
            let allowed = (start + 1..=end).rev().find(|at| beginnings.get(*at).copied().unwrap_or(false));
            // Where no place allows a break, the line is simply full.
            broken.cut |= allowed.is_none();
            end = allowed.unwrap_or(end);
        }
        broken.lines.push(start..end);
        start = end;
    }
    Some(broken)
}

/// A line without the blanks at its end.
pub(super) fn without_end_blanks(line: &[Letter]) -> &[Letter] {
    let blanks = line.iter().rev().take_while(|letter| is_space(letter.character)).count();
    &line[..line.len() - blanks]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::Glyph;

    /// The lines of a text, and whether it was cut.
    fn broken(text: &str, columns: f32) -> (Vec<String>, bool) {
        let letters: Vec<Letter> = text
            .chars()
            .map(|character| Letter { character, font: 0, glyph: Glyph { id: 1, advance: if character.is_ascii() { 500 } else { 1000 } } })
            .collect();
        let broken = break_lines(&letters, &beginnings(&letters), 10.0, columns * 10.0).unwrap();
        let lines = broken.lines.into_iter().map(|line| letters[line].iter().map(|l| l.character).collect()).collect();
        (lines, broken.cut)
    }

    #[test]
    fn lines_end_where_the_rules_allow_it() {
        for (text, columns, lines, cut) in [
            ("陕西建工集团", 4.0, vec!["陕西建工", "集团"], false),
            ("陕西建工（集团）", 5.0, vec!["陕西建工", "（集团）"], false),
            ("阿依古丽·买买提", 4.0, vec!["阿依古", "丽·买买", "提"], false),
            ("有限 company", 4.5, vec!["有限 ", "company"], false),
            ("abcdefghij", 2.0, vec!["abcd", "efgh", "ij"], true),
            ("", 2.0, vec![], false),
            ("圆周率是3.14159", 5.0, vec!["圆周率是", "3.14159"], false),
            ("共1,234,567.89元整", 7.5, vec!["共1,234,567.89", "元整"], false),
            ("土建/安装工程", 2.0, vec!["土", "建/", "安装", "工程"], false),
            ("二〇一八～二〇二一", 4.0, vec!["二〇一", "八～二〇", "二一"], false),
            ("王小明Müller", 4.0, vec!["王小明", "Müller"], false),
            ("王小明Mü/ller", 4.0, vec!["王小明", "Mü/ller"], false),
            ("电话029-00000000", 6.5, vec!["电话", "029-00000000"], false),
            ("姓名    ABC", 2.0, vec!["姓名    ", "ABC"], false),
            ("姓名　　王小", 3.0, vec!["姓名　　", "王小"], false),
            ("Ab  Cdefghij", 2.0, vec!["Ab  ", "Cdef", "ghij"], true),
            ("他说“有限公司”", 4.0, vec!["他说“有", "限公司”"], false),
        ] {
            let lines = lines.into_iter().map(str::to_owned).collect();
            assert_eq!(broken(text, columns), (lines, cut), "{text}");
        }
    }
}

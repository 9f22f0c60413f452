//! Where a line may end: between any two letters, except inside of a Latin word or a number, before closing
//! punctuation and after opening punctuation (GB/T 15834).

use std::ops::Range;

use crate::text::{Letter, width_pt};

const NOT_FIRST: &str = "，。、；：？！）》」』】〕”’·…—,.;:?!)]}%％";
const NOT_LAST: &str = "（《「『【〔“‘([{";

/// A text in lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) lines: Vec<Range<usize>>,
    /// Whether a line had to end where none may: a word is wider than the lines.
    pub(super) cut: bool,
}

/// Breaks into lines of at most `width` points. `None` when one letter alone is wider.
pub(super) fn break_lines(letters: &[Letter], size_pt: f32, width: f32) -> Option<Broken> {
    let mut broken = Broken { lines: Vec::new(), cut: false };
    let mut start = 0;
    while start < letters.len() {
        let mut end = start;
        let mut used = 0.0;
        while let Some(letter) = letters.get(end) {
            used += width_pt(std::slice::from_ref(letter), size_pt);
            if width < used {
                break;
            }
            end += 1;
        }
        if end == start {
            return None;
        }
        if end < letters.len() {
            let allowed = (start + 1..=end).rev().find(|at| may_break(letters[at - 1].character, letters[*at].character));
            // Where no place allows a break, the line is simply full.
            broken.cut |= allowed.is_none();
            end = allowed.unwrap_or(end);
        }
        broken.lines.push(start..end);
        start = end;
    }
    Some(broken)
}

fn may_break(before: char, after: char) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '_');
    let inside_word = word(before) && word(after);
    !(inside_word || NOT_FIRST.contains(after) || NOT_LAST.contains(before))
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
        let broken = break_lines(&letters, 10.0, columns * 10.0).unwrap();
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
        ] {
            let lines = lines.into_iter().map(str::to_owned).collect();
            assert_eq!(broken(text, columns), (lines, cut), "{text}");
        }
    }
}

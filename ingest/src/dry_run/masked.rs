//! Values as they may be seen on a screen: ID numbers and telephone numbers without their middle.

use crate::column::Column;

/// Characters of a sample that are shown.
const LONGEST: usize = 24;

/// A sample of a column: in the columns of ID numbers and telephones every longer run of digits is masked, elsewhere each run that could be one of them.
#[must_use]
pub fn masked(column: Option<Column>, cell: &str) -> String {
    let is_personal = matches!(column, Some(Column::Identity | Column::Phone));
    let mut text = String::new();
    let mut run = String::new();
    for character in cell.chars().chain(std::iter::once('\n')) {
        if character.is_ascii_digit() || (matches!(character, 'X' | 'x') && run.len() == 17) {
            run.push(character);
            continue;
        }
        let could_be = matches!(run.len(), 15 | 18) || (run.len() == 11 && run.starts_with('1'));
        if could_be || (is_personal && run.len() > 4) {
            text.push_str(&run[..3]);
            text.push_str("****");
            text.push_str(&run[run.len() - 2..]);
        } else {
            text.push_str(&run);
        }
        run.clear();
        text.push(if character.is_control() { ' ' } else { character });
    }
    let text = text.trim_end();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_identifies_somebody_is_masked_wherever_it_stands() {
        let table = [
            (Some(Column::Identity), "61010319800101123X", "610****3X"),
            (Some(Column::Identity), "'6101031980 ", "'610****80"),
            (Some(Column::Phone), "13900000001（本人）", "139****01（本人）"),
            (None, "13900000001", "139****01"),
            (Some(Column::Remark), "原证610103800101123", "原证610****23"),
            (Some(Column::Number), "陕261171700001", "陕261171700001"),
            (Some(Column::IssuedOn), "20170305", "20170305"),
            (
                Some(Column::Remark),
                "一二三四五六七八九十一二三四五六七八九十一二三四五六",
                "一二三四五六七八九十一二三四五六七八九十一二三四…",
            ),
        ];
        for (column, cell, shown) in table {
            assert_eq!(masked(column, cell), shown);
        }
    }
}

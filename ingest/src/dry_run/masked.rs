//! Values as they may be seen on a screen: ID numbers and telephone numbers without their middle, names without all but their first character.

use domain::name::PersonName;

use crate::column::Column;

/// Characters of a sample that are shown.
const LONGEST: usize = 24;

/// A sample of a column: names are masked; in the columns of ID numbers and telephones every longer run of digits is, elsewhere each run that could be one of
/// them. Digits of any width are digits.
#[must_use]
pub fn masked(column: Option<Column>, title: &str, cell: &str) -> String {
    if names_people(column, title) {
        return shortened(&PersonName::from_stored(cell.to_owned()).masked());
    }
    let is_personal = matches!(column, Some(Column::Identity | Column::Phone));
    let mut text = String::new();
    let mut run: Vec<char> = Vec::new();
    for character in cell.chars().chain(std::iter::once('\n')) {
        if digit(character).is_some() || (matches!(character, 'X' | 'x' | 'Ｘ' | 'ｘ') && run.len() == 17) {
            run.push(character);
            continue;
        }
        let is_mobile = run.len() == 11 && run.first().copied().and_then(digit) == Some(1);
        if matches!(run.len(), 15 | 18) || is_mobile || (is_personal && run.len() > 4) {
            text.extend(&run[..3]);
            text.push_str("****");
            text.extend(&run[run.len() - 2..]);
        } else {
            text.extend(&run);
        }
        run.clear();
        text.push(if character.is_control() { ' ' } else { character });
    }
    shortened(text.trim_end())
}

/// Whether the column holds names of people: the one that is read as such, and others by what their titles say.
fn names_people(column: Option<Column>, title: &str) -> bool {
    match column {
        Some(column) => column == Column::Name,
        None => ["姓名", "联系人", "经办人", "负责人", "法人", "法定代表人", "曾用名"].iter().any(|word| title.contains(word)),
    }
}

/// ASCII or full-width.
fn digit(character: char) -> Option<u32> {
    let code = u32::from(character);
    character.to_digit(10).or_else(|| (0xFF10..=0xFF19).contains(&code).then(|| code - 0xFF10))
}

fn shortened(text: &str) -> String {
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
            (Some(Column::Identity), "身份证号", "61010319800101123X", "610****3X"),
            (Some(Column::Identity), "身份证号", "'6101031980 ", "'610****80"),
            (Some(Column::Identity), "身份证号", "６１０１０３１９８００１０１１２３Ｘ", "６１０****３Ｘ"),
            (Some(Column::Phone), "手机号", "13900000001（本人）", "139****01（本人）"),
            (None, "内部号", "13900000001", "139****01"),
            (None, "内部号", "１３９00000001", "１３９****01"),
            (Some(Column::Remark), "备注", "原证610103800101123", "原证610****23"),
            (Some(Column::Number), "证书编号", "陕261171700001", "陕261171700001"),
            (Some(Column::IssuedOn), "发证日期", "20170305", "20170305"),
            (Some(Column::Name), "姓名", "欧阳小明", "欧***"),
            (None, "单位联系人", "张三", "张*"),
            (
                Some(Column::Remark),
                "备注",
                "一二三四五六七八九十一二三四五六七八九十一二三四五六",
                "一二三四五六七八九十一二三四五六七八九十一二三四…",
            ),
        ];
        for (column, title, cell, shown) in table {
            assert_eq!(masked(column, title, cell), shown);
        }
    }
}

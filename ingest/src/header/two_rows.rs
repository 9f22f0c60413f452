//! Headers of two rows: the upper one names groups of columns (有效期), the lower one their parts (起, 止). Told by the dictionary alone; where it leaves a doubt
//! the rows stay what they are, so that no row of data is ever taken for titles.

use crate::column::Column;
use crate::delimited::{CellNote, HeaderPart, Record};
use crate::dictionary::Dictionary;
use crate::header::ColumnMap;

/// A part of a group is no longer than this; longer cells are data.
const LONGEST_PART: usize = 20;

/// What stands at one place of both rows.
struct Place<'a> {
    /// The cell of the upper row, or that of the group which reaches over the place.
    upper: &'a str,
    /// Where that cell stands.
    start: usize,
    /// The cell of the lower row where it has one of its own.
    lower: &'a str,
}

/// The lower row with whole titles, where both are one header with every column that is needed.
pub(super) fn joined(upper: &Record, lower: &Record, dictionary: &Dictionary) -> Option<Record> {
    let places = places(upper, lower);
    let parts_of = |start: usize| places.iter().filter(move |place| place.start == start && !place.lower.is_empty());
    let mut titles = Vec::with_capacity(places.len());
    let mut has_group = false;
    for (at, place) in places.iter().enumerate() {
        if place.lower.is_empty() {
            titles.push(if place.start == at { place.upper.to_owned() } else { String::new() });
            continue;
        }
        let is_group = parts_of(place.start).count() > 1;
        match dictionary.title_in_group(place.upper, place.lower) {
            Some(title) => titles.push(title),
            // Under a title of its own only a known part belongs to it: 证书 above 编号, and never a name below 姓名.
            None if !is_group && !place.upper.is_empty() || !may_be_title(place.lower) => return None,
            None => titles.push(format!("{}{}", place.upper, place.lower)),
        }
        has_group |= is_group && place.start == at && known(parts_of(at), dictionary) > 1;
    }
    let joined = Record::of(lower.line(), titles.iter().map(String::as_str));
    let is_header = has_group && ColumnMap::recognise(&joined, dictionary).is_some_and(|map| map.missing(dictionary).is_empty());
    let delivered = lower.fields().map(str::trim).collect::<Vec<_>>().join("|");
    is_header.then(|| joined.standing_like(lower).with_header_part(HeaderPart::Titles(delivered)))
}

/// How many different columns the parts of a group mean.
fn known<'a>(parts: impl Iterator<Item = &'a Place<'a>>, dictionary: &Dictionary) -> usize {
    let meanings = parts.filter_map(|part| dictionary.meaning(&dictionary.title_in_group(part.upper, part.lower)?));
    let mut columns: Vec<Column> = meanings.map(|meaning| meaning.column).collect();
    columns.sort_unstable();
    columns.dedup();
    columns.len()
}

fn may_be_title(cell: &str) -> bool {
    let is_digit = |character: char| character.is_ascii_digit() || ('０'..='９').contains(&character);
    cell.chars().count() <= LONGEST_PART && !cell.chars().any(is_digit)
}

/// Both rows place by place. A group reaches over its merged range; in a file that records none, over the empty cells behind it.
fn places<'a>(upper: &'a Record, lower: &'a Record) -> Vec<Place<'a>> {
    let cell = |record: &'a Record, place: usize| record.get(place).unwrap_or_default().trim();
    let merged = upper.to_the_right();
    let width = merged.iter().map(|(place, _)| place + 1).chain([upper.len(), lower.len()]).max().unwrap_or(0);
    let mut places: Vec<Place<'a>> = Vec::with_capacity(width);
    for at in 0..width {
        let own = cell(upper, at);
        let left = places.last().map_or((at, ""), |left| (left.start, left.upper));
        let reached =
            own.is_empty() && if merged.is_empty() { has_part(&places, left.0) } else { merged.iter().any(|(place, _)| *place == at) };
        let (start, upper) = if reached { left } else { (at, own) };
        let below = cell(lower, at);
        // What a merged range brings down, or the row says once more, is the title above.
        let repeats = lower.has_note(at, CellNote::Merged) || below == own;
        places.push(Place { upper, start, lower: if repeats { "" } else { below } });
    }
    places
}

/// Whether the cell at the beginning of a group stands above a part.
fn has_part(places: &[Place<'_>], start: usize) -> bool {
    places.get(start).is_some_and(|place| !place.upper.is_empty() && !place.lower.is_empty())
}

#[cfg(test)]
mod tests {
    use domain::kind::Kind;
    use proptest::prelude::*;

    use super::*;

    fn titles(upper: &str, lower: &str) -> Option<String> {
        let record = |line, text: &str| Record::of(line, text.split(','));
        let joined = joined(&record(1, upper), &record(2, lower), Dictionary::of(Kind::SafetyPersonnel))?;
        assert_eq!(joined.line(), 2);
        Some(joined.fields().collect::<Vec<_>>().join(","))
    }

    #[test]
    fn parts_get_the_title_of_their_group() {
        let table = [
            ("姓名,身份证号,证书编号,有效期,,备注", ",,,起,止,", "姓名,身份证号,证书编号,有效期起,有效期止,备注"),
            ("姓名,身份证号,证书编号,有效期,,发证,,", ",,,起,止,日期,机关", "姓名,身份证号,证书编号,有效期起,有效期止,发证日期,发证机关,"),
            ("姓名,身份证件,,证书编号", ",类型,号码,", "姓名,身份证件类型,身份证件号码,证书编号"),
            ("姓名,身份证件,,证书", ",类型,号码,编号", "姓名,身份证件类型,身份证件号码,证书编号"),
            ("基本信息,,,证书信息,,", "姓名,性别,身份证号,证书编号,发证日期,内部号", "姓名,性别,身份证号,证书编号,发证日期,证书信息内部号"),
            // The title above, said once more.
            ("姓名,身份证号,证书编号,有效期,", "姓名,身份证号,证书编号,起,止", "姓名,身份证号,证书编号,有效期起,有效期止"),
            // Nothing above.
            (",,,有效期,", "姓名,身份证号,证书编号,起,止", "姓名,身份证号,证书编号,有效期起,有效期止"),
            // A part that nobody knows is kept under its whole title.
            ("姓名,身份证号,证书编号,有效期,,", ",,,起,止,年限", "姓名,身份证号,证书编号,有效期起,有效期止,有效期年限"),
        ];
        for (upper, lower, expected) in table {
            assert_eq!(titles(upper, lower).as_deref(), Some(expected), "{upper} / {lower}");
        }
    }

    #[test]
    fn what_leaves_a_doubt_is_no_header_of_two_rows() {
        let table = [
            // Data below a header of one row, in a column without a title, too.
            ("姓名,身份证号,证书编号,有效期,", "张三,610103198001011233,陕建安B（2017）0000001,2017-05-18,2020-05-17"),
            ("姓名,身份证号,证书编号,有效期,", "张三,,,长期,"),
            ("姓名,身份证号,证书编号,有效期,", ",,,长期,有效"),
            ("姓名,身份证号,证书编号,有效期,", ",,,（空）,（无）"),
            ("姓名,身份证号,证书编号,有效期,", "张三,,,起,止"),
            ("姓名,身份证号,证书编号,有效期,", ",,,起,2020-05-17"),
            ("姓名,身份证号,证书编号,有效期,,", ",,,起,止,2020-05-17"),
            // One part alone, and a note below a title.
            ("姓名,身份证号,证书编号,有效期,", ",,,起,"),
            ("姓名,身份证号,证书编号,发证日期", "（必填）,（18位）,（必填）,（年月日）"),
            // A page's title, and a total.
            ("证书台账,,,,", "姓名,身份证号,证书编号,起,止"),
            ("姓名,身份证号,证书编号,有效期,", "合计,,,,2"),
            // Something that is needed is missing.
            ("姓名,证书编号,有效期,", ",,起,止"),
        ];
        for (upper, lower) in table {
            assert_eq!(titles(upper, lower), None, "{upper} / {lower}");
        }
    }

    #[test]
    fn a_group_reaches_as_far_as_its_merged_range() {
        let mut upper = Record::of(1, "姓名,身份证号,证书编号,有效期,,".split(','));
        upper.note_to_the_right(4, "有效期");
        let mut lower = Record::of(2, "姓名,身份证号,证书编号,起,止,状态".split(','));
        (0..3).for_each(|place| lower.note_cell(place, CellNote::Merged));
        let joined = joined(&upper, &lower, Dictionary::of(Kind::SafetyPersonnel)).unwrap();
        assert_eq!(joined.fields().collect::<Vec<_>>().join(","), "姓名,身份证号,证书编号,有效期起,有效期止,状态");
        let delivered = HeaderPart::Titles("姓名|身份证号|证书编号|起|止|状态".to_owned());
        assert_eq!(joined.header_part(), Some(&delivered));
    }

    proptest! {
        #[test]
        fn a_row_with_a_name_or_a_digit_in_it_is_never_taken_for_titles(
            cells in prop::collection::vec(prop_oneof![Just(String::new()), Just("起".to_owned()), Just("止".to_owned()), "\\PC{0,6}"], 6),
            place in 0..6_usize,
            datum in prop_oneof![Just("张三".to_owned()), "[0-9]{1,18}", "20[0-9]{2}-0[1-9]-1[0-9]"],
        ) {
            let is_word = datum == "张三";
            let mut cells: Vec<String> = cells.into_iter().map(|cell| cell.replace(',', "，")).collect();
            cells[place] = datum;
            for upper in ["姓名,身份证号,证书编号,有效期,,备注", "基本信息,,,有效期,,", "姓名,身份证号,证书编号,有效期,,"] {
                let above = upper.split(',').nth(place).unwrap_or_default();
                // Below a group a word may be a part that nobody knows; a number is none.
                if !is_word || matches!(above, "姓名" | "身份证号" | "证书编号" | "备注") {
                    prop_assert_eq!(titles(upper, &cells.join(",")), None);
                }
            }
        }
    }
}

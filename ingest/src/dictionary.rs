//! Which column a title means in a register of a kind: the dictionary of `schemas/intake/columns.toml`, built once.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use domain::kind::Kind;
use serde::Deserialize;

use crate::column::Column;
use crate::shapes::RecordShape;

const COLUMNS: &str = include_str!("../../schemas/intake/columns.toml");
const SHAPES: &str = include_str!("../../schemas/intake/shapes.toml");

/// The titles of one kind of register.
#[derive(Debug)]
pub struct Dictionary {
    meanings: HashMap<String, Meaning>,
    required: Vec<Column>,
    preferred: HashMap<Column, String>,
    /// Columns that are known by their place, counted from 0, whatever their title.
    places: HashMap<usize, Column>,
    /// Groups of columns that say nothing of what stands in them.
    neutral_groups: HashSet<String>,
    /// Whether its files have titles at all.
    has_header: bool,
}

/// What a title means, and how much it is preferred to others of the same column; 0 is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// The column.
    pub column: Column,
    /// Its place among the titles of the column.
    pub rank: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    required: Required,
    #[serde(default)]
    groups: Groups,
    columns: BTreeMap<String, Titles>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Groups {
    neutral: Vec<String>,
}

impl Groups {
    fn keys(&self) -> HashSet<String> {
        self.neutral.iter().map(|group| title_key(group)).collect()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Required {
    certificates: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Titles {
    titles: Vec<String>,
    #[serde(default)]
    of_kind: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShapeSource {
    required: Vec<String>,
    columns: BTreeMap<String, Vec<String>>,
}

/// Why a dictionary cannot be built from its text.
#[derive(Debug, thiserror::Error)]
pub enum DictionaryError {
    /// Not the form of a dictionary.
    #[error("the dictionary is not well formed")]
    Form(#[from] toml::de::Error),
    /// A column that does not exist.
    #[error("the dictionary names a column that does not exist")]
    Column(#[from] crate::column::UnknownColumn),
    /// A kind that does not exist.
    #[error("the dictionary names {0:?}, which is no kind")]
    Kind(String),
    /// A shape that the dictionary lacks.
    #[error("the dictionary has no titles of {0}")]
    Shape(&'static str),
    /// One title for two columns.
    #[error("the title {title:?} means {} and {}", .columns[0].as_str(), .columns[1].as_str())]
    TitleTwice {
        /// The title.
        title: String,
        /// Both columns.
        columns: [Column; 2],
    },
}

static DICTIONARIES: LazyLock<Vec<Dictionary>> = LazyLock::new(|| {
    let built: Result<Vec<_>, _> = Kind::ALL.iter().map(|&kind| Dictionary::parse(COLUMNS, kind)).collect();
    built.expect("the dictionary is part of the program, and a test builds it for every kind")
});

static SHAPE_DICTIONARIES: LazyLock<Vec<Dictionary>> = LazyLock::new(|| {
    let built: Result<Vec<_>, _> = RecordShape::ALL.iter().map(|&shape| Dictionary::parse_shape(COLUMNS, SHAPES, shape)).collect();
    built.expect("the dictionary is part of the program, and a test builds it for every shape")
});

impl Dictionary {
    /// The dictionary for registers of a kind.
    #[must_use]
    pub fn of(kind: Kind) -> &'static Self {
        &DICTIONARIES[kind as usize]
    }

    /// The dictionary for deliveries of a shape.
    #[must_use]
    pub fn of_shape(shape: RecordShape) -> &'static Self {
        &SHAPE_DICTIONARIES[shape as usize]
    }

    /// The titles of the shape first; those that mean the column in every register hold beside them.
    fn parse_shape(columns: &str, shapes: &str, shape: RecordShape) -> Result<Self, DictionaryError> {
        let general: Source = toml::from_str(columns)?;
        let mut shapes: BTreeMap<String, ShapeSource> = toml::from_str(shapes)?;
        let own = shapes.remove(shape.as_str()).ok_or(DictionaryError::Shape(shape.as_str()))?;
        let mut meanings = HashMap::new();
        let mut preferred = HashMap::new();
        for (code, titles) in &own.columns {
            let column: Column = code.parse()?;
            enter(&mut meanings, column, titles, 0, &HashMap::new())?;
            preferred.extend(titles.first().map(|title| (column, title.clone())));
        }
        let of_this_shape = meanings.clone();
        for (code, titles) in &general.columns {
            let column: Column = code.parse()?;
            let first_rank = own.columns.get(code).map_or(0, Vec::len);
            enter(&mut meanings, column, &titles.titles, first_rank, &of_this_shape)?;
            if let Some(title) = titles.titles.first() {
                preferred.entry(column).or_insert_with(|| title.clone());
            }
        }
        let required = own.required.iter().map(|code| code.parse()).collect::<Result<_, _>>()?;
        Ok(Self { meanings, required, preferred, places: HashMap::new(), neutral_groups: general.groups.keys(), has_header: true })
    }

    fn parse(text: &str, kind: Kind) -> Result<Self, DictionaryError> {
        let source: Source = toml::from_str(text)?;
        let mut meanings = HashMap::new();
        let mut entries = Vec::new();
        for (code, titles) in &source.columns {
            let column: Column = code.parse()?;
            if let Some(unknown) = titles.of_kind.keys().find(|code| code.parse::<Kind>().is_err()) {
                return Err(DictionaryError::Kind(unknown.clone()));
            }
            let special = titles.of_kind.get(kind.as_str()).map_or(&[][..], Vec::as_slice);
            entries.push((column, special, titles.titles.as_slice()));
        }
        for &(column, special, _) in &entries {
            enter(&mut meanings, column, special, 0, &HashMap::new())?;
        }
        let of_this_kind = meanings.clone();
        for &(column, special, general) in &entries {
            enter(&mut meanings, column, general, special.len(), &of_this_kind)?;
        }
        let required = source.required.certificates.iter().map(|code| code.parse()).collect::<Result<_, _>>()?;
        let preferred = entries
            .iter()
            .filter_map(|&(column, special, general)| Some((column, special.iter().chain(general).next()?.clone())))
            .collect();
        Ok(Self { meanings, required, preferred, places: HashMap::new(), neutral_groups: source.groups.keys(), has_header: true })
    }

    /// The same dictionary for files of another making: the columns of these titles and places are found there only, and those that have a default need
    /// not be there.
    #[must_use]
    pub fn overridden(
        &self,
        titles: impl Iterator<Item = (String, Column)>,
        places: impl Iterator<Item = (usize, Column)>,
        given: impl Iterator<Item = Column>,
    ) -> Self {
        let (titles, places): (Vec<_>, HashMap<_, _>) = (titles.collect(), places.collect());
        let named = |column: Column| titles.iter().any(|(_, named)| *named == column) || places.values().any(|named| *named == column);
        let mut meanings: HashMap<String, Meaning> =
            self.meanings.iter().filter(|(_, meaning)| !named(meaning.column)).map(|(key, meaning)| (key.clone(), *meaning)).collect();
        let mut preferred = self.preferred.clone();
        for (key, column) in titles {
            preferred.insert(column, key.clone());
            meanings.insert(key, Meaning { column, rank: 0 });
        }
        let given: Vec<Column> = given.collect();
        let required = self.required.iter().copied().filter(|column| !given.contains(column)).collect();
        Self { meanings, required, preferred, places, neutral_groups: self.neutral_groups.clone(), has_header: self.has_header }
    }

    /// The same dictionary for files that have no header.
    #[must_use]
    pub fn without_header(self) -> Self {
        Self { has_header: false, ..self }
    }

    /// Whether its files have titles.
    #[must_use]
    pub fn has_header(&self) -> bool {
        self.has_header
    }

    /// The column that is known by a place, whatever its title.
    #[must_use]
    pub fn column_at(&self, place: usize) -> Option<Column> {
        self.places.get(&place).copied()
    }

    /// The place by which a column is known, whatever its title.
    #[must_use]
    pub fn place_of(&self, column: Column) -> Option<usize> {
        self.places.iter().find(|(_, known)| **known == column).map(|(place, _)| *place)
    }

    /// What a title means at a place, counted from 0.
    #[must_use]
    pub fn meaning_at(&self, place: usize, title: &str) -> Option<Meaning> {
        match self.places.get(&place) {
            Some(&column) => Some(Meaning { column, rank: 0 }),
            None => self.meaning(title),
        }
    }

    /// What a title means; `None` where the dictionary does not know it.
    #[must_use]
    pub fn meaning(&self, title: &str) -> Option<Meaning> {
        let key = title_key(title);
        let without_notes = || {
            let bare = without_notes(&key);
            if bare == key { None } else { self.meanings.get(&bare) }
        };
        self.meanings.get(&key).or_else(without_notes).copied()
    }

    /// The whole title of a part of a group of columns, where it is known: 起 under 有效期 is 有效期起. Under a group that says nothing of its own, or that the
    /// part names itself, the part stands alone.
    #[must_use]
    pub fn title_in_group(&self, group: &str, part: &str) -> Option<String> {
        let (group, part) = (group.trim(), part.trim());
        let stem = ["信息", "情况", "资料"].iter().find_map(|suffix| group.strip_suffix(suffix)).unwrap_or(group);
        let key = title_key(stem);
        let stands_alone = self.neutral_groups.contains(&key) || title_key(part).starts_with(&key);
        let joined = [format!("{group}{part}"), format!("{stem}{part}")].into_iter();
        joined.chain(stands_alone.then(|| part.to_owned())).find(|title| self.meaning(title).is_some())
    }

    /// The title under which a column is best delivered.
    #[must_use]
    pub fn preferred_title(&self, column: Column) -> &str {
        self.preferred.get(&column).map_or(column.as_str(), String::as_str)
    }

    /// The columns without which a register cannot be read.
    #[must_use]
    pub fn required(&self) -> &[Column] {
        &self.required
    }
}

/// Enters titles; those that stand in `settled` keep their meaning there.
fn enter(
    meanings: &mut HashMap<String, Meaning>,
    column: Column,
    titles: &[String],
    first_rank: usize,
    settled: &HashMap<String, Meaning>,
) -> Result<(), DictionaryError> {
    for (place, title) in titles.iter().enumerate() {
        let key = title_key(title);
        if settled.contains_key(&key) {
            continue;
        }
        let entered = *meanings.entry(key).or_insert(Meaning { column, rank: first_rank + place });
        if entered.column != column {
            return Err(DictionaryError::TitleTwice { title: title.clone(), columns: [entered.column, column] });
        }
    }
    Ok(())
}

/// A title as it is compared: no blanks, half-width ASCII, lower case, no marks around it.
#[must_use]
pub fn title_key(title: &str) -> String {
    let key: String = title
        .chars()
        .filter(|character| !domain::characters::is_spacing(*character) && !matches!(character, '*' | '＊' | '\'' | '"'))
        .map(half_width)
        .flat_map(char::to_lowercase)
        .collect();
    key.trim_end_matches([':', ';', ',']).to_owned()
}

/// Titles are no names: every full-width form of ASCII is made half-width in them, brackets too.
fn half_width(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        other => other,
    }
}

/// The key without what stands in brackets.
fn without_notes(key: &str) -> String {
    let mut depth = 0_usize;
    key.chars()
        .filter(|character| match character {
            '(' | '[' => {
                depth += 1;
                false
            }
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(kind: Kind, title: &str) -> Option<Column> {
        Dictionary::of(kind).meaning(title).map(|meaning| meaning.column)
    }

    #[test]
    fn the_dictionary_of_every_kind_can_be_built() {
        for &kind in Kind::ALL {
            let dictionary = Dictionary::parse(COLUMNS, kind).unwrap();
            assert_eq!(dictionary.required(), [Column::Name, Column::Identity, Column::Number]);
        }
    }

    #[test]
    fn the_dictionary_of_every_shape_can_be_built_and_prefers_its_own_titles() {
        for &shape in RecordShape::ALL {
            let dictionary = Dictionary::parse_shape(COLUMNS, SHAPES, shape).unwrap();
            assert!(dictionary.required().starts_with(&[Column::Name, Column::Identity]));
            assert_eq!(dictionary.meaning("证书编号").map(|meaning| meaning.column), Some(Column::Number), "{shape:?}");
        }
        let of = |shape, title| Dictionary::of_shape(shape).meaning(title).map(|meaning| meaning.column);
        assert_eq!(of(RecordShape::Decisions, "有效期至"), Some(Column::NewValidUntil));
        assert_eq!(of(RecordShape::Decisions, "批准日期"), Some(Column::DecidedOn));
        assert_eq!(of(RecordShape::Pending, "状态"), Some(Column::BusinessState));
        assert_eq!(of(RecordShape::Applications, "状态"), Some(Column::State));
    }

    #[test]
    fn titles_are_found_through_blanks_notes_and_widths() {
        let table = [
            ("姓名", Column::Name),
            (" 姓　名 ", Column::Name),
            ("姓\n名", Column::Name),
            ("*姓名：", Column::Name),
            ("身份证号码（18位）", Column::Identity),
            ("身份证号【必填】", Column::Identity),
            ("'身份证号", Column::Identity),
            ("psn_name", Column::Name),
            ("ＸＭ", Column::Name),
            ("有效期至(年月日)", Column::ValidUntil),
            ("line", Column::Report),
        ];
        for (title, column) in table {
            assert_eq!(meaning(Kind::SafetyPersonnel, title), Some(column), "{title}");
        }
        for title in ["", "张三", "610103198001011233", "()", "姓名身份证号"] {
            assert_eq!(meaning(Kind::SafetyPersonnel, title), None, "{title}");
        }
    }

    #[test]
    fn ambiguous_titles_follow_the_kind() {
        let table = [
            (Kind::Constructor, "专业", Column::Category),
            (Kind::SafetyPersonnel, "专业", Column::Major),
            (Kind::SafetyPersonnel, "岗位", Column::Duty),
            (Kind::PostTraining, "岗位", Column::Category),
            (Kind::SafetyPersonnel, "编号", Column::Number),
            (Kind::SpecialOperation, "资格证书编号", Column::Number),
            (Kind::Constructor, "资格证书编号", Column::QualificationNumber),
            (Kind::Constructor, "ZY", Column::Category),
        ];
        for (kind, title, column) in table {
            assert_eq!(meaning(kind, title), Some(column), "{kind} {title}");
        }
    }

    #[test]
    fn the_registration_number_is_preferred_to_the_number_of_the_sheet() {
        let dictionary = Dictionary::of(Kind::Constructor);
        let rank = |title| dictionary.meaning(title).unwrap().rank;
        assert!(rank("注册编号") < rank("证书编号") && rank("证书编号") < rank("编号"));
    }

    #[test]
    fn parts_of_groups_are_found_by_their_whole_title_or_alone_where_the_group_says_nothing() {
        let dictionary = Dictionary::of(Kind::SafetyPersonnel);
        let table = [
            ("有效期", "起", Some("有效期起")),
            ("有效期 ", " 止", Some("有效期止")),
            ("发证", "机关", Some("发证机关")),
            ("发证", "单位", Some("发证单位")),
            ("企业信息", "名称", Some("企业名称")),
            ("企业信息", "企业名称", Some("企业名称")),
            ("证书信息", "发证日期", Some("发证日期")),
            ("基本信息", "性别", Some("性别")),
            ("持证人", "姓名", Some("持证人姓名")),
            ("持证人", "性别", Some("性别")),
            ("", "姓名", Some("姓名")),
            // A firm's telephone is not the holder's, and the number of the former certificate not the present one's.
            ("企业信息", "电话", None),
            ("原证书", "编号", None),
            ("姓名", "张三", None),
            ("有效期", "2019-03-05", None),
        ];
        for (group, part, title) in table {
            assert_eq!(dictionary.title_in_group(group, part).as_deref(), title, "{group} {part}");
        }
    }

    #[test]
    fn a_title_with_two_meanings_is_refused() {
        let text = "[required]\ncertificates=[]\n[columns.name]\ntitles=[\"甲\"]\n[columns.sex]\ntitles=[\" 甲\"]";
        assert!(matches!(Dictionary::parse(text, Kind::Constructor), Err(DictionaryError::TitleTwice { .. })));
        let text = "[required]\ncertificates=[\"nothing\"]\n[columns]";
        assert!(matches!(Dictionary::parse(text, Kind::Constructor), Err(DictionaryError::Column(_))));
    }
}

//! The text of a profile: TOML whose every fault is told with its line and key.

use std::collections::{BTreeMap, HashMap};

use domain::category::{Category, Duty};
use domain::kind::Kind;
use domain::sex::Sex;
use domain::state_word::StateWord;
use serde::Deserialize;
use toml::Spanned;

use super::{DateFormat, Place, Profile};
use crate::column::Column;
use crate::delimited::Delimiter;
use crate::text_encoding::TextEncoding;

/// What is wrong with a profile, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct ProfileFault {
    /// Line of the profile, from 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    encoding: Option<Spanned<String>>,
    delimiter: Option<Spanned<String>>,
    #[serde(default)]
    skip_rows: u16,
    header: Option<Spanned<bool>>,
    #[serde(default)]
    columns: BTreeMap<String, Spanned<PlaceForm>>,
    #[serde(default)]
    dates: Dates,
    #[serde(default)]
    states: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    codes: Codes,
    #[serde(default)]
    defaults: BTreeMap<String, Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Dates {
    #[serde(default)]
    formats: Vec<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Codes {
    #[serde(default)]
    sex: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    category: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    duty: BTreeMap<String, Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a column is found by a title (\"证号\"), or by its place: { position = 3 } or { letter = \"C\" }")]
enum PlaceForm {
    Title(String),
    At(AtForm),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AtForm {
    position: Option<u16>,
    letter: Option<String>,
}

/// More columns than any spreadsheet program has.
const MOST_COLUMNS: usize = 16_384;

/// A table of words: its key, the column whose cells it translates, its entries, and whether a word is known.
type Table<'a> = (&'a str, Column, &'a BTreeMap<String, Spanned<String>>, fn(&str) -> bool);

pub(super) fn parse(text: &str) -> Result<Profile, ProfileFault> {
    let line = |place: usize| text.get(..place).map_or(1, |before| before.matches('\n').count() + 1);
    let form: Form = toml::from_str(text).map_err(|error| ProfileFault {
        line: error.span().map_or(1, |span| line(span.start)),
        what: error.message().split_whitespace().collect::<Vec<_>>().join(" "),
    })?;
    let fault = |place: usize, what: String| ProfileFault { line: line(place), what };
    let mut columns: BTreeMap<Column, Place> = BTreeMap::new();
    for (code, place) in &form.columns {
        let start = place.span().start;
        let column = column(code).map_err(|what| fault(start, format!("columns.{code}: {what}")))?;
        let place = place_of(place.get_ref()).map_err(|what| fault(start, format!("columns.{code}: {what}")))?;
        if let Some((other, _)) = columns.iter().find(|(_, taken)| **taken == place) {
            return Err(fault(start, format!("columns.{code}: {} is found there already; a place has one meaning", other.as_str())));
        }
        columns.insert(column, place);
    }
    let no_header = form.header.as_ref().filter(|header| !*header.get_ref());
    if let Some(key) = no_header {
        if let Some((column, _)) = columns.iter().find(|(_, place)| matches!(place, Place::Title(_))) {
            let start = form.columns.get(column.as_str()).map_or(0, |place| place.span().start);
            let what = format!("columns.{}: a file without a header has no titles; give the position", column.as_str());
            return Err(fault(start, what));
        }
        if let Some(column) = [Column::Name, Column::Identity, Column::Number].into_iter().find(|column| !columns.contains_key(column)) {
            let what = format!("header: a file without one needs the position of {} under columns", column.as_str());
            return Err(fault(key.span().start, what));
        }
    }
    let mut dates = Vec::new();
    for format in &form.dates.formats {
        let read = DateFormat::parse(format.get_ref()).ok_or_else(|| {
            fault(
                format.span().start,
                format!("dates.formats: {:?} is no form of dates; write one such as \"DD.MM.YYYY\"", format.get_ref()),
            )
        })?;
        dates.push(read);
    }
    let mut words: HashMap<Column, HashMap<String, String>> = HashMap::new();
    let tables: [Table<'_>; 4] = [
        ("states", Column::State, &form.states, is_state),
        ("codes.sex", Column::Sex, &form.codes.sex, |word| Sex::parse(word).is_some()),
        ("codes.category", Column::Category, &form.codes.category, is_category),
        ("codes.duty", Column::Duty, &form.codes.duty, |word| Duty::parse(word).is_some()),
    ];
    for (table, column, entries, is_known) in tables {
        for (code, word) in entries {
            if !is_known(word.get_ref()) {
                let what = format!("{table}.{code}: {:?} is not known itself; give a word that the program knows", word.get_ref());
                return Err(fault(word.span().start, what));
            }
            words.entry(column).or_default().insert(code.trim().to_owned(), word.get_ref().clone());
        }
    }
    let mut defaults = BTreeMap::new();
    for (code, value) in &form.defaults {
        let column = column(code).map_err(|what| fault(value.span().start, format!("defaults.{code}: {what}")))?;
        if matches!(column, Column::Name | Column::Identity | Column::Number) {
            let what = format!("defaults.{code}: name, identity and number belong to one row and have no default; leave the key out");
            return Err(fault(value.span().start, what));
        }
        defaults.insert(column, value.get_ref().trim().to_owned());
    }
    let known =
        |spanned: &Spanned<String>, what: &str| fault(spanned.span().start, format!("{what}: {:?} is not known", spanned.get_ref()));
    let encoding = form.encoding.as_ref().map(|name| {
        encoding(name.get_ref()).ok_or_else(|| {
            let mut fault = known(name, "encoding");
            fault.what += "; there are utf-8, gb18030, utf-16le, utf-16be";
            fault
        })
    });
    let delimiter = form.delimiter.as_ref().map(|name| {
        delimiter(name.get_ref()).ok_or_else(|| {
            let mut fault = known(name, "delimiter");
            fault.what += "; there are comma, tab, semicolon";
            fault
        })
    });
    Ok(Profile {
        text: text.to_owned(),
        encoding: encoding.transpose()?,
        delimiter: delimiter.transpose()?,
        skip_rows: usize::from(form.skip_rows),
        has_header: no_header.is_none(),
        columns,
        dates,
        words,
        defaults,
    })
}

fn column(code: &str) -> Result<Column, String> {
    let known = code.parse::<Column>().ok().filter(|column| *column != Column::Report);
    known.ok_or_else(|| {
        let codes: Vec<&str> = Column::ALL.iter().filter(|column| **column != Column::Report).map(|column| column.as_str()).collect();
        format!("there is no such column; there are {}", codes.join(", "))
    })
}

fn place_of(form: &PlaceForm) -> Result<Place, String> {
    let place = match form {
        PlaceForm::Title(title) if title.trim().is_empty() => {
            return Err("the title is empty; give the title as it stands in the file".to_owned());
        }
        PlaceForm::Title(title) => return Ok(Place::Title(title.trim().to_owned())),
        PlaceForm::At(AtForm { position: Some(position), letter: None }) => usize::from(*position).checked_sub(1),
        PlaceForm::At(AtForm { position: None, letter: Some(letter) }) => by_letter(letter),
        PlaceForm::At(_) => return Err("give one of position and letter".to_owned()),
    };
    let place = place.filter(|place| *place < MOST_COLUMNS);
    place.map(Place::At).ok_or_else(|| "positions count from 1, letters from A to XFD".to_owned())
}

/// The place of a spreadsheet's column letter: A is 0, Z is 25, AA is 26.
pub(super) fn by_letter(letters: &str) -> Option<usize> {
    let letters = letters.trim();
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let number = letters.bytes().try_fold(0_usize, |sum, letter| {
        let letter = letter.to_ascii_uppercase();
        letter.is_ascii_uppercase().then(|| sum * 26 + usize::from(letter - b'A') + 1)
    })?;
    number.checked_sub(1)
}

fn is_state(word: &str) -> bool {
    !matches!(StateWord::parse(word), StateWord::Unknown(_))
}

fn is_category(word: &str) -> bool {
    Kind::ALL.iter().any(|&kind| Category::parse(kind, word).is_ok())
}

fn encoding(name: &str) -> Option<TextEncoding> {
    Some(match name.trim().to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => TextEncoding::Utf8,
        "gb18030" | "gbk" | "gb2312" | "cp936" => TextEncoding::Gb18030,
        "utf-16le" | "utf-16" => TextEncoding::Utf16Le,
        "utf-16be" => TextEncoding::Utf16Be,
        _ => return None,
    })
}

fn delimiter(name: &str) -> Option<Delimiter> {
    Some(match name {
        "comma" | "," => Delimiter::Comma,
        "tab" | "\t" => Delimiter::Tab,
        "semicolon" | ";" => Delimiter::Semicolon,
        _ => return None,
    })
}

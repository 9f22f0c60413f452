//! Civil days in the JSON of a row's fields: `YYYY-MM-DD`, which is also their order as text.

use domain::civil_date::{DateText, parse};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::Date;

/// Writes a day.
///
/// # Errors
/// The serializer's.
pub fn serialize<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(serializer)
}

/// Reads a day.
///
/// # Errors
/// When the text is no day.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    match Option::<String>::deserialize(deserializer)?.as_deref().map(parse) {
        None => Ok(None),
        Some(DateText::Day(day)) => Ok(Some(day)),
        Some(_) => Err(serde::de::Error::custom("no day")),
    }
}

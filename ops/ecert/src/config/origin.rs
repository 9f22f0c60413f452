//! Turns the parser's error into one line that says where and what to write instead.

use std::path::Path;

use super::error::ConfigError;
use super::place::key_at;

/// A key is taken for a slip of another one when at most this many letters differ.
const SLIP: usize = 3;

/// The error of a file's text, with its line and, for an unknown key, the key that was probably meant.
pub(super) fn explain(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let path = path.to_owned();
    let offset = error.span().map_or(0, |span| span.start).min(text.len());
    let line = 1 + text.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count();
    let message = error.message();
    let place = key_at(text, offset);
    match message
        .strip_prefix("unknown field ")
        .and_then(|rest| quoted(rest).split_first().map(|(key, known)| (key.clone(), known.to_vec())))
    {
        Some((key, known)) => {
            let remedy = remedy(&key, &known);
            let key = place.unwrap_or(key);
            ConfigError::UnknownKey { path, line, key, remedy }
        }
        None => {
            let message = plain(message);
            ConfigError::Malformed { path, line, message: place.map_or_else(|| message.clone(), |key| format!("{key}: {message}")) }
        }
    }
}

/// The parser's words on one line, those about types in the words of the file's documentation.
fn plain(message: &str) -> String {
    let wrong = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    match wrong.and_then(|rest| rest.rsplit_once(", expected ")) {
        Some((found, expected)) => {
            let expected = match expected {
                "u8" => "a whole number from 0 to 255",
                "u16" => "a whole number from 0 to 65535",
                "u32" => "a whole number",
                "a string" | "path string" => "a text in quotes",
                other => other,
            };
            format!("expected {expected}, found {}", found.replace('\n', ", "))
        }
        None => message.replace('\n', ", "),
    }
}

/// The words between back quotes.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn remedy(key: &str, known: &[String]) -> String {
    let nearest = known.iter().min_by_key(|candidate| distance(key, candidate));
    match nearest {
        Some(nearest) if distance(key, nearest) <= SLIP.min(nearest.len() / 2) => {
            format!("did you mean `{nearest}`?")
        }
        Some(_) => format!("known here: {}", known.join(", ")),
        None => "no key is known here".to_owned(),
    }
}

/// Letters to insert, delete or replace to get from one word to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_single_letters() {
        let cases = [("", "", 0), ("", "abc", 3), ("cut_over", "cutover", 1), ("kitten", "sitting", 3), ("证照", "证书", 1)];
        for (from, to, expected) in cases {
            assert_eq!(distance(from, to), expected, "{from} {to}");
            assert_eq!(distance(to, from), expected, "{to} {from}");
        }
    }

    #[test]
    fn a_near_key_is_suggested_and_a_far_one_gets_the_list() {
        let known = ["cut_over".to_owned(), "starts_on".to_owned()];
        assert_eq!(remedy("cutover", &known), "did you mean `cut_over`?");
        assert_eq!(remedy("colour", &known), "known here: cut_over, starts_on");
        assert_eq!(remedy("x", &[]), "no key is known here");
    }
}

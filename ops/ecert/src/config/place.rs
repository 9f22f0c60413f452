//! Which key of the file an error is about: the parser tells only where it stands.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// The dotted name of the key or value at this place of the text; none where the text is no TOML or the place is between keys.
pub(super) fn key_at(text: &str, offset: usize) -> Option<String> {
    let table = DeTable::parse(text).ok()?;
    in_table(table.get_ref(), offset).map(|names| names.join("."))
}

/// The tables are asked before their own span: that of a table with a heading is the heading alone.
fn in_table(table: &DeTable<'_>, offset: usize) -> Option<Vec<String>> {
    table.iter().find_map(|(key, value)| {
        let inner = match value.get_ref() {
            DeValue::Table(inner) => in_table(inner, offset),
            DeValue::Array(items) => items.iter().find_map(|item| item.get_ref().as_table().and_then(|inner| in_table(inner, offset))),
            DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => None,
        };
        let own = || (holds(&key.span(), offset) || holds(&value.span(), offset)).then(Vec::new);
        let mut names = inner.or_else(own)?;
        names.insert(0, key.get_ref().to_string());
        Some(names)
    })
}

fn holds(span: &Range<usize>, offset: usize) -> bool {
    span.contains(&offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_found_in_tables_of_every_notation() {
        let text =
            "[work]\nconcurrency = \"x\"\n[kinds.architect]\ncut_over = 1\n[fonts]\nchain = [\n  { path = 7 },\n]\n[a]\nb.c = { d = 3 }\n";
        for (at, expected) in [
            ("\"x\"", Some("work.concurrency")),
            ("cut_over", Some("kinds.architect.cut_over")),
            ("7", Some("fonts.chain.path")),
            ("3", Some("a.b.c.d")),
            ("\n[a]", None),
        ] {
            let offset = text.find(at).unwrap();
            assert_eq!(key_at(text, offset).as_deref(), expected, "{at}");
        }
        assert_eq!(key_at("not toml", 0), None);
    }
}

//! Rows that can be worked on together: of rows that share a certificate or a number, each waits for the one before it.

use std::collections::HashMap;

/// Splits rows, in their order, into waves in which no key stands twice; `keys` gives those of a row.
pub(crate) fn waves<T>(rows: Vec<T>, keys: impl Fn(&T) -> Vec<String>) -> Vec<Vec<T>> {
    let mut next: HashMap<String, usize> = HashMap::new();
    let mut waves: Vec<Vec<T>> = Vec::new();
    for row in rows {
        let keys = keys(&row);
        let wave = keys.iter().filter_map(|key| next.get(key)).max().copied().unwrap_or(0);
        next.extend(keys.into_iter().map(|key| (key, wave + 1)));
        if waves.len() == wave {
            waves.push(Vec::new());
        }
        waves[wave].push(row);
    }
    waves
}

#[cfg(test)]
mod tests {
    use super::waves;

    #[test]
    fn no_key_stands_twice_in_a_wave_and_the_order_of_a_key_is_kept() {
        let rows = vec!["a1", "b2", "a3", "c3", "a1", "b9"];
        let split = waves(rows, |row| row.chars().map(String::from).collect());
        assert_eq!(split, [vec!["a1", "b2"], vec!["a3", "b9"], vec!["c3", "a1"]]);
        assert!(waves(Vec::<&str>::new(), |_| Vec::new()).is_empty());
    }
}

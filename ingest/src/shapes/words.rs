//! The words under which kinds of decision and states of business occur: the crosswalk of `schemas/intake/words.toml`, built once.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use domain::business::BusinessState;
use domain::decision::DecisionKind;
use serde::Deserialize;

const WORDS: &str = include_str!("../../../schemas/intake/words.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Source {
    decision_kinds: BTreeMap<String, Vec<String>>,
    business_states: BTreeMap<String, Vec<String>>,
}

struct Words {
    decision_kinds: HashMap<String, DecisionKind>,
    business_states: HashMap<String, BusinessState>,
}

static KNOWN: LazyLock<Words> = LazyLock::new(|| build(WORDS).expect("the crosswalk is part of the program, and a test builds it"));

fn build(text: &str) -> Result<Words, String> {
    let source: Source = toml::from_str(text).map_err(|error| error.to_string())?;
    Ok(Words { decision_kinds: table(&source.decision_kinds)?, business_states: table(&source.business_states)? })
}

fn table<T: std::str::FromStr + Copy + PartialEq>(source: &BTreeMap<String, Vec<String>>) -> Result<HashMap<String, T>, String> {
    let mut table = HashMap::new();
    for (code, words) in source {
        let meaning: T = code.parse().map_err(|_| format!("{code:?} is no code"))?;
        for word in words.iter().chain([code]) {
            if table.insert(key(word), meaning).is_some_and(|other| other != meaning) {
                return Err(format!("{word:?} has two meanings"));
            }
        }
    }
    Ok(table)
}

/// Without blanks, and without what stands in brackets.
fn key(word: &str) -> String {
    let word = domain::characters::tidy(word).replace(['（', '('], "(");
    word.split('(').next().unwrap_or_default().to_owned()
}

/// The kind of decision that a word means.
pub(super) fn decision_kind(word: &str) -> Option<DecisionKind> {
    KNOWN.decision_kinds.get(&key(word)).copied()
}

/// The state of business that a word means.
pub(super) fn business_state(word: &str) -> Option<BusinessState> {
    KNOWN.business_states.get(&key(word)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crosswalk_can_be_built_and_covers_every_code() {
        let words = build(WORDS).unwrap_or_else(|error| panic!("{error}"));
        for kind in DecisionKind::ALL {
            assert!(words.decision_kinds.values().any(|other| other == kind), "{kind}");
        }
        assert!(BusinessState::ALL.iter().all(|state| words.business_states.values().any(|other| other == state)));
        assert!(build("[decision-kinds]\nrenewal = ['甲']\nchange = [' 甲']\n[business-states]").is_err());
        assert!(build("[decision-kinds]\nnothing = []\n[business-states]").is_err());
    }

    #[test]
    fn words_are_found_through_blanks_and_notes() {
        let table = [
            ("延续", Some(DecisionKind::Renewal)),
            (" 延 续 ", Some(DecisionKind::Renewal)),
            ("续证换发", Some(DecisionKind::Renewal)),
            ("变更（执业企业）", Some(DecisionKind::Change)),
            ("增项", Some(DecisionKind::AddedSpecialty)),
            ("暂扣", Some(DecisionKind::Suspension)),
            ("发还", Some(DecisionKind::Restoration)),
            ("撤消", Some(DecisionKind::Withdrawal)),
            ("renewal", Some(DecisionKind::Renewal)),
            ("表扬", None),
            ("", None),
        ];
        for (word, kind) in table {
            assert_eq!(decision_kind(word), kind, "{word}");
        }
        assert_eq!(business_state("已受理"), Some(BusinessState::Open));
        assert_eq!(business_state("退回"), Some(BusinessState::Closed));
        assert_eq!(business_state("不知道"), None);
    }
}

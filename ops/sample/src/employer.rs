//! Construction firms with names and codes that nobody bears.

use domain::check_digit;

use crate::dice::Dice;
use crate::shuffle::Shuffle;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Employer {
    pub(crate) name: String,
    /// Unified social credit code (统一社会信用代码), with the right check character.
    pub(crate) code: String,
}

/// Rivers, mountains and old places of Shaanxi; three of them in a row name no real firm.
const WORDS: &[&str] = &[
    "潏", "澜", "楹", "漆", "甬", "峪", "雒", "郿", "檩", "砺", "沣", "邠", "坊", "昶", "桁", "岐", "垚", "朔", "嶓", "穹", "涝", "洨",
    "滈", "褒",
];

const TRADES: &[&str] = &[
    "建筑工程有限公司",
    "建设集团有限公司",
    "市政工程有限公司",
    "机电安装有限公司",
    "路桥工程有限公司",
    "建筑劳务有限公司",
    "水利水电工程有限责任公司",
];

/// All employers of a province.
pub(crate) struct Employers {
    seed: u64,
    names: Shuffle,
    count: usize,
}

impl Employers {
    /// About forty certificates a firm.
    pub(crate) fn new(seed: u64, rows: usize) -> Employers {
        let all = WORDS.len().pow(3) * TRADES.len();
        Employers { seed, names: Shuffle::new(all, seed), count: (rows / 40).clamp(12, 20_000) }
    }

    /// The firm for which a person works.
    pub(crate) fn of_person(&self, person: usize) -> Employer {
        self.at(Dice::new(self.seed, "employer of", person).below(self.count))
    }

    /// Every firm.
    pub(crate) fn all(&self) -> Vec<Employer> {
        (0..self.count).map(|index| self.at(index)).collect()
    }

    fn at(&self, index: usize) -> Employer {
        let mut place = self.names.at(index);
        let trade = TRADES[place % TRADES.len()];
        place /= TRADES.len();
        let words = [place, place / WORDS.len(), place / WORDS.len().pow(2)].map(|at| WORDS[at % WORDS.len()]);
        Employer { name: format!("陕西{}{trade}", words.concat()), code: self.code(index) }
    }

    /// 91 is a firm; 6199 is a district that does not exist; MA6 is how codes of Shaanxi's firms begin since 2015.
    fn code(&self, index: usize) -> String {
        const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
        let mut dice = Dice::new(self.seed, "employer code", index);
        let mut body = "MA6".to_owned();
        body.extend((0..5).map(|_| char::from(dice.pick(ALPHABET))));
        let organisation_check = check_digit::organisation_code(&body).expect("eight characters of the alphabet");
        let body = format!("916199{:02}{body}{organisation_check}", dice.below(100));
        let check = check_digit::gb32100(&body).expect("seventeen characters of the alphabet");
        format!("{body}{check}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn codes_hold_and_one_name_has_one_code() {
        let employers = Employers::new(1, 100_000);
        let mut known: HashMap<String, String> = HashMap::new();
        for person in 0..5000 {
            let Employer { name, code } = employers.of_person(person);
            assert!(check_digit::gb32100_holds(&code), "{code}");
            assert!(check_digit::organisation_code_holds(&code[8..17]), "{code}");
            let first = known.entry(name.clone()).or_insert_with(|| code.clone());
            assert_eq!(*first, code, "{name}");
        }
        assert!(known.len() > 1000);
    }
}

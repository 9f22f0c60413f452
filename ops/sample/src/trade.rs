//! What a certificate is for (duty, specialty, trade, post) and the number it carries.

use domain::kind::Kind;
use time::Date;

use crate::dice::Dice;
use crate::shuffle::Shuffle;

/// The category cell of a row, and what the number needs of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Trade {
    /// Text of the cell: 职务, 注册专业, 操作类别 or 岗位; empty where the kind has none.
    pub(crate) text: &'static str,
    /// Category as the number shows it.
    code: &'static str,
}

impl Trade {
    /// Category as the number shows it.
    pub(crate) const fn code(self) -> &'static str {
        self.code
    }
}

const fn trade(text: &'static str, code: &'static str) -> Trade {
    Trade { text, code }
}

const DUTIES: &[Trade] = &[
    trade("法定代表人", "A"),
    trade("技术负责人", "A"),
    trade("项目负责人", "B"),
    trade("项目负责人", "B"),
    trade("项目负责人", "B"),
    trade("专职安全生产管理人员", "C1"),
    trade("专职安全生产管理人员", "C2"),
    trade("专职安全生产管理人员", "C2"),
    trade("专职安全生产管理人员", "C3"),
];

const SPECIALTIES: &[Trade] = &[
    trade("建筑工程", ""),
    trade("建筑工程", ""),
    trade("建筑工程", ""),
    trade("市政公用工程", ""),
    trade("市政公用工程", ""),
    trade("机电工程", ""),
    trade("公路工程", ""),
    trade("水利水电工程", ""),
    trade("矿业工程", ""),
];

const OPERATIONS: &[Trade] = &[
    trade("建筑电工", "01"),
    trade("建筑电工", "01"),
    trade("建筑架子工（普通脚手架）", "02"),
    trade("建筑架子工（普通脚手架）", "02"),
    trade("建筑架子工（附着升降脚手架）", "03"),
    trade("建筑起重司索信号工", "04"),
    trade("起重机械司机（塔式起重机）", "05"),
    trade("起重机械司机（施工升降机）", "06"),
    trade("起重机械司机（物料提升机）", "07"),
    trade("起重机械安装拆卸工（塔式起重机）", "08"),
    trade("起重机械安装拆卸工（施工升降机）", "09"),
    trade("高处作业吊篮安装拆卸工", "11"),
];

const POSTS: &[Trade] = &[
    trade("施工员", "01"),
    trade("质量员", "02"),
    trade("安全员", "03"),
    trade("材料员", "04"),
    trade("资料员", "05"),
    trade("机械员", "06"),
    trade("劳务员", "07"),
    trade("标准员", "08"),
];

/// Letters of the cities: Xi'an first, Yangling last.
const CITIES: &[&str] = &["A", "A", "A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "V"];

/// What a row of the kind is for.
pub(crate) fn draw(kind: Kind, dice: &mut Dice) -> Trade {
    match kind {
        Kind::SafetyPersonnel => dice.pick(DUTIES),
        Kind::Constructor => dice.pick(SPECIALTIES),
        Kind::SpecialOperation => dice.pick(OPERATIONS),
        Kind::PostTraining => dice.pick(POSTS),
        Kind::Architect | Kind::StructuralEngineer => trade("", ""),
    }
}

/// The numbers of one kind: none comes twice.
pub(crate) struct Numbers {
    kind: Kind,
    /// Serials below this one belong to other registers.
    first: usize,
    block: usize,
    serials: Shuffle,
}

impl Numbers {
    /// Numbers for so many rows of a kind.
    pub(crate) fn new(kind: Kind, rows: usize, seed: u64) -> Numbers {
        // A third more serials than rows, so that gaps show as in a real register.
        let block = (rows + rows / 3 + 300).min(own_serials(kind));
        Numbers { kind, first: 1, block, serials: Shuffle::new(block, seed) }
    }

    /// Numbers that no register of the province has: those of deliveries of other years. `before` of them are taken.
    pub(crate) fn of_other_years(kind: Kind, before: usize, rows: usize, seed: u64) -> Numbers {
        let block = rows.max(1);
        Numbers { kind, first: own_serials(kind) + before, block, serials: Shuffle::new(block, seed) }
    }

    /// The number of row `row`, first issued on this day.
    pub(crate) fn number(&self, row: usize, trade: Trade, first_issued: Date, dice: &mut Dice) -> String {
        let serial = self.serials.at(row) + self.first;
        // Very large provinces use the serials again, told apart by another part of the number.
        let round = row / self.block;
        let year = first_issued.year();
        match self.kind {
            Kind::SafetyPersonnel => format!("陕建安{}（{year}）{serial:07}", trade.code),
            Kind::Constructor => {
                let qualified = year - 1 - i32::try_from(round).unwrap_or(0);
                // Numbers have four-digit years since the national electronic certificate of 2020.
                if year > 2020 {
                    format!("陕261{qualified:04}{year:04}{serial:05}")
                } else {
                    format!("陕261{:02}{:02}{serial:05}", qualified.rem_euclid(100), year.rem_euclid(100))
                }
            }
            Kind::SpecialOperation => {
                format!("陕{}{}{year:04}{serial:06}", dice.pick(CITIES), trade.code)
            }
            Kind::StructuralEngineer => {
                format!("S2{:02}{:02}{serial:05}", year.rem_euclid(100), 61 + round)
            }
            Kind::Architect => format!("{year:04}{}{serial:05}", 1 + round % 9),
            Kind::PostTraining => format!("61{year:04}{}{serial:06}", trade.code),
        }
    }
}

/// Serials of a register; those above belong to deliveries of other years.
const fn own_serials(kind: Kind) -> usize {
    match kind {
        Kind::Constructor | Kind::StructuralEngineer | Kind::Architect => 90_000,
        Kind::SpecialOperation | Kind::PostTraining => 900_000,
        Kind::SafetyPersonnel => 9_000_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use time::macros::date;

    #[test]
    fn numbers_have_the_form_of_their_kind_and_generation() {
        let (early, late) = (date!(2016 - 03 - 05), date!(2022 - 03 - 05));
        for (kind, day, form) in [
            (Kind::SafetyPersonnel, early, "陕建安*（2016）#######"),
            (Kind::Constructor, early, "陕2611516#####"),
            (Kind::Constructor, late, "陕26120212022#####"),
            (Kind::SpecialOperation, early, "陕*##2016######"),
            (Kind::StructuralEngineer, early, "S21661#####"),
            (Kind::Architect, late, "20221#####"),
            (Kind::PostTraining, early, "612016########"),
        ] {
            let mut dice = Dice::new(1, "number", 1);
            let trade = draw(kind, &mut dice);
            let number = Numbers::new(kind, 100, 7).number(5, trade, day, &mut dice);
            let form = form.replacen('*', if kind == Kind::SafetyPersonnel { trade.code } else { &number["陕".len()..][..1] }, 1);
            let fits = number.chars().count() == form.chars().count()
                && number.chars().zip(form.chars()).all(|(got, want)| if want == '#' { got.is_ascii_digit() } else { got == want });
            assert!(fits, "{number} is not {form}");
        }
    }

    #[test]
    fn no_number_comes_twice_even_in_a_huge_province() {
        for &kind in Kind::ALL {
            let numbers = Numbers::new(kind, 400_000, 3);
            let mut seen = HashSet::new();
            for row in (0..400_000).step_by(3) {
                let mut dice = Dice::new(3, "number", row);
                let trade = draw(kind, &mut dice);
                let day = crate::calendar::add_days(date!(2014 - 01 - 01), dice.between(0, 4000));
                assert!(seen.insert(numbers.number(row, trade, day, &mut dice)), "{kind}");
            }
        }
    }
}

//! Faults of the certificate: number, category, employer, authority, state.

use domain::finding::FindingCode as Code;
use domain::kind::Kind;

use super::{HELD, LOADED, Plant, REJECTED, WARNED, any, plant};
use crate::delivery::draft::Draft;
use crate::row::Column::{Category, Employer, EmployerCode, Number, Remark, State};

/// Faults that every format can carry; most need a kind.
pub(crate) const CERTIFICATE: &[Plant] = &[
    plant(19, "half-width brackets in the number", LOADED, &[Code::NumberForm], is_safety, |d| brackets(d, "(", ")")),
    plant(19, "other brackets in the number", LOADED, &[Code::NumberForm], is_safety, |d| brackets(d, "〔", "〕")),
    plant(19, "additions to the number", LOADED, &[Code::NumberForm], is_safety, |d| d.set(Number, format!("第{}号", d.cell(Number)))),
    plant(20, "serial lost its leading zeros, in a text cell", HELD, &[Code::NumberSerialZerosLost], is_safety, |d| cut(d, 4)),
    plant(21, "year of two digits in the number", HELD, &[Code::NumberYear], is_safety, |d| {
        let number = d.cell(Number).replace("（20", "（");
        d.set(Number, number);
    }),
    plant(21, "year missing in the number", HELD, &[Code::NumberYear], is_safety, |d| {
        let number = d.cell(Number);
        let without = number.split_once('（').zip(number.split_once('）')).map(|((before, _), (_, after))| format!("{before}{after}"));
        d.set(Number, without.unwrap_or_default());
    }),
    plant(22, "old category C without a class", WARNED, &[Code::OldCategoryC], is_class_c, |d| {
        let number = d.cell(Number).replace("C1", "C").replace("C2", "C").replace("C3", "C");
        d.set(Number, number);
    }),
    plant(23, "traditional form of the province character", LOADED, &[Code::NumberProvince], has_province, |d| {
        let number = d.cell(Number).replace('陕', "陜");
        d.set(Number, number);
    }),
    plant(23, "letter in place of a digit in the number", HELD, &[Code::NumberLetters], has_province_and_digit, |d| {
        let number = d.cell(Number).to_owned();
        if let Some(place) = number.rfind(['0', '1']) {
            let letter = if number[place..].starts_with('0') { "O" } else { "l" };
            d.set(Number, format!("{}{letter}{}", &number[..place], &number[place + 1..]));
        }
    }),
    plant(24, "number of a wrong length", HELD, &[Code::NumberLength], is_registered, |d| cut(d, 1)),
    plant(25, "synonym of a trade", LOADED, &[Code::CategorySynonym], |d| d.cell(Category) == "建筑电工", |d| d.set(Category, "电工")),
    plant(
        25,
        "synonym of a trade",
        LOADED,
        &[Code::CategorySynonym],
        |d| d.cell(Category).contains("司索"),
        |d| d.set(Category, "信号司索"),
    ),
    plant(
        25,
        "short form of a specialty",
        LOADED,
        &[Code::CategorySynonym],
        |d| d.cell(Category) == "市政公用工程",
        |d| {
            d.set(Category, "市政");
        },
    ),
    plant(25, "trade, specialty or post not in the list", HELD, &[Code::CategoryUnknown], has_category, |d| d.set(Category, "盾构机驾驶")),
    plant(25, "trade differs from the one in the number", HELD, &[Code::CategoryDiffers], is_other_trade, |d| d.set(Category, "建筑电工")),
    plant(26, "several specialties in one cell", WARNED, &[Code::SeveralSpecialties], is_constructor, |d| {
        d.set(Category, "建筑工程、市政公用工程");
    }),
    plant(
        26,
        "several specialties in one cell, one with its own date",
        WARNED,
        &[Code::CategorySynonym, Code::SeveralSpecialties],
        is_constructor,
        |d| {
            d.set(Category, "建筑、市政(2027-5-1) 机电");
        },
    ),
    plant(38, "quoted comma, quote and line break inside a cell", LOADED, &[], any, |d| d.set(Remark, "企业更名,原名\"见附件\"\n待核")),
    plant(45, "unified code with a wrong check character", WARNED, &[Code::EmployerCodeCheck], any, |d| {
        let code = d.cell(EmployerCode);
        let wrong = format!("{}{}", &code[..17], if code.ends_with('0') { '1' } else { '0' });
        d.set(EmployerCode, wrong);
    }),
    plant(45, "old organisation code", WARNED, &[Code::EmployerCodeOrganisation, Code::EmployerLinked], any, |d| {
        let code = d.cell(EmployerCode);
        let old = format!("{}-{}", &code[8..16], &code[16..17]);
        d.set(EmployerCode, old);
    }),
    plant(45, "old licence number", WARNED, &[Code::EmployerCodeLicence], any, |d| d.set(EmployerCode, "619900000012345")),
    plant(45, "no code in the code column", WARNED, &[Code::EmployerCodeUnrecognised], any, |d| d.set(EmployerCode, "无")),
    plant(46, "branch of an employer", WARNED, &[Code::EmployerBranch], any, |d| {
        d.set(Employer, format!("{}宝鸡分公司", d.cell(Employer)))
    }),
    plant(47, "issuer under its former name", LOADED, &[Code::FormerAuthority], any, |d| d.authority = "陕西省建设厅".to_owned()),
    plant(48, "state says valid, dates say expired", WARNED, &[Code::StateContradictsDates], has_run_out, |d| d.set(State, "有效")),
    plant(
        48,
        "state says expired, dates say valid",
        WARNED,
        &[Code::StateContradictsDates],
        |d| d.row.end.is_some() && !has_run_out(d),
        |d| {
            d.set(State, "过期");
        },
    ),
    plant(48, "the state 'void'", WARNED, &[Code::StateVoid], any, |d| d.set(State, "作废")),
    plant(48, "still under approval", HELD, &[Code::StatePending], any, |d| d.set(State, "待审批")),
    plant(48, "state word that nobody knows", HELD, &[Code::StateUnknown], any, |d| d.set(State, "封存")),
    plant(52, "certificate of another system or level", REJECTED, &[Code::OutOfScope], has_other_scope, |d| {
        let number = match d.kind() {
            Kind::SafetyPersonnel => d.cell(Number).replace("陕建安", "水安"),
            Kind::Constructor => d.cell(Number).replacen("陕2", "陕1", 1),
            Kind::StructuralEngineer => d.cell(Number).replacen("S2", "S1", 1),
            Kind::SpecialOperation | Kind::Architect | Kind::PostTraining => d.cell(Number).replace('陕', "吉"),
        };
        d.set(Number, number);
    }),
    plant(
        0,
        "number of another kind of certificate",
        HELD,
        &[Code::KindMismatch],
        |d| !is_safety(d),
        |d| d.set(Number, "陕建安B（2017）0001234"),
    ),
    plant(0, "no certificate number", REJECTED, &[Code::RequiredMissing], any, |d| d.set(Number, "")),
];

fn is_safety(draft: &Draft) -> bool {
    draft.kind() == Kind::SafetyPersonnel
}

fn is_constructor(draft: &Draft) -> bool {
    draft.kind() == Kind::Constructor
}

fn is_class_c(draft: &Draft) -> bool {
    draft.cell(Number).starts_with("陕建安C")
}

fn has_category(draft: &Draft) -> bool {
    matches!(draft.kind(), Kind::Constructor | Kind::SpecialOperation | Kind::PostTraining)
}

fn is_other_trade(draft: &Draft) -> bool {
    draft.kind() == Kind::SpecialOperation && draft.cell(Category) != "建筑电工"
}

fn has_province(draft: &Draft) -> bool {
    draft.cell(Number).starts_with('陕')
}

/// A digit that has a letter of its shape, in the serial of the number.
fn has_province_and_digit(draft: &Draft) -> bool {
    let number = draft.cell(Number);
    has_province(draft) && number.get(number.len().saturating_sub(5)..).is_some_and(|serial| serial.contains(['0', '1']))
}

/// Numbers of a registration have a fixed length.
fn is_registered(draft: &Draft) -> bool {
    matches!(draft.kind(), Kind::Constructor | Kind::StructuralEngineer)
}

fn has_other_scope(draft: &Draft) -> bool {
    !matches!(draft.kind(), Kind::Architect | Kind::PostTraining)
}

fn has_run_out(draft: &Draft) -> bool {
    draft.row.end.is_some_and(|end| end < draft.as_of)
}

fn brackets(draft: &mut Draft, open: &str, close: &str) {
    let number = draft.cell(Number).replace('（', open).replace('）', close);
    draft.set(Number, number);
}

/// Drops the last so many digits of the number.
fn cut(draft: &mut Draft, digits: usize) {
    let number = draft.cell(Number);
    let kept = number[..number.len() - digits].to_owned();
    draft.set(Number, kept);
}
